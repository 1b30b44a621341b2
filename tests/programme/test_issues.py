"""Issues: raised with a sentence, owned, answered with a sentence; who is told, and who is reminded once."""

import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from delight.customers.models import Customer
from delight.customers.services import CARE_DAYS
from delight.organisation.models import AuditEntry
from delight.outbox.models import Message
from delight.programme.models import Issue
from delight.programme.services import AnsweredAlready, answer_issue, hand_issue, raise_issue
from delight.programme.showing import issue_news_for, issues_of, search_issues
from tests.conftest import html_of, make_person, text_of

DAY = timedelta(days=1)


@pytest.fixture
def today(organisation):
    return timezone.localdate(timezone=organisation.zone)


# --- Raising --------------------------------------------------------------------------------------------------------


def test_a_kind_and_a_sentence_have_an_owner_and_a_day(issue, team, manager, today):
    made = issue()
    assert (made.team, made.owner, made.due_on, made.state) == (team, manager, today + 7 * DAY, "open")


def test_what_is_said_counts_more(issue, other_team, colleague, today):
    made = issue(team=other_team, owner=colleague, due_on=today + DAY)
    assert (made.team, made.owner, made.due_on) == (other_team, colleague, today + DAY)


def test_without_a_manager_a_sponsor_looks_after_it(other_team, outsider, sponsor):
    made = raise_issue(by=outsider, kind="need", text="A second dryer.")
    assert (made.team, made.owner) == (other_team, sponsor)


def test_the_same_key_is_one_issue_and_another_persons_key_none_of_ours(issue, colleague):
    key = uuid4()
    assert issue(key=key) == issue(key=key)
    assert Issue.objects.count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        issue(key=key, by=colleague)


