"""Marta gives somebody without an account a link to the plan, sees that it was read, and ends it. And what she sees of
all files in figures."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.attachments.corpus import pdf
from tests.e2e.accessibility import is_for_everybody
from tests.e2e.conftest import Server, Window
from tests.e2e.deeds import come_as_carol, open_newest, reads, say, sign_in
from tests.e2e.test_share_a_file import attach, cards, send

PLAN: FilePayload = {"name": "plan.pdf", "mimeType": "application/pdf", "buffer": pdf()}
PROGRAM: FilePayload = {"name": "fix.exe", "mimeType": "application/octet-stream", "buffer": b"MZ"}


@pytest.fixture
def marta(window: Window, server: Server, demo: dict[str, Any]) -> Page:
    """The manager, who has answered Carol."""
    carol, page = window(), window()
    come_as_carol(carol, demo)
    say(carol, "The plan?")
    reads(carol, "The plan?")
    carol.close()
    sign_in(page, f"{server.url}/chat/", next(one for one in demo["members"] if one["role"] == "manager"))
    expect(page).to_have_url(re.compile("/chat/"))
    open_newest(page)
    say(page, "Here it is")
    reads(page, "Here it is")
    return page


def test_a_stranger_reads_it_by_a_link_until_that_is_ended(marta: Page, window: Window) -> None:
    upload(marta, PLAN)
    marta.locator("parley-timeline .file", has_text="plan.pdf").click()
    viewer = marta.get_by_role("dialog", name="plan.pdf", exact=True)
    # In the browser's own viewer, in a sandbox.
    expect(viewer.locator("iframe")).to_have_attribute("title", "All pages of plan.pdf")
    viewer.get_by_role("button", name="Share by link").click()
    dialog = marta.get_by_role("dialog", name="Share plan.pdf")
    expect(dialog).to_contain_text("No links yet")
    dialog.get_by_text("To download").click()
    dialog.get_by_label("Uses at most").fill("1")
    dialog.get_by_label("Password").fill("terrace")
    dialog.get_by_role("button", name="Make a link").click()
    address = dialog.get_by_label("Address of the link")
    expect(dialog.get_by_role("button", name="Copy")).to_be_focused()
    expect(dialog.locator(".link-row")).to_contain_text("used 0 of 1 times")
    is_for_everybody(marta)

    stranger = window()
    stranger.goto(address.input_value())
    stranger.get_by_role("textbox").fill("terrace")
    with stranger.expect_download() as download:
        stranger.get_by_role("button").click()
    assert download.value.path().read_bytes() == PLAN["buffer"]
    marta.keyboard.press("Escape")
    viewer.get_by_role("button", name="Share by link").click()
    expect(dialog.locator(".link-row")).to_contain_text("Used up")
    dialog.get_by_role("button", name=re.compile("^End: To download")).click()
    dialog.get_by_role("button", name="End", exact=True).click()
    expect(dialog).to_contain_text("The link was ended.")
    expect(dialog).to_contain_text("No links yet")

    marta.keyboard.press("Escape")
    viewer.get_by_role("button", name="Who has read it").click()
    log = marta.get_by_role("dialog", name="Who has read plan.pdf")
    expect(log.locator(".access").first).to_contain_text("Somebody with a link")
    expect(log.locator(".access").first).to_contain_text("Downloaded it")
    expect(log.locator(".access").last).to_contain_text("Marta")
    is_for_everybody(marta)


def test_files_in_figures(marta: Page, server: Server) -> None:
    figures = f"{server.url}/chat/files/figures/"
    marta.goto(figures)
    expect(marta.get_by_text("No files yet")).to_be_visible()
    marta.goto(f"{server.url}/chat/")
    open_newest(marta)
    attach(marta, PROGRAM)
    expect(cards(marta)).to_contain_text("not taken")
    marta.get_by_role("button", name="Remove: fix.exe").click()
    upload(marta, PLAN)

    marta.goto(f"{server.url}/chat/files/")
    marta.get_by_role("link", name="Files in figures").click()
    expect(marta).to_have_url(re.compile("/chat/files/figures/"))
    tile = marta.locator(".tile", has_text="Uploads that succeed")
    expect(tile).to_contain_text("50%")
    expect(tile).to_contain_text("Target > 95%: missed")
    expect(marta.get_by_role("link", name="Carol")).to_be_visible()
    expect(marta.locator(".card-figures", has_text="Why uploads were refused")).to_contain_text(
        "Files of this type are not taken here."
    )
    marta.get_by_text("7 days").click()
    expect(marta.get_by_role("status")).to_contain_text("Figures from")
    with marta.expect_download() as download:
        marta.get_by_role("link", name="Download as CSV").click()
    assert "uploads.refused.type_not_allowed,1" in download.value.path().read_text()
    is_for_everybody(marta)


def upload(page: Page, file: FilePayload) -> None:
    attach(page, file)
    expect(cards(page)).to_contain_text("ready")
    send(page)
    expect(cards(page)).to_have_count(0)
