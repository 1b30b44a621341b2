"""Above the threshold a manager decides: yes, less, or no with a reason; the person is told."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from delight.organisation.models import AuditEntry
from delight.outbox.models import Message
from staff.budget import hooks
from staff.budget.access import waiting_for
from staff.budget.granting import set_sum
from staff.budget.models import Spend
from staff.budget.news import news_for
from staff.budget.services import change_amount, free_undecided, give_back
from tests.budget.conftest import give, kinds, left
from tests.conftest import text_of

pytestmark = pytest.mark.usefixtures("threshold")
SAM, MERT, OLGA = (f"{name}@barber.example" for name in ("sam", "mert", "olga"))


@pytest.fixture
def asked(staff, team, manager, make_customer):
    """Sam asks for 15."""
    return give(staff, 15, make_customer(), team)


def press(browser, name, spend, **fields):
    return browser.post(reverse(f"approval_{name}", args=[spend.pk]), fields, follow=True)


def state(spend) -> tuple[str, Decimal]:
    spend.refresh_from_db()
    return spend.state, spend.amount


def test_up_to_the_threshold_nobody_is_asked(staff, manager):
    assert give(staff, 10).state == "spent"
    assert waiting_for(manager) == 0


def test_without_a_threshold_nobody_is_asked(staff, organisation):
    organisation.approve_over = None
    organisation.save()
    assert give(staff, 20).state == "spent"


def test_what_waits_lowers_what_is_left_at_once(asked, staff):
    assert left(staff) == 5
    assert kinds(staff)[-1] == ("hold", 15)


def test_the_manager_hears_of_it_and_approves(asked, staff, manager, signed_in, post_office):
    post_office.deliver()
    [mail] = post_office.mails
    assert (mail["To"].addresses[0].addr_spec, mail["Subject"]) == (MERT, "Sam asks for 15 EUR")
    assert "to surprise Olena Koval" in text_of(mail)
    browser = signed_in(manager)
    assert "Olena Koval" in browser.get(reverse("approvals")).content.decode()
    assert "Approved." in press(browser, "approve", asked, amount="15").content.decode()
    assert (state(asked), asked.decided_by) == (("spent", 15), manager)
    assert kinds(staff)[-3:] == [("hold", 15), ("release", 15), ("spend", 15)]
    post_office.deliver()
    [told] = post_office.to(SAM)
    assert told["Subject"] == "Approved: 15 EUR"
    assert AuditEntry.objects.get(verb="approve_spend").actor == manager


def test_less_can_be_approved_and_the_rest_is_free(asked, staff, manager, signed_in, post_office):
    press(signed_in(manager), "approve", asked, amount="8.50")
    assert (state(asked), left(staff)) == (("spent", Decimal("8.50")), Decimal("11.50"))
    post_office.deliver()
    [told] = post_office.to(SAM)
    assert "Of the 15 EUR you asked for, 8.50 EUR are approved." in text_of(told)


@pytest.mark.parametrize("amount", ["15.01", "0", "-1", "", "a lot"])
def test_never_more_than_was_asked_for_and_what_was_typed_is_kept(amount, asked, manager, signed_in):
    page = press(signed_in(manager), "approve", asked, amount=amount).content.decode()
    assert f'value="{amount}"' in page or not amount
    assert "invalid-feedback" in page
    assert state(asked) == ("held", 15)


def test_no_needs_a_reason_and_the_person_reads_it(asked, staff, manager, signed_in, post_office):
    browser = signed_in(manager)
    assert "invalid-feedback" in press(browser, "decline", asked, reason="").content.decode()
    assert state(asked) == ("held", 15)
    press(browser, "decline", asked, reason="A card with kind words does it.")
    assert (state(asked), left(staff)) == (("declined", 15), 20)
    post_office.deliver()
    [told] = post_office.to(SAM)
    assert "A card with kind words does it." in text_of(told)
    assert AuditEntry.objects.get(verb="decline_spend").fields == []


def test_what_is_decided_is_not_decided_again(asked, staff, manager, sponsor, signed_in):
    press(signed_in(manager), "approve", asked, amount="15")
    page = press(signed_in(sponsor), "decline", asked, reason="No").content.decode()
    assert "has been decided already" in page
    assert state(asked) == ("spent", 15)


def test_after_seven_days_it_is_too_late_even_before_the_round(asked, manager, signed_in, staff, post_office):
    Spend.objects.update(lapses_at=timezone.now() - timedelta(seconds=1))
    assert waiting_for(manager) == 0
    assert "its time is over" in press(signed_in(manager), "approve", asked, amount="15").content.decode()
    free_undecided()
    post_office.deliver()
    [told] = post_office.to(SAM)
    assert "Within seven days nobody decided" in text_of(told)
    assert not post_office.to(MERT)
    assert Message.objects.get(kind="budget-approval").reason == "done"


def test_nobody_decides_about_their_own_money(manager, other_manager, sponsor, signed_in):
    asked = give(manager, 15)
    for person, status in ((manager, 403), (other_manager, 404)):
        assert press(signed_in(person), "approve", asked, amount="15").status_code == status
    assert (waiting_for(manager), waiting_for(sponsor)) == (0, 1)
    press(signed_in(sponsor), "approve", asked, amount="15")
    assert state(asked) == ("spent", 15)


def test_a_managers_wish_goes_to_the_sponsors(manager, sponsor, post_office):
    give(manager, 15)
    post_office.deliver()
    assert [mail["To"].addresses[0].addr_spec for mail in post_office.mails] == [OLGA]


def test_a_sponsor_has_nobody_to_ask(sponsor):
    assert give(sponsor, 15).state == "spent"


def test_a_new_cost_asks_anew_and_the_old_mail_stays_home(asked, staff, manager, post_office):
    change_amount(by=staff, spend=asked, amount=Decimal(16))
    post_office.deliver()
    [mail] = post_office.to(MERT)
    assert mail["Subject"] == "Sam asks for 16 EUR"


def test_what_was_taken_back_needs_no_word_any_more(asked, staff, manager, post_office):
    give_back(by=staff, spend=asked)
    post_office.deliver()
    assert not post_office.mails


def test_without_an_address_the_page_today_says_it(asked, staff, manager, post_office, signed_in):
    staff.email = None
    staff.save()
    press(signed_in(manager), "approve", asked, amount="15")
    post_office.deliver()
    assert [(news.kind, news.text) for news in news_for(staff)] == [("decided", "Approved: 15 EUR")]
    assert Message.objects.get(kind="budget-decided").reason == "no_address"


def test_the_page_today_counts_what_waits_for_managers_only(asked, staff, manager):
    assert [(news.kind, news.text) for news in news_for(manager)] == [("waiting", "1 sum waits for your approval")]
    assert news_for(staff) == []


def test_the_room_that_spends_tells_what_for(asked, manager, signed_in, monkeypatch):
    monkeypatch.setattr(hooks, "_TELLERS", [lambda ids: dict.fromkeys(ids, ("Flowers for the new shop", "/x/"))])
    assert '<a href="/x/">Flowers for the new shop</a>' in signed_in(manager).get(reverse("approvals")).content.decode()


def test_the_list_asks_the_database_the_same_however_long_it_is(
    asked, staff, manager, colleague, make_customer, signed_in, django_assert_num_queries
):
    browser = signed_in(manager)
    browser.get(reverse("approvals"))
    with django_assert_num_queries(QUERIES):
        browser.get(reverse("approvals"))
    give(manager, 11, make_customer("Mark"))  # not in this list
    give(colleague, 11, make_customer("Ada"))
    set_sum(by=manager, user=staff, amount=Decimal(60), from_now=True)
    give(staff, 12, make_customer("Eva"))
    with django_assert_num_queries(QUERIES):
        page = browser.get(reverse("approvals")).content.decode()
    assert page.count("/approve/") == 3


QUERIES = 12
