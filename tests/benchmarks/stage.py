"""What every benchmark needs: a database with synced commits, settings, and medians printed as a table."""

import os
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from delight.local.pytest_plugin import start_servers

ROUNDS = 5


@contextmanager
def stage() -> Iterator[None]:
    """A temporary PostgreSQL that syncs each commit to the disk, migrated, with Django set up."""
    keeper = start_servers(fsync=True)
    try:
        os.environ["DJANGO_SETTINGS_MODULE"] = "delight.settings"
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        call_command("prepare", verbosity=0)
        yield
    finally:
        keeper.close()


def make_invitations(count: int) -> list[str]:
    """A company, a survey that was sent an hour ago to `count` customers; returns the answer links' paths."""
    from django.utils import timezone

    from delight.customers.models import Customer
    from delight.lib.tokens import make_token
    from delight.organisation.services import set_up_organisation
    from staff.people.models import User
    from surveys.design.services import create_survey
    from surveys.sending.models import Invitation
    from surveys.sending.services import prepare_sending, send_survey

    set_up_organisation(name="Barber & Sons", postal_address="1 Mill Lane, Ghent")
    olga = User.objects.create_user("olga@barber.example", name="Olga", is_sponsor=True)
    people = [Customer(name=f"C {n}", email=f"c{n}@mail.example", address_source="existing") for n in range(count)]
    for customer in people:
        customer.fill_keys()
    Customer.objects.bulk_create(people)
    sending = send_survey(by=olga, survey=create_survey(by=olga, name="Bench"), sender=olga)
    prepare_sending(sending.pk, lambda done, total: None)
    Invitation.objects.update(sent_at=timezone.now() - timezone.timedelta(hours=1))
    return [f"/a/{make_token('answer', each)}/" for each in Invitation.objects.values_list("public_id", flat=True)]


def per_second(work: Callable[[], int]) -> float:
    """How many of whatever `work` counts happen in a second."""
    began = time.perf_counter()
    count = work()
    return count / (time.perf_counter() - began)


def table(title: str, unit: str, rows: dict[str, list[float]], reference: str) -> None:
    """Print medians, and each row's ratio to the reference, pair by pair."""
    print(f"\n{title} (median of {len(rows[reference])} rounds)")
    for name, figures in rows.items():
        ratio = statistics.median(own / plain for own, plain in zip(figures, rows[reference], strict=True))
        print(f"  {name:<34} {statistics.median(figures):>9.1f} {unit}   {ratio:>5.2f} of the reference")
