"""How much there is of an organisation's files, of a space's, and of a guest's: counted in the transaction that writes
the file's row, so that two at once pass no quota together."""

from __future__ import annotations

from uuid import UUID

from django.db.models import F, Sum

from accounts.actor import Actor
from accounts.models import Role
from attachments import signals
from attachments.models import Attachment, StorageUse, UploadPolicy
from attachments.queries import quotas_of
from common.errors import TooLarge

NO_ROOM = "There is no room for this file: delete some, or ask for more."
# In percent of a quota.
WARNINGS = (95, 80)


def must_have_room(actor: Actor, policy: UploadPolicy, size: int) -> None:
    """Whoever is over a quota already is told before anybody looks into the file."""
    for space, quota in quotas_of(policy).items():
        use = StorageUse.objects.filter(organisation=actor.organisation_id, space=space)
        if size > quota or use.filter(bytes__gt=quota - size).exists():
            raise TooLarge(NO_ROOM)


def count(actor: Actor, policy: UploadPolicy, space_id: UUID | None, size: int) -> None:
    """By conditional updates, the organisation's first: whoever comes next waits for it, a guest's other file too."""
    quotas = quotas_of(policy)
    for space in dict.fromkeys((None, space_id)):
        use = StorageUse.objects.filter(organisation=actor.organisation_id, space=space)
        if not use.exists():
            use.get_or_create(defaults={"organisation_id": actor.organisation_id, "space_id": space})
        if space in quotas:
            use = use.filter(bytes__lte=quotas[space] - size)
        if not use.update(bytes=F("bytes") + size):
            raise TooLarge(NO_ROOM)
    if actor.member.role == Role.GUEST:
        _must_be_few(actor, policy, size)
    for space, quota in quotas.items():
        _warn(StorageUse.objects.get(organisation=actor.organisation_id, space=space), quota)


def _must_be_few(guest: Actor, policy: UploadPolicy, size: int) -> None:
    own = (
        Attachment.objects.filter(uploader=guest.id).exclude(key="").aggregate(bytes=Sum("size"))["bytes"]
        or 0
    )
    if own + size > policy.guest_quota:
        raise TooLarge("You have shared as many files as a visitor may.")


def _warn(use: StorageUse, quota: int) -> None:
    """Once on the way up."""
    passed = next((one for one in WARNINGS if use.bytes * 100 >= quota * one), 0)
    if passed > use.warned:
        signals.storage_filling.send(StorageUse, use=use, percent=passed)
    if passed != use.warned:
        StorageUse.objects.filter(pk=use.pk).update(warned=passed)


def give_back(file: Attachment, size: int) -> None:
    """So many of its bytes are gone."""
    uses = StorageUse.objects.filter(organisation=file.organisation_id)
    for space in dict.fromkeys((None, file.space_id)):
        uses.filter(space=space).update(bytes=F("bytes") - size)
