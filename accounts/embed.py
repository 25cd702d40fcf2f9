"""Host-signed identity: a JWT the host's server makes for its signed-in person, exchanged once for a widget token."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import jwt
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from accounts.actor import Actor, Credential
from accounts.models import Site, SiteSecret
from accounts.prechat import one_line
from accounts.sealing import seal, unseal
from common.errors import InvalidInput

# No JWT begins like this.
OURS = "parley."
SALT = "a signed-in person's widget"
OURS_LIVES_SECONDS = 600
LIFETIME_AT_MOST = 3600
LEEWAY = 60


@dataclass(frozen=True, slots=True)
class Identity:
    """`name` and `email` are None when the host did not say them."""

    external_id: str
    name: str | None
    email: str | None


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
    issued_at, expires_at = _moment(claims, "iat"), _moment(claims, "exp")
    if expires_at - issued_at > LIFETIME_AT_MOST:
        raise _refused("It lives longer than an hour.")
    return Identity(_text(claims, "sub", 200) or "", _name(claims), _email(claims))


def sign_member(site: Site, actor: Actor) -> str:
    """For a page of our own, which knows by its session who it is: does what a host's JWT does. The session's key goes
    along sealed: a page must not tell it."""
    shown = actor.credential
    return OURS + signing.dumps([site.key, str(shown.member_id), seal(shown.session_key)], salt=SALT)


def is_ours(token: str) -> bool:
    return token.startswith(OURS)


def read_session(site: Site, token: str) -> Credential:
    """Which may have ended since."""
    try:
        key, member, session_key = signing.loads(
            token.removeprefix(OURS), salt=SALT, max_age=OURS_LIVES_SECONDS
        )
    except signing.BadSignature as error:
        raise _refused(str(error)) from None
    if key != site.key:
        raise _refused("It is for another site.")
    return Credential(UUID(member), session_key=unseal(session_key))


def _secret(site: Site, token: str) -> str:
    kid = jwt.get_unverified_header(token).get("kid")
    if not isinstance(kid, str) or not re.fullmatch(r"[\w-]{1,40}", kid, re.ASCII):
        raise _refused("Its header has no `kid`.")
    secret = SiteSecret.objects.filter(site=site, kid=kid, revoked_at=None).first()
    if secret is None:
        raise _refused("Its `kid` is not an active secret of this site.")
    return unseal(secret.sealed)


def _moment(claims: dict[str, Any], name: str) -> float:
    """PyJWT also takes a number that is written as a text."""
    moment = claims[name]
    if isinstance(moment, bool) or not isinstance(moment, int | float):
        raise _refused(f"`{name}` must be a number.")
    return moment


def _name(claims: dict[str, Any]) -> str | None:
    return one_line(_text(claims, "name", 120) or "") or None


def _email(claims: dict[str, Any]) -> str | None:
    text = _text(claims, "email", 254)
    if text:
        try:
            validate_email(text)
        except ValidationError:
            raise _refused("`email` is not an e-mail address.") from None
    return text


def _text(claims: dict[str, Any], name: str, length: int) -> str | None:
    text = claims.get(name)
    if text is None and name != "sub":
        return None
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
