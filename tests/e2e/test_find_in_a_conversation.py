"""Somebody looks for what was said in a long conversation, and goes there; a client lets it be quiet."""

from __future__ import annotations

import re
import subprocess
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.accessibility import is_for_everybody
from tests.e2e.conftest import ROOT, Server, Window
from tests.e2e.deeds import come_as_carol, message, open_newest
from tests.e2e.strangers import Caller

OLD = "The wine is from Jumilla"
MORE_THAN_A_PAGE = 120
# Faster than people may.
TALK = """
from uuid import uuid4
from accounts.actor import Actor, Credential
from messaging.actions import send_message
from messaging.models import Conversation
conversation = Conversation.objects.get(pk="{conversation}")
people = [Actor(one.member, Credential(one.member_id)) for one in conversation.participants.select_related("member")]
for number in range({count}):
    send_message(people[number % 2], conversation_id=conversation.pk, client_id=uuid4(), body=f"Line {{number}}")
"""


@pytest.fixture
def long(server: Server, demo: dict[str, Any]) -> str:
    """Carol's conversation with the house, which Bob serves: its first words are far up."""
    callers = {one["role"]: Caller(server.port, one["token"]) for one in demo["members"]}
    support: str = callers["client"].post("chat/conversations/start/", {"kind": "support"})["id"]
    callers["client"].say(support, f"{OLD}, isn't it?")
    callers["agent"].post("desk/assign/", {"conversation": support})
    code = TALK.format(conversation=support, count=MORE_THAN_A_PAGE)
    subprocess.run(
        server._command("shell", "-v", "0", "-c", code), cwd=ROOT, env=server.environment, check=True
    )
    return support


@pytest.fixture
def carol(window: Window, demo: dict[str, Any], long: str) -> Page:
    page = window()
    come_as_carol(page, demo)
    expect(message(page, f"Line {MORE_THAN_A_PAGE - 1}")).to_be_visible()
    return page


def dialog(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Find in this conversation")


def results(page: Page) -> Locator:
    return dialog(page).locator(".search-result")


def more(page: Page, act: str) -> None:
    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("group", name="More").get_by_role("button", name=act).click()


def test_carol_finds_it_by_the_keyboard(carol: Page) -> None:
    expect(message(carol, OLD)).to_have_count(0)
    carol.get_by_role("button", name="More", exact=True).press("Enter")
    first = carol.get_by_role("button", name="Find in this conversation")
    expect(first).to_be_focused()
    is_for_everybody(carol)
    carol.keyboard.press("ArrowUp")
    carol.keyboard.press("ArrowDown")
    expect(first).to_be_focused()
    carol.keyboard.press("Enter")
    field = dialog(carol).get_by_role("searchbox")
    expect(field).to_be_focused()
    carol.keyboard.type("jumilla")
    expect(results(carol)).to_have_count(1)
    expect(results(carol).locator("mark")).to_have_text("Jumilla")
    expect(dialog(carol).get_by_role("status")).to_have_text("1 message")
    is_for_everybody(carol)
    carol.keyboard.press("ArrowDown")
    expect(results(carol).first).to_be_focused()
    carol.keyboard.press("Enter")
    expect(dialog(carol)).to_have_count(0)
    expect(message(carol, OLD)).to_be_in_viewport()
    expect(message(carol, OLD)).to_be_focused()


def test_what_is_not_there_is_said_and_much_comes_in_pages(carol: Page) -> None:
    more(carol, "Find in this conversation")
    dialog(carol).get_by_role("searchbox").fill("Rioja")
    expect(dialog(carol).get_by_role("status")).to_have_text("Nothing was found for “Rioja”.")
    is_for_everybody(carol)
    dialog(carol).get_by_role("searchbox").fill("line")
    expect(results(carol)).to_have_count(30)
    expect(results(carol).first).to_contain_text(f"Line {MORE_THAN_A_PAGE - 1}")
    dialog(carol).get_by_role("button", name="Older ones").click()
    expect(results(carol)).to_have_count(60)
    expect(results(carol).nth(30)).to_be_focused()
    carol.keyboard.press("Escape")
    expect(dialog(carol)).to_have_count(0)
    expect(carol.locator(".panel")).to_be_visible()


def test_bob_finds_it_on_the_staff_page(bob: Page, long: str) -> None:
    open_newest(bob)
    expect(message(bob, f"Line {MORE_THAN_A_PAGE - 1}")).to_be_visible()
    bob.locator("parley-timeline").focus()
    bob.keyboard.press("Escape")
    bob.keyboard.press("h")
    bob.keyboard.type("wine")
    expect(results(bob)).to_have_count(1)
    is_for_everybody(bob)
    results(bob).click()
    expect(message(bob, OLD)).to_be_in_viewport()
    bob.get_by_role("button", name="Find in this conversation").click()
    expect(dialog(bob).get_by_role("searchbox")).to_be_focused()
    bob.keyboard.type("wi")
    bob.keyboard.press("Escape")
    expect(dialog(bob)).to_have_count(0)
    expect(bob.get_by_role("button", name="Find in this conversation")).to_be_focused()


def test_carol_lets_it_be_quiet(carol: Page) -> None:
    more(carol, "Mute")
    carol.get_by_role("button", name="More", exact=True).click()
    expect(carol.get_by_role("button", name="Let it be heard")).to_be_visible()
    carol.get_by_role("textbox").click()
    expect(carol.get_by_role("group", name="More")).to_be_hidden()
    more(carol, "Let it be heard")
    carol.get_by_role("button", name="More", exact=True).click()
    expect(carol.get_by_role("button", name=re.compile("^Mute$"))).to_be_visible()
    carol.keyboard.press("Escape")
    expect(carol.get_by_role("button", name="More", exact=True)).to_be_focused()
    expect(carol.locator(".panel")).to_be_visible()


def test_carol_is_told_what_was_not_saved(carol: Page) -> None:
    carol.route("**/mute/", lambda route: route.abort())
    more(carol, "Mute")
    told = carol.get_by_role("status").filter(has_text="That was not saved. Try again.")
    expect(told).to_be_visible()
    is_for_everybody(carol)
    carol.unroute("**/mute/")
    told.get_by_role("button", name="Put this away").press("Escape")
    expect(told).to_have_count(0)
    expect(carol.locator(".panel")).to_be_visible()
    more(carol, "Mute")
    expect(carol.get_by_text("That was not saved")).to_have_count(0)
