"""Marta puts a conversation's files in order, and finds them by what she calls them."""

from __future__ import annotations

import pytest
from pytest_django import DjangoAssertNumQueries

from attachments.models import FileState
from messaging.models import Conversation
from tests.attachments.kept import shared
from tests.cast import Cast, Person
from tests.conftest import Api

ODD = 'año "25", 100%_'


def found(person: Person, conversation: Conversation, query: str) -> list[str]:
    response = Api(person).get(f"chat/files/{conversation.id}/?{query}")
    assert response.status_code == 200, response.content
    return [one["name"] for one in response.json()["results"]]


@pytest.fixture
def tagged(cast: Cast, support: Conversation) -> Conversation:
    for name, tags in (
        ("a", ["plan", "stairs"]),
        ("b", ["plan"]),
        ("c", []),
        ("d", [ODD]),
        ("e", ["planned"]),
    ):
        id = shared(cast.carol, support.id, name, name=name)
        organised = Api(cast.marta).patch(f"chat/attachments/{id}/organise/", {"tags": tags})
        assert organised.json()["tags"] == tags
    return support


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("tag=plan", ["b", "a"]),
        ("tag=plan&tag=stairs", ["a"]),
        ("tag=Plan", []),
        ("tag=pla", []),
        ("tag=nothing", []),
        ("tag=a%C3%B1o%20%2225%22,%20100%25_", ["d"]),
        ("tag=plan&q=b", ["b"]),
        ("tag=plan&category=client", ["b", "a"]),
        ("tag=plan&category=portfolio", []),
        ("category=client", ["e", "d", "c", "b", "a"]),
    ],
)
def test_by_tag(cast: Cast, tagged: Conversation, query: str, names: list[str]) -> None:
    assert found(cast.bob, tagged, query) == names


def test_page_by_page(cast: Cast, tagged: Conversation) -> None:
    first = Api(cast.bob).get(f"chat/files/{tagged.id}/?tag=plan&limit=1").json()
    assert found(cast.bob, tagged, f"tag=plan&limit=1&cursor={first['next']}") == ["a"]


def test_the_same_queries(
    cast: Cast, tagged: Conversation, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    path = f"chat/files/{tagged.id}/"
    Api(cast.bob).get(path)
    with django_assert_num_queries(4):
        Api(cast.bob).get(path)
    with django_assert_num_queries(4):
        Api(cast.bob).get(f"{path}?tag=plan&tag=stairs")


def test_what_is_held_is_found_by_whoever_may_know(cast: Cast, support: Conversation) -> None:
    shared(cast.bob, support.id, "Held", name="held", state=FileState.PENDING, tags=["plan"])
    assert found(cast.marta, support, "tag=plan") == ["held"]
    assert found(cast.carol, support, "tag=plan") == []


@pytest.mark.parametrize("query", ["tag=", "tag=" + 41 * "x", "&".join(21 * ["tag=x"]), "tag=%00"])
def test_what_is_no_tag(cast: Cast, support: Conversation, query: str) -> None:
    response = Api(cast.bob).get(f"chat/files/{support.id}/?{query}")
    assert response.status_code == 400
    assert all(name.startswith("tag") for name in response.json()["error"]["fields"])
