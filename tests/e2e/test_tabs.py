"""Several tabs of one person in one browser: one socket, the same words in each, and no tab that others depend on."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from playwright.sync_api import Error, Page, expect

from tests.e2e.conftest import Window
from tests.e2e.deeds import open_newest, open_widget, reads, say

REMEMBER_SOCKETS = """
window.sockets = []
window.WebSocket = class extends WebSocket {
  constructor(...given) {
    super(...given)
    window.sockets.push(this)
  }
}
"""
COUNT_SOCKETS = "window.sockets.filter(one => one.readyState <= WebSocket.OPEN).length"
RELOAD = "void setTimeout(() => location.reload(), Math.random() * 150)"
ARRIVED = re.compile("sent|delivered|read", re.IGNORECASE)
PATIENCE = 15.0


@pytest.fixture
def tabs(window: Window, bob: Page, demo: dict[str, Any]) -> list[Page]:
    """Two of Bob's, both in the conversation that a visitor began."""
    visitor = window()
    visitor.goto(f"{demo['site']['origin']}/demo/{demo['slug']}/")
    open_widget(visitor)
    say(visitor, "Is anybody there?")
    open_newest(bob)
    reads(bob, "Is anybody there?")
    bob.context.add_init_script(REMEMBER_SOCKETS)
    bob.reload()
    return [bob, another(bob)]


def another(page: Page) -> Page:
    tab = page.context.new_page()
    tab.goto(page.url)
    return tab


def sockets(tabs: list[Page]) -> int:
    return sum(tab.evaluate(COUNT_SOCKETS) for tab in tabs)


def all_read(tabs: list[Page], text: str) -> None:
    for tab in tabs:
        reads(tab, text)


def comes_to_be(page: Page, holds: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + PATIENCE
    while not holds():
        if time.monotonic() > deadline:
            return False
        page.wait_for_timeout(10)
    return True


def test_two_tabs_have_one_socket_and_show_the_same(tabs: list[Page]) -> None:
    all_read(tabs, "Is anybody there?")
    assert comes_to_be(tabs[0], lambda: sockets(tabs) == 1)
    for number, tab in enumerate(tabs):
        say(tab, f"Tab {number} is")
        all_read(tabs, f"Tab {number} is")
    assert sockets(tabs) == 1


def test_when_the_tab_that_leads_closes_the_other_goes_on(tabs: list[Page]) -> None:
    all_read(tabs, "Is anybody there?")
    leader, other = sorted(tabs, key=lambda tab: sockets([tab]), reverse=True)
    say(other, "Just a moment")
    leader.close()
    assert comes_to_be(other, lambda: sockets([other]) == 1)
    reads(other, "Just a moment")
    sent = other.locator("parley-timeline .message", has_text="Just a moment").get_by_role(
        "img", name=ARRIVED
    )
    expect(sent).to_be_visible()
    say(other, "Here I am")
    tab = another(other)
    all_read([other, tab], "Here I am")
    assert comes_to_be(tab, lambda: sockets([other, tab]) == 1)


def test_a_storm_of_reloads_ends_with_one_socket(tabs: list[Page]) -> None:
    tabs += [another(tabs[0]) for _ in range(3)]
    for _ in range(3):
        for tab in tabs:
            try_to_reload(tab)
        tabs[0].wait_for_timeout(200)
    all_read(tabs, "Is anybody there?")
    assert comes_to_be(tabs[0], lambda: sockets(tabs) == 1)
    say(tabs[-1], "What a storm")
    all_read(tabs, "What a storm")


def try_to_reload(tab: Page) -> None:
    """One that is just being reloaded cannot be asked to."""
    with suppress(Error):
        tab.evaluate(RELOAD)


def test_a_tab_that_was_open_before_its_visitor_spoke_follows(window: Window, demo: dict[str, Any]) -> None:
    first = window()
    first.goto(f"{demo['site']['origin']}/demo/{demo['slug']}/")
    second = another(first)
    for tab in (first, second):
        open_widget(tab)
    say(first, "Hello")
    all_read([first, second], "Hello")
    say(second, "Hello again")
    all_read([first, second], "Hello again")
