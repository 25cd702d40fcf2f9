"""Makes or finds the demo organisations."""

from __future__ import annotations

import json
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User
from config import once
from config.demo import TENANTS, make_demo


class Command(BaseCommand):
    help = "Makes or finds two demo organisations with a member of every role, and prints how to come in (DEMO=1 only)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--json", action="store_true", help="print ids, passwords and tokens for programs"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            organisations = make_demo()
        except ImproperlyConfigured as error:
            raise CommandError(str(error)) from None
        if options["json"]:
            self.stdout.write(json.dumps({"organisations": organisations}, indent=2, ensure_ascii=False))
        else:
            self.stdout.write(guide(organisations))


def guide(organisations: list[dict[str, Any]]) -> str:
    return "\n\n".join(map(_guide_to, organisations))


def _guide_to(organisation: dict[str, Any]) -> str:
    tenant = next(one for one in TENANTS if one.slug == organisation["slug"])
    page = f"{organisation['site']['origin']}/demo/{tenant.slug}/"
    people = {member["role"]: member for member in organisation["members"]}
    lines = [
        tenant.name,
        f"  a visitor's page      {page}",
        f"  a signed-in client    {page}?as={people['client']['name'].split()[0]}",
    ]
    lines += [_way_in(people[role]) for role in ("agent", "admin")]
    return "\n".join(lines)


def _way_in(member: dict[str, Any]) -> str:
    user = User.objects.get(username=member["username"])
    return (
        f"  {member['name']}, {member['role']}: one-time login\n    {once.link_for(user)}\n"
        f"    or {member['username']} with {member['password']}"
    )