@pytest.mark.django_db(transaction=True)
def test_pressed_twice_at_once_it_is_one_issue(issue, staff, manager):
    key, made, start = uuid4(), [], threading.Barrier(2)

    def press():
        start.wait()
        made.append(issue(key=key))
        connection.close()

    threads = [threading.Thread(target=press) for _each in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made[0] == made[1]
    assert Issue.objects.count() == 1


@pytest.mark.parametrize(("kind", "cared"), [("complaint", True), ("obstacle", False)])
def test_after_a_complaint_its_customers_are_taken_care_of(kind, cared, issue, customer, make_customer, today):
    other = make_customer("Lotte Maes")
    issue(kind=kind, customers=[customer])
    customer.refresh_from_db()
    other.refresh_from_db()
    assert customer.care_until == (today + timedelta(days=CARE_DAYS) if cared else None)
    assert other.care_until is None


def test_care_that_lasts_longer_is_not_shortened(issue, customer, today):
    longer = today + timedelta(days=CARE_DAYS + 30)
    Customer.objects.update(care_until=longer)
    issue(kind="complaint", customers=[customer])
    customer.refresh_from_db()
    assert customer.care_until == longer


# --- Answering ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["done", "declined"])
def test_an_end_needs_a_sentence(state, issue, manager):
    made = issue()
    with pytest.raises(ValueError, match="sentence"):
        answer_issue(by=manager, issue=made, state=state, done=" ")
    answered = answer_issue(by=manager, issue=made, state=state, done="A new one hangs there.")
    assert (answered.state, answered.done, answered.answered_by) == (state, "A new one hangs there.", manager)
    assert answered.answered_at is not None


def test_the_database_knows_no_end_without_an_answer(issue):
    made = issue()
    with pytest.raises(IntegrityError, match="issue_ends_with_an_answer"), transaction.atomic():
        Issue.objects.filter(pk=made.pk).update(state="done")


def test_being_worked_on_it_is_still_open(issue, manager):
    made = answer_issue(by=manager, issue=issue(), state="doing")
    assert (made.is_open, made.done, made.answered_at) == (True, "", None)
    made = answer_issue(by=manager, issue=made, state="doing", done="A new one is ordered.")
    assert (made.is_open, made.done, made.answered_by) == (True, "A new one is ordered.", manager)
    assert answer_issue(by=manager, issue=made, state="done", done="It is there.").done == "It is there."


def test_the_first_answer_stays(issue, manager, sponsor):
    made = issue()
    answer_issue(by=manager, issue=made, state="done", done="Mended.")
    for again in (
        lambda: answer_issue(by=sponsor, issue=made, state="declined", done="No."),
        lambda: hand_issue(by=sponsor, issue=made, owner=sponsor),
    ):
        with pytest.raises(AnsweredAlready):
            again()
    made.refresh_from_db()
    assert (made.state, made.done, made.owner) == ("done", "Mended.", manager)


def test_history_has_who_did_what(issue, manager, colleague):
    made = hand_issue(by=manager, issue=issue(), owner=colleague)
    answer_issue(by=colleague, issue=made, state="done", done="Mended.")
    entries = AuditEntry.objects.filter(object_type="programme.issue").order_by("pk")
    assert [(entry.verb, entry.actor_id == colleague.pk) for entry in entries] == [
        ("create", False),
        ("assign_issue", False),
        ("answer_issue", True),
    ]


# --- Mails ----------------------------------------------------------------------------------------------------------


def subjects(mails) -> list[tuple[str, str]]:
    return [(str(mail["To"].addresses[0].username), str(mail["Subject"])) for mail in mails]


def test_the_owner_is_told_at_once(issue, post_office):
    made = issue(text="The card reader <loses> its line.")
    (mail,) = post_office.deliver()
    assert subjects([mail]) == [("mert", "Yours to look after: obstacle")]
    assert "The card reader <loses> its line." in text_of(mail)
    assert f"/issues/{made.pk}/" in text_of(mail)
    assert "&lt;loses&gt;" in html_of(mail)


def test_who_raises_it_for_themselves_gets_no_mail(manager, post_office):
    raise_issue(by=manager, kind="need", text="A second dryer.")
    assert post_office.deliver() == []


def test_handed_on_only_the_one_who_has_it_is_told(issue, manager, colleague, sponsor, post_office):
    made = issue()
    made = hand_issue(by=manager, issue=made, owner=colleague)
    made = hand_issue(by=manager, issue=made, owner=sponsor)
    assert [to for to, _subject in subjects(post_office.deliver())] == ["olga"]
    hand_issue(by=sponsor, issue=made, owner=colleague)
    assert [to for to, _subject in subjects(post_office.deliver())] == ["cleo"]
    hand_issue(by=sponsor, issue=made, owner=colleague)
    assert post_office.deliver() == []


@pytest.mark.parametrize("state", ["done", "declined"])
def test_who_raised_it_is_told_once(state, issue, manager, post_office):
    made = issue()
    post_office.deliver()
    answer_issue(by=manager, issue=made, state=state, done="A new one hangs there.")
    (mail,) = post_office.deliver()
    assert mail["To"].addresses[0].username == "sam"
    assert "A new one hangs there." in text_of(mail)
    assert post_office.deliver() == []


def test_being_worked_on_is_no_mail_and_neither_is_ones_own_answer(issue, staff, manager, post_office):
    made = issue(owner=staff)
    answer_issue(by=manager, issue=made, state="doing")
    answer_issue(by=staff, issue=made, state="done", done="Mended.")
    assert post_office.deliver() == []


def overdue(issue) -> None:
    Issue.objects.filter(pk=issue.pk).update(due_on=issue.due_on - 8 * DAY)
    Message.objects.filter(kind="issue-overdue").update(key=f"issue-overdue:{issue.pk}:{issue.due_on - 8 * DAY}")


def test_once_the_day_is_over_the_owner_is_reminded_once(issue, post_office, later):
    made = issue()
    post_office.deliver()
    later(days=7)
    assert post_office.deliver() == []
    overdue(made)
    later(days=2)
    assert subjects(post_office.deliver()) == [("mert", "Still without an answer: obstacle")]
    later(days=30)
    assert post_office.deliver() == []


@pytest.mark.parametrize("how", ["answered", "another day"])
def test_nobody_is_reminded_of_what_is_answered_or_has_another_day(how, issue, manager, post_office, later, today):
    made = issue()
    if how == "answered":
        answer_issue(by=manager, issue=made, state="done", done="Mended.")
    else:
        hand_issue(by=manager, issue=made, due_on=today + 30 * DAY)
    post_office.deliver()
    later(days=9)
    assert [mail for mail in post_office.deliver() if "Still without" in mail["Subject"]] == []


def test_who_has_left_and_who_has_no_address_gets_no_mail(issue, manager, colleague, post_office):
    issue()
    manager.is_active = False
    manager.save()
    colleague.email = None
    colleague.login_name = "cleo"
    colleague.save()
    issue(owner=colleague)
    assert post_office.deliver() == []
    assert set(Message.objects.filter(kind="issue").values_list("reason", flat=True)) == {"left", "no_address"}


# --- What other pages show ------------------------------------------------------------------------------------------


def test_news_for_who_raised_it_and_work_for_who_looks_after_it(issue, staff, manager):
    made, other = issue(), issue(text="Another")
    answer_issue(by=manager, issue=made, state="done", done="Mended.")
    assert [one.pk for one in issue_news_for(staff)["answered"]] == [made.pk]
    assert issue_news_for(staff)["waiting"] == []
    assert [one.pk for one in issue_news_for(manager)["waiting"]] == [other.pk]
    assert issue_news_for(manager)["answered"] == []
    Issue.objects.filter(pk=made.pk).update(answered_at=timezone.now() - 15 * DAY)
    assert issue_news_for(staff)["answered"] == []


def test_a_customers_page_and_the_search_show_what_the_reader_may_see(issue, staff, outsider, customer):
    made = issue(customers=[customer])
    issue(text="Nobody was touched.")
    assert issues_of(staff, customer) == [made]
    assert issues_of(outsider, customer) == []
    assert search_issues(staff, "reader line") == [made]
    assert search_issues(staff, "reader nothing") == []
    assert search_issues(outsider, "reader") == []


def test_the_demo_has_issues_and_no_mails(organisation, team, manager, staff, make_customer):
    import random

    from delight.programme import demo

    for number in range(3):
        make_customer(f"Person{number}", team=team)
    demo.make(rng=random.Random(1), now=timezone.now())
    states = set(Issue.objects.values_list("state", flat=True))
    assert states == {"open", "doing", "done", "declined"}
    assert Issue.objects.overdue(timezone.localdate()).exists()
    assert not Message.objects.exists()


def test_a_person_in_no_team_raises_for_no_team(sponsor, organisation):
    made = raise_issue(by=make_person("Nomi"), kind="rule", text="Why no dogs?")
    assert (made.team, made.owner) == (None, sponsor)
