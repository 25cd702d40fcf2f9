"""Runs the server: migrations first, then the one that SERVER names, in this very process."""

from __future__ import annotations

import signal
import socket
import sys
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from attachments.inspection.priority import take_what_is_left
from config.demo import make_demo
from config.management.commands.demo import guide
from config.processes import claim_only_process
from config.servers import ENDS_WITHIN, run_server
from config.work import make_worker


class Command(BaseCommand):
    help = "Migrates the database and serves Parley on HOST:PORT with SERVER, background work too if WORKER=embedded."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--demo", action="store_true", help="make the demo organisations and print the ways in"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.LOW_PRIORITY:
            take_what_is_left()
        try:
            claim_only_process()
            self.check_port()
            call_command("migrate", interactive=False, verbosity=0)
            if options["demo"]:
                self.stdout.write(f"\n{guide(make_demo())}\n")
        except ImproperlyConfigured as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"\nParley serves on {settings.PUBLIC_URL}  (Ctrl-C stops it)\n\n")
        if not settings.IS_WORKER_EMBEDDED:
            self.stdout.write("Work in the background is for `manage.py worker`, in a process of its own.\n")
        self.stdout.flush()
        if settings.IS_WORKER_EMBEDDED:
            serve_and_work()
        else:
            run_server()

    def check_port(self) -> None:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((settings.HOST, settings.PORT))
            except OSError as error:
                raise CommandError(
                    f"Cannot serve on {settings.HOST}:{settings.PORT}: {error.strerror}."
                    " Choose another with PORT=... or HOST=..."
                ) from None


def serve_and_work() -> None:
    """What the worker is at when the server ends may end, too; else it is left to the next one that starts."""
    # uvicorn ends by the signal it was sent, as if nobody had handled it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    worker = make_worker()
    worker.start()
    try:
        run_server()
    finally:
        worker.end()
        worker.wait(within=ENDS_WITHIN)
