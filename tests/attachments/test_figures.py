"""What managers want to know of files: how uploads went, what there is, who reads it, how long a decision takes."""

from __future__ import annotations

import csv
from datetime import timedelta
from io import StringIO

from attachments.figures import as_rows
from attachments.models import Attachment, UploadPolicy
from common.clock import now
from messaging.actions import delete_message
from messaging.models import Conversation, Message
from tests.attachments.sharing import say_with, taken, upload
from tests.cast import Cast
from tests.conftest import Api


def test_a_day(cast: Cast, support: Conversation) -> None:
    UploadPolicy.objects.create(organisation=cast.hotel, approval="clients")
    table = taken(cast.carol, support, "=plan.csv", b"1,2\n3,4")
    text = taken(cast.bob, support, "rooms.txt", b"Ten rooms.")
    upload(cast.carol, support, ("a.exe", b"MZ"), ("b.txt", b""), ("c.exe", b"MZ"))
    for person, file in ((cast.carol, table), (cast.bob, text)):
        say_with(person, support, file["id"])
    Api(cast.bob).call("put", f"chat/attachments/{table['id']}/approve/", {"decision": "approve"})
    Attachment.objects.filter(pk=table["id"]).update(reviewed_at=now(), created_at=now() - timedelta(hours=3))
    for person, id, query in (
        (cast.alice, table["id"], "?inline=true"),
        (cast.carol, table["id"], ""),
        (cast.carol, text["id"], ""),
    ):
        assert Api(person).get(f"chat/download/{id}/{query}").status_code == 200

    figures = Api(cast.marta).get("chat/file-figures/").json()
    today = now().date()
    assert figures == {
        "since": str(today - timedelta(days=30)),
        "until": str(today),
        "uploads": {
            "taken": 2,
            "refused": {"type_not_allowed": 2, "empty": 1},
            "failed": {},
            "success_rate": 0.4,
        },
        "availability": 1.0,
        "types": [{"kind": "text", "files": 2, "bytes": 17}],
        "storage": {
            "bytes": 17,
            "quota": 500 * 1024 * 1024,
            "spaces": [],
            "conversations": [{"conversation": str(support.id), "files": 2, "bytes": 17}],
            "trend": figures["storage"]["trend"],
        },
        "reviews": {
            "pending": 0,
            "approved": 1,
            "rejected": 0,
            "median_s": 10800,
            "p90_s": 10800,
            "within_target": 0.0,
        },
        "opened": [
            {"attachment": table["id"], "name": "=plan.csv", "views": 0, "downloads": 2},
            {"attachment": text["id"], "name": "rooms.txt", "views": 0, "downloads": 1},
        ],
        "readers": [
            {
                "member": {"id": cast.carol.id, "name": "Carol", "role": "client"},
                "views": 0,
                "downloads": 2,
            },
            {
                "member": {"id": cast.alice.id, "name": "Alice", "role": "admin"},
                "views": 0,
                "downloads": 1,
            },
        ],
    }
    assert sum(one["bytes"] for one in figures["storage"]["trend"]) == 17

    exported = Api(cast.marta).get("chat/file-figures.csv")
    rows = dict(csv.reader(StringIO(exported.text)))
    assert rows["uploads.refused.type_not_allowed"] == "2"
    assert rows["opened.1.name"] == "'=plan.csv", "no formula"
    assert len(rows) == len(list(as_rows(figures))) + 1

    delete_message(cast.bob.actor, message_id=Message.objects.get(sender=cast.bob.member, kind="text").pk)
    opened = Api(cast.marta).get("chat/file-figures/").json()["opened"]
    assert [one["name"] for one in opened] == ["=plan.csv"]


def test_other_days(cast: Cast, support: Conversation) -> None:
    taken(cast.bob, support, "rooms.txt", b"Ten rooms.")
    figures = Api(cast.marta).get("chat/file-figures/?since=2020-01-01&until=2020-02-01").json()
    assert figures["uploads"] == {"taken": 0, "refused": {}, "failed": {}, "success_rate": None}
    assert figures["storage"]["trend"] == []
    for query in ("since=2026-02-01&until=2026-01-01", "since=0001-01-01", "until=9999-12-31", "since=x"):
        assert Api(cast.marta).get(f"chat/file-figures/?{query}").status_code == 400


def test_who_does_not_see_them(cast: Cast) -> None:
    for person in (cast.bob, cast.carol, cast.robo):
        for path in ("chat/file-figures/", "chat/file-figures.csv"):
            assert Api(person).get(path).status_code == 403
    assert Api(cast.mallory).get("chat/file-figures/").json()["uploads"]["taken"] == 0
