"""Visits from a CSV file: checked by a job, shown with what is wrong in which line, then taken whole or not at all.

A row is known again by its own number in the source, else by customer, beginning and team, so that the same file read
twice changes nothing.
"""

import hashlib
import re
import zoneinfo
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from itertools import islice
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone, translation
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from delight.customers.access import members_of
from delight.customers.models import Customer, Visit, VisitFile
from delight.customers.visits.columns import FIELDS, guess_columns
from delight.customers.visits.finding import Finder, Traces
from delight.customers.wrong import Wrong, wrong
from delight.files.models import StoredFile
from delight.lib.csvfile import Row, Shape, UnreadableFileError, read_rows, sniff
from delight.lib.sortkey import sort_key
from delight.organisation.models import AuditEntry, Organisation
from delight.outbox.services import plan_job, start_job
from staff.people.models import Team, User

MOST_BYTES = 10 * 1024 * 1024
MOST_ROWS = 20_000
MOST_PROBLEMS = 200
BATCH = 500
KEPT = timedelta(days=30)

State = VisitFile.State
Progress = Callable[[int, int], None]
WHO = ("email", "phone", "outside_id", "name")
DATE_FORMATS = ("%d.%m.%Y", "%d/%m/%Y", "%d-%m-%Y")
TIME_FORMATS = ("", " %H:%M", " %H:%M:%S")


class BadRowError(Exception):
    """The row cannot be taken; `what` says why, without a word from the row."""

    def __init__(self, code: str, **values: str) -> None:
        super().__init__(code)
        self.what = wrong(code, **values)


@dataclass
class Found:
    """What was found in an uploaded file."""

    shape: Shape
    rows: int


def inspect(file: UploadedFile) -> Found:
    """Look through the file. Raises UnreadableFileError with a sentence for whoever uploads it."""
    if (file.size or 0) > MOST_BYTES:
        raise UnreadableFileError(_("The file is larger than 10 MB. Split it into several."))
    shape = sniff(file.chunks())
    rows = read_rows(file.chunks(), shape)
    header = next(rows, None)
    columns = guess_columns(header.cells) if header and not header.broken else {}
    if "begins" not in columns or not columns.keys() & set(WHO):
        message = _("The first line has to name the columns: %(begins)s, and at least one of %(who)s.")
        names = ", ".join(str(FIELDS[name]) for name in WHO)
        raise UnreadableFileError(message % {"begins": FIELDS["begins"], "who": names})
    count = sum(1 for _row in rows)
    if not count:
        raise UnreadableFileError(_("There is no visit below the line with the names of the columns."))
    if count > MOST_ROWS:
        raise UnreadableFileError(_("The file has more than 20,000 rows. Split it into several."))
    return Found(shape, count)


@transaction.atomic
def upload_visits(*, by: User, team: Team, file: UploadedFile, found: Found) -> VisitFile:
    """Keep the file and have it checked. No visit is written yet."""
    stored = StoredFile.store(by=by, name=file.name or "visits.csv", content_type="text/csv", chunks=file.chunks())
    made = VisitFile.objects.create(
        file=stored, file_name=stored.name, team=team, created_by=by, rows=found.rows,
        encoding=found.shape.encoding, delimiter=found.shape.delimiter,
    )  # fmt: skip
    made.job = start_job(kind="check-visits", object_id=made.pk, key=f"check-visits:{made.pk}")
    made.save(update_fields=["job"])
    plan_job(
        kind="remove-visit-file", object_id=made.pk, key=f"remove-visit-file:{made.pk}", due_at=timezone.now() + KEPT
    )
    AuditEntry.record(by=by, verb="upload", obj=made)
    return made


