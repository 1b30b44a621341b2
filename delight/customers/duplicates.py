"""Customers who may be one person: pairs among those whom somebody may change."""

from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from delight.customers.access import customers_listed_for
from delight.customers.models import Customer
from staff.people.models import User

WHY = {
    "email": _("the e-mail address of one stands in another field of the other"),
    "name": _("the same name in the same company"),
    "outside_id": _("the same number in another system"),
    "phone": _("the same phone number"),
}
# Each is compared with the first of those who share something, so that a number shared by thousands makes thousands of
# pairs and not millions. Phone numbers count by their last nine digits: with or without the country's code.
PAIRS = """
WITH mine AS ({mine}),
phones AS (
    SELECT id, right(ltrim(phone_key, '+0'), 9) AS key FROM mine WHERE phone_key <> ''
),
numbers AS (
    SELECT id, ltrim(upper(regexp_replace(outside_id, '[^[:alnum:]]', '', 'g')), '0') AS key
    FROM mine WHERE outside_id <> ''
),
pairs AS (
    SELECT first_value(id) OVER (PARTITION BY key ORDER BY id) AS one, id AS other, 'phone' AS why FROM phones
    UNION ALL
    SELECT first_value(id) OVER (PARTITION BY key ORDER BY id), id, 'outside_id' FROM numbers WHERE key <> ''
    UNION ALL
    SELECT first_value(id) OVER (PARTITION BY account_id, sort_key ORDER BY id), id, 'name'
    FROM mine WHERE account_id IS NOT NULL
    UNION ALL
    SELECT least(a.id, b.id), greatest(a.id, b.id), 'email'
    FROM mine a CROSS JOIN LATERAL unnest(ARRAY[lower(a.name), lower(a.outside_id)]) AS said
    JOIN mine b ON b.email = said WHERE strpos(said, '@') > 0
)
SELECT one, other, array_agg(DISTINCT why ORDER BY why) FROM pairs WHERE one <> other
AND NOT EXISTS (
    SELECT FROM customers_twopeople AS said
    WHERE said.one_id = least(pairs.one, pairs.other) AND said.other_id = greatest(pairs.one, pairs.other)
)
GROUP BY one, other
"""


class Duplicates:
    """The pairs that a user may merge, the oldest first, as a list that is paged through."""

    def __init__(self, user: User) -> None:
        columns = ("id", "phone_key", "outside_id", "account_id", "sort_key", "name", "email")
        mine = customers_listed_for(user).order_by().values(*columns)
        sql, self._values = mine.query.sql_with_params()
        self._sql = PAIRS.format(mine=sql)

    def count(self) -> int:
        """How many there are."""
        return self._rows(f"SELECT count(*) FROM ({self._sql}) AS pairs")[0][0]  # noqa: S608 (our own text)

    def __bool__(self) -> bool:
        """Whether there is any."""
        return bool(self._rows(f"{self._sql} LIMIT 1"))

    def __getitem__(self, part: slice) -> list[dict[str, Any]]:
        pairs = self._rows(f"{self._sql} ORDER BY one, other LIMIT %s OFFSET %s", part.stop - part.start, part.start)
        pks = {pk for one, other, _why in pairs for pk in (one, other)}
        there = Customer.objects.select_related("account", "team").in_bulk(pks)
        return [
            {
                "one": there[one],
                "other": there[other],
                "sides": [there[one], there[other]],
                "why": [WHY[x] for x in why],
            }
            for one, other, why in pairs
        ]

    def _rows(self, sql: str, *more: int) -> list[tuple]:
        with connection.cursor() as cursor:
            cursor.execute(sql, [*self._values, *more])
            return cursor.fetchall()
