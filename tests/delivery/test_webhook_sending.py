"""A host is told what happens: signed, at least once, and of what is there when it is told."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from unittest.mock import ANY

import pytest
from django.conf import settings as django_settings
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django_tasks_db.models import DBTaskResult

from accounts.models import AuditEntry
from accounts.sealing import seal
from common.clock import iso, now
from common.ids import new_id
from delivery.actions import (
    News,
    change_webhook,
    forget_old_deliveries,
    hand_out_due,
    rotate_secret,
    telling_hosts,
)
from delivery.models import DeliveryState, Webhook, WebhookDelivery
from delivery.tasks import send_due_webhooks, tell_hosts
from delivery.turns import Turns
from messaging.actions import (
    add_participant,
    close_channel,
    delete_channel,
    delete_message,
    edit_message,
    erase_message,
    pin_message,
    react,
    remove_participant,
    rename_conversation,
    send_messages,
    start_conversation,
)
from messaging.models import Conversation, Kind
from messaging.saying import Saying
from tests.cast import Cast
from tests.conftest import RunTasks
from tests.delivery.hosts import hook, later, the_delivery, told
from tests.hosts import Answer, Host
from tests.messaging.said import say


@pytest.fixture
def group(cast: Cast) -> Conversation:
    members = [cast.carol.member.id, cast.alice.member.id]
    return start_conversation(cast.bob.actor, kind=Kind.GROUP, members=members).conversation


# --- what is told ---------------------------------------------------------------------------------------------------


def test_a_host_is_told_of_a_message(
    cast: Cast, group: Conversation, host: Host, run_tasks: RunTasks
) -> None:
    hook(cast.alice, host)
    message = say(cast.carol, group, "The heating is off")
    assert host.heard == []
    assert len(run_tasks()) == 1

    (heard,) = host.heard
    delivery = the_delivery()
    assert told(host) == [
        {
            "id": str(delivery.pk),
            "event": "message.created",
            "organisation": "hotel",
            "created_at": iso(delivery.created_at),
            "data": {
                "message": {
                    "id": str(message.pk),
                    "conversation": str(group.pk),
                    "seq": 1,
                    "version": 2,
                    "client_id": str(message.client_id),
                    "kind": "text",
                    "sender": {"id": cast.carol.id, "name": "Carol", "role": "client"},
                    "body": "The heating is off",
                    "reply_to": None,
                    "link_url": "",
                    "attachments": [],
                    "mentions": [],
                    "reactions": [],
                    "pinned": False,
                    "created_at": iso(message.created_at),
                    "edited_at": None,
                    "deleted_at": None,
                }
            },
        }
    ]
    assert (heard.method, heard.path) == ("POST", "/hook")
    assert heard.headers["Content-Type"] == "application/json"
    assert heard.headers["User-Agent"] == "Parley"
    assert heard.headers["Parley-Event"] == "message.created"
    assert heard.headers["Parley-Delivery"] == str(delivery.pk)
    assert (delivery.state, delivery.attempts, delivery.last_status) == (DeliveryState.DELIVERED, 1, 200)
    assert delivery.delivered_at is not None


def test_of_all_that_becomes_of_it(cast: Cast, group: Conversation, host: Host, run_tasks: RunTasks) -> None:
    hook(cast.alice, host)
    message = say(cast.carol, group, "Helo")
    edit_message(cast.carol.actor, message_id=message.pk, body="Hello")
    react(cast.bob.actor, message_id=message.pk, emoji="👍", on=True)
    pin_message(cast.bob.actor, message_id=message.pk, on=True)
    run_tasks()
    assert [one["event"] for one in told(host)] == [
        *("message.created", "message.edited", "message.reacted", "message.pinned")
    ]
    # Made of what was there when it was sent.
    assert {one["data"]["message"]["body"] for one in told(host)} == {"Hello"}
    assert told(host)[0]["data"]["message"]["reactions"] == [{"emoji": "👍", "members": [cast.bob.id]}]


def test_of_conversations(cast: Cast, host: Host, run_tasks: RunTasks) -> None:
    hook(cast.alice, host, "conversation.*")
    channel = start_conversation(cast.alice.actor, kind=Kind.CHANNEL, title="Works").conversation
    rename_conversation(cast.alice.actor, conversation_id=channel.pk, title="Lift")
    add_participant(cast.alice.actor, conversation_id=channel.pk, member=cast.bob.member.id)
    remove_participant(cast.alice.actor, conversation_id=channel.pk, member=cast.bob.member.id)
    close_channel(cast.alice.actor, conversation_id=channel.pk, closed=True)
    close_channel(cast.alice.actor, conversation_id=channel.pk, closed=False)
    run_tasks()
    bob = {"id": cast.bob.id, "name": "Bob", "role": "agent"}
    assert [(one["event"], one["data"].get("member")) for one in told(host)] == [
        ("conversation.started", None),
        ("conversation.renamed", None),
        ("conversation.joined", bob),
        ("conversation.left", bob),
        ("conversation.closed", None),
        ("conversation.reopened", None),
    ]
    conversation = told(host)[-1]["data"]["conversation"]
    assert (conversation["id"], conversation["title"]) == (str(channel.pk), "Lift")
    assert "unread_count" not in conversation


def test_of_what_it_asked_for_only(cast: Cast, group: Conversation, host: Host, run_tasks: RunTasks) -> None:
    hook(cast.alice, host, "message.deleted")
    delete_message(cast.carol.actor, message_id=say(cast.carol, group).pk)
    run_tasks()
    assert [one["event"] for one in told(host)] == ["message.deleted"]


def test_what_is_erased_is_told_as_deleted(
    cast: Cast, group: Conversation, host: Host, run_tasks: RunTasks
) -> None:
    hook(cast.alice, host, "message.deleted")
    message = say(cast.carol, group, "My word is pelican")
    erase_message(cast.alice.actor, message_id=message.pk)
    run_tasks()
    ((event, told_of),) = [(one["event"], one["data"]["message"]) for one in told(host)]
    assert (event, told_of["id"], told_of["body"]) == ("message.deleted", str(message.pk), "")
    assert told_of["deleted_at"] is not None


def test_of_its_own_organisation_only(
    cast: Cast, group: Conversation, host: Host, run_tasks: RunTasks
) -> None:
    hook(cast.mallory, host, "message.*", "conversation.*")
    say(cast.carol, group)
    assert not WebhookDelivery.objects.exists()
    # Should ever an id of another's get into a row, nothing is told of it.
    message = say(cast.carol, group, "A secret")
    tell_hosts(News(cast.acme.pk, "message.created", {"message": str(message.pk)}))
    tell_hosts(News(cast.acme.pk, "conversation.started", {"conversation": str(group.pk)}))
    run_tasks()
    assert [one["data"] for one in told(host)] == [
        {"message": str(message.pk), "gone": True},
        {"conversation": str(group.pk), "gone": True},
    ]


def test_of_what_rooms_above_tell(cast: Cast, host: Host, run_tasks: RunTasks) -> None:
    hook(cast.alice, host, "request.*")
    tell_hosts(
        News(cast.hotel.pk, "request.decided", {"request": "17"}), News(cast.hotel.pk, "sla.breached", {})
    )
    run_tasks()
    assert [(one["event"], one["data"]) for one in told(host)] == [("request.decided", {"request": "17"})]


def test_what_is_rolled_back_is_not_told(
    cast: Cast, group: Conversation, host: Host, run_tasks: RunTasks
) -> None:
    hook(cast.alice, host)
    with transaction.atomic():
        say(cast.carol, group)
        transaction.set_rollback(True)
    assert (len(run_tasks()), host.heard, WebhookDelivery.objects.count()) == (0, [], 0)


# --- what is deleted is not told ------------------------------------------------------------------------------------


def test_what_is_deleted_before_it_is_told_comes_as_its_tombstone(
    cast: Cast, group: Conversation, host: Host, run_tasks: RunTasks
) -> None:
    hook(cast.alice, host, "message.created")
    message = say(cast.carol, group, "My word is pelican")
    delete_message(cast.carol.actor, message_id=message.pk)
    run_tasks()
    (one,) = told(host)
    assert (one["event"], one["data"]["message"]["body"]) == ("message.created", "")
    assert one["data"]["message"]["deleted_at"] is not None
    assert b"pelican" not in host.heard[0].body


def test_no_text_is_kept_for_hosts(cast: Cast, group: Conversation, host: Host) -> None:
    hook(cast.alice, host, "message.*", "conversation.*")
    message = say(cast.carol, group, "My word is pelican")
    rename_conversation(cast.bob.actor, conversation_id=group.pk, title="Secret pelican")
    edit_message(cast.carol.actor, message_id=message.pk, body="My word is pelican, or parrot")
    with connection.cursor() as cursor:
        for table in (WebhookDelivery._meta.db_table, DBTaskResult._meta.db_table):
            cursor.execute(f"SELECT * FROM {table}")  # noqa: S608
            kept = str(cursor.fetchall())
            assert kept != "[]"
            assert "pelican" not in kept
            assert "parrot" not in kept


def test_nor_what_was_said_in_a_channel_that_is_deleted(cast: Cast, host: Host, run_tasks: RunTasks) -> None:
    channel = start_conversation(cast.alice.actor, kind=Kind.CHANNEL, title="Works").conversation
    hook(cast.alice, host, "message.created", "conversation.deleted", "conversation.renamed")
    say(cast.alice, channel, "A secret")
    rename_conversation(cast.alice.actor, conversation_id=channel.pk, title="Hidden")
    delete_channel(cast.alice.actor, conversation_id=channel.pk)
    run_tasks()
    assert told(host)[0]["data"]["message"]["body"] == ""
    gone = {"id": str(channel.pk), "kind": "channel", "deleted_at": ANY}
    assert [one["data"]["conversation"] for one in told(host) if "conversation" in one["data"]] == [
        gone,
        gone,
    ]
    assert not [one for one in host.heard if b"A secret" in one.body or b"Hidden" in one.body]


# --- the signature, as a host checks it -----------------------------------------------------------------------------

Check = Callable[..., bool]


@pytest.fixture
def is_from_parley() -> Check:
    """The very text of the documentation."""
    page = (Path(django_settings.BASE_DIR) / "docs" / "webhooks.md").read_text()
    (snippet,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    names: dict[str, Any] = {}
    exec(snippet, names)  # noqa: S102
    check: Check = names["is_from_parley"]
    return check


def test_a_host_checks_who_it_is_from(
    cast: Cast, group: Conversation, host: Host, is_from_parley: Check, run_tasks: RunTasks
) -> None:
    _, secret = hook(cast.alice, host)
    say(cast.carol, group)
    run_tasks()
    header, body = host.heard[0].headers["Parley-Signature"], host.heard[0].body
    assert re.fullmatch(r"t=\d{10},v1=[0-9a-f]{64}", header)
    assert is_from_parley(header, body, secret)
    assert not is_from_parley(header, body, "another secret")
    assert not is_from_parley(header, body.replace(b"Hello", b"Hullo"), secret)
    assert not is_from_parley(header.replace("v1=", "v0="), body, secret)
    assert not is_from_parley("", body, secret)


def test_what_is_stale_is_refused(
    cast: Cast, group: Conversation, host: Host, is_from_parley: Check, run_tasks: RunTasks
) -> None:
    _, secret = hook(cast.alice, host)
    say(cast.carol, group)
    run_tasks()
    header, body = host.heard[0].headers["Parley-Signature"], host.heard[0].body
    at = int(header[2:12])
    assert abs(time.time() - at) < 60
    assert not is_from_parley(header, body, secret, tolerance=-1)
    # A later time is another signature.
    assert not is_from_parley(header.replace(str(at), str(at + 1)), body, secret)


def test_while_the_secret_is_rotated_both_sign(
    cast: Cast, group: Conversation, host: Host, is_from_parley: Check, run_tasks: RunTasks
) -> None:
    webhook, former = hook(cast.alice, host)
    _, secret = rotate_secret(cast.alice.actor, webhook_id=webhook.pk)
    say(cast.carol, group)
    run_tasks()
    header, body = host.heard[0].headers["Parley-Signature"], host.heard[0].body
    assert header.count("v1=") == 2
    assert is_from_parley(header, body, former)
    assert is_from_parley(header, body, secret)

    Webhook.objects.update(former_until=now())
    say(cast.carol, group)
    run_tasks()
    header, body = host.heard[1].headers["Parley-Signature"], host.heard[1].body
    assert not is_from_parley(header, body, former)
    assert is_from_parley(header, body, secret)


# --- where it may go ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "[::1]", "127.1"])
def test_this_machine_hears_nothing(
    cast: Cast, group: Conversation, listener: Host, name: str, run_tasks: RunTasks
) -> None:
    """Not even were it in the row, and by TLS or without."""
    for scheme in ("http", "https"):
        Webhook.objects.create(
            organisation=cast.hotel,
            url=f"{scheme}://{name}:{listener.port}/",
            events=["message.*"],
            secret=seal("whsec_test"),
        )
    say(cast.carol, group)
    run_tasks()
    assert listener.heard == []
    assert {one.last_error for one in WebhookDelivery.objects.all()} <= {
        *("Begin it with https://.", "Its address is not a public one.")
    }
    assert set(WebhookDelivery.objects.values_list("state", "attempts")) == {("pending", 1)}


def test_no_redirect_is_followed(cast: Cast, group: Conversation, host: Host, run_tasks: RunTasks) -> None:
    hook(cast.alice, host)
    host.answer = Answer(307, headers={"Location": "/elsewhere"})
    say(cast.carol, group)
    run_tasks()
    assert [one.path for one in host.heard] == ["/hook"]
    assert (the_delivery().state, the_delivery().last_status) == ("pending", 307)


# --- what fails is tried again --------------------------------------------------------------------------------------


def test_a_failure_is_tried_again_later(
    cast: Cast, group: Conversation, host: Host, run_tasks: RunTasks
) -> None:
    webhook, _ = hook(cast.alice, host)
    host.answer = Answer(500)
    say(cast.carol, group)
    run_tasks()
    delivery = the_delivery()
    assert (delivery.state, delivery.attempts, delivery.last_status) == ("pending", 1, 500)
    assert delivery.last_error == "It answered 500."
    assert timedelta(seconds=8) < delivery.next_attempt_at - now() <= timedelta(seconds=12)
    send_due_webhooks()
    assert run_tasks() == []

    host.answer = Answer(204)
    later()
    send_due_webhooks()
    assert len(run_tasks()) == 1
    assert (the_delivery().state, the_delivery().attempts, the_delivery().last_error) == ("delivered", 2, "")
    assert len({one["id"] for one in told(host)}) == 1
    webhook.refresh_from_db()
    assert (webhook.failures, webhook.failing_since) == (0, None)


def test_the_last_failure_is_the_end(
    cast: Cast, group: Conversation, host: Host, run_tasks: RunTasks
) -> None:
    hook(cast.alice, host)
    host.answer = Answer(500)
    say(cast.carol, group)
    run_tasks()
    for _ in range(10):
        later()
        send_due_webhooks()
        run_tasks()
    assert len(host.heard) == 8
    assert (the_delivery().state, the_delivery().attempts) == ("failed", 8)


def test_whoever_dies_on_the_way_costs_one_attempt(
    cast: Cast, group: Conversation, host: Host, run_tasks: RunTasks
) -> None:
    """The task is gone with its worker, and nobody has said what came of it."""
    hook(cast.alice, host)
    say(cast.carol, group)
    WebhookDelivery.objects.update(attempts=1, next_attempt_at=now() + timedelta(minutes=2))
    assert (len(run_tasks()), host.heard) == (1, [])
    send_due_webhooks()
    assert run_tasks() == []
    later()
    send_due_webhooks()
    assert (len(run_tasks()), len(host.heard)) == (1, 1)
    assert (the_delivery().state, the_delivery().attempts) == ("delivered", 2)


def test_whoever_dies_at_the_last_attempt_too(
    cast: Cast, group: Conversation, host: Host, run_tasks: RunTasks
) -> None:
    hook(cast.alice, host)
    say(cast.carol, group)
    WebhookDelivery.objects.update(attempts=8, next_attempt_at=now())
    send_due_webhooks()
    run_tasks()
    assert (the_delivery().state, host.heard) == ("failed", [])


def test_what_is_handed_out_twice_is_sent_once(
    cast: Cast, group: Conversation, host: Host, run_tasks: RunTasks
) -> None:
    hook(cast.alice, host)
    say(cast.carol, group)
    later()
    send_due_webhooks()
    later()
    send_due_webhooks()
    assert (len(run_tasks()), len(host.heard)) == (3, 1)


def test_a_task_that_is_lost_is_made_up_for(
    cast: Cast, group: Conversation, host: Host, run_tasks: RunTasks
) -> None:
    hook(cast.alice, host)
    say(cast.carol, group)
    DBTaskResult.objects.all().delete()
    assert hand_out_due() == []
    later()
    send_due_webhooks()
    run_tasks()
    assert len(host.heard) == 1


# --- hosts that do not answer ---------------------------------------------------------------------------------------


def hangs_up(handler: BaseHTTPRequestHandler) -> None:
    handler.close_connection = True


def test_nobody_waits_twice_for_a_host_that_does_not_answer(
    cast: Cast, group: Conversation, host: Host, run_tasks: RunTasks
) -> None:
    """The rest of what it is to be told waits, and is not counted; so does what comes meanwhile."""
    webhook, _ = hook(cast.alice, host)
    host.by_path["/hook"] = hangs_up
    together = [Saying(cast.carol.actor, group.pk, new_id(), text) for text in ("one", "two", "three")]
    send_messages(together)
    assert len(run_tasks()) == 1
    assert len(host.heard) == 1
    assert sorted(WebhookDelivery.objects.values_list("attempts", flat=True)) == [0, 0, 1]
    webhook.refresh_from_db()
    assert webhook.resting_until is not None

    say(cast.carol, group, "four")
    assert run_tasks() == []
    WebhookDelivery.objects.update(next_attempt_at=now())
    send_due_webhooks()
    assert run_tasks() == []

    del host.by_path["/hook"]
    later()
    send_due_webhooks()
    assert len(run_tasks()) == 1
    assert len(host.heard) == 5
    assert set(WebhookDelivery.objects.values_list("state", flat=True)) == {"delivered"}
    assert Webhook.objects.filter(failures=0, resting_until=None).exists()


def test_one_host_does_not_hold_up_another(
    cast: Cast, group: Conversation, host: Host, run_tasks: RunTasks
) -> None:
    hook(cast.alice, host)
    good, _ = hook(cast.alice, host)
    Webhook.objects.filter(pk=good.pk).update(url=host.url("/good"))
    host.by_path["/hook"] = hangs_up
    say(cast.carol, group)
    say(cast.carol, group)
    run_tasks()
    assert [one.path for one in host.heard].count("/good") == 2
    assert [one.path for one in host.heard].count("/hook") == 1


# --- what is switched off -------------------------------------------------------------------------------------------


def test_410_switches_it_off(cast: Cast, group: Conversation, host: Host, run_tasks: RunTasks) -> None:
    webhook, _ = hook(cast.alice, host)
    host.answer = Answer(410)
    say(cast.carol, group, "one")
    say(cast.carol, group, "two")
    run_tasks()
    webhook.refresh_from_db()
    assert (webhook.is_active, webhook.disabled_reason) == (False, "It answered 410: gone.")
    assert webhook.disabled_at is not None
    assert len(host.heard) == 1
    assert list(WebhookDelivery.objects.order_by("pk").values_list("state", "last_error")) == [
        ("failed", "It answered 410."),
        ("failed", "The webhook was switched off."),
    ]
    trace = AuditEntry.objects.get(verb="webhook.disabled")
    assert (trace.actor, trace.organisation, trace.object_id) == (None, cast.hotel, str(webhook.pk))
    assert trace.data == {"reason": "It answered 410: gone."}
    say(cast.carol, group, "three")
    assert WebhookDelivery.objects.count() == 2


def test_failing_for_days_does_too(cast: Cast, group: Conversation, host: Host, run_tasks: RunTasks) -> None:
    webhook, _ = hook(cast.alice, host)
    Webhook.objects.update(failures=19, failing_since=now() - timedelta(days=4))
    host.answer = Answer(500)
    say(cast.carol, group)
    run_tasks()
    webhook.refresh_from_db()
    assert (webhook.is_active, webhook.disabled_reason) == (False, "It has failed for days.")
    assert AuditEntry.objects.filter(verb="webhook.disabled").count() == 1


def test_failing_often_within_an_hour_does_not(
    cast: Cast, group: Conversation, host: Host, run_tasks: RunTasks
) -> None:
    webhook, _ = hook(cast.alice, host)
    Webhook.objects.update(failures=500, failing_since=now() - timedelta(hours=1))
    host.answer = Answer(500)
    say(cast.carol, group)
    run_tasks()
    webhook.refresh_from_db()
    assert webhook.is_active


def test_switched_on_again_it_begins_anew(
    cast: Cast, group: Conversation, host: Host, run_tasks: RunTasks
) -> None:
    webhook, _ = hook(cast.alice, host)
    say(cast.carol, group, "one")
    change_webhook(cast.alice.actor, webhook_id=webhook.pk, is_active=False)
    say(cast.carol, group, "two")
    change_webhook(cast.alice.actor, webhook_id=webhook.pk, is_active=True)
    say(cast.carol, group, "three")
    run_tasks()
    assert [one["data"]["message"]["body"] for one in told(host)] == ["three"]


def test_an_organisation_that_is_switched_off_tells_nothing(
    cast: Cast, group: Conversation, host: Host, run_tasks: RunTasks
) -> None:
    hook(cast.alice, host)
    say(cast.carol, group)
    cast.hotel.is_active = False
    cast.hotel.save()
    run_tasks()
    later()
    send_due_webhooks()
    run_tasks()
    assert host.heard == []


# --- what it costs --------------------------------------------------------------------------------------------------


def queries_about_webhooks(act: Callable[[], object]) -> tuple[int, int]:
    """Those that name our tables or the queue's, and all."""
    with CaptureQueriesContext(
        connection,
    ) as queries:
        act()
    ours = [one for one in queries if re.search(r"webhook|django_tasks", one["sql"])]
    return len(ours), len(queries)


