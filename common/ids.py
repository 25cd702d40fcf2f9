"""How ids are made: UUID version 7 (RFC 9562), so that they sort by the time they were made."""

from __future__ import annotations

import secrets
from hashlib import sha256
from uuid import UUID

import uuid_utils.compat


def new_id() -> UUID:
    return uuid_utils.compat.uuid7()


def new_secret() -> str:
    """256 bits, safe in a URL or a header."""
    return secrets.token_urlsafe(32)


def digest_of(secret: str) -> str:
    """What is stored of a secret with full entropy: no salt or stretching is needed. Any text has one."""
    return sha256(secret.encode(errors="replace")).hexdigest()
