"""A real clamd, with one signature of our own: no download is needed."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

import pytest

# What the signature knows, in hexadecimal below.
VIRUS = b"PARLEY-TEST-OF-THE-ANTIVIRUS"
LARGEST = 200_000
CONFIG = """
LocalSocket {directory}/clamd.sock
DatabaseDirectory {directory}/db
TemporaryDirectory {directory}
LogFile {directory}/clamd.log
Foreground yes
StreamMaxLength {largest}
{user}
"""
STARTS_WITHIN = 20.0


class Clamd:
    def __init__(self, directory: Path) -> None:
        self.directory, self.socket = directory, directory / "clamd.sock"
        database = directory / "db"
        database.mkdir()
        (database / "ours.ndb").write_text(f"Parley.Test:0:*:{VIRUS.hex()}\n")
        user = "User root" if os.getuid() == 0 else ""
        settings = CONFIG.format(directory=directory, largest=LARGEST, user=user)
        (directory / "clamd.conf").write_text(settings)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"unix://{self.socket}"

    def start(self) -> None:
        command = [_program(), "--config-file", str(self.directory / "clamd.conf")]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        ends = time.monotonic() + STARTS_WITHIN
        while not self._answers():
            log = self.directory / "clamd.log"
            assert self._process.poll() is None, log.read_text()
            assert time.monotonic() < ends, log.read_text()
            time.sleep(0.05)

    def _answers(self) -> bool:
        with socket.socket(socket.AF_UNIX) as line:
            try:
                line.connect(str(self.socket))
                line.sendall(b"nPING\n")
                return line.recv(10) == b"PONG\n"
            except OSError:
                return False

    @property
    def is_down(self) -> bool:
        return self._process is None

    def kill(self) -> None:
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None

    def pause(self) -> None:
        self._send(signal.SIGSTOP)

    def go_on(self) -> None:
        self._send(signal.SIGCONT)

    def _send(self, sign: signal.Signals) -> None:
        assert self._process
        self._process.send_signal(sign)


def _program() -> str:
    found = shutil.which("clamd") or shutil.which("clamd", path="/usr/sbin")
    if not found:
        pytest.skip("clamd is not here:  sudo apt-get install -y clamav-daemon")
    return found
