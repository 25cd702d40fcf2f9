"""Answers that are written once and given often."""

from __future__ import annotations

from unicodedata import normalize

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models

from accounts.models import Member, Organisation
from common.ids import new_id

MAX_SHORTCUT = 32
MAX_REPLY = 5000
SHORTCUT = r"[\w-]{1,32}"


def folded(shortcut: str) -> str:
    """As it is kept: databases do not agree on the case of letters beyond ASCII."""
    return normalize("NFKC", shortcut).lower()


class CannedReply(models.Model):
    """`shortcut`: what is typed after "/", in small letters. `language`: of its text, "" for any."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+", db_index=False)
    shortcut = models.CharField(
        max_length=MAX_SHORTCUT,
        validators=[RegexValidator(rf"\A{SHORTCUT}\Z", "Use letters, digits, - and _.")],
    )
    body = models.TextField(
        max_length=MAX_REPLY,
        help_text="{{client.name}}, {{agent.name}} and {{organisation.name}} are filled in.",
    )
    language = models.CharField(max_length=10, choices=settings.LANGUAGES, blank=True, default="")
    created_by = models.ForeignKey(
        Member, on_delete=models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name_plural = "canned replies"
        constraints = [
            # It is also the index of the list.
            models.UniqueConstraint(fields=["organisation", "shortcut"], name="canned_reply_once"),
        ]

    def __str__(self) -> str:
        return f"/{self.shortcut}"
