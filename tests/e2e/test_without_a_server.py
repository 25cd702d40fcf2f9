"""The staff page as an app: it can be installed, says so while there is no server, and keeps nothing private."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.e2e.accessibility import is_for_everybody
from tests.e2e.conftest import Server
from tests.e2e.deeds import open_newest, reads, say

IS_READY = """async () => Boolean(navigator.serviceWorker.controller)
  && Boolean(await (await caches.open("parley-offline")).match("/chat/offline/"))"""
KEPT = """async () => {
  const names = await caches.keys()
  const pathOf = url => new URL(url).pathname
  const all = await Promise.all(names.map(async name => (await caches.open(name)).keys()))
  const workers = await navigator.serviceWorker.getRegistrations()
  return [names, all.flat().map(({url}) => pathOf(url)), workers.map(({scope}) => pathOf(scope))]
}"""


def test_bob_reloads_while_the_server_is_down(dana: Page, bob: Page, server: Server) -> None:
    say(dana, "Is breakfast included?")
    open_newest(bob)
    reads(bob, "Is breakfast included?")
    bob.wait_for_function(IS_READY)
    assert bob.evaluate(KEPT) == [["parley-offline"], ["/chat/offline/"], ["/chat/"]]

    server.kill()
    bob.reload()
    expect(bob.get_by_role("heading", name="You are offline")).to_be_visible()
    is_for_everybody(bob)
    server.start()
    reads(bob, "Is breakfast included?")


def test_chromium_finds_nothing_that_keeps_it_from_being_installed(bob: Page) -> None:
    bob.wait_for_function(IS_READY)
    devtools = bob.context.new_cdp_session(bob)
    manifest = devtools.send("Page.getAppManifest")
    assert manifest["errors"] == []
    assert '"Hotel Miramar"' in manifest["data"]
    errors = devtools.send("Page.getInstallabilityErrors")["installabilityErrors"]
    # A browser context of a test is as one in private mode.
    assert [one["errorId"] for one in errors if one["errorId"] != "in-incognito"] == []
