"""One line to leave a trace: called by actions, inside their transaction."""

from __future__ import annotations

from uuid import UUID

from django.db import models

from accounts.actor import Actor
from accounts.models import AuditEntry


def record(actor: Actor, verb: str, thing: models.Model, **data: object) -> None:
    AuditEntry.objects.create(
        organisation_id=actor.organisation_id,
        actor=actor.member,
        verb=verb,
        object_type=thing._meta.model_name or "",
        object_id=str(thing.pk),
        data=data,
    )


def record_by_itself(organisation_id: UUID, verb: str, thing: models.Model, **data: object) -> None:
    """What nobody did: the server came to it by itself."""
    AuditEntry.objects.create(
        organisation_id=organisation_id,
        verb=verb,
        object_type=thing._meta.model_name or "",
        object_id=str(thing.pk),
        data=data,
    )
