"""Spaces: what a tenant's work is grouped by, and which clients may look in."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models

from accounts.models.people import Member, Organisation
from common.ids import new_id


class Space(models.Model):
    """A hotel's room, a company's project, a creator's page: `kind` is the tenant's own word."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="spaces")
    kind = models.CharField(max_length=30, default="project")
    name = models.CharField(max_length=120)
    slug = models.SlugField(max_length=60)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "slug"], name="space_slug_unique")]
        indexes = [models.Index(fields=["organisation", "name", "id"], name="space_by_name")]

    def __str__(self) -> str:
        return self.name


class SpaceRole(models.TextChoices):
    CLIENT = "client"
    EXTERNAL_PM = "external_pm"
    VIEWER = "viewer"


class SpaceAccess(models.Model):
    """A member of the clients' side in one space. `Member.role` and this role both bind: the narrower wins."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="space_access")
    space = models.ForeignKey(Space, on_delete=models.CASCADE, related_name="access")
    role = models.CharField(max_length=12, choices=SpaceRole, default=SpaceRole.CLIENT)
    can_comment = models.BooleanField(default=True)
    can_create_tasks = models.BooleanField(default=False)

    class Meta:
        verbose_name_plural = "space access"
        constraints = [models.UniqueConstraint(fields=["member", "space"], name="space_access_once")]

    def __str__(self) -> str:
        return f"{self.member} in {self.space}"

    def clean(self) -> None:
        """Whoever administers two organisations must not mix them."""
        are_known = all((self.member_id, self.space_id))
        if are_known and self.member.organisation_id != self.space.organisation_id:
            raise ValidationError({"space": "This space is another organisation's."})
        member = getattr(self, "member", None)
        if member and member.is_staff:
            raise ValidationError({"member": "Staff need no access: they see every space."})
