"""Where somebody is signed in, and ending that."""

from allauth.usersessions.models import UserSession
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils import timezone

from staff.people.models import User


def end_sessions_of(user: User, *, but: str | None = None) -> int:
    """Delete every session of the person, on all devices but the one with that key; returns how many there were.

    Sessions name their user only inside their encoded data, so all that have not run out are read.
    """
    open_sessions = Session.objects.filter(expire_date__gt=timezone.now()).exclude(pk=but or "")
    own = [row.pk for row in open_sessions.iterator() if row.get_decoded().get(SESSION_KEY) == str(user.pk)]
    UserSession.objects.filter(user=user).exclude(session_key=but or "").delete()
    Session.objects.filter(pk__in=own).delete()
    return len(own)


BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
SYSTEMS = (("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS", "Mac"))


def device_name(user_agent: str) -> str:
    """What a person calls it: "Firefox, Windows". Empty when the browser does not say."""
    known = [next((name for mark, name in marks if mark in user_agent), "") for marks in (BROWSERS, SYSTEMS)]
    if not known[1] and "Linux" in user_agent:
        known[1] = "Linux"
    return ", ".join(part for part in known if part)


def living_sessions_of(user: User) -> list[UserSession]:
    """Where the person is signed in now, oldest first. Only reads: a page that is looked at deletes nothing."""
    listed = UserSession.objects.filter(user=user).order_by("created_at")
    own_hash = user.get_session_auth_hash()
    living = {
        row.pk
        for row in Session.objects.filter(expire_date__gt=timezone.now(), pk__in=[s.session_key for s in listed])
        if row.get_decoded().get("_auth_user_hash") == own_hash
    }
    return [session for session in listed if session.session_key in living]
