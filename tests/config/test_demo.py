"""The demo: the same every time, refused elsewhere, and its one-time logins work once."""

from __future__ import annotations

import json
from io import StringIO
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command

from accounts.models import Member, Role, User
from config import once
from config.demo import client_of, make_demo, sign_demo_identity
from tests.clients import Client
from tests.conftest import Api


@pytest.fixture(autouse=True)
def _demo_mode(settings: Any, tmp_path: Any) -> None:
    settings.DEMO = True
    settings.DATA_DIR = tmp_path


def printed() -> dict[str, Any]:
    out = StringIO()
    call_command("demo", "--json", stdout=out)
    organisations: dict[str, Any] = json.loads(out.getvalue())
    return organisations


def test_it_has_two_organisations_with_a_member_of_every_role(db: None) -> None:
    organisations = printed()["organisations"]
    assert len(organisations) == 2
    for organisation in organisations:
        assert set(organisation) == {"id", "slug", "site", "spaces", "members"}
        assert set(organisation["site"]) == {"key", "origin", "kid", "secret"}
        assert [set(space) for space in organisation["spaces"]] == [{"id", "slug"}] * 2
        assert [member["role"] for member in organisation["members"]] == list(Role)
        for member in organisation["members"]:
            assert set(member) == {"id", "name", "role", "username", "password", "token"}


def test_a_second_run_finds_and_prints_the_same(db: None) -> None:
    assert printed() == printed()
    assert Member.objects.count() == 16


def test_the_client_has_asked_for_something(db: None) -> None:
    """What waits stays so, and what has become of it, however often the demo is looked at."""
    for _ in range(2):
        for organisation in make_demo():
            client = Api(Authorization=f"Bearer {client_of(organisation)['token']}")
            asked = client.get("client-requests/").json()["results"]
            assert [one["status"] for one in asked] == ["pending", "approved"]
            assert {one["created_by"]["name"] for one in asked} == {client_of(organisation)["name"]}


def test_every_token_and_password_opens(db: None) -> None:
    everything_opens()


def test_a_new_data_directory_on_the_old_database_opens_for_the_same_people(
    db: None, settings: Any, tmp_path: Any
) -> None:
    before = ids_of(printed())
    settings.DATA_DIR = tmp_path / "another"
    settings.DATA_DIR.mkdir()
    assert ids_of(printed()) == before
    everything_opens()


def ids_of(demo: dict[str, Any]) -> list[str]:
    return [member["id"] for organisation in demo["organisations"] for member in organisation["members"]]


def everything_opens() -> None:
    for organisation in printed()["organisations"]:
        for member in organisation["members"]:
            me = Client(headers={"Authorization": f"Bearer {member['token']}"}).get("/api/v1/me/").json()
            assert me["member"]["id"] == member["id"]
            if member["username"]:
                assert Client().login(username=member["username"], password=member["password"])


def test_outside_demo_mode_it_is_refused(db: None, settings: Any) -> None:
    settings.DEMO = False
    with pytest.raises(ImproperlyConfigured):
        make_demo()
    with pytest.raises(CommandError, match="DEMO=1"):
        call_command("demo")
    for path in ("", "hotel-miramar/", "hotel-miramar/framed/"):
        assert Client().get(f"/demo/{path}").status_code == 404
    assert not Member.objects.exists()


def test_a_one_time_login_works_once(db: None) -> None:
    make_demo()
    bob = User.objects.get(username="bob@hotel-miramar")
    token = once.link_for(bob).partition("#once=")[2]

    client = Client()
    assert client.post("/login/once/", {"once": token}).headers["Location"] == "/chat/"
    assert client.get("/chat/").status_code == 200
    again = Client().post("/login/once/", {"once": token})
    assert again.headers["Location"] == "/login/"


@pytest.mark.parametrize("token", ["", "x", "x.y", "01a1fcae-30dd-74b0-98ef-930d99c2db65.made-up"])
def test_a_made_up_one_time_login_does_not(db: None, token: str) -> None:
    assert Client().post("/login/once/", {"once": token}).headers["Location"] == "/login/"


def test_the_host_page_embeds_the_widget_under_a_strict_policy(db: None) -> None:
    response = Client().get("/demo/hotel-miramar/?as=Carol")
    page, policy = response.content.decode(), response.headers["Content-Security-Policy"]

    (organisation,) = [one for one in printed()["organisations"] if one["slug"] == "hotel-miramar"]
    assert f'data-site="{organisation["site"]["key"]}"' in page
    assert organisation["site"]["secret"] not in page
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_a_page_in_whose_scripts_the_chat_does_not_stand(db: None) -> None:
    response = Client().get("/demo/hotel-miramar/framed/")
    policy = response.headers["Content-Security-Policy"]
    assert 'data-mode="iframe"' in response.content.decode()
    assert "frame-src http" in policy
    assert "connect-src" not in policy
    assert "blob:" not in policy


def test_there_is_a_list_of_all_of_them(db: None) -> None:
    page = Client().get("/demo/").content.decode()
    for organisation in printed()["organisations"]:
        here = f"{organisation['site']['origin']}/demo/{organisation['slug']}/"
        for end in ("", "framed/", "?driven"):
            assert f'href="{here}{end}"' in page


def test_whom_the_page_signed_is_the_client_who_also_signs_in(db: None) -> None:
    for organisation in make_demo():
        body = {"site": organisation["site"]["key"], "identity": sign_demo_identity(organisation)}
        response = Api(Origin=organisation["site"]["origin"]).post("widget/session/", body)
        assert response.status_code == 201
        assert response.json()["member"]["id"] == client_of(organisation)["id"]


def test_a_namesake_confuses_nobody(db: None) -> None:
    first = printed()
    hotel = Member.objects.get(name="Carol Nguyen").organisation
    Member.objects.create(organisation=hotel, role=Role.CLIENT, name="Carol Nguyen", external_id="another")
    assert printed() == first
