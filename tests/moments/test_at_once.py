"""Several presses in the same moment: one idea, one note."""

import uuid

import pytest

from delight.customers.models import Customer
from delight.outbox.models import Message
from staff.moments.ideas import add_idea, starter_idea, steal_idea
from staff.moments.models import Idea, IdeaPin, Moment, PersonalNote
from staff.moments.notes import NotWritten, write_note
from staff.people.models import User
from tests.people.together import together

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def olena(make_customer, team, staff):
    return make_customer("Olena Koval", team=team, owner=staff)


def test_two_who_take_the_same_story_at_once_make_one_idea(staff, colleague, manager):
    moment = Moment.objects.create(user=staff, what="Kept the shop open.")
    ends = together(
        *(lambda by=by: steal_idea(by=by, moment=moment) for by in (colleague, manager, colleague)),
        held=Moment.objects.filter(pk=moment.pk),
    )
    assert [made for _idea, made in ends].count(True) == 1
    assert (Idea.objects.count(), IdeaPin.objects.count()) == (1, 2)


def test_an_idea_pressed_twice_at_once_is_in_the_bank_once(staff):
    press = lambda: add_idea(by=staff, kind="do", text="Hold the door.")  # noqa: E731
    ends = together(press, press, held=User.objects.filter(pk=staff.pk))
    assert ends[0] == ends[1] == Idea.objects.get()


def test_a_starter_gets_one_row(db):
    assert {starter_idea("salon-name").pk for _press in range(3)} == {Idea.objects.get().pk}


def test_of_two_notes_at_once_to_one_customer_one_goes_out(staff, manager, olena):
    ends = together(
        *(lambda by=by: write_note(by=by, customer=olena, text="Hello", key=uuid.uuid4()) for by in (staff, manager)),
        held=Customer.objects.filter(pk=olena.pk),
    )
    assert [isinstance(end, NotWritten) for end in ends].count(True) == 1
    assert PersonalNote.objects.count() == Message.objects.filter(kind="note").count() == 1


def test_one_note_pressed_twice_at_once_is_one(staff, olena):
    key = uuid.uuid4()
    press = lambda: write_note(by=staff, customer=olena, text="Hello", key=key)  # noqa: E731
    ends = together(press, press, held=User.objects.filter(pk=staff.pk))
    assert ends[0] == ends[1] == PersonalNote.objects.get()
