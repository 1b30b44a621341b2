"""The house keeps its shape: imports point one way, and the rooms hold what belongs to them."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# From the lowest room to the highest; a room imports from those before it and from itself.
ROOMS = [
    "delight.lib", "delight.organisation", "delight.files", "delight.outbox", "staff.people", "delight.customers",
    "delight.programme", "staff.budget", "staff.moments", "staff.recognition", "staff.wins",
    "surveys.design", "surveys.sending", "surveys.answering", "surveys.followups", "delight.results", "delight.front",
]  # fmt: skip
APPS = {room.split(".")[1]: room for room in ROOMS}
# Wiring that belongs to everyone may be used everywhere.
WIRING = {"delight.celery", "delight.settings", "delight.wsgi", "delight.urls", "delight.formats"}
# The bell rings through Celery, which itself knows the outbox only by a task's name.
LOCAL_READERS = {"delight.front"}


def files_of(room: str) -> Iterator[Path]:
    yield from (ROOT / room.replace(".", "/")).rglob("*.py")


def imports_of(path: Path) -> Iterator[str]:
    """Every module that a file imports, at the top or inside a function, and models named by strings."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call):
            yield from _models_named(node)


def _models_named(call: ast.Call) -> Iterator[str]:
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    if name not in ("ForeignKey", "OneToOneField", "ManyToManyField", "get_model") or not call.args:
        return
    first = call.args[0]
    if isinstance(first, ast.Constant) and isinstance(first.value, str):
        yield APPS.get(first.value.split(".")[0], first.value)


def room_of(module: str) -> str | None:
    return next((room for room in ROOMS if module == room or module.startswith(room + ".")), None)


def wrong_imports(room: str, modules: Iterator[str]) -> set[str]:
    """Those that point to a higher room, or to something of ours that is no room."""
    allowed = set(ROOMS[: ROOMS.index(room) + 1])
    wrong = set()
    for module in modules:
        if module.split(".")[0] not in ("delight", "staff", "surveys"):
            continue
        target = room_of(module)
        wired = any(module == each or module.startswith(each + ".") for each in WIRING)
        local = module.startswith("delight.local") and room in LOCAL_READERS
        bare = module in ("delight", "staff", "surveys")
        if target not in allowed and not (wired or local or bare):
            wrong.add(module)
    return wrong


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_from_lower_rooms(room):
    found = {
        f"{path.relative_to(ROOT)} imports {module}"
        for path in files_of(room)
        if "migrations" not in path.parts
        for module in wrong_imports(room, imports_of(path))
    }
    assert not found


def test_the_test_would_see_an_upward_import():
    code = "from surveys.answering.models import Response\nmodels.ForeignKey('followups.FollowUp')"
    modules = set()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.ImportFrom):
            modules.add(node.module)
        elif isinstance(node, ast.Call):
            modules.update(_models_named(node))
    assert wrong_imports("delight.customers", iter(modules)) == {"surveys.answering.models", "surveys.followups"}


def test_the_bootstrap_never_imports_django_or_a_room():
    for path in (ROOT / "delight" / "local").rglob("*.py"):
        modules = {module for module in imports_of(path) if not module.startswith("delight.local")}
        assert not {module for module in modules if room_of(module)}, path
        assert "django" not in {module.split(".")[0] for module in modules}, path
    assert (ROOT / "delight" / "__init__.py").read_text() == ""


def test_no_template_carries_script_or_style():
    inline = re.compile(r"\sstyle=|<style\b|\son[a-z]+=\"|<script(?![^>]*\bsrc=)[^>]*>")
    pages = [path for path in (ROOT / "templates").rglob("*.html") if "emails" not in path.parts]
    assert len(pages) > 40
    assert not [path for path in pages if inline.search(path.read_text())]


def test_migrations_have_names_and_import_nothing_of_the_rooms_but_defaults():
    for path in ROOT.glob("*/*/migrations/0*.py"):
        assert not re.search(r"_(auto_|alter_.*_and_more|remove_.*_and_more)", path.name), path
        assert not {module for module in imports_of(path) if module.endswith((".services", ".views", ".forms"))}, path
