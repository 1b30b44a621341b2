"""`manage.py prepare`: builds the catalogues and collects the static files, when something has changed."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import BaseCommand, call_command

STAMP = "delight-prepared"


def compile_catalogues() -> list[Path]:
    """Make the .mo file beside each .po file that is newer than it, or made in another way; returns those made."""
    made = []
    way = Path(__file__).stat().st_mtime_ns
    for source in sorted(path for folder in settings.LOCALE_PATHS for path in Path(folder).rglob("*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= max(source.stat().st_mtime_ns, way):
            continue
        with source.open("rb") as file:
            catalogue = read_po(file)
        new = target.with_suffix(".mo.new")
        catalogue.locale = source.parent.parent.name  # without one, Babel leaves the rule for plurals out
        with new.open("wb") as file:
            write_mo(file, catalogue)
        new.rename(target)  # a process that reads meanwhile never sees half of it
        made.append(target)
    return made


def fingerprint() -> str:
    """Changes when a static file is added, removed or touched, or when they are stored in another way."""
    seen = hashlib.sha256(repr(settings.STORAGES["staticfiles"]).encode())
    for line in sorted(_static_files()):
        seen.update(line.encode())
    return seen.hexdigest()


def _static_files() -> Iterator[str]:
    for finder in get_finders():
        for path, storage in finder.list(["CVS", ".*", "*~"]):
            facts = Path(storage.path(path)).stat()
            yield f"{path}\0{facts.st_size}\0{facts.st_mtime_ns}\n"


def collect_static() -> bool:
    """Collect the static files unless this was done for exactly these; says whether it did."""
    stamp = Path(settings.STATIC_ROOT) / STAMP
    wanted = fingerprint()
    if stamp.exists() and stamp.read_text() == wanted:
        return False
    call_command("collectstatic", interactive=False, clear=False, verbosity=0)
    stamp.write_text(wanted)
    return True


class Command(BaseCommand):
    help = "Build the translation catalogues and collect the static files."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        made = compile_catalogues()
        collected = collect_static()
        if options["verbosity"]:
            static = "collected" if collected else "up to date"
            self.stdout.write(f"Catalogues built: {len(made)}. Static files: {static}.")
