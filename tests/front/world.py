"""One of everything, for the tests that open every address: Mill Lane's customer, and all that belongs to him."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from email.message import EmailMessage
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from delight.outbox.pump import note_progress


def every_address() -> dict[str, URLPattern]:
    """All addresses of the site, from the resolver, by name. Where a name is used twice, with the route behind it."""
    found = list(_walk("", get_resolver().url_patterns))
    names = Counter(pattern.name for _route, pattern in found)
    return {
        str(pattern.name) if names[pattern.name] == 1 else f"{pattern.name}@{route}": pattern
        for route, pattern in found
    }


def _walk(prefix: str, patterns: list) -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(route, pattern.url_patterns)
        else:
            yield route, pattern


@dataclass
class World:
    """What there is, who is there, and how the addresses of it are filled in."""

    people: dict[str, Any]
    kwargs: dict[str, dict[str, Any]]

    def url(self, name: str) -> str:
        name, _at, route = name.partition("@")
        return reverse(name, kwargs=self.kwargs.get(name) if "<" in route or not route else None)

    def browser(self, who: str) -> Client:
        """A new browser; `stranger` is signed in as nobody."""
        client = Client()
        if who != "stranger":
            client.force_login(self.people[who], backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    def login(self, who: str) -> str:
        """The session that any number of browsers may go on with; none for a stranger."""
        return self.browser(who).session.session_key or "" if who != "stranger" else ""


@pytest.fixture
def world(
    organisation, team, staff, colleague, outsider, manager, other_manager, sponsor, make_customer, survey, settings,
    tmp_path,
) -> World:  # fmt: skip
    people = {
        "staff": staff, "colleague": colleague, "outsider": outsider, "manager": manager,
        "other_manager": other_manager, "sponsor": sponsor,
    }  # fmt: skip
    # It reads the whole static folder for each new browser, of which these tests have hundreds.
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "whitenoise" not in name]
    note_progress()
    customer = make_customer("Olena Koval", team=team, owner=staff, phone="+32 470 12 34 56")
    double = make_customer("O. Koval", team=team, owner=staff, phone="0470 12 34 56")
    kwargs = {
        **{name: {"one": customer.pk, "other": double.pk} for name in ("merge", "two_people")},
        **{name: {"pk": customer.pk} for name in ("customer", "customer_suppress", "customer_lift")},
        **{name: {"pk": customer.pk} for name in ("customer_reveal", "visit_here", "visit_plan")},
        **_of_visits(team, manager),
        **_of_memory(staff, customer),
        **dict.fromkeys(
            ("issue", "issue_answer", "issue_hand", "issue_reopen"), _issue(staff, team, manager, customer)
        ),
        **_of_moments(staff, customer),
        **_of_occasions(staff, sponsor, customer),
        "customer_edit": {"pk": customer.pk},
        **{name: {"pk": customer.pk} for name in ("customer_export", "customer_erase")},
        "survey": {"pk": survey.pk},
        "sending_new": {"survey_pk": survey.pk},
        "sending_mail": {"survey_pk": survey.pk, "language": "en"},
        **_of_people(team, staff, manager),
        **_of_customers(manager),
        **_of_surveys(customer, survey, manager),
        **_of_ideas(staff, customer),
        **_of_notes(staff, customer),
        **_of_recognition(team, staff, colleague, manager, customer),
        **_of_budgets(staff, manager, customer),
        **_of_wins(team, staff, manager),
        **_of_mails(settings, tmp_path),
        "holiday_remove": {"pk": _holiday().pk},
        **_of_set_up(sponsor),
        "mfa_remove_webauthn": {"pk": 1},
        "second_step_remove": {"pk": staff.pk},
        "account_reset_password_from_key": {"uidb36": "1", "key": "not-a-key"},
    }
    return World(people, kwargs)


def _of_set_up(sponsor) -> dict[str, dict[str, Any]]:
    from delight.front import setup
    from delight.organisation.services import start_mail_test

    token = setup.mail_test_token(start_mail_test(by=sponsor))
    return {
        "help_topic": {"slug": "backup"},
        "setup_mail_arrived": {"token": token},
        "setup_seen": {"token": setup.outside_token()},
    }


def _of_people(team, staff, manager) -> dict[str, dict[str, Any]]:
    from staff.people.desks import enrol_desk
    from staff.people.models import JoinInvitation, Membership, User
    from staff.people.services import join_token

    shown = JoinInvitation.objects.create(team=team, invited_by=manager)
    desk, _secret = enrol_desk(by=manager, team=team, name="Front desk")
    without_mail = User.objects.create_user(None, name="Noemi", login_name="noemi")
    Membership.objects.create(user=without_mail, team=team)
    invitation = JoinInvitation.objects.create(email="new@barber.example", team=team, invited_by=manager)
    names = ("team", "team_edit", "desk_new")
    of_person = ("person", "person_deactivate", "person_reactivate", "sponsor_on", "sponsor_off", "membership_new")
    place = Membership.objects.get(user=staff)
    return {
        **{name: {"pk": team.pk} for name in names},
        **{name: {"pk": staff.pk} for name in of_person},
        **{name: {"pk": place.pk} for name in ("membership_change", "membership_end")},
        **{name: {"pk": invitation.pk} for name in ("join_revoke", "join_again")},
        "join": {"token": join_token(invitation)},
        "join_code": {"pk": shown.pk},
        "person_password_link": {"pk": without_mail.pk},
        "confirm_address": {"token": _claim_token(without_mail)},
        "pin_open": {"pk": staff.pk},
        "desk_pin": {"pk": staff.pk},
        "desk_revoke": {"pk": desk.pk},
    }


def _claim_token(user) -> str:
    from staff.people.addresses import claim_token
    from staff.people.models import ClaimedAddress

    return claim_token(ClaimedAddress.objects.create(user=user, email="noemi@mail.example"))


def _of_customers(manager) -> dict[str, dict[str, Any]]:
    from delight.customers.importing.services import inspect, upload_import
    from delight.customers.models import Account, ImportProblem, Segment

    file = SimpleUploadedFile("customers.csv", b"name;email\nMark Oduya;mark@mail.example\n")
    uploaded = upload_import(by=manager, file=file, found=inspect(file))
    account = Account.objects.create(name="Studio Nord", owner=manager)
    ImportProblem.objects.create(customer_import=uploaded, line=2, code="no_email")
    names = ("import", "import_columns", "import_start", "import_problems", "import_problems_file")
    return {
        **{name: {"pk": uploaded.pk} for name in names},
        **{name: {"pk": account.pk} for name in ("account", "account_edit")},
        "segment_edit": {"pk": Segment.objects.create(name="Regulars").pk},
    }


def _of_visits(team, manager) -> dict[str, dict[str, Any]]:
    """A booking whose customer is not known, and where bookings come from."""
    from delight.customers.models import Visit, VisitCalendar
    from delight.customers.visits.files import inspect, upload_visits

    visit = Visit.objects.create(team=team, guest="Somebody", starts_at=timezone.now())
    calendar = VisitCalendar.objects.create(
        team=team, name="Bookings", url="https://calendar.example/1.ics", created_by=manager
    )
    file = SimpleUploadedFile("visits.csv", b"begins;name\n2026-01-02 10:00;Mark Oduya\n")
    uploaded = upload_visits(by=manager, team=team, file=file, found=inspect(file))
    return {
        **{name: {"pk": visit.pk} for name in ("visit", "visit_state", "visit_remove", "visit_customer")},
        **{name: {"pk": calendar.pk} for name in ("calendar", "calendar_read", "calendar_stop")},
        **{name: {"pk": uploaded.pk} for name in ("visit_file", "visit_file_take")},
    }


def _of_occasions(staff, sponsor, customer) -> dict[str, dict[str, Any]]:
    """An occasion of the customer that is Sam's today, and a trial that is planned."""
    from staff.moments.models import Occasion, OccasionTrial

    day = timezone.localdate()
    trial = OccasionTrial.objects.create(
        kind="birthday", begins_on=day + timedelta(days=5), ends_on=day + timedelta(days=96), seed="x", points=10,
        needed=1, expected=1, started_by=sponsor,
    )  # fmt: skip
    occasion = Occasion.objects.create(
        kind="anniversary", customer=customer, cycle="x", user=staff, team=customer.team, due_on=day,
        until=day + timedelta(days=7),
    )  # fmt: skip
    return {"occasion_state": {"pk": occasion.pk}, "trial_stop": {"pk": trial.pk}}


