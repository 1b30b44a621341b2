"""`manage.py sponsor`: how the first person gets in, and how a company that locked itself out does."""

import io
from functools import partial

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from delight.organisation.models import AuditEntry, Organisation
from staff.people.models import JoinInvitation, User
from staff.people.services import LinkClosed, set_up_company
from tests.people.together import together

SET_UP = {
    "company": "Corner Books",
    "country": "GB",
    "postal_address": "5 High Street, Leeds",
    "currency": "GBP",
    "time_zone": "Europe/London",
    "language": "en",
    "name": "Ada Lovelace",
    "email": "Ada@books.example",
    "password": "seven green bicycles",
}


def sponsor_link(*args: str) -> str:
    out = io.StringIO()
    call_command("sponsor", *args, stdout=out)
    url = out.getvalue().strip()
    assert url.startswith(f"{settings.BASE_URL}/join/")
    return url.removeprefix(settings.BASE_URL)


@pytest.mark.django_db
def test_the_first_link_sets_up_the_company_and_its_sponsor():
    client, url = Client(), sponsor_link("--first")
    assert "Set up Delight" in client.get(url).content.decode()
    answer = client.post(url, SET_UP)
    ada, company = User.objects.get(), Organisation.get()
    assert answer.headers["Location"] == reverse("home")
    assert client.session["_auth_user_id"] == str(ada.pk)
    assert (ada.email, ada.is_sponsor) == ("ada@books.example", True)
    assert (company.name, company.currency, company.time_zone) == ("Corner Books", "GBP", "Europe/London")
    assert company.postal_address == "5 High Street, Leeds"
    assert set(AuditEntry.objects.values_list("verb", flat=True)) >= {"set_up", "join"}


@pytest.mark.django_db
def test_the_first_link_works_once():
    url = sponsor_link("--first")
    Client().post(url, SET_UP)
    assert Client().get(url).status_code == 404
    assert Client().post(url, {**SET_UP, "email": "eve@evil.example"}).status_code == 404
    assert User.objects.count() == 1


@pytest.mark.django_db
def test_of_two_first_links_the_newer_one_works():
    former, newer = sponsor_link("--first"), sponsor_link("--first")
    assert Client().get(former).status_code == 404
    assert Client().get(newer).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("field", "value"),
    [("company", ""), ("currency", "XXX"), ("time_zone", "Mars/Base"), ("password", "short"), ("email", "")],
)
def test_an_odd_set_up_makes_neither_company_nor_person(field, value):
    url = sponsor_link("--first")
    assert field in Client().post(url, {**SET_UP, field: value}).context["form"].errors
    assert not Organisation.objects.exists()
    assert not User.objects.exists()
    assert Client().post(url, SET_UP).status_code == 302


@pytest.mark.django_db
def test_a_link_with_an_address_keeps_it_through_the_set_up():
    url = sponsor_link("boss@books.example", "--name", "Bea Boss")
    Client().post(url, SET_UP)
    assert User.objects.get().email == "boss@books.example"


def test_once_there_is_a_company_the_link_makes_a_sponsor_of_it(organisation):
    url = sponsor_link("boss@barber.example")
    Client().post(url, {"name": "Bea Boss", "password": "seven green bicycles", "language": "en"})
    assert User.objects.get().is_sponsor
    assert Organisation.get().name == "Barber & Sons"


def test_an_unused_first_link_is_dead_once_the_company_is_there(db):
    url = sponsor_link("--first")
    from delight.organisation.services import set_up_organisation

    set_up_organisation(name="B", postal_address="x")
    assert Client().get(url).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_of_two_who_set_up_at_once_one_does():
    sponsor_link("--first")
    invitation = JoinInvitation.objects.get()
    company = {"name": "B", "postal_address": "x"}
    calls = [
        partial(
            set_up_company,
            invitation=invitation,
            person={"email": email, "name": email, "password": "seven green bicycles"},
            company=company,
        )
        for email in ("ada@barber.example", "eve@barber.example")
    ]
    ends = together(*calls, held=JoinInvitation.objects.all())
    assert [type(end) for end in ends if isinstance(end, Exception)] == [LinkClosed]
    assert (User.objects.count(), Organisation.objects.count()) == (1, 1)


def test_first_is_refused_when_there_is_a_company(organisation):
    with pytest.raises(CommandError, match="set up already"):
        call_command("sponsor", "--first")


@pytest.mark.django_db
@pytest.mark.parametrize("args", [[], ["nobody"]])
def test_without_a_good_address_it_says_what_to_type(args):
    with pytest.raises(CommandError, match="address"):
        call_command("sponsor", *args)
    assert not JoinInvitation.objects.exists()


def test_somebody_with_a_login_becomes_a_sponsor_without_a_link(staff):
    User.objects.filter(pk=staff.pk).update(is_active=False)
    out = io.StringIO()
    call_command("sponsor", staff.email.upper(), stdout=out)
    saved = User.objects.get(pk=staff.pk)
    assert (saved.is_sponsor, saved.is_active) == (True, True)
    assert "/join/" not in out.getvalue()
