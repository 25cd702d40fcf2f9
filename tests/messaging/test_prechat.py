"""The hotel asks its visitors who they are before they write; staff see what they answered."""

from __future__ import annotations

from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.core.exceptions import ValidationError

from accounts.models import Member, Site, name_of_visitor
from accounts.prechat import check_prechat, read_answers
from messaging.actions import start_conversation
from messaging.models import Conversation, Introduction, Kind
from tests.accounts.test_widget_session import SESSION, identity
from tests.cast import HOTEL_ORIGIN, Cast, Person
from tests.conftest import ApiFactory, Published, SocketFactory

START = "chat/conversations/start/"
ROOM: dict[str, Any] = {
    "kind": "text",
    "key": "room",
    "required": True,
    "label": {"en": "Your room", "es": "Su habitación"},
}
TOPIC: dict[str, Any] = {
    "kind": "choice",
    "key": "topic",
    "label": {"es": "Motivo"},
    "choices": [
        {"key": "booking", "label": {"en": "A booking", "es": "Una reserva"}},
        {"key": "other", "label": {"es": "Otra cosa"}},
    ],
}
NAME: dict[str, Any] = {"kind": "name", "required": True}
EMAIL: dict[str, Any] = {"kind": "email", "required": True}
QUESTIONS: list[Any] = [NAME, EMAIL, ROOM, TOPIC]
ANSWERS = {"name": "Dana Scully", "email": "dana@example.com", "room": "101", "topic": "other"}


def ask(cast: Cast) -> Site:
    """Dana is who she is in every story, but nobody knows her name."""
    check_prechat(QUESTIONS)
    Site.objects.filter(pk=cast.site.pk).update(prechat=QUESTIONS)
    cast.dana.member.name = name_of_visitor(cast.dana.member.id)
    cast.dana.member.save(update_fields=["name"])
    return cast.site


@pytest.fixture
def asks(cast: Cast) -> Site:
    return ask(cast)


def introduction(api: ApiFactory, reader: Person, conversation: str) -> Any:
    return api(reader).get(f"chat/conversations/{conversation}/introduction/")


def test_what_is_asked_is_public(cast: Cast, asks: Site, api: ApiFactory) -> None:
    assert api().get(f"widget/config/?site={asks.key}").json()["prechat"] == [
        {"key": "name", "kind": "name", "required": True, "label": {}, "choices": []},
        {"key": "email", "kind": "email", "required": True, "label": {}, "choices": []},
        {**ROOM, "choices": []},
        {**TOPIC, "required": False},
    ]


def test_dana_answers_and_bob_reads(cast: Cast, asks: Site, api: ApiFactory, published: Published) -> None:
    started = api(cast.dana).post(START, {"kind": "support", "prechat": {**ANSWERS, "age": "33"}})

    assert started.status_code == 201
    assert [one["member"]["name"] for one in started.json()["participants"]] == ["Dana Scully"]
    ((event, _),) = published()
    assert event.frame()["data"]["conversation"]["participants"][0]["member"]["name"] == "Dana Scully"
    assert introduction(api, cast.bob, started.json()["id"]).json() == {
        "name": "Dana Scully",
        "email": "dana@example.com",
        "answers": [
            {"key": "room", "label": "Your room", "text": "101"},
            {"key": "topic", "label": "Motivo", "text": "Otra cosa"},
        ],
    }


