"""Opening a socket: Origin, version, ticket, welcome."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from unittest.mock import ANY

import pytest
from channels.db import database_sync_to_async as in_thread
from channels.layers import channel_layers
from django.conf import settings
from django.db import OperationalError

from accounts.actions import forget_old_tickets, issue_socket_ticket, revoke_token
from accounts.models import SocketTicket
from common.clock import now
from messaging.actions import start_conversation
from messaging.models import Kind
from tests.cast import ACME_ORIGIN, HOTEL_ORIGIN, Cast
from tests.conftest import SocketFactory
from tests.sockets import ticket_of


async def test_hello_is_answered_with_everything_new(committed_cast: Cast, socket: SocketFactory) -> None:
    cast = committed_cast
    started = await in_thread(start_conversation)(cast.carol.actor, kind=Kind.SUPPORT)
    wire = await socket(cast.carol, hello=False)

    welcome = await wire.push("hello", ticket=await ticket_of(cast.carol), cursors={})
    assert wire.answered == "parley.v1"
    assert welcome == {
        "type": "welcome",
        "re": ANY,
        "member": {"id": cast.carol.id, "name": "Carol", "role": "client"},
        "epoch": ANY,
        "now": ANY,
        "heartbeat_ms": 25000,
        "limits": {"frame": 65536, "body": 5000},
        "sync": {"conversations": [ANY], "gone": [], "more": False},
        "unread": 0,
    }
    assert welcome["sync"]["conversations"][0]["conversation"]["id"] == str(started.conversation.id)


async def test_a_page_that_is_up_to_date_gets_nothing(committed_cast: Cast, socket: SocketFactory) -> None:
    cast = committed_cast
    started = await in_thread(start_conversation)(cast.carol.actor, kind=Kind.SUPPORT)
    wire = await socket()

    cursors = {str(started.conversation.id): [1, 0]}
    assert (await wire.hello(cast.carol, cursors=cursors))["sync"]["conversations"] == []


@pytest.mark.parametrize(
    ("origin", "accepted"),
    [
        (None, True),
        (HOTEL_ORIGIN, True),
        (ACME_ORIGIN, True),
        ("http://127.0.0.1", True),
        ("http://127.0.0.1:8001", False),
        ("http://127.0.0.1.evil.example", False),
        ("https://evil.example", False),
        ("null", False),
        (HOTEL_ORIGIN + ".evil.example", False),
        (HOTEL_ORIGIN.upper(), False),
    ],
)
async def test_which_pages_may_open_a_socket(
    committed_cast: Cast, socket: SocketFactory, origin: str | None, accepted: bool
) -> None:
    wire = await socket(origin=origin)
    assert wire.accepted == accepted


async def test_a_host_that_is_not_ours_is_turned_away(committed_cast: Cast, socket: SocketFactory) -> None:
    wire = await socket(host="evil.example", origin="http://evil.example")
    assert not wire.accepted


async def test_a_widgets_ticket_opens_on_its_sites_pages_only(
    committed_cast: Cast, socket: SocketFactory
) -> None:
    dana = committed_cast.dana
    at_home = await socket(origin=HOTEL_ORIGIN)
    assert (await at_home.hello(dana))["type"] == "welcome"
    elsewhere = await socket(origin=ACME_ORIGIN)
    assert (await elsewhere.hello(dana))["code"] == "not_authenticated"
    assert await elsewhere.closed_with() == 4501


async def test_a_ticket_opens_one_socket(committed_cast: Cast, socket: SocketFactory) -> None:
    ticket = await ticket_of(committed_cast.carol)
    first, second = await socket(), await socket()

    assert (await first.push("hello", ticket=ticket))["type"] == "welcome"
    assert (await second.push("hello", ticket=ticket))["code"] == "not_authenticated"
    assert await second.closed_with() == 4501


async def test_a_stale_ticket_opens_nothing(committed_cast: Cast, socket: SocketFactory) -> None:
    ticket = await ticket_of(committed_cast.carol)
    await in_thread(SocketTicket.objects.update)(expires_at=now())
    wire = await socket()
    assert (await wire.push("hello", ticket=ticket))["code"] == "not_authenticated"


def test_stale_tickets_are_forgotten_and_others_are_not(cast: Cast) -> None:
    """Nobody will redeem them, and nobody else throws them away."""
    issue_socket_ticket(cast.carol.actor)
    SocketTicket.objects.update(expires_at=now() - timedelta(seconds=1))
    issue_socket_ticket(cast.bob.actor)
    forget_old_tickets()
    assert [one.member for one in SocketTicket.objects.all()] == [cast.bob.member]


async def test_a_ticket_dies_with_its_token(committed_cast: Cast, socket: SocketFactory) -> None:
    carol = committed_cast.carol
    ticket = await ticket_of(carol)
    await in_thread(revoke_token)(carol.actor, token_id=carol.token_id)
    wire = await socket()
    assert (await wire.push("hello", ticket=ticket))["code"] == "not_authenticated"
    assert await wire.closed_with() == 4501


@pytest.mark.parametrize("ticket", ["nonsense", "", "nul \x00"])
async def test_a_made_up_ticket_opens_nothing(
    committed_cast: Cast, socket: SocketFactory, ticket: str
) -> None:
    wire = await socket()
    assert (await wire.push("hello", ticket=ticket))["code"] == "not_authenticated"
    assert await wire.closed_with() == 4501


async def test_without_a_ticket_the_field_is_named(committed_cast: Cast, socket: SocketFactory) -> None:
    wire = await socket()
    answer = await wire.push("hello")
    assert (answer["code"], list(answer["fields"])) == ("invalid_input", ["ticket"])
    assert (await wire.hello(committed_cast.carol))["type"] == "welcome"


async def test_nothing_is_heard_or_done_before_hello(committed_cast: Cast, socket: SocketFactory) -> None:
    wire = await socket()
    answer = await wire.push("ping")
    assert answer["code"] == "not_authenticated"
    assert (await wire.hello(committed_cast.carol))["type"] == "welcome"


async def test_hello_is_said_once(committed_cast: Cast, socket: SocketFactory) -> None:
    wire = await socket(committed_cast.carol)
    assert (await wire.hello(committed_cast.carol))["code"] == "invalid_input"
    assert (await wire.push("ping"))["type"] == "pong"


async def test_whoever_says_nothing_is_closed(
    committed_cast: Cast, socket: SocketFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("realtime.consumer.HELLO_WITHIN", 0.05)
    wire = await socket()
    assert await wire.closed_with() == 4000


async def test_a_hello_that_failed_is_followed_by_another_or_the_end(
    committed_cast: Cast, socket: SocketFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The time that the database takes is the server's; then the client has its own again."""
    wire = await socket()
    ticket = await ticket_of(committed_cast.carol)
    monkeypatch.setattr("realtime.consumer.HELLO_WITHIN", 0.05)
    assert (await wire.push("hello", ticket=ticket, cursors="nonsense"))["code"] == "invalid_input"
    assert await wire.closed_with() == 4000


