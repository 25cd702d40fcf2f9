"""The way to push services (RFC 8030, 8291, 8292): to those that are listed, and to nobody else.

A browser says where it wants to be pushed to, so strangers name addresses that this server is to call.
"""

from __future__ import annotations

import json
import re
from base64 import urlsafe_b64decode
from dataclasses import dataclass
from datetime import timedelta
from email.utils import parseaddr
from typing import Any
from urllib.parse import urlsplit

import jwt
import requests
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from requests_hardened.client import HTTPSession
from requests_hardened.config import Config
from requests_hardened.ip_filter import InvalidIPAddress
from urllib3.exceptions import MaxRetryError, NameResolutionError, NewConnectionError

from common.clock import now
from delivery.keys import public_part, push_key
from delivery.models import PushSubscription

# Of Chrome, Firefox, Edge and Safari. A leading dot: any host below it.
SERVICES = (
    "fcm.googleapis.com",
    ".push.services.mozilla.com",
    ".notify.windows.com",
    "web.push.apple.com",
    ".push.apple.com",
)
# Everybody who reads a URL reads these alike: after a backslash, HTTP clients see a path, and urlsplit still the host.
HOST = re.compile(r"[a-z0-9.-]{1,200}")
CONNECT_WITHIN, ANSWER_WITHIN = 5, 10
# How long a service keeps a push for a browser that is not there.
KEEP_FOR = timedelta(hours=12)
SIGNED_FOR = timedelta(hours=12)


class NotSent(Exception):
    """It certainly never left."""


class MaybeSent(Exception):
    """The service did not answer: nobody knows."""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    retry_after: int | None = None


def service_of(endpoint: str) -> str:
    """The host that it names, if we push there; "" if we do not."""
    try:
        url = urlsplit(endpoint)
        host, _ = url.hostname or "", url.port
    except ValueError:
        return ""
    if url.username or url.password or not endpoint.isascii() or any(one <= " " for one in endpoint):
        return ""
    if _is_named_in_full(endpoint):
        return host
    if not HOST.fullmatch(host):
        return ""
    is_listed = any(_covers(one, host) for one in (*SERVICES, *settings.PUSH_SERVICES))
    return host if url.scheme == "https" and url.port in (None, 443) and is_listed else ""


def _covers(listed: str, host: str) -> bool:
    return host == listed or (listed.startswith(".") and host.endswith(listed))


def _is_named_in_full(endpoint: str) -> bool:
    """An origin that whoever runs this server wrote down with its scheme may be anywhere, also next door."""
    url = urlsplit(endpoint)
    return any("://" in one and f"{url.scheme}://{url.netloc}" == one for one in settings.PUSH_SERVICES)


def can_be_encrypted_to(p256dh: str, auth: str) -> bool:
    try:
        point = urlsafe_b64decode(p256dh + "=" * (-len(p256dh) % 4))
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
        return len(urlsafe_b64decode(auth + "=" * (-len(auth) % 4))) == 16
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class Push:
    """Encrypted and signed, to be posted."""

    endpoint: str
    body: bytes
    headers: dict[str, str]


def prepare(subscription: PushSubscription, payload: dict[str, Any], *, topic: str, is_urgent: bool) -> Push:
    """`topic`: of several that wait for a browser, it gets the last one only."""
    # Here, for it brings an HTTP client of its own along, which a serving process would load for nothing.
    from pywebpush import WebPusher

    info = {
        "endpoint": subscription.endpoint,
        "keys": {"p256dh": subscription.p256dh, "auth": subscription.auth},
    }
    body = WebPusher(info).encode(json.dumps(payload, ensure_ascii=False).encode())["body"]
    headers = {
        "Authorization": _signature(subscription.endpoint),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(int(KEEP_FOR.total_seconds())),
        "Topic": topic,
        "Urgency": "high" if is_urgent else "normal",
    }
    return Push(subscription.endpoint, body, headers)


def _signature(endpoint: str) -> str:
    url, key = urlsplit(endpoint), push_key()
    claims = {
        "aud": f"{url.scheme}://{url.netloc}",
        "exp": int((now() + SIGNED_FOR).timestamp()),
        "sub": settings.PUBLIC_URL
        if settings.IS_HTTPS
        else f"mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}",
    }
    return f"vapid t={jwt.encode(claims, key, algorithm='ES256')}, k={public_part(key)}"


def post(push: Push) -> Answer:
    """NotSent, MaybeSent. Its address is looked up once, and must be a public one; nobody is sent on to another."""
    if not service_of(push.endpoint):
        return Answer(410)
    session = _session(not _is_named_in_full(push.endpoint))
    try:
        with session.post(
            push.endpoint,
            data=push.body,
            headers=push.headers,
            timeout=(CONNECT_WITHIN, ANSWER_WITHIN),
            allow_redirects=False,
            # What the service says besides is of no interest, however long it is.
            stream=True,
        ) as response:
            return Answer(response.status_code, _seconds(response.headers.get("Retry-After", "")))
    except InvalidIPAddress:
        return Answer(410)
    except requests.RequestException as error:
        # Without the error's own words: they name the endpoint, which is a secret.
        raise (NotSent if _has_not_left(error) else MaybeSent)(type(error).__name__) from None


def _has_not_left(error: requests.RequestException) -> bool:
    if isinstance(error, requests.ConnectTimeout | requests.exceptions.SSLError):
        return True
    cause = error.args[0] if error.args else None
    if isinstance(cause, MaxRetryError):
        cause = cause.reason
    return isinstance(cause, NewConnectionError | NameResolutionError) or "resolve" in str(error)


def _seconds(text: str) -> int | None:
    """A date is as good as nothing: we wait as we would."""
    return int(text) if text.isdigit() and len(text) < 7 else None


def _session(is_filtered: bool) -> Any:
    """One for each: nothing of one service is kept for the next."""
    session = HTTPSession(
        Config(
            ip_filter_enable=is_filtered,
            ip_filter_allow_loopback_ips=False,
            never_redirect=True,
            default_timeout=(CONNECT_WITHIN, ANSWER_WITHIN),
        )
    )
    session.trust_env = False
    return session
