"""A sending asks the right people once, says why it does not ask the others, and decides at the last moment."""

import re
import threading
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from delight.customers.models import Customer, Segment
from delight.customers.services import suppress
from delight.organisation.models import Organisation
from delight.outbox.models import Message
from delight.outbox.pump import run_due
from surveys.design.services import change_words
from surveys.design.wording import starting_words
from surveys.sending.access import audience_of
from surveys.sending.models import Invitation, Sending
from surveys.sending.queries import figures
from surveys.sending.rules import take_turn
from surveys.sending.services import AlreadySent, prepare_sending, send_survey, stop_sending
from tests.conftest import html_of, text_of


def reasons(sending) -> dict[str, str]:
    return dict(Invitation.objects.filter(sending=sending).values_list("customer__name", "not_sent_reason"))


def make_due(kind: str) -> None:
    Message.objects.filter(kind=kind, state="waiting").update(due_at=timezone.now(), promised_at=timezone.now())


# --- The mail ---------------------------------------------------------------------------------------------------


def test_the_mail_comes_from_a_person_with_eleven_links_and_a_way_out(send, make_customer, post_office, sponsor):
    send(make_customer("Olena Koval", address_as="Olena"))
    (mail,) = post_office.deliver()
    assert mail["From"] == '"Olga, Barber & Sons" <hello@delight.example>'
    assert mail["Reply-To"] == sponsor.email
    assert mail["Subject"] == "One question from Barber & Sons"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    for body in (html_of(mail), text_of(mail)):
        links = re.findall(r"http://127\.0\.0\.1:?\d*/a/[\w-]+/\?s=(\d+)", body)
        assert sorted(map(int, links)) == list(range(11))
        assert "Dear Olena," in body
        assert "1 Mill Lane, Ghent" in body
        assert re.search(r"/u/[\w-]+/", body)
        assert "delight" + "answermark" not in body
    assert "<style" in html_of(mail)
    assert "<img" not in html_of(mail)


def test_hostile_names_stay_text(send, make_customer, post_office):
    send(make_customer("Eve", address_as='<script>alert(1)</script> {company} "'))
    (mail,) = post_office.deliver()
    assert "<script>" not in html_of(mail)
    assert "{company}" in text_of(mail)


def test_a_customer_without_a_form_of_address_is_greeted_without_a_name(send, make_customer, post_office):
    send(make_customer("Olena Koval"))
    (mail,) = post_office.deliver()
    assert "Good day," in text_of(mail)
    assert "Olena" not in text_of(mail)


def test_words_changed_after_sending_do_not_change_mails_on_their_way(
    send, survey, sponsor, make_customer, post_office
):
    send(make_customer())
    change_words(by=sponsor, survey=survey, language="en", words={**starting_words("en"), "subject": "New"})
    (mail,) = post_office.deliver()
    assert mail["Subject"] == "One question from Barber & Sons"


# --- Who is asked -----------------------------------------------------------------------------------------------


def test_everybody_not_asked_has_a_reason(send, make_customer, post_office):
    make_customer("Asked")
    make_customer("Phone only", email=None, phone="+32 470 11 22 33")
    make_customer("Found somewhere", address_source="other")
    suppress(make_customer("Left").email, "relationship", "unsubscribed")
    make_customer("Recent", last_asked_at=timezone.now() - timedelta(days=10), last_asked_for="invite:0")
    make_customer("Long ago", last_asked_at=timezone.now() - timedelta(days=91), last_asked_for="invite:0")
    sending = send()
    assert len(post_office.deliver()) == 2
    assert reasons(sending) == {
        "Asked": "",
        "Long ago": "",
        "Phone only": "no_address",
        "Found somewhere": "not_allowed",
        "Left": "unsubscribed",
        "Recent": "asked_recently",
    }
    sending.refresh_from_db()
    assert sending.state == "sending"


