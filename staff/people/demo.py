"""The people of the demo company: an owner, three shops with a manager each, ten who cut hair."""

import random
from datetime import date, datetime, timedelta

from django.contrib.auth.hashers import make_password

from staff.people.models import Membership, Team, User

DEMO_PASSWORD = "delight-demo"  # noqa: S105 (printed by `up` for everybody to see)

LOGINS = [
    ("owner", "owner@barber.example"),
    ("shop manager", "manager@barber.example"),
    ("stylist", "stylist@barber.example"),
]
TEAMS = ["Mill Lane", "Harbour", "Station Square"]
# Login name, name, team (None for the owner), role, language.
PEOPLE = [
    ("owner", "Willem Barber", None, "", "en"),
    ("manager", "Lotte Claes", "Mill Lane", "manager", "en"),
    ("stylist", "Daan Peeters", "Mill Lane", "staff", ""),
    ("oksana", "Oksana Shevchuk", "Mill Lane", "staff", ""),
    ("chiara", "Chiara Rinaldi", "Mill Lane", "staff", ""),
    ("noah", "Noah De Smet", "Mill Lane", "staff", ""),
    ("mehmet", "Mehmet Yıldız", "Harbour", "manager", "tr"),
    ("elif", "Elif Şahin", "Harbour", "staff", "tr"),
    ("jonas", "Jonas Vermeulen", "Harbour", "staff", ""),
    ("ines", "Inês Carvalho", "Harbour", "staff", ""),
    ("marie", "Marie Dubois", "Station Square", "manager", ""),
    ("tomasz", "Tomasz Zieliński", "Station Square", "staff", ""),
    ("freya", "Freya Lindqvist", "Station Square", "staff", ""),
    ("pieter", "Pieter Maes", "Station Square", "staff", ""),
]


def make(*, rng: random.Random, now: datetime) -> dict[str, User]:
    """The users by login name (what stands before the @). All have DEMO_PASSWORD."""
    for name in TEAMS:
        Team.objects.create(name=name)
    teams = {team.name: team for team in Team.objects.all()}
    password = make_password(DEMO_PASSWORD)  # once: made slow on purpose
    users: dict[str, User] = {}
    for login, name, team, role, language in PEOPLE:
        users[login] = _person(login, name, language, password, is_sponsor=team is None)
        began = (now - timedelta(days=rng.randrange(400, 1000))).date()
        if team is not None:
            Membership.objects.create(team=teams[team], user=users[login], role=role, since=began)
        joined = now - timedelta(days=rng.randrange(1000, 1050))
        User.objects.filter(pk=users[login].pk).update(joined_at=joined)
    _moved(users["jonas"], teams["Mill Lane"])
    return users


def _person(login: str, name: str, language: str, password: str, *, is_sponsor: bool) -> User:
    user = User(email=f"{login}@barber.example", name=name, language=language, is_sponsor=is_sponsor)
    user.password = password
    user.save()
    return user


def _moved(user: User, former: Team) -> None:
    """Somebody who has worked in another shop before."""
    began: date = user.memberships.get().since
    Membership.objects.create(team=former, user=user, since=began - timedelta(days=300), until=began)
