"""Browsers that may be pushed to, and the key that we push with."""

from __future__ import annotations

from django.db import models

from accounts.models import Member, Token
from common.ids import new_id


class PushSubscription(models.Model):
    """A browser of a member, by the credential it was signed up with: it ends when that does.

    Whoever knows the endpoint and the keys can push to that browser: they are shown to nobody.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+", db_index=False)
    token = models.ForeignKey(Token, on_delete=models.CASCADE, null=True, related_name="+")
    session_key = models.CharField(max_length=40, blank=True, editable=False)
    endpoint = models.URLField(max_length=1000, editable=False)
    digest = models.CharField(max_length=64, editable=False)
    p256dh = models.CharField(max_length=100, editable=False)
    auth = models.CharField(max_length=40, editable=False)
    service = models.CharField(max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "digest"], name="push_subscription_once"),
        ]

    def __str__(self) -> str:
        return f"{self.member} at {self.service}"


class ServerKey(models.Model):
    """A key of this installation, sealed; made when it is first asked for. There is one of each name."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=20, unique=True)
    sealed = models.TextField(editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name
