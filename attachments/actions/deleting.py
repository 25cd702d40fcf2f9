"""Files that go: first from everybody's sight, then their bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from accounts.actor import Actor
from attachments import storage
from attachments.actions.room import give_back
from attachments.models import QUARANTINED, Attachment, FileState
from common.clock import now

AT_ONCE = 200

WayOut = Callable[[Actor, Attachment, Sequence[Attachment]], None]
_ways_out: dict[str, WayOut] = {}


def register_way_out(kind: str, way_out: WayOut) -> None:
    """`way_out(actor, file, versions)` takes a file out of what holds it, if the actor may: all its versions are
    locked."""
    _ways_out[kind] = way_out


def take_out(actor: Actor, file: Attachment, versions: Sequence[Attachment]) -> None:
    _ways_out[file.holder_kind](actor, file, versions)


def lock_held_by(kind: str, holder: UUID) -> None:
    """Before what holds them is locked: everybody who locks both does it in this order."""
    held = Attachment.objects.filter(holder=holder, holder_kind=kind, deleted_at=None)
    list(held.select_for_update(no_key=True).order_by("pk").values_list("pk"))


def delete_files(files: Iterable[Attachment], *, by: Actor | None) -> None:
    """With all their versions, out of everybody's sight, in the caller's transaction. Their bytes go by
    `purge_files`. `by`: nobody, where their time has come."""
    first = [one.original_id or one.pk for one in files]
    _delete(Attachment.objects.filter(Q(pk__in=first) | Q(original__in=first)), by=by)


def delete_unclaimed(*, older_than: timedelta) -> None:
    """What was uploaded and then not said."""
    _delete(Attachment.objects.filter(holder=None, created_at__lt=now() - older_than))


def _delete(files: QuerySet[Attachment], *, by: Actor | None = None) -> None:
    present = files.filter(deleted_at=None)
    present.update(deleted_at=now(), deleted_by=by and by.member, state=FileState.DELETED, text="")


def purge_files(*, quarantined_for: timedelta) -> None:
    """The bytes of what was deleted, and of what was rejected or infected so long ago: as many as are done at once.
    Whoever dies on the way is followed by another."""
    kept = Attachment.objects.exclude(key="").prefetch_related("thumbnails")
    gone = kept.filter(deleted_at__isnull=False).order_by("deleted_at")
    bad = kept.filter(state__in=QUARANTINED, reviewed_at__lt=now() - quarantined_for).order_by("reviewed_at")
    for file in (*gone[:AT_ONCE], *bad[:AT_ONCE]):
        storage.forget(file.keys)
        _purged(file)


@transaction.atomic
def _purged(file: Attachment) -> None:
    """One of two who purge the same counts it. What is left of a deleted file says that there was one, and nothing of
    it; of a rejected one still what it was called, and why nobody got it."""
    known = {} if file.state in QUARANTINED else {"name": "", "tags": []}
    there = Attachment.objects.filter(pk=file.pk, key=file.key)
    if there.update(key="", served_extension="", sha256="", text="", metadata={}, **known):
        file.thumbnails.all().delete()
        give_back(file, file.size)
