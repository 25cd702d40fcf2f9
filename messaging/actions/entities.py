"""What a host tells of its own world."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from accounts.actor import Actor
from accounts.permissions import Permission
from accounts.queries import spaces_visible_to
from common.errors import InvalidInput, NotFound
from messaging.models import Entity, EntityType
from messaging.queries import entities_visible_to


@dataclass(frozen=True, slots=True)
class Telling:
    """One entity, as the host has it."""

    type: str
    ref: str
    label: str
    url: str = ""
    space: UUID | None = None


@transaction.atomic
def tell_entities(actor: Actor, tellings: Sequence[Telling]) -> int:
    """Writes what is new and what has changed, by type and ref; all of them or none. Gives how many there are now.

    Of two with one ref the last one counts. Messages name them from now on: what was said before stays as it is.
    """
    actor.must(Permission.MANAGE_ENTITIES)
    types = {one.key: one for one in EntityType.objects.filter(organisation=actor.organisation_id)}
    unknown = {
        f"entities.{place}.type": [f"There is no type {one.type!r} here."]
        for place, one in enumerate(tellings)
        if one.type not in types
    }
    if unknown:
        raise InvalidInput(fields=unknown)
    _must_see_spaces(actor, {one.space for one in tellings if one.space})
    rows = {
        (one.type, one.ref): Entity(
            type=types[one.type], ref=one.ref, label=one.label, url=one.url, space_id=one.space
        )
        for one in tellings
    }
    Entity.objects.bulk_create(
        rows.values(),
        update_conflicts=True,
        unique_fields=["type", "ref"],
        update_fields=["label", "url", "space"],
    )
    return len(rows)


def _must_see_spaces(actor: Actor, ids: set[UUID]) -> None:
    if spaces_visible_to(actor).filter(pk__in=ids).count() < len(ids):
        raise NotFound("There is no such space here.")


@transaction.atomic
def forget_entity(actor: Actor, *, entity_id: UUID) -> None:
    """Messages that mention it show its name as plain text."""
    entity = entities_visible_to(actor).filter(pk=entity_id).first()
    if entity is None:
        raise NotFound("There is no such entity here.")
    actor.must(Permission.MANAGE_ENTITIES)
    # Once nobody is just saying something about it.
    for held in Entity.objects.select_for_update().filter(pk=entity.pk):
        held.delete()


@transaction.atomic
def tell_entity_type(actor: Actor, *, key: str, name: str) -> EntityType:
    """A type of the organisation's own, or another name for one that there is."""
    actor.must(Permission.MANAGE_ENTITIES)
    kind, _ = EntityType.objects.update_or_create(
        organisation_id=actor.organisation_id, key=key, defaults={"name": name}
    )
    return kind
