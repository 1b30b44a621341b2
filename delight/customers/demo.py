"""The customers of the demo company: six hundred people in three shops, some of them for a company."""

import random
from collections import Counter
from datetime import datetime, timedelta
from decimal import Decimal

from delight.customers.memory import demo as memory_demo
from delight.customers.models import Account, Customer, Segment
from delight.customers.visits import demo as visits_demo
from staff.people.models import Membership, Team, User

CUSTOMERS = 600
SEGMENTS = ["Regulars", "New", "Weddings", "Companies"]

# How often, first names, family names, language, how one of them is addressed.
PEOPLES = [
    (
        46,
        "Emma Louise Marie Julie Lotte Hanne Sofie Nele Katrien Fien Amber Charlotte Lucas Arthur Jules Wout Bram"
        " Pieter Jan Thomas Simon Maarten Koen Dirk Luc Bart Stijn Joris Pauline Camille Elise Antoine Olivier",
        "Peeters Janssens Maes Jacobs Mertens Willems Claes Goossens Wouters Vermeulen Dubois Lambert Dupont Martin"
        " Desmet Vandamme Lemmens Verhaegen Segers Michiels Cools Hermans Pauwels Aerts Bogaert Denis Lejeune",
        "en",
    ),
    (
        20,
        "Ayşe Elif Zeynep Fatma Merve Derya Gül Selin Emine Özlem İrem Mehmet Mustafa Ahmet Emre Can Murat Kerem"
        " Burak Hakan Oğuz Yusuf Ömer Deniz",
        "Yılmaz Kaya Demir Şahin Çelik Yıldız Aydın Öztürk Arslan Doğan Kılıç Aslan Çetin Kara Koç Kurt Özdemir Şimşek",
        "tr",
    ),
    (
        16,
        "Olena Oksana Iryna Nataliia Svitlana Yuliia Kateryna Daria Solomiia Tetiana Andrii Serhii Oleksandr Dmytro"
        " Mykola Ivan Taras Yurii Bohdan Vasyl",
        "Koval Shevchenko Bondarenko Tkachenko Kravchenko Oliinyk Lysenko Marchenko Melnyk Polishchuk Savchenko"
        " Moroz Petrenko Rudenko",
        "en",
    ),
    (
        12,
        "Emily Grace Hannah Alice Lucy Olivia Sarah Amelia Jack Harry George Oliver William Henry James Daniel",
        "Smith Taylor Brown Walker Wright Evans Hughes Green Clarke Baker Turner Hill Cooper Ward",
        "en",
    ),
    (
        6,
        "Inês Beatriz Chiara Giulia Sofia Zofia Agnieszka Freya Marek Tomasz João Matteo Luca Lars Amira Youssef",
        "Carvalho Santos Rossi Bianchi Nowak Kowalska Zieliński Lindqvist Larsen Ferrari Haddad El-Amrani",
        "en",
    ),
]
# Name, what it is worth a year, its shop, in how many days it is renewed.
ACCOUNTS = [
    ("Hotel Gravensteen View", "18400", "Mill Lane", 23),
    ("Leie Wedding Atelier", "9600", "Mill Lane", 141),
    ("Harbour Theatre", "12750", "Harbour", 9),
    ("Demir Catering", "4300", "Harbour", None),
    ("Station Square Fitness", "6800", "Station Square", 262),
    ("North Sea Airways Crew Desk", "22000", "Station Square", 74),
]
# Of a company's people: role, how they like to be reached, when.
CONTACTS = [
    ("decides", "phone", "after 16:00"),
    ("influences", "email", ""),
    ("uses", "message", "not before 10:00"),
    ("", "", ""),
]
_ASCII = str.maketrans("çğıöşüãáâéèêëíîóôõńśźżåäæøćł", "cgiosuaaaeeeeiiooonszzaaaocl")
TURKISH_WOMEN = ["Ayşe", "Elif", "Zeynep", "Fatma", "Merve", "Derya", "Gül", "Selin", "Emine", "Özlem", "İrem"]


def make(*, rng: random.Random, now: datetime) -> None:
    """Segments, companies and customers. Whom we have asked, and when, is the sendings' to add."""
    segments = {name: Segment.objects.create(name=name) for name in SEGMENTS}
    shops = [(team, _staff_of(team)) for team in Team.objects.order_by("pk")]
    accounts = _accounts(rng, shops, now)
    seen: set[str] = set()
    made = [_contact(rng, now, account, shop, seen) for account, shop in accounts for _n in range(rng.randint(2, 4))]
    made += [_private(rng, now, shops, segments, seen) for _n in range(CUSTOMERS - len(made))]
    _stand_twice(made)
    of_company: Counter[Account] = Counter()
    for customer in made:
        if customer.account:
            customer.segment = segments["Companies"]
            place = of_company[customer.account] % len(CONTACTS)
            customer.account_role, customer.preferred_channel, customer.preferred_time = CONTACTS[place]
            of_company[customer.account] += 1
        customer.fill_keys()
    Customer.objects.bulk_create(made)
    for customer in made:  # bulk_create has put today's date on all
        newest = 40 if customer.segment == segments["New"] else 1400
        customer.created_at = now - timedelta(
            days=rng.randrange(3 if newest == 40 else 60, newest), hours=rng.randrange(9)
        )
    Customer.objects.bulk_update(made, ["created_at"])
    visits_demo.make(now=now)
    memory_demo.make(now=now)


