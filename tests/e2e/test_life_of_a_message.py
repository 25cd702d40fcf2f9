"""What becomes of a message, on two people's screens: Carol in the widget on her hotel's page, Bob on the staff's."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Window
from tests.e2e.deeds import Cable, come_as_carol, do, message, open_newest, open_widget, reads, say


@pytest.fixture
def cable(window: Window) -> Cable:
    """Carol's."""
    return Cable(window())


@pytest.fixture
def carol(cable: Cable, demo: dict[str, Any]) -> Page:
    """Known by name, with the widget open, in her conversation."""
    page = cable.page
    come_as_carol(page, demo)
    say(page, "The heating is off")
    reads(page, "The heating is off")
    return page


@pytest.fixture
def both(carol: Page, bob: Page) -> tuple[Page, Page]:
    """In one conversation, where both have said something."""
    open_newest(bob)
    say(bob, "On my way")
    reads(carol, "On my way")
    return carol, bob


def test_carol_edits_and_takes_back(both: tuple[Page, Page]) -> None:
    carol, _ = both
    do(carol, "The heating is off", "Edit")
    expect(carol.get_by_text("Editing your message")).to_be_visible()
    expect(composer(carol)).to_have_value("The heating is off")
    composer(carol).fill("The heating is off since noon")
    composer(carol).press("Enter")
    for page in both:
        reads(page, "The heating is off since noon")
        expect(message(page, "since noon")).to_contain_text("edited")

    delete(carol, "since noon")
    for page in both:
        reads(page, "[Message deleted]")
        expect(page.get_by_text("since noon")).to_have_count(0)
    expect(actions(carol, "[Message deleted]")).to_have_count(0)


def test_bob_answers_and_the_quote_follows_its_original(both: tuple[Page, Page]) -> None:
    carol, bob = both
    do(bob, "The heating is off", "Reply")
    expect(bob.get_by_text("Replying to Carol Nguyen")).to_be_visible()
    say(bob, "In which room?")
    for page in both:
        expect(quote(page, "In which room?")).to_contain_text("The heating is off")

    do(carol, "The heating is off", "Edit")
    say(carol, "The heating in 101 is off")
    for page in both:
        expect(quote(page, "In which room?")).to_contain_text("The heating in 101 is off")
    quote(bob, "In which room?").click()
    expect(message(bob, "in 101", of="Carol Nguyen")).to_be_focused()


def test_they_react(both: tuple[Page, Page]) -> None:
    carol, bob = both
    do(carol, "On my way", "React")
    carol.get_by_role("button", name="🙏").click()
    for page in both:
        expect(reaction(page, "🙏")).to_have_text("🙏1")
    expect(reaction(bob, "🙏")).to_have_attribute("aria-label", "🙏 1: Carol Nguyen")

    reaction(bob, "🙏").click()
    for page in both:
        expect(reaction(page, "🙏")).to_have_text("🙏2")
    reaction(carol, "🙏").click()
    reaction(bob, "🙏").click()
    for page in both:
        expect(reaction(page, "🙏")).to_have_count(0)


def test_bob_pins_and_unpins(both: tuple[Page, Page]) -> None:
    carol, bob = both
    do(bob, "The heating is off", "Pin")
    for page in both:
        expect(page.locator("parley-pins")).to_contain_text("The heating is off")
    # The staff pin in a support conversation.
    expect(actions(carol, "The heating is off").get_by_role("button", name="Pin")).to_have_count(0)

    carol.reload()
    open_widget(carol)
    expect(carol.locator("parley-pins")).to_contain_text("The heating is off")
    bob.locator("parley-pins").get_by_role("button", name="1 pinned message").click()
    bob.locator("parley-pins").get_by_role("button", name="Unpin").click()
    for page in both:
        expect(page.locator("parley-pins")).to_be_hidden()