def test_again_it_is_the_same_conversation(
    cast: Cast, asks: Site, api: ApiFactory, published: Published
) -> None:
    first = api(cast.dana).post(START, {"kind": "support", "prechat": ANSWERS})
    published()
    again = api(cast.dana).post(START, {"kind": "support", "prechat": {**ANSWERS, "room": "102"}})
    unsaid = api(cast.dana).post(START, {"kind": "support"})

    assert (again.status_code, unsaid.status_code) == (200, 200)
    assert again.json()["id"] == unsaid.json()["id"] == first.json()["id"]
    assert Introduction.objects.get().answers[0]["text"] == "101"
    assert published() == []


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"email": ""}, {"prechat.email": ["This field may not be blank."]}),
        ({"email": "dana at home"}, {"prechat.email": ["Enter a valid email address."]}),
        ({"name": "\u202e \u200b"}, {"prechat.name": ["This field may not be blank."]}),
        ({"name": "D" * 121}, {"prechat.name": ["Ensure this field has no more than 120 characters."]}),
        ({"topic": "Otra cosa"}, {"prechat.topic": ["This is not one of the choices."]}),
        (
            {"name": " ", "room": " "},
            {
                "prechat.name": ["This field may not be blank."],
                "prechat.room": ["This field may not be blank."],
            },
        ),
        ({"room": "1" * 501}, {"prechat.room": ["Ensure this field has no more than 500 characters."]}),
        ({"room": "1\x00"}, {"prechat.room": ["Null characters are not allowed."]}),
        ({"room": ["101"]}, {"prechat.room": ["Not a valid string."]}),
    ],
)
def test_what_is_wrong_is_named_and_begins_nothing(
    cast: Cast, asks: Site, api: ApiFactory, change: dict[str, Any], fields: dict[str, list[str]]
) -> None:
    refused = api(cast.dana).post(START, {"kind": "support", "prechat": {**ANSWERS, **change}})

    assert refused.status_code == 400
    assert refused.json()["error"]["fields"] == fields
    assert not Conversation.objects.exists()
    assert Member.objects.get(pk=cast.dana.id).email == ""


def test_whoever_answers_nothing_is_told_what_is_asked(cast: Cast, asks: Site, api: ApiFactory) -> None:
    for body in ({"kind": "support"}, {"kind": "support", "prechat": {}}):
        refused = api(cast.dana).post(START, body).json()["error"]
        assert list(refused["fields"]) == ["prechat.name", "prechat.email", "prechat.room"]
    refused = api(cast.dana).post(START, {"kind": "support", "prechat": "Dana"}).json()["error"]
    assert list(refused["fields"]) == ["prechat"]


def test_what_is_known_is_not_asked_again(cast: Cast, asks: Site, api: ApiFactory) -> None:
    start_conversation(cast.dana.actor, kind=Kind.SUPPORT, prechat=ANSWERS)
    Conversation.objects.update(closed_at="2026-11-26T00:00Z", status="closed")
    page = api(Origin=HOTEL_ORIGIN)
    session = page.post(SESSION, {"site": asks.key, "visitor_token": cast.dana.token}).json()
    assert session["known"] == ["name", "email"]

    said = {"room": "102", "name": "Somebody Else", "email": "bob@hotel.example"}
    again = api(cast.dana).post(START, {"kind": "support", "prechat": said})
    assert again.status_code == 201
    told = introduction(api, cast.bob, again.json()["id"]).json()
    assert (told["name"], told["email"]) == ("Dana Scully", "dana@example.com")
    assert [one["text"] for one in told["answers"]] == ["102"]


def test_whom_the_host_signed_is_asked_only_what_it_did_not_say(
    cast: Cast, asks: Site, api: ApiFactory
) -> None:
    signed = identity(cast, name="Erika", email=None)
    session = api(Origin=HOTEL_ORIGIN).post(SESSION, {"site": asks.key, "identity": signed}).json()
    assert session["known"] == ["name"]
    erika = api(Authorization=f"Bearer {session['token']}", Origin=HOTEL_ORIGIN)

    refused = erika.post(START, {"kind": "support", "prechat": {"room": "7"}}).json()["error"]
    assert list(refused["fields"]) == ["prechat.email"]
    answers = {"room": "7", "email": "erika@example.com", "name": "Not Erika"}
    assert erika.post(START, {"kind": "support", "prechat": answers}).status_code == 201
    assert Member.objects.get(pk=session["member"]["id"]).name == "Erika"


async def test_by_socket_it_is_the_same(committed_cast: Cast, socket: SocketFactory) -> None:
    await sync_to_async(ask)(committed_cast)
    dana = await socket(committed_cast.dana)
    refused = await dana.push("conversation.start", kind="support", prechat={**ANSWERS, "email": "?"})
    assert (refused["type"], refused["fields"]) == (
        "error",
        {"prechat.email": ["Enter a valid email address."]},
    )
    started = await dana.push("conversation.start", kind="support", prechat=ANSWERS)
    again = await dana.push("conversation.start", kind="support", prechat=ANSWERS)
    assert (started["is_new"], again["is_new"]) == (True, False)
    assert started["conversation"]["participants"][0]["member"]["name"] == "Dana Scully"


