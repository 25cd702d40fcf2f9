"""What a host page may do with the widget, under the strictest policy that a page may have."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import ROOT, Server, Window
from tests.e2e.deeds import open_newest, open_widget, reads, say
from tests.faults.services import until

POLICY = (
    "default-src 'none'; script-src {us}; frame-src {us}; connect-src {us} {ws}; img-src {us} blob:; "
    "media-src blob:; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'"
)
LISTEN = """names => {
    window.told = []
    for (const name of names) window.addEventListener(`parley:${name}`, ({detail}) => told.push([name, detail]))
}"""


class Shelf(BaseHTTPRequestHandler):
    """Serves whatever page the test has put there."""

    server: ShelfServer

    def do_GET(self) -> None:
        content = self.server.html.encode()
        self.send_response(200 if self.path != "/favicon.ico" else 204)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Security-Policy", self.server.policy)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:
        pass


class ShelfServer(ThreadingHTTPServer):
    html = policy = ""


class HostPage:
    """A page of the hotel's on a server of its own, with what it embeds."""

    def __init__(self, page: Page, us: str, site: dict[str, Any]) -> None:
        self.page, self.us, self.site = page, us, site
        self.shelf = ShelfServer(("127.0.0.1", 0), Shelf)
        self.shelf.policy = POLICY.format(us=us, ws=us.replace("http", "ws"))
        self.origin = f"http://{urlsplit(site['origin']).hostname}:{self.shelf.server_port}"
        Thread(target=self.shelf.serve_forever, daemon=True).start()

    def open(self, *tags: str) -> None:
        head = f"<meta charset=utf-8><title>Hotel</title>{''.join(tags)}"
        self.shelf.html = (
            f"<!doctype html><html lang=en><head>{head}</head><body><h1>Hotel</h1></body></html>"
        )
        self.page.goto(f"{self.origin}/host/")
        until(lambda: self.does("Boolean(window.Parley?.ready)"), within=10)

    def tag(self, site: str = "", **data: str) -> str:
        attributes = "".join(f' data-{name}="{value}"' for name, value in data.items())
        src = f"{self.us}/static/widget/loader.js"
        return f'<script async src="{src}" data-site="{site or self.site["key"]}"{attributes}></script>'

    def does(self, call: str) -> Any:
        return self.page.evaluate(f"async () => await ({call})")


@pytest.fixture
def host(window: Window, server: Server, demo: dict[str, Any]) -> Iterator[HostPage]:
    host = HostPage(window(), server.url, demo["site"])
    admit(server, host.origin)
    yield host
    host.shelf.shutdown()
    host.shelf.server_close()


def admit(server: Server, origin: str) -> None:
    """To every site of the demo."""
    code = (
        "from accounts.models import Site, SiteOrigin; "
        f"[SiteOrigin.objects.create(site=one, origin={origin!r}) for one in Site.objects.all()]"
    )
    subprocess.run(server._command("shell", "-c", code), cwd=ROOT, env=server.environment, check=True)


def test_a_page_drives_it_and_is_told(host: HostPage, bob: Page) -> None:
    host.open(host.tag())
    page = host.page
    host.does("Parley.ready.then(() => null)")
    page.evaluate(
        LISTEN, ["opened", "closed", "conversation-started", "message", "unread", "conversation-status"]
    )
    assert host.does("Parley.isVisible()") is False
    host.does("Parley.show()")
    assert host.does("Parley.isVisible()") is True
    say(page, "Is the pool open?")
    open_newest(bob)
    reads(bob, "Is the pool open?")
    host.does("Parley.hide()")
    say(bob, "Until eight")
    until(lambda: host.does("Parley.getUnreadCount()") == 1)

    told = page.evaluate("told")
    (conversation,) = {about["conversation"] for name, about in told if name == "conversation-started"}
    assert [name for name, _ in told if name != "unread"] == [
        "opened", "conversation-started", "message", "closed", "message",
    ]  # fmt: skip
    assert [about["direction"] for name, about in told if name == "message"] == ["out", "in"]
    assert all(about["site"] == host.site["key"] for _, about in told)
    assert "Until eight" not in str(told)

    host.does(f"Parley.showConversation('{conversation}')")
    reads(page, "Until eight")
    until(lambda: host.does("Parley.getUnreadCount()") == 0)


