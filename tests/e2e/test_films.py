"""Carol shows with a film how it drips: it plays where it was sent, for whoever wants to see it."""

from __future__ import annotations

from base64 import b64decode
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.accessibility import is_for_everybody
from tests.e2e.conftest import Window
from tests.e2e.deeds import come_as_carol, open_newest
from tests.e2e.test_share_a_file import attach, cards, send

FILM = """async () => {
    const canvas = Object.assign(document.createElement("canvas"), {width: 320, height: 180})
    const paint = canvas.getContext("2d")
    const drops = setInterval(() => {
        paint.fillStyle = `hsl(${performance.now() / 10 % 360} 80% 50%)`
        paint.fillRect(0, 0, 320, 180)
    }, 30)
    const recorder = new MediaRecorder(canvas.captureStream(25), {mimeType: "video/webm"})
    const parts = []
    recorder.ondataavailable = ({data}) => parts.push(data)
    const isOver = new Promise(resolve => { recorder.onstop = resolve })
    recorder.start()
    setTimeout(() => recorder.stop(), 1500)
    await isOver
    clearInterval(drops)
    const bytes = new Uint8Array(await new Blob(parts).arrayBuffer())
    return btoa(Array.from(bytes, one => String.fromCharCode(one)).join(""))
}"""


@pytest.fixture
def carol(window: Window, demo: dict[str, Any]) -> Page:
    """She has sent what she filmed."""
    page = window()
    come_as_carol(page, demo)
    film = b64decode(page.evaluate(FILM))
    attach(page, {"name": "drips.webm", "mimeType": "video/webm", "buffer": film})
    expect(cards(page)).to_contain_text("ready")
    send(page)
    expect(film_in(page)).to_have_count(1)
    return page


def test_bob_sees_it_where_it_was_sent(carol: Page, bob: Page) -> None:
    open_newest(bob)
    fetched: list[str] = []
    bob.on(
        "request", lambda request: fetched.append(request.url) if "/chat/download/" in request.url else None
    )
    is_for_everybody(carol)
    is_for_everybody(bob)
    assert fetched == []

    start(bob).press("Enter")
    film = film_in(bob).locator("video")
    plays(film)
    expect(film).to_be_focused()
    assert len(fetched) == 1
    is_for_everybody(bob)

    # A second look takes nothing more, and one is heard at a time.
    film_in(bob).evaluate("film => film.querySelector('video').loop = true")
    bob.get_by_role("button", name="Preview: drips.webm").click()
    seen = bob.get_by_role("dialog", name="drips.webm").locator("video")
    seen.evaluate("film => film.play()")
    plays(seen)
    assert film.evaluate("film => film.paused")


def test_one_that_did_not_come_may_be_tried_again(carol: Page, bob: Page) -> None:
    open_newest(bob)
    bob.route("**/chat/download/**", lambda route: route.abort())
    start(bob).click()
    expect(film_in(bob).locator("xpath=..").get_by_role("alert")).to_have_text(
        "Could not be downloaded. Try again."
    )
    expect(start(bob)).to_be_visible()
    bob.unroute("**/chat/download/**")
    start(bob).click()
    plays(film_in(bob).locator("video"))


def test_one_that_no_browser_plays_can_still_be_had(carol: Page, bob: Page) -> None:
    open_newest(bob)
    bob.route("**/chat/download/**", lambda route: route.fulfill(body=b"no film", content_type="video/webm"))
    start(bob).click()
    expect(film_in(bob)).to_have_count(0)
    bob.unroute("**/chat/download/**")
    with bob.expect_download() as download:
        bob.locator("parley-timeline .file", has_text="drips.webm").click()
    assert download.value.suggested_filename == "drips.webm"


def film_in(page: Page) -> Locator:
    return page.locator("parley-timeline parley-film")


def start(page: Page) -> Locator:
    return page.get_by_role("button", name="Play: drips.webm, 0:01")


def plays(film: Locator) -> None:
    """Its hands move."""
    expect(film).to_have_js_property("error", None)
    film.evaluate(
        """film => new Promise(resolve => {
            const look = () => film.currentTime > 0 || film.ended ? resolve() : setTimeout(look, 50)
            look()
        })"""
    )
