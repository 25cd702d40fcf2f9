"""Addresses that carry their own permission: whoever has one may fetch what it names, until it expires.

They name no person, so a cache in between needs but one copy for everybody; and they stay the same for some minutes, so
that a browser that was given one finds there what it has.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from uuid import UUID

from django.core.signing import BadSignature, Signer, TimestampSigner

from common.clock import now

# It holds for between one and two of these, and is the same for all who ask within one.
STEP = 300
LONGEST = 500
SALT = "attachments.signing"
# Whoever has used a link to a file reads on for so long: a player asks for one part after the other.
LINK_SECONDS = 3600
LINK_SALT = "attachments.signing.links"
NOT_PLAIN = re.compile(r"[^A-Za-z0-9.-]+")


@dataclass(frozen=True, slots=True)
class Grant:
    """What of a file: `size` of a thumbnail, None for all of it. `expires`: in seconds since 1970."""

    file: UUID
    size: int | None
    inline: bool
    expires: int

    @property
    def seconds_left(self) -> int:
        return self.expires - int(now().timestamp())


def next_expiry() -> int:
    return (int(now().timestamp()) // STEP + 2) * STEP


def token_of(grant: Grant) -> str:
    said = [grant.file.hex, grant.size, grant.inline, grant.expires]
    return Signer(salt=SALT).sign_object(said)


def read_token(token: str) -> Grant | None:
    """None for what is not ours, or holds no longer."""
    if len(token) > LONGEST:
        return None
    try:
        file, size, inline, expires = Signer(salt=SALT).unsign_object(token)
    except BadSignature:
        return None
    grant = Grant(UUID(file), size, inline, expires)
    return grant if grant.seconds_left > 0 else None


def grant_of_link(link: UUID) -> str:
    """That it was used just now."""
    return TimestampSigner(salt=LINK_SALT).sign(link.hex)


def is_granted(link: UUID, grant: str) -> bool:
    try:
        return TimestampSigner(salt=LINK_SALT).unsign(grant, max_age=LINK_SECONDS) == link.hex
    except BadSignature:
        return False


def plain(name: str) -> str:
    """As an address has it: nothing that a cache or a proxy on the way may write otherwise. What the file is really
    called, its Content-Disposition says.
    """
    return NOT_PLAIN.sub("-", name).strip(".-")[-100:] or "file"
