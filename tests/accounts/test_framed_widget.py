"""The widget in a frame: a page of ours that only the site's own pages may put into theirs."""

from __future__ import annotations

from http import HTTPStatus

import pytest
from django.test import Client

from accounts.models import SiteOrigin
from tests.cast import Cast

OURS = "http://testserver"


def ask(client: Client, key: str, origin: str) -> int:
    return client.get("/widget/", {"site": key, "origin": origin}).status_code


def test_only_a_listed_page_may_frame_it(client: Client, cast: Cast) -> None:
    SiteOrigin.objects.get_or_create(site=cast.site, origin="https://hotel.example")
    answer = client.get("/widget/", {"site": cast.site.key, "origin": "https://hotel.example"})
    assert answer.status_code == HTTPStatus.OK
    policy = dict(one.strip().split(" ", 1) for one in answer["Content-Security-Policy"].split(";"))
    assert policy["frame-ancestors"] == "https://hotel.example"
    assert policy["script-src"] == "'self'"
    assert "X-Frame-Options" not in answer
    assert answer.cookies == {}


@pytest.mark.parametrize(
    "origin", ["", "https://evil.example", "*", "https://hotel.example;script-src *", "\x00"]
)
def test_others_are_told_nothing(client: Client, cast: Cast, origin: str) -> None:
    assert ask(client, cast.site.key, origin) == HTTPStatus.NOT_FOUND
    assert ask(client, "site_of_nobody\x00", origin) == HTTPStatus.NOT_FOUND


def test_a_site_that_is_switched_off_has_none(client: Client, cast: Cast) -> None:
    SiteOrigin.objects.get_or_create(site=cast.site, origin="https://hotel.example")
    type(cast.site).objects.update(is_active=False)
    assert ask(client, cast.site.key, "https://hotel.example") == HTTPStatus.NOT_FOUND


def test_from_our_own_page_a_visitor_comes_in_and_reads(client: Client, cast: Cast) -> None:
    came = client.post(
        "/api/v1/widget/session/", {"site": cast.site.key}, "application/json", headers={"Origin": OURS}
    )
    assert came.status_code == HTTPStatus.CREATED
    shown = {"Authorization": f"Bearer {came.json()['token']}"}
    assert client.get("/api/v1/me/", headers={**shown, "Origin": OURS}).status_code == HTTPStatus.OK
    assert client.get("/api/v1/me/", headers={**shown, "Origin": "https://evil.example"}).status_code in (
        HTTPStatus.UNAUTHORIZED,
        HTTPStatus.FORBIDDEN,
    )
