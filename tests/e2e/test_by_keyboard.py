"""The staff page without a mouse: keys, the palette, and the lists above the conversations."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.accessibility import is_for_everybody
from tests.e2e.conftest import Server, Window
from tests.e2e.deeds import reads, say, sign_in

ROW = "parley-conversation-list [data-id]"
CURRENT = f"{ROW}[aria-current=true]"


@pytest.fixture
def alice(window: Window, server: Server, demo: dict[str, Any]) -> Page:
    page = window()
    admin = next(one for one in demo["members"] if one["role"] == "admin")
    sign_in(page, f"{server.url}/chat/", admin)
    expect(page.locator("parley-filters [role=tab]").first).to_be_visible()
    return page


def begin(page: Page, title: str, *names: str) -> None:
    """With the keys that there are for it, out of the field first."""
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    for name in names:
        page.locator("label.choice", has_text=name).click()
    page.get_by_label("Name of the group").fill(title)
    page.get_by_role("button", name="Start").click()
    expect(page.locator("#conversation-name")).to_have_text(title)


def tab(page: Page, name: str) -> Any:
    return page.locator("parley-filters").get_by_role("tab", name=name)


def test_bob_goes_through_his_conversations_by_keys(dana: Page, alice: Page, bob: Page) -> None:
    say(dana, "Is breakfast included?")
    begin(alice, "Towels", "Bob Keller", "Marta Ruiz")
    say(alice, "@Bob Keller can you look?")
    expect(bob.locator(ROW)).to_have_count(2)
    expect(bob.locator(ROW).first).to_contain_text("can you look?")

    bob.keyboard.press("j")
    expect(bob.locator(CURRENT)).to_contain_text("Towels")
    reads(bob, "@Bob Keller can you look?")
    bob.keyboard.press("j")
    reads(bob, "Is breakfast included?")
    bob.keyboard.press("k")
    expect(bob.locator(CURRENT)).to_contain_text("Towels")

    bob.keyboard.press("r")
    bob.keyboard.type("just me")
    expect(bob.locator("parley-composer textarea")).to_have_value("just me")
    bob.keyboard.press("Enter")
    reads(alice, "just me")
    bob.keyboard.press("Escape")
    expect(bob.locator(CURRENT)).to_be_focused()

    bob.keyboard.press("m")
    expect(bob.locator(CURRENT).get_by_role("img", name="Muted")).to_be_visible()
    expect(bob.get_by_role("status").filter(has_text="Muted: Towels")).to_have_count(1)
    bob.keyboard.press("d")
    expect(bob.locator("#details")).to_be_hidden()
    bob.keyboard.press("d")
    expect(bob.locator("#details")).to_be_visible()
    bob.keyboard.press("e")
    expect(bob.locator(ROW)).to_have_count(1)
    tab(bob, "Archived").click()
    expect(bob.locator(ROW)).to_contain_text("Towels")
    bob.keyboard.press("/")
    bob.keyboard.type("towels")
    expect(bob.locator(ROW)).to_have_count(1)


def test_the_keys_are_listed_and_can_be_turned_off(bob: Page, alice: Page) -> None:
    begin(alice, "Towels", "Bob Keller", "Marta Ruiz")
    expect(bob.locator(ROW)).to_have_count(1)
    bob.keyboard.press("?")
    help = bob.get_by_role("dialog", name="Keyboard shortcuts")
    expect(help).to_contain_text("Next conversation")
    is_for_everybody(bob)
    bob.keyboard.press("j")
    help.get_by_role("checkbox", name="Single keys").uncheck()
    bob.keyboard.press("Escape")
    expect(help).to_have_count(0)
    expect(bob.locator(CURRENT)).to_have_count(0)

    bob.reload()
    expect(bob.locator(ROW)).to_have_count(1)
    bob.keyboard.press("j")
    bob.keyboard.press("?")
    bob.keyboard.press("Control+k")
    palette = bob.get_by_role("dialog", name="Find and do anything")
    expect(palette.get_by_role("option", name="Towels")).to_be_visible()
    expect(help).to_have_count(0)
    expect(bob.locator(CURRENT)).to_have_count(0)


def test_the_palette_finds_conversations_people_and_commands(bob: Page, alice: Page) -> None:
    begin(alice, "Towels", "Bob Keller", "Marta Ruiz")
    say(alice, "Are they dry?")
    expect(bob.locator(ROW)).to_have_count(1)
    palette = bob.get_by_role("dialog", name="Find and do anything")
    field = palette.get_by_role("combobox")

    bob.keyboard.press("Control+k")
    expect(field).to_be_focused()
    is_for_everybody(bob)
    bob.keyboard.type("tow")
    expect(palette.get_by_role("option")).to_have_count(1)
    expect(palette.get_by_role("option", selected=True)).to_contain_text("Towels")
    bob.keyboard.press("Enter")
    expect(palette).to_have_count(0)
    reads(bob, "Are they dry?")

    bob.keyboard.press("Control+k")
    bob.keyboard.type("mut")
    expect(palette.get_by_role("option", selected=True)).to_contain_text("Mute")
    bob.keyboard.press("Enter")
    expect(bob.locator(CURRENT).get_by_role("img", name="Muted")).to_be_visible()

    bob.keyboard.press("Control+k")
    bob.keyboard.type("ruiz")
    expect(palette.get_by_role("option", name="Marta Ruiz")).to_be_visible()
    bob.keyboard.press("Enter")
    expect(bob.locator("#conversation-name")).to_have_text("Marta Ruiz")

    bob.keyboard.press("Control+k")
    bob.keyboard.type("zzzz")
    expect(palette.get_by_text("Nothing matches “zzzz”.")).to_be_visible()
    expect(field).not_to_have_attribute("aria-activedescendant", "palette-option-0")
    bob.keyboard.press("Escape")
    expect(palette).to_have_count(0)

    # A phone has no such keys.
    bob.get_by_role("button", name="Find and do anything").click()
    expect(field).to_be_focused()


def test_what_is_typed_before_the_palette_is_there_is_not_lost(bob: Page, alice: Page) -> None:
    begin(alice, "Towels", "Bob Keller", "Marta Ruiz")
    expect(bob.locator(ROW)).to_have_count(1)
    bob.keyboard.press("j")

    def come_late(route: Route) -> None:
        bob.wait_for_timeout(300)
        route.continue_()

    bob.route(re.compile("palette"), come_late)

    bob.keyboard.press("Control+k")
    bob.keyboard.type("e-maxil")
    for _ in "xil":
        bob.keyboard.press("Backspace")
    palette = bob.get_by_role("dialog", name="Find and do anything")
    expect(palette.get_by_role("combobox")).to_have_value("e-ma")
    bob.keyboard.press("Escape")
    expect(bob.locator(ROW)).to_have_count(1)


def test_lists_of_what_is_unread_and_of_what_mentions_bob(bob: Page, alice: Page) -> None:
    begin(alice, "Towels", "Bob Keller", "Marta Ruiz")
    say(alice, "Dry?")
    begin(alice, "Windows", "Bob Keller", "Marta Ruiz")
    say(alice, "@Bob Keller clean?")
    expect(tab(bob, "Unread")).to_contain_text("2")
    expect(tab(bob, "Mentions")).to_contain_text("1")
    expect(tab(bob, "Archived")).to_have_count(0)

    tab(bob, "Mentions").click()
    expect(bob.locator(ROW)).to_have_count(1)
    expect(bob.locator(ROW)).to_contain_text("Windows")
    bob.reload()
    expect(tab(bob, "Mentions")).to_have_attribute("aria-selected", "true")
    expect(bob.locator(ROW)).to_have_count(1)

    bob.locator(ROW).click()
    reads(bob, "@Bob Keller clean?")
    expect(tab(bob, "Mentions")).not_to_contain_text("1")
    expect(bob.locator(ROW)).to_have_count(1)  # it stays as long as it is open
    tab(bob, "Mentions").press("ArrowLeft")
    expect(tab(bob, "Unread")).to_be_focused()
    expect(bob.locator(ROW)).to_contain_text("Towels")
    tab(bob, "Unread").press("ArrowRight")
    expect(bob.locator("parley-conversation-list")).to_contain_text("No new mentions")
    is_for_everybody(bob)


def test_what_a_key_could_not_do_is_said_where_nothing_else_shows_it(bob: Page, alice: Page) -> None:
    begin(alice, "Lobby", "Bob Keller", "Marta Ruiz")
    bob.route("**/archive/", lambda route: route.abort())
    row = bob.get_by_role("button", name=re.compile("Lobby"))
    row.focus()
    bob.keyboard.press("e")
    told = bob.get_by_role("status").filter(has_text="That was not saved. Try again.")
    expect(told).to_be_visible()
    is_for_everybody(bob)
    bob.unroute("**/archive/")
    told.get_by_role("button", name="Put this away").click()
    expect(told).to_have_count(0)
    row.focus()
    bob.keyboard.press("e")
    expect(row).to_have_count(0)
