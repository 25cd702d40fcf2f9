"""The same in Firefox: a visitor and an agent, live."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import Server
from tests.e2e.firefox import ENTER, Firefox, firefox
from tests.e2e.strangers import Caller

WIDGET = "document.querySelector('parley-widget')?.shadowRoot"
HEARD = "({target}) => void (window.heard = Math.max(window.heard ?? 0, target.currentTime))"
# The text of a timeline, wherever it stands.
SAID = "querySelector('parley-timeline')?.textContent"


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Firefox]:
    with firefox(tmp_path / "profile") as browser:
        yield browser
        assert browser.complaints == []


def write_to(browser: Firefox, where: str) -> None:
    """Without a pointer, it is taken for a phone, whose keyboard nobody raised."""
    browser.evaluate(f"{where}.querySelector('parley-composer textarea').focus()")


def holds(where: str, text: str) -> str:
    return f"{where}.{SAID}?.includes({json.dumps(text)})"


def test_a_visitor_writes_and_is_answered(browser: Firefox, server: Server, demo: dict[str, Any]) -> None:
    agent = next(one for one in demo["members"] if one["role"] == "agent")
    bob = Caller(server.port, agent["token"])

    browser.goto(f"{demo['site']['origin']}/demo/{demo['slug']}/")
    browser.until(f"{WIDGET}?.querySelector('.launcher')")
    browser.evaluate(f"{WIDGET}.querySelector('.launcher').click()")
    browser.until(f"{WIDGET}.querySelector('.launcher[aria-expanded=true]')")
    write_to(browser, WIDGET)
    browser.press("Is anybody there?" + ENTER)
    browser.until(holds(WIDGET, "Is anybody there?"))
    browser.until(f"{WIDGET}.querySelector('.tick:is(.sent, .delivered, .read)')")

    (conversation,) = bob.ask("GET", "chat/conversations/?kind=support")["results"]
    bob.say(conversation["id"], "Yes, good evening")
    browser.until(holds(WIDGET, "Yes, good evening"))
    browser.goto(f"{demo['site']['origin']}/demo/{demo['slug']}/")
    browser.until(f"{WIDGET}?.querySelector('.launcher')")
    browser.evaluate(f"{WIDGET}.querySelector('.launcher').click()")
    browser.until(holds(WIDGET, "Yes, good evening"))


def test_a_visitor_says_it(browser: Firefox, server: Server, demo: dict[str, Any]) -> None:
    agent = next(one for one in demo["members"] if one["role"] == "agent")
    bob = Caller(server.port, agent["token"])

    browser.goto(f"{demo['site']['origin']}/demo/{demo['slug']}/")
    browser.until(f"{WIDGET}?.querySelector('.launcher')")
    browser.evaluate(f"{WIDGET}.querySelector('.launcher').click()")
    browser.until(f"{WIDGET}.querySelector('.launcher[aria-expanded=true]')")
    browser.evaluate(f"{WIDGET}.querySelector('[data-act=mic]').click()")
    browser.until(f"{WIDGET}.querySelector('.recorder-time')?.textContent === '0:01'")
    browser.evaluate(f"{WIDGET}.querySelector('[data-voice=stop]').click()")
    browser.until(f"{WIDGET}.querySelector('[data-voice=send]')")
    browser.evaluate(f"{WIDGET}.querySelector('[data-voice=send]').click()")
    browser.until(f"{WIDGET}.querySelector('parley-timeline parley-player button')")

    (conversation,) = bob.ask("GET", "chat/conversations/?kind=support")["results"]
    (message,) = bob.ask("GET", f"chat/conversations/{conversation['id']}/messages/")["results"]
    (file,) = message["attachments"]
    assert (file["kind"], file["state"], 1 <= file["seconds"] < 4) == ("audio", "approved", True)
    # It is a short one, and stands at its beginning again when it has been heard.
    browser.evaluate(
        f"void {WIDGET}.querySelector('parley-timeline audio').addEventListener('timeupdate', {HEARD})"
    )
    browser.evaluate(f"{WIDGET}.querySelector('parley-timeline parley-player button').click()")
    browser.until("window.heard > 0.2")


def test_an_agent_signs_in_and_reads(browser: Firefox, server: Server, demo: dict[str, Any]) -> None:
    members = {one["role"]: one for one in demo["members"]}
    client = Caller(server.port, members["client"]["token"])
    conversation = client.post("chat/conversations/start/", {"kind": "support"})["id"]
    client.say(conversation, "The heating is off")

    browser.goto(f"{server.url}/chat/")
    for name in ("username", "password"):
        value = json.dumps(members["agent"][name])
        browser.evaluate(f"document.getElementById('id_{name}').value = {value}")
    browser.evaluate("document.getElementById('id_password').focus()")
    browser.press(ENTER)
    browser.until("document.querySelector('parley-conversation-list li')?.textContent.includes('heating')")
    browser.evaluate("document.querySelector('parley-conversation-list li :is(a, button)').click()")
    browser.until(holds("document", "The heating is off"))
    write_to(browser, "document")
    browser.press("I am on my way" + ENTER)
    browser.until(holds("document", "I am on my way"))
    client.say(conversation, "Thank you")
    browser.until(holds("document", "Thank you"))
