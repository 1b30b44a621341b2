import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import delight.lib.tokens


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("customers", "0001_squashed_0014_memory"),
        ("moments", "0001_initial"),
        ("people", "0001_squashed_0003_claimed_addresses"),
    ]

    operations = [
        migrations.CreateModel(
            name="Value",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60, unique=True, verbose_name="value")),
                ("meaning", models.CharField(blank=True, max_length=200, verbose_name="what it means here")),
                ("retired_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["name", "id"],
            },
        ),
        migrations.CreateModel(
            name="Recognition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("thanks", "thanks"),
                            ("spotlight", "spotlight"),
                            ("praise", "praise from a customer"),
                            ("treat", "done for a colleague"),
                        ],
                        default="thanks",
                        max_length=10,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "to be released"), ("told", "told"), ("withdrawn", "withdrawn")],
                        default="told",
                        max_length=10,
                    ),
                ),
                (
                    "text",
                    models.TextField(
                        max_length=1000,
                        validators=[django.core.validators.MinLengthValidator(20)],
                        verbose_name="what for",
                    ),
                ),
                (
                    "source",
                    models.CharField(blank=True, help_text="what a draft was made of: each once", max_length=40),
                ),
                ("is_private", models.BooleanField(default=False, verbose_name="only for them")),
                (
                    "may_tell",
                    models.BooleanField(
                        default=False, help_text="of what a manager did: whether they agree to tell others"
                    ),
                ),
                (
                    "week",
                    models.DateField(editable=False, help_text="of a spotlight: the first day of its week", null=True),
                ),
                ("key", models.UUIDField(editable=False, help_text="what was pressed twice counts once", null=True)),
                ("told_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        help_text="empty: a customer",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="praises",
                        to="customers.customer",
                    ),
                ),
                (
                    "moment",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recognitions",
                        to="moments.moment",
                        verbose_name="moment",
                    ),
                ),
                (
                    "released_by",
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
                        help_text="all of it",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recognitions",
                        to="people.team",
                    ),
                ),
                (
                    "value",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="recognition.value",
                        verbose_name="which value it shows",
                    ),
                ),
            ],
            options={
                "ordering": ["-told_at", "-id"],
                "indexes": [models.Index(fields=["-told_at", "-id"], name="recognition_latest")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["thanks", "spotlight", "praise", "treat"])),
                        name="recognition_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["draft", "told", "withdrawn"])), name="recognition_state"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("text__length__gte", 20), ("kind", "praise"), ("text", ""), _connector="OR"
                        ),
                        name="recognition_says_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind", "praise"), ("by__isnull", False), _connector="OR"),
                        name="recognition_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "draft"), _negated=True), ("kind", "praise"), _connector="OR"
                        ),
                        name="recognition_draft_is_praise",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_private", False),
                            models.Q(("team__isnull", True), models.Q(("kind", "spotlight"), _negated=True)),
                            _connector="OR",
                        ),
                        name="recognition_of_a_team_is_open",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "spotlight"), ("week__isnull", False)),
                            models.Q(models.Q(("kind", "spotlight"), _negated=True), ("week", None)),
                            _connector="OR",
                        ),
                        name="recognition_spotlight_has_a_week",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("source", ""), _negated=True),
                        fields=("source",),
                        name="recognition_source_once",
                    ),
                    models.UniqueConstraint(fields=("by", "key"), name="recognition_key_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "spotlight"), ("state", "told")),
                        fields=("by", "week"),
                        name="recognition_spotlight_once_a_week",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Wall",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=delight.lib.tokens.new_public_id, editable=False, unique=True)),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                ("revoked_at", models.DateTimeField(null=True)),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="walls",
                        to="people.team",
                    ),
                ),
            ],
            options={
                "ordering": ["name", "id"],
            },
        ),
        migrations.CreateModel(
            name="Recipient",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "agrees_to_tell",
                    models.BooleanField(
                        help_text="of what a manager did for them: whether others may read it", null=True
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
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="thanked", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "recognition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="recipients",
                        to="recognition.recognition",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(fields=("recognition", "user"), name="recipient_once"),
                    models.CheckConstraint(
                        condition=models.Q(("user", models.F("by")), _negated=True), name="recipient_is_not_the_giver"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Reaction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("heart", "❤️"), ("clap", "👏"), ("star", "🌟"), ("smile", "😊")], max_length=10
                    ),
                ),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "recognition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reactions",
                        to="recognition.recognition",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("recognition", "user", "kind"), name="reaction_once"),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["heart", "clap", "star", "smile"])), name="reaction_kind"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Comment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.CharField(max_length=500)),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("key", models.UUIDField(editable=False, null=True)),
                ("removed_at", models.DateTimeField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "recognition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="comments",
                        to="recognition.recognition",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "id"],
                "constraints": [models.UniqueConstraint(fields=("by", "key"), name="recognition_comment_key_once")],
            },
        ),
        migrations.CreateModel(
            name="Taste",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.UUIDField(
                        default=delight.lib.tokens.new_public_id,
                        editable=False,
                        help_text="behind the off link",
                        unique=True,
                    ),
                ),
                (
                    "likes_public",
                    models.BooleanField(default=True, verbose_name="praise in front of others is welcome"),
                ),
                ("digest", models.BooleanField(default=True, verbose_name="a weekly mail with the thanks of the week")),
                (
                    "digest_weekday",
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
                        default=5,
                        verbose_name="day",
                    ),
                ),
                ("digest_hour", models.PositiveSmallIntegerField(default=16, verbose_name="hour")),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="taste", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("digest_hour__range", (0, 23)), ("digest_weekday__range", (1, 7))),
                        name="taste_digest_time",
                    )
                ],
            },
        ),
    ]
