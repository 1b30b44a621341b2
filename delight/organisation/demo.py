"""The demo company itself: Barber & Sons, three barber's shops in Ghent."""

from datetime import date, datetime, time, timedelta

from delight.organisation.models import Holiday, Organisation
from delight.organisation.services import set_up_organisation

FIXED_HOLIDAYS = [
    (1, 1, "New Year"),
    (5, 1, "Labour Day"),
    (7, 21, "Belgian National Day"),
    (8, 15, "Assumption"),
    (11, 1, "All Saints"),
    (11, 11, "Armistice Day"),
    (12, 25, "Christmas Day"),
]
AFTER_EASTER = [(1, "Easter Monday"), (39, "Ascension Day"), (50, "Whit Monday")]


def make(*, now: datetime) -> Organisation:
    """The company as it was set up three years ago, with the Belgian holidays of last, this and next year."""
    organisation = set_up_organisation(
        name="Barber & Sons",
        postal_address="Barber & Sons\nMolenaarsstraat 12\n9000 Ghent\nBelgium",
        currency="EUR",
        default_language="en",
        time_zone="Europe/Brussels",
        working_days=[2, 3, 4, 5, 6],
        opens_at=time(9),
        closes_at=time(18, 30),
        is_demo=True,
        country="BE",
        trade="salon",
        set_up_at=now - timedelta(days=3 * 365),
        mail_arrived_at=now - timedelta(days=40),
        programme_began_on=now.date() - timedelta(days=16),
    )
    Organisation.objects.update(created_at=now - timedelta(days=3 * 365))
    Holiday.objects.bulk_create(
        Holiday(day=day, name=name) for year in range(now.year - 1, now.year + 2) for day, name in holidays_of(year)
    )
    organisation.refresh_from_db()
    return organisation


def holidays_of(year: int) -> list[tuple[date, str]]:
    """The public holidays of Belgium, in the order of the calendar."""
    fixed = [(date(year, month, day), name) for month, day, name in FIXED_HOLIDAYS]
    moving = [(easter(year) + timedelta(days=days), name) for days, name in AFTER_EASTER]
    # Ascension can fall on the first of May.
    return sorted(dict([*moving, *fixed]).items())


def easter(year: int) -> date:
    """Easter Sunday by the Gregorian rule (Meeus, "Astronomical Algorithms", chapter 8)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    weekday = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * weekday) // 451
    month, day = divmod(h + weekday - 7 * m + 114, 31)
    return date(year, month, day + 1)
