"""The pump beside raw smtplib on one connection to the same sink, with the disk's commits a second.

python -m tests.benchmarks.pump
"""

import multiprocessing
import smtplib
import socket
import time

from tests.benchmarks.stage import ROUNDS, make_invitations, per_second, stage, table

MAILS = 400


def sink(port: int) -> None:
    """An SMTP server that takes everything and keeps nothing."""
    from aiosmtpd.controller import Controller

    class Nothing:
        async def handle_DATA(self, server, session, envelope):
            return "250 OK"

    controller = Controller(Nothing(), hostname="127.0.0.1", port=port)
    controller.start()
    while True:
        time.sleep(60)


def raw(port: int, content: bytes) -> int:
    with smtplib.SMTP("127.0.0.1", port) as line:
        for number in range(MAILS):
            line.sendmail("hello@delight.example", [f"c{number}@mail.example"], content)
    return MAILS


def commits() -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        for _n in range(MAILS):
            cursor.execute("INSERT INTO bench_plain (name) VALUES ('x')")
    return MAILS


def pump() -> int:
    from delight.outbox.pump import BATCH, send_batch

    for _n in range(MAILS // BATCH):
        send_batch()
    return MAILS


def a_mail() -> bytes:
    """The very mail that the pump sends, ready made."""
    from delight.outbox.mail import to_email
    from delight.outbox.models import Message
    from delight.outbox.registry import MAIL_KINDS

    kind, message = MAIL_KINDS["invite"], Message.objects.filter(kind="invite")[0]
    invitation = kind.load([message])[message.object_id]
    return to_email(kind.build(invitation, message), message).content


def main() -> None:
    from django.conf import settings
    from django.db import connection

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = multiprocessing.get_context("spawn").Process(target=sink, args=(port,), daemon=True)
    server.start()
    with stage():
        make_invitations(MAILS * (ROUNDS + 1))
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE bench_plain (id serial PRIMARY KEY, name text)")
        content = a_mail()
        rows: dict[str, list[float]] = {"raw smtplib": [], "the pump": [], "commits of the disk": []}
        pump()
        for _turn in range(ROUNDS):
            rows["raw smtplib"].append(per_second(lambda: raw(port, content)))
            rows["the pump"].append(per_second(pump))
            rows["commits of the disk"].append(per_second(commits))
        table(f"Mails of {len(content)} bytes, one process", "a second", rows, "raw smtplib")
        from delight.outbox.models import Message

        print(f"  sent: {Message.objects.filter(state='sent').count()}")
    server.terminate()


if __name__ == "__main__":
    main()
