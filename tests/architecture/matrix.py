"""The isolation matrix's table: every route and method, every socket command, and how an insider uses it.

What is missing here fails the build (`complaints`). For a new route: say who the insider is, which ids of the insider's
`World` the call carries, and what the insider gets. A route that nobody needs to be kept from is `Public`, with the reason.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from django.contrib import admin
from django.db.models import Model
from django.urls import URLPattern, URLResolver
from rest_framework import serializers

from accounts.serializers import MembersQuery
from delivery.serializers import MarkInput, MoveReceiptFrame, SyncInput
from messaging.serializers import (
    ConversationsQuery,
    RenameConversationInput,
    SendMessageFrame,
    SendMessageInput,
    StartConversationInput,
    TimelineQuery,
)
from tests.architecture.worlds import World

Json = dict[str, Any]
Input = type[serializers.BaseSerializer[Any]]
Key = tuple[str, str]

# --- entries --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Entry:
    """One way in which an insider uses a route or a command; the rest of the matrix follows from it.

    `path` says which attribute of the World stands where in the URL. `body` and `query` are built from a World, and read
    by `input`: every field of it that holds an id is tried with a foreign one. `shows` is what the insider then reads.
    `tells_gone`: sync refuses nothing; what is not visible is named in `gone`, just as what never was.
    """

    label: str = ""
    insider: str = "bob"
    path: Mapping[str, str] = field(default_factory=dict)
    query: Callable[[World], Json] | None = None
    body: Callable[[World], Json] | None = None
    input: Input | None = None
    status: int = 200
    shows: Callable[[World], str] | None = None
    is_page: bool = False
    tells_gone: bool = False

    def carried(self, world: World) -> Json:
        return {**(self.query(world) if self.query else {}), **(self.body(world) if self.body else {})}

    def ids(self, world: World) -> tuple[str, ...]:
        """The names of the ids that this call carries: in its path, then in its query and body."""
        fields = id_fields(self.input) if self.input else []
        carried = self.carried(world)
        return (*self.path.values(), *(name for name in fields if name in carried))


@dataclass(frozen=True, slots=True)
class Public:
    """A route that anybody may call: `why`, and what they get."""

    why: str
    status: int
    query: Callable[[World], Json] | None = None
    body: Callable[[World], Json] | None = None
    path: Mapping[str, str] = field(default_factory=dict)


Table = Mapping[Key, tuple[Entry | Public, ...]]


def id_fields(input: Input) -> list[str]:
    """The fields of an input that can hold somebody's id. A dict's keys can, too."""
    fields: Mapping[str, serializers.Field[Any, Any, Any, Any]] = getattr(input(), "fields", {})
    return [name for name, one in fields.items() if _holds_ids(one) and name not in NOT_AN_ID_OF_OURS]


def _holds_ids(one: Any) -> bool:
    if isinstance(one, serializers.ListField | serializers.ManyRelatedField):
        return _holds_ids(getattr(one, "child", None) or one.child_relation)
    if isinstance(one, serializers.BaseSerializer):
        return any(map(_holds_ids, getattr(one, "fields", {}).values()))
    return isinstance(one, serializers.UUIDField | serializers.DictField | serializers.RelatedField)


NOT_AN_ID_OF_OURS = {
    "client_id": "made by the client, and unique per sender and conversation only",
    "attachments": "every id is refused as unknown, until there are files",
}

# --- the API --------------------------------------------------------------------------------------------------------

CONVERSATION = {"conversation_id": "conversation"}


def message(world: World) -> Json:
    return {"client_id": str(uuid4()), "body": "Noted.", "reply_to": world.reply_to}


API: Table = {
    ("me", "GET"): (Entry(shows=lambda world: world.organisation),),
    ("members", "GET"): (
        Entry("everybody", shows=lambda world: world.member),
        Entry("by name", input=MembersQuery, query=lambda world: {"q": "Carol"}, shows=lambda world: world.member),
    ),
    ("socket-ticket", "POST"): (Entry(shows=lambda world: "ticket"),),
    ("widget-session", "DELETE"): (Entry(insider="dana", status=204),),
    ("conversations", "GET"): (
        Entry("all", shows=lambda world: world.title),
        Entry(
            "by title",
            input=ConversationsQuery,
            query=lambda world: {"q": "Night"},
            shows=lambda world: world.title,
        ),
        Entry("by person", query=lambda world: {"q": "Carol"}, shows=lambda world: world.title),
        Entry("of a space", input=ConversationsQuery, query=lambda world: {"space": world.space}),
    ),
    ("start-conversation", "POST"): (
        Entry(
            "direct",
            input=StartConversationInput,
            body=lambda world: {"kind": "direct", "member": world.member},
            status=201,
        ),
        Entry(
            "group",
            input=StartConversationInput,
            body=lambda world: {"kind": "group", "members": [world.members], "space": world.space},
            status=201,
        ),
        Entry(
            "channel",
            input=StartConversationInput,
            body=lambda world: {
                "kind": "channel",
                "title": "News",
                "members": [world.members],
                "space": world.space,
            },
            status=201,
        ),
        Entry(
            "support for a client",
            input=StartConversationInput,
            body=lambda world: {"kind": "support", "member": world.member},
            status=201,
        ),
        Entry(
            "support of one's own",
            insider="carol",
            input=StartConversationInput,
            body=lambda world: {"kind": "support", "space": world.space},
            status=201,
        ),
    ),
    ("conversation", "GET"): (Entry(path=CONVERSATION, shows=lambda world: world.title),),
    ("conversation", "PATCH"): (
        Entry(
            path=CONVERSATION,
            input=RenameConversationInput,
            body=lambda world: {"title": "Day shift"},
            shows=lambda world: "Day shift",
        ),
    ),
    ("conversation-messages", "GET"): (
        Entry("newest", path=CONVERSATION, shows=lambda world: world.words),
        Entry(
            "around",
            path=CONVERSATION,
            input=TimelineQuery,
            query=lambda world: {"around": 1},
            shows=lambda world: world.words,
        ),
    ),
    ("conversation-messages", "POST"): (
        Entry(
            path=CONVERSATION,
            input=SendMessageInput,
            body=message,
            status=201,
            shows=lambda world: world.words,
        ),
    ),
    ("mark-read", "POST"): (Entry(path=CONVERSATION, input=MarkInput, body=lambda world: {"seq": 1}),),
    ("mark-delivered", "POST"): (Entry(path=CONVERSATION, input=MarkInput, body=lambda world: {"seq": 1}),),
    ("sync", "POST"): (
        Entry("first visit", input=SyncInput, body=lambda world: {}, shows=lambda world: world.words),
        Entry(
            "with cursors",
            input=SyncInput,
            body=lambda world: {"cursors": {world.cursors: [0, 0]}},
            shows=lambda world: world.words,
            tells_gone=True,
        ),
    ),
}

# --- pages and probes -----------------------------------------------------------------------------------------------

PAGES: Table = {
    ("chat", "GET"): (
        Entry("my own", is_page=True, shows=lambda world: world.organisation),
        Entry(
            "of an organisation",
            is_page=True,
            query=lambda world: {"organisation": "hotel"},
            shows=lambda world: world.organisation,
        ),
    ),
}

ANY_METHOD = ("GET", "POST", "PUT", "PATCH", "DELETE")


def public(name: str, *methods: str, **promise: Any) -> Table:
    return {(name, method): (Public(**promise),) for method in methods}


PUBLIC: Table = {
    **public("home", *ANY_METHOD, why="only says where the chat is", status=302),
    **public(
        "widget-config",
        "GET",
        why="the widget asks for it before anybody is anybody",
        status=404,
        query=lambda world: {"site": "site_that_never_was"},
    ),
    **public(
        "widget-session",
        "POST",
        why="the visitors' way in; its own tests below say who comes in",
        status=404,
        body=lambda world: {"site": "site_that_never_was"},
    ),
    **public("login", "GET", why="the way in", status=200),
    **public(
        "login",
        "POST",
        "PUT",
        why="the way in",
        status=200,
        body=lambda world: {"username": "alice", "password": "a guess"},
    ),
    **public(
        "login-once",
        "POST",
        why="the demo's one-time login",
        status=302,
        body=lambda world: {"once": f"{world.member}.guess"},
    ),
    **public("logout", "POST", why="the way out, for whoever asks", status=302),
    **public("demo", "GET", why="exists in demo mode only", status=404, path={"organisation": "organisation"}),
    **public("healthz", "GET", "POST", why="a probe: the process answers", status=200),
    **public("readyz", "GET", "POST", why="a probe: the process can serve", status=200),
}

# --- the admin ------------------------------------------------------------------------------------------------------

OF_A_MODEL = ("changelist", "add", "history", "delete", "change")

ADMIN_DOORS: Table = {
    **public("admin:login", "GET", why="the way in", status=200),
    **public("admin:login", "POST", why="the way in", status=200, body=lambda world: {"username": "alice"}),
    **public("admin:logout", "GET", "POST", why="the way out", status=302),
    **public("/admin/(?P<url>.*)$", "GET", "POST", why="what is nowhere else", status=302),
}

# Of the site, and the same for whoever may come in.
ADMIN_ROOMS = frozenset(
    {
        "admin:index",
        "admin:app_list",
        "admin:autocomplete",
        "admin:jsi18n",
        "admin:view_on_site",
        "admin:password_change",
        "admin:password_change_done",
        "admin:auth_user_password_change",
    }
)


def admin_names(site: admin.AdminSite) -> frozenset[str]:
    """The admin's routes follow from the models it shows; a view that somebody adds to one is not among them."""
    return ADMIN_ROOMS | {
        admin_name(model, view) for model in site._registry for view in (*OF_A_MODEL, "redirect")
    }


