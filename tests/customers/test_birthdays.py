"""A birthday is a day and a month, and one that there is."""

import pytest

from delight.customers.models import Customer


@pytest.fixture
def save(manager, team, make_customer, signed_in):
    """`save("31", "3")`: the customer's form sent with this birthday; returns the answer and the customer."""
    customer = make_customer(team=team)

    def do(day: str, month: str):
        fields = {
            "name": customer.name, "email": customer.email, "address_source": "existing", "team": team.pk,
            "birth_day": day, "birth_month": month,
        }  # fmt: skip
        answer = signed_in(manager).post(f"/customers/{customer.pk}/edit/", fields)
        return answer, Customer.objects.get(pk=customer.pk)

    return do


@pytest.mark.parametrize(("day", "month"), [("31", "3"), ("29", "2"), ("1", "12")])
def test_a_day_that_there_is_is_taken(day, month, save):
    answer, customer = save(day, month)
    assert answer.status_code == 302
    assert (customer.birth_day, customer.birth_month) == (int(day), int(month))


@pytest.mark.parametrize(
    ("day", "month", "words"),
    [
        ("31", "2", "There is no such day in that month."), ("30", "2", "There is no such day in that month."),
        ("31", "4", "There is no such day in that month."), ("5", "", "A birthday is a day and a month."),
        ("", "5", "A birthday is a day and a month."), ("32", "1", "Select a valid choice"),
    ],
)  # fmt: skip
def test_another_is_refused_with_a_sentence(day, month, words, save):
    answer, customer = save(day, month)
    assert words in answer.content.decode()
    assert (customer.birth_day, customer.birth_month) == (None, None)
    assert save("31", "3")[0].status_code == 302


def test_it_can_be_taken_away(save):
    save("31", "3")
    assert save("", "")[1].birth_month is None
