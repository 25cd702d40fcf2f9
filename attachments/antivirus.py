"""What clamd says of a file. It is asked over its socket, where CLAMD names one."""

from __future__ import annotations

import logging
import socket
from functools import partial
from typing import BinaryIO
from urllib.parse import urlsplit

from clamav_client.clamd import (
    BufferTooLongError,
    ClamdError,
    ClamdNetworkSocket,
    ClamdUnixSocket,
    CommunicationError,
)
from django.conf import settings

from attachments.models import Scan

log = logging.getLogger(__name__)

# Each step of the talk may take so long; where nobody waits for the answer, so long.
TIMEOUT_SECONDS = 5
PATIENCE_SECONDS = 60
PORT = 3310


def is_configured() -> bool:
    return bool(settings.CLAMD)


def scan(source: BinaryIO, *, seconds: int | None = None) -> Scan:
    """Reads `source` to its end. WAITING when nothing can be said now: it is no sign that the file is clean."""
    line = _line(seconds or TIMEOUT_SECONDS)
    try:
        [(status, _)] = line.instream(source).values()
    except BufferTooLongError:
        return Scan.UNSCANNABLE
    except ConnectionError as error:
        return _cut_off(line, error)
    except (ClamdError, OSError, ValueError) as error:
        return _silent(error)
    return {"OK": Scan.CLEAN, "FOUND": Scan.INFECTED}.get(status, Scan.UNSCANNABLE)


def scan_patiently(source: BinaryIO) -> Scan:
    """What it has nothing to say of for so long, though it answers, is nothing for it: nobody waits behind that."""
    found = scan(source, seconds=PATIENCE_SECONDS)
    return Scan.UNSCANNABLE if found == Scan.WAITING and _answers(_line(TIMEOUT_SECONDS)) else found


def _cut_off(line: ClamdNetworkSocket, error: Exception) -> Scan:
    """By a clamd that hangs up on what is too long for it, or that has just died: then it does not answer."""
    return Scan.UNSCANNABLE if _answers(line) else _silent(error)


def _answers(line: ClamdNetworkSocket) -> bool:
    try:
        line.ping()
    except (ClamdError, OSError):
        return False
    finally:
        line.clamd_socket.close()
    return True


def _silent(error: Exception) -> Scan:
    log.warning("clamd does not answer, so what is uploaded waits: %s", error)
    return Scan.WAITING


class _UnixLine(ClamdUnixSocket):
    """The library connects before it sets its timeout: where nobody takes calls any more, for ever."""

    def _init_socket(self) -> None:
        self.clamd_socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.clamd_socket.settimeout(self.timeout)
        try:
            self.clamd_socket.connect(self.unix_socket)
        except OSError as error:
            self.clamd_socket.close()
            raise CommunicationError(self._error_message(error)) from error


def _line(seconds: int) -> ClamdNetworkSocket:
    where = urlsplit(settings.CLAMD)
    make = (
        partial(_UnixLine, where.path)
        if where.scheme == "unix"
        else partial(ClamdNetworkSocket, where.hostname or "", where.port or PORT)
    )
    return make(timeout=seconds)
