"""The main job, end to end: a visitor on a host's page and an agent on the staff page talk in real time.

Two Chromium windows with nothing in common, a server process, and the demo's pages: the visitor's page is of another
origin than the server and has the strictest policy a host may set.
"""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Page, expect

from tests.e2e.conftest import Server, Window
from tests.e2e.deeds import come_as_carol, open_newest, open_widget, reads, say, sign_in


def test_two_people_talk_live_after_a_reload_and_after_the_server_died(
    dana: Page, bob: Page, server: Server
) -> None:
    say(dana, "Is breakfast included?")
    reads(dana, "Is breakfast included?")
    open_newest(bob)
    reads(bob, "Is breakfast included?")
    say(bob, "Yes, from 7 to 10")
    reads(dana, "Yes, from 7 to 10")

    dana.reload()
    open_widget(dana)
    bob.reload()
    open_newest(bob)
    for page in (dana, bob):
        reads(page, "Is breakfast included?")
        reads(page, "Yes, from 7 to 10")

    server.kill()
    say(dana, "And on Sundays?")
    server.start()
    reads(bob, "And on Sundays?")
    say(bob, "Until 11")
    for page in (dana, bob):
        for text in ("Is breakfast included?", "Yes, from 7 to 10", "And on Sundays?", "Until 11"):
            reads(page, text)


def test_names_times_and_ticks(dana: Page, bob: Page) -> None:
    say(dana, "Hello")
    message = dana.locator("parley-timeline .message").last
    expect(message.get_by_role("img", name=re.compile("sent|delivered", re.IGNORECASE))).to_be_visible()

    open_newest(bob)
    reads(bob, "Hello")
    expect(bob.locator("parley-timeline").get_by_text("Visitor").first).to_be_visible()
    say(bob, "Good morning")
    reads(dana, "Good morning")
    expect(dana.locator("parley-timeline").get_by_text("Bob Keller").first).to_be_visible()
    expect(dana.locator("parley-timeline time").first).to_be_visible()
    own = dana.locator("parley-timeline .message", has_text="Hello")
    expect(own.get_by_role("img", name=re.compile("read", re.IGNORECASE))).to_be_visible()


def test_a_visitor_who_only_looks_leaves_no_trace(
    window: Window, server: Server, demo: dict[str, Any]
) -> None:
    page = window()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(f"{request.method} {request.url}"))
    page.goto(f"{demo['site']['origin']}/demo/{demo['slug']}/")
    open_widget(page)
    expect(page.locator("parley-composer textarea")).to_be_visible()

    assert page.evaluate("[localStorage.length, document.cookie]") == [0, ""]
    api = [one for one in asked if "/api/" in one]
    assert [one.split("?")[0] for one in api] == [f"GET {server.url}/api/v1/widget/config/"]


def test_alice_looks_around_in_the_admin(window: Window, server: Server, demo: dict[str, Any]) -> None:
    """Under the policy that forbids inline code; a complaint of the console fails the test."""
    alice = window()
    admin = next(one for one in demo["members"] if one["role"] == "admin")
    sign_in(alice, f"{server.url}/admin/", admin)
    alice.get_by_role("link", name="Members").first.click()
    expect(alice.locator("#result_list")).to_contain_text("Bob Keller")
    expect(alice.locator("#result_list")).not_to_contain_text("Mallory")


def test_whom_the_host_signed_is_known_by_name(window: Window, bob: Page, demo: dict[str, Any]) -> None:
    carol = window()
    come_as_carol(carol, demo)
    say(carol, "It is me again")
    reads(carol, "It is me again")
    expect(bob.locator("parley-conversation-list").get_by_text("Carol").first).to_be_visible()
    open_newest(bob)
    reads(bob, "It is me again")
