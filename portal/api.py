"""REST about requests, their files, and the spaces they are made in."""

from __future__ import annotations

from functools import partial
from http import HTTPStatus
from typing import Any
from uuid import UUID

from rest_framework.fields import CharField, UUIDField
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.http import ActorView
from common.api import cut, page, read_input, unpack_cursor
from messaging.api.files import TakesFiles
from messaging.api.limits import count_change
from portal import actions, queries
from portal.access import get_request, spaces_to_ask_in
from portal.payloads import listed_space_payload
from portal.serializers import (
    ChangeRequestInput,
    CreateRequestInput,
    DecideInput,
    RequestFilesInput,
    RequestsQuery,
    SpacesQuery,
)


class Spaces(ActorView):
    """Those that the actor sees, by name."""

    def get(self, request: Request) -> Response:
        query = read_input(SpacesQuery, request.query_params)
        spaces = queries.spaces_of(self.actor, query["q"])
        if query["cursor"]:
            spaces = queries.spaces_after(spaces, *unpack_cursor(query["cursor"], CharField, UUIDField))
        found = list(spaces[: query["limit"] + 1])
        shown, next_cursor = cut(found, query["limit"], lambda last: (last.name, last.pk))
        open_to = spaces_to_ask_in(self.actor, [one.pk for one in shown])
        told = [listed_space_payload(one, may_request=one.pk in open_to) for one in shown]
        return page(told, next_cursor=next_cursor)


class Requests(ActorView):
    """The newest first."""

    def get(self, request: Request) -> Response:
        query = read_input(RequestsQuery, request.query_params)
        wanted = {name: query[name] for name in ("space", "status", "member") if name in query}
        requests = queries.requests_of(self.actor, **wanted)
        if query["cursor"]:
            [last] = unpack_cursor(query["cursor"], UUIDField)
            requests = requests.filter(pk__lt=last)
        found = list(requests[: query["limit"] + 1])
        shown, next_cursor = cut(found, query["limit"], lambda last: (last.pk,))
        return page(queries.payloads_of(shown), next_cursor=next_cursor)

    def post(self, request: Request) -> Response:
        data = read_input(CreateRequestInput, request.data)
        count_change(self.actor)
        made, is_new = actions.create_request(self.actor, **data)
        status = HTTPStatus.CREATED if is_new else HTTPStatus.OK
        return Response(queries.payload_of(made), status=status)


class RequestDetail(ActorView):
    def get(self, request: Request, request_id: UUID) -> Response:
        return Response(queries.payload_of(get_request(self.actor, request_id)))

    def patch(self, request: Request, request_id: UUID) -> Response:
        get_request(self.actor, request_id)
        changes = read_input(ChangeRequestInput, request.data)
        count_change(self.actor)
        changed = actions.change_request(self.actor, request_id=request_id, **changes)
        return Response(queries.payload_of(changed))


class Withdraw(ActorView):
    def post(self, request: Request, request_id: UUID) -> Response:
        count_change(self.actor)
        return Response(queries.payload_of(actions.withdraw_request(self.actor, request_id=request_id)))


class _Decide(ActorView):
    decide: Any

    def post(self, request: Request, request_id: UUID) -> Response:
        get_request(self.actor, request_id)
        data = read_input(DecideInput, request.data)
        count_change(self.actor)
        return Response(queries.payload_of(self.decide(self.actor, request_id=request_id, **data)))


class Approve(_Decide):
    decide = staticmethod(actions.approve_request)


class Reject(_Decide):
    decide = staticmethod(actions.reject_request)


class RequestFiles(TakesFiles):
    """As many as there is room for: each for itself."""

    def post(self, request: Request) -> Response:
        id = read_input(RequestFilesInput, request.data)["request"]
        space_id = get_request(self.actor, id).space_id
        take = partial(actions.add_file, self.actor, request_id=id)
        return self.take_all(request, space_id, lambda path, name: take(path=path, name=name))
