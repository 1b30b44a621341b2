import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0006_visit_files"),
        ("files", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            "customerimport",
            "workbook",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="files.storedfile"
            ),
        ),
        migrations.AddField(
            "customerimport", "sheets", models.JSONField(default=list, help_text="names of the workbook's sheets")
        ),
        migrations.AddField(
            "customerimport",
            "sheet",
            models.PositiveSmallIntegerField(default=0, help_text="which of them is in `file`, from 0"),
        ),
        migrations.AddField(
            "customerimport",
            "leave_known",
            models.BooleanField(default=False, help_text="customers who are there already stay as they are"),
        ),
        migrations.AddField(
            "customerimport",
            "join_doubles",
            models.BooleanField(default=False, help_text="a second row about one customer fills its gaps"),
        ),
        migrations.AddField(
            "customerimport",
            "doubles",
            models.PositiveIntegerField(default=0, help_text="bad rows about a customer of an earlier row"),
        ),
        migrations.AddField(
            "customerimport",
            "alike",
            models.PositiveIntegerField(default=0, help_text="new rows with the phone number of a customer we have"),
        ),
        migrations.AddField(
            "customerimport",
            "known",
            models.JSONField(default=list, help_text="the first rows about customers we have: line, id, how, fields"),
        ),
        migrations.AddField(
            "importproblem",
            "double_of",
            models.PositiveIntegerField(null=True, help_text="the line in which the same customer stands first"),
        ),
    ]
