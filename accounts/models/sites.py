"""Sites: the installations of the widget, and the secrets their hosts sign identities with."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection

from django.core.exceptions import ValidationError
from django.db import models

from accounts.hours import check_holidays, check_week
from accounts.languages import check_texts
from accounts.models.people import Organisation, check_timezone
from accounts.models.spaces import Space
from accounts.prechat import check_prechat
from common.ids import new_id, new_secret


def new_site_key() -> str:
    return f"site_{new_secret()[:22]}"


def new_kid() -> str:
    return f"kid_{new_secret()[:12]}"


APPEARANCE = ("title", "greeting", "accent", "position")


def check_appearance(appearance: object) -> None:
    fields = appearance if isinstance(appearance, dict) else {"": None}
    if set(fields) - set(APPEARANCE) or not all(isinstance(text, str) for text in fields.values()):
        raise ValidationError(f"Write an object of texts, with any of {', '.join(APPEARANCE)}.")


EMPTY: dict[str, Callable[[], object]] = {
    "appearance": dict,
    "hours": dict,
    "holidays": list,
    "away_message": dict,
    "prechat": list,
}


class Site(models.Model):
    """One place where the widget is embedded. Its origins decide CORS, the socket's Origin and who may frame it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="sites")
    name = models.CharField(max_length=120)
    key = models.CharField(max_length=40, unique=True, default=new_site_key, editable=False)
    identity_required = models.BooleanField(default=False)
    appearance = models.JSONField(default=dict, blank=True, validators=[check_appearance])
    default_space = models.ForeignKey(
        Space, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    timezone = models.CharField(
        max_length=60,
        blank=True,
        validators=[check_timezone],
        help_text="Of the hours, as in Europe/Madrid. Empty: the organisation's.",
    )
    hours = models.JSONField(
        default=dict,
        blank=True,
        validators=[check_week],
        help_text='When it is open: {"mon": ["09:00-14:00", "16:00-19:00"], "tue": ["09:00-24:00"]}. '
        "A day that is not named is closed. Empty: always open.",
    )
    holidays = models.JSONField(
        default=list,
        blank=True,
        validators=[check_holidays],
        help_text='Days on which it is closed: ["2026-12-25", "2027-01-01"].',
    )
    away_message = models.JSONField(
        default=dict,
        blank=True,
        validators=[check_texts],
        help_text='What visitors read while it is closed: {"en": "…", "es": "…", "pt": "…"}. '
        "Of a language that is not there, our own words.",
    )
    prechat = models.JSONField(
        default=list,
        blank=True,
        validators=[check_prechat],
        help_text='What is asked before the first message: [{"kind": "name", "required": true}, {"kind": "email"}, '
        '{"kind": "text", "key": "room", "label": {"en": "Your room"}}, {"kind": "choice", "key": "topic", '
        '"label": {"en": "About"}, "choices": [{"key": "booking", "label": {"en": "A booking"}}]}].',
    )
    asks_rating = models.BooleanField(
        default=True,
        db_default=True,
        verbose_name="asks how it was",
        help_text="Visitors may rate a conversation once it is resolved.",
    )
    is_active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        """Django asks no validator about what is empty, be it of another type."""
        for name, empty in EMPTY.items():
            if not getattr(self, name):
                setattr(self, name, empty())
        super().clean_fields(exclude)

    def clean(self) -> None:
        """Whoever administers two organisations must not mix them."""
        space, organisation = self.default_space, getattr(self, "organisation", None)
        if space and organisation and space.organisation_id != organisation.pk:
            raise ValidationError({"default_space": "This space is another organisation's."})


def check_origin(origin: str) -> None:
    if not re.fullmatch(r"https?://[a-z0-9.\-\[\]:]+", origin) or origin.endswith((":80", ":443")):
        raise ValidationError(
            "Write it as a browser sends it: https://www.example.com, or http://localhost:3000."
        )


class SiteOrigin(models.Model):
    """One exact origin whose pages may embed the site."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="origins")
    origin = models.CharField(max_length=200, db_index=True, validators=[check_origin])

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "origin"], name="site_origin_once")]

    def __str__(self) -> str:
        return self.origin


class SiteSecret(models.Model):
    """What a host signs identities with (HS256), sealed with SECRET_KEY; two may be active while one is rotated."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="secrets")
    kid = models.CharField(max_length=40, unique=True, default=new_kid, editable=False)
    sealed = models.TextField(editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.kid
