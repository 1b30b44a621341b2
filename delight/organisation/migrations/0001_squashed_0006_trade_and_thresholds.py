import datetime

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import delight.organisation.models


class Migration(migrations.Migration):
    replaces = [
        ("organisation", "0001_initial"),
        ("organisation", "0002_cache_table"),
        ("organisation", "0003_real_company"),
        ("organisation", "0004_set_up_already"),
        ("organisation", "0005_clean_ups"),
        ("organisation", "0006_trade_and_thresholds"),
    ]

    initial = True

    dependencies = [("people", "0001_squashed_0003_claimed_addresses")]

    operations = [
        migrations.CreateModel(
            name="CleanUp",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(unique=True)),
                ("counts", models.JSONField(default=dict)),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["-day"],
            },
        ),
        migrations.CreateModel(
            name="Holiday",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(unique=True, verbose_name="day")),
                ("name", models.CharField(max_length=80, verbose_name="name")),
            ],
            options={
                "ordering": ["day"],
            },
        ),
        migrations.CreateModel(
            name="Organisation",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=120, verbose_name="company name")),
                (
                    "country",
                    models.CharField(
                        blank=True, help_text="ISO 3166-1, two letters", max_length=2, verbose_name="country"
                    ),
                ),
                (
                    "postal_address",
                    models.CharField(
                        help_text="Stands at the foot of every mail to customers.",
                        max_length=300,
                        verbose_name="postal address",
                    ),
                ),
                (
                    "reply_to",
                    models.EmailField(
                        blank=True,
                        help_text="Empty: to the person who signs the mail.",
                        max_length=254,
                        verbose_name="answers to mails go to",
                    ),
                ),
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
                        verbose_name="trade",
                    ),
                ),
                ("currency", models.CharField(default="EUR", max_length=3, verbose_name="currency")),
                (
                    "currency_fixed_at",
                    models.DateTimeField(editable=False, help_text="sums have been written in it", null=True),
                ),
                (
                    "default_language",
                    models.CharField(
                        choices=[("en", "English"), ("tr", "Turkish"), ("uk", "Ukrainian"), ("ru", "Russian")],
                        default="en",
                        max_length=10,
                        verbose_name="language",
                    ),
                ),
                (
                    "time_zone",
                    models.CharField(
                        default="Europe/Berlin",
                        max_length=60,
                        validators=[delight.organisation.models.check_time_zone],
                        verbose_name="time zone",
                    ),
                ),
                (
                    "first_weekday",
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
                        verbose_name="the week begins on",
                    ),
                ),
                (
                    "working_days",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveSmallIntegerField(
                            choices=[
                                (1, "Monday"),
                                (2, "Tuesday"),
                                (3, "Wednesday"),
                                (4, "Thursday"),
                                (5, "Friday"),
                                (6, "Saturday"),
                                (7, "Sunday"),
                            ]
                        ),
                        default=delight.organisation.models.five_days,
                        size=None,
                        verbose_name="working days",
                    ),
                ),
                ("opens_at", models.TimeField(default=datetime.time(9, 0), verbose_name="working day begins")),
                ("closes_at", models.TimeField(default=datetime.time(18, 0), verbose_name="working day ends")),
                (
                    "ask_again_after_days",
                    models.PositiveSmallIntegerField(
                        default=90,
                        help_text="Nobody is asked again sooner, whatever is sent.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(730),
                        ],
                        verbose_name="days between two surveys to one person",
                    ),
                ),
                (
                    "consent_rule",
                    models.CharField(
                        choices=[
                            ("existing", "existing customers, and others who gave consent"),
                            ("recorded", "only people whose consent is recorded"),
                        ],
                        default="existing",
                        max_length=10,
                        verbose_name="who may get a survey by mail",
                    ),
                ),
                (
                    "keep_log_days",
                    models.PositiveSmallIntegerField(
                        default=400,
                        help_text="Visits to survey pages, the list of mails sent, who looked up a phone number.",
                        validators=[
                            django.core.validators.MinValueValidator(30),
                            django.core.validators.MaxValueValidator(3650),
                        ],
                        verbose_name="days that logs are kept",
                    ),
                ),
                (
                    "forget_after_months",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="Empty: nobody is erased without being asked for.",
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(6),
                            django.core.validators.MaxValueValidator(240),
                        ],
                        verbose_name="months after which a silent customer is erased",
                    ),
                ),
                (
                    "approve_over",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        help_text="Empty: nobody has to be asked.",
                        max_digits=12,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="a manager approves sums over",
                    ),
                ),
                (
                    "receipt_over",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        help_text="Empty: never.",
                        max_digits=12,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="a receipt is asked for over",
                    ),
                ),
                (
                    "gifts_noticed_over",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        help_text="Empty: no warning.",
                        max_digits=12,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="a warning when one customer gets more in a year than",
                    ),
                ),
                (
                    "hidden_rooms",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20), blank=True, default=list, editable=False, size=None
                    ),
                ),
                ("set_up_at", models.DateTimeField(editable=False, null=True)),
                ("programme_began_on", models.DateField(editable=False, null=True)),
                ("mail_tested_at", models.DateTimeField(editable=False, null=True)),
                ("mail_arrived_at", models.DateTimeField(editable=False, null=True)),
                ("backed_up_at", models.DateTimeField(editable=False, null=True)),
                ("sending_on", models.BooleanField(default=True, editable=False)),
                ("released_copy", models.CharField(blank=True, editable=False, max_length=60)),
                ("released_base_url", models.CharField(blank=True, editable=False, max_length=300)),
                (
                    "key_fingerprints",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=64), default=list, editable=False, size=None
                    ),
                ),
                ("is_demo", models.BooleanField(default=False, editable=False)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="organisation_is_one_row"),
                    models.CheckConstraint(
                        condition=models.Q(("opens_at__lt", models.F("closes_at"))),
                        name="organisation_opens_before_closing",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ask_again_after_days__gte", 1)), name="organisation_asks_again_after_a_day"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("consent_rule__in", ["existing", "recorded"])),
                        name="organisation_consent_rule",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("approve_over__gte", 0), ("approve_over", None), _connector="OR"),
                            models.Q(("receipt_over__gte", 0), ("receipt_over", None), _connector="OR"),
                            models.Q(("gifts_noticed_over__gte", 0), ("gifts_noticed_over", None), _connector="OR"),
                        ),
                        name="organisation_thresholds_not_negative",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("trade__in", ["", "salon", "restaurant", "hotel", "services"])),
                        name="organisation_trade",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("verb", models.CharField(max_length=60)),
                ("object_type", models.CharField(max_length=60)),
                ("object_id", models.BigIntegerField(null=True)),
                (
                    "fields",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60), default=list, size=None
                    ),
                ),
                (
                    "actor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-id"],
                "indexes": [
                    models.Index(fields=["object_type", "object_id"], name="audit_by_object"),
                    models.Index(fields=["-at", "-id"], name="audit_latest"),
                ],
            },
        ),
        # The table of the database cache (login limits), so that `migrate` alone makes a whole database.
        migrations.RunSQL(
            sql="""
            CREATE TABLE cache (
                cache_key varchar(255) PRIMARY KEY,
                value text NOT NULL,
                expires timestamp with time zone NOT NULL
            );
            CREATE INDEX cache_expires ON cache (expires);
            """,
            reverse_sql="DROP TABLE cache",
        ),
    ]
