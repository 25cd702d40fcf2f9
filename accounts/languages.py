"""Texts that an admin writes in the languages that the widget speaks. Pure."""

from __future__ import annotations

from django.core.exceptions import ValidationError

# Not to be told from regions: "pt" is what we say in Brazil, too.
SPOKEN = ("en", "es", "pt")


def check_texts(texts: object, *, most: int = 500) -> None:
    """{"en": "…", "es": "…"}, with any of the languages."""
    if not isinstance(texts, dict) or set(texts) - set(SPOKEN):
        raise ValidationError(f"Write an object of texts, with any of {', '.join(SPOKEN)}.")
    if not all(isinstance(text, str) and len(text) <= most for text in texts.values()):
        raise ValidationError(f"Write texts of at most {most} characters.")


def said_in(locale: str, texts: dict[str, str]) -> str:
    """In the language of the locale, else in any."""
    wished = [locale[:2].lower(), *SPOKEN]
    return next((texts[one] for one in wished if texts.get(one)), "")
