"""The two servers that may run Parley, set to do the same; SERVER names one. docs/decisions/0011 says when which."""

from __future__ import annotations

import sys
from contextlib import suppress

from django.conf import settings

from config.frames import MAX_MESSAGE

APPLICATION = "config.asgi:application"

# daphne's default of 50 drops the handshakes of a crowd that comes back at once.
BACKLOG = 4096
PING_EVERY = 20
PONG_WITHIN = 30
# daphne's. nginx ends an idle connection to us sooner (nginx/parley.conf): a request must not meet one that is closing.
KEEP_ALIVE = 60
# What runs at a SIGTERM may end by itself; then it is cancelled. Uploads wait for each other.
ENDS_WITHIN = 30 if settings.LOW_PRIORITY else 5


def run_server() -> None:
    """In this very process, until a signal ends it."""
    {"daphne": run_daphne, "uvicorn": run_uvicorn}[settings.SERVER]()


def run_daphne() -> None:
    from daphne import server
    from daphne.cli import CommandLineInterface

    from config.bodies import LimitedFactory
    from config.daphne_sockets import LendingServer, SocketFactory

    # Where its Server looks for them.
    server.HTTPFactory = LimitedFactory  # type: ignore[attr-defined]
    server.WebSocketFactory = SocketFactory  # type: ignore[attr-defined]
    CommandLineInterface.server_class = LendingServer
    endpoint = f"tcp:port={settings.PORT}:interface={settings.HOST}:backlog={BACKLOG}"
    arguments = ["--endpoint", endpoint, "--verbosity", "0", "--no-server-name"]
    arguments += ["--ping-interval", str(PING_EVERY), "--ping-timeout", str(PONG_WITHIN)]
    sys.argv = ["daphne", *arguments, APPLICATION]
    CommandLineInterface.entrypoint()


def run_uvicorn() -> None:
    import uvicorn

    from config.uvicorn_sockets import SocketProtocol

    config = uvicorn.Config(
        APPLICATION,
        host=settings.HOST,
        port=settings.PORT,
        backlog=BACKLOG,
        loop="uvloop",
        http="httptools",
        ws=SocketProtocol,
        ws_max_size=MAX_MESSAGE,
        ws_ping_interval=PING_EVERY,
        ws_ping_timeout=PONG_WITHIN,
        ws_per_message_deflate=False,
        lifespan="off",
        timeout_keep_alive=KEEP_ALIVE,
        timeout_graceful_shutdown=ENDS_WITHIN,
        server_header=False,
        access_log=False,
        log_config=None,
        # What a proxy says is read where it counts: by accounts.http and by Django's SECURE_PROXY_SSL_HEADER.
        proxy_headers=False,
    )
    with suppress(KeyboardInterrupt):
        uvicorn.Server(config).run()
