"""Bad input gets a named error and closes no healthy socket; three bad frames in a row do."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest

from messaging.actions import start_conversation
from messaging.models import Conversation, Kind
from realtime.frames import MAX_FRAME
from tests.cast import Cast
from tests.conftest import SocketFactory


@pytest.fixture
def talk(committed_cast: Cast) -> Conversation:
    return start_conversation(committed_cast.carol.actor, kind=Kind.SUPPORT).conversation


def frame_of(size: int) -> str:
    empty = json.dumps({"type": "ping", "x": ""})
    return json.dumps({"type": "ping", "x": "x" * (size - len(empty))})


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{", "invalid_json"),
        (" ", "invalid_json"),
        ("[" * 50_000, "invalid_json"),
        ('{"type": NaN}', "invalid_json"),
        ("1" * 5000, "invalid_json"),
        ('["ping"]', "invalid_json"),
        (r'{"type": "sync", "cursors": {"\ud800": "x"}}', "invalid_json"),
        ("{}", "invalid_input"),
        ('{"type": 7}', "invalid_input"),
        ('{"type": "no.such"}', "unknown_type"),
        ('{"type": "__class__"}', "unknown_type"),
        ('{"type": "websocket.disconnect"}', "unknown_type"),
        ('{"type": "push", "text": "forged"}', "unknown_type"),
        (frame_of(MAX_FRAME + 1), "too_large"),
        ('{"type": "ping", "x": "' + "ñ" * 40_000 + '"}', "too_large"),
    ],
)
async def test_a_bad_frame_is_named(
    committed_cast: Cast, socket: SocketFactory, text: str, code: str
) -> None:
    wire = await socket(committed_cast.carol)
    await wire.send(text)
    answer = await wire.receive()
    assert (answer["type"], answer["re"], answer["code"], answer["temporary"]) == ("error", None, code, False)
    assert (await wire.push("ping"))["type"] == "pong"


async def test_a_frame_of_64_kib_fits(committed_cast: Cast, socket: SocketFactory) -> None:
    wire = await socket(committed_cast.carol)
    await wire.send(frame_of(MAX_FRAME))
    assert (await wire.receive())["type"] == "pong"


async def test_binary_is_refused(committed_cast: Cast, socket: SocketFactory) -> None:
    wire = await socket(committed_cast.carol)
    await wire.wire.send_to(bytes_data=b"\x00")
    assert (await wire.receive())["code"] == "invalid_json"


@pytest.mark.parametrize(
    ("change", "code", "fields"),
    [
        ({"body": "x" * 5001}, "invalid_input", ["body"]),
        ({"body": ""}, "invalid_input", ["body"]),
        ({"body": {"a": 1}}, "invalid_input", ["body"]),
        ({"client_id": "x"}, "invalid_input", ["client_id"]),
        ({"conversation": "x"}, "invalid_input", ["conversation"]),
        ({"conversation": None}, "invalid_input", ["conversation"]),
        ({"conversation": str(uuid4())}, "not_found", []),
        ({"reply_to": str(uuid4())}, "not_found", []),
    ],
)
async def test_a_bad_command_is_named(
    committed_cast: Cast,
    talk: Conversation,
    socket: SocketFactory,
    change: dict[str, object],
    code: str,
    fields: list[str],
) -> None:
    wire = await socket(committed_cast.carol)
    good = {"conversation": str(talk.id), "client_id": str(uuid4()), "body": "Hi"}
    answer = await wire.push("message.send", **{**good, **change})
    assert (answer["type"], answer["code"], list(answer.get("fields", []))) == ("error", code, fields)
    assert (await wire.push("message.send", **good))["type"] == "ok"


async def test_another_tenants_conversation_is_like_none(
    committed_cast: Cast, talk: Conversation, socket: SocketFactory
) -> None:
    mallory = await socket(committed_cast.mallory)
    answers = []
    for conversation in (str(talk.id), str(uuid4())):
        answer = await mallory.push(
            "message.send", conversation=conversation, client_id=str(uuid4()), body="Hi"
        )
        answer.pop("re")
        answers.append(answer)
    assert answers[0] == answers[1]
    assert answers[0]["code"] == "not_found"


async def test_three_in_a_row_close(committed_cast: Cast, socket: SocketFactory) -> None:
    wire = await socket(committed_cast.carol)
    for _ in range(3):
        await wire.send("{")
    assert await wire.closed_with() == 4000


async def test_a_refusal_is_no_bad_frame(committed_cast: Cast, socket: SocketFactory) -> None:
    wire = await socket(committed_cast.carol)
    for text in ("{", "{"):
        await wire.send(text)
        assert (await wire.receive())["code"] == "invalid_json"
    unknown = await wire.push("message.send", conversation=str(uuid4()), client_id=str(uuid4()), body="Hi")
    assert unknown["code"] == "not_found"
    await wire.send("{")
    assert (await wire.receive())["code"] == "invalid_json"
    assert (await wire.push("ping"))["type"] == "pong"


async def test_an_error_does_not_outgrow_what_it_answers(committed_cast: Cast, socket: SocketFactory) -> None:
    wire = await socket(committed_cast.carol)
    answer = await wire.push("sync", cursors={f"nobody {number}": "x" for number in range(1000)})
    assert answer["code"] == "invalid_input"
    assert len(answer["fields"]) == 20


async def test_a_good_frame_resets_the_count(committed_cast: Cast, socket: SocketFactory) -> None:
    wire = await socket(committed_cast.carol)
    for _ in range(4):
        await wire.send("{")
        assert (await wire.receive())["code"] == "invalid_json"
        assert (await wire.push("ping"))["type"] == "pong"


@pytest.mark.parametrize("id", ["7", -1, 1.5, True, None, 2**60, [1]])
async def test_what_is_no_number_is_not_answered_with_one(
    committed_cast: Cast, socket: SocketFactory, id: object
) -> None:
    wire = await socket(committed_cast.carol)
    await wire.send({"type": "ping", "id": id})
    assert (await wire.receive())["re"] is None


async def test_a_bug_is_told_as_one_and_closes_nothing(
    committed_cast: Cast, socket: SocketFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise ZeroDivisionError("secret details")

    wire = await socket(committed_cast.carol)
    monkeypatch.setattr("delivery.queries.sync", broken)
    answer = await wire.push("sync", cursors={})
    assert answer == {
        "type": "error",
        "re": answer["re"],
        "code": "internal",
        "message": "Something went wrong on our side.",
        "temporary": False,
    }
    assert (await wire.push("ping"))["type"] == "pong"
