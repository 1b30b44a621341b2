"""Personal notes: who writes to whom and when, what arrives, and how it ends with one press."""

import re
import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from delight.customers.models import Customer, Suppression, Visit
from delight.customers.services import is_suppressed, suppress
from delight.lib.tokens import make_token
from delight.organisation.models import Organisation
from delight.outbox.models import Message
from staff.moments import notes
from staff.moments.models import Moment, PersonalNote
from tests.conftest import fields_of, html_of, text_of

WORDS = "Dear Olena,\n\nthe photo of your cut is on its way.\nSee you <b>in May</b>!"


@pytest.fixture
def olena(make_customer, team, staff):
    return make_customer("Olena Koval", team=team, owner=staff, address_as="Olena", email="olena@mail.example")


@pytest.fixture
def write(signed_in, staff, olena):
    """`write(by=…, to=…)`: the page's answer to a note that was sent off."""

    def do(by=None, to=None, text=WORDS, key=None, query=""):
        browser = signed_in(by or staff)
        values = {"text": text, "key": key or uuid.uuid4()}
        return browser.post(f"/notes/new/{(to or olena).pk}/{query}", values)

    return do


@pytest.fixture
def written(write, olena):
    """A note that waits to be sent."""
    assert write().url == f"/customers/{olena.pk}/"
    return PersonalNote.objects.get()


@pytest.fixture
def sent(written, post_office):
    (mail,) = post_office.deliver()
    written.refresh_from_db()
    written.mail = mail
    return written


def reason_after_delivery(post_office) -> str:
    """Why nothing arrived, or empty."""
    mails = post_office.deliver()
    message = Message.objects.get(kind="note")
    assert bool(mails) == (message.state == "sent")
    return message.reason


# --- What arrives -----------------------------------------------------------------------------------------------


def test_it_comes_in_the_writers_words_and_name_and_answers_go_to_them(sent, staff, olena):
    mail = sent.mail
    assert mail["From"].addresses[0].display_name == "Sam, Barber & Sons"
    assert mail["From"].addresses[0].addr_spec != staff.email
    assert mail["Reply-To"].addresses[0].addr_spec == staff.email
    assert mail["To"].addresses[0].addr_spec == olena.email
    assert mail["Subject"] == "A personal note: Sam, Barber & Sons"
    text, html = text_of(mail).replace("\r\n", "\n"), html_of(mail)
    assert "the photo of your cut is on its way.\nSee you <b>in May</b>!" in text
    assert "See you &lt;b&gt;in May&lt;/b&gt;!" in html
    for part in (text, html):
        assert "1 Mill Lane, Ghent" in part
        assert "No more personal notes" in part
    assert sent.sent_at
    assert sent.not_sent == ""


def test_the_mail_program_has_a_button_of_its_own(sent):
    url = sent.mail["List-Unsubscribe"]
    assert re.fullmatch(r"<http://[^/]+/n/[\w-]{43}/>", url)
    assert sent.mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert url.strip("<>") in text_of(sent.mail)


def test_the_frame_is_in_the_customers_language_and_the_words_stay(olena, write, post_office):
    Customer.objects.update(language="tr")
    write()
    (mail,) = post_office.deliver()
    assert mail["Content-Language"] == "tr"
    assert "the photo of your cut is on its way." in text_of(mail)


def test_it_follows_ones_own_moment_only(staff, colleague, olena, write):
    own = Moment.objects.create(user=staff, customer=olena, what="Kept the shop open.")
    others = Moment.objects.create(user=colleague, customer=olena, what="Walked her home.")
    write(query=f"?moment={own.pk}")
    write(by=colleague, query=f"?moment={others.pk}")
    PersonalNote.objects.update(created_at=timezone.now() - timedelta(days=8))
    write(query=f"?moment={others.pk}")
    assert {(note.by, note.moment) for note in PersonalNote.objects.all()} == {(staff, own), (staff, None)}