async def test_another_version_is_told_so(committed_cast: Cast, socket: SocketFactory) -> None:
    wire = await socket(subprotocols=("parley.v9",))
    assert await wire.closed_with() == 4506


async def test_a_native_client_may_leave_the_version_out(committed_cast: Cast, socket: SocketFactory) -> None:
    wire = await socket(committed_cast.carol, subprotocols=())
    assert (await wire.push("ping"))["type"] == "pong"


async def test_a_hello_that_failed_on_our_side_can_be_said_again(
    committed_cast: Cast, socket: SocketFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*args: object, **kwargs: object) -> None:
        raise OperationalError("the database is restarting")

    # So that there is something to tell.
    bob, carol = committed_cast.bob, committed_cast.carol
    await in_thread(start_conversation)(carol.actor, kind=Kind.DIRECT, member=bob.member.id)
    wire = await socket()
    for asking in ("up_to_date", "sync"):
        with monkeypatch.context() as database:
            database.setattr(f"delivery.queries.{asking}", away)
            answer = await wire.hello(committed_cast.carol)
        assert (answer["code"], answer["temporary"]) == ("unavailable", True)
    assert (await wire.hello(committed_cast.carol))["type"] == "welcome"
    await in_thread(start_conversation)(committed_cast.carol.actor, kind=Kind.SUPPORT)
    assert (await wire.hear())["event"] == "started"


async def test_a_crowd_comes_in_together(committed_cast: Cast, socket: SocketFactory) -> None:
    """One whose token has ended meanwhile, one who talks nonsense and one who has missed something among them."""
    cast = committed_cast
    started = await in_thread(start_conversation)(cast.carol.actor, kind=Kind.SUPPORT)
    people = [cast.alice, cast.bob, cast.carol, cast.vera, cast.mallory]
    wires = [await socket() for _ in people]
    tickets = [await ticket_of(one) for one in people]
    await in_thread(revoke_token)(cast.vera.actor, token_id=cast.vera.token_id)

    cursors: list[Any] = [{str(started.conversation.id): [1, 0]}] * 5
    cursors[0], cursors[2] = "nonsense", {}
    for wire, ticket, those in zip(wires, tickets, cursors, strict=True):
        await wire.send({"type": "hello", "ticket": ticket, "cursors": those})
    alice, bob, carol, vera, mallory = [await wire.receive() for wire in wires]
    assert (alice["code"], vera["code"]) == ("invalid_input", "not_authenticated")
    assert [one["member"]["name"] for one in (bob, carol, mallory)] == ["Bob", "Carol", "Mallory"]
    assert [len(one["sync"]["conversations"]) for one in (bob, carol, mallory)] == [0, 1, 0]
    assert mallory["sync"]["gone"] == [str(started.conversation.id)]


async def test_a_hello_that_failed_leaves_nobody_listening(
    committed_cast: Cast, socket: SocketFactory
) -> None:
    """The next hello may be another person's, who must not hear what the first one would have."""
    cast = committed_cast
    wire = await socket()
    answer = await wire.push("hello", ticket=await ticket_of(cast.carol), cursors="nonsense")
    assert answer["code"] == "invalid_input"
    assert (await wire.hello(cast.mallory))["type"] == "welcome"

    await in_thread(start_conversation)(cast.carol.actor, kind=Kind.SUPPORT)
    assert await wire.hears_nothing()


async def test_a_socket_that_never_said_hello_leaves_nothing_behind(
    committed_cast: Cast, socket: SocketFactory
) -> None:
    layer: Any = channel_layers["default"]
    wire = await socket()
    await wire.disconnect()
    wire.accepted = False
    groups = (layer._get_layer() if settings.REDIS_URL else layer)._here
    assert (groups._takers, groups._channels) == ({}, {})
