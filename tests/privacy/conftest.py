"""A customer with a marker in every personal field, on the whole way through the product."""

from __future__ import annotations

import logging
import socket
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.urls import reverse
from django.utils import timezone

from tests.privacy import canary_memory
from tests.privacy.delighting import delight

MARK = "zyxmark"
PHONE = "4709876543"
EMAIL = f"{MARK}.mail@canary.example"
NAME = f"{MARK.title()}name Quist"


@pytest.fixture
def mailbox(settings, tmp_path, db):
    """Local mode's own mailbox, behind a real SMTP server; returns its folder, which is this test's alone."""
    from delight.local.mailbox import Handler

    settings.LOCAL, settings.LOCAL_FOLDER = True, str(tmp_path)
    folder = tmp_path / "mailbox"
    folder.mkdir()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(Handler(folder), hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    yield folder
    controller.stop()


@dataclass
class Canary:
    """The customer, and all words by which they could be found again."""

    customer: Any
    markers: list[str]
    links: list[str]
    hashes: list[str] = field(default_factory=list)


CSV = (
    "Name;How we address them;E-mail;Phone;Language;Company;Segment;Customer number;Looked after by\n"
    f"{NAME};{MARK} as;{EMAIL};+32{PHONE};tr;Studio Nord;Regulars;{MARK.upper()}-77;sam@barber.example\n"
)


@pytest.fixture
def canary(
    organisation, team, staff, colleague, manager, sponsor, survey, mailbox, signed_in, caplog, make_customer
):  # fmt: skip
    """The whole loop through the real doors; returns the Canary, and who is signed in."""
    from delight.customers.models import Customer

    caplog.set_level(logging.INFO)
    boss, sam = signed_in(sponsor), signed_in(staff)
    _bring_in(boss)
    customer = Customer.objects.get(email=EMAIL)
    _complete(boss, customer)
    _look_at(boss, customer)
    _visit(sam, team, customer)
    canary_memory.remember(sam, customer, MARK)
    canary_memory.complain(sam, boss, customer, MARK)
    delight(mark=MARK, customer=customer, staff=staff, manager=manager, other=make_customer("Somebody Else"))
    _deliver()
    invitation, response = _ask(boss, survey, sponsor, customer)
    _talk(sam, customer)
    _leave_traces(boss, customer)
    customer.refresh_from_db()
    from delight.customers.models import address_hashes

    return Canary(
        customer, [MARK, PHONE, "Quist"],
        links=[str(invitation.public_id), str(response.public_id)], hashes=address_hashes(EMAIL),
    )  # fmt: skip


def _deliver() -> None:
    from delight.outbox.pump import run_due

    run_due()


def _bring_in(boss) -> None:
    from tests.customers.helpers import bring_in

    assert bring_in(boss, CSV).new == 1


def _complete(boss, customer) -> None:
    """On the form: what the file does not carry."""
    url = reverse("customer_edit", args=[customer.pk])
    form = boss.get(url).context["form"]
    data = {name: form[name].value() for name in form.fields}
    data |= {"preferred_time": f"{MARK} time", "outside_id": f"{MARK}-78", "time_zone": "Europe/Kyiv"}
    data |= {"account_role": "decides", "preferred_channel": "phone", "address_source": "consent"}
    data |= {"consent_on": "2026-01-31"}
    answer = boss.post(url, {name: value for name, value in data.items() if value not in (None, "")})
    assert answer.status_code == 302, answer.content.decode()


def _look_at(boss, customer) -> None:
    """A search, the page, the number on a tap."""
    assert NAME in boss.get(reverse("customers") + f"?q={MARK}name").content.decode()
    boss.get(reverse("search") + f"?q={MARK}name")
    answer = boss.post(reverse("customer_reveal", args=[customer.pk]), {"what": "phone"})
    assert PHONE in answer.content.decode()


def _visit(sam, team, customer) -> None:
    from delight.customers.models import Visit

    url = reverse("visit_here", args=[customer.pk])
    assert sam.post(url, {"team": team.pk, "reference": f"{MARK}-214"}).status_code == 302
    coming = timezone.localtime(timezone.now() + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M")
    assert sam.post(url, {"team": team.pk, "reference": f"{MARK}-215", "starts_at": coming}).status_code == 302
    Visit.objects.create(customer=customer, team=team, guest=NAME, source="calendar", source_id=f"{MARK}@calendar",
                         starts_at=timezone.now() - timedelta(days=9), state="came")  # fmt: skip
    Visit.objects.create(team=team, guest=NAME, starts_at=timezone.now() - timedelta(days=30), state="came")


def _ask(boss, survey, sponsor, customer):
    """A survey by mail, an answer with words, and the button that ends it."""
    from surveys.answering.models import Response
    from surveys.sending.models import Invitation
    from surveys.sending.services import send_survey
    from tests.conftest import Customer as Person

    send_survey(by=sponsor, survey=survey, sender=sponsor, audience="picked", picked=[customer])
    _deliver()
    Invitation.objects.update(sent_at=timezone.now() - timedelta(minutes=2))
    invitation = Invitation.objects.get(customer=customer)
    assert invitation.sent_at
    person = Person(invitation, browser_name=f"{MARK}-browser/1.0", address="203.0.113.77")
    assert person.answer(2, f"The {MARK} comment, long waiting").status_code in (200, 302)
    assert person.leave().status_code in (200, 302)
    _deliver()
    return invitation, Response.objects.get(customer=customer)


def _talk(sam, customer) -> None:
    from surveys.followups.models import FollowUp

    follow_up = FollowUp.objects.get(customer=customer)
    words = {"result": "talked", "happened": f"{MARK} happened", "what_else": f"{MARK} else", "who_else": f"{MARK} who"}
    assert sam.post(reverse("follow_up_close", args=[follow_up.pk]), words).status_code == 302


def _leave_traces(boss, customer) -> None:
    """A second file with the person in it waits for its columns; one with a bad row of theirs was checked; and a
    second conversation is open."""
    from surveys.answering.models import Response
    from surveys.followups.services import UNHAPPY, open_follow_up
    from tests.customers.helpers import check, upload

    check(boss, f"Name;E-mail\n{NAME};{MARK}@wrong@canary.example\n")
    upload(boss, CSV, name="again.csv")
    open_follow_up(response=Response.objects.get(customer=customer), asked=UNHAPPY) or _open_another(customer)
    _deliver()


def _open_another(customer) -> None:
    from surveys.followups.models import FollowUp

    now = timezone.now()
    FollowUp.objects.create(customer=customer, asked="unhappy", due_at=now, owner=customer.owner)
