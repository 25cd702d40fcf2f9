"""How long it takes to read, in the largest tenant of `bench.dataset` and in its smallest.

`DATABASE_URL=postgres://... python -m bench.measures.reads` prints a table. Requests go through all of Django, but not
through a socket: what is measured is ours and the database's, one request after the other.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from functools import partial
from statistics import median, quantiles
from typing import Any, NamedTuple

import django

from bench.dataset import RARE_WORD
from common import ratelimit
from config.interpreter import set_up_to_serve

REQUESTS = 200
DEEP = 10  # pages
SYNCED = 200  # conversations
CHANGED = (0.01, 0.1, 1.0)
NEWS = 3  # messages in each that changed
LIST = "chat/conversations/"

Ask = Callable[[], Any]
Say = Callable[[str], None]


class Row(NamedTuple):
    """`cpu_ms`: the median of our own time, without the database's; it tells what a busy machine adds to the others."""

    name: str
    tenant: str
    conversations: int
    p50_ms: float
    p95_ms: float
    cpu_ms: float


def measure(requests: int = REQUESTS, say: Say = lambda line: None) -> list[Row]:
    """Needs `django.setup()`, and a database that `bench.dataset` filled."""
    set_up_to_serve()
    rows = []
    for tenant, conversations in tenants():
        for name, ask in reads_of(tenant):
            rows.append(Row(name, tenant, conversations, *timed(ask, requests)))
            say(line_of(rows[-1]))
    return rows


def timed(ask: Ask, requests: int) -> tuple[float, float, float]:
    """p50, p95 and our own time, in milliseconds. The first is not counted."""
    taken, busy = [], []
    for _ in range(requests + 1):
        begun, busy_before = time.perf_counter(), time.process_time()
        answer = ask()
        taken.append((time.perf_counter() - begun) * 1000)
        busy.append((time.process_time() - busy_before) * 1000)
        assert answer.status_code == 200, answer.content
    cuts = quantiles(taken[1:], n=20)
    return cuts[9], cuts[18], median(busy[1:])


def tenants() -> list[tuple[str, int]]:
    """The largest and the smallest, by slug, with how many conversations they have."""
    from django.db.models import Count

    from messaging.models import Conversation

    counted = Conversation.objects.values_list("organisation__slug").annotate(count=Count("pk"))
    by_size = list(counted.order_by("-count", "organisation__slug"))
    return [by_size[0], by_size[-1]]


# --- what is read ---------------------------------------------------------------------------------------------------


class Viewer:
    """The member of this role who is in most conversations."""

    def __init__(self, tenant: str, role: str) -> None:
        from django.db.models import Count
        from django.test import Client

        from accounts.actions import make_token
        from accounts.models import Member, TokenKind
        from accounts.queries import get_actor_by_token

        members = Member.objects.filter(organisation__slug=tenant, role=role)
        member = members.annotate(count=Count("participations")).order_by("-count", "pk")[0]
        token = make_token(member, kind=TokenKind.API, name="bench").secret
        self.actor = get_actor_by_token(token)
        self.client = Client(headers={"Authorization": f"Bearer {token}"}, SERVER_NAME="127.0.0.1")

    def get(self, path: str) -> Any:
        return self.client.get(f"/api/v1/{path}")

    def search(self, path: str) -> Any:
        """As often as nobody may: the limit is not what is measured."""
        ratelimit.forget()
        return self.get(path)

    def sync(self, cursors: dict[str, list[int]]) -> Any:
        body = {"cursors": cursors}
        return self.client.post("/api/v1/chat/sync/", body, content_type="application/json")


def reads_of(tenant: str) -> Iterator[tuple[str, Ask]]:
    for role in ("manager", "agent", "client"):
        viewer = Viewer(tenant, role)
        for name, path in (*lists(viewer), *directory()):
            yield f"{role}: {name}", partial(viewer.get, path)
    for role in ("manager", "client"):
        viewer = Viewer(tenant, role)
        for name, path in timeline(viewer):
            yield f"{role}: {name}", partial(viewer.get, path)
    for role in ("manager", "agent", "client"):
        viewer = Viewer(tenant, role)
        for name, path in searches(viewer):
            yield f"{role}: {name}", partial(viewer.search, path)
    for name, cursors, viewer in syncs(Viewer(tenant, "agent")):
        yield f"agent: {name}", partial(viewer.sync, cursors)


