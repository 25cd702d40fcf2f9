"""Who is here, who types, who has read: seen on two people's pages."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.accessibility import is_for_everybody
from tests.e2e.conftest import Server, Window
from tests.e2e.deeds import come_as_carol, open_newest, open_widget, reads, say, sign_in

NOTHING_IS_UNREAD = """async () => {
    const {results} = await (await fetch("/api/v1/chat/conversations/")).json()
    return results.every(({unread_count}) => unread_count === 0)
}"""


@pytest.fixture
def carol(window: Window, demo: dict[str, Any]) -> Page:
    """Known by name, with the widget open, in her conversation."""
    page = window()
    come_as_carol(page, demo)
    say(page, "The heating is off")
    reads(page, "The heating is off")
    return page


def test_each_sees_the_other_come_type_and_leave(carol: Page, bob: Page) -> None:
    open_newest(bob)
    say(bob, "On my way")
    reads(carol, "On my way")
    expect(carol.locator("parley-widget").get_by_text("Bob Keller · online")).to_be_visible()

    carol.locator("parley-composer textarea").press_sequentially("Thank you")
    expect(bob.locator(".typing-names")).to_be_visible()
    carol.locator("parley-composer textarea").fill("")
    expect(bob.locator(".typing-names")).to_be_hidden()

    bob.goto("about:blank")
    expect(
        carol.locator("parley-widget").get_by_text(re.compile("Bob Keller · offline, last seen"))
    ).to_be_visible(timeout=25_000)


def test_bob_says_that_he_is_busy(carol: Page, bob: Page) -> None:
    open_newest(bob)
    say(bob, "On my way")
    reads(carol, "On my way")
    bob.get_by_role("button", name=re.compile("Bob Keller")).last.click()
    bob.get_by_role("radio", name="Busy").check()
    expect(carol.locator("parley-widget").get_by_text("Bob Keller · busy")).to_be_visible()


def test_alice_reads_in_private(window: Window, bob: Page, server: Server, demo: dict[str, Any]) -> None:
    """Bob sees that his message has arrived, not that it was read; on her own pages it is read."""
    alice = window()
    admin = next(one for one in demo["members"] if one["role"] == "admin")
    sign_in(alice, f"{server.url}/chat/", admin)
    alice.get_by_role("button", name=re.compile(admin["name"])).last.click()
    alice.get_by_role("checkbox", name="Read in private").check()
    alice.keyboard.press("Escape")

    start(bob, admin["id"])
    open_newest(bob)
    say(bob, "The safe is open")
    open_newest(alice)
    reads(alice, "The safe is open")
    own = bob.locator("parley-timeline .message", has_text="The safe is open")
    expect(own.get_by_role("img", name=re.compile("delivered", re.IGNORECASE))).to_be_visible()
    alice.wait_for_function(NOTHING_IS_UNREAD)
    say(alice, "I have locked it")
    reads(bob, "I have locked it")
    expect(own.get_by_role("img", name=re.compile("delivered", re.IGNORECASE))).to_be_visible()


def start(page: Page, member: str) -> None:
    """A direct conversation, as the page's own code starts one."""
    made = page.evaluate(
        """async member => (await fetch("/api/v1/chat/conversations/start/", {
            method: "POST",
            headers: {
                "Content-Type": "application/json",
                "X-CSRFToken": document.cookie.match(/csrftoken=([^;]+)/)?.[1] ?? ""
            },
            body: JSON.stringify({kind: "direct", member}),
        })).status""",
        member,
    )
    assert made == 201


def test_the_launcher_says_how_many_may_answer(window: Window, bob: Page, demo: dict[str, Any]) -> None:
    """Before anybody is anybody; what was so when the page came up."""
    expect(bob.locator("#me-role")).to_contain_text("online")
    page = window()
    online = page.locator(".launcher-online")
    for _ in range(20):
        page.goto(f"{demo['site']['origin']}/demo/{demo['slug']}/")
        expect(page.locator(".launcher")).to_be_visible()
        if online.is_visible():
            break
        page.wait_for_timeout(500)
    expect(online).to_have_text("1")
    expect(page.get_by_role("button", name="Open chat, 1 online")).to_be_visible()
    is_for_everybody(page)
    open_widget(page)
    expect(online).to_be_hidden()
