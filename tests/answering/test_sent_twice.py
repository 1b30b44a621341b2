"""A form may come twice: pressed twice, or sent once more by the web server when the machine that took it ended."""

from datetime import timedelta

import pytest
from django.utils import timezone

from surveys.answering.models import Response
from tests.conftest import fields_of


@pytest.fixture
def customer(invited, as_customer):
    """Somebody who has the answer page open, with 4 chosen; `send()` sends it, each time without a cookie."""
    someone = as_customer(invited())
    fields = fields_of(someone.open(4).content)

    def send(comment="Too long a wait.", client=someone, **changed):
        client.web.cookies.clear()
        return client.web.post(someone.answer_url, {**fields, "comment": comment, **changed})

    someone.send = send
    return someone


def test_the_same_form_again_is_the_same_answer(customer):
    first, second = customer.send(), customer.send()
    assert Response.objects.count() == 1
    assert first.content == second.content
    customer.web.post(customer.answer_url, {**fields_of(customer.open(9).content), "comment": "All is well."})
    assert Response.objects.get().score == 9  # with the second cookie it is still the customer's own


@pytest.mark.parametrize("changed", [{"comment": "Something else."}, {"score": "5"}, {"nonce": "forged"}])
def test_another_form_is_another_answer(customer, changed):
    customer.send()
    customer.send(**changed)
    assert Response.objects.count() == 2


def test_the_same_words_from_somebody_else_or_much_later_are_another_answer(customer, as_customer):
    customer.send()
    customer.send(client=as_customer(customer.invitation, address="203.0.113.9"))
    assert Response.objects.count() == 2
    Response.objects.update(submitted_at=timezone.now() - timedelta(minutes=2))
    customer.send()
    assert Response.objects.count() == 3
