"""Changing and withdrawing: what it said before is kept, and the budget follows."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from delight.customers.models import Account
from delight.organisation.models import AuditEntry
from staff.budget.ledger import differences
from staff.budget.models import BudgetPeriod, Spend
from staff.budget.services import decline
from staff.moments.models import Idea, Moment


@pytest.fixture
def sam(signed_in, staff):
    return signed_in(staff)


@pytest.fixture
def change(sam):
    """`change(moment, what=…)`: the form, sent as it stands but for what is named."""

    def do(moment, client=None, **given):
        url = reverse("moment_change", args=[moment.pk])
        form = sam.get(url).context["form"]
        data = {name: form[name].value() for name in form.fields if name not in ("photo", "receipt")} | given
        data = {name: value for name, value in data.items() if value not in (None, False, "")}
        return (client or sam).post(url, data)

    return do


def spent(user) -> Decimal:
    assert not differences().exists()
    return sum((period.spent for period in BudgetPeriod.objects.filter(user=user)), Decimal(0))


def test_saved_as_it_stands_nothing_changes(change, make_moment, budget, staff):
    moment = make_moment(cost=Decimal("4.50"), reaction="calm", idea=Idea.objects.create(text="A cup of tea"))
    assert change(moment).status_code == 302
    moment.refresh_from_db()
    assert not moment.changes.exists()
    assert spent(staff) == Decimal("4.50")
    assert Spend.objects.get().entries.count() == 1


def test_what_it_said_before_is_kept_and_shown_to_few(
    change, make_moment, make_customer, sam, signed_in, manager, colleague
):
    first = Idea.objects.create(text="A cup of tea")
    moment = make_moment(idea=first, reaction="calm")
    other = make_customer("Ivan Bondar")
    assert change(moment, what="Coffee", reaction="delighted", whom=str(other.pk), did="").status_code == 302
    kept = moment.changes.get()
    assert kept.fields == ["customer", "idea", "reaction", "what"]
    assert (kept.before["what"], kept.before["customer"]) == ("Tea", moment.customer_id)
    for client in (sam, signed_in(manager)):
        page = client.get(reverse("moment", args=[moment.pk])).content.decode()
        assert "Olena Koval" in page
        assert "A cup of tea" in page
        assert "took it calmly" in page
    assert "Olena Koval" not in signed_in(colleague).get(reverse("moment", args=[moment.pk])).content.decode()


def test_nobody_else_changes_it(change, make_moment, signed_in, manager, sponsor):
    moment = make_moment()
    for person in (manager, sponsor):
        assert change(moment, client=signed_in(person), what="Mine").status_code == 403
    moment.refresh_from_db()
    assert moment.what == "Tea"


def test_the_budget_follows_another_cost(change, make_moment, budget, staff):
    moment = make_moment()
    for cost, left in (("7", 7), ("3", 3), ("50", 50), ("", 0), ("5", 5)):
        assert change(moment, cost=cost).status_code == 302, cost
        assert spent(staff) == left
    assert Moment.objects.get().spend.state == "spent"
    assert Spend.objects.count() == 1


def test_more_than_is_left_leaves_all_as_it_was(change, make_moment, budget, staff):
    moment = make_moment(cost=Decimal(10))
    answer = change(moment, cost="50.01", what="Flowers")
    assert answer.status_code == 422
    assert "That is more than is left" in answer.content.decode()
    moment.refresh_from_db()
    assert (moment.what, spent(staff)) == ("Tea", 10)


def test_the_gift_follows_to_another_customer_and_their_companys_rule(
    change, make_moment, make_customer, budget, staff
):
    moment = make_moment(cost=Decimal(10))
    other = make_customer("Ivan Bondar", account=Account.objects.create(name="City Hall", is_public_body=True))
    answer = change(moment, whom=str(other.pk))
    assert "City Hall takes no gifts" in answer.content.decode()
    Account.objects.update(is_public_body=False, gift_rule="up_to", gift_limit=Decimal(10))
    assert change(moment, whom=str(other.pk)).status_code == 302
    spend = Spend.objects.get()
    assert (spend.customer, spend.account, spent(staff)) == (other, other.account, 10)
    moment.refresh_from_db()
    assert moment.account == other.account


def test_what_was_declined_can_be_asked_for_again_with_less(change, make_moment, budget, staff, manager, organisation):
    organisation.approve_over = Decimal(5)
    organisation.save()
    moment = make_moment(cost=Decimal(20))
    assert moment.spend.state == "held"
    decline(by=manager, spend=moment.spend, reason="Too dear")
    assert change(moment, cost="4").status_code == 302
    assert (Spend.objects.get().state, spent(staff)) == ("spent", 4)


def test_when_the_month_is_over_the_cost_stays(change, make_moment, budget, staff):
    moment = make_moment(cost=Decimal(10))
    last = (timezone.localdate().replace(day=1) - timedelta(days=1)).replace(day=1)
    BudgetPeriod.objects.update(month=last)
    for cost in ("4", ""):
        answer = change(moment, cost=cost)
        assert answer.status_code == 422
        assert "The month is over" in answer.content.decode()
    assert change(moment, what="Green tea").status_code == 302
    assert spent(staff) == 10


# --- Withdrawing ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "status"), [("staff", 302), ("manager", 302), ("sponsor", 302), ("colleague", 403), ("other_manager", 403)]
)
def test_who_withdraws(who, status, make_moment, signed_in, request, budget, staff):
    moment = make_moment(cost=Decimal(10))
    person = request.getfixturevalue(who)
    assert signed_in(person).post(reverse("moment_withdraw", args=[moment.pk])).status_code == status
    moment.refresh_from_db()
    assert (moment.state == "withdrawn") is (status == 302)
    assert spent(staff) == (0 if status == 302 else 10)
    assert AuditEntry.objects.filter(verb="withdraw_moment", actor=person).exists() is (status == 302)


def test_a_withdrawn_one_is_no_story_but_its_author_still_reads_it(make_moment, sam, signed_in, colleague, manager):
    moment = make_moment(what="A-slip-of-the-thumb")
    url = reverse("moment", args=[moment.pk])
    sam.post(reverse("moment_withdraw", args=[moment.pk]))
    for client in (sam, signed_in(colleague)):
        assert "A-slip-of-the-thumb" not in client.get("/moments/").content.decode()
    assert "A-slip-of-the-thumb" in sam.get(url).content.decode()
    assert signed_in(manager).get(url).status_code == 200
    assert signed_in(colleague).get(url).status_code == 404
    assert sam.get(reverse("moment_change", args=[moment.pk])).status_code == 403
    assert sam.post(reverse("moment_withdraw", args=[moment.pk])).status_code == 302, "pressed twice"


def test_after_its_month_the_money_stays_spent_and_that_is_said(make_moment, sam, budget, staff):
    moment = make_moment(cost=Decimal(10))
    last = (timezone.localdate().replace(day=1) - timedelta(days=1)).replace(day=1)
    BudgetPeriod.objects.update(month=last)
    answer = sam.post(reverse("moment_withdraw", args=[moment.pk]), follow=True)
    assert "the money stays spent" in answer.content.decode()
    assert spent(staff) == 10
