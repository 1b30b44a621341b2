"""Where things lie in a checkout, and the two ways of talking to the person at the terminal."""

import hashlib
import os
import secrets
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOCAL = ROOT / ".local"
DATABASE = "delight"


class Trouble(Exception):
    """Something that a person has to put right; its text is one sentence that says what."""


def say(text: str) -> None:
    print(text, flush=True)


def complain(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def make_local_folder(folder: Path) -> Path:
    """Make the local data folder: others may pass through it (the database's account has to), but not list it."""
    try:
        folder.mkdir(mode=0o711, parents=True, exist_ok=True)
        (folder / "log").mkdir(mode=0o700, exist_ok=True)
    except PermissionError:
        raise Trouble(f"The folder {folder} belongs to another user: run this as that user, or remove it.") from None
    if not os.access(folder, os.W_OK):
        raise Trouble(f"The folder {folder} belongs to another user: run this as that user, or remove it.")
    return folder


def kept(path: Path, make: str) -> str:
    """Return the text of a small private file, writing `make` into it the first time."""
    try:
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(make)
    except FileExistsError:
        return path.read_text() or make
    return make


def secret_key(folder: Path) -> str:
    return kept(folder / "secret-key", secrets.token_urlsafe(50))


def nickname(folder: Path) -> str:
    """A short name of this local data folder; a copy of a checkout, or a new clone in its place, gets another."""
    identity = kept(folder / "id", secrets.token_hex(8))
    return hashlib.sha256(f"{identity} {folder} {os.getuid()}".encode()).hexdigest()[:10]


def temp_folders() -> list[Path]:
    """Folders for sockets, best first; a socket's whole path must stay under about 100 bytes."""
    candidates = [Path(tempfile.gettempdir()), Path("/tmp"), Path("/var/tmp")]  # noqa: S108 - private folders are made inside
    return [folder for folder in dict.fromkeys(candidates) if len(str(folder)) <= 60 and folder.is_dir()]
