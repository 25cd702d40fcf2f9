"""Host-signed identity: a JWT the host's server makes for its signed-in person, exchanged once for a widget token."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import jwt

from accounts.models import Site, SiteSecret
from accounts.sealing import unseal
from common.errors import InvalidInput

LIFETIME_AT_MOST = 3600
LEEWAY = 60


@dataclass(frozen=True, slots=True)
class Identity:
    external_id: str
    name: str
    email: str


def read_identity(site: Site, token: str) -> Identity:
    """Checks the signature (HS256 by an active `kid` of this site), `aud` (site key), `iat`, `exp` (<= 1 h), `sub`."""
    try:
        claims = jwt.decode(
            token,
            key=_secret(site, token),
            algorithms=["HS256"],
            audience=site.key,
            leeway=LEEWAY,
            options={"require": ["sub", "aud", "iat", "exp"]},
        )
    except jwt.PyJWTError as error:
        raise _refused(str(error)) from None
    if claims["exp"] - claims["iat"] > LIFETIME_AT_MOST:
        raise _refused("It lives longer than an hour.")
    return Identity(_text(claims, "sub", 200), _text(claims, "name", 120), _text(claims, "email", 254))


def _secret(site: Site, token: str) -> str:
    kid = jwt.get_unverified_header(token).get("kid")
    secret = SiteSecret.objects.filter(site=site, kid=str(kid), revoked_at=None).first()
    if secret is None:
        raise _refused("Its `kid` is not an active secret of this site.")
    return unseal(secret.sealed)


def _text(claims: dict[str, Any], name: str, length: int) -> str:
    text = claims.get(name, "")
    if not isinstance(text, str) or len(text) > length or "\x00" in text or not _encodable(text):
        raise _refused(f"`{name}` must be a text of at most {length} characters.")
    if name == "sub" and not text:
        raise _refused("`sub` is empty.")
    return text


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _refused(why: str) -> InvalidInput:
    return InvalidInput(fields={"identity": [why]})
