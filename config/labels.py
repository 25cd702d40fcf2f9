"""What our models, their fields and their actions are called in the admin, in the language of whoever reads it.

Migrations take no notice: of a model's and a field's name they keep what was written in the class, of choices and help
texts what is said while no language is active, which is the English.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.contrib import admin
from django.db.models import Model
from django.forms.utils import pretty_name
from django.utils.functional import lazy
from django.utils.translation import get_language, override

from config.label_words import WORDS

PLACES = {"es": 0, "pt": 1}


def name_everything() -> None:
    """Call it once all apps are ready, and their admins registered."""
    for app in apps.get_app_configs():
        app.verbose_name = label(app.verbose_name)
    admin.site.index_title = label(admin.site.index_title)
    for model, shown in admin.site._registry.items():
        _name_model(model)
        _name_admin(shown)


def label(text: Any) -> Any:
    """The same text, which says itself in the language of the moment when it is read; as it is where we know none."""
    with override(None):
        english = str(text)
    return _said(english) if english in WORDS else text


def _say(english: str) -> str:
    place = PLACES.get((get_language() or "")[:2])
    return english if place is None else WORDS[english][place]


_said = lazy(_say, str)


def _name_model(model: type[Model]) -> None:
    meta: Any = model._meta
    meta.verbose_name, meta.verbose_name_plural = label(meta.verbose_name), label(meta.verbose_name_plural)
    for field in meta.local_fields:
        field.verbose_name, field.help_text = label(field.verbose_name), label(field.help_text)
        if field.choices:
            field.choices = [(value, label(text)) for value, text in field.choices]


def _name_admin(shown: Any) -> None:
    """Its actions and columns, and what its forms ask besides the model's fields."""
    for part in type(shown).__mro__:
        for made in vars(part).values():
            if hasattr(made, "short_description"):
                made.short_description = label(made.short_description)
    for form in (shown.form, getattr(shown, "add_form", None)):
        for name, field in getattr(form, "declared_fields", {}).items():
            field.label, field.help_text = label(field.label or pretty_name(name)), label(field.help_text)
