from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0009_what_a_token_stands_on"),
    ]

    operations = [
        migrations.AddField(
            model_name="member",
            name="locale",
            field=models.CharField(
                blank=True,
                choices=[("en", "English"), ("es", "Español"), ("pt-br", "Português (Brasil)")],
                db_default="",
                default="",
                help_text="Where it is not the organisation's.",
                max_length=10,
            ),
        ),
    ]
