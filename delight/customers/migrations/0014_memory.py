import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0013_problems_as_codes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Fact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.CharField(max_length=300, verbose_name="what to remember")),
                (
                    "source",
                    models.CharField(
                        choices=[("told", "told us"), ("noticed", "noticed by us")],
                        default="told",
                        max_length=10,
                        verbose_name="where from",
                    ),
                ),
                (
                    "sensitive",
                    models.CharField(
                        blank=True,
                        choices=[("health", "health"), ("diet", "diet"), ("belief", "belief")],
                        max_length=10,
                        verbose_name="sensitive",
                    ),
                ),
                ("consent_on", models.DateField(blank=True, null=True, verbose_name="agreed to on")),
                ("never_say", models.BooleanField(default=False, verbose_name="never say aloud")),
                ("pin", models.PositiveSmallIntegerField(editable=False, help_text="1 to 5: stands on top", null=True)),
                ("expires_on", models.DateField(blank=True, null=True, verbose_name="forget on")),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("confirmed", models.PositiveIntegerField(default=0, help_text="times")),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("removed_at", models.DateTimeField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="facts", to="customers.customer"
                    ),
                ),
                (
                    "visit",
                    models.ForeignKey(
                        blank=True,
                        help_text="set: for this visit only",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="customers.visit",
                    ),
                ),
            ],
            options={
                "ordering": ["pin", "-at", "-id"],
                "indexes": [models.Index(fields=["customer", "-at"], name="fact_by_customer")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("source__in", ["told", "noticed"])), name="fact_source"),
                    models.CheckConstraint(
                        condition=models.Q(("sensitive__in", ["", "health", "diet", "belief"])), name="fact_sensitive"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("sensitive", ""), ("consent_on__isnull", False), ("text", ""), _connector="OR"
                        ),
                        name="fact_sensitive_with_consent",
                        violation_error_message="Health, diet and belief are kept only with consent: give its day.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("pin", None), models.Q(("pin__range", (1, 5)), ("removed_at", None)), _connector="OR"
                        ),
                        name="fact_pin_one_to_five",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("pin__isnull", False)), fields=("customer", "pin"), name="fact_pin_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="NextTime",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("question", models.CharField(max_length=200, verbose_name="ask next time")),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("answer", models.CharField(blank=True, max_length=300, verbose_name="what they said")),
                ("asked_at", models.DateTimeField(null=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="to_ask", to="customers.customer"
                    ),
                ),
            ],
            options={
                "ordering": ["at", "id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("asked_at__isnull", True)), fields=["customer"], name="next_time_open"
                    )
                ],
            },
        ),
    ]