def test_the_page_begins_as_the_customer_is_addressed(olena, staff, signed_in):
    page = signed_in(staff).get(f"/notes/new/{olena.pk}/").content.decode()
    assert "Dear Olena," in page
    assert "Answers come to sam@barber.example." in page


# --- Who may write ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "may"),
    [("staff", True), ("manager", True), ("sponsor", True), ("colleague", False), ("outsider", False),
     ("other_manager", False)],
)  # fmt: skip
def test_who_looks_after_the_customer_writes(who, may, request, olena, write, signed_in):
    person = request.getfixturevalue(who)
    assert write(by=person).status_code == (302 if may else 403)
    assert PersonalNote.objects.exists() == may
    page = signed_in(person).get(f"/customers/{olena.pk}/").content.decode()
    assert ("Personal notes</h2>" in page) == may


@pytest.mark.parametrize(
    ("days_ago", "state", "may"),
    [(0, "planned", True), (1, "came", True), (29, "came", True), (31, "came", False), (3, "missed", False)],
)
def test_so_does_whose_team_served_them_within_thirty_days(days_ago, state, may, outsider, other_team, olena, write):
    at = timezone.now() - timedelta(days=days_ago)
    Visit.objects.create(customer=olena, team=other_team, starts_at=at, state=state)
    assert write(by=outsider).status_code == (302 if may else 403)


def test_so_does_who_served_them_in_another_team(outsider, team, olena, write):
    yesterday = timezone.now() - timedelta(days=1)
    visit = Visit.objects.create(customer=olena, team=team, starts_at=yesterday, state="came")
    assert write(by=outsider).status_code == 403
    Visit.objects.filter(pk=visit.pk).update(served_by=outsider)
    assert write(by=outsider).status_code == 302


@pytest.mark.parametrize(("state", "may"), [("logged", True), ("stub", False), ("withdrawn", False)])
def test_so_does_who_did_something_for_them(state, may, outsider, olena, write):
    Moment.objects.create(user=outsider, customer=olena, what="Found her scarf.", state=state)
    assert write(by=outsider).status_code == (302 if may else 403)


def test_at_a_shared_device_too_but_without_a_managers_rights(staff, manager, olena):
    for person in (staff, manager):
        person.take_a_seat_at_the_desk()
    assert notes.may_write(staff, olena)
    assert not notes.may_write(manager, olena)


# --- To whom ----------------------------------------------------------------------------------------------------


def no_address():
    Customer.objects.update(email=None, phone_key="123")


def another_way():
    Customer.objects.update(address_source="other")


def unsubscribed():
    suppress("olena@mail.example", "notes", "unsubscribed")


def nothing_at_all():
    suppress("olena@mail.example", "all", "asked")


def consent_only():
    Organisation.objects.update(consent_rule="recorded")


WHY_NOT = [
    (no_address, "no_address", "We have no e-mail address"),
    (another_way, "not_allowed", "does not allow personal notes"),
    (unsubscribed, "unsubscribed", "asked us not to write"),
    (nothing_at_all, "unsubscribed", "asked us not to write"),
    (consent_only, "not_allowed", "need the customer’s consent"),
]


@pytest.mark.parametrize(("change", "_reason", "sentence"), WHY_NOT)
def test_the_page_says_why_not(change, _reason, sentence, staff, olena, write, signed_in):
    browser = signed_in(staff)
    assert "<textarea" in browser.get(f"/notes/new/{olena.pk}/").content.decode()
    change()
    page = browser.get(f"/notes/new/{olena.pk}/").content.decode()
    assert sentence in page
    assert "<textarea" not in page
    answer = write()
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert "the photo of your cut" in answer.content.decode(), "the words are not lost"
    assert not PersonalNote.objects.exists()
    customers_page = browser.get(f"/customers/{olena.pk}/").content.decode()
    assert sentence in customers_page
    assert "/notes/new/" not in customers_page


