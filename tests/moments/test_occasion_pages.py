"""The list of occasions: who sees which, with which idea, and what one tap does."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from staff.budget.models import today
from staff.moments.ideas import pin_idea
from staff.moments.models import Idea, Occasion, OccasionKind, OccasionTrial
from staff.moments.occasion_hints import occasions_for, occasions_of
from staff.moments.occasions import take_care_of
from staff.moments.services import log_moment, withdraw_moment


@pytest.fixture
def day(organisation):
    return today(organisation)


@pytest.fixture
def occasion(make_customer, team, staff, day):
    """`occasion("Olena", …)`: one that is open today; Mill Lane's, served by Sam, if nothing else is said."""

    def make(name: str = "Olena Koval", kind: str = "birthday", **fields) -> Occasion:
        owner = fields.pop("owner", None)
        fields = {"user": staff, "team": team, "cycle": "2026", "due_on": day, **fields}
        fields.setdefault("until", fields["due_on"] + timedelta(days=3))
        customer = fields.pop("customer", None) or make_customer(name, team=fields["team"], owner=owner)
        return Occasion.objects.create(kind=kind, customer=customer, **fields)

    return make


@pytest.fixture
def trial(sponsor, day):
    return OccasionTrial.objects.create(
        kind="birthday", begins_on=day, ends_on=day + timedelta(days=91), seed="x", points=10, needed=1, expected=1,
        started_by=sponsor,
    )  # fmt: skip


def page_of(browser, path: str = "/occasions/") -> str:
    answer = browser.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def put_aside(browser, found: Occasion, to: str = "dismissed", **headers):
    return browser.post(f"/occasions/{found.pk}/state/", {"to": to, "named": "on"}, **headers)


# --- Who sees which ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "seen"),
    [("staff", True), ("colleague", True), ("manager", True), ("sponsor", True), ("outsider", False),
     ("other_manager", False)],
)  # fmt: skip
def test_the_team_sees_it_and_strangers_do_not(who, seen, occasion, signed_in, request):
    found = occasion()
    browser = signed_in(request.getfixturevalue(who))
    assert ("Olena Koval" in page_of(browser)) is seen
    assert put_aside(browser, found).status_code == (302 if seen else 404)
    found.refresh_from_db()
    assert found.state == ("dismissed" if seen else "open")


def test_the_owner_sees_it_also_in_another_team(occasion, outsider, signed_in):
    occasion(owner=outsider)
    assert "Olena Koval" in page_of(signed_in(outsider))


@pytest.mark.parametrize(("who", "seen"), [("staff", False), ("manager", True), ("other_manager", True)])
def test_those_of_nobody_are_the_managers(who, seen, occasion, signed_in, request):
    occasion(user=None, team=None)
    assert ("Olena Koval" in page_of(signed_in(request.getfixturevalue(who)))) is seen


def test_ones_own_come_first_then_nobodys_then_colleagues_who_are_named(occasion, staff, colleague, signed_in, day):
    occasion("Cleos", user=colleague, due_on=day - timedelta(days=1))
    occasion("Nobodys", user=None)
    occasion("Owned", user=colleague, owner=staff)
    occasion("Served")
    page = page_of(signed_in(staff))
    assert sorted(["Owned", "Served", "Nobodys", "Cleos"], key=page.index) == ["Owned", "Served", "Nobodys", "Cleos"]
    assert page.count("With: Cleo") == 1


def test_what_is_not_open_today_is_not_there(occasion, staff, signed_in, day):
    occasion("Later", due_on=day + timedelta(days=1))
    occasion("Over", due_on=day - timedelta(days=3), until=day)
    occasion("Used", state="used")
    gone = occasion("Erased").customer
    gone.erased_at, gone.name = gone.created_at, ""
    gone.save()
    page = page_of(signed_in(staff))
    assert "No occasion today" in page
    assert occasions_for(staff, 5) == []


