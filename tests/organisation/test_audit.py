"""The sponsors' audit page: who did what, in words, narrowed, and as a file."""

import ast
import csv
import functools
import io
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone

from delight.organisation.audit_words import OBJECTS, VERBS
from delight.organisation.models import AuditEntry

ROOT = Path(__file__).resolve().parent.parent.parent
VISIT_STATES = {"planned", "came", "missed"}  # the verb is the state: delight/customers/visits/services.py


@pytest.fixture
def page(sponsor, signed_in):
    """`page("kind=…")`: the audit page as Olga sees it."""
    return lambda query="": signed_in(sponsor).get(f"{reverse('audit')}?{query}").content.decode()


def record(by, verb, obj, *fields, days_ago=0):
    entry = AuditEntry.record(by=by, verb=verb, obj=obj, fields=list(fields))
    AuditEntry.objects.filter(pk=entry.pk).update(at=timezone.now() - timedelta(days=days_ago))
    return entry


# --- Words --------------------------------------------------------------------------------------------------------


def verbs_in(tree: ast.AST) -> Iterator[str]:
    """Every `verb=` of a call, and every `verb = …` of a class; both sides of a choice between two."""
    for node in ast.walk(tree):
        if (isinstance(node, ast.keyword) and node.arg == "verb") or (
            isinstance(node, ast.Assign) and any(getattr(target, "id", "") == "verb" for target in node.targets)
        ):
            yield from _texts(node.value)


def _texts(value: ast.AST) -> Iterator[str]:
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        yield value.value
    elif isinstance(value, ast.IfExp):
        yield from _texts(value.body)
        yield from _texts(value.orelse)


@functools.cache
def recorded_verbs() -> set[str]:
    files = [path for room in ("delight", "staff", "surveys") for path in (ROOT / room).rglob("*.py")]
    return {verb for path in files for verb in verbs_in(ast.parse(path.read_text()))} | VISIT_STATES


def test_every_verb_that_is_recorded_has_words():
    """There may be words for more: what was recorded once is shown for ever."""
    assert len(recorded_verbs()) > 50
    assert recorded_verbs() - set(VERBS) == set()


def test_a_verb_without_words_would_be_found_out():
    code = "class A:\n    verb = 'one'\nAuditEntry.record(by=None, verb='two' if x else 'three', obj=y)"
    assert set(verbs_in(ast.parse(code))) == {"one", "two", "three"}


def test_every_kind_of_object_is_a_model_whose_page_exists():
    from django.apps import apps

    for kind, thing in OBJECTS.items():
        apps.get_model(kind)
        if thing.url_name:
            assert reverse(thing.url_name, args=[1] if thing.has_pk else [])


def test_an_entry_says_who_what_which_and_which_fields(page, manager, make_customer):
    customer = make_customer("Olena Koval")
    record(manager, "change", customer, "address_as", "phone")
    text = page("kind=customers.customer")
    assert "Mert" in text
    assert "Changed" in text
    assert f'Customer</span> <a href="{reverse("customer", args=[customer.pk])}">Olena Koval</a>' in text
    assert "how we address them, phone" in text


def test_what_the_machine_did_says_so(page, make_customer):
    record(None, "erase_customer", make_customer())
    assert "the program itself" in page("kind=customers.customer")


def test_what_is_gone_or_erased_is_a_number_without_a_link(page, sponsor, make_customer, survey):
    gone, erased = make_customer("Mark"), make_customer("Olena")
    for customer in (gone, erased):
        record(sponsor, "change", customer)
    number = gone.pk
    gone.delete()
    type(erased).objects.filter(pk=erased.pk).update(erased_at=timezone.now(), name="")
    text = page("kind=customers.customer")
    for pk in (number, erased.pk):
        assert f"Customer</span> {pk}<" in text
        assert reverse("customer", args=[pk]) not in text


def test_a_kind_that_no_room_knows_any_more_is_shown_all_the_same(page, sponsor):
    AuditEntry.objects.create(actor=sponsor, verb="polish_lamp", object_type="lamps.lamp", object_id=3, fields=["oil"])
    text = page()
    assert "Polish lamp" in text
    assert "Lamp</span> 3<" in text


# --- Narrowing ----------------------------------------------------------------------------------------------------


@pytest.fixture
def story(manager, colleague, make_customer, team):
    customer = make_customer("Olena")
    record(manager, "create", customer, days_ago=10)
    record(colleague, "reveal", customer, "phone", days_ago=5)
    record(None, "create_team", team, days_ago=0)
    return customer


def days(ago: int) -> str:
    return str((timezone.now() - timedelta(days=ago)).date())


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("person={manager}", {"New"}),
        ("person=0", {"New team"}),
        ("kind=people.team", {"New team"}),
        ("first={six}", {"Phone or e-mail looked at", "New team"}),
        ("last={six}", {"New"}),
        ("first={six}&last={four}", {"Phone or e-mail looked at"}),
        ("person={manager}&kind=people.team", set()),
        ("kind=nonsense&first=nonsense&person=nonsense", {"New", "Phone or e-mail looked at", "New team"}),
    ],
)
def test_it_is_narrowed_by_person_kind_and_days(query, shown, story, manager, page):
    text = page(query.format(manager=manager.pk, six=days(6), four=days(4)))
    body = text.partition("<tbody>")[2].partition("</tbody>")[0]
    words = {words for words in ("New", "Phone or e-mail looked at", "New team") if f">{words}<" in body}
    assert words == shown


def test_the_pages_of_a_narrowed_list_stay_narrowed(page, sponsor, team):
    for _number in range(51):
        record(sponsor, "rename_team", team)
    text = page("kind=people.team")
    assert "?kind=people.team&amp;page=2" in text
    assert "1 to 50 of 51" in text


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_asks_the_database_the_same_however_long_it_is(
    rows, sponsor, make_customer, signed_in, django_assert_num_queries
):
    for number in range(rows):
        record(sponsor, "change", make_customer(f"Customer{number}"))
    AuditEntry.objects.exclude(verb="change").delete()
    browser = signed_in(sponsor)
    browser.get(reverse("audit"))
    with django_assert_num_queries(QUERIES):
        browser.get(reverse("audit"))


QUERIES = 11


# --- As a file ----------------------------------------------------------------------------------------------------


def rows_of(answer) -> list[list[str]]:
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def test_the_file_holds_the_narrowed_list_with_numbers_instead_of_names(story, sponsor, signed_in):
    answer = signed_in(sponsor).get(reverse("audit_file") + "?kind=customers.customer")
    header, *rows = rows_of(answer)
    assert header == ["Time", "Who", "What", "Of what", "Number", "Fields"]
    assert [row[1:] for row in rows] == [
        ["Cleo", "Phone or e-mail looked at", "Customer", str(story.pk), "phone"],
        ["Mert", "New", "Customer", str(story.pk), ""],
    ]


def test_no_cell_of_the_file_runs_in_a_spreadsheet(sponsor, team, signed_in):
    sponsor.name = "=HYPERLINK(1)"
    sponsor.save()
    record(sponsor, "rename_team", team)
    rows = rows_of(signed_in(sponsor).get(reverse("audit_file")))
    assert "'=HYPERLINK(1)" in {row[1] for row in rows}
    assert "=HYPERLINK(1)" not in {row[1] for row in rows}


def test_it_is_the_sponsors(manager, sponsor, signed_in):
    for name in ("audit", "audit_file"):
        assert signed_in(manager).get(reverse(name)).status_code == 403
        assert signed_in(sponsor).get(reverse(name)).status_code == 200
