"""Finding what was said: by its words, by whom, where and when, and never what one may not see."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from common import ratelimit
from common.clock import now
from messaging import search
from messaging.actions import send_message, start_conversation
from messaging.models import Conversation, Kind, Message, MessageKind, Participant
from messaging.words import terms_of
from tests.cast import Cast, Person
from tests.conftest import Api, ApiFactory

PATH = "chat/messages/"


def say(person: Person, conversation: Conversation, body: str, **more: Any) -> Message:
    sent = send_message(person.actor, conversation_id=conversation.id, client_id=uuid4(), body=body, **more)
    return sent.message


def ask(person: Person, **query: object) -> Any:
    return Api(person).get(f"{PATH}?{urlencode(query)}")


def bodies(person: Person, **query: object) -> list[str]:
    response = ask(person, **query)
    assert response.status_code == 200, response.content
    return [one["message"]["body"] for one in response.json()["results"]]


def change(message: Message, body: str) -> None:
    """As an edit does."""
    message.body = body
    message.save(update_fields=["body"])
    search.index([message])


def delete(message: Message) -> None:
    message.deleted_at = now()
    message.save(update_fields=["deleted_at"])
    search.forget([message])


# --- by words -------------------------------------------------------------------------------------------------------


def test_carol_finds_her_song(cast: Cast, group: Conversation) -> None:
    song = say(cast.carol, group, "Anoche pedí una canción, ¿la ponéis?")
    say(cast.bob, group, "Which one?")
    response = ask(cast.carol, q="cancion")
    timeline = Api(cast.carol).get(f"chat/conversations/{group.id}/messages/").json()["results"]
    assert response.json() == {
        "results": [
            {
                "message": next(one for one in timeline if one["id"] == str(song.id)),
                "excerpt": [["Anoche pedí una ", False], ["canción", True], [", ¿la ponéis?", False]],
            }
        ],
        "next": None,
    }


@pytest.mark.parametrize(
    ("said", "typed"),
    [
        ("La canción de anoche", "CANCIÓN"),
        ("La canción de anoche", "cancio\u0301n"),
        ("La cancio\u0301n de anoche", "canción"),
        ("La canción de anoche", "anoche cancion"),
        ("La canción de anoche", "canc"),
        ("La canción de anoche", "la can"),
        ("Meu coração", "coracao"),
        ("MEU CORAÇÃO", "coração"),
        ("O pequeno-almoço", "almoco"),
        ("O pequeno-almoço", "pequeno-almoço"),
        ("¿Dónde está?", "donde"),
        ("Don't", "don't"),
        ("Write to bob@hotel.example", "hotel"),
        ("Write to bob@hotel.example", "bob@hotel.example"),
        ("https://www.hotel.example/rooms/101?a=b", "rooms 101"),
        ("It is 1.5 m wide", "1.5"),
        ("snake_case", "case"),
        ("«Ahora»", "ahora"),
        ("a&b", "b"),
        ("Sí", "si"),
        ("the night safe", '"night safe"'),
        ("the night safe", '"night sa'),
        ("the night safe", '"THE NIGHT" safe'),
        ("Привет", "привет"),
    ],
)
def test_is_found(cast: Cast, group: Conversation, said: str, typed: str) -> None:
    say(cast.bob, group, "Nothing of that kind")
    say(cast.carol, group, said)
    assert bodies(cast.carol, q=typed) == [said]
    assert any(marked for _, marked in ask(cast.carol, q=typed).json()["results"][0]["excerpt"])


@pytest.mark.parametrize(
    ("said", "typed"),
    [
        ("La canción de anoche", "canción mañana"),
        ("La canción de anoche", "can anoche"),  # only the last word is being typed
        ("the safe of the night", '"night safe"'),
        ("the night safes", '"night safe"'),
        ("hola", "..."),
        ("hola 😀", "😀"),
        ("hola", '"'),
        ("https://x.example", "xample"),
    ],
)
def test_is_not_found(cast: Cast, group: Conversation, said: str, typed: str) -> None:
    say(cast.carol, group, said)
    assert bodies(cast.carol, q=typed) == []


def test_a_long_text_is_cut_around_the_first_match(cast: Cast, group: Conversation) -> None:
    say(cast.carol, group, "antes " * 100 + "la canción " + "después " * 100)
    (found,) = ask(cast.carol, q="canción").json()["results"]
    before, match, after = found["excerpt"]
    assert (match, before[1], after[1]) == (["canción", True], False, False)
    assert before[0].startswith("…antes ")
    assert before[0].endswith("antes la ")
    assert after[0].endswith("después…")
    assert 150 < sum(len(text) for text, _ in found["excerpt"]) <= 202


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    typed=st.one_of(
        st.text(max_size=200), st.text("'\"; &|!():*<->\\%_^+NEARORAND😀áß½ªﬁ\u0301", max_size=40)
    )
)
def test_whatever_is_typed_nothing_breaks(cast: Cast, group: Conversation, typed: str) -> None:
    ratelimit.forget()
    said = "".join(one for one in typed if one != "\x00") or "x"
    found = ask(cast.carol, q=typed)
    assert found.status_code in (200, 400)
    assert found.status_code == 200 or "\x00" in typed
    if said.strip():
        say(cast.carol, group, said)
        ratelimit.forget()
        assert ask(cast.carol, q=said[:200]).status_code == 200


@pytest.mark.parametrize(
    "typed", ["'; & | ! ( ) : *", "a' & b", "foo:*", "NOT x", "a OR b", 'a" NEAR "b', "-zz", "{a b}: c"]
)
def test_nothing_that_is_typed_is_an_operator(cast: Cast, group: Conversation, typed: str) -> None:
    say(cast.carol, group, "ahora")
    assert bodies(cast.carol, q=typed) == []


# --- by whom, where, when -------------------------------------------------------------------------------------------


def test_filters(cast: Cast, group: Conversation, pair: Conversation) -> None:
    say(cast.carol, group, "llave uno")
    say(cast.bob, group, "llave dos")
    say(cast.bob, pair, "llave tres", link_url="https://hotel.example/key")
    say(cast.bob, pair, "see HTTPS://hotel.example")
    yesterday, today = now() - timedelta(days=1), now()
    Message.objects.filter(body="llave uno").update(created_at=yesterday)
    asked: list[tuple[dict[str, object], list[str]]] = [
        ({"q": "llave"}, ["llave tres", "llave dos", "llave uno"]),
        ({"q": "llave", "user": cast.bob.id}, ["llave tres", "llave dos"]),
        ({"user": cast.carol.id}, ["llave uno"]),
        ({"q": "llave", "channel": group.id}, ["llave dos", "llave uno"]),
        ({"conversation": group.id}, ["llave dos", "llave uno"]),
        ({"has": "link"}, ["see HTTPS://hotel.example", "llave tres"]),
        ({"has": "file"}, []),
        ({"q": "llave", "until": yesterday.date()}, ["llave uno"]),
        ({"q": "llave", "since": today.date()}, ["llave tres", "llave dos"]),
        ({"q": "llave", "until": (today - timedelta(hours=1)).isoformat()}, ["llave uno"]),
        ({"q": "llave", "since": (today - timedelta(hours=1)).isoformat()}, ["llave tres", "llave dos"]),
    ]
    for query, expected in asked:
        assert (query, bodies(cast.carol, **query)) == (query, expected)


def test_pages_newest_first(cast: Cast, group: Conversation) -> None:
    said = [say(cast.carol, group, f"llave {number}").body for number in range(7)]
    found, cursor = [], ""
    while True:
        answer = ask(cast.carol, q="llave", limit=3, cursor=cursor).json()
        found += [one["message"]["body"] for one in answer["results"]]
        cursor = answer["next"]
        if not cursor:
            break
    assert found == said[::-1]


def test_the_newest_of_much_are_found_without_the_rest(
    cast: Cast, group: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether they are looked for among the newest, or by the index, the answer is the same."""
    said = [say(cast.carol, group, f"llave {number}").body for number in range(9)]
    monkeypatch.setattr(search, "MUCH", 0)
    for newest in (0, 4, 100):
        for many in (0, 100):
            monkeypatch.setattr(search, "NEWEST", newest)
            monkeypatch.setattr(search, "FEW", many)
            monkeypatch.setattr(search, "MANY", many)
            for person in (cast.carol, cast.alice, cast.bob):
                assert bodies(person, q="llave") == said[::-1]
                assert bodies(person, q="llave 5") == ["llave 5"]
                assert bodies(person, q="llave", limit=2) == ["llave 8", "llave 7"]


