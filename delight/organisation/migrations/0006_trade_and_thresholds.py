import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("organisation", "0005_clean_ups"),
    ]

    operations = [
        migrations.AddField(
            model_name="organisation",
            name="approve_over",
            field=models.DecimalField(
                blank=True,
                decimal_places=2,
                help_text="Empty: nobody has to be asked.",
                max_digits=12,
                null=True,
                validators=[django.core.validators.MinValueValidator(0)],
                verbose_name="a manager approves sums over",
            ),
        ),
        migrations.AddField(
            model_name="organisation",
            name="currency_fixed_at",
            field=models.DateTimeField(editable=False, help_text="sums have been written in it", null=True),
        ),
        migrations.AddField(
            model_name="organisation",
            name="gifts_noticed_over",
            field=models.DecimalField(
                blank=True,
                decimal_places=2,
                help_text="Empty: no warning.",
                max_digits=12,
                null=True,
                validators=[django.core.validators.MinValueValidator(0)],
                verbose_name="a warning when one customer gets more in a year than",
            ),
        ),
        migrations.AddField(
            model_name="organisation",
            name="receipt_over",
            field=models.DecimalField(
                blank=True,
                decimal_places=2,
                help_text="Empty: never.",
                max_digits=12,
                null=True,
                validators=[django.core.validators.MinValueValidator(0)],
                verbose_name="a receipt is asked for over",
            ),
        ),
        migrations.AddField(
            model_name="organisation",
            name="trade",
            field=models.CharField(
                blank=True,
                choices=[
                    ("salon", "barber, salon, spa"),
                    ("restaurant", "restaurant, café"),
                    ("hotel", "hotel, guest house"),
                    ("services", "services for companies"),
                ],
                max_length=10,
                verbose_name="trade",
            ),
        ),
        migrations.AddConstraint(
            model_name="organisation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("approve_over__gte", 0), ("approve_over", None), _connector="OR"),
                    models.Q(("receipt_over__gte", 0), ("receipt_over", None), _connector="OR"),
                    models.Q(("gifts_noticed_over__gte", 0), ("gifts_noticed_over", None), _connector="OR"),
                ),
                name="organisation_thresholds_not_negative",
            ),
        ),
        migrations.AddConstraint(
            model_name="organisation",
            constraint=models.CheckConstraint(
                condition=models.Q(("trade__in", ["", "salon", "restaurant", "hotel", "services"])),
                name="organisation_trade",
            ),
        ),
    ]
