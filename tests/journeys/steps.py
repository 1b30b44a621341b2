"""What the owner does before a customer can answer: bring customers in, and send a survey to some of them."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.journeys.visitor import PATIENCE, Visitor


def import_customers(owner: Visitor, *lines: str, name: str = "customers.csv") -> None:
    """Through all pages of the import; the first line names the columns."""
    upload(owner, *lines, name=name)
    owner.page.get_by_label("They are our customers").check()
    owner.press("Check the rows")
    owner.press(re.compile(r"^Import \d+ customers?$"))
    expect(owner.page.get_by_role("heading", level=1)).to_contain_text("Imported", timeout=PATIENCE)


def upload(owner: Visitor, *lines: str, name: str = "customers.csv") -> None:
    owner.go("/customers/import/")
    file = {"name": name, "mimeType": "text/csv", "buffer": "\n".join(lines).encode()}
    owner.page.get_by_label("File").set_input_files([file])
    owner.press("Upload")


def send_survey(owner: Visitor, *addresses: str) -> None:
    """The first survey of the list, to customers picked by hand."""
    owner.go("/surveys/")
    owner.follow("Send")
    owner.page.get_by_label("Who is asked").select_option("picked by hand")
    owner.page.get_by_label("Picked customers").fill("\n".join(addresses))
    owner.press("See who will be asked")
    owner.sees(f"{len(addresses)} of {len(addresses)} customers")
    owner.press(re.compile("^Send to"))
