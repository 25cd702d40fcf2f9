from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_timezone_and_appearance_are_checked"),
    ]

    operations = [
        migrations.AddField(
            model_name="member",
            name="read_private",
            field=models.BooleanField(
                db_default=False, default=False, help_text="Others do not see what this member has read."
            ),
        ),
    ]