def test_staff_and_those_without_a_widget_are_not_asked(cast: Cast, asks: Site, api: ApiFactory) -> None:
    by_staff = api(cast.bob).post(START, {"kind": "support", "member": cast.carol.id})
    by_api = api(cast.carol).post(START, {"kind": "support"})
    assert (by_staff.status_code, by_api.status_code) == (201, 200)
    assert not Introduction.objects.exists()


def test_of_others_nobody_but_staff_learns_it(cast: Cast, asks: Site, api: ApiFactory) -> None:
    conversation = str(
        start_conversation(cast.dana.actor, kind=Kind.SUPPORT, prechat=ANSWERS).conversation.pk
    )
    for reader, status in ((cast.dana, 403), (cast.carol, 404), (cast.mallory, 404), (cast.marta, 200)):
        assert introduction(api, reader, conversation).status_code == status


def test_a_conversation_of_staff_has_none(cast: Cast, api: ApiFactory) -> None:
    pair = start_conversation(cast.bob.actor, kind=Kind.DIRECT, member=cast.alice.member.id).conversation
    assert introduction(api, cast.bob, str(pair.pk)).json() == {"name": "", "email": "", "answers": []}


def test_the_cost_of_asking(cast: Cast, asks: Site, api: ApiFactory, django_assert_num_queries: Any) -> None:
    conversation = str(
        start_conversation(cast.dana.actor, kind=Kind.SUPPORT, prechat=ANSWERS).conversation.pk
    )
    reader = api(cast.bob)
    with django_assert_num_queries(4):
        reader.get(f"chat/conversations/{conversation}/introduction/")


# --- what an admin writes -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("questions", "problem"),
    [
        ({}, "Write a list"),
        (["name"], "Question 1: write an object"),
        ([{"kind": "phone"}], "Question 1: write an object"),
        ([{"kind": ["text"]}], "Question 1: write an object"),
        ([NAME, {**EMAIL, "colour": 1}], "Question 2: write only"),
        ([{**NAME, "required": "yes"}], "required is true or false"),
        ([{**NAME, "key": "name"}], "a name has no key"),
        ([NAME, NAME], "Two questions"),
        ([ROOM, ROOM], "Two questions"),
        ([{**ROOM, "key": "email"}], "it needs a key"),
        ([{**ROOM, "key": "Room 1"}], "it needs a key"),
        ([{**ROOM, "key": 1}], "it needs a key"),
        ([{**ROOM, "label": {}}], "says nothing"),
        ([{**ROOM, "label": {"fr": "Chambre"}}], "its label"),
        ([{**ROOM, "label": {"en": "x" * 121}}], "its label"),
        ([{**ROOM, "label": None}], "its label"),
        ([{**ROOM, "choices": []}], "a text has no choices"),
        ([{**TOPIC, "choices": []}], "1 to 20 choices"),
        ([{**TOPIC, "choices": ["a"]}], "each choice"),
        ([{**TOPIC, "choices": [{"key": "a b", "label": {"en": "A"}}]}], "the key of a choice"),
        ([{**TOPIC, "choices": [{"key": "a", "label": {}}]}], "says nothing"),
        ([{**TOPIC, "choices": [{"key": "a", "label": {"en": "A"}}] * 2}], "same key"),
        ([{**ROOM, "key": f"own{number}"} for number in range(6)], "at most 5"),
    ],
)
def test_a_form_that_is_none(questions: object, problem: str) -> None:
    with pytest.raises(ValidationError, match=problem):
        check_prechat(questions)


def test_a_form() -> None:
    check_prechat([])
    check_prechat([*QUESTIONS, {**NAME, "label": {"pt": "Nome"}}][1:])


def test_what_is_left_out_is_not_told() -> None:
    told = read_answers([ROOM, TOPIC], {"room": " 1\n01 "}, known=(), locale="pt-br")  # type: ignore[list-item]
    assert told.answers == [{"key": "room", "label": "Your room", "text": "1 01"}]