@transaction.atomic
def take_visits(*, by: User, visit_file: VisitFile) -> bool:
    """Have a checked file taken over; bad rows are left out. False when that is under way or over."""
    started = VisitFile.objects.filter(pk=visit_file.pk, state=State.CHECKED, file__isnull=False)
    if not started.update(state=State.TAKING):
        return False
    job = start_job(kind="take-visits", object_id=visit_file.pk, key=f"take-visits:{visit_file.pk}")
    VisitFile.objects.filter(pk=visit_file.pk).update(job=job)
    AuditEntry.record(by=by, verb="import", obj=visit_file)
    return True


# --- The jobs -----------------------------------------------------------------------------------------------------


def check(file_id: int, progress: Progress) -> None:
    """Count what each row would do, and write down what is wrong with which. Changes no visit."""
    _run(file_id, State.CHECKING, progress)


def take(file_id: int, progress: Progress) -> None:
    """Write all good rows in one transaction with "taken over": whoever comes second finds nothing to do."""
    _run(file_id, State.TAKING, progress)


@transaction.atomic
def _run(file_id: int, state: str, progress: Progress) -> None:
    claimed = VisitFile.objects.select_for_update(of=("self",)).filter(pk=file_id, state=state, file__isnull=False)
    visit_file = claimed.select_related("file", "team", "created_by").first()
    if visit_file is None:
        return
    writing = state == State.TAKING
    Team.objects.select_for_update().get(pk=visit_file.team_id)  # two files for one team follow each other
    organisation = Organisation.get()
    visit_file.new = visit_file.changed = visit_file.same = visit_file.guests = visit_file.bad = 0
    visit_file.problems = []
    with translation.override(visit_file.created_by.language or organisation.default_language):
        _read_all(visit_file, _Reader(visit_file, organisation), progress, writing)
    visit_file.state = State.DONE if writing else State.CHECKED
    visit_file.save()
    if writing:
        _remove_content(visit_file)


def failed(file_id: int, _error: str) -> None:
    VisitFile.objects.filter(pk=file_id, state__in=[State.CHECKING, State.TAKING]).update(state=State.FAILED)


@transaction.atomic
def remove_when_old(file_id: int, _progress: Progress) -> None:
    """After thirty days nobody will go on with it."""
    found = VisitFile.objects.select_for_update(of=("self",)).filter(pk=file_id, file__isnull=False)
    if (visit_file := found.select_related("file").first()) is not None:
        visit_file.state = State.FAILED
        _remove_content(visit_file)


def _remove_content(visit_file: VisitFile) -> None:
    file, visit_file.file = visit_file.file, None
    visit_file.save(update_fields=["file", "state"])
    if file is not None:
        file.delete()


def _read_all(visit_file: VisitFile, reader: "_Reader", progress: Progress, writing: bool) -> None:
    assert visit_file.file is not None  # noqa: S101 (claimed with its file)
    rows = read_rows(visit_file.file.chunks(), Shape(visit_file.encoding, visit_file.delimiter))
    reader.columns = guess_columns(next(rows).cells)
    done, seen = 0, _Seen()
    while batch := list(islice(rows, BATCH)):
        progress(done, max(visit_file.rows, done))
        drafts = list(_drafts(visit_file, reader, batch))
        _decide(visit_file, drafts, seen, writing)
        done += len(batch)
    progress(done, max(visit_file.rows, done))


def _drafts(visit_file: VisitFile, reader: "_Reader", batch: list[Row]) -> Iterator["Draft"]:
    for row in batch:
        try:
            yield reader.read(row)
        except BadRowError as error:
            _note(visit_file, row.line, error.what)


def _note(visit_file: VisitFile, line: int, what: Wrong) -> None:
    visit_file.bad += 1
    if len(visit_file.problems) < MOST_PROBLEMS:
        visit_file.problems.append([line, *what])


# --- One row ------------------------------------------------------------------------------------------------------


@dataclass
class Draft:
    """What one row says."""

    line: int
    traces: Traces
    guest: str
    starts_at: datetime
    number: str = ""
    values: dict[str, Any] = field(default_factory=dict)  # what the row gives: ends_at, reference, value, …


