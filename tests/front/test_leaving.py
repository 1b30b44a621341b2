"""Somebody leaves: what they looked after goes on with a colleague, in one step."""

import pytest
from django.urls import reverse
from django.utils import timezone

from delight.customers.models import Account
from delight.front.leaving import leave_company
from delight.organisation.models import AuditEntry
from delight.outbox.models import Message
from staff.people.models import Membership, User
from staff.people.services import LastSponsor
from surveys.followups import reminders
from surveys.followups.models import FollowUp
from tests.conftest import make_person, text_of


@pytest.fixture
def belongings(staff, team, make_customer):
    """What Sam looks after: two customers, a company, one open conversation and one that is over."""
    olena, mark = (make_customer(name, owner=staff, team=team) for name in ("Olena Koval", "Mark Oduya"))
    account = Account.objects.create(name="Studio Nord", owner=staff)
    same = {"owner": staff, "team": team, "asked": "unhappy", "due_at": timezone.now()}
    waiting = FollowUp.objects.create(customer=olena, **same)
    over = FollowUp.objects.create(customer=mark, closed_at=timezone.now(), **same)
    reminders.plan(waiting)
    return {"olena": olena, "mark": mark, "account": account, "waiting": waiting, "over": over}


def owners(belongings: dict) -> dict:
    for row in belongings.values():
        row.refresh_from_db()
    return {name: row.owner for name, row in belongings.items()}


def leave(person: User) -> str:
    return reverse("person_deactivate", args=[person.pk])


def test_the_page_says_how_much_there_is_and_proposes_the_manager(belongings, staff, manager, sponsor, signed_in):
    page = signed_in(sponsor).get(leave(staff))
    text = page.content.decode()
    assert "2 customers" in text
    assert "1 company" in text
    assert "1 open follow-up" in text
    assert page.context["form"].initial["to"] == manager
    assert User.objects.get(pk=staff.pk).is_active


def test_all_goes_to_the_colleague_and_the_login_ends(
    belongings, staff, colleague, manager, signed_in, post_office
):  # fmt: skip
    phone = signed_in(staff)
    answer = signed_in(manager).post(leave(staff), {"to": colleague.pk})
    assert answer.headers["Location"] == reverse("team_list")

    now = owners(belongings)
    assert now.pop("over") == staff  # the past stays as it was
    assert set(now.values()) == {colleague}
    left = User.objects.get(pk=staff.pk)
    assert (left.is_active, left.pin) == (False, "")
    assert not Membership.objects.now().filter(user=staff).exists()
    assert phone.get("/").status_code == 302
    assert {mail["To"].addresses[0].addr_spec for mail in post_office.deliver()} == {colleague.email}
    written = list(AuditEntry.objects.values_list("verb", "actor"))
    for verb in ("deactivate_person", "hand_over", "assign_follow_up"):
        assert (verb, manager.pk) in written


def test_the_new_owner_is_told_of_the_conversation(belongings, staff, colleague, manager, signed_in, post_office):
    signed_in(manager).post(leave(staff), {"to": colleague.pk})
    assert any("Olena Koval" in text_of(mail) for mail in post_office.deliver())


def test_without_a_successor_nothing_happens(belongings, staff, manager, outsider, signed_in):
    for to in ("", str(staff.pk), str(outsider.pk)):  # nobody, oneself, somebody whom the manager does not manage
        page = signed_in(manager).post(leave(staff), {"to": to})
        assert "to" in page.context["form"].errors
    assert User.objects.get(pk=staff.pk).is_active
    assert set(owners(belongings).values()) == {staff}
    assert not AuditEntry.objects.filter(verb__in=["deactivate_person", "hand_over"]).exists()


def test_a_sponsor_gives_it_to_anybody_who_is_here(belongings, staff, outsider, sponsor, signed_in):
    gone = make_person("Gone", is_active=False)
    assert "to" in signed_in(sponsor).post(leave(staff), {"to": gone.pk}).context["form"].errors
    signed_in(sponsor).post(leave(staff), {"to": outsider.pk})
    assert owners(belongings)["olena"] == outsider


def test_whoever_looks_after_nobody_leaves_without_more_ado(staff, manager, signed_in):
    assert "nothing to hand over" in signed_in(manager).get(leave(staff)).content.decode()
    assert signed_in(manager).post(leave(staff)).status_code == 302
    assert not User.objects.get(pk=staff.pk).is_active


def test_the_last_sponsor_does_not_leave_and_keeps_everything(sponsor, colleague, make_customer):
    customer = make_customer(owner=sponsor)
    with pytest.raises(LastSponsor):
        leave_company(by=None, person=sponsor, to=colleague)
    customer.refresh_from_db()
    assert customer.owner == sponsor
    assert User.objects.get(pk=sponsor.pk).is_active


def test_it_is_all_or_nothing(belongings, staff, manager, colleague, monkeypatch):
    def fails(*args, **kwargs):
        raise RuntimeError("no")

    monkeypatch.setattr(reminders, "tell_owner", fails)
    with pytest.raises(RuntimeError, match="no"):
        leave_company(by=manager, person=staff, to=colleague)
    assert User.objects.get(pk=staff.pk).is_active
    assert set(owners(belongings).values()) == {staff}
    assert Message.objects.filter(key=f"follow-up:{belongings['waiting'].pk}:0:1").count() == 0
