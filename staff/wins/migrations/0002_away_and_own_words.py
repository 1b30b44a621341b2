"""Who was not there stays known when their story has been read out; stories in own words may become something."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("wins", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="turn",
            name="is_away",
            field=models.BooleanField(default=False, help_text="stays when the story has been read out"),
        ),
        migrations.RunSQL("UPDATE wins_turn SET is_away = true WHERE state = 'absent'", migrations.RunSQL.noop),
        migrations.AddField(
            model_name="agendaitem",
            name="turn",
            field=models.OneToOneField(
                help_text="whose own words it stands for",
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="own_item",
                to="wins.turn",
            ),
        ),
    ]
