"""What stands behind a link, as far as the page itself tells."""

from __future__ import annotations

from django.db import models

from common.ids import new_id
from messaging.models.messages import Message

MAX_LINK = 500
MAX_TITLE = 200
MAX_DESCRIPTION = 300
MAX_SITE = 100


class LinkPreview(models.Model):
    """`url`: as the message has it. Whatever else is a stranger's text."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    message = models.OneToOneField(Message, on_delete=models.CASCADE, related_name="+")
    url = models.URLField(max_length=MAX_LINK)
    title = models.CharField(max_length=MAX_TITLE, blank=True)
    description = models.CharField(max_length=MAX_DESCRIPTION, blank=True)
    site = models.CharField(max_length=MAX_SITE, blank=True)

    def __str__(self) -> str:
        return self.title or self.url