def _of_memory(staff, customer) -> dict[str, dict[str, Any]]:
    """What Sam remembers of the customer, and a question for the next time."""
    from delight.customers.memory.services import add_fact, ask_next_time

    fact = add_fact(by=staff, customer=customer, text="takes oat milk")
    question = ask_next_time(by=staff, customer=customer, question="Did the shampoo help?")
    facts, questions = ("change", "confirm", "pin", "remove", "bring_back"), ("answer", "keep", "drop")
    return {
        **{name: {"pk": customer.pk} for name in ("memory", "next_time_new")},
        **{f"fact_{name}": {"pk": customer.pk, "fact_pk": fact.pk} for name in facts},
        **{f"next_time_{name}": {"pk": customer.pk, "question_pk": question.pk} for name in questions},
    }


def _issue(staff, team, manager, customer) -> dict[str, Any]:
    """Sam's complaint, which Mert looks after."""
    from delight.programme.services import raise_issue

    made = raise_issue(by=staff, kind="complaint", text="Cold water.", team=team, owner=manager, customers=[customer])
    return {"pk": made.pk}


def _of_moments(staff, customer) -> dict[str, dict[str, Any]]:
    """Sam's moment for the customer, with all that belongs to one."""
    from decimal import Decimal

    from delight.files.models import StoredFile
    from staff.budget.models import MonthlySum
    from staff.moments.models import Moment
    from staff.moments.services import log_moment

    MonthlySum.objects.create(user=staff, amount=Decimal(90), since=timezone.localdate().replace(day=1))
    moment = log_moment(
        by=staff, key=uuid4(), what="Tea", customer=customer, cost=Decimal(4), introduced_whom="The notary"
    )
    file = StoredFile.store(by=staff, name="photo.jpg", content_type="image/jpeg", chunks=[b"x"])
    Moment.objects.filter(pk=moment.pk).update(photo=file, people_agreed=True)
    moment.spend.receipt = StoredFile.store(by=staff, name="receipt.jpg", content_type="image/jpeg", chunks=[b"x"])
    moment.spend.save()
    names = ("change", "withdraw", "reaction", "told", "photo", "receipt")
    return {"moment": {"pk": moment.pk}, **{f"moment_{name}": {"pk": moment.pk} for name in names}}


