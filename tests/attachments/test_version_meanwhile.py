"""While Bob's next version is looked into, what let him add one may end: then there is none."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest

from attachments.actions import uploading
from attachments.actions.keeping import look
from attachments.models import Attachment, StorageUse
from messaging.actions import delete_message
from messaging.models import Conversation, Message, Participant
from tests.attachments.sharing import say_with, taken
from tests.attachments.test_share_a_file import add_version
from tests.cast import Cast


def demoted(cast: Cast, support: Conversation) -> None:
    Conversation.objects.filter(pk=support.pk).update(assignee=cast.alice.member)


def removed(cast: Cast, support: Conversation) -> None:
    Participant.objects.filter(member=cast.bob.member).delete()
    Conversation.objects.filter(pk=support.pk).update(queue_open=False)


def deleted(cast: Cast, support: Conversation) -> None:
    message = Message.objects.get(is_adorned=True)
    delete_message(cast.carol.actor, message_id=message.pk)


@pytest.mark.parametrize(("change", "status"), [(demoted, 403), (removed, 404), (deleted, 409)])
def test_a_right_that_ends_meanwhile(
    cast: Cast,
    support: Conversation,
    monkeypatch: pytest.MonkeyPatch,
    change: Callable[[Cast, Conversation], None],
    status: int,
) -> None:
    id = taken(cast.carol, support, "a.txt", b"Hello")["id"]
    say_with(cast.carol, support, id)
    say_with(cast.bob, support, body="I will look.")
    before = StorageUse.objects.get(space=None).bytes

    def and_meanwhile(*args: object, **options: object) -> object:
        change(cast, support)
        return look(*args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(uploading, "look", and_meanwhile)
    response = add_version(cast.bob, id, b"Hello, all")
    assert response.status_code == status, response.content
    assert [one.pk for one in Attachment.objects.all()] == [UUID(id)]
    assert StorageUse.objects.get(space=None).bytes == before
