import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("customers", "0001_squashed_0014_memory"),
        ("people", "0001_squashed_0003_claimed_addresses"),
    ]

    operations = [
        migrations.CreateModel(
            name="Issue",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("complaint", "complaint"),
                            ("obstacle", "obstacle"),
                            ("need", "need: training, tool, information"),
                            ("rule", "rule to question"),
                        ],
                        max_length=10,
                        verbose_name="what it is",
                    ),
                ),
                ("text", models.TextField(max_length=1000, verbose_name="in your words")),
                ("raised_at", models.DateTimeField(auto_now_add=True)),
                ("owner_since", models.DateTimeField(editable=False, null=True)),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="until")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "open"),
                            ("doing", "being worked on"),
                            ("done", "done"),
                            ("declined", "stays as it is"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("done", models.TextField(blank=True, max_length=1000, verbose_name="what was done")),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "key",
                    models.UUIDField(
                        editable=False, help_text="what was pressed twice counts once", null=True, unique=True
                    ),
                ),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "customers",
                    models.ManyToManyField(
                        blank=True, related_name="issues", to="customers.customer", verbose_name="customers touched"
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="issues",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="looked after by",
                    ),
                ),
                (
                    "raised_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.team",
                    ),
                ),
            ],
            options={
                "ordering": ["-raised_at", "-id"],
                "indexes": [
                    models.Index(fields=["owner", "due_on"], name="issue_by_owner"),
                    models.Index(fields=["team", "-raised_at"], name="issue_by_team"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["complaint", "obstacle", "need", "rule"])), name="issue_kind"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["open", "doing", "done", "declined"])), name="issue_state"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["open", "doing"]), ("answered_at__isnull", False), _connector="OR"
                        ),
                        name="issue_ends_with_an_answer",
                    ),
                ],
            },
        ),
    ]
