"""An answer is a person's: opening is not answering, the first person's answer stands, nothing replaces it."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from delight.lib.tokens import make_token
from delight.outbox.models import Job
from delight.outbox.pump import run_due
from surveys.answering.models import Answer, Hit, Response
from surveys.sending.models import Invitation
from tests.conftest import fields_of


def active(invitation) -> Response | None:
    return Response.objects.filter(invitation=invitation, is_active=True).first()


def look_again() -> None:
    """Have the second look, which is due in a minute, now."""
    Job.objects.filter(kind__startswith="second-look").update(due_at=timezone.now())
    run_due()


def test_a_tap_in_the_mail_opens_the_page_with_that_score_chosen_and_counts_nothing(invited, as_customer):
    invitation = invited()
    page = as_customer(invitation).open(9)
    assert re.search(rb'value="9" required checked', page.content)
    assert page.content.count(b"checked") == 1
    assert not Response.objects.exists()
    assert Hit.objects.get().score == 9


def test_send_counts_the_answer_with_its_words(invited, as_customer):
    invitation = invited()
    page = as_customer(invitation).answer(3, "Waited forty minutes")
    assert "Thank you" in page.content.decode()
    response = active(invitation)
    assert (response.score, response.verdict, response.counts) == (3, "clean", True)
    assert Answer.objects.get(question__kind="comment").text == "Waited forty minutes"
    invitation.refresh_from_db()
    assert invitation.answered_at == response.submitted_at


def test_an_answer_freezes_who_served_and_what_was_asked(invited, as_customer, make_customer, team, staff):
    invitation = invited(make_customer(team=team, owner=staff))
    as_customer(invitation).answer(8)
    response = active(invitation)
    assert (response.team, response.owner) == (team, staff)
    assert response.version == invitation.sending.version


def test_without_a_score_the_page_says_what_to_do_and_keeps_the_words(invited, as_customer):
    customer = as_customer(invited())
    page = customer.open()
    again = customer.web.post(customer.answer_url, {**fields_of(page.content), "comment": "My <words>"})
    assert again.status_code == 422
    assert "choose a number" in again.content.decode()
    assert "My &lt;words&gt;" in again.content.decode()
    assert not Response.objects.exists()


@pytest.mark.parametrize("score", ["11", "-1", "x", "", "９", "1e1", "9" * 5000])
def test_scores_outside_the_scale_are_refused(invited, as_customer, score):
    customer = as_customer(invited())
    answer = customer.web.post(customer.answer_url, {"score": score, "comment": ""})
    # int() reads a full-width nine as nine, which is what was meant.
    assert (answer.status_code == 200) == (score == "９")
    assert customer.web.get(customer.answer_url + f"?s={score}").status_code == 200


def test_very_long_words_are_cut_and_never_an_error(invited, as_customer):
    invitation = invited()
    as_customer(invitation).answer(5, "ы" * 20_000 + "\0")
    assert len(Answer.objects.get(question__kind="comment").text) == 4000


def test_the_same_browser_changes_its_answer(invited, as_customer):
    invitation = invited()
    customer = as_customer(invitation)
    customer.answer(9, "Great")
    page = customer.open()
    assert "You have answered already" in page.content.decode()
    customer.answer(4, "On second thoughts")
    assert Response.objects.count() == 1
    response = active(invitation)
    assert (response.score, response.edited_at is not None) == (4, True)


def test_where_cookies_are_blocked_the_edit_link_of_the_thank_you_page_changes_the_answer(invited, as_customer):
    invitation = invited()
    thanks = as_customer(invitation).answer(9).content.decode()
    edit_url = re.search(r'href="(/a/[^"]+edit=[^"]+)"', thanks).group(1)
    other = as_customer(invitation).web
    page = other.get(edit_url)
    other.post(edit_url, {**fields_of(page.content), "score": "5", "comment": ""})
    assert [response.score for response in Response.objects.all()] == [5]


def test_another_browser_makes_a_second_visible_answer_and_replaces_nothing(invited, as_customer):
    invitation = invited()
    as_customer(invitation).answer(9, "Mine")
    as_customer(invitation, "Mozilla/5.0 (Windows)", "203.0.113.5").answer(0, "Not mine")
    assert active(invitation).score == 9
    assert Response.objects.filter(is_active=False).get().score == 0


def test_a_clean_answer_takes_the_place_of_one_under_suspicion(invited, as_customer):
    invitation = invited()
    robot = as_customer(invitation, "python", "192.0.2.1")
    for score in range(11):
        robot.open(score)
    robot.answer(0)
    assert active(invitation).verdict == "check"
    invitation.refresh_from_db()
    assert invitation.answered_at is None
    Hit.objects.update(at=timezone.now() - timedelta(minutes=5))
    as_customer(invitation).answer(9)
    assert active(invitation).score == 9
    assert active(invitation).counts


def test_a_browser_with_an_impossible_name_gets_the_page(invited, as_customer):
    customer = as_customer(invited(), "odd\0name")
    assert customer.open(9).status_code == 200
    assert customer.answer(9).status_code == 200


def test_a_link_is_not_used_up_by_visits(invited, as_customer):
    invitation = invited()
    for number in range(5):
        as_customer(invitation, f"visitor {number}").open(number)
    as_customer(invitation).answer(10)
    assert active(invitation).score == 10


def test_a_flood_of_answers_is_logged_and_kept_out(invited, as_customer):
    invitation = invited()
    for number in range(14):
        as_customer(invitation, f"browser {number}").answer(number % 11)
    assert Response.objects.count() == 10
    assert Hit.objects.filter(kind="answer").count() == 14


# --- Links ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("token", ["x", "A" * 43, "ü", "A" * 5000])
def test_a_forged_link_gets_a_kind_page_and_writes_nothing(client, organisation, token):
    for path in (f"/a/{token}/", f"/u/{token}/", f"/a/{token}/more/"):
        for answer in (client.get(path), client.post(path, {"score": 1})):
            assert answer.status_code == 404
            assert "no longer works" in answer.content.decode()
    assert not Hit.objects.exists()


def test_an_answer_link_cannot_unsubscribe(client, invited):
    invitation = invited()
    assert client.post(f"/u/{make_token('answer', invitation.public_id)}/").status_code == 404


@pytest.mark.parametrize("change", [{"expires_at": timezone.now() - timedelta(days=1)}, {"revoked_at": timezone.now()}])
def test_a_closed_link_takes_no_answer(invited, as_customer, change):
    invitation = invited()
    customer = as_customer(invitation)
    assert customer.open(9).status_code == 200
    Invitation.objects.update(**change)
    assert customer.open(9).status_code == 410
    assert customer.web.post(customer.answer_url, {"score": 9}).status_code == 410
    assert not Response.objects.exists()


def test_links_made_under_a_former_key_still_work(invited, as_customer, settings):
    customer = as_customer(invited())
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key that is long enough to be one"
    assert customer.open(9).status_code == 200
    settings.SECRET_KEY_FALLBACKS = []
    assert customer.open(9).status_code == 404


def test_public_pages_are_never_cached_and_leak_no_referrer(invited, as_customer):
    customer = as_customer(invited())
    for page in (customer.open(9), customer.answer(9), customer.web.get(customer.leave_url)):
        assert page.headers["Cache-Control"] == "no-store"
        assert page.headers["Referrer-Policy"] == "same-origin"
        assert "'unsafe-inline'" not in page.headers["Content-Security-Policy"]
        assert "default-src 'none'" in page.headers["Content-Security-Policy"]


def test_the_page_speaks_the_customers_language(invited, as_customer, make_customer):
    page = as_customer(invited(make_customer(language="tr"))).open()
    assert page.headers["Content-Language"] == "tr"
    assert 'lang="tr"' in page.content.decode()


def test_no_name_address_or_id_of_a_person_stands_in_a_public_address(invited, as_customer, make_customer):
    customer = make_customer("Zebulon Quux")
    visitor = as_customer(invited(customer))
    page = visitor.open(3).content.decode() + visitor.answer(3).content.decode()
    for address in re.findall(r'(?:href|action)="([^"]*)"', page):
        assert "ebulon" not in address
        assert not re.search(r"/\d+/|=\d{1,6}$", address)


def test_the_first_load_is_at_most_14_kilobytes_compressed(invited, as_customer, settings):
    import gzip
    from pathlib import Path

    page = as_customer(invited()).open(9)
    assert b"<script" not in page.content
    sheet = Path(settings.BASE_DIR, "static/css/survey.css").read_bytes()
    assert len(gzip.compress(page.content)) + len(gzip.compress(sheet)) < 14_000


# --- The second look --------------------------------------------------------------------------------------------


def test_a_minute_later_a_machine_that_came_first_is_seen_through(invited, as_customer):
    invitation = invited()
    robot = as_customer(invitation, "python", "192.0.2.1")
    robot.answer(0)
    assert active(invitation).verdict == "clean"
    for score in range(11):
        robot.open(score)
    look_again()
    assert active(invitation).verdict == "check"
    invitation.refresh_from_db()
    assert invitation.answered_at is None


def test_a_scanner_that_comes_after_a_person_changes_nothing(invited, as_customer):
    invitation = invited()
    as_customer(invitation).answer(9, "Mine")
    robot = as_customer(invitation, "scanner", "192.0.2.1")
    for score in range(11):
        robot.open(score)
        robot.answer(score)
    robot.leave()
    look_again()
    response = active(invitation)
    assert (response.score, response.verdict) == (9, "clean")
    assert Answer.objects.get(response=response, question__kind="comment").text == "Mine"


# --- Managers ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("says", "counts"), [("person", True), ("machine", False)])
def test_a_manager_says_whether_it_was_a_person(
    invited, as_customer, make_customer, team, manager, signed_in, says, counts
):
    invitation = invited(make_customer(team=team))
    robot = as_customer(invitation, "python")
    for score in range(11):
        robot.open(score)
    robot.answer(6)
    response = Response.objects.get()
    web = signed_in(manager)
    assert "needs checking" in web.get("/answers/").content.decode()
    assert web.post(f"/answers/{response.pk}/check/", {"is": says}).status_code == 302
    response.refresh_from_db()
    assert response.counts is counts
    assert response.checked_by == manager


def test_the_person_who_was_rated_does_not_judge(invited, as_customer, make_customer, team, staff, outsider, signed_in):
    invitation = invited(make_customer(team=team, owner=staff))
    as_customer(invitation).answer(2)
    Response.objects.update(verdict="check", signs=["no_page", "too_soon"])
    response = Response.objects.get()
    assert signed_in(staff).get(f"/answers/{response.pk}/").status_code == 200
    assert signed_in(staff).post(f"/answers/{response.pk}/check/", {"is": "machine"}).status_code == 403
    assert signed_in(outsider).get(f"/answers/{response.pk}/").status_code == 404
    assert signed_in(outsider).post(f"/answers/{response.pk}/check/", {"is": "machine"}).status_code == 404


def test_an_answer_that_nothing_speaks_against_cannot_be_left_out(
    invited, as_customer, make_customer, manager, team, signed_in
):
    invitation = invited(make_customer(team=team))
    as_customer(invitation).answer(0, "Never again.")
    response = Response.objects.get()
    assert signed_in(manager).post(f"/answers/{response.pk}/check/", {"is": "machine"}).status_code == 403
    response.refresh_from_db()
    assert response.counts


def test_a_manager_does_not_judge_answers_about_themselves(
    invited, as_customer, make_customer, manager, team, signed_in
):
    invitation = invited(make_customer(team=team, owner=manager))
    as_customer(invitation).answer(0, "Never again.")
    Response.objects.update(verdict="check", signs=["no_page", "too_soon"])
    page = f"/answers/{Response.objects.get().pk}/"
    assert signed_in(manager).post(page + "check/", {"is": "machine"}).status_code == 403
    assert b"leave it out" not in signed_in(manager).get(page).content


def test_the_manager_of_who_looks_after_a_customer_without_a_team_reads_the_answer(
    invited, as_customer, make_customer, staff, manager, other_manager, signed_in
):
    as_customer(invited(make_customer(owner=staff))).answer(2)
    page = f"/answers/{Response.objects.get().pk}/"
    assert signed_in(manager).get(page).status_code == 200
    assert signed_in(other_manager).get(page).status_code == 404


@pytest.mark.parametrize("many", [1, 3])
def test_the_list_of_answers_takes_the_same_queries_for_one_and_for_three(
    invited, as_customer, make_customer, manager, team, signed_in, django_assert_num_queries, many
):
    for number in range(many):
        as_customer(invited(make_customer(f"C{number}", team=team))).answer(number, "words")
    web = signed_in(manager)
    web.get("/answers/")
    with django_assert_num_queries(LIST_QUERIES):
        web.get("/answers/")


LIST_QUERIES = 11


@pytest.mark.parametrize("path", ["/a/", "/u/", "/a/cut/off/", "/u/x/y"])
def test_a_cut_link_gets_the_customers_page_and_not_the_staffs(client, organisation, path):
    page = client.get(path)
    assert page.status_code == 404
    assert "A person reads it" in page.content.decode()


def test_a_second_answer_from_another_browser_is_told_so(invited, as_customer):
    invitation = invited()
    assert "kept beside it" not in as_customer(invitation).answer(9).content.decode()
    second = as_customer(invitation, "another browser", "203.0.113.8").answer(2)
    assert "kept beside it" in second.content.decode()