@pytest.mark.parametrize(("change", "reason", "_sentence"), WHY_NOT)
def test_it_is_asked_again_at_the_last_moment(change, reason, _sentence, written, post_office):
    change()
    assert reason_after_delivery(post_office) == reason
    written.refresh_from_db()
    assert (written.sent_at, written.not_sent, written.mailed_to) == (None, reason, "")


@pytest.mark.parametrize("scope", ["relationship", "transactional"])
def test_who_wants_no_surveys_may_still_get_a_note(scope, olena, written, post_office):
    suppress(olena.email, scope, "unsubscribed")
    assert reason_after_delivery(post_office) == ""


@pytest.mark.parametrize(("source", "agreed", "may"), [("existing", False, False), ("existing", True, True),
                                                       ("consent", False, False), ("consent", True, True),
                                                       ("other", True, False)])  # fmt: skip
def test_where_only_consent_counts_it_is_a_consent_to_notes(source, agreed, may, olena, write):
    consent_only()
    day = timezone.localdate()
    Customer.objects.update(address_source=source, consent_on=day, notes_consent_on=day if agreed else None)
    assert write().status_code == (302 if may else 422)


def test_a_manager_enters_the_day_of_consent_in_the_customers_form(olena, manager, signed_in):
    browser = signed_in(manager)
    form = browser.get(f"/customers/{olena.pk}/edit/").context["form"]
    values = {name: form[name].value() for name in form.fields if form[name].value() not in (None, "")}
    browser.post(f"/customers/{olena.pk}/edit/", values | {"notes_consent_on": "2026-01-31"})
    olena.refresh_from_db()
    assert str(olena.notes_consent_on) == "2026-01-31"


def test_it_goes_to_the_address_of_that_moment(olena, written, post_office):
    Customer.objects.update(email="new@mail.example")
    (mail,) = post_office.deliver()
    assert mail["To"].addresses[0].addr_spec == "new@mail.example"


@pytest.mark.parametrize(
    ("change", "reason"),
    [({"is_active": False}, "left"), ({"email": None, "login_name": "sam"}, "no_address")],
)
def test_whoever_has_left_writes_to_nobody(change, reason, staff, written, post_office):
    type(staff).objects.filter(pk=staff.pk).update(**change)
    assert reason_after_delivery(post_office) == reason


def test_whoever_has_nothing_to_do_with_them_any_more_does_not_either(written, post_office):
    Customer.objects.update(owner=None)
    assert reason_after_delivery(post_office) == "not_theirs"


def test_nothing_goes_to_an_erased_customer(olena, written, post_office, sponsor, signed_in):
    signed_in(sponsor).post(f"/customers/{olena.pk}/erase/", {"never_write": "on"})
    assert post_office.deliver() == []
    written.refresh_from_db()
    assert written.text == ""


def test_who_cannot_be_answered_writes_nothing(staff, write):
    type(staff).objects.filter(pk=staff.pk).update(email=None, login_name="sam")
    answer = write()
    assert answer.status_code == 422
    assert "Enter it in your profile first" in answer.content.decode()


def test_an_invented_address_gets_nothing_from_a_real_server(olena, written, post_office, settings):
    settings.LOCAL = False
    assert reason_after_delivery(post_office) == "demo_address"


# --- How often --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("days", "may"), [(6, False), (8, True)])
def test_one_note_a_week_to_a_customer_whoever_writes(days, may, manager, write):
    write()
    PersonalNote.objects.update(created_at=timezone.now() - timedelta(days=days))
    answer = write(by=manager)
    assert answer.status_code == (302 if may else 422)
    assert may or "One personal note a week is enough" in answer.content.decode()


def test_while_one_is_fresh_the_customers_page_offers_none(olena, staff, write, signed_in):
    browser = signed_in(staff)
    assert "/notes/new/" in browser.get(f"/customers/{olena.pk}/").content.decode()
    write()
    page = browser.get(f"/customers/{olena.pk}/").content.decode()
    assert "/notes/new/" not in page
    assert "One personal note a week is enough" in page


