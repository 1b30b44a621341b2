from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("organisation", "0004_set_up_already")]

    operations = [
        migrations.CreateModel(
            name="CleanUp",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(unique=True)),
                ("counts", models.JSONField(default=dict)),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={"ordering": ["-day"]},
        ),
        migrations.AddIndex(model_name="auditentry", index=models.Index(fields=["-at", "-id"], name="audit_latest")),
    ]
