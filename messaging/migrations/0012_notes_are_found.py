"""The staff finds what it notes: the index of words holds all but what the system tells."""

from typing import Any

from django.db import migrations

INDEX = """
CREATE INDEX message_words ON messaging_message
USING gin ((ARRAY[organisation_id, conversation_id]), messaging_words(body))
WHERE deleted_at IS NULL AND {kinds}
"""


def index(schema_editor: Any, kinds: str) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("SET LOCAL statement_timeout = 0")
        schema_editor.execute("DROP INDEX message_words")
        schema_editor.execute(INDEX.format(kinds=kinds))


def forwards(apps: Any, schema_editor: Any) -> None:
    index(schema_editor, "kind <> 'system'")


def backwards(apps: Any, schema_editor: Any) -> None:
    index(schema_editor, "kind = 'text'")


class Migration(migrations.Migration):
    dependencies = [("messaging", "0011_introductions")]

    operations = [migrations.RunPython(forwards, backwards)]
