import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import delight.lib.tokens
import surveys.sending.models


class Migration(migrations.Migration):
    replaces = [
        ("sending", "0001_initial"),
        ("sending", "0002_fewer_indexes"),
        ("sending", "0003_invitation_mailed_to"),
        ("sending", "0004_reasons_stand_in_the_outbox"),
    ]

    initial = True

    dependencies = [
        ("customers", "0001_squashed_0014_memory"),
        ("design", "0001_squashed_0002_four_languages"),
        ("outbox", "0001_squashed_0002_fewer_indexes"),
        ("people", "0001_squashed_0003_claimed_addresses"),
    ]

    operations = [
        migrations.CreateModel(
            name="Sending",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "audience",
                    models.CharField(
                        choices=[("all", "all customers"), ("segment", "one segment"), ("picked", "picked by hand")],
                        default="all",
                        max_length=10,
                        verbose_name="who is asked",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "remind_after_days",
                    models.PositiveSmallIntegerField(
                        default=4, help_text="0: no reminder.", verbose_name="remind once after days"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("preparing", "being prepared"), ("sending", "under way"), ("stopped", "stopped")],
                        default="preparing",
                        max_length=10,
                    ),
                ),
                ("idempotency_key", models.UUIDField(null=True, unique=True)),
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
                    "job",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="outbox.job"
                    ),
                ),
                ("picked", models.ManyToManyField(blank=True, related_name="+", to="customers.customer")),
                (
                    "segment",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.segment",
                        verbose_name="segment",
                    ),
                ),
                (
                    "sender",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="who signs",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="sendings", to="design.surveyversion"
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("audience__in", ["all", "segment", "picked"])), name="sending_audience"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("audience", "segment"), _negated=True),
                            ("segment__isnull", False),
                            _connector="OR",
                        ),
                        name="sending_segment_named",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["preparing", "sending", "stopped"])), name="sending_state"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("remind_after_days__lte", 30)), name="sending_reminder_in_time"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=delight.lib.tokens.new_public_id, editable=False, unique=True)),
                ("language", models.CharField(max_length=10)),
                ("account_value", models.DecimalField(decimal_places=2, max_digits=12, null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "not_sent_reason",
                    models.CharField(blank=True, help_text="one of the outbox's reasons", max_length=30),
                ),
                ("sent_at", models.DateTimeField(null=True)),
                ("reminded_at", models.DateTimeField(null=True)),
                (
                    "mailed_to",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=64),
                        db_default=[],
                        default=list,
                        help_text="keyed hashes of the addresses it went to: the customer may have another one by now",
                        size=None,
                    ),
                ),
                ("answered_at", models.DateTimeField(null=True)),
                ("expires_at", models.DateTimeField(default=surveys.sending.models.link_ends)),
                ("revoked_at", models.DateTimeField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="customers.account"
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="invitations", to="customers.customer"
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
                    "segment",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="customers.segment"
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.team"
                    ),
                ),
                (
                    "sending",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invitations",
                        to="sending.sending",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("sending", "customer"), name="invitation_once_per_sending")
                ],
            },
        ),
        # With room left on a page, a changed row stays on it and no index has to learn where it went.
        migrations.RunSQL(
            "ALTER TABLE sending_invitation SET (fillfactor = 80)", "ALTER TABLE sending_invitation RESET (fillfactor)"
        ),
    ]
