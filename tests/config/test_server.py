"""Starting: one process or Redis between them, settings that name what is wrong, pages that say how we are."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings

from config.checks import check_production
from tests.clients import Client
from tests.faults.services import free_port

ROOT = Path(django_settings.BASE_DIR)


def python(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A process of its own, as a second server would be."""
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", **environment},
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
    )


# Holds what it claimed while a second process tries.
TWO_SERVERS = """
import subprocess, sys
import config.asgi
second = subprocess.run([sys.executable, "-c", "import config.asgi"], capture_output=True, text=True)
sys.stderr.write(second.stderr)
sys.exit(second.returncode)
"""


def test_a_second_process_without_redis_is_told_why_it_may_not(tmp_path: Path) -> None:
    result = python(TWO_SERVERS, DATA_DIR=str(tmp_path), REDIS_URL="")
    assert result.returncode == 1
    assert "set REDIS_URL" in result.stderr


# Without a database to migrate and a server to end.
HOW_IT_RUNS = """
import os
import django
django.setup()
from config.management.commands import serve
serve.call_command = lambda *_, **__: None
serve.serve_and_work = lambda: print(
    os.sched_getscheduler(0) == os.SCHED_IDLE, os.getpriority(os.PRIO_PROCESS, 0), sorted(os.sched_getaffinity(0)),
    serve.ENDS_WITHIN,
)
serve.Command().handle(demo=False)
"""


@pytest.mark.skipif(not hasattr(os, "SCHED_IDLE"), reason="the idle class is Linux's")
def test_the_one_for_uploads_takes_what_the_others_leave(tmp_path: Path) -> None:
    ours, cores = os.getpriority(os.PRIO_PROCESS, 0), sorted(os.sched_getaffinity(0))

    def says(low: str) -> str:
        done = python(
            HOW_IT_RUNS, LOW_PRIORITY=low, DATA_DIR=str(tmp_path), REDIS_URL="", PORT=str(free_port())
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.splitlines()[-1]

    assert says("1") == f"True {min(ours + 10, 19)} {cores[len(cores) // 2 :]} 30"
    assert says("0") == f"False {ours} {cores} 5"


@pytest.mark.skipif(
    django_settings.DATABASES["default"]["ENGINE"] != "django.db.backends.postgresql",
    reason="two machines share a database only with PostgreSQL (make test-services)",
)
def test_neither_may_one_that_shares_only_the_database(tmp_path: Path) -> None:
    elsewhere = TWO_SERVERS.replace(
        "capture_output",
        f"env={{**__import__('os').environ, 'DATA_DIR': {str(tmp_path / 'b')!r}}}, capture_output",
    )
    result = python(elsewhere, DATA_DIR=str(tmp_path / "a"), REDIS_URL="")
    assert result.returncode == 1
    assert "set REDIS_URL" in result.stderr


def test_with_redis_set_even_unreachable_it_starts(tmp_path: Path) -> None:
    result = python(TWO_SERVERS, DATA_DIR=str(tmp_path), REDIS_URL="redis://127.0.0.1:1/0")
    assert (result.returncode, result.stderr) == (0, "")


def test_all_bad_variables_are_named_at_once(tmp_path: Path) -> None:
    bad = {
        "PORT": "http",
        "SERVER": "apache",
        "DEMO": "perhaps",
        "REDIS_URL": "junk",
        "DATABASE_THREADS": "0",
    }
    result = python("import django; django.setup()", DATA_DIR=str(tmp_path), **bad)
    assert result.returncode == 1
    last = result.stderr.strip().splitlines()[-1]
    assert [name for name in bad if name in last] == list(bad)


def test_secrets_are_made_once_and_for_the_owner_only(tmp_path: Path) -> None:
    code = "from django.conf import settings; print(settings.SECRET_KEY)"
    first, second = (python(code, DATA_DIR=str(tmp_path)).stdout for _ in range(2))
    assert first == second
    assert len(first) > 50
    assert (tmp_path / "secrets" / "secret_key").stat().st_mode & 0o777 == 0o600


def test_healthy_and_ready(db: None) -> None:
    for path in ("/healthz", "/readyz"):
        response = Client().get(path)
        assert (response.status_code, response.content) == (200, b"ok\n")


def test_what_is_not_there_is_told_in_json(db: None) -> None:
    response = Client().get("/api/v1/no/such/thing/")
    assert response.status_code == 404
    assert response.json()["error"]["code"] == "not_found"


def test_our_pages_allow_no_inline_code(db: None) -> None:
    policy = Client().get("/login/").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_whoever_is_not_signed_in_is_sent_to_the_login(db: None) -> None:
    response: Any = Client().get("/chat/")
    assert response.headers["Location"] == "/login/?next=/chat/"


@pytest.mark.parametrize(
    ("change", "id"),
    [
        ({"SECRET_KEY": "short"}, "parley.E001"),
        ({"IS_HTTPS": True, "DEBUG": True}, "parley.E002"),
        ({"IS_HTTPS": True, "DEMO": True}, "parley.E003"),
        ({"IS_POSTGRESQL": True, "DATABASE_THREADS": 8, "DATABASE_POOL": 15}, "parley.E004"),
    ],
)
def test_weak_production_values_stop_the_start(settings: Any, change: dict[str, object], id: str) -> None:
    settings.DEMO = False
    assert check_production() == []
    for name, value in change.items():
        setattr(settings, name, value)
    assert [one.id for one in check_production()] == [id]


def database(url: str, tmp_path: Path) -> subprocess.CompletedProcess[str]:
    code = "from django.conf import settings; print(settings.DATABASES['default'])"
    return python(code, DATA_DIR=str(tmp_path), DATABASE_URL=url)


def test_what_the_database_url_asks_for_is_kept(tmp_path: Path) -> None:
    printed = database("postgres://parley@db.example/parley?sslmode=require", tmp_path).stdout
    assert "'sslmode': 'require'" in printed
    assert "'pool'" in printed


@pytest.mark.parametrize("url", ["mysql://x@db.example/y", "sqlite:////elsewhere.sqlite3", "nonsense"])
def test_another_database_is_refused_by_name(url: str, tmp_path: Path) -> None:
    result = database(url, tmp_path)
    assert result.returncode == 1
    assert "DATABASE_URL" in result.stderr
