"""Signing in to our own pages, and how often one may try."""

from __future__ import annotations

import pytest

from tests.cast import Cast
from tests.clients import Client


@pytest.fixture(autouse=True)
def _bob_has_a_password(cast: Cast) -> None:
    assert cast.bob.member.user
    cast.bob.member.user.set_password("a password of Bob's own")
    cast.bob.member.user.save()


def attempt(name: str, password: str = "wrong") -> int:
    return Client().post("/login/", {"username": name, "password": password}).status_code


def test_bob_signs_in(cast: Cast) -> None:
    assert attempt("bob", "a password of Bob's own") == 302


def test_a_name_is_tried_five_times(cast: Cast) -> None:
    assert [attempt("bob") for _ in range(6)] == [200] * 5 + [429]
    assert attempt("bob", "a password of Bob's own") == 429
    assert attempt("alice") == 200


@pytest.mark.parametrize("alike", [" bob", "bob  ", "BOB", "\uff42ob"])
def test_spaces_and_look_alikes_are_the_same_name(cast: Cast, alike: str) -> None:
    for _ in range(5):
        attempt("bob")
    assert attempt(alike) == 429


def test_a_name_nobody_has_is_counted_alike(cast: Cast) -> None:
    assert [attempt("nobody") for _ in range(6)] == [200] * 5 + [429]


def test_the_refusal_says_when_to_come_back(cast: Cast) -> None:
    for _ in range(5):
        attempt("bob")
    response = Client().post("/login/", {"username": "bob", "password": "wrong"})
    assert 1 <= int(response.headers["Retry-After"]) <= 300


def test_one_is_sent_on_to_our_own_pages_only(cast: Cast) -> None:
    for wanted, sent_to in (
        ("/admin/", "/admin/"),
        ("https://evil.example/", "/chat/"),
        ("//evil.example", "/chat/"),
    ):
        fields = {"username": "bob", "password": "a password of Bob's own", "next": wanted}
        assert Client().post("/login/", fields).headers["Location"] == sent_to
