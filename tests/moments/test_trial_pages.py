"""Trials as sponsors see them: where one would come to an answer, everybody told, what it says in the end."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from delight.customers.models import Customer, Visit
from delight.organisation.models import AuditEntry
from delight.outbox.models import Message
from staff.budget.models import today
from staff.moments import trials
from staff.moments.models import Occasion, OccasionKind, OccasionTrial
from staff.moments.occasions import make_occasions, suggest, take_care_of
from staff.moments.trial_results import groups_of, readable_on, result_of
from staff.moments.trials import CannotBeAnswered, outlook, start_trial, stop_trial, trial_notice
from tests.conftest import html_of, make_person, text_of

BIRTHDAY = OccasionKind.BIRTHDAY


@pytest.fixture
def day(organisation):
    return today(organisation)


@pytest.fixture
def enough(monkeypatch):
    """As if one were enough for ten points, and none ever for five."""
    monkeypatch.setattr(trials, "cases_needed", lambda points, left_out: {10: 1, 5: 9999}[points])


@pytest.fixture
def past(make_customer, team, day):
    """One birthday in the last three months."""
    customer = make_customer("Ada Birth", team=team)
    begun = day - timedelta(days=20)
    return Occasion.objects.create(
        kind="birthday", customer=customer, cycle="x", due_on=begun, until=begun + timedelta(days=3), team=team
    )


@pytest.fixture
def sponsors_browser(sponsor, signed_in):
    return signed_in(sponsor)


def start(browser, begins_on, kind: str = "birthday", agreed: str = "on"):
    return browser.post("/occasions/trials/start/", {"kind": kind, "begins_on": f"{begins_on}", "agreed": agreed})


# --- Starting ---------------------------------------------------------------------------------------------------


def test_without_enough_there_is_no_form_and_the_page_says_why(sponsors_browser, past):
    page = sponsors_browser.get("/occasions/trials/").content.decode()
    assert "1 customer in the last three months" in page
    assert "1,148 customers are needed to find a difference of 10 points, 4,661 for 5 points" in page
    assert page.count("would not come to an answer") == 5
    assert "Start a trial" not in page
    assert "something was put right" not in page


def test_with_enough_there_is_one_and_it_starts(sponsors_browser, sponsor, past, enough, day):
    page = sponsors_browser.get("/occasions/trials/").content.decode()
    assert page.count("Start a trial") == 1
    assert "a difference of 10 points or more" in page
    assert start(sponsors_browser, day + timedelta(days=3)).url == "/occasions/trials/"
    trial = OccasionTrial.objects.get()
    assert (trial.kind, trial.points, trial.started_by) == ("birthday", 10, sponsor)
    assert AuditEntry.objects.filter(verb="start_trial", object_id=trial.pk, actor=sponsor).exists()
    page = sponsors_browser.get("/occasions/trials/").content.decode()
    assert "planned" in page
    assert "Start a trial" not in page


@pytest.mark.parametrize(
    ("days", "kind", "agreed", "words"),
    [
        (2, "birthday", "on", "Everybody is told first"),
        (92, "birthday", "on", "Begin within three months"),
        (3, "birthday", "", "This field is required"),
        (3, "anniversary", "on", "too few occasions"),
        (3, "repaired", "on", None),
    ],
)
def test_it_is_refused_with_a_sentence(days, kind, agreed, words, sponsors_browser, past, enough, day):
    answer = start(sponsors_browser, day + timedelta(days=days), kind, agreed)
    assert answer.status_code == 422
    assert words is None or words in answer.content.decode()
    assert not OccasionTrial.objects.exists()
    assert not Message.objects.filter(kind="trial").exists()
    assert start(sponsors_browser, day + timedelta(days=3)).status_code == 302


def test_after_a_repair_nothing_is_left_to_chance(sponsor, past, enough, day, make_customer):
    with pytest.raises(CannotBeAnswered, match="put right"):
        start_trial(by=sponsor, kind=OccasionKind.REPAIRED, begins_on=day + timedelta(days=3))
    found = suggest(kind=OccasionKind.REPAIRED, customer=make_customer(), cycle="follow-up:1", due_on=day)
    assert (found.arm, found.trial) == ("", None)


@pytest.mark.parametrize("who", ["staff", "manager"])
def test_it_is_the_sponsors_alone(who, signed_in, request, past, enough, day):
    browser = signed_in(request.getfixturevalue(who))
    assert browser.get("/occasions/trials/").status_code == 403
    assert start(browser, day + timedelta(days=3)).status_code == 403
    assert not OccasionTrial.objects.exists()


def test_who_is_in_care_is_not_counted_on(past, enough, day):
    assert outlook(BIRTHDAY, day).expected == 1
    take_care_of(past.customer, day)
    assert outlook(BIRTHDAY, day).expected == 0


def test_a_customer_counts_once(past, day):
    Occasion.objects.create(
        kind="birthday", customer=past.customer, cycle="y", due_on=day, until=day + timedelta(days=3)
    )
    assert outlook(BIRTHDAY, day).expected == 1


# --- Everybody is told ------------------------------------------------------------------------------------------


@pytest.fixture
def planned(sponsor, past, enough, day):
    return start_trial(by=sponsor, kind=BIRTHDAY, begins_on=day + timedelta(days=3))


def test_everybody_who_works_here_gets_a_mail_and_nobody_else(
    staff, manager, outsider, colleague, team, sponsor, past, enough, day, post_office
):
    make_person("Gone", team, is_active=False)
    no_mail = make_person("Noemi", team)
    type(no_mail).objects.filter(pk=no_mail.pk).update(email=None, login_name="noemi")
    start_trial(by=sponsor, kind=BIRTHDAY, begins_on=day + timedelta(days=3))
    mails = post_office.deliver()
    told = sorted(mail["To"].split("<")[-1].strip(">").split("@")[0] for mail in mails)
    assert told == ["cleo", "mert", "olga", "otto", "sam"]
    for said in (text_of(mails[0]), html_of(mails[0])):
        assert "one customer in five" in " ".join(said.split())
        assert "/help/occasions/" in said


def test_who_leaves_before_the_mail_goes_gets_none(staff, planned, post_office):
    staff.is_active = False
    staff.save()
    assert not [mail for mail in post_office.deliver() if "sam@" in mail["To"]]
    assert Message.objects.get(key=f"trial:{planned.pk}:{staff.pk}").reason == "left"


def test_a_stopped_trial_tells_nobody(sponsor, staff, planned, post_office):
    assert stop_trial(by=sponsor, trial=planned)
    assert post_office.deliver() == []


def test_a_notice_stands_while_it_is_planned_and_running_and_no_longer(sponsor, planned, day):
    assert len(trial_notice(day)) == 1
    assert "(birthday)" in trial_notice(day)[0]
    assert trial_notice(planned.ends_on - timedelta(days=1))
    assert trial_notice(planned.ends_on) == []
    stop_trial(by=sponsor, trial=planned)
    assert trial_notice(day) == []


# --- Stopping ---------------------------------------------------------------------------------------------------


def test_a_sponsor_stops_it_once(sponsors_browser, sponsor, planned):
    for _twice in range(2):
        assert sponsors_browser.post(f"/occasions/trials/{planned.pk}/stop/").url == "/occasions/trials/"
    planned.refresh_from_db()
    assert planned.stopped_by == sponsor
    assert AuditEntry.objects.filter(verb="stop_trial").count() == 1
    assert "stopped by: Olga" in sponsors_browser.get("/occasions/trials/").content.decode()


def test_nobody_else_stops_it(manager, signed_in, planned):
    assert signed_in(manager).post(f"/occasions/trials/{planned.pk}/stop/").status_code == 403
    planned.refresh_from_db()
    assert planned.stopped_at is None


def test_from_then_on_every_hint_is_shown(sponsor, planned, day, make_customer):
    OccasionTrial.objects.update(begins_on=day)
    stop_trial(by=sponsor, trial=planned)
    for number in range(30):
        make_customer(f"G{number}", birth_day=day.day, birth_month=day.month)
    make_occasions(day)
    assert Occasion.objects.open(day).count() == 30


def test_what_it_has_left_out_is_shown_then_too(sponsor, planned, day, make_customer):
    OccasionTrial.objects.update(begins_on=day)
    for number in range(80):
        make_customer(f"G{number}", birth_day=day.day, birth_month=day.month)
    make_occasions(day)
    assert Occasion.objects.open(day).count() < 80
    stop_trial(by=sponsor, trial=planned)
    assert Occasion.objects.open(day).count() == 80


def test_a_new_one_may_follow(sponsor, planned, day):
    stop_trial(by=sponsor, trial=planned)
    assert start_trial(by=sponsor, kind=BIRTHDAY, begins_on=day + timedelta(days=3)).pk != planned.pk


# --- What it says -----------------------------------------------------------------------------------------------


@pytest.fixture
def over(sponsor, organisation, day):
    """A trial that ended long enough ago."""
    begins = day - timedelta(days=200)
    return OccasionTrial.objects.create(
        kind="birthday", begins_on=begins, ends_on=begins + timedelta(days=91), seed="x", points=10, needed=1,
        expected=1, started_by=sponsor,
    )  # fmt: skip


@pytest.fixture
def took_part(over, team):
    """`took_part("shown", 40, came=30)`: as many customers in that group, of whom some came again."""

    def do(arm: str, n: int, came: int, after: int = 10, **fields) -> list[Customer]:
        offset = Customer.objects.count()
        people = Customer.objects.bulk_create(
            Customer(name="G", phone=f"{offset + k}", phone_key=f"+32{offset + k:06}", **fields) for k in range(n)
        )
        due = over.begins_on + timedelta(days=5)
        Occasion.objects.bulk_create(
            Occasion(
                kind="birthday", customer=each, cycle="x", due_on=due, until=due + timedelta(days=3), trial=over,
                arm=arm,
            )
            for each in people
        )  # fmt: skip
        at = timezone.now() - timedelta(days=200 - 5 - after)
        Visit.objects.bulk_create(Visit(customer=each, team=team, starts_at=at, state="came") for each in people[:came])
        return people

    return do


def test_an_effect_only_where_the_interval_excludes_zero(took_part, over, organisation, sponsors_browser):
    took_part("shown", 400, came=300)
    took_part("left_out", 100, came=55)
    result = result_of(over, organisation)
    assert (result.shown.n, result.shown.came, result.left_out.percent) == (400, 300, 55)
    assert result.difference.low > 0
    page = sponsors_browser.get("/occasions/trials/").content.decode()
    assert "An effect: where the hint was shown, more customers came again." in page
    assert "300 of 400" in page
    assert "95 % interval from" in page


def test_else_no_difference_could_be_shown(took_part, over, organisation, sponsors_browser):
    took_part("shown", 40, came=30)
    took_part("left_out", 10, came=6)
    page = sponsors_browser.get("/occasions/trials/").content.decode()
    assert "No difference could be shown." in page
    assert "An effect" not in page


def test_an_effect_the_wrong_way_round_is_said_too(took_part, over, organisation):
    took_part("shown", 400, came=200)
    took_part("left_out", 100, came=80)
    assert "fewer customers" in result_of(over, organisation).words


@pytest.mark.parametrize(("after", "again"), [(0, 0), (1, 1), (60, 1), (61, 0)])
def test_again_means_on_a_later_day_within_sixty(after, again, took_part, over, organisation):
    took_part("shown", 1, came=1, after=after)
    assert result_of(over, organisation).shown.came == again


def test_customers_in_care_and_erased_ones_are_in_neither_group(took_part, over, organisation, day):
    cared, erased, _other = took_part("shown", 3, came=3)
    take_care_of(cared, day)
    Customer.objects.filter(pk=erased.pk).update(erased_at=timezone.now(), name="", phone="", phone_key="")
    assert result_of(over, organisation).shown.n == 1
    assert groups_of([over])[over.pk]["shown"] == 1


def test_an_empty_group_gives_no_difference(took_part, over, organisation):
    took_part("shown", 3, came=3)
    assert result_of(over, organisation).difference is None
    assert result_of(over, organisation).words == "No difference could be shown."


def test_nothing_is_told_before_the_last_sixty_days_are_over(took_part, over, organisation, sponsors_browser, day):
    took_part("shown", 40, came=30)
    took_part("left_out", 10, came=1)
    assert readable_on(over, organisation) == over.ends_on + timedelta(days=60)
    OccasionTrial.objects.update(ends_on=day - timedelta(days=59))
    page = sponsors_browser.get("/occasions/trials/").content.decode()
    assert "The result can be read from" in page
    assert "came again within" not in page


def test_a_stopped_one_is_read_sixty_days_after_that(over, organisation, sponsor):
    over.stopped_at = timezone.now() - timedelta(days=150)
    assert readable_on(over, organisation) < over.ends_on + timedelta(days=60)


def test_three_trials_take_as_many_queries_as_one_but_for_their_results(
    sponsors_browser, planned, sponsor, day, django_assert_num_queries
):
    for kinds in ((), ("anniversary", "silence")):
        for kind in kinds:
            OccasionTrial.objects.create(
                kind=kind, begins_on=day, ends_on=day + timedelta(days=9), seed="x", points=10, needed=1, expected=1,
                started_by=sponsor,
            )  # fmt: skip
        with django_assert_num_queries(10):
            sponsors_browser.get("/occasions/trials/")


def test_how_many_are_in_each_group_is_shown_while_it_runs(sponsors_browser, planned, day, make_customer):
    OccasionTrial.objects.update(begins_on=day, seed="a seed")
    for number in range(40):
        make_customer(f"G{number}", birth_day=day.day, birth_month=day.month)
    make_occasions(day)
    counts = groups_of([planned])[planned.pk]
    assert counts["shown"] + counts["left_out"] == 40
    assert counts["left_out"]
    page = sponsors_browser.get("/occasions/trials/").content.decode()
    assert f"{counts['left_out']} customer" in page


def test_what_happened_before_it_began_is_no_part_of_it(planned, day, make_customer):
    """The look goes back some days: a birthday of yesterday is not drawn for a trial that begins today."""
    OccasionTrial.objects.update(begins_on=day)
    before = day - timedelta(days=1)
    for number in range(20):
        make_customer(f"G{number}", birth_day=before.day, birth_month=before.month)
    make_occasions(day)
    assert set(Occasion.objects.filter(due_on=before).values_list("arm", flat=True)) == {""}


def test_the_hourly_look_finds_them(organisation, make_customer, day):
    from delight.outbox.rounds import ROUNDS

    assert ROUNDS["occasions"].every == timedelta(hours=1)
    make_customer(birth_day=day.day, birth_month=day.month)
    with time_machine.travel(timezone.now(), tick=False):
        ROUNDS["occasions"].run()
    assert Occasion.objects.get().kind == "birthday"
