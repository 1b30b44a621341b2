"""A budget is closed by due process: a reason, a review date, the person's own word, and an end."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from delight.organisation.models import AuditEntry
from delight.outbox.models import Message
from staff.budget.kinds import hourly
from staff.budget.models import Suspension
from staff.budget.news import news_for
from staff.budget.services import Refused
from staff.budget.suspending import lift, renew, reply, suspend
from tests.budget.conftest import give, in_days, left
from tests.conftest import text_of

SAM, MERT, OLGA = (f"{name}@barber.example" for name in ("sam", "mert", "olga"))


def page_of(browser, person) -> str:
    return browser.get(reverse("person_budget", args=[person.pk])).content.decode()


def review_day(suspension, days: int = 0) -> None:
    """The review date is so many days from today."""
    Suspension.objects.filter(pk=suspension.pk).update(review_on=in_days(days))


def test_the_whole_way_through_the_pages(staff, manager, signed_in, post_office):
    mert, sam = signed_in(manager), signed_in(staff)
    fields = {"reason": "Two gifts to a friend.", "review_on": in_days(10).isoformat()}
    mert.post(reverse("budget_close", args=[staff.pk]), fields)
    suspension = Suspension.objects.get()
    post_office.deliver()
    [mail] = post_office.to(SAM)
    assert "Two gifts to a friend." in text_of(mail)
    assert "You can reply" in text_of(mail)

    page = sam.get(reverse("budget")).content.decode()
    assert "Two gifts to a friend." in page
    assert "Moments that cost nothing are as welcome as ever." in page
    sam.post(reverse("budget_reply", args=[suspension.pk]), {"text": "He is a regular since 2019."})
    post_office.deliver()
    [mail] = post_office.to(MERT)
    assert "He is a regular since 2019." in text_of(mail)
    assert "He is a regular since 2019." in page_of(mert, staff)

    new = {"text": "Let us talk on Friday.", "review_on": in_days(20).isoformat()}
    mert.post(reverse("budget_renew", args=[suspension.pk]), new)
    post_office.deliver()
    assert "Let us talk on Friday." in text_of(post_office.to(SAM)[-1])
    assert "Let us talk on Friday." in sam.get(reverse("budget")).content.decode()

    mert.post(reverse("budget_lift", args=[suspension.pk]))
    post_office.deliver()
    assert post_office.to(SAM)[-1]["Subject"] == "Your delight budget is open again"
    assert "What do you say to it?" not in sam.get(reverse("budget")).content.decode()
    assert "Two gifts to a friend." in page_of(mert, staff)
    verbs = set(AuditEntry.objects.filter(actor=manager).values_list("verb", flat=True))
    assert verbs == {"suspend_budget", "renew_suspension", "lift_suspension"}


def test_a_closed_budget_gives_nothing_and_keeps_what_is_there(staff, close):
    give(staff, 5)
    close()
    with pytest.raises(Refused, match="Moments that cost nothing"):
        give(staff, 1)
    assert left(staff) == 15


def test_it_lifts_by_itself_on_the_review_date_and_the_person_is_told(staff, close, post_office):
    suspension = close()
    post_office.deliver()
    review_day(suspension, 1)
    hourly()
    with pytest.raises(Refused):
        give(staff, 1)
    review_day(suspension, 0)
    give(staff, 1)  # whether or not the round has been there
    hourly()
    hourly()
    post_office.deliver()
    assert [mail["Subject"] for mail in post_office.to(SAM)][1:] == ["Your delight budget is open again"]
    suspension.refresh_from_db()
    assert suspension.lifted_at
    assert suspension.lifted_by is None


def test_a_renewed_one_does_not_lift_on_the_old_date(staff, close, manager):
    suspension = close(days=1)
    renew(by=manager, suspension=suspension, text="Not yet talked.", review_on=in_days(5))
    review_day(suspension, 3)
    hourly()
    with pytest.raises(Refused):
        give(staff, 1)


@pytest.mark.parametrize("days", [0, -1, 93])
def test_the_review_date_is_a_day_to_come_and_not_far_away(days, staff, manager, signed_in):
    fields = {"reason": "Two gifts to a friend.", "review_on": in_days(days).isoformat()}
    page = signed_in(manager).post(reverse("budget_close", args=[staff.pk]), fields).content.decode()
    assert "invalid-feedback" in page
    assert "Two gifts to a friend.</textarea>" in page  # what was typed is kept
    assert not Suspension.objects.exists()


def test_it_is_renewed_to_a_later_day_only(staff, manager, close, signed_in):
    suspension = close()
    fields = {"text": "Why", "review_on": in_days(10).isoformat()}
    page = signed_in(manager).post(reverse("budget_renew", args=[suspension.pk]), fields).content.decode()
    assert "Choose a day after" in page


def test_a_reason_is_needed(staff, manager, signed_in):
    signed_in(manager).post(reverse("budget_close", args=[staff.pk]), {"review_on": in_days(3).isoformat()})
    assert not Suspension.objects.exists()


def test_nobody_closes_or_opens_their_own(manager, sponsor, signed_in, close):
    fields = {"reason": "Me", "review_on": in_days(3).isoformat()}
    for person in (manager, sponsor):
        assert signed_in(person).post(reverse("budget_close", args=[person.pk]), fields).status_code == 403
    theirs = close(by=sponsor, user=manager)
    for name in ("budget_renew", "budget_lift"):
        assert signed_in(manager).post(reverse(name, args=[theirs.pk]), fields).status_code == 403
    with pytest.raises(IntegrityError), transaction.atomic():
        Suspension.objects.create(user=sponsor, by=sponsor, reason="Me", review_on=in_days(3))


def test_only_the_person_replies_and_only_while_it_holds(staff, manager, colleague, close, signed_in):
    suspension = close()
    url = reverse("budget_reply", args=[suspension.pk])
    for person in (manager, colleague):
        assert signed_in(person).post(url, {"text": "x"}).status_code == 404
    lift(by=manager, suspension=suspension)
    page = signed_in(staff).post(url, {"text": "Too late"}, follow=True).content.decode()
    assert "This is over already." in page
    assert not suspension.words.exists()


def test_a_second_one_at_once_is_refused_in_words(staff, manager, sponsor, close, signed_in):
    close()
    fields = {"reason": "Me, too", "review_on": in_days(3).isoformat()}
    page = signed_in(sponsor).post(reverse("budget_close", args=[staff.pk]), fields, follow=True).content.decode()
    assert "closed already" in page
    assert Suspension.objects.count() == 1


def test_after_the_review_date_it_can_be_closed_anew(staff, manager, close):
    first = close()
    review_day(first, -1)
    second = suspend(by=manager, user=staff, reason="Again", review_on=in_days(5))
    first.refresh_from_db()
    assert first.lifted_at
    assert second.lifted_at is None


def test_mails_about_what_is_over_stay_home(staff, manager, close, post_office):
    suspension = close()
    lift(by=manager, suspension=suspension)
    post_office.deliver()
    assert [mail["Subject"] for mail in post_office.to(SAM)] == ["Your delight budget is open again"]
    assert Message.objects.get(key=f"budget-closed:{suspension.pk}:closed:1").reason == "done"


def test_without_an_address_the_page_today_says_it_and_the_manager_is_told(staff, manager, signed_in):
    staff.email = None
    staff.save()
    fields = {"reason": "Two gifts.", "review_on": in_days(3).isoformat()}
    page = signed_in(manager).post(reverse("budget_close", args=[staff.pk]), fields, follow=True).content.decode()
    assert "tell them" in page
    assert [news.kind for news in news_for(staff)] == ["closed"]


def test_a_reply_reaches_somebody_also_when_who_closed_the_budget_has_left(staff, manager, sponsor, close, post_office):
    suspension = close()
    manager.is_active = False
    manager.save()
    reply(by=staff, suspension=suspension, text="A regular.")
    post_office.deliver()
    assert [mail["To"].addresses[0].addr_spec for mail in post_office.mails] == [SAM, OLGA]


def test_a_reply_stands_on_the_page_today_of_whoever_closed_it(staff, manager, sponsor, close):
    reply(by=staff, suspension=close(), text="A regular.")
    [news] = news_for(manager)
    assert (news.kind, news.url) == ("reply", reverse("person_budget", args=[staff.pk]))
    assert news_for(sponsor) == []


def test_money_that_waits_can_still_be_decided(staff, manager, close, threshold):
    from staff.budget.services import approve

    asked = give(staff, 15)
    close()
    assert approve(by=manager, spend=asked).state == "spent"


def test_a_mail_is_too_late_after_a_week(close, post_office):
    close()
    Message.objects.update(promised_at=timezone.now() - timedelta(days=8), due_at=timezone.now() - timedelta(days=8))
    post_office.deliver()
    assert not post_office.mails