# --- who is turned away ---------------------------------------------------------------------------------------------


def test_only_what_one_may_see(cast: Cast, group: Conversation, support: Conversation) -> None:
    say(cast.bob, group, "secreto del grupo")
    say(cast.carol, support, "secreto de Carol")
    theirs = start_conversation(cast.paula.actor, kind=Kind.SUPPORT).conversation
    say(cast.paula, theirs, "secreto de Paula")
    seen = {
        person: bodies(person, q="secreto") for person in (cast.carol, cast.vera, cast.dana, cast.mallory)
    }
    assert seen == {
        cast.carol: ["secreto de Carol", "secreto del grupo"],
        cast.vera: [],
        cast.dana: [],
        cast.mallory: ["secreto de Paula"],
    }
    assert bodies(cast.marta, q="secreto") == ["secreto de Carol", "secreto del grupo"]


def test_one_who_left_finds_nothing_there(cast: Cast, group: Conversation) -> None:
    say(cast.carol, group, "llave")
    assert bodies(cast.carol, q="llave") == ["llave"]
    Participant.objects.filter(conversation=group, member=cast.carol.member).update(left_at=now())
    assert bodies(cast.carol, q="llave") == []
    assert ask(cast.carol, q="llave", channel=group.id).status_code == 404


def test_a_viewer_finds_what_is_said_in_their_space(cast: Cast) -> None:
    def channel(title: str, space: Any) -> Conversation:
        return start_conversation(
            cast.alice.actor, kind=Kind.CHANNEL, title=title, space=space.id
        ).conversation

    say(cast.alice, channel("101", cast.room), "llave de la 101")
    say(cast.alice, channel("102", cast.other_room), "llave de la 102")
    assert bodies(cast.vera, q="llave") == ["llave de la 101"]
    assert bodies(cast.bob, q="llave") == ["llave de la 102", "llave de la 101"]


