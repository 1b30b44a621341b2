"""What every page that a stranger can open says to the browser: one table over all public addresses."""

import pytest
from django.test import Client

from tests.front.world import World, every_address, world  # noqa: F401 - a fixture

POLICY = {
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "form-action 'self'", "base-uri 'none'",
    "frame-ancestors 'none'", "connect-src 'self'",
}  # fmt: skip
EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
}
# What is behind these is the same for everybody, or says only that the machine lives.
MAY_BE_KEPT = {
    "healthz", "healthz_worker", "manifest", "service_worker", "account_inactive", "account_logout",
    "account_reset_password", "account_reset_password_done", "account_reset_password_from_key_done",
}  # fmt: skip


def public_addresses() -> list[str]:
    return sorted(
        name for name, pattern in every_address().items() if not getattr(pattern.callback, "login_required", True)
    )


def wrong_with(name: str, page) -> list[str]:
    """What is missing, in words."""
    found = [
        f"{header}: {page.headers.get(header)}"
        for header, value in EVERYWHERE.items()
        if page.headers.get(header) != value
    ]
    rules = {rule.strip() for rule in page.headers.get("Content-Security-Policy", "").split(";")}
    found += [f"no {rule}" for rule in POLICY - rules]
    found += [rule for rule in rules if "unsafe" in rule or "*" in rule or "http" in rule]
    if name not in MAY_BE_KEPT and page.status_code < 400 and "no-store" not in page.headers.get("Cache-Control", ""):
        found.append(f"Cache-Control: {page.headers.get('Cache-Control')}")
    if page.headers.get("Strict-Transport-Security", "").split(";")[0] != "max-age=31536000":
        found.append(f"Strict-Transport-Security: {page.headers.get('Strict-Transport-Security')}")
    found += [f"cookie {cookie.key}" for cookie in page.cookies.values() if not cookie["samesite"]]
    found += [f"open cookie {cookie.key}" for cookie in page.cookies.values() if not cookie["secure"]]
    return found


@pytest.fixture
def https(settings):
    """As the settings have it where BASE_URL begins with https (tests/doors/test_settings.py)."""
    settings.HTTPS = settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.SECURE_HSTS_SECONDS = 31_536_000


@pytest.mark.usefixtures("https")
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_every_public_page_says_what_it_must(method, world: World):  # noqa: F811 - the fixture
    names = public_addresses()
    assert len(names) > 20
    wrong = {}
    for name in names:
        page = Client().generic(method, world.url(name), secure=True)
        if found := wrong_with(name, page):
            wrong[name] = found
    assert wrong == {}


@pytest.mark.usefixtures("https")
@pytest.mark.parametrize("path", ["/nothing/here/", "/a/x/", "/u/x/", "/n/x/", "/join/x/", "/wall/x/", "/digest/x/"])
def test_pages_that_say_no_say_it_too(path, db):
    page = Client().get(path, secure=True)
    assert page.status_code == 404
    assert wrong_with("account_inactive", page) == []


def test_a_page_that_lacks_something_is_found_out(db):
    """The control: without https there is no HSTS, and another site's script would be seen."""
    page = Client().get("/account/login/")
    page.headers["Content-Security-Policy"] += " 'unsafe-inline'"
    found = wrong_with("account_login", page)
    assert any("unsafe-inline" in each for each in found)
    assert any("Strict-Transport-Security" in each for each in found)
