"""A real server process, and real Chromium windows that have nothing in common."""

from __future__ import annotations

import atexit
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright

from tests.e2e.deeds import open_widget, sign_in

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
STARTS_WITHIN = 180.0


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        is_a_fault = item.get_closest_marker("faults")  # takes minutes: make faults
        if Path(__file__).parent in item.path.parents and not is_a_fault:
            item.add_marker(pytest.mark.e2e)


class Server:
    """`manage.py serve --demo` on a free port, on its embedded default in a DATA_DIR of its own, migrated already."""

    def __init__(self, data_dir: Path) -> None:
        shutil.copytree(_migrated(), data_dir, dirs_exist_ok=True)
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = data_dir / "server.log"
        self.environment = _environment(data_dir, self.port)
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self._command("serve", "--demo"), cwd=ROOT, env=self.environment, stdout=log, stderr=log
            )
        deadline = time.monotonic() + STARTS_WITHIN
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                pytest.fail(f"the server did not start:\n{self.log.read_text()}")
            time.sleep(0.05)

    def kill(self) -> None:
        """As a power cut would: SIGKILL, nobody is told."""
        assert self.process
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def demo(self) -> dict[str, Any]:
        out = subprocess.run(
            self._command("demo", "--json"), cwd=ROOT, env=self.environment, capture_output=True, check=True
        )
        organisations: dict[str, Any] = json.loads(out.stdout)
        return organisations

    def _command(self, *arguments: str) -> list[str]:
        return [sys.executable, "manage.py", *arguments]

    def _answers(self) -> bool:
        with (
            suppress(URLError, ConnectionError, TimeoutError),
            urlopen(f"{self.url}/healthz", timeout=1) as answer,
        ):
            return bool(answer.status == 200)
        return False


def _environment(data_dir: Path, port: int) -> dict[str, str]:
    return {
        **os.environ,
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "DATA_DIR": str(data_dir),
        "DEMO": "1",
        "DATABASE_URL": "sqlite://",
        "REDIS_URL": "",
    }


@cache
def _migrated() -> Path:
    """What a first start makes, made once: it takes longer than most stories."""
    directory = Path(mkdtemp(prefix="parley-e2e-"))
    atexit.register(shutil.rmtree, directory, ignore_errors=True)
    for command in ("migrate", "demo"):
        subprocess.run(
            [sys.executable, "manage.py", command, "--verbosity", "0"],
            cwd=ROOT,
            env=_environment(directory, free_port()),
            stdout=subprocess.DEVNULL,
            check=True,
        )
    return directory


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    server = Server(tmp_path)
    server.start()
    yield server
    server.kill()


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """There can be one only."""
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
    yield browser
    browser.close()


Window = Callable[..., Page]


@pytest.fixture
def forgiven() -> tuple[str, ...]:
    """What the pages of a story may complain about, because it is part of that one."""
    return ()


@pytest.fixture
def window(chromium: Browser, forgiven: tuple[str, ...]) -> Iterator[Window]:
    """Each call is another person's browser: a context with storage and cookies of its own. `locale`: its language.

    Whatever a page complains about on its console or throws fails the test.
    """
    complaints: list[str] = []
    contexts = []

    def open_window(locale: str = "en-GB") -> Page:
        context = chromium.new_context(locale=locale)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: complaints.append(error.stack or str(error)))
        page.on(
            "console", lambda message: complaints.append(message.text) if _is_complaint(message) else None
        )
        return page

    yield open_window
    for context in contexts:
        context.close()
    others = [one for one in complaints if not any(text in one for text in forgiven)]
    assert others == [], "\n".join(others)


def _is_complaint(message: Any) -> bool:
    """A server that is down, takes no such file, or was told otherwise meanwhile, is part of some stories; a blocked
    policy or a bug never is."""
    return (
        message.type == "error"
        and "net::ERR" not in message.text
        and "WebSocket connection" not in message.text
        and "status of 409" not in message.text
        and "status of 415" not in message.text
        # The service worker's, of a browser that is closed meanwhile.
        and "occurred when fetching the script" not in message.text
        and not _is_asked_by_whoever_signs_out(message)
        and not _is_preview_of_what_is_gone(message)
        and not _is_refused_introduction(message)
    )


def _is_asked_by_whoever_signs_out(message: Any) -> bool:
    """On its way from the staff page when the session ended."""
    return "status of 401" in message.text and urlsplit(message.page.url).path in ("/chat/", "/login/")


def _is_preview_of_what_is_gone(message: Any) -> bool:
    """Somebody rejected the file while another was about to look at it."""
    url = urlsplit(message.location["url"])
    is_of_file = url.path.endswith("/text/") or "/chat/download/" in url.path
    return "status of 404" in message.text and is_of_file


def _is_refused_introduction(message: Any) -> bool:
    """What somebody answered seemed right to the page, and not to the server."""
    return "status of 400" in message.text and message.location["url"].endswith("/chat/conversations/start/")


# --- people ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def demo(server: Server) -> dict[str, Any]:
    organisation: dict[str, Any] = server.demo()["organisations"][0]
    return organisation


@pytest.fixture
def dana(window: Window, demo: dict[str, Any]) -> Page:
    """An anonymous visitor with the widget open."""
    page = window()
    page.goto(f"{demo['site']['origin']}/demo/{demo['slug']}/")
    open_widget(page)
    return page


@pytest.fixture
def bob(window: Window, server: Server, demo: dict[str, Any]) -> Page:
    """The agent, signed in on the staff page."""
    page = window()
    agent = next(one for one in demo["members"] if one["role"] == "agent")
    sign_in(page, f"{server.url}/chat/", agent)
    expect(page).to_have_url(re.compile("/chat/"))
    return page
