"""The data map: what every field holds, whose it is, how long it is kept, and what erasing a customer does to it.

Each room says so in its `privacy.py`:

    TABLES            one Table per model, with a line for every field; a test fails for a field without one
    messages_about()  (optional) which rows of the outbox are about a customer
    before_erasing()  (optional) what else must end when a customer is erased, inside the same transaction
    SPARED            (optional) rows of lower rooms that the clock must leave, since this room still needs them

Export, erasing and the retention clock walk this map and know no table by name.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from importlib import import_module
from types import ModuleType
from typing import Any

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.module_loading import module_has_submodule


class Whose(Enum):
    """About whom a field says something."""

    NOBODY = "nobody"
    CUSTOMER = "customer"
    EMPLOYEE = "employee"
    ACCOUNT = "account"  # a company that is a customer


class Erase(Enum):
    """What happens to a field when its row's customer is erased."""

    KEEP = "keep"
    BLANK = "blank"


class Kept(Enum):
    """How long."""

    ALWAYS = "as long as the company uses Delight"
    UNTIL_ERASED = "until the customer is erased"
    LOG = "the organisation's days for logs"
    ENDED = "90 days after it ended"
    EXPIRED = "until it expires"
    BY_ROOM = "until it is of no more use; the room removes it"
    HISTORY = "always, but for entries about looking something up: those go with the logs"


@dataclass(frozen=True)
class Line:
    """One field. `kept` is given where the field goes sooner than its row; `secret`: never in an export."""

    whose: Whose
    erase: Erase = Erase.KEEP
    kept: Kept | None = None
    secret: bool = False


@dataclass(frozen=True)
class Group:
    """Tables in words for an employee: what is kept about them, and who sees it.

    All tables of a group say the same about how long; where that is not the whole truth, `kept` says it instead.
    """

    what: str | Promise
    seen_by: str | Promise
    kept: Kept | None = None


Lines = dict[str, Line]
Rows = Callable[[Any], Q]


@dataclass(frozen=True)
class Table:
    """One model.

    `customer` and `employee` lead from a row to the person whom it is about: a path of the ORM, or a function that
    makes the condition. `since` is the date from which `kept` counts. `alive` is a date on which the customer did
    something. `also` names what an export adds so that a reader understands it.
    """

    model: str
    kept: Kept
    lines: Lines
    customer: str | Rows = ""
    employee: str = ""
    rows_go: bool = False
    since: str = ""
    alive: str = ""
    also: tuple[str, ...] = ()
    group: Group | None = None

    @property
    def rows(self) -> QuerySet:
        return apps.get_model(self.model)._default_manager.order_by("pk")

    def about(self, customer: Any) -> QuerySet:
        """The rows about a customer; only for tables with a `customer`."""
        found = self.customer(customer) if callable(self.customer) else Q(**{self.customer: customer.pk})
        return self.rows.filter(found)

    def fields(self, whose: Whose, erase: Erase | None = None) -> list[str]:
        return [name for name, line in self.lines.items() if line.whose == whose and erase in (None, line.erase)]

    def blanks(self, names: list[str]) -> dict[str, Any]:
        """What stands in these fields once they are empty."""
        meta = apps.get_model(self.model)._meta
        return {name: blank(meta.get_field(name)) for name in names}


@dataclass(frozen=True)
class Bare:
    """A table of the database without a model: what it is, and how its old rows go (SQL), if it holds anybody's."""

    table: str
    what: str
    clear: str = ""


@dataclass(frozen=True)
class Spare:
    """Rows of a table that the clock must leave: those that meet the condition."""

    model: str
    where: Callable[[], Q]


def blank(column: Any) -> Any:
    """The empty value of a field. A link's random part is made anew: the old link then leads nowhere."""
    if isinstance(column, models.UUIDField):
        return RandomUUID()
    if column.null:
        return None
    if isinstance(column, ArrayField):
        return []
    if isinstance(column, models.JSONField):
        return {}
    if isinstance(column, (models.CharField, models.TextField)):
        return ""
    raise TypeError(f"{column} cannot be emptied")


