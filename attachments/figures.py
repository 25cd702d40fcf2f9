"""Files in figures, for whoever manages an organisation: how uploads went, what there is, who reads it, how long people
wait for a decision."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from statistics import median, quantiles
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import TruncDate

from accounts.models import Member
from accounts.payloads import member_payload
from attachments.access import is_there
from attachments.models import CONVERSATION, Attachment, FileAccess, FileCount, FileState, Mode, StorageUse
from attachments.queries import pending_in, policy_of

MOST = 20
MOST_REVIEWS = 10_000
# How long people should wait for a decision (the sources' target).
TARGET = timedelta(hours=2)

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Span:
    """Of an organisation, from one day to another, both with it (UTC)."""

    organisation: UUID
    since: date
    until: date

    @property
    def moments(self) -> tuple[datetime, datetime]:
        midnight = time(tzinfo=UTC)
        begins, ends = (
            datetime.combine(day, midnight) for day in (self.since, self.until + timedelta(days=1))
        )
        return begins, ends

    def within(self, field: str) -> Q:
        begins, ends = self.moments
        return Q(**{f"{field}__gte": begins, f"{field}__lt": ends}, organisation=self.organisation)


def figures_of(span: Span) -> Json:
    uploads = _uploads(span)
    return {
        "since": span.since.isoformat(),
        "until": span.until.isoformat(),
        "uploads": uploads,
        "availability": _availability(span, uploads),
        "types": _types(span.organisation),
        "storage": _storage(span),
        "reviews": _reviews(span),
        "opened": _opened(span),
        "readers": _readers(span),
    }


# --- how it went ----------------------------------------------------------------------------------------------------


def _uploads(span: Span) -> Json:
    """`success_rate`: of what could be taken at all; what is no file for here is no failure of ours, but counts."""
    days = FileCount.objects.filter(organisation=span.organisation, day__range=(span.since, span.until))
    counted: dict[str, dict[str, int]] = {"taken": {}, "refused": {}, "failed": {}}
    for what, key, number in days.values_list("what", "key").annotate(total=Sum("number")):
        counted.setdefault(what, {})[key] = number
    taken, refused, failed = (sum(counted[what].values()) for what in ("taken", "refused", "failed"))
    return {
        "taken": taken,
        "refused": counted["refused"],
        "failed": counted["failed"],
        "success_rate": _share(taken, taken + refused + failed),
    }


def _availability(span: Span, uploads: Json) -> float | None:
    """The share of all that was done with files that did not fail by us."""
    failed = sum(uploads["failed"].values())
    read = FileAccess.objects.filter(span.within("at")).count()
    done = uploads["taken"] + sum(uploads["refused"].values()) + read
    return _share(done, done + failed)


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 5) if whole else None


# --- what there is --------------------------------------------------------------------------------------------------


def _kept(organisation: UUID) -> QuerySet[Attachment]:
    return Attachment.objects.filter(organisation=organisation).exclude(key="")


def _types(organisation: UUID) -> list[Json]:
    kinds = _kept(organisation).values("kind").annotate(files=Count("pk"), bytes=Sum("size"))
    return [dict(one) for one in kinds.order_by("-bytes", "kind")]


def _storage(span: Span) -> Json:
    """`trend`: the bytes that came in, by day."""
    uses = StorageUse.objects.filter(organisation=span.organisation).select_related("space")
    whole = next((one.bytes for one in uses if one.space is None), 0)
    said = _kept(span.organisation).filter(place_kind=CONVERSATION)
    places = said.values("place").annotate(files=Count("pk"), bytes=Sum("size"))
    days = Attachment.objects.filter(span.within("created_at")).annotate(
        day=TruncDate("created_at", tzinfo=UTC)
    )
    return {
        "bytes": whole,
        "quota": policy_of(span.organisation).quota,
        "spaces": [
            {"space": str(one.space.pk), "name": one.space.name, "bytes": one.bytes}
            for one in uses
            if one.space is not None
        ],
        "conversations": [
            {"conversation": str(one["place"]), "files": one["files"], "bytes": one["bytes"]}
            for one in places.order_by("-bytes")[:MOST]
        ],
        "trend": [
            {"day": one["day"].isoformat(), "files": one["files"], "bytes": one["bytes"]}
            for one in days.values("day").annotate(files=Count("pk"), bytes=Sum("size")).order_by("day")
        ],
    }


# --- who waits, and who reads ---------------------------------------------------------------------------------------


def _reviews(span: Span) -> Json:
    decided = Attachment.objects.filter(span.within("reviewed_at"), reviewer__isnull=False)
    newest = decided.order_by("-reviewed_at").values_list(F("reviewed_at") - F("created_at"), flat=True)
    waited = [one.total_seconds() for one in newest[:MOST_REVIEWS]]
    in_time = sum(one <= TARGET.total_seconds() for one in waited)
    return {
        "pending": pending_in(span.organisation).count(),
        "approved": decided.filter(state=FileState.APPROVED).count(),
        "rejected": decided.filter(state=FileState.REJECTED).count(),
        "median_s": round(median(waited)) if waited else None,
        "p90_s": round(_p90(waited)) if waited else None,
        "within_target": _share(in_time, len(waited)),
    }


def _p90(waited: list[float]) -> float:
    return quantiles(waited, n=10, method="inclusive")[-1] if len(waited) > 1 else waited[0]


VIEWS, DOWNLOADS = Count("pk", filter=Q(mode=Mode.VIEW)), Count("pk", filter=Q(mode=Mode.DOWNLOAD))


def _opened(span: Span) -> list[Json]:
    """Those that are still there, the most read first."""
    read = FileAccess.objects.filter(
        span.within("at"), attachment__deleted_at=None, attachment__state=FileState.APPROVED
    )
    by_file = read.values("attachment").annotate(views=VIEWS, downloads=DOWNLOADS, all=Count("pk"))
    most = list(by_file.order_by("-all", "attachment")[:MOST])
    files = Attachment.objects.in_bulk([one["attachment"] for one in most])
    return [
        {
            "attachment": str(one["attachment"]),
            "name": files[one["attachment"]].name,
            "views": one["views"],
            "downloads": one["downloads"],
        }
        for one in most
        if is_there(files[one["attachment"]])
    ]


def _readers(span: Span) -> list[Json]:
    """Members; whoever came by a link is nobody's."""
    read = FileAccess.objects.filter(span.within("at"), member__isnull=False)
    by_member = read.values("member").annotate(views=VIEWS, downloads=DOWNLOADS, all=Count("pk"))
    most = list(by_member.order_by("-all", "member")[:MOST])
    members = Member.objects.in_bulk([one["member"] for one in most])
    return [
        {
            "member": member_payload(members[one["member"]]),
            "views": one["views"],
            "downloads": one["downloads"],
        }
        for one in most
    ]


# --- as a table -----------------------------------------------------------------------------------------------------


def as_rows(figures: Json, path: str = "") -> Iterator[tuple[str, object]]:
    """(where it stands, what it is), one for each figure: "uploads.refused.broken", 3."""
    for name, value in figures.items():
        where = f"{path}.{name}" if path else name
        if isinstance(value, dict):
            yield from as_rows(value, where)
        elif isinstance(value, list):
            for number, one in enumerate(value, start=1):
                yield from as_rows(one, f"{where}.{number}")
        else:
            yield where, value
