from decimal import Decimal

import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("customers", "0001_squashed_0014_memory"),
        ("files", "0001_initial"),
        ("people", "0001_squashed_0003_claimed_addresses"),
    ]

    operations = [
        migrations.CreateModel(
            name="BudgetPeriod",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("month", models.DateField()),
                ("granted", models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=12)),
                ("held", models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=12)),
                ("spent", models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=12)),
                ("lapsed", models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=12)),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="budget_periods",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-month", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("user", "month"), name="period_once"),
                    models.CheckConstraint(condition=models.Q(("month__day", 1)), name="period_begins_on_the_first"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("granted__gte", 0), ("held__gte", 0), ("lapsed__gte", 0), ("spent__gte", 0)
                        ),
                        name="period_not_negative",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "granted__gte",
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("spent"), "+", models.F("held")
                                    ),
                                    "+",
                                    models.F("lapsed"),
                                ),
                            )
                        ),
                        name="period_within_the_grant",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MonthlySum",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.CharField(blank=True, choices=[("staff", "staff"), ("manager", "manager")], max_length=10),
                ),
                (
                    "amount",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=12,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="a month",
                    ),
                ),
                ("since", models.DateField(help_text="the first day of the month from which it holds")),
                ("set_at", models.DateTimeField(auto_now_add=True)),
                (
                    "set_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="own_sums",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-since", "-id"],
                "indexes": [
                    models.Index(fields=["user", "-since", "-id"], name="sum_by_person"),
                    models.Index(fields=["role", "-since", "-id"], name="sum_by_role"),
                ],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("role__in", ["", "staff", "manager"])), name="sum_role"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("role", ""), ("user__isnull", False)),
                            models.Q(models.Q(("role", ""), _negated=True), ("user__isnull", True)),
                            _connector="OR",
                        ),
                        name="sum_of_a_role_or_a_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount__gte", 0), ("amount__isnull", True), _connector="OR"),
                        name="sum_not_negative",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("user__isnull", False), ("amount__isnull", False), _connector="OR"),
                        name="sum_of_a_role_is_set",
                    ),
                    models.CheckConstraint(condition=models.Q(("since__day", 1)), name="sum_since_first_of_month"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Spend",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "asked",
                    models.DecimalField(
                        decimal_places=2,
                        max_digits=12,
                        validators=[django.core.validators.MinValueValidator(Decimal("0.01"))],
                        verbose_name="cost",
                    ),
                ),
                (
                    "amount",
                    models.DecimalField(
                        decimal_places=2,
                        help_text="what is set aside or spent; an approval may be for less than was asked",
                        max_digits=12,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("held", "waiting for approval"),
                            ("spent", "spent"),
                            ("refunded", "given back"),
                            ("declined", "declined"),
                            ("lapsed", "not decided in time"),
                        ],
                        max_length=10,
                    ),
                ),
                ("receipt_wanted", models.BooleanField(default=False)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("lapses_at", models.DateTimeField(null=True)),
                ("decided_at", models.DateTimeField(null=True)),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="reason")),
                (
                    "account",
                    models.ForeignKey(
                        blank=True,
                        help_text="at that time",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="gifts",
                        to="customers.account",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="gifts",
                        to="customers.customer",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "period",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="spends", to="budget.budgetperiod"
                    ),
                ),
                (
                    "receipt",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.storedfile",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        help_text="at that time",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.team",
                    ),
                ),
            ],
            options={
                "ordering": ["-made_at", "-id"],
                "indexes": [
                    models.Index(fields=["customer", "made_at"], name="spend_by_customer"),
                    models.Index(fields=["account", "made_at"], name="spend_by_account"),
                    models.Index(condition=models.Q(("state", "held")), fields=["lapses_at"], name="spend_held"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["held", "spent", "refunded", "declined", "lapsed"])),
                        name="spend_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount__gt", 0), ("asked__gte", models.F("amount"))),
                        name="spend_not_more_than_asked",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "held"), _negated=True), ("lapses_at__isnull", False), _connector="OR"
                        ),
                        name="spend_held_until_some_day",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BudgetEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("grant", "monthly sum"),
                            ("top_up", "one-off extra"),
                            ("lower", "sum lowered"),
                            ("hold", "waiting for approval"),
                            ("release", "no longer waiting"),
                            ("spend", "spent"),
                            ("refund", "given back"),
                            ("lapse", "not used by the end of the month"),
                        ],
                        max_length=10,
                    ),
                ),
                ("amount", models.DecimalField(decimal_places=2, help_text="always above zero", max_digits=12)),
                ("note", models.CharField(blank=True, max_length=200)),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "key",
                    models.UUIDField(
                        editable=False, help_text="what was pressed twice counts once", null=True, unique=True
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
                    "period",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="entries", to="budget.budgetperiod"
                    ),
                ),
                (
                    "spend",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="budget.spend",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["grant", "top_up", "lower", "hold", "release", "spend", "refund", "lapse"])
                        ),
                        name="entry_kind",
                    ),
                    models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="entry_above_zero"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("spend__isnull", False),
                            models.Q(("kind__in", ["hold", "release", "spend", "refund"]), _negated=True),
                            _connector="OR",
                        ),
                        name="entry_names_its_spend",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Suspension",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.TextField(max_length=1000, verbose_name="reason")),
                (
                    "review_on",
                    models.DateField(help_text="It lifts on this day unless you renew it.", verbose_name="review date"),
                ),
                ("began_at", models.DateTimeField(auto_now_add=True)),
                ("lifted_at", models.DateTimeField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "lifted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="suspensions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-began_at", "-id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("lifted_at__isnull", True)),
                        fields=("user",),
                        name="suspension_one_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("user", models.F("by")), _negated=True), name="suspension_not_by_oneself"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SuspensionWord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(choices=[("reply", "reply"), ("renewed", "renewed")], max_length=10)),
                ("text", models.TextField(max_length=1000)),
                ("review_on", models.DateField(help_text="the new date, where it was renewed", null=True)),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "suspension",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="words", to="budget.suspension"
                    ),
                ),
            ],
            options={
                "ordering": ["at", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["reply", "renewed"])), name="suspension_word_kind"
                    )
                ],
            },
        ),
    ]
