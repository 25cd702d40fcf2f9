"""The live pages of docs/widget.md, one for each way to embed it."""

from __future__ import annotations

import json
from typing import Any

from playwright.sync_api import Page, expect

from tests.e2e.accessibility import is_for_everybody
from tests.e2e.conftest import Server, Window
from tests.e2e.deeds import open_newest, reads


def test_all_of_them_are_found(window: Window, server: Server, demo: dict[str, Any]) -> None:
    page = window()
    page.goto(f"{server.url}/demo/")
    is_for_everybody(page)
    page.get_by_role("region", name="Hotel Miramar").get_by_role("link", name="In a frame").click()
    expect(page).to_have_url(f"{demo['site']['origin']}/demo/{demo['slug']}/framed/")


def test_in_a_frame(window: Window, bob: Page, demo: dict[str, Any]) -> None:
    page = window()
    page.goto(f"{demo['site']['origin']}/demo/{demo['slug']}/framed/")
    frame = page.frame_locator("iframe")
    frame.get_by_role("button", name="Open chat").click()
    composer = frame.get_by_role("textbox")
    composer.fill("From within a frame")
    composer.press("Enter")
    open_newest(bob)
    reads(bob, "From within a frame")


def test_driven_by_its_page(window: Window, demo: dict[str, Any]) -> None:
    page = window()
    page.goto(f"{demo['site']['origin']}/demo/{demo['slug']}/?driven")
    widget = page.locator("parley-widget")
    told = page.get_by_role("list", name="What the page is told").get_by_role("listitem")
    expect(widget).to_have_count(0)

    call(page, "boot")
    call(page, "showNewMessage", "A towel, please")
    expect(widget.get_by_role("textbox")).to_have_value("A towel, please")
    expect(told.filter(has_text="opened")).to_have_count(1)
    call(page, "setLocale", "es")
    expect(widget.get_by_role("button", name="Cerrar el chat").first).to_be_visible()
    call(page, "hide")
    expect(told.filter(has_text="closed")).to_have_count(1)
    call(page, "destroy")
    expect(widget).to_have_count(0)


def call(page: Page, *of: str) -> None:
    page.get_by_role("button", name=json.dumps(of)).click()
