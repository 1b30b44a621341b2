"""Log lines without the values of rows: the database tells them along with an error, and a log is nobody's to erase."""

import logging
import re

# From the word to the next line that begins a part of its own, since a value may hold line breaks.
_VALUES = re.compile(
    r"^(DETAIL|CONTEXT):.*?(?=^(?:HINT:|Traceback|The above|During|[\w.]+(?:Error|Exception)\b)|\Z)", re.M | re.S
)


class WithoutValues(logging.Formatter):
    """A formatter that leaves out what PostgreSQL says about the row that it refused."""

    def format(self, record: logging.LogRecord) -> str:
        return _VALUES.sub(r"\1: (left out)\n", super().format(record)).rstrip("\n")
