"""REST about who: the widget's session, the socket ticket, me, the people I may talk to."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from rest_framework.fields import CharField, UUIDField
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import actions
from accounts.http import ActorView, address_of
from accounts.models import Site
from accounts.origins import foreign_origin
from accounts.payloads import hours_payload, member_payload, organisation_payload, questions_payload
from accounts.queries import get_site, members_visible_to
from accounts.serializers import (
    ContactInput,
    MembersQuery,
    OpenWidgetSessionInput,
    SettingsInput,
    SiteQuery,
)
from common.api import cut, page, read_input, unpack_cursor
from common.clock import iso_or_none, now

MEMBERS_PER_PAGE = 100


class WidgetConfig(APIView):
    """Public, the same for everybody: no row is made, no cookie set."""

    authentication_classes = ()
    permission_classes = ()

    def get(self, request: Request) -> Response:
        return Response(self.told(get_site(read_input(SiteQuery, request.query_params)["site"])))

    def told(self, site: Site) -> dict[str, Any]:
        organisation = site.organisation
        return {
            "site": {"key": site.key, "name": site.name},
            "organisation": {
                "name": organisation.name,
                "slug": organisation.slug,
                "locale": organisation.locale,
            },
            "identity_required": site.identity_required,
            "appearance": {
                "title": "",
                "greeting": "",
                "accent": "",
                "position": "right",
                **site.appearance,
            },
            "hours": hours_payload(site, now()),
            "prechat": questions_payload(site),
        }


class WidgetSession(ActorView):
    def initialize_request(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Request:
        """Whoever comes in has nothing to show yet; whoever leaves has."""
        if request.method == "POST":
            self.authentication_classes, self.permission_classes = (), ()
        return super().initialize_request(request, *args, **kwargs)

    def post(self, request: Request) -> Response:
        data = read_input(OpenWidgetSessionInput, request.data)
        issued = actions.open_widget_session(
            site_key=data["site"],
            identity=data["identity"],
            visitor_token=data["visitor_token"],
            origin=foreign_origin(request.headers.get("Origin", ""), request.get_host()),
            address=address_of(request),
        )
        member = issued.token.member
        body = {
            "token": issued.secret,
            "expires_at": iso_or_none(issued.token.expires_at),
            "member": member_payload(member),
            "organisation": organisation_payload(member.organisation),
            "known": member.known,
        }
        return Response(body, status=HTTPStatus.CREATED)

    def delete(self, request: Request) -> Response:
        actions.close_widget_session(self.actor)
        return Response(status=HTTPStatus.NO_CONTENT)


class SocketTickets(ActorView):
    """Those of many who come at the same time are issued together: config.tickets."""

    def post(self, request: Request) -> Response:
        return Response(ticket_payload(actions.issue_socket_ticket(self.actor)))


def ticket_payload(issued: actions.IssuedTicket) -> dict[str, Any]:
    return {"ticket": issued.secret, "expires_in": issued.expires_in}


class Me(ActorView):
    """Who the actor is, what it may do, and what it has settled for itself."""

    def get(self, request: Request) -> Response:
        return self._answer()

    def patch(self, request: Request) -> Response:
        actions.change_settings(self.actor, **read_input(SettingsInput, request.data))
        return self._answer()

    def _answer(self) -> Response:
        member = self.actor.member
        return Response(
            {
                "member": member_payload(member),
                "organisation": organisation_payload(member.organisation),
                "permissions": self.actor.permissions(),
                "settings": {"read_private": member.read_private, "locale": member.locale},
            }
        )


class MyContact(ActorView):
    """Where somebody writes from, and what their host tells of them: for the staff to read."""

    def patch(self, request: Request) -> Response:
        said = read_input(ContactInput, request.data)
        contact = actions.note_contact(self.actor, agent=request.headers.get("User-Agent", ""), **said)
        return Response({"page": contact.page, "locale": contact.locale, "attributes": contact.attributes})


class Members(ActorView):
    """By name. `q` looks in names; `role` keeps one role."""

    def get(self, request: Request) -> Response:
        query = read_input(MembersQuery, request.query_params)
        members = members_visible_to(self.actor).order_by("name", "id")
        if query["q"]:
            members = members.filter(name__icontains=query["q"])
        if "role" in query:
            members = members.filter(role=query["role"])
        if query["cursor"]:
            name, id = unpack_cursor(query["cursor"], CharField, UUIDField)
            members = members.filter(Q(name__gt=name) | Q(id__gt=id), name__gte=name)
        found = list(members[: MEMBERS_PER_PAGE + 1])
        shown, next_cursor = cut(found, MEMBERS_PER_PAGE, lambda last: (last.name, last.id))
        return page([member_payload(member) for member in shown], next_cursor=next_cursor)
