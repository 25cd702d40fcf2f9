"""REST about conversations."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from rest_framework.fields import DateTimeField, UUIDField
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from accounts.actor import Actor
from accounts.http import ActorView
from accounts.permissions import Permission
from accounts.queries import get_space
from common import ratelimit
from common.api import cut, page, read_input, unpack_cursor
from messaging import actions, queries
from messaging.access import get_conversation, known_among, ways_to_see
from messaging.api.limits import TYPING_PER_MEMBER, count_change
from messaging.models import Kind, Participant, Status
from messaging.payloads import contact_payload, conversation_payload, introduction_payload, own_payload
from messaging.serializers import (
    ArchiveInput,
    AttributesInput,
    ConversationsQuery,
    MemberInput,
    MuteInput,
    NoticesInput,
    PresenceQuery,
    RenameConversationInput,
    SetTypingInput,
    StartConversationInput,
)
from presence.payloads import presences_payload
from presence.roll import roll_call


def detail(actor: Actor, id: UUID) -> Any:
    (found,) = queries.with_everything([id], actor)
    return conversation_payload(found, actor.id)


class Conversations(ActorView):
    """Newest first. What the actor archived is listed with `archived=true` only."""

    def get(self, request: Request) -> Response:
        return self._list(read_input(ConversationsQuery, request.query_params))

    def _list(self, query: dict[str, Any]) -> Response:
        asked = self._asked_for(query)
        ways = [way.filter(asked) for way in ways_to_see(self.actor)]
        return self._page(ways, query["cursor"], query["limit"])

    def _asked_for(self, query: dict[str, Any]) -> Q:
        own = Participant.objects.filter(conversation=OuterRef("pk"), member=self.actor.id, left_at=None)
        archived = Exists(own.archived(OuterRef("active_at")))
        asked = Q(archived if query["archived"] else ~archived)
        if "kind" in query:
            asked &= Q(kind=query["kind"])
        if "assigned" in query:
            mine = Q(assignee=self.actor.id, status=Status.OPEN)
            asked &= mine if query["assigned"] == "me" else Q(queue_open=True)
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
        shown, next_cursor = cut(found, limit, lambda last: (last[0].isoformat(), last[1]))
        results = [
            conversation_payload(one, self.actor.id)
            for one in queries.with_everything([pk for _, pk in shown], self.actor)
        ]
        return page(results, next_cursor=next_cursor)


class StartConversation(ActorView):
    def post(self, request: Request) -> Response:
        data = read_input(StartConversationInput, request.data)
        count_change(self.actor)
        started = actions.start_conversation(self.actor, **{**data, "kind": Kind(data["kind"])})
        status = HTTPStatus.CREATED if started.is_new else HTTPStatus.OK
        return Response(detail(self.actor, started.conversation.id), status=status)


class ConversationDetail(ActorView):
    def get(self, request: Request, conversation_id: UUID) -> Response:
        return Response(detail(self.actor, get_conversation(self.actor, conversation_id).id))

    def patch(self, request: Request, conversation_id: UUID) -> Response:
        get_conversation(self.actor, conversation_id)
        data = read_input(RenameConversationInput, request.data)
        count_change(self.actor)
        actions.rename_conversation(self.actor, conversation_id=conversation_id, title=data["title"])
        return Response(detail(self.actor, conversation_id))


class ContactOf(ActorView):
    """Of whom a support conversation serves, for the staff who see it."""

    def get(self, request: Request, conversation_id: UUID) -> Response:
        return Response(contact_payload(queries.contact_in(self.actor, conversation_id)))


class Attributes(ActorView):
    """What the host says of a support conversation."""

    def put(self, request: Request, conversation_id: UUID) -> Response:
        get_conversation(self.actor, conversation_id)
        attributes = read_input(AttributesInput, request.data)["attributes"]
        count_change(self.actor)
        actions.describe_conversation(self.actor, conversation_id=conversation_id, attributes=attributes)
        return Response({"attributes": attributes})


class IntroductionOf(ActorView):
    """For the staff: who it is with, and what they answered before it began."""

    def get(self, request: Request, conversation_id: UUID) -> Response:
        conversation = get_conversation(self.actor, conversation_id)
        self.actor.must(Permission.SEE_QUEUE)
        return Response(introduction_payload(*queries.introduction_to(conversation)))


class _Own(ActorView):
    """How the actor wants to have a conversation that it takes part in."""

    input: type[Serializer[Any]]
    change: Any

    def patch(self, request: Request, conversation_id: UUID) -> Response:
        get_conversation(self.actor, conversation_id)
        wanted = read_input(self.input, request.data)
        count_change(self.actor)
        conversation = self.change(self.actor, conversation_id=conversation_id, **wanted)
        return Response({"conversation": str(conversation.pk), **own_payload(conversation)})


class Archive(_Own):
    input = ArchiveInput
    change = staticmethod(actions.archive_conversation)


class Mute(_Own):
    input = MuteInput
    change = staticmethod(actions.mute_conversation)


class Notices(_Own):
    input = NoticesInput
    change = staticmethod(actions.choose_notices)


class AddParticipant(ActorView):
    def post(self, request: Request, conversation_id: UUID) -> Response:
        get_conversation(self.actor, conversation_id)
        member = read_input(MemberInput, request.data)["member"]
        count_change(self.actor)
        actions.add_participant(self.actor, conversation_id=conversation_id, member=member)
        return Response(detail(self.actor, conversation_id))


class RemoveParticipant(ActorView):
    def post(self, request: Request, conversation_id: UUID) -> Response:
        get_conversation(self.actor, conversation_id)
        member = read_input(MemberInput, request.data)["member"]
        count_change(self.actor)
        actions.remove_participant(self.actor, conversation_id=conversation_id, member=member)
        return Response(status=HTTPStatus.NO_CONTENT)


class Leave(ActorView):
    def post(self, request: Request, conversation_id: UUID) -> Response:
        count_change(self.actor)
        actions.remove_participant(self.actor, conversation_id=conversation_id, member=self.actor.id)
        return Response(status=HTTPStatus.NO_CONTENT)


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
