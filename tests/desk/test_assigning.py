"""Bob takes Carol's question, Marta gives it to somebody else, and it is put back, resolved and opened again."""

from __future__ import annotations

from typing import Any
from unittest.mock import ANY
from uuid import uuid4

import pytest

from accounts.actions import deactivate_member
from accounts.models import AuditEntry, Role
from delivery.models import NoticeKind, Notification
from desk.models import Assignment, State
from messaging.actions import send_message, start_conversation
from messaging.models import Conversation, Kind
from tests.cast import Cast, Person, make_person
from tests.conftest import ApiFactory, Published

MEMBER = {"bob": "agent", "marta": "manager", "alice": "admin", "carol": "client"}


def named(cast: Cast, name: str) -> dict[str, str]:
    return {"id": getattr(cast, name).id, "name": name.title(), "role": MEMBER[name]}


def say(who: Person, conversation: Conversation, body: str) -> None:
    send_message(who.actor, conversation_id=conversation.id, client_id=uuid4(), body=body)


def frames(published: Published) -> list[tuple[dict[str, Any], set[str]]]:
    return [(event.frame(), {str(one) for one in audience}) for event, audience in published()]


def take(api: ApiFactory, who: Person, conversation: Conversation, member: str | None = None) -> Any:
    body = {"conversation": str(conversation.pk)}
    return api(who).post("desk/assign/", {**body, "member": member} if member else body)


def active(conversation: Conversation) -> Assignment:
    return Assignment.objects.get(conversation=conversation, state=State.ACTIVE)


def end(api: ApiFactory, who: Person, assignment: Assignment, how: str) -> Any:
    return api(who).post(f"desk/{assignment.pk}/{how}/")


def test_bob_takes_it_and_all_are_told(
    cast: Cast, support: Conversation, api: ApiFactory, published: Published
) -> None:
    say(cast.carol, support, "Is breakfast included?")
    published()
    answer = take(api, cast.bob, support)
    assert answer.status_code == 200
    assert answer.json() == {
        "id": ANY,
        "conversation": str(support.pk),
        "assignee": named(cast, "bob"),
        "assigned_by": named(cast, "bob"),
        "state": "active",
        "created_at": ANY,
        "ended_at": None,
    }
    (assigned, heard), (line, hears) = frames(published)
    assert assigned == {
        "type": "conversation",
        "conversation": str(support.pk),
        "version": 3,
        "event": "assigned",
        "data": {
            "assignee": named(cast, "bob"),
            "status": "open",
            "participant": {
                "member": named(cast, "bob"),
                "role": "member",
                "joined_at": ANY,
                "delivered_seq": 0,
                "read_seq": 0,
            },
        },
    }
    assert heard == {cast.carol.id, cast.bob.id, cast.marta.id, cast.alice.id}
    assert hears == {cast.carol.id, cast.bob.id}
    assert line["message"]["system"] == {"event": "assigned", "member": named(cast, "bob")}

    told = api(cast.carol).get(f"chat/conversations/{support.pk}/").json()
    assert (told["assignee"], told["status"]) == (named(cast, "bob"), "open")
    assert not Notification.objects.exists()
    entry = AuditEntry.objects.get(verb="conversation.assigned")
    assert (entry.actor, entry.data) == (cast.bob.member, {"assignee": cast.bob.id})


def test_taking_twice_is_taking(
    cast: Cast, support: Conversation, api: ApiFactory, published: Published
) -> None:
    first = take(api, cast.bob, support).json()
    published()
    assert take(api, cast.bob, support).json() == first
    assert published() == []


def test_who_was_slower_is_told_who_has_it(cast: Cast, support: Conversation, api: ApiFactory) -> None:
    """An agent does not see it any more, a manager does: both learn the same."""
    eve = make_person(cast.hotel, Role.AGENT, "Eve")
    take(api, cast.bob, support)
    for slower in (eve, cast.marta):
        refused = take(api, slower, support)
        assert refused.status_code == 409
        assert refused.json()["error"]["current"]["assignee"] == named(cast, "bob")


def test_who_answers_first_takes_it(
    cast: Cast, support: Conversation, api: ApiFactory, published: Published
) -> None:
    say(cast.carol, support, "Is breakfast included?")
    published()
    say(cast.bob, support, "Yes")
    told = [(frame["event"], hearers) for frame, hearers in frames(published)]
    both = {cast.carol.id, cast.bob.id}
    assert told == [("assigned", both | {cast.marta.id, cast.alice.id}), ("created", both), ("created", both)]
    assert active(support).assignee == cast.bob.member
    support.refresh_from_db()
    assert (support.assignee, support.queue_open) == (cast.bob.member, False)


