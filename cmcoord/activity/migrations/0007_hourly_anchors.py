from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("activity", "0006_readings_by_a_force"),
    ]

    operations = [
        migrations.RemoveField(model_name="chain", name="anchored_on"),
        migrations.AddField(model_name="chain", name="anchored_at", field=models.DateTimeField(null=True)),
    ]
