"""The staff page as an app: its manifest, and the page that it shows without a server."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client
from PIL import Image

from accounts.models import Member, Role
from config.offline import SCRIPT, STYLE, WORDS
from tests.cast import Cast

MANIFEST = "/chat/manifest.webmanifest"


@pytest.fixture
def bob(cast: Cast) -> Client:
    client = Client()
    assert cast.bob.member.user
    client.force_login(cast.bob.member.user)
    return client


def test_it_is_named_after_the_organisation(bob: Client, cast: Cast) -> None:
    response = bob.get(MANIFEST)
    assert (response["Content-Type"], response["Cache-Control"]) == (
        "application/manifest+json",
        "private, no-cache",
    )
    name = cast.bob.member.organisation.name
    manifest = response.json()
    icons = manifest.pop("icons")
    assert manifest == {
        "id": "/chat/",
        "name": name,
        "short_name": name,
        "lang": "en",
        "start_url": "/chat/",
        "scope": "/chat/",
        "display": "standalone",
        "theme_color": "#f5f7f9",
        "background_color": "#fbfdfe",
    }
    assert [(one["sizes"], one["purpose"]) for one in icons] == [
        ("192x192", "any"),
        ("512x512", "any"),
        ("512x512", "maskable"),
        ("any", "any"),
    ]
    for one in icons[:3]:
        found = finders.find(one["src"].removeprefix("/static/"))
        assert found
        with Image.open(Path(found)) as image:
            assert one["sizes"] == f"{image.width}x{image.height}"
    assert f'rel="manifest" href="{MANIFEST}"' in bob.get("/chat/").content.decode()


def test_whoever_is_in_two_installs_each(bob: Client, cast: Cast) -> None:
    other = cast.mallory.member.organisation
    Member.objects.create(organisation=other, user=cast.bob.member.user, role=Role.AGENT, name="Bob")
    query = f"?organisation={other.slug}"
    manifest = bob.get(MANIFEST + query).json()
    assert (manifest["name"], manifest["id"], manifest["start_url"]) == (
        other.name,
        f"/chat/{query}",
        f"/chat/{query}",
    )
    assert f'href="{MANIFEST}{query}"' in bob.get(f"/chat/{query}").content.decode()


def test_a_stranger_learns_no_name(cast: Cast, bob: Client) -> None:
    for client, query in ((Client(), ""), (bob, f"?organisation={cast.mallory.member.organisation.slug}")):
        response = client.get(MANIFEST + query)
        assert response.status_code == 302
        assert cast.mallory.member.organisation.name not in response.content.decode()


@pytest.mark.parametrize(
    ("asked", "language"), [("es", "es"), ("pt", "pt"), ("en", "en"), ("", "en"), ("<x>", "en")]
)
def test_without_a_server_it_speaks_the_readers_language(asked: str, language: str) -> None:
    page = Client().get("/chat/offline/", {"language": asked}).content.decode()
    assert f'<html lang="{language}">' in page
    assert all(word in page for word in WORDS[language].values())
    assert "<x>" not in page


def test_that_page_is_all_in_one_and_runs_nothing_else() -> None:
    response = Client().get("/chat/offline/")
    policy = dict(one.split(" ", 1) for one in response["Content-Security-Policy"].split("; "))
    for directive, text in (("script-src", SCRIPT), ("style-src", STYLE)):
        assert text in response.content.decode()
        digest = b64encode(sha256(text.encode()).digest()).decode()
        assert policy[directive] == f"'sha256-{digest}'"
    assert policy["default-src"] == "'none'"
    assert "href=" not in response.content.decode()
    assert settings.CSRF_COOKIE_NAME not in response.cookies


def test_the_words_are_said_in_every_language() -> None:
    assert {tuple(words) for words in WORDS.values()} == {tuple(WORDS["en"])}
