"""The widget's tabs: the conversation, all chats, people and groups; each for whom it is of use."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.accessibility import is_for_everybody
from tests.e2e.conftest import Server, Window
from tests.e2e.deeds import come_as_carol, open_newest, reads, say, sign_in
from tests.e2e.test_find_in_a_conversation import more
from tests.e2e.test_share_a_file import LEAK, attach, cards, pictures


@pytest.fixture
def carol(window: Window, demo: dict[str, Any]) -> Page:
    """A client, who shares a room with an external manager."""
    page = window()
    come_as_carol(page, demo)
    return page


@pytest.fixture
def pedro(window: Window, server: Server, demo: dict[str, Any]) -> Page:
    page = window()
    member = next(one for one in demo["members"] if one["role"] == "external_pm")
    sign_in(page, f"{server.url}/chat/", member)
    return page


def tab(page: Page, name: str) -> Locator:
    return page.get_by_role("tab", name=name)


def test_a_visitor_sees_no_tabs(dana: Page) -> None:
    say(dana, "Hello")
    reads(dana, "Hello")
    expect(dana.get_by_role("tab")).to_have_count(0)
    expect(dana.get_by_role("button", name="Back")).to_have_count(0)


def test_carol_writes_to_pedro_and_to_reception(carol: Page, pedro: Page) -> None:
    tab(carol, "People").click()
    people = carol.get_by_role("tabpanel", name="People")
    expect(
        people.get_by_role("button", name=re.compile("Pedro Lima.*External manager · online"))
    ).to_be_visible()
    is_for_everybody(carol)
    people.get_by_role("searchbox").fill("marta")
    expect(people.locator("[data-act=write]")).to_have_count(1)
    people.get_by_role("searchbox").fill("ped")
    people.get_by_role("button", name=re.compile("Pedro")).click()

    expect(carol.get_by_role("dialog", name="Pedro Lima")).to_be_visible()
    say(carol, "Did you order the paint?")
    open_newest(pedro)
    reads(pedro, "Did you order the paint?")

    tab(carol, "Chats").click()
    carol.get_by_role("button", name="Write to Reception").click()
    attach(carol, LEAK)
    expect(cards(carol)).to_contain_text("ready")
    say(carol, "The heating is off")
    reads(carol, "The heating is off")
    expect(pictures(carol)).to_have_count(1)
    carol.get_by_role("button", name="Back").click()
    say(pedro, "It comes on Monday")
    chats = carol.get_by_role("tabpanel", name="Chats")
    expect(chats.get_by_role("button")).to_have_count(2)
    expect(chats.get_by_role("button").first).to_have_text(
        re.compile("Pedro Lima.*It comes on Monday.*1 unread message")
    )
    expect(chats.get_by_role("button").last).to_have_text(re.compile("You: The heating is off"))
    is_for_everybody(carol)


def test_what_is_read_is_what_is_on_the_screen(carol: Page, pedro: Page) -> None:
    tab(carol, "People").click()
    carol.get_by_role("button", name=re.compile("Pedro")).click()
    say(carol, "Ping")
    open_newest(pedro)
    tab(carol, "People").click()
    say(pedro, "Pong")
    expect(tab(carol, "Chats")).to_have_text(re.compile("1 unread message"))
    tab(carol, "Conversation").click()
    reads(carol, "Pong")
    expect(tab(carol, "Chats")).to_have_text("Chats")


def test_a_group_begins_in_a_dialog(carol: Page, pedro: Page) -> None:
    tab(carol, "People").click()
    carol.get_by_role("button", name="New group").click()
    dialog = carol.get_by_role("dialog", name="New group")
    dialog.get_by_role("checkbox", name=re.compile("Pedro")).check()
    dialog.get_by_role("checkbox", name=re.compile("Bob")).check()
    dialog.get_by_label("Name of the group").fill("Painting")
    is_for_everybody(carol)
    dialog.get_by_role("button", name="Start").click()
    expect(carol.get_by_role("dialog", name="Painting")).to_contain_text("Group · 3 people")
    say(carol, "Monday?")
    open_newest(pedro)
    reads(pedro, "Monday?")
    tab(carol, "People").click()
    expect(
        carol.get_by_role("list", name="Groups").get_by_role("button", name=re.compile("Painting"))
    ).to_be_visible()


def test_by_the_keyboard(carol: Page) -> None:
    tab(carol, "Conversation").focus()
    for key, name in (
        ("ArrowRight", "Chats"),
        ("End", "Requests"),
        ("ArrowRight", "Conversation"),
        ("ArrowLeft", "Requests"),
        ("ArrowLeft", "People"),
    ):
        carol.keyboard.press(key)
        expect(tab(carol, name)).to_be_focused()
        expect(tab(carol, name)).to_have_attribute("aria-selected", "true")
    expect(carol.get_by_role("searchbox")).to_be_visible()
    carol.keyboard.press("Tab")
    expect(carol.get_by_role("searchbox")).to_be_focused()
    expect(carol.get_by_role("tab", selected=True)).to_have_count(1)


def test_what_a_page_asks_for(carol: Page) -> None:
    """The list, and one of the conversations."""
    tab(carol, "People").click()
    carol.get_by_role("button", name=re.compile("Pedro")).click()
    say(carol, "Hello Pedro")
    carol.evaluate("Parley.hide()")
    carol.evaluate("Parley.showMessages()")
    expect(carol.get_by_role("tabpanel", name="Chats")).to_be_visible()
    carol.evaluate("Parley.showNewMessage('I would like')")
    expect(carol.get_by_role("dialog", name="Reception")).to_be_visible()
    expect(carol.locator("parley-composer textarea")).to_have_value("I would like")


def test_carol_puts_a_chat_away_until_something_is_said(carol: Page, pedro: Page) -> None:
    tab(carol, "Chats").click()
    chats = carol.get_by_role("tabpanel", name="Chats")
    expect(chats).to_have_text("Write to Reception", use_inner_text=True)
    tab(carol, "People").click()
    carol.get_by_role("button", name=re.compile("Pedro")).click()
    say(carol, "Is the paint dry?")
    open_newest(pedro)
    tab(carol, "Chats").click()
    carol.get_by_role("button", name="Write to Reception").click()
    say(carol, "A key, please")
    reads(carol, "A key, please")

    more(carol, "Archive")
    expect(tab(carol, "Chats")).to_be_focused()
    expect(chats.locator("[data-id]")).to_have_text([re.compile("Pedro Lima")])
    expect(chats.get_by_role("button", name="Write to Reception")).to_be_visible()
    chats.locator("[data-id]").click()
    more(carol, "Archive")
    expect(chats).to_contain_text("All of your chats are archived")
    is_for_everybody(carol)
    chats.get_by_role("button", name="Archived (2)").click()
    expect(chats.get_by_role("heading", name="Archived")).to_be_visible()
    expect(chats.locator("[data-id]")).to_have_count(2)
    is_for_everybody(carol)

    say(pedro, "Not yet")
    expect(chats.locator("[data-id]")).to_have_text([re.compile("A key, please")])
    chats.get_by_role("button", name="Back to all chats").click()
    expect(chats.locator("[data-id]")).to_have_text([re.compile("Pedro Lima.*Not yet.*1 unread message")])

    chats.get_by_role("button", name="Archived (1)").click()
    chats.locator("[data-id]").click()
    more(carol, "Take out of the archive")
    carol.get_by_role("button", name="Back").click()
    expect(chats.locator("[data-id]")).to_have_count(2)
    expect(chats.get_by_role("button", name=re.compile("Archived"))).to_have_count(0)
