"""Runs the server: migrations first, then the one that SERVER names, in this very process."""

from __future__ import annotations

import socket
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.demo import make_demo
from config.management.commands.demo import guide
from config.processes import claim_only_process
from config.servers import run_server


class Command(BaseCommand):
    help = "Migrates the database and serves Parley on HOST:PORT with SERVER, background work in the same process."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--demo", action="store_true", help="make the demo organisations and print the ways in"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            claim_only_process()
            self.check_port()
            call_command("migrate", interactive=False, verbosity=0)
            if options["demo"]:
                self.stdout.write(f"\n{guide(make_demo())}\n")
        except ImproperlyConfigured as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"\nParley serves on {settings.PUBLIC_URL}  (Ctrl-C stops it)\n\n")
        self.stdout.flush()
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
