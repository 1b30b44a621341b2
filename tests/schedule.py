"""Which tests share a process, and which begin first: what takes longest must not begin last.

Tests of a group run in one process, one after the other, and share what it has started: a site, a Chromium, a
checkout. All others go one by one to whoever is free.
"""

from __future__ import annotations

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

GROUPS = {
    "tests/journeys/": "site",
    "tests/faults/test_scanners.py::test_machines_with_a_browser": "site",
    "tests/faults/test_scanners.py::test_control_where_a_click_is_an_answer_a_browser": "site",
    "tests/followups/test_kept_words.py": "site",
    "tests/followups/test_calling.py": "site",
    "tests/customers/test_long_names.py": "site",
    "tests/sending/test_choosing_as_one_types.py": "site",
    "tests/local/test_up.py": "checkout",
    "tests/local/test_attach.py": "checkout",
    "tests/front/test_own_company.py": "demo",
    "tests/test_translations.py": "strings",
}
THEN = ("tests/faults/", "tests/local/", "tests/test_access.py", "tests/test_no_get_writes.py", "tests/front/test_comm")
ORDER = (*GROUPS, *THEN)


@pytest.hookimpl(trylast=True)  # pytest-randomly shuffles them in this hook
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: next((at for at, start in enumerate(ORDER) if item.nodeid.startswith(start)), 99))


class Schedule(LoadScopeScheduling):
    """That of `--dist=loadscope`, with our groups in place of its modules."""

    def _split_scope(self, nodeid: str) -> str:
        return next((group for start, group in GROUPS.items() if nodeid.startswith(start)), nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Schedule | None:
    # `--dist=loadgroup` is made for this, but groups nothing under pytest 9.2 (pytest-xdist issue 1386).
    return Schedule(config, log) if config.getvalue("dist") == "loadscope" else None
