"""What goes over the line is what was written, in whatever letters, and any server on the way can carry it."""

import email
import email.policy
from email.header import decode_header, make_header
from email.utils import parseaddr

import pytest

from delight.outbox.mail import to_email
from delight.outbox.models import Message
from delight.outbox.registry import Mail

WORDS = {
    "short": "Hello\n",
    "other letters": "Привіт, Олено!\n\nЯк справи? ჯ 👋 — «так»\n",
    "one long line": "ä lot of words, " * 300 + "\n",
    "no blank": "x" * 3000 + "\n",
    "dots and blanks": ".\n..\n. x\nends with blanks  \n\t\n=20 = =\n--=_part\n--=_part--\n",
    "no line end": "the end",
    "line ends of others": "one\r\ntwo\rthree\n",
}
NAMES = [
    "", "Ada", "Olga, Barber & Sons", 'The "Best" (of all) <x@y>', "Олена Коваль", "Jürgen, Ærø & Śons",
    "Оксана Дуже-Довге-Прізвище, Товариство з обмеженою відповідальністю «Перукарня на розі вулиці»", "Long " * 40,
]  # fmt: skip


def sent(**fields):
    """One mail with these fields, as bytes and as the reader's mail program takes it."""
    known = {"to": "ada@mail.example", "subject": "Hello", "text": "Hello\n", "html": "<p>Hello</p>\n", **fields}
    content = to_email(Mail(**known), Message(key="told:1")).content
    return content, email.message_from_bytes(content, policy=email.policy.default)


def shown(content: bytes, header: str) -> tuple[str, str]:
    """A name and an address; read the old way, since the new one leaves blanks between the parts of a long name."""
    name, address = parseaddr(email.message_from_bytes(content)[header])
    return str(make_header(decode_header(name))), address


def body(mail, kind: str) -> str:
    return mail.get_body((kind,)).get_content().replace("\r\n", "\n")


@pytest.mark.parametrize("words", WORDS.values(), ids=WORDS.keys())
@pytest.mark.parametrize("with_html", [True, False])
def test_text_arrives_as_it_was_written(words, with_html):
    _content, mail = sent(text=words, html=f"<p>{words}</p>" if with_html else "")
    lines = words.replace("\r\n", "\n").replace("\r", "\n")
    assert body(mail, "plain") == lines
    if with_html:
        assert body(mail, "html") == f"<p>{lines}</p>"
    assert [part.get_content_type() for part in mail.walk()][-1] == ("text/html" if with_html else "text/plain")
    assert not any(part.defects for part in mail.walk())


@pytest.mark.parametrize("words", [*WORDS.values(), *NAMES])
def test_every_line_is_short_and_in_ascii_and_ends_as_smtp_wants_it(words):
    content, _mail = sent(text=words, html=f"<p>{words}</p>", subject=words[:200], to_name=words[:200])
    assert content.isascii()
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert b"\r" not in content.replace(b"\r\n", b"")
    assert max(len(line) for line in content.split(b"\r\n")) < 998
    _head, _gap, parts = content.partition(b"\r\n\r\n")
    assert max(len(line) for line in parts.split(b"\r\n")) <= 78


@pytest.mark.parametrize("name", NAMES)
def test_names_and_subjects_arrive_in_their_letters(name):
    content, mail = sent(subject=name, to_name=name, from_name=name or "Olga")
    plain = " ".join(name.split())
    assert mail["Subject"] == plain
    assert shown(content, "To") == (plain, "ada@mail.example")
    assert shown(content, "From")[0] == (plain or "Olga")


def test_headers_are_not_longer_than_readers_like_where_they_can_be_broken():
    content, _mail = sent(
        subject="Ще одне питання про те, як у нас справи " * 4, to_name=NAMES[-2], from_name=NAMES[-1]
    )
    head, _gap, _parts = content.partition(b"\r\n\r\n")
    assert max(len(line) for line in head.split(b"\r\n")) <= 78


def test_the_link_to_unsubscribe_stays_in_one_line():
    url = "https://delight.barber.example/u/" + "x" * 80 + "/"
    content, mail = sent(unsubscribe_url=url)
    assert f"\r\nList-Unsubscribe: <{url}>\r\n".encode() in content
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_what_is_not_there_has_no_header():
    _content, mail = sent(html="")
    for name in ("Reply-To", "Content-Language", "List-Unsubscribe", "List-Unsubscribe-Post", "Bcc"):
        assert mail[name] is None
    for name in ("From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version"):
        assert len(mail.get_all(name)) == 1


def test_a_domain_in_other_letters_is_written_as_servers_know_it():
    made = to_email(Mail(to="ada@пошта.example", subject="x", text="x", html=""), Message(key="told:1"))
    assert made.recipient == "ada@xn--80a1acn3a.example"
    assert b"To: ada@xn--80a1acn3a.example\r\n" in made.content


@pytest.mark.parametrize(
    "fields",
    [
        {"to": "ада@mail.example"}, {"to": "a@b@c"}, {"to": "a@b.example\r\nBcc: eve@mail.example"}, {"to": "a@b..c"},
        {"reply_to": "x@mail.example\nBcc: eve@mail.example"}, {"reply_to": "nobody"},
        {"unsubscribe_url": "https://x.example/\r\nBcc: eve@mail.example"}, {"language": "en\nBcc: eve@mail.example"},
    ],
)  # fmt: skip
def test_a_header_with_a_line_break_or_an_address_that_is_none_is_refused(fields):
    with pytest.raises(ValueError, match=r"a header is one line|not a mail address"):
        sent(**fields)
