"""An organisation's admins say what hosts are told."""

from __future__ import annotations

from typing import Any
from unittest.mock import ANY

import pytest
from django.db import connection

from accounts.models import AuditEntry
from accounts.sealing import unseal
from common.clock import now
from delivery.actions import News, add_webhook
from delivery.models import Webhook, WebhookDelivery
from delivery.tasks import send_due_webhooks, tell_hosts
from tests.cast import Cast
from tests.conftest import ApiFactory, RunTasks
from tests.delivery.hosts import hook, the_delivery, told
from tests.hosts import Answer, Host

NEW = {"url": "https://www.hotel.example/hook?to=us", "events": ["message.created", "conversation.*"]}


def verbs() -> list[str]:
    return list(AuditEntry.objects.order_by("at").values_list("verb", flat=True))


def test_alice_adds_one(cast: Cast, api: ApiFactory) -> None:
    response = api(cast.alice).post("webhooks/", NEW)

    assert response.status_code == 201
    body = response.json()
    secret = body.pop("secret")
    shown = {
        "id": ANY,
        **NEW,
        "is_active": True,
        "created_at": ANY,
        "failures": 0,
        "failing_since": None,
        "disabled_at": None,
        "disabled_reason": "",
    }
    assert body == shown
    assert secret.startswith("whsec_")
    assert api(cast.alice).get("webhooks/").json() == {"results": [shown], "next": None}
    webhook = Webhook.objects.get()
    assert (webhook.organisation, unseal(webhook.secret)) == (cast.hotel, secret)
    trace = AuditEntry.objects.get()
    assert (trace.verb, trace.actor, trace.data) == (
        "webhook.added",
        cast.alice.member,
        {"host": "www.hotel.example", "events": NEW["events"]},
    )


def test_the_secret_is_told_once_and_lies_sealed(cast: Cast, api: ApiFactory) -> None:
    webhook, secret = add_webhook(cast.alice.actor, url=str(NEW["url"]), events=NEW["events"])
    pages = [
        api(cast.alice).get("webhooks/"),
        api(cast.alice).get(f"webhooks/{webhook.pk}/deliveries/"),
        api(cast.alice).patch(f"webhooks/{webhook.pk}/", {"events": ["message.*"]}),
    ]
    assert not [one for one in pages if secret in one.content.decode()]
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM delivery_webhook")
        assert secret not in str(cursor.fetchall())


def test_she_changes_it(cast: Cast, api: ApiFactory) -> None:
    id = api(cast.alice).post("webhooks/", NEW).json()["id"]
    changed = api(cast.alice).patch(f"webhooks/{id}/", {"events": ["message.*"], "is_active": False})
    assert (changed.status_code, changed.json()["events"]) == (200, ["message.*"])
    assert changed.json()["is_active"] is False
    moved = api(cast.alice).patch(f"webhooks/{id}/", {"url": "https://b.example/"})
    assert (moved.json()["url"], moved.json()["is_active"]) == ("https://b.example/", False)
    assert api(cast.alice).patch(f"webhooks/{id}/", {}).json() == moved.json()
    assert verbs() == ["webhook.added", "webhook.changed", "webhook.changed"]


def test_she_removes_it_with_its_log(cast: Cast, api: ApiFactory, run_tasks: RunTasks) -> None:
    webhook, _ = add_webhook(cast.alice.actor, url=str(NEW["url"]), events=["sla.*"])
    tell_hosts(News(cast.hotel.pk, "sla.breached", {}))
    assert api(cast.alice).delete(f"webhooks/{webhook.pk}/").status_code == 204
    assert not Webhook.objects.exists()
    assert not WebhookDelivery.objects.exists()
    assert verbs() == ["webhook.added", "webhook.removed"]
    assert len(run_tasks()) == 1


def test_she_rotates_its_secret(cast: Cast, api: ApiFactory) -> None:
    added = api(cast.alice).post("webhooks/", NEW).json()
    rotated = api(cast.alice).post(f"webhooks/{added['id']}/rotate_secret/").json()
    assert rotated["secret"] != added["secret"]
    assert rotated["former_secret_until"] > added["created_at"]
    webhook = Webhook.objects.get()
    assert [unseal(webhook.secret), unseal(webhook.former_secret)] == [rotated["secret"], added["secret"]]
    again = api(cast.alice).post(f"webhooks/{added['id']}/rotate_secret/").json()
    webhook.refresh_from_db()
    assert [unseal(webhook.secret), unseal(webhook.former_secret)] == [again["secret"], rotated["secret"]]
    assert verbs() == ["webhook.added", "webhook.secret_rotated", "webhook.secret_rotated"]


# --- the log --------------------------------------------------------------------------------------------------------


