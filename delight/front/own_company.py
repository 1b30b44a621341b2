"""From the demo to the real company: the one leaves wholly, the other begins with one person."""

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.db import connection, transaction

from delight.organisation.models import Organisation
from delight.organisation.services import set_up_organisation
from staff.people.models import User

# What the database knows about the program, and nothing about people.
KEPT_APPS = {"contenttypes", "auth"}
CACHE = "cache"


class NotTheDemo(Exception):
    """This is a real company; nobody removes it by a button."""


@transaction.atomic
def begin_own_company(*, by: User, person: dict[str, str], company: dict[str, Any]) -> User:
    """Remove the demo and set up the company with its first sponsor. Raises NotTheDemo.

    The rows of the queue go with everything else: a worker that holds some of them finds their fence gone, and sends
    nothing. Sessions go, too: whoever is signed in to the demo is so no more.
    """
    demo = Organisation.objects.select_for_update().filter(pk=1, is_demo=True).first()
    if demo is None or not by.is_sponsor:
        raise NotTheDemo
    empty(tables())
    name, email, password, language = (person[field] for field in ("name", "email", "password", "language"))
    sponsor = User.objects.create_user(email, password, name=name, language=language, is_sponsor=True)
    set_up_organisation(by=sponsor, **company)
    return sponsor


def tables() -> list[str]:
    """Every table with rows of people in it, by the registry of models: a new room's are among them."""
    models = [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]
    return sorted({model._meta.db_table for model in models if model._meta.app_label not in KEPT_APPS} | {CACHE})


def empty(names: Iterable[str]) -> None:
    """All at once, so that no reference hinders it; ids go on where they were, so that none ever means two things."""
    quoted = ", ".join(connection.ops.quote_name(name) for name in names)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # nothing may be left to check in a table that is emptied
        cursor.execute(f"TRUNCATE {quoted}")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
