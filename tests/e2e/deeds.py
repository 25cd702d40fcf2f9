"""What people do on the pages."""

from __future__ import annotations

import re
from typing import Any
from urllib.request import urlopen

from playwright.sync_api import Locator, Page, WebSocketRoute, expect


class Cable:
    """A page's way to the server, which can be cut: what a browser calls offline leaves open sockets alone."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.sockets: list[WebSocketRoute] = []
        self.is_cut = False
        page.route_web_socket(re.compile("/ws/chat/"), self._connect)

    def cut(self) -> None:
        self.is_cut = True
        self.page.context.set_offline(True)
        for one in self.sockets:
            one.close(code=4000)

    def mend(self) -> None:
        self.is_cut = False
        self.page.context.set_offline(False)

    def _connect(self, route: WebSocketRoute) -> None:
        if self.is_cut:
            route.close(code=4000)
        else:
            route.connect_to_server()
            self.sockets.append(route)


def sign_in(page: Page, url: str, member: dict[str, Any]) -> None:
    """At a page that asks for it first."""
    page.goto(url)
    page.get_by_label("Username").fill(member["username"])
    page.get_by_label("Password").fill(member["password"])
    page.get_by_role("button", name="Sign in").click()


def open_widget(page: Page) -> None:
    page.locator("parley-widget").get_by_role("button", expanded=False).first.click()


def come_as_carol(page: Page, demo: dict[str, Any]) -> None:
    """To her hotel's page, which says who she is, and to its widget."""
    page.goto(_page_of_carol(demo))
    open_widget(page)


def identity_of_carol(demo: dict[str, Any]) -> str:
    """Signed anew by her hotel's server."""
    with urlopen(_page_of_carol(demo)) as answer:
        (identity,) = re.findall('parley-identity" content="([^"]+)', answer.read().decode())
    return str(identity)


def _page_of_carol(demo: dict[str, Any]) -> str:
    return f"{demo['site']['origin']}/demo/{demo['slug']}/?as=Carol"


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