def test_she_reads_what_it_was_told_and_sends_it_again(
    cast: Cast, api: ApiFactory, host: Host, run_tasks: RunTasks
) -> None:
    webhook, _ = hook(cast.alice, host, "request.*")
    host.answer = Answer(410)
    tell_hosts(News(cast.hotel.pk, "request.decided", {"request": "17"}))
    run_tasks()
    log = api(cast.alice).get(f"webhooks/{webhook.pk}/deliveries/?state=failed").json()
    failed = {
        "id": ANY,
        "webhook": str(webhook.pk),
        "event": "request.decided",
        "about": {"request": "17"},
        "created_at": ANY,
        "state": "failed",
        "attempts": 1,
        "next_attempt_at": None,
        "delivered_at": None,
        "last_status": 410,
        "last_error": "It answered 410.",
    }
    assert log == {"results": [failed], "next": None}
    assert api(cast.alice).get(f"webhooks/{webhook.pk}/deliveries/?state=pending").json()["results"] == []
    (one,) = log["results"]

    # It is off: nothing would be sent.
    assert api(cast.alice).post(f"webhook-deliveries/{one['id']}/redeliver/").status_code == 409
    api(cast.alice).patch(f"webhooks/{webhook.pk}/", {"is_active": True})
    host.answer = Answer(200)
    again = api(cast.alice).post(f"webhook-deliveries/{one['id']}/redeliver/")
    assert (again.status_code, again.json()["state"]) == (202, "pending")
    assert again.json()["next_attempt_at"] is not None
    send_due_webhooks()
    assert len(run_tasks()) == 1
    assert the_delivery().state == "delivered"
    assert {told["id"] for told in told(host)} == {one["id"]}
    assert "webhook.redelivered" in verbs()


def test_what_is_on_its_way_is_not_sent_again(cast: Cast, api: ApiFactory, host: Host) -> None:
    hook(cast.alice, host, "request.*")
    tell_hosts(News(cast.hotel.pk, "request.decided", {}))
    response = api(cast.alice).post(f"webhook-deliveries/{the_delivery().pk}/redeliver/")
    assert (response.status_code, response.json()["error"]["code"]) == (409, "conflict")


def test_the_log_has_pages(cast: Cast, api: ApiFactory, django_assert_num_queries: Any) -> None:
    webhook, _ = add_webhook(cast.alice.actor, url=str(NEW["url"]), events=["sla.*"])
    WebhookDelivery.objects.bulk_create(
        WebhookDelivery(webhook=webhook, event="sla.breached", created_at=now(), next_attempt_at=now())
        for _ in range(51)
    )
    client, path = api(cast.alice), f"webhooks/{webhook.pk}/deliveries/"
    with django_assert_num_queries(3):
        newest = client.get(path).json()
    older = client.get(f"{path}?cursor={newest['next']}").json()
    ids = [one["id"] for one in [*newest["results"], *older["results"]]]
    assert (len(newest["results"]), len(older["results"]), older["next"]) == (50, 1, None)
    assert ids == sorted(ids, reverse=True)
    assert len(set(ids)) == 51
    assert client.get(f"{path}?cursor=x").status_code == 400


# --- what is refused ------------------------------------------------------------------------------------------------


NO_URLS: list[object] = ["", "hook", "http://www.hotel.example/", "ftp://a.example", None, 7, []]
NO_EVENTS: list[object] = [[], ["message"], ["message.said"], ["*"], "message.*", [["message.*"]]]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *(("url", url) for url in NO_URLS),
        *(
            ("url", f"https://{one}/")
            for one in ("127.0.0.1", "[::1]", "10.0.0.8", "169.254.169.254", "a:b@c.de")
        ),
        ("url", "https://a.example/" + "a" * 500),
        ("url", "https://a.example:25/"),
        ("url", "https://a.example/\x00"),
        *(("events", events) for events in NO_EVENTS),
        ("events", {}),
        ("events", ["message.*"] * 41),
    ],
)
def test_what_is_wrong_is_named(cast: Cast, api: ApiFactory, field: str, value: object) -> None:
    for response in (
        api(cast.alice).post("webhooks/", {**NEW, field: value}),
        api(cast.alice).patch(f"webhooks/{hooked(cast)}/", {field: value}),
    ):
        assert (response.status_code, response.json()["error"]["code"]) == (400, "invalid_input")
        assert [one.partition(".")[0] for one in response.json()["error"]["fields"]] == [field]


def hooked(cast: Cast) -> str:
    return str(add_webhook(cast.alice.actor, url=str(NEW["url"]), events=["sla.*"])[0].pk)


def test_there_are_not_ever_more(cast: Cast, api: ApiFactory) -> None:
    for _ in range(20):
        hooked(cast)
    assert api(cast.alice).post("webhooks/", NEW).status_code == 409
    assert api(cast.mallory).post("webhooks/", NEW).status_code == 201


CALLS = [
    ("get", "webhooks/", None),
    ("post", "webhooks/", NEW),
    ("patch", "webhooks/{webhook}/", {"is_active": False}),
    ("delete", "webhooks/{webhook}/", None),
    ("get", "webhooks/{webhook}/deliveries/", None),
    ("post", "webhooks/{webhook}/rotate_secret/", {}),
    ("post", "webhook-deliveries/{delivery}/redeliver/", {}),
]


@pytest.mark.parametrize("who", ["marta", "bob", "carol", "vera", "dana", "robo"])
@pytest.mark.parametrize(("method", "path", "body"), CALLS)
def test_it_is_for_admins(
    cast: Cast, api: ApiFactory, host: Host, who: str, method: str, path: str, body: object
) -> None:
    webhook, _ = hook(cast.alice, host, "sla.*")
    tell_hosts(News(cast.hotel.pk, "sla.breached", {}))
    url = path.format(webhook=webhook.pk, delivery=the_delivery().pk)
    """Whoever is none learns nothing of one; Mallory is one of another organisation."""
    expected = 404 if "{" in path else 403
    assert api(getattr(cast, who)).call(method, url, body).status_code == expected
    if expected == 404:
        assert api(cast.mallory).call(method, url, body).status_code == 404
    assert api(cast.alice).call(method, url, body).status_code in (200, 201, 204, 409)
