"""No organisation reaches another one: every route, every method, every role, every id.

The cases follow from the table in `matrix.py`; `isolation.py` judges them. The socket's half and the admin's are in
files of their own; `test_the_matrix_itself.py` shows that it bites.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import jwt
import pytest
from _pytest.mark import ParameterSet
from django.urls import get_resolver

from accounts.actions import issue_site_secret
from accounts.models import Role
from common.clock import now
from messaging.models import Message
from tests.architecture import isolation, matrix
from tests.architecture.isolation import (
    Case,
    ask,
    changed,
    entries,
    rolled_back,
    route_named,
    seen,
    snapshot,
    traces_of,
)
from tests.architecture.matrix import Entry, Public
from tests.architecture.worlds import CALLERS, Anywhere, Caller, Stage, World
from tests.cast import ACME_ORIGIN, HOTEL_ORIGIN, IDENTITY_KID, IDENTITY_SECRET, Cast, make_person
from tests.conftest import ApiFactory, Published

OF_THE_API = {**matrix.API, **matrix.PAGES}

# --- the table is whole ---------------------------------------------------------------------------------------------


def test_every_route_and_method_has_an_entry() -> None:
    assert matrix.complaints(get_resolver(), matrix.ROUTES) == []


def test_every_id_that_an_input_can_hold_is_tried() -> None:
    assert matrix.untried(matrix.inputs()) == []


# --- what carries ids, and what is one's own ------------------------------------------------------------------------


def calls() -> Iterator[ParameterSet]:
    """The cases of one way to call a route."""
    for route, method, entry in entries(OF_THE_API, Entry):
        cases = isolation.cases({(route, method): (entry,)})
        yield pytest.param(cases, id=f"{method} {route} {entry.label}".rstrip())


@pytest.mark.parametrize("cases", list(calls()))
def test_out_of_reach(stage: Stage, published: Published, cases: list[Case]) -> None:
    found = isolation.insider_complaints(get_resolver(), stage, cases[0])
    assert found + isolation.complaints(get_resolver(), stage, published, cases) == []


# Who may do the same as the insider.
PEERS = {
    "alice": ("admin", "admin by session"),
    "marta": ("manager", "admin", "admin by session"),
    "bob": ("agent", "admin", "admin by session"),
    "carol": ("client", "external_pm"),
}


def name_of(part: object) -> str | None:
    return part.label or None if isinstance(part, Entry) else None


@pytest.mark.parametrize(
    ("route", "method", "entry"),
    [one for one in entries(OF_THE_API, Entry) if one[2].ids()],
    ids=name_of,
)
def test_the_refused_can_do_the_same_at_home(stage: Stage, route: str, method: str, entry: Entry) -> None:
    """So it is the foreign id that they are refused for."""
    for name in PEERS[entry.insider]:
        caller = stage.caller(name)
        caller.client_for(page=False)
        with rolled_back():
            answer = ask(route_named(get_resolver(), route), method, entry, caller, caller.home)
        assert answer.is_given, f"{name}: {answer}"


@pytest.mark.parametrize("route", sorted({route for route, _ in matrix.API}))
def test_other_methods_do_nothing(stage: Stage, published: Published, route: str) -> None:
    """HEAD, OPTIONS and whatever the route does not handle, asked with the ids of the hotel."""
    found = route_named(get_resolver(), route)
    path = next(entry.path for name, _, entry in entries(matrix.API, Entry) if name == route)
    traces = traces_of(stage.hotel)
    for name in ("anonymous", "removed", *map(str, Role)):
        caller = stage.caller(name)
        published()
        before = snapshot()
        for method in {"HEAD", "OPTIONS", "PROPFIND", *matrix.ANY_METHOD} - found.methods:
            call = Entry(path=path)
            answer = ask(found, method, call, caller, stage.hotel)
            assert answer == ask(found, method, call, caller, stage.hotel.with_unheard_of(call.ids()))
            assert answer.status in (401, 404, 405) or method in ("HEAD", "OPTIONS")
            assert seen(traces, answer.text) == []
        assert (changed(before, snapshot()), published()) == ([], [])


# --- what is public -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("route", sorted({route for route, _, _ in entries(matrix.ROUTES, Public)}))
def test_what_is_public_keeps_its_promise(stage: Stage, published: Published, route: str) -> None:
    """Nobody's call changes a row or is heard; it tells nobody of the hotel, also when Mallory is signed in."""
    found, promises = route_named(get_resolver(), route), entries(matrix.ROUTES, Public)
    world, traces = World(Anywhere()), traces_of(stage.hotel)
    for method, entry in [(method, entry) for name, method, entry in promises if name == route]:
        anonymous, mallory = stage.caller("anonymous"), stage.caller("admin by session")
        mallory.client_for(page=True)
        published()
        before = snapshot()
        answer = ask(found, method, entry, anonymous, world)
        assert (answer.status, seen(traces, answer.text)) == (entry.status, []), f"{method}: {answer}"
        assert (changed(before, snapshot()), published()) == ([], [])
        assert seen(traces, ask(found, method, entry, mallory, world).text) == []


