"""What a host tells of its own world, and who hears what of it."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.models import SpaceAccess
from delivery.queries import sync
from messaging.actions import start_conversation
from messaging.models import Conversation, Entity, EntityType, Kind
from tests.cast import Cast
from tests.conftest import ApiFactory, Published
from tests.messaging.said import path, say

PAINT = {"type": "task", "ref": "45", "label": "Task #45: Paint walls", "url": "https://hotel.example/t/45"}


@pytest.fixture
def told(cast: Cast, api: ApiFactory) -> None:
    """A task of room 101, a damage of room 102, and a material of everybody's."""
    answer = api(cast.alice).post(
        "entities/",
        {
            "entities": [
                {**PAINT, "space": str(cast.room.id)},
                {"type": "damage", "ref": "7", "label": "Broken tap", "space": str(cast.other_room.id)},
                {"type": "material", "ref": "RAL-9010", "label": "White paint"},
            ]
        },
    )
    assert (answer.status_code, answer.json()) == (200, {"written": 3})


def mention(label: str = "", url: str = "") -> dict[str, str]:
    return {"type": "task", "text": "@task#45", "ref": "45", "label": label, "url": url}


FULL = mention(PAINT["label"], PAINT["url"])


# --- in messages ----------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("told")
def test_in_a_channel_of_its_space_everybody_is_told(
    cast: Cast, api: ApiFactory, published: Published
) -> None:
    channel = start_conversation(cast.bob.actor, kind=Kind.CHANNEL, title="Works", space=cast.room.id)
    published()
    message = say(cast.carol, channel.conversation, "Is @task#45 done?")
    assert published()[-1][0].frame()["message"]["mentions"] == [FULL]
    for who in (cast.carol, cast.vera, cast.bob):
        assert api(who).get(path(message)).json()["mentions"] == [FULL]


@pytest.mark.usefixtures("told")
def test_elsewhere_a_frame_tells_less_and_rest_tells_whoever_may_know(
    cast: Cast, group: Conversation, api: ApiFactory, published: Published
) -> None:
    published()
    message = say(cast.bob, group, "Is @task#45 done?")
    assert published()[-1][0].frame()["message"]["mentions"] == [mention()]
    synced = sync(cast.carol.actor, cursors={}, limit=50)["conversations"][0]
    assert synced["messages"][0]["mentions"] == [mention()]
    for who in (cast.carol, cast.bob):
        assert api(who).get(path(message)).json()["mentions"] == [FULL]
    SpaceAccess.objects.filter(member=cast.carol.member).delete()
    assert api(cast.carol).get(path(message)).json()["mentions"] == [mention()]
    timeline = api(cast.carol).get(f"chat/conversations/{group.id}/messages/").json()["results"]
    assert timeline[-1]["mentions"] == [mention()]


@pytest.mark.usefixtures("told")
def test_what_nobody_told_of_is_plain_text(cast: Cast, group: Conversation, api: ApiFactory) -> None:
    message = say(cast.bob, group, "@task#46 @tasks#45 @material#RAL-9010")
    assert [one["ref"] for one in api(cast.bob).get(path(message)).json()["mentions"]] == ["RAL-9010"]


def test_anothers_entities_are_nobodys(cast: Cast, group: Conversation, api: ApiFactory) -> None:
    api(cast.mallory).post("entities/", {"entities": [{"type": "task", "ref": "45", "label": "Tower"}]})
    message = say(cast.bob, group, "@task#45")
    assert api(cast.bob).get(path(message)).json()["mentions"] == []


@pytest.mark.usefixtures("told")
def test_a_new_label_is_told_from_now_on(cast: Cast, group: Conversation, api: ApiFactory) -> None:
    message = say(cast.bob, group, "@material#RAL-9010")
    again = {"type": "material", "ref": "RAL-9010", "label": "Whiter paint"}
    assert api(cast.alice).post("entities/", {"entities": [again]}).json() == {"written": 1}
    assert api(cast.bob).get(path(message)).json()["mentions"][0]["label"] == "Whiter paint"
    assert Entity.objects.filter(type__organisation=cast.hotel).count() == 3


@pytest.mark.usefixtures("told")
def test_what_is_forgotten_is_plain_text_again(cast: Cast, group: Conversation, api: ApiFactory) -> None:
    message = say(cast.bob, group, "@material#RAL-9010")
    paint = Entity.objects.get(ref="RAL-9010")
    assert api(cast.alice).delete(f"entities/{paint.id}/").status_code == 204
    assert api(cast.bob).get(path(message)).json()["mentions"] == []
    assert api(cast.alice).delete(f"entities/{paint.id}/").status_code == 404


