"""The machines of the mail world answer nothing and unsubscribe nobody; people are counted all the same."""

import contextlib
from datetime import timedelta

import pytest
from django.core.servers.basehttp import WSGIRequestHandler
from django.db.models import F
from django.test import Client

from delight.customers.models import Suppression
from delight.customers.services import is_suppressed
from delight.lib.tokens import make_token
from delight.outbox.models import Job
from delight.outbox.pump import run_due
from surveys.answering import judge, public, services
from surveys.answering.models import Answer, Hit, Response, Unsubscription
from surveys.answering.tokens import page_nonce
from surveys.sending.models import Invitation
from surveys.sending.rules import SCOPE
from tests.faults import visitors
from tests.faults.visitors import MailLinks, Visitor, links_of

SCANNER = "Mozilla/5.0 (compatible; LinkScanner)"
PHONE = "Mozilla/5.0 (iPhone)"
EITHER = ["forgetful_machine", pytest.param("machine", marks=pytest.mark.slow)]  # without cookies, and with them


@pytest.fixture
def arrive(live_server, settings, monkeypatch, request):
    """`arrive()`: a customer's invitation arrived a minute ago; returns the links of that real mail.

    The site behind them is up, behind one proxy, and was set up at that address: mail leaves from no other.
    """
    settings.BASE_URL, settings.TRUSTED_PROXIES = live_server.url, 1
    # Django's test server answers in two small parts: 40 ms of waiting on a line that is kept open.
    monkeypatch.setattr(WSGIRequestHandler, "disable_nagle_algorithm", True)
    office, invited = request.getfixturevalue("post_office"), request.getfixturevalue("invited")

    def do(customer=None) -> MailLinks:
        before = len(office.mails)
        invitation = invited(customer)
        return links_of(invitation, office.mails[before])

    return do


@pytest.fixture
def mail(arrive) -> MailLinks:
    return arrive()


@pytest.fixture
def visitor():
    """`visitor(address, browser_name, cookies=…)`: somebody at the door."""
    with contextlib.ExitStack() as stack:
        yield lambda *who, **more: stack.enter_context(contextlib.closing(Visitor(*who, **more)))


@pytest.fixture
def machine(visitor) -> Visitor:
    return visitor("192.0.2.66", SCANNER)


@pytest.fixture
def forgetful_machine(visitor) -> Visitor:
    return visitor("192.0.2.67", SCANNER, cookies=False)


@pytest.fixture
def person(visitor) -> Visitor:
    return visitor("198.51.100.7", PHONE)


def pass_time(**ago) -> None:
    """Let time go by: all that happened so far happened that much earlier, and what has become due by now is done."""
    ago = timedelta(**ago)
    Hit.objects.update(at=F("at") - ago)
    Response.objects.update(submitted_at=F("submitted_at") - ago, edited_at=F("edited_at") - ago)
    Unsubscription.objects.update(at=F("at") - ago)
    Invitation.objects.update(sent_at=F("sent_at") - ago)
    Job.objects.update(due_at=F("due_at") - ago)
    run_due()


def look_again() -> None:
    """Have all second looks: those that are due in a minute, and any that come later."""
    pass_time(seconds=65)
    pass_time(hours=2)


def counted(mail: MailLinks) -> tuple[int, str] | None:
    """The answer to that mail which is in the numbers: score and words."""
    response = Response.objects.filter(invitation=mail.invitation, is_active=True).first()
    if response is None or not response.counts:
        return None
    return response.score, Answer.objects.get(response=response, question__kind="comment").text


def gone_for_good(mail: MailLinks) -> bool:
    customer = Invitation.objects.get(pk=mail.invitation).customer
    held = is_suppressed(email=customer.email, scope=SCOPE)
    return held is not None and held.reason == Suppression.Reason.UNSUBSCRIBED


def came_of(mails: dict[str, MailLinks]) -> dict[str, tuple]:
    """After the second looks: of each mail the answer that counts, and whether its reader has left for good."""
    look_again()
    assert all(Hit.objects.filter(invitation=mail.invitation).exists() for mail in mails.values())
    return {name: (counted(mail), gone_for_good(mail)) for name, mail in mails.items()}


NOTHING = (None, False)


@pytest.fixture
def a_click_is_an_answer(monkeypatch, nobody_judges):
    """A guard off: a page that is opened sends itself, as where a click in the mail is the answer."""
    log_hit = services.log_hit

    def log_and_send(invitation, kind, visitor, *, method, score=None):
        hit = log_hit(invitation, kind, visitor, method=method, score=score)
        public_id = Invitation.objects.get(pk=getattr(invitation, "pk", invitation)).public_id
        fields = {"nonce": page_nonce(public_id), "score": score}
        if method != "POST" and score is not None:
            Client().post(f"/a/{make_token('answer', public_id)}/", fields)
        elif method != "POST" and kind == Hit.Kind.LEAVE_PAGE:
            Client().post(f"/u/{make_token('unsubscribe', public_id)}/", {"nonce": fields["nonce"]})
        return hit

    monkeypatch.setattr(public, "log_hit", log_and_send)