def test_a_segment_asks_only_its_customers(send, make_customer, post_office):
    regulars = Segment.objects.create(name="Regulars")
    make_customer("In", segment=regulars)
    make_customer("Out")
    assert reasons(send(audience="segment", segment=regulars)) == {}
    post_office.deliver()
    assert list(Invitation.objects.values_list("customer__name", flat=True)) == ["In"]


def test_a_manager_asks_only_own_customers(send, make_customer, post_office, manager, team, other_team):
    make_customer("Own", team=team)
    make_customer("Nobody's")
    make_customer("Of the other shop", team=other_team)
    sending = send(by=manager, sender=manager)
    post_office.deliver()
    assert set(reasons(sending)) == {"Own", "Nobody's"}


def test_a_manager_asks_nobody_of_another_team(send, make_customer, post_office, manager, outsider, staff):
    theirs, ours = make_customer("Nadia", owner=outsider), make_customer("Olga", owner=staff)
    sending = send(by=manager, sender=manager)
    post_office.deliver()
    assert [each.customer for each in sending.invitations.all()] == [ours]
    assert theirs not in audience_of(manager)


def test_two_sendings_at_once_ask_a_person_once(send, make_customer, post_office):
    customer = make_customer()
    send(customer)
    send(customer)
    assert len(post_office.deliver()) == 1
    assert sorted(Invitation.objects.values_list("not_sent_reason", flat=True)) == ["", "asked_recently"]


def turn(invitation: Invitation, key: str) -> bool:
    return take_turn(invitation=invitation, email=invitation.customer.email, key=key, organisation=Organisation.get())


