"""Finding what was said, among what the actor may see; and the index that it is found by.

On PostgreSQL that is one GIN index (migration 0009), which follows each row by itself. It holds the words of each text,
and the organisation and the conversation it was said in, so that nobody goes through what other tenants said. On SQLite
it is a full-text table beside the messages: whoever writes a text calls `index`, whoever takes one away `forget`, in
the same transaction.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from django.db import connection
from django.db.models import (
    BooleanField,
    Exists,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    UUIDField,
    Value,
)
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce

from accounts.actor import Actor
from accounts.permissions import Permission
from attachments.models import Attachment
from common.errors import NotFound
from common.ids import IdText
from messaging.access import conversations_visible_to, members_known_to, shown_to, ways_to_see
from messaging.models import Conversation, Message, MessageKind
from messaging.words import Term

TABLE = "messaging_message_words"  # SQLite's
ROWID = 2**63 - 1
WRITE = f"""
    INSERT OR REPLACE INTO {TABLE}(rowid, message, body)
    SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]') FROM json_each(%s)
"""  # noqa: S608
ERASE = f"DELETE FROM {TABLE} WHERE rowid IN (SELECT value FROM json_each(%s))"  # noqa: S608
MATCH = f"SELECT message FROM {TABLE} WHERE {TABLE} MATCH %s"  # noqa: S608
LINK = r"https?://"
# Of so few conversations each is named to the index; more are told by their organisation.
FEW = 64
MANY = 5_000
# Where so much was said, what is common is found quicker among the newest than by sorting all that there is of it.
MUCH = 30_000
NEWEST = 5_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """`terms`: None when nothing was typed; no term at all is found nowhere."""

    terms: list[Term] | None = None
    channel: UUID | None = None
    user: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None
    has: str = ""


def found(actor: Actor, wanted: Wanted, *, before: UUID | None, limit: int) -> list[UUID]:
    """The ids of the newest `limit` that match, newest first, `before` that one: ids sort as they were made.

    `wanted.channel` and `wanted.user` are to be judged before (`get_conversation`, `must_know`).
    """
    if wanted.terms == []:
        return []
    matching = Message.objects.filter(_asked_for(wanted), ~Q(kind=MessageKind.SYSTEM), deleted_at=None)
    matching = matching.filter(shown_to(actor))
    if before:
        matching = matching.filter(pk__lt=before)
    if connection.vendor != "postgresql":
        visible = conversations_visible_to(actor)
        seen = visible.filter(pk=wanted.channel) if wanted.channel else visible
        return _ids(matching.filter(_says(wanted), conversation__in=seen).order_by("-pk"), limit)
    scope = Scope(actor, wanted.channel)
    matching = matching.filter(scope.holds)
    if scope.is_large:
        newest = _ids(matching.filter(_says_here(wanted), _among_the_newest(before)).order_by("-pk"), limit)
        if len(newest) == limit:
            return newest
    indexed = scope.is_named if wanted.terms else Q()
    # Ordered by their texts, or PostgreSQL may walk down all ids instead, in the hope of an early match.
    return _ids(matching.filter(indexed, _says(wanted)).order_by(IdText("pk").desc()), limit)


def must_know(actor: Actor, user: UUID) -> None:
    """NotFound unless the actor may know of this member, or sees something that it said before it left."""
    said = Message.objects.filter(sender=user, conversation__in=conversations_visible_to(actor))
    known = user == actor.id or members_known_to(actor).filter(pk=user).exists()
    if not known and not said.filter(kind=MessageKind.TEXT, deleted_at=None).exists():
        raise NotFound("There is no such member here.")


# --- where ----------------------------------------------------------------------------------------------------------


class Scope:
    """What the actor may see, as the database finds it best: by conversations, or by the organisation.

    The planner thinks that a word is said hardly ever, and would ask of each hit anew who may see it. So it is told
    ids, which it looks up in no time; of more than MANY, a list to join.
    """

    def __init__(self, actor: Actor, channel: UUID | None) -> None:
        self._organisation = actor.organisation_id
        self._sees_all = channel is None and actor.can(Permission.SEE_EVERY_CONVERSATION)
        self._ways = [Conversation.objects.filter(pk=channel)] if channel else ways_to_see(actor)
        most = FEW if self._sees_all else MANY
        seen = {id: said for way in self._ways for id, said in way.values_list("pk", "last_seq")[: most + 1]}
        self._ids = list(seen) if len(seen) <= most else None
        self.is_large = self._ids is None or sum(seen.values()) > MUCH

    @property
    def holds(self) -> Q:
        if self._ids is not None:
            return Q(StandsAmong("conversation", RawSQL("%s", [self._ids])))
        if self._sees_all:
            return Q(organisation=self._organisation)
        first, *others = (way.order_by().values("pk") for way in self._ways)
        return Q(organisation=self._organisation, conversation__in=first.union(*others))

    @property
    def is_named(self) -> Q:
        """Says nothing that `holds` does not, but as the index has it: of many conversations one by one it is slow."""
        few = self._ids if self._ids is not None and len(self._ids) <= FEW else None
        places = [self._organisation] if few is None else few
        return Q(StandsIn(Places("organisation", "conversation"), RawSQL("%s", [places])))


class StandsAmong(Func):
    template = "%(expressions)s::uuid[])"
    arg_joiner = " = ANY("
    output_field = BooleanField()


class StandsIn(Func):
    """As the index of the migration says it."""

    template = "%(expressions)s::uuid[]"
    arg_joiner = " && "
    output_field = BooleanField()


class Places(Func):
    template = "ARRAY[%(expressions)s]"


def _among_the_newest(before: UUID | None) -> Q:
    """Of all tenants: to find them takes nothing but the primary key."""
    newest = Message.objects.order_by("-pk").filter(**{"pk__lt": before} if before else {})
    oldest = newest.values("pk")[NEWEST : NEWEST + 1]
    return Q(pk__gte=Coalesce(Subquery(oldest), Value(UUID(int=0)), output_field=UUIDField()))


# --- what -----------------------------------------------------------------------------------------------------------


def _asked_for(wanted: Wanted) -> Q:
    asked = Q()
    if wanted.user:
        asked &= Q(sender=wanted.user)
    if wanted.since:
        asked &= Q(created_at__gte=wanted.since)
    if wanted.until:
        asked &= Q(created_at__lt=wanted.until)
    if wanted.has == "link":
        asked &= ~Q(link_url="") | _links()
    if wanted.has == "file":
        held = Attachment.objects.filter(holder=OuterRef("pk"), deleted_at=None)
        asked &= Q(Exists(held), is_adorned=True)
    return asked


def _links() -> Q:
    """Written in the text: the index knows the words, the text how they stand."""
    indexed = Q(Says("body", Value("'http' | 'https'"))) if connection.vendor == "postgresql" else Q()
    return indexed & Q(body__iregex=LINK)


def _says(wanted: Wanted) -> Q:
    if not wanted.terms:
        return Q()
    if connection.vendor == "postgresql":
        return Q(Says("body", Value(_tsquery(wanted.terms))))
    return Q(pk__in=RawSQL(MATCH, [_match(wanted.terms)]))  # noqa: S611


def _says_here(wanted: Wanted) -> Q:
    """The same, asked of each row: no index knows it said so."""
    return Q(Coalesce(Says("body", Value(_tsquery(wanted.terms))), False)) if wanted.terms else Q()


class Says(Func):
    template = "messaging_words(%(expressions)s)"
    arg_joiner = ") @@ to_tsquery('pg_catalog.simple', "
    output_field = BooleanField()


def _tsquery(terms: list[Term]) -> str:
    """Of letters, digits, and what stands here."""
    folded = [(term.folded, term.goes_on) for term in terms]
    said = [
        " <-> ".join([*(f"'{word}'" for word in words[:-1]), f"'{words[-1]}'{':*' if goes_on else ''}"])
        for words, goes_on in folded
        if words
    ]
    return " & ".join(f"({one})" for one in said)


def _match(terms: list[Term]) -> str:
    """The same for SQLite, which folds what is typed as it folded what was said."""
    return " AND ".join(f'"{" ".join(term.words)}"{"*" if term.goes_on else ""}' for term in terms)


def _ids(messages: QuerySet[Message], limit: int) -> list[UUID]:
    return list(messages.values_list("pk", flat=True)[:limit])


# --- the index ------------------------------------------------------------------------------------------------------


def index(messages: Iterable[Message]) -> None:
    """After they were written, or their text was changed: what they say now is found, and nothing else."""
    if connection.vendor == "sqlite":
        rows = [[one.pk.int & ROWID, one.pk.hex, one.body] for one in messages]
        _execute(WRITE, rows)


def forget(messages: Iterable[Message]) -> None:
    """When they are deleted."""
    if connection.vendor == "sqlite":
        rows = [one.pk.int & ROWID for one in messages]
        _execute(ERASE, rows)


def _execute(statement: str, rows: list[Any]) -> None:
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(statement, [orjson.dumps(rows).decode()])
