"""A browser without script: it keeps cookies, follows redirects, fills in forms and sends them."""

from __future__ import annotations

import http.client
import uuid
from contextlib import closing
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urljoin, urlsplit

SITE = "https://delight.company.com"


@dataclass
class Form:
    action: str
    fields: dict[str, str] = field(default_factory=dict)
    radios: dict[str, list[str]] = field(default_factory=dict)
    files: set[str] = field(default_factory=set)

    def filled(self, changes: dict[str, str]) -> dict[str, str]:
        """As it stands, with these changes, and the first choice where one has to be made."""
        made = {name: values[0] for name, values in self.radios.items() if name not in self.fields}
        return {**made, **self.fields, **changes}


class Page(HTMLParser):
    def __init__(self, url: str, status: int, text: str) -> None:
        super().__init__()
        self.url, self.status, self.text = url, status, text
        self.forms: list[Form] = []
        self._select = self._area = ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        values = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(urljoin(self.url, values.get("action") or self.url)))
        if not self.forms:
            return
        fields, name = self.forms[-1].fields, values.get("name", "")
        if tag == "select":
            self._select = name
        elif tag == "textarea":
            self._area, fields[name] = name, ""
        elif tag == "option" and self._select and ("selected" in values or self._select not in fields):
            fields[self._select] = values.get("value", "")
        elif tag == "input" and name:
            self._input(values)

    def _input(self, values: dict[str, str]) -> None:
        form, name, kind = self.forms[-1], values["name"], values.get("type", "text")
        if kind == "radio":
            form.radios.setdefault(name, []).append(values["value"])
        if kind in ("radio", "checkbox") and "checked" not in values:
            return
        if kind == "file":
            form.files.add(name)
        elif kind != "submit":
            form.fields[name] = values.get("value", "on" if kind == "checkbox" else "")

    def handle_data(self, data):
        if self._area:
            self.forms[-1].fields[self._area] += data

    def handle_endtag(self, tag):
        if tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._area = ""

    def form(self, part: str) -> Form:
        """The form that has a field of this name, or goes to an address that ends so."""
        found = [
            form
            for form in self.forms
            if part in {*form.fields, *form.radios, *form.files} or urlsplit(form.action).path.endswith(part)
        ]
        assert found, f"no form with {part} on {self.url} ({self.status}): {self.text[:3000]}"
        return found[0]


class Browser:
    def __init__(self, port: int, name: str = "Mozilla/5.0 (X11; Linux) Firefox/140") -> None:
        self.port, self.name = port, name
        self.cookies: dict[tuple[str, str], str] = {}  # name and path

    def get(self, url: str) -> Page:
        return self.ask("GET", url)

    def send(self, form: Form, *, file: tuple[str, str] | None = None, **changes: str) -> Page:
        fields = form.filled(changes)
        if file is None:
            return self.ask("POST", form.action, urlencode(fields).encode(), "application/x-www-form-urlencoded")
        mark = uuid.uuid4().hex
        parts = [f'name="{name}"\r\n\r\n{value}' for name, value in fields.items()]
        parts.append(f'name="file"; filename="{file[0]}"\r\nContent-Type: text/csv\r\n\r\n{file[1]}')
        body = "".join(f"--{mark}\r\nContent-Disposition: form-data; {part}\r\n" for part in parts) + f"--{mark}--\r\n"
        return self.ask("POST", form.action, body.encode(), f"multipart/form-data; boundary={mark}")

    def ask(self, method: str, url: str, body: bytes = b"", kind: str = "") -> Page:
        for _ in range(6):
            status, text, location = self._once(method, urljoin(SITE, url), body, kind)
            if not location:
                return Page(urljoin(SITE, url), status, text)
            url, method, body, kind = urljoin(urljoin(SITE, url), location), "GET", b"", ""
            assert url.startswith(SITE), url
        raise AssertionError(f"{url} leads round in circles")

    def _once(self, method: str, url: str, body: bytes, kind: str) -> tuple[int, str, str]:
        parts = urlsplit(url)
        own = [f"{name}={value}" for (name, path), value in self.cookies.items() if parts.path.startswith(path)]
        headers = {"Host": urlsplit(SITE).netloc, "User-Agent": self.name, "Origin": SITE, "Cookie": "; ".join(own)}
        if kind:
            headers["Content-Type"] = kind
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)) as line:
            line.request(method, parts.path + (f"?{parts.query}" if parts.query else ""), body=body, headers=headers)
            answer = line.getresponse()
            for header in answer.headers.get_all("Set-Cookie") or []:
                for name, cookie in SimpleCookie(header).items():
                    self.cookies[name, cookie["path"] or "/"] = cookie.value
            return answer.status, answer.read().decode(), answer.headers.get("Location") or ""
