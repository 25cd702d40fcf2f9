"""Organisations (the tenants), the users who sign in, and the members they are in each organisation."""

from __future__ import annotations

from typing import Self
from uuid import UUID
from zoneinfo import available_timezones

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from common.ids import new_id


class User(AbstractUser):
    """Who signs in. What a person is called and may do is said by their Member of an organisation."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)


def check_timezone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError("Write it as in Europe/Madrid.")


class Organisation(models.Model):
    """A tenant: a hotel, a company, a creator, an estate agency."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    locale = models.CharField(max_length=10, choices=settings.LANGUAGES, default="en")
    timezone = models.CharField(max_length=60, default="UTC", validators=[check_timezone])
    edit_window_minutes = models.PositiveIntegerField(
        null=True,
        blank=True,
        help_text="How long a message may be edited by whoever wrote it. Empty: always; 0: never.",
    )
    link_previews = models.BooleanField(
        default=False, help_text="The server looks at the pages that messages link to, to show their titles."
    )
    notices_show_text = models.BooleanField(
        default=True, help_text="Pushes and e-mails show what was said, not only that something was."
    )
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    ADMIN = "admin"
    MANAGER = "manager"
    AGENT = "agent"
    CLIENT = "client"
    EXTERNAL_PM = "external_pm"
    VIEWER = "viewer"
    GUEST = "guest"
    BOT = "bot"


STAFF = (Role.ADMIN, Role.MANAGER, Role.AGENT)
CLIENTS_SIDE = (Role.CLIENT, Role.EXTERNAL_PM, Role.VIEWER)


# Of whom the host says no name.
NAMELESS = "Client"


def name_of_visitor(id: UUID) -> str:
    """So that staff can tell two of them apart."""
    return f"Visitor {id.hex[-4:].upper()}"


class MemberQuerySet(models.QuerySet["Member"]):
    def active(self) -> Self:
        return self.filter(deactivated_at=None, organisation__is_active=True)


class Member(models.Model):
    """A person, guest or bot in one organisation; the one foreign key for whoever does something."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="members"
    )
    role = models.CharField(max_length=12, choices=Role)
    name = models.CharField(max_length=120)
    external_id = models.CharField(max_length=200, blank=True, help_text="The host's own id (JWT `sub`).")
    email = models.EmailField(blank=True)
    read_private = models.BooleanField(
        default=False, db_default=False, help_text="Others do not see what this member has read."
    )
    locale = models.CharField(
        max_length=10,
        choices=settings.LANGUAGES,
        blank=True,
        default="",
        db_default="",
        help_text="Where it is not the organisation's.",
    )
    created_at = models.DateTimeField(auto_now_add=True)
    deactivated_at = models.DateTimeField(null=True, blank=True)

    objects = MemberQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "user"], condition=Q(user__isnull=False), name="member_once_per_user"
            ),
            models.UniqueConstraint(
                fields=["organisation", "external_id"],
                condition=~Q(external_id=""),
                name="member_once_per_external_id",
            ),
        ]
        indexes = [
            models.Index(
                fields=["organisation", "name", "id"], condition=Q(deactivated_at=None), name="member_by_name"
            ),
            models.Index(
                fields=["organisation", "role", "name", "id"],
                condition=Q(deactivated_at=None),
                name="member_by_role_and_name",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.role})"

    @property
    def language(self) -> str:
        """A locale: their own, or their organisation's."""
        return self.locale or self.organisation.locale

    @property
    def is_staff(self) -> bool:
        return self.role in STAFF

    @property
    def known(self) -> list[str]:
        """What need not be asked before somebody's first message."""
        has_name = self.name not in (NAMELESS, name_of_visitor(self.id))
        has_email = bool(self.email or (self.user and self.user.email))
        return [one for one, is_known in (("name", has_name), ("email", has_email)) if is_known]