def _of_surveys(customer, survey, manager) -> dict[str, dict[str, Any]]:
    from delight.lib.tokens import make_token
    from surveys.answering import hooks, tokens
    from surveys.answering.models import Answer, Response, Unsubscription
    from surveys.followups.models import FollowUp
    from surveys.sending.models import Invitation, Sending

    version, now = survey.current, timezone.now()
    sending = Sending.objects.create(version=version, sender=manager, created_by=manager, state="sending")
    invitation = Invitation.objects.create(
        sending=sending, customer=customer, language="en", owner=customer.owner, team=customer.team,
        sent_at=now - timedelta(hours=2),
    )  # fmt: skip
    response = Response.objects.create(
        version=version, customer=customer, invitation=invitation, language="en", owner=customer.owner,
        team=customer.team, score=3, submitted_at=now - timedelta(hours=1), client="x", is_active=True,
        verdict="person", signs=["no_page", "too_soon"],
    )  # fmt: skip
    Answer.objects.create(response=response, question=version.questions.get(kind="comment"), text="Slow.")
    hooks.tell(response)
    left = Unsubscription.objects.create(
        invitation=invitation, at=now - timedelta(minutes=30), client="x", signs=["hidden"], verdict="check"
    )
    answer, leave = (make_token(purpose, invitation.public_id) for purpose in ("answer", "unsubscribe"))
    follow_up = FollowUp.objects.get()
    return {
        **{name: {"pk": sending.pk} for name in ("sending", "sending_stop")},
        **{name: {"pk": response.pk} for name in ("answer", "answer_check", "answer_count")},
        **{name: {"pk": follow_up.pk} for name in ("follow_up", "follow_up_close", "follow_up_assign")},
        "unsubscription_check": {"pk": left.pk},
        "answer_page": {"token": answer},
        "hidden_page": {"token": answer},
        "unsubscribe": {"token": leave},
        "unsubscribe_again": {"token": leave},
        "unsubscribe_undo": {"token": leave, "undo": tokens.undo_token(left.pk)},
    }


