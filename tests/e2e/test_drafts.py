"""What is written but not sent is there after a reload, in its conversation, for its writer."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Page, expect

from tests.e2e.conftest import Server, Window
from tests.e2e.deeds import identity_of_carol, open_newest, open_widget, reads, say, sign_in

DRAFTS = "Object.keys(localStorage).filter(name => name.includes('draft'))"


def composer(page: Page) -> Any:
    return page.locator("parley-composer textarea")


def test_a_visitor_goes_on_writing(dana: Page) -> None:
    composer(dana).fill("I would like")
    dana.reload()
    open_widget(dana)
    expect(composer(dana)).to_have_value("I would like")
    composer(dana).press("End")
    composer(dana).press_sequentially(" a late check-out")
    composer(dana).press("Enter")
    reads(dana, "I would like a late check-out")
    assert dana.evaluate(DRAFTS) == []

    composer(dana).fill("And also")
    dana.reload()
    open_widget(dana)
    reads(dana, "I would like a late check-out")
    expect(composer(dana)).to_have_value("And also")
    dana.wait_for_load_state("networkidle")
    dana.evaluate("Parley.shutdown()")
    open_widget(dana)
    expect(composer(dana)).to_have_value("")
    dana.reload()
    open_widget(dana)
    expect(composer(dana)).to_have_value("")
    assert dana.evaluate("localStorage.length") == 0


def test_another_person_finds_nothing(window: Window, demo: dict[str, Any]) -> None:
    page = window()
    here = f"{demo['site']['origin']}/demo/{demo['slug']}/"
    page.goto(here)
    open_widget(page)
    say(page, "Hello")
    reads(page, "Hello")
    composer(page).fill("For nobody's eyes")
    page.wait_for_load_state("networkidle")
    page.evaluate("identity => Parley.setUser(identity)", identity_of_carol(demo))
    expect(page.get_by_role("tab", name="People")).to_be_visible()
    expect(composer(page)).to_have_value("")
    assert page.evaluate(DRAFTS) == []


def test_bob_keeps_one_for_each_conversation_until_he_signs_out(
    dana: Page, bob: Page, server: Server, demo: dict[str, Any]
) -> None:
    say(dana, "Hello")
    open_newest(bob)
    reads(bob, "Hello")
    composer(bob).fill("Good morn")
    bob.reload()
    expect(composer(bob)).to_have_value("Good morn")
    bob.get_by_role("button", name="Sign out").click()
    expect(bob).to_have_url(re.compile("login"))
    assert bob.evaluate(DRAFTS) == []
    sign_in(bob, f"{server.url}/chat/", next(one for one in demo["members"] if one["role"] == "agent"))
    open_newest(bob)
    reads(bob, "Hello")
    expect(composer(bob)).to_have_value("")
