"""Dana says it instead of writing it: recorded in the widget, sent, and heard by Bob."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, Playwright, expect

from tests.e2e.accessibility import is_for_everybody
from tests.e2e.conftest import CHROMIUM, FLAGS, Window
from tests.e2e.deeds import open_newest, open_widget

MICROPHONE = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
LIVE = "window.microphones.some(track => track.readyState === 'live')"
ALL_ENDED = """() => new Promise(done => {
  const look = () => window.microphones.every(track => track.readyState === "ended") ? done() : setTimeout(look, 50)
  look()
})"""
# Or more: a busy machine may look late.
A_SECOND, SECONDS = re.compile(r"^0:0[1-9]$"), re.compile(r"^0:0[2-9]$")
REMEMBER = """
  window.microphones = []
  const ask = navigator.mediaDevices?.getUserMedia.bind(navigator.mediaDevices)
  if (ask) navigator.mediaDevices.getUserMedia = async wanted => {
    const stream = await ask(wanted)
    window.microphones.push(...stream.getTracks())
    return stream
  }
"""


@pytest.fixture(scope="module")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """With a microphone, that hears a beep each second, and a person who allows it."""
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, *MICROPHONE])
    yield browser
    browser.close()


@pytest.fixture
def dana(window: Window, demo: dict[str, Any]) -> Page:
    page = window()
    page.add_init_script(REMEMBER)
    page.goto(f"{demo['site']['origin']}/demo/{demo['slug']}/")
    open_widget(page)
    return page


def button(page: Page, name: str) -> Locator:
    return page.locator("parley-composer").get_by_role("button", name=name, exact=True)


def record(page: Page) -> None:
    button(page, "Record a voice message").click()
    expect(page.get_by_role("timer")).to_have_text(SECONDS)
    button(page, "Stop recording").click()
    expect(button(page, "Play: Voice message")).to_be_focused()


def player(page: Page) -> Locator:
    return page.locator("parley-timeline parley-player")


def plays(page: Page) -> None:
    audio = player(page).locator("audio")
    player(page).get_by_role("button", name="Play: Voice message").click()
    expect(player(page)).to_have_class("playing")
    assert 1 < audio.evaluate("one => one.duration") < 10
    audio.evaluate(
        "one => new Promise(done => one.addEventListener('timeupdate', () => one.currentTime > 0.2 && done()))"
    )


def test_dana_says_it_and_bob_hears_it(dana: Page, bob: Page) -> None:
    # A photo is taken where files are chosen: a phone offers its camera where nothing says what is wanted.
    chooser = dana.locator("parley-composer input[type=file]")
    assert [chooser.get_attribute(name) for name in ("accept", "capture")] == [None, None]
    expect(button(dana, "Send")).to_be_hidden()
    button(dana, "Record a voice message").click()
    expect(dana.get_by_role("timer")).to_have_text(A_SECOND)
    expect(button(dana, "Stop recording")).to_be_focused()
    is_for_everybody(dana)
    assert dana.evaluate(LIVE)
    button(dana, "Stop recording").click()
    expect(button(dana, "Play: Voice message")).to_be_focused()
    assert not dana.evaluate(LIVE)
    is_for_everybody(dana)

    button(dana, "Send").click()
    expect(dana.locator("parley-composer textarea")).to_be_visible()
    expect(player(dana)).to_have_count(1)
    open_newest(bob)
    expect(player(bob)).to_have_count(1)
    is_for_everybody(bob)
    bob.reload()
    expect(player(bob)).to_have_count(1)
    bob.emulate_media(reduced_motion="no-preference")


def test_bob_hears_it_after_a_reload(dana: Page, bob: Page) -> None:
    record(dana)
    button(dana, "Send").click()
    open_newest(bob)
    plays(bob)
    bob.reload()
    expect(player(bob).locator(".player-time")).to_have_text(SECONDS)
    plays(bob)
    plays(dana)


def test_dana_thinks_better_of_it(dana: Page) -> None:
    button(dana, "Record a voice message").click()
    expect(dana.get_by_role("timer")).to_have_text(A_SECOND)
    dana.keyboard.press("Escape")
    expect(button(dana, "Record a voice message")).to_be_focused()
    assert not dana.evaluate(LIVE)
    expect(dana.locator(".panel")).to_be_visible()

    record(dana)
    button(dana, "Discard recording").click()
    expect(button(dana, "Record a voice message")).to_be_focused()
    expect(dana.locator("parley-timeline .message")).to_have_count(0)
    dana.locator("parley-composer textarea").fill("I write it")
    expect(button(dana, "Record a voice message")).to_be_hidden()
    expect(button(dana, "Send")).to_be_visible()


def test_the_panel_is_closed_while_it_records(dana: Page) -> None:
    button(dana, "Record a voice message").click()
    expect(dana.get_by_role("timer")).to_have_text(A_SECOND)
    dana.get_by_role("button", name="Close chat").first.click()
    dana.evaluate(ALL_ENDED)
    open_widget(dana)
    expect(dana.locator("parley-composer")).to_contain_text("What you said is kept.")
    expect(button(dana, "Play: Voice message")).to_be_visible()


def test_from_within_a_frame(window: Window, bob: Page, demo: dict[str, Any]) -> None:
    page = window()
    page.goto(f"{demo['site']['origin']}/demo/{demo['slug']}/framed/")
    frame = page.frame_locator("iframe")
    frame.get_by_role("button", name="Open chat").click()
    composer = frame.locator("parley-composer")
    composer.get_by_role("button", name="Record a voice message", exact=True).click()
    expect(frame.get_by_role("timer")).to_have_text(SECONDS)
    composer.get_by_role("button", name="Stop recording").click()
    composer.get_by_role("button", name="Send", exact=True).click()
    open_newest(bob)
    plays(bob)


def test_the_microphone_is_refused(chromium: Browser, demo: dict[str, Any]) -> None:
    """By a browser that asks nobody, and so allows nothing."""
    browser = chromium.browser_type.launch(executable_path=CHROMIUM, args=[*FLAGS, MICROPHONE[0]])
    dana = browser.new_page(locale="en-GB")
    dana.goto(f"{demo['site']['origin']}/demo/{demo['slug']}/")
    open_widget(dana)
    button(dana, "Record a voice message").click()
    expect(dana.locator("parley-composer")).to_contain_text("The microphone is not allowed here.")
    expect(button(dana, "Record a voice message")).to_be_focused()
    is_for_everybody(dana)
    button(dana, "Close").click()
    expect(dana.locator("parley-composer")).not_to_contain_text("microphone is not")
    browser.close()
