"""Where somebody writes from who writes to us: what their page and their host have told of them."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from accounts.models.people import Member
from common.ids import new_id

MAX_PAGE = 500
MAX_AGENT = 300


class Contact(models.Model):
    """Told by them when they write, for the staff alone. `page` has neither query nor fragment: those hold secrets."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    member = models.OneToOneField(Member, on_delete=models.CASCADE, related_name="contact")
    page = models.CharField(max_length=MAX_PAGE, blank=True)
    locale = models.CharField(max_length=35, blank=True)
    agent = models.CharField(max_length=MAX_AGENT, blank=True, help_text="What their browser says of itself.")
    attributes = models.JSONField(default=dict, blank=True)
    seen_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"contact of {self.member_id}"