# --- the list -------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("told")
@pytest.mark.parametrize(
    ("who", "query", "refs"),
    [
        ("bob", "", ["45", "7", "RAL-9010"]),
        ("carol", "", ["45", "RAL-9010"]),
        ("dana", "", []),
        ("mallory", "", []),
        ("bob", "?type=task", ["45"]),
        ("bob", "?q=4", ["45"]),
        ("bob", "?q=PAINT", ["45", "RAL-9010"]),
        ("bob", "?type=damage&ref=7", ["7"]),
        ("carol", "?type=damage&ref=7", []),
    ],
)
def test_one_finds_what_one_may_know(
    cast: Cast, api: ApiFactory, who: str, query: str, refs: list[str]
) -> None:
    found = api(getattr(cast, who)).get(f"entities/{query}").json()
    assert [one["ref"] for one in found["results"]] == refs


@pytest.mark.usefixtures("told")
def test_page_by_page(cast: Cast, api: ApiFactory) -> None:
    client, seen = api(cast.bob), []
    cursor: str | None = ""
    while cursor is not None:
        found = client.get(f"entities/?limit=1&cursor={cursor}").json()
        seen += found["results"]
        cursor = found["next"]
    paint = Entity.objects.get(ref="45")
    assert [one["ref"] for one in seen] == ["45", "7", "RAL-9010"]
    assert seen[0] == {"id": str(paint.id), **PAINT, "space": str(cast.room.id)}


# --- who tells ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("who", "status"), [("bob", 403), ("carol", 403), ("dana", 403), ("robo", 200)])
def test_a_host_comes_with_a_token_of_a_manager_or_a_bot(
    cast: Cast, api: ApiFactory, who: str, status: int
) -> None:
    assert api(getattr(cast, who)).post("entities/", {"entities": [PAINT]}).status_code == status
    assert Entity.objects.exists() == (status == 200)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"type": "spaceship"}, "entities.1.type"),
        ({"ref": "4 5"}, "entities.1.ref"),
        ({"ref": "a" * 65}, "entities.1.ref"),
        ({"label": ""}, "entities.1.label"),
        ({"label": "x" * 201}, "entities.1.label"),
        ({"url": "javascript:alert(1)"}, "entities.1.url"),
        ({"url": "ftp://hotel.example/45"}, "entities.1.url"),
        ({"space": "7"}, "entities.1.space"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_written(
    cast: Cast, api: ApiFactory, wrong: dict[str, Any], field: str
) -> None:
    response = api(cast.alice).post("entities/", {"entities": [PAINT, {**PAINT, "ref": "46", **wrong}]})
    assert (response.status_code, list(response.json()["error"]["fields"])) == (400, [field])
    assert not Entity.objects.exists()


def test_anothers_space_is_not_found(cast: Cast, api: ApiFactory) -> None:
    body = {"entities": [{**PAINT, "space": str(cast.acme_project.id)}]}
    assert api(cast.alice).post("entities/", body).status_code == 404


def test_the_last_of_two_counts(cast: Cast, api: ApiFactory) -> None:
    body = {"entities": [PAINT, {**PAINT, "label": "Paint doors"}]}
    assert api(cast.alice).post("entities/", body).json() == {"written": 1}
    assert Entity.objects.get().label == "Paint doors"


def test_five_hundred_take_no_more_queries(
    cast: Cast, api: ApiFactory, django_assert_max_num_queries: type
) -> None:
    body = {"entities": [{**PAINT, "ref": str(number)} for number in range(500)]}
    client = api(cast.alice)
    with django_assert_max_num_queries(12):
        assert client.post("entities/", body).json() == {"written": 500}


# --- types ----------------------------------------------------------------------------------------------------------


def test_the_types_of_an_organisation(cast: Cast, api: ApiFactory) -> None:
    found = api(cast.carol).get("entity-types/").json()
    assert [one["key"] for one in found["results"]] == [
        *("change_order", "color_sample", "damage", "floor_plan", "material", "task")
    ]
    answer = api(cast.alice).post("entity-types/", {"key": "invoice", "name": "Invoice"})
    assert (answer.status_code, answer.json()) == (200, {"key": "invoice", "name": "Invoice"})
    api(cast.alice).post("entity-types/", {"key": "task", "name": "Job"})
    types = EntityType.objects.filter(organisation=cast.hotel)
    assert (types.count(), types.get(key="task").name) == (7, "Job")
    assert EntityType.objects.get(organisation=cast.acme, key="task").name == "Task"


@pytest.mark.parametrize("key", ["", "Task", "1up", "a b", "a" * 31, "a-b"])
def test_a_key_is_plain(cast: Cast, api: ApiFactory, key: str) -> None:
    response = api(cast.alice).post("entity-types/", {"key": key, "name": "X"})
    assert (response.status_code, list(response.json()["error"]["fields"])) == (400, ["key"])


def test_agents_make_no_types(cast: Cast, api: ApiFactory) -> None:
    assert api(cast.bob).post("entity-types/", {"key": "invoice", "name": "Invoice"}).status_code == 403
