"""The people of the demo company: an owner, three shops with a manager each, ten who cut hair."""

import random
from datetime import date, datetime, timedelta

from django.contrib.auth.hashers import make_password

from delight.lib.tokens import fingerprints, new_public_id
from staff.people.desks import DESK, hashed_pin
from staff.people.models import Desk, Membership, Team, User

WITHOUT_MAIL = "freya"
DEMO_PIN = "3719"
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
    _front_desk(teams["Mill Lane"], now, by=users["manager"], people=[users["stylist"], users["oksana"]])
    return users


def _person(login: str, name: str, language: str, password: str, *, is_sponsor: bool) -> User:
    address = None if login == WITHOUT_MAIL else f"{login}@barber.example"
    user = User(email=address, name=name, language=language, is_sponsor=is_sponsor)
    user.login_name = login if address is None else None
    user.password = password
    user.save()
    return user


def _moved(user: User, former: Team) -> None:
    """Somebody who has worked in another shop before."""
    began: date = user.memberships.get().since
    Membership.objects.create(team=former, user=user, since=began - timedelta(days=300), until=began)


def _front_desk(team: Team, now: datetime, *, by: User, people: list[User]) -> None:
    """A tablet that the team shares. No browser holds its cookie: whoever tries it makes one of their own."""
    mark = fingerprints(DESK, str(new_public_id()))[0]
    desk = Desk.objects.create(name="Front desk", team=team, mark=mark, enrolled_by=by)
    used = {"enrolled_at": now - timedelta(days=40), "last_used_at": now - timedelta(hours=3)}
    Desk.objects.filter(pk=desk.pk).update(**used)
    for person in people:
        User.objects.filter(pk=person.pk).update(pin=hashed_pin(person, DEMO_PIN))
