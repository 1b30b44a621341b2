"""A copy of the database, or a site that has moved, stays silent until a sponsor says that it is the real one."""

import pytest

from delight.organisation.models import AuditEntry, Organisation
from delight.organisation.services import release_sending, stop_sending, why_sending_is_off
from staff.people.services import invite_person


@pytest.fixture
def waiting_mail(sponsor, team, post_office):
    """A mail that is due, and would go out."""
    return lambda: invite_person(by=sponsor, email="ada@barber.example", team=team)


def test_the_database_that_was_set_up_sends(organisation, waiting_mail, post_office):
    waiting_mail()
    assert why_sending_is_off() == ""
    assert len(post_office.deliver()) == 1


def test_a_restored_copy_sends_nothing_until_it_is_released(sponsor, waiting_mail, post_office):
    waiting_mail()
    Organisation.objects.update(released_copy="7000000000000000000:16384")  # as if dumped elsewhere
    assert why_sending_is_off() == "copy"
    assert post_office.deliver() == []
    release_sending(by=sponsor)
    assert len(post_office.deliver()) == 1


def test_a_site_at_another_address_sends_nothing_until_it_is_released(sponsor, waiting_mail, post_office, settings):
    waiting_mail()
    settings.BASE_URL = "https://elsewhere.example"
    assert why_sending_is_off() == "address"
    assert post_office.deliver() == []
    release_sending(by=sponsor)
    assert "https://elsewhere.example/join/" in post_office.deliver()[0].get_body(("plain",)).get_content()


@pytest.mark.parametrize(("is_local", "why"), [(True, ""), (False, "address")])
def test_another_port_is_another_address_but_on_the_own_machine(is_local, why, organisation, settings):
    """There `up` takes the next port when one is taken."""
    settings.LOCAL = is_local
    Organisation.objects.update(released_base_url="http://127.0.0.1:8000")
    settings.BASE_URL = "http://127.0.0.1:8001"
    assert why_sending_is_off() == why
    settings.BASE_URL = "http://delight.example:8000"
    assert why_sending_is_off() == "address"


def test_switched_off_by_hand_it_waits(sponsor, waiting_mail, post_office):
    waiting_mail()
    stop_sending(by=sponsor)
    assert why_sending_is_off() == "off"
    assert post_office.deliver() == []
    release_sending(by=sponsor)
    assert len(post_office.deliver()) == 1
    assert list(AuditEntry.objects.values_list("verb", flat=True)[:2]) == ["release_sending", "stop_sending"]


@pytest.mark.django_db
def test_before_the_set_up_nothing_leaves():
    assert why_sending_is_off() == "off"
