"""Two entries that mean one person: found in pairs, merged by choice, and all that belongs to them in one place."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from delight.customers.merging import AlreadyMergedError, merge_customers, pointing_here
from delight.customers.models import Account, Customer, TwoPeople, Visit
from delight.customers.services import is_suppressed, suppress
from delight.organisation.models import AuditEntry
from surveys.answering.models import Response
from surveys.followups.models import FollowUp, Outcome
from surveys.sending.models import Invitation, Sending


@pytest.fixture
def browser(manager, signed_in):
    """Mert's."""
    return signed_in(manager)


@pytest.fixture
def pair(make_customer, team):
    """Anna, once with her mobile number and once with the e-mail address that she uses now."""
    older = make_customer("Anna Maes", email="anna@mail.example", phone="+32 478 11 22 33", team=team)
    newer = make_customer("A. Maes", email="anna.maes@mail.example", phone="0478 11 22 33", team=team, outside_id="K-7")
    return older, newer


def merge(browser, one, other, **choices):
    """Open the page, take what is chosen there, change some of it, press Merge."""
    url = reverse("merge", args=[one.pk, other.pk])
    form = browser.get(url).context["form"]
    data = {name: form[name].value() for name in form.fields} | choices
    return browser.post(url, data)


# --- The list -------------------------------------------------------------------------------------------------------


def listed(browser) -> list[tuple[str, str]]:
    page = browser.get(reverse("duplicates")).context["page_obj"]
    return [(pair["one"].name, pair["other"].name) for pair in page]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"phone": "+32 478 11 22 33"}, {"phone": "0478/112233"}),
        ({"phone": "0532 111 22 33"}, {"phone": "+90 532 111 22 33"}),
        ({"outside_id": "K-12"}, {"outside_id": "k 12"}),
        ({"outside_id": "0012"}, {"outside_id": "12"}),
        ({"email": "anna@mail.example"}, {"outside_id": "Anna@mail.example"}),
        ({"name": "Anna Máes", "account": "Hotel"}, {"name": "ANNA MAES", "account": "Hotel"}),
    ],
)
def test_what_two_entries_share_brings_them_together(browser, make_customer, team, one, other):
    accounts: dict = {}
    for number, facts in enumerate((one, other)):
        if "account" in facts:
            facts = facts | {"account": accounts.setdefault("Hotel", Account.objects.get_or_create(name="Hotel")[0])}
        make_customer(**({"name": f"C{number}"} | facts), team=team)
    make_customer("Somebody else", phone="0499 99 99 99", team=team, outside_id="77")
    assert len(listed(browser)) == 1


def test_the_same_name_without_a_company_is_no_duplicate(browser, make_customer, team):
    make_customer("Jan Peeters", team=team)
    make_customer("Jan Peeters", team=team)
    assert listed(browser) == []
    assert "No two entries look like one person" in browser.get(reverse("duplicates")).content.decode()


def test_who_was_said_to_be_two_people_is_not_shown_again(browser, make_customer, team, other_manager, signed_in):
    anna, ann = (make_customer(name, team=team, phone="0478 11 22 33") for name in ("Anna", "Ann"))
    make_customer("Lotte", team=team, phone="0478 11 22 33")
    compare = reverse("merge", args=[anna.pk, ann.pk])
    two = reverse("two_people", args=[anna.pk, ann.pk])
    assert f'formaction="{two}"' in browser.get(compare).content.decode()
    assert signed_in(other_manager).post(two).status_code == 403
    assert len(listed(browser)) == 2
    for _ in range(2):
        assert browser.post(two).headers["Location"] == reverse("duplicates")
    assert listed(browser) == [("Anna", "Lotte")]
    assert AuditEntry.objects.filter(verb="keep_apart").count() == 1
    assert Customer.objects.filter(erased_at=None).count() == 3


def test_what_was_said_of_an_entry_goes_with_it(browser, make_customer, team, manager):
    anna, ann, lotte = (make_customer(name, team=team, phone="0478 11 22 33") for name in ("Anna", "Ann", "Lotte"))
    browser.post(reverse("two_people", args=[anna.pk, ann.pk]))
    merge_customers(by=manager, keep=lotte, away=ann, values={})
    assert not TwoPeople.objects.exists()
    assert listed(browser) == [("Anna", "Lotte")]


