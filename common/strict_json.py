"""JSON as strangers send it: parsed, or InvalidJson. Nothing that could not be sent back gets in."""

from __future__ import annotations

import json
from typing import Any, Never

from common.errors import InvalidJson


def loads(text: str) -> Any:
    """Refuses NaN and its kin, what is nested too deep, numbers of absurd length, and halves of surrogate pairs."""
    try:
        value = json.loads(text, parse_constant=_refuse)
        # Only an escape can smuggle half a pair into a text that was valid UTF-8.
        if "\\ud" in text.lower():
            json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise InvalidJson from None
    return value


def _refuse(constant: str) -> Never:
    raise ValueError(constant)
