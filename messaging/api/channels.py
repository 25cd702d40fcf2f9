"""REST about channels: conversations of that kind."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from accounts.http import ActorView
from common.api import read_input
from common.errors import NotFound
from messaging import actions
from messaging.access import NO_CONVERSATION, get_conversation
from messaging.api.conversations import AddParticipant, Conversations, RemoveParticipant, detail
from messaging.api.limits import count_change
from messaging.models import Conversation, Kind
from messaging.serializers import ChangeChannelInput, ChannelsQuery, StartChannelInput


class Channels(Conversations):
    def get(self, request: Request) -> Response:
        return self._list({**read_input(ChannelsQuery, request.query_params), "kind": Kind.CHANNEL})

    def post(self, request: Request) -> Response:
        """Of a space without a title: its default channel."""
        data = read_input(StartChannelInput, request.data)
        count_change(self.actor)
        started = actions.start_conversation(self.actor, kind=Kind.CHANNEL, **data)
        status = HTTPStatus.CREATED if started.is_new else HTTPStatus.OK
        return Response(detail(self.actor, started.conversation.id), status=status)


class _OneChannel(ActorView):
    def _channel(self, id: UUID) -> Conversation:
        conversation = get_conversation(self.actor, id)
        if conversation.kind != Kind.CHANNEL:
            raise NotFound(NO_CONVERSATION)
        return conversation


class ChannelDetail(_OneChannel):
    def get(self, request: Request, conversation_id: UUID) -> Response:
        return Response(detail(self.actor, self._channel(conversation_id).id))

    def patch(self, request: Request, conversation_id: UUID) -> Response:
        """`title`, `archived`, or both."""
        channel = self._channel(conversation_id)
        wanted = read_input(ChangeChannelInput, request.data)
        count_change(self.actor)
        if "title" in wanted:
            actions.rename_conversation(self.actor, conversation_id=channel.id, title=wanted["title"])
        if "archived" in wanted:
            actions.close_channel(self.actor, conversation_id=channel.id, closed=wanted["archived"])
        return Response(detail(self.actor, channel.id))

    def delete(self, request: Request, conversation_id: UUID) -> Response:
        channel = self._channel(conversation_id)
        count_change(self.actor)
        actions.delete_channel(self.actor, conversation_id=channel.id)
        return Response(status=HTTPStatus.NO_CONTENT)


class AddToChannel(_OneChannel, AddParticipant):
    def post(self, request: Request, conversation_id: UUID) -> Response:
        return super().post(request, self._channel(conversation_id).id)


class RemoveFromChannel(_OneChannel, RemoveParticipant):
    def post(self, request: Request, conversation_id: UUID) -> Response:
        return super().post(request, self._channel(conversation_id).id)
