"""The socket tickets of a crowd, issued together: when everybody comes back at once, each comes here first.

Who shows a token and asks as a client does is answered with all who ask at the same time, in one thread and by a few
statements. Whoever asks otherwise, or is refused, goes the way of every request (accounts.api.SocketTickets), where it
is told why.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse

from accounts.actions import IssuedTicket, issue_socket_tickets
from accounts.api import SocketTickets, ticket_payload
from accounts.authentication import shown_by
from accounts.http import PRIVATE
from accounts.queries import get_actors_by_tokens
from common import strict_json
from common.api import run_for_each
from common.errors import ParleyError
from realtime.frames import Frame
from realtime.gathering import Gathering
from realtime.wiring import Outcome

AS_CLIENTS_ASK = ("*/*", "application/json")


class Tickets:
    """`respond` takes a request through the middleware, around the `answer` that it has already."""

    def __init__(self, respond: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._through_the_middleware = respond
        self._path = reverse("socket-ticket")
        self._headers = {"Allow": ", ".join(SocketTickets().allowed_methods), "Cache-Control": PRIVATE}
        self._gathering = Gathering(self._answer, share=lambda *_: ("", ""))  # who asks is not known yet

    async def answer(self, request: HttpRequest) -> HttpResponseBase | None:
        """None when the request is to go the way of all others."""
        if not self._is_plain(request):
            return None
        try:
            response: HttpResponseBase
            response, _ = await self._gathering.obey(request, {})
        except ParleyError:
            return None
        return response

    def _is_plain(self, request: HttpRequest) -> bool:
        return (
            request.path == self._path
            and request.method == "POST"
            and not request.META["QUERY_STRING"]
            and request.headers.get("Accept", "*/*") in AS_CLIENTS_ASK
            and is_for_us(request)
            and shown_by(request) is not None
        )

    def _answer(self, asked: list[tuple[Any, Frame]], wait: bool) -> list[Outcome]:
        requests = [request for request, _ in asked]
        actors = get_actors_by_tokens([shown_by(request) or ("", "") for request in requests])
        issued = run_for_each(actors, issue_socket_tickets)
        return [
            (self._respond(request, one), None) if isinstance(one, IssuedTicket) else one
            for request, one in zip(requests, issued, strict=True)
        ]

    def _respond(self, request: Any, issued: IssuedTicket) -> HttpResponseBase:
        request.answer = HttpResponse(
            strict_json.dumps(ticket_payload(issued)), content_type="application/json", headers=self._headers
        )
        return self._through_the_middleware(request)


def is_for_us(request: HttpRequest) -> bool:
    try:
        return bool(request.get_host())
    except DisallowedHost:
        return False
