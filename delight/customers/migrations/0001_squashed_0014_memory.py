import django.contrib.postgres.indexes
import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations, models

import delight.organisation.models


class Migration(migrations.Migration):
    replaces = [
        ("customers", "0001_initial"),
        ("customers", "0002_room_to_update"),
        ("customers", "0003_addresses_apart_from_names"),
        ("customers", "0004_import_files_go"),
        ("customers", "0005_visits_and_contacts"),
        ("customers", "0006_visit_files"),
        ("customers", "0007_import_sources"),
        ("customers", "0008_gifts_birthdays_notes"),
        ("customers", "0009_given_up_addresses"),
        ("customers", "0010_care_until"),
        ("customers", "0011_forgotten_bookings"),
        ("customers", "0012_two_people"),
        ("customers", "0013_problems_as_codes"),
        ("customers", "0014_memory"),
    ]

    initial = True

    dependencies = [
        ("files", "0001_initial"),
        ("outbox", "0001_squashed_0002_fewer_indexes"),
        ("people", "0001_squashed_0003_claimed_addresses"),
    ]

    operations = [
        TrigramExtension(),
        migrations.CreateModel(
            name="ForgottenBooking",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("mark", models.CharField(editable=False, max_length=64, unique=True)),
            ],
        ),
        migrations.CreateModel(
            name="Segment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80, unique=True, verbose_name="name")),
                ("sort_key", models.CharField(editable=False, max_length=200)),
            ],
            options={
                "ordering": ["sort_key", "id"],
            },
        ),
        migrations.CreateModel(
            name="Account",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=160, unique=True, verbose_name="company")),
                ("sort_key", models.CharField(editable=False, max_length=200)),
                (
                    "value_per_year",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=12,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="worth a year",
                    ),
                ),
                ("renews_on", models.DateField(blank=True, null=True, verbose_name="renewal date")),
                (
                    "gift_rule",
                    models.CharField(
                        choices=[("none", "none"), ("up_to", "up to a sum a year"), ("ask", "a manager is asked")],
                        default="none",
                        help_text="Free gestures are always welcome.",
                        max_length=10,
                        verbose_name="gifts that cost money",
                    ),
                ),
                (
                    "gift_limit",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=12,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="up to a year",
                    ),
                ),
                (
                    "is_public_body",
                    models.BooleanField(
                        default=False,
                        help_text="Then nobody there gets gifts that cost money.",
                        verbose_name="public body",
                    ),
                ),
                (
                    "has_open_bid",
                    models.BooleanField(
                        default=False,
                        help_text="Until it is decided, no gifts that cost money.",
                        verbose_name="a bid is open",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="looked after by",
                    ),
                ),
            ],
            options={
                "ordering": ["sort_key", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("value_per_year__gte", 0)), name="account_value_not_negative"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("gift_rule__in", ["none", "up_to", "ask"])), name="account_gift_rule"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("gift_rule", "up_to"), _negated=True),
                            models.Q(("gift_limit__gte", 0), ("gift_limit__isnull", False)),
                            _connector="OR",
                        ),
                        name="account_gift_limit",
                        violation_error_message="Say up to what sum a year.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Customer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=160, verbose_name="name")),
                (
                    "address_as",
                    models.CharField(
                        blank=True,
                        help_text="As in “Dear …”. Empty: a greeting without a name.",
                        max_length=120,
                        verbose_name="how we address them",
                    ),
                ),
                ("sort_key", models.CharField(editable=False, max_length=200)),
                ("search_text", models.TextField(default="", editable=False)),
                ("contact_text", models.TextField(default="", editable=False)),
                ("email", models.EmailField(blank=True, max_length=254, null=True, verbose_name="e-mail")),
                ("phone", models.CharField(blank=True, max_length=40, verbose_name="phone")),
                ("phone_key", models.CharField(blank=True, editable=False, max_length=40)),
                (
                    "language",
                    models.CharField(
                        blank=True,
                        choices=[("en", "English"), ("tr", "Turkish"), ("uk", "Ukrainian"), ("ru", "Russian")],
                        max_length=10,
                        verbose_name="language",
                    ),
                ),
                (
                    "time_zone",
                    models.CharField(
                        blank=True,
                        max_length=60,
                        validators=[delight.organisation.models.check_time_zone],
                        verbose_name="time zone",
                    ),
                ),
                (
                    "account_role",
                    models.CharField(
                        blank=True,
                        choices=[("decides", "decides"), ("influences", "influences"), ("uses", "uses")],
                        max_length=10,
                        verbose_name="role in the company",
                    ),
                ),
                (
                    "preferred_channel",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("email", "e-mail"),
                            ("phone", "phone"),
                            ("message", "text message"),
                            ("in_person", "in person"),
                        ],
                        max_length=10,
                        verbose_name="likes to be reached by",
                    ),
                ),
                (
                    "preferred_time",
                    models.CharField(
                        blank=True, help_text="Such as “after 17:00”.", max_length=60, verbose_name="best time"
                    ),
                ),
                (
                    "outside_id",
                    models.CharField(
                        blank=True,
                        help_text="Customer number in your till or CRM.",
                        max_length=80,
                        verbose_name="number in another system",
                    ),
                ),
                (
                    "address_source",
                    models.CharField(
                        choices=[
                            ("existing", "an existing customer"),
                            ("consent", "gave consent"),
                            ("other", "another way (is never mailed)"),
                        ],
                        default="other",
                        max_length=10,
                        verbose_name="how we got the address",
                    ),
                ),
                ("consent_on", models.DateField(blank=True, null=True, verbose_name="consent given on")),
                (
                    "notes_consent_on",
                    models.DateField(
                        blank=True,
                        help_text="A short mail in a colleague's own words; needed where you write only with consent.",
                        null=True,
                        verbose_name="personal notes agreed to on",
                    ),
                ),
                (
                    "birth_day",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(31),
                        ],
                        verbose_name="birthday: day",
                    ),
                ),
                (
                    "birth_month",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(12),
                        ],
                        verbose_name="birthday: month",
                    ),
                ),
                (
                    "care_until",
                    models.DateField(
                        editable=False,
                        help_text="after a complaint, low answer or promise: no hint is left out",
                        null=True,
                    ),
                ),
                ("last_asked_at", models.DateTimeField(editable=False, null=True)),
                ("last_asked_for", models.CharField(blank=True, editable=False, max_length=40)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("erased_at", models.DateTimeField(editable=False, null=True)),
                (
                    "given_up_hash",
                    models.CharField(
                        blank=True,
                        editable=False,
                        help_text="keyed hash of the address that was given up in merging",
                        max_length=64,
                    ),
                ),
                (
                    "account",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contacts",
                        to="customers.account",
                        verbose_name="company",
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.customer",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="looked after by",
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
                        verbose_name="served by the team",
                    ),
                ),
                (
                    "segment",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="customers",
                        to="customers.segment",
                        verbose_name="segment",
                    ),
                ),
            ],
            options={
                "ordering": ["sort_key", "id"],
                "indexes": [
                    models.Index(fields=["sort_key", "id"], name="customer_by_name"),
                    models.Index(
                        condition=models.Q(("phone_key", ""), _negated=True),
                        fields=["phone_key"],
                        name="customer_by_phone",
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["search_text"], name="customer_search", opclasses=["gin_trgm_ops"]
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["contact_text"], name="customer_search_contact", opclasses=["gin_trgm_ops"]
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("email",),
                        name="customer_email_once",
                        violation_error_message="There is a customer with this e-mail address already.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("email__isnull", True), models.Q(("phone_key", ""), _negated=True)),
                        fields=("phone_key",),
                        name="customer_phone_once_without_email",
                        violation_error_message="There is a customer with this phone number already.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("outside_id", ""), _negated=True),
                        fields=("outside_id",),
                        name="customer_outside_id_once",
                        violation_error_message="There is a customer with this number already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("erased_at__isnull", False),
                            ("email__isnull", False),
                            models.Q(("phone_key", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="customer_can_be_told_apart",
                        violation_error_message="Give an e-mail address or a phone number.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("address_source__in", ["existing", "consent", "other"])),
                        name="customer_address_source",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("address_source", "consent"), _negated=True),
                            ("consent_on__isnull", False),
                            ("erased_at__isnull", False),
                            _connector="OR",
                        ),
                        name="customer_consent_has_a_date",
                        violation_error_message="Consent needs the day on which it was given.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("birth_day", None), ("birth_month", None)),
                            models.Q(("birth_day__range", (1, 31)), ("birth_month__range", (1, 12))),
                            _connector="OR",
                        ),
                        name="customer_birthday_is_whole",
                        violation_error_message="A birthday is a day and a month.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CustomerImport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("file_name", models.CharField(max_length=200)),
                ("sheets", models.JSONField(default=list, help_text="names of the workbook's sheets")),
                ("sheet", models.PositiveSmallIntegerField(default=0, help_text="which of them is in `file`, from 0")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("uploaded", "columns to choose"),
                            ("checking", "being checked"),
                            ("checked", "checked"),
                            ("importing", "being imported"),
                            ("done", "imported"),
                            ("failed", "failed"),
                            ("given_up", "given up"),
                        ],
                        default="uploaded",
                        max_length=10,
                    ),
                ),
                ("encoding", models.CharField(max_length=20)),
                ("delimiter", models.CharField(max_length=1)),
                ("columns", models.JSONField(default=dict, help_text="field name → column number")),
                (
                    "address_source",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("existing", "an existing customer"),
                            ("consent", "gave consent"),
                            ("other", "another way (is never mailed)"),
                        ],
                        max_length=10,
                    ),
                ),
                ("consent_on", models.DateField(blank=True, null=True)),
                ("skip_bad_rows", models.BooleanField(default=False)),
                (
                    "leave_known",
                    models.BooleanField(default=False, help_text="customers who are there already stay as they are"),
                ),
                (
                    "join_doubles",
                    models.BooleanField(default=False, help_text="a second row about one customer fills its gaps"),
                ),
                ("rows", models.PositiveIntegerField(default=0)),
                ("new", models.PositiveIntegerField(default=0)),
                ("changed", models.PositiveIntegerField(default=0)),
                ("same", models.PositiveIntegerField(default=0)),
                ("bad", models.PositiveIntegerField(default=0)),
                (
                    "kept",
                    models.PositiveIntegerField(
                        default=0, help_text="rows whose weaker claim on the address was not taken over"
                    ),
                ),
                (
                    "other_language",
                    models.PositiveIntegerField(default=0, help_text="rows in a language that we do not write in"),
                ),
                (
                    "doubles",
                    models.PositiveIntegerField(default=0, help_text="bad rows about a customer of an earlier row"),
                ),
                (
                    "alike",
                    models.PositiveIntegerField(
                        default=0, help_text="new rows with the phone number of a customer we have"
                    ),
                ),
                (
                    "known",
                    models.JSONField(
                        default=list, help_text="the first rows about customers we have: line, id, how, fields"
                    ),
                ),
                ("error", models.CharField(blank=True, max_length=300)),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="files.storedfile"
                    ),
                ),
                (
                    "job",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="outbox.job"
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
                (
                    "workbook",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="files.storedfile"
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                ["uploaded", "checking", "checked", "importing", "done", "failed", "given_up"],
                            )
                        ),
                        name="import_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("file__isnull", False), ("state__in", ["done", "given_up"]), _connector="OR"
                        ),
                        name="import_has_its_file",
                    ),
                ],
            },
        ),
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
            ],
            options={
                "ordering": ["pin_place", "-at", "-id"],
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
                        condition=models.Q(("pin_place", None), ("pin_place__range", (1, 5)), _connector="OR"),
                        name="fact_pin_one_to_five",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("pin_place__isnull", False), ("removed_at", None)),
                        fields=("customer", "pin_place"),
                        name="fact_pin_once",
                    ),
                ],
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
            options={
                "constraints": [models.UniqueConstraint(fields=("fact", "by", "on"), name="fact_confirmed_once_a_day")],
            },
        ),
        migrations.CreateModel(
            name="ImportProblem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("line", models.PositiveIntegerField()),
                ("column", models.CharField(blank=True, max_length=80)),
                ("code", models.CharField(default="", max_length=40)),
                ("values", models.JSONField(default=dict)),
                (
                    "double_of",
                    models.PositiveIntegerField(
                        help_text="the line in which the same customer stands first", null=True
                    ),
                ),
                (
                    "customer_import",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="problems",
                        to="customers.customerimport",
                    ),
                ),
            ],
            options={
                "ordering": ["line", "id"],
            },
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
                "indexes": [
                    models.Index(
                        condition=models.Q(("asked_at__isnull", True)), fields=["customer"], name="next_time_open"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer", ""), ("asked_at", None)),
                            models.Q(("asked_at__isnull", False), models.Q(("answer", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="next_time_ticked_with_the_answer",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Suppression",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("address_hash", models.CharField(max_length=64)),
                (
                    "scope",
                    models.CharField(
                        choices=[
                            ("all", "all surveys"),
                            ("relationship", "surveys about the whole relationship"),
                            ("transactional", "surveys after a purchase or visit"),
                            ("notes", "personal notes"),
                        ],
                        default="all",
                        max_length=15,
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("unsubscribed", "unsubscribed"),
                            ("paused", "unsubscribed, perhaps by a machine"),
                            ("bounced", "the address does not exist"),
                            ("asked", "asked a member of staff"),
                        ],
                        max_length=15,
                    ),
                ),
                ("until", models.DateTimeField(blank=True, null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("address_hash", "scope"), name="suppression_once"),
                    models.CheckConstraint(
                        condition=models.Q(("scope__in", ["all", "relationship", "transactional", "notes"])),
                        name="suppression_scope",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason__in", ["unsubscribed", "paused", "bounced", "asked"])),
                        name="suppression_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TwoPeople",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "one",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="customers.customer"
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="customers.customer"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("one", "other"), name="two_people_once"),
                    models.CheckConstraint(
                        condition=models.Q(("one__lt", models.F("other"))), name="two_people_in_order"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Visit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "guest",
                    models.CharField(
                        blank=True,
                        help_text="as the source wrote it; no customer found yet",
                        max_length=160,
                        verbose_name="name in the booking",
                    ),
                ),
                ("starts_at", models.DateTimeField(verbose_name="begins")),
                ("ends_at", models.DateTimeField(blank=True, null=True, verbose_name="ends")),
                (
                    "state",
                    models.CharField(
                        choices=[("planned", "planned"), ("came", "came"), ("missed", "missed")],
                        default="planned",
                        max_length=10,
                    ),
                ),
                (
                    "reference",
                    models.CharField(
                        blank=True,
                        help_text="Room, table or invoice, such as 214.",
                        max_length=60,
                        verbose_name="reference",
                    ),
                ),
                (
                    "value",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=12,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="value",
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[("hand", "by hand"), ("file", "from a file"), ("calendar", "from a calendar")],
                        default="hand",
                        max_length=10,
                    ),
                ),
                (
                    "source_id",
                    models.CharField(blank=True, help_text="the row's or event's own id in its source", max_length=200),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "customer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="visits",
                        to="customers.customer",
                    ),
                ),
                (
                    "served_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="served by",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="visits",
                        to="people.team",
                        verbose_name="team",
                    ),
                ),
            ],
            options={
                "ordering": ["-starts_at", "-id"],
                "indexes": [
                    models.Index(fields=["team", "starts_at"], name="visit_by_team"),
                    models.Index(fields=["customer", "-starts_at"], name="visit_by_customer"),
                    models.Index(
                        condition=models.Q(("reference", ""), _negated=True),
                        fields=["reference"],
                        name="visit_by_reference",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["planned", "came", "missed"])), name="visit_state"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_at__isnull", True), ("ends_at__gte", models.F("starts_at")), _connector="OR"
                        ),
                        name="visit_ends_later",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("value__isnull", True), ("value__gte", 0), _connector="OR"),
                        name="visit_value_not_negative",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="fact",
            name="visit",
            field=models.ForeignKey(
                blank=True,
                help_text="set: for this visit only",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="customers.visit",
            ),
        ),
        migrations.CreateModel(
            name="VisitCalendar",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                (
                    "url",
                    models.URLField(
                        help_text="The secret .ics address of the calendar.",
                        max_length=500,
                        verbose_name="calendar address",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("read_at", models.DateTimeField(editable=False, null=True)),
                ("error", models.CharField(blank=True, editable=False, max_length=300)),
                ("stopped_at", models.DateTimeField(editable=False, null=True)),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="calendars",
                        to="people.team",
                        verbose_name="team",
                    ),
                ),
            ],
            options={
                "ordering": ["name", "id"],
            },
        ),
        migrations.AddField(
            model_name="visit",
            name="calendar",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="visits",
                to="customers.visitcalendar",
            ),
        ),
        migrations.CreateModel(
            name="VisitFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("file_name", models.CharField(max_length=200)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("checking", "being checked"),
                            ("checked", "checked"),
                            ("taking", "being taken over"),
                            ("done", "taken over"),
                            ("failed", "failed"),
                        ],
                        default="checking",
                        max_length=10,
                    ),
                ),
                ("encoding", models.CharField(max_length=20)),
                ("delimiter", models.CharField(max_length=1)),
                ("rows", models.PositiveIntegerField(default=0)),
                ("new", models.PositiveIntegerField(default=0)),
                ("changed", models.PositiveIntegerField(default=0)),
                ("same", models.PositiveIntegerField(default=0)),
                ("guests", models.PositiveIntegerField(default=0, help_text="rows whose customer was not found")),
                ("bad", models.PositiveIntegerField(default=0)),
                ("problems", models.JSONField(default=list, help_text="[line, code, values] of the first bad rows")),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="files.storedfile"
                    ),
                ),
                (
                    "job",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="outbox.job"
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.team",
                        verbose_name="team",
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["checking", "checked", "taking", "done", "failed"])),
                        name="visit_file_state",
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="fact",
            constraint=models.CheckConstraint(
                condition=models.Q(("visit", None), ("expires_on__isnull", False), _connector="OR"),
                name="fact_for_a_visit_ends",
            ),
        ),
        migrations.AddConstraint(
            model_name="visit",
            constraint=models.UniqueConstraint(
                condition=models.Q(("source_id", ""), _negated=True),
                fields=("source", "calendar", "source_id"),
                name="visit_once_per_source",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="visit",
            constraint=models.CheckConstraint(
                condition=models.Q(("source__in", ["hand", "file", "calendar"])), name="visit_source"
            ),
        ),
        # With room left on a page, a changed row stays on it and no index has to learn where it went.
        migrations.RunSQL(
            "ALTER TABLE customers_customer SET (fillfactor = 80)", "ALTER TABLE customers_customer RESET (fillfactor)"
        ),
    ]
