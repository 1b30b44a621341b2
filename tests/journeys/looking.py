"""What must hold on every page, on a phone in light and on a desktop in dark, or the other way round.

axe finds nothing, nothing is wider than the screen, buttons are big enough for a thumb. The quick tests see each
page in one of the two only; with `--slow` they see it in both.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Literal

from axe_playwright_python.sync_playwright import Axe

if TYPE_CHECKING:
    from playwright.sync_api import Page

Looks = dict[int, Literal["light", "dark"]]  # by the width of the window
PHONE = 390
LOOKS: Looks = {PHONE: "light", 1280: "dark"}
OTHER_LOOKS: Looks = {PHONE: "dark", 1280: "light"}
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPTIONS = {"runOnly": TAGS, "resultTypes": ["violations"], "iframes": False}  # a mail in its frame runs no script
RUN_AXE = "([part, options]) => axe.run(part || document, options).then(result => result.violations)"
AXE = Axe()
# Of what must be easy to hit with a thumb: those lower or narrower than 44 px.
SMALL = """() => [...document.querySelectorAll('.nav-tabs .nav-link, .btn, main > form button, [type=submit]')]
  .filter(each => each.checkVisibility())
  .map(each => [each.innerText || each.value, each.getBoundingClientRect()])
  .filter(([, box]) => box.width < 44 || box.height < 44)
  .map(([words, box]) => `${words.trim()} is ${Math.round(box.width)} x ${Math.round(box.height)}`)"""
TOO_WIDE = """width => document.documentElement.scrollWidth <= width ? [] : [...document.querySelectorAll('body *')]
  .filter(each => each.getBoundingClientRect().right > width + 1).slice(0, 3).map(each => each.outerHTML)"""


def bring_axe(page: Page) -> None:
    """Have axe in every page that is opened from now on: that is quicker than bringing it to each."""
    page.add_init_script(AXE.axe_script)


def is_thorough() -> bool:
    """Whether the slow tests run, too (see tests/conftest.py)."""
    return bool(os.environ["DELIGHT_TESTS_THOROUGH"])


def complaints(page: Page, part: str = "", looks: Looks | None = None) -> list[str]:
    """What is wrong with the page as it stands there, in these looks; the window keeps the last one.

    Without any, in both; the quick tests are content with that of the window as it is.

    With `part`, axe looks at what this selector finds only: what lies half behind an open popover is no target.
    """
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE.axe_script)
    assert page.viewport_size
    now = page.viewport_size["width"]
    if looks is None:
        looks = LOOKS if is_thorough() else {now: LOOKS[PHONE if now == PHONE else 1280]}
    return [
        line for width in sorted(looks, key=lambda each: each != now) for line in _in_look(page, width, looks, part)
    ]


def _in_look(page: Page, width: int, looks: Looks, part: str) -> list[str]:
    look(page, width, looks)
    found = [f"is wider than the screen: {each[:160]}" for each in page.evaluate(TOO_WIDE, width)]
    if width == PHONE:
        found += [f"has a button that is too small: {each}" for each in page.evaluate(SMALL)]
    for violation in page.evaluate(RUN_AXE, [part, OPTIONS]):
        found += [f"{violation['id']}: {node['html'][:160]} ({_why(node)})" for node in violation["nodes"]]
    return [f"{page.url} at {width} px in {looks[width]} {each}" for each in found]


def look(page: Page, width: int, looks: Looks = LOOKS) -> None:
    """Make the window this wide, and light or dark."""
    page.set_viewport_size({"width": width, "height": 844})
    page.emulate_media(color_scheme=looks[width], reduced_motion="reduce")


def _why(node: dict[str, Any]) -> str:
    checks = node["any"] + node["all"] + node["none"]
    return "; ".join(check["message"] for check in checks)[:240]
