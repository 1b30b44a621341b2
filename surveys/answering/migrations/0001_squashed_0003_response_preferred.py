import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import delight.lib.tokens


class Migration(migrations.Migration):
    replaces = [
        ("answering", "0001_initial"),
        ("answering", "0002_fewer_indexes"),
        ("answering", "0003_response_preferred"),
    ]

    initial = True

    dependencies = [
        ("customers", "0001_squashed_0014_memory"),
        ("design", "0001_squashed_0002_four_languages"),
        ("people", "0001_squashed_0003_claimed_addresses"),
        ("sending", "0001_squashed_0004_reasons_stand_in_the_outbox"),
    ]

    operations = [
        migrations.CreateModel(
            name="Response",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "source",
                    models.CharField(choices=[("invited", "invited by mail")], default="invited", max_length=10),
                ),
                ("public_id", models.UUIDField(default=delight.lib.tokens.new_public_id, editable=False, unique=True)),
                ("language", models.CharField(max_length=10)),
                ("score", models.PositiveSmallIntegerField()),
                ("submitted_at", models.DateTimeField()),
                ("edited_at", models.DateTimeField(null=True)),
                ("client", models.CharField(max_length=32)),
                (
                    "browser",
                    models.CharField(blank=True, help_text="hash of the cookie set by the first write", max_length=64),
                ),
                (
                    "signs",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("hidden", "a link was followed that people cannot see"),
                                ("scores", "several scores were opened within 30 seconds"),
                                ("all_links", "every link of the mail was opened"),
                                ("answers", "several different answers were sent within an hour"),
                                ("too_soon", "it came within 10 seconds of the mail"),
                                ("no_page", "it was sent without opening the page"),
                            ],
                            max_length=10,
                        ),
                        default=list,
                        size=None,
                    ),
                ),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("clean", "a person"),
                            ("check", "needs checking"),
                            ("person", "a person, says a manager"),
                            ("machine", "a machine, says a manager"),
                        ],
                        default="clean",
                        max_length=8,
                    ),
                ),
                (
                    "is_active",
                    models.BooleanField(default=False, help_text="the invitation's answer; a second one is only shown"),
                ),
                (
                    "is_preferred",
                    models.BooleanField(
                        db_default=False, default=False, help_text="the one that counts, says a manager"
                    ),
                ),
                ("checked_at", models.DateTimeField(null=True)),
                (
                    "checked_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="responses",
                        to="customers.customer",
                    ),
                ),
                (
                    "invitation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="responses",
                        to="sending.invitation",
                    ),
                ),
                (
                    "owner",
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
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.team"
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="responses", to="design.surveyversion"
                    ),
                ),
            ],
            options={
                "ordering": ["-submitted_at", "-id"],
                "indexes": [
                    models.Index(fields=["-submitted_at", "-id"], name="response_latest"),
                    models.Index(fields=["customer", "-submitted_at"], name="response_by_customer"),
                ],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("score__lte", 10)), name="response_score_range"),
                    models.CheckConstraint(
                        condition=models.Q(("verdict__in", ["clean", "check", "person", "machine"])),
                        name="response_verdict",
                    ),
                    models.CheckConstraint(condition=models.Q(("source__in", ["invited"])), name="response_source"),
                    models.UniqueConstraint(
                        condition=models.Q(("is_active", True)), fields=("invitation",), name="response_active_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("is_preferred", True)),
                        fields=("invitation",),
                        name="response_preferred_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("edited_at__isnull", True), ("edited_at__gte", models.F("submitted_at")), _connector="OR"
                        ),
                        name="response_edited_later",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Answer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField(null=True)),
                ("text", models.TextField(blank=True)),
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="design.question"
                    ),
                ),
                (
                    "response",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="answers",
                        to="answering.response",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("response", "question"), name="answer_once")],
            },
        ),
        migrations.CreateModel(
            name="Unsubscription",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("one_click", models.BooleanField(default=False)),
                ("client", models.CharField(max_length=32)),
                (
                    "signs",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("hidden", "a link was followed that people cannot see"),
                                ("scores", "several scores were opened within 30 seconds"),
                                ("all_links", "every link of the mail was opened"),
                                ("answers", "several different answers were sent within an hour"),
                                ("too_soon", "it came within 10 seconds of the mail"),
                                ("no_page", "it was sent without opening the page"),
                            ],
                            max_length=10,
                        ),
                        default=list,
                        size=None,
                    ),
                ),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("clean", "a person"),
                            ("check", "needs checking"),
                            ("person", "a person, says a manager"),
                            ("machine", "a machine, says a manager"),
                        ],
                        default="clean",
                        max_length=8,
                    ),
                ),
                ("undone_at", models.DateTimeField(null=True)),
                (
                    "checked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "invitation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="unsubscriptions",
                        to="sending.invitation",
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("verdict__in", ["clean", "check", "person", "machine"])),
                        name="unsubscription_verdict",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("undone_at__isnull", True)),
                        fields=("invitation",),
                        name="unsubscription_open_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Hit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("open", "opened the page"),
                            ("hidden", "followed the hidden link"),
                            ("answer", "sent an answer"),
                            ("leave_page", "opened the unsubscribe page"),
                            ("leave", "pressed unsubscribe"),
                            ("one_click", "unsubscribed from the mail program"),
                            ("undo", "took unsubscribing back"),
                        ],
                        max_length=12,
                    ),
                ),
                ("method", models.CharField(max_length=8)),
                ("score", models.PositiveSmallIntegerField(null=True)),
                ("client", models.CharField(help_text="keyed hash of address and browser name", max_length=32)),
                ("browser_name", models.CharField(blank=True, max_length=120)),
                ("had_nonce", models.BooleanField(null=True)),
                (
                    "invitation",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="hits",
                        to="sending.invitation",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["invitation", "at"], name="hit_by_invitation")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("score__isnull", True), ("score__lte", 10), _connector="OR"),
                        name="hit_score_range",
                    )
                ],
            },
        ),
    ]
