from django.db import migrations

SET_UP = "UPDATE organisation_organisation SET set_up_at = now() WHERE set_up_at IS NULL AND NOT is_demo"


class Migration(migrations.Migration):
    """Companies that were there before set-up had an end go on sending as they did."""

    dependencies = [
        ("organisation", "0003_real_company"),
    ]

    operations = [
        migrations.RunSQL(SET_UP, migrations.RunSQL.noop),
    ]