def test_managers_see_pairs_among_their_own_customers_only(
    browser, signed_in, other_manager, sponsor, staff, make_customer, team, other_team
):
    for shop in (team, other_team):
        make_customer("Anna", phone="0478112233", team=shop)
    assert listed(browser) == []
    assert listed(signed_in(other_manager)) == []
    assert listed(signed_in(sponsor)) == [("Anna", "Anna")]
    assert signed_in(staff).get(reverse("duplicates")).status_code == 403


@pytest.mark.parametrize("pairs", [1, 3])
def test_the_list_takes_as_many_queries_for_three_pairs_as_for_one(
    browser, make_customer, team, django_assert_max_num_queries, pairs
):
    for number in range(pairs):
        for _side in range(2):
            make_customer(f"C{number}", phone=f"04781122{number}0", team=team)
    browser.get(reverse("duplicates"))
    with django_assert_max_num_queries(14):
        assert len(listed(browser)) == pairs


def test_a_number_shared_by_many_makes_no_square_of_pairs(browser, make_customer, team):
    for number in range(60):
        make_customer(f"C{number}", phone="0478112233", team=team)
    page = browser.get(reverse("duplicates")).context["page_obj"]
    assert (page.paginator.count, len(page)) == (59, 50)


# --- Merging --------------------------------------------------------------------------------------------------------


def test_each_differing_field_is_chosen_and_the_other_entry_leads_to_the_one_that_stays(browser, pair, manager):
    older, newer = pair
    response = merge(browser, older, newer, name="one", email="other", phone="one", outside_id="other")
    assert response.url == reverse("customer", args=[older.pk])
    older.refresh_from_db()
    assert (older.name, older.email, older.phone, older.outside_id) == (
        "Anna Maes",
        "anna.maes@mail.example",
        "+32 478 11 22 33",
        "K-7",
    )
    assert list(Customer.objects.search("anna.maes@mail.example")) == [older]
    newer.refresh_from_db()
    assert newer.erased_at
    personal = ("name", "email", "phone", "phone_key", "sort_key", "search_text", "contact_text", "outside_id")
    assert not any(getattr(newer, name).strip() if getattr(newer, name) else "" for name in personal)
    old_link = browser.get(reverse("customer", args=[newer.pk]))
    assert old_link.url == reverse("customer", args=[older.pk])
    assert listed(browser) == []
    entry = AuditEntry.objects.get(verb="merge_customers")
    assert (entry.actor, entry.object_id) == (manager, older.pk)
    assert set(entry.fields) == {"email", "outside_id"}


def test_the_newer_entry_may_stay(browser, pair):
    older, newer = pair
    merge(browser, older, newer, survivor=newer.pk, name="other", email="one")
    newer.refresh_from_db()
    older.refresh_from_db()
    assert (newer.name, newer.email, older.merged_into) == ("A. Maes", "anna@mail.example", newer)


def test_merging_once_more_leads_all_old_links_to_the_last_one(browser, pair, make_customer, team):
    older, newer = pair
    third = make_customer("Anna M", team=team)
    merge(browser, older, newer)
    merge(browser, older, third, survivor=third.pk)
    for gone in pair:
        assert browser.get(reverse("customer", args=[gone.pk])).url == reverse("customer", args=[third.pk])


def test_the_page_says_that_it_cannot_be_undone(browser, pair):
    assert "cannot be undone" in browser.get(reverse("merge", args=[p.pk for p in pair])).content.decode()


def test_somebody_must_be_left_who_can_be_reached(browser, make_customer, team):
    one = make_customer("Anna", email=None, phone="0478112233", team=team)
    other = make_customer("Anna", email="a@mail.example", team=team)
    answer = merge(browser, one, other, email="one", phone="other")
    assert "Give an e-mail address or a phone number." in answer.content.decode()
    assert Customer.objects.filter(erased_at=None).count() == 2


@pytest.mark.parametrize("who", ["staff", "other_manager"])
def test_only_those_who_may_change_both_merge_them(request, signed_in, pair, who):
    someone = signed_in(request.getfixturevalue(who))
    url = reverse("merge", args=[p.pk for p in pair])
    assert [someone.get(url).status_code, someone.post(url, {"survivor": pair[0].pk}).status_code] == [403, 403]
    assert not Customer.objects.filter(erased_at__isnull=False).exists()


