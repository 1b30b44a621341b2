import django.core.validators
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0007_import_sources"),
        ("people", "0002_joining_without_mail"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="suppression",
            name="suppression_scope",
        ),
        migrations.AddField(
            model_name="account",
            name="gift_limit",
            field=models.DecimalField(
                blank=True,
                decimal_places=2,
                max_digits=12,
                null=True,
                validators=[django.core.validators.MinValueValidator(0)],
                verbose_name="up to a year",
            ),
        ),
        migrations.AddField(
            model_name="account",
            name="gift_rule",
            field=models.CharField(
                choices=[("none", "none"), ("up_to", "up to a sum a year"), ("ask", "a manager is asked")],
                default="none",
                help_text="Free gestures are always welcome.",
                max_length=10,
                verbose_name="gifts that cost money",
            ),
        ),
        migrations.AddField(
            model_name="account",
            name="has_open_bid",
            field=models.BooleanField(
                default=False, help_text="Until it is decided, no gifts that cost money.", verbose_name="a bid is open"
            ),
        ),
        migrations.AddField(
            model_name="account",
            name="is_public_body",
            field=models.BooleanField(
                default=False, help_text="Then nobody there gets gifts that cost money.", verbose_name="public body"
            ),
        ),
        migrations.AddField(
            model_name="customer",
            name="birth_day",
            field=models.PositiveSmallIntegerField(
                blank=True,
                null=True,
                validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(31)],
                verbose_name="birthday: day",
            ),
        ),
        migrations.AddField(
            model_name="customer",
            name="birth_month",
            field=models.PositiveSmallIntegerField(
                blank=True,
                null=True,
                validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(12)],
                verbose_name="birthday: month",
            ),
        ),
        migrations.AddField(
            model_name="customer",
            name="notes_consent_on",
            field=models.DateField(
                blank=True,
                help_text="A short mail in a colleague's own words; needed where you write only with consent.",
                null=True,
                verbose_name="personal notes agreed to on",
            ),
        ),
        migrations.AlterField(
            model_name="suppression",
            name="scope",
            field=models.CharField(
                choices=[
                    ("all", "all surveys"),
                    ("relationship", "surveys about the whole relationship"),
                    ("transactional", "surveys after a purchase or visit"),
                    ("notes", "personal notes"),
                ],
                default="all",
                max_length=15,
            ),
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.CheckConstraint(
                condition=models.Q(("gift_rule__in", ["none", "up_to", "ask"])), name="account_gift_rule"
            ),
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("gift_rule", "up_to"), _negated=True),
                    models.Q(("gift_limit__gte", 0), ("gift_limit__isnull", False)),
                    _connector="OR",
                ),
                name="account_gift_limit",
                violation_error_message="Say up to what sum a year.",
            ),
        ),
        migrations.AddConstraint(
            model_name="customer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("birth_day", None), ("birth_month", None)),
                    models.Q(("birth_day__range", (1, 31)), ("birth_month__range", (1, 12))),
                    _connector="OR",
                ),
                name="customer_birthday_is_whole",
                violation_error_message="A birthday is a day and a month.",
            ),
        ),
        migrations.AddConstraint(
            model_name="suppression",
            constraint=models.CheckConstraint(
                condition=models.Q(("scope__in", ["all", "relationship", "transactional", "notes"])),
                name="suppression_scope",
            ),
        ),
    ]
