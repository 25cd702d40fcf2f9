"""Carol asks for something in the widget; Marta decides on the staff page, and Carol sees it at once."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.accessibility import is_for_everybody
from tests.e2e.conftest import Server, Window
from tests.e2e.deeds import Cable, come_as_carol, sign_in
from tests.e2e.test_share_a_file import LEAK, NOTES, PROGRAM

SignIn = Callable[[str], Page]


@pytest.fixture
def carol(window: Window, demo: dict[str, Any]) -> Page:
    """A client, who belongs to a room of the house."""
    page = window()
    come_as_carol(page, demo)
    page.get_by_role("tab", name="Requests").click()
    return page


@pytest.fixture
def staff(window: Window, server: Server, demo: dict[str, Any]) -> SignIn:
    """`staff("Marta Ruiz")`: signed in on the staff page, with the requests open."""

    def open_page(name: str) -> Page:
        page = window()
        member = next(one for one in demo["members"] if one["name"] == name)
        sign_in(page, f"{server.url}/chat/", member)
        page.locator(".sidebar").get_by_role("button", name="Requests").click()
        expect(page.get_by_role("dialog", name="Requests")).to_be_visible()
        return page

    return open_page


def rows(page: Page, title: str) -> Locator:
    return page.locator(".requests .request-row", has_text=title)


def status(page: Page) -> Locator:
    return page.locator(".request .request-status")


def ask(page: Page, title: str, files: list[Any] | None = None) -> None:
    page.get_by_role("button", name="New request").click()
    page.get_by_role("radio", name="A change").check()
    page.get_by_label("In a few words").fill(title)
    page.get_by_role("textbox", name="Details").fill("Till Sunday, please.\nWe pay for it.")
    if files:
        page.locator(".request-form input[type=file]").set_input_files(files)
    page.get_by_role("button", name="Send request").click()
    expect(page.locator(".requests-note")).to_be_visible()


def test_asked_approved_and_told(carol: Page, staff: SignIn) -> None:
    carol.evaluate(
        "() => { window.told = []; Parley.on('request-status', ({status}) => window.told.push(status)) }"
    )
    is_for_everybody(carol)
    ask(carol, "Two more nights", [LEAK])
    expect(status(carol)).to_have_text("Waiting")
    expect(carol.locator(".request parley-files img")).to_be_visible()
    is_for_everybody(carol)

    marta = staff("Marta Ruiz")
    rows(marta, "Two more nights").click()
    expect(marta.locator(".request-description")).to_have_text("Till Sunday, please.\nWe pay for it.")
    expect(marta.locator(".request parley-files img")).to_be_visible()
    is_for_everybody(marta)
    marta.get_by_label("Reason").fill("With pleasure.")
    marta.get_by_role("button", name="Approve").click()
    expect(status(marta)).to_have_text("Approved")

    expect(status(carol)).to_have_text("Approved")
    expect(carol.locator(".request-answer")).to_have_text("With pleasure.")
    expect(carol.get_by_role("button", name="Withdraw")).to_have_count(0)
    is_for_everybody(carol)
    carol.get_by_role("button", name="All requests").click()
    expect(rows(carol, "Two more nights")).to_be_focused()
    assert carol.evaluate("window.told") == ["pending", "approved"]


def test_a_change_of_mind(carol: Page, staff: SignIn) -> None:
    marta = staff("Marta Ruiz")
    ask(carol, "A cot")
    rows(marta, "A cot").click()
    marta.get_by_label("Reason").fill("We have none")
    carol.get_by_role("button", name="Withdraw").click()
    is_for_everybody(carol)
    carol.get_by_role("button", name="Keep it").click()
    expect(carol.get_by_role("button", name="Withdraw")).to_be_focused()
    carol.get_by_role("button", name="Withdraw").click()
    carol.locator(".request").get_by_role("button", name="Withdraw").click()
    expect(status(carol)).to_have_text("Withdrawn")
    expect(status(marta)).to_have_text("Withdrawn")
    expect(marta.get_by_role("button", name="Reject")).to_have_count(0)


def test_what_is_wrong_is_said_and_nothing_is_lost(carol: Page) -> None:
    carol.get_by_role("button", name="New request").click()
    expect(carol.get_by_label("In a few words")).to_be_focused()
    carol.get_by_role("button", name="Send request").click()
    expect(carol.get_by_role("alert").filter(has_text="Say in a few words")).to_be_visible()
    is_for_everybody(carol)
    carol.get_by_label("In a few words").fill("An adapter")
    carol.locator(".request-form input[type=file]").set_input_files([LEAK, PROGRAM, NOTES])
    carol.get_by_role("button", name=re.compile("^Leave out notes")).click()
    carol.get_by_role("button", name="Send request").click()
    expect(carol.locator(".requests-note")).to_contain_text("a file was not taken")
    expect(carol.locator(".request h3")).to_have_text("An adapter")


def test_another_language_while_one_is_written(carol: Page) -> None:
    carol.get_by_role("button", name="New request").click()
    carol.get_by_role("radio", name="Information").check()
    carol.get_by_label("In a few words").fill("When is breakfast?")
    carol.get_by_label("Details").fill("On Sunday.")
    carol.locator(".request-form input[type=file]").set_input_files([NOTES])
    space = carol.locator(".request-form select").input_value()
    # The first is gone before it has shown any.
    carol.evaluate("() => { Parley.setLocale('pt-BR'); return Parley.setLocale('es') }")
    expect(carol.get_by_label("En pocas palabras")).to_have_value("When is breakfast?")
    expect(carol.get_by_label("Detalles")).to_have_value("On Sunday.")
    expect(carol.get_by_role("radio", name="Información")).to_be_checked()
    expect(carol.locator(".request-form select")).to_have_value(space)
    expect(carol.locator(".request-files li")).to_have_count(1)
    carol.get_by_role("button", name="Enviar solicitud").click()
    expect(carol.locator(".request h3")).to_have_text("When is breakfast?")
    carol.evaluate("() => Parley.setLocale('en')")
    expect(status(carol)).to_have_text("Waiting")
    expect(carol.locator(".request h3")).to_have_text("When is breakfast?")


def test_nothing_is_left_of_whoever_was_here(carol: Page) -> None:
    ask(carol, "A secret")
    assert carol.locator("parley-widget").evaluate("one => one.shadowRoot.textContent.includes('A secret')")
    carol.evaluate("() => Parley.shutdown()")
    expect(carol.locator("parley-widget .request")).to_have_count(0)
    assert not carol.locator("parley-widget").evaluate(
        "one => one.shadowRoot.textContent.includes('A secret')"
    )


def test_clicked_twice_it_is_decided_once(carol: Page, staff: SignIn) -> None:
    ask(carol, "A pillow")
    marta = staff("Marta Ruiz")
    rows(marta, "A pillow").click()
    told: list[str] = []
    marta.on("request", lambda request: told.append(request.url))
    approve = marta.get_by_role("button", name="Approve")
    approve.evaluate("button => { button.click(); button.click() }")
    expect(status(marta)).to_have_text("Approved")
    expect(marta.locator(".requests-note")).to_be_empty()
    assert len([url for url in told if url.endswith("/approve/")]) == 1


def test_a_reason_stays_while_one_thinks_about_taking_it_back(staff: SignIn) -> None:
    marta = staff("Marta Ruiz")
    ask(marta, "Lamps for the hall")
    marta.get_by_label("Reason").fill("As agreed.")
    marta.get_by_role("button", name="Withdraw").click()
    marta.get_by_role("button", name="Keep it").click()
    expect(marta.get_by_label("Reason")).to_have_value("As agreed.")


def test_what_could_not_be_loaded_is_there_with_the_connection(window: Window, demo: dict[str, Any]) -> None:
    page = window()
    cable = Cable(page)
    come_as_carol(page, demo)
    lists = re.compile(r"/client-requests/(\?.*)?$")
    page.route(lists, lambda route: route.abort())
    page.get_by_role("tab", name="Requests").click()
    expect(page.locator(".requests-note")).to_have_text("The requests could not be loaded.")
    page.unroute(lists)
    cable.cut()
    cable.mend()
    expect(page.locator(".requests .request-row").first).to_be_visible()
    expect(page.locator(".requests-note")).to_be_empty()


def test_by_keyboard_and_by_address(carol: Page, staff: SignIn) -> None:
    """An agent sees them, and does not decide."""
    ask(carol, "A quiet room")
    bob = staff("Bob Keller")
    bob.keyboard.press("Escape")
    expect(bob.get_by_role("dialog", name="Requests")).to_have_count(0)
    bob.keyboard.press("q")
    expect(bob.get_by_role("dialog", name="Requests")).to_be_visible()
    expect(rows(bob, "A quiet room")).to_be_visible()
    first = bob.locator(".request-row").first
    first.focus()
    bob.keyboard.press("Enter")
    expect(bob.locator(".request")).to_be_focused()
    expect(bob.get_by_role("button", name="Approve")).to_have_count(0)
    bob.keyboard.press("Tab")
    expect(bob.get_by_role("button", name="All requests")).to_be_focused()
    bob.keyboard.press("Enter")
    expect(first).to_be_focused()
    asked = rows(bob, "A quiet room").get_attribute("data-id")
    bob.keyboard.press("Escape")
    # However often: there is one dialog.
    bob.evaluate("id => { location.hash = `#request=${id}` }", asked)
    bob.locator(".sidebar").get_by_role("button", name="Requests").dispatch_event("click")
    expect(bob.locator(".request h3")).to_have_text("A quiet room")
    expect(bob.get_by_role("dialog", name="Requests")).to_have_count(1)
    bob.keyboard.press("Escape")
    bob.route("**/client-requests/unheard-of/", lambda route: route.abort())
    bob.evaluate("() => location.hash = '#request=unheard-of'")
    expect(bob.locator(".requests-note")).to_have_text("The requests could not be loaded.")
    expect(rows(bob, "A quiet room")).to_be_visible()


def test_shown_by_the_page_around(window: Window, demo: dict[str, Any]) -> None:
    """Nobody who belongs to no space is bothered with them."""
    page = window()
    page.goto(f"{demo['site']['origin']}/demo/{demo['slug']}/?as=Carol")
    page.evaluate("() => Parley.showRequests()")
    expect(page.get_by_role("tabpanel", name="Requests")).to_be_visible()
    dana = window()
    dana.goto(f"{demo['site']['origin']}/demo/{demo['slug']}/")
    dana.evaluate("() => Parley.showRequests()")
    expect(dana.locator("parley-composer textarea")).to_be_visible()
    expect(dana.get_by_role("tab")).to_have_count(0)
