"""The hotel keeps photos as small as they may be: at once, or once they are old. Nothing else is noticed of it."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from PIL import Image

from attachments import storage
from attachments.actions import sweep_orphans
from attachments.actions.keeping import desk, keep, look
from attachments.actions.shrinking import make_smaller
from attachments.filing import new_key
from attachments.models import Attachment, FileState, StorageUse, UploadPolicy
from attachments.tasks import make_smaller as make_old_ones_smaller
from common.clock import now
from messaging.actions import delete_attachment
from messaging.models import Conversation
from tests.attachments.sharing import picture, say_with, taken
from tests.attachments.test_share_links import path_of, shared, used
from tests.cast import Cast
from tests.conftest import Api, Published


def photo(edge: int = 1200) -> bytes:
    out = BytesIO()
    channels = [Image.effect_noise((edge, 900), 30 + 10 * place) for place in range(3)]
    Image.merge("RGB", channels).save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def policy(cast: Cast) -> UploadPolicy:
    return UploadPolicy.objects.create(organisation=cast.hotel, recompress_after_days=30)


def used_bytes() -> int:
    return StorageUse.objects.get(space=None).bytes


def kept(directory: Path) -> set[str]:
    return {str(path.relative_to(directory)) for path in directory.rglob("*") if path.is_file()}


def bytes_of(file: Attachment) -> set[str]:
    file.refresh_from_db()
    return set(Attachment.objects.prefetch_related("thumbnails").get(pk=file.pk).keys)


def grown_old(days: int = 31) -> Attachment:
    Attachment.objects.update(created_at=now() - timedelta(days=days))
    return Attachment.objects.get()


def content_of(response: Any) -> bytes:
    assert response.status_code == 200, response.content
    return b"".join(response.streaming_content)


def test_at_once(cast: Cast, support: Conversation, policy: UploadPolicy, files_directory: Path) -> None:
    UploadPolicy.objects.update(recompress=True)
    content = photo(3000)
    told = taken(cast.carol, support, "leak.png", content)
    file = Attachment.objects.get()
    assert (told["mime"], told["width"], told["height"]) == ("image/jpeg", 2560, 768)
    assert told["size"] == file.size == used_bytes() < len(content) * 0.9
    assert bytes_of(file) <= kept(files_directory), "of the original there is nothing"
    assert len(bytes_of(file)) == 1 + len(told["thumbnails"])
    download = Api(cast.carol).get(f"chat/download/{told['id']}/")
    assert len(content_of(download)) == file.size
    assert download["Content-Type"] == "image/jpeg"
    assert download["Content-Disposition"] == 'attachment; filename="leak.jpg"'


def test_what_may_shrink_may_find_room(cast: Cast, support: Conversation) -> None:
    """It is the smaller one that is counted."""
    content = photo(3000)
    policy = UploadPolicy.objects.create(organisation=cast.hotel, recompress=True, quota=len(content) // 2)
    told = taken(cast.carol, support, "leak.png", content)
    assert used_bytes() == told["size"] < policy.quota


def test_what_it_was_decides_who_looks_at_it(cast: Cast, support: Conversation) -> None:
    UploadPolicy.objects.create(
        organisation=cast.hotel, recompress=True, approval="everyone", require_approval=["image/png"]
    )
    assert taken(cast.carol, support, "leak.png", photo())["state"] == FileState.PENDING


def test_when_it_is_old(
    cast: Cast, support: Conversation, policy: UploadPolicy, published: Published, files_directory: Path
) -> None:
    before = taken(cast.bob, support, "leak.png", photo(3000))
    said = say_with(cast.bob, support, before["id"]).json()
    link = path_of(shared(cast.bob, before["id"]))
    path = f"chat/download/{before['id']}/"
    etag = Api(cast.carol).get(path)["ETag"]
    old = bytes_of(grown_old(days=29))
    make_old_ones_smaller()
    assert bytes_of(grown_old()) == old, "not yet"
    published()

    make_old_ones_smaller()

    file = Attachment.objects.get()
    assert (file.mime, file.width, file.height) == ("image/jpeg", 2560, 768)
    assert file.size == used_bytes() < before["size"] * 0.9
    assert not bytes_of(file) & old
    assert not kept(files_directory) & old
    again = Api(cast.carol).get(path)
    assert len(content_of(again)) == file.size
    assert again["ETag"] != etag
    assert Api(cast.carol, **{"If-None-Match": etag}).get(path).status_code == 200
    for size in (150, 300, 800):
        assert content_of(Api(cast.carol).get(f"{path}?size={size}"))
    assert len(content_of(used(link))) == file.size, "who has a link notices nothing"
    [frame] = [event.frame() for event, _ in published() if event.type == "message"]
    assert (frame["event"], frame["message"]["id"]) == ("attachment", said["id"])
    assert frame["message"]["attachments"][0]["size"] == file.size

    now_kept = bytes_of(file)
    make_old_ones_smaller()
    assert (bytes_of(file), published()) == (now_kept, []), "once"
    delete_attachment(cast.bob.actor, attachment_id=file.pk)


def test_a_space_has_its_own_policy(cast: Cast, support: Conversation, policy: UploadPolicy) -> None:
    taken(cast.bob, support, "leak.png", photo())
    old = bytes_of(grown_old())
    Attachment.objects.update(space=cast.room)
    own = UploadPolicy.objects.create(organisation=cast.hotel, space=cast.room)
    make_old_ones_smaller()
    assert bytes_of(Attachment.objects.get()) == old
    UploadPolicy.objects.filter(pk=own.pk).update(recompress_after_days=30)
    StorageUse.objects.create(organisation=cast.hotel, space=cast.room, bytes=Attachment.objects.get().size)
    make_old_ones_smaller()
    file = Attachment.objects.get()
    assert bytes_of(file) != old
    assert set(StorageUse.objects.values_list("bytes", flat=True)) == {file.size}


@pytest.mark.parametrize("state", [FileState.PENDING, FileState.REJECTED])
def test_what_is_not_approved_stays(
    cast: Cast, support: Conversation, policy: UploadPolicy, state: FileState
) -> None:
    taken(cast.bob, support, "leak.png", photo())
    Attachment.objects.update(state=state)
    old = bytes_of(grown_old())
    make_old_ones_smaller()
    assert bytes_of(Attachment.objects.get()) == old


def test_what_cannot_be_smaller_is_asked_once(
    cast: Cast, support: Conversation, policy: UploadPolicy
) -> None:
    taken(cast.bob, support, "leak.jpg", picture(2400, 1800))
    old = bytes_of(grown_old())
    Attachment.objects.update(size=10**6)
    make_old_ones_smaller()
    file = Attachment.objects.get()
    assert bytes_of(file) == old
    assert file.smaller_at


# --- who dies on the way --------------------------------------------------------------------------------------------


class Killed(BaseException):
    """Nothing is done after it."""


def die(keys: object) -> None:
    raise Killed


def after(step: str, monkeypatch: pytest.MonkeyPatch, file: Attachment) -> None:
    """Up to `step`, and no further."""
    file = Attachment.objects.prefetch_related("thumbnails").get(pk=file.pk)
    if step == "bytes":
        with desk() as mine:
            path = mine.directory / "kept"
            with storage.open_kept(file.key) as source:
                path.write_bytes(source.read())
            report = look(path, "a.png", at=mine, smaller=True)
            keep(new_key(file.organisation_id, file.place, now(), "png"), path, report)
    else:
        with monkeypatch.context() as patched:
            patched.setattr(storage, "forget", die)
            with pytest.raises(Killed):
                make_smaller(file)


@pytest.mark.parametrize("step", ["bytes", "row"])
def test_killed_after(
    cast: Cast,
    support: Conversation,
    policy: UploadPolicy,
    monkeypatch: pytest.MonkeyPatch,
    files_directory: Path,
    step: str,
) -> None:
    others = kept(files_directory)
    id = taken(cast.bob, support, "leak.png", photo())["id"]
    file = grown_old()
    old = bytes_of(file)

    after(step, monkeypatch, file)

    assert (bytes_of(file) == old) == (step == "bytes")
    assert bytes_of(file) < kept(files_directory) - others, "some that no row knows"
    assert used_bytes() == file.size
    assert content_of(Api(cast.bob).get(f"chat/download/{id}/"))
    sweep_orphans(older_than=timedelta(0))
    assert kept(files_directory) - others == bytes_of(file)
    make_old_ones_smaller()
    assert bytes_of(file) != old
    assert kept(files_directory) - others == bytes_of(file)
    assert used_bytes() == file.size


@pytest.mark.parametrize("change", ["deleted", "rejected", "gone"])
def test_what_became_of_it_meanwhile_wins(
    cast: Cast, support: Conversation, policy: UploadPolicy, files_directory: Path, change: str
) -> None:
    others = kept(files_directory)
    id = UUID(taken(cast.bob, support, "leak.png", photo())["id"])
    file = Attachment.objects.prefetch_related("thumbnails").get(pk=id)
    if change == "deleted":
        delete_attachment(cast.bob.actor, attachment_id=id)
    if change == "rejected":
        Attachment.objects.update(state=FileState.REJECTED)
    if change == "gone":
        storage.forget(file.keys)
    before = kept(files_directory)
    make_smaller(file)
    assert Attachment.objects.get().key == file.key
    assert kept(files_directory) == before
    assert bool(before - others) == (change != "gone")
    assert used_bytes() == file.size


def test_one_that_cannot_be_read_now_holds_up_no_other(
    cast: Cast, support: Conversation, policy: UploadPolicy, files_directory: Path
) -> None:
    for name in ("first.png", "second.png"):
        say_with(cast.bob, support, taken(cast.bob, support, name, photo(3000))["id"])
    Attachment.objects.update(created_at=now() - timedelta(days=31))
    first, second = Attachment.objects.order_by("pk")
    bad, aside = files_directory / first.key, files_directory / "aside"
    bad.rename(aside)
    bad.mkdir()
    make_old_ones_smaller()
    bad.rmdir()
    aside.rename(bad)
    for file, mime in ((first, "image/png"), (second, "image/jpeg")):
        file.refresh_from_db()
        assert file.mime == mime
    make_old_ones_smaller()
    first.refresh_from_db()
    assert first.mime == "image/jpeg"
