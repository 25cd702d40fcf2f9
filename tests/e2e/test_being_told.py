"""Being told while nobody looks: in the title, by a sound, by the browser, and on the staff page's icon."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.accessibility import is_for_everybody
from tests.e2e.conftest import Window
from tests.e2e.deeds import open_newest, open_widget, reads, say
from tests.faults.services import until

TURN = """state => {
    Object.defineProperty(document, "visibilityState", {configurable: true, get: () => state})
    document.hasFocus = () => state === "visible"
    document.dispatchEvent(new Event("visibilitychange"))
}"""
LISTEN = """
window.tones = 0
window.shown = []
const start = OscillatorNode.prototype.start
OscillatorNode.prototype.start = function (...when) {
  window.tones++
  return start.apply(this, when)
}
window.Notification = class {
  static permission = "default"
  static requestPermission = async () => Notification.permission = "granted"
  constructor(title, {body}) {
    window.shown.push([title, body])
  }
}
"""


@pytest.fixture
def dana(window: Window, demo: dict[str, Any]) -> Page:
    """A visitor whose browser says what it plays and shows."""
    page = window()
    page.add_init_script(LISTEN)
    page.goto(f"{demo['site']['origin']}/demo/{demo['slug']}/")
    open_widget(page)
    expect(page.get_by_role("button", name="Notices")).to_have_count(0)
    say(page, "Is the pool open?")
    reads(page, "Is the pool open?")
    return page


@pytest.fixture
def answering(dana: Page, bob: Page) -> Page:
    open_newest(bob)
    reads(bob, "Is the pool open?")
    return bob


def test_a_hidden_page_counts_and_sounds_once_in_two_tabs(dana: Page, answering: Page) -> None:
    say(answering, "Until eight")
    reads(dana, "Until eight")
    assert dana.evaluate("tones") == 0

    other = dana.context.new_page()
    other.add_init_script(LISTEN)
    other.goto(dana.url)
    open_widget(other)
    reads(other, "Until eight")
    for tab in (dana, other):
        tab.evaluate(TURN, "hidden")
    say(answering, "And the sauna until nine")
    for tab in (dana, other):
        expect(tab).to_have_title("(1) Hotel Miramar")
    dana.wait_for_timeout(1_500)
    assert dana.evaluate("tones") + other.evaluate("tones") == 2  # of one sound

    dana.evaluate("document.title = 'Room 101'")
    expect(dana).to_have_title("(1) Room 101")
    dana.evaluate(TURN, "visible")
    expect(dana).to_have_title("Room 101")
    assert dana.evaluate("shown") == []


def test_what_is_told_is_chosen_under_the_bell(dana: Page, answering: Page) -> None:
    bell = dana.get_by_role("button", name="Notices")
    bell.click()
    sound = dana.get_by_role("checkbox", name="Play a sound")
    expect(sound).to_be_focused()
    expect(sound).to_be_checked()
    is_for_everybody(dana)
    sound.uncheck()
    dana.get_by_role("checkbox", name="Tell me on this device").check()
    dana.keyboard.press("Escape")
    expect(bell).to_be_focused()
    expect(sound).to_be_hidden()

    dana.evaluate(TURN, "hidden")
    say(answering, "Until eight")
    expect(dana).to_have_title(re.compile(r"^\(1\)"))
    until(lambda: bool(dana.evaluate("shown.length === 1")))
    assert dana.evaluate("[shown, tones]") == [[["Bob Keller", "Until eight"]], 0]

    dana.reload()
    open_widget(dana)
    dana.get_by_role("button", name="Notices").click()
    expect(dana.get_by_role("checkbox", name="Play a sound")).not_to_be_checked()


def test_the_staff_page_marks_its_icon(dana: Page, answering: Page) -> None:
    bob = answering
    icon = bob.locator("link[rel=icon]")
    say(bob, "Until eight")
    reads(dana, "Until eight")
    expect(icon).not_to_have_attribute("href", re.compile("unread"))
    bob.evaluate("location.hash = ''")
    bob.get_by_role("button", name=re.compile("Bob Keller")).last.click()
    expect(bob.get_by_role("checkbox", name="Play a sound")).to_be_checked()
    bob.get_by_role("checkbox", name="Play a sound").uncheck()
    is_for_everybody(bob)
    say(dana, "Hello?")
    expect(icon).to_have_attribute("href", re.compile("unread"))
    bob.reload()
    bob.get_by_role("button", name=re.compile("Bob Keller")).last.click()
    expect(bob.get_by_role("checkbox", name="Play a sound")).not_to_be_checked()
