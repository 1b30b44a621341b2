"""What stands between an installation and its first real day, looked at line by line.

Nothing here is guessed: what the server cannot see for itself it says it cannot know.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.apps import apps
from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from delight.customers.models import Customer
from delight.front.health import STALE_AFTER_SECONDS, seconds_since_progress
from delight.lib.tokens import sign, unsign
from delight.organisation.fields import country_name
from delight.organisation.models import Organisation
from delight.outbox.models import OPEN, Message, Progress
from delight.outbox.pump import LOOPBACK
from delight.outbox.registry import REASONS
from staff.people.models import JoinInvitation, Team, User
from surveys.design.models import Survey

MAIL_TEST, OUTSIDE = "setup-mail", "setup-outside"
MAIL_LINK_LASTS, OUTSIDE_LINK_LASTS = timedelta(days=7), timedelta(minutes=30)
BACKUP_IS_OLD_AFTER = timedelta(days=2)


@dataclass(frozen=True)
class Check:
    """One line of the page: its state ("done", "todo", "unknown"), why, and one thing to do.

    `must` marks what has to be done before set-up can be finished; `posts` an action that is a form.
    """

    label: str
    state: str
    why: str
    action: str = ""
    url: str = ""
    must: bool = False
    posts: bool = False


def checks(company: Organisation, user: User) -> list[Check]:
    """All lines, in the order in which they are best done."""
    return [
        *_address(),
        _mail_server(),
        _test_mail(company, user),
        _mail_records(),
        _worker(),
        _backup(company),
        *_second_factor(),
        _people(),
        _customers(),
        _consent(company),
        *([] if "surveys" in company.hidden_rooms else [_survey()]),
    ]


def missing(lines: list[Check]) -> list[Check]:
    """What has to be done before set-up can be finished."""
    return [line for line in lines if line.must and line.state == "todo"]


def _help(topic: str) -> str:
    return reverse("help_topic", args=[topic])


def _when(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "SHORT_DATETIME_FORMAT")


# --- Address ----------------------------------------------------------------------------------------------------


def _address() -> Iterator[Check]:
    label, how, must = _("Address"), _("How to give it one"), not settings.LOCAL
    if settings.BASE_HOST in LOOPBACK:
        why = _("%(url)s exists on this machine only: links in mails to customers would lead nowhere.")
        yield Check(label, "todo", why % {"url": settings.BASE_URL}, how, _help("address"), must)
    elif not settings.HTTPS:
        why = _("%(url)s is not encrypted: answers and passwords could be read on their way.")
        yield Check(label, "todo", why % {"url": settings.BASE_URL}, how, _help("address"), must)
    else:
        yield Check(label, "done", _("%(url)s is encrypted.") % {"url": settings.BASE_URL})
        yield _outside()


def _outside() -> Check:
    label, url = _("Seen from outside"), reverse("setup_outside")
    seen = Progress.objects.filter(name=OUTSIDE).values_list("at", flat=True).first()
    if seen:
        return Check(label, "done", _("A phone outside your network opened it: %(at)s.") % {"at": _when(seen)})
    why = _("The server cannot look at itself from outside. A phone that is not in your Wi-Fi can.")
    return Check(label, "todo", why, _("Look from a phone"), url)


def outside_token() -> str:
    """For a link that says once, within half an hour, that a phone has seen the site."""
    return sign(OUTSIDE, str(int(time.time())))


def outside_link_opens(token: str) -> bool:
    """Whether the link is ours, young enough, and younger than the last time that one was used."""
    made = unsign(OUTSIDE, token)
    if made is None or not 0 <= time.time() - int(made) <= OUTSIDE_LINK_LASTS.total_seconds():
        return False
    return not Progress.objects.filter(name=OUTSIDE, at__gte=datetime.fromtimestamp(int(made), UTC)).exists()


# --- Mail -------------------------------------------------------------------------------------------------------


def _mail_server() -> Check:
    label, server = _("Mail server"), str(settings.EMAIL_HOST)
    if settings.LOCAL:
        why = _("All mail stays in the mailbox of this machine, whoever it is addressed to.")
        return Check(label, "todo", why, _("How to connect a mail server"), _help("mail-server"))
    if server in LOOPBACK:
        why = _("Mail goes to a server on this machine. Whether that one passes it on, the test mail shows.")
        return Check(label, "unknown", why, _("How to connect a mail server"), _help("mail-server"))
    return Check(label, "done", _("Mail leaves through %(server)s.") % {"server": server})


def _test_mail(company: Organisation, user: User) -> Check:
    label, send, url = _("Test mail"), _("Send a test mail to me"), reverse("setup_mail")
    if company.mail_arrived_at:
        why = _("It arrived: %(at)s.") % {"at": _when(company.mail_arrived_at)}
        return Check(label, "done", why, _("Send another one"), url, posts=True)
    if not user.email:
        return Check(label, "todo", _("You have no e-mail address here. Ask another sponsor to do this."), must=True)
    if company.mail_tested_at is None:
        return Check(label, "todo", _("Only a mail that arrives shows that mail arrives."), send, url, True, posts=True)
    return Check(label, "todo", _how_it_went(company), _("Send it again"), url, must=True, posts=True)


def mail_test_key(company: Organisation) -> str:
    """Names the test that counts: a later one makes former links useless."""
    return f"{MAIL_TEST}:{_test_number(company)}"


def _test_number(company: Organisation) -> str:
    return str(int(company.mail_tested_at.timestamp() * 1_000_000)) if company.mail_tested_at else ""


def _how_it_went(company: Organisation) -> str:
    row = Message.objects.filter(key=mail_test_key(company)).values_list("state", "reason", "ended_at").first()
    state, reason, ended_at = row or ("", "", None)
    if state in OPEN:
        return _("It waits to be sent. If it still waits in a minute, look at the line about the worker.")
    if reason:
        return _("It was not sent: %(reason)s.") % {"reason": REASONS.get(reason, reason)}
    why = _("The mail server took it: %(at)s. Open it, look among the spam as well, and press its button.")
    return why % {"at": _when(ended_at or timezone.now())}


def mail_test_token(company: Organisation) -> str:
    return sign(MAIL_TEST, _test_number(company))


def mail_link_opens(company: Organisation, token: str) -> bool:
    """Whether the link is that of the latest test mail, and not too old."""
    at = company.mail_tested_at
    fits = bool(at) and unsign(MAIL_TEST, token) == _test_number(company)
    return fits and at is not None and timezone.now() - at <= MAIL_LINK_LASTS


def sender_domain() -> str:
    """The part of our own address for which SPF and DKIM speak."""
    return str(settings.DEFAULT_FROM_EMAIL).rpartition("@")[2].strip("> ")


def _mail_records() -> Check:
    why = _("SPF and DKIM say that our mail is yours; without them it ends as spam. Delight cannot look them up.")
    return Check(_("SPF and DKIM for %(domain)s") % {"domain": sender_domain()}, "unknown", why,
                 _("What to ask your provider for"), _help("mail-records"))  # fmt: skip


# --- The machine ------------------------------------------------------------------------------------------------


def _worker() -> Check:
    label, seconds = _("Worker"), seconds_since_progress()
    if seconds is not None and seconds <= STALE_AFTER_SECONDS:
        return Check(label, "done", _("Mails, imports and reminders go forward."))
    why = _("Nothing goes forward: no mail leaves, no import is done, until a worker runs.")
    return Check(label, "todo", why, _("How to start one"), _help("worker"))


def _backup(company: Organisation) -> Check:
    label, how, at = _("Backup"), _("How to make one every night"), company.backed_up_at
    if at is None:
        return Check(label, "todo", _("There is none yet. One command and one line for cron."), how, _help("backup"))
    if timezone.now() - at > BACKUP_IS_OLD_AFTER:
        why = _("The last one is old: %(at)s.") % {"at": _when(at)}
        return Check(label, "todo", why, how, _help("backup"))
    return Check(label, "done", _("The last one: %(at)s.") % {"at": _when(at)})


def _second_factor() -> Iterator[Check]:
    if not apps.is_installed("allauth.mfa"):
        return
    with_one = apps.get_model("mfa", "Authenticator").objects.values("user_id")
    without = User.objects.filter(is_sponsor=True, is_active=True).exclude(pk__in=with_one).count()
    label = _("Second step at log-in")
    if not without:
        yield Check(label, "done", _("Every sponsor has one."))
        return
    why = ngettext("%(count)s sponsor has none yet.", "%(count)s sponsors have none yet.", without)
    yield Check(label, "todo", why % {"count": without}, _("Set up yours"), _own_second_factor())


def _own_second_factor() -> str:
    try:
        return reverse("mfa_index")
    except NoReverseMatch:
        return reverse("profile")


# --- The company ------------------------------------------------------------------------------------------------


def _people() -> Check:
    label, action, url = _("People"), _("Invite somebody"), reverse("invite_person")
    others = User.objects.filter(is_active=True).count() - 1
    if others > 0:
        why = ngettext("%(count)s person besides you.", "%(count)s people besides you.", others) % {"count": others}
        return Check(label, "done", why, action, url)
    if JoinInvitation.objects.filter(accepted_at=None, revoked_at=None).exclude(email="").exists():
        return Check(label, "done", _("An invitation is on its way."), action, url)
    if not Team.objects.exists():
        action, url = _("Make the first team"), reverse("team_new")
    return Check(label, "todo", _("You are alone here."), action, url)


def _customers() -> Check:
    label, action, url = _("Customers"), _("Import your customers"), reverse("import_upload")
    if Customer.objects.filter(erased_at=None).exists():
        return Check(label, "done", _("There are customers."), action, url)
    return Check(label, "todo", _("There are none yet."), action, url)


def _consent(company: Organisation) -> Check:
    label, url = _("Who may be asked by mail"), reverse("organisation")
    if not company.country:
        return Check(label, "todo", _("The law of your country decides, and none is chosen."), _("Choose it"), url)
    facts: dict[str, Any] = {"country": country_name(company.country), "rule": company.get_consent_rule_display()}
    return Check(label, "done", _("%(country)s: %(rule)s.") % facts, _("Change"), url)


def _survey() -> Check:
    label = _("First survey")
    if Survey.objects.exists():
        return Check(label, "done", _("It is there; change its words as you like."), _("See it"), reverse("surveys"))
    return Check(label, "todo", _("One question, in your words."), _("Make a survey"), reverse("survey_new"))
