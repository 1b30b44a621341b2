"""One place that turns a Mail into a message with all its headers, and its CSS into attributes."""

from email.headerregistry import Address
from email.utils import formataddr, parseaddr
from functools import lru_cache
from typing import Any

import css_inline
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

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
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def message_id(message: Message) -> str:
    """The same for every try at the same row, so that a mail server or reader can drop the second copy."""
    return f"<{fingerprints('message-id', message.key)[0][:32]}@{settings.BASE_HOST}>"


def _address(name: str, address: str) -> str:
    try:
        Address(addr_spec=address)
    except ValueError as error:
        raise ValueError("not a mail address") from error
    return formataddr((one_line(name), address)) if name else address


def to_email(mail: Mail, message: Message, connection: Any = None) -> EmailMultiAlternatives:
    """The mail with every header. Raises ValueError for an address that cannot be one."""
    own_name, own_address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    headers = {"Message-ID": message_id(message), "Auto-Submitted": "auto-generated"}
    if mail.language:
        headers["Content-Language"] = mail.language
    if mail.unsubscribe_url:
        headers["List-Unsubscribe"] = f"<{mail.unsubscribe_url}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    email = EmailMultiAlternatives(
        subject=one_line(mail.subject),
        body=mail.text,
        from_email=_address(mail.from_name or own_name, own_address),
        to=[_address(mail.to_name, mail.to)],
        reply_to=[mail.reply_to] if mail.reply_to else None,
        headers=headers,
        connection=connection,
    )
    if mail.html:
        email.attach_alternative(mail.html, "text/html")
    return email


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
