"""Files through the death of parts: killed in the middle of anything, nothing is approved that was not, nothing is lost
that was acknowledged, and nothing is left lying about. And a full disk."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import count
from pathlib import Path
from threading import Event
from typing import Any
from uuid import uuid4

import pytest
import requests

from tests.attachments.clamd import VIRUS, Clamd
from tests.attachments.sharing import picture
from tests.e2e.conftest import Server

UPLOADERS = 4
TIDY = """
import json
from datetime import timedelta
from django.db.models import Sum
from attachments.actions import scan_waiting, sweep_orphans, sweep_uploads
from attachments.models import Attachment, StorageUse
for _ in range(20):
    scan_waiting(older_than=timedelta(0))
sweep_orphans(older_than=timedelta(0))
sweep_uploads(older_than=timedelta(0))
rows = Attachment.objects.values("id", "state", "scan", "key", "sha256", "size")
keys = [key for one in Attachment.objects.prefetch_related("thumbnails") for key in one.keys]
used = StorageUse.objects.aggregate(bytes=Sum("bytes"))["bytes"]
print(json.dumps({"rows": list(rows), "keys": keys, "used": used}, default=str))
"""


@dataclass
class House:
    server: Server
    files: Path
    people: dict[str, Any]
    conversation: str = ""
    taken: dict[str, bytes] = field(default_factory=dict)

    def post(self, who: str, path: str, **options: Any) -> requests.Response:
        return requests.post(
            f"{self.server.url}/api/v1/{path}",
            headers={"Authorization": f"Bearer {self.people[who]['token']}"},
            timeout=20,
            **options,
        )

    def start(self) -> None:
        self.server.start()
        demo = self.server.demo()["organisations"]
        self.people = {one["role"]: one for one in demo[0]["members"]}
        answer = self.post("client", "chat/conversations/start/", json={"kind": "support"})
        self.conversation = answer.json()["id"]

    def say(self, body: str) -> int:
        path = f"chat/conversations/{self.conversation}/messages/"
        return self.post("client", path, json={"client_id": str(uuid4()), "body": body}).status_code

    def upload(self, name: str, content: bytes, *, who: str = "client") -> requests.Response:
        return self.post(who, f"chat/upload/{self.conversation}/", files={"files": (name, content)})

    def tidy(self) -> Any:
        done = subprocess.run(
            self.server._command("shell", "--verbosity", "0", "-c", TIDY),
            env=self.server.environment,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    def kept(self) -> set[str]:
        root = self.files / "kept"
        return {str(one.relative_to(root)) for one in root.rglob("*") if one.is_file()}


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    data = tmp_path / "data"
    data.mkdir()
    files = tmp_path / "files"
    server = Server(data)
    server.environment |= {"FILES_DIR": str(files)}
    yield House(server, files, {})
    server.kill()


@pytest.fixture
def clamd(tmp_path: Path) -> Iterator[Clamd]:
    directory = tmp_path / "clamd"
    directory.mkdir()
    clamd = Clamd(directory)
    clamd.start()
    yield clamd
    clamd.kill()


def keep_uploading(house: House, until: Event, number: int) -> None:
    """As two agents and two clients do: texts, pictures, and now and then a virus."""
    image = picture(200, 150)
    for turn in count():
        if until.is_set():
            return
        words = f"{number} {turn} {uuid4()}".encode()
        name, content = [("a.txt", words), ("a.jpg", image), ("b.txt", words + VIRUS)][turn % 3]
        try:
            answer = house.upload(name, content, who="agent" if number % 2 else "client")
        except requests.RequestException:
            until.wait(0.2)
            continue
        if answer.status_code == 201:
            [file] = answer.json()["results"]
            house.taken[file["id"]] = content
        elif answer.status_code == 429:
            until.wait(1.0)
        else:
            assert answer.status_code in (415, 503), answer.text


def test_killed_in_the_middle_of_anything(house: House, clamd: Clamd) -> None:
    house.server.environment |= {"CLAMD": clamd.address}
    house.start()
    enough = Event()
    with ThreadPoolExecutor(UPLOADERS) as people:
        uploading = [people.submit(keep_uploading, house, enough, at) for at in range(UPLOADERS)]
        for _ in range(3):
            time.sleep(2)
            house.server.kill()
            house.server.start()
            time.sleep(1)
            clamd.kill()
            time.sleep(2)
            clamd.start()
        enough.set()
        for one in uploading:
            one.result()
    house.server.kill()
    assert len(house.taken) > 10

    found = house.tidy()
    rows = {one["id"]: one for one in found["rows"]}
    assert set(house.taken) <= set(rows), "nothing that was acknowledged is lost"
    for id, content in house.taken.items():
        assert rows[id]["sha256"] == sha256(content).hexdigest()
    for one in rows.values():
        content = (house.files / "kept" / one["key"]).read_bytes()
        assert sha256(content).hexdigest() == one["sha256"]
        expected = ("infected", "infected") if VIRUS in content else ("approved", "clean")
        assert (one["state"], one["scan"]) == expected
    assert house.kept() == set(found["keys"]), "no byte without a row, no row without its bytes"
    assert list((house.files / "uploads").iterdir()) == []
    assert found["used"] == sum(one["size"] for one in rows.values())


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "files"
    path.mkdir()
    mount = ["/bin/mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(path)]
    if os.getuid() != 0 or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("a small disk needs the right to mount one")
    yield path
    subprocess.run(["/bin/umount", "--lazy", str(path)], check=True)


def test_a_full_disk(house: House, small_disk: Path) -> None:
    house.start()
    answers = [house.upload("a.txt", os.urandom(400_000).hex().encode()) for _ in range(7)]
    codes = [one.status_code for one in answers]
    full = codes.index(507)
    assert set(codes[:full]) == {201}
    body = answers[full].json()
    # On the way in, or on the way to where it stays.
    error = body["error"] if "error" in body else body["results"][0]["error"]
    assert error["code"] == "no_space"
    assert house.say("Can you hear me?") == 201
    assert house.upload("b.txt", b"Small.").status_code in (201, 507)
    found = house.tidy()
    assert house.kept() == set(found["keys"])
    assert found["used"] == sum(one["size"] for one in found["rows"])
