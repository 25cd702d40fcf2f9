"""The isolation matrix bites: a route, a method, a command or a field that is missing, and every kind of leak."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from uuid import UUID

import pytest
from django.http import HttpResponse
from django.urls import URLPattern, get_resolver, path
from pytest_django import Settings
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.http import ActorView
from common.errors import Forbidden, NotFound
from config import urls
from config.realtime import COMMANDS, GATHERED
from messaging.access import get_conversation
from messaging.events import ConversationChanged
from messaging.models import Conversation, Message
from realtime.publishing import publish
from tests.architecture import isolation, matrix
from tests.architecture.isolation import Case
from tests.architecture.matrix import Entry
from tests.architecture.worlds import Stage
from tests.conftest import Published

AddRoute = Callable[[URLPattern], None]


@pytest.fixture
def add_route(settings: Settings) -> AddRoute:
    """The house's table of contents, and one route more."""

    def add(route: URLPattern) -> None:
        urlconf = ModuleType("one_route_more")
        vars(urlconf).update(vars(urls), urlpatterns=[route, *urls.urlpatterns])
        settings.ROOT_URLCONF = urlconf

    return add


# --- views with a hole each -----------------------------------------------------------------------------------------


class Guarded(ActorView):
    def get(self, request: Request, conversation_id: UUID) -> Response:
        return Response({"title": get_conversation(self.actor, conversation_id).title})


class Unguarded(ActorView):
    """Gives a conversation by its id, whosever it is."""

    def get(self, request: Request, conversation_id: UUID) -> Response:
        return Response({"title": the(conversation_id).title})


class Admitting(ActorView):
    """Forbidden where it exists, not found where it does not."""

    def get(self, request: Request, conversation_id: UUID) -> Response:
        if the(conversation_id).organisation_id != self.actor.organisation_id:
            raise Forbidden
        return Response()


class Chatty(ActorView):
    """Refuses, and says what it refuses."""

    def get(self, request: Request, conversation_id: UUID) -> Response:
        conversation = the(conversation_id)
        if conversation.organisation_id != self.actor.organisation_id:
            raise NotFound(f"{conversation.title} is not for you.")
        return Response()


class Hasty(ActorView):
    """Writes before it looks."""

    def get(self, request: Request, conversation_id: UUID) -> Response:
        Conversation.objects.filter(pk=conversation_id).update(title="Mine now")
        return Response({"title": get_conversation(self.actor, conversation_id).title})


class Loud(ActorView):
    """Tells the hotel that somebody knocked."""

    def get(self, request: Request, conversation_id: UUID) -> Response:
        members = the(conversation_id).participants.values_list("member_id", flat=True)
        publish(ConversationChanged(conversation_id, 1, "knocked", {}), to=members)
        return Response({"title": get_conversation(self.actor, conversation_id).title})


class Open(Guarded):
    """Knows its own from others', but does not ask who is there at all."""

    authentication_classes = ()
    permission_classes = ()

    def get(self, request: Request, conversation_id: UUID) -> Response:
        raise NotFound if request.headers.get("Authorization") is None else Forbidden


class Trusting(ActorView):
    """Guards the conversation, not the message that the body names."""

    def get(self, request: Request, conversation_id: UUID) -> Response:
        get_conversation(self.actor, conversation_id)
        original = Message.objects.filter(pk=request.query_params["reply_to"]).first()
        if original is None:
            raise NotFound
        return Response({"quoted": original.body})


def the(conversation_id: UUID) -> Conversation:
    conversation = Conversation.objects.filter(pk=conversation_id).first()
    if conversation is None:
        raise NotFound
    return conversation


KNOCK = Entry(path=matrix.CONVERSATION)
QUOTE = Entry(path=matrix.CONVERSATION, query=lambda world: {"reply_to": world["reply_to"]})


