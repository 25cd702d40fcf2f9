"""What a principal may show: an opaque token, or a ticket for one socket. Only digests are stored."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from accounts.models.people import Member
from accounts.models.sites import Site
from common.ids import new_id


class TokenKind(models.TextChoices):
    API = "api"
    WIDGET = "widget"


class TokenQuerySet(models.QuerySet["Token"]):
    def valid_at(self, moment: datetime | Now) -> Self:
        return self.filter(
            Q(expires_at=None) | Q(expires_at__gt=moment),
            Q(site=None) | Q(site__is_active=True),
            Q(member__user=None) | Q(member__user__is_active=True),
            revoked_at=None,
            member__deactivated_at=None,
            member__organisation__is_active=True,
        )


class Token(models.Model):
    """A bearer token of a member. A widget's is bound to its site, and so to that site's origins."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="tokens")
    kind = models.CharField(max_length=6, choices=TokenKind)
    name = models.CharField(max_length=80, blank=True)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    scopes = models.JSONField(default=list)
    site = models.ForeignKey(Site, on_delete=models.CASCADE, null=True, blank=True, related_name="tokens")
    # Of a widget on a page of ours: it ends with the session that let it in.
    session_key = models.CharField(max_length=40, blank=True, default="", db_default="", editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = TokenQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.name or self.kind} of {self.member}"


class SocketTicket(models.Model):
    """Opens one socket within 30 seconds, for the credential that asked for it: a token, or a session."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    token = models.ForeignKey(Token, on_delete=models.CASCADE, null=True, related_name="+")
    session_key = models.CharField(max_length=40, blank=True)
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"ticket of {self.member}"
