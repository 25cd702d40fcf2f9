"""A town to measure in: 100 organisations, 10,000 conversations, a million messages, the same at every run.

`DATABASE_URL=postgres://... python -m bench.dataset` migrates that database, which must hold no organisation yet, and
fills it. One tenant has a fifth of everything; in it a group of 1,000 people has said 50,000 things. Messages lie in
the order of time, as they would: those of one conversation are scattered over the table.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from unicodedata import normalize

import django
from django.core.management import call_command
from django.db import connection, transaction

from bench import tables
from bench.town import Person, Size, Talk, Town
from bench.words import WORDS

BEGUN = datetime(2025, 1, 1, tzinfo=UTC)
LASTS = timedelta(days=365)
SEED = 1
RARE_WORD, ONE_IN = "zarzaparrilla", 10_000
LOCALES = ("en", "es", "pt")

Say = Callable[[str], None]


def fill(size: Size, *, seed: int = SEED, say: Say = lambda line: None) -> None:
    """Writes all of it, or nothing."""
    rows = Rows(Town(size, seed))
    say(f"{len(rows.town.talks):,} conversations, {len(rows.town.said):,} messages")
    with transaction.atomic():
        tables.prepare()
        for kind, some in rows.of_all():
            begun = time.monotonic()
            tables.write(kind, some)
            say(f"{tables.TABLES[kind]:24} {time.monotonic() - begun:6.1f} s")


class Rows:
    """What the tables hold of a town."""

    def __init__(self, town: Town) -> None:
        self.town, self.lot = town, town.lot
        self.step = LASTS / len(town.said)

    def of_all(self) -> Iterator[tuple[type[tuple[object, ...]], Iterable[tuple[object, ...]]]]:
        yield tables.OrganisationRow, self.organisations()
        yield tables.SpaceRow, self.spaces()
        yield tables.MemberRow, self.members()
        yield tables.AccessRow, self.access()
        yield tables.ConversationRow, self.conversations()
        yield tables.ParticipantRow, self.participants()
        yield tables.MessageRow, self.messages()

    def organisations(self) -> Iterator[tables.OrganisationRow]:
        for tenant in self.town.tenants:
            slug = f"tenant-{tenant.number:03}"
            yield tables.OrganisationRow(
                tenant.id, slug, slug.capitalize(), LOCALES[tenant.number % len(LOCALES)], BEGUN
            )

    def spaces(self) -> Iterator[tables.SpaceRow]:
        for tenant in self.town.tenants:
            for number, space in enumerate(tenant.spaces):
                yield tables.SpaceRow(space, tenant.id, f"Space {number}", f"space-{number}")

    def members(self) -> Iterator[tables.MemberRow]:
        for tenant in self.town.tenants:
            for one in tenant.people:
                yield tables.MemberRow(one.id, tenant.id, one.role, one.name, BEGUN)

    def access(self) -> Iterator[tables.AccessRow]:
        for tenant in self.town.tenants:
            for client in tenant.clients:
                for space in client.spaces:
                    may_comment = client.role != "viewer"
                    yield tables.AccessRow(self.town.new_id(), client.id, space, client.role, may_comment)

    def conversations(self) -> Iterator[tables.ConversationRow]:
        for tenant in self.town.tenants:
            for talk in tenant.talks:
                yield self._conversation(tenant.id, talk)

    def _conversation(self, organisation: str, talk: Talk) -> tables.ConversationRow:
        active_at = self._time_of(talk.last)
        pair = ":".join(sorted(one.id for one in talk.people))
        return tables.ConversationRow(
            id=talk.id,
            organisation_id=organisation,
            kind=talk.kind,
            space_id=talk.space,
            title=talk.title,
            direct_key=pair if talk.kind == "direct" else "",
            channel_key=normalize("NFKC", talk.title).casefold() if talk.kind == "channel" else "",
            client_id=talk.client.id if talk.client else None,
            queue_open=talk.is_waiting,
            status="open" if talk.is_open else "closed",
            created_by_id=talk.people[0].id,
            created_at=self._time_of(talk.first),
            closed_at=None if talk.is_open else active_at,
            last_seq=talk.length,
            version=talk.length + 1,
            last_message_id=self._message_id(talk.last),
            active_at=active_at,
            changed_at=active_at,
        )

    def participants(self) -> Iterator[tables.ParticipantRow]:
        for talk in self.town.talks:
            for number, person in enumerate(talk.people):
                yield self._participant(talk, person, "member" if number else "owner")

    def _participant(self, talk: Talk, person: Person, role: str) -> tables.ParticipantRow:
        read = self._has_read(talk)
        return tables.ParticipantRow(
            id=self.town.new_id(),
            conversation_id=talk.id,
            member_id=person.id,
            role=role,
            joined_at=self._time_of(talk.first),
            delivered_seq=max(read, talk.length - 1),
            read_seq=read,
            shown_read_seq=read,
            archived_at=self._time_of(talk.last) if self.lot.random() < 0.05 else None,
        )

    def _has_read(self, talk: Talk) -> int:
        """Most have read all, some all but a little, and one in ten stopped reading long ago."""
        drawn = self.lot.random()
        if drawn < 0.7:
            return talk.length
        if drawn < 0.9:
            return max(0, talk.length - self.lot.randint(1, 10))
        return self.lot.randint(0, talk.length)

    def messages(self) -> Iterator[tables.MessageRow]:
        """In the order of speech. One in ten answers the message before it; a few were edited or deleted."""
        seqs: dict[str, int] = {}
        before: dict[str, str] = {}
        tenants = {talk.id: tenant.id for tenant in self.town.tenants for talk in tenant.talks}
        lot = self.lot
        for place, talk in enumerate(self.town.said):
            id, created_at, drawn = self._message_id(place), self._time_of(place), lot.random()
            seq = seqs[talk.id] = seqs.get(talk.id, 0) + 1
            yield tables.MessageRow(
                id=id,
                conversation_id=talk.id,
                organisation_id=tenants[talk.id],
                seq=seq,
                version=seq + 1,
                sender_id=lot.choice(talk.people).id,
                client_id=f"{lot.getrandbits(128):032x}",
                body=" ".join([*lot.choices(WORDS, k=lot.randint(1, 16)), *self._rarely(place)]),
                reply_to_id=before.get(talk.id) if drawn < 0.1 else None,
                created_at=created_at,
                edited_at=created_at if drawn > 0.98 else None,
                deleted_at=created_at if drawn > 0.99 else None,
            )
            before[talk.id] = id

    def _rarely(self, place: int) -> list[str]:
        return [RARE_WORD] if place % ONE_IN == 0 else []

    def _time_of(self, place: int) -> datetime:
        return BEGUN + place * self.step

    def _message_id(self, place: int) -> str:
        """A version 7 of that time; the place makes it unique."""
        milliseconds = round(self._time_of(place).timestamp() * 1000)
        return f"{milliseconds:012x}7000{2**63 + place:016x}"


# --- by hand --------------------------------------------------------------------------------------------------------


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.dataset", description=__doc__.partition("\n\n")[0])
    parser.add_argument("--scale", type=float, default=1.0, help="how much of the million messages (1)")
    parser.add_argument("--seed", type=int, default=SEED, help="another town of the same size")
    asked = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    refuse_what_is_in_use()
    fill(Size().scaled(asked.scale), seed=asked.seed, say=print)
    settle()


def refuse_what_is_in_use() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM accounts_organisation")
        if cursor.fetchone() != (0,):
            raise SystemExit("This database holds organisations already: name an empty one in DATABASE_URL.")


def settle() -> None:
    """As PostgreSQL does by itself, a while after much was written."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")
            cursor.execute("VACUUM ANALYZE")


if __name__ == "__main__":
    main()