def test_what_is_changed_or_deleted_leaves_at_once(cast: Cast, group: Conversation) -> None:
    message = say(cast.carol, group, "mi clave es 4711")
    change(message, "mi canción")
    assert (bodies(cast.carol, q="clave"), bodies(cast.carol, q="canción")) == ([], ["mi canción"])
    delete(message)
    for person in (cast.carol, cast.alice):
        assert (bodies(person, q="canción"), bodies(person)) == ([], [])


def test_what_the_system_says_is_not_found(cast: Cast, group: Conversation) -> None:
    say(cast.bob, group, "llave")
    Message.objects.update(kind=MessageKind.SYSTEM)
    assert (bodies(cast.carol, q="llave"), bodies(cast.alice)) == ([], [])


def test_what_is_noted_is_found_by_the_staff(cast: Cast, support: Conversation) -> None:
    say(cast.bob, support, "llave", kind=MessageKind.NOTE)
    assert (bodies(cast.carol, q="llave"), bodies(cast.alice, q="llave")) == ([], ["llave"])
    assert (bodies(cast.carol), bodies(cast.alice)) == ([], ["llave"])


@pytest.mark.parametrize("field", ["channel", "conversation", "user"])
def test_foreign_ids_are_as_unheard_of(cast: Cast, group: Conversation, field: str) -> None:
    foreign = {"user": cast.paula.id}.get(field) or start_conversation(
        cast.paula.actor, kind=Kind.SUPPORT
    ).conversation.id
    answers = [ask(cast.alice, **{field: id}) for id in (foreign, uuid4())]
    assert [one.status_code for one in answers] == [404, 404]
    assert answers[0].json() == answers[1].json()


def test_whom_one_may_not_know_of_cannot_be_asked_for(cast: Cast, group: Conversation) -> None:
    assert ask(cast.carol, user=cast.dana.id).status_code == 404
    assert ask(cast.carol, user=cast.greta.id).status_code == 404


