"""The peer that a team would write: Socket.IO and pg, one Node process. bench/peers/socketio/server.js is all of it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Sequence
from typing import Any

import psycopg

from bench.load.driver import Values
from bench.machine import CACHE, ROOT, Machine, Process
from bench.servers.server import BODY, CROWD, GROUP_SENDERS, GROUPS, Group, Pair, Server

SOURCES = ROOT / "bench" / "peers" / "socketio"
INSTALLED = CACHE / "socketio"


class SocketIO(Server):
    def __init__(self, machine: Machine, *, group_commit: bool) -> None:
        super().__init__(machine)
        self.group_commit = group_commit
        self.name = "socketio-group" if group_commit else "socketio"
        self.title = "Socket.IO + pg, group commit" if group_commit else "Socket.IO + pg"
        self.url = machine.postgres.url("socketio")
        self.rooms: Any = None

    def why_not(self) -> str:
        return "" if shutil.which("npm") else "Node.js and npm are not installed"

    def prepare(self) -> None:
        install()
        people = self.machine.directory / "socketio.json"
        if not people.exists():
            self.machine.postgres.create("socketio")
            sizes = [2] * (CROWD // 2) + [GROUP_SENDERS + size for size in GROUPS]
            command = ["node", "server.js", "--people", *map(str, sizes)]
            environment = {**os.environ, "DATABASE_URL": self.url}
            people.write_bytes(subprocess.check_output(command, cwd=INSTALLED, env=environment))
            self.machine.postgres.analyse("socketio")
        self.rooms = json.loads(people.read_text())

    def launch(self) -> Process:
        return Process(
            ["node", "server.js", *(["--group-commit"] if self.group_commit else [])],
            log=self.machine.directory / f"{self.name}.log",
            environment={"DATABASE_URL": self.url, "PORT": str(self.port), "NODE_ENV": "production"},
            directory=INSTALLED,
        )

    def version(self) -> str:
        package = json.loads((INSTALLED / "node_modules" / "socket.io" / "package.json").read_text())
        node = subprocess.run(
            ["node", "--version"], capture_output=True, text=True, check=True
        ).stdout.strip()
        return f"socket.io {package['version']}, Node {node}"

    def stored(self) -> int:
        with psycopg.connect(self.url) as connection:
            row = connection.execute("SELECT count(*) FROM messages").fetchone()
            return int(row[0]) if row else 0

    # --- people -----------------------------------------------------------------------------------------------------

    def pairs(self, count: int) -> Sequence[Pair]:
        return [Pair(*((token, room["id"]) for token in room["tokens"])) for room in self.rooms[:count]]

    def group(self, size: int) -> Group:
        room = next(room for room in self.rooms if len(room["tokens"]) == GROUP_SENDERS + size)
        members = [(token, room["id"]) for token in room["tokens"]]
        return Group(members[:GROUP_SENDERS], members[GROUP_SENDERS:])

    def crowd(self, count: int) -> Sequence[Values]:
        return [member for pair in self.pairs(count // 2) for member in (pair.sender, pair.receiver)]

    # --- talk -------------------------------------------------------------------------------------------------------

    def arriving(self) -> list[str]:
        return [
            f"open ws {self.address} /socket.io/?EIO=4&transport=websocket",
            "wait ^0",
            'say 40{"token":"%1"}',
            "wait ^40",
            'say 420["sync",{"after":0}]',
            "wait ^430",
            "knock ^2",
            "answer 3",
        ]

    def speaking(self) -> list[str]:
        return ['message 42%n["send",{"room":%2,"body":"' + BODY + '"}]', "ack ^43", 'refusal "error":']

    def hearing(self) -> list[str]:
        return ['news ^42["message"']


def install() -> None:
    """Into the bench's own place, not the repository's node_modules."""
    INSTALLED.mkdir(parents=True, exist_ok=True)
    shutil.copy(SOURCES / "server.js", INSTALLED)
    wanted = (SOURCES / "package.json").read_text()
    package = INSTALLED / "package.json"
    if not (INSTALLED / "node_modules").exists() or package.read_text() != wanted:
        package.write_text(wanted)
        print("Installing Socket.IO and pg")
        command = ["npm", "install", "--no-audit", "--no-fund", "--no-package-lock", "--loglevel=error"]
        subprocess.run(command, cwd=INSTALLED, check=True)
