"""The isolation matrix's table: every route and method, every socket command, and how an insider uses it.

What is missing here fails the build (`complaints`). For a new route: say who the insider is, which ids of the
insider's `World` the call carries, and what the insider gets. A route that nobody needs to be kept from is `Public`,
with the reason.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.db.models import Model
from django.urls import URLPattern, URLResolver
from rest_framework import serializers

from accounts.admin_site import TenantAdmin
from accounts.serializers import ContactInput, MembersQuery, SettingsInput
from attachments.serializers import (
    AccessQuery,
    FiguresQuery,
    OrganiseInput,
    ReviewInput,
    ReviewTogetherInput,
    ShareInput,
    SizeQuery,
)
from common.clock import iso, now
from delivery.serializers import (
    AddWebhookInput,
    ChangeWebhookInput,
    HelloInput,
    LogQuery,
    MarkInput,
    MoveReceiptFrame,
    NotificationFrame,
    NotificationsQuery,
    PreferencesInput,
    PushSubscriptionInput,
    SyncInput,
    TranscriptInput,
)
from desk.serializers import (
    AssignInput,
    AssignmentsQuery,
    CannedRepliesQuery,
    CannedReplyInput,
    ChangeCannedReplyInput,
    QueueQuery,
    RateInput,
)
from messaging.serializers import (
    ArchiveFrame,
    ArchiveInput,
    AttributesInput,
    ChangeChannelInput,
    ChannelInput,
    ChannelsQuery,
    CloseChannelFrame,
    ConversationFrame,
    ConversationsQuery,
    DeleteMessageFrame,
    DeleteQuery,
    EditMessageFrame,
    EditMessageInput,
    EntitiesInput,
    EntitiesQuery,
    EntityTypeInput,
    FilesQuery,
    MemberInput,
    MentionsQuery,
    MuteFrame,
    MuteInput,
    NoticesFrame,
    NoticesInput,
    ParticipantFrame,
    PendingQuery,
    PinFrame,
    PostFilesInput,
    PostMessageInput,
    PresenceQuery,
    ReactFrame,
    ReactInput,
    RenameConversationFrame,
    RenameConversationInput,
    SearchQuery,
    SendMessageFrame,
    SendMessageInput,
    SetTypingInput,
    StartChannelInput,
    StartConversationInput,
    SwitchFrame,
    TimelineQuery,
    UploadInput,
    WatchPresenceFrame,
)
from portal.serializers import (
    ChangeRequestInput,
    CreateRequestInput,
    DecideInput,
    RequestFilesInput,
    RequestsQuery,
    SpacesQuery,
)
from presence.serializers import AvailabilityInput, SetPresenceFrame
from tests.architecture.rooms import ROOMS
from tests.architecture.worlds import Anywhere, World
from tests.delivery.services import Browser

Json = dict[str, Any]
Input = type[serializers.BaseSerializer[Any]]
Build = Callable[[World], Json]
Key = tuple[str, str]

# --- entries --------------------------------------------------------------------------------------------------------


class Same(str):
    """Stands in a path as it is, in every world."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One way in which an insider uses a route or a command; the rest of the matrix follows from it.

    `path`, `query` and `body` are filled from a World; every id that they ask it for is tried with a foreign one.
    `input` reads query or body. `shows` is what the insider sees in the answer; without a `status` there is no insider.
    `or_else` is what a page may answer besides a refusal. `tells_gone`: sync refuses nothing; what is not visible is
    named in `gone`, just as what never was. `leaves_out`: presence refuses nothing either; whom one may not know of is
    left out.
    """

    label: str = ""
    insider: str = "bob"
    path: Mapping[str, str] = field(default_factory=dict)
    query: Build | None = None
    body: Build | None = None
    files: Mapping[str, bytes] = field(default_factory=dict)
    input: Input | None = None
    status: int | None = 200
    shows: Callable[[World], str] | None = None
    is_page: bool = False
    or_else: frozenset[int] = frozenset()
    tells_gone: bool = False
    leaves_out: bool = False

    def ids(self) -> tuple[str, ...]:
        """The names of the ids that this call carries."""
        asked = Anywhere((name, "") for name in self.path.values() if not isinstance(name, Same))
        self._filled(asked)
        return tuple(asked)

    def tried(self) -> set[tuple[Input, str]]:
        """The fields, of its input and of what that holds, that an id of the world stands in."""
        asked = Anywhere()
        filled = self._filled(asked)
        return set(_fields_with(asked.values(), self.input, filled)) if self.input else set()

    def _filled(self, asked: Anywhere) -> Json:
        return {
            name: value
            for build in (self.query, self.body)
            if build
            for name, value in build(World(asked)).items()
        }


def _fields_with(ids: Collection[str], input: Input, filled: Json) -> Iterator[tuple[Input, str]]:
    for name, value in filled.items():
        if any(id in json.dumps(value) for id in ids):
            yield input, name
        held = getattr(getattr(input(), "fields", {}).get(name), "child", None)
        if isinstance(held, serializers.Serializer):
            for one in value:
                yield from _fields_with(ids, type(held), one)


def form(**fields: object) -> Build:
    """The same in every world."""
    return lambda world: fields


def named(id: str) -> Callable[[World], str]:
    return lambda world: world[id]


@dataclass(frozen=True, slots=True)
class Public:
    """A route that anybody may call: `why`, and what they get."""

    why: str
    status: int
    query: Build | None = None
    body: Build | None = None
    path: Mapping[str, str] = field(default_factory=dict)
    is_page: bool = True


Table = Mapping[Key, tuple[Entry | Public, ...]]


def id_fields(input: Input) -> list[str]:
    """The fields of an input that can hold somebody's id. A dict's keys can, too."""
    fields: Mapping[str, serializers.Field[Any, Any, Any, Any]] = getattr(input(), "fields", {})
    return [name for name, one in fields.items() if _holds_ids(one) and name not in NOT_AN_ID_OF_OURS]


def _holds_ids(one: Any) -> bool:
    if isinstance(one, HOLDS_IDS):
        return True
    child = getattr(one, "child", None) or getattr(one, "child_relation", None)
    return any(map(_holds_ids, [child] if child else getattr(one, "fields", {}).values()))


HOLDS_IDS = (serializers.UUIDField, serializers.RelatedField, serializers.DictField, serializers.JSONField)

NOT_AN_ID_OF_OURS = {
    "client_id": "made by the client, and unique per sender and conversation only",
    "mentions": "a hint: who takes no part is left out",
    "prechat": "answers to the questions of a site: texts, whatever they look like",
}

# --- the API --------------------------------------------------------------------------------------------------------

CONVERSATION = {"conversation_id": "conversation"}
CHANNEL = {"conversation_id": "works"}
MESSAGE = {"message_id": "message"}
ENTITY = {"entity_id": "entity"}
REPLY = {"reply_id": "canned_reply"}
ATTACHMENT = {"attachment_id": "attachment"}
WEBHOOK = {"webhook_id": "webhook"}
HELP = {"conversation_id": "help"}
ASSIGNMENT = {"assignment_id": "assignment"}
REQUEST = {"request_id": "request"}
OWN_REQUEST = {"request_id": "own_request"}


def message(world: World) -> Json:
    return {
        "client_id": str(uuid4()),
        "body": "Noted.",
        "reply_to": world["reply_to"],
        "attachments": [world["attachments"]],
    }


def task(world: World) -> Json:
    return {"type": "task", "ref": "7", "label": "Sweep the yard", "space": world["space"]}


def post(world: World) -> Json:
    return {
        "channel": world["channel"],
        "message": "Noted.",
        "reply_to": world["reply_to"],
        "attachments": [world["attachments"]],
    }


API: Table = {
    ("me", "GET"): (Entry(shows=lambda world: world["organisation"]),),
    ("me", "PATCH"): (Entry(input=SettingsInput, body=lambda world: {"read_private": True}),),
    ("my-contact", "PATCH"): (
        Entry(
            insider="carol",
            input=ContactInput,
            body=lambda world: {"page": "https://example.com/a/", "attributes": {"plan": "gold"}},
            shows=lambda world: "gold",
        ),
    ),
    ("members", "GET"): (
        Entry("everybody", shows=lambda world: world["member"]),
        Entry(
            "by name",
            input=MembersQuery,
            query=lambda world: {"q": "Carol"},
            shows=lambda world: world["member"],
        ),
    ),
    ("socket-ticket", "POST"): (Entry(shows=lambda world: "ticket"),),
    ("widget-session", "DELETE"): (Entry(insider="dana", status=204),),
    ("conversations", "GET"): (
        Entry("all", shows=lambda world: world.title),
        Entry(
            "by title",
            input=ConversationsQuery,
            query=lambda world: {"q": "Night"},
            shows=lambda world: world.title,
        ),
        Entry("by person", query=lambda world: {"q": "Carol"}, shows=lambda world: world.title),
        Entry("of a space", input=ConversationsQuery, query=lambda world: {"space": world["space"]}),
    ),
    ("start-conversation", "POST"): (
        Entry(
            "direct",
            input=StartConversationInput,
            body=lambda world: {"kind": "direct", "member": world["member"]},
            status=201,
        ),
        Entry(
            "group",
            input=StartConversationInput,
            body=lambda world: {"kind": "group", "members": [world["members"]], "space": world["space"]},
            status=201,
        ),
        Entry(
            "channel",
            input=StartConversationInput,
            body=lambda world: {
                "kind": "channel",
                "title": "News",
                "members": [world["members"]],
                "space": world["space"],
            },
            status=201,
        ),
        Entry(
            "support for a client",
            input=StartConversationInput,
            body=lambda world: {"kind": "support", "member": world["member"]},
            status=201,
        ),
        Entry(
            "support of one's own",
            insider="carol",
            input=StartConversationInput,
            body=lambda world: {"kind": "support", "space": world["space"]},
            status=201,
        ),
    ),
    ("conversation", "GET"): (Entry(path=CONVERSATION, shows=lambda world: world.title),),
    ("conversation", "PATCH"): (
        Entry(
            path=CONVERSATION,
            input=RenameConversationInput,
            body=lambda world: {"title": "Day shift"},
            shows=lambda world: "Day shift",
        ),
    ),
    ("contact", "GET"): (Entry(path={"conversation_id": "help"}, shows=lambda world: "first_seen_at"),),
    ("attributes", "PUT"): (
        Entry(
            insider="carol",
            path={"conversation_id": "own_help"},
            input=AttributesInput,
            body=lambda world: {"attributes": {"order": "A-17"}},
            shows=lambda world: "A-17",
        ),
    ),
    ("conversation-messages", "GET"): (
        Entry("newest", path=CONVERSATION, shows=lambda world: world.words),
        Entry(
            "around",
            path=CONVERSATION,
            input=TimelineQuery,
            query=lambda world: {"around": 1},
            shows=lambda world: world.words,
        ),
    ),
    ("conversation-messages", "POST"): (
        Entry(
            path=CONVERSATION,
            input=SendMessageInput,
            body=message,
            status=201,
            shows=lambda world: world.words,
        ),
    ),
    ("messages", "GET"): (
        Entry("everything", shows=lambda world: world.words),
        Entry(
            "by words and place",
            input=SearchQuery,
            query=lambda world: {"q": world.words, "channel": world["channel"]},
            shows=lambda world: world.words,
        ),
        Entry("by person", input=SearchQuery, query=lambda world: {"user": world["user"]}),
        Entry(
            "by place",
            input=SearchQuery,
            query=lambda world: {"conversation": world["conversation"]},
            shows=lambda world: world.words,
        ),
    ),
    ("messages", "POST"): (
        *(
            Entry(label, input=input, body=post, status=201, shows=lambda world: "Noted.")
            for label, input in (("where", ChannelInput), ("what", PostMessageInput))
        ),
        Entry(
            "with a file",
            input=PostFilesInput,
            body=post,
            files={"a.txt": b"Hello"},
            status=201,
            shows=lambda world: "a.txt",
        ),
    ),
    ("upload", "GET"): (Entry(path=CONVERSATION, shows=lambda world: "uploads_at_once"),),
    ("upload", "POST"): (
        Entry(path=CONVERSATION, files={"a.txt": b"Hello"}, status=201, shows=lambda world: "a.txt"),
        Entry(
            "to a message",
            path=CONVERSATION,
            files={"a.txt": b"Hello"},
            input=UploadInput,
            body=lambda world: {"message": world["message"]},
            status=201,
            shows=lambda world: "a.txt",
        ),
    ),
    ("files", "GET"): (
        Entry(
            path=CONVERSATION,
            input=FilesQuery,
            query=lambda world: {"q": "txt"},
            shows=named("attachment"),
        ),
    ),
    ("pending-files", "GET"): (
        Entry(input=PendingQuery, query=lambda world: {"limit": 100}, shows=named("held")),
    ),
    ("attachment", "GET"): (Entry(path=ATTACHMENT, shows=named("attachment")),),
    ("attachment", "DELETE"): (Entry(path=ATTACHMENT, status=204),),
    ("versions", "GET"): (Entry(path=ATTACHMENT, shows=named("attachment")),),
    ("versions", "POST"): (
        Entry(path=ATTACHMENT, files={"a.txt": b"Hello"}, status=201, shows=lambda world: "a.txt"),
    ),
    ("approve", "PUT"): (
        Entry(
            insider="alice",
            path={"attachment_id": "held"},
            input=ReviewInput,
            body=lambda world: {"decision": "approve"},
            shows=named("held"),
        ),
    ),
    ("review", "POST"): (
        Entry(
            insider="alice",
            input=ReviewTogetherInput,
            body=lambda world: {"ids": [world["held"]], "decision": "reject", "reason": "As agreed."},
            shows=named("held"),
        ),
    ),
    ("share-links", "GET"): (Entry(path=ATTACHMENT, shows=named("share_link")),),
    ("share-links", "POST"): (
        Entry(
            path=ATTACHMENT,
            input=ShareInput,
            body=lambda world: {"expires_at": iso(now() + timedelta(days=1))},
            status=201,
            shows=lambda world: "/s/",
        ),
    ),
    ("file-figures", "GET"): (
        Entry(
            insider="alice",
            input=FiguresQuery,
            query=lambda world: {"since": "2020-01-01"},
            shows=lambda world: world["conversation"],
        ),
    ),
    ("file-figures-table", "GET"): (
        Entry(insider="alice", input=FiguresQuery, query=lambda world: {}, shows=named("attachment")),
    ),
    ("share-link", "DELETE"): (Entry(path={"link_id": "share_link"}, status=204),),
    ("access-log", "GET"): (
        Entry(
            path=ATTACHMENT,
            input=AccessQuery,
            query=lambda world: {"limit": 10},
            shows=named("share_link"),
        ),
    ),
    ("organise", "PATCH"): (
        Entry(path=ATTACHMENT, input=OrganiseInput, body=lambda world: {"tags": ["plans"]}),
    ),
    ("attachment-text", "GET"): (Entry(path=ATTACHMENT, shows=lambda world: world.words),),
    ("download", "GET"): (
        Entry(
            path=ATTACHMENT,
            input=SizeQuery,
            query=lambda world: {"inline": "true"},
            shows=lambda world: world.words,
        ),
    ),
    ("mark-read", "POST"): (Entry(path=CONVERSATION, input=MarkInput, body=lambda world: {"seq": 1}),),
    ("mark-delivered", "POST"): (Entry(path=CONVERSATION, input=MarkInput, body=lambda world: {"seq": 1}),),
    ("set-typing", "POST"): (
        Entry(path=CONVERSATION, input=SetTypingInput, body=lambda world: {"typing": True}, status=204),
    ),
    ("presence", "GET"): (
        Entry(
            input=PresenceQuery,
            query=lambda world: {"members": world["members"]},
            shows=lambda world: world["members"],
            leaves_out=True,
        ),
    ),
    ("own-presence", "GET"): (Entry(shows=lambda world: "availability"),),
    ("own-presence", "PATCH"): (
        Entry(
            input=AvailabilityInput,
            body=lambda world: {"availability": "busy"},
            shows=lambda world: "busy",
        ),
    ),
    ("archive", "PATCH"): (
        Entry(path=CONVERSATION, input=ArchiveInput, body=form(archived=True), shows=named("conversation")),
    ),
    ("mute", "PATCH"): (
        Entry(path=CONVERSATION, input=MuteInput, body=form(muted=True), shows=named("conversation")),
    ),
    ("notices", "PATCH"): (
        Entry(path=CONVERSATION, input=NoticesInput, body=form(notify="all"), shows=named("conversation")),
    ),
    ("add-participant", "POST"): (
        Entry(
            path=CONVERSATION,
            input=MemberInput,
            body=lambda world: {"member": world["member"]},
            shows=lambda world: world.title,
        ),
    ),
    ("remove-participant", "POST"): (
        Entry(
            path=CONVERSATION, input=MemberInput, body=lambda world: {"member": world["member"]}, status=204
        ),
    ),
    ("leave", "POST"): (Entry(path=CONVERSATION, status=204),),
    ("introduction", "GET"): (Entry(path=CONVERSATION, shows=lambda world: '"answers":[]'),),
    ("transcript", "POST"): (
        Entry(
            path=CONVERSATION,
            input=TranscriptInput,
            body=lambda world: {"language": "es"},
            status=202,
            shows=lambda world: "@example.com",
        ),
    ),
    ("pins", "GET"): (Entry(path=CONVERSATION, shows=lambda world: world.words),),
    ("channels", "GET"): (
        Entry("all", shows=named("works")),
        Entry(
            "of a space",
            input=ChannelsQuery,
            query=lambda world: {"space": world["space"]},
            shows=named("works"),
        ),
    ),
    ("channels", "POST"): (
        Entry(
            input=StartChannelInput,
            body=lambda world: {"title": "News", "members": [world["members"]], "space": world["space"]},
            status=201,
        ),
    ),
    ("channel", "GET"): (Entry(path=CHANNEL, shows=named("works")),),
    ("channel", "PATCH"): (
        Entry(
            "title",
            path=CHANNEL,
            input=ChangeChannelInput,
            body=form(title="Day news"),
            shows=lambda world: "Day news",
        ),
        Entry(
            "archived",
            path=CHANNEL,
            input=ChangeChannelInput,
            body=form(archived=True),
            shows=named("works"),
        ),
    ),
    ("channel", "DELETE"): (Entry(insider="marta", path=CHANNEL, status=204),),
    ("add-to-channel", "POST"): (
        Entry(
            path=CHANNEL,
            input=MemberInput,
            body=lambda world: {"member": world["member"]},
            shows=named("works"),
        ),
    ),
    ("remove-from-channel", "POST"): (
        Entry(path=CHANNEL, input=MemberInput, body=lambda world: {"member": world["member"]}, status=204),
    ),
    ("my-mentions", "GET"): (
        Entry(input=MentionsQuery, query=form(limit="10"), shows=lambda world: world.words),
    ),
    ("message", "GET"): (Entry(path=MESSAGE, shows=lambda world: world.words),),
    ("message", "PATCH"): (
        Entry(path=MESSAGE, input=EditMessageInput, body=form(body="Better."), shows=lambda world: "Better."),
    ),
    ("message", "DELETE"): (
        Entry("for everybody", path=MESSAGE, shows=named("message")),
        Entry(
            "for good",
            insider="marta",
            path=MESSAGE,
            input=DeleteQuery,
            query=form(hard="true"),
            shows=named("message"),
        ),
    ),
    ("reactions", "POST"): (
        Entry(path=MESSAGE, input=ReactInput, body=form(emoji="👍"), shows=lambda world: "👍"),
    ),
    ("reactions", "DELETE"): (
        Entry(path=MESSAGE, input=ReactInput, body=form(emoji="👍"), shows=named("message")),
    ),
    ("pin", "POST"): (Entry(path=MESSAGE, shows=named("message")),),
    ("pin", "DELETE"): (Entry(path=MESSAGE, shows=named("message")),),
    ("revisions", "GET"): (Entry(insider="marta", path=MESSAGE, shows=lambda world: world.words),),
    ("entities", "GET"): (
        Entry("all", shows=named("entity")),
        Entry("of a type", input=EntitiesQuery, query=form(type="task"), shows=named("entity")),
        Entry("by label", input=EntitiesQuery, query=form(q="paint"), shows=named("entity")),
    ),
    ("entities", "POST"): (
        Entry(insider="marta", input=EntitiesInput, body=lambda world: {"entities": [task(world)]}),
    ),
    ("entity", "DELETE"): (Entry(insider="marta", path=ENTITY, status=204),),
    ("entity-types", "GET"): (Entry(shows=lambda world: "floor_plan"),),
    ("entity-types", "POST"): (
        Entry(
            insider="marta",
            input=EntityTypeInput,
            body=form(key="tower", name="Tower"),
            shows=lambda world: "Tower",
        ),
    ),
    ("deliveries", "GET"): (Entry(path={"message_id": "reply_to"}),),
    ("queue", "GET"): (Entry(input=QueueQuery, query=lambda world: {"limit": 100}),),
    ("place", "GET"): (Entry(path=HELP, shows=named("help")),),
    ("assign", "POST"): (
        Entry(
            "taking",
            insider="marta",
            input=AssignInput,
            body=lambda world: {"conversation": world["nobodys"]},
            shows=named("nobodys"),
        ),
        Entry(
            "giving",
            insider="alice",
            input=AssignInput,
            body=lambda world: {"conversation": world["help"], "member": world["colleague"]},
            shows=named("colleague"),
        ),
    ),
    ("assignments", "GET"): (
        Entry(
            input=AssignmentsQuery,
            query=lambda world: {"conversation": world["help"]},
            shows=named("assignment"),
        ),
    ),
    ("release", "POST"): (Entry(path=ASSIGNMENT, shows=named("assignment")),),
    ("resolve", "POST"): (Entry(path=ASSIGNMENT, shows=named("assignment")),),
    ("ratings", "GET"): (Entry(path=HELP, shows=lambda world: '"score":5'),),
    ("ratings", "POST"): (
        Entry(
            insider="carol",
            path={"conversation_id": "own_help"},
            input=RateInput,
            body=lambda world: {"score": 1, "comment": "As agreed."},
            shows=lambda world: "As agreed.",
        ),
    ),
    ("webhooks", "GET"): (Entry(insider="alice", shows=lambda world: world["webhook"]),),
    ("webhooks", "POST"): (
        Entry(
            insider="alice",
            input=AddWebhookInput,
            body=lambda world: {"url": "https://hooks.example/", "events": ["message.*"]},
            status=201,
            shows=lambda world: "whsec_",
        ),
    ),
    ("webhook", "PATCH"): (
        Entry(
            insider="alice",
            path=WEBHOOK,
            input=ChangeWebhookInput,
            body=lambda world: {"is_active": False},
            shows=lambda world: world["webhook"],
        ),
    ),
    ("webhook", "DELETE"): (Entry(insider="alice", path=WEBHOOK, status=204),),
    ("webhook-deliveries", "GET"): (
        Entry(
            insider="alice",
            path=WEBHOOK,
            input=LogQuery,
            query=lambda world: {"state": "failed"},
            shows=lambda world: world["webhook_delivery"],
        ),
    ),
    ("rotate-webhook-secret", "POST"): (Entry(insider="alice", path=WEBHOOK, shows=lambda world: "whsec_"),),
    ("redeliver", "POST"): (
        Entry(
            insider="alice",
            path={"delivery_id": "webhook_delivery"},
            status=202,
            shows=lambda world: world["webhook_delivery"],
        ),
    ),
    ("canned-replies", "GET"): (
        Entry("all", shows=named("canned_reply")),
        Entry("by shortcut", input=CannedRepliesQuery, query=form(q="wifi"), shows=named("canned_reply")),
        Entry(
            "for a conversation",
            input=CannedRepliesQuery,
            query=lambda world: {"conversation": world["conversation"]},
            shows=named("canned_reply"),
        ),
    ),
    ("canned-replies", "POST"): (
        Entry(
            insider="marta",
            input=CannedReplyInput,
            body=form(shortcut="pool", body="The pool opens at nine."),
            status=201,
            shows=lambda world: "The pool opens",
        ),
    ),
    ("canned-reply", "GET"): (Entry(path=REPLY, shows=named("canned_reply")),),
    ("canned-reply", "PATCH"): (
        Entry(
            insider="marta",
            path=REPLY,
            input=ChangeCannedReplyInput,
            body=form(body="The pool is closed."),
            shows=lambda world: "The pool is closed",
        ),
    ),
    ("canned-reply", "DELETE"): (Entry(insider="marta", path=REPLY, status=204),),
    ("spaces", "GET"): (
        Entry("all", shows=named("space")),
        Entry("by name", input=SpacesQuery, query=form(q="room"), shows=named("space")),
    ),
    ("client-requests", "GET"): (
        Entry("all", shows=named("request")),
        Entry(
            "of a space",
            input=RequestsQuery,
            query=lambda world: {"space": world["space"], "status": "pending"},
            shows=named("request"),
        ),
        Entry(
            "of a member",
            input=RequestsQuery,
            query=lambda world: {"member": world["member"]},
            shows=named("own_request"),
            leaves_out=True,
        ),
    ),
    ("client-requests", "POST"): (
        Entry(
            insider="carol",
            input=CreateRequestInput,
            body=lambda world: {
                "client_id": str(uuid4()),
                "space": world["space"],
                "kind": "info",
                "title": "When is breakfast?",
            },
            status=201,
            shows=lambda world: "When is breakfast?",
        ),
    ),
    ("client-request", "GET"): (Entry(path=REQUEST, shows=named("request")),),
    ("client-request", "PATCH"): (
        Entry(
            insider="carol",
            path=OWN_REQUEST,
            input=ChangeRequestInput,
            body=form(title="When is lunch?"),
            shows=lambda world: "When is lunch?",
        ),
    ),
    ("withdraw-request", "POST"): (
        Entry(insider="carol", path=OWN_REQUEST, shows=lambda world: "withdrawn"),
    ),
    **{
        (route, "POST"): (
            Entry(
                insider="marta",
                path=REQUEST,
                input=DecideInput,
                body=form(reason="As agreed."),
                shows=lambda world: "As agreed.",
            ),
        )
        for route in ("approve-request", "reject-request")
    },
    ("client-request-attachments", "POST"): (
        Entry(
            insider="carol",
            input=RequestFilesInput,
            files={"a.txt": b"Hello"},
            body=lambda world: {"request": world["own_request"]},
            status=201,
            shows=lambda world: "a.txt",
        ),
    ),
    ("sync", "POST"): (
        Entry("first visit", input=SyncInput, body=lambda world: {}, shows=lambda world: world.words),
        Entry(
            "with cursors",
            input=SyncInput,
            body=lambda world: {"cursors": {world["cursors"]: [0, 0]}, "read": {world["read"]: [0, 0]}},
            shows=lambda world: world.words,
            tells_gone=True,
        ),
    ),
}

OWN_NOTIFICATION = {"notification_id": "notification"}

TOLD: Table = {
    ("notifications", "GET"): (
        Entry("all", input=NotificationsQuery, shows=lambda world: world["notification"]),
    ),
    ("read-notification", "POST"): (Entry(path=OWN_NOTIFICATION, shows=lambda world: world["notification"]),),
    ("dismiss-notification", "POST"): (
        Entry(path=OWN_NOTIFICATION, shows=lambda world: world["notification"]),
    ),
    ("read-all-notifications", "POST"): (Entry(shows=lambda world: "unread"),),
    ("preferences", "GET"): (Entry(shows=lambda world: "mention"),),
    ("preferences", "PATCH"): (
        Entry(input=PreferencesInput, body=lambda world: {"kinds": {"mention": {"push": False}}}),
    ),
    ("default-preferences", "GET"): (Entry(insider="alice", shows=lambda world: "mention"),),
    ("default-preferences", "PATCH"): (
        Entry(
            insider="alice",
            input=PreferencesInput,
            body=lambda world: {"kinds": {"mention": {"push": False}}},
        ),
    ),
    ("push-subscriptions", "GET"): (Entry(shows=lambda world: world["subscription"]),),
    ("push-subscriptions", "POST"): (
        Entry(input=PushSubscriptionInput, body=lambda world: Browser(PUSHED_BY).subscription(), status=201),
    ),
    ("push-subscription", "DELETE"): (Entry(path={"subscription_id": "subscription"}, status=204),),
}
API = {**API, **TOLD}
PUSHED_BY = "https://fcm.googleapis.com"

# --- pages and probes -----------------------------------------------------------------------------------------------

PAGES: Table = {
    ("chat", "GET"): (
        Entry("my own", is_page=True, shows=lambda world: world["organisation"]),
        Entry(
            "of an organisation",
            is_page=True,
            query=lambda world: {"organisation": "hotel"},
            shows=lambda world: world["organisation"],
        ),
    ),
    ("manifest", "GET"): (
        Entry("my own", is_page=True, shows=lambda world: "Hotel"),
        Entry(
            "of an organisation",
            is_page=True,
            query=lambda world: {"organisation": "hotel"},
            shows=lambda world: "Hotel",
        ),
    ),
    ("files-to-review", "GET"): (
        Entry(is_page=True, shows=lambda world: world["organisation"]),
        Entry(
            "of an organisation",
            is_page=True,
            query=lambda world: {"organisation": "hotel"},
            shows=lambda world: world["organisation"],
        ),
    ),
    ("files-in-figures", "GET"): (
        Entry(insider="alice", is_page=True, shows=lambda world: world["organisation"]),
        Entry(
            "of an organisation",
            insider="alice",
            is_page=True,
            query=lambda world: {"organisation": "hotel"},
            shows=lambda world: world["organisation"],
        ),
    ),
}

ANY_METHOD = ("GET", "POST", "PUT", "PATCH", "DELETE")


def public(name: str, *methods: str, **promise: Any) -> Table:
    return {(name, method): (Public(**promise),) for method in methods}


PUBLIC: Table = {
    **public("home", *ANY_METHOD, why="only says where the chat is", status=302),
    **public(
        "widget-config",
        "GET",
        why="the widget asks for it before anybody is anybody",
        status=404,
        query=lambda world: {"site": "site_that_never_was"},
    ),
    **public(
        "widget-session",
        "POST",
        why="the visitors' way in; its own tests below say who comes in",
        status=404,
        body=lambda world: {"site": "site_that_never_was"},
    ),
    **public("widget-frame", "GET", why="for the pages of a site, which it must name", status=404),
    **public(
        "contact-form",
        "GET",
        "POST",
        "PUT",
        why="for whoever visits a site, which it must name",
        status=404,
        path={"key": "organisation"},
        body=form(name="Nobody", email="nobody@example.com", text="Hello"),
    ),
    **public(
        "contact-form-thanks",
        "GET",
        why="says thank you, whoever asks",
        status=404,
        path={"key": "organisation"},
    ),
    **public("login", "GET", why="the way in", status=200),
    **public(
        "login",
        "POST",
        "PUT",
        why="the way in",
        status=200,
        body=form(username="nobody", password="a guess"),
    ),
    **public(
        "login-once",
        "POST",
        why="the demo's one-time login",
        status=302,
        body=lambda world: {"once": f"{world['member']}.guess"},
    ),
    **public("logout", "POST", why="the way out, for whoever asks", status=302),
    **public("demos", "GET", why="exists in demo mode only", status=404),
    **public(
        "framing-demo",
        "GET",
        why="exists in demo mode only",
        status=404,
        path={"organisation": "organisation"},
    ),
    **public(
        "demo", "GET", why="exists in demo mode only", status=404, path={"organisation": "organisation"}
    ),
    **public(
        "offline", "GET", why="what the app shows without a server; it says nothing of anybody", status=200
    ),
    **public("push-worker", "GET", why="the program that shows pushes", status=200),
    **public("push-worker", "POST", why="is only read", status=405),
    **public(
        "stop-emails",
        "GET",
        "POST",
        why="the link in an e-mail; its signature says whose",
        status=404,
        path={"token": "organisation"},
    ),
    **public(
        "signed-file",
        "GET",
        why="for a CDN; its signature says which file, and for how long",
        status=404,
        path={"token": "attachment", "name": "attachment"},
    ),
    **public(
        "shared-file",
        "GET",
        "POST",
        why="a link to a file: its token is what counts",
        status=404,
        path={"token": "attachment"},
    ),
    **public(
        "shared-bytes",
        "GET",
        why="the same, for whoever has just used it",
        status=404,
        path={"token": "attachment"},
    ),
    **public("healthz", "GET", "POST", why="a probe: the process answers", status=200),
    **public("readyz", "GET", "POST", why="a probe: the process can serve", status=200),
}

# --- the admin ------------------------------------------------------------------------------------------------------

ADMIN_DOORS: Table = {
    **public("admin:login", "GET", "POST", why="sends on to the one login", status=302),
    **public("admin:logout", "GET", "POST", why="the way out", status=302),
    **public("/admin/(?P<url>.*)$", "GET", "POST", why="nowhere", status=302, path={"url": "organisation"}),
}


def own_page(**options: Any) -> tuple[Entry, ...]:
    return (Entry(insider="alice", is_page=True, **options),)


ADMIN_ROOMS: Table = {
    ("admin:index", "GET"): own_page(),
    ("admin:index", "POST"): own_page(),
    ("admin:app_list", "GET"): own_page(path={"app_label": Same("accounts")}),
    ("admin:app_list", "POST"): own_page(path={"app_label": Same("accounts")}),
    ("admin:autocomplete", "GET"): own_page(
        query=form(app_label="accounts", model_name="spaceaccess", field_name="member", term="Carol"),
        shows=lambda world: world["member"],
    ),
    ("admin:autocomplete", "POST"): own_page(status=405),
    ("admin:jsi18n", "GET"): own_page(),
    ("admin:jsi18n", "POST"): own_page(status=405),
    ("admin:password_change", "GET"): own_page(),
    ("admin:password_change", "POST"): own_page(body=form(new_password1="a", new_password2="b")),
    ("admin:password_change_done", "GET"): own_page(),
    ("admin:password_change_done", "POST"): own_page(status=405),
    # No model has a page of its own that the admin could send to: 404 for insiders too.
    **dict.fromkeys(
        (("admin:view_on_site", "GET"), ("admin:view_on_site", "POST")),
        own_page(path={"content_type_id": "type", "object_id": "accounts.Member"}, status=404),
    ),
}


def admin_entries(model: type[Model], admin_of_model: admin.ModelAdmin[Any]) -> Table:
    """The admin's routes follow from its models; a view that somebody adds to one has no entry.

    The insider looks: Alice, or root where the rows are nobody's. What she may write, `test_admin` says.
    """
    label, name = model._meta.label, f"admin:{model._meta.app_label}_{model._meta.model_name}"
    insider = "alice" if isinstance(admin_of_model, TenantAdmin) else "root"
    path = {"object_id": label}

    def page(**options: Any) -> tuple[Entry, ...]:
        return (Entry(insider=insider, is_page=True, **options),)

    entries = {
        (f"{name}_changelist", "GET"): page(),
        (f"{name}_changelist", "POST"): page(
            status=None,
            or_else=frozenset({200}),  # one's own list, as if nothing had been chosen
            body=lambda world: {"action": "delete_selected", "_selected_action": world[label], "post": "yes"},
        ),
        (f"{name}_add", "GET"): page(status=None),
        (f"{name}_add", "POST"): page(status=None, body=form(name="x")),
        (f"{name}_change", "GET"): page(path=path, shows=lambda world: world[label]),
        (f"{name}_change", "POST"): page(path=path, status=None, body=form(name="x", title="x")),
        (f"{name}_delete", "GET"): page(path=path, status=None),
        (f"{name}_delete", "POST"): page(path=path, status=None, body=form(post="yes")),
        (f"{name}_history", "GET"): page(path=path),
        (f"{name}_history", "POST"): page(path=path, status=None),
    }
    if isinstance(admin_of_model, UserAdmin):
        of_user = {"id": label}
        entries["admin:auth_user_password_change", "GET"] = page(path=of_user)
        entries["admin:auth_user_password_change", "POST"] = page(path=of_user, status=None)
    redirects = public(
        f"/admin/{model._meta.app_label}/{model._meta.model_name}/<path:object_id>/",
        *ANY_METHOD,
        why="sends everybody on to `change`, without a look",
        status=302,
        path=path,
    )
    return {**entries, **redirects}


def admin_table(site: admin.AdminSite = admin.site) -> Table:
    table = dict(ADMIN_ROOMS)
    for model, admin_of_model in site._registry.items():
        table.update(admin_entries(model, admin_of_model))
    return table


# --- the socket -----------------------------------------------------------------------------------------------------

COMMANDS: Mapping[str, tuple[Entry, ...]] = {
    "message.send": (
        Entry(
            input=SendMessageFrame,
            body=lambda world: {**message(world), "conversation": world["conversation"]},
            shows=lambda world: world.words,
        ),
    ),
    "typing.set": (
        Entry(
            input=SwitchFrame,
            body=lambda world: {"conversation": world["conversation"], "on": True},
            shows=lambda world: world["conversation"],
        ),
    ),
    "conversation.watch": (
        Entry(
            input=SwitchFrame,
            body=lambda world: {"conversation": world["conversation"], "on": True},
            shows=lambda world: world["conversation"],
        ),
    ),
    "notification.read": (
        Entry(
            input=NotificationFrame,
            body=lambda world: {"notification": world["notification"]},
            shows=lambda world: world["notification"],
        ),
    ),
    "notification.dismiss": (
        Entry(
            input=NotificationFrame,
            body=lambda world: {"notification": world["notification"]},
            shows=lambda world: world["notification"],
        ),
    ),
    "presence.watch": (
        Entry(
            input=WatchPresenceFrame,
            body=lambda world: {"members": [world["members"]]},
            shows=lambda world: world["members"],
            leaves_out=True,
        ),
    ),
    "presence.set": (
        Entry(input=SetPresenceFrame, body=lambda world: {"away": True}, shows=lambda world: "away"),
    ),
    "receipt.move": (
        Entry(
            input=MoveReceiptFrame,
            body=lambda world: {"conversation": world["conversation"], "read": 1},
            shows=lambda world: world["conversation"],
        ),
    ),
    "sync": (
        Entry("first visit", input=SyncInput, body=lambda world: {}, shows=lambda world: world.words),
        Entry(
            "with cursors",
            input=SyncInput,
            body=lambda world: {"cursors": {world["cursors"]: [0, 0]}, "read": {world["read"]: [0, 0]}},
            shows=lambda world: world.words,
            tells_gone=True,
        ),
    ),
    "message.react": (
        Entry(
            input=ReactFrame,
            body=lambda world: {"message": world["message"], "emoji": "👍", "on": True},
            shows=named("message"),
        ),
    ),
    "message.pin": (
        Entry(
            input=PinFrame,
            body=lambda world: {"message": world["message"], "on": False},
            shows=named("message"),
        ),
    ),
    "conversation.start": (
        Entry(
            input=StartConversationInput,
            body=lambda world: {"kind": "group", "members": [world["members"]], "space": world["space"]},
            shows=named("members"),
        ),
    ),
    "conversation.rename": (
        Entry(
            input=RenameConversationFrame,
            body=lambda world: {"conversation": world["conversation"], "title": "Day shift"},
            shows=named("conversation"),
        ),
    ),
    "conversation.archive": (
        Entry(
            input=ArchiveFrame,
            body=lambda world: {"conversation": world["conversation"], "archived": True},
            shows=named("conversation"),
        ),
    ),
    "conversation.mute": (
        Entry(
            input=MuteFrame,
            body=lambda world: {"conversation": world["conversation"], "muted": True},
            shows=named("conversation"),
        ),
    ),
    "conversation.notices": (
        Entry(
            input=NoticesFrame,
            body=lambda world: {"conversation": world["conversation"], "notify": "all"},
            shows=named("conversation"),
        ),
    ),
    "conversation.close": (
        Entry(
            input=CloseChannelFrame,
            body=lambda world: {"conversation": world["works"], "closed": True},
            shows=named("works"),
        ),
    ),
    "participant.add": (
        Entry(
            input=ParticipantFrame,
            body=lambda world: {"conversation": world["conversation"], "member": world["member"]},
            shows=named("conversation"),
        ),
    ),
    # What comes last leaves nothing for the others: these are done one after the other.
    "message.edit": (
        Entry(
            input=EditMessageFrame,
            body=lambda world: {"message": world["message"], "body": "Better."},
            shows=named("message"),
        ),
    ),
    "message.delete": (
        Entry(
            "for everybody",
            input=DeleteMessageFrame,
            body=lambda world: {"message": world["message"]},
            shows=named("message"),
        ),
        Entry(
            "for good",
            insider="marta",
            input=DeleteMessageFrame,
            body=lambda world: {"message": world["message"], "hard": True},
            shows=named("message"),
        ),
    ),
    "participant.remove": (
        Entry(
            input=ParticipantFrame,
            body=lambda world: {"conversation": world["conversation"], "member": world["member"]},
            shows=named("conversation"),
        ),
    ),
    "conversation.delete": (
        Entry(
            insider="marta",
            input=ConversationFrame,
            body=lambda world: {"conversation": world["works"]},
            shows=named("works"),
        ),
    ),
}

HELLO = "hello"  # the consumer's own; all others are in config.realtime

FRAMES: Mapping[str, tuple[Entry, ...]] = {
    HELLO: (
        Entry(
            input=HelloInput,
            body=lambda world: {"cursors": {world["cursors"]: [0, 0]}, "read": {world["read"]: [1, 1]}},
            shows=lambda world: world.words,
            tells_gone=True,
        ),
    ),
    **COMMANDS,
}

ROUTES: Table = {**API, **PAGES, **PUBLIC, **ADMIN_DOORS, **admin_table()}

# --- routes ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Route:
    """`name` is the pattern's own, or its path where it has none."""

    name: str
    path: str
    methods: frozenset[str]
    parameters: frozenset[str]

    def url(self, values: Mapping[str, str]) -> str:
        """Of a regular expression, its groups' values and nothing else stand in the URL."""
        as_path = re.sub(r"\(\?P(<\w+>)[^()]*\)", r"\1", self.path).replace("^", "").rstrip("$")
        return re.sub(r"<(?:\w+:)?(\w+)>", lambda match: values[match[1]], as_path)


