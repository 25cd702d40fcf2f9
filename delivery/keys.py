"""The key that tells push services who we are (VAPID, RFC 8292): of the environment, or made once and kept sealed.

A browser that signed up with one key takes nothing that is signed with another.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import lru_cache

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

from accounts.sealing import seal, unseal
from delivery.models import ServerKey

NAME = "vapid"
CURVE = ec.SECP256R1()


def push_key() -> ec.EllipticCurvePrivateKey:
    if settings.VAPID_PRIVATE_KEY:
        return _read(settings.VAPID_PRIVATE_KEY)
    kept = ServerKey.objects.filter(name=NAME).first()
    if kept is None:
        # Of two processes that make one, the database takes one.
        kept, _ = ServerKey.objects.get_or_create(name=NAME, defaults={"sealed": seal(new_key())})
    return _read(unseal(kept.sealed))


def public_part(key: ec.EllipticCurvePrivateKey) -> str:
    """As a browser wants it: the point, uncompressed, in base64url."""
    return _text(key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))


def new_key() -> str:
    return _text(ec.generate_private_key(CURVE).private_numbers().private_value.to_bytes(32, "big"))


@lru_cache(maxsize=4)
def _read(text: str) -> ec.EllipticCurvePrivateKey:
    """32 bytes in base64url, as tools for Web Push write it."""
    raw = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    return ec.derive_private_key(int.from_bytes(raw, "big"), CURVE)


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()
