"""Scripts and files from other origins than the server's: a CDN, or a bucket that downloads lead to. In a browser."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.attachments.bucket import CREDENTIALS, moto, url_of
from tests.e2e.conftest import Server, Window
from tests.e2e.deeds import come_as_carol, open_newest, reads, say
from tests.e2e.test_share_a_file import LEAK, NOTES, attach, pictures, send


@dataclass
class Place:
    """`origin`: where files come from. `scripts`: and scripts and styles."""

    server: Server
    origin: str
    scripts: str


@pytest.fixture(params=["CDN", "bucket"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    server = Server(tmp_path)
    with ExitStack() as opened:
        if request.param == "CDN":
            # Another origin, though the same server: as one that has asked us.
            origin = scripts = f"http://cdn.localhost:{server.port}"
            server.environment["CDN_URL"] = origin
        else:
            bucket = opened.enter_context(moto(tmp_path))
            origin, scripts = bucket.url, server.url
            server.environment["FILES_URL"] = url_of(bucket.url)
            server.environment |= {name.upper(): value for name, value in CREDENTIALS.items()}
        opened.callback(server.kill)
        server.start()
        yield Place(server, origin, scripts)


@pytest.fixture
def server(place: Place) -> Server:
    return place.server


def seen_by(page: Page) -> list[str]:
    """Every address that was answered from now on."""
    seen: list[str] = []
    page.on("response", lambda response: seen.append(response.url) if response.ok else None)
    return seen


def from_where(seen: list[str], part: str) -> set[str]:
    return {"{0.scheme}://{0.netloc}".format(urlsplit(one)) for one in seen if part in one}


def test_carol_shows_the_leak_and_bob_keeps_a_copy(
    place: Place, window: Window, demo: dict[str, Any], bob: Page
) -> None:
    carol = window()
    by_carol, by_bob = seen_by(carol), seen_by(bob)
    come_as_carol(carol, demo)
    attach(carol, LEAK, NOTES)
    carol.locator("parley-composer textarea").fill("It drips")
    send(carol)
    reads(carol, "It drips")
    expect(pictures(carol)).to_have_count(1)

    open_newest(bob)
    expect(pictures(bob)).to_have_count(1)
    assert pictures(bob).evaluate("image => image.decode().then(() => image.naturalWidth)") == 300
    with bob.expect_download() as download:
        bob.locator(".file", has_text="notes.txt").click()
    assert Path(download.value.path()).read_bytes() == NOTES["buffer"]

    say(bob, "I see")
    reads(carol, "I see")
    files = "/f/" if place.scripts == place.origin else "X-Amz-Signature"
    for seen in (by_carol, by_bob):
        assert from_where(seen, files) == {place.origin}
    assert from_where(by_carol, "/static/") == {place.scripts}
    bob.reload()
    expect(pictures(bob)).to_have_count(1)
    assert from_where(by_bob, "/static/js/pages/staff.js") == {place.scripts}
