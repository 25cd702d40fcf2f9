"""Where a visitor writes from, as the staff read it beside the conversation."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.e2e.accessibility import is_for_everybody
from tests.e2e.deeds import open_newest, reads, say


def test_bob_sees_where_dana_writes_from(dana: Page, bob: Page) -> None:
    dana.evaluate("history.replaceState(null, '', '?token=secret#part')")
    dana.evaluate("Parley.setCustomAttributes({Plan: 'gold', Nights: 3, note: '<b>bold</b>', member: true})")
    say(dana, "Is breakfast included?")
    open_newest(bob)
    reads(bob, "Is breakfast included?")
    contact = bob.get_by_role("group", name="Contact")
    expect(contact).to_contain_text("/demo/hotel-miramar/")
    expect(contact).not_to_contain_text("secret")
    expect(contact).to_contain_text("British English")
    expect(contact).to_contain_text("Chrome · Linux")
    for text in ("gold", "3", "<b>bold</b>", "Yes"):
        expect(contact.get_by_text(text, exact=True)).to_be_visible()
    is_for_everybody(bob)

    dana.evaluate("Parley.setConversationAttributes({Order: 'A-17', Total: 120, urgent: false})")
    for text in ("About this conversation", "A-17", "120", "No"):
        expect(contact.get_by_text(text, exact=True)).to_be_visible()
    dana.evaluate("Parley.setConversationAttributes({Order: 'A-18'})")
    expect(contact.get_by_text("A-18", exact=True)).to_be_visible()
    expect(contact.get_by_text("A-17", exact=True)).to_have_count(0)
    is_for_everybody(bob)

    dana.evaluate("Parley.setCustomAttributes({Plan: 'platinum'})")
    say(dana, "And lunch?")
    reads(bob, "And lunch?")
    bob.reload()
    expect(contact.get_by_text("platinum", exact=True)).to_be_visible()
    expect(contact.get_by_text("gold", exact=True)).to_have_count(0)


def test_what_the_page_says_before_the_first_word_is_of_the_conversation_it_begins(
    dana: Page, bob: Page
) -> None:
    asked: list[str] = []
    dana.on("request", lambda request: asked.append(f"{request.method} {request.url}"))
    dana.evaluate("Parley.setConversationAttributes({Order: 'B-2'})")
    assert dana.evaluate("[document.cookie, localStorage.length]") == ["", 0]
    assert not [one for one in asked if "/api/" in one]
    say(dana, "Where is my order?")
    open_newest(bob)
    contact = bob.get_by_role("group", name="Contact")
    expect(contact.get_by_text("B-2", exact=True)).to_be_visible()


def test_the_page_may_say_better_where_she_is(dana: Page, bob: Page) -> None:
    """As one that keeps its place to itself does, and writes in another language than its reader's browser."""
    dana.evaluate("Parley.setContext({page: 'https://miramar.example/rooms/101?code=4711', locale: 'es-MX'})")
    say(dana, "Is breakfast included?")
    open_newest(bob)
    contact = bob.get_by_role("group", name="Contact")
    expect(contact).to_contain_text("miramar.example/rooms/101")
    expect(contact).to_contain_text("Mexican Spanish")
    expect(contact).not_to_contain_text("4711")
    expect(contact).not_to_contain_text("/demo/")
