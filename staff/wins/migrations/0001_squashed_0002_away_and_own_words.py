import uuid

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import delight.lib.tokens
import delight.organisation.models


class Migration(migrations.Migration):
    replaces = [("wins", "0001_initial"), ("wins", "0002_away_and_own_words")]

    initial = True

    dependencies = [
        ("moments", "0001_initial"),
        ("people", "0001_squashed_0003_claimed_addresses"),
        ("programme", "0001_initial"),
        ("recognition", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="ActionItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.CharField(max_length=300, verbose_name="what is to be done")),
                ("due_on", models.DateField(verbose_name="until")),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("done_at", models.DateTimeField(null=True)),
                ("dropped_at", models.DateTimeField(null=True)),
                ("key", models.UUIDField(editable=False, null=True, unique=True)),
                (
                    "done_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="actions",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="who",
                    ),
                ),
            ],
            options={
                "ordering": ["due_on", "id"],
            },
        ),
        migrations.CreateModel(
            name="PulseRound",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("month", models.DateField(unique=True)),
                ("opened_at", models.DateTimeField(auto_now_add=True)),
                ("closes_on", models.DateField()),
                ("closed_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["-month"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("month__day", 1)), name="pulse_begins_on_the_first")
                ],
            },
        ),
        migrations.CreateModel(
            name="WinsMeeting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("starts_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "planned"),
                            ("running", "running"),
                            ("held", "held"),
                            ("not_held", "not held"),
                        ],
                        default="planned",
                        max_length=10,
                    ),
                ),
                ("began_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "version",
                    models.PositiveIntegerField(
                        default=0, help_text="goes up with each change: others see that there is one"
                    ),
                ),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                (
                    "facilitator",
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="meetings", to="people.team"
                    ),
                ),
            ],
            options={
                "ordering": ["-starts_at", "-id"],
                "constraints": [
                    models.UniqueConstraint(fields=("team", "starts_at"), name="meeting_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["planned", "running"])),
                        fields=("team",),
                        name="meeting_one_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["planned", "running", "held", "not_held"])),
                        name="meeting_state",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Turn",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(default=0)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "to come"),
                            ("told", "told"),
                            ("skipped", "skipped"),
                            ("absent", "absent"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("is_away", models.BooleanField(default=False, help_text="stays when the story has been read out")),
                (
                    "story",
                    models.TextField(
                        blank=True, help_text="left beforehand", max_length=1000, verbose_name="your story"
                    ),
                ),
                ("notes", models.TextField(blank=True)),
                (
                    "moment",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="moments.moment",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="turns", to="wins.winsmeeting"
                    ),
                ),
            ],
            options={
                "ordering": ["position", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("meeting", "user"), name="turn_once"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["waiting", "told", "skipped", "absent"])), name="turn_state"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AgendaItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("moment", "moment"),
                            ("recognition", "recognition"),
                            ("action", "unfinished action"),
                            ("issue", "what got in the way"),
                            ("own", "added"),
                        ],
                        max_length=12,
                    ),
                ),
                ("text", models.CharField(blank=True, max_length=300)),
                ("notes", models.TextField(blank=True)),
                ("position", models.PositiveSmallIntegerField(default=0)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "to come"),
                            ("told", "told"),
                            ("skipped", "next time"),
                            ("left", "left out"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                (
                    "key",
                    models.UUIDField(
                        editable=False, help_text="what was pressed twice counts once", null=True, unique=True
                    ),
                ),
                (
                    "action",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="wins.actionitem"
                    ),
                ),
                (
                    "added_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "became_action",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="wins.actionitem"
                    ),
                ),
                (
                    "became_idea",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="moments.idea"
                    ),
                ),
                (
                    "became_issue",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="programme.issue"
                    ),
                ),
                (
                    "carried_from",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="wins.agendaitem"
                    ),
                ),
                (
                    "issue",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="programme.issue"
                    ),
                ),
                (
                    "moment",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="moments.moment"
                    ),
                ),
                (
                    "recognition",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="recognition.recognition",
                    ),
                ),
                (
                    "turn",
                    models.OneToOneField(
                        help_text="whose own words it stands for",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="own_item",
                        to="wins.turn",
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="items", to="wins.winsmeeting"
                    ),
                ),
            ],
            options={
                "ordering": ["position", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["moment", "recognition", "action", "issue", "own"])),
                        name="item_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["waiting", "told", "skipped", "left"])), name="item_state"
                    ),
                    models.UniqueConstraint(fields=("meeting", "moment"), name="item_moment_once"),
                    models.UniqueConstraint(fields=("meeting", "recognition"), name="item_recognition_once"),
                    models.UniqueConstraint(fields=("meeting", "action"), name="item_action_once"),
                    models.UniqueConstraint(fields=("meeting", "issue"), name="item_issue_once"),
                ],
            },
        ),
        migrations.AddField(
            model_name="actionitem",
            name="meeting",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="actions", to="wins.winsmeeting"
            ),
        ),
        migrations.CreateModel(
            name="MeetingPlan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.UUIDField(
                        default=delight.lib.tokens.new_public_id,
                        editable=False,
                        help_text="of the calendar feed",
                        unique=True,
                    ),
                ),
                (
                    "weekday",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "Monday"),
                            (2, "Tuesday"),
                            (3, "Wednesday"),
                            (4, "Thursday"),
                            (5, "Friday"),
                            (6, "Saturday"),
                            (7, "Sunday"),
                        ],
                        default=1,
                        verbose_name="day",
                    ),
                ),
                ("at", models.TimeField(verbose_name="time")),
                (
                    "time_zone",
                    models.CharField(
                        blank=True,
                        max_length=60,
                        validators=[delight.organisation.models.check_time_zone],
                        verbose_name="time zone",
                    ),
                ),
                ("minutes", models.PositiveSmallIntegerField(default=10, verbose_name="minutes")),
                ("set_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("stopped_at", models.DateTimeField(null=True)),
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
                    "team",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="meeting_plan", to="people.team"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("weekday__range", (1, 7))), name="plan_weekday"),
                    models.CheckConstraint(condition=models.Q(("minutes__range", (5, 60))), name="plan_minutes"),
                ],
            },
        ),
        migrations.CreateModel(
            name="PulseFigure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("glad", models.DecimalField(decimal_places=1, max_digits=3)),
                ("able", models.DecimalField(decimal_places=1, max_digits=3)),
                (
                    "team",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.team"
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="figures", to="wins.pulseround"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("round", "team"), name="pulse_figure_once", nulls_distinct=False),
                    models.CheckConstraint(
                        condition=models.Q(("able__range", (0, 10)), ("glad__range", (0, 10))),
                        name="pulse_figure_range",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PulseAnswer",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "glad",
                    models.PositiveSmallIntegerField(
                        help_text="glad to work here", validators=[django.core.validators.MaxValueValidator(10)]
                    ),
                ),
                (
                    "able",
                    models.PositiveSmallIntegerField(
                        help_text="has what it takes to delight customers",
                        validators=[django.core.validators.MaxValueValidator(10)],
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.team"
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="answers", to="wins.pulseround"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("able__range", (0, 10)), ("glad__range", (0, 10))), name="pulse_scores"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PulseTicket",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("mark", models.CharField(max_length=64)),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="tickets", to="wins.pulseround"
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
                "constraints": [models.UniqueConstraint(fields=("round", "mark"), name="pulse_ticket_once")],
            },
        ),
    ]
