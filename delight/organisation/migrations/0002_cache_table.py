"""The table of the database cache (login limits), so that `migrate` alone makes a whole database."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("organisation", "0001_initial")]
    operations = [
        migrations.RunSQL(
            sql="""
            CREATE TABLE cache (
                cache_key varchar(255) PRIMARY KEY,
                value text NOT NULL,
                expires timestamp with time zone NOT NULL
            );
            CREATE INDEX cache_expires ON cache (expires);
            """,
            reverse_sql="DROP TABLE cache",
        )
    ]
