from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("answering", "0002_fewer_indexes")]

    operations = [
        migrations.AddField(
            model_name="response",
            name="is_preferred",
            field=models.BooleanField(db_default=False, default=False, help_text="the one that counts, says a manager"),
        ),
        migrations.AddConstraint(
            model_name="response",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_preferred", True)), fields=("invitation",), name="response_preferred_once"
            ),
        ),
    ]
