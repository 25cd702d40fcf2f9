"""`make screenshots`: the main states, light and dark, wide and narrow, empty and full, in each language.

python -m tests.e2e.screenshots [DIRECTORY]     build/screenshots unless told otherwise
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple
from uuid import uuid4

from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.e2e.conftest import CHROMIUM, FLAGS, ROOT, Server
from tests.e2e.deeds import open_widget, say, sign_in
from tests.e2e.strangers import Caller

WIDE, PHONE = (1280, 800), (390, 780)
# A wide one at 200 %.
ZOOMED = (640, 400)
# Those that README.md shows, by the names they have there.
SHOWN = {"staff-light", "staff-dark", "widget-conversation-light", "widget-phone-dark"}
PICTURES = ROOT / "docs" / "pictures"
LANGUAGES = {"en": "en-GB", "es": "es-ES", "pt": "pt-BR"}
SCHEMES: dict[str, Any] = {scheme: {"scheme": scheme} for scheme in ("light", "dark")}
LOOKS: dict[str, Any] = {"zoomed": {"size": ZOOMED}, "forced-colours": {"forced": True}}
SETTLES_MS = 700


class Stage(NamedTuple):
    server: Server
    demo: dict[str, Any]
    browser: Browser
    into: Path

    @property
    def members(self) -> dict[str, dict[str, Any]]:
        return {one["role"]: one for one in self.demo["members"]}

    @property
    def host(self) -> str:
        return f"{self.demo['site']['origin']}/demo/{self.demo['slug']}/"

    def caller(self, role: str) -> Caller:
        return Caller(self.server.port, self.members[role]["token"])

    @contextmanager
    def page(
        self,
        *,
        scheme: str = "light",
        size: tuple[int, int] = WIDE,
        locale: str = "en-GB",
        forced: bool = False,
    ) -> Iterator[Page]:
        """Sharp enough for a screen of today."""
        viewport: Any = {"width": size[0], "height": size[1]}
        is_phone = size == PHONE
        made: Any = {"color_scheme": scheme, "is_mobile": is_phone, "has_touch": is_phone}
        if forced:
            made["forced_colors"] = "active"
        context = self.browser.new_context(viewport=viewport, locale=locale, device_scale_factor=2, **made)
        page = context.new_page()
        page.set_default_timeout(15_000)
        yield page
        context.close()

    def take(self, page: Page, name: str) -> None:
        page.wait_for_timeout(SETTLES_MS)
        page.screenshot(path=self.into / f"{name}.png")
        sys.stdout.write(f"  {name}.png\n")


def picture() -> bytes:
    """A terrace by the sea, more or less."""
    image = Image.linear_gradient("L").resize((1200, 800)).convert("RGB")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, 1200, 380), fill=(153, 204, 221))
    draw.rectangle((0, 380, 1200, 560), fill=(46, 120, 140))
    draw.ellipse((880, 80, 1010, 210), fill=(250, 220, 140))
    draw.polygon(((0, 800), (0, 590), (1200, 540), (1200, 800)), fill=(205, 170, 130))
    out = BytesIO()
    image.save(out, "JPEG", quality=85)
    return out.getvalue()


def tell_stories(stage: Stage) -> str:
    """A conversation that is under way, and some around it; the first one's id."""
    agent, manager, client = (stage.caller(role) for role in ("agent", "manager", "client"))
    people = [stage.members[role]["id"] for role in ("manager", "viewer")]
    group = {"kind": "group", "title": "Towels & linen", "members": people}
    towels = agent.post("chat/conversations/start/", group)["id"]
    manager.say(towels, "The laundry brings forty towels at **two**.")
    agent.say(towels, "Good, we are nearly out of the large ones.")
    direct = agent.post("chat/conversations/start/", {"kind": "direct", "member": people[0]})["id"]
    manager.say(direct, "Could you take the late shift on Friday?")
    support = client.post("chat/conversations/start/", {"kind": "support"})["id"]
    agent.post(f"chat/conversations/{support}/add_participant/", {"member": stage.members["agent"]["id"]})
    client.say(support, "Good evening! The heating in room 101 is off.")
    agent.say(support, "Good evening, I am sorry about that. Is the valve under the window open?")
    client.say(support, "It is, but it stays cold.")
    file = client.upload(support, "view-from-the-terrace.jpg", picture())
    shown = {"channel": support, "message": "Apart from that: what a view!", "attachments": [file]}
    said = client.post("chat/messages/", shown)
    agent.post(f"chat/messages/{said['id']}/reactions/", {"emoji": "😍"})
    client.upload(support, "heating-plan.txt", b"The valve is behind the panel.\n")
    agent.say(support, "Ana is on her way, she will be there in *ten minutes*.")
    agent.post("desk/assign/", {"conversation": support})
    note = {
        "client_id": str(uuid4()),
        "kind": "note",
        "body": "She was in 101 last year, too: the valve sticks.",
    }
    manager.post(f"chat/conversations/{support}/messages/", note)
    ask_for_things(stage, client, manager)
    return str(support)