def test_a_manager_does_not_reach_into_another_team(browser, pair, make_customer, other_team):
    theirs = make_customer("Anna", phone="0478112233", team=other_team)
    url = reverse("merge", args=[pair[0].pk, theirs.pk])
    assert browser.post(url, {"survivor": pair[0].pk}).status_code == 403


def test_one_entry_is_not_merged_with_itself_nor_twice(browser, pair, manager):
    older, newer = pair
    assert browser.get(reverse("merge", args=[older.pk, older.pk])).status_code == 404
    merge(browser, older, newer)
    assert browser.get(reverse("merge", args=[older.pk, newer.pk])).status_code == 404
    with pytest.raises(AlreadyMergedError):
        merge_customers(by=manager, keep=older, away=newer, values={})


def test_a_value_that_neither_has_is_refused(pair, manager):
    with pytest.raises(ValueError, match="Neither"):
        merge_customers(by=manager, keep=pair[0], away=pair[1], values={"name": "Somebody else"})
    with pytest.raises(ValueError, match="Neither"):
        merge_customers(by=manager, keep=pair[0], away=pair[1], values={"address_source": "consent"})


# --- The right to mail ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kept", "gone", "email", "becomes"),
    [
        ("other", "consent", "one", "other"),
        ("consent", "other", "one", "consent"),
        ("consent", "other", "other", "other"),
        ("existing", "consent", "one", "existing"),
        ("existing", "consent", "other", "consent"),
    ],
)
def test_how_the_address_was_obtained_stays_with_the_address(browser, pair, kept, gone, email, becomes):
    for customer, source in zip(pair, (kept, gone), strict=True):
        customer.address_source, customer.consent_on = source, date(2026, 1, 5) if source == "consent" else None
        customer.notes_consent_on = customer.consent_on
        customer.save()
    merge(browser, *pair, email=email)
    pair[0].refresh_from_db()
    assert pair[0].address_source == becomes
    assert bool(pair[0].consent_on) == bool(pair[0].notes_consent_on) == (becomes == "consent")


def test_without_an_address_the_weaker_claim_holds(browser, make_customer, team):
    one = make_customer("Anna", email=None, phone="1111", team=team, address_source="consent", consent_on="2026-01-05")
    other = make_customer("Anna", email=None, phone="2222", team=team, address_source="other")
    merge(browser, one, other)
    one.refresh_from_db()
    assert (one.address_source, one.consent_on) == ("other", None)


def test_who_unsubscribed_at_one_address_is_not_mailed_at_the_other(browser, pair):
    suppress("anna@mail.example", "relationship", "unsubscribed")
    merge(browser, *pair, email="other")
    assert is_suppressed("anna.maes@mail.example", "relationship").reason == "unsubscribed"


def test_who_was_asked_under_one_entry_was_asked(browser, pair):
    at = timezone.now() - timedelta(days=3)
    Customer.objects.filter(pk=pair[1].pk).update(last_asked_at=at, last_asked_for="invite:5")
    merge(browser, *pair)
    pair[0].refresh_from_db()
    assert (pair[0].last_asked_at, pair[0].last_asked_for) == (at, "invite:5")


# --- What belongs to them ------------------------------------------------------------------------------------------


def test_every_model_whose_rows_may_clash_says_how_they_follow():
    """A new room with a UNIQUE over its customer has to think of merging; this test finds it."""
    for model, name in pointing_here():
        unique = [set(one.fields) for one in model._meta.constraints if hasattr(one, "fields")]
        unique += [set(one) for one in model._meta.unique_together]
        unique += [{field.name} for field in model._meta.fields if field.unique]
        if any(name in fields for fields in unique) and not model._meta.auto_created:
            assert hasattr(model, "follow_merge"), f"{model._meta.label}: two rows may clash when customers are merged"


def test_all_rooms_are_walked():
    labels = {model._meta.label for model, _name in pointing_here()}
    assert labels >= {
        "customers.Visit", "customers.Customer", "sending.Invitation", "sending.Sending_picked", "answering.Response",
        "followups.FollowUp",
    }  # fmt: skip


@pytest.fixture
def invite(survey, sponsor):
    """`invite(customer, …)`: one sending to these, already mailed; returns their invitations."""

    def make(*customers, **facts):
        sending = Sending.objects.create(version=survey.current, sender=sponsor, created_by=sponsor, audience="picked")
        sending.picked.set(customers)
        facts = {"language": "en", "sent_at": timezone.now()} | facts
        return [Invitation.objects.create(sending=sending, customer=customer, **facts) for customer in customers]

    return make


