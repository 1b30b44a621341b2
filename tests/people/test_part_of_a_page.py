"""A session that has ended while a page stood open: no part of the page turns into the log-in page."""

from urllib.parse import parse_qs, urlsplit

from django.test import Client
from django.urls import reverse


def test_a_part_that_is_asked_for_sends_the_whole_page_to_the_log_in_page_and_back(make_customer, team):
    customer = make_customer("Olena Koval", team=team)
    page = f"/customers/{customer.pk}/?show=all"
    part = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{page}"}
    for answer in (
        Client().post(reverse("memory", args=[customer.pk]), {"text": "takes oat milk"}, headers=part),
        Client().get(reverse("memory", args=[customer.pk]), headers=part),
    ):
        to = urlsplit(answer.headers["HX-Redirect"])
        assert (to.path, parse_qs(to.query)) == (reverse("account_login"), {"next": [page]})
        assert answer.content == b""


def test_a_form_that_is_too_old_opens_its_page_again(make_customer, team, staff):
    page = f"/customers/{make_customer('Olena Koval', team=team).pk}/"
    part = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{page}"}
    browser = Client(enforce_csrf_checks=True)
    assert browser.post(f"{page}memory/", {"text": "takes oat milk"}, headers=part).headers["HX-Redirect"] == page


def test_it_leads_to_no_other_site(organisation):
    part = {"HX-Request": "true", "HX-Current-URL": "https://evil.example/customers/"}
    answer = Client().get(reverse("customers"), headers=part)
    assert parse_qs(urlsplit(answer.headers["HX-Redirect"]).query) == {"next": ["/"]}


def test_a_whole_page_is_led_there_as_ever(organisation):
    answer = Client().get(reverse("customers"))
    assert (answer.status_code, answer.url) == (302, f"{reverse('account_login')}?next={reverse('customers')}")
