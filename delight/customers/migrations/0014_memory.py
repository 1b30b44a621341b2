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
                ("text", models.CharField(max_length=400, verbose_name="what to remember")),
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
                (
                    "pin_place",
                    models.PositiveSmallIntegerField(editable=False, help_text="1 to 5: stands on top", null=True),
                ),
                ("expires_on", models.DateField(blank=True, null=True, verbose_name="forget on")),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("confirmed", models.PositiveIntegerField(default=0, help_text="times")),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("changed_at", models.DateTimeField(null=True)),
                (
                    "removed_at",
                    models.DateTimeField(help_text="can be brought back for an hour, then the row goes", null=True),
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
                    "changed_by",
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
                    "removed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                "ordering": ["pin_place", "-at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="FactConfirmation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("on", models.DateField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "fact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="confirmations", to="customers.fact"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="NextTime",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("question", models.CharField(max_length=140, verbose_name="ask next time")),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("answer", models.CharField(blank=True, max_length=250, verbose_name="what they said")),
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
                (
                    "fact",
                    models.OneToOneField(
                        help_text="made of it",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="customers.fact",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "id"],
            },
        ),
        migrations.AddIndex(
            model_name="fact",
            index=models.Index(fields=["customer", "-at"], name="fact_by_customer"),
        ),
        migrations.AddConstraint(
            model_name="fact",
            constraint=models.CheckConstraint(
                condition=models.Q(("source__in", ["told", "noticed"])), name="fact_source"
            ),
        ),
        migrations.AddConstraint(
            model_name="fact",
            constraint=models.CheckConstraint(
                condition=models.Q(("sensitive__in", ["", "health", "diet", "belief"])), name="fact_sensitive"
            ),
        ),
        migrations.AddConstraint(
            model_name="fact",
            constraint=models.CheckConstraint(
                condition=models.Q(("sensitive", ""), ("consent_on__isnull", False), ("text", ""), _connector="OR"),
                name="fact_sensitive_with_consent",
                violation_error_message="Health, diet and belief are kept only with consent: give its day.",
            ),
        ),
        migrations.AddConstraint(
            model_name="fact",
            constraint=models.CheckConstraint(
                condition=models.Q(("visit", None), ("expires_on__isnull", False), _connector="OR"),
                name="fact_for_a_visit_ends",
            ),
        ),
        migrations.AddConstraint(
            model_name="fact",
            constraint=models.CheckConstraint(
                condition=models.Q(("pin_place", None), ("pin_place__range", (1, 5)), _connector="OR"),
                name="fact_pin_one_to_five",
            ),
        ),
        migrations.AddConstraint(
            model_name="fact",
            constraint=models.UniqueConstraint(
                condition=models.Q(("pin_place__isnull", False), ("removed_at", None)),
                fields=("customer", "pin_place"),
                name="fact_pin_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="factconfirmation",
            constraint=models.UniqueConstraint(fields=("fact", "by", "on"), name="fact_confirmed_once_a_day"),
        ),
        migrations.AddIndex(
            model_name="nexttime",
            index=models.Index(
                condition=models.Q(("asked_at__isnull", True)), fields=["customer"], name="next_time_open"
            ),
        ),
        migrations.AddConstraint(
            model_name="nexttime",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answer", ""), ("asked_at", None)),
                    models.Q(("asked_at__isnull", False), models.Q(("answer", ""), _negated=True)),
                    _connector="OR",
                ),
                name="next_time_ticked_with_the_answer",
            ),
        ),
    ]
