"""Who may know of a file, and who may read it. Who may read what holds it decides; rooms above say so for what they
hold."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from operator import or_
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q

from accounts.actor import Actor, Credential
from accounts.models import Member
from accounts.permissions import Permission
from attachments.models import OPEN, Attachment, FileState
from common.errors import NotFound

NO_FILE = "There is no such file here."

MayRead = Callable[[Actor, UUID], bool]
IsThere = Callable[[UUID], bool]
SeenBy = Callable[[Actor], Q]


class Holder(NamedTuple):
    may_read: MayRead
    is_there: IsThere
    seen_by: SeenBy


_holders: dict[str, Holder] = {}
_places: dict[str, MayRead] = {}


def register_holder(kind: str, *, may_read: MayRead, is_there: IsThere, seen_by: SeenBy) -> None:
    """`may_read(actor, id)`: whether the actor may read what holds the file, now; `is_there(id)`: whether anybody
    may; `seen_by(actor)`: of the files that this kind holds, those whose holder the actor may read."""
    _holders[kind] = Holder(may_read, is_there, seen_by)


def register_place(kind: str, *, may_see: MayRead) -> None:
    """`may_see(actor, id)`: whether the actor sees the place that files are uploaded to."""
    _places[kind] = may_see


def held_where_seen(actor: Actor) -> Q:
    """Files that something holds which the actor may read, whatever it is."""
    return reduce(or_, (one.seen_by(actor) for one in _holders.values()))


def is_there(file: Attachment) -> bool:
    """For whoever comes with a link, and is nobody."""
    return file.holder is None or _holders[file.holder_kind].is_there(file.holder)


def may_share(maker: Member, file: Attachment) -> bool:
    """Of whoever has made a link to it: now, too."""
    actor = Actor(maker, Credential(maker.pk))
    return maker.deactivated_at is None and actor.can(Permission.SHARE_FILES) and _may_know(actor, file)


def get_attachment(actor: Actor, id: UUID) -> Attachment:
    """That there is one: NotFound for whoever may not read what holds it."""
    file = Attachment.objects.filter(organisation=actor.organisation_id, pk=id, deleted_at=None).first()
    if file is None or not _may_know(actor, file):
        raise NotFound(NO_FILE)
    return file


def get_readable(actor: Actor, id: UUID) -> Attachment:
    """What stands in it, too: NotFound also for what was not approved yet, or never will be."""
    file = get_attachment(actor, id)
    if file.state != FileState.APPROVED and not (file.state in OPEN and sees_details(actor, file)):
        raise NotFound(NO_FILE)
    return file


def sees_details(actor: Actor, file: Attachment) -> bool:
    """What it is called and why it is held, before it is approved. Asked of whoever may know of it."""
    return (
        file.state == FileState.APPROVED or file.uploader_id == actor.id or actor.can(Permission.REVIEW_FILES)
    )


def _may_know(actor: Actor, file: Attachment) -> bool:
    """What nobody has said yet is its uploader's, as long as they see where it is to be said."""
    if file.holder is None:
        return file.uploader_id == actor.id and _places[file.place_kind](actor, file.place)
    return _holders[file.holder_kind].may_read(actor, file.holder)