@pytest.mark.django_db(transaction=True)
def test_two_processes_at_once_take_one_turn(send, make_customer):
    prepare_sending(send(make_customer()).pk, lambda done, total: None)
    invitation, taken, barrier = Invitation.objects.select_related("customer").get(), [], threading.Barrier(8)

    def take(number: int) -> None:
        barrier.wait()
        taken.append(turn(invitation, f"invite:{number}"))
        connection.close()

    threads = [threading.Thread(target=take, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == [False] * 7 + [True]


def test_a_second_try_at_the_same_invitation_is_not_another_survey(send, make_customer):
    prepare_sending(send(make_customer()).pk, lambda done, total: None)
    invitation = Invitation.objects.get()
    assert turn(invitation, "invite:1")
    assert turn(invitation, "invite:1")
    assert not turn(invitation, "invite:2")


def test_preparing_again_adds_only_what_is_missing(send, make_customer, post_office):
    for number in range(3):
        make_customer(f"C{number}")
    sending = send()
    prepare_sending(sending.pk, lambda done, total: None)
    Invitation.objects.filter(customer__name="C1").delete()
    Message.objects.filter(key__contains="invite").last().delete()
    prepare_sending(sending.pk, lambda done, total: None)
    assert Invitation.objects.count() == 3
    assert len(post_office.deliver()) == 3


# --- The last moment --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("happens", "reason"),
    [
        (lambda i: suppress(i.customer.email, "all", "asked"), "unsubscribed"),
        (lambda i: Customer.objects.update(address_source="other"), "not_allowed"),
        (lambda i: Organisation.objects.update(consent_rule="recorded"), "not_allowed"),
        (lambda i: Customer.objects.update(erased_at=timezone.now()), "gone"),
        (lambda i: Invitation.objects.update(expires_at=timezone.now()), "expired"),
        (lambda i: Sending.objects.update(state="stopped"), "stopped"),
        (lambda i: Customer.objects.update(last_asked_at=timezone.now(), last_asked_for="x"), "asked_recently"),
        (lambda i: None, ""),
    ],
)
def test_what_happens_between_preparing_and_sending_is_respected(send, make_customer, post_office, happens, reason):
    sending = send(make_customer())
    prepare_sending(sending.pk, lambda done, total: None)
    invitation = Invitation.objects.get()
    happens(invitation)
    assert len(post_office.deliver()) == (0 if reason else 1)
    invitation.refresh_from_db()
    assert invitation.not_sent_reason == reason
    assert bool(invitation.sent_at) == (not reason)


# --- The reminder -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("answer", "reason"), [("550 no such person", "bad_address"), ("250 OK", "unreachable_site")])
def test_what_could_not_go_out_says_so_and_takes_nobodys_turn(
    send, make_customer, post_office, monkeypatch, settings, answer, reason
):
    async def receive(server, session, envelope, address, options):
        envelope.rcpt_tos.append(address)
        return answer

    monkeypatch.setattr(post_office, "handle_RCPT", receive, raising=False)
    settings.LOCAL, settings.BASE_HOST = False, "127.0.0.1" if reason == "unreachable_site" else "delight.company.com"
    customer = make_customer(email="ada@company.com")
    sending = send(customer)
    assert post_office.deliver() == []
    assert Invitation.objects.get(sending=sending).not_sent_reason == reason
    assert figures(sending).waiting == 0
    customer.refresh_from_db()
    assert customer.last_asked_at is None


def test_one_reminder_goes_to_those_who_have_not_answered(invited, post_office):
    invitation = invited()
    post_office.mails.clear()
    make_due("remind")
    (mail,) = post_office.deliver()
    assert "only reminder" in text_of(mail)
    assert Message.objects.filter(kind="remind").count() == 1
    invitation.refresh_from_db()
    assert invitation.reminded_at


def test_the_reminder_carries_the_same_links(invited, post_office):
    invited()
    make_due("remind")
    post_office.deliver()
    first, second = (set(re.findall(r"/[au]/[\w-]+/", text_of(mail))) for mail in post_office.mails)
    assert first == second


def test_those_who_answered_are_not_reminded(invited, post_office, as_customer):
    as_customer(invited()).answer(8)
    post_office.mails.clear()
    make_due("remind")
    assert post_office.deliver() == []
    assert Message.objects.get(kind="remind").reason == "answered"


def test_a_machines_answer_does_not_stop_the_reminder(invited, post_office, as_customer):
    robot = as_customer(invited())
    for score in range(11):
        robot.open(score)
    robot.answer(0)
    post_office.mails.clear()
    make_due("remind")
    assert len(post_office.deliver()) == 1


def test_without_days_there_is_no_reminder(send, make_customer, post_office):
    send(make_customer(), remind_after_days=0)
    post_office.deliver()
    assert not Message.objects.filter(kind="remind").exists()


# --- The pages --------------------------------------------------------------------------------------------------


def form_data(sender, **changes) -> dict:
    key = str(uuid.uuid4())
    return {"audience": "all", "sender": sender.pk, "remind_after_days": 4, "idempotency_key": key, **changes}


def test_nothing_is_sent_before_the_manager_has_seen_who_is_asked(survey, sponsor, signed_in, make_customer):
    make_customer("Asked")
    make_customer("Phone only", email=None, phone="+32 470 11 22 33")
    page = signed_in(sponsor).post(f"/sendings/new/{survey.pk}/", form_data(sponsor))
    assert "1 of 2 customers" in page.content.decode()
    assert "has no e-mail address" in page.content.decode()
    assert "Send to 1 person" in page.content.decode()
    assert "How likely are you to recommend Barber &amp; Sons" in page.content.decode()
    assert not Sending.objects.exists()


def test_pressing_send_twice_sends_once(survey, sponsor, signed_in, make_customer, post_office):
    make_customer()
    web, data = signed_in(sponsor), form_data(sponsor, send="1")
    first, second = (web.post(f"/sendings/new/{survey.pk}/", data) for _press in range(2))
    assert first.url == second.url
    assert len(post_office.deliver()) == 1


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_the_same_moment_send_once(survey, sponsor, make_customer):
    make_customer()
    key, start, found = uuid.uuid4(), threading.Barrier(2), []

    def press():
        try:
            start.wait()
            found.append(send_survey(by=sponsor, survey=survey, sender=sponsor, idempotency_key=key).pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _each in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 2
    assert set(found) == {Sending.objects.get().pk}


def test_the_same_key_with_another_name_under_the_mail_is_refused(survey, sponsor, manager):
    key = uuid.uuid4()
    send_survey(by=sponsor, survey=survey, sender=sponsor, idempotency_key=key)
    with pytest.raises(AlreadySent):
        send_survey(by=sponsor, survey=survey, sender=manager, idempotency_key=key)


def test_the_same_page_with_other_choices_is_refused_and_says_so(survey, sponsor, signed_in, make_customer):
    customer = make_customer()
    web, data = signed_in(sponsor), form_data(sponsor, send="1")
    web.post(f"/sendings/new/{survey.pk}/", data)
    other = {**data, "audience": "picked", "picked_words": customer.email}
    page = web.post(f"/sendings/new/{survey.pk}/", other, follow=True)
    assert "used for a sending already" in page.content.decode()
    assert Sending.objects.count() == 1


def test_picked_addresses_that_are_nobodys_are_named(survey, sponsor, signed_in, make_customer):
    known = make_customer()
    data = form_data(sponsor, audience="picked", picked_words=f"{known.email}\nnobody@mail.example")
    page = signed_in(sponsor).post(f"/sendings/new/{survey.pk}/", data).content.decode()
    assert "nobody@mail.example" in page
    assert "Not among your customers" in page
    data["picked_words"] = known.email.upper()
    assert "1 of 1 customers" in signed_in(sponsor).post(f"/sendings/new/{survey.pk}/", data).content.decode()


def test_a_manager_cannot_sign_with_a_strangers_name(survey, manager, outsider, colleague, signed_in, make_customer):
    web = signed_in(manager)
    for sender, allowed in ((outsider, False), (colleague, True)):
        page = web.post(f"/sendings/new/{survey.pk}/", form_data(sender)).content.decode()
        assert ("Who will be asked" in page) is allowed


def test_the_page_of_a_sending_says_who_got_it_and_why_not(send, sponsor, signed_in, make_customer, post_office):
    make_customer("Asked")
    make_customer("Phone only", email=None, phone="+32 470 11 22 33")
    sending = send()
    post_office.deliver()
    page = signed_in(sponsor).get(f"/sendings/{sending.pk}/").content.decode()
    assert "All sent. Who has not answered is reminded once" in page
    assert page.count("has no e-mail address") == 2
    assert page.count("not yet") == 1


def test_only_its_maker_or_a_sponsor_stops_a_sending(send, manager, other_manager, staff, sponsor, signed_in):
    sending = send(by=manager, sender=sponsor)
    path = f"/sendings/{sending.pk}/stop/"
    assert signed_in(staff).post(path).status_code == 403
    assert signed_in(other_manager).post(path).status_code == 404
    sending.refresh_from_db()
    assert sending.state == "preparing"
    assert signed_in(manager).post(path).status_code == 302
    sending.refresh_from_db()
    assert sending.state == "stopped"


def test_stopping_ends_what_waits_at_once(send, sponsor, make_customer, post_office):
    sending = send(make_customer())
    post_office.deliver()
    assert Message.objects.get(kind="remind").state == "waiting"
    stop_sending(by=sponsor, sending=sending)
    assert Message.objects.get(kind="remind").state == "cancelled"


def test_a_stopped_sending_stays_stopped_when_it_was_still_being_prepared(send, sponsor, make_customer, post_office):
    make_customer()
    sending = send()
    stop_sending(by=sponsor, sending=sending)
    assert post_office.deliver() == []
    sending.refresh_from_db()
    assert sending.state == "stopped"


@pytest.mark.parametrize("many", [1, 3])
def test_pages_take_the_same_queries_for_one_and_for_three(
    send, make_customer, sponsor, signed_in, post_office, django_assert_num_queries, many
):
    for number in range(many):
        make_customer(f"C{number}")
        send()
    run_due()
    sending = Sending.objects.last()
    web = signed_in(sponsor)
    web.get("/sendings/")
    for path, queries in (("/sendings/", LIST_QUERIES), (f"/sendings/{sending.pk}/", PAGE_QUERIES)):
        with django_assert_num_queries(queries):
            web.get(path)


LIST_QUERIES = 7
PAGE_QUERIES = 10
