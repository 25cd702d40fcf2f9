import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("attachments", "0002_approval"),
    ]

    operations = [
        migrations.AddField(
            model_name="uploadpolicy",
            name="uploads_at_once",
            field=models.PositiveSmallIntegerField(
                default=3, validators=[django.core.validators.MinValueValidator(1)]
            ),
        ),
    ]
