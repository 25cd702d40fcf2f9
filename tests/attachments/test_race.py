"""Fifty people decide about one file at once: it ends in one legal state, and whatever was told fits it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from threading import Barrier
from uuid import UUID, uuid4

import pytest
from django.db import connection, connections

from accounts.models import AuditEntry
from attachments.actions import Decision, review_file
from attachments.models import Attachment, FileState, StorageUse
from common.errors import ParleyError
from messaging.actions import (
    add_version,
    delete_attachment,
    delete_message,
    erase_message,
    send_message,
    start_conversation,
)
from messaging.models import Conversation, Kind, Message
from tests.attachments.kept import shared, uploaded
from tests.cast import Cast, Person

pytestmark = pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer at a time")

MANY = 50
Deed = Callable[[], object]


def all_at_once(deeds: list[Deed]) -> list[str]:
    """What became of each: "" or the code of its error. Whatever else it raises is raised here."""
    barrier = Barrier(len(deeds))

    def do(deed: Deed) -> str:
        try:
            barrier.wait(30)
            deed()
        except ParleyError as error:
            return error.code
        finally:
            connections.close_all()
        return ""

    with ThreadPoolExecutor(len(deeds)) as threads:
        return [one.result() for one in [threads.submit(do, deed) for deed in deeds]]


def review(person: Person, id: str, decision: Decision) -> Deed:
    return partial(review_file, person.actor, attachment_id=UUID(id), decision=decision, reason="So.")


@pytest.fixture
def group(committed_cast: Cast) -> Conversation:
    cast = committed_cast
    members = [cast.carol.member.id, cast.alice.member.id]
    return start_conversation(cast.bob.actor, kind=Kind.GROUP, title="Stairs", members=members).conversation


@pytest.mark.parametrize("is_deleted", [False, True])
def test_one_decision_holds(committed_cast: Cast, group: Conversation, is_deleted: bool) -> None:
    cast = committed_cast
    id = shared(cast.carol, group.pk, "The plan.", state=FileState.PENDING)
    reviewers = [cast.bob, cast.alice, cast.marta]
    decisions = [Decision.APPROVE, Decision.REJECT]
    deeds = [review(reviewers[at % 3], id, decisions[at % 2]) for at in range(MANY)]
    if is_deleted:
        deeds[::5] = [partial(delete_attachment, cast.carol.actor, attachment_id=UUID(id))] * 10
    codes = all_at_once(deeds)
    assert set(codes) <= {"", "conflict", "not_found"}
    file = Attachment.objects.get(pk=id)
    told = list(AuditEntry.objects.filter(verb__startswith="attachment.").values_list("verb", flat=True))
    if is_deleted:
        assert (file.state, file.deleted_by) == (FileState.DELETED, cast.carol.member)
        assert len(told) <= 1
    else:
        assert told == [f"attachment.{file.state}"]
        assert codes.count("") == MANY / 2, "those who said the same, and no other"


def test_it_is_said_once(committed_cast: Cast, group: Conversation) -> None:
    """Sent with twenty messages, deleted by twenty others, decided about by ten."""
    cast = committed_cast
    id = uploaded(cast.carol, group.pk, "The plan.", state=FileState.PENDING)

    def say() -> object:
        return send_message(
            cast.carol.actor,
            conversation_id=group.pk,
            client_id=uuid4(),
            body="Look",
            attachments=[UUID(id)],
        )

    deletes = partial(delete_attachment, cast.carol.actor, attachment_id=UUID(id))
    deeds: list[Deed] = [*[say] * 20, *[deletes] * 20, *[review(cast.alice, id, Decision.APPROVE)] * 10]
    codes = all_at_once(deeds)
    assert set(codes) <= {"", "conflict", "not_found"}
    assert codes[:20].count("") <= 1
    file = Attachment.objects.get(pk=id)
    assert file.state == FileState.DELETED
    said = Message.objects.filter(conversation=group, kind="text")
    assert said.count() == codes[:20].count("") == (file.holder is not None)


def test_whoever_buries_the_message_meanwhile(
    committed_cast: Cast, group: Conversation, tmp_path: Path
) -> None:
    """Approved, given another version, taken out, and its message deleted and erased: nobody waits for ever."""
    cast = committed_cast
    id = shared(cast.carol, group.pk, "The plan.", state=FileState.PENDING)
    message = Attachment.objects.get(pk=id).holder
    assert message
    another = tmp_path / "plan.txt"
    another.write_text("Another plan.")
    version = partial(add_version, cast.carol.actor, attachment_id=UUID(id), path=another, name="plan.txt")
    deeds: list[Deed] = [
        *[review(cast.bob, id, Decision.APPROVE), review(cast.alice, id, Decision.REJECT)] * 15,
        *[version] * 5,
        *[partial(delete_attachment, cast.carol.actor, attachment_id=UUID(id))] * 5,
        *[partial(delete_message, cast.carol.actor, message_id=message)] * 5,
        *[partial(erase_message, cast.alice.actor, message_id=message)] * 5,
    ]
    codes = all_at_once(deeds)
    assert set(codes) <= {"", "conflict", "not_found"}
    kept = Attachment.objects.filter(holder=message)
    assert set(kept.values_list("state", flat=True)) == {FileState.DELETED}
    assert Message.objects.get(pk=message).deleted_at
    used = sum(StorageUse.objects.values_list("bytes", flat=True))
    assert used == sum(one.size for one in kept if one.version > 1)