def _stand_twice(made: list[Customer]) -> None:
    """In each shop somebody was entered a second time: another address, and the number without the country's code."""
    for team in {customer.team for customer in made}:
        there = [one for one in made if one.team == team and one.email and not one.account]
        first, second = next(one for one in there if one.phone), there[-1]
        second.name, second.address_as, second.language = first.name, first.address_as, first.language
        second.phone = first.phone.replace("+32 ", "0")
        second.email = (first.email or "").replace("@", ".home@")


def _staff_of(team: Team) -> list[User]:
    now = Membership.objects.now().filter(team=team)
    return list(User.objects.filter(pk__in=now.values("user_id")).order_by("pk"))


def _accounts(rng: random.Random, shops: list, now: datetime) -> list[tuple[Account, tuple]]:
    by_name = {team.name: (team, staff) for team, staff in shops}
    made = []
    for number, (name, value, shop_name, days) in enumerate(ACCOUNTS):
        shop = by_name.get(shop_name) or shops[number % len(shops)]
        owner = rng.choice(shop[1]) if shop[1] else None
        renews_on = now.date() + timedelta(days=days) if days else None
        account = Account.objects.create(name=name, value_per_year=Decimal(value), owner=owner, renews_on=renews_on)
        made.append((account, shop))
    return made


def _private(rng: random.Random, now: datetime, shops: list, segments: dict, seen: set[str]) -> Customer:
    shop = rng.choices(shops, weights=[5, 4, 3][: len(shops)])[0]
    customer = _person(rng, now, shop, seen)
    customer.segment = rng.choices(
        [segments["Regulars"], segments["New"], segments["Weddings"], None], weights=[62, 16, 10, 12]
    )[0]
    if rng.random() < 0.08:
        customer.email = None
        customer.phone = _phone(rng, seen)
    return customer


def _address_as(first: str, language: str) -> str:
    """By the first name; in Turkish with the word that belongs to it."""
    if language != "tr":
        return first
    return f"{first} {'Hanım' if first in TURKISH_WOMEN else 'Bey'}"


def _contact(rng: random.Random, now: datetime, account: Account, shop: tuple, seen: set[str]) -> Customer:
    customer = _person(rng, now, shop, seen)
    customer.account, customer.owner = account, account.owner
    customer.address_source, customer.consent_on = Customer.AddressSource.EXISTING, None
    customer.phone = customer.phone or _phone(rng, seen)
    return customer


def _person(rng: random.Random, now: datetime, shop: tuple, seen: set[str]) -> Customer:
    team, staff = shop
    _often, first_names, family_names, language = rng.choices(PEOPLES, weights=[one[0] for one in PEOPLES])[0]
    first, family = rng.choice(first_names.split()), rng.choice(family_names.split())
    source = rng.choices(list(Customer.AddressSource), weights=[78, 19, 3])[0]
    consent = (now - timedelta(days=rng.randrange(20, 900))).date() if source == "consent" else None
    return Customer(
        name=f"{first} {family}",
        address_as=_address_as(first, language) if rng.random() < 0.7 else "",
        email=_email(first, family, seen),
        phone=_phone(rng, seen) if rng.random() < 0.6 else "",
        language=language if language != "en" or rng.random() < 0.5 else "",
        team=team,
        owner=rng.choice(staff) if staff and rng.random() < 0.75 else None,
        address_source=source,
        consent_on=consent,
    )


def _email(first: str, family: str, seen: set[str]) -> str:
    """As people have them; a number tells those of one name apart."""
    plain = f"{first}.{family}".lower().replace("i̇", "i").translate(_ASCII)
    number, email = 1, f"{plain}@mail.example"
    while email in seen:
        number += 1
        email = f"{plain}{number}@mail.example"
    seen.add(email)
    return email


def _phone(rng: random.Random, seen: set[str]) -> str:
    """A Belgian mobile number that nobody else here has."""
    while True:
        digits = f"{rng.randrange(10**6):06}"
        phone = f"+32 4{rng.choice('6789')}0 {digits[:2]} {digits[2:4]} {digits[4:]}"
        if phone not in seen:
            seen.add(phone)
            return phone