@pytest.mark.parametrize(
    ("view", "entry", "caller", "complaint"),
    [
        (Guarded, KNOCK, "admin", None),
        (Unguarded, KNOCK, "admin", "got 200"),
        (Unguarded, KNOCK, "stranger client", "the answer tells 'Night shift'"),
        (Admitting, KNOCK, "admin", "what never was is answered otherwise"),
        (Chatty, KNOCK, "admin", "the answer tells 'Night shift'"),
        (Hasty, KNOCK, "admin", "rows of messaging.Conversation changed"),
        (Loud, KNOCK, "admin", "heard ConversationChanged"),
        (Open, KNOCK, "anonymous", "got 404"),
        (Trusting, QUOTE, "admin", "foreign reply_to as admin: got 200"),
    ],
    ids=lambda part: part.__name__ if isinstance(part, type) else part if isinstance(part, str) else None,
)
def test_each_kind_of_leak_is_seen(
    stage: Stage,
    published: Published,
    add_route: AddRoute,
    view: type[ActorView],
    entry: Entry,
    caller: str,
    complaint: str | None,
) -> None:
    add_route(path("extra/<uuid:conversation_id>/", view.as_view(), name="extra"))
    table = {**matrix.ROUTES, ("extra", "GET"): (entry,)}
    assert matrix.complaints(get_resolver(), table) == []

    cases = [case for case in isolation.cases({("extra", "GET"): (entry,)}) if case.caller == caller]
    found = isolation.complaints(get_resolver(), stage, published, cases)
    assert (found == []) if complaint is None else any(complaint in one for one in found)


def test_an_insider_who_gets_nothing_proves_nothing(stage: Stage, add_route: AddRoute) -> None:
    class Shut(ActorView):
        def get(self, request: Request, conversation_id: UUID) -> Response:
            raise NotFound

    add_route(path("extra/<uuid:conversation_id>/", Shut.as_view(), name="extra"))
    case = Case("extra", "GET", KNOCK, ("conversation",), "admin")
    assert "who is an insider, got 404" in isolation.insider_complaints(get_resolver(), stage, case)[0]


# --- what is missing in the table -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("route", "complaint"),
    [
        (path("extra/", Guarded.as_view(), name="extra"), "GET extra has no entry"),
        (
            path("api/v1/extra/<int:number>/", Guarded.as_view()),
            "GET /api/v1/extra/<int:number>/ has no entry",
        ),
        (path("extra/", Guarded.as_view(), name="me"), "me names two routes"),
        (path("extra/", lambda request: HttpResponse(), name="extra"), "POST extra has no entry"),
    ],
    ids=["named", "nameless", "a name twice", "function"],
)
def test_a_new_route_needs_an_entry(add_route: AddRoute, route: URLPattern, complaint: str) -> None:
    add_route(route)
    assert complaint in matrix.complaints(get_resolver(), matrix.ROUTES)


def test_a_new_method_needs_an_entry(add_route: AddRoute) -> None:
    class Deletable(Guarded):
        def delete(self, request: Request, conversation_id: UUID) -> Response:
            return Response()

    add_route(path("extra/<uuid:conversation_id>/", Deletable.as_view(), name="extra"))
    table = {**matrix.ROUTES, ("extra", "GET"): (KNOCK,)}
    assert matrix.complaints(get_resolver(), table) == ["DELETE extra has no entry"]


def test_an_entry_without_a_route_is_stale() -> None:
    table = {**matrix.ROUTES, ("long gone", "GET"): (KNOCK,)}
    assert matrix.complaints(get_resolver(), table) == ["GET long gone has an entry, but no route"]


def test_an_entry_fills_the_whole_path(add_route: AddRoute) -> None:
    add_route(path("extra/<uuid:conversation_id>/<uuid:member_id>/", Guarded.as_view(), name="extra"))
    (complaint,) = matrix.complaints(get_resolver(), {**matrix.ROUTES, ("extra", "GET"): (KNOCK,)})
    assert complaint.startswith("GET extra: the entry fills ['conversation_id'] of")


def test_a_new_command_needs_an_entry() -> None:
    assert matrix.command_complaints([*COMMANDS, *GATHERED, "message.shred"]) == [
        "message.shred has no entry"
    ]
    stale = {**matrix.COMMANDS, "long.gone": (Entry(),)}
    assert matrix.command_complaints([*COMMANDS, *GATHERED], stale) == [
        "long.gone has an entry, but is no command"
    ]


def test_a_new_field_with_an_id_needs_a_try() -> None:
    class Nested(serializers.Serializer[None]):
        message = serializers.UUIDField()

    class NewInput(serializers.Serializer[None]):
        title = serializers.CharField()
        assignee = serializers.UUIDField()
        watchers = serializers.ListField(child=serializers.UUIDField())
        marks = serializers.DictField()
        pin = Nested()
        pins = Nested(many=True)

    assert matrix.untried({NewInput}) == [
        f"NewInput.{name}" for name in ("assignee", "marks", "pin", "pins", "watchers")
    ]
