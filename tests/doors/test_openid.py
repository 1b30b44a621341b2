"""Logging in by the company's own OpenID Connect, against a real provider on loopback."""

from urllib.parse import urlsplit

import pytest
import requests
from django.test import Client
from django.urls import reverse

from staff.people.models import User
from staff.people.services import deactivate_person
from tests.conftest import make_person
from tests.doors.provider import CLIENT, SECRET, Provider, a_key, running
from tests.doors.steps import code, is_in, with_code_app

pytestmark = pytest.mark.slow


@pytest.fixture
def provider(settings, staff):
    """The company's provider, at which Sam is signed in."""
    there = Provider(person={"sub": "42", "email": staff.email, "email_verified": True, "name": "Sam of the company"})
    with running(there):
        settings.OIDC_NAME, settings.OIDC_ISSUER = "Company login", there.url
        app = {
            "provider_id": "company", "name": "Company login", "client_id": CLIENT, "secret": SECRET,
            "settings": {"server_url": there.url, "oauth_pkce_enabled": True},
        }  # fmt: skip
        settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}
        yield there


def come_back(client: Client, url: str):
    """Where the provider sends the browser, opened at our site."""
    sent = requests.get(url, allow_redirects=False, timeout=5)
    parts = urlsplit(sent.headers["Location"])
    return client.get(f"{parts.path}?{parts.query}")


def log_in_there(client: Client | None = None, at: str = ""):
    """The button, the provider, and back; returns the browser and our answer."""
    client = client or Client()
    left = client.get(at or reverse("openid_login"))
    return client, come_back(client, left.headers["Location"])


def refused(client: Client, page) -> str:
    """What the person is told on the log-in page; nobody is logged in."""
    assert page.headers["Location"] == reverse("account_login")
    assert not is_in(client)
    return client.get(reverse("account_login")).content.decode()


def test_who_works_here_gets_in_by_the_company_login(provider, staff):
    client, page = log_in_there()
    assert page.headers["Location"] == reverse("home")
    assert int(client.session["_auth_user_id"]) == staff.pk


def test_the_log_in_page_offers_it_by_name_and_leads_on(provider, staff):
    client = Client()
    asked = client.get(reverse("customers")).headers["Location"]
    page = client.get(asked).content.decode()
    assert "Log in with Company login" in page
    _client, back = log_in_there(client, at=f"{reverse('openid_login')}?next={reverse('customers')}")
    assert back.headers["Location"] == reverse("customers")


def test_it_leads_to_no_other_site(provider, staff):
    _client, page = log_in_there(at=f"{reverse('openid_login')}?next=https://evil.example/")
    assert page.headers["Location"] == reverse("home")


def test_the_provider_is_told_our_own_address_whatever_the_request_says(provider, settings):
    settings.ALLOWED_HOSTS = ["*"]
    left = Client().get(reverse("openid_login"), HTTP_HOST="evil.example").headers["Location"]
    assert "evil.example" not in left
    assert left.startswith(provider.url + "/authorize?")


def test_nothing_of_the_person_changes_and_nothing_is_stored(provider, staff):
    from allauth.account.models import EmailAddress
    from allauth.socialaccount.models import SocialAccount, SocialToken

    before = User.objects.values().get(pk=staff.pk)
    provider.person |= {"name": "Another name"}
    log_in_there()
    after = User.objects.values().get(pk=staff.pk)
    assert {**after, "last_login": None} == {**before, "last_login": None}
    assert staff.check_password("a long enough password")
    assert not any(model.objects.exists() for model in (SocialAccount, SocialToken, EmailAddress))


def test_case_of_the_address_does_not_matter(provider, staff):
    provider.person["email"] = staff.email.upper()
    client, _page = log_in_there()
    assert is_in(client)


def test_whoever_is_not_here_stays_outside_and_no_account_is_made(provider):
    provider.person["email"] = "nobody@barber.example"
    before = User.objects.count()
    assert "Nobody with that address works here" in refused(*log_in_there())
    assert User.objects.count() == before


@pytest.mark.parametrize("verified", [False, None, "false", 1, []])
def test_an_address_that_is_not_verified_opens_nothing(provider, verified):
    provider.person["email_verified"] = verified
    assert "Nobody with that address" in refused(*log_in_there())


def test_who_has_left_stays_outside(provider, sponsor, staff):
    deactivate_person(by=sponsor, user=staff)
    assert "Nobody with that address" in refused(*log_in_there())


@pytest.mark.parametrize(
    "lie",
    [
        {"signs_with": a_key()},
        {"id_token": {"iss": "https://evil.example"}},
        {"id_token": {"aud": "another client"}},
        {"id_token": {"exp": 1}},
        {"userinfo": {"sub": "43"}},
        {"config": {"issuer": "https://evil.example"}},
    ],
    ids=["another key", "another issuer", "for another client", "too old", "about somebody else", "another name"],
)
def test_what_does_not_fit_opens_nothing(provider, lie):
    for name, value in lie.items():
        setattr(provider, name, value)
    client = Client()
    left = client.get(reverse("openid_login"))
    if left.headers["Location"].startswith(provider.url):
        left = come_back(client, left.headers["Location"])
    assert "did not work" in refused(client, left)


def test_who_turns_back_at_the_provider_is_on_the_log_in_page_again(provider):
    provider.refuses = True
    assert "did not work" in refused(*log_in_there())


def test_an_answer_that_was_not_asked_for_opens_nothing(provider):
    """Somebody else's code, or the same one a second time."""
    victim = Client()
    page = victim.get(reverse("openid_callback"), {"code": "x", "state": "y"})
    assert "did not work" in refused(victim, page)
    client = Client()
    left = client.get(reverse("openid_login")).headers["Location"]
    stolen = urlsplit(requests.get(left, allow_redirects=False, timeout=5).headers["Location"])
    assert "did not work" in refused(victim, victim.get(f"{stolen.path}?{stolen.query}"))
    client.get(f"{stolen.path}?{stolen.query}")
    assert is_in(client)
    assert client.get(f"{stolen.path}?{stolen.query}").headers["Location"] == reverse("account_login")


def test_it_adds_no_account_to_somebody_who_is_logged_in(provider, outsider, signed_in):
    from allauth.socialaccount.models import SocialAccount

    client, page = log_in_there(signed_in(outsider), at=reverse("openid_login") + "?process=connect")
    assert page.headers["Location"] == reverse("account_login")
    assert not SocialAccount.objects.exists()
    assert int(client.session["_auth_user_id"]) == outsider.pk


def test_a_provider_that_is_away_is_said_kindly(provider, settings):
    settings.OIDC_ISSUER = "http://127.0.0.1:9"
    settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]["settings"]["server_url"] = settings.OIDC_ISSUER
    client = Client()
    assert "did not work" in refused(client, client.get(reverse("openid_login")))


def test_the_second_step_is_asked_for_here_too(provider, staff):
    with_code_app(staff)
    client, page = log_in_there()
    assert page.headers["Location"] == reverse("mfa_authenticate")
    assert not is_in(client)
    client.post(reverse("mfa_authenticate"), {"code": code()})
    assert is_in(client)


def test_without_the_settings_there_is_no_such_door(organisation):
    make_person("Zoe")
    assert "openid" not in Client().get(reverse("account_login")).content.decode()
    assert "/login/company/" not in Client().get(reverse("account_login")).content.decode()
    for name in ("openid_login", "openid_callback"):
        assert Client().get(reverse(name)).status_code == 404