def test_without_a_webhook_it_is_one_small_query(cast: Cast, group: Conversation) -> None:
    """However many messages the transaction has."""

    def many() -> None:
        send_messages([Saying(cast.carol.actor, group.pk, new_id(), f"{n}") for n in range(20)])

    say(cast.carol, group)
    of_one, all_of_one = queries_about_webhooks(lambda: say(cast.carol, group))
    of_many, all_of_many = queries_about_webhooks(many)
    assert (of_one, of_many) == (1, 1)
    assert all_of_one == all_of_many


def test_with_one_it_is_three_whatever_is_said(
    cast: Cast, group: Conversation, host: Host, run_tasks: RunTasks
) -> None:
    """Which there are, the deliveries, the task. (PostgreSQL is besides asked for the time.)"""
    hook(cast.alice, host)

    def many() -> None:
        send_messages([Saying(cast.carol.actor, group.pk, new_id(), f"{n}") for n in range(20)])

    assert queries_about_webhooks(lambda: say(cast.carol, group))[0] == 3
    assert queries_about_webhooks(many)[0] == 3
    assert (len(run_tasks()), len(host.heard)) == (2, 21)


def test_what_is_over_for_a_month_is_forgotten(cast: Cast, group: Conversation, host: Host) -> None:
    hook(cast.alice, host)
    for text in ("one", "two", "three"):
        say(cast.carol, group, text)
    one, two, _ = WebhookDelivery.objects.order_by("pk")
    WebhookDelivery.objects.filter(pk__in=[one.pk, two.pk]).update(created_at=now() - timedelta(days=31))
    WebhookDelivery.objects.filter(pk=one.pk).update(state="delivered")
    forget_old_deliveries()
    assert not WebhookDelivery.objects.filter(pk=one.pk).exists()
    assert WebhookDelivery.objects.count() == 2


# --- fair shares ----------------------------------------------------------------------------------------------------


def test_slow_hosts_of_one_organisation_leave_threads_to_the_others(
    cast: Cast, group: Conversation, host: Host, run_tasks: RunTasks, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What has no turn is due again, and no attempt of it is counted."""
    monkeypatch.setattr(telling_hosts, "TURNS", Turns(1))
    hook(cast.alice, host)
    say(cast.carol, group, "The heating is off")
    with telling_hosts.TURNS.of(cast.acme.pk), telling_hosts.TURNS.of(cast.hotel.pk) as is_free:
        assert is_free
        run_tasks()
    assert (host.heard, the_delivery().attempts) == ([], 0)
    send_due_webhooks()
    run_tasks()
    assert len(host.heard) == 1
