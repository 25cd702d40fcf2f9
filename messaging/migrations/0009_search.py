"""What is said is found by its words.

No extension is needed: PostgreSQL takes letters and accents apart by itself (`normalize`), so the role needs no right
but to create a function and an index. To index a million messages takes it half a minute, in which nobody writes.
"""

from itertools import islice
from typing import Any

import django.db.models.deletion
from django.db import migrations, models

AT_ONCE = 5_000

# `messaging.words.fold` does the same. Signs that PostgreSQL's parser would take for parts of a word part words here.
WORDS = r"""
CREATE FUNCTION messaging_words(text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT pg_catalog.to_tsvector(
        'pg_catalog.simple'::pg_catalog.regconfig,
        pg_catalog.translate(
            pg_catalog.regexp_replace(pg_catalog."normalize"($1, 'NFKD'), U&'[\0300-\036f]', '', 'g'),
            '-_./@:&<+', '         '
        )
    )
$$
"""
# Organisation and conversation stand in one array: of many conversations the one key is enough.
INDEX = """
CREATE INDEX message_words ON messaging_message
USING gin ((ARRAY[organisation_id, conversation_id]), messaging_words(body))
WHERE deleted_at IS NULL AND kind = 'text'
"""
# Its own copy, with its own numbers: SQLite may number the rows of the messages anew whenever Django remakes their table.
TABLE = """
CREATE VIRTUAL TABLE messaging_message_words
USING fts5(message UNINDEXED, body, tokenize = 'unicode61 remove_diacritics 2')
"""
FILL = "INSERT INTO messaging_message_words(rowid, message, body) VALUES (%s, %s, %s)"


def take_your_time(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("SET LOCAL statement_timeout = 0")


def tell_organisations(apps: Any, schema_editor: Any) -> None:
    message, conversation = (apps.get_model("messaging", name) for name in ("Message", "Conversation"))
    own = conversation.objects.filter(pk=models.OuterRef("conversation")).values("organisation")
    message.objects.update(organisation=models.Subquery(own))


def index_texts(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(WORDS)
        schema_editor.execute(INDEX)
        return
    schema_editor.execute(TABLE)
    said = apps.get_model("messaging", "Message").objects.filter(kind="text", deleted_at=None)
    texts = said.values_list("pk", "body").iterator(AT_ONCE)
    with schema_editor.connection.cursor() as cursor:
        while some := list(islice(texts, AT_ONCE)):
            cursor.executemany(FILL, [(id.int & (2**63 - 1), id.hex, body) for id, body in some])


def forget_texts(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX message_words")
        schema_editor.execute("DROP FUNCTION messaging_words(text)")
        return
    schema_editor.execute("DROP TABLE messaging_message_words")


def of_an_organisation(**options: Any) -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey(
        db_constraint=False,
        db_index=False,
        editable=False,
        on_delete=django.db.models.deletion.CASCADE,
        related_name="+",
        to="accounts.organisation",
        **options,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_what_a_tenant_decides"),
        ("messaging", "0008_life_of_a_message"),
    ]

    operations = [
        migrations.RunPython(take_your_time, migrations.RunPython.noop),
        migrations.AddField("message", "organisation", of_an_organisation(null=True)),
        migrations.RunPython(tell_organisations, migrations.RunPython.noop),
        migrations.AlterField("message", "organisation", of_an_organisation()),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("link_url", ""), _negated=True),
                fields=["id"],
                name="message_with_link_url",
            ),
        ),
        migrations.RunPython(index_texts, forget_texts),
    ]
