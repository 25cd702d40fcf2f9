import django.db.models.functions.datetime
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import F


def since_they_began(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Whoever waits already has waited since then."""
    waiting = apps.get_model("messaging", "Conversation").objects.filter(queue_open=True)
    waiting.update(queued_at=F("created_at"))


class Migration(migrations.Migration):
    dependencies = [
        ("messaging", "0012_notes_are_found"),
    ]

    operations = [
        migrations.AddField(
            model_name="conversation",
            name="queued_at",
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
        ),
        migrations.AddIndex(
            model_name="conversation",
            index=models.Index(
                condition=models.Q(("queue_open", True)),
                fields=["organisation", "queued_at", "id"],
                name="conversation_waiting_longest",
            ),
        ),
        migrations.RunPython(since_they_began, migrations.RunPython.noop),
    ]
