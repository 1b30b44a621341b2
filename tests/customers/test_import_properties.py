"""Whatever stands in the rows: importing the same file again changes nothing."""

import itertools

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from delight.customers.importing import jobs
from delight.customers.models import Customer
from tests.customers.helpers import bring_in, check

# Few values, so that rows meet: the same address, the same phone, the same name, in every mixture.
ROW = st.tuples(
    st.sampled_from(["Anna", "ANNA ", "Bob", "", "İrem"]),
    st.sampled_from(["a@mail.example", "A@mail.example", "b@mail.example", "", "bad"]),
    st.sampled_from(["0478 11", "047811", "+32478", ""]),
    st.sampled_from(["", "Acme", "ACME"]),
    st.sampled_from(["", "2026-01-05", "05.02.2026"]),
)
NUMBER = itertools.count()


@pytest.mark.slow
@pytest.mark.parametrize("batch", [500, 2])
def test_any_file_imported_again_changes_nothing(sponsor, signed_in, make_customer, monkeypatch, batch):
    monkeypatch.setattr(jobs, "BATCH", batch)
    browser = signed_in(sponsor)

    @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
    @given(known=st.lists(ROW, max_size=3), rows=st.lists(ROW, min_size=1, max_size=6))
    def play(known, rows):
        Customer.objects.all().delete()
        for name, email, phone, _account, _day in known:
            _add(make_customer, name, email, phone)
        text = "Name,E-mail,Phone,Company,Consent date\n" + "".join(",".join(row) + "\n" for row in [*rows, ROW_OF_ONE])
        first = bring_in(browser, text, skip=True)
        before = list(Customer.objects.order_by("pk").values())

        again = bring_in(browser, text, skip=True)

        assert first.state == again.state == "done"
        assert (again.new, again.changed) == (0, 0)
        assert (again.same, again.bad) == (first.new + first.changed + first.same, first.bad)
        assert list(Customer.objects.order_by("pk").values()) == before

    play()


ROW_OF_ONE = ("Zoe", "zoe@mail.example", "", "", "")


def _add(make_customer, name, email, phone) -> None:
    email = email if "@" in email else None
    key = "".join(phone.split())
    there = (
        Customer.objects.filter(email=email.lower()) if email else Customer.objects.filter(email=None, phone_key=key)
    )
    if (email or key) and not there.exists():
        make_customer(name or "Nameless", email=email, phone=phone)


def test_what_the_check_foretells_is_what_the_run_does(sponsor, signed_in, monkeypatch):
    monkeypatch.setattr(jobs, "BATCH", 2)
    browser = signed_in(sponsor)
    text = "Name,E-mail,Phone\nAnna,,0478\nBob,b@mail.example,\nX,bad,\nAnna,a@mail.example,0478\nCleo,,0479\n"
    foretold = check(browser, text)
    told = (foretold.new, foretold.changed, foretold.same, foretold.bad)
    done = bring_in(browser, text, skip=True)
    assert (done.new, done.changed, done.same, done.bad) == told == (3, 0, 0, 2)
