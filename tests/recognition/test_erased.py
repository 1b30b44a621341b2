"""A customer is erased: what colleagues said to each other stays, without the customer's name."""

from __future__ import annotations

from delight.front.rights import erase_customer
from staff.moments.services import change_moment
from staff.recognition.models import Recognition


def test_also_where_the_moment_was_noted_for_them_by_mistake_before(
    thank, make_moment, customer, make_customer, colleague, sponsor
):
    moment = make_moment()
    thank(moment=moment, text="You were so patient with Olena, thank you.")
    change_moment(by=colleague, moment=moment, customer=make_customer("Ada Lovelace"))
    erase_customer(by=sponsor, customer=customer, never_write=False)
    assert "Olena" not in Recognition.objects.get().text