def test_one_that_did_not_go_out_does_not_count(manager, write, post_office):
    write()
    another_way()
    post_office.deliver()
    Customer.objects.update(address_source="existing")
    assert write(by=manager).status_code == 302


def test_of_two_that_wait_the_first_goes_out(make_customer, staff, manager, olena, write, post_office):
    """As after a merge: the page could not know."""
    other = make_customer("Olena K.", team=olena.team, owner=staff)
    write()
    write(to=other, by=manager)
    PersonalNote.objects.update(customer=olena)
    assert len(post_office.deliver()) == 1
    assert sorted(Message.objects.values_list("reason", flat=True)) == ["", "note_sent_recently"]
    assert PersonalNote.objects.get(sent_at__isnull=False).by == staff


@pytest.mark.parametrize(("before", "may"), [(19, True), (20, False)])
def test_twenty_notes_a_day_are_the_most(before, may, staff, make_customer, write):
    others = [make_customer(f"Anna {number}") for number in range(before)]
    PersonalNote.objects.bulk_create(PersonalNote(by=staff, customer=each, text="x") for each in others)
    answer = write()
    assert answer.status_code == (302 if may else 422)
    assert may or "many notes for one day" in answer.content.decode()


def test_pressed_twice_it_is_sent_once(write, post_office):
    key = uuid.uuid4()
    assert [write(key=key).status_code for _press in range(3)] == [302] * 3
    assert write(key=key, text="Other words").status_code == 422
    assert len(post_office.deliver()) == PersonalNote.objects.count() == 1


def test_a_second_run_sends_nothing_more(sent, post_office):
    assert post_office.deliver() == []


# --- Who reads them ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "sees"), [("staff", True), ("manager", True), ("sponsor", True), ("colleague", False), ("outsider", False)]
)
def test_who_looks_after_the_customer_reads_them_on_the_customers_page(
    who, sees, request, olena, manager, write, signed_in
):
    write(by=manager)
    page = signed_in(request.getfixturevalue(who)).get(f"/customers/{olena.pk}/").content.decode()
    assert ("the photo of your cut" in page) == sees


def test_everybody_reads_their_own(outsider, olena, write, signed_in):
    Moment.objects.create(user=outsider, customer=olena, what="Found her scarf.")
    write(by=outsider)
    assert "the photo of your cut" in signed_in(outsider).get(f"/customers/{olena.pk}/").content.decode()


def test_one_that_did_not_go_out_says_why(olena, staff, written, post_office, signed_in):
    unsubscribed()
    post_office.deliver()
    page = signed_in(staff).get(f"/customers/{olena.pk}/").content.decode()
    assert "not sent: asked us not to write" in page


# --- No more of them --------------------------------------------------------------------------------------------


def leave_url(note) -> str:
    return f"/n/{make_token('note', note.public_id)}/"


def press(browser, note):
    """Open the page, press the button."""
    page = browser.get(leave_url(note))
    return browser.post(leave_url(note), fields_of(page.content))


def undo_url(page) -> str:
    return re.search(r'action="(/n/[^"]+/undo/[^"]+)"', page.content.decode()).group(1)


def unwanted() -> bool:
    return is_suppressed("olena@mail.example", "notes") is not None


def test_the_mail_programs_button_is_obeyed_at_once(sent):
    answer = Client().post(leave_url(sent), {"List-Unsubscribe": "One-Click"})
    assert (answer.status_code, answer.content) == (200, b"OK")
    assert unwanted()
    assert is_suppressed("olena@mail.example", "relationship") is None


def test_opening_the_page_changes_nothing_and_its_button_ends_it(sent, write):
    browser = Client()
    assert "Press the button" in browser.get(leave_url(sent)).content.decode()
    assert not unwanted()
    assert "You get no more personal notes." in press(browser, sent).content.decode()
    assert unwanted()
    PersonalNote.objects.update(created_at=timezone.now() - timedelta(days=8))
    assert write().status_code == 422


