"""The local mailbox: a folder of mails, one `.eml` file each, written by the server at the end of this file.

Reading needs the standard library only. A mail's id is its file's name, which sorts by arrival.
"""

import asyncio
import contextlib
import email
import email.policy
import re
import secrets
import socket
import sys
import time
from collections.abc import Collection
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any, NamedTuple

ID = re.compile(r"[0-9]{20}-[0-9a-f]{8}")
KEEP = 2_000
HEADERS_WITHIN = 65_536  # bytes of a file that are read for a list


class NoSuchMail(LookupError):
    """There is no mail of that id."""


class MailLine(NamedTuple):
    """A mail in a list."""

    id: str
    received: datetime
    envelope_from: str
    envelope_to: list[str]
    sender: str  # the From header
    subject: str


def list_mails(folder: Path, limit: int = 50, to: str | None = None) -> list[MailLine]:
    """Return the newest mails first; with `to`, only those delivered to that address."""
    found: list[MailLine] = []
    for mail_id in _ids(folder):
        if len(found) >= limit:
            break
        line = _line(folder, mail_id)
        if line and (to is None or to.casefold() in map(str.casefold, line.envelope_to)):
            found.append(line)
    return found


def read_mail(folder: Path, mail_id: str) -> EmailMessage:
    """Return one mail whole; NoSuchMail when there is none, whatever the id may be."""
    if not ID.fullmatch(mail_id):
        raise NoSuchMail(mail_id)
    try:
        content = (folder / f"{mail_id}.eml").read_bytes()
    except FileNotFoundError:
        raise NoSuchMail(mail_id) from None
    return email.message_from_bytes(content, policy=email.policy.default)


def received_at(mail_id: str) -> datetime:
    return datetime.fromtimestamp(int(mail_id[:20]) / 1_000_000_000, UTC)


def store(folder: Path, content: bytes, *, sender: str, recipients: list[str]) -> str:
    """Write one mail with its envelope on top, so that no reader ever sees half of it; return its id."""
    mail_id = f"{time.time_ns():020d}-{secrets.token_hex(4)}"
    envelope = [f"X-Envelope-From: {sender}", *(f"X-Envelope-To: {recipient}" for recipient in recipients)]
    new = folder / f"{mail_id}.new"
    new.write_bytes("".join(f"{line}\r\n" for line in envelope).encode() + content)
    new.rename(folder / f"{mail_id}.eml")
    return mail_id


def prune(folder: Path, keep: int = KEEP) -> None:
    """Delete all but the newest mails, and what a killed server left half written."""
    for mail_id in _ids(folder)[keep:]:
        (folder / f"{mail_id}.eml").unlink(missing_ok=True)
    for left in folder.glob("*.new"):
        left.unlink(missing_ok=True)


def remove_mails(folder: Path, *, to: str, ids: Collection[str], naming: str) -> int:
    """Delete the mails to an address, those with these Message-IDs, and those that hold a name; returns how many."""
    removed = 0
    for mail_id in _ids(folder):
        with contextlib.suppress(NoSuchMail):
            if _concerns(read_mail(folder, mail_id), to.casefold(), ids, naming.casefold()):
                (folder / f"{mail_id}.eml").unlink(missing_ok=True)
                removed += 1
    return removed


def _concerns(mail: EmailMessage, to: str, ids: Collection[str], naming: str) -> bool:
    envelope = [str(value).casefold() for value in mail.get_all("X-Envelope-To", [])]
    if (to and to in envelope) or str(mail["Message-ID"] or "").strip() in ids:
        return True
    parts = [part.get_content() for part in mail.walk() if part.get_content_maintype() == "text"]
    return bool(naming) and any(naming in str(text).casefold() for text in [mail["Subject"] or "", *parts])


def _ids(folder: Path) -> list[str]:
    if not folder.is_dir():
        return []
    return sorted((path.stem for path in folder.glob("*.eml") if ID.fullmatch(path.stem)), reverse=True)


def _line(folder: Path, mail_id: str) -> MailLine | None:
    try:
        with (folder / f"{mail_id}.eml").open("rb") as file:
            start = file.read(HEADERS_WITHIN)
    except FileNotFoundError:  # pruned since we listed
        return None
    headers = email.message_from_bytes(start.partition(b"\r\n\r\n")[0], policy=email.policy.default)
    return MailLine(
        id=mail_id,
        received=received_at(mail_id),
        envelope_from=str(headers["X-Envelope-From"] or ""),
        envelope_to=[str(value) for value in headers.get_all("X-Envelope-To", [])],
        sender=str(headers["From"] or ""),
        subject=str(headers["Subject"] or ""),
    )


class Handler:
    """What aiosmtpd calls for each mail."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.until_pruning = 0

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        if self.until_pruning == 0:
            prune(self.folder)
            self.until_pruning = 100
        self.until_pruning -= 1
        store(self.folder, envelope.original_content, sender=envelope.mail_from or "", recipients=envelope.rcpt_tos)
        return "250 Kept in the local mailbox"


async def serve(folder: Path, listening: socket.socket) -> None:
    from aiosmtpd.smtp import SMTP

    handler = Handler(folder)

    def session() -> Any:
        return SMTP(handler, hostname="localhost", ident="Delight's local mailbox", enable_SMTPUTF8=True)

    server = await asyncio.get_running_loop().create_server(session, sock=listening)
    await server.serve_forever()


def main() -> None:
    """Serve on a socket that our parent has opened: `python -m delight.local.mailbox FOLDER FILE-NUMBER`."""
    folder = Path(sys.argv[1])
    folder.mkdir(mode=0o700, exist_ok=True)
    asyncio.run(serve(folder, socket.socket(fileno=int(sys.argv[2]))))


if __name__ == "__main__":
    main()
