"""The staff pulse: anonymous by construction, and nothing below five, also not by differencing."""

from __future__ import annotations

import itertools
import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.utils import timezone
from hypothesis import example, given
from hypothesis import strategies as st

from staff.people.models import Membership
from staff.wins import pulse
from staff.wins.models import PulseAnswer, PulseFigure, PulseRound, PulseTicket
from staff.wins.pulse_rule import FEWEST, decide, mean
from tests.conftest import make_person


@pytest.fixture
def people(team):
    """Seven who work in Mill Lane."""
    return [make_person(name, team) for name in ("Ada", "Ben", "Cem", "Dora", "Eva", "Finn", "Gul")]


@pytest.fixture
def asked(organisation, people):
    """A round that is open."""
    return pulse.open_round(organisation)


def answers(asked, people, glad=8, able=6) -> None:
    for person in people:
        assert pulse.answer(by=person, asked=asked, glad=glad, able=able)


def close(asked) -> PulseRound:
    assert pulse.close_round(asked)
    return PulseRound.objects.get(pk=asked.pk)


def next_month(organisation, ago: int) -> PulseRound:
    """A round of some months ago, open until tomorrow."""
    first = timezone.now().date().replace(day=1)
    for _month in range(ago):
        first = (first - timedelta(days=1)).replace(day=1)
    return PulseRound.objects.create(month=first, closes_on=timezone.now().date() + timedelta(days=2))


# --- Answering --------------------------------------------------------------------------------------------------


def test_two_questions_are_answered_once(asked, people, signed_in):
    browser = signed_in(people[0])
    assert b"I am glad to work here" in browser.get("/pulse/").content
    assert browser.post("/pulse/", {"glad": "9"}).status_code == 422
    assert browser.post("/pulse/", {"glad": "11", "able": "3"}).status_code == 422
    assert browser.post("/pulse/", {"glad": "9", "able": "7"}).status_code == 302
    browser.post("/pulse/", {"glad": "0", "able": "0"})
    answer = PulseAnswer.objects.get()
    assert (answer.glad, answer.able) == (9, 7)
    assert b"I am glad to work here" not in browser.get("/pulse/").content


def test_nothing_in_the_tables_joins_a_person_with_an_answer(asked, people):
    """Not a column, not the order of the rows, not the transaction that wrote them."""
    answers(asked, people)
    fields = {field.name for model in (PulseTicket, PulseAnswer) for field in model._meta.fields}
    assert fields == {"id", "round", "team", "mark", "glad", "able"}
    with connection.cursor() as cursor:
        for table in ("wins_pulseticket", "wins_pulseanswer"):
            cursor.execute(f"SELECT count(DISTINCT xmin::text), count(*) FROM {table}")  # noqa: S608
            assert cursor.fetchone() == (1, len(people)), table
    # The mark is not the person for whoever has the database alone.
    from delight.lib.tokens import _mac

    without_key = {_mac("", "pulse-ticket", f"{asked.pk}:{person.pk}".encode()).hex() for person in people}
    assert not without_key & set(PulseTicket.objects.values_list("mark", flat=True))


def test_an_answer_from_a_team_of_fewer_than_five_stands_in_no_team(asked, people, other_team):
    """Alone in its team a row would be somebody's for whoever reads the table."""
    others = [make_person("Alone", other_team), *(make_person(name) for name in ("Hal", "Ida", "Jan", "Kai"))]
    answers(asked, people[:5])
    answers(asked, others, glad=2, able=2)
    for model in (PulseTicket, PulseAnswer):
        assert not model.objects.filter(team=other_team).exists()
        assert model.objects.filter(team=None).count() == 5
    close(asked)
    assert PulseFigure.objects.get(team=None).glad == Decimal("5.0")


def test_where_fewer_than_five_are_in_no_team_the_smallest_team_is_counted_with_them(asked, people, sponsor):
    answers(asked, [sponsor], glad=2, able=2)
    answers(asked, people)
    for model in (PulseTicket, PulseAnswer):
        assert model.objects.filter(team=None).count() == 8


def test_of_two_teams_the_larger_one_keeps_its_own_figure(asked, people, team, other_team, sponsor):
    others = [make_person(name, other_team) for name in ("Hal", "Ida", "Jan", "Kai", "Lou")]
    answers(asked, [*people, *others, sponsor])
    assert PulseAnswer.objects.filter(team=team).count() == 7
    assert PulseAnswer.objects.filter(team=None).count() == 6


def test_whoever_is_in_two_teams_belongs_to_the_one_of_longer(asked, people, team, other_team):
    for person in people[:3]:
        Membership.objects.create(user=person, team=other_team, since=date(2001, 1, 1))
    answers(asked, people)
    assert not PulseAnswer.objects.exclude(team=None).exists()


