"""REST about the queue, and who serves whom."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from rest_framework.fields import DateTimeField, UUIDField
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.http import ActorView
from accounts.permissions import Permission
from common.api import cut, page, read_input, unpack_cursor
from common.clock import iso, now
from desk import actions, queries
from desk.access import assignments_of, get_support
from desk.payloads import assignment_payload
from desk.serializers import AssignInput, AssignmentsQuery, QueueQuery
from messaging.api.limits import count_change
from messaging.payloads import conversation_payload
from messaging.queries import with_everything


class Queue(ActorView):
    """Whoever has waited longest comes first."""

    def get(self, request: Request) -> Response:
        self.actor.must(Permission.SEE_QUEUE)
        query = read_input(QueueQuery, request.query_params)
        waiting = queries.waiting_in(self.actor.organisation_id)
        if query["cursor"]:
            waiting = queries.shorter_than(waiting, *unpack_cursor(query["cursor"], DateTimeField, UUIDField))
        found = list(waiting.values_list("queued_at", "pk")[: query["limit"] + 1])
        shown, next_cursor = cut(found, query["limit"], lambda last: (last[0].isoformat(), last[1]))
        at, since = now(), {pk: queued_at for queued_at, pk in shown}
        results = [
            {
                "conversation": conversation_payload(one, self.actor.id),
                "queued_at": iso(since[one.pk]),
                "waited_s": max(0, round((at - since[one.pk]).total_seconds())),
            }
            for one in with_everything(list(since), self.actor)
        ]
        return page(results, next_cursor=next_cursor)


class PlaceOf(ActorView):
    """Which place a support conversation has in the queue; nulls once it has none."""

    def get(self, request: Request, conversation_id: UUID) -> Response:
        conversation = get_support(self.actor, conversation_id)
        place = queries.place_of(conversation)
        pace = queries.pace_of(conversation.organisation_id) if place else None
        told = {"place": place, "wait_s": queries.expected(place, pace)}
        return Response({"conversation": str(conversation.pk), **told})


class Assign(ActorView):
    def post(self, request: Request) -> Response:
        data = read_input(AssignInput, request.data)
        count_change(self.actor)
        assignment = actions.assign(self.actor, conversation_id=data["conversation"], member=data["member"])
        return Response(assignment_payload(assignment))


class Assignments(ActorView):
    """Of one conversation, for the staff who see it: who has served it, the newest first."""

    def get(self, request: Request) -> Response:
        query = read_input(AssignmentsQuery, request.query_params)
        conversation = get_support(self.actor, query["conversation"])
        self.actor.must(Permission.SEE_QUEUE)
        found = assignments_of(conversation)
        if query["cursor"]:
            [last] = unpack_cursor(query["cursor"], UUIDField)
            found = found.filter(pk__lt=last)
        shown, next_cursor = cut(list(found[: query["limit"] + 1]), query["limit"], lambda last: (last.pk,))
        return page([assignment_payload(one) for one in shown], next_cursor=next_cursor)


class _End(ActorView):
    change: Any

    def post(self, request: Request, assignment_id: UUID) -> Response:
        count_change(self.actor)
        return Response(assignment_payload(self.change(self.actor, assignment_id=assignment_id)))


class Release(_End):
    change = staticmethod(actions.release)


class Resolve(_End):
    change = staticmethod(actions.resolve)
