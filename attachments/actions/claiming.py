"""What holds a file claims it: once, and only what its sender uploaded there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from attachments.models import QUARANTINED, Attachment


def lock_claimable(ids: Iterable[UUID]) -> dict[UUID, Attachment]:
    """Those that nothing holds, in the order of their ids, held until the transaction ends."""
    free = Attachment.objects.filter(pk__in=set(ids), holder=None, deleted_at=None).exclude(
        state__in=QUARANTINED
    )
    locked = free.select_for_update(of=("self",), no_key=True).order_by("pk")
    return {one.pk: one for one in locked.prefetch_related("thumbnails")}


def claim(kind: str, held: Iterable[tuple[UUID, Sequence[Attachment]]], *, after: int = -1) -> None:
    """(holder, its files in their order, `after` the position of those it has): they were locked before."""
    claimed = []
    for holder, files in held:
        for position, file in enumerate(files, start=after + 1):
            file.holder_kind, file.holder, file.position = kind, holder, position
            claimed.append(file)
    Attachment.objects.bulk_update(claimed, ["holder_kind", "holder", "position"])
