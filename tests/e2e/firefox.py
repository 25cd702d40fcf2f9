"""Firefox as it is installed, by the protocol that it speaks itself (WebDriver BiDi): one window."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

FIREFOX = "/usr/bin/firefox-esr"
# It asks nobody for anything by itself.
ALONE = {
    "app.normandy.enabled": False,
    "app.update.disabledForTesting": True,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "services.settings.server": "data:,",
    # It has a microphone, and may use it.
    "media.navigator.permission.disabled": True,
    "media.navigator.streams.fake": True,
    # A script presses the buttons here, which is no gesture of a person.
    "media.autoplay.default": 0,
}
STARTS_WITHIN, PATIENCE = 60.0, 30.0
ENTER = "\ue007"


class Firefox:
    def __init__(self, wire: ClientConnection) -> None:
        self._wire, self._last = wire, 0
        # What the pages complain about on their console, or throw.
        self.complaints: list[str] = []
        self._ask("session.new", {"capabilities": {}})
        self._ask("session.subscribe", {"events": ["log.entryAdded"]})
        self.window: str = self._ask("browsingContext.getTree", {})["contexts"][0]["context"]

    def goto(self, url: str) -> None:
        self._ask("browsingContext.navigate", {"context": self.window, "url": url, "wait": "complete"})

    def evaluate(self, expression: str) -> Any:
        """A string, number, boolean or null; a promise's is waited for."""
        asked = {"expression": expression, "target": {"context": self.window}, "awaitPromise": True}
        answer = self._ask("script.evaluate", asked)
        assert answer["type"] == "success", answer
        return answer["result"].get("value")

    def until(self, expression: str) -> None:
        deadline = time.monotonic() + PATIENCE
        while not self.evaluate(f"Boolean({expression})"):
            assert time.monotonic() < deadline, (expression, self.complaints)
            time.sleep(0.05)

    def press(self, keys: str) -> None:
        """One after the other, as a keyboard would. A window without focus takes them in fields, not on buttons."""
        actions = [{"type": type_, "value": key} for key in keys for type_ in ("keyDown", "keyUp")]
        keyboard = {"type": "key", "id": "keyboard", "actions": actions}
        self._ask("input.performActions", {"context": self.window, "actions": [keyboard]})

    def _ask(self, method: str, params: dict[str, Any]) -> Any:
        self._last += 1
        self._wire.send(json.dumps({"id": self._last, "method": method, "params": params}))
        while True:
            said = json.loads(self._wire.recv(timeout=PATIENCE))
            if said.get("method") == "log.entryAdded" and said["params"]["level"] == "error":
                self.complaints.append(said["params"]["text"])
            if said.get("id") == self._last:
                assert said["type"] == "success", said
                return said["result"]


@contextmanager
def firefox(profile: Path) -> Iterator[Firefox]:
    profile.mkdir()
    lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in ALONE.items()]
    (profile / "user.js").write_text("\n".join(lines))
    command = [FIREFOX, "--headless", "--remote-debugging-port", "0", "--profile", str(profile)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            with connect(f"{_address(process, profile)}/session", max_size=None) as wire:
                yield Firefox(wire)
        finally:
            process.terminate()


def _address(process: subprocess.Popen[bytes], profile: Path) -> str:
    """Which it writes down."""
    written = profile / "WebDriverBiDiServer.json"
    deadline = time.monotonic() + STARTS_WITHIN
    while not (written.exists() and written.read_text().strip().endswith("}")):
        assert process.poll() is None, "Firefox ended before it listened"
        assert time.monotonic() < deadline, "Firefox does not listen"
        time.sleep(0.1)
    address = json.loads(written.read_text())
    return f"ws://{address['ws_host']}:{address['ws_port']}"
