"""The page on which a moment is logged, as a browser without JavaScript uses it, and as the script does."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from delight.customers.models import Account, Visit
from staff.budget.models import BudgetPeriod
from staff.moments.models import Idea, IdeaPin, Moment
from staff.moments.quick import mark_of
from tests.moments.conftest import picture, uploaded

NEW = "/moments/new/"


@pytest.fixture
def sam(signed_in, staff) -> Client:
    return signed_in(staff)


@pytest.fixture
def idea(staff):
    return Idea.objects.create(text="A cup of tea", created_by=staff)


@pytest.fixture
def post(sam):
    """`post(what="Tea", …)`: the form sent by its button; what is not named stands as on a new page."""

    def do(client=None, **given):
        data = {"key": str(uuid4()), "whom": "walk-in", "log": "1"} | given
        return (client or sam).post(NEW, {name: value for name, value in data.items() if value is not None})

    return do


def left_by(user) -> Decimal:
    return sum((period.spent for period in BudgetPeriod.objects.filter(user=user)), Decimal(0))


def said(response) -> str:
    return response.content.decode()


# --- Two taps ---------------------------------------------------------------------------------------------------


def test_the_customer_and_then_the_chip(post, customer, idea, staff):
    answer = post(whom="", set_whom=str(customer.pk), log=None)
    assert answer.status_code == 200
    assert answer.context["whom"] == str(customer.pk)
    assert not Moment.objects.exists()
    answer = post(whom=str(customer.pk), set_did=str(idea.pk), log=None)
    moment = Moment.objects.get()
    assert (moment.customer, moment.idea, moment.state, moment.user) == (customer, idea, "logged", staff)
    assert answer.headers["Location"] == f"{NEW}?logged={moment.pk}"


def test_the_chip_and_then_the_customer(post, customer, idea):
    assert post(whom="", set_did=str(idea.pk), log=None).context["did"] == str(idea.pk)
    assert post(whom="", did=str(idea.pk), set_whom=str(customer.pk), log=None).status_code == 302
    assert Moment.objects.get().customer == customer


def test_a_walk_in_is_a_tap_as_well(post, idea):
    assert post(whom="", did=str(idea.pk), set_whom="walk-in", log=None).status_code == 302
    assert Moment.objects.get().customer is None


def test_a_chip_that_costs_something_is_not_sent_by_taps(post, customer, idea, budget, staff):
    Idea.objects.update(usual_cost=Decimal("7.50"))
    answer = post(whom=str(customer.pk), set_did=str(idea.pk), log=None)
    assert answer.status_code == 200
    assert 'value="7.5' in said(answer)
    assert post(whom=str(customer.pk), did=str(idea.pk), cost="7.50").status_code == 302
    assert left_by(staff) == Decimal("7.50")


def test_a_starter_gets_its_row_by_its_first_use_only(post, sam, organisation):
    organisation.trade = "salon"
    organisation.save()
    chip = sam.get(NEW).context["chips"][0].value
    assert chip.startswith("s:")
    assert not Idea.objects.exists()
    for _time in range(2):
        assert post(did=chip).status_code == 302
    assert Idea.objects.count() == 1
    assert Moment.objects.filter(idea=Idea.objects.get()).count() == 2


def test_chips_are_pinned_then_own_then_the_teams(sam, staff, colleague, make_moment, organisation):
    pinned, own, teams = (Idea.objects.create(text=text) for text in ("Pinned", "Own", "Team's"))
    make_moment(idea=own)
    make_moment(by=colleague, idea=teams)
    IdeaPin.objects.create(user=staff, idea=pinned)
    chips = sam.get(NEW).context["chips"]
    assert [chip.words for chip in chips[:3]] == ["Pinned", "Own", "Team's"]
    assert len(chips) == 8
    Idea.objects.filter(pk=own.pk).update(retired_at=timezone.now())
    assert "Own" not in [chip.words for chip in sam.get(NEW).context["chips"]]


def test_who_comes_today_stands_first(sam, staff, team, other_team, make_customer):
    ours, mine, theirs, missed = (make_customer(name) for name in ("Ours", "Mine", "Theirs", "Missed"))
    now = timezone.now()
    Visit.objects.create(customer=ours, team=team, starts_at=now)
    Visit.objects.create(customer=mine, team=team, starts_at=now, served_by=staff)
    Visit.objects.create(customer=theirs, team=other_team, starts_at=now)
    Visit.objects.create(customer=missed, team=team, starts_at=now, state="missed")
    assert [str(customer) for customer in sam.get(NEW).context["people"]] == ["Mine", "Ours"]


# --- A sentence -------------------------------------------------------------------------------------------------


def test_one_sentence_is_enough(post, customer):
    assert post(whom=str(customer.pk), what="Carried the bags", reaction="delighted").status_code == 302
    moment = Moment.objects.get()
    assert (moment.what, moment.reaction, moment.spend) == ("Carried the bags", "delighted", None)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"whom": "", "what": "Tea"}, "Say for whom it was"),
        ({}, "Choose an idea, or say in a sentence"),
        ({"what": "Tea", "whom": "999999"}, "not there any more"),
        ({"what": "Tea", "whom": "x" * 10}, "not there any more"),
        ({"did": "s:nothing"}, "not offered any more"),
        ({"did": "²"}, "not offered any more"),
        ({"what": "Tea", "cost": "-1"}, "greater than or equal to 0"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_lost(post, given, sentence, budget):
    answer = post(**given)
    assert answer.status_code == 422
    assert sentence in said(answer)
    assert not given.get("what") or given["what"] in said(answer)
    assert not Moment.objects.exists()


def test_a_sum_may_have_a_comma(post, staff, budget):
    assert post(what="Tea", cost="3,50").status_code == 302
    assert left_by(staff) == Decimal("3.50")


def test_refused_money_says_what_is_left_keeps_all_and_offers_to_log_it_free(post, customer, budget, staff):
    given = {"whom": str(customer.pk), "what": "Flowers and a card", "reaction": "calm", "cost": "60"}
    answer = post(**given, photo=uploaded(picture()), people_agreed="on")
    assert answer.status_code == 422
    text = said(answer)
    assert "50 EUR" in text
    assert "Flowers and a card" in text
    assert "choose the photo" in text
    assert answer.context["can_be_free"]
    assert not Moment.objects.exists()
    assert post(**given, log=None, free="1").status_code == 302
    assert Moment.objects.get().spend is None


def test_a_company_that_takes_no_gifts_gets_the_sentence(post, customer, budget):
    customer.account = Account.objects.create(name="City Hall", is_public_body=True)
    customer.save()
    answer = post(whom=str(customer.pk), what="Cake", cost="5")
    assert answer.status_code == 422
    assert "City Hall takes no gifts" in said(answer)


def test_afterwards_the_page_says_what_it_cost_and_what_is_left(post, sam, budget):
    answer = post(what="Tea", cost="1.50")
    assert "Logged: 1.50 EUR. Left this month: 48.50 EUR." in sam.get(answer.url).content.decode()


def test_what_is_left_is_said_where_the_cost_is(sam, budget):
    assert "50 EUR left" in said(sam.get(NEW))


# --- Once -------------------------------------------------------------------------------------------------------


def test_pressed_again_with_the_same_words_it_is_one_moment(post):
    key = str(uuid4())
    first, second = (post(key=key, what="Tea") for _time in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert Moment.objects.count() == 1


def test_a_second_try_that_says_when_it_was_is_the_same_moment(post):
    key = str(uuid4())
    for when in (None, timezone.now().isoformat()):
        assert post(key=key, what="Tea", happened_at=when).status_code == 302
    assert Moment.objects.count() == 1


def test_the_same_key_with_other_words_is_said_and_can_be_sent_as_another(post):
    key = str(uuid4())
    post(key=key, what="Tea")
    answer = post(key=key, what="Coffee")
    assert answer.status_code == 409
    assert "Coffee" in said(answer)
    assert "not logged yet" in said(answer)
    fresh = answer.context["form"]["key"].value()
    assert fresh != key
    assert post(key=fresh, what="Coffee").status_code == 302
    assert Moment.objects.count() == 2


def test_what_somebody_elses_page_sends_is_not_logged_under_ones_own_name(post, staff, colleague):
    answer = post(what="Tea", owner=mark_of(colleague))
    assert answer.status_code == 422
    assert "Somebody else is signed in" in said(answer)
    assert not Moment.objects.exists()
    assert post(what="Tea", owner=mark_of(staff)).status_code == 302


# --- Later ------------------------------------------------------------------------------------------------------


def test_finish_later_keeps_a_stub_that_nobody_else_sees(post, sam, signed_in, colleague, customer):
    assert post(whom=str(customer.pk), log=None, later="1").status_code == 302
    stub = Moment.objects.get()
    assert stub.state == "stub"
    change = reverse("moment_change", args=[stub.pk])
    assert change in said(sam.get(NEW))
    other = signed_in(colleague)
    assert other.get(change).status_code == 404
    assert other.get(reverse("moment", args=[stub.pk])).status_code == 404
    assert str(stub) not in said(other.get(NEW))
    assert "Olena" not in said(other.get("/moments/"))
    answer = sam.post(change, {"key": str(stub.key), "whom": str(customer.pk), "what": "Tea", "log": "1"})
    assert answer.status_code == 302
    stub.refresh_from_db()
    assert (stub.state, stub.what) == ("logged", "Tea")
    assert "Olena" in said(other.get("/moments/"))


def test_a_stub_needs_something(post):
    assert post(whom="", log=None, later="1").status_code == 422


def test_a_stub_that_is_discarded_gives_its_money_back(post, sam, staff, budget):
    post(whom="", what="Tea", cost="4", log=None, later="1")
    assert left_by(staff) == 4
    sam.post(reverse("moment_withdraw", args=[Moment.objects.get().pk]))
    assert left_by(staff) == 0


# --- The next thing ---------------------------------------------------------------------------------------------


def test_after_logging_one_tap_says_how_they_took_it(post, sam, colleague, signed_in):
    page = post(what="Tea").headers["Location"]
    moment = Moment.objects.get()
    assert "How did they take it?" in said(sam.get(page))
    assert "logged-reaction" not in said(signed_in(colleague).get(page)), "it is nobody else's"
    url = reverse("moment_reaction", args=[moment.pk])
    assert sam.post(url, {"reaction": "pleased", "back": "new"}).headers["Location"] == NEW
    moment.refresh_from_db()
    assert moment.reaction == "pleased"
    assert not moment.changes.exists(), "said for the first time"
    assert sam.post(url, {"reaction": "nonsense"}).status_code == 302
    moment.refresh_from_db()
    assert moment.reaction == "pleased"


# --- Looking for somebody ---------------------------------------------------------------------------------------


def test_typing_a_name_finds_buttons(sam, customer):
    page = said(sam.get("/moments/whom/?whom_words=olen"))
    assert f'name="set_whom" value="{customer.pk}"' in page
    page = said(sam.get("/moments/whom/?introduced_whom=olen"))
    assert f'name="set_introduced" value="{customer.pk}"' in page
    assert "Olena" not in said(sam.get("/moments/whom/?whom_words=o"))
    assert customer.email not in page


def test_without_a_script_find_comes_back_with_the_found(post, customer):
    answer = post(whom="", what="Tea", log=None, find="whom", whom_words="olen")
    assert answer.status_code == 200
    assert f'name="set_whom" value="{customer.pk}"' in said(answer)
    assert "Tea" in said(answer)
    assert not Moment.objects.exists()


# --- For the script ---------------------------------------------------------------------------------------------


JSON = {"headers": {"Accept": "application/json"}}


def test_a_script_is_told_where_to_go(sam):
    answer = sam.post(NEW, {"key": str(uuid4()), "whom": "walk-in", "what": "Tea"}, **JSON)
    assert answer.status_code == 201
    assert answer.json() == {"next": f"{NEW}?logged={Moment.objects.get().pk}"}


def test_a_script_is_told_what_is_wrong(sam, budget):
    data = {"key": str(uuid4()), "whom": "walk-in", "what": "Tea"}
    answer = sam.post(NEW, data | {"cost": "99"}, **JSON)
    assert (answer.status_code, answer.json()["can_be_free"]) == (422, True)
    assert "50 EUR" in answer.json()["sentence"]
    answer = sam.post(NEW, data | {"whom": ""}, **JSON)
    assert list(answer.json()["errors"]) == ["whom"]
    sam.post(NEW, data, **JSON)
    answer = sam.post(NEW, data | {"what": "Coffee"}, **JSON)
    assert answer.status_code == 409
    assert answer.json()["new_key"] != data["key"]


def test_when_it_was_comes_from_the_phone_and_is_never_in_the_future(post):
    hour_ago = timezone.now() - timedelta(hours=1)
    post(what="Tea", happened_at=hour_ago.isoformat())
    post(what="Coffee", happened_at=(timezone.now() + timedelta(days=3)).isoformat())
    assert Moment.objects.get(what="Tea").happened_at == hour_ago
    assert Moment.objects.get(what="Coffee").happened_at <= timezone.now()


def test_constant_queries(sam, staff, team, make_customer, make_moment, django_assert_num_queries):
    make_moment(finish_later=True)
    make_moment(idea=Idea.objects.create(text="One"))
    Visit.objects.create(customer=make_customer("One"), team=team, starts_at=timezone.now())
    with django_assert_num_queries(21):
        sam.get(NEW)
    for name in ("Two", "Three"):
        make_moment(finish_later=True)
        make_moment(idea=Idea.objects.create(text=name))
        Visit.objects.create(customer=make_customer(name), team=team, starts_at=timezone.now())
    with django_assert_num_queries(21):
        sam.get(NEW)
