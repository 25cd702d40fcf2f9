"""Bob notes something beside Dana's open widget; she never reads it, Marta does. What is often said, he keeps."""

from __future__ import annotations

import json
import re
import subprocess
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, ViewportSize, expect

from tests.e2e.accessibility import is_for_everybody
from tests.e2e.conftest import ROOT, Server, Window
from tests.e2e.deeds import do, message, open_newest, open_widget, reads, say, sign_in
from tests.e2e.test_first_words import shoot

PHONE: ViewportSize = {"width": 390, "height": 844}
WIDE: ViewportSize = {"width": 1280, "height": 800}
WORD = "zanahoria"
KEPT = {
    "wifi": "Hello {{client.name}}, the wireless network is called Hotel.",
    "window": "The windows are cleaned on Mondays. {{agent.name}}, {{organisation.name}}",
}


@pytest.fixture
def marta(window: Window, server: Server, demo: dict[str, Any]) -> Page:
    page = window()
    manager = next(one for one in demo["members"] if one["role"] == "manager")
    sign_in(page, f"{server.url}/chat/", manager)
    expect(page).to_have_url(re.compile("/chat/"))
    return page


def keep(server: Server, replies: dict[str, str]) -> None:
    """As a manager does by the API, or in the admin."""
    code = (
        "import json; from accounts.actor import Actor, Credential; from accounts.models import Member; "
        "from desk.actions import create_canned_reply; "
        "managers = Member.objects.filter(role='manager'); "
        "[create_canned_reply(Actor(one, Credential(one.pk)), shortcut=name, body=body) "
        f"for one in managers for name, body in json.loads({json.dumps(json.dumps(replies))}).items()]"
    )
    subprocess.run(server._command("shell", "-c", code), cwd=ROOT, env=server.environment, check=True)


def composer(page: Page) -> Locator:
    return page.locator("parley-composer textarea")


def kind(page: Page, name: str) -> Locator:
    return page.get_by_role("radio", name=name, exact=True)


def test_a_note_is_for_colleagues(dana: Page, bob: Page, marta: Page) -> None:
    say(dana, "My room is cold")
    for page in (bob, marta):
        open_newest(page)
        reads(page, "My room is cold")
    say(bob, "Somebody will come")
    reads(dana, "Somebody will come")
    expect(kind(bob, "Reply")).to_be_checked()
    shoot(bob, "composer-reply")

    # By keyboard alone, from within the text.
    composer(bob).focus()
    bob.keyboard.press("Control+i")
    expect(kind(bob, "Note")).to_be_checked()
    expect(composer(bob)).to_be_focused()
    expect(composer(bob)).to_have_accessible_name("Note for the team")
    expect(bob.locator("#said")).to_have_text("You are writing an internal note.")
    composer(bob).fill(f"She complained before, {WORD}")
    shoot(bob, "composer-note")
    is_for_everybody(bob)

    # What is written is kept together with what it is.
    bob.reload()
    expect(composer(bob)).to_have_value(f"She complained before, {WORD}")
    expect(kind(bob, "Note")).to_be_checked()
    composer(bob).press("Enter")
    for page in (bob, marta):
        note = message(page, WORD)
        expect(note).to_have_count(1)
        expect(note.get_by_text("Internal note")).to_be_visible()
        expect(note).to_have_class(re.compile(r"\bnote\b"))
    expect(kind(bob, "Note")).to_be_checked()

    # Marta answers it, and only a note can.
    do(marta, WORD, "Reply")
    expect(kind(marta, "Note")).to_be_checked()
    marta.keyboard.press("Control+i")
    expect(kind(marta, "Reply")).to_be_checked()
    expect(marta.locator(".composer-bar")).to_be_hidden()
    say(marta, "I am on my way")
    reads(dana, "I am on my way")
    reads(bob, "I am on my way")
    shoot(bob, "timeline-note")
    shoot(marta, "timeline-note-of-others")
    is_for_everybody(marta)
    is_for_everybody(bob)
    bob.set_viewport_size(PHONE)
    shoot(bob, "timeline-note-phone")

    for _ in range(2):
        for text in ("My room is cold", "Somebody will come", "I am on my way"):
            reads(dana, text)
        assert WORD not in dana.content()
        assert WORD not in dana.locator("parley-widget").inner_text()
        assert "Internal note" not in dana.locator("parley-widget").inner_text()
        dana.reload()
        open_widget(dana)
    # A line that she writes now stands right after the last that she has.
    say(dana, "Thank you")
    for page in (dana, bob, marta):
        reads(page, "Thank you")


def test_the_arrows_choose(dana: Page, bob: Page) -> None:
    say(dana, "Hello")
    open_newest(bob)
    reads(bob, "Hello")
    kind(bob, "Reply").focus()
    bob.keyboard.press("ArrowRight")
    expect(kind(bob, "Note")).to_be_focused()
    expect(kind(bob, "Note")).to_be_checked()
    bob.keyboard.press("ArrowUp")
    expect(kind(bob, "Reply")).to_be_checked()
    bob.get_by_text("Note", exact=True).click()
    expect(composer(bob)).to_be_focused()
    expect(kind(bob, "Note")).to_be_checked()


def test_what_is_often_said_is_kept(dana: Page, bob: Page, server: Server) -> None:
    say(dana, "Hello")
    open_newest(bob)
    reads(bob, "Hello")
    options = bob.get_by_role("option")
    composer(bob).press("/")
    expect(options).to_have_text(["No canned replies yet. Managers write them in the administration."])
    bob.keyboard.press("Enter")
    expect(options).to_have_count(0)
    expect(composer(bob)).to_have_value("/")
    composer(bob).fill("")

    keep(server, KEPT)
    composer(bob).press_sequentially("/w")
    expect(options).to_have_count(2)
    expect(options.first).to_contain_text("/wifi")
    shoot(bob, "canned")
    is_for_everybody(bob)
    bob.keyboard.press("Escape")
    expect(options).to_have_count(0)
    expect(composer(bob)).to_have_value("/w")
    composer(bob).press_sequentially("i")
    expect(options).to_have_count(2)
    bob.keyboard.press("ArrowDown")
    bob.keyboard.press("Tab")
    expect(composer(bob)).to_have_value(re.compile(r"^The windows are cleaned on Mondays. .+, .+$"))
    expect(composer(bob)).not_to_have_value(re.compile(r"\{\{"))
    expect(composer(bob)).to_be_focused()
    composer(bob).press("Enter")
    expect(message(dana, "The windows are cleaned")).to_have_count(1)


def test_and_said_to_a_client_alone(bob: Page, server: Server) -> None:
    """Outside support, too: whoever is alone of the clients' side there is the client."""
    keep(server, KEPT)
    bob.get_by_role("button", name="New conversation").click()
    dialog = bob.get_by_role("dialog", name="New conversation")
    dialog.get_by_role("checkbox", name=re.compile("Carol")).check()
    dialog.get_by_role("button", name="Start").click()
    expect(dialog).to_be_hidden()
    composer(bob).press_sequentially("/wifi")
    expect(bob.get_by_role("listbox").get_by_role("option")).to_have_count(1)
    bob.keyboard.press("Tab")
    expect(composer(bob)).to_have_value("Hello Carol Nguyen, the wireless network is called Hotel.")
