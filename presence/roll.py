"""The roll call: once a second a serving process says who is connected to it, and learns what is new of those that its
sockets watch.

Nothing is sent from process to process: each reads what changed. So a transition that one of them missed is seen at
the next look, at the latest when the lease on which the last answer stood runs out.
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from threading import Lock
from time import monotonic
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError

from accounts.models import Member
from common.clock import now
from presence.leases import FallingBack, Lease, leases
from presence.models import Availability, Presence
from presence.payloads import PresencePayload
from presence.queries import presence_by
from realtime.attention import Attention
from realtime.wiring import Attended, SocketsByMember

logger = logging.getLogger(__name__)

# A page that loads anew, or a tab that follows another, is no departure.
GRACE = 10.0
RENEW_EVERY = 25.0
SEEN_EVERY = 300.0
# A look reaches back over the last one: a watch may begin while we look.
OVERLAP = 5.0


@dataclass(frozen=True, slots=True)
class Known:
    """What the watchers were told of somebody, and until when it needs no other look."""

    presence: PresencePayload
    until: float


class RollCall:
    def __init__(self, leases: FallingBack) -> None:
        self._leases = leases
        self._memory: object = None
        self._said: dict[UUID, Lease] = {}
        self._left: set[UUID] = set()
        self._known: dict[UUID, Known] = {}
        self._visits = Lock()
        self._visited: OrderedDict[UUID, float] = OrderedDict()
        self._renewed_at = self._looked_at = self._seen_at = monotonic()

    def attend(self, changed: SocketsByMember, watched: set[UUID], asked: Iterable[UUID]) -> Attended:
        """The job of a serving process: says who came, turned away or left, and gives what is new of the watched."""
        came = self._say(changed)
        self._write_last_seen()
        # Asked even when nobody is watched: so a place that is lost is noticed within a second.
        elsewhere = self._leases.changed(monotonic() - self._looked_at + OVERLAP)
        if self._leases.is_settling:
            # Some leases are not where we look yet: better late than wrong.
            return Attended(people={}, known={}, crowded={})
        news = self._news(elsewhere, watched)
        known = {one: self._known[one].presence for one in asked if one in self._known}
        return Attended(people=news, known=known, crowded=self._crowded(came))

    def visit(self, member: UUID) -> None:
        """Somebody without a socket asks for news: they are here, until they have not asked for a while."""
        began = monotonic()
        with self._visits:
            while self._visited and next(iter(self._visited.values())) <= began - RENEW_EVERY:
                self._visited.popitem(last=False)
            if member in self._said or member in self._visited:
                return
            self._visited[member] = began
        self._leases.write([Lease(member)])
        _note_last_seen([member])

    def look(self, members: Collection[UUID]) -> dict[UUID, PresencePayload]:
        """What whoever asks is answered. While leases are on their way to another place, rather what was known."""
        found, _ = presence_by(self._leases, members)
        if self._leases.is_settling:
            known = dict(self._known)
            found |= {member: known[member].presence for member in members if member in known}
        return found

    # --- saying -----------------------------------------------------------------------------------------------------

    def _say(self, changed: SocketsByMember) -> list[UUID]:
        """Writes what differs from what was said before; gives the members who are new or have another socket."""
        now = {member: _lease(member, sockets) for member, sockets in changed.items() if sockets}
        news = [lease for member, lease in now.items() if self._said.get(member) != lease]
        gone = [self._said[member] for member in changed if member not in now and member in self._said]
        said = {member: lease for member, lease in self._said.items() if member not in changed} | now
        # As it is before: a place that is found to be away while we write has been told these only.
        memory = self._leases.memory
        if memory is not self._memory:
            news = list(said.values())
            self._visited.clear()
        if news or gone:
            self._leases.write([*news, *(replace(one, opened=(), seconds=GRACE) for one in gone)])
        self._memory, self._said = memory, said
        if monotonic() - self._renewed_at > RENEW_EVERY:
            self._leases.renew(said.values())
            self._renewed_at = monotonic()
        self._left |= {one.member for one in gone}
        for one in gone:
            # Who polls from now on is to be noted at once.
            self._visited.pop(one.member, None)
        return [lease.member for lease in news]

    def _write_last_seen(self) -> None:
        """Of those who left, and now and then of everybody. It can wait for the database; leases cannot."""
        is_time = monotonic() - self._seen_at > SEEN_EVERY
        seen = self._left | (self._said.keys() if is_time else set())
        if not seen:
            return
        try:
            _note_last_seen(seen)
        except DatabaseError as error:
            logger.warning("last seen waits for the database: %r", error)
            return
        self._left = set()
        self._seen_at = monotonic() if is_time else self._seen_at

    def _crowded(self, came: list[UUID]) -> Mapping[UUID, float]:
        """Whose newest sockets alone are as many as one may have: when the oldest of those was opened."""
        if not came:
            return {}
        most = settings.SOCKETS_PER_MEMBER
        opened = {
            member: sorted(moment for lease in running for moment in lease.opened)
            for member, running in self._leases.running(came).items()
        }
        return {member: moments[-most] for member, moments in opened.items() if len(moments) > most}

    # --- learning ---------------------------------------------------------------------------------------------------

    def _news(self, changed: set[UUID], watched: set[UUID]) -> dict[UUID, PresencePayload]:
        began, known = monotonic(), dict(self._known)
        due = {one for one in watched if one not in known or known[one].until <= began}
        found, until = self._ask(due | {one for one in changed if one in watched or one in known})
        news = {
            member: presence
            for member, presence in found.items()
            if member not in known or known[member].presence != presence
        }
        self._known |= {member: Known(presence, until[member]) for member, presence in found.items()}
        for member in known.keys() - watched - changed:
            del self._known[member]
        self._looked_at = began
        return news

    def _ask(self, members: Iterable[UUID]) -> tuple[dict[UUID, PresencePayload], dict[UUID, float]]:
        began = monotonic()
        found, running = presence_by(self._leases, members)
        until = {
            member: began + min((lease.seconds for lease in running.get(member, ())), default=RENEW_EVERY)
            for member in found
        }
        return found, until


@cache
def roll_call() -> RollCall:
    """This process's."""
    return RollCall(leases())


def _lease(member: UUID, sockets: list[Attention]) -> Lease:
    return Lease(
        member,
        is_away=all(socket.is_away for socket in sockets),
        opened=tuple(sorted(socket.opened_at for socket in sockets)),
    )


def _note_last_seen(members: Iterable[UUID]) -> None:
    """Only of those who may be seen, and who have not been deleted meanwhile; in one order, as others do it too."""
    invisible = Presence.objects.filter(availability=Availability.INVISIBLE).values("member")
    seen = Member.objects.filter(pk__in=list(members)).exclude(pk__in=invisible).order_by("pk")
    Presence.objects.bulk_create(
        [Presence(member=member, last_seen_at=now()) for member in seen],
        update_conflicts=True,
        unique_fields=["member"],
        update_fields=["last_seen_at"],
    )
