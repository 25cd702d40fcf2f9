"""Carol leaves the page open for the night: what signed her in ends, and her page signs her in again."""

from __future__ import annotations

import subprocess
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.accessibility import is_for_everybody
from tests.e2e.conftest import ROOT, Server, Window
from tests.e2e.deeds import come_as_carol, identity_of_carol, open_newest, open_widget, reads, say
from tests.faults.services import until

# As `docs/widget.md` advises; the page's own server is asked by the test.
SIGN_IN_AGAIN = """() => {
    window.expired = 0
    Parley.on("identity-expired", async () => {
        window.expired += 1
        Parley.setUser(await window.askMyServer())
    })
}"""


@pytest.fixture
def forgiven() -> tuple[str, ...]:
    return ("status of 401",)


@pytest.fixture
def carol(window: Window, demo: dict[str, Any]) -> Page:
    page = window()
    page.expose_function("askMyServer", lambda: identity_of_carol(demo))
    come_as_carol(page, demo)
    say(page, "Good night")
    reads(page, "Good night")
    return page


def the_night_passes(server: Server) -> None:
    """The server is started anew in it, and no token of a widget is good any more."""
    server.kill()
    code = (
        "from django.utils.timezone import now; from accounts.models import Token; "
        "Token.objects.filter(expires_at__isnull=False).update(expires_at=now())"
    )
    subprocess.run(server._command("shell", "-c", code), cwd=ROOT, env=server.environment, check=True)
    server.start()


def test_what_she_wrote_meanwhile_is_said(carol: Page, bob: Page, server: Server) -> None:
    carol.evaluate(SIGN_IN_AGAIN)
    server.kill()
    say(carol, "Is there breakfast?")
    the_night_passes(server)
    until(lambda: carol.evaluate("window.expired > 0"))
    expect(carol.locator(".message", has_text="Is there breakfast?")).to_contain_text("Sent")

    bob.reload()
    open_newest(bob)
    for said in ("Good night", "Is there breakfast?"):
        reads(bob, said)
    expect(bob.locator("parley-conversation-list .row")).to_have_count(1)
    assert carol.evaluate("window.expired") == 1


def test_a_page_that_does_not_know_better_says_so(carol: Page, bob: Page, server: Server) -> None:
    the_night_passes(server)
    said = carol.get_by_text("You are signed out. What you wrote is kept.").first
    expect(said).to_be_attached(timeout=30_000)
    say(carol, "Is there breakfast?")
    expect(carol.locator(".message", has_text="Is there breakfast?")).not_to_contain_text("Not sent")
    is_for_everybody(carol)

    carol.reload()
    open_widget(carol)
    expect(carol.locator(".message", has_text="Is there breakfast?")).to_contain_text("Sent")
    bob.reload()
    open_newest(bob)
    reads(bob, "Is there breakfast?")