def test_carol_mentions_bob(both: tuple[Page, Page]) -> None:
    carol, bob = both
    composer(carol).press_sequentially("Thanks @bo")
    expect(carol.get_by_role("option", name="Bob Keller")).to_have_attribute("aria-selected", "true")
    composer(carol).press("Enter")
    expect(composer(carol)).to_have_value("Thanks @Bob Keller ")
    composer(carol).press("Enter")
    for page in both:
        expect(message(page, "Thanks").locator(".mention")).to_have_text("@Bob Keller")
    expect(message(bob, "Thanks").locator(".of-me")).to_have_count(1)


def test_what_is_written_is_shown_as_it_is_meant_and_never_as_markup(both: tuple[Page, Page]) -> None:
    carol, bob = both
    say(carol, "*Soon?* <img src=x onerror=alert(1)> [see](javascript:alert(1)) `code`")
    said = message(bob, "Soon?")
    expect(said.locator("strong")).to_have_text("Soon?")
    expect(said.locator("code")).to_have_text("code")
    expect(said.locator("img, a")).to_have_count(0)
    expect(said).to_contain_text("<img src=x onerror=alert(1)> [see](javascript:alert(1))")


def test_all_of_it_by_keyboard(both: tuple[Page, Page]) -> None:
    carol, bob = both
    for page, mine in ((carol, "The heating is off"), (bob, "On my way")):
        composer(page).focus()
        composer(page).press("ArrowUp")
        expect(composer(page)).to_have_value(mine)
        page.keyboard.press("Escape")
        expect(composer(page)).to_have_value("")
    expect(composer(carol)).to_be_visible()  # Escape has not closed the widget

    bob.locator(".timeline-log").focus()
    bob.keyboard.press("ArrowUp")
    bob.keyboard.press("Enter")
    expect(bob.get_by_role("toolbar").get_by_role("button").first).to_be_focused()
    bob.keyboard.press("Enter")
    expect(bob.get_by_role("button", name="👍")).to_be_focused()
    bob.keyboard.press("ArrowRight")
    bob.keyboard.press("Enter")
    expect(reaction(carol, "👎")).to_have_text("👎1")

    bob.keyboard.press("Enter")
    bob.keyboard.press("ArrowRight")
    bob.keyboard.press("Enter")
    expect(bob.get_by_text("Replying to You")).to_be_visible()
    bob.keyboard.type("And here I am")
    bob.keyboard.press("Enter")
    expect(quote(carol, "And here I am")).to_contain_text("On my way")


def test_offline_nothing_is_promised_and_back_again_all_is_seen(
    both: tuple[Page, Page], cable: Cable
) -> None:
    carol, bob = both
    cable.cut()
    do(bob, "On my way", "Edit")
    say(bob, "On my way, five minutes")
    do(bob, "The heating is off", "Pin")
    delete(carol, "The heating is off")
    expect(message(carol, "The heating is off")).to_contain_text("Not deleted.")
    say(carol, "I am still here")

    cable.mend()
    reads(bob, "I am still here")
    reads(carol, "On my way, five minutes")
    expect(carol.locator("parley-pins")).to_contain_text("The heating is off")
    expect(message(bob, "The heating is off")).to_have_count(1)
    message(carol, "The heating is off").get_by_role("button", name="Dismiss").click()
    delete(carol, "The heating is off")
    for page in both:
        reads(page, "[Message deleted]")
        expect(page.locator("parley-pins")).to_be_hidden()


def delete(page: Page, text: str) -> None:
    """It asks once."""
    do(page, text, "Delete")
    message(page, text).get_by_role("toolbar").get_by_role("button", name="Delete").click()


def composer(page: Page) -> Locator:
    return page.locator("parley-composer textarea")


def actions(page: Page, text: str) -> Locator:
    message(page, text).hover()
    return message(page, text).get_by_role("toolbar")


def quote(page: Page, text: str) -> Locator:
    return message(page, text).locator(".quote")


def reaction(page: Page, emoji: str) -> Locator:
    return page.locator(".reaction", has_text=re.compile(emoji))
