import pytest
from django.utils import timezone


@pytest.fixture
def answered(invited, as_customer):
    """`answered(customer, 3, "why")`: a customer is asked and answers; returns the Response."""
    from delight.customers.models import Customer
    from surveys.answering.models import Response

    def do(customer, score: int, comment: str = "") -> Response:
        Customer.objects.filter(pk=customer.pk).update(last_asked_at=None)
        invitation = invited(customer)
        as_customer(invitation).answer(score, comment)
        return Response.objects.get(invitation=invitation)

    return do


@pytest.fixture
def follow_up(answered, make_customer, team, staff):
    """Sam's open follow-up: Olena gave 3."""
    from surveys.followups.models import FollowUp

    customer = make_customer("Olena Koval", team=team, owner=staff, phone="+32 470 12 34 56")
    answered(customer, 3, "Waited forty minutes, nobody said a word.")
    return FollowUp.objects.get()


@pytest.fixture
def fall_due(post_office):
    """`fall_due(follow_up, steps=[1])`: as if the time of these reminders had come; returns the mails it causes."""
    from datetime import timedelta

    from delight.outbox.models import Message

    def do(follow_up, steps=(1,)):
        past = timezone.now() - timedelta(minutes=1)
        type(follow_up).objects.filter(pk=follow_up.pk).update(due_at=past - timedelta(hours=1))
        keys = [f"follow-up:{follow_up.pk}:{step}" for step in steps]
        assert Message.objects.filter(key__in=keys).update(due_at=past, promised_at=past) == len(keys)
        return post_office.deliver()

    return do
