from django.db import migrations

# With room left on a page, a changed row stays on it and no index has to learn where it went.
SPARE = "ALTER TABLE customers_customer SET (fillfactor = 80)"
FULL = "ALTER TABLE customers_customer RESET (fillfactor)"


class Migration(migrations.Migration):
    dependencies = [("customers", "0001_initial")]

    operations = [migrations.RunSQL(SPARE, FULL)]
