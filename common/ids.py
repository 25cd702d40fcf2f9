"""How ids are made: UUID version 7 (RFC 9562), so that they sort by the time they were made."""

from __future__ import annotations

import secrets
from functools import lru_cache
from hashlib import sha256
from typing import Any
from uuid import UUID

import uuid_utils.compat
from django.db.models import Func, TextField


def new_id() -> UUID:
    return uuid_utils.compat.uuid7()


def new_secret() -> str:
    """256 bits, safe in a URL or a header."""
    return secrets.token_urlsafe(32)


def digest_of(secret: str) -> str:
    """What is stored of a secret with full entropy: no salt or stretching is needed. Any text has one."""
    return sha256(secret.encode(errors="replace")).hexdigest()


@lru_cache(maxsize=20_000)
def id_of(text: str) -> UUID:
    """As `UUID(text)`, for ids that come again and again: to make one takes longer than to read a row of them."""
    return UUID(text)


class IdText(Func):
    """A column of ids, as the wire has them: no UUID is made of each, only to be written again."""

    template = "%(expressions)s::text"
    output_field = TextField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """It keeps 32 digits."""
        parts = ("1, 8", "9, 4", "13, 4", "17, 4", "21, 12")
        template = " || '-' || ".join(f"substr(%(expressions)s, {part})" for part in parts)
        return self.as_sql(compiler, connection, template=template, **context)
