"""pip itself, for a Python that came without it (a fresh Debian): from this machine, else from the package index."""

import base64
import configparser
import contextlib
import hashlib
import os
import ssl
import sysconfig
import urllib.error
import urllib.request
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

from delight.local.paths import Trouble

PIP = "pip-26.3-py3-none-any.whl"
PIP_SHA256 = "f3b60b20ffaadd4415ed7957212a38ac63fa4c5fa375bd0f4a797777940fad13"


def pip_wheel(folder: Path) -> Path:
    """Return pip's wheel; `folder` takes it when it has to be downloaded."""
    return bundled_pip() or fetch_pip(folder)


def bundled_pip() -> Path | None:
    """The wheel of pip that lies beside this Python, where its venv module is complete."""
    folders = [sysconfig.get_config_var("WHEEL_PKG_DIR"), "/usr/share/python-wheels"]
    with contextlib.suppress(ImportError):
        import ensurepip

        folders.insert(0, str(Path(ensurepip.__file__).parent / "_bundled"))
    wheels = [wheel for folder in folders if folder for wheel in sorted(Path(folder).glob("pip-*.whl"))]
    return wheels[-1] if wheels else None


def fetch_pip(folder: Path) -> Path:
    """Download one known version of pip from the package index; its hash is checked, so any mirror will do."""
    page = f"{package_index().rstrip('/')}/pip/"
    try:
        address = _find_link(page, PIP)
        content = _read(address)
    except OSError:
        raise Trouble("pip could not be downloaded: connect this machine to the internet, and try again.") from None
    if hashlib.sha256(content).hexdigest() != PIP_SHA256:
        raise Trouble(f"{address} is not the pip it should be: try again, or install Python's venv module.")
    wheel = folder / PIP
    wheel.write_bytes(content)
    return wheel


def package_index() -> str:
    """The index that pip itself would ask."""
    if index := os.environ.get("PIP_INDEX_URL"):
        return index
    settings = configparser.RawConfigParser()
    home = Path.home()
    files = [Path("/etc/pip.conf"), home / ".pip/pip.conf", home / ".config/pip/pip.conf"]
    if named := os.environ.get("PIP_CONFIG_FILE"):
        files.append(Path(named))
    with contextlib.suppress(configparser.Error, OSError):
        settings.read(files)
    return settings.get("global", "index-url", fallback="https://pypi.org/simple")


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if tag == "a" and name == "href" and value]


def _find_link(page: str, name: str) -> str:
    links = _Links()
    links.feed(_read(page).decode(errors="replace"))
    for link in links.found:
        if unquote(urldefrag(link).url).endswith(f"/{name}"):
            return urljoin(page, urldefrag(link).url)
    raise Trouble(f"The package index has no {name}: install Python's venv module (Debian: apt install python3-venv).")


def _read(address: str) -> bytes:
    parts = urlsplit(address)
    request = urllib.request.Request(parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl())  # noqa: S310
    if parts.username:
        pair = base64.b64encode(f"{unquote(parts.username)}:{unquote(parts.password or '')}".encode()).decode()
        request.add_header("Authorization", f"Basic {pair}")
    try:
        return _ask(request, ssl.create_default_context(cafile=os.environ.get("PIP_CERT") or None))
    except urllib.error.URLError as error:
        if parts.username or not isinstance(error.reason, ssl.SSLCertVerificationError):
            raise
        # A minimal system has no certificates to compare with. The wheel's hash is known, so nothing else can get in.
        return _ask(request, ssl._create_unverified_context())  # noqa: S323


def _ask(request: urllib.request.Request, context: ssl.SSLContext) -> bytes:
    with urllib.request.urlopen(request, timeout=30, context=context) as answer:  # noqa: S310
        content: bytes = answer.read()
    return content
