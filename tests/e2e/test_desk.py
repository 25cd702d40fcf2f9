"""The desk: two visitors wait, one is taken, passed on and resolved, and says how it was."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.accessibility import is_for_everybody
from tests.e2e.conftest import Server, Window
from tests.e2e.deeds import come_as_carol, open_newest, reads, say, sign_in

ROW = "parley-conversation-list [data-id]"
SignIn = Callable[[str], Page]


@pytest.fixture
def staff(window: Window, server: Server, demo: dict[str, Any]) -> SignIn:
    """`staff("Marta Ruiz")`: signed in on the staff page."""

    def open_page(name: str) -> Page:
        page = window()
        member = next(one for one in demo["members"] if one["name"] == name)
        sign_in(page, f"{server.url}/chat/", member)
        expect(tab(page, "Unassigned")).to_be_visible()
        return page

    return open_page


@pytest.fixture
def carol(window: Window, demo: dict[str, Any]) -> Page:
    page = window()
    come_as_carol(page, demo)
    return page


def tab(page: Page, name: str) -> Any:
    return page.locator("parley-filters").get_by_role("tab", name=name)


def bar(page: Page, name: str) -> Any:
    return page.locator(".desk-bar").get_by_role("button", name=name)


def about(page: Page) -> Any:
    return page.locator("#conversation-about")


def test_from_the_queue_to_a_good_word(dana: Page, carol: Page, bob: Page, staff: SignIn) -> None:
    say(dana, "Is breakfast included?")
    expect(dana.locator(".queue-line")).to_have_text("You are next")
    say(carol, "The heating is off")
    expect(carol.locator(".queue-line")).to_have_text("You are number 2")
    is_for_everybody(carol)

    told = dana.evaluate("""() => {
        window.told = []
        for (const name of ["agent-assigned", "conversation-status", "queue-position"])
            Parley.on(name, ({status, position}) => window.told.push([name, status ?? position ?? ""]))
    }""")
    assert told is None
    tab(bob, "Unassigned").click()
    expect(bob.locator(ROW)).to_have_count(2)
    bob.locator(ROW, has_text="Is breakfast included?").click()
    bar(bob, "Take").click()
    expect(bar(bob, "Resolve")).to_be_visible()
    expect(about(bob)).to_contain_text("You take care of it")
    expect(dana.locator(".panel-about")).to_contain_text("Bob Keller")
    expect(dana.locator(".queue-line")).to_be_hidden()
    expect(carol.locator(".queue-line")).to_have_text("You are next")
    tab(bob, "Mine").click()
    expect(bob.locator(ROW)).to_have_count(1)
    is_for_everybody(bob)

    marta = staff("Marta Ruiz")
    marta.goto(bob.url)
    expect(about(marta)).to_contain_text("Bob Keller takes care of it")
    bar(marta, "Assign").click()
    marta.get_by_role("combobox", name="Find a colleague").fill("Marta")
    marta.get_by_role("option", name=re.compile("Marta Ruiz")).click()
    expect(dana.locator(".panel-about")).to_contain_text("Marta Ruiz")
    expect(about(bob)).to_contain_text("Marta Ruiz takes care of it")
    say(marta, "Yes, from 7 to 10")
    reads(dana, "Yes, from 7 to 10")

    bar(marta, "Resolve").click()
    expect(about(marta)).to_contain_text("Resolved")
    expect(dana.get_by_text("This is resolved.")).to_be_visible()
    dana.get_by_role("radio", name="Excellent").check(force=True)
    is_for_everybody(dana)
    dana.get_by_placeholder("What could we do better?").fill("More tea")
    dana.locator(".rating-form").get_by_role("button", name="Send").click()
    expect(dana.get_by_text("Thank you for telling us.")).to_be_visible()
    expect(marta.locator(".ratings")).to_contain_text("More tea")
    is_for_everybody(marta)
    assert dana.evaluate("window.told") == [
        ["agent-assigned", ""],
        ["agent-assigned", ""],
        ["conversation-status", "closed"],
    ]

    say(dana, "And tea?")
    expect(dana.locator(".queue-line")).to_have_text("You are number 2")
    tab(bob, "Unassigned").click()
    expect(bob.locator(ROW, has_text="And tea?")).to_be_visible()


def test_two_take_it_at_once(dana: Page, bob: Page, staff: SignIn) -> None:
    """Marta's page does not know yet that Bob has it: she is told who does."""
    say(dana, "Is breakfast included?")
    open_newest(bob)
    marta = staff("Marta Ruiz")
    marta.goto(bob.url)
    expect(bar(marta, "Take")).to_be_visible()
    waiting: list[Route] = []
    marta.route("**/desk/assign/", lambda route: waiting.append(route))
    bar(marta, "Take").click()
    bar(bob, "Take").click()
    expect(bar(bob, "Resolve")).to_be_visible()
    expect(about(marta)).to_contain_text("Bob Keller takes care of it")
    waiting[0].continue_()
    expect(marta.locator(".desk-said")).to_have_text("Bob Keller has this conversation now")


def test_bob_serves_by_keys(dana: Page, bob: Page) -> None:
    say(dana, "Is breakfast included?")
    expect(bob.locator(ROW)).to_have_count(1)
    bob.keyboard.press("j")
    reads(bob, "Is breakfast included?")
    bob.keyboard.press("t")
    expect(about(bob)).to_contain_text("You take care of it")
    bob.keyboard.press("l")
    expect(about(bob)).to_contain_text("Waiting")
    bob.keyboard.press("Control+k")
    bob.keyboard.type("Take")
    expect(bob.get_by_role("option", name=re.compile("Take"), selected=True)).to_be_visible()
    bob.keyboard.press("Enter")
    expect(about(bob)).to_contain_text("You take care of it")
    bob.keyboard.press("s")
    expect(about(bob)).to_contain_text("Resolved")

    dana.get_by_role("radio", name="Okay").focus()
    dana.keyboard.press("ArrowRight")
    dana.keyboard.press("Tab")
    dana.keyboard.press("Tab")
    dana.keyboard.press("Enter")
    expect(dana.get_by_text("Thank you for telling us.")).to_be_visible()
