"""The bytes of a file: a range of them, none where the browser has them, and never as a page of ours."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from django.conf import settings
from PIL import Image

from attachments.serving import range_of
from messaging.models import Conversation
from tests.attachments.corpus import pdf
from tests.attachments.sharing import picture, say_with, taken
from tests.cast import Cast
from tests.conftest import Api

CONTENT = b"0123456789" * 100


@pytest.fixture
def path(cast: Cast, support: Conversation) -> str:
    file = taken(cast.carol, support, "list.txt", CONTENT)
    say_with(cast.carol, support, file["id"])
    return f"/api/v1/chat/download/{file['id']}/"


def body_of(response: Any) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def test_all_of_it(cast: Cast, path: str) -> None:
    response = Api(cast.bob).client.get(path)
    assert (response.status_code, body_of(response)) == (200, CONTENT)
    headers = {
        name: response.headers[name] for name in response.headers if name not in ("ETag", "Vary", "Allow")
    }
    assert headers == {
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, no-cache",
        "Content-Disposition": 'attachment; filename="list.txt"',
        "Content-Length": "1000",
        "Content-Security-Policy": (
            "default-src 'none'; style-src 'unsafe-inline'; media-src 'self'; img-src 'self'; sandbox"
        ),
        "Content-Type": "text/plain",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
    }


def test_a_range_of_it(cast: Cast, path: str) -> None:
    response = Api(cast.bob).client.get(path, headers={"Range": "bytes=10-14"})
    assert (response.status_code, body_of(response)) == (206, b"01234")
    assert (response["Content-Range"], response["Content-Length"]) == ("bytes 10-14/1000", "5")
    outside = Api(cast.bob).client.get(path, headers={"Range": "bytes=1000-"})
    assert (outside.status_code, outside["Content-Range"]) == (416, "bytes */1000")


def test_a_range_of_what_it_was(cast: Cast, path: str) -> None:
    api = Api(cast.bob).client
    etag = api.get(path)["ETag"]
    for known, status in ((etag, 206), ('"another"', 200)):
        response = api.get(path, headers={"Range": "bytes=0-0", "If-Range": known})
        assert response.status_code == status


def test_what_the_browser_has_is_not_sent_again(cast: Cast, path: str) -> None:
    api = Api(cast.bob).client
    etag = api.get(path)["ETag"]
    response = api.get(path, headers={"If-None-Match": etag})
    assert (response.status_code, response.content) == (304, b"")
    # Nor told to whoever may not read it.
    assert Api(cast.mallory).client.get(path, headers={"If-None-Match": etag}).status_code == 404


def test_its_head(cast: Cast, path: str) -> None:
    response = Api(cast.bob).client.head(path)
    assert (response.status_code, response["Content-Length"], body_of(response)) == (200, "1000", b"")
    assert not response.streaming, "daphne would send it"
    assert Api(cast.mallory).client.head(path).status_code == 404


def test_a_picture_is_served_without_what_its_camera_wrote(cast: Cast, support: Conversation) -> None:
    photo = Image.open(BytesIO(picture()))
    exif = photo.getexif()
    exif[0x010F] = "A camera of Carol's"
    out = BytesIO()
    photo.save(out, "JPEG", exif=exif)
    file = taken(cast.carol, support, "leak.jpg", out.getvalue())
    for query in ("", "?size=150"):
        response = Api(cast.carol).client.get(f"/api/v1/chat/download/{file['id']}/{query}")
        assert b"A camera of Carol's" not in body_of(response)


def test_a_thumbnail_is_shown_in_the_page(cast: Cast, support: Conversation) -> None:
    file = taken(cast.carol, support, "leak.jpg", picture())
    path = f"/api/v1/chat/download/{file['id']}/"
    response = Api(cast.carol).client.get(f"{path}?size=300&inline=true")
    assert response["Content-Disposition"].startswith("inline")
    assert Image.open(BytesIO(body_of(response))).size == (300, 225)
    assert Api(cast.carol).client.get(f"{path}?size=7").status_code == 400


def test_a_document_is_shown_in_a_frame_of_ours_and_in_a_sandbox(cast: Cast, support: Conversation) -> None:
    file = taken(cast.carol, support, "offer.pdf", pdf())
    path = f"/api/v1/chat/download/{file['id']}/"
    framed = Api(cast.carol).client.get(f"{path}?inline=true")
    policy = framed["Content-Security-Policy"].split("; ")
    assert {"default-src 'none'", "sandbox", f"frame-ancestors 'self' {settings.PUBLIC_URL}"} <= set(policy)
    assert framed["Content-Disposition"] == 'inline; filename="offer.pdf"'
    assert (framed["Content-Type"], framed["X-Content-Type-Options"]) == ("application/pdf", "nosniff")
    assert "X-Frame-Options" not in framed
    saved = Api(cast.carol).client.get(path)
    assert (saved["X-Frame-Options"], saved["Content-Disposition"][:10]) == ("DENY", "attachment")


def test_a_text_is_never_shown_in_a_page(cast: Cast, path: str) -> None:
    response = Api(cast.bob).client.get(f"{path}?inline=true")
    assert response["Content-Disposition"] == 'attachment; filename="list.txt"'


@pytest.mark.parametrize(
    ("asked_for", "wanted"),
    [
        ("bytes=0-", range(10)),
        ("bytes=0-0", range(1)),
        ("bytes=3-99", range(3, 10)),
        ("bytes=-3", range(7, 10)),
        ("bytes=-99", range(10)),
        ("bytes=10-", range(10, 10)),
        ("bytes=-0", range(10, 10)),
        ("", None),
        ("bytes=", None),
        ("bytes=5-2", None),
        ("bytes=0-1,3-4", None),
        ("items=0-1", None),
        ("bytes=a-b", None),
        (f"bytes=0-{'9' * 5000}", None),
        (f"bytes=-{'9' * 5000}", None),
    ],
)
def test_ranges(asked_for: str, wanted: range | None) -> None:
    assert range_of(asked_for, 10) == wanted
