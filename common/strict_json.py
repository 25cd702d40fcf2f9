"""JSON as strangers send it: parsed, or InvalidJson. Nothing that could not be sent back gets in."""

from __future__ import annotations

from typing import Any

import orjson

from common.errors import InvalidJson


def loads(text: str | bytes) -> Any:
    """What RFC 8259 allows, and no more: no NaN, no half of a surrogate pair, nothing over a thousand deep."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        raise InvalidJson from None


def dumps(value: Any) -> str:
    return orjson.dumps(value).decode()
