"""What the environment says about the doors."""

import json
import os
import subprocess
import sys

import pytest

from tests.test_settings import GOOD, start

OIDC = {
    "OIDC_ISSUER": "https://login.company.com/realms/staff",
    "OIDC_CLIENT_ID": "delight",
    "OIDC_CLIENT_SECRET": "a secret",
}
SHOW = """
import json
from delight import settings as s
names = ["OIDC_NAME", "SOCIALACCOUNT_PROVIDERS", "SPONSORS_NEED_SECOND_STEP", "SECURE_HSTS_SECONDS"]
names += ["SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY"]
print(json.dumps({name: getattr(s, name, None) for name in names}))
"""


def shown(**changed: str) -> dict:
    clean = {name: value for name, value in os.environ.items() if name not in {*GOOD, "DELIGHT_LOCAL"}}
    done = subprocess.run(
        [sys.executable, "-c", SHOW], env={**clean, **GOOD, **changed}, capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


@pytest.mark.parametrize("missing", OIDC)
def test_a_part_of_openid_connect_stops_the_start_with_the_name_of_what_is_missing(missing):
    given = {name: value for name, value in OIDC.items() if name != missing}
    done = start(**given)
    assert done.returncode != 0
    last = done.stderr.strip().splitlines()[-1]
    assert "ImproperlyConfigured" in last
    assert missing in last


def test_a_name_alone_is_a_part_too():
    assert "OIDC_ISSUER" in start(OIDC_NAME="Company login").stderr.splitlines()[-1]


@pytest.mark.parametrize("issuer", ["http://login.company.com", "login.company.com", "ftp://login.company.com"])
def test_the_issuer_is_reached_by_https(issuer):
    assert "OIDC_ISSUER" in start(**{**OIDC, "OIDC_ISSUER": issuer}).stderr.splitlines()[-1]


def test_all_of_it_is_a_door_and_nothing_is_none():
    on = shown(**OIDC, OIDC_NAME="Company login")
    (app,) = on["SOCIALACCOUNT_PROVIDERS"]["openid_connect"]["APPS"]
    assert (on["OIDC_NAME"], app["client_id"], app["secret"]) == ("Company login", "delight", "a secret")
    assert shown(**OIDC)["OIDC_NAME"] == "login.company.com"
    off = shown()
    assert (off["OIDC_NAME"], off["SOCIALACCOUNT_PROVIDERS"]) == ("", {})


def test_outside_of_a_trial_sponsors_need_a_second_step_and_cookies_need_https():
    on = shown()
    assert on["SPONSORS_NEED_SECOND_STEP"] is True
    assert on["SECURE_HSTS_SECONDS"] == 31_536_000
    assert on["SESSION_COOKIE_SECURE"] is on["CSRF_COOKIE_SECURE"] is True
    assert shown(BASE_URL="http://delight.company.com")["SECURE_HSTS_SECONDS"] == 0
