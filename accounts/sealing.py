"""Secrets that must be read again (a site's signing secret) lie in the database encrypted under SECRET_KEY.

Fernet (AES-128-CBC and HMAC-SHA256, of `cryptography`); SECRET_KEY_FALLBACKS still open what older keys sealed.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from hashlib import sha256

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings


def seal(secret: str) -> str:
    return _fernet().encrypt(secret.encode()).decode()


def unseal(sealed: str) -> str:
    return _fernet().decrypt(sealed.encode()).decode()


def _fernet() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(urlsafe_b64encode(sha256(f"seal:{key}".encode()).digest())) for key in keys])
