"""Carol shows the leak from the widget on her hotel's page; Bob sees it on the staff's, and keeps a copy."""

from __future__ import annotations

from base64 import b64encode
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import FilePayload, Locator, Page, Route, expect

from tests.attachments.sharing import picture
from tests.e2e.accessibility import is_for_everybody
from tests.e2e.conftest import Window
from tests.e2e.deeds import come_as_carol, open_newest, reads, say

LEAK: FilePayload = {"name": "leak.jpg", "mimeType": "image/jpeg", "buffer": picture(1200, 900)}
NOTES: FilePayload = {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"Since Monday."}
PROGRAM: FilePayload = {"name": "fix.exe", "mimeType": "application/octet-stream", "buffer": b"MZ"}

# As from a screenshot: the browser names it.
PASTE = """(field, picture) => {
    const bytes = Uint8Array.from(atob(picture), one => one.charCodeAt(0))
    const clipboardData = new DataTransfer()
    clipboardData.items.add(new File([bytes], "image.jpg", {type: "image/jpeg"}))
    field.dispatchEvent(new ClipboardEvent("paste", {clipboardData, bubbles: true, cancelable: true, composed: true}))
}"""


@pytest.fixture
def carol(window: Window, demo: dict[str, Any]) -> Page:
    """Known by name, with the widget open, who has said nothing yet."""
    page = window()
    come_as_carol(page, demo)
    return page


@pytest.fixture
def both(carol: Page, bob: Page) -> tuple[Page, Page]:
    """In one conversation."""
    say(carol, "It drips")
    reads(carol, "It drips")
    open_newest(bob)
    say(bob, "Show me")
    reads(carol, "Show me")
    return carol, bob


def test_carol_shows_the_leak_and_bob_keeps_a_copy(carol: Page, bob: Page, tmp_path: Path) -> None:
    # Before she has said anything.
    attach(carol, LEAK)
    expect(cards(carol)).to_contain_text("ready")
    send(carol)
    expect(cards(carol)).to_have_count(0)
    expect(pictures(carol)).to_have_count(1)
    expect(carol.locator(".bubble")).to_have_count(0)

    row = bob.locator("parley-conversation-list .row")
    expect(row).to_contain_text("leak.jpg")
    expect(row.locator(".icon-paperclip")).to_have_count(1)
    open_newest(bob)
    expect(pictures(bob)).to_have_attribute("alt", "leak.jpg")
    is_for_everybody(carol)
    is_for_everybody(bob)
    pictures(bob).click()
    viewer = bob.get_by_role("dialog", name="leak.jpg")
    with bob.expect_download() as download:
        viewer.get_by_role("button", name="Download").click()
    assert download.value.suggested_filename == "leak.jpg"
    copy = tmp_path / "leak.jpg"
    download.value.save_as(copy)
    with Image.open(copy) as image, Image.open(BytesIO(LEAK["buffer"])) as original:
        assert image.size == original.size
    bob.keyboard.press("Escape")
    expect(viewer).to_have_count(0)


def test_carol_pastes_a_picture(both: tuple[Page, Page]) -> None:
    carol, bob = both
    carol.locator("parley-composer textarea").evaluate(PASTE, b64encode(LEAK["buffer"]).decode())
    expect(cards(carol)).to_contain_text("ready")
    send(carol)
    expect(pictures(carol)).to_have_count(1)
    expect(pictures(bob)).to_have_count(1)


def test_words_and_files_wait_for_each_other(both: tuple[Page, Page]) -> None:
    carol, bob = both
    held: list[Route] = []
    carol.route("**/chat/upload/**", lambda route: hold_upload(route, held))
    attach(carol, LEAK, NOTES)
    carol.locator("parley-composer textarea").fill("Here it is")
    send(carol)
    expect(carol.locator("parley-composer")).to_contain_text("Goes as soon as the files are uploaded.")
    expect(carol.locator("parley-timeline")).not_to_contain_text("Here it is")

    let_go(carol, held, 2)
    reads(bob, "Here it is")
    expect(pictures(bob)).to_have_count(1)
    with bob.expect_download() as download:
        bob.locator(".file", has_text="notes.txt").click()
    assert Path(download.value.path()).read_bytes() == NOTES["buffer"]


