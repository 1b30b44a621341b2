"""Who comes to the public pages: people, and the machines that mail passes on its way."""

from __future__ import annotations

import contextlib
import http.client
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode, urljoin, urlsplit

from tests.conftest import html_of, text_of

LINK = re.compile(r"https?://[^\s\"<>]+/[au]/[^\s\"<>]*")


@dataclass
class Form:
    """A form as a client without script sees it."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)
    radios: list[str] = field(default_factory=list)


class Page(HTMLParser):
    """The links and forms of a page."""

    def __init__(self, url: str, status: int, text: str) -> None:
        super().__init__()
        self.url, self.status, self.text = url, status, text
        self.links: list[str] = []
        self.forms: list[Form] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        values = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in values:
            self.links.append(urljoin(self.url, values["href"]))
        elif tag == "form":
            self.forms.append(Form(urljoin(self.url, values.get("action", "") or self.url)))
        elif self.forms and values.get("name"):
            self._field(tag, values)

    def _field(self, tag: str, values: dict[str, str]) -> None:
        form = self.forms[-1]
        if values.get("type") == "radio":
            form.radios.append(values["value"])
            if "checked" in values:
                form.fields[values["name"]] = values["value"]
        elif tag in ("input", "textarea"):
            form.fields[values["name"]] = values.get("value", "")


class Visitor:
    """A client of its own address, name and cookies."""

    def __init__(self, address: str, browser_name: str, *, cookies: bool = True) -> None:
        self.address, self.browser_name, self.keeps_cookies = address, browser_name, cookies
        self.line: http.client.HTTPConnection | None = None
        self.cookies: dict[str, str] = {}  # by path: our only cookie is bound to the answer page

    def get(self, url: str) -> Page:
        return self.ask("GET", url)

    def head(self, url: str) -> Page:
        return self.ask("HEAD", url)

    def send(self, form: Form, **fields: str) -> Page:
        return self.ask("POST", form.action, urlencode({**form.fields, **fields}))

    def ask(self, method: str, url: str, body: str | None = None) -> Page:
        parts = urlsplit(url)
        headers = {"User-Agent": self.browser_name, "X-Forwarded-For": self.address}
        if parts.path in self.cookies:
            headers["Cookie"] = self.cookies[parts.path]
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        if self.line is None:
            self.line = http.client.HTTPConnection(parts.netloc, timeout=30)
        self.line.request(method, f"{parts.path}?{parts.query}", body=body, headers=headers)
        answer = self.line.getresponse()
        if self.keeps_cookies and (cookie := answer.getheader("Set-Cookie")):
            self.cookies[parts.path] = cookie.partition(";")[0]
        assert answer.status < 500, f"{method} {url}"
        return Page(url, answer.status, answer.read().decode())

    def close(self) -> None:
        if self.line is not None:
            self.line.close()

    def get_by_itself(self, url: str) -> Page:
        """Over a connection of its own, so that several can be open at once."""
        with contextlib.closing(Visitor(self.address, self.browser_name)) as other:
            return other.get(url)

    def answer(self, link: str, comment: str = "") -> Page:
        """Tap a score in the mail, write, press Send."""
        return self.send(self.get(link).forms[0], comment=comment)

    def leave(self, mail: MailLinks) -> Page:
        """Follow "Don't ask me again" and press the button."""
        return self.send(self.get(mail.leave).forms[0])


@dataclass(frozen=True)
class MailLinks:
    """The links of a mail as it arrived."""

    invitation: int
    scores: list[str]
    leave: str

    @property
    def all(self) -> list[str]:
        return [*self.scores, self.leave]


def links_of(invitation, mail) -> MailLinks:
    found = list(dict.fromkeys(link.replace("&amp;", "&") for link in LINK.findall(html_of(mail) + text_of(mail))))
    scores = [link for link in found if "/a/" in link]
    assert len(scores) == 11
    (leave,) = [link for link in found if "/u/" in link]
    return MailLinks(invitation.pk, scores, leave)


# --- Machines ---------------------------------------------------------------------------------------------------


def looks_at_headers(machine: Visitor, mail: MailLinks) -> None:
    for link in mail.all:
        machine.head(link)


def opens_all_at_once(machine: Visitor, mail: MailLinks) -> None:
    with ThreadPoolExecutor(len(mail.all)) as threads:
        assert all(page.status == 200 for page in threads.map(machine.get_by_itself, mail.all))


def posts_all_scores_first(machine: Visitor, mail: MailLinks) -> None:
    """Open every link, then send every form of every page."""
    walk(machine, mail.all, at_once=False)


def posts_unsubscribing_first(machine: Visitor, mail: MailLinks) -> None:
    walk(machine, [mail.leave, *mail.scores], at_once=False)


def posts_one_by_one(machine: Visitor, mail: MailLinks) -> None:
    """Open a link and send its form before opening the next."""
    walk(machine, mail.all, at_once=True)


def posts_one_by_one_backwards(machine: Visitor, mail: MailLinks) -> None:
    walk(machine, mail.all[::-1], at_once=True)


def walk(machine: Visitor, links: list[str], *, at_once: bool) -> None:
    """Follow every link and send every form that turns up; undo forms and edit links, too."""
    to_open, seen, posted, later = list(links), set(links), dict[str, int](), list[Page]()
    while to_open or later:
        page = machine.get(to_open.pop(0)) if to_open else later.pop(0)
        answers = _send_forms(machine, page, posted) if at_once or not to_open else []
        if not answers and page.forms and not at_once and to_open:
            later.append(page)
        for link in (link for each in (page, *answers) for link in each.links):
            if link not in seen:
                seen.add(link)
                to_open.append(link)
        later += [answer for answer in answers if answer.forms]


def _send_forms(machine: Visitor, page: Page, posted: dict[str, int]) -> list[Page]:
    answers = []
    for form in page.forms:
        key = f"{form.action} {form.fields.get('score')}"
        posted[key] = posted.get(key, 0) + 1
        if posted[key] <= 2:
            chosen = {} if "score" in form.fields or not form.radios else {"score": form.radios[0]}
            answers.append(machine.send(form, **chosen))
    return answers


WITHOUT_POSTING = [looks_at_headers, opens_all_at_once]
POSTING = [posts_all_scores_first, posts_unsubscribing_first, posts_one_by_one, posts_one_by_one_backwards]
