"""Who has read a file, by which way; and what is counted of files by the day."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from accounts.models import Member, Organisation
from attachments.models.files import Attachment
from common.ids import new_id


class Mode(models.TextChoices):
    VIEW = "view"
    DOWNLOAD = "download"


class ShareLink(models.Model):
    """Whoever has its token reads one file, until it expires, was used as often as it may be, or is revoked."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    attachment = models.ForeignKey(Attachment, on_delete=models.CASCADE, related_name="share_links")
    creator = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    mode = models.CharField(max_length=8, choices=Mode)
    password = models.CharField(max_length=128, blank=True)
    expires_at = models.DateTimeField()
    max_uses = models.PositiveIntegerField(null=True, blank=True)
    uses = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(db_default=Now())
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    def __str__(self) -> str:
        return f"link {self.pk}"


class FileAccess(models.Model):
    """That somebody read a file: a member, or whoever has a link."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    attachment = models.ForeignKey(
        Attachment, on_delete=models.CASCADE, related_name="accesses", db_index=False
    )
    member = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    link = models.ForeignKey(ShareLink, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    mode = models.CharField(max_length=8, choices=Mode)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name_plural = "file accesses"
        # Ids are of version 7: the newest first.
        indexes = [
            models.Index(fields=["attachment", "-id"], name="file_access_newest"),
            models.Index(fields=["organisation", "at"], name="file_access_of_days"),
        ]

    def __str__(self) -> str:
        return f"{self.mode} of {self.attachment_id}"


class FileCount(models.Model):
    """How often something came of an upload in an organisation on a day (UTC): `what` ("taken", "refused", "failed")
    and its `key`, a kind of file or a code.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+", db_index=False)
    day = models.DateField()
    what = models.CharField(max_length=20)
    key = models.CharField(max_length=40, blank=True)
    number = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "day", "what", "key"], name="file_count_once")
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.key} on {self.day}"