def admin_name(model: type[Model], view: str) -> str:
    app, name = model._meta.app_label, model._meta.model_name
    if view == "redirect":
        return f"/admin/{app}/{name}/<path:object_id>/"
    return f"admin:{app}_{name}_{view}"


# --- the socket -----------------------------------------------------------------------------------------------------

COMMANDS: Mapping[str, tuple[Entry, ...]] = {
    "message.send": (
        Entry(
            input=SendMessageFrame,
            body=lambda world: {**message(world), "conversation": world.conversation},
            shows=lambda world: world.words,
        ),
    ),
    "receipt.move": (
        Entry(
            input=MoveReceiptFrame,
            body=lambda world: {"conversation": world.conversation, "read": 1},
            shows=lambda world: world.conversation,
        ),
    ),
    "sync": (
        Entry("first visit", input=SyncInput, body=lambda world: {}, shows=lambda world: world.words),
        Entry(
            "with cursors",
            input=SyncInput,
            body=lambda world: {"cursors": {world.cursors: [0, 0]}},
            shows=lambda world: world.words,
            tells_gone=True,
        ),
    ),
}

ROUTES: Table = {**API, **PAGES, **PUBLIC, **ADMIN_DOORS}

# --- routes ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Route:
    """`name` is the pattern's own, or its path where it has none."""

    name: str
    path: str
    methods: frozenset[str]
    parameters: frozenset[str]

    def url(self, values: Mapping[str, str]) -> str:
        return re.sub(r"<(?:\w+:)?(\w+)>", lambda match: values[match[1]], self.path)


