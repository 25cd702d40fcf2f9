"""REST about messages: timelines, and what becomes of one."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any
from uuid import UUID

from rest_framework.fields import UUIDField
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actor import Actor
from accounts.http import ActorView
from common import ratelimit
from common.api import StrictJSONParser, cut, pack_cursor, page, read_input, unpack_cursor
from common.clock import iso, iso_or_none
from common.errors import InvalidInput
from messaging import actions, queries, search
from messaging.access import get_conversation, get_conversation_to_speak_in, get_message
from messaging.api.files import files_in, sources_of, uploading
from messaging.api.limits import SEARCHES_PER_MEMBER, SENDS_PER_MEMBER, count_change
from messaging.models import Conversation, Message, MessageKind
from messaging.payloads import FoundPayload, MessagePayload, found_payload, message_payload_for
from messaging.saying import Sent
from messaging.serializers import (
    ChannelInput,
    DeleteQuery,
    DirectionField,
    EditMessageInput,
    MentionsQuery,
    PostFilesInput,
    PostMessageInput,
    ReactInput,
    SearchQuery,
    SendMessageInput,
    SeqField,
    TimelineQuery,
)
from messaging.words import terms_of

MOST_PINS = 100


def payloads_for(actor: Actor, messages: Sequence[Message]) -> list[MessagePayload]:
    """As the actor sees them: two queries, however many they are and wherever they stand."""
    progress = queries.progress_in({one.conversation_id for one in messages}, actor)
    known = queries.spaces_known_to(actor, messages)
    return [message_payload_for(actor.member, one, progress[one.conversation_id], known) for one in messages]


class Timeline(ActorView):
    """By `seq`, oldest first. Without a parameter the newest page; `next` continues the way the page was going."""

    def get(self, request: Request, conversation_id: UUID) -> Response:
        conversation = get_conversation(self.actor, conversation_id)
        query = read_input(TimelineQuery, request.query_params)
        if query["cursor"]:
            direction, seq = unpack_cursor(query["cursor"], DirectionField, SeqField)
            query[direction] = seq
        messages, next_cursor = self._messages(conversation, query, query["limit"])
        return page(payloads_for(self.actor, messages), next_cursor=next_cursor)

    def post(self, request: Request, conversation_id: UUID) -> Response:
        conversation = get_conversation(self.actor, conversation_id)
        return _send(self.actor, conversation, read_input(SendMessageInput, request.data))

    def _messages(
        self, conversation: Conversation, query: dict[str, Any], limit: int
    ) -> tuple[list[Message], str | None]:
        if "after" in query:
            messages = queries.messages_after(self.actor, conversation, query["after"], limit)
            more = bool(messages) and messages[-1].seq < conversation.last_seq
            return messages, pack_cursor("after", messages[-1].seq) if more else None
        if "around" in query:
            messages = queries.messages_around(self.actor, conversation, query["around"], limit)
        else:
            messages = queries.messages_before(self.actor, conversation, query.get("before"), limit)
        more = bool(messages) and messages[0].seq > 1
        return messages, pack_cursor("before", messages[0].seq) if more else None


def _send(actor: Actor, conversation: Conversation, data: dict[str, Any]) -> Response:
    ratelimit.hit(SENDS_PER_MEMBER, "send", actor.id)
    return _sent(actor, actions.send_message(actor, conversation_id=conversation.id, **_said(data)))


def _said(data: dict[str, Any]) -> dict[str, Any]:
    return {**data, "kind": MessageKind(data["kind"])}


def _sent(actor: Actor, sent: Sent) -> Response:
    (payload,) = payloads_for(actor, [sent.message])
    if sent.duplicate:
        return Response({**payload, "duplicate": True}, status=HTTPStatus.OK)
    return Response(payload, status=HTTPStatus.CREATED)


class Messages(ActorView):
    """GET finds what was said, newest first; POST says something, as the conversation's own `messages/` does, or in a
    form, with files."""

    parser_classes = (StrictJSONParser, MultiPartParser)

    def get(self, request: Request) -> Response:
        query = read_input(SearchQuery, request.query_params)
        wanted = self._wanted(query)
        ratelimit.hit(SEARCHES_PER_MEMBER, "search", self.actor.id)
        (before,) = unpack_cursor(query["cursor"], UUIDField) if query["cursor"] else (None,)
        found = search.found(self.actor, wanted, before=before, limit=query["limit"] + 1)
        shown, next_cursor = cut(found, query["limit"], lambda last: (last,))
        return page(self._results(shown, wanted), next_cursor=next_cursor)

    def post(self, request: Request) -> Response:
        channel = read_input(ChannelInput, request.data)["channel"]
        conversation = get_conversation(self.actor, channel)
        if request.FILES:
            return self._send_with_files(conversation, request)
        data = read_input(PostMessageInput, request.data)
        return _send(self.actor, conversation, {"body": data.pop("message"), **data})

    def _send_with_files(self, conversation: Conversation, request: Request) -> Response:
        """One that was sent by another name would not be said, and nobody would be told."""
        if misnamed := set(request.FILES) - {"files"}:
            raise InvalidInput(fields={name: ["Send files as `files`."] for name in misnamed})
        data = read_input(PostFilesInput, request.data)
        get_conversation_to_speak_in(self.actor, conversation.pk)
        ratelimit.hit(SENDS_PER_MEMBER, "send", self.actor.id)
        files = files_in(request, self.actor)
        if len(files) + len(data["attachments"]) > queries.MAX_FILES:
            raise InvalidInput(fields={"files": [f"A message has at most {queries.MAX_FILES}."]})
        with uploading(self.actor, conversation.space_id) as go_on:
            sent = actions.send_with_files(
                self.actor,
                conversation_id=conversation.pk,
                body=data.pop("message"),
                files=sources_of(files, go_on),
                **_said(data),
            )
        return _sent(self.actor, sent)

    def _wanted(self, query: dict[str, Any]) -> search.Wanted:
        """Whose and where first: an outsider is told nothing else."""
        if "channel" in query:
            get_conversation(self.actor, query["channel"])
        if "user" in query:
            search.must_know(self.actor, query["user"])
        return search.Wanted(
            terms=terms_of(query["q"]) if query["q"] else None,
            channel=query.get("channel"),
            user=query.get("user"),
            since=query.get("since"),
            until=query.get("until"),
            has=query["has"],
        )

    def _results(self, ids: Sequence[UUID], wanted: search.Wanted) -> list[FoundPayload]:
        messages = queries.messages_by_id(ids)
        in_order = [messages[id] for id in ids if id in messages]
        return [found_payload(one, wanted.terms or []) for one in payloads_for(self.actor, in_order)]


class Pins(ActorView):
    """The one that was pinned last comes first."""

    def get(self, request: Request, conversation_id: UUID) -> Response:
        conversation = get_conversation(self.actor, conversation_id)
        pinned = queries.pinned_in(self.actor, conversation, MOST_PINS)
        return page(payloads_for(self.actor, pinned), next_cursor=None)


class MyMentions(ActorView):
    """Messages that mention the actor, newest first."""

    def get(self, request: Request) -> Response:
        query = read_input(MentionsQuery, request.query_params)
        messages = queries.mentioning(self.actor)
        if query["cursor"]:
            [before] = unpack_cursor(query["cursor"], UUIDField)
            messages = messages.filter(pk__lt=before)
        found = queries.complete(messages.order_by("-pk")[: query["limit"] + 1])
        shown, next_cursor = cut(found, query["limit"], lambda last: (last.pk,))
        return page(payloads_for(self.actor, shown), next_cursor=next_cursor)


# --- one message ----------------------------------------------------------------------------------------------------


class _OneMessage(ActorView):
    def _changing(self, message_id: UUID) -> None:
        """Who may not see it learns nothing from what is wrong with the body."""
        get_message(self.actor, message_id)
        count_change(self.actor)

    def _answer(self, message: Message) -> Response:
        (payload,) = payloads_for(self.actor, [message])
        return Response(payload)


class MessageDetail(_OneMessage):
    def get(self, request: Request, message_id: UUID) -> Response:
        return self._answer(queries.messages_by_id([get_message(self.actor, message_id).pk])[message_id])

    def patch(self, request: Request, message_id: UUID) -> Response:
        self._changing(message_id)
        data = read_input(EditMessageInput, request.data)
        return self._answer(actions.edit_message(self.actor, message_id=message_id, **data))

    def delete(self, request: Request, message_id: UUID) -> Response:
        """With `hard=true` for good."""
        self._changing(message_id)
        hard = read_input(DeleteQuery, request.query_params)["hard"]
        delete = actions.erase_message if hard else actions.delete_message
        return self._answer(delete(self.actor, message_id=message_id))


class Reactions(_OneMessage):
    def post(self, request: Request, message_id: UUID) -> Response:
        return self._react(request, message_id, on=True)

    def delete(self, request: Request, message_id: UUID) -> Response:
        return self._react(request, message_id, on=False)

    def _react(self, request: Request, message_id: UUID, *, on: bool) -> Response:
        self._changing(message_id)
        emoji = read_input(ReactInput, request.data)["emoji"]
        return self._answer(actions.react(self.actor, message_id=message_id, emoji=emoji, on=on))


class Pin(_OneMessage):
    def post(self, request: Request, message_id: UUID) -> Response:
        return self._pin(message_id, on=True)

    def delete(self, request: Request, message_id: UUID) -> Response:
        return self._pin(message_id, on=False)

    def _pin(self, message_id: UUID, *, on: bool) -> Response:
        self._changing(message_id)
        return self._answer(actions.pin_message(self.actor, message_id=message_id, on=on))


class Revisions(ActorView):
    """Every text that a message had, the present one last; for the audit, also of what was deleted."""

    def get(self, request: Request, message_id: UUID) -> Response:
        texts = actions.read_revisions(self.actor, message_id=message_id)
        results = [
            {
                "body": one.body,
                "written_at": iso(one.written_at),
                "replaced_at": iso_or_none(one.replaced_at),
            }
            for one in texts
        ]
        return page(results, next_cursor=None)
