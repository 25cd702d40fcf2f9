"""Several want to settle one request at the same moment: one does, and the others are told what has become of it."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

from accounts.models import AuditEntry
from attachments.models import Attachment
from common.errors import Conflict
from messaging.queries import MAX_FILES
from portal.actions import (
    add_file,
    approve_request,
    change_request,
    create_request,
    reject_request,
    withdraw_request,
)
from portal.models import ClientRequest
from tests.cast import Cast, Person
from tests.desk.test_at_once import at_once
from tests.portal.asked import asked, enclosed


def test_two_decide(committed_cast: Cast) -> None:
    cast, request = committed_cast, asked(committed_cast.carol, committed_cast.room)
    outcomes = at_once(
        lambda: approve_request(cast.marta.actor, request_id=request.pk),
        lambda: reject_request(cast.alice.actor, request_id=request.pk),
    )
    won = [one for one in outcomes if isinstance(one, ClientRequest)]
    lost = [one for one in outcomes if isinstance(one, Conflict)]
    assert (len(won), len(lost)) == (1, 1)
    assert (lost[0].current or {})["status"] == won[0].status
    request.refresh_from_db()
    assert (request.status, request.decided_by_id, request.version) == (
        won[0].status,
        won[0].decided_by_id,
        2,
    )
    assert AuditEntry.objects.filter(verb__startswith="request.").count() == 1


def test_many_settle_it(committed_cast: Cast) -> None:
    cast, request = committed_cast, asked(committed_cast.carol, committed_cast.room)
    outcomes = at_once(
        *(lambda: approve_request(cast.marta.actor, request_id=request.pk),) * 2,
        *(lambda: withdraw_request(cast.carol.actor, request_id=request.pk),) * 2,
        lambda: change_request(cast.carol.actor, request_id=request.pk, title="More"),
    )
    settled = [one for one in outcomes if isinstance(one, ClientRequest) and one.title != "More"]
    settled += [one for one in outcomes if isinstance(one, ClientRequest) and one.version > 2]
    assert len({one.status for one in settled}) == 1
    assert all(isinstance(one, ClientRequest | Conflict) for one in outcomes)
    request.refresh_from_db()
    assert request.version - 1 == len([one for one in outcomes if isinstance(one, ClientRequest)])


def test_two_tabs_ask_for_the_same(committed_cast: Cast) -> None:
    cast, client_id = committed_cast, uuid4()

    def ask() -> tuple[ClientRequest, bool]:
        return create_request(
            cast.carol.actor, client_id=client_id, space=cast.room.pk, kind="info", title="Why?"
        )

    outcomes = at_once(*[ask] * 4)
    made = [one for one in outcomes if isinstance(one, tuple)]
    assert len(made) == 4
    assert sorted(is_new for _, is_new in made) == [False, False, False, True]
    assert len({one.pk for one, _ in made}) == ClientRequest.objects.count() == 1


def test_two_bring_the_last_file(committed_cast: Cast, tmp_path: Path) -> None:
    cast, request = committed_cast, asked(committed_cast.carol, committed_cast.room)
    for number in range(MAX_FILES - 1):
        enclosed(cast.carol, request, f"No. {number}", position=number)
    note = tmp_path / "note.txt"
    note.write_text("Hello")

    def bring(who: Person) -> object:
        return add_file(who.actor, request_id=request.pk, path=note, name="note.txt")

    outcomes = at_once(lambda: bring(cast.carol), lambda: bring(cast.bob))
    assert sorted(type(one).__name__ for one in outcomes) == ["Attachment", "InvalidInput"]
    held = Attachment.objects.filter(holder=request.pk).order_by("position")
    assert list(held.values_list("position", flat=True)) == list(range(MAX_FILES))
