from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0009_given_up_addresses"),
    ]

    operations = [
        migrations.AddField(
            model_name="customer",
            name="care_until",
            field=models.DateField(
                editable=False,
                help_text="after a complaint, low answer or promise: no hint is left out",
                null=True,
            ),
        ),
    ]
