"""One place that turns a Mail into what goes over the line, with all its headers, and its CSS into attributes.

It is written here and not by the e-mail package: that one is made for every mail there may be, and takes ten times
as long for ours, which was the largest part of a sending.
"""

from binascii import b2a_qp
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.header import Header
from email.headerregistry import Address
from email.utils import formataddr, formatdate, parseaddr
from functools import lru_cache
from typing import Any

import css_inline
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.encoding import punycode

from delight.lib.tokens import fingerprints
from delight.outbox.models import Message
from delight.outbox.registry import Mail

# Names that the standards reserve for examples: nobody reads mail there.
INVENTED = ("example", "test", "invalid", "localhost", "example.com", "example.net", "example.org")


def is_invented(address: str) -> bool:
    """Whether the address can belong to nobody (RFC 2606, RFC 6761)."""
    domain = address.rpartition("@")[2].lower()
    return any(domain == name or domain.endswith("." + name) for name in INVENTED)


def one_line(text: str) -> str:
    """A header value: no line breaks, no control characters."""
    if not text.isprintable():
        text = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(text.split())


def message_id(message: Message) -> str:
    """The same for every try at the same row, so that a mail server or reader can drop the second copy."""
    return f"<{fingerprints('message-id', message.key)[0][:32]}@{settings.BASE_HOST}>"


@dataclass(frozen=True)
class Email:
    """Between whom the mail server carries it, and the mail itself with its headers."""

    sender: str
    recipient: str
    content: bytes


def to_email(mail: Mail, message: Message) -> Email:
    """The mail with every header. Raises ValueError for an address that cannot be one."""
    own_name, sender = _own_address(settings.DEFAULT_FROM_EMAIL)
    recipient = _address(mail.to)
    headers = {
        "Subject": one_line(mail.subject),
        "From": _named(mail.from_name or own_name, sender),
        "To": _named(mail.to_name, recipient),
        "Reply-To": mail.reply_to and _address(mail.reply_to),
        "Date": formatdate(),
        "Message-ID": message_id(message),
        "Auto-Submitted": "auto-generated",
        "Content-Language": mail.language,
        "List-Unsubscribe": mail.unsubscribe_url and f"<{mail.unsubscribe_url}>",
        "List-Unsubscribe-Post": mail.unsubscribe_url and "List-Unsubscribe=One-Click",
        "MIME-Version": "1.0",
    }
    head = "".join(_header(name, value) for name, value in headers.items() if value or name == "Subject")
    return Email(sender, recipient, head.encode("ascii") + _body(mail))


@lru_cache(maxsize=1)
def _own_address(written: str) -> tuple[str, str]:
    name, address = parseaddr(written)
    return name, _address(address)


@lru_cache(maxsize=100)  # who gets the replies is the same for a whole sending
def _address(address: str) -> str:
    try:
        local, _at, domain = Address(addr_spec=address).addr_spec.rpartition("@")
        return f"{local}@{punycode(domain)}"
    except (ValueError, HeaderParseError, IndexError) as error:
        raise ValueError("not a mail address") from error


def _named(name: str, address: str) -> str:
    name = one_line(name)
    if name.isascii():
        return formataddr((name, address))
    return f"{Header(name, 'utf-8').encode(linesep='')} <{address}>"


def _header(name: str, value: str) -> str:
    """Its line or lines. Only what is long or has other letters is worth the search for places to break."""
    if not value.isprintable():
        raise ValueError("a header is one line")
    if not value.isascii() or (len(name) + len(value) > 76 and " " in value):
        value = Header(value, header_name=name).encode(linesep="\r\n")
    return f"{name}: {value}\r\n"


# Quoted-printable never has "=_" in it, so no text can end its part.
BOUNDARY = "=_part"


def _body(mail: Mail) -> bytes:
    text = _part("plain", mail.text)
    if not mail.html:
        return text
    edge = f"--{BOUNDARY}\r\n".encode()
    head = f'Content-Type: multipart/alternative; boundary="{BOUNDARY}"\r\n\r\n'.encode()
    return b"".join([head, edge, text, b"\r\n", edge, _part("html", mail.html), f"\r\n--{BOUNDARY}--\r\n".encode()])


def _part(kind: str, text: str) -> bytes:
    """Plain ASCII with short lines, whatever the text: no server on the way has to change a mail that is signed."""
    head = f'Content-Type: text/{kind}; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'
    lines = text.replace("\r\n", "\n").replace("\r", "\n").encode()
    return head.encode() + b2a_qp(lines).replace(b"\n", b"\r\n")


@lru_cache(maxsize=1)
def _inliner() -> css_inline.CSSInliner:
    return css_inline.CSSInliner(keep_style_tags=True, load_remote_stylesheets=False)


def render(name: str, context: dict[str, Any]) -> tuple[str, str, str]:
    """Subject, text and HTML of templates/emails/<name>/, in the active language, CSS inlined."""
    folder = f"emails/{name}"
    subject = one_line(render_to_string(f"{folder}/subject.txt", context))
    text = render_to_string(f"{folder}/body.txt", context).strip() + "\n"
    html = _inliner().inline(render_to_string(f"{folder}/body.html", context))
    return subject, text, html