def test_what_it_cannot_do_it_says(host: HostPage) -> None:
    host.open(host.tag())
    page = host.page
    page.evaluate(LISTEN, ["error"])
    assert host.does("Parley.showConversation('01a2177d-577e-72e2-8ff7-e991450f87ce')") is None
    assert [about["code"] for _, about in page.evaluate("told")] == ["not_found"]


def test_calls_that_came_first_are_obeyed_in_their_order(host: HostPage) -> None:
    page = host.page
    page.add_init_script("window.Parley = [['setColorScheme', 'dark'], ['showNewMessage', 'I would like']]")
    host.open(host.tag())
    composer = page.locator("parley-composer textarea")
    expect(composer).to_have_value("I would like")
    expect(composer).to_be_focused()
    expect(page.locator("parley-widget")).to_have_attribute("data-scheme", "dark")
    page.evaluate("Parley.setColorScheme('auto')")
    expect(page.locator("parley-widget")).not_to_have_attribute("data-scheme", "dark")


def test_it_changes_its_language_and_keeps_what_was_written(host: HostPage) -> None:
    host.open(host.tag())
    open_widget(host.page)
    host.page.locator("parley-composer textarea").fill("A half-said thing")
    host.does("Parley.setLocale('pt-BR')")
    dialog = host.page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="Fechar o chat")).to_be_visible()
    expect(host.page.locator("parley-composer textarea")).to_have_value("A half-said thing")
    say(host.page, "A whole one")
    reads(host.page, "A whole one")


def test_a_page_that_changes_its_body_keeps_it(host: HostPage) -> None:
    """As Turbo and its like do, with a copy of what was there from their cache."""
    host.open(host.tag())
    page = host.page
    open_widget(page)
    page.locator("parley-composer textarea").fill("Where were we")
    page.evaluate(
        "history.pushState({}, '', '/host/two'); document.body.replaceWith(document.body.cloneNode(true))"
    )
    expect(page.locator("parley-widget")).to_have_count(1)
    expect(page.locator("parley-composer textarea")).to_have_value("Where were we")
    say(page, "Here")
    reads(page, "Here")


def test_it_goes_and_comes_back(host: HostPage) -> None:
    host.open(host.tag(), host.tag())  # included twice
    page = host.page
    expect(page.locator("parley-widget")).to_have_count(1)
    open_widget(page)
    say(page, "Remember me")
    reads(page, "Remember me")
    host.does("Parley.destroy()")
    expect(page.locator("parley-widget")).to_have_count(0)
    page.evaluate(LISTEN, ["error"])
    assert host.does("Parley.show()") is None
    assert "boot()" in page.evaluate("told")[0][1]["message"]
    host.does("Parley.boot({position: 'left', locale: 'es'})")
    expect(page.locator("parley-widget")).to_have_attribute("data-position", "left")
    host.does("Parley.show()")
    reads(page, "Remember me")


def test_a_nonce_is_enough(host: HostPage) -> None:
    host.shelf.policy = host.shelf.policy.replace(
        f"script-src {host.us}", "script-src 'nonce-one' 'strict-dynamic'"
    )
    assert "strict-dynamic" in host.shelf.policy
    host.open(host.tag().replace("data-site", 'nonce="one" data-site'))
    open_widget(host.page)
    expect(host.page.locator("parley-composer textarea")).to_be_visible()


def test_nothing_begins_before_it_is_told_to(host: HostPage) -> None:
    asked: list[str] = []
    host.page.on("request", lambda request: asked.append(request.url))
    host.open(host.tag(boot="manual"))
    assert [url for url in asked if "/api/" in url or "widget.js" in url] == []
    host.does("Parley.boot()")
    expect(host.page.locator("parley-widget")).to_have_count(1)


