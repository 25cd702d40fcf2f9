"""REST about what a host tells of its own world."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import UUID

from rest_framework.fields import CharField, UUIDField
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.http import ActorView
from common.api import cut, page, read_input, unpack_cursor
from messaging import actions, queries
from messaging.actions import Telling
from messaging.api.limits import count_change
from messaging.payloads import entity_payload, entity_type_payload
from messaging.serializers import EntitiesInput, EntitiesQuery, EntityTypeInput


class Entities(ActorView):
    """By type and ref; with `q` those whose ref begins with it, or whose label holds it."""

    def get(self, request: Request) -> Response:
        query = read_input(EntitiesQuery, request.query_params)
        found = self._asked_for(query)
        if query["cursor"]:
            found = queries.entities_after(found, *unpack_cursor(query["cursor"], CharField, UUIDField))
        rows = list(found.order_by("ref", "pk")[: query["limit"] + 1])
        shown, next_cursor = cut(rows, query["limit"], lambda last: (last.ref, last.pk))
        return page([entity_payload(one) for one in shown], next_cursor=next_cursor)

    def _asked_for(self, query: dict[str, Any]) -> Any:
        found = queries.entities_visible_to(self.actor)
        if query["type"]:
            found = found.filter(type__key=query["type"])
        if query["ref"]:
            found = found.filter(ref=query["ref"])
        if query["q"]:
            found = queries.entities_matching(found, query["q"])
        return found

    def post(self, request: Request) -> Response:
        """New ones and changed ones, by type and ref: all of them or none."""
        count_change(self.actor)
        tellings = [Telling(**one) for one in read_input(EntitiesInput, request.data)["entities"]]
        return Response({"written": actions.tell_entities(self.actor, tellings)})


class EntityDetail(ActorView):
    def delete(self, request: Request, entity_id: UUID) -> Response:
        count_change(self.actor)
        actions.forget_entity(self.actor, entity_id=entity_id)
        return Response(status=HTTPStatus.NO_CONTENT)


class EntityTypes(ActorView):
    def get(self, request: Request) -> Response:
        types = queries.entity_types_of(self.actor)
        return page([entity_type_payload(one) for one in types], next_cursor=None)

    def post(self, request: Request) -> Response:
        data = read_input(EntityTypeInput, request.data)
        count_change(self.actor)
        return Response(entity_type_payload(actions.tell_entity_type(self.actor, **data)))