def test_it_closes_also_while_its_room_is_hidden(asked, people, organisation):
    answers(asked, people)
    organisation.hidden_rooms = ["wins"]
    organisation.save()
    PulseRound.objects.update(closes_on=timezone.now().date() - timedelta(days=1))
    pulse.hourly()
    assert not PulseAnswer.objects.exists()
    assert PulseRound.objects.count() == 1


def test_rows_do_not_lie_in_the_order_in_which_people_answered(asked, people):
    orders = set()
    for number, person in enumerate(people):
        pulse.answer(by=person, asked=asked, glad=number, able=0)
    for _try in range(12):
        pulse._write_anew(PulseAnswer, asked, list(PulseAnswer.objects.filter(round=asked)))
        with connection.cursor() as cursor:
            cursor.execute("SELECT glad FROM wins_pulseanswer ORDER BY ctid")
            orders.add(tuple(glad for (glad,) in cursor.fetchall()))
    assert len(orders) > 5


def test_when_it_has_closed_no_single_answer_is_left(asked, people):
    answers(asked, people)
    close(asked)
    assert not PulseAnswer.objects.exists()
    assert not pulse.close_round(asked)
    assert not pulse.answer(by=make_person("Late"), asked=asked, glad=1, able=1)


# --- Showing ----------------------------------------------------------------------------------------------------


def shown(page) -> bool:
    return b"8.0" in page.content


def test_four_answers_show_nothing_and_five_show_a_mean(asked, people, team, signed_in, organisation):
    answers(asked, people[:4])
    close(asked)
    assert not PulseFigure.objects.exists()
    assert b"not shown" in signed_in(people[0]).get("/pulse/").content
    before = next_month(organisation, 1)
    answers(before, people[:5])
    close(before)
    page = signed_in(people[0]).get("/pulse/")
    assert shown(page)
    assert PulseFigure.objects.get(round=before, team=team).able == Decimal("6.0")


def test_nothing_is_shown_while_it_is_open(asked, people, signed_in):
    answers(asked, people)
    assert not shown(signed_in(people[0]).get("/pulse/"))


def test_own_teams_are_seen_and_others_not(asked, people, team, signed_in, outsider, manager, other_manager, sponsor):
    for name in ("Hal", "Ida"):
        make_person(name)  # those outside the team are five
    answers(asked, people)
    close(asked)
    PulseFigure.objects.filter(team=None).delete()
    for person, sees in (
        (people[0], True),
        (manager, True),
        (sponsor, True),
        (outsider, False),
        (other_manager, False),
    ):
        assert shown(signed_in(person).get("/pulse/")) is sees, person


def test_one_who_joins_is_not_told_by_taking_one_month_from_another(organisation, people, team):
    first, second, third = (next_month(organisation, ago) for ago in (3, 2, 1))
    answers(first, people[:6])
    close(first)
    answers(second, people)  # the seventh is new
    close(second)
    answers(third, people[:6])
    close(third)
    assert {figure.round_id for figure in PulseFigure.objects.filter(team=team)} == {first.pk, third.pk}


def test_the_company_does_not_tell_of_the_few_outside_the_shown_teams(asked, people, other_team):
    others = [make_person(name, other_team) for name in ("Hal", "Ida", "Jan")]
    answers(asked, [*people, *others])
    close(asked)
    assert PulseFigure.objects.get().team is None


def test_a_changed_key_shows_nothing_rather_than_too_much(organisation, people, settings, team):
    first, second = (next_month(organisation, ago) for ago in (2, 1))
    answers(first, people)
    close(first)
    settings.SECRET_KEY = "another key, long enough to be one of its own"
    answers(second, people[:6])
    close(second)
    assert not PulseFigure.objects.filter(round=second).exists()


# --- The rule, on its own ---------------------------------------------------------------------------------------

MONTHS = st.lists(
    st.dictionaries(st.integers(0, 15), st.sampled_from([None, 1, 2, 3]), max_size=16), min_size=2, max_size=5
)


def play(months) -> list:
    """Each month: who has answered, for which team; what is shown of it by the rule."""
    before, found = [], []
    for month in months:
        teams = {team: frozenset(p for p, t in month.items() if t == team) for team in set(month.values())}
        decided = decide(teams, before)
        before.append(decided.parts)
        groups = {("team", team): teams[team] for team in decided.teams}
        if decided.company:
            groups["company"] = frozenset(month)
        found.append(groups)
    return found


@given(MONTHS)
def test_no_two_figures_differ_by_fewer_than_five_people(months):
    every = [group for groups in play(months) for group in groups.values()]
    assert all(len(group) >= FEWEST for group in every)
    for one, other in itertools.combinations(every, 2):
        assert len(one ^ other) == 0 or len(one ^ other) >= FEWEST


# Five change from each team to the other, and one joins: each team alone tells nothing, both together tell of one.
SWAPPED = [
    dict.fromkeys(range(10), 1) | dict.fromkeys(range(10, 20), 2),
    dict.fromkeys(range(5, 15), 1) | dict.fromkeys([*range(5), *range(15, 21)], 2),
]


