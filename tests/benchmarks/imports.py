"""A whole import (check and run) of 100,000 rows beside COPY of the same rows into a copy of the customers' table.

python -m tests.benchmarks.imports [rows]

Two references, since a table of customers is its indexes, too: COPY into the same columns with the same indexes, which
is what PostgreSQL itself can do, and COPY into the bare columns. Each worker is a process of its own, whose memory is
read from the kernel: what it peaks at after an import, less what it needs before one.
"""

import io
import statistics
import subprocess
import sys
import time
from pathlib import Path

from tests.benchmarks.stage import per_second, stage, table

ROUNDS = 3
FIRST = ["Anna", "Jan", "Olena", "Ömer", "Ayşe", "Łucja", "Сергей", "Оксана", "Marie", "Pieter", "İrem", "Çağla"]
LAST = ["Maes", "Peeters", "Коваль", "Çelik", "Шевченко", "Öztürk", "Dubois", "Nowak", "Smith", "Kaya", "Aerts", "Ткач"]


def content(rows: int, turn: int) -> bytes:
    """A file as a shop's till writes it; nobody stands in two of them."""
    page = io.StringIO()
    page.write("Name,E-mail,Phone,Company,Segment,Language,Customer number\n")
    for number in range(rows):
        name = f"{FIRST[number % 12]} {LAST[number // 12 % 12]} {number}"
        company = f"Firm {number % 500}" if number % 5 == 0 else ""
        phone = f"+32 4{turn}{number:07d}"
        page.write(f"{name},c{number}.{turn}@mail.example,{phone},{company},Regulars,tr,K{turn}-{number}\n")
    return page.getvalue().encode()


def upload(data: bytes):
    """Upload, and choose the columns as they are guessed: a check is due."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    from delight.customers.importing.services import beginning, choose_columns, inspect, upload_import
    from delight.customers.importing.sources import recognise
    from staff.people.models import User

    by, file = User.objects.get(is_sponsor=True), SimpleUploadedFile("customers.csv", data, "text/csv")
    one = upload_import(by=by, file=file, found=inspect(file))
    columns = recognise(beginning(one).header).columns
    choose_columns(by=by, customer_import=one, columns=columns, address_source="existing")
    return one


def go_on(one) -> None:
    """After the check: press Import."""
    from delight.customers.importing.services import start_import

    one.refresh_from_db()
    assert (one.state, one.bad) == ("checked", 0), (one.state, one.error, one.bad)
    start_import(by=one.created_by, customer_import=one, skip_bad_rows=False)


def bring_in(data: bytes) -> None:
    """The whole way, with the jobs done here as a worker does them."""
    from delight.outbox.pump import run_due

    one = upload(data)
    run_due()
    go_on(one)
    run_due()
    one.refresh_from_db()
    assert one.state == "done", (one.state, one.error)


def copy_of_customers(name: str, *, indexes: bool) -> None:
    from django.db import connection

    like = "INCLUDING DEFAULTS INCLUDING IDENTITY" + (" INCLUDING INDEXES INCLUDING CONSTRAINTS" if indexes else "")
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE {name} (LIKE customers_customer {like})")


def dump_of_customers() -> bytes:
    """The rows that the import has made, in COPY's own format."""
    from django.db import connection

    page = io.BytesIO()
    with connection.cursor() as cursor:
        cursor.copy_expert("COPY customers_customer TO STDOUT", page)
    return page.getvalue()


def copy_in(name: str, data: bytes) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {name}")
        cursor.copy_expert(f"COPY {name} FROM STDIN", io.BytesIO(data))


def clear() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE customers_customer CASCADE")


def peak() -> int:
    """The most memory that this process has had so far, in kilobytes; not its parent's, as getrusage says."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0])


def a_worker() -> None:
    """In a process of its own: do what is due, and print by how many megabytes that made it grow at the most."""
    import os

    os.environ["DJANGO_SETTINGS_MODULE"] = "delight.settings"
    import django

    django.setup()
    from delight.outbox.models import Job
    from delight.outbox.pump import note_progress, run_due

    note_progress()
    assert Job.objects.filter(state="waiting").exists()
    before = peak()
    run_due()
    print((peak() - before) / 1024)


def memory_of(rows: int) -> float:
    """Upload and decide here, have other processes check and import; the larger growth in megabytes."""
    one, grown = upload(content(rows, 9)), []
    command = [sys.executable, "-m", "tests.benchmarks.imports", "worker"]
    for step in ("check", "import"):
        if step == "import":
            go_on(one)
        grown.append(float(subprocess.run(command, check=True, capture_output=True, text=True).stdout))
    one.refresh_from_db()
    assert one.state == "done", (one.state, one.error)
    return max(grown)


def main(rows: int) -> None:
    with stage():
        from delight.organisation.services import set_up_organisation
        from staff.people.models import User

        set_up_organisation(name="Barber & Sons", postal_address="1 Mill Lane, Ghent")
        User.objects.create_user("olga@barber.example", name="Olga", is_sponsor=True)
        copy_of_customers("bench_indexed", indexes=True)
        copy_of_customers("bench_bare", indexes=False)
        figures: dict[str, list[float]] = {"COPY, same indexes": [], "COPY, bare columns": [], "our whole import": []}
        for turn in range(ROUNDS):
            clear()
            data = content(rows, turn)
            began = time.perf_counter()
            bring_in(data)
            figures["our whole import"].append(rows / (time.perf_counter() - began))
            made = dump_of_customers()
            for name, title in (("bench_indexed", "COPY, same indexes"), ("bench_bare", "COPY, bare columns")):
                figures[title].append(per_second(lambda name=name, made=made: copy_in(name, made) or rows))
        table(f"{rows:,} customers of {len(data) / 1e6:.1f} MB", "a second", figures, "COPY, same indexes")
        bare = statistics.median(
            ours / plain for ours, plain in zip(figures["our whole import"], figures["COPY, bare columns"], strict=True)
        )
        print(f"  our whole import is {bare:.3f} of COPY into bare columns")
        clear()
        print(f"  a worker grows by {memory_of(1000):.0f} MB at the most with a thousand rows")
        clear()
        print(f"  a worker grows by {memory_of(rows):.0f} MB at the most")


if __name__ == "__main__":
    if sys.argv[1:] == ["worker"]:
        a_worker()
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
