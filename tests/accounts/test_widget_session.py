"""The widget's way in: a new visitor, or whom the host has signed."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from unittest.mock import ANY

import jwt
import pytest

from accounts.models import Member, Role, Site, Token
from common.clock import now
from tests.cast import HOTEL_ORIGIN, IDENTITY_KID, IDENTITY_SECRET, Cast, make_person
from tests.conftest import ApiFactory

SESSION = "widget/session/"


def identity(
    cast: Cast, *, secret: str = IDENTITY_SECRET, kid: str = IDENTITY_KID, alg: str = "HS256", **claims: Any
) -> str:
    claims = {
        "sub": "guest-77",
        "name": "Erika",
        "aud": cast.site.key,
        "iat": now(),
        "exp": now() + timedelta(minutes=5),
        **claims,
    }
    claims = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(claims, secret, algorithm=alg, headers={"kid": kid})


def test_looking_makes_no_row(cast: Cast, api: ApiFactory) -> None:
    response = api(Origin=HOTEL_ORIGIN).get(f"widget/config/?site={cast.site.key}")

    assert response.status_code == 200
    assert response.json() == {
        "site": {"key": cast.site.key, "name": "Hotel"},
        "organisation": {"name": "Hotel", "slug": "hotel", "locale": "en"},
        "identity_required": False,
        "appearance": {"title": "", "greeting": "", "accent": "", "position": "right"},
        "hours": {"open": True, "opens_at": None, "closes_at": None, "now": ANY, "message": {}},
        "prechat": [],
        "voice": {"audio/webm": "webm", "audio/ogg": "ogg", "audio/mp4": "m4a"},
        "online": 0,
        "email": False,
    }
    assert response.headers["Access-Control-Allow-Origin"] == HOTEL_ORIGIN
    assert not response.cookies


def test_whether_a_copy_can_be_mailed(cast: Cast, api: ApiFactory, settings: Any) -> None:
    settings.SENDS_EMAIL = True
    assert api().get(f"widget/config/?site={cast.site.key}").json()["email"] is True


def test_a_visitor_comes_in(cast: Cast, api: ApiFactory) -> None:
    response = api(Origin=HOTEL_ORIGIN).post(SESSION, {"site": cast.site.key})

    assert response.status_code == 201
    assert response.json() == {
        "token": ANY,
        "expires_at": ANY,
        "member": {"id": ANY, "name": ANY, "role": "guest"},
        "organisation": {"id": ANY, "slug": "hotel", "name": "Hotel", "locale": "en", "timezone": "UTC"},
        "known": [],
    }
    assert re.fullmatch("Visitor [0-9A-F]{4}", response.json()["member"]["name"])
    token = response.json()["token"]
    assert not Token.objects.filter(digest=token).exists()
    me = api(Authorization=f"Bearer {token}", Origin=HOTEL_ORIGIN).get("me/")
    assert me.json()["member"] == response.json()["member"]


def test_a_visitor_stays_who_it_was(cast: Cast, api: ApiFactory) -> None:
    page = api(Origin=HOTEL_ORIGIN)
    first = page.post(SESSION, {"site": cast.site.key}).json()
    again = page.post(SESSION, {"site": cast.site.key, "visitor_token": first["token"]}).json()

    assert again["member"] == first["member"]
    assert again["token"] != first["token"]


def test_whom_the_host_signed_is_found_by_its_id_never_by_mail(cast: Cast, api: ApiFactory) -> None:
    Member.objects.filter(pk=cast.carol.member.pk).update(email="erika@example.com")
    page = api(Origin=HOTEL_ORIGIN)
    signed = identity(cast, email="erika@example.com")
    first = page.post(SESSION, {"site": cast.site.key, "identity": signed}).json()
    renamed = identity(cast, name="Erika M.")
    again = page.post(SESSION, {"site": cast.site.key, "identity": renamed}).json()

    assert first["member"] == {"id": ANY, "name": "Erika", "role": "client"}
    assert first["member"]["id"] != cast.carol.id
    assert again["member"] == {**first["member"], "name": "Erika M."}


@pytest.mark.parametrize(
    "change",
    [
        {"secret": "another secret, just as long as the one that the hotel really has"},
        {"kid": "kid_unknown"},
        {"alg": "HS512"},
        {"aud": "site_of_someone_else"},
        {"exp": now() - timedelta(hours=1)},
        {"exp": now() + timedelta(hours=2)},
        {"iat": now() + timedelta(hours=1), "exp": now() + timedelta(hours=2)},
        {"sub": None},
        {"sub": ""},
        {"sub": "x" * 201},
        {"sub": 77},
        {"kid": "half a pair \ud800"},
        {"kid": "nul \x00"},
        {"exp": str(int((now() + timedelta(minutes=5)).timestamp()))},
        {"email": "not an address"},
        {"name": ["a", "list"]},
        {"exp": None},
        {"iat": None},
        {"aud": None},
    ],
)
def test_a_forged_or_stale_identity_is_refused(cast: Cast, api: ApiFactory, change: dict[str, Any]) -> None:
    members = Member.objects.count()
    response = api(Origin=HOTEL_ORIGIN).post(
        SESSION, {"site": cast.site.key, "identity": identity(cast, **change)}
    )
    assert (response.status_code, list(response.json()["error"]["fields"])) == (400, ["identity"])
    assert Member.objects.count() == members


def test_what_the_host_does_not_say_is_kept(cast: Cast, api: ApiFactory) -> None:
    page = api(Origin=HOTEL_ORIGIN)
    for claims in ({"name": "Erika", "email": "erika@example.com"}, {"name": None}):
        page.post(SESSION, {"site": cast.site.key, "identity": identity(cast, **claims)})
    member = Member.objects.get(external_id="guest-77")
    assert (member.name, member.email) == ("Erika", "erika@example.com")


@pytest.mark.parametrize(
    ("said", "shown"), [(" Erika \n\t M. ", "Erika M."), ("\u202eakirE", "akirE"), (" \u200b ", "Client")]
)
def test_a_name_is_one_line_that_hides_nothing(cast: Cast, api: ApiFactory, said: str, shown: str) -> None:
    body = {"site": cast.site.key, "identity": identity(cast, name=said)}
    assert api(Origin=HOTEL_ORIGIN).post(SESSION, body).json()["member"]["name"] == shown


@pytest.mark.parametrize("token", ["nonsense", "a.b.c", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0."])
def test_what_is_no_jwt_is_refused(cast: Cast, api: ApiFactory, token: str) -> None:
    response = api().post(SESSION, {"site": cast.site.key, "identity": token})
    assert (response.status_code, list(response.json()["error"]["fields"])) == (400, ["identity"])


def test_staff_never_come_in_by_the_widget(cast: Cast, api: ApiFactory) -> None:
    Member.objects.filter(pk=cast.bob.member.pk).update(external_id="guest-77")
    response = api(Origin=HOTEL_ORIGIN).post(SESSION, {"site": cast.site.key, "identity": identity(cast)})
    assert response.status_code == 403


def test_a_site_may_require_identity(cast: Cast, api: ApiFactory) -> None:
    Site.objects.filter(pk=cast.site.pk).update(identity_required=True)
    response = api(Origin=HOTEL_ORIGIN).post(SESSION, {"site": cast.site.key})
    assert (response.status_code, list(response.json()["error"]["fields"])) == (400, ["identity"])


def test_a_page_that_is_not_listed_is_turned_away(cast: Cast, api: ApiFactory) -> None:
    response = api(Origin="https://evil.example").post(SESSION, {"site": cast.site.key})
    assert response.status_code == 403
    assert "Access-Control-Allow-Origin" not in response.headers


def test_visitors_are_counted_by_address(
    cast: Cast, api: ApiFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit = 3
    monkeypatch.setattr("accounts.actions.VISITORS_PER_ADDRESS", f"{limit}/hour")
    page = api(Origin=HOTEL_ORIGIN)
    statuses = [page.post(SESSION, {"site": cast.site.key}).status_code for _ in range(limit + 1)]

    assert statuses == [201] * limit + [429]
    refused = page.post(SESSION, {"site": cast.site.key})
    assert refused.json()["error"]["code"] == "rate_limited"
    assert 1 <= int(refused.headers["Retry-After"]) <= 3600


def test_a_widgets_token_works_on_its_sites_pages_only(cast: Cast, api: ApiFactory) -> None:
    for origin, status in (
        (HOTEL_ORIGIN, 200),
        ("https://www.acme.example", 401),
        ("http://testserver", 200),  # where it is framed
    ):
        assert api(cast.dana, Origin=origin).get("me/").status_code == status


def test_leaving_ends_the_token(cast: Cast, api: ApiFactory) -> None:
    dana = api(cast.dana)
    assert dana.delete(SESSION).status_code == 204
    assert dana.get("me/").status_code == 401
    assert dana.delete(SESSION).status_code == 401


def test_an_api_token_is_no_widgets_session(cast: Cast, api: ApiFactory) -> None:
    assert api(cast.robo).delete(SESSION).status_code == 400
    assert api(cast.robo).get("me/").status_code == 200


def test_a_guest_of_another_organisation_does_not_carry_over(cast: Cast, api: ApiFactory) -> None:
    stranger = make_person(cast.acme, Role.GUEST, "Sam", site=cast.acme_site)
    response = api().post(SESSION, {"site": cast.site.key, "visitor_token": stranger.token})
    assert response.status_code == 401


def test_an_unknown_site_is_not_found(cast: Cast, api: ApiFactory) -> None:
    assert api().get("widget/config/?site=site_nobody").status_code == 404
    assert api().post(SESSION, {"site": "site_nobody"}).status_code == 404
    assert api().get("widget/config/").status_code == 400
