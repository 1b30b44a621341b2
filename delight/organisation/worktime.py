"""Working days: when something that people have to do is due."""

from datetime import UTC, datetime, timedelta

from delight.organisation.models import Holiday, Organisation


def end_of_working_day(after: datetime, days: int, organisation: Organisation | None = None) -> datetime:
    """The end of the `days`-th working day after `after` (aware), in UTC.

    Working days, hours, holidays and zone are the organisation's. An answer given on a closed day counts from
    the next open one, as if it had come in that morning: nobody is late because of a Sunday.
    Looks at most two years ahead; an organisation without working days falls back to calendar days.
    """
    organisation = organisation or Organisation.get()
    day = after.astimezone(organisation.zone).date()
    closed = Holiday.days_between(day, day + timedelta(days=730))
    open_days = set(organisation.working_days) or set(range(1, 8))
    left = days
    for _step in range(730):
        day += timedelta(days=1)
        if day.isoweekday() in open_days and day not in closed:
            left -= 1
        if left <= 0:
            break
    return datetime.combine(day, organisation.closes_at, tzinfo=organisation.zone).astimezone(UTC)