@pytest.mark.parametrize("nonce", ["", "made-up.x"])
def test_a_post_that_never_saw_the_page_changes_nothing(nonce, sent):
    answer = Client().post(leave_url(sent), {"nonce": nonce})
    assert answer.status_code == 422
    assert "Press the button" in answer.content.decode()
    assert not unwanted()


def test_the_nonce_of_another_note_is_no_use(sent, staff, make_customer):
    other = PersonalNote.objects.create(by=staff, customer=make_customer("Mark"), text="x")
    stolen = fields_of(Client().get(leave_url(other)).content)
    assert Client().post(leave_url(sent), stolen).status_code == 422
    assert not unwanted()


def test_undone_by_whoever_pressed(sent):
    browser = Client()
    page = press(browser, sent)
    undone = browser.post(undo_url(page), fields_of(page.content))
    assert "Undone." in undone.content.decode()
    assert not unwanted()
    press(browser, sent)
    assert unwanted()


def test_opening_the_undo_address_undoes_nothing(sent):
    browser = Client()
    page = press(browser, sent)
    browser.get(undo_url(page))
    browser.post(undo_url(page))  # without the page's nonce
    browser.post(f"{leave_url(sent)}undo/made-up.x/", fields_of(page.content))
    assert unwanted()


@pytest.mark.parametrize("how", ["page", "program"])
def test_a_machine_that_pressed_first_does_not_undo_what_the_person_did(how, sent):
    machine, person = Client(), Client()
    opened = fields_of(person.get(leave_url(sent)).content)
    page = press(machine, sent)
    if how == "page":
        second = person.post(leave_url(sent), opened)
        assert "undo" not in second.content.decode()
    else:
        person.post(leave_url(sent), {"List-Unsubscribe": "One-Click"})
    answer = machine.post(undo_url(page), fields_of(page.content))
    assert "You get no more personal notes." in answer.content.decode()
    assert unwanted()


def test_the_wish_is_the_mailed_addresss_and_the_present_ones(sent, olena):
    Customer.objects.update(email="new@mail.example")
    press(Client(), sent)
    assert unwanted()
    assert is_suppressed("new@mail.example", "notes")


@pytest.mark.parametrize("purpose", ["answer", "unsubscribe", "edit"])
def test_a_token_for_something_else_opens_nothing(purpose, sent):
    for token in (make_token(purpose, sent.public_id), make_token("note", uuid.uuid4()), "x"):
        for answer in (Client().get(f"/n/{token}/"), Client().post(f"/n/{token}/", {"List-Unsubscribe": "One-Click"})):
            assert answer.status_code == 404
            assert "This link no longer works" in answer.content.decode()
    assert Client().get(f"/u/{make_token('note', sent.public_id)}/").status_code == 404
    assert not unwanted()


def test_no_name_stands_in_the_address_or_on_the_page(sent):
    page = Client().get(leave_url(sent)).content.decode()
    for word in ("Olena", "olena", "Sam", "photo"):
        assert word not in page + leave_url(sent)


# --- Told to a colleague ----------------------------------------------------------------------------------------


def test_a_manager_notes_that_a_customer_wants_none_and_takes_it_back(olena, manager, write, signed_in):
    boss = signed_in(manager)
    boss.post(f"/notes/stop/{olena.pk}/")
    assert write().status_code == 422
    assert "Wants personal notes again" in boss.get(f"/customers/{olena.pk}/").content.decode()
    boss.post(f"/notes/resume/{olena.pk}/")
    assert write().status_code == 302


def test_what_the_customer_did_is_not_taken_back_for_them(sent, olena, manager, signed_in):
    press(Client(), sent)
    boss = signed_in(manager)
    assert "Wants personal notes again" not in boss.get(f"/customers/{olena.pk}/").content.decode()
    boss.post(f"/notes/resume/{olena.pk}/")
    assert Suppression.objects.get().reason == "unsubscribed"
