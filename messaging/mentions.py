"""Whom and what messages mention: as their texts name them, found among those who are there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from accounts.models import Member
from accounts.permissions import Permission, roles_with
from common.prepared import Prepared, as_model
from messaging.models import Conversation, Entity, Mention, Participant
from messaging.naming import entities_named, members_named


@dataclass(frozen=True, slots=True)
class Text:
    """`meant`: whom its writer chose, where several have one name. Whoever takes no part is left out, and whoever may
    not read a note."""

    organisation_id: UUID
    conversation_id: UUID
    body: str
    meant: Collection[UUID] = ()
    is_note: bool = False


def find_mentions(texts: Sequence[Text]) -> list[list[Mention]]:
    """Of each text, in its order, not yet written. Nothing is asked where nothing begins with "@"; else one query for
    all who are there, and one for all entities."""
    naming = [one for one in texts if "@" in one.body]
    if not naming:
        return [[] for _ in texts]
    people, entities = _people(naming), _entities(naming)
    return [_in_order(one, _members(one, people) + _things(one, entities)) for one in texts]


def _in_order(text: Text, mentions: list[Mention]) -> list[Mention]:
    return sorted(mentions, key=lambda one: text.body.find(one.text))


NOTE_READERS = frozenset(roles_with(Permission.SEE_NOTES))
People = dict[UUID, dict[UUID, Member]]


def _people(texts: Sequence[Text]) -> People:
    people: People = defaultdict(dict)
    for conversation, *fields in _NAMES([id] for id in {one.conversation_id for one in texts}):
        member = as_model(Member, zip(("id", "name", "role"), fields, strict=True))
        people[conversation][member.pk] = member
    return people


_NAMES = Prepared(
    Conversation,
    ("id",),
    lambda those: (
        Participant.objects.present()
        .filter(conversation__in=those)
        .values_list("conversation_id", "member_id", "member__name", "member__role")
    ),
)


def _members(text: Text, people: People) -> list[Mention]:
    there = people.get(text.conversation_id, {})
    if text.is_note:
        there = {id: one for id, one in there.items() if one.role in NOTE_READERS}
    named = members_named(text.body, ((id, one.name) for id, one in there.items()), text.meant)
    return [Mention(member=there[id], text=as_written) for id, as_written in named.items()]


Entities = dict[tuple[UUID, str, str], Entity]


def _entities(texts: Sequence[Text]) -> Entities:
    """Held as a foreign key to them holds them: one that is forgotten meanwhile would take what is said with it."""
    wanted = {(one.organisation_id, *reference) for one in texts for reference in entities_named(one.body)}
    if not wanted:
        return {}
    organisations, keys, refs = zip(*wanted, strict=True)
    known = Entity.objects.filter(
        type__organisation__in=set(organisations), type__key__in=set(keys), ref__in=set(refs)
    )
    kept = _HELD([id] for id in known.values_list("pk", flat=True))
    found = Entity.objects.select_related("type").filter(pk__in=[id for (id,) in kept])
    return {(one.type.organisation_id, one.type.key, one.ref): one for one in found}


_HELD = Prepared(
    Entity, ("id",), lambda those: Entity.objects.filter(pk__in=those).values_list("pk"), is_held=True
)


def _things(text: Text, entities: Entities) -> list[Mention]:
    """What nobody has told of stays plain text."""
    return [
        Mention(entity=entities[key], text=as_written)
        for reference, as_written in entities_named(text.body).items()
        if (key := (text.organisation_id, *reference)) in entities
    ]
