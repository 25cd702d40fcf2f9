"""The first step on a server that is not a demo: an organisation and its first admin."""

from __future__ import annotations

import secrets
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import IntegrityError, transaction

from accounts.actions import add_organisation
from accounts.models import User


class Command(BaseCommand):
    help = "Makes an organisation with its first admin, who then adds the others at /admin/."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", help="as it stands in addresses, for instance hotel-miramar")
        parser.add_argument("name", help="as people read it")
        parser.add_argument(
            "--admin", required=True, metavar="USERNAME", help="made if there is no such user"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        password = secrets.token_urlsafe(12)
        try:
            with transaction.atomic():
                admin, is_new = User.objects.get_or_create(username=options["admin"])
                if is_new:
                    admin.set_password(password)
                    admin.save(update_fields=["password"])
                add_organisation(slug=options["slug"], name=options["name"], admin=admin)
        except IntegrityError:
            raise CommandError(f"There is an organisation {options['slug']} already.") from None
        self.stdout.write(f"{options['name']} is there. {admin.username} adds its people at /admin/.")
        if is_new:
            self.stdout.write(f"The password, told this once: {password}")