class _Reader:
    """Turns rows into drafts; knows the shop's clock and people."""

    def __init__(self, visit_file: VisitFile, organisation: Organisation) -> None:
        self.columns: dict[str, int] = {}
        self.zone = zoneinfo.ZoneInfo(visit_file.team.time_zone or organisation.time_zone)
        self.opens_at = organisation.opens_at
        people = User.objects.filter(pk__in=members_of({visit_file.team_id}))
        self.people = {key: one for one in people for key in (one.email, one.sort_key) if key}

    def read(self, row: Row) -> Draft:
        if row.broken:
            raise BadRowError("unreadable")
        cells = {name: self._cell(row, number) for name, number in self.columns.items()}
        starts_at, _has_time = self._moment(cells.get("begins", ""), "begins")
        draft = Draft(
            row.line,
            Traces(*([cells[name]] if cells.get(name) else [] for name in WHO)),
            cells.get("name", "")[:160],
            starts_at,
            cells.get("number", "")[:200],
        )
        if not any(cells.get(name) for name in WHO):
            raise BadRowError("nobody")
        self._fill(draft, cells)
        return draft

    def _cell(self, row: Row, number: int) -> str:
        text = " ".join(row.cells[number].split()) if number < len(row.cells) else ""
        if not text.isprintable():
            raise BadRowError("not_printable")
        return text

    def _fill(self, draft: Draft, cells: dict[str, str]) -> None:
        given = draft.values
        if cells.get("ends"):
            given["ends_at"], has_time = self._moment(cells["ends"], "ends")
            if not has_time and given["ends_at"] < draft.starts_at:
                given["ends_at"] = draft.starts_at
            if given["ends_at"] < draft.starts_at:
                raise BadRowError("ends_first")
        if cells.get("reference"):
            given["reference"] = cells["reference"][:60]
        if cells.get("value"):
            given["value"] = _money(cells["value"])
        if cells.get("served_by"):
            given["served_by"] = self._person(cells["served_by"])

    def _person(self, text: str) -> User:
        person = self.people.get(text.lower()) or self.people.get(sort_key(text))
        if person is None:
            raise BadRowError("not_in_team")
        return person

    def _moment(self, text: str, column: str) -> tuple[datetime, bool]:
        """The time, and whether the file gives one: a day alone begins when the shop opens."""
        parsed = _parse(text)
        if parsed is None:
            raise BadRowError("no_time", column=column)
        has_time = isinstance(parsed, datetime)
        moment = parsed if isinstance(parsed, datetime) else datetime.combine(parsed, self.opens_at)
        if not 1990 <= moment.year <= 2100:
            raise BadRowError("odd_year", column=column)
        return moment if moment.tzinfo else moment.replace(tzinfo=self.zone), has_time


def _parse(text: str) -> datetime | date | None:
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            return date.fromisoformat(text)
        if found := parse_datetime(text):
            return found
    except ValueError:
        return None
    for day in DATE_FORMATS:
        for clock in TIME_FORMATS:
            try:
                found = datetime.strptime(text, day + clock)  # noqa: DTZ007 (the shop's zone is set by the caller)
            except ValueError:
                continue
            return found if clock else found.date()
    return None


def _money(text: str) -> Decimal:
    """ "1.234,50", "1,234.50", "€ 12": the last sign before two digits divides."""
    digits = re.sub(r"[^\d.,-]", "", text)
    head, _mark, tail = re.fullmatch(r"(.*?)(?:([.,])(\d{1,2}))?", digits).groups()  # type: ignore[union-attr]
    try:
        value = Decimal(f"{re.sub('[.,]', '', head) or 'nothing'}.{tail or 0}")
    except InvalidOperation:
        value = Decimal(-1)
    if not 0 <= value < 10**10:
        raise BadRowError("no_money")
    return value


# --- What becomes of the rows -------------------------------------------------------------------------------------


@dataclass
class _Seen:
    """What earlier rows of this file were about: twice the same booking is one visit."""

    keys: set[tuple[Any, ...]] = field(default_factory=set)


