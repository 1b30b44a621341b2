"""What a database holds, in figures that can be compared: one digest for the rows of each table, and its counters."""

from django.db import connection

# What a backup and a restore change themselves.
CHANGED = {"organisation_organisation": "to_jsonb(t) - 'sending_on' - 'backed_up_at'"}
WITHOUT = {"organisation_auditentry": "WHERE verb <> 'restore'"}


def digests() -> dict[str, str]:
    """Table or counter → what stands in it."""
    with connection.cursor() as cursor:
        tables = sorted(connection.introspection.table_names(cursor))
        found = {}
        for table in tables:
            row = CHANGED.get(table, "t")
            cursor.execute(
                f"SELECT count(*) || ' ' || md5(coalesce(string_agg(({row})::text, E'\\n' ORDER BY ({row})::text), ''))"  # noqa: S608
                f' FROM "{table}" t {WITHOUT.get(table, "")}'
            )
            found[table] = cursor.fetchone()[0]
        cursor.execute("SELECT sequencename, last_value::text FROM pg_sequences ORDER BY 1")
        found.update((name, value or "") for name, value in cursor.fetchall() if "auditentry" not in name)
    return found
