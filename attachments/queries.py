"""What files there are: found by what holds them, which the caller may read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet

from attachments.models import Attachment, UploadPolicy


def policy_of(organisation_id: UUID) -> UploadPolicy:
    """Its own, or the defaults."""
    own = UploadPolicy.objects.filter(organisation=organisation_id).first()
    return own or UploadPolicy(organisation_id=organisation_id)


def files_held_by(kind: str, ids: Iterable[UUID]) -> dict[UUID, list[Attachment]]:
    """holder -> its files in their order, with thumbnails: two queries however many there are."""
    found: defaultdict[UUID | None, list[Attachment]] = defaultdict(list)
    held = Attachment.objects.filter(holder__in=list(ids), holder_kind=kind, deleted_at=None)
    for file in held.order_by("holder", "position").prefetch_related("thumbnails"):
        found[file.holder].append(file)
    return {holder: files for holder, files in found.items() if holder}


def files_at(kind: str, place: UUID) -> QuerySet[Attachment]:
    """What has been said at a place, the newest first."""
    return Attachment.objects.filter(
        place_kind=kind, place=place, holder__isnull=False, deleted_at=None
    ).order_by("-pk")
