"""Chromium for the tests that need one: `browser` for the whole run, `page` for one test.

Where none is found those tests are skipped with the line that installs it; with REQUIRE_BROWSER=1 they fail.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--in-process-gpu",  # a fifth less of work for the processor
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
MISSING = "No Chromium was found. To run the tests that need one: apt-get install chromium"


def find_chromium() -> str | None:
    """The program's path: CHROMIUM from the environment, else the first known name on PATH."""
    named = os.environ.get("CHROMIUM")
    if named:
        return named
    return next((path for path in map(shutil.which, NAMES) if path), None)


def _chromium_or_skip() -> str:
    path = find_chromium()
    if path:
        return path
    if os.environ.get("REQUIRE_BROWSER") == "1":
        pytest.fail(MISSING)
    pytest.skip(MISSING)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests of this process; give each visitor a `browser.new_context()`."""
    path = _chromium_or_skip()
    from django.db import connections
    from playwright.sync_api import sync_playwright

    # Playwright keeps an event loop in this thread, and Django takes that for asynchronous code.
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        chromium = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield chromium
        chromium.close()
        connections.close_all()  # this thread's second ones: Django opens others while the loop runs


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A window of a visitor who has no cookies yet; it ends with the test."""
    with browser.new_context() as context:
        yield context.new_page()