def test_in_a_frame_the_page_cannot_read_it(host: HostPage, bob: Page) -> None:
    host.open(host.tag(mode="iframe"))
    page = host.page
    host.does("Parley.ready.then(() => null)")
    page.evaluate(LISTEN, ["opened", "closed", "conversation-started", "message", "unread", "error"])
    expect(page.locator("parley-widget")).to_have_count(0)
    assert (
        page.evaluate("document.querySelector('parley-frame').shadowRoot.firstChild.contentDocument") is None
    )
    frame = page.frame_locator("parley-frame iframe")
    box = page.locator("parley-frame").bounding_box()
    assert box
    assert (box["width"], box["height"]) == (96, 96)

    frame.get_by_role("button", expanded=False).click()
    until(lambda: bool(host.does("Parley.isVisible()")))
    composer = frame.locator("parley-composer textarea")
    composer.fill("Is the pool open?")
    composer.press("Enter")
    open_newest(bob)
    reads(bob, "Is the pool open?")
    host.does("Parley.hide()")
    say(bob, "Until eight")
    until(lambda: host.does("Parley.getUnreadCount()") == 1)

    host.does("Parley.showConversation('01a2177d-577e-72e2-8ff7-e991450f87ce')")
    told = page.evaluate("told")
    assert [name for name, _ in told if name != "unread"] == [
        "opened", "conversation-started", "message", "closed", "message", "error",
    ]  # fmt: skip
    assert "Until eight" not in str(told)
    assert told[-1][1]["code"] == "not_found"
    assert page.evaluate("[localStorage.length, document.cookie]") == [0, ""]

    page.evaluate("document.body.replaceWith(document.body.cloneNode(true))")
    host.does("Parley.setLocale('es')")
    host.does("Parley.show()")
    expect(frame.get_by_text("Until eight")).to_be_visible()
    expect(frame.get_by_role("button", name="Cerrar el chat").first).to_be_visible()
    page.set_viewport_size({"width": 390, "height": 700})
    until(
        lambda: page.locator("parley-frame").bounding_box() == {"x": 0, "y": 0, "width": 390, "height": 700}
    )
    host.does("Parley.destroy()")
    expect(page.locator("parley-frame")).to_have_count(0)


def test_a_page_that_forges_messages_is_not_heard(host: HostPage) -> None:
    """Another frame of the host's page speaks as the chat's would, and to it as the host would."""
    host.open(host.tag(mode="iframe"))
    page = host.page
    host.does("Parley.ready.then(() => null)")
    page.evaluate(LISTEN, ["message", "opened"])
    page.evaluate(f"""() => {{
        window.postMessage({{parley: {host.site["key"]!r}, event: "message", about: {{}}}}, "*")
    }}""")
    elsewhere = HostPage(page.context.new_page(), host.us, host.site)
    elsewhere.open(host.tag(mode="iframe"))  # its origin is not listed
    expect(elsewhere.page.locator("parley-frame")).to_have_count(1)
    frames = [one for one in elsewhere.page.frames if "/widget/" in one.url]
    assert frames == [] or frames[0].locator("parley-widget").count() == 0
    assert page.evaluate("told") == []


def test_two_sites_on_one_page(host: HostPage, server: Server) -> None:
    other = next(
        one["site"] for one in server.demo()["organisations"] if one["site"]["key"] != host.site["key"]
    )
    host.open(host.tag(), host.tag(other["key"]))
    page = host.page
    expect(page.locator("parley-widget")).to_have_count(2)
    sides = page.locator("parley-widget").evaluate_all("all => all.map(one => one.dataset.position)")
    assert sorted(sides) == ["left", "right"]
    for key in (host.site["key"], other["key"]):
        host.does(f"Parley.sites['{key}'].show()")
        shown = page.get_by_role("dialog").locator("visible=true")
        expect(shown).to_have_count(1)
        shown.locator("textarea").fill(f"To {key}")
        shown.locator("textarea").press("Enter")
        expect(shown.get_by_text(f"To {key}")).to_have_count(1)
        host.does(f"Parley.sites['{key}'].hide()")
