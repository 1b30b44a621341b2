"""A mail server in a process of its own that notes every mail it accepts; it outlives whoever sends.

It answers slowly on both sides of the note, so that killed senders are caught before and after a mail arrived.
"""

from __future__ import annotations

import asyncio
import email
import hashlib
import json
import os
import re
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from delight.local.paths import ROOT
from delight.local.stack import listen

LINK = re.compile(rb"https?://[^\s\"<>]+/[au]/[\w-]+/")


@dataclass(frozen=True)
class Copy:
    """One accepted mail."""

    message_id: str
    to: str
    links: str  # a hash of its personal links: two copies must carry the same


class Sink:
    """The test's side: starts the process and reads what it noted."""

    def __init__(self, folder: Path, *, before: float, after: float) -> None:
        """`before` and `after`: how long it takes over a mail on either side of noting it, in seconds."""
        self.file = folder / "accepted.jsonl"
        self.file.touch()
        listening = listen(0)
        assert listening is not None
        self.port: int = listening.getsockname()[1]
        command = [sys.executable, "-m", "tests.faults.sink", str(listening.fileno()), str(self.file)]
        self.process = subprocess.Popen(
            [*command, str(before), str(after)], pass_fds=[listening.fileno()], cwd=ROOT, start_new_session=True
        )
        listening.close()

    def copies(self) -> list[Copy]:
        lines = self.file.read_text().split("\n")[:-1]
        return [Copy(**json.loads(line)) for line in lines]

    def count(self) -> int:
        return self.file.read_bytes().count(b"\n")

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(10)


class Handler:
    """What aiosmtpd calls for each mail."""

    def __init__(self, file: int, before: float, after: float) -> None:
        self.file, self.before, self.after = file, before, after

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        await asyncio.sleep(self.before)
        os.write(self.file, note(envelope.original_content, envelope.rcpt_tos))
        await asyncio.sleep(self.after)
        return "250 OK"


def note(content: bytes, recipients: list[str]) -> bytes:
    mail = email.message_from_bytes(content)
    parts = [part.get_payload(decode=True) for part in mail.walk() if not part.is_multipart()]
    links = sorted({link for part in parts for link in LINK.findall(part)})
    copy = {
        "message_id": str(mail["Message-ID"]).strip(),
        "to": ", ".join(recipients),
        "links": hashlib.sha256(b"\n".join(links)).hexdigest(),
    }
    return json.dumps(copy).encode() + b"\n"


async def serve(listening: socket.socket, handler: Handler) -> None:
    from aiosmtpd.smtp import SMTP

    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(handler, hostname="sink", enable_SMTPUTF8=True), sock=listening)
    await server.serve_forever()


def main() -> None:
    number, path, before, after = sys.argv[1:]
    file = os.open(path, os.O_WRONLY | os.O_APPEND)
    asyncio.run(serve(socket.socket(fileno=int(number)), Handler(file, float(before), float(after))))


if __name__ == "__main__":
    main()