def ask_for_things(stage: Stage, client: Caller, manager: Caller) -> None:
    """Of every standing one."""
    space = stage.demo["spaces"][0]["id"]
    asked = [
        client.post(
            "client-requests/",
            {"client_id": str(uuid4()), "space": space, "kind": kind, "title": title, "description": words},
        )["id"]
        for kind, title, words in (
            ("change_order", "Two more nights", "Till Sunday, please. We would gladly keep the room."),
            ("info", "Is the pool heated in May?", ""),
            ("material", "A cot for the small one", "She is two. With a blanket, if there is one."),
        )
    ]
    manager.post(
        f"client-requests/{asked[0]}/approve/", {"reason": "With pleasure: 101 is yours till Sunday."}
    )
    manager.post(f"client-requests/{asked[1]}/reject/", {"reason": "Not before June, we are sorry."})


def staff(stage: Stage, conversation: str) -> None:
    for scheme in ("light", "dark"):
        with stage.page(scheme=scheme) as page:
            _sign_in(stage, page, conversation)
            stage.take(page, f"staff-{scheme}")
            page.keyboard.press("Control+k")
            stage.take(page, f"staff-palette-{scheme}")
    for name, looks in {**SCHEMES, **LOOKS}.items():
        with stage.page(**looks) as page:
            _requests(stage, page, name)
            _note(stage, page, conversation, name)
    for name, looks in LOOKS.items():
        with stage.page(**looks) as page:
            _sign_in(stage, page, conversation)
            stage.take(page, f"staff-{name}")
    with stage.page(size=PHONE) as page:
        _sign_in(stage, page, "")
        stage.take(page, "staff-phone-list")
    for language, locale in LANGUAGES.items():
        with stage.page(locale=locale) as page:
            page.goto(f"{stage.server.url}/chat/")
            stage.take(page, f"login-{language}")


def _requests(stage: Stage, page: Page, name: str) -> None:
    sign_in(page, f"{stage.server.url}/chat/", stage.members["manager"])
    page.locator(".sidebar").get_by_role("button", name="Requests").click()
    stage.take(page, f"staff-requests-{name}")
    page.locator(".request-row", has_text="A cot").click()
    stage.take(page, f"staff-request-{name}")
    page.keyboard.press("Escape")


def _note(stage: Stage, page: Page, conversation: str, name: str) -> None:
    page.goto(f"{stage.server.url}/chat/#{conversation}")
    expect(page.locator("parley-timeline .message").first).to_be_visible()
    page.get_by_role("button", name="Find in this conversation").click()
    page.keyboard.type("the")
    expect(page.locator(".search-result").first).to_be_visible()
    stage.take(page, f"staff-search-{name}")
    page.keyboard.press("Escape")
    page.get_by_text("Note", exact=True).click()
    page.locator("parley-composer textarea").fill("The same valve again")
    stage.take(page, f"staff-note-{name}")


def _sign_in(stage: Stage, page: Page, conversation: str) -> None:
    sign_in(page, f"{stage.server.url}/chat/", stage.members["agent"])
    expect(page.locator("parley-conversation-list").get_by_role("listitem").first).to_be_attached()
    if conversation:
        page.goto(f"{stage.server.url}/chat/#{conversation}")
        expect(page.locator("parley-timeline .message").first).to_be_visible()


