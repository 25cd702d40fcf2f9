"""What clamd says of a file. It is asked over its socket, where CLAMD names one."""

from __future__ import annotations

import logging
from functools import partial
from typing import BinaryIO
from urllib.parse import urlsplit

from clamav_client.clamd import BufferTooLongError, ClamdError, ClamdNetworkSocket, ClamdUnixSocket
from django.conf import settings

from attachments.models import Scan

log = logging.getLogger(__name__)

# Each step of the talk may take so long.
TIMEOUT_SECONDS = 5
PORT = 3310


def is_configured() -> bool:
    return bool(settings.CLAMD)


def scan(source: BinaryIO) -> Scan:
    """Reads `source` to its end. WAITING when nothing can be said now: it is no sign that the file is clean."""
    line = _line()
    try:
        [(status, _)] = line.instream(source).values()
    except BufferTooLongError:
        return Scan.UNSCANNABLE
    except ConnectionError as error:
        return _cut_off(line, error)
    except (ClamdError, OSError, ValueError) as error:
        return _silent(error)
    return {"OK": Scan.CLEAN, "FOUND": Scan.INFECTED}.get(status, Scan.UNSCANNABLE)


def _cut_off(line: ClamdNetworkSocket, error: Exception) -> Scan:
    """By a clamd that hangs up on what is too long for it, or that has just died: then it does not answer."""
    try:
        line.ping()
    except (ClamdError, OSError):
        return _silent(error)
    return Scan.UNSCANNABLE


def _silent(error: Exception) -> Scan:
    log.warning("clamd does not answer, so what is uploaded waits: %s", error)
    return Scan.WAITING


def _line() -> ClamdNetworkSocket:
    where = urlsplit(settings.CLAMD)
    make = (
        partial(ClamdUnixSocket, where.path)
        if where.scheme == "unix"
        else partial(ClamdNetworkSocket, where.hostname or "", where.port or PORT)
    )
    return make(timeout=TIMEOUT_SECONDS)
