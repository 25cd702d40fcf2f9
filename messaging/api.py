"""REST about conversations and their messages."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from rest_framework.fields import DateTimeField, UUIDField
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.http import ActorView
from accounts.queries import get_space
from common import ratelimit
from common.api import pack_cursor, page, read_input, unpack_cursor
from messaging import actions, queries
from messaging.access import get_conversation, known_among, ways_to_see
from messaging.models import Conversation, Kind, Message, Participant
from messaging.payloads import conversation_payload, message_payload_for
from messaging.serializers import (
    ConversationsQuery,
    DirectionField,
    PresenceQuery,
    RenameConversationInput,
    SendMessageInput,
    SeqField,
    SetTypingInput,
    StartConversationInput,
    TimelineQuery,
)
from presence.payloads import presences_payload
from presence.roll import roll_call

TYPING_PER_MEMBER = "60/minute"
SENDS_PER_MEMBER = ratelimit.rate(settings.SENDS_PER_SECOND, settings.SENDS_BURST)


class Conversations(ActorView):
    """Newest first. What the actor archived is listed with `archived=true` only."""

    def get(self, request: Request) -> Response:
        query = read_input(ConversationsQuery, request.query_params)
        asked = self._asked_for(query)
        ways = [way.filter(asked) for way in ways_to_see(self.actor)]
        return self._page(ways, query["cursor"], query["limit"])

    def _asked_for(self, query: dict[str, Any]) -> Q:
        archived = Exists(
            Participant.objects.filter(
                conversation=OuterRef("pk"), member=self.actor.id, archived_at__isnull=False
            )
        )
        asked = Q(archived if query["archived"] else ~archived)
        if "kind" in query:
            asked &= Q(kind=query["kind"])
        if "space" in query:
            asked &= Q(space=get_space(self.actor, query["space"]))
        if query["q"]:
            asked &= queries.matching(query["q"], self.actor)
        return asked

    def _page(self, ways: queries.Ways, cursor: str, limit: int) -> Response:
        """What is on the page comes first, all that is told of it after: the database would join before it cuts."""
        if cursor:
            active_at, id = unpack_cursor(cursor, DateTimeField, UUIDField)
            ways = [queries.older_than(way, active_at, id) for way in ways]
        found = list(queries.newest_of(ways, limit + 1).values_list("active_at", "pk"))
        shown, more = found[:limit], found[limit:]
        results = [
            conversation_payload(one, self.actor.id)
            for one in queries.with_everything([pk for _, pk in shown], self.actor)
        ]
        next_cursor = pack_cursor(shown[-1][0].isoformat(), shown[-1][1]) if more else None
        return page(results, next_cursor=next_cursor)


class StartConversation(ActorView):
    def post(self, request: Request) -> Response:
        data = read_input(StartConversationInput, request.data)
        started = actions.start_conversation(self.actor, **{**data, "kind": Kind(data["kind"])})
        status = HTTPStatus.CREATED if started.is_new else HTTPStatus.OK
        return Response(_detail(self, started.conversation.id), status=status)


class ConversationDetail(ActorView):
    def get(self, request: Request, conversation_id: UUID) -> Response:
        return Response(_detail(self, get_conversation(self.actor, conversation_id).id))

    def patch(self, request: Request, conversation_id: UUID) -> Response:
        get_conversation(self.actor, conversation_id)
        data = read_input(RenameConversationInput, request.data)
        actions.rename_conversation(self.actor, conversation_id=conversation_id, title=data["title"])
        return Response(_detail(self, conversation_id))


class SetTyping(ActorView):
    """For those without a socket."""

    def post(self, request: Request, conversation_id: UUID) -> Response:
        get_conversation(self.actor, conversation_id)
        typing = read_input(SetTypingInput, request.data)["typing"]
        ratelimit.hit(TYPING_PER_MEMBER, "typing", self.actor.id)
        actions.tell_typing(self.actor, conversation_id=conversation_id, on=typing)
        return Response(status=HTTPStatus.NO_CONTENT)


class PresenceOf(ActorView):
    """Of those among `members` whom the actor may know of; the others are left out."""

    def get(self, request: Request) -> Response:
        asked = read_input(PresenceQuery, request.query_params)["members"]
        return Response({"members": presences_payload(roll_call().look(known_among(self.actor, asked)))})


def _detail(view: ActorView, id: UUID) -> Any:
    (found,) = queries.with_everything([id], view.actor)
    return conversation_payload(found, view.actor.id)


class Timeline(ActorView):
    """By `seq`, oldest first. Without a parameter the newest page; `next` continues the way the page was going."""

    def get(self, request: Request, conversation_id: UUID) -> Response:
        conversation = get_conversation(self.actor, conversation_id)
        query = read_input(TimelineQuery, request.query_params)
        if query["cursor"]:
            direction, seq = unpack_cursor(query["cursor"], DirectionField, SeqField)
            query[direction] = seq
        messages, next_cursor = self._messages(conversation, query, query["limit"])
        return page(self._payloads(conversation, messages), next_cursor=next_cursor)

    def post(self, request: Request, conversation_id: UUID) -> Response:
        conversation = get_conversation(self.actor, conversation_id)
        data = read_input(SendMessageInput, request.data)
        data.pop("attachments")
        ratelimit.hit(SENDS_PER_MEMBER, "send", self.actor.id)
        sent = actions.send_message(self.actor, conversation_id=conversation.id, **data)
        (payload,) = self._payloads(conversation, [sent.message])
        if sent.duplicate:
            return Response({**payload, "duplicate": True}, status=HTTPStatus.OK)
        return Response(payload, status=HTTPStatus.CREATED)

    def _messages(
        self, conversation: Conversation, query: dict[str, Any], limit: int
    ) -> tuple[list[Message], str | None]:
        if "after" in query:
            messages = queries.messages_after(conversation, query["after"], limit)
            more = bool(messages) and messages[-1].seq < conversation.last_seq
            return messages, pack_cursor("after", messages[-1].seq) if more else None
        if "around" in query:
            messages = queries.messages_around(conversation, query["around"], limit)
        else:
            messages = queries.messages_before(conversation, query.get("before"), limit)
        more = bool(messages) and messages[0].seq > 1
        return messages, pack_cursor("before", messages[0].seq) if more else None

    def _payloads(self, conversation: Conversation, messages: list[Message]) -> list[Any]:
        progress = queries.progress_in(conversation, self.actor)
        return [message_payload_for(self.actor.member, message, progress) for message in messages]
