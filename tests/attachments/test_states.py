"""Every reader, every state of a file, every way to its bytes: who gets them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings as django_settings
from django.core.files.base import ContentFile

from accounts.models import Role
from attachments.filing import beside
from attachments.models import Attachment, FileState, Mode, ShareLink, Thumbnail
from attachments.signing import Grant, grant_of_link, next_expiry, token_of
from attachments.storage import bytes_of
from common.clock import now
from common.ids import digest_of
from messaging.actions import send_message, start_conversation
from messaging.models import Conversation, Kind
from tests.attachments.kept import shared, uploaded
from tests.cast import Cast, Person, make_person
from tests.clients import Client
from tests.conftest import Api

TOKEN = "a-token-that-somebody-was-given"
WORDS = "The plan of the stairs."

# Who reads what Carol has said in a group of hers, Bob and Rosa, before it is approved and after.
UPLOADER, REVIEWERS, READERS = {"carol"}, {"bob", "marta", "alice"}, {"rosa"}
OUTSIDERS = {"zoe", "vera", "dana", "robo", "mallory", "oscar", "paula", "nobody"}
EVERYBODY = UPLOADER | REVIEWERS | READERS | OUTSIDERS
BEFORE, AFTER = UPLOADER | REVIEWERS, UPLOADER | REVIEWERS | READERS
READ_BY = {
    FileState.SCANNING: BEFORE,
    FileState.PENDING: BEFORE,
    FileState.APPROVED: AFTER,
    FileState.REJECTED: set(),
    FileState.INFECTED: set(),
    FileState.DELETED: set(),
}
WAYS = ["whole", "inline", "HEAD", "part", *(f"thumbnail {one}" for one in django_settings.THUMBNAILS)]


@dataclass
class Stage:
    people: dict[str, Person]
    first: Attachment
    second: Attachment

    def set(self, state: FileState) -> None:
        at = {"deleted_at": now()} if state == FileState.DELETED else {}
        Attachment.objects.update(state=state, **at)


@pytest.fixture
def stage(cast: Cast) -> Stage:
    rosa = make_person(cast.hotel, Role.CLIENT, "Rosa")
    zoe = make_person(cast.hotel, Role.CLIENT, "Zoe")
    group = start_conversation(
        cast.bob.actor, kind=Kind.GROUP, title="Stairs", members=[rosa.member.id, cast.carol.member.id]
    ).conversation
    first = Attachment.objects.get(pk=shared(cast.carol, group.pk, WORDS))
    second = Attachment.objects.get(pk=uploaded(cast.carol, group.pk, WORDS + " Again."))
    Attachment.objects.filter(pk=second.pk).update(
        original=first, version=2, holder=first.holder, holder_kind=first.holder_kind, is_current=False
    )
    for file in (first, second):
        for size in django_settings.THUMBNAILS:
            Thumbnail.objects.create(attachment=file, size=size, width=size, height=size, extension="webp")
            bytes_of().save(beside(file.key, str(size), "webp"), ContentFile(b"small"))
    people = {name: getattr(cast, name) for name in EVERYBODY - {"rosa", "zoe", "nobody"}}
    return Stage({**people, "rosa": rosa, "zoe": zoe}, first, second)


def asked(stage: Stage, who: str, file: Attachment, way: str) -> Any:
    person = stage.people.get(who)
    api = Api(person, **({"Range": "bytes=1-3"} if way == "part" else {}))
    name, _, size = way.partition(" ")
    query = {"inline": "?inline=true", "thumbnail": f"?size={size}"}.get(name, "")
    return api.call("head" if way == "HEAD" else "get", f"chat/download/{file.pk}/{query}")


@pytest.mark.parametrize("state", FileState)
def test_who_reads_its_bytes(stage: Stage, state: FileState) -> None:
    stage.set(state)
    for file in (stage.first, stage.second):
        for way in WAYS:
            good = 206 if way == "part" else 200
            refused = {"nobody": 401}
            for who in EVERYBODY:
                expected = good if who in READ_BY[state] else refused.get(who, 404)
                answer = asked(stage, who, file, way)
                assert (who, way, answer.status_code) == (who, way, expected)
                if expected == 404 and way != "HEAD":
                    assert answer.json()["error"]["message"] == "There is no such file here."


@pytest.mark.parametrize("state", FileState)
def test_who_is_told_what_it_is(stage: Stage, state: FileState) -> None:
    """The others who read the message are told that there is one, and where it stands."""
    stage.set(state)
    for who in EVERYBODY - {"nobody"}:
        answer = Api(stage.people[who]).get(f"chat/attachments/{stage.first.pk}/")
        is_insider = who in AFTER and state != FileState.DELETED
        assert (who, answer.status_code) == (who, 200 if is_insider else 404)
        if is_insider:
            knows = who in BEFORE or state == FileState.APPROVED
            assert (who, answer.json()["name"] is not None) == (who, knows)
            listed = Api(stage.people[who]).get(f"chat/attachments/{stage.first.pk}/versions/").json()
            assert [one["name"] is not None for one in listed["results"]] == [knows, knows]


@pytest.mark.parametrize("state", FileState)
@pytest.mark.parametrize("mode", Mode)
def test_whoever_has_a_link(stage: Stage, state: FileState, mode: Mode) -> None:
    for file in (stage.first, stage.second):
        ShareLink.objects.all().delete()
        link = ShareLink.objects.create(
            organisation_id=file.organisation_id,
            attachment=file,
            creator=stage.people["bob"].member,
            digest=digest_of(TOKEN),
            mode=mode,
            expires_at=now() + timedelta(days=1),
        )
        stage.set(state)
        good = state == FileState.APPROVED
        grant = f"/s/{TOKEN}/file/?grant={grant_of_link(link.pk)}"
        codes = [
            Client().get(f"/s/{TOKEN}/").status_code,
            Client().head(f"/s/{TOKEN}/").status_code,
            Client().get(grant).status_code,
            Client().head(grant).status_code,
            Client().post(f"/s/{TOKEN}/").status_code,
        ]
        assert codes == ([200, 200, 200, 200, 303] if good else [404] * 5)
        part = Client().get(grant, headers={"Range": "bytes=1-3"})
        assert part.status_code == (206 if good else 404)


@pytest.mark.parametrize("state", FileState)
@pytest.mark.parametrize("size", [None, *django_settings.THUMBNAILS])
def test_whoever_has_a_signed_address(stage: Stage, state: FileState, size: int | None) -> None:
    stage.set(state)
    for file in (stage.first, stage.second):
        name = "plan.txt" if size is None else "plan.webp"
        Attachment.objects.filter(pk=file.pk).update(name="plan.txt")
        path = f"/f/{token_of(Grant(file.pk, size, False, next_expiry()))}/{name}"
        expected = 200 if state == FileState.APPROVED else 404
        assert [Client().get(path).status_code, Client().head(path).status_code] == [expected] * 2


@pytest.mark.parametrize("state", [FileState.PENDING, FileState.APPROVED])
def test_elsewhere_nothing_is_known_of_it(stage: Stage, cast: Cast, state: FileState) -> None:
    """Zoe has a conversation of her own, Mallory a whole house."""
    stage.set(state)
    own = start_conversation(stage.people["zoe"].actor, kind=Kind.SUPPORT).conversation
    for who in ("zoe", "mallory"):
        api = Api(stage.people[who])
        assert api.get(f"chat/files/{stage.first.place}/").status_code == 404
        assert api.get(f"chat/attachments/{stage.first.pk}/versions/").status_code == 404
    assert Api(stage.people["zoe"]).get(f"chat/files/{own.pk}/").json()["results"] == []


def test_what_is_not_approved_goes_into_no_other_message(stage: Stage, cast: Cast) -> None:
    group = Conversation.objects.get(pk=stage.first.place)
    with pytest.raises(Exception, match="no such file"):
        send_message(
            cast.carol.actor,
            conversation_id=group.pk,
            client_id=UUID(int=1),
            body="",
            attachments=[stage.first.pk],
        )
