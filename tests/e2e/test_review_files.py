"""Carol shares a document that a person has to look at first: she waits, Bob decides, and everybody sees it without a
reload. And all that was shared, by keyboard."""

from __future__ import annotations

import re
import subprocess
from typing import Any

import pytest
from playwright.sync_api import FilePayload, Locator, Page, Route, expect

from tests.attachments.sharing import picture
from tests.e2e.accessibility import is_for_everybody
from tests.e2e.conftest import ROOT, Server, Window
from tests.e2e.deeds import come_as_carol, open_newest, open_widget, reads, say, sign_in
from tests.e2e.test_share_a_file import attach, cards, let_go, send

OFFER: FilePayload = {"name": "offer.csv", "mimeType": "text/csv", "buffer": b"roof,1200\nwalls,800\n"}
NEWER: FilePayload = {"name": "offer.csv", "mimeType": "text/csv", "buffer": b"roof,1100\nwalls,800\n"}
LIST: FilePayload = {"name": "list.csv", "mimeType": "text/csv", "buffer": b"towels,4\n"}
LEAK: FilePayload = {"name": "leak.jpg", "mimeType": "image/jpeg", "buffer": picture(1200, 900)}
STAIN: FilePayload = {"name": "stain.jpg", "mimeType": "image/jpeg", "buffer": picture(900, 1200)}
CLIENTS_ARE_LOOKED_AT = """
from accounts.models import Organisation
from attachments.models import UploadPolicy
for one in Organisation.objects.all():
    UploadPolicy.objects.update_or_create(organisation=one, space=None, defaults={"approval": "clients"})
"""


@pytest.fixture
def demo(server: Server, demo: dict[str, Any]) -> dict[str, Any]:
    subprocess.run(
        server._command("shell", "-c", CLIENTS_ARE_LOOKED_AT), cwd=ROOT, env=server.environment, check=True
    )
    return demo


@pytest.fixture
def carol(window: Window, demo: dict[str, Any]) -> Page:
    page = window()
    come_as_carol(page, demo)
    return page


@pytest.fixture
def marta(window: Window, server: Server, demo: dict[str, Any]) -> Page:
    """The manager, who sees every conversation."""
    return on_the_staff_page(window(), server, demo, "manager")


@pytest.fixture
def pedro(window: Window, server: Server, demo: dict[str, Any]) -> Page:
    """A client's manager, on the staff page."""
    return on_the_staff_page(window(), server, demo, "external_pm")


@pytest.fixture
def vera(window: Window, server: Server, demo: dict[str, Any]) -> Page:
    """The viewer, who reads what she is in."""
    return on_the_staff_page(window(), server, demo, "viewer")


@pytest.fixture
def both(carol: Page, bob: Page) -> tuple[Page, Page]:
    """In one conversation."""
    say(carol, "Here comes the offer")
    reads(carol, "Here comes the offer")
    open_newest(bob)
    say(bob, "Good")
    reads(carol, "Good")
    return carol, bob


def test_bob_approves_in_the_queue_and_everybody_sees_it(both: tuple[Page, Page], server: Server) -> None:
    carol, bob = both
    expect(review_link(bob).locator(".badge")).to_be_hidden()
    share(carol, OFFER)
    expect(held(carol)).to_contain_text("offer.csv")
    expect(held(carol)).to_contain_text("Waiting for approval.")
    expect(held(carol).get_by_role("button", name="Approve")).to_have_count(0)
    expect(review_link(bob).locator(".badge")).to_have_text("1")

    carol.reload()
    open_widget(carol)
    expect(held(carol)).to_contain_text("offer.csv")
    queue = bob.context.new_page()
    queue.goto(f"{server.url}/chat/")
    review_link(queue).click()
    expect(rows(queue)).to_have_count(1)
    expect(queue.locator(".review-detail")).to_contain_text("roof,1200")
    expect(queue.locator(".review-facts")).to_contain_text("Carol")
    share(carol, LIST)
    expect(rows(queue)).to_have_count(2)
    is_for_everybody(queue)
    queue.keyboard.press("a")
    expect(queue.get_by_role("status").filter(has_text="offer.csv was approved.")).to_be_visible()
    expect(rows(queue)).to_have_count(1)

    for page in (carol, bob):
        expect(page.locator("parley-timeline .file", has_text="offer.csv")).to_have_count(1)
        expect(page.locator(".file-held", has_text="offer.csv")).to_have_count(0)
    with bob.expect_download() as download:
        bob.locator(".file", has_text="offer.csv").click()
    assert download.value.path().read_bytes() == OFFER["buffer"]
    expect(review_link(bob).locator(".badge")).to_have_text("1")


