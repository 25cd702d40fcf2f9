"""A mention opens a card of whom it names, on both sides, by pointer and by keyboard."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.accessibility import is_for_everybody
from tests.e2e.conftest import Window
from tests.e2e.deeds import come_as_carol, open_newest, reads, say


@pytest.fixture
def both(window: Window, bob: Page, demo: dict[str, Any]) -> tuple[Page, Page]:
    """Carol in the widget and Bob on the staff page, who have named each other."""
    carol = window()
    come_as_carol(carol, demo)
    say(carol, "The heating is off")
    open_newest(bob)
    reads(bob, "The heating is off")
    say(bob, "@Carol Nguyen, I am on my way")
    expect(carol.locator(".mention", has_text="Carol")).to_be_visible()
    say(carol, "@Bob Keller, thank you")
    expect(bob.locator(".mention", has_text="Bob")).to_be_visible()
    return carol, bob


def test_a_card_says_who_it_is_and_leads_to_them(both: tuple[Page, Page]) -> None:
    carol, bob = both
    carol.get_by_role("button", name="@Bob Keller", exact=True).click()
    card = carol.get_by_role("dialog", name="Bob Keller", exact=True)
    expect(card).to_contain_text("Agent · online")
    is_for_everybody(carol)
    card.get_by_role("button", name="Write to Bob Keller").click()
    expect(carol.get_by_text("No messages yet")).to_be_visible()
    say(carol, "Between you and me")
    expect(bob.locator("parley-conversation-list").get_by_text("Between you and me")).to_be_visible()

    bob.get_by_role("button", name="@Carol Nguyen", exact=True).click()
    bob.get_by_role("dialog", name="Carol Nguyen").get_by_role("button", name=re.compile("Write")).click()
    reads(bob, "Between you and me")


def test_by_the_keyboard(both: tuple[Page, Page]) -> None:
    for page, name in zip(both, ("Bob Keller", "Carol Nguyen"), strict=True):
        chip = page.get_by_role("button", name=f"@{name}", exact=True)
        chip.focus()
        page.keyboard.press("Enter")
        card = page.get_by_role("dialog", name=name, exact=True)
        expect(card).to_be_focused()
        page.keyboard.press("Tab")
        expect(card.get_by_role("button")).to_be_focused()
        page.keyboard.press("Escape")
        expect(card).to_have_count(0)
        expect(chip).to_be_focused()
    expect(both[0].get_by_role("dialog", name="Reception")).to_be_visible()


def test_nobody_has_a_card_of_themselves(both: tuple[Page, Page]) -> None:
    carol, bob = both
    expect(carol.get_by_role("button", name="@Carol Nguyen", exact=True)).to_have_count(0)
    expect(bob.get_by_role("button", name="@Bob Keller", exact=True)).to_have_count(0)
