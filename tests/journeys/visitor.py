"""Somebody with a browser of their own, who notices everything that goes wrong on the way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.journeys.site import Site

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, ConsoleMessage, Frame, Page, Request, Response

PATIENCE = 15_000  # milliseconds; mail comes by the bell within two seconds, by beat within ten


class Visitor:
    """A browser window, what was wrong in it, and the few things that people do on every page."""

    def __init__(self, site: Site, context: BrowserContext) -> None:
        self.site = site
        self.context = context
        self.wrong: list[str] = []
        self.allowed: set[int] = set()
        context.set_default_timeout(PATIENCE)
        context.on("console", self._said)
        context.on("weberror", lambda error: self.wrong.append(f"script: {error.error}"))
        context.on("request", self._asked)
        context.on("requestfailed", self._failed)
        context.on("response", self._answered)
        self.page: Page = context.new_page()

    # --- What went wrong ------------------------------------------------------------------------------------------

    def _said(self, message: ConsoleMessage) -> None:
        """Broken rules of the content security policy are told here, too."""
        if message.type in ("error", "warning") and "status of" not in message.text:
            self.wrong.append(f"console: {message.text}")

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((f"{self.site.url}/", "data:", "blob:")):
            self.wrong.append(f"a request to somebody else: {request.url}")

    def _failed(self, request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # a page that was left before all of it had come
            self.wrong.append(f"failed: {request.url} ({request.failure})")

    def _answered(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self.allowed:
            self.wrong.append(f"{response.status}: {response.url}")

    @contextmanager
    def expecting(self, *statuses: int) -> Iterator[None]:
        """Here an answer of this kind is what should come."""
        self.allowed = set(statuses)
        yield
        self.allowed = set()

    # --- Doing things ---------------------------------------------------------------------------------------------

    def go(self, path: str) -> None:
        self.page.goto(self.site.url + path)

    def sign_in(self, who: str) -> None:
        """`owner`, `shop manager` or `stylist`, by the login page."""
        self.go("/account/login/")
        self.page.get_by_label(re.compile("E-?mail")).fill(self.site.logins[who])
        self.page.get_by_label("Password").fill(self.site.password)
        self.press("Log in")
        self.page.wait_for_url(f"{self.site.url}/")

    def press(self, name: str | re.Pattern[str]) -> None:
        self.page.get_by_role("main").get_by_role("button", name=name).click()

    def follow(self, name: str | re.Pattern[str]) -> None:
        self.page.get_by_role("main").get_by_role("link", name=name).first.click()

    def sees(self, words: str | re.Pattern[str]) -> None:
        expect(self.page.get_by_role("main").get_by_text(words).first).to_be_visible(timeout=PATIENCE)

    # --- Mail -----------------------------------------------------------------------------------------------------

    def open_mail(self, to: str, subject: str | re.Pattern[str], *, looks: int = 60) -> Frame:
        """Look into the mailbox until the mail is there, open it; returns what it shows."""
        letter = self.page.get_by_role("main").get_by_role("link", name=subject)
        self.go(f"/mailbox/?to={to}")
        for _ in range(looks):
            if letter.count():
                break
            self.page.wait_for_timeout(250)
            self.page.reload()
        letter.first.click()
        shown = self.page.locator("iframe").element_handle().content_frame()
        assert shown
        shown.wait_for_load_state()
        return shown

    def press_in_mail(self, mail: Frame, name: str) -> Page:
        """Press a link of the mail; returns the tab that it opens."""
        with self.context.expect_page() as opened:
            mail.get_by_role("link", name=name, exact=True).click()
        opened.value.wait_for_load_state()
        return opened.value