def test_what_is_refused_says_why_and_stays_behind(both: tuple[Page, Page]) -> None:
    carol, bob = both
    attach(carol, PROGRAM, NOTES)
    expect(cards(carol).first).to_contain_text("Files of this type are not taken here.")
    expect(cards(carol).last).to_contain_text("ready")
    send(carol)
    expect(bob.locator(".file")).to_contain_text("notes.txt")
    expect(cards(carol)).to_have_count(1)
    carol.get_by_role("button", name="Remove: fix.exe").click()
    expect(cards(carol)).to_have_count(0)


def test_refused_after_send_the_words_wait_for_a_decision(both: tuple[Page, Page]) -> None:
    carol, bob = both
    held: list[Route] = []
    carol.route("**/chat/upload/**", lambda route: hold_upload(route, held))
    attach(carol, PROGRAM)
    carol.locator("parley-composer textarea").fill("Run this")
    send(carol)
    expect(carol.locator("parley-composer")).to_contain_text("Goes as soon as the files are uploaded.")
    let_go(carol, held, 1)
    expect(carol.locator("parley-composer")).to_contain_text("Not sent yet: one of the files was not taken.")
    expect(carol.locator("parley-composer textarea")).to_have_value("Run this")
    send(carol)
    reads(bob, "Run this")


def test_a_lost_connection_is_tried_again(both: tuple[Page, Page]) -> None:
    carol, bob = both
    carol.route("**/chat/upload/**", lambda route: route.abort())
    attach(carol, NOTES)
    expect(cards(carol)).to_contain_text("The server could not be reached.")
    carol.unroute("**/chat/upload/**")
    cards(carol).get_by_role("button", name="Try again").click()
    expect(cards(carol)).to_contain_text("ready")
    send(carol)
    expect(bob.locator(".file")).to_contain_text("notes.txt")


def test_dropped_anywhere_on_the_conversation(both: tuple[Page, Page]) -> None:
    carol, bob = both
    data = bob.evaluate_handle(
        """() => {
          const data = new DataTransfer()
          data.items.add(new File(["Towels"], "list.txt", {type: "text/plain"}))
          return data
        }"""
    )
    zone = bob.locator("main.conversation")
    zone.dispatch_event("dragenter", {"dataTransfer": data})
    expect(bob.locator(".tray")).to_be_attached()
    zone.dispatch_event("dragover", {"dataTransfer": data})
    expect(bob.locator("main.dropping")).to_have_count(1)
    zone.dispatch_event("drop", {"dataTransfer": data})
    expect(bob.locator("main.dropping")).to_have_count(0)
    expect(cards(bob)).to_contain_text("list.txt")
    expect(cards(bob)).to_contain_text("ready")
    send(bob)
    expect(carol.locator(".file")).to_contain_text("list.txt")


def attach(page: Page, *files: FilePayload) -> None:
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Attach files").click()
    chooser.value.set_files(list(files))


def hold_upload(route: Route, held: list[Route]) -> None:
    """What is taken may be asked."""
    if route.request.method == "POST":
        held.append(route)
    else:
        route.continue_()


def let_go(page: Page, held: list[Route], count: int) -> None:
    """Requests that were held, once all of them have come."""
    while len(held) < count:
        page.wait_for_timeout(20)
    for one in held:
        one.continue_()


def send(page: Page) -> None:
    page.get_by_role("button", name="Send", exact=True).click()


def cards(page: Page) -> Locator:
    """Of what is to be sent."""
    return page.locator("parley-composer .upload")


def pictures(page: Page) -> Locator:
    """Those that are here."""
    return page.locator("parley-timeline .picture img[src]")