def test_who_is_left_out_by_a_trial_stands_nowhere(occasion, trial, staff, sponsor, signed_in):
    hidden = occasion("Left Out", trial=trial, arm="left_out")
    shown = occasion("Shown", trial=trial, arm="shown")
    for who in (staff, sponsor):
        page = page_of(signed_in(who))
        assert "Shown" in page
        assert "Left Out" not in page
        assert occasions_of(who, hidden.customer) == []
        assert put_aside(signed_in(who), hidden).status_code == 404
    assert [hint.occasion for hint in occasions_for(staff, 5)] == [shown]


def test_after_a_low_answer_it_is_shown_after_all(occasion, trial, staff, signed_in, day):
    hidden = occasion("Left Out", trial=trial, arm="left_out")
    take_care_of(hidden.customer, day)
    assert "Left Out" in page_of(signed_in(staff))


def test_fifty_on_a_page(occasion, staff, signed_in):
    for number in range(51):
        occasion(f"Guest {number:02}")
    first, second = (page_of(signed_in(staff), f"/occasions/?page={number}") for number in (1, 2))
    assert (first.count("Guest"), second.count("Guest")) == (150, 3)  # the link, and the words of two buttons


def test_three_take_as_many_queries_as_one(occasion, staff, signed_in, django_assert_num_queries):
    browser = signed_in(staff)
    occasion("One", "first_visit")
    for more in ((), ("birthday", "silence")):
        for kind in more:
            occasion(f"Guest {kind}", kind, cycle="2026-01-05")
        with django_assert_num_queries(12):
            browser.get("/occasions/")


def test_home_and_the_customers_page_get_what_is_theirs(occasion, staff, colleague, sponsor):
    mine, other = occasion("Mine"), occasion("Other", user=colleague)
    nobodys = occasion("Nobodys", user=None)
    assert [hint.occasion for hint in occasions_for(staff, 5)] == [mine, nobodys]
    assert [hint.occasion for hint in occasions_for(staff, 1)] == [mine]
    assert occasions_for(sponsor, 5) == []
    assert [hint.occasion for hint in occasions_of(staff, other.customer)] == [other]


def test_no_page_counts_them_for_anybody(occasion, staff, manager, signed_in):
    for number in range(7):
        occasion(f"Guest {'abcdefg'[number]}")
    for who in (staff, manager):
        assert " 7 " not in page_of(signed_in(who))


# --- Why, and what to do ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "cycle", "words"),
    [
        ("first_visit", "1", "First visit: today"), ("fifth_visit", "5", "Fifth visit: today"),
        ("anniversary", "2026", "Anniversary of the first visit: today"), ("birthday", "2026", "Birthday: today"),
        ("silence", "2026-03-12", "Last visit: 12 March 2026"), ("repaired", "follow-up:1", "How is it now?"),
    ],
)  # fmt: skip
def test_each_says_why_in_a_few_words_and_has_an_idea(kind, cycle, words, occasion, staff, signed_in):
    occasion(kind=kind, cycle=cycle)
    assert words in page_of(signed_in(staff))
    assert all(hint.idea.words for hint in occasions_for(staff, 9))


def test_a_day_that_is_over_is_named(occasion, staff, day):
    occasion(due_on=day - timedelta(days=1))
    assert "today" not in occasions_for(staff, 1)[0].why


def test_the_idea_is_a_starter_of_the_trade_until_somebody_has_done_better(
    occasion, staff, colleague, organisation, signed_in
):
    organisation.trade = "salon"
    organisation.save()
    first = occasion("Anna", "first_visit")
    assert occasions_for(staff, 1)[0].idea.chip == "s:salon-first"
    assert "This is your first time here" in page_of(signed_in(staff))
    tour = Idea.objects.create(text="A tour of the shop")
    moment = log_moment(by=colleague, key=uuid4(), idea=tour, customer=first.customer, occasion=first)
    occasion("Ben", "first_visit")
    assert occasions_for(staff, 1)[0].idea.words == "A tour of the shop"
    withdraw_moment(by=colleague, moment=moment)
    assert occasions_for(staff, 1)[0].idea.chip == "s:salon-first"


def test_a_retired_starter_is_not_offered(occasion, staff, organisation, day):
    organisation.trade = "salon"
    organisation.save()
    Idea.objects.create(starter="salon-first", kind="say", trade="salon", source="starter", retired_at=timezone.now())
    occasion(kind="first_visit")
    assert occasions_for(staff, 1)[0].idea.chip == ""


