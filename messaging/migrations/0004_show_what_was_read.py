from typing import Any

from django.db import migrations, models


def show_what_was_read(apps: Any, schema_editor: Any) -> None:
    apps.get_model("messaging", "Participant").objects.update(shown_read_seq=models.F("read_seq"))


class Migration(migrations.Migration):
    dependencies = [("messaging", "0003_shown_read_seq")]

    operations = [migrations.RunPython(show_what_was_read, migrations.RunPython.noop)]
