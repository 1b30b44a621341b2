import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sending", "0002_fewer_indexes")]

    operations = [
        migrations.AddField(
            model_name="invitation",
            name="mailed_to",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=64),
                db_default=[],
                default=list,
                help_text="keyed hashes of the addresses it went to: the customer may have another one by now",
                size=None,
            ),
        ),
    ]
