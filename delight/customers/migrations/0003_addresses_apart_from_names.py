from django.contrib.postgres.indexes import GinIndex
from django.db import migrations, models

from delight.lib.sortkey import fold


def separate(apps, schema_editor):
    """What everybody may look for, and what only those who may see it."""
    Customer = apps.get_model("customers", "Customer")
    batch = []
    for customer in Customer.objects.select_related("account").iterator(chunk_size=1000):
        company = customer.account.name if customer.account else ""
        customer.search_text = fold(f"{customer.name} {company}")
        customer.contact_text = fold(f"{customer.email or ''} {customer.phone_key}")
        batch.append(customer)
    Customer.objects.bulk_update(batch, ["search_text", "contact_text"], batch_size=1000)


def put_together(apps, schema_editor):
    Customer = apps.get_model("customers", "Customer")
    blank = models.Value(" ", output_field=models.TextField())
    together = models.functions.Concat("search_text", blank, "contact_text")
    Customer.objects.update(search_text=together)


class Migration(migrations.Migration):
    dependencies = [("customers", "0002_room_to_update")]

    operations = [
        migrations.AddField(
            model_name="customer",
            name="contact_text",
            field=models.TextField(default="", editable=False),
        ),
        migrations.AddIndex(
            model_name="customer",
            index=GinIndex(fields=["contact_text"], name="customer_search_contact", opclasses=["gin_trgm_ops"]),
        ),
        migrations.RunPython(separate, put_together),
    ]
