import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [("followups", "0001_initial"), ("followups", "0002_due_counted_again")]

    initial = True

    dependencies = [
        ("answering", "0001_squashed_0003_response_preferred"),
        ("customers", "0001_squashed_0014_memory"),
        ("people", "0001_squashed_0003_claimed_addresses"),
    ]

    operations = [
        migrations.CreateModel(
            name="FollowUp",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.CharField(choices=[("answer", "an answer")], default="answer", max_length=10)),
                (
                    "asked",
                    models.CharField(
                        choices=[("unhappy", "Put it right"), ("happy", "Say thank you, and ask on")], max_length=10
                    ),
                ),
                ("opened_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("due_at", models.DateTimeField()),
                ("counted_from", models.DateTimeField(default=django.utils.timezone.now)),
                ("counted_days", models.PositiveSmallIntegerField(default=1, help_text="working days")),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="follow_ups", to="customers.customer"
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="follow_ups",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="owner",
                    ),
                ),
                (
                    "response",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="follow_ups",
                        to="answering.response",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.team"
                    ),
                ),
            ],
            options={
                "ordering": ["due_at", "id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("closed_at__isnull", True)), fields=["due_at", "id"], name="follow_up_due"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("closed_at__isnull", True)),
                        fields=("customer",),
                        name="follow_up_open_once",
                    ),
                    models.CheckConstraint(condition=models.Q(("reason__in", ["answer"])), name="follow_up_reason"),
                    models.CheckConstraint(
                        condition=models.Q(("asked__in", ["unhappy", "happy"])), name="follow_up_asked"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Outcome",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "result",
                    models.CharField(
                        choices=[
                            ("solved", "We talked, and it is put right"),
                            ("talked", "We talked"),
                            ("not_reached", "Could not be reached"),
                            ("not_wanted", "Does not want to talk"),
                            ("withdrawn", "Withdrawn: the answer no longer counts"),
                        ],
                        max_length=12,
                        verbose_name="how it ended",
                    ),
                ),
                ("happened", models.TextField(max_length=4000, verbose_name="What happened?")),
                ("what_else", models.TextField(blank=True, max_length=2000, verbose_name="What else?")),
                ("who_else", models.TextField(blank=True, max_length=2000, verbose_name="Who else?")),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
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
                    "follow_up",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="outcome", to="followups.followup"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("result__in", ["solved", "talked", "not_reached", "not_wanted", "withdrawn"])
                        ),
                        name="outcome_result",
                    )
                ],
            },
        ),
    ]
