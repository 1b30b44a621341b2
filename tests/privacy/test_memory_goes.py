"""Facts, questions and issues: in the person's export, and gone or emptied with them."""

import json

import pytest
from django.urls import reverse

from delight.customers.models import Fact, FactConfirmation, NextTime
from delight.lib import privacy
from delight.lib.privacy import Whose
from delight.programme.models import Issue
from tests.privacy.conftest import MARK

pytestmark = pytest.mark.slow

ROWS = ("customers.Fact", "customers.FactConfirmation", "customers.NextTime")


@pytest.mark.parametrize("model", ROWS)
def test_the_canary_fills_every_column_of_what_we_remember(model, canary):
    table = next(table for table in privacy.tables() if table.model == model)
    for name in table.fields(Whose.CUSTOMER):
        assert set(table.about(canary.customer).values_list(name, flat=True)) - {"", None, False}, name


def test_all_of_it_is_in_the_export(canary, sponsor, signed_in):
    answer = signed_in(sponsor).post(reverse("customer_export", args=[canary.customer.pk]))
    told = json.dumps(json.loads(b"".join(answer) if answer.streaming else answer.content))
    for words in ("drinks no tea", "Did the", " yes", "waited long", "got a chair"):
        assert f"{MARK}{words}" in told or f"{words} {MARK}" in told or f"{MARK} {words.strip()}" in told, words


def test_facts_and_questions_go_and_an_issue_stays_without_words(canary, sponsor, signed_in):
    url = reverse("customer_erase", args=[canary.customer.pk])
    assert signed_in(sponsor).post(url, {"never_write": "on"}).status_code == 302
    for model in (Fact, FactConfirmation, NextTime):
        assert not model.objects.exists()
    assert set(Issue.objects.values_list("text", "done")) == {("", "")}
    assert set(Issue.objects.values_list("state", flat=True)) == {"open", "done"}
