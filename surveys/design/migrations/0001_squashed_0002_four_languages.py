import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [("design", "0001_initial"), ("design", "0002_four_languages")]

    initial = True

    dependencies = [("people", "0001_squashed_0003_claimed_addresses")]

    operations = [
        migrations.CreateModel(
            name="Survey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                (
                    "kind",
                    models.CharField(
                        choices=[("relationship", "about the whole relationship")],
                        default="relationship",
                        max_length=15,
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("kind__in", ["relationship"])), name="survey_kind")
                ],
            },
        ),
        migrations.CreateModel(
            name="SurveyVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField(default=1)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("frozen_at", models.DateTimeField(null=True)),
                (
                    "survey",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="versions", to="design.survey"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("survey", "number"), name="survey_version_once")],
            },
        ),
        migrations.CreateModel(
            name="Question",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[("score", "a score from 0 to 10"), ("comment", "own words")], max_length=10
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="questions", to="design.surveyversion"
                    ),
                ),
            ],
            options={
                "ordering": ["position"],
                "constraints": [
                    models.UniqueConstraint(fields=("version", "position"), name="question_position_once"),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["score", "comment"])), name="question_kind"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="VersionText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "language",
                    models.CharField(
                        choices=[("en", "English"), ("tr", "Turkish"), ("uk", "Ukrainian"), ("ru", "Russian")],
                        max_length=10,
                    ),
                ),
                ("subject", models.CharField(max_length=150, verbose_name="subject")),
                ("message", models.TextField(max_length=2000, verbose_name="message")),
                ("thanks", models.TextField(max_length=1000, verbose_name="thank-you")),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="texts", to="design.surveyversion"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("version", "language"), name="version_text_once")],
            },
        ),
        migrations.CreateModel(
            name="QuestionText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "language",
                    models.CharField(
                        choices=[("en", "English"), ("tr", "Turkish"), ("uk", "Ukrainian"), ("ru", "Russian")],
                        max_length=10,
                    ),
                ),
                ("text", models.CharField(max_length=300, verbose_name="question")),
                ("low_label", models.CharField(blank=True, max_length=60, verbose_name="words at 0")),
                ("high_label", models.CharField(blank=True, max_length=60, verbose_name="words at 10")),
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="texts", to="design.question"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("question", "language"), name="question_text_once")],
            },
        ),
    ]
