"""Settings come from the environment; a missing or odd value stops the start with its name."""

import json
import os
import subprocess
import sys

import pytest

GOOD = {
    "DATABASE_URL": "postgres://delight:pass@127.0.0.1/delight",
    "REDIS_URL": "redis://127.0.0.1:6379/0",
    "EMAIL_URL": "smtp+tls://user:pass@mail.company.com:587",
    "SECRET_KEY": "k" * 50,
    "ALLOWED_HOSTS": "delight.company.com",
    "BASE_URL": "https://delight.company.com",
    "DEFAULT_FROM_EMAIL": "Company <hello@company.com>",
    "TRUSTED_PROXIES": "1",
}
SHOW = """
import json
from delight import settings as s
ssl = getattr(s, "EMAIL_USE_SSL", False)
first = [s.DATABASES["default"]["OPTIONS"], s.SECRET_KEY, s.EMAIL_USE_TLS, ssl]
print(json.dumps([*first, s.OUTBOX_LEASE_SECONDS, s.SECRET_KEY_FALLBACKS]))
"""


def start(**changed: str) -> subprocess.CompletedProcess:
    clean = {name: value for name, value in os.environ.items() if name not in {*GOOD, "DELIGHT_LOCAL"}}
    environment = {**clean, **GOOD, **changed}
    return subprocess.run([sys.executable, "-c", SHOW], env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *((name, "") for name in GOOD),
        ("ALLOWED_HOSTS", ","),
        ("TRUSTED_PROXIES", "²"),
        ("BASE_URL", "https://delight.company.com?x=1"),
        ("BASE_URL", "https://delight.company.com:port"),
        ("BASE_URL", "https://user:pass@delight.company.com"),
        ("DATABASE_URL", "postgres://delight@127.0.0.1:port/delight"),
        ("EMAIL_URL", "smtp://"),
        ("EMAIL_URL", "smtp+tls://user:pass@mail.company.com:port"),
        ("SECRET_KEY", "short"),
        *(("OUTBOX_LEASE_SECONDS", value) for value in ("abc", "0", "-5", "1.5", "²", "60s")),
    ],
)
def test_a_missing_or_odd_value_stops_the_start_with_its_name(name, value):
    done = start(**{name: value})
    assert done.returncode != 0
    last = done.stderr.strip().splitlines()[-1]
    assert "ImproperlyConfigured" in last
    assert name in last


def test_what_the_databases_address_asks_for_is_kept():
    options, *_rest = json.loads(start(DATABASE_URL=GOOD["DATABASE_URL"] + "?sslmode=require").stdout)
    assert options == {"sslmode": "require", "options": "-c lock_timeout=10000"}


def test_a_key_may_begin_with_a_dollar():
    key = "$" + "k" * 49
    assert json.loads(start(SECRET_KEY=key).stdout)[1] == key


def test_former_keys_are_read_as_they_stand():
    former = ["$" + "f" * 49, "g" * 50]
    assert json.loads(start(SECRET_KEY_FALLBACKS=f"{former[0]}, {former[1]},").stdout)[5] == former


@pytest.mark.parametrize(("scheme", "tls", "ssl"), [("smtp+tls", True, False), ("smtps", False, True)])
def test_the_mail_servers_scheme_says_how_the_line_is_closed(scheme, tls, ssl):
    assert json.loads(start(EMAIL_URL=f"{scheme}://user:pass@mail.company.com:465").stdout)[2:4] == [tls, ssl]


@pytest.mark.parametrize(("value", "seconds"), [("", 60), (" 90 ", 90)])
def test_what_is_optional_may_be_left_out_or_empty(value, seconds):
    assert json.loads(start(OUTBOX_LEASE_SECONDS=value).stdout)[4] == seconds
