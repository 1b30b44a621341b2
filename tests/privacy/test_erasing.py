"""Erasing one customer: who may, what the page says before, what ends by it, and that twice is as once."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from delight.customers.models import Customer, CustomerImport, Suppression, Visit, address_hashes
from delight.customers.services import is_suppressed
from delight.front.rights import erase_customer
from delight.organisation.models import AuditEntry
from delight.outbox.models import Job, Message, State
from surveys.answering.models import Hit, Response
from surveys.followups.models import FollowUp, Outcome
from surveys.sending.models import Invitation
from tests.customers.helpers import check, upload
from tests.followups.conftest import answered, follow_up  # noqa: F401 - fixtures


def url(customer) -> str:
    return reverse("customer_erase", args=[customer.pk])


@pytest.fixture
def customer(make_customer, team, staff):
    return make_customer("Olena Koval", team=team, owner=staff, phone="+32 470 12 34 56")


def test_the_page_says_what_goes_and_what_stays_and_changes_nothing(follow_up, sponsor, signed_in):  # noqa: F811
    page = signed_in(sponsor).get(url(follow_up.customer)).content.decode()
    assert "1 answer: the words go, the score stays" in page
    assert "1 conversation: what was written down goes" in page
    assert "Scores and dates without a name" in page
    assert 'name="never_write" ' in page
    assert "checked" in page
    assert not Customer.objects.exclude(erased_at=None).exists()


@pytest.mark.parametrize(("who", "may"), [("manager", True), ("sponsor", True), ("staff", False), ("outsider", False)])
def test_the_customer_s_manager_and_sponsors_erase(who, may, customer, request, signed_in):
    answer = signed_in(request.getfixturevalue(who)).post(url(customer), {"never_write": "on"})
    assert answer.status_code == (302 if may else 403)
    assert Customer.objects.filter(pk=customer.pk).exclude(erased_at=None).exists() == may


def test_only_its_own_page_offers_it(customer, manager, staff, signed_in):
    page = reverse("customer", args=[customer.pk])
    assert url(customer) in signed_in(manager).get(page).content.decode()
    assert url(customer) not in signed_in(staff).get(page).content.decode()


def test_scores_stay_and_everything_open_ends(follow_up, sponsor, signed_in):  # noqa: F811
    customer = follow_up.customer
    signed_in(sponsor).post(url(customer), {"never_write": "on"})
    response, talk = Response.objects.get(), FollowUp.objects.get()
    assert (response.score, response.counts, response.answers.exclude(text="").exists()) == (3, True, False)
    assert talk.closed_at
    assert talk.outcome.result == Outcome.Result.WITHDRAWN
    assert not Message.objects.filter(state=State.WAITING).exists()
    assert not Hit.objects.exists()
    assert not Invitation.objects.filter(revoked_at=None).exists()


def test_it_is_written_down_by_verb_and_number_only(customer, manager, signed_in):
    signed_in(manager).post(url(customer), {"never_write": "on"})
    entry = AuditEntry.objects.get(verb="erase_customer")
    assert (entry.actor, entry.object_type, entry.object_id, entry.fields) == (
        manager, "customers.customer", customer.pk, [],
    )  # fmt: skip


def test_twice_is_as_once(customer, manager, signed_in):
    browser = signed_in(manager)
    browser.post(url(customer), {"never_write": "on"})
    first = Customer.objects.get(pk=customer.pk)
    answer = browser.post(url(customer), {"never_write": "on"}, follow=True)
    assert answer.status_code == 200
    assert "The customer is erased." in answer.content.decode()
    assert AuditEntry.objects.filter(verb="erase_customer").count() == 1
    assert Customer.objects.get(pk=customer.pk).erased_at == first.erased_at


def test_never_write_again_keeps_a_code_of_the_address_and_nothing_else(customer, manager):
    address = customer.email
    erase_customer(by=manager, customer=customer, never_write=True)
    entry = Suppression.objects.get()
    assert (entry.address_hash, entry.scope, entry.until) == (address_hashes(address)[0], "all", None)


@pytest.mark.parametrize("never", [True, False])
def test_addresses_that_were_given_up_in_merging_are_not_written_to_either(
    never, customer, make_customer, manager, signed_in
):
    former = [customer.email]
    for name in ("Second", "Third"):
        newer = make_customer(name, team=customer.team)
        former.append(newer.email)
        fields = {"survivor": newer.pk, "name": "other", "email": "other"}
        address = reverse("merge", args=[customer.pk, newer.pk])
        asked = signed_in(manager).get(address).context["form"].asked
        fields |= dict.fromkeys(asked, "other")
        signed_in(manager).post(address, fields)
        customer = newer
    signed_in(manager).post(
        reverse("customer_erase", args=[customer.pk]), {"never_write": "on" if never else "", "sure": "on"}
    )
    customer.refresh_from_db()
    assert customer.erased_at
    assert [is_suppressed(each, "relationship") is not None for each in former] == [never] * 3
    assert not Customer.objects.exclude(given_up_hash="").exists()


def test_unless_it_is_unticked(customer, manager):
    erase_customer(by=manager, customer=customer, never_write=False)
    assert not Suppression.objects.exists()


def test_a_wish_that_stood_before_stays_in_any_case(customer, manager):
    from delight.customers.services import suppress

    suppress(customer.email, "relationship", "unsubscribed")
    erase_customer(by=manager, customer=customer, never_write=False)
    assert Suppression.objects.get().reason == "unsubscribed"


def test_the_address_can_belong_to_somebody_new_who_is_not_asked(customer, manager, make_customer, send, post_office):
    address = customer.email
    erase_customer(by=manager, customer=customer, never_write=True)
    again = make_customer("Olena Koval", email=address)
    send(again)
    assert post_office.deliver() == []
    assert Invitation.objects.get(customer=again).not_sent_reason == "unsubscribed"


def test_a_file_that_names_the_person_goes_and_others_stay(customer, sponsor, manager, signed_in):
    browser = signed_in(sponsor)
    upload(browser, f"Name;E-mail\nSomebody else;{customer.email}\n", name="with.csv")
    upload(browser, "Name;E-mail\nMark Oduya;mark@mail.example\n", name="without.csv")
    erase_customer(by=manager, customer=customer, never_write=True)
    assert dict(CustomerImport.objects.values_list("file_name", "state")) == {
        "with.csv": "given_up", "without.csv": "uploaded",
    }  # fmt: skip


@pytest.mark.parametrize("cell", ["0470/12.34.56", '"Olena Koval', "OLENA KOVAL", "+32470123456"])
def test_a_person_is_found_in_a_file_however_they_are_written(cell, customer, sponsor, manager, signed_in):
    upload(signed_in(sponsor), f"Name;Phone\nx;{cell}\n")
    erase_customer(by=manager, customer=customer, never_write=True)
    assert CustomerImport.objects.get().file is None


def test_what_was_wrong_with_a_line_repeats_no_name(customer, manager, signed_in):
    browser = signed_in(manager)
    one = check(browser, "Name,E-mail,Shop\nSomebody,a@mail.example,OLENA KOVAL\nAnna,b@mail.example,Nowhere\n")
    assert [each.values for each in one.problems.all()] == [{"team": "OLENA KOVAL"}, {"team": "Nowhere"}]
    browser.post(url(customer), {"never_write": "on"})
    assert [each.values for each in one.problems.all()] == [{"team": "Nowhere"}]


def test_while_a_file_that_names_the_person_is_read_nobody_is_erased(customer, sponsor, signed_in):
    browser = signed_in(sponsor)
    upload(browser, f"Name;E-mail\nOlena;{customer.email}\n")
    CustomerImport.objects.update(state="importing")
    answer = browser.post(url(customer), {"never_write": "on"})
    assert answer.status_code == 200
    assert "A file that names this person is being read" in answer.content.decode()
    customer.refresh_from_db()
    assert (customer.erased_at, customer.name) == (None, "Olena Koval")
    assert not Suppression.objects.exists()


def test_a_planned_visit_is_cancelled_and_a_past_one_stays_without_a_name(customer, team, manager):
    now = timezone.now()
    for days, state in ((3, "planned"), (-3, "came")):
        Visit.objects.create(customer=customer, team=team, guest="Olena", reference="214", state=state,
                             starts_at=now + timedelta(days=days))  # fmt: skip
    erase_customer(by=manager, customer=customer, never_write=True)
    left = Visit.objects.get()
    assert (left.customer, left.state, left.guest, left.reference) == (customer, "came", "", "")


def test_lists_show_an_erased_customer_without_a_name_and_without_a_link(
    follow_up, sponsor, signed_in  # noqa: F811
):  # fmt: skip
    customer = follow_up.customer
    browser = signed_in(sponsor)
    erase_customer(by=sponsor, customer=customer, never_write=True)
    for name in ("answers", "follow_ups", "home"):
        page = browser.get(reverse(name)).content.decode()
        assert "Olena" not in page
        assert f'"{reverse("customer", args=[customer.pk])}"' not in page, name
    assert "an erased customer" in browser.get(reverse("answers")).content.decode()
    for name, pk in (("answer", follow_up.response_id), ("follow_up", follow_up.pk)):
        page = browser.get(reverse(name, args=[pk])).content.decode()
        assert "an erased customer" in page
        assert f'"{reverse("customer", args=[customer.pk])}"' not in page


def test_a_merged_customer_goes_with_the_one_they_are_part_of(customer, make_customer, manager):
    other = make_customer("Olena K.", merged_into=customer)
    erase_customer(by=manager, customer=customer, never_write=True)
    other.refresh_from_db()
    assert (other.name, other.email) == ("", None)
    assert other.erased_at


def test_jobs_about_the_person_do_no_harm_afterwards(follow_up, manager, post_office):  # noqa: F811
    erase_customer(by=manager, customer=follow_up.customer, never_write=True)
    Job.objects.update(due_at=timezone.now() - timedelta(minutes=1))
    assert post_office.deliver() == []
    assert not Job.objects.filter(state="failed").exists()