def _of_ideas(staff, customer) -> dict[str, dict[str, Any]]:
    """What Sam put into the bank of ideas, and a story of which somebody makes one."""
    from staff.moments.models import Idea, Moment

    idea = Idea.objects.create(text="Walk them to the door.", created_by=staff, credited=staff)
    told = Moment.objects.create(user=staff, customer=customer, what="Kept the shop open.", team=customer.team)
    of_idea = ("idea", "idea_change", "idea_kit", "idea_retire", "idea_bring_back", "idea_pin", "idea_unpin")
    return {
        **{name: {"pk": idea.pk} for name in of_idea},
        "idea_steal": {"pk": told.pk},
        "idea_starter": {"key": "salon-name"},
    }


def _of_budgets(staff, manager, customer) -> dict[str, dict[str, Any]]:
    """Sam has spent something, waits for a word on more, and then his budget is closed."""
    from delight.organisation.models import Organisation
    from staff.budget.granting import set_sum
    from staff.budget.services import spend
    from staff.budget.suspending import suspend

    set_sum(by=manager, amount=Decimal(50), role="staff", from_now=True)
    spend(by=staff, amount=Decimal(5), customer=customer)
    Organisation.objects.update(approve_over=10)
    asked = spend(by=staff, amount=Decimal(20), customer=customer)
    Organisation.objects.update(approve_over=None)
    review = timezone.localdate() + timedelta(days=5)
    closed = suspend(by=manager, user=staff, reason="Two gifts to a friend.", review_on=review)
    of_staff = ("person_budget", "budget_sum", "budget_extra", "budget_close")
    return {
        **{name: {"pk": staff.pk} for name in of_staff},
        **{name: {"pk": closed.pk} for name in ("budget_reply", "budget_renew", "budget_lift")},
        **{name: {"pk": asked.pk} for name in ("approval_approve", "approval_decline")},
    }


def _of_notes(staff, customer) -> dict[str, dict[str, Any]]:
    """A personal note that went out, and the links at its foot."""
    from delight.lib.tokens import make_token, sign
    from staff.moments.models import PersonalNote

    note = PersonalNote.objects.create(by=staff, customer=customer, text="See you in May.", sent_at=timezone.now())
    token = make_token("note", note.public_id)
    return {
        **{name: {"pk": customer.pk} for name in ("note_new", "note_stop", "note_resume")},
        "note_unsubscribe": {"token": token},
        "note_unsubscribe_undo": {"token": token, "undo": sign("note-undo", str(note.pk))},
    }