@given(MONTHS)
@example(SWAPPED)
def test_nor_do_figures_that_are_put_together_or_taken_from_each_other(months):
    """Teams of a month added up, and what is left of the company without them, against the same of another month."""
    derived = []
    for groups in play(months):
        parts = [group for name, group in groups.items() if name != "company"]
        if "company" in groups:
            parts.append(groups["company"].difference(*parts))
        parts = [part for part in parts if part]
        some = (c for size in range(1, len(parts) + 1) for c in itertools.combinations(parts, size))
        derived.append([frozenset().union(*each) for each in some])
    for one, other in itertools.combinations(derived, 2):
        for mine, theirs in itertools.product(one, other):
            assert len(mine ^ theirs) == 0 or len(mine ^ theirs) >= FEWEST
    assert all(len(group) >= FEWEST for groups in derived for group in groups)


def test_the_rule_does_show_something():
    """The control: it would be easy to be safe by showing nothing."""
    six, others = range(6), range(6, 12)
    month = dict.fromkeys(six, 1) | dict.fromkeys(others, 2)
    first, second = play([month, month])
    assert set(first) == set(second) == {("team", 1), ("team", 2), "company"}
    fresh = dict.fromkeys(range(20, 26), 1) | dict.fromkeys(others, 2)
    assert ("team", 1) in play([month, fresh])[1]


def test_a_mean_is_never_quite_an_end_of_the_scale():
    assert mean([10] * 5) == Decimal("9.5")
    assert mean([0] * 5) == Decimal("0.5")
    assert mean([7, 8, 8, 8, 7]) == Decimal("7.6")


# --- When -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "is_time"),
    [
        ("2026-08-01 10:00", False),  # a Saturday
        ("2026-08-03 06:00", False),  # before work begins
        ("2026-08-03 07:30", True),
        ("2026-08-05 12:00", True),  # the worker was off
        ("2026-08-20 12:00", False),
    ],
)
def test_it_is_asked_on_the_first_working_day(organisation, now, is_time):
    assert pulse.is_time_to_ask(organisation, datetime.fromisoformat(now).replace(tzinfo=UTC)) is is_time


def test_it_opens_by_mail_and_closes_after_ten_days(organisation, people, post_office):
    from delight.outbox.models import Message

    with time_machine.travel("2026-08-03 08:00Z"):
        pulse.hourly()
        pulse.hourly()
    asked = PulseRound.objects.get()
    assert (asked.month, asked.closes_on) == (date(2026, 8, 1), date(2026, 8, 13))
    assert Message.objects.filter(kind="pulse").count() == len(people)
    with time_machine.travel("2026-08-12 20:00Z"):
        pulse.hourly()
        assert PulseRound.objects.get().closed_at is None
    with time_machine.travel("2026-08-13 08:00Z"):
        pulse.hourly()
        assert PulseRound.objects.get().closed_at is not None


def test_everybody_with_an_address_gets_one_mail_and_who_has_answered_none(asked, people, post_office):
    pulse.answer(by=people[0], asked=asked, glad=5, able=5)
    post_office.deliver()
    assert len(post_office.mails) == len(people) - 1
    assert post_office.to(people[0].email) == []
    assert "/pulse/" in post_office.mails[0].get_body(("plain",)).get_content()


def test_the_card_on_the_first_page_goes_when_it_is_answered(asked, people, sponsor):
    assert pulse.pulse_card(people[0])["round"] == asked
    pulse.answer(by=people[0], asked=asked, glad=5, able=5)
    assert pulse.pulse_card(people[0]) is None
    assert pulse.pulse_card(sponsor) is not None
    PulseRound.objects.update(closes_on=timezone.now().date() - timedelta(days=1))
    assert pulse.pulse_card(sponsor) is None


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_asks_the_database_as_often_for_many_months_as_for_one(
    organisation, people, signed_in, django_assert_num_queries, number
):
    for ago in range(1, number + 1):
        each = next_month(organisation, ago)
        answers(each, people)
        close(each)
    browser = signed_in(people[0])
    browser.get("/pulse/")
    with django_assert_num_queries(13):
        browser.get("/pulse/")


@pytest.mark.parametrize(("day", "is_open"), [("2026-11-02", True), ("2026-11-10", True), ("2026-11-22", False)])
def test_the_demo_companys_questions_are_open_when_they_would_be(organisation, people, day, is_open):
    from staff.wins import demo_pulse

    now = datetime.fromisoformat(f"{day}T12:00:00+00:00")
    with time_machine.travel(now):
        demo_pulse.make(random.Random(1), now)
        assert (pulse.open_round_now() is not None) == is_open
    months = [asked.month for asked in PulseRound.objects.order_by("month")]
    assert months[-1] == date(2026, 11, 1)
    assert all(asked.closes_on == (asked.opened_at + pulse.OPEN_FOR).date() for asked in PulseRound.objects.all())
