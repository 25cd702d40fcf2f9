from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0008_prechat_of_a_site"),
    ]

    operations = [
        migrations.AddField(
            model_name="token",
            name="session_key",
            field=models.CharField(blank=True, db_default="", default="", editable=False, max_length=40),
        ),
    ]