def widget(stage: Stage) -> None:
    for name, looks in {**SCHEMES, **LOOKS, "phone": {"size": PHONE}}.items():
        with stage.page(**looks) as page:
            _asking(stage, page, name)
        with stage.page(**looks) as page:
            _served(stage, page, name)
        with stage.page(**looks) as page:
            _finding(stage, page, name)
    for scheme in ("light", "dark"):
        with stage.page(scheme=scheme) as page:
            page.goto(f"{stage.host}?as=Carol")
            open_widget(page)
            expect(page.locator("parley-timeline .message").first).to_be_visible()
            stage.take(page, f"widget-conversation-{scheme}")
            for tab in ("Chats", "People"):
                page.get_by_role("tab", name=re.compile(tab)).click()
                stage.take(page, f"widget-{tab.lower()}-{scheme}")
            _put_away(stage, page, scheme)
        with stage.page(scheme=scheme, size=PHONE) as page:
            page.goto(f"{stage.host}?as=Carol")
            open_widget(page)
            expect(page.locator("parley-timeline .message").first).to_be_visible()
            stage.take(page, f"widget-phone-{scheme}")
    for name, looks in LOOKS.items():
        with stage.page(**looks) as page:
            page.goto(f"{stage.host}?as=Carol")
            open_widget(page)
            expect(page.locator("parley-timeline .message").first).to_be_visible()
            stage.take(page, f"widget-{name}")
    for language, locale in LANGUAGES.items():
        with stage.page(locale=locale) as page:
            page.goto(stage.host)
            page.evaluate("locale => window.Parley.push(['setLocale', locale])", locale)
            open_widget(page)
            stage.take(page, f"widget-empty-{language}")
            say(page, {"en": "Hello!", "es": "¡Hola!", "pt": "Olá!"}[language])
            stage.take(page, f"widget-first-{language}")


def _asking(stage: Stage, page: Page, name: str) -> None:
    page.goto(f"{stage.host}?as=Carol")
    page.evaluate("() => Parley.showRequests()")
    expect(page.locator(".request-row").first).to_be_visible()
    stage.take(page, f"widget-requests-{name}")
    page.locator(".request-row", has_text="Two more nights").click()
    stage.take(page, f"widget-request-{name}")
    page.get_by_role("button", name="All requests").click()
    page.get_by_role("button", name="New request").click()
    stage.take(page, f"widget-request-new-{name}")


def _put_away(stage: Stage, page: Page, name: str) -> None:
    client = stage.caller("client")
    own = f"chat/conversations/{client.ask('GET', 'chat/conversations/')['results'][0]['id']}/archive/"
    client.ask("PATCH", own, {"archived": True})
    page.get_by_role("tab", name="Chats").click()
    page.get_by_role("button", name="Archived (1)").click()
    stage.take(page, f"widget-archived-{name}")
    client.ask("PATCH", own, {"archived": False})


def _finding(stage: Stage, page: Page, name: str) -> None:
    page.goto(f"{stage.host}?as=Carol")
    expect(page.locator(".launcher")).to_be_visible()
    stage.take(page, f"widget-closed-{name}")
    open_widget(page)
    page.get_by_role("button", name="More", exact=True).click()
    stage.take(page, f"widget-more-{name}")
    page.get_by_role("button", name="Find in this conversation").click()
    page.get_by_role("dialog", name="Find in").get_by_role("searchbox").fill("the")
    expect(page.locator(".search-result").first).to_be_visible()
    stage.take(page, f"widget-search-{name}")


def _served(stage: Stage, page: Page, name: str) -> None:
    """A visitor in the queue, and once it is resolved."""
    page.goto(stage.host)
    open_widget(page)
    say(page, "Is breakfast included?")
    expect(page.locator(".queue-line")).to_be_visible()
    stage.take(page, f"widget-queue-{name}")
    agent = stage.caller("agent")
    newest = agent.ask("GET", "desk/queue/")["results"][-1]["conversation"]["id"]
    taken = agent.post("desk/assign/", {"conversation": newest})["id"]
    agent.say(newest, "It is, from seven to ten.")
    agent.post(f"desk/{taken}/resolve/", {})
    expect(page.locator(".rating-form")).to_be_visible()
    stage.take(page, f"widget-rating-{name}")


def files(stage: Stage) -> None:
    for scheme in ("light", "dark"):
        with stage.page(scheme=scheme) as page:
            sign_in(page, f"{stage.server.url}/chat/files/", stage.members["manager"])
            stage.take(page, f"review-{scheme}")
            page.goto(f"{stage.server.url}/chat/files/figures/")
            stage.take(page, f"figures-{scheme}")


def main() -> None:
    into = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "build" / "screenshots"
    into.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as directory, sync_playwright() as playwright:
        server = Server(Path(directory))
        server.start()
        try:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            stage = Stage(server, server.demo()["organisations"][0], browser, into)
            staff(stage, tell_stories(stage))
            widget(stage)
            files(stage)
            browser.close()
        finally:
            server.kill()
    PICTURES.mkdir(exist_ok=True)
    for name in SHOWN:
        _show(into / f"{name}.png")
    sys.stdout.write(f"{len(list(into.glob('*.png')))} pictures in {into}, {len(SHOWN)} in {PICTURES}\n")


def _show(taken: Path) -> None:
    """In 256 colours: small enough for a repository."""
    with Image.open(taken) as image:
        image.convert("RGB").quantize(256).save(PICTURES / taken.name, optimize=True)


if __name__ == "__main__":
    main()
