"""What a stranger types is text, wherever it is shown: in fields that others read, and in those that one types into."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from typing import Any

import jwt
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Server, Window
from tests.e2e.deeds import come_as_carol, open_newest, sign_in
from tests.e2e.strangers import Caller

VECTORS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "</textarea></title><script>alert(1)</script>",
    "'-alert(1)-'",
    "javascript:alert(1)",
    "[a link](javascript:alert(1))",
    "<a href='javascript:alert(1)'>a link</a>",
    "**<img src=x onerror=alert(1)>**",
    "`<b onmouseover=alert(1)>`",
    'https://hotel.example/"onmouseover="alert(1)',
    "data:text/html,<script>alert(1)</script>",
    '<iframe srcdoc="<script>parent.alert(1)</script>">',
    "<math><mtext></table><img src onerror=alert(1)>",
    "&lt;img src=x onerror=alert(1)&gt;",
    "{{constructor.constructor('alert(1)')()}} ${alert(1)} {% debug %}",
    "@<img src=x onerror=alert(1)> @task#<img>",
]
# One that fits wherever there is little room.
SHORT = "<img src=x onerror=alert(1)>"


@pytest.fixture
def callers(server: Server, demo: dict[str, Any]) -> dict[str, Caller]:
    return {one["role"]: Caller(server.port, one["token"]) for one in demo["members"] if one["token"]}


@pytest.fixture
def dialogs() -> Iterator[list[str]]:
    """What tried to speak up, in any of the pages that listen here."""
    heard: list[str] = []
    yield heard
    assert heard == []


def listen(page: Page, dialogs: list[str]) -> Page:
    def hear(dialog: Any) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", hear)
    return page


def stands(where: Page | Locator, text: str) -> None:
    """As letters, however they are dressed."""
    letters = re.sub(r"[*`]", "", text)
    expect(where.get_by_text(letters[:24]).first).to_be_attached()


def test_what_is_said_and_named(
    callers: dict[str, Caller], window: Window, server: Server, demo: dict[str, Any], dialogs: list[str]
) -> None:
    manager, agent = callers["manager"], callers["agent"]
    members = {one["role"]: one for one in demo["members"]}
    group = agent.post(
        "chat/conversations/start/",
        {"kind": "group", "title": SHORT, "members": [members["manager"]["id"], members["client"]["id"]]},
    )["id"]
    manager.post(
        "entities/",
        {"entities": [{"type": "task", "ref": "45", "label": SHORT, "url": "https://hotel.example/45"}]},
    )
    for vector in VECTORS:
        agent.say(group, vector)
    edited = agent.post("chat/messages/", {"channel": group, "message": "A task: @task#45"})
    agent.ask("PATCH", f"chat/messages/{edited['id']}/", {"body": f"{SHORT} @task#45"})
    file = agent.upload(group, f"{SHORT} \"'.txt", b"Some text")
    said = {"channel": group, "message": "", "attachments": [file], "reply_to": edited["id"]}
    agent.post("chat/messages/", said)
    manager.ask("PATCH", f"chat/attachments/{file}/organise/", {"tags": [SHORT, "\"'><b>"]})
    manager.post(f"chat/messages/{edited['id']}/pin/", {})

    bob = listen(window(), dialogs)
    sign_in(bob, f"{server.url}/chat/", members["agent"])
    stands(bob.locator("parley-conversation-list"), SHORT)
    open_newest(bob)
    timeline = bob.locator("parley-timeline")
    for vector in VECTORS:
        stands(timeline, vector)
    assert (
        bob.locator("parley-timeline img[src='x'], parley-timeline script, parley-timeline iframe").count()
        == 0
    )
    hrefs = timeline.locator("a").evaluate_all("links => links.map(link => link.protocol)")
    assert set(hrefs) <= {"http:", "https:"}

    carol = listen(window(), dialogs)
    come_as_carol(carol, demo)
    widget = carol.locator("parley-widget")
    stands(widget, SHORT)
    for page in ("chat/files/", "chat/files/figures/"):
        marta = listen(window(), dialogs)
        sign_in(marta, f"{server.url}/{page}", members["manager"])
        expect(marta).to_have_url(re.compile(page))


@pytest.mark.parametrize("vector", [VECTORS[1], VECTORS[3], VECTORS[6]])
def test_what_is_typed(
    window: Window, server: Server, demo: dict[str, Any], dialogs: list[str], vector: str
) -> None:
    """Every box of the pages, one after the other."""
    agent = next(one for one in demo["members"] if one["role"] == "agent")
    page = listen(window(), dialogs)
    page.goto(f"{server.url}/login/")
    page.get_by_label("Username").fill(vector)
    page.get_by_label("Password").fill(vector)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_be_visible()
    sign_in(page, f"{server.url}/chat/?next={vector}#{vector}", agent)
    for box in page.locator("input[type=search]:visible, textarea:visible").all():
        box.fill(vector)
        box.press("Enter")

    dana = listen(window(), dialogs)
    dana.goto(f"{demo['site']['origin']}/demo/{demo['slug']}/")
    dana.evaluate("text => window.Parley.push(['showNewMessage', text])", vector)
    composer = dana.locator("parley-widget").get_by_role("textbox")
    expect(composer).to_have_value(vector)
    composer.press("Enter")
    stands(dana.locator("parley-widget parley-timeline"), vector)


def test_a_name_that_the_host_gave(
    window: Window, server: Server, demo: dict[str, Any], dialogs: list[str]
) -> None:
    """By an identity that its server signed, as whoever signs up there may choose their name."""
    site = demo["site"]
    claims = {"sub": "evil", "aud": site["key"], "iat": int(time.time()), "exp": int(time.time()) + 600}
    identity = jwt.encode(
        {**claims, "name": SHORT, "email": "evil@hotel.example"},
        site["secret"],
        algorithm="HS256",
        headers={"kid": site["kid"]},
    )
    evil = listen(window(), dialogs)
    evil.goto(f"{site['origin']}/demo/{demo['slug']}/")
    evil.evaluate("token => window.Parley.push(['setUser', token])", identity)
    evil.evaluate("window.Parley.push(['showNewMessage', 'Who am I?'])")
    composer = evil.locator("parley-widget").get_by_role("textbox")
    expect(composer).to_have_value("Who am I?")
    composer.press("Enter")

    agent = next(one for one in demo["members"] if one["role"] == "agent")
    bob = listen(window(), dialogs)
    sign_in(bob, f"{server.url}/chat/", agent)
    stands(bob.locator("parley-conversation-list"), SHORT)
    open_newest(bob)
    stands(bob, "Who am I?")
    assert bob.locator("img[src='x']").count() == 0
