"""What we tell hosts to copy signs identities that we take: Python, PHP, Node, Django."""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.template import Context, Engine

from accounts.embed import Identity, read_identity
from accounts.models import Site, SiteSecret, User
from accounts.sealing import seal
from tests.cast import Cast

SHELF = Path(settings.BASE_DIR) / "docs" / "identity"
SECRET = "a secret of thirty-two octets at least"
PERSON = {"sub": "42", "name": "Çarol “Ünal”", "email": "carol@example.com"}
USER = "01a2177d-577e-72e2-8ff7-e991450f87ce"
Sign = Callable[..., str]


@pytest.fixture
def site(cast: Cast) -> Site:
    SiteSecret.objects.create(site=cast.site, kid="kid_1", sealed=seal(SECRET))
    return cast.site


def run(*command: str) -> str:
    return subprocess.run(command, capture_output=True, check=True, text=True).stdout


def in_python(*about: Any) -> str:
    token: str = load("identity", SHELF / "identity.py").parley_identity(*about)
    return token


def in_php(*about: Any) -> str:
    php = shutil.which("php") or pytest.skip("no PHP here: apt-get install php-cli")
    code = "require $argv[1]; echo parley_identity(...json_decode($argv[2], true));"
    return run(php, "-r", code, "--", str(SHELF / "identity.php"), json.dumps(about))


def in_node(*about: Any) -> str:
    node = shutil.which("node") or pytest.skip("no Node here")
    code = (
        "const {parleyIdentity} = await import(process.argv[1]);"
        "process.stdout.write(parleyIdentity(...JSON.parse(process.argv[2])))"
    )
    return run(node, "--input-type=module", "-e", code, "--", str(SHELF / "identity.mjs"), json.dumps(about))


@pytest.mark.parametrize("sign", [in_python, in_php, in_node])
def test_what_they_sign_is_taken(site: Site, sign: Sign) -> None:
    token = sign(site.key, "kid_1", SECRET, PERSON)
    assert read_identity(site, token) == Identity("42", PERSON["name"], PERSON["email"])


def load(name: str, file: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, file)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Engine:
    """As in a project whose app has the two files among its template tags."""
    for name in ("host_app", "host_app.identity", "host_app.parley_widget"):
        monkeypatch.setitem(sys.modules, name, ModuleType(name))
    load("host_app.identity", SHELF / "identity.py")
    load("host_app.parley_widget", SHELF / "parley_widget.py")
    return Engine(libraries={"parley_widget": "host_app.parley_widget"})


def render(engine: Engine, user: User | AnonymousUser) -> str:
    request = HttpRequest()
    request.user = user
    page = engine.from_string("{% load parley_widget %}{% parley_widget %}")
    return page.render(Context({"request": request}))


def test_a_django_page_says_who_is_signed_in(site: Site, engine: Engine, settings: Any) -> None:
    settings.PARLEY = {"url": "https://chat.example", "site": site.key, "kid": "kid_1", "secret": SECRET}
    tag = render(engine, User(pk=USER, username="carol", first_name="Carol", last_name='"><b>'))
    token = tag.partition('data-identity="')[2].partition('"')[0]
    assert read_identity(site, token) == Identity(USER, 'Carol "><b>', None)
    assert tag == (
        f'<script async src="https://chat.example/static/widget/loader.js" data-site="{site.key}"'
        f' data-identity="{token}" nonce=""></script>'
    )
    assert 'data-identity=""' in render(engine, AnonymousUser())