def test_the_widgets_looks_are_the_same_for_everybody(stage: Stage) -> None:
    """Those of the site whose key is shown; nothing of another organisation."""
    looks = Entry(query=lambda world: {"site": stage.cast.acme_site.key})
    route = route_named(get_resolver(), "widget-config")
    answers = [ask(route, "GET", looks, stage.caller(name), stage.hotel) for name in CALLERS]
    assert all(one.is_given for one in answers)
    (looks_like,) = {re.sub('"now":"[^"]*"', "", one.text) for one in answers}
    assert seen(traces_of(stage.hotel), looks_like) == []


# --- the widget's way in --------------------------------------------------------------------------------------------


def signed(site_key: str, *, secret: str = IDENTITY_SECRET, kid: str = IDENTITY_KID) -> str:
    claims = {
        "sub": "guest-77",
        "name": "Erika",
        "aud": site_key,
        "iat": now(),
        "exp": now() + timedelta(minutes=5),
    }
    return jwt.encode(claims, secret, algorithm="HS256", headers={"kid": kid})


@pytest.fixture
def acmes_secret(cast: Cast) -> dict[str, str]:
    row, secret = issue_site_secret(cast.mallory.actor, site_id=cast.acme_site.id)
    return {"secret": secret, "kid": row.kid}


def test_who_comes_in_by_the_widget(cast: Cast, api: ApiFactory) -> None:
    """What the next test refuses is refused for being another site's."""
    page = api(Origin=HOTEL_ORIGIN)
    for shown in ({}, {"identity": signed(cast.site.key)}, {"visitor_token": cast.dana.token}):
        assert page.post("widget/session/", {"site": cast.site.key, **shown}).status_code == 201


@pytest.mark.parametrize(
    ("what", "status"),
    [
        ("identity signed by another site", 400),
        ("identity signed by another site for itself", 400),
        ("identity signed for another site", 400),
        ("identity under another site's kid", 400),
        ("visitor of another organisation", 401),
        ("visitor of another organisation, without a page", 401),
        ("client's token of another organisation", 401),
        ("page of another site", 403),
        ("page of another site, as a visitor of that site", 403),
    ],
)
def test_nobody_comes_in_by_another_site(
    cast: Cast, api: ApiFactory, published: Published, acmes_secret: dict[str, str], what: str, status: int
) -> None:
    sam = make_person(cast.acme, Role.GUEST, "Sam", site=cast.acme_site)
    origin, shown = {
        "identity signed by another site": (
            HOTEL_ORIGIN,
            {"identity": signed(cast.site.key, **acmes_secret)},
        ),
        "identity signed by another site for itself": (
            HOTEL_ORIGIN,
            {"identity": signed(cast.acme_site.key, **acmes_secret)},
        ),
        "identity signed for another site": (HOTEL_ORIGIN, {"identity": signed(cast.acme_site.key)}),
        "identity under another site's kid": (
            HOTEL_ORIGIN,
            {"identity": signed(cast.site.key, kid=acmes_secret["kid"])},
        ),
        "visitor of another organisation": (HOTEL_ORIGIN, {"visitor_token": sam.token}),
        "visitor of another organisation, without a page": ("", {"visitor_token": sam.token}),
        "client's token of another organisation": (HOTEL_ORIGIN, {"visitor_token": cast.paula.token}),
        "page of another site": (ACME_ORIGIN, {}),
        "page of another site, as a visitor of that site": (ACME_ORIGIN, {"visitor_token": sam.token}),
    }[what]
    before = snapshot()
    page = api(Origin=origin) if origin else api()
    response = page.post("widget/session/", {"site": cast.site.key, **shown})
    assert response.status_code == status
    assert (changed(before, snapshot()), published()) == ([], [])


@pytest.mark.parametrize("route", ["me", "conversations", "sync", "socket-ticket"])
def test_a_widgets_token_is_of_no_use_on_another_sites_page(stage: Stage, route: str) -> None:
    method = next(method for name, method in matrix.API if name == route)
    dana = Caller("guest", stage.hotel, stage.cast.dana)
    elsewhere = Caller("guest", stage.hotel, stage.cast.dana, headers={"Origin": ACME_ORIGIN})
    found, entry = route_named(get_resolver(), route), matrix.API[route, method][0]
    assert ask(found, method, entry, dana, stage.hotel).is_given
    assert ask(found, method, entry, elsewhere, stage.hotel).status == 401


# --- what is no id of ours ------------------------------------------------------------------------------------------


def test_a_client_id_is_no_key_to_what_was_said_elsewhere(stage: Stage, api: ApiFactory) -> None:
    """Oscar sends with the very client_id of Bob's message: his own is new, and Bob's is not given away."""
    of_bob = str(Message.objects.get(pk=stage.hotel["reply_to"]).client_id)
    send = f"chat/conversations/{stage.acme['conversation']}/messages/"
    response = api(stage.cast.oscar).post(send, {"client_id": of_bob, "body": "Mine"})
    assert (response.status_code, response.json()["body"]) == (201, "Mine")
