"""How much may be shared: by the hotel, in a space of it, by one guest; and who hears that it is nearly full."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from accounts.models import Organisation
from attachments.actions import purge_files
from attachments.models import Attachment, StorageUse, UploadPolicy
from messaging.actions import delete_attachment, start_conversation
from messaging.models import Conversation, Kind
from tests.attachments.sharing import taken, upload
from tests.cast import Cast, Person
from tests.conftest import Api

KILO = b"x" * 1000


@pytest.fixture
def policy(cast: Cast) -> UploadPolicy:
    return UploadPolicy.objects.create(organisation=cast.hotel, quota=10_000, guest_quota=3000)


def fill(person: Person, conversation: Conversation, kilos: int) -> None:
    for number in range(kilos):
        taken(person, conversation, f"{number}.txt", KILO)


def told(person: Person) -> list[Any]:
    results = Api(person).get("notifications/").json()["results"]
    return [one["data"]["title"] for one in results if one["kind"] == "storage"]


def used(organisation: Organisation) -> dict[str, int]:
    uses = StorageUse.objects.filter(organisation=organisation).select_related("space")
    return {one.space.name if one.space else "": one.bytes for one in uses}


def test_managers_hear_of_it_twice(cast: Cast, support: Conversation, policy: UploadPolicy) -> None:
    fill(cast.bob, support, 7)
    assert told(cast.alice) == []
    fill(cast.bob, support, 1)
    assert told(cast.alice) == told(cast.marta) == ["80 %"]
    fill(cast.bob, support, 2)
    assert told(cast.alice) == ["95 %", "80 %"]
    assert told(cast.bob) == told(cast.carol) == []
    full = upload(cast.bob, support, ("more.txt", b"."))
    assert full.status_code == 413
    assert full.json()["results"][0]["error"]["code"] == "too_large"


def test_a_space_is_counted_by_itself_too(cast: Cast, policy: UploadPolicy) -> None:
    UploadPolicy.objects.create(organisation=cast.hotel, space=cast.room, quota=2000)
    room = start_conversation(cast.bob.actor, kind=Kind.CHANNEL, title="Lifts", space=cast.room.pk)
    fill(cast.bob, room.conversation, 2)
    assert used(cast.hotel) == {"": 2000, cast.room.name: 2000}
    assert told(cast.alice) == [f"95 % · {cast.room.name}"]
    assert upload(cast.bob, room.conversation, ("more.txt", b".")).status_code == 413
    other = start_conversation(cast.bob.actor, kind=Kind.CHANNEL, title="Pools", space=cast.other_room.pk)
    fill(cast.bob, other.conversation, 1)
    assert used(cast.hotel) == {"": 3000, cast.room.name: 2000, cast.other_room.name: 1000}

    for file in Attachment.objects.filter(space=cast.room):
        delete_attachment(cast.bob.actor, attachment_id=file.pk)
    purge_files(quarantined_for=timedelta(days=7))
    assert used(cast.hotel) == {"": 1000, cast.room.name: 0, cast.other_room.name: 1000}


def test_a_guest_has_a_quota_of_its_own(cast: Cast, policy: UploadPolicy) -> None:
    own = start_conversation(cast.dana.actor, kind=Kind.SUPPORT).conversation
    fill(cast.dana, own, 3)
    response = upload(cast.dana, own, ("more.txt", b"."))
    assert response.status_code == 413
    [told] = response.json()["results"]
    assert told["error"]["message"] == "You have shared as many files as a visitor may."
    assert used(cast.hotel) == {"": 3000}
    fill(cast.bob, own, 1)


def test_each_kind_has_its_size(cast: Cast, support: Conversation, policy: UploadPolicy) -> None:
    UploadPolicy.objects.update(max_bytes=2000, max_bytes_by_kind={"text": 500})
    assert upload(cast.bob, support, ("a.txt", KILO)).status_code == 413
    assert upload(cast.bob, support, ("a.txt", KILO[:500])).status_code == 201
    assert upload(cast.bob, support, ("a.csv", b"1,2\n" * 126)).status_code == 413
