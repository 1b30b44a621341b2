import django.db.models.deletion
from django.db import migrations, models
from django.utils import timezone


def name_files(apps, schema_editor):
    """Keep each file's name, and have those that are of no more use removed."""
    CustomerImport, Job = apps.get_model("customers", "CustomerImport"), apps.get_model("outbox", "Job")
    name = models.Subquery(
        apps.get_model("files", "StoredFile").objects.filter(pk=models.OuterRef("file_id")).values("name")
    )
    CustomerImport.objects.filter(file__isnull=False).update(file_name=name)
    kind, now = "remove-import-file", timezone.now()
    Job.objects.bulk_create(
        (
            Job(kind=kind, object_id=pk, key=f"{kind}:{pk}:0", due_at=now)
            for pk in CustomerImport.objects.values_list("pk", flat=True)
        ),
        ignore_conflicts=True,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0003_addresses_apart_from_names"),
        ("files", "0001_initial"),
        ("outbox", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="customerimport",
            name="file_name",
            field=models.CharField(default="", max_length=200),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="customerimport",
            name="file",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="files.storedfile"
            ),
        ),
        migrations.AlterField(
            model_name="customerimport",
            name="state",
            field=models.CharField(
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
        migrations.RemoveConstraint(model_name="customerimport", name="import_state"),
        migrations.AddConstraint(
            model_name="customerimport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    state__in=["uploaded", "checking", "checked", "importing", "done", "failed", "given_up"]
                ),
                name="import_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="customerimport",
            constraint=models.CheckConstraint(
                condition=models.Q(("file__isnull", False), ("state__in", ["done", "given_up"]), _connector="OR"),
                name="import_has_its_file",
            ),
        ),
        migrations.RunPython(name_files, migrations.RunPython.noop),
    ]
