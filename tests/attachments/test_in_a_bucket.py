"""The bytes lie in a bucket: everything is done as on a disk, and downloads go there by an address for a minute."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from django.core.exceptions import ImproperlyConfigured
from PIL import Image

from attachments import tasks
from attachments.actions import purge_files, sweep_orphans
from attachments.models import Attachment, StorageUse
from attachments.serving import POLICY
from attachments.storage import bytes_of, cool
from common.clock import now
from common.errors import NoSpace, Unavailable
from config.files import bucket_of
from messaging.models import Conversation
from tests.attachments.bucket import NAME, Moto, in_bucket, moto, url_of
from tests.attachments.sharing import picture, say_with, taken, upload
from tests.cast import Cast
from tests.conftest import Api
from tests.faults.services import free_port
from tests.hosts import Answer, Host

CONTENT = b"0123456789" * 100
A_DAY = timedelta(hours=24)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Moto]:
    with moto(tmp_path_factory.mktemp("moto")) as server:
        yield server


@pytest.fixture
def bucket(service: Moto, settings: Any) -> Iterator[Moto]:
    settings.STORAGES = {**settings.STORAGES, "files": in_bucket(url_of(service.url))}
    yield service
    service.forgive()
    for key in kept(service):
        service.client.delete_object(Bucket=NAME, Key=key)


def kept(bucket: Moto) -> dict[str, Any]:
    found = bucket.client.list_objects_v2(Bucket=NAME).get("Contents", ())
    return {one["Key"]: one for one in found}


@pytest.fixture
def path(bucket: Moto, cast: Cast, support: Conversation) -> str:
    file = taken(cast.carol, support, "list.txt", CONTENT)
    say_with(cast.carol, support, file["id"])
    return f"/api/v1/chat/download/{file['id']}/"


# --- how bytes reach people -----------------------------------------------------------------------------------------


def test_a_download_leads_to_the_bucket_for_a_minute(cast: Cast, bucket: Moto, path: str) -> None:
    response = Api(cast.bob).client.get(path)
    assert (response.status_code, response.content) == (302, b"")
    assert response["Cache-Control"] == "private, no-store"
    address = urlsplit(response["Location"])
    [key] = kept(bucket)
    assert (f"{address.scheme}://{address.netloc}", address.path) == (bucket.url, f"/{NAME}/{key}")
    assert parse_qs(address.query)["X-Amz-Expires"] == ["60"]

    answer = httpx.get(response["Location"])
    assert (answer.status_code, answer.content) == (200, CONTENT)
    assert answer.headers["content-type"] == "text/plain"
    assert answer.headers["content-disposition"] == 'attachment; filename="list.txt"'
    assert answer.headers["cache-control"] == "private, no-cache"
    part = httpx.get(response["Location"], headers={"Range": "bytes=10-14"})
    assert (part.status_code, part.content) == (206, b"01234")


def test_so_does_its_head(cast: Cast, path: str) -> None:
    response = Api(cast.bob).client.head(path)
    assert response.status_code == 302
    answer = httpx.head(response["Location"])
    assert (answer.status_code, answer.headers["content-length"], answer.content) == (200, "1000", b"")


def test_an_outsider_is_sent_nowhere(cast: Cast, path: str) -> None:
    for outsider in (cast.mallory, cast.dana, cast.vera):
        response = Api(outsider).client.get(path)
        assert (response.status_code, "Location" in response) == (404, False)


@pytest.mark.parametrize(
    "name", ["a'b'; filename=c&d=e 100%.txt", "Überblick – 日本.txt", "%0d%0aX-Evil: 1.txt"]
)
def test_a_name_is_only_a_name(
    bucket: Moto, cast: Cast, support: Conversation, settings: Any, name: str
) -> None:
    file = taken(cast.carol, support, name, CONTENT)
    address = Api(cast.carol).get(f"chat/download/{file['id']}/")["Location"]
    answer = httpx.get(address)
    assert (answer.status_code, answer.content) == (200, CONTENT)
    assert "x-evil" not in answer.headers
    said = parse_qs(urlsplit(address).query)["response-content-disposition"][0]
    assert answer.headers["content-disposition"] == said
    assert said.startswith("attachment; filename")


def test_a_picture_and_its_thumbnails(bucket: Moto, cast: Cast, support: Conversation) -> None:
    file = taken(cast.carol, support, "leak.jpg", picture())
    assert len(kept(bucket)) == 5
    assert all(key.startswith(f"in/here/{cast.hotel.id}/{support.id}/") for key in kept(bucket))
    response = Api(cast.carol).get(f"chat/download/{file['id']}/?size=300&inline=true")
    answer = httpx.get(response["Location"])
    assert Image.open(BytesIO(answer.content)).size == (300, 225)
    assert answer.headers["content-disposition"].startswith("inline")


def test_a_cdn_is_given_them_by_us(cast: Cast, bucket: Moto, path: str, settings: Any) -> None:
    settings.CDN_URL = "https://cdn.example"
    location = Api(cast.bob).client.get(path)["Location"].removeprefix("https://cdn.example")
    nobody: Any = Api().client
    whole = nobody.get(location)
    assert b"".join(whole.streaming_content) == CONTENT
    assert whole["Content-Security-Policy"] == POLICY
    part = nobody.get(location, headers={"Range": "bytes=995-"})
    assert (part.status_code, b"".join(part.streaming_content)) == (206, b"56789")
    assert nobody.get(location, headers={"Range": "bytes=1000-"}).status_code == 416
    for key in kept(bucket):
        bucket.client.delete_object(Bucket=NAME, Key=key)
    assert nobody.get(location).status_code == 404


def test_they_can_be_read_like_any_file(bucket: Moto, path: str) -> None:
    """By whoever looks into them later."""
    [key] = [one.key for one in Attachment.objects.all()]
    with bytes_of().open(key) as file:
        assert (file.read(4), file.tell(), file.seek(-2, 2), file.read(), file.read()) == (
            b"0123", 4, 998, b"89", b"",
        )  # fmt: skip
        assert b"".join(file.chunks(300)) == CONTENT
    assert (bytes_of().exists(key), bytes_of().exists("nowhere")) == (True, False)
    with pytest.raises(FileNotFoundError):
        bytes_of().open("nowhere").read()


# --- how they go ----------------------------------------------------------------------------------------------------


def test_a_deleted_files_bytes_go(bucket: Moto, cast: Cast, support: Conversation) -> None:
    file = taken(cast.carol, support, "leak.jpg", picture())
    Api(cast.carol).delete(f"chat/attachments/{file['id']}/")
    purge_files(quarantined_for=A_DAY)
    purge_files(quarantined_for=A_DAY)
    assert (kept(bucket), StorageUse.objects.get().bytes) == ({}, 0)


def test_bytes_that_no_row_knows_are_swept(bucket: Moto, cast: Cast, path: str) -> None:
    [known] = kept(bucket)
    orphan = known.replace(".txt", "0.txt")
    bucket.client.put_object(Bucket=NAME, Key=orphan, Body=b"lost")
    bucket.client.put_object(Bucket=NAME, Key="not/ours.txt", Body=b"Somebody else's")
    sweep_orphans(older_than=A_DAY)
    assert set(kept(bucket)) == {known, orphan, "not/ours.txt"}
    sweep_orphans(older_than=-A_DAY)
    assert set(kept(bucket)) == {known, "not/ours.txt"}


def test_where_nothing_was_kept_yet_there_is_nothing_to_sweep(bucket: Moto, db: None) -> None:
    sweep_orphans(older_than=A_DAY)


def test_what_is_old_and_large_is_kept_where_it_is_cheap(
    bucket: Moto, cast: Cast, support: Conversation, settings: Any
) -> None:
    small = taken(cast.carol, support, "small.txt", CONTENT)
    large = taken(cast.carol, support, "large.txt", CONTENT * 200)
    # Without the setting nothing is moved, nor what is young.
    tasks.cool()
    settings.FILES_COLD_AFTER_DAYS = 30
    tasks.cool()
    classes = {one["Size"]: one["StorageClass"] for one in kept(bucket).values()}
    assert classes == {1_000: "STANDARD", 200_000: "STANDARD"}

    tomorrow = now() + A_DAY
    assert cool(before=tomorrow, storage_class="STANDARD_IA") == 1
    classes = {one["Size"]: one["StorageClass"] for one in kept(bucket).values()}
    assert classes == {1_000: "STANDARD", 200_000: "STANDARD_IA"}
    assert cool(before=tomorrow, storage_class="STANDARD_IA") == 0
    for file, content in ((small, CONTENT), (large, CONTENT * 200)):
        address = Api(cast.carol).get(f"chat/download/{file['id']}/")["Location"]
        assert httpx.get(address).content == content


def test_on_a_disk_nothing_is_cooled(db: None, settings: Any) -> None:
    settings.FILES_COLD_AFTER_DAYS = 1
    tasks.cool()
    assert cool(before=now() + A_DAY, storage_class="STANDARD_IA") == 0


# --- when it does not answer ----------------------------------------------------------------------------------------


def unavailable(response: Any) -> bool:
    body = response.json()
    # Of several files that are uploaded each has its own.
    [told] = body.get("results", [body])
    return bool(response.status_code == 503 and told["error"]["code"] == "unavailable")


def test_a_bucket_that_refuses_is_503_and_chat_goes_on(
    bucket: Moto, cast: Cast, support: Conversation, path: str, settings: Any
) -> None:
    unsaid = taken(cast.carol, support, "unsaid.txt", CONTENT)
    bucket.refuse()
    assert unavailable(upload(cast.carol, support, ("more.txt", CONTENT)))
    settings.CDN_URL = "https://cdn.example"
    location = Api(cast.bob).client.get(path)["Location"].removeprefix("https://cdn.example")
    response = Api().client.get(location)
    assert unavailable(response)
    assert response["Cache-Control"] == "no-store"

    # What needs no byte is done.
    assert say_with(cast.carol, support, unsaid["id"], body="Here").status_code == 201
    assert Api(cast.carol).delete(f"chat/attachments/{unsaid['id']}/").status_code == 204
    with pytest.raises(Unavailable):
        purge_files(quarantined_for=A_DAY)
    bucket.forgive()
    purge_files(quarantined_for=A_DAY)
    assert len(kept(bucket)) == 1
    assert upload(cast.carol, support, ("more.txt", CONTENT)).status_code == 201


def test_so_is_one_that_is_down(cast: Cast, support: Conversation, settings: Any) -> None:
    nobody = f"http://127.0.0.1:{free_port()}"
    settings.STORAGES = {**settings.STORAGES, "files": in_bucket(url_of(nobody))}
    assert unavailable(upload(cast.carol, support, ("list.txt", CONTENT)))
    assert not Attachment.objects.exists()


def test_so_is_one_that_was_never_made(
    service: Moto, cast: Cast, support: Conversation, settings: Any
) -> None:
    elsewhere = url_of(service.url, bucket="never-made")
    settings.STORAGES = {**settings.STORAGES, "files": in_bucket(elsewhere)}
    assert unavailable(upload(cast.carol, support, ("list.txt", CONTENT)))
    with pytest.raises(Unavailable):
        sweep_orphans(older_than=A_DAY)


@pytest.mark.parametrize(("status", "error"), [(500, Unavailable), (403, Unavailable), (507, NoSpace)])
def test_what_it_says_is_told_in_our_words(
    settings: Any, listener: Host, status: int, error: type[Exception]
) -> None:
    listener.answer = Answer(status, b"no XML at all")
    settings.STORAGES = {**settings.STORAGES, "files": in_bucket(url_of(listener.url("")))}
    with pytest.raises(error) as told:
        bytes_of().listdir("")
    assert "127.0.0.1" not in str(told.value)


def test_without_credentials_too(
    cast: Cast, bucket: Moto, path: str, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE"):
        monkeypatch.setenv(name, "/nowhere")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    settings.STORAGES = {**settings.STORAGES, "files": in_bucket(url_of(bucket.url), aws_session_token="")}
    assert unavailable(Api(cast.bob).client.get(path))


# --- FILES_URL ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "endpoint", "origin"),
    [
        (
            "s3://files?region_name=eu-west-1",
            "https://s3.eu-west-1.amazonaws.com",
            "https://files.s3.eu-west-1.amazonaws.com",
        ),
        ("s3://files/a/b?endpoint_url=http://minio:9000", "http://minio:9000", "http://minio:9000"),
        (
            "s3://files?endpoint_url=https://s3.example/&addressing_style=virtual",
            "https://s3.example/",
            "https://files.s3.example",
        ),
    ],
)
def test_where_people_are_sent(settings: Any, url: str, endpoint: str, origin: str) -> None:
    """The pages' policy allows exactly that."""
    bucket = bucket_of(url)
    assert (bucket.endpoint_url, bucket.origin) == (endpoint, origin)
    settings.STORAGES = {**settings.STORAGES, "files": in_bucket(url)}
    options = {"method": "GET", "seconds": 60, "headers": {}}
    address = bytes_of().presign("key", **options)  # type: ignore[attr-defined]  # a Service
    assert address.startswith(f"{origin}/")


@pytest.mark.parametrize(
    "url",
    [
        "https://files.example/",
        "s3://",
        "s3://files",
        "s3://key:secret@files?region_name=eu-west-1",
        "s3://files/../up?region_name=eu-west-1",
        "s3://files/a b?region_name=eu-west-1",
        "s3://files?region_name=eu-west-1&secret=1",
        "s3://files?endpoint_url=ftp://s3.example",
        "s3://files?region_name=eu-west-1&addressing_style=odd",
    ],
)
def test_what_is_not_understood_is_told_at_the_start(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"^FILES_URL ") as told:
        bucket_of(url)
    assert "key:secret" not in str(told.value)
