"""Carol comes back to a long conversation: where she left off, further up, and down again."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.e2e.accessibility import is_for_everybody
from tests.e2e.conftest import Server
from tests.e2e.deeds import message, open_widget
from tests.e2e.strangers import Caller
from tests.e2e.test_find_in_a_conversation import MORE_THAN_A_PAGE, carol, long

__all__ = ["carol", "long"]
LAST = f"Line {MORE_THAN_A_PAGE - 1}"
FIRST_IN_SIGHT = """log => {
    const top = log.getBoundingClientRect().top
    return [...log.querySelectorAll(".message")].find(one => one.getBoundingClientRect().top >= top).textContent
}"""


def test_she_finds_what_is_new(carol: Page, long: str, server: Server, demo: dict[str, Any]) -> None:
    tokens = {one["role"]: one["token"] for one in demo["members"]}
    go_down(carol)
    has_read(carol, Caller(server.port, tokens["client"]), long)
    carol.get_by_role("button", name="Close chat").first.click()
    bob = Caller(server.port, tokens["agent"])
    for words in ("The plumber is here", "He needs an hour", "Then it is warm"):
        bob.say(long, words)
    expect(carol.get_by_role("button", name=re.compile(r"\b3 unread messages"))).to_be_visible()
    open_widget(carol)
    log = carol.get_by_role("log")
    expect(log.locator(".separator.unread")).to_have_text("New")
    expect(log.locator(".separator.unread ~ .message")).to_have_count(3)
    expect(log.locator(".separator", has_text="Today")).to_be_visible()
    is_for_everybody(carol)


def test_she_reads_further_up_and_comes_back_down(
    carol: Page, long: str, server: Server, demo: dict[str, Any]
) -> None:
    down = go_down(carol)
    log = carol.get_by_role("log")
    log.evaluate("log => log.scrollTop = 40")
    was_first = log.evaluate(FIRST_IN_SIGHT)
    expect(log.get_by_text("Line 30", exact=True)).to_have_count(1)
    assert log.evaluate(FIRST_IN_SIGHT) == was_first

    bob = Caller(server.port, next(one["token"] for one in demo["members"] if one["role"] == "agent"))
    bob.say(long, "It is warm again")
    expect(message(carol, "It is warm again")).not_to_be_in_viewport()
    is_for_everybody(carol)
    down.click()
    expect(message(carol, "It is warm again")).to_be_in_viewport()
    expect(down).to_be_hidden()


def go_down(page: Page) -> Locator:
    """It has opened where it was new; the button to the newest."""
    down = page.get_by_role("button", name="Go to the newest message")
    expect(page.locator(".separator.unread")).to_have_count(1)
    down.click()
    expect(message(page, LAST)).to_be_in_viewport()
    expect(down).to_be_hidden()
    return down


def has_read(page: Page, client: Caller, conversation: str) -> None:
    for _ in range(100):
        if client.ask("GET", f"chat/conversations/{conversation}/")["unread_count"] == 0:
            return
        page.wait_for_timeout(100)
    raise AssertionError("She has not read it.")
