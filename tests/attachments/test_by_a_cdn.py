"""A CDN in front: whoever may read a file is sent to an address that holds for some minutes, and the CDN asks us."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core import signing
from django.db import connection
from django.test.utils import CaptureQueriesContext

from attachments import signing as ours
from attachments.models import Attachment
from attachments.serving import POLICY
from messaging.models import Conversation
from tests.attachments.sharing import picture, say_with, taken
from tests.cast import Cast
from tests.conftest import Api

CDN = "https://cdn.example"
CONTENT = b"0123456789" * 100
NOON = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)

SetClock = Callable[[timedelta], None]


@pytest.fixture(autouse=True)
def _in_front(settings: Any) -> None:
    settings.CDN_URL = CDN


@pytest.fixture(autouse=True)
def at(monkeypatch: pytest.MonkeyPatch) -> SetClock:
    """`at(minutes)` after noon; noon it is at first."""

    def set_clock(since: timedelta) -> None:
        monkeypatch.setattr(ours, "now", lambda: NOON + since)

    set_clock(timedelta())
    return set_clock


@pytest.fixture
def path(cast: Cast, support: Conversation) -> str:
    file = taken(cast.carol, support, "list.txt", CONTENT)
    say_with(cast.carol, support, file["id"])
    return f"/api/v1/chat/download/{file['id']}/"


def sent_to(cast: Cast, path: str) -> str:
    """The path that the CDN then asks us for."""
    response = Api(cast.bob).client.get(path)
    assert response.status_code == 302
    assert response["Location"].startswith(f"{CDN}/f/")
    return str(response["Location"].removeprefix(CDN))


def fetch(path: str, **headers: str) -> Any:
    """As a CDN does: as nobody."""
    return Api().client.get(path, headers=headers)


def body_of(response: Any) -> bytes:
    return b"".join(response.streaming_content)


# --- what it gets ---------------------------------------------------------------------------------------------------


def test_whoever_may_read_it_is_sent_to_the_cdn_which_asks_us(cast: Cast, path: str) -> None:
    redirect = Api(cast.bob).client.get(path)
    assert (redirect.status_code, redirect.content) == (302, b"")
    assert redirect["Cache-Control"] == "private, no-store"
    assert redirect["Location"].endswith("/list.txt")

    response = fetch(redirect["Location"].removeprefix(CDN))
    assert (response.status_code, body_of(response)) == (200, CONTENT)
    assert {name: value for name, value in response.headers.items() if name != "ETag"} == {
        "Accept-Ranges": "bytes",
        "Access-Control-Allow-Origin": "*",
        "Allow": "GET, HEAD, OPTIONS",
        "Cache-Control": "public, max-age=600, immutable",
        "Content-Disposition": 'attachment; filename="list.txt"',
        "Content-Length": "1000",
        "Content-Security-Policy": POLICY,
        "Content-Type": "text/plain",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
    }
    assert not response.cookies


def test_its_head(cast: Cast, path: str) -> None:
    assert Api(cast.bob).client.head(path)["Location"] == CDN + sent_to(cast, path)
    response = Api().client.head(sent_to(cast, path))
    assert (response.status_code, response["Content-Length"], response.content) == (200, "1000", b"")


def test_a_range_and_what_it_has_already(cast: Cast, path: str) -> None:
    address = sent_to(cast, path)
    part = fetch(address, Range="bytes=10-14")
    assert (part.status_code, body_of(part)) == (206, b"01234")
    assert part["Cache-Control"] == "public, max-age=600, immutable"
    assert fetch(address, Range="bytes=1000-").status_code == 416
    again = fetch(address, **{"If-None-Match": part["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["Access-Control-Allow-Origin"] == "*"


def test_whatever_type_it_asks_for(cast: Cast, path: str) -> None:
    assert fetch(sent_to(cast, path), Accept="image/webp").status_code == 200
    assert Api(cast.bob, Accept="image/webp").client.get(path).status_code == 302


def test_a_picture_and_its_thumbnails(cast: Cast, support: Conversation) -> None:
    file = taken(cast.carol, support, "el baño.jpg", picture())
    say_with(cast.carol, support, file["id"])
    path = f"/api/v1/chat/download/{file['id']}/"
    queries = ("", "?size=300", "?inline=true", "?size=300&inline=true")
    addresses = [sent_to(cast, path + query) for query in queries]
    assert len(set(addresses)) == 4
    assert all(address.endswith(("/el-ba-o.webp", "/el-ba-o.jpg")) for address in addresses)
    told = [fetch(address) for address in addresses]
    assert [one["Content-Disposition"].split(";")[0] for one in told] == ["attachment"] * 2 + ["inline"] * 2
    sizes = [len(body_of(one)) for one in told]
    assert sizes[0] == sizes[2] > sizes[1] == sizes[3]


def test_the_same_for_all_within_some_minutes(cast: Cast, path: str, at: SetClock) -> None:
    first = sent_to(cast, path)
    assert Api(cast.carol).client.get(path)["Location"] == CDN + first
    at(timedelta(minutes=4, seconds=59))
    assert sent_to(cast, path) == first
    assert fetch(first)["Cache-Control"] == "public, max-age=301, immutable"
    at(timedelta(minutes=5))
    assert sent_to(cast, path) != first


def test_it_costs_two_questions(cast: Cast, path: str) -> None:
    address = sent_to(cast, path)
    with CaptureQueriesContext(connection) as asked:
        fetch(address)
    assert len(asked) == 2


def test_a_page_elsewhere_may_follow(cast: Cast, path: str) -> None:
    asked = {"Origin": "null", "Access-Control-Request-Method": "GET"}
    asked["Access-Control-Request-Headers"] = "authorization, x-organisation"
    response = Api().client.options(sent_to(cast, path), headers=asked)
    assert response.status_code == 204
    assert response["Access-Control-Allow-Origin"] == "*"
    assert response["Access-Control-Allow-Headers"] == "Authorization, Range, X-Organisation"


# --- what it does not get -------------------------------------------------------------------------------------------


def gone(response: Any) -> bool:
    return bool(
        (response.status_code, response.get("Cache-Control")) == (404, "no-store")
        and response.json()["error"]["code"] == "not_found"
    )


def test_an_outsider_is_sent_nowhere(cast: Cast, path: str) -> None:
    for outsider in (cast.mallory, cast.dana, cast.vera):
        response = Api(outsider).client.get(path)
        assert (response.status_code, "Location" in response) == (404, False)
    assert Api().client.get(path).status_code == 401


def test_after_some_minutes_it_is_gone(cast: Cast, path: str, at: SetClock) -> None:
    address = sent_to(cast, path)
    at(timedelta(minutes=9, seconds=59))
    assert fetch(address)["Cache-Control"] == "public, max-age=1, immutable"
    at(timedelta(minutes=10))
    assert gone(fetch(address))
    assert gone(fetch(address, **{"If-None-Match": "*"}))


def test_what_is_deleted_is_gone_at_once(cast: Cast, path: str) -> None:
    address = sent_to(cast, path)
    assert Api(cast.carol).delete(f"chat/attachments/{path.split('/')[-2]}/").status_code == 204
    assert gone(fetch(address))


def test_so_is_what_nobody_should_see_any_more(cast: Cast, path: str) -> None:
    address = sent_to(cast, path)
    for change in ({"state": "pending"}, {"key": ""}):
        with_it = Attachment.objects.get()
        Attachment.objects.update(**change)
        assert gone(fetch(address))
        with_it.save()
    assert fetch(address).status_code == 200
    cast.hotel.is_active = False
    cast.hotel.save()
    assert gone(fetch(address))


def test_what_is_not_for_everybody_does_not_go_by_it(cast: Cast, path: str) -> None:
    """Whoever may look at it all the same gets it from us."""
    Attachment.objects.update(state="pending")
    response = Api(cast.bob).client.get(path)
    assert response.status_code in (200, 404)
    assert "Location" not in response


def test_a_token_that_was_touched_is_none(cast: Cast, path: str) -> None:
    address = sent_to(cast, path)
    _, _, token, name = address.split("/")
    said, signature = token.split(":")
    other = str(uuid4().hex)
    forged = signing.Signer(key="another", salt=ours.SALT).sign_object([other, None, False, 2_000_000_000])
    of_another_kind = signing.Signer(salt="another").sign_object([other, None, False, 2_000_000_000])
    unknown = ours.token_of(ours.Grant(uuid4(), None, False, ours.next_expiry()))
    no_such_size = ours.token_of(ours.Grant(Attachment.objects.get().pk, 7, False, ours.next_expiry()))
    touched = [
        f"{said}:{signature[:-1]}", f"{said}A:{signature}", said, f":{signature}", "-", "%00", "%E2%80%A8",
        f"{token}%20", f"{token}%0d%0aX-Evil:1", "A" * 10_000, forged, of_another_kind, unknown,
        no_such_size,
    ]  # fmt: skip
    for one in touched:
        assert gone(fetch(f"/f/{one}/{name}")), one
    assert fetch(f"/f/..%2F{token}/{name}").status_code == 404
    # A cache would keep one file under as many names as somebody thinks of.
    for one in ("another.txt", "list.txt%20", "%00", "..%2F..%2Fetc%2Fpasswd"):
        assert fetch(f"/f/{token}/{one}").status_code == 404
    assert fetch(address).status_code == 200


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ('a"b\r\nX-Evil: 1.txt', "a-b-X-Evil-1.txt"),
        ("../../etc/passwd", "etc-passwd"),
        ("..", "file"),
        ("日本.txt", "txt"),
        ("%2e%2e%2f;?#&+.txt", "2e-2e-2f-.txt"),
        ("x" * 300 + ".txt", "x" * 96 + ".txt"),
    ],
)
def test_a_name_is_plain_in_an_address(name: str, plain: str) -> None:
    assert ours.plain(name) == plain


def test_without_one_nothing_changes(cast: Cast, path: str, settings: Any) -> None:
    settings.CDN_URL = ""
    response = Api(cast.bob).client.get(path)
    assert (response.status_code, response["Cache-Control"]) == (200, "private, no-cache")
    assert body_of(response) == CONTENT
