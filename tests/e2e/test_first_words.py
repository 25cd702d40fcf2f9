"""A visitor comes at night to a hotel that asks who writes; by morning the agent knows."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.e2e.accessibility import is_for_everybody
from tests.e2e.conftest import ROOT, Server, Window
from tests.e2e.deeds import open_newest, open_widget, reads, say

PHONE: ViewportSize = {"width": 390, "height": 844}
AT_NIGHT: dict[str, Any] = {
    "timezone": "Europe/Madrid",
    "hours": {"mon": []},
    "away_message": {"en": "The front desk sleeps."},
    "prechat": [
        {"kind": "name", "required": True},
        {"kind": "email", "required": True},
        {"kind": "text", "key": "room", "label": {"en": "Your room"}},
        {
            "kind": "choice",
            "key": "topic",
            "required": True,
            "label": {"en": "What is it about?"},
            "choices": [
                {"key": "booking", "label": {"en": "A booking"}},
                {"key": "other", "label": {"en": "Something else"}},
            ],
        },
    ],
}


def decide(server: Server, **site: Any) -> None:
    """As the hotel's admin does."""
    code = (
        "import json; from accounts.models import Site; "
        f"[(one.full_clean(), one.save()) for one in Site.objects.all() "
        f"for _ in [[setattr(one, *it) for it in json.loads({json.dumps(site)!r}).items()]]]"
    )
    subprocess.run(server._command("shell", "-c", code), cwd=ROOT, env=server.environment, check=True)


@pytest.fixture
def visitor(window: Window, server: Server, demo: dict[str, Any]) -> Page:
    decide(server, **AT_NIGHT)
    page = window()
    page.goto(f"{demo['site']['origin']}/demo/{demo['slug']}/")
    open_widget(page)
    return page


def shoot(page: Page, name: str) -> None:
    """For whoever wants to look: light and dark."""
    if directory := os.environ.get("SCREENSHOTS"):
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            page.screenshot(path=Path(directory) / f"{name}-{scheme}.png")


def test_a_guest_says_who_they_are_and_writes(visitor: Page, bob: Page) -> None:
    panel = visitor.get_by_role("dialog")
    expect(panel.get_by_text("The front desk sleeps.")).to_be_visible()
    expect(panel.get_by_role("status").filter(has_text="We answer when we are back.")).to_be_visible()
    expect(panel.locator("parley-composer")).to_be_hidden()
    name, email = panel.get_by_label("Your name"), panel.get_by_label("Your e-mail")
    topic, start = panel.get_by_label("What is it about?"), panel.get_by_role("button", name="Start chat")
    expect(name).to_be_focused()
    shoot(visitor, "asked")

    # With the keyboard alone, and wrong.
    visitor.keyboard.press("Enter")
    expect(name).to_be_focused()
    expect(name).to_have_accessible_description("This is needed to begin.")
    visitor.keyboard.type("Dana Scully")
    expect(name).not_to_have_attribute("aria-invalid", "true")
    visitor.keyboard.press("Tab")
    visitor.keyboard.type("dana at home")
    visitor.keyboard.press("Enter")
    expect(email).to_be_focused()
    expect(email).to_have_accessible_description("This is no e-mail address.")
    shoot(visitor, "wrong")
    is_for_everybody(visitor)
    visitor.set_viewport_size(PHONE)
    shoot(visitor, "wrong-on-a-phone")
    expect(start).to_be_in_viewport()

    # The server knows better than the page: an address that only looks like one.
    email.fill("dana@exa_mple.com")
    topic.select_option("other")
    start.click()
    expect(email).to_be_focused()
    expect(email).to_have_accessible_description("This is no e-mail address.")
    email.fill("dana@example.com")
    visitor.keyboard.press("Enter")
    expect(panel.locator("parley-composer textarea")).to_be_focused()
    expect(start).to_be_hidden()

    say(visitor, "Is anybody there?")
    reads(visitor, "Is anybody there?")
    expect(panel.get_by_text("The front desk sleeps. We answer when we are back.")).to_be_visible()
    panel.get_by_role("button", name="More", exact=True).click()
    # Nothing is mailed from a first start, to nobody.
    expect(panel.get_by_role("button", name="Mute")).to_be_visible()
    expect(panel.get_by_role("button", name="E-mail me a copy")).to_have_count(0)
    is_for_everybody(visitor)
    visitor.keyboard.press("Escape")
    shoot(visitor, "written-on-a-phone")
    is_for_everybody(visitor)

    open_newest(bob)
    reads(bob, "Is anybody there?")
    expect(bob.locator("#conversation-name")).to_have_text("Dana Scully")
    facts = bob.locator(".introduction")
    expect(facts.locator("dt")).to_have_text(["E-mail", "What is it about?"])
    expect(facts.locator("dd")).to_have_text(["dana@example.com", "Something else"])
    shoot(bob, "read")
    is_for_everybody(bob)


def test_what_was_written_stays_in_another_language(visitor: Page) -> None:
    visitor.get_by_label("Your name").fill("Dana")
    visitor.evaluate("Parley.setLocale('es')")
    expect(visitor.get_by_label("Tu nombre")).to_have_value("Dana")
    expect(visitor.get_by_text("Ahora no estamos. Escríbenos igualmente.")).to_be_visible()


def test_whoever_only_looks_leaves_nothing(visitor: Page) -> None:
    expect(visitor.get_by_label("Your name")).to_be_visible()
    assert visitor.evaluate("Object.keys(localStorage).filter(key => key.startsWith('parley'))") == []
