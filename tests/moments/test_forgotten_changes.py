"""What a moment said before: it goes with every customer it was ever noted for."""

from delight.front.rights import erase_customer
from staff.moments.models import MomentChange
from staff.moments.services import change_moment


def test_who_is_forgotten_is_forgotten_in_all_that_the_moment_said_before(
    staff, make_moment, make_customer, customer, sponsor
):
    moment = make_moment(what="Olena told me of her illness")
    for values in ({"what": "Tea"}, {"customer": make_customer("Bob")}):
        moment = change_moment(by=staff, moment=moment, **values)
    erase_customer(by=sponsor, customer=customer, never_write=False)
    assert list(MomentChange.objects.values_list("before", flat=True)) == [{}, {}]
