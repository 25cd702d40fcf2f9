"""What may be uploaded, and how much of it there is."""

from __future__ import annotations

from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q

from accounts.models import Organisation, Space
from attachments.inspection.kinds import Kind
from common.ids import new_id

MEGABYTE = 1024 * 1024
WITHOUT_REVIEW = ("image/jpeg", "image/png", "text/plain")
WITH_REVIEW = ("application/*", "video/*")
LISTS = ("extensions", "auto_approve", "require_approval")


class Approval(models.TextChoices):
    """Whose files a person looks at before the others see them."""

    OFF = "off"
    CLIENTS = "clients"
    EVERYONE = "everyone"


def are_texts(value: object) -> None:
    if not isinstance(value, list) or not all(isinstance(one, str) and one.isprintable() for one in value):
        raise ValidationError('Write a list of texts: ["image/png", "video/*"].')


def are_sizes(value: object) -> None:
    """By kind, in bytes."""
    if (
        not isinstance(value, dict)
        or not set(value) <= set(Kind)
        or not all(type(one) is int and one > 0 for one in value.values())
    ):
        raise ValidationError('Write bytes by kind: {"video": 50000000}.')


def _without_review() -> list[str]:
    return list(WITHOUT_REVIEW)


def _with_review() -> list[str]:
    return list(WITH_REVIEW)


class UploadPolicy(models.Model):
    """What may be uploaded in an organisation, or in a space of it; without a row, the defaults.

    `extensions`: empty for all we know. `max_bytes_by_kind`: {"video": 50000000}. `quota`: all its files together, in
    bytes; `guest_quota` those of one guest. `uploads_at_once`: how many of one member are on their way. `auto_approve`
    and `require_approval` are media types ("image/png", "video/*"): the second wins, and what is in neither is looked
    at. `recompress`: of photos that can do with much less, that is kept and not the original; with
    `recompress_after_days` once they are so old. `deleted_days`: how long the files of deleted messages are kept for
    the audit; without, as long as the message.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="upload_policies")
    space = models.OneToOneField(
        Space, on_delete=models.CASCADE, null=True, blank=True, related_name="upload_policy"
    )
    is_enabled = models.BooleanField(default=True)
    max_bytes = models.PositiveBigIntegerField(default=10 * MEGABYTE)
    max_bytes_by_kind = models.JSONField(default=dict, blank=True, validators=[are_sizes])
    extensions = models.JSONField(default=list, blank=True, validators=[are_texts])
    quota = models.PositiveBigIntegerField(default=500 * MEGABYTE)
    guest_quota = models.PositiveBigIntegerField(default=50 * MEGABYTE)
    approval = models.CharField(max_length=8, choices=Approval, default=Approval.OFF)
    auto_approve = models.JSONField(default=_without_review, blank=True, validators=[are_texts])
    require_approval = models.JSONField(default=_with_review, blank=True, validators=[are_texts])
    may_review_own = models.BooleanField(default=False)
    uploads_at_once = models.PositiveSmallIntegerField(default=3, validators=[MinValueValidator(1)])
    recompress = models.BooleanField(default=False)
    recompress_after_days = models.PositiveIntegerField(null=True, blank=True)
    deleted_days = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "upload policies"
        constraints = [
            models.UniqueConstraint(
                fields=["organisation"], condition=Q(space=None), name="upload_policy_once"
            )
        ]

    def __str__(self) -> str:
        return f"uploads of {self.space or self.organisation}"

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        """Django asks no validator about what is empty, be it of another type."""
        for name, empty in (("max_bytes_by_kind", dict), *((name, list) for name in LISTS)):
            if not getattr(self, name):
                setattr(self, name, empty())
        super().clean_fields(exclude)
        self.extensions = [one.strip().lower().lstrip(".") for one in self.extensions]

    def clean(self) -> None:
        if self.space and self.space.organisation_id != self.organisation_id:
            raise ValidationError({"space": "This space is another organisation's."})


class StorageUse(models.Model):
    """How many bytes of files an organisation has, and how many of them a space: moved by conditional updates, so a
    quota is never passed. `warned`: the percentage that was last told of.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    space = models.OneToOneField(Space, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    bytes = models.PositiveBigIntegerField(default=0)
    warned = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name_plural = "storage use"
        constraints = [
            models.UniqueConstraint(fields=["organisation"], condition=Q(space=None), name="storage_use_once")
        ]

    def __str__(self) -> str:
        return f"{self.bytes} bytes of {self.space_id or self.organisation_id}"