def routes_of(resolver: URLResolver, prefix: str = "/", namespace: str = "") -> Iterator[Route]:
    for one in resolver.url_patterns:
        path = prefix + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from routes_of(one, path, f"{namespace}{one.namespace}:" if one.namespace else namespace)
        else:
            yield Route(
                name=f"{namespace}{one.name}" if one.name else path,
                path=path,
                methods=methods_of(one),
                parameters=frozenset(re.findall(r"<(?:\w+:)?(\w+)>", path)),
            )


def methods_of(pattern: URLPattern) -> frozenset[str]:
    """What a view class handles; of a function one cannot know, so it is asked to read and to write."""
    callback: Any = pattern.callback
    view = getattr(callback, "view_class", None) or getattr(callback, "cls", None)
    if getattr(callback, "actions", None):  # a ViewSet's
        names = list(callback.actions)
    elif view:
        names = [name for name in view.http_method_names if hasattr(view, name)]
    else:
        names = ["get", "post"]
    return frozenset(name.upper() for name in names) - {"HEAD", "OPTIONS"}


# --- what is missing ------------------------------------------------------------------------------------------------


def complaints(resolver: URLResolver, table: Table = ROUTES, site: admin.AdminSite = admin.site) -> list[str]:
    """What the table lacks of the routes, and what it has too much."""
    routes = list(routes_of(resolver))
    by_admin = admin_names(site)
    keys = {(route.name, method): route for route in routes for method in route.methods}
    names = [route.name for route in routes]
    found = [f"{name} names two routes" for name in sorted(set(names)) if names.count(name) > 1]
    found += [
        f"{method} {name} ({route.path}) has no entry"
        for (name, method), route in keys.items()
        if (name, method) not in table and name not in by_admin
    ]
    found += [f"{method} {name} has an entry, but no route" for name, method in table if (name, method) not in keys]
    found += [
        f"{method} {name}: the entry fills {sorted(entry.path)}, the path has {sorted(keys[name, method].parameters)}"
        for (name, method), entries in table.items()
        if (name, method) in keys and not name.startswith("/")
        for entry in entries
        if set(entry.path) != keys[name, method].parameters
    ]
    return found


def command_complaints(
    commands: Mapping[str, object], table: Mapping[str, tuple[Entry, ...]] = COMMANDS
) -> list[str]:
    return [
        *(f"the command {name} has no entry" for name in commands if name not in table),
        *(f"{name} has an entry, but is no command" for name in table if name not in commands),
    ]


def unswapped(inputs: set[Input], world: World) -> list[str]:
    """Fields that hold ids and are in no entry's call: `SendMessageInput.reply_to`."""
    entries = [
        one for entries in (*ROUTES.values(), *COMMANDS.values()) for one in entries if isinstance(one, Entry)
    ]
    swapped = {(entry.input, name) for entry in entries for name in entry.ids(world)}
    return sorted(
        f"{input.__name__}.{name}"
        for input in inputs
        for name in id_fields(input)
        if (input, name) not in swapped
    )
