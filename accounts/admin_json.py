"""JSON that an admin writes into a box of a form: what a database or a page would choke on is told there."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.fields import InvalidJSONInput

from common import strict_json
from common.errors import InvalidJson

DEEPEST = 20


class StrictJSONField(forms.JSONField):
    """Django's own lets half a surrogate pair and what is nested too deep escape as a 500, when it is read and when the
    form is shown again."""

    def to_python(self, value: Any) -> Any:
        if self.disabled or value in self.empty_values or not isinstance(value, str):
            return super().to_python(value)
        try:
            read = strict_json.loads(value)
        except InvalidJson:
            raise self._wrong(value) from None
        if not _is_plain(read):
            raise self._wrong(value)
        return read

    def bound_data(self, data: Any, initial: Any) -> Any:
        if self.disabled or not isinstance(data, str):
            return super().bound_data(data, initial)
        try:
            return self.to_python(data)
        except ValidationError:
            return InvalidJSONInput(data)

    def _wrong(self, value: str) -> ValidationError:
        return ValidationError(self.error_messages["invalid"], code="invalid", params={"value": value[:100]})


def _is_plain(read: Any) -> bool:
    """Not deep, and without the one character that PostgreSQL keeps in no JSON."""
    level = [read]
    for _ in range(DEEPEST):
        texts = [one for one in level if isinstance(one, str)]
        if any("\0" in text for text in texts):
            return False
        inner = [one for one in level if isinstance(one, (list, dict))]
        level = [it for one in inner for it in (one if isinstance(one, list) else [*one, *one.values()])]
        if not level:
            return True
    return False
