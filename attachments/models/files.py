"""Files, and how far each has come."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from accounts.models import Member, Organisation, Space
from attachments.filing import beside
from attachments.inspection.kinds import Kind
from common.ids import new_id

MAX_NAME = 255
MAX_KEY = 200
MAX_REASON = 500
MAX_TAGS, MAX_TAG = 20, 40

KINDS = [(one.value, one.value.title()) for one in Kind]


class FileState(models.TextChoices):
    """`scanning`, then `pending` where a person looks at it first, then one of the next three; `deleted` from any."""

    SCANNING = "scanning"
    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"
    INFECTED = "infected"
    DELETED = "deleted"


# Nobody but its uploader and its reviewers reads it yet.
OPEN = (FileState.SCANNING, FileState.PENDING)
# Nobody reads it any more, and its bytes are kept for a while.
QUARANTINED = (FileState.REJECTED, FileState.INFECTED)


class Scan(models.TextChoices):
    """What the antivirus said. `waiting`: nothing yet; `unscannable`: it cannot say anything of this one."""

    NONE = "none"
    WAITING = "waiting"
    CLEAN = "clean"
    UNSCANNABLE = "unscannable"
    INFECTED = "infected"


class Category(models.TextChoices):
    """Set from who uploaded it, and changed by hand."""

    CLIENT = "client"
    PORTFOLIO = "portfolio"


# What the rooms above call the places that files are uploaded to; lists of files say in which they are.
CONVERSATION, REQUEST = "conversation", "request"


class Attachment(models.Model):
    """A file that somebody uploaded to a `place`: a conversation, or a client's request, told by `place_kind`, for
    those rooms are above this.

    What holds it (`holder_kind`, `holder`: a message, or the request) claims it once. `name` is what the uploader
    called it, and text only; `key` is where the bytes are (`attachments.filing`), empty once they are gone.
    `served_extension`: of an image as everybody gets it, upright and without what its camera wrote. `concern`: why
    the inspection wants a person to look at it. `smaller_at`: when a picture was made smaller, or could not be. A
    document's later versions name the first one as their `original`; `is_current` is the one that is shown: the
    newest that is approved, or the newest. `waiting` is filled where files are listed: the number of a newer version
    that is not decided yet.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    space = models.ForeignKey(Space, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    place_kind = models.CharField(max_length=20)
    place = models.UUIDField()
    holder_kind = models.CharField(max_length=20, blank=True)
    holder = models.UUIDField(null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    uploader = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=MAX_NAME)
    kind = models.CharField(max_length=11, choices=KINDS)
    mime = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    key = models.CharField(max_length=MAX_KEY)
    served_extension = models.CharField(max_length=5, blank=True)
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    pages = models.PositiveIntegerField(null=True, blank=True)
    seconds = models.FloatField(null=True, blank=True)
    metadata = models.JSONField(default=dict, blank=True)
    text = models.TextField(blank=True)
    state = models.CharField(max_length=9, choices=FileState)
    concern = models.CharField(max_length=20, blank=True)
    scan = models.CharField(max_length=11, choices=Scan, default=Scan.NONE)
    reviewer = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=MAX_REASON, blank=True)
    original = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="later"
    )
    version = models.PositiveSmallIntegerField(default=1)
    is_current = models.BooleanField(default=True)
    category = models.CharField(max_length=9, choices=Category, default=Category.CLIENT)
    tags = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    smaller_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)
    deleted_by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    waiting: int | None = None

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["original", "version"], name="attachment_version_once")
        ]
        indexes = [
            # Ids are of version 7: the newest first.
            models.Index(fields=["place", "-id"], name="attachment_newest"),
            models.Index(
                fields=["holder", "position"], condition=Q(holder__isnull=False), name="attachment_held"
            ),
            # Nobody has said anything with it: swept when it is old.
            models.Index(
                fields=["created_at"],
                condition=Q(holder__isnull=True, deleted_at__isnull=True),
                name="attachment_unclaimed",
            ),
            # Their bytes are still there.
            models.Index(
                fields=["deleted_at"],
                condition=Q(deleted_at__isnull=False) & ~Q(key=""),
                name="attachment_to_purge",
            ),
            models.Index(
                fields=["reviewed_at"],
                condition=Q(state__in=[FileState.REJECTED, FileState.INFECTED]) & ~Q(key=""),
                name="attachment_quarantined",
            ),
            # What people look at, and what the antivirus has yet to look at: the oldest first.
            models.Index(
                fields=["organisation", "id"],
                condition=Q(state=FileState.PENDING, holder__isnull=False),
                name="attachment_pending",
            ),
            models.Index(
                fields=["id"],
                condition=Q(scan=Scan.WAITING, deleted_at__isnull=True),
                name="attachment_unscanned",
            ),
            # Pictures that may be made smaller some day: the oldest first.
            models.Index(
                fields=["organisation", "created_at"],
                condition=Q(kind=Kind.IMAGE, smaller_at__isnull=True, deleted_at__isnull=True),
                name="attachment_not_smaller",
            ),
        ]

    def __str__(self) -> str:
        """What it is called may be no longer for everybody who sees that there was one."""
        return f"{self.kind} {self.pk}"

    @property
    def keys(self) -> list[str]:
        """Of all that is kept of it. Needs `thumbnails`."""
        made = [("served", self.served_extension)] if self.served_extension else []
        made += [(str(one.size), one.extension) for one in self.thumbnails.all()]
        return list(
            dict.fromkeys([self.key, *(beside(self.key, what, extension) for what, extension in made)])
        )


class Thumbnail(models.Model):
    """`size`: no side of it is longer."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    attachment = models.ForeignKey(
        Attachment, on_delete=models.CASCADE, related_name="thumbnails", db_index=False
    )
    size = models.PositiveSmallIntegerField()
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    extension = models.CharField(max_length=5)

    class Meta:
        ordering = ("size",)
        constraints = [models.UniqueConstraint(fields=["attachment", "size"], name="thumbnail_once")]

    def __str__(self) -> str:
        return f"{self.attachment_id} at {self.size}"