@pytest.fixture
def nobody_judges(monkeypatch):
    """A guard off: whatever is posted counts."""
    monkeypatch.setattr(judge, "SIGNS_TO_CHECK", 99)


# --- Machines that only look ------------------------------------------------------------------------------------


def stays(window, mail) -> None:
    """Open a link in Chromium and give its scripts time."""
    window.goto(mail.scores[3])
    window.wait_for_timeout(2000)


def clicks_everything(window, mail) -> None:
    """Click every link of the mail in Chromium, then every link of each page, the hidden one as well."""
    seen, to_open = set(mail.all), [("", link) for link in mail.all]
    while to_open:
        start, link = to_open.pop(0)
        if start:
            window.goto(start)
        else:
            window.set_content("".join(f'<p><a href="{link}">{link}</a></p>' for link in mail.all))
        with window.expect_navigation():
            window.evaluate("href => [...document.links].find(a => a.href == href).click()", link)
        fresh = set(window.evaluate("[...document.links].map(a => a.href)")) - seen
        seen |= fresh
        to_open += [(window.url, each) for each in sorted(fresh)]


def look_at_everything(arrive, machine) -> dict[str, MailLinks]:
    mails = {look.__name__: arrive() for look in visitors.WITHOUT_POSTING}
    for look in visitors.WITHOUT_POSTING:
        look(machine, mails[look.__name__])
    return mails


def browse_everything(arrive, window) -> dict[str, MailLinks]:
    mails = {act.__name__: arrive() for act in (stays, clicks_everything)}
    for act in (stays, clicks_everything):
        act(window, mails[act.__name__])
    return mails


def test_machines_that_look_at_every_link_answer_nothing(arrive, machine):
    mails = look_at_everything(arrive, machine)
    assert came_of(mails) == dict.fromkeys(mails, NOTHING)


@pytest.mark.slow
def test_control_where_a_click_is_an_answer_looking_answers(arrive, machine, a_click_is_an_answer):
    mails = look_at_everything(arrive, machine)
    assert NOTHING not in came_of(mails).values()


@pytest.mark.slow
@pytest.mark.browser
def test_machines_with_a_browser_answer_nothing(arrive, page):
    mails = browse_everything(arrive, page)
    assert came_of(mails) == dict.fromkeys(mails, NOTHING)


@pytest.mark.slow
@pytest.mark.browser
def test_control_where_a_click_is_an_answer_a_browser_answers(arrive, page, a_click_is_an_answer):
    mails = browse_everything(arrive, page)
    assert NOTHING not in came_of(mails).values()


# --- Machines that post every form ------------------------------------------------------------------------------


def a_mail_for_each(arrive) -> dict[str, MailLinks]:
    return {post.__name__: arrive() for post in visitors.POSTING}


def post_everything(machine, mails) -> None:
    for post in visitors.POSTING:
        post(machine, mails[post.__name__])


@pytest.mark.parametrize("who", EITHER)
def test_machines_that_post_every_form_are_seen_through(request, arrive, who):
    mails = a_mail_for_each(arrive)
    post_everything(request.getfixturevalue(who), mails)
    assert Response.objects.filter(is_active=True).count() == len(mails)
    assert Unsubscription.objects.values("invitation").distinct().count() == len(mails)
    assert came_of(mails) == dict.fromkeys(mails, NOTHING)


@pytest.mark.slow
def test_control_where_nobody_judges_posting_counts(arrive, machine, nobody_judges):
    mails = a_mail_for_each(arrive)
    post_everything(machine, mails)
    assert all(answer for answer, _left in came_of(mails).values())


@pytest.mark.slow
def test_machines_after_a_person_change_nothing(arrive, machine, person):
    mails = a_mail_for_each(arrive)
    for mail in mails.values():
        assert "Thank you" in person.answer(mail.scores[9], "Mine").text
    post_everything(machine, mails)
    assert came_of(mails) == dict.fromkeys(mails, ((9, "Mine"), False))


@pytest.mark.slow
def test_machines_do_not_take_a_persons_unsubscription_back(arrive, machine, person):
    mails = a_mail_for_each(arrive)
    for mail in mails.values():
        person.leave(mail)
    post_everything(machine, mails)
    assert came_of(mails) == dict.fromkeys(mails, (None, True))


@pytest.mark.slow
def test_control_where_any_browser_may_edit_a_machine_overwrites_the_person(mail, machine, person, monkeypatch):
    monkeypatch.setattr(services, "_is_own", lambda response, visitor: True)
    person.answer(mail.scores[9], "Mine")
    visitors.posts_one_by_one(machine, mail)
    assert came_of({"it": mail}) != {"it": ((9, "Mine"), False)}