def lists(viewer: Viewer) -> Iterator[tuple[str, str]]:
    yield "list, first page", LIST
    yield "list, deep page", deep_page(viewer)
    yield "list, one kind", f"{LIST}?kind=channel"
    yield "list, archived", f"{LIST}?archived=true"
    yield "list, words of a title", f"{LIST}?q=factura"
    yield "list, a person", f"{LIST}?q=Silva"
    yield "list, words of nothing", f"{LIST}?q=xyzzy"


def deep_page(viewer: Viewer, first: str = f"{LIST}?") -> str:
    path = first
    for _ in range(DEEP):
        cursor = viewer.get(path).json()["next"]
        if cursor is None:
            break
        path = f"{first}&cursor={cursor}"
    return path


def directory() -> Iterator[tuple[str, str]]:
    yield "people, first page", "members/"
    yield "people, a name", "members/?q=Silva"
    yield "people, one role", "members/?role=client"


def timeline(viewer: Viewer) -> Iterator[tuple[str, str]]:
    """Of the longest conversation that the viewer may see."""
    from messaging.access import conversations_visible_to

    talk = conversations_visible_to(viewer.actor).order_by("-last_seq")[0]
    path, middle = f"{LIST}{talk.pk}/messages/", talk.last_seq // 2
    yield "timeline, newest", path
    for where in ("before", "after", "around"):
        yield f"timeline, {where} the middle", f"{path}?{where}={middle}"


def searches(viewer: Viewer) -> Iterator[tuple[str, str]]:
    """To be answered within 200 ms, 95 times in a hundred. Every word of the town is common but the one that is not."""
    path, sender = "chat/messages/", viewer.actor.id
    yield "search, a common word", f"{path}?q=factura"
    yield "search, its beginning", f"{path}?q=fa"
    yield "search, a letter", f"{path}?q=p"
    yield "search, three common words", f"{path}?q=llave+noche+agua"
    yield "search, a phrase", f"{path}?q=%22llave+noche%22"
    yield "search, a rare word", f"{path}?q={RARE_WORD}"
    yield "search, a word of nothing", f"{path}?q=xyzzy"
    yield "search, of one person", f"{path}?q=factura&user={sender}"
    yield "search, all of one person", f"{path}?user={sender}"
    yield "search, links", f"{path}?has=link"
    yield "search, deep page", deep_page(viewer, f"{path}?q=factura")


def syncs(viewer: Viewer) -> Iterator[tuple[str, dict[str, list[int]], Viewer]]:
    """Of the newest conversations that the viewer hears, these many have changed since."""
    from messaging.access import ways_to_hear
    from messaging.queries import newest_of

    heard = list(newest_of(ways_to_hear(viewer.actor), SYNCED))
    for share in (0.0, *CHANGED):
        changed = round(len(heard) * share)
        cursors = {
            str(one.pk): [max(0, one.version - NEWS * (place < changed)), one.receipt_version]
            for place, one in enumerate(heard)
        }
        yield f"sync, {changed} of {len(heard)} changed", cursors, viewer


# --- by hand --------------------------------------------------------------------------------------------------------


def line_of(row: Row) -> str:
    return f"{row.name:40} {row.tenant:12} {row.conversations:8,} {row.p50_ms:8.1f} {row.p95_ms:8.1f} {row.cpu_ms:8.1f}"


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    print(f"{'read':40} {'tenant':12} {'talks':>8} {'p50 ms':>8} {'p95 ms':>8} {'CPU ms':>8}")
    measure(int(os.environ.get("REQUESTS", REQUESTS)), say=print)


if __name__ == "__main__":
    main()
