"""Follow-ups when several people do the same thing in the same moment, and what happens without the guards.

Everybody has looked before anybody may write: the moment that a check before the write does not survive.
"""

import contextlib
import threading

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import UniqueConstraint
from django.utils import timezone

from delight.organisation.worktime import end_of_working_day
from delight.outbox.models import Message
from surveys.answering.models import Response
from surveys.followups.models import FollowUp, FollowUpQuerySet, Outcome
from surveys.followups.services import AlreadyClosed, close_follow_up, open_follow_up
from tests.conftest import make_person
from tests.faults.senders import until

# The guards of the database: one open per customer, one outcome each (what OneToOneField calls it).
ONE_OPEN = next(each for each in FollowUp._meta.constraints if each.name == "follow_up_open_once")
ONE_OUTCOME = UniqueConstraint(fields=["follow_up"], name="followups_outcome_follow_up_id_key")

pytestmark = pytest.mark.django_db(transaction=True)


def waiting_to_write() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks JOIN pg_database AS here ON here.oid = database"
            " WHERE NOT granted AND relation = 'followups_followup'::regclass AND datname = current_database()"
        )
        return cursor.fetchone()[0]


def all_at_once(act, given: list) -> list[Exception]:
    """`act(each)` in a thread for each; they may read, and write only when all of them want to. What went wrong."""
    trouble: list[Exception] = []

    def run(each) -> None:
        try:
            act(each)
        except Exception as error:
            trouble.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[each]) for each in given]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE followups_followup IN SHARE MODE")
        for thread in threads:
            thread.start()
        until(lambda: waiting_to_write() == len(given), what="everybody's wish to write")
    for thread in threads:
        thread.join()
    return trouble


@contextlib.contextmanager
def without(model, constraint):
    """The database without this guard; what the tests have made goes before it comes back."""
    with connection.schema_editor() as editor:
        editor.remove_constraint(model, constraint)
    try:
        yield
    finally:
        Outcome.objects.all().delete()
        FollowUp.objects.all().delete()
        with connection.schema_editor() as editor:
            editor.add_constraint(model, constraint)


# --- Opening ----------------------------------------------------------------------------------------------------


@pytest.fixture
def unhappy_answers(survey, make_customer) -> list[Response]:
    """Six of the same customer, the worst one last."""
    customer = make_customer()
    return [
        Response.objects.create(
            version=survey.current, customer=customer, language="en", score=score, submitted_at=timezone.now(),
            client="x", is_active=True,
        )
        for score in (5, 4, 3, 2, 1, 0)
    ]  # fmt: skip


def open_for(response: Response) -> None:
    open_follow_up(response=response, asked=FollowUp.Asked.UNHAPPY)


def test_many_answers_at_once_open_one(unhappy_answers):
    assert not all_at_once(open_for, unhappy_answers)
    found = FollowUp.objects.get()
    assert found.response.score == 0
    assert Message.objects.filter(key=f"follow-up:{found.pk}:1").count() == 1
    assert found.due_at == end_of_working_day(found.opened_at, 1)


@pytest.mark.slow
def test_control_without_the_key_each_of_them_opens_one(unhappy_answers):
    with without(FollowUp, ONE_OPEN):
        assert not all_at_once(open_for, unhappy_answers)
        assert FollowUp.objects.open().count() == len(unhappy_answers)


# --- Closing ----------------------------------------------------------------------------------------------------


@pytest.fixture
def follow_up(make_customer) -> FollowUp:
    return FollowUp.objects.create(customer=make_customer(), asked="unhappy", due_at=timezone.now())


@pytest.fixture
def close(follow_up):
    """`close(person)`: that person closes it and writes down their name."""
    return lambda person: close_follow_up(by=person, follow_up=follow_up, result="talked", happened=person.name)


@pytest.fixture
def two(organisation) -> list:
    return [make_person(name, is_sponsor=True) for name in ("Olga", "Oleg")]


@pytest.fixture
def looks_first(monkeypatch):
    """The guard off: look whether it is open, then close it."""

    def look_then_write(self, **values) -> int:
        return FollowUp._base_manager.filter(pk=self.get().pk).update(**values) if self.exists() else 0

    monkeypatch.setattr(FollowUpQuerySet, "update", look_then_write)


def test_two_who_close_at_once_leave_one_outcome(two, close):
    (refused,) = all_at_once(close, two)
    winner = Outcome.objects.get()
    assert isinstance(refused, AlreadyClosed)
    assert refused.outcome == winner
    assert winner.happened == winner.by.name


@pytest.mark.slow
def test_control_where_the_write_has_no_condition_the_second_runs_into_the_database(two, close, looks_first):
    (refused,) = all_at_once(close, two)
    assert isinstance(refused, IntegrityError)


@pytest.mark.slow
def test_control_without_the_databases_guard_as_well_both_have_closed_it(two, close, looks_first):
    with without(Outcome, ONE_OUTCOME):
        assert not all_at_once(close, two)
        assert Outcome.objects.count() == 2
