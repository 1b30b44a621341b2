import django.utils.timezone
from django.db import migrations, models

# What is there was counted from its opening, by what its answer asks for.
FILL = """
UPDATE followups_followup SET counted_from = opened_at, counted_days = CASE asked WHEN 'happy' THEN 5 ELSE 1 END
"""


class Migration(migrations.Migration):
    dependencies = [("followups", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="followup",
            name="counted_from",
            field=models.DateTimeField(default=django.utils.timezone.now),
        ),
        migrations.AddField(
            model_name="followup",
            name="counted_days",
            field=models.PositiveSmallIntegerField(default=1, help_text="working days"),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="outcome",
            name="result",
            field=models.CharField(
                choices=[
                    ("solved", "We talked, and it is put right"),
                    ("talked", "We talked"),
                    ("not_reached", "Could not be reached"),
                    ("not_wanted", "Does not want to talk"),
                    ("withdrawn", "Withdrawn: the answer no longer counts"),
                ],
                max_length=12,
                verbose_name="how it ended",
            ),
        ),
    ]