def test_marta_gives_it_to_bob_who_finds_a_notice(cast: Cast, support: Conversation, api: ApiFactory) -> None:
    given = take(api, cast.marta, support, cast.bob.id).json()
    assert (given["assignee"], given["assigned_by"]) == (named(cast, "bob"), named(cast, "marta"))
    notice = Notification.objects.get(kind=NoticeKind.ASSIGNMENT)
    assert (notice.member, notice.conversation) == (cast.bob.member, support)


def test_marta_passes_it_on(cast: Cast, support: Conversation, api: ApiFactory) -> None:
    take(api, cast.bob, support)
    assert take(api, cast.marta, support, cast.alice.id).status_code == 200
    history = api(cast.bob).get(f"desk/assignments/?conversation={support.pk}").json()
    assert [(one["assignee"]["name"], one["state"]) for one in history["results"]] == [
        ("Alice", "active"),
        ("Bob", "passed_on"),
    ]


def test_bob_puts_it_back_where_it_was(
    cast: Cast, support: Conversation, api: ApiFactory, published: Published
) -> None:
    later = start_conversation(cast.dana.actor, kind=Kind.SUPPORT).conversation
    take(api, cast.bob, support)
    published()
    answer = end(api, cast.bob, active(support), "release")
    assert (answer.status_code, answer.json()["state"]) == (200, "released")
    (released, heard), (line, _) = frames(published)
    assert (released["event"], released["data"]) == ("released", {"assignee": None, "status": "open"})
    assert {cast.marta.id, cast.alice.id, cast.bob.id, cast.carol.id} == heard
    assert line["message"]["system"] == {"event": "released"}
    queue = api(cast.marta).get("desk/queue/").json()["results"]
    assert [one["conversation"]["id"] for one in queue] == [str(support.pk), str(later.pk)]


def test_bob_resolves_it_and_carols_next_word_opens_it_again(
    cast: Cast, support: Conversation, api: ApiFactory, published: Published
) -> None:
    take(api, cast.bob, support)
    published()
    assert end(api, cast.bob, active(support), "resolve").json()["state"] == "resolved"
    (resolved, _), (line, _) = frames(published)
    assert resolved["data"] == {"assignee": named(cast, "bob"), "status": "closed"}
    assert line["message"]["system"] == {"event": "resolved"}

    say(cast.carol, support, "And tea?")
    told = [(frame["event"], hearers) for frame, hearers in frames(published)]
    all_of_them = {cast.carol.id, cast.bob.id, cast.marta.id, cast.alice.id}
    assert told == [("reopened", all_of_them), ("created", all_of_them), ("created", all_of_them)]
    support.refresh_from_db()
    assert (support.status, support.closed_at, support.queue_open, support.assignee) == (
        "open",
        None,
        True,
        None,
    )


def test_what_staff_add_to_it_leaves_it_resolved(cast: Cast, support: Conversation, api: ApiFactory) -> None:
    take(api, cast.bob, support)
    end(api, cast.bob, active(support), "resolve")
    say(cast.bob, support, "It was a pleasure")
    support.refresh_from_db()
    assert support.status == "closed"


def test_a_client_has_one_that_is_open(cast: Cast, support: Conversation, api: ApiFactory) -> None:
    """Who has begun another one writes there; and nobody opens the old one for them."""
    take(api, cast.bob, support)
    end(api, cast.bob, active(support), "resolve")
    start_conversation(cast.carol.actor, kind=Kind.SUPPORT)
    body = {"client_id": str(uuid4()), "body": "Hello?"}
    refused = api(cast.carol).post(f"chat/conversations/{support.pk}/messages/", body)
    assert refused.status_code == 409
    assert take(api, cast.bob, support).status_code == 409
    support.refresh_from_db()
    assert (support.status, support.last_seq) == ("closed", 2)


def test_bob_opens_again_what_he_resolved(cast: Cast, support: Conversation, api: ApiFactory) -> None:
    take(api, cast.bob, support)
    end(api, cast.bob, active(support), "resolve")
    assert take(api, cast.bob, support).json()["state"] == "active"
    support.refresh_from_db()
    assert (support.status, support.closed_at, support.assignee) == ("open", None, cast.bob.member)


