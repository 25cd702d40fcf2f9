"""In Spanish and in Portuguese, through what people see: nothing is said in English, and axe finds nothing wrong."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from functools import cache
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.accessibility import is_for_everybody
from tests.e2e.conftest import ROOT, Server, Window
from tests.e2e.deeds import message, open_newest, open_widget, reads, say
from tests.e2e.test_share_a_file import LEAK, cards

NAMES = {"es": "Español", "pt": "Português"}
LOCALES = {"es": "es-ES", "pt": "pt-BR"}
ALL_WORDS = """
import {readdirSync} from "node:fs"
const all = {en: {}, es: {}, pt: {}}
for (const name of readdirSync("static/js/words")) {
  const loaded = await import(`${process.cwd()}/static/js/words/${name}`)
  const [language] = name.split(".")
  if (language in all) Object.assign(all[language], loaded.default)
  else for (const parts of Object.values(loaded)) for (const one in all) Object.assign(all[one], parts[one])
}
console.log(JSON.stringify(all))
"""
# What is seen, and what a screen reader says besides.
SAID = """place => {
  const said = new Set()
  const collect = root => {
    for (const node of root.querySelectorAll("*")) {
      if (["SCRIPT", "STYLE", "TEMPLATE", "NOSCRIPT"].includes(node.tagName) || !node.checkVisibility()) continue
      for (const name of ["aria-label", "title", "placeholder", "alt"]) said.add(node.getAttribute(name)?.trim())
      for (const child of node.childNodes) if (child.nodeType === Node.TEXT_NODE) said.add(child.textContent.trim())
      if (node.shadowRoot) collect(node.shadowRoot)
    }
  }
  collect(place.shadowRoot ?? place)
  return [...said].filter(Boolean)
}"""


@cache
def words() -> dict[str, dict[str, Any]]:
    node = shutil.which("node")
    assert node, "make e2e needs it, too"
    done = subprocess.run(
        [node, "--input-type=module", "-e", ALL_WORDS], cwd=ROOT, capture_output=True, text=True, check=True
    )
    said: dict[str, dict[str, Any]] = json.loads(done.stdout)
    return said


@cache
def english_only(language: str) -> re.Pattern[str]:
    """What nobody says in that language."""
    own = {form for phrase in words()[language].values() for form in forms_of(phrase)}
    foreign = {form for phrase in words()["en"].values() for form in forms_of(phrase)} - own
    # One that is nothing but blanks fits everything.
    spelt = [one for one in foreign if re.search("[A-Za-z]{2}", re.sub(r"\{\w+\}", "", one))]
    return re.compile("|".join(re.sub(r"\\\{\w+\\\}", ".+", re.escape(one)) for one in spelt))


def forms_of(phrase: str | dict[str, str]) -> list[str]:
    return [phrase] if isinstance(phrase, str) else list(phrase.values())


def is_said_well(page: Page, language: str) -> None:
    ours = page.locator("parley-widget, body:not(:has(parley-widget))")
    said = ours.evaluate(SAID)
    assert len(said) > 3
    assert [one for one in said if english_only(language).fullmatch(one)] == []
    is_for_everybody(page)


def test_somebody_who_asks_for_things(window: Window, demo: dict[str, Any], language: str) -> None:
    own = words()[language]
    carol = window(LOCALES[language])
    carol.goto(f"{demo['site']['origin']}/demo/{demo['slug']}/?as=Carol")
    carol.evaluate("locale => window.Parley.push(['setLocale', locale], ['showRequests'])", LOCALES[language])
    carol.get_by_role("button", name=own["requests_new"]).click()
    carol.get_by_role("button", name=own["request_send"]).click()
    expect(carol.get_by_role("alert").filter(has_text=own["request_needs_title"])).to_be_visible()
    is_said_well(carol, language)
    carol.get_by_label(own["request_title"]).fill("1")
    carol.get_by_role("button", name=own["request_send"]).click()
    expect(carol.locator(".requests-note")).to_have_text(own["request_sent"])
    is_said_well(carol, language)
    carol.get_by_role("button", name=own["request_withdraw"]).click()
    is_said_well(carol, language)
    carol.locator(".request").get_by_role("button", name=own["request_withdraw"]).click()
    expect(carol.locator(".request .request-status")).to_have_text(own["request_status_withdrawn"])
    carol.get_by_role("button", name=own["request_back"]).click()
    is_said_well(carol, language)


@pytest.fixture(params=LOCALES)
def language(request: pytest.FixtureRequest) -> str:
    language: str = request.param
    return language


def test_it_would_be_noticed() -> None:
    for english in ("Send", "3 unread messages", "Write to Bob", "offline, last seen 3 minutes ago"):
        assert english_only("es").fullmatch(english), english
    for spanish in ("Enviar", "Carol", "Towels are dry", "Chats"):
        assert not english_only("es").fullmatch(spanish), spanish


def test_a_client_in_the_widget(window: Window, demo: dict[str, Any], bob: Page, language: str) -> None:
    own = words()[language]
    carol = window(LOCALES[language])
    carol.goto(f"{demo['site']['origin']}/demo/{demo['slug']}/?as=Carol")
    carol.evaluate("locale => window.Parley.push(['setLocale', locale])", LOCALES[language])
    open_widget(carol)
    expect(carol.locator("parley-widget").get_by_text(own["greeting"])).to_be_visible()
    is_said_well(carol, language)

    say(carol, "1")
    reads(carol, "1")
    open_newest(bob)
    say(bob, "2")
    reads(carol, "2")
    with carol.expect_file_chooser() as chooser:
        carol.get_by_role("button", name=own["attach"]).click()
    chooser.value.set_files(LEAK)
    expect(cards(carol)).to_have_count(1)
    is_said_well(carol, language)
    say(carol, "3")
    expect(cards(carol)).to_have_count(0)

    act(carol, "1", own["action_reply"])
    is_said_well(carol, language)
    carol.keyboard.press("Escape")
    act(carol, "1", own["action_edit"])
    is_said_well(carol, language)
    say(carol, "11")
    act(carol, "11", own["action_react"])
    is_said_well(carol, language)
    carol.keyboard.press("Escape")
    act(carol, "11", own["action_delete"])
    is_said_well(carol, language)
    act(carol, "11", own["action_delete"])
    expect(carol.locator("parley-timeline")).to_contain_text(own["deleted"])
    is_said_well(carol, language)

    carol.get_by_role("button", name=own["more_here"], exact=True).click()
    is_said_well(carol, language)
    carol.get_by_role("button", name=own["search_here"]).click()
    carol.locator(".search-dialog").get_by_role("searchbox").fill("zzz")
    expect(carol.get_by_role("status").filter(has_text="zzz")).to_be_visible()
    is_said_well(carol, language)
    carol.keyboard.press("Escape")

    for name in (own["tab_chats"], own["tab_people"]):
        carol.get_by_role("tab", name=name).click()
        is_said_well(carol, language)
    carol.get_by_role("button", name=own["new_group"]).click()
    is_said_well(carol, language)


def test_an_agent_on_the_staff_page(
    window: Window, server: Server, demo: dict[str, Any], dana: Page, language: str
) -> None:
    own = words()[language]
    bob = window(LOCALES[language])
    bob.goto(f"{server.url}/chat/")
    is_said_well(bob, language)
    agent = next(one for one in demo["members"] if one["role"] == "agent")
    bob.locator("[name=username]").fill(agent["username"])
    bob.locator("[name=password]").fill(agent["password"])
    bob.get_by_role("button", name=own["sign_in"]).click()
    bob.locator(".me-button").click()
    bob.get_by_label("Language").select_option(label=NAMES[language])
    expect(bob.get_by_text(own["no_conversations_title"])).to_be_visible()
    is_said_well(bob, language)

    say(dana, "1")
    open_newest(bob)
    reads(bob, "1")
    say(bob, "2")
    reads(dana, "2")
    is_said_well(bob, language)
    bob.keyboard.press("Escape")
    for key in ("?", "Control+k", "n", "q"):
        bob.keyboard.press(key)
        expect(bob.locator("dialog[open]")).to_be_visible()
        is_said_well(bob, language)
        bob.keyboard.press("Escape")
        expect(bob.locator("dialog[open]")).to_have_count(0)
    bob.keyboard.press("f")
    expect(bob.locator("dialog.gallery")).to_be_visible()
    is_said_well(bob, language)
    bob.keyboard.press("Escape")
    bob.locator(".me-button").click()
    is_said_well(bob, language)
    bob.goto(f"{server.url}/chat/files/")
    expect(bob.locator(".review-queue")).to_be_visible()
    is_said_well(bob, language)


def act(page: Page, text: str, action: str) -> None:
    row = message(page, text).first
    row.hover()
    row.get_by_role("toolbar").get_by_role("button", name=action, exact=True).click()
