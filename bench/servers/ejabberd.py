"""ejabberd as Debian packages it, with accounts and the archive of all messages in PostgreSQL. It speaks XMPP.

A send is acknowledged by stream management (XEP-0198), which answers when ejabberd has handled the stanza, and so has
written the sender's copy to the archive. There are no receipts: its clients do less than Parley's.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from base64 import b64encode
from collections.abc import Sequence
from pathlib import Path

import psycopg

from bench.load.driver import Values
from bench.machine import LOCALHOST, Machine, Process, install
from bench.servers.server import BODY, CROWD, GROUP_SENDERS, GROUPS, Group, Pair, Server

DOMAIN = "bench.localhost"
ROOMS = f"rooms.{DOMAIN}"
SCHEMA = Path("/usr/share/ejabberd/sql/pg.sql")
LIBRARIES = Path("/usr/lib")
PASSWORD = "bench"
PACKAGES = ("ejabberd", "erlang-p1-pgsql")
DRIVER = "p1_pgsql"

CONFIGURATION = """\
hosts: [{domain}]
loglevel: warning
listen:
  - {{ip: {localhost}, port: {port}, module: ejabberd_c2s, backlog: 4096, shaper: none, access: c2s}}
auth_method: sql
auth_use_cache: true
cache_size: 20000
disable_sasl_mechanisms: [DIGEST-MD5, SCRAM-SHA-1, SCRAM-SHA-256, SCRAM-SHA-512, X-OAUTH2]
default_db: sql
sql_type: pgsql
sql_server: {localhost}
sql_port: {postgres}
sql_database: ejabberd
sql_username: bench
sql_password: bench
sql_pool_size: 16
shaper: {{}}
shaper_rules: {{}}
access_rules: {{c2s: {{allow: all}}, anybody: {{allow: all}}}}
modules:
  mod_roster: {{}}
  mod_disco: {{}}
  mod_stream_mgmt: {{}}
  mod_mam: {{default: always, request_activates_archiving: false, user_mucsub_from_muc_archive: false}}
  mod_muc:
    host: {rooms}
    access_create: anybody
    max_users: 5000
    max_user_conferences: 100
    history_size: 0
    default_room_options: {{mam: true, presence_broadcast: [], members_by_default: true, max_users: 5000}}
