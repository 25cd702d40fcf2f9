"""What people do on the pages."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Locator, Page, expect


def sign_in(page: Page, url: str, member: dict[str, Any]) -> None:
    """At a page that asks for it first."""
    page.goto(url)
    page.get_by_label("Username").fill(member["username"])
    page.get_by_label("Password").fill(member["password"])
    page.get_by_role("button", name="Sign in").click()


def open_widget(page: Page) -> None:
    page.locator("parley-widget").get_by_role("button", expanded=False).first.click()


def say(page: Page, text: str) -> None:
    composer = page.locator("parley-composer textarea")
    composer.fill(text)
    composer.press("Enter")


def reads(page: Page, text: str) -> None:
    expect(page.locator("parley-timeline").get_by_text(text, exact=True)).to_have_count(1)


def open_newest(page: Page) -> None:
    page.locator("parley-conversation-list").get_by_role("link").or_(
        page.locator("parley-conversation-list").get_by_role("button")
    ).first.click()


def message(page: Page, text: str, *, of: str = "") -> Locator:
    """The one whose own words hold the text; quotes do not count."""
    bubble = page.locator(".bubble", has_text=text)
    return page.locator("parley-timeline .message", has=bubble).filter(has_text=of)


def do(page: Page, text: str, action: str) -> None:
    """What the toolbar of a message offers."""
    message(page, text).hover()
    message(page, text).get_by_role("toolbar").get_by_role("button", name=action, exact=True).click()
