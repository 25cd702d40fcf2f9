"""CDN_URL: pages bring their scripts and styles from there, and their policy allows it; we answer where we did."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

PROGRAM = """
import json, django
django.setup()
from django.test import Client
client = Client(headers={"Host": "localhost"})
page = client.get("/login/")
script = client.get("/static/js/pages/login.js")
print(json.dumps({
    "page": page.text,
    "policy": page["Content-Security-Policy"],
    "script": [script.status_code, script["Access-Control-Allow-Origin"]],
}))
"""


def asked_with(tmp_path: Path, **environment: str) -> Any:
    given = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", "DATA_DIR": str(tmp_path)}
    out = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=settings.BASE_DIR,
        env={**given, "DATABASE_URL": "sqlite://", "REDIS_URL": "", **environment},
        capture_output=True,
        check=False,
    )
    assert out.returncode == 0, out.stderr.decode()
    return json.loads(out.stdout)


def directives(answer: Any) -> dict[str, str]:
    """They come in any order."""
    return dict(one.strip().split(" ", 1) for one in answer["policy"].split(";"))


@pytest.mark.parametrize("url", ["https://cdn.example", "https://cdn.example/some/where/"])
def test_a_page_brings_its_scripts_from_there(tmp_path: Path, url: str) -> None:
    answer = asked_with(tmp_path, CDN_URL=url)
    root = url.rstrip("/")
    assert f'<script type="module" src="{root}/static/js/pages/login.js">' in answer["page"]
    assert f'<link rel="stylesheet" href="{root}/static/css/tokens.css">' in answer["page"]
    assert 'src="/' not in answer["page"]
    policy = directives(answer)
    for directive in ("script-src", "style-src", "font-src", "connect-src", "manifest-src"):
        assert policy[directive] == "'self' https://cdn.example"
    assert policy["img-src"] == "'self' https://cdn.example data: blob:"
    assert policy["form-action"] == "'self'"
    # The CDN asks us, and any page may load a module from it.
    assert answer["script"] == [200, "*"]


def test_without_one_from_here(tmp_path: Path) -> None:
    answer = asked_with(tmp_path, CDN_URL="")
    assert '<script type="module" src="/static/js/pages/login.js">' in answer["page"]
    assert directives(answer)["script-src"] == "'self'"


def test_a_page_may_follow_a_download_to_the_bucket(tmp_path: Path) -> None:
    answer = asked_with(tmp_path, FILES_URL="s3://files?region_name=eu-west-1")
    assert directives(answer)["connect-src"] == "'self' https://files.s3.eu-west-1.amazonaws.com"
    assert directives(answer)["script-src"] == "'self'"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CDN_URL", "cdn.example"),
        ("CDN_URL", "javascript:alert(1)"),
        ("CDN_URL", "https://cdn.example; script-src *"),
        ("CDN_URL", "https://cdn.example/?a"),
        ("FILES_ACCEL", "kept"),
        ("FILES_ACCEL", "/kept"),
        ("FILES_ACCEL", "/../"),
        ("FILES_URL", "https://files.example"),
        ("FILES_COLD_CLASS", "DEEP_ARCHIVE"),
        ("FILES_COLD_AFTER_DAYS", "-1"),
    ],
)
def test_what_cannot_be_meant_is_told_at_the_start(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(AssertionError, match=f"ImproperlyConfigured.*{name}"):
        asked_with(tmp_path, **{name: value})
