"""The local mailbox: takes mail by SMTP, keeps the newest, and gives out nothing but mails."""

import os
import smtplib
import socket
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from delight.local import mailbox
from delight.local.paths import ROOT

MAIL = b"From: Mert <mert@barber.example>\r\nSubject: =?utf-8?b?w4dvayB0ZcWfZWtrw7xybGVy?=\r\n\r\nHello\r\n"


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "mailbox"
    folder.mkdir()
    return folder


@pytest.fixture
def server(folder):
    """The port of a mailbox server on that folder."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        command = [sys.executable, "-m", "delight.local.mailbox", str(folder), str(listening.fileno())]
        with subprocess.Popen(command, cwd=ROOT, pass_fds=[listening.fileno()]) as process:
            yield listening.getsockname()[1]
            process.terminate()


def keep(folder, *, to: str = "olena@mail.example", content: bytes = MAIL) -> str:
    return mailbox.store(folder, content, sender="hello@delight.example", recipients=[to])


def test_a_mail_sent_by_smtp_is_kept_as_it_was_with_its_envelope(server, folder):
    with smtplib.SMTP("127.0.0.1", server, timeout=10) as client:
        client.sendmail("bounces@delight.example", ["a@mail.example", "b@mail.example"], MAIL)
    [line] = mailbox.list_mails(folder)
    assert line.envelope_from == "bounces@delight.example"
    assert line.envelope_to == ["a@mail.example", "b@mail.example"]
    assert (line.sender, line.subject) == ("Mert <mert@barber.example>", "Çok teşekkürler")
    assert datetime.now(UTC) - line.received < timedelta(minutes=1)
    assert (folder / f"{line.id}.eml").read_bytes().endswith(MAIL)
    assert mailbox.read_mail(folder, line.id).get_content() == "Hello\r\n"


def test_addresses_beyond_ascii_are_taken(server, folder):
    with smtplib.SMTP("127.0.0.1", server, timeout=10) as client:
        client.sendmail("hello@delight.example", ["çiğdem@mail.example"], MAIL, mail_options=["SMTPUTF8"])
    [line] = mailbox.list_mails(folder, to="Çiğdem@mail.example")
    assert line.envelope_to == ["çiğdem@mail.example"]


def test_one_connection_may_bring_many_mails(server, folder):
    with smtplib.SMTP("127.0.0.1", server, timeout=10) as client:
        for _ in range(200):
            client.sendmail("hello@delight.example", ["olena@mail.example"], MAIL)
    assert len(mailbox.list_mails(folder, limit=500)) == 200


def test_the_newest_come_first_up_to_the_limit(folder):
    ids = [keep(folder) for _ in range(5)]
    assert [line.id for line in mailbox.list_mails(folder, limit=3)] == ids[:1:-1]


def test_a_list_can_be_of_one_persons_mail(folder):
    keep(folder, to="nina@mail.example")
    wanted = keep(folder, to="Olena@mail.example")
    assert [line.id for line in mailbox.list_mails(folder, to="olena@MAIL.example")] == [wanted]


def test_an_odd_mail_does_not_spoil_the_list(folder):
    keep(folder, content=b"\xff\xfe no headers at all")
    keep(folder, content=b"Subject: =?utf-8?q?broken\r\nFrom: \r\n\r\n")
    assert len(mailbox.list_mails(folder)) == 2


def test_only_the_newest_are_kept_and_half_written_files_go(folder):
    ids = [keep(folder) for _ in range(5)]
    (folder / "half.new").write_text("half")
    mailbox.prune(folder, keep=2)
    assert sorted(path.name for path in folder.iterdir()) == [f"{mail_id}.eml" for mail_id in ids[3:]]


@pytest.mark.parametrize("mail_id", ["../secret-key", "/etc/passwd", "", ".", "0" * 20 + "-../../..", "a\0b", "1" * 29])
def test_an_id_that_is_none_opens_no_file(folder, mail_id):
    (folder.parent / "secret-key").write_text("secret")
    (folder.parent / "secret-key.eml").write_text("secret")
    with pytest.raises(mailbox.NoSuchMail):
        mailbox.read_mail(folder, mail_id)


def test_a_mail_that_is_gone_and_a_mailbox_that_never_was_are_no_errors(folder):
    mail_id = keep(folder)
    os.unlink(folder / f"{mail_id}.eml")
    with pytest.raises(mailbox.NoSuchMail):
        mailbox.read_mail(folder, mail_id)
    assert mailbox.list_mails(folder / "nowhere") == []


def test_an_id_tells_when_the_mail_arrived():
    assert mailbox.received_at("01795326243000000000-0123abcd") == datetime(2026, 11, 22, 5, 44, 3, tzinfo=UTC)