def _decide(visit_file: VisitFile, drafts: list[Draft], seen: _Seen, writing: bool) -> None:
    finder = Finder(draft.traces for draft in drafts)
    whose = {draft.line: finder.find(draft.traces) for draft in drafts}
    known, new = _Known(visit_file, drafts, whose), []
    for draft in drafts:
        customer = whose[draft.line]
        if customer is None and not draft.guest:
            _note(visit_file, draft.line, wrong("unknown_customer"))
            continue
        visit = known.find(draft, customer)
        key = (draft.number,) if draft.number else (customer.pk if customer else draft.guest, draft.starts_at)
        if key in seen.keys:
            visit_file.same += 1
            continue
        seen.keys.add(key)
        visit_file.guests += customer is None and (visit is None or visit.customer_id is None)
        if visit is None:
            new.append(_new(visit_file, draft, customer))
            visit_file.new += 1
        elif _change(visit, draft, writing):
            visit_file.changed += 1
        else:
            visit_file.same += 1
    if writing:
        Visit.objects.bulk_create(new)


class _Known:
    """The visits that a batch of rows may be about."""

    def __init__(self, visit_file: VisitFile, drafts: list[Draft], whose: dict[int, Customer | None]) -> None:
        theirs = Visit.objects.select_for_update().order_by("pk")
        ids = {_source_id(visit_file.team_id, draft, whose[draft.line]) for draft in drafts}
        rows = theirs.filter(source=Visit.Source.FILE, source_id__in=ids)
        self.by_id = {visit.source_id: visit for visit in rows}
        times = {draft.starts_at for draft in drafts}
        same_time = theirs.filter(team=visit_file.team_id, starts_at__in=times, customer__isnull=False)
        self.by_time = {(visit.customer_id, visit.starts_at): visit for visit in same_time}
        self.team_id = visit_file.team_id

    def find(self, draft: Draft, customer: Customer | None) -> Visit | None:
        found = self.by_id.get(_source_id(self.team_id, draft, customer))
        if found is None and customer is not None and not draft.number:
            found = self.by_time.get((customer.pk, draft.starts_at))
        return found


def _source_id(team_id: int, draft: Draft, customer: Customer | None) -> str:
    """The source's own number, else one made of customer, team and beginning. A guest's name is only hashed."""
    if draft.number:
        return f"{team_id}:{draft.number}"[:200]
    guest = hashlib.sha256(sort_key(draft.guest).encode()).hexdigest()[:16]
    who = f"customer {customer.pk}" if customer else f"guest {guest}"
    return f"{team_id}:{who} {draft.starts_at.astimezone(zoneinfo.ZoneInfo('UTC')):%Y%m%dT%H%M%S}"


def _new(visit_file: VisitFile, draft: Draft, customer: Customer | None) -> Visit:
    """What lies in the past took place, as far as a list of bookings tells."""
    over = draft.starts_at <= timezone.now()
    return Visit(
        customer=customer,
        guest="" if customer else draft.guest,
        team_id=visit_file.team_id,
        starts_at=draft.starts_at,
        state=Visit.State.CAME if over else Visit.State.PLANNED,
        source=Visit.Source.FILE,
        source_id=_source_id(visit_file.team_id, draft, customer),
        **draft.values,
    )


def _change(visit: Visit, draft: Draft, writing: bool) -> bool:
    """Take over what the row gives, a new time only while it is planned; tells whether anything differs."""
    wanted = dict(draft.values)
    if visit.state == Visit.State.PLANNED:
        wanted["starts_at"] = draft.starts_at
    changed = [name for name, value in wanted.items() if getattr(visit, name) != value]
    for name in changed:
        setattr(visit, name, wanted[name])
    if changed and visit.ends_at is not None and visit.ends_at < visit.starts_at:
        visit.ends_at = None
        changed.append("ends_at")
    if changed and writing:
        visit.save(update_fields=changed)
    return bool(changed)