# --- Words for the rooms' declarations ---------------------------------------------------------------------------


def nobodys(names: str, **facts: Any) -> Lines:
    return _lines(names, Line(Whose.NOBODY, **facts))


def customers(names: str, erase: Erase = Erase.BLANK, **facts: Any) -> Lines:
    return _lines(names, Line(Whose.CUSTOMER, erase, **facts))


def employees(names: str, **facts: Any) -> Lines:
    return _lines(names, Line(Whose.EMPLOYEE, **facts))


def accounts(names: str, **facts: Any) -> Lines:
    return _lines(names, Line(Whose.ACCOUNT, **facts))


def _lines(names: str, line: Line) -> Lines:
    return dict.fromkeys(names.split(), line)


# --- Walking the map ----------------------------------------------------------------------------------------------


def rooms() -> list[ModuleType]:
    """Each room's `privacy.py`, from the lowest room to the highest."""
    found = [config for config in apps.get_app_configs() if module_has_submodule(config.module, "privacy")]
    return [import_module(f"{config.name}.privacy") for config in found]


def told(name: str) -> Iterator[Any]:
    """What the rooms that have `name` in their `privacy.py` say there."""
    return (getattr(room, name) for room in rooms() if hasattr(room, name))


def tables() -> list[Table]:
    return [table for declared in told("TABLES") for table in declared]


def bare_tables() -> list[Bare]:
    return [table for declared in told("BARE") for table in declared]


def spared(model: str) -> list[Q]:
    """What must not go by the clock, as conditions."""
    return [spare.where() for declared in told("SPARED") for spare in declared if spare.model == model]


def messages_about(customer: Any) -> list[Q]:
    """The outbox's rows about a customer, a condition for each room: joined by OR they would find no index."""
    return [about(customer) for about in told("messages_about")]


def erase_rows(customer: Any) -> None:
    """Empty or delete what the map says, in all rooms; twice is as once. The caller holds the transaction."""
    for table in tables():
        if not table.customer:
            continue
        if table.rows_go:
            table.about(customer).delete()
        elif names := table.fields(Whose.CUSTOMER, Erase.BLANK):
            table.about(customer).order_by().update(**table.blanks(names))


def export_rows(customer: Any) -> dict[str, list[dict[str, Any]]]:
    """All that is known of a customer, table by table: no secrets, and nobody else's data."""
    found = {}
    for table in tables():
        if table.customer and (rows := list(table.about(customer).values(*_exported(table, Whose.CUSTOMER)))):
            found[table.model] = rows
    return found


def export_own_rows(user: Any) -> dict[str, Any]:
    """What is known of an employee: rows about them whole, of other rows only which ones name them, and as what."""
    found: dict[str, Any] = {}
    for table in tables():
        if table.employee:
            own = table.rows.filter(**{table.employee: user.pk})
            rows = list(own.values(*_exported(table, Whose.EMPLOYEE)))
        else:
            rows = [row for name in _naming(table) for row in _mentions(table, name, user)]
        if rows:
            found[table.model] = rows
    return found


def _exported(table: Table, whose: Whose) -> list[str]:
    wanted = (whose, Whose.NOBODY, Whose.ACCOUNT)
    return [*(name for name, line in table.lines.items() if line.whose in wanted and not line.secret), *table.also]


def _naming(table: Table) -> list[str]:
    """The fields that name an employee."""
    meta = apps.get_model(table.model)._meta
    return [name for name in table.fields(Whose.EMPLOYEE) if meta.get_field(name).is_relation]


def _mentions(table: Table, name: str, user: Any) -> Iterator[dict[str, Any]]:
    return ({"id": pk, "as": name} for pk in table.rows.filter(**{name: user.pk}).values_list("pk", flat=True))
