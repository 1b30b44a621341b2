import uuid

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import delight.lib.tokens


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("budget", "0001_initial"),
        ("customers", "0001_squashed_0014_memory"),
        ("files", "0001_initial"),
        ("people", "0001_squashed_0003_claimed_addresses"),
    ]

    operations = [
        migrations.CreateModel(
            name="Idea",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("do", "something to do"), ("say", "something to say")], default="do", max_length=5
                    ),
                ),
                ("text", models.CharField(blank=True, max_length=300, verbose_name="idea")),
                ("starter", models.CharField(blank=True, editable=False, max_length=40)),
                (
                    "trade",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("salon", "barber, salon, spa"),
                            ("restaurant", "restaurant, café"),
                            ("hotel", "hotel, guest house"),
                            ("services", "services for companies"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("team", "from the team"),
                            ("customer", "from a customer"),
                            ("elsewhere", "seen as a customer elsewhere"),
                            ("starter", "starter idea"),
                        ],
                        default="team",
                        max_length=10,
                        verbose_name="where it comes from",
                    ),
                ),
                (
                    "usual_cost",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=12,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="usual cost",
                    ),
                ),
                ("kit", models.TextField(blank=True, max_length=1000, verbose_name="what to keep in the drawer")),
                ("kit_at", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("retired_at", models.DateTimeField(null=True)),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "credited",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="thanks to",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.customer",
                        verbose_name="thanks to",
                    ),
                ),
                (
                    "kit_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at", "-id"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("kind__in", ["do", "say"])), name="idea_kind"),
                    models.CheckConstraint(
                        condition=models.Q(("source__in", ["team", "customer", "elsewhere", "starter"])),
                        name="idea_source",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("text", ""), _negated=True),
                            models.Q(("starter", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="idea_has_words",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("usual_cost__gte", 0), ("usual_cost", None), _connector="OR"),
                        name="idea_cost_not_negative",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("starter", ""), _negated=True),
                        fields=("starter",),
                        name="idea_starter_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Moment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "key",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, help_text="made on the device: pressed twice, kept once"
                    ),
                ),
                (
                    "key_digest",
                    models.CharField(blank=True, editable=False, help_text="of what came with the key", max_length=64),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("stub", "to finish"), ("logged", "logged"), ("withdrawn", "withdrawn")],
                        default="logged",
                        max_length=10,
                    ),
                ),
                ("what", models.TextField(blank=True, max_length=1000, verbose_name="what happened")),
                ("people_agreed", models.BooleanField(default=False, verbose_name="the people in it agreed")),
                (
                    "reaction",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("delighted", "delighted"),
                            ("pleased", "pleased"),
                            ("calm", "took it calmly"),
                            ("unseen", "could not see it"),
                        ],
                        max_length=10,
                        verbose_name="how they took it",
                    ),
                ),
                (
                    "introduced_whom",
                    models.CharField(
                        blank=True,
                        help_text="somebody useful who is no customer",
                        max_length=160,
                        verbose_name="introduced to",
                    ),
                ),
                ("came_of_it", models.TextField(blank=True, max_length=1000, verbose_name="what came of it")),
                (
                    "told_at",
                    models.DateTimeField(
                        help_text="when somebody said what came of it, or that nothing did", null=True
                    ),
                ),
                ("happened_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        blank=True,
                        help_text="at that time",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.account",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="moments",
                        to="customers.customer",
                    ),
                ),
                (
                    "idea",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="moments",
                        to="moments.idea",
                    ),
                ),
                (
                    "introduced_to",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="introductions",
                        to="customers.customer",
                        verbose_name="introduced to",
                    ),
                ),
                (
                    "photo",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.storedfile",
                    ),
                ),
                (
                    "spend",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="moment",
                        to="budget.spend",
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
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="moments", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "visit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="moments",
                        to="customers.visit",
                    ),
                ),
            ],
            options={
                "ordering": ["-happened_at", "-id"],
                "indexes": [
                    models.Index(fields=["-happened_at", "-id"], name="moment_latest"),
                    models.Index(fields=["user", "-happened_at"], name="moment_by_person"),
                    models.Index(fields=["customer", "-happened_at"], name="moment_by_customer"),
                    models.Index(fields=["team", "-happened_at"], name="moment_by_team"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("user", "key"), name="moment_key_once"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["stub", "logged", "withdrawn"])), name="moment_state"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reaction__in", ["", "delighted", "pleased", "calm", "unseen"])),
                        name="moment_reaction",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("photo__isnull", True), ("people_agreed", True), _connector="OR"),
                        name="moment_photo_was_agreed_to",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("introduced_to__isnull", True),
                            ("customer__isnull", True),
                            models.Q(("introduced_to", models.F("customer")), _negated=True),
                            _connector="OR",
                        ),
                        name="moment_introduced_to_another",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="idea",
            name="born_of",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="moments.moment"
            ),
        ),
        migrations.CreateModel(
            name="MomentChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "fields",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), default=list, size=None
                    ),
                ),
                ("before", models.JSONField(default=dict, help_text="the fields that changed, as they were")),
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
                    "moment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="changes", to="moments.moment"
                    ),
                ),
            ],
            options={
                "ordering": ["at", "id"],
            },
        ),
        migrations.CreateModel(
            name="OccasionTrial",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("first_visit", "first visit"),
                            ("fifth_visit", "fifth visit"),
                            ("anniversary", "anniversary as a customer"),
                            ("birthday", "birthday"),
                            ("silence", "has not been here for long"),
                            ("repaired", "something was put right"),
                        ],
                        max_length=12,
                    ),
                ),
                ("begins_on", models.DateField()),
                ("ends_on", models.DateField(help_text="the first day after it")),
                ("seed", models.CharField(editable=False, max_length=32)),
                (
                    "points",
                    models.PositiveSmallIntegerField(help_text="the difference it can find, in points of a hundred"),
                ),
                ("needed", models.PositiveIntegerField(help_text="occasions in both groups together")),
                ("expected", models.PositiveIntegerField(help_text="occasions in the time, by what has been so far")),
                ("started_at", models.DateTimeField(auto_now_add=True)),
                ("stopped_at", models.DateTimeField(null=True)),
                (
                    "started_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "stopped_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-begins_on", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                ["first_visit", "fifth_visit", "anniversary", "birthday", "silence", "repaired"],
                            )
                        ),
                        name="trial_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gt", models.F("begins_on"))), name="trial_ends_later"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("expected__gte", models.F("needed"))), name="trial_can_be_answered"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Occasion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("first_visit", "first visit"),
                            ("fifth_visit", "fifth visit"),
                            ("anniversary", "anniversary as a customer"),
                            ("birthday", "birthday"),
                            ("silence", "has not been here for long"),
                            ("repaired", "something was put right"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "cycle",
                    models.CharField(help_text="which of its kind, such as the year: each comes once", max_length=20),
                ),
                ("due_on", models.DateField()),
                ("until", models.DateField(help_text="the first day on which it is too late")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "open"), ("used", "used"), ("dismissed", "dismissed")],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "arm",
                    models.CharField(
                        blank=True,
                        choices=[("shown", "shown"), ("left_out", "left out")],
                        help_text="by chance; empty: in no trial",
                        max_length=10,
                    ),
                ),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="occasions", to="customers.customer"
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
                    "idea",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="moments.idea"
                    ),
                ),
                (
                    "moment",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="occasions",
                        to="moments.moment",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.team"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        help_text="who serves them",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "trial",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="occasions",
                        to="moments.occasiontrial",
                    ),
                ),
            ],
            options={
                "ordering": ["due_on", "id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "open")), fields=["user", "due_on"], name="occasion_open_by_person"
                    ),
                    models.Index(
                        condition=models.Q(("state", "open")), fields=["team", "due_on"], name="occasion_open_by_team"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "customer", "cycle"), name="occasion_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                ["first_visit", "fifth_visit", "anniversary", "birthday", "silence", "repaired"],
                            )
                        ),
                        name="occasion_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["open", "used", "dismissed"])), name="occasion_state"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("arm__in", ["", "shown", "left_out"])), name="occasion_arm"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("arm", ""), ("trial__isnull", False), _connector="OR"),
                        name="occasion_arm_belongs_to_a_trial",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("until__gt", models.F("due_on"))), name="occasion_ends_later"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PersonalNote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=delight.lib.tokens.new_public_id, editable=False, unique=True)),
                ("text", models.TextField(max_length=1000, verbose_name="your words")),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("mailed_to", models.CharField(blank=True, help_text="keyed hash of the address", max_length=64)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("sent_at", models.DateTimeField(null=True)),
                ("not_sent", models.CharField(blank=True, help_text="why not", max_length=40)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="notes", to="customers.customer"
                    ),
                ),
                (
                    "moment",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notes",
                        to="moments.moment",
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at", "-id"],
                "indexes": [models.Index(fields=["customer", "-created_at"], name="note_by_customer")],
                "constraints": [models.UniqueConstraint(fields=("by", "key"), name="note_key_once")],
            },
        ),
        migrations.CreateModel(
            name="IdeaPin",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("pinned_at", models.DateTimeField(auto_now_add=True)),
                (
                    "idea",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="pins", to="moments.idea"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="idea_pins",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("user", "idea"), name="idea_pin_once")],
            },
        ),
    ]
