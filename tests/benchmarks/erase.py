"""Erasing a customer with a full history beside a plain DELETE of the same number of rows.

python -m tests.benchmarks.erase
"""

from datetime import timedelta

from tests.benchmarks.stage import ROUNDS, make_invitations, per_second, stage, table

CUSTOMERS = 20  # a round
SENDINGS, HITS, VISITS = 12, 4, 30  # of each customer; every survey answered, every other one talked about


def give_histories() -> None:
    """Three years of a good customer, for everybody."""
    from django.utils import timezone

    from delight.customers.models import Customer, Visit
    from delight.outbox.models import Message
    from staff.people.models import Team, User
    from surveys.answering.models import Answer, Hit, Response
    from surveys.design.models import Survey
    from surveys.followups.models import FollowUp, Outcome
    from surveys.sending.models import Invitation, Sending

    now, olga, team = timezone.now(), User.objects.get(), Team.objects.create(name="Shop")
    version, people = Survey.objects.get().current, list(Customer.objects.all())
    question = version.questions.get(kind="comment")
    for _number in range(SENDINGS - 1):
        sending = Sending.objects.create(version=version, sender=olga, created_by=olga, state="sending")
        Invitation.objects.bulk_create(
            Invitation(sending=sending, customer=each, language="en", sent_at=now) for each in people
        )
    asked = list(Invitation.objects.all())
    Message.objects.all().delete()
    Message.objects.bulk_create(
        Message(kind=kind, object_id=each.pk, key=f"{kind}:{each.pk}", promised_at=now, due_at=now, state="sent",
                ended_at=now)
        for each in asked
        for kind in ("invite", "remind")
    )  # fmt: skip
    Hit.objects.bulk_create(
        Hit(invitation=each, kind="open", method="GET", client="c" * 32, browser_name="Mozilla/5.0", at=now)
        for each in asked
        for _hit in range(HITS)
    )
    said = Response.objects.bulk_create(
        Response(version=version, customer_id=each.customer_id, invitation=each, language="en", score=4,
                 client="c" * 32, browser="b" * 64, submitted_at=now, is_active=True)
        for each in asked
    )  # fmt: skip
    Answer.objects.bulk_create(Answer(response=each, question=question, text="Long waiting. " * 10) for each in said)
    talks = FollowUp.objects.bulk_create(
        FollowUp(customer_id=each.customer_id, response=each, asked="unhappy", due_at=now, closed_at=now)
        for each in said[::2]
    )
    Outcome.objects.bulk_create(
        Outcome(follow_up=each, result="talked", happened="Said sorry. " * 10) for each in talks
    )
    Visit.objects.bulk_create(
        Visit(customer=each, team=team, starts_at=now - timedelta(days=7 * (number + 1)), state="came", reference="214")
        for each in people
        for number in range(VISITS)
    )


def rows_of_one() -> int:
    """How many rows erasing one customer looks after, by the map."""
    from delight.customers.models import Customer
    from delight.lib import privacy

    customer = Customer.objects.filter(erased_at=None)[0]
    return sum(each.about(customer).count() for each in privacy.tables() if each.customer)


def erase(customers: list, rows: int) -> int:
    from delight.front.rights import erase_customer

    for customer in customers:
        erase_customer(by=None, customer=customer, never_write=True)
    return len(customers) * rows


def delete(rows: int) -> int:
    """The same number of rows, of the same size, out of one table by its index, a commit for each customer."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT min(owner) FROM bench_rows")
        first = cursor.fetchone()[0]
        for number in range(CUSTOMERS):
            cursor.execute("DELETE FROM bench_rows WHERE owner = %s", [first + number])
    return CUSTOMERS * rows


def make_rows(rows: int) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_rows (id bigserial PRIMARY KEY, owner int, name text)")
        cursor.execute(
            "INSERT INTO bench_rows (owner, name) SELECT o, repeat('x', 120)"
            " FROM generate_series(1, %s) o, generate_series(1, %s)",
            [CUSTOMERS * (ROUNDS + 1), rows],
        )
        cursor.execute("CREATE INDEX ON bench_rows (owner)")
        cursor.execute("ANALYZE")


def main() -> None:
    from delight.lib import privacy

    with stage():
        from delight.customers.models import Customer

        make_invitations(CUSTOMERS * (ROUNDS + 1))
        give_histories()
        count = rows_of_one()
        make_rows(count)
        waiting = list(Customer.objects.order_by("pk"))
        rows: dict[str, list[float]] = {"plain DELETE": [], "erasing by the map": []}
        erase([waiting.pop() for _n in range(CUSTOMERS)], count)
        for _turn in range(ROUNDS):
            some = [waiting.pop() for _n in range(CUSTOMERS)]
            rows["plain DELETE"].append(per_second(lambda: delete(count)))
            rows["erasing by the map"].append(per_second(lambda some=some: erase(some, count)))
        table(f"Rows of customers with {count} rows each in {len([t for t in privacy.tables() if t.customer])} tables",
              "rows a second", rows, "plain DELETE")  # fmt: skip
        each = sorted(count / figure * 1000 for figure in rows["erasing by the map"])
        left = Customer.objects.filter(erased_at=None).count()
        print(f"  one customer: {each[len(each) // 2]:.1f} ms; left: {left}")


if __name__ == "__main__":
    main()
