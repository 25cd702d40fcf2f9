"""A network that lets no WebSocket through: the same conversation, by polling."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Page, expect

from tests.e2e.conftest import Window
from tests.e2e.deeds import message, open_newest, open_widget, reads, say

# Between two questions, and then some.
PATIENCE_MS = 40_000


# As a browser tells of a proxy that answers no upgrade.
SHUT = """
window.WebSocket = class extends EventTarget {
  static CONNECTING = 0
  static OPEN = 1
  static CLOSING = 2
  static CLOSED = 3
  readyState = 0
  constructor() {
    super()
    setTimeout(() => {
      this.readyState = 3
      for (const event of [new Event("error"), new CloseEvent("close", {code: 1006})]) {
        this[`on${event.type}`]?.(event)
        this.dispatchEvent(event)
      }
    }, 20)
  }
  send() {}
  close() {}
}
"""


def test_both_ways(window: Window, bob: Page, demo: dict[str, Any]) -> None:
    dana = window()
    dana.add_init_script(SHUT)
    dana.goto(f"{demo['site']['origin']}/demo/{demo['slug']}/")
    open_widget(dana)
    say(dana, "Does this get through?")
    reads(dana, "Does this get through?")
    open_newest(bob)
    reads(bob, "Does this get through?")
    say(bob, "It does")
    answer = dana.locator("parley-timeline").get_by_text("It does", exact=True)
    expect(answer).to_have_count(1, timeout=PATIENCE_MS)
    sent = message(dana, "Does this get through?").get_by_role(
        "img", name=re.compile("delivered|read", re.IGNORECASE)
    )
    expect(sent).to_be_visible(timeout=PATIENCE_MS)
    dana.reload()
    open_widget(dana)
    reads(dana, "It does")
