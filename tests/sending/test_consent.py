"""The company's own rule: existing customers may be asked by mail, or only those whose consent is recorded."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from delight.customers.models import Customer
from delight.organisation.models import Organisation
from delight.organisation.services import default_consent_rule
from delight.outbox.models import Message
from surveys.sending.models import Invitation, Sending
from surveys.sending.queries import preview

RULES = {"existing": {"Existing", "Consented"}, "recorded": {"Consented"}}


def decide(rule: str) -> None:
    Organisation.objects.update(consent_rule=rule)


@pytest.fixture
def three(make_customer):
    make_customer("Existing")
    make_customer("Consented", address_source="consent", consent_on=date(2026, 1, 5))
    make_customer("Found", address_source="other")


@pytest.mark.parametrize(("rule", "asked"), RULES.items())
def test_the_rule_decides_who_gets_the_survey(three, send, post_office, rule, asked):
    decide(rule)
    send()
    mails = post_office.deliver()
    assert {mail["To"].addresses[0].username.rstrip("0123456789") for mail in mails} == {name.lower() for name in asked}
    others = Invitation.objects.exclude(customer__name__in=asked)
    assert set(others.values_list("not_sent_reason", flat=True)) == {"not_allowed"}


@pytest.mark.parametrize(("rule", "asked"), RULES.items())
def test_the_page_before_sending_counts_by_the_rule(three, survey, sponsor, rule, asked):
    decide(rule)
    seen = preview(Sending(version=survey.current, sender=sponsor, created_by=sponsor))
    assert (seen.asked, [count for _reason, count in seen.not_asked]) == (len(asked), [3 - len(asked)])


def test_a_rule_that_changes_between_sending_and_reminder_holds(three, invited, post_office):
    invitation = invited(Customer.objects.get(name="Existing"))
    Message.objects.filter(kind="remind").update(due_at=timezone.now())
    decide("recorded")
    post_office.mails.clear()
    assert post_office.deliver() == []
    assert Message.objects.get(kind="remind", object_id=invitation.pk).reason == "not_allowed"


@pytest.mark.parametrize(
    ("country", "rule"),
    [("TR", "recorded"), ("ru", "recorded"), ("UA", "existing"), ("DE", "existing"), ("", "existing")],
)
def test_turkey_and_russia_begin_with_recorded_consent(country, rule):
    assert default_consent_rule(country) == rule


def test_a_sponsor_changes_the_rule_in_the_settings(sponsor, manager, signed_in):
    page = signed_in(sponsor).get(reverse("organisation"))
    values = {**page.context["form"].initial, "consent_rule": "recorded"}
    data = {name: value for name, value in values.items() if value is not None}
    assert signed_in(manager).post(reverse("organisation"), data).status_code == 403
    assert Organisation.get().consent_rule == "existing"
    assert signed_in(sponsor).post(reverse("organisation"), data).status_code == 302
    assert Organisation.get().consent_rule == "recorded"
