"""Every list is read by an index that was made for it, at a size where the database may choose.

A town takes seconds to fill: the tests share it, and each gathers what it does not like.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from operator import itemgetter
from typing import Any

import pytest
from django.db import connection
from django.db.models import Count, Sum
from pytest_django import DjangoDbBlocker

from accounts.actions import make_token
from accounts.actor import Actor, Credential
from accounts.models import Member, Organisation, TokenKind
from bench.dataset import RARE_WORD, fill
from bench.town import Size
from common.clock import now
from delivery.queries import heads, sync
from messaging import search
from messaging.access import ways_to_hear
from messaging.models import Conversation, Mention, Message
from messaging.queries import newest_of
from messaging.words import terms_of
from tests.cast import Person
from tests.conftest import Api, shared_rows
from tests.plans import IS_SQLITE, analyze, plan_of, whole_tables, work_of

SIZE = Size(organisations=40, conversations=4_000, messages=40_000, longest=5_000, largest_group=1_000)
MENTIONS = 10_000
LIST = "chat/conversations/"
OWN = "participant"
NEWEST = "conversation_newest"
NEWEST_WAITING = "conversation_newest_waiting"
# Where all who wait fit on a page, either index of theirs gives them for the same price.
WAITING = "_waiting"
LONGEST = "conversation_waiting_longest"
OF_KIND = "conversation_newest_of_kind"


class Town:
    """Its largest tenant, and of each role the person who is in most conversations."""

    def __init__(self) -> None:
        fill(SIZE)
        self.tenant = Organisation.objects.get(slug="tenant-000")
        self._mention_people()
        self.people = {role: self._busiest(role) for role in ("admin", "agent", "client", "guest")}

    def _mention_people(self) -> None:
        """An empty table is read from end to end, as that costs nothing."""
        said = Message.objects.order_by("pk").values_list("pk", "sender")[:MENTIONS]
        Mention.objects.bulk_create(Mention(message_id=id, member_id=who, text="@them") for id, who in said)
        with connection.cursor() as cursor:
            analyze(cursor)

    def _busiest(self, role: str) -> Person:
        members = Member.objects.filter(organisation=self.tenant, role=role)
        member = members.annotate(count=Count("participations")).latest("count", "pk")
        issued = make_token(member, kind=TokenKind.API)
        return Person(member, issued.secret, Actor(member, Credential(member.id, token_id=issued.token.id)))

    def get(self, role: str, path: str) -> Any:
        response = Api(self.people[role]).get(path)
        assert response.status_code == 200
        return response.json()

    def complaints(self, role: str, path: str, *indexes: str, begins_at: str = "") -> list[str]:
        found = complaints(plan_of(partial(self.get, role, path)), *indexes, begins_at=begins_at)
        return [f"{role} {path}: {one}" for one in found]

    def second_page_of(self, role: str, path: str) -> str:
        return f"{path}&cursor={self.get(role, path)['next']}"


@pytest.fixture(scope="module")
def _filled(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Town]:
    with shared_rows(django_db_blocker):
        yield Town()


@pytest.fixture
def town(_filled: Town, db: None) -> Town:
    return _filled


def complaints(plan: list[str], *indexes: str, begins_at: str = "") -> list[str]:
    """Whole tables that are read, indexes that are not used; whether one is entered at a place, and not at its top.

    SQLite has no names for the indexes of constraints, and no statistics to choose by: there it is enough to have any.
    """
    used = [] if IS_SQLITE else indexes
    found = [*whole_tables(plan), *(f"no {index}" for index in used if not any(index in one for one in plan))]
    entered = [line.replace(" ", "") for line in plan if "Index Cond" in line or line.startswith("SEARCH")]
    if not any(begins_at in line for line in entered):
        found.append(f"does not begin at {begins_at}")
    return found


def test_conversations(town: Town) -> None:
    in_a_space = Conversation.objects.filter(organisation=town.tenant, space__isnull=False).latest("pk")
    found = []
    for role, query, indexes in [
        ("admin", "?limit=50", [NEWEST]),
        ("admin", "?kind=channel", [OF_KIND]),
        ("admin", f"?space={in_a_space.space_id}", ["space"]),
        ("agent", "?limit=10", [NEWEST_WAITING, OF_KIND, OWN]),
        ("agent", "?limit=50", [WAITING, OF_KIND, OWN]),
        ("agent", "?kind=support", [WAITING, OWN]),
        ("agent", "?assigned=none", [WAITING]),
        ("agent", "?assigned=me", ["conversation_of_an_assignee"]),
        ("client", "?limit=50", [OWN]),
        ("client", "?kind=direct", [OWN]),
        ("guest", "?limit=50", [OWN]),
    ]:
        found += town.complaints(role, LIST + query, *indexes)
    assert found == []


def test_the_second_page_begins_where_the_first_ended(town: Town) -> None:
    found = []
    for role, query, indexes in [
        ("admin", "?limit=50", [NEWEST]),
        ("admin", "?kind=channel&limit=20", [OF_KIND]),
        ("agent", "?limit=50", [WAITING, OF_KIND, OWN]),
    ]:
        path = town.second_page_of(role, LIST + query)
        found += town.complaints(role, path, *indexes, begins_at="active_at<")
    assert found == []


def test_the_queue(town: Town) -> None:
    waiting = Conversation.objects.filter(organisation=town.tenant, queue_open=True).latest("queued_at", "pk")
    second = town.second_page_of("agent", "desk/queue/?limit=5")
    found = town.complaints("agent", "desk/queue/?limit=5", LONGEST)
    found += town.complaints("agent", second, LONGEST, begins_at="queued_at>")
    found += town.complaints("agent", f"desk/places/{waiting.pk}/", LONGEST)
    assert found == []


def test_timelines(town: Town) -> None:
    found = []
    for role in ("admin", "agent", "client"):
        talks = Conversation.objects.filter(participants__member=town.people[role].member)
        path = f"{LIST}{talks.latest('last_seq').pk}/messages/"
        for query in ("", "?before=500", "?after=500", "?around=500"):
            found += town.complaints(role, path + query, "message_seq_once")
    assert found == []


def test_sync(town: Town) -> None:
    found = []
    for person in town.people.values():
        heard = newest_of(ways_to_hear(person.actor), 50)
        cursors = {one.pk: (max(0, one.version - 3), one.receipt_version) for one in heard}
        found += complaints(
            plan_of(partial(sync, person.actor, cursors=cursors, limit=50)), "message_by_version", OWN
        )
        found += complaints(
            plan_of(partial(sync, person.actor, cursors={}, limit=50)), "message_seq_once", OWN
        )
    assert found == []


def test_healing(town: Town) -> None:
    newest = Conversation.objects.filter(organisation=town.tenant).latest("active_at")
    Conversation.objects.filter(pk=newest.pk).update(changed_at=now())
    members = [person.member.pk for person in town.people.values()]
    plan = plan_of(partial(heads, 17.0, members, [str(newest.pk)]))
    assert complaints(plan, "changed_at", OWN) == []


def test_people(town: Town) -> None:
    found = town.complaints("admin", "members/?q=", "member_by_name")
    found += town.complaints("agent", "members/?role=client", "member_by_role_and_name")
    found += town.complaints("client", "members/?q=", "spaceaccess")
    second = town.second_page_of("admin", "members/?q=")
    found += town.complaints("admin", second, "member_by_name", begins_at="name")
    assert found == []


def test_search(town: Town) -> None:
    """What is common in all of the tenant is found among the newest, all else by the index of words."""
    search.index(Message.objects.only("body"))
    found = []
    for role in ("admin", "agent", "client"):
        person = town.people[role]
        for query in (f"q={RARE_WORD}", "q=%22llave+noche%22", f"q=agua&channel={longest(person).pk}"):
            found += town.complaints(role, f"chat/messages/?{query}", "message_words")
        for query in ("q=factura", "q=fa"):
            index = "messaging_message_pkey" if role == "admin" else "message_words"
            found += town.complaints(role, f"chat/messages/?{query}", index)
    assert found == []


def test_nobody_goes_through_what_other_tenants_say(town: Town) -> None:
    """The least of the tenants finds what is said everywhere by a look at what it said itself."""
    search.index(Message.objects.only("body"))
    counted = Conversation.objects.values_list("organisation").annotate(said=Sum("last_seq"))
    tenant, said = min(counted, key=itemgetter(1))
    member = Member.objects.filter(organisation=tenant, role="admin").latest("pk")
    actor = Actor(member, Credential(member.id))
    wanted = search.Wanted(terms=terms_of("factura"))
    work = work_of(lambda: search.found(actor, wanted, before=None, limit=51))
    assert work < (60_000 if IS_SQLITE else 6 * said), (work, said)


def longest(person: Person) -> Conversation:
    return Conversation.objects.filter(participants__member=person.member).latest("last_seq")
