"""The demo company's ideas and notes: believable, of the past, and nothing due."""

import pytest
from django.utils import timezone

from delight.customers.services import is_suppressed
from delight.outbox.models import OPEN, Message
from staff.moments.models import Idea, IdeaPin, PersonalNote
from staff.moments.notes import may_write


@pytest.fixture
def demo(demo_company):
    """Dated from the beginning of the run."""


def test_the_demo_company_has_ideas_of_its_own_a_kit_pins_and_notes(demo):
    now = timezone.now()
    own = Idea.objects.filter(starter="")
    assert {"team", "customer", "elsewhere"} <= set(own.values_list("source", flat=True))
    assert {"do", "say"} == set(own.values_list("kind", flat=True))
    assert own.filter(usual_cost__gt=0).exists()
    assert own.filter(kit__gt="").exists()
    assert own.filter(retired_at__lt=now).exists()
    assert not own.filter(created_at__gte=now).exists()
    assert IdeaPin.objects.exists()
    notes = PersonalNote.objects.select_related("by", "customer")
    assert notes.filter(sent_at__lt=now).exclude(mailed_to="").count() == len(notes) - 1
    assert all(may_write(note.by, note.customer) for note in notes)
    refused = notes.get(sent_at=None)
    assert refused.not_sent == "unsubscribed"
    assert is_suppressed(refused.customer.email, "notes")
    assert not Message.objects.filter(kind="note", state__in=OPEN).exists()
