from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0008_merges"),
    ]

    operations = [
        migrations.RenameField(model_name="force", old_name="name", new_name="name_en"),
        migrations.AlterField(
            model_name="force",
            name="name_en",
            field=models.CharField(max_length=120, verbose_name="name in English"),
        ),
        migrations.AddField(
            model_name="force",
            name="name_fr",
            field=models.CharField(default="", max_length=120, verbose_name="name in French"),
            preserve_default=False,
        ),
        migrations.RunSQL("UPDATE contacts_force SET name_fr = name_en", migrations.RunSQL.noop),
    ]