def routes_of(resolver: URLResolver, prefix: str = "/", namespace: str = "") -> Iterator[Route]:
    for one in resolver.url_patterns:
        path = prefix + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from routes_of(one, path, f"{namespace}{one.namespace}:" if one.namespace else namespace)
        else:
            yield Route(
                name=f"{namespace}{one.name}" if one.name else path,
                path=path,
                methods=methods_of(one),
                parameters=frozenset(re.findall(r"<(?:\w+:)?(\w+)>", path)),
            )


def methods_of(pattern: URLPattern) -> frozenset[str]:
    """What a view class handles; of a function one cannot know, so it is asked to read and to write."""
    callback: Any = pattern.callback
    view = getattr(callback, "view_class", None) or getattr(callback, "cls", None)
    if getattr(callback, "actions", None):  # a ViewSet's
        names = list(callback.actions)
    elif view:
        names = [name for name in view.http_method_names if hasattr(view, name)]
    else:
        names = ["get", "post"]
    return frozenset(name.upper() for name in names) - {"HEAD", "OPTIONS"}


# --- what is missing ------------------------------------------------------------------------------------------------


def complaints(resolver: URLResolver, table: Table) -> list[str]:
    """What the table lacks of the routes, and what it has too much."""
    routes = list(routes_of(resolver))
    keys = {(route.name, method): route for route in routes for method in route.methods}
    names = [route.name for route in routes]
    return [
        *(f"{name} names two routes" for name in sorted(set(names)) if names.count(name) > 1),
        *(f"{method} {name} has no entry" for name, method in keys if (name, method) not in table),
        *(
            f"{method} {name} has an entry, but no route"
            for name, method in table
            if (name, method) not in keys
        ),
        *(
            f"{method} {name}: the entry fills {sorted(entry.path)} of {route.path}"
            for (name, method), route in keys.items()
            for entry in table.get((name, method), ())
            if set(entry.path) != route.parameters
        ),
    ]


def command_complaints(
    commands: Collection[str], table: Mapping[str, tuple[Entry, ...]] = COMMANDS
) -> list[str]:
    return [
        *(f"{name} has no entry" for name in commands if name not in table),
        *(f"{name} has an entry, but is no command" for name in table if name not in commands),
    ]


def untried(inputs: Collection[Input]) -> list[str]:
    """Fields that can hold an id and are in no entry's call: `SendMessageInput.reply_to`."""
    entries = [
        one for entries in (*ROUTES.values(), *FRAMES.values()) for one in entries if isinstance(one, Entry)
    ]
    tried = set().union(*(entry.tried() for entry in entries))
    return sorted(
        f"{input.__name__}.{name}"
        for input in inputs
        for name in id_fields(input)
        if (input, name) not in tried
    )


def inputs() -> set[Input]:
    """Whatever the rooms read: every serializer of theirs, but those that are there to be inherited from."""
    return {
        one
        for one in _subclasses(serializers.BaseSerializer)
        if one.__module__.split(".")[0] in ROOMS and not one.__name__.startswith("_")
    }


def _subclasses(parent: Input) -> Iterator[Input]:
    for one in parent.__subclasses__():
        yield one
        yield from _subclasses(one)