def test_whoever_leaves_serves_it_no_more(cast: Cast, support: Conversation, api: ApiFactory) -> None:
    take(api, cast.bob, support)
    assert api(cast.bob).post(f"chat/conversations/{support.pk}/leave/").status_code == 204
    support.refresh_from_db()
    assert (support.queue_open, support.assignee) == (True, None)
    assert [one.state for one in Assignment.objects.all()] == [State.RELEASED]


def test_the_lists_of_mine_and_of_nobodys(cast: Cast, support: Conversation, api: ApiFactory) -> None:
    waiting = start_conversation(cast.dana.actor, kind=Kind.SUPPORT).conversation
    take(api, cast.bob, support)

    def listed(assigned: str) -> list[str]:
        answer = api(cast.bob).get(f"chat/conversations/?assigned={assigned}")
        return [one["id"] for one in answer.json()["results"]]

    assert (listed("me"), listed("none")) == ([str(support.pk)], [str(waiting.pk)])
    end(api, cast.bob, active(support), "resolve")
    assert listed("me") == []
    assert api(cast.bob).get("chat/conversations/?assigned=us").status_code == 400


# --- who is turned away ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["carol", "mallory", "dana"])
def test_nobody_else_takes_it(cast: Cast, support: Conversation, api: ApiFactory, who: str) -> None:
    """Its client is an insider; whoever does not see it learns nothing, taken or not."""
    expected = 403 if who == "carol" else 404
    assert take(api, getattr(cast, who), support).status_code == expected
    take(api, cast.bob, support)
    assert take(api, getattr(cast, who), support).status_code == expected


def test_an_agent_gives_nothing_to_others(cast: Cast, support: Conversation, api: ApiFactory) -> None:
    assert take(api, cast.bob, support, cast.marta.id).status_code == 403


@pytest.mark.parametrize(("who", "expected"), [("carol", 400), ("greta", 404), ("oscar", 404)])
def test_only_staff_who_are_there_serve(
    cast: Cast, support: Conversation, api: ApiFactory, who: str, expected: int
) -> None:
    assert take(api, cast.marta, support, getattr(cast, who).id).status_code == expected


def test_what_is_no_support_is_not_served(cast: Cast, api: ApiFactory) -> None:
    group = start_conversation(
        cast.bob.actor, kind=Kind.GROUP, members=[cast.carol.member.id], title="Keys"
    ).conversation
    assert take(api, cast.bob, group).status_code == 400


@pytest.mark.parametrize("how", ["release", "resolve"])
def test_only_who_serves_it_ends_it(cast: Cast, support: Conversation, api: ApiFactory, how: str) -> None:
    eve = make_person(cast.hotel, Role.AGENT, "Eve")
    take(api, cast.bob, support)
    assignment = active(support)
    say(cast.marta, support, "I am here, too")
    assert end(api, eve, assignment, how).status_code == 404
    assert end(api, cast.oscar, assignment, how).status_code == 404
    assert end(api, cast.carol, assignment, how).status_code == 403
    api(cast.bob).post(f"chat/conversations/{support.pk}/add_participant/", {"member": eve.id})
    assert end(api, eve, assignment, how).status_code == 403
    assert end(api, cast.marta, assignment, how).status_code == 200
    again = end(api, cast.bob, assignment, how)
    assert again.status_code == 409
    assert again.json()["error"]["current"]["id"] == str(assignment.pk)


def test_who_is_gone_serves_nobody(
    cast: Cast, support: Conversation, api: ApiFactory, published: Published
) -> None:
    """What Bob had resolved stays so; what he serves is in the queue again, for his colleagues."""
    take(api, cast.bob, support)
    done = start_conversation(cast.dana.actor, kind=Kind.SUPPORT).conversation
    take(api, cast.bob, done)
    end(api, cast.bob, active(done), "resolve")
    published()

    deactivate_member(cast.alice.actor, member_id=cast.bob.member.id)
    support.refresh_from_db()
    done.refresh_from_db()
    assert (support.assignee, support.queue_open) == (None, True)
    assert (done.assignee, done.queue_open) == (cast.bob.member, False)
    assert [one.state for one in Assignment.objects.order_by("pk")] == [State.RELEASED, State.RESOLVED]
    [(frame, audience)] = [one for one in frames(published) if one[0]["type"] == "conversation"]
    assert (frame["event"], frame["conversation"]) == ("released", str(support.pk))
    assert {cast.carol.id, cast.marta.id} <= audience
    entry = AuditEntry.objects.get(verb="conversation.released")
    assert (entry.actor, entry.object_id) == (cast.alice.member, str(support.pk))
    deactivate_member(cast.alice.actor, member_id=cast.bob.member.id)
    assert published() == []