def _of_recognition(team, staff, colleague, manager, customer) -> dict[str, dict[str, Any]]:
    """Sam has thanked Cleo, Mert has done something for her, a customer praises Sam; and there is a wall."""
    from delight.lib.tokens import make_token
    from staff.moments.models import Moment
    from staff.recognition import services
    from staff.recognition.models import Taste

    given = services.recognise(by=staff, to=[colleague], text="For the help with the till on Saturday.")
    said = services.comment(by=staff, recognition=given, text="Once more.")
    treat = services.treat(by=manager, to=colleague, text="An afternoon off, with the sun out.")
    draft = services.draft_praise(source="response:0", customer=customer, text="Sam is the best.", people=[staff])
    value = services.add_value(by=manager, name="Time for people")
    wall = services.make_wall(by=manager, name="Kitchen", team=team)
    token = {"token": make_token("wall", wall.public_id)}
    taste = Taste.objects.create(user=colleague)
    photo = Moment.objects.filter(photo__isnull=False, team=team)[0]
    names = ("recognition", "recognition_react", "recognition_comment", "recognition_withdraw")
    return {
        **{name: {"pk": given.pk} for name in names},
        "comment_remove": {"pk": said.pk},
        "treat_agree": {"pk": treat.pk},
        "draft_decide": {"pk": draft.pk},
        "value_retire": {"pk": value.pk},
        **{name: {"pk": wall.pk} for name in ("wall_link", "wall_revoke")},
        **dict.fromkeys(("wall", "wall_stories"), token),
        "wall_photo": {**token, "pk": photo.pk},
        "digest_off": {"token": make_token("digest-off", taste.public_id)},
    }


def _of_wins(team, staff, manager) -> dict[str, dict[str, Any]]:
    """Mill Lane's meeting runs, with something on its agenda, and somebody has to do something."""
    from datetime import time

    from staff.wins import running
    from staff.wins.actions import make_action
    from staff.wins.meetings import calendar_token, prepare_meeting, set_plan

    plan = set_plan(by=manager, team=team, weekday=2, at=time(10))
    meeting = prepare_meeting(team)
    running.begin_meeting(by=staff, meeting=meeting)
    item = running.add_item(by=staff, meeting=meeting, text="The window")
    action = make_action(by=staff, meeting=meeting, text="Buy towels", owner=staff, due_on=date(2030, 1, 1))
    of_team, of_item = ("next", "mine", "plan", "stop", "link"), ("", "_note", "_move", "_action", "_idea", "_issue")
    of_meeting = ("meeting", "live", "begin", "end", "leader", "add", "obstacle", "unbegin", "reopen")
    return {
        **{f"wins_{name}": {"pk": team.pk} for name in of_team},
        **{f"wins_{name}": {"pk": meeting.pk} for name in of_meeting},
        **{f"wins_item{name}": {"pk": item.pk} for name in of_item},
        **{name: {"pk": meeting.turns.get(user=staff).pk} for name in ("wins_turn", "wins_turn_make")},
        "wins_action": {"pk": action.pk},
        "wins_calendar": {"token": calendar_token(plan)},
    }


def _of_mails(settings, tmp_path) -> dict[str, dict[str, Any]]:
    from delight.local.mailbox import store

    settings.LOCAL, settings.LOCAL_FOLDER = True, str(tmp_path)
    (tmp_path / "mailbox").mkdir()
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "hello@barber.example", "olena@mail.example", "How was it?"
    mail.set_content("How was it?")
    mail.add_alternative("<html><head></head><body>How was it?</body></html>", subtype="html")
    folder = tmp_path / "mailbox"
    mail_id = store(folder, mail.as_bytes(), sender="hello@barber.example", recipients=["olena@mail.example"])
    return {name: {"mail_id": mail_id} for name in ("mailbox_mail", "mailbox_html")}


def _holiday():
    from delight.organisation.models import Holiday

    return Holiday.objects.create(day=date(2030, 12, 25), name="Christmas")
