"""Bob and Marta note things beside what Carol reads; she, and everybody outside, finds them at no door."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from unittest.mock import ANY
from uuid import UUID, uuid4

import pytest
from channels.db import database_sync_to_async as in_thread

from accounts.models import Member, Role
from accounts.sealing import seal
from delivery.models import Notification, Webhook, WebhookDelivery
from messaging.actions import (
    add_participant,
    delete_message,
    edit_message,
    pin_message,
    put_preview,
    react,
    send_message,
    start_conversation,
)
from messaging.models import Conversation, Kind, Message, MessageKind
from messaging.previews import Page
from tests.attachments.kept import uploaded
from tests.cast import Cast, Person
from tests.conftest import ApiFactory, Published, SocketFactory
from tests.messaging.said import path, say

# No id, time or name holds it.
WORD = "zanahoria"
LINK = f"https://{WORD}.example/"


def note(person: Person, conversation: Conversation, body: str = WORD, **also: Any) -> Message:
    return say(person, conversation, body, kind=MessageKind.NOTE, **also)


def under(conversation: Conversation, what: str = "") -> str:
    return f"chat/conversations/{conversation.id}/{what}"


# --- writing one ----------------------------------------------------------------------------------------------------


def test_bob_notes_something(
    cast: Cast, support: Conversation, api: ApiFactory, published: Published
) -> None:
    say(cast.carol, support, "The heating is off")
    published()
    response = api(cast.bob).post(
        under(support, "messages/"), {"client_id": str(uuid4()), "body": WORD, "kind": "note"}
    )

    assert response.status_code == 201
    told = response.json()
    assert (told["kind"], told["body"], told["seq"], told["status"]) == ("note", WORD, 2, "sent")
    (shown, to_staff), (passed, to_others) = [
        (event, to) for event, to in published() if event.mark()[0] == str(support.pk)
    ]
    assert shown.frame()["message"]["body"] == WORD
    assert to_staff == {one.member.id for one in (cast.alice, cast.marta, cast.bob)}
    assert passed.frame() == {
        "type": "conversation",
        "conversation": str(support.pk),
        "version": told["version"],
        "event": "advanced",
        "data": {},
    }
    assert to_others == {cast.carol.member.id}


def test_it_is_the_same_by_socket_and_in_a_form(cast: Cast, support: Conversation, api: ApiFactory) -> None:
    """`test_a_client_who_watches` notes by socket."""
    sent = api(cast.bob).post("chat/messages/", {"channel": str(support.pk), "message": WORD, "kind": "note"})
    assert (sent.status_code, sent.json()["kind"]) == (201, "note")


def test_nobody_joins_by_it_and_it_moves_nothing(cast: Cast, support: Conversation) -> None:
    said = say(cast.carol, support, "The heating is off")
    support.refresh_from_db()
    before = support.active_at
    note(cast.bob, support)
    support.refresh_from_db()
    assert (support.last_message_id, support.active_at, support.last_seq) == (said.pk, before, 2)
    assert not support.participants.filter(member=cast.bob.member).exists()


@pytest.mark.parametrize("who", ["carol", "robo", "vera"])
def test_who_is_no_staff_writes_none(cast: Cast, support: Conversation, api: ApiFactory, who: str) -> None:
    person: Person = getattr(cast, who)
    body = {"client_id": str(uuid4()), "body": WORD, "kind": "note"}
    refused = api(person).post(under(support, "messages/"), body)
    assert refused.status_code == (403 if who == "carol" else 404)
    assert not support.messages.exists()


@pytest.mark.parametrize("kind", ["system", "whisper", 1, ["note"]])
def test_there_are_two_kinds(cast: Cast, support: Conversation, api: ApiFactory, kind: object) -> None:
    body = {"client_id": str(uuid4()), "body": WORD, "kind": kind}
    refused = api(cast.bob).post(under(support, "messages/"), body)
    assert (refused.status_code, list(refused.json()["error"]["fields"])) == (400, ["kind"])


def test_notes_stand_in_support_only(cast: Cast, group: Conversation, api: ApiFactory) -> None:
    body = {"client_id": str(uuid4()), "body": WORD, "kind": "note"}
    refused = api(cast.bob).post(under(group, "messages/"), body)
    assert (refused.status_code, list(refused.json()["error"]["fields"])) == (400, ["kind"])


def test_a_note_answers_what_was_said_and_only_a_note_answers_it(
    cast: Cast, support: Conversation, api: ApiFactory
) -> None:
    asked = say(cast.carol, support, "The heating is off")
    noted = note(cast.bob, support, reply_to=asked.id)
    assert noted.reply_to == asked
    note(cast.marta, support, "Yes", reply_to=noted.id)

    def quoting(person: Person) -> Any:
        body = {"client_id": str(uuid4()), "body": "So?", "reply_to": str(noted.id)}
        return api(person).post(under(support, "messages/"), body)

    assert (quoting(cast.bob).status_code, quoting(cast.carol).status_code) == (400, 404)
    nothing = {"client_id": str(uuid4()), "body": "So?", "reply_to": str(uuid4())}
    assert quoting(cast.carol).json() == api(cast.carol).post(under(support, "messages/"), nothing).json()


# --- what is counted ------------------------------------------------------------------------------------------------


def test_each_side_counts_its_own(cast: Cast, support: Conversation, api: ApiFactory) -> None:
    def unread(person: Person) -> tuple[int, int, str]:
        found = api(person).get(under(support)).json()
        return found["unread_count"], found["unread_mentions"], found["last_message"]["body"]

    say(cast.bob, support, "Good morning")
    say(cast.marta, support, "Here I am, too")
    note(cast.bob, support, f"{WORD}, @Marta and @Carol")
    assert unread(cast.marta) == (2, 1, "Here I am, too")
    assert unread(cast.carol) == (2, 0, "Here I am, too")


def test_its_status_is_how_far_the_staff_has_come(cast: Cast, support: Conversation, api: ApiFactory) -> None:
    say(cast.bob, support, "Good morning")
    say(cast.marta, support, "Here I am, too")
    noted = note(cast.bob, support)

    def status() -> tuple[str, list[str]]:
        deliveries = api(cast.bob).get(path(noted, "deliveries/")).json()["results"]
        seen = api(cast.bob).get(path(noted)).json()["status"]
        return seen, [one["member"]["name"] for one in deliveries]

    assert status() == ("sent", ["Marta"])
    assert api(cast.marta).post(under(support, "mark_read/"), {"seq": noted.seq}).status_code == 200
    assert status() == ("read", ["Marta"])


def test_a_note_names_colleagues_only(cast: Cast, support: Conversation) -> None:
    add_participant(cast.bob.actor, conversation_id=support.id, member=cast.marta.member.id)
    noted = note(cast.bob, support, "@Carol pays late, @Marta")
    edit_message(cast.bob.actor, message_id=noted.id, body="@Marta, @Carol pays late")
    assert [one.member.name for one in noted.mentions.all() if one.member] == ["Marta"]
    assert [one.member.name for one in Notification.objects.filter(kind="mention")] == ["Marta"]


def test_hosts_are_told_nothing(cast: Cast, support: Conversation) -> None:
    Webhook.objects.create(
        organisation=cast.hotel,
        url="https://pms.example/hook",
        events=["message.*", "conversation.*", "file.*"],
        secret=seal("of the host"),
    )
    noted = note(cast.bob, support)
    edit_message(cast.bob.actor, message_id=noted.id, body="Another")
    react(cast.marta.actor, message_id=noted.id, emoji="👍", on=True)
    delete_message(cast.bob.actor, message_id=noted.id)
    assert not WebhookDelivery.objects.exists()


# --- role x door ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Noted:
    conversation: Conversation
    asked: Message
    note: Message
    file: str


@pytest.fixture
def noted(cast: Cast) -> Noted:
    """Dana asks; what Bob notes has all that a message can have."""
    conversation = start_conversation(cast.dana.actor, kind=Kind.SUPPORT).conversation
    asked = say(cast.dana, conversation, "Is breakfast included?")
    say(cast.bob, conversation, "Yes")
    say(cast.marta, conversation, "From seven on")
    file = uploaded(cast.bob, conversation.pk, WORD, name=f"{WORD}.txt")
    body = f"{WORD} before, @Bob @Marta {LINK}"
    message = note(cast.bob, conversation, body, reply_to=asked.id, link_url=LINK, attachments=[UUID(file)])
    edit_message(cast.bob.actor, message_id=message.id, body=body.replace("before", "after"))
    react(cast.marta.actor, message_id=message.id, emoji="🥕", on=True)
    pin_message(cast.bob.actor, message_id=message.id, on=True)
    cast.hotel.link_previews = True
    cast.hotel.save()
    page = Page(title=WORD, description=WORD, site=WORD)
    # Whoever is linked to would learn of it.
    assert not put_preview(message_id=message.id, url=LINK, page=page)
    note(cast.marta, conversation, f"So is my {WORD}, @Bob", reply_to=message.id)
    return Noted(conversation, asked, message, file)


Ask = Callable[[Any, Noted], Any]

# What answers with all that one may see of it: there is nothing of the note in it.
LISTS: dict[str, Ask] = {
    "newest page": lambda api, at: api.get(under(at.conversation, "messages/")),
    "after": lambda api, at: api.get(under(at.conversation, "messages/?after=0")),
    "before": lambda api, at: api.get(under(at.conversation, "messages/?before=99")),
    "around": lambda api, at: api.get(under(at.conversation, f"messages/?around={at.note.seq}")),
    "pins": lambda api, at: api.get(under(at.conversation, "pins/")),
    "first sync": lambda api, at: api.post("chat/sync/", {}),
    "sync": lambda api, at: api.post("chat/sync/", {"cursors": {str(at.conversation.pk): [1, 0]}}),
    "search": lambda api, at: api.get(f"chat/messages/?q={WORD}"),
    "search here": lambda api, at: api.get(f"chat/messages/?channel={at.conversation.pk}&q={WORD}"),
    "everything here": lambda api, at: api.get(f"chat/messages/?channel={at.conversation.pk}"),
    "links": lambda api, at: api.get("chat/messages/?has=link"),
    "files said": lambda api, at: api.get("chat/messages/?has=file"),
    "files": lambda api, at: api.get(f"chat/files/{at.conversation.pk}/"),
}
MINE: dict[str, Ask] = {
    "mentions": lambda api, at: api.get("chat/messages/my_mentions/"),
    "notifications": lambda api, at: api.get("notifications/"),
}
# What shows no text of a message that is not the last one, which a note never is.
PREVIEWS: dict[str, Ask] = {
    "conversations": lambda api, at: api.get("chat/conversations/"),
    "conversation": lambda api, at: api.get(under(at.conversation)),
}
# What is named by its id: there is none.
ONES: dict[str, Ask] = {
    "message": lambda api, at: api.get(path(at.note)),
    "edit": lambda api, at: api.patch(path(at.note), {"body": "Mine"}),
    "delete": lambda api, at: api.delete(path(at.note)),
    "erase": lambda api, at: api.delete(path(at.note, "?hard=true")),
    "revisions": lambda api, at: api.get(path(at.note, "revisions/")),
    "deliveries": lambda api, at: api.get(path(at.note, "deliveries/")),
    "react": lambda api, at: api.post(path(at.note, "reactions/"), {"emoji": "👍"}),
    "pin": lambda api, at: api.post(path(at.note, "pin/")),
    "file": lambda api, at: api.get(f"chat/attachments/{at.file}/"),
    "download": lambda api, at: api.get(f"chat/download/{at.file}/"),
    "text of a file": lambda api, at: api.get(f"chat/attachments/{at.file}/text/"),
    "versions of a file": lambda api, at: api.get(f"chat/attachments/{at.file}/versions/"),
    "take out a file": lambda api, at: api.delete(f"chat/attachments/{at.file}/"),
}
OUTSIDE = ("dana", "carol", "vera", "robo", "paula", "oscar", "mallory")


def said_by(response: Any) -> str:
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return str(body.decode()).lower()


@pytest.mark.parametrize("door", [*LISTS, *MINE, *PREVIEWS, *ONES])
@pytest.mark.parametrize("who", OUTSIDE)
def test_nobody_else_reads_it(cast: Cast, noted: Noted, api: ApiFactory, who: str, door: str) -> None:
    response = {**LISTS, **MINE, **PREVIEWS, **ONES}[door](api(getattr(cast, who)), noted)
    assert WORD not in said_by(response)
    assert str(noted.note.pk) not in said_by(response)
    assert response.status_code == 404 if door in ONES else response.status_code < 500
    if who == "dana" and (door in LISTS or door in PREVIEWS):
        assert response.status_code == 200


@pytest.mark.parametrize("door", [*LISTS, *MINE, "message", "file", "download", "text of a file"])
@pytest.mark.parametrize("who", ["bob", "marta", "alice"])
def test_the_staff_does(cast: Cast, noted: Noted, api: ApiFactory, who: str, door: str) -> None:
    if who == "alice" and door in {"mentions", "notifications", "first sync"}:
        pytest.skip("she takes no part: she is not named, and hears of it only while she looks")
    response = {**LISTS, **MINE, **ONES}[door](api(getattr(cast, who)), noted)
    assert response.status_code == 200
    assert WORD in said_by(response)


def test_whoever_is_no_staff_any_more_reads_it_no_more(cast: Cast, noted: Noted, api: ApiFactory) -> None:
    Member.objects.filter(pk=cast.bob.member.pk).update(role=Role.CLIENT)
    for door, ask in {**LISTS, **MINE, **PREVIEWS, **ONES}.items():
        assert WORD not in said_by(ask(api(cast.bob), noted)), door


def test_dana_is_told_of_every_version_and_of_nothing_else(cast: Cast, published: Published) -> None:
    conversation = start_conversation(cast.dana.actor, kind=Kind.SUPPORT).conversation
    say(cast.dana, conversation, "Is breakfast included?")
    message = note(cast.bob, conversation)
    edit_message(cast.bob.actor, message_id=message.id, body=f"{WORD} again")
    react(cast.marta.actor, message_id=message.id, emoji="🥕", on=True)
    pin_message(cast.bob.actor, message_id=message.id, on=True)
    delete_message(cast.bob.actor, message_id=message.id)
    say(cast.dana, conversation, "Hello?")

    frames = [event.frame() for event, to in published() if cast.dana.member.id in to]
    assert WORD not in str(frames)
    assert str(message.pk) not in str(frames)
    assert [(one["version"], one["event"]) for one in frames] == [
        (1, "started"),
        (2, "created"),
        *((version, "advanced") for version in range(3, 8)),
        (8, "created"),
    ]


def test_a_page_goes_on_past_notes(cast: Cast, support: Conversation, api: ApiFactory) -> None:
    """Also where nothing but notes is left, and at the very beginning."""
    note(cast.bob, support)
    said = [str(say(cast.carol, support, f"Word {number}").id) for number in range(3)]
    for _ in range(3):
        note(cast.bob, support)
    last = str(say(cast.carol, support, "Last").id)

    def ids(query: str) -> list[str]:
        found: list[str] = []
        while query:
            page = api(cast.carol).get(under(support, f"messages/?limit=2&{query}")).json()
            found += [one["id"] for one in page["results"]]
            query = f"cursor={page['next']}" if page["next"] else ""
        return found

    assert sorted(ids("before=99")) == sorted([*said, last])
    assert ids("after=0") == [*said, last]


async def test_a_client_who_watches_hears_no_note_and_marta_does(
    committed_cast: Cast, socket: SocketFactory
) -> None:
    cast = committed_cast
    support = await in_thread(begun)(cast)
    bob, carol, marta = [await socket(one) for one in (cast.bob, cast.carol, cast.marta)]
    for one in (carol, marta):
        await one.push("conversation.watch", conversation=str(support.pk), on=True)
    said = {"conversation": str(support.pk), "client_id": str(uuid4()), "body": WORD, "kind": "note"}
    answer = await bob.push("message.send", **said)
    assert (answer["message"]["kind"], answer["message"]["body"]) == ("note", WORD)
    heard = await marta.hear()
    assert (heard["type"], heard["message"]["body"], heard["version"]) == ("message", WORD, 5)
    assert await marta.hears_nothing()
    assert await carol.hear() == {
        "type": "conversation",
        "conversation": str(support.pk),
        "version": 5,
        "event": "advanced",
        "data": {},
    }
    assert await carol.hears_nothing()
    refused = await carol.push("message.send", **{**said, "client_id": str(uuid4())})
    assert refused == {"type": "error", "re": ANY, "code": "forbidden", "message": ANY, "temporary": False}


def begun(cast: Cast) -> Conversation:
    """Bob has it, and Marta only looks."""
    support = start_conversation(cast.carol.actor, kind=Kind.SUPPORT).conversation
    send_message(cast.bob.actor, conversation_id=support.pk, client_id=uuid4(), body="Good morning")
    Conversation.objects.filter(pk=support.pk).update(queue_open=False)
    return support
