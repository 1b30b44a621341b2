"""A forged Host gets nothing, and our links are BASE_URL's whatever a request says."""

import pytest
from django.conf import settings as site
from django.test import Client
from django.urls import reverse

from tests.conftest import html_of, text_of

FORGED = [
    {"HTTP_HOST": "evil.example"},
    {"HTTP_HOST": "delight.company.com.evil.example"},
    {"HTTP_HOST": "delight.company.com@evil.example"},
    {"HTTP_HOST": "delight.company.com:80@evil.example"},
    {"HTTP_HOST": "evil.example#delight.company.com"},
    {"HTTP_HOST": ""},
]


@pytest.fixture
def real(settings):
    settings.ALLOWED_HOSTS = ["delight.company.com"]


@pytest.mark.usefixtures("real", "db")
@pytest.mark.parametrize("headers", FORGED, ids=lambda each: each["HTTP_HOST"] or "none")
@pytest.mark.parametrize("path", ["/account/login/", "/", "/healthz/", "/a/x/", "/join/x/"])
def test_a_forged_host_gets_400(headers, path):
    page = Client(SERVER_NAME="evil.example").get(path, **headers)
    assert page.status_code == 400
    assert "evil" not in page.content.decode()


@pytest.mark.usefixtures("real", "db")
def test_our_own_host_gets_in():
    assert Client().get("/account/login/", HTTP_HOST="delight.company.com").status_code == 200


@pytest.mark.usefixtures("real", "db")
@pytest.mark.parametrize("proxies", [0, 1, 2])
def test_a_forwarded_host_is_believed_from_nobody(settings, proxies, staff):
    settings.TRUSTED_PROXIES = proxies
    client = Client(HTTP_HOST="delight.company.com", HTTP_X_FORWARDED_HOST="evil.example")
    page = client.get(reverse("home"))
    assert page.headers["Location"].startswith("/account/login/")
    assert "evil.example" not in client.get("/account/login/").content.decode()


@pytest.mark.parametrize("way", [{"HTTP_HOST": "evil.example"}, {"HTTP_X_FORWARDED_HOST": "evil.example"}])
def test_the_mail_for_a_new_password_carries_our_own_address(way, settings, staff, post_office):
    settings.ALLOWED_HOSTS = ["*"]  # as if a proxy let every host through
    Client(**way).post(reverse("account_reset_password"), {"email": staff.email})
    (mail,) = post_office.deliver()
    for body in (text_of(mail), html_of(mail)):
        assert site.BASE_URL + "/account/password/reset/key/" in body
    assert "evil.example" not in mail.as_string()