@pytest.mark.slow
def test_control_where_undo_is_offered_to_everybody_a_machine_takes_it_back(mail, machine, person, monkeypatch):
    real = public._leaving_page
    monkeypatch.setattr(public, "_leaving_page", lambda *args, **named: real(*args, **{**named, "may_undo": True}))
    person.leave(mail)
    visitors.posts_one_by_one(machine, mail)
    assert came_of({"it": mail}) != {"it": (None, True)}


# --- What still gets past the judge -----------------------------------------------------------------------------


@pytest.mark.slow
def test_a_machine_that_changes_its_address_for_each_link_answers_nothing(mail, visitor):
    for number, link in enumerate(mail.all):
        each = visitor(f"192.0.2.{number}", SCANNER)
        each.send(each.get(link).forms[0])
    assert came_of({"it": mail}) == {"it": NOTHING}


@pytest.mark.slow
def test_a_slow_machine_answers_nothing(mail, machine):
    for link in mail.all:
        machine.send(machine.get(link).forms[0])
        pass_time(seconds=70)
    assert came_of({"it": mail}) == {"it": NOTHING}


@pytest.mark.slow
def test_a_machine_at_an_older_mail_does_not_take_a_persons_unsubscription_back(arrive, make_customer, machine, person):
    customer = make_customer()
    older = arrive(customer)
    type(customer).objects.update(last_asked_at=None)
    newer = arrive(customer)
    person.leave(newer)
    visitors.posts_all_scores_first(machine, older)
    assert came_of({"newer": newer}) == {"newer": (None, True)}


# --- People are not harmed --------------------------------------------------------------------------------------


def answer_after_a_while(person, mail) -> None:
    """Open the page, think for 20 seconds, write, send."""
    opened = person.get(mail.scores[9])
    pass_time(seconds=20)
    person.send(opened.forms[0], comment="Mine")
    look_again()


@pytest.fixture
def a_suspicious_judge(monkeypatch):
    """A guard off: everybody's visits speak against everybody."""
    monkeypatch.setattr(judge, "_belongs", lambda hit, at, client: True)


def scanned_five_minutes_ago(mail, machine) -> None:
    visitors.opens_all_at_once(machine, mail)
    pass_time(minutes=5)


@pytest.mark.slow
def test_a_person_counts_after_a_machine_has_opened_everything(mail, machine, person):
    scanned_five_minutes_ago(mail, machine)
    answer_after_a_while(person, mail)
    assert counted(mail) == (9, "Mine")


@pytest.mark.slow
def test_control_a_suspicious_judge_harms_that_person(mail, machine, person, a_suspicious_judge):
    scanned_five_minutes_ago(mail, machine)
    answer_after_a_while(person, mail)
    assert counted(mail) is None


@pytest.mark.slow
@pytest.mark.parametrize("who", EITHER)
def test_a_person_counts_after_a_machine_has_posted_everything(request, arrive, person, who):
    mails = a_mail_for_each(arrive)
    post_everything(request.getfixturevalue(who), mails)
    look_again()
    pass_time(minutes=5)
    for mail in mails.values():
        answer_after_a_while(person, mail)
    assert [counted(mail) for mail in mails.values()] == [(9, "Mine")] * len(mails)


def opens_the_same_link(mail, machine, person) -> None:
    """What a mail program does at the moment of the click."""
    opened = person.get(mail.scores[9])
    machine.head(mail.scores[9])
    machine.get(mail.scores[9])
    person.send(opened.forms[0], comment="Mine")
    look_again()


@pytest.mark.slow
def test_a_person_counts_whose_mail_program_opens_the_same_link(mail, machine, person):
    opens_the_same_link(mail, machine, person)
    assert counted(mail) == (9, "Mine")


@pytest.mark.slow
def test_control_a_judge_of_single_visits_harms_that_person(mail, machine, person, monkeypatch):
    monkeypatch.setattr(judge, "SCORES_OF_A_MACHINE", 1)
    monkeypatch.setattr(judge, "SIGNS_TO_CHECK", 1)
    opens_the_same_link(mail, machine, person)
    assert counted(mail) is None


@pytest.fixture
def private_person(visitor) -> Visitor:
    return visitor("198.51.100.8", PHONE, cookies=False)


def change_without_cookies(person, mail, *, with_token: bool) -> None:
    """Answer 9 where cookies are blocked, then change it to 4 from the thank-you page."""
    thanks = person.answer(mail.scores[9], "Great")
    (edit,) = [link for link in thanks.links if "edit=" in link]
    form = person.get(edit).forms[0]
    if not with_token:
        form.action = form.action.partition("?")[0]
        form.fields.pop("edit")
    person.send(form, score="4", comment="On second thoughts")
    look_again()


@pytest.mark.slow
def test_a_person_without_cookies_counts_and_may_change_the_answer(mail, private_person):
    change_without_cookies(private_person, mail, with_token=True)
    assert counted(mail) == (4, "On second thoughts")


@pytest.mark.slow
def test_control_without_the_edit_token_the_change_is_a_strangers(mail, private_person):
    change_without_cookies(private_person, mail, with_token=False)
    assert counted(mail) == (9, "Great")