def test_who_may_not_know_what_it_is_sees_that_it_is_checked(pedro: Page, bob: Page, vera: Page) -> None:
    bob.get_by_role("button", name="New conversation").click()
    for name in ("Pedro", "Vera"):
        bob.get_by_role("searchbox", name="Find people").fill(name)
        bob.locator(".choice", has_text=name).click()
    bob.get_by_role("button", name="Start", exact=True).click()
    say(bob, "The offer?")
    open_newest(pedro)
    open_newest(vera)
    share(pedro, OFFER)
    expect(held(vera)).to_have_text("A file is being checked")
    expect(vera.get_by_role("link", name="Files to review")).to_have_count(0)
    vera.reload()
    expect(held(vera)).to_have_text("A file is being checked")

    held(bob).get_by_role("button", name="Approve").click()
    for page in (pedro, bob, vera):
        expect(page.locator("parley-timeline .file", has_text="offer.csv")).to_have_count(1)
        expect(held(page)).to_have_count(0)
    share(pedro, LIST)
    held(bob).get_by_role("button", name="Reject").click()
    bob.keyboard.type("The wrong hotel")
    bob.keyboard.press("Enter")
    expect(held(pedro)).to_contain_text("The wrong hotel")
    expect(held(vera)).to_have_text("A file was not approved")


def test_a_rejection_reaches_carol_with_its_reason(both: tuple[Page, Page], marta: Page) -> None:
    """Marta looks on at what Bob serves."""
    carol, bob = both
    marta.goto(bob.url)
    reads(marta, "Good")
    share(carol, OFFER)
    card = held(bob)
    card.get_by_role("button", name="Reject").click()
    bob.keyboard.type("The prices are last year's")
    bob.keyboard.press("Enter")
    for page in (carol, bob, marta):
        expect(held(page)).to_contain_text("Not approved: The prices are last year's")
        expect(held(page).get_by_role("button", name="Approve")).to_have_count(0)
    expect(review_link(marta).locator(".badge")).to_be_hidden()


def test_several_at_once_and_somebody_else_was_faster(
    both: tuple[Page, Page], marta: Page, server: Server
) -> None:
    carol, bob = both
    share(carol, OFFER)
    share(carol, LIST)
    bob.goto(f"{server.url}/chat/files/")
    marta.goto(f"{server.url}/chat/files/")
    expect(rows(bob)).to_have_count(2)
    expect(rows(marta)).to_have_count(2)
    bob.get_by_label("Select all").check()
    expect(bob.locator(".review-select")).to_contain_text("2 selected")
    bob.keyboard.press("r")
    dialog = bob.get_by_role("dialog", name="Reject 2 files")
    dialog.get_by_label("Reason").fill("One file, as agreed")
    dialog.get_by_role("button", name="Reject").click()
    expect(bob.get_by_text("2 files were rejected.")).to_be_visible()
    expect(bob.get_by_text("Nothing waits")).to_be_visible()
    expect(marta.get_by_text("somebody else rejected it")).to_be_visible()
    expect(marta.get_by_text("Nothing waits")).to_be_visible()


def test_what_was_decided_meanwhile_says_so(both: tuple[Page, Page], marta: Page, server: Server) -> None:
    carol, bob = both
    share(carol, OFFER)
    bob.goto(f"{server.url}/chat/files/")
    marta.goto(f"{server.url}/chat/files/")
    expect(rows(marta)).to_have_count(1)
    held_back: list[Route] = []
    bob.route("**/chat/attachments/review/", lambda route: held_back.append(route))
    expect(rows(bob)).to_have_count(1)
    bob.keyboard.press("r")
    bob.get_by_label("Reason").fill("Too dear")
    bob.get_by_role("dialog").get_by_role("button", name="Reject").click()
    marta.keyboard.press("a")
    expect(bob.get_by_text("Nothing waits")).to_be_visible()
    let_go(bob, held_back, 1)
    expect(bob.get_by_text("Somebody decided this meanwhile.")).to_be_visible()
    expect(carol.locator("parley-timeline .file", has_text="offer.csv")).to_have_count(1)


def test_a_new_version_takes_the_place_of_the_old_one(both: tuple[Page, Page]) -> None:
    _, bob = both
    share(bob, OFFER)
    bob.get_by_role("button", name="Versions: offer.csv").click()
    dialog = bob.get_by_role("dialog", name="Versions of offer.csv")
    with bob.expect_file_chooser() as chooser:
        dialog.get_by_role("button", name="Upload a new version").click()
    chooser.value.set_files(NEWER)
    expect(dialog.locator(".version")).to_have_count(2)
    with bob.expect_download() as download:
        dialog.get_by_role("button", name="Download: Version 1").click()
    assert download.value.path().read_bytes() == OFFER["buffer"]
    bob.keyboard.press("Escape")
    expect(bob.locator("parley-timeline .file")).to_contain_text("Version 2")


