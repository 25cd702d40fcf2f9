"""What comes in, read by a serializer, but without its ado where every value is plainly right.

DRF takes some 30 us to find nothing wrong with a message; at thousands a second that is the most of what is done with
one. The rules stay the serializer's: their bounds are read from its fields, and it is asked about whatever is not
plainly within them, and says what is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.core.validators import (
    MaxLengthValidator,
    MaxValueValidator,
    MinValueValidator,
    ProhibitNullCharactersValidator,
)
from rest_framework import fields
from rest_framework.exceptions import ValidationError
from rest_framework.serializers import Serializer
from rest_framework.validators import ProhibitSurrogateCharactersValidator

# Gives the value as it is read, or raises NotPlain.
Plainly = Callable[[Any], Any]
KNOWN = {
    MaxLengthValidator,
    ProhibitNullCharactersValidator,
    ProhibitSurrogateCharactersValidator,
    MinValueValidator,
    MaxValueValidator,
}
NOT_IN_TEXT = re.compile("[\x00\ud800-\udfff]")
# What a field that was not given holds: nobody sends it.
ABSENT: Any = object()


class NotPlain(Exception):
    """For the serializer to judge: it may be right all the same."""


class Reader:
    """Made once for each kind of input: DRF copies every field of a serializer each time one is made. Reading leaves
    no trace in it."""

    def __init__(self, serializer: Serializer[Any]) -> None:
        self._serializer = serializer
        known: dict[str, Any] = dict(serializer.fields.items())
        self._fields = [(name, plainly_read(field)) for name, field in known.items()]
        self._checks = [(name, getattr(serializer, f"validate_{name}", None)) for name in known]
        self._judges_all = type(serializer).validate is not Serializer.validate

    def read(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """The validated fields; DRF's ValidationError."""
        if not self._judges_all:
            try:
                return self._read_plainly(given)
            except (NotPlain, ValidationError):
                pass
        return dict(self._serializer.run_validation(given))

    def _read_plainly(self, given: Mapping[str, Any]) -> dict[str, Any]:
        read = {name: plainly(given.get(name, ABSENT)) for name, plainly in self._fields}
        for name, check in self._checks:
            if check:
                read[name] = check(read[name])
        return read


def plainly_read(field: Any) -> Plainly:
    kinds: dict[Any, Callable[[Any], Plainly]] = {
        fields.UUIDField: uuid,
        fields.CharField: text,
        fields.IntegerField: number,
        fields.BooleanField: switch,
        fields.ListField: nothing,
    }
    kind = next((one for one in kinds if type(field).to_internal_value is one.to_internal_value), None)
    if kind is None or not {type(one) for one in field.validators} <= KNOWN:
        return with_default(never, field)
    return with_default(kinds[kind](field), field)


def with_default(plainly: Plainly, field: Any) -> Plainly:
    has_default, allows_null = field.default is not fields.empty, field.allow_null

    def read(value: Any) -> Any:
        if value is ABSENT and has_default:
            return field.default() if callable(field.default) else field.default
        return None if value is None and allows_null else plainly(value)

    return read


def never(value: Any) -> Any:
    raise NotPlain


def uuid(field: Any) -> Plainly:
    def read(value: Any) -> UUID:
        try:
            # As DRF reads a text.
            return UUID(value)
        except (ValueError, TypeError, AttributeError):
            raise NotPlain from None

    return read


def text(field: Any) -> Plainly:
    most = field.max_length or 0

    def read(value: Any) -> Any:
        if type(value) is not str or not 0 < len(value) <= most or NOT_IN_TEXT.search(value):
            raise NotPlain
        if field.trim_whitespace and value != value.strip():
            raise NotPlain
        return value

    return read


def number(field: Any) -> Plainly:
    def read(value: Any) -> Any:
        if type(value) is int and field.min_value <= value <= field.max_value:
            return value
        raise NotPlain

    return never if None in (field.min_value, field.max_value) else read


def switch(field: Any) -> Plainly:
    def read(value: Any) -> Any:
        if type(value) is bool:
            return value
        raise NotPlain

    return read


def nothing(field: Any) -> Plainly:
    """A list without anything in it."""

    def read(value: Any) -> Any:
        if value == [] and isinstance(value, list) and field.allow_empty:
            return []
        raise NotPlain

    return read
