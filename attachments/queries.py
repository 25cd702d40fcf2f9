"""What files there are: found by what holds them, which the caller may read; and what may be uploaded."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, F, Func, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from accounts.actor import Actor
from accounts.models import Member, Role
from accounts.models.people import CLIENTS_SIDE
from attachments.access import is_there, may_share
from attachments.models import OPEN, Attachment, FileAccess, FileState, ShareLink, UploadPolicy
from common.clock import now
from common.ids import digest_of


def policy_of(organisation_id: UUID, space_id: UUID | None = None) -> UploadPolicy:
    """The space's own, or the organisation's, or the defaults."""
    own = UploadPolicy.objects.filter(Q(space=None) | Q(space=space_id), organisation=organisation_id)
    found = {one.space_id: one for one in own}
    return found.get(space_id) or found.get(None) or UploadPolicy(organisation_id=organisation_id)


def quotas_of(policy: UploadPolicy) -> dict[UUID | None, int]:
    """The organisation's (None), then the space's where the policy is its own."""
    if policy.space_id is None:
        return {None: policy.quota}
    return {None: policy_of(policy.organisation_id).quota, policy.space_id: policy.quota}


def policies_of(organisation_id: UUID) -> dict[str, UploadPolicy]:
    """By space, "" for all without one of their own."""
    own = UploadPolicy.objects.filter(organisation=organisation_id)
    return {"": UploadPolicy(organisation_id=organisation_id)} | {str(one.space_id or ""): one for one in own}


def files_under(policy: UploadPolicy) -> QuerySet[Attachment]:
    """Those that it counts for: a space's policy comes before its organisation's."""
    files = Attachment.objects.filter(organisation=policy.organisation_id, deleted_at=None)
    if policy.space_id:
        return files.filter(space=policy.space_id)
    own = UploadPolicy.objects.filter(organisation=policy.organisation_id, space__isnull=False)
    return files.filter(Q(space=None) | ~Q(space__in=own.values("space")))


def is_from_clients(uploader: Member) -> bool:
    return uploader.role in (*CLIENTS_SIDE, Role.GUEST)


def with_waiting(files: QuerySet[Attachment]) -> QuerySet[Attachment]:
    """Each with the number of its newest version that nobody has decided about, if there is a newer one."""
    newer = Attachment.objects.filter(
        original=Coalesce(OuterRef("original"), OuterRef("pk")),
        version__gt=OuterRef("version"),
        state__in=OPEN,
        deleted_at=None,
    )
    newest = newer.order_by("-version").values("version")[:1]
    return files.annotate(waiting=Subquery(newest))  # type: ignore[no-redef]


def files_held_by(kind: str, ids: Iterable[UUID]) -> dict[UUID, list[Attachment]]:
    """holder -> its files in their order, with thumbnails: two queries however many there are."""
    found: defaultdict[UUID | None, list[Attachment]] = defaultdict(list)
    held = Attachment.objects.filter(holder__in=list(ids), holder_kind=kind, is_current=True, deleted_at=None)
    for file in with_waiting(held).order_by("holder", "position").prefetch_related("thumbnails"):
        found[file.holder].append(file)
    return {holder: files for holder, files in found.items() if holder}


def files_at(kind: str, place: UUID) -> QuerySet[Attachment]:
    """What has been said at a place, the newest first."""
    said = Attachment.objects.filter(
        place_kind=kind, place=place, holder__isnull=False, is_current=True, deleted_at=None
    )
    return with_waiting(said).order_by("-pk")


class _HasTag(Func):
    """No lookup in JSON does it in both databases."""

    output_field = BooleanField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, function="jsonb_exists", **context)

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = "EXISTS (SELECT 1 FROM json_each(%(expressions)s)"
        return self.as_sql(compiler, connection, template=template, arg_joiner=") WHERE value = ", **context)


def has_tag(tag: str) -> Func:
    return _HasTag(F("tags"), Value(tag))


def versions_of(file: Attachment) -> QuerySet[Attachment]:
    """The newest first."""
    first = file.original_id or file.pk
    there = Attachment.objects.filter(Q(pk=first) | Q(original=first), deleted_at=None)
    return there.order_by("-version").prefetch_related("thumbnails")


def pending_in(organisation_id: UUID) -> QuerySet[Attachment]:
    """What waits for a person, the oldest first."""
    return Attachment.objects.filter(
        organisation=organisation_id, state=FileState.PENDING, holder__isnull=False, deleted_at=None
    ).order_by("pk")


def approved_file(id: UUID) -> Attachment | None:
    """For whoever was allowed it a moment ago. None once it is deleted, or what holds it, or its organisation has
    gone."""
    there = Attachment.objects.filter(deleted_at=None, state=FileState.APPROVED).exclude(key="")
    file = there.filter(pk=id, organisation__is_active=True).first()
    return file if file and is_there(file) else None


def links_that_hold(file: Attachment) -> QuerySet[ShareLink]:
    return ShareLink.objects.filter(attachment=file, revoked_at=None, expires_at__gt=now())


def working_links(file: Attachment) -> list[ShareLink]:
    """The newest first. Of each who has made some it is asked once whether they may still."""
    links = list(links_that_hold(file).select_related("creator").order_by("-pk"))
    makers = {one.creator_id: one.creator for one in links}
    may = {id for id, maker in makers.items() if may_share(maker, file)}
    return [one for one in links if one.creator_id in may]


def link_of(token: str, *, is_used: bool = False) -> ShareLink | None:
    """With its file, while both hold, and whoever made it may read and share that. `is_used`: for whoever has just used
    it, maybe for the last time.
    """
    links = ShareLink.objects.filter(
        digest=digest_of(token), revoked_at=None, expires_at__gt=now(), organisation__is_active=True
    )
    if not is_used:
        links = links.filter(Q(max_uses=None) | Q(uses__lt=F("max_uses")))
    there = links.filter(attachment__state=FileState.APPROVED, attachment__deleted_at=None)
    link = there.exclude(attachment__key="").select_related("attachment", "organisation", "creator").first()
    return link if link and may_share(link.creator, link.attachment) else None


def accesses_of(file: Attachment) -> QuerySet[FileAccess]:
    """The newest first."""
    return FileAccess.objects.filter(attachment=file).select_related("member").order_by("-pk")


def has_read(actor: Actor, file: Attachment, *, since: datetime) -> bool:
    # Ids of version 7 begin with the time: the index finds the newest.
    oldest = UUID(int=int(since.timestamp() * 1000) << 80)
    return FileAccess.objects.filter(attachment=file, pk__gt=oldest, member=actor.id).exists()