def test_a_new_version_that_waits_is_seen_where_the_old_one_is(
    both: tuple[Page, Page], server: Server
) -> None:
    carol, bob = both
    share(carol, OFFER)
    held(bob).get_by_role("button", name="Approve").click()
    carol.get_by_role("button", name="Versions: offer.csv").click()
    with carol.expect_file_chooser() as chooser:
        carol.get_by_role("button", name="Upload a new version").click()
    chooser.value.set_files(NEWER)
    for page in (carol, bob):
        expect(page.locator("parley-timeline .file-renewed")).to_contain_text("Version 2 waits for approval")
    bob.get_by_role("button", name="Shared files").click()
    gallery = bob.locator("dialog.gallery")
    expect(gallery).to_contain_text("Version 2 waits for approval")

    queue = bob.context.new_page()
    queue.goto(f"{server.url}/chat/")
    review_link(queue).click()
    expect(rows(queue)).to_have_count(1)
    queue.keyboard.press("a")
    expect(rows(queue)).to_have_count(0)
    expect(gallery).not_to_contain_text("Version 2 waits for approval")
    expect(gallery.locator("[data-do=open]")).to_have_count(1)


def test_tags_are_written_where_the_file_is_seen(both: tuple[Page, Page]) -> None:
    _, bob = both
    share(bob, LEAK)
    share(bob, OFFER)
    bob.get_by_role("button", name="Preview: offer.csv").click()
    bob.get_by_role("button", name="Category and tags").click()
    bob.get_by_role("textbox", name="Tags").fill("roof, terrace")
    bob.get_by_role("button", name="Save").click()
    expect(bob.get_by_role("dialog", name="Category and tags of offer.csv")).to_have_count(0)
    bob.keyboard.press("Escape")
    bob.get_by_role("button", name="Shared files").click()
    gallery = bob.locator("dialog.gallery")
    expect(gallery.locator(".tag")).to_have_text(["roof", "terrace"])
    expect(gallery.locator("[data-do=open]")).to_have_count(2)
    wanted = gallery.get_by_role("combobox", name="Tag")
    wanted.fill("terrace")
    expect(gallery.locator("[data-do=open]")).to_have_count(1)
    expect(gallery.locator("[data-do=open]")).to_contain_text("offer.csv")
    wanted.fill("garden")
    expect(gallery.locator("[data-do=open]")).to_have_count(0)
    wanted.fill("")
    expect(gallery.locator("[data-do=open]")).to_have_count(2)


def test_all_that_was_shared_by_keyboard(both: tuple[Page, Page]) -> None:
    carol, bob = both
    share(bob, LEAK)
    share(bob, STAIN)
    share(bob, OFFER)
    opener = bob.get_by_role("button", name="Shared files")
    opener.focus()
    bob.keyboard.press("Enter")
    gallery = bob.locator("dialog.gallery")
    files = gallery.locator("[data-do=open]")
    expect(files).to_have_count(3)
    expect(gallery.get_by_role("status")).to_have_text("3 files")

    files.first.focus()
    bob.keyboard.press("ArrowRight")
    expect(files.nth(1)).to_be_focused()
    bob.keyboard.press("Enter")
    expect(bob.get_by_role("dialog", name="stain.jpg")).to_be_visible()
    is_for_everybody(bob)
    bob.keyboard.press("ArrowRight")
    expect(bob.get_by_role("dialog", name="leak.jpg").locator("img[src]")).to_be_visible()
    bob.keyboard.press("ArrowLeft")
    bob.keyboard.press("ArrowLeft")
    expect(bob.get_by_role("dialog", name="offer.csv")).to_contain_text("roof,1200")
    bob.keyboard.press("Escape")
    expect(files.nth(1)).to_be_focused()

    gallery.get_by_label("Kind").select_option("image")
    expect(files).to_have_count(2)
    gallery.get_by_label("Kind").select_option("")
    gallery.get_by_role("searchbox").fill("walls")
    expect(files).to_have_count(1)
    gallery.get_by_role("searchbox").fill("")
    expect(files).to_have_count(3)
    share(carol, LIST)
    expect(files).to_have_count(4)
    expect(files.first).to_contain_text("Waiting for approval.")
    gallery.get_by_role("button", name="By date").click()
    expect(gallery.get_by_role("heading", name="Today")).to_be_visible()
    is_for_everybody(bob)
    gallery.get_by_role("button", name="Go to this message: offer.csv").click()
    expect(gallery).to_have_count(0)
    expect(bob.locator(".message.sought")).to_contain_text("offer.csv")


def on_the_staff_page(page: Page, server: Server, demo: dict[str, Any], role: str) -> Page:
    sign_in(page, f"{server.url}/chat/", next(one for one in demo["members"] if one["role"] == role))
    expect(page).to_have_url(re.compile("/chat/"))
    return page


def share(page: Page, file: FilePayload) -> None:
    attach(page, file)
    expect(cards(page)).to_contain_text("ready")
    send(page)
    expect(cards(page)).to_have_count(0)
    expect(
        page.locator("parley-timeline").get_by_text(file["name"]).or_(pictures_of(page, file))
    ).to_have_count(1)


def pictures_of(page: Page, file: FilePayload) -> Locator:
    return page.get_by_role("img", name=file["name"])


def held(page: Page) -> Locator:
    """The card of a file that is not everybody's."""
    return page.locator("parley-timeline .file-held")


def rows(page: Page) -> Locator:
    return page.locator(".review-row")


def review_link(page: Page) -> Locator:
    return page.get_by_role("link", name="Files to review")