"""


class Ejabberd(Server):
    name = "ejabberd"
    title = "ejabberd, archiving"

    def __init__(self, machine: Machine) -> None:
        super().__init__(machine)
        self.directory = machine.directory / "ejabberd"
        self.url = machine.postgres.url("ejabberd")

    def why_not(self) -> str:
        if (_is_installed() or install(*PACKAGES)) and _is_installed():
            return ""
        return f"not installed:  sudo apt-get install -y {' '.join(PACKAGES)}"

    def prepare(self) -> None:
        if self.directory.exists():
            return
        self.directory.mkdir()
        configuration = CONFIGURATION.format(
            domain=DOMAIN,
            rooms=ROOMS,
            localhost=LOCALHOST,
            port=self.port,
            postgres=self.machine.postgres.port,
        )
        (self.directory / "ejabberd.yml").write_text(configuration)
        if self._user:
            shutil.chown(self.directory, self._user)
        self.machine.postgres.create("ejabberd")
        self.machine.postgres.load("ejabberd", SCHEMA)
        accounts = CROWD + sum(GROUP_SENDERS + size for size in GROUPS)
        with psycopg.connect(self.url) as connection:
            connection.execute(
                "INSERT INTO users (username, password) SELECT 'u' || i, %s FROM generate_series(0, %s) i",
                [PASSWORD, accounts],
            )
        self.machine.postgres.analyse("ejabberd")

    def launch(self) -> Process:
        """Without a node name, so without epmd, which would stay behind."""
        command = [
            "erl",
            "-noinput",
            "+K",
            "true",
            "+P",
            "250000",
            "-mnesia",
            "dir",
            f'"{self.directory / "mnesia"}"',
        ]
        return Process(
            [*command, "-s", "ejabberd"],
            log=self.machine.directory / "ejabberd.log",
            user=self._user,
            environment={
                "EJABBERD_CONFIG_PATH": str(self.directory / "ejabberd.yml"),
                "EJABBERD_LOG_PATH": str(self.directory / "ejabberd.log"),
                "ERL_LIBS": str(_library("ejabberd-*").parent),
                "ERL_CRASH_DUMP_SECONDS": "0",
                "ERL_MAX_PORTS": "32000",
                "HOME": str(self.directory),
            },
            directory=self.directory,
        )

    def version(self) -> str:
        asked = ["dpkg-query", "--show", "--showformat", "${Version}", "ejabberd"]
        return subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip()

    def stored(self) -> int:
        """One copy in the sender's archive and one in the receiver's."""
        with psycopg.connect(self.url) as connection:
            row = connection.execute("SELECT count(*) FROM archive").fetchone()
            return int(row[0]) // 2 if row else 0

    # --- people -----------------------------------------------------------------------------------------------------

    def pairs(self, count: int) -> Sequence[Pair]:
        return [
            Pair(_account(2 * i, f"u{2 * i + 1}@{DOMAIN}"), _account(2 * i + 1, f"u{2 * i}@{DOMAIN}"))
            for i in range(count)
        ]

    def group(self, size: int) -> Group:
        first = CROWD + sum(GROUP_SENDERS + smaller for smaller in GROUPS if smaller < size)
        members = [_account(first + i, f"group-{size}@{ROOMS}") for i in range(GROUP_SENDERS + size)]
        return Group(members[:GROUP_SENDERS], members[GROUP_SENDERS:])

    def crowd(self, count: int) -> Sequence[Values]:
        return [member for pair in self.pairs(count // 2) for member in (pair.sender, pair.receiver)]

    # --- talk -------------------------------------------------------------------------------------------------------

    def arriving(self) -> list[str]:
        stream = (
            f"say <?xml version='1.0'?><stream:stream to='{DOMAIN}' version='1.0' xmlns='jabber:client'"
            " xmlns:stream='http://etherx.jabber.org/streams'>"
        )
        return [
            f"open xml {self.address}",
            stream,
            "wait </stream:features>",
            "say <auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>%2</auth>",
            "wait <success",
            stream,
            "wait </stream:features>",
            "say <iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>",
            "wait </jid>",
            "say <presence/>",
            "wait <presence",
        ]

    def speaking(self) -> list[str]:
        return self._speaking("chat")

    def hearing(self) -> list[str]:
        return ["news <body>"]

    def arriving_in_group(self) -> list[str]:
        join = "say <presence to='%3/%1'><x xmlns='http://jabber.org/protocol/muc'/></presence>"
        return [*self.arriving(), join, "wait <subject"]

    def speaking_in_group(self) -> list[str]:
        return self._speaking("groupchat")

    def _speaking(self, kind: str) -> list[str]:
        return [
            "say <enable xmlns='urn:xmpp:sm:3'/>",
            "wait <enabled",
            "knock ^<r ",
            "answer <a xmlns='urn:xmpp:sm:3' h='0'/>",
            f"message <message type='{kind}' to='%3' id='m%n'><body>{BODY}</body></message><r xmlns='urn:xmpp:sm:3'/>",
            "ack ^<a h='",
            "refusal type='error'",
        ]

    @property
    def _user(self) -> str:
        return "ejabberd" if os.getuid() == 0 else ""


def _account(number: int, partner: str) -> Values:
    name = f"u{number}"
    return name, b64encode(f"\0{name}\0{PASSWORD}".encode()).decode(), partner


def _library(pattern: str) -> Path:
    return next(iter(sorted(LIBRARIES.glob(f"*/{pattern}"))), Path())


def _is_installed() -> bool:
    drivers = [*LIBRARIES.glob(f"erlang/lib/{DRIVER}-*"), *LIBRARIES.glob(f"*/{DRIVER}-*")]
    return bool(shutil.which("erl") and SCHEMA.exists() and drivers)