def answered(invitation, score=2) -> Response:
    Invitation.objects.filter(pk=invitation.pk).update(answered_at=timezone.now())
    return Response.objects.create(
        version=invitation.sending.version, customer=invitation.customer, invitation=invitation, language="en",
        score=score, submitted_at=timezone.now(), client="x", is_active=True,
    )  # fmt: skip


def test_visits_invitations_answers_and_choices_follow(browser, pair, invite, team):
    older, newer = pair
    visit = Visit.objects.create(customer=newer, team=team, starts_at=timezone.now())
    (invitation,) = invite(newer)
    response = answered(invitation)
    merge(browser, older, newer)
    for row in (visit, invitation, response):
        row.refresh_from_db()
        assert row.customer == older
    assert list(invitation.sending.picked.all()) == [older]


def test_an_open_link_of_the_one_that_goes_still_takes_an_answer(browser, pair, invited, as_customer):
    older, newer = pair
    invitation = invited(newer)
    merge(browser, older, newer)
    as_customer(Invitation.objects.get(pk=invitation.pk)).answer(3, "Too loud")
    assert Response.objects.get().customer == older
    assert FollowUp.objects.get().customer == older


@pytest.mark.parametrize("who_answered", ["nobody", "older", "newer"])
def test_of_two_invitations_to_one_sending_one_link_stays_open(browser, pair, invite, who_answered):
    older, newer = pair
    first, second = invite(older, newer)
    if who_answered != "nobody":
        answered(first if who_answered == "older" else second)
    merge(browser, older, newer)
    for each in (first, second):
        each.refresh_from_db()
    assert (first.customer, second.customer) == (older, newer)
    assert second.revoked_at
    assert bool(first.revoked_at) == (who_answered == "newer")
    assert set(Response.objects.values_list("customer", flat=True)) <= {older.pk}
    assert list(first.sending.picked.all()) == [older]


def test_an_invitation_that_was_not_sent_yet_goes_to_the_one_address(browser, pair, send, post_office):
    from surveys.sending.services import prepare_sending

    older, newer = pair
    sending = send(older, newer)
    prepare_sending(sending.pk, lambda done, total: None)
    merge(browser, older, newer, email="one")
    mails = post_office.deliver()
    assert [mail["To"].addresses[0].addr_spec for mail in mails] == ["anna@mail.example"]
    assert set(Invitation.objects.values_list("not_sent_reason", flat=True)) == {"", "gone"}


def open_follow_up(customer, *, days_ago, asked="happy", response=None):
    now = timezone.now()
    return FollowUp.objects.create(
        customer=customer, asked=asked, response=response, opened_at=now - timedelta(days=days_ago),
        due_at=now + timedelta(days=5 - days_ago),
    )  # fmt: skip


@pytest.mark.parametrize("older_first", [True, False])
def test_of_two_open_conversations_the_older_goes_on(browser, pair, manager, older_first):
    ages = (3, 1) if older_first else (1, 3)
    follow_ups = [open_follow_up(customer, days_ago=days) for customer, days in zip(pair, ages, strict=True)]
    merge(browser, *pair)
    goes_on, ended = follow_ups if older_first else follow_ups[::-1]
    for each in follow_ups:
        each.refresh_from_db()
        assert each.customer == pair[0]
    assert (goes_on.is_open, ended.is_open) == (True, False)
    outcome = Outcome.objects.get()
    assert (outcome.follow_up, outcome.result, outcome.by) == (ended, "withdrawn", manager)


def test_the_conversation_that_goes_on_is_as_urgent_as_the_one_that_ends(browser, pair, invite):
    older, newer = pair
    open_follow_up(older, days_ago=3, asked="happy")
    _first, second = invite(older, newer)
    bad = answered(second, score=1)
    FollowUp.objects.filter(customer=newer).delete()
    soon = open_follow_up(newer, days_ago=2, asked="unhappy", response=bad)
    FollowUp.objects.filter(pk=soon.pk).update(due_at=timezone.now() + timedelta(hours=1))
    merge(browser, older, newer)
    left = FollowUp.objects.open().get()
    assert (left.customer, left.asked, left.response) == (older, "unhappy", bad)
    assert left.due_at < timezone.now() + timedelta(hours=2)
