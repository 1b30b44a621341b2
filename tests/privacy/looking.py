"""Where a person's traces could be: every table, every file that the product owns, every session."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection

HASHES_MAY_STAND_IN = {"customers_suppression"}


def _holds(text: str, markers: Iterable[str]) -> set[str]:
    plain = text.casefold()
    return {marker for marker in markers if marker.casefold() in plain}


def in_tables(markers: Iterable[str]) -> set[str]:
    """Each row as text, arrays and JSON included; contents of files are looked through byte by byte."""
    found = set()
    asked = [*markers, *(marker.encode().hex() for marker in markers)]
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT t::text FROM {connection.ops.quote_name(table)} t")  # noqa: S608
            found |= {f"{table}: {marker}" for (row,) in cursor.fetchall() for marker in _holds(row, asked)}
    return found


def in_file_contents(markers: Iterable[str]) -> set[str]:
    from delight.files.models import StoredFile

    whole = {file.pk: b"".join(file.chunks()).decode("utf-8", "replace") for file in StoredFile.objects.all()}
    return {f"file {pk}: {marker}" for pk, text in whole.items() for marker in _holds(text, markers)}


def in_sessions(markers: Iterable[str]) -> set[str]:
    """What a session holds is packed and signed."""
    return {
        f"session: {marker}"
        for session in Session.objects.all()
        for marker in _holds(str(session.get_decoded()), markers)
    }


def in_folder(markers: Iterable[str]) -> set[str]:
    """Mails, records, and the servers' logs. The database's own files are elsewhere; its rows have been looked at."""
    folders = Path(settings.LOCAL_FOLDER), Path(os.environ["DELIGHT_LOCAL"]) / "log"
    return {
        f"{path.name}: {marker}"
        for folder in folders
        for path in folder.rglob("*")
        if path.is_file()
        for marker in _holds(_text_of(path), markers)
    }


def _text_of(path: Path) -> str:
    """A mail as its reader sees it: its parts are packed, too."""
    if path.suffix != ".eml":
        return path.read_text(errors="replace")
    from delight.local.mailbox import read_mail

    mail = read_mail(path.parent, path.stem)
    texts = [str(part.get_content()) for part in mail.walk() if part.get_content_maintype() == "text"]
    return "\n".join([path.read_text(errors="replace"), str(mail["Subject"]), str(mail["To"]), *texts])


def everywhere(markers: Iterable[str]) -> set[str]:
    markers = list(markers)
    return in_tables(markers) | in_file_contents(markers) | in_sessions(markers) | in_folder(markers)