def test_an_idea_that_one_has_pinned_comes_before_the_teams(occasion, staff, colleague, outsider):
    pinned, other = Idea.objects.create(text="A card by hand"), Idea.objects.create(text="A song")
    pin_idea(by=staff, idea=pinned)
    for idea, by in ((pinned, outsider), (other, colleague)):
        used = occasion(f"Of {by.name}")
        log_moment(by=by, key=uuid4(), idea=idea, customer=used.customer, occasion=used)
    now = occasion("Now")
    assert occasions_for(staff, 1)[0].idea.words == "A card by hand"
    [theirs] = occasions_of(colleague, now.customer)
    assert theirs.idea.words == "A song"


def test_one_tap_opens_the_page_for_a_moment_and_logging_it_uses_the_occasion(occasion, staff, signed_in):
    found = occasion()
    url = occasions_for(staff, 1)[0].do_url
    assert f"occasion={found.pk}" in url
    assert f"customer={found.customer_id}" in url
    browser = signed_in(staff)
    page = browser.get(url)
    assert page.status_code == 200
    assert "Olena Koval" in page.content.decode()
    answer = browser.post(
        "/moments/new/", {"key": str(uuid4()), "whom": found.customer_id, "what": "A card", "occasion": found.pk}
    )
    assert answer.status_code == 302
    found.refresh_from_db()
    assert (found.state, found.decided_by, found.moment.what) == ("used", staff, "A card")
    assert occasions_for(staff, 5) == []


# --- Put aside --------------------------------------------------------------------------------------------------


def test_put_aside_is_written_down_and_can_be_undone(occasion, staff, signed_in):
    found, browser = occasion(), signed_in(staff)
    answer = put_aside(browser, found)
    assert answer.url == f"/occasions/?dismissed={found.pk}"
    assert "Undo" in page_of(browser, answer.url)
    found.refresh_from_db()
    assert (found.state, found.decided_by) == ("dismissed", staff)
    assert put_aside(browser, found, "open").status_code == 302
    found.refresh_from_db()
    assert (found.state, found.decided_by) == ("open", None)


def test_with_htmx_the_line_comes_back(occasion, staff, signed_in):
    found, browser = occasion(), signed_in(staff)
    line = put_aside(browser, found, HTTP_HX_REQUEST="true").content.decode()
    assert "Put aside: Olena Koval" in line
    line = put_aside(browser, found, "open", HTTP_HX_REQUEST="true").content.decode()
    assert "Not this one" in line


def test_what_is_used_cannot_be_put_aside(occasion, staff, colleague, signed_in):
    found = occasion()
    log_moment(by=colleague, key=uuid4(), what="A card", customer=found.customer, occasion=found)
    assert put_aside(signed_in(staff), found, HTTP_HX_REQUEST="true").content == b""
    found.refresh_from_db()
    assert found.state == "used"


@pytest.mark.parametrize("to", ["", "used", "nonsense"])
def test_only_the_two_words_are_taken(to, occasion, staff, signed_in):
    found = occasion()
    assert put_aside(signed_in(staff), found, to).url == "/occasions/"
    found.refresh_from_db()
    assert found.state == "open"


@pytest.mark.parametrize("asked", ["x", "0", "-1", "99999999999999999999"])
def test_a_made_up_undo_shows_nothing(asked, occasion, staff, signed_in):
    occasion()
    assert "Undo" not in page_of(signed_in(staff), f"/occasions/?dismissed={asked}")


def test_the_undo_of_another_team_is_not_shown(occasion, outsider, staff, signed_in):
    found = occasion()
    put_aside(signed_in(staff), found)
    assert "Olena" not in page_of(signed_in(outsider), f"/occasions/?dismissed={found.pk}")


def test_every_kind_has_its_words():
    from staff.moments.fitting import STARTERS, WORDS
    from staff.moments.occasion_hints import SENTENCES
    from staff.moments.starters import BY_KEY

    assert set(WORDS) == set(SENTENCES) == set(OccasionKind)
    assert set(STARTERS.values()) <= set(BY_KEY)