def test_what_somebody_said_who_was_removed_is_found(cast: Cast, group: Conversation) -> None:
    message = say(cast.bob, group, "llave")
    Message.objects.filter(pk=message.pk).update(sender=cast.greta.member)
    assert bodies(cast.carol, user=cast.greta.id) == ["llave"]


@pytest.mark.parametrize(
    "query",
    [
        {"q": "x" * 201},
        {"channel": "x"},
        {"user": "x"},
        {"since": "yesterday"},
        {"since": "2026-02-31"},
        {"until": "9999-12-31"},
        {"until": "9999-12-31T23:59:59-14:00"},
        {"since": "0001-01-01T00:00:00+14:00"},
        {"has": "money"},
        {"cursor": "x"},
        {"limit": 101},
        {"limit": 0},
    ],
    ids=lambda query: str(next(iter(query.items())))[:40],
)
def test_bad_queries_are_named(cast: Cast, group: Conversation, query: dict[str, object]) -> None:
    response = ask(cast.carol, **query)
    assert response.status_code == 400, response.content
    assert set(response.json()["error"]["fields"]) == set(query)


def test_there_is_a_limit(cast: Cast, group: Conversation) -> None:
    answers = [ask(cast.carol, q="llave") for _ in range(61)]
    assert [one.status_code for one in answers] == [200] * 60 + [429]
    assert int(answers[-1]["Retry-After"]) > 0
    assert ask(cast.bob, q="llave").status_code == 200


def test_the_cost_does_not_grow_with_what_is_found(
    cast: Cast, group: Conversation, pair: Conversation, django_assert_max_num_queries: Any
) -> None:
    # The token, (on PostgreSQL) the ways to see, the ids, the messages, the participants.
    for _ in range(3):
        for conversation in (group, pair):
            say(cast.carol, conversation, "llave")
        with django_assert_max_num_queries(6):
            assert bodies(cast.carol, q="llave")


# --- sending --------------------------------------------------------------------------------------------------------


def test_a_message_is_sent_to_a_channel(
    cast: Cast, group: Conversation, api: ApiFactory, client_id: str
) -> None:
    carol = api(cast.carol)
    data = {"channel": str(group.id), "message": "  Hola", "client_id": client_id}
    first, again = carol.post(PATH, data), carol.post(PATH, data)
    (told,) = carol.get(f"chat/conversations/{group.id}/messages/").json()["results"]
    assert (told["body"], told["client_id"]) == ("  Hola", client_id)
    assert (first.status_code, first.json()) == (201, told)
    assert (again.status_code, again.json()) == (200, {**told, "duplicate": True})


def test_without_a_client_id_each_is_a_new_one(cast: Cast, group: Conversation, api: ApiFactory) -> None:
    for _ in range(2):
        assert api(cast.carol).post(PATH, {"channel": str(group.id), "message": "Hola"}).status_code == 201
    assert bodies(cast.carol, q="hola") == ["Hola", "Hola"]


@pytest.mark.parametrize(
    ("data", "field"), [({}, "channel"), ({"channel": "x"}, "channel"), ({"message": " "}, "message")]
)
def test_what_is_wrong_is_named(
    cast: Cast, group: Conversation, api: ApiFactory, data: dict[str, str], field: str
) -> None:
    sent = data if field == "channel" else {"channel": str(group.id), **data}
    response = api(cast.carol).post(PATH, sent)
    assert (response.status_code, list(response.json()["error"]["fields"])) == (400, [field])


def test_outsiders_cannot_send(cast: Cast, group: Conversation, api: ApiFactory) -> None:
    for outsider in (cast.dana, cast.mallory):
        assert api(outsider).post(PATH, {"channel": str(group.id)}).status_code == 404


def test_terms() -> None:
    def shown(typed: str) -> list[str]:
        return [" ".join(term.words) + "*" * term.goes_on for term in terms_of(typed)]

    assert shown('hola "la llave" sol') == ["hola", "la llave", "sol*"]
    assert shown('hola "la llave"') == ["hola", "la llave"]
    assert shown('hola "la llave') == ["hola", "la", "llave*"]
    assert shown(" ,, ") == shown('""') == []
