"""(i) Files: messages while fifty people upload photos of 5 MB; a photo of 12 megapixels alone; what is asked of a
file; and the server's memory after 500 uploads.
"""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache, partial
from http.client import HTTPConnection
from io import BytesIO
from itertools import cycle, islice
from statistics import median, quantiles
from typing import Any
from uuid import uuid4

from PIL import Image

from bench.load.driver import Crew, Load, Plan
from bench.machine import LOCALHOST
from bench.measures.measure import Figures
from bench.servers.parley import Parley
from bench.servers.server import PAIRS, Pair, Server

MEGABYTE = 1024 * 1024
RATE = 50
SECONDS = 15.0
UPLOADING = 50
PHOTOS = 5
CALLS = 60
# So many people upload in turn that none passes what a minute allows.
UPLOADS, UPLOADS_BEFORE, STEADY, AT_ONCE = 500, 60, 48, 8
SETTLES_WITHIN = 3.0
BOUNDARY = "fifty-photos-of-the-leak"
PATIENCE = 300.0

Answer = tuple[int, bytes]


def measure(server: Server) -> Figures:
    assert isinstance(server, Parley)
    server.make_room()
    with server.deployed():
        return _measure(server)


def _measure(server: Parley) -> Figures:
    talking, others = server.pairs(PAIRS), server.pairs(PAIRS + 2 + UPLOADING + STEADY)[PAIRS:]
    people = [Person(server.port, pair.sender) for pair in others]
    return {
        **_photo_alone(people[0]),
        **_calls(*(Person(server.port, one) for one in (others[1].sender, others[1].receiver))),
        **_messages(server, talking, people[2 : 2 + UPLOADING]),
        **_memory(server, people[2 + UPLOADING :]),
    }


class Person:
    """Who they are as `servers.parley` tells it: a token and a conversation first."""

    def __init__(self, port: int, values: Sequence[str]) -> None:
        self.connection = HTTPConnection(LOCALHOST, port, timeout=PATIENCE)
        self.token, self.talk = values[0], values[1]

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        all_headers = {"Authorization": f"Bearer {self.token}", **headers}
        self.connection.request(method, f"/api/v1/chat/{path}", body, all_headers)
        response = self.connection.getresponse()
        content = response.read()
        if method == "HEAD":
            # A server that sends a body all the same would have it taken for the next answer.
            self.connection.close()
        assert response.status < 300, content
        return response.status, content

    def upload(self, name: str, content: bytes) -> str:
        """Its id."""
        type_ = f"multipart/form-data; boundary={BOUNDARY}"
        _, said = self.ask("POST", f"upload/{self.talk}/", form(name, content), **{"Content-Type": type_})
        id: str = json.loads(said)["results"][0]["id"]
        return id

    def say(self, *files: str) -> None:
        body: dict[str, Any] = {"client_id": str(uuid4()), "body": "", "attachments": files}
        path, headers = f"conversations/{self.talk}/messages/", {"Content-Type": "application/json"}
        self.ask("POST", path, json.dumps(body).encode(), **headers)


@cache
def form(name: str, content: bytes) -> bytes:
    head = f'Content-Disposition: form-data; name="files"; filename="{name}"\r\n\r\n'
    return f"--{BOUNDARY}\r\n{head}".encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()


@cache
def photo(width: int = 4000, height: int = 3000, *, quality: int = 90) -> bytes:
    """As large as a camera's: of 12 megapixels, 5 MB."""
    grain = [Image.effect_noise((width // 4, height // 4), 60) for _ in "RGB"]
    image = Image.merge("RGB", grain).resize((width, height), Image.Resampling.BICUBIC)
    file = BytesIO()
    image.save(file, "JPEG", quality=quality)
    return file.getvalue()


def _photo_alone(person: Person) -> Figures:
    taken = [_ms(partial(person.upload, "photo.jpg", photo())) for _ in range(PHOTOS)]
    return {"photo_ms": median(taken), "photo_mib": len(photo()) / MEGABYTE}


def _ms(act: partial[Any]) -> float:
    begun = time.perf_counter()
    act()
    return (time.perf_counter() - begun) * 1000


# --- what is asked of a file ----------------------------------------------------------------------------------------


def _calls(writer: Person, painter: Person) -> Figures:
    """Each uploads as many as a minute allows."""
    text = b"The heating is off.\n" * (MEGABYTE // 20)
    texts = [writer.upload("a.txt", text) for _ in range(CALLS // 2)]
    pictures = [painter.upload("a.jpg", photo(640, 480)) for _ in range(CALLS // 2)]
    for person, ids in ((writer, texts), (painter, pictures)):
        for id in ids:
            person.say(id)
    calls = {
        "list": [partial(painter.ask, "GET", f"files/{writer.talk}/")],
        "thumbnail": [partial(writer.ask, "GET", f"download/{id}/?size=150") for id in pictures],
        "download": [partial(painter.ask, "GET", f"download/{id}/") for id in texts],
        "head": [partial(painter.ask, "HEAD", f"download/{id}/") for id in texts],
        "range": [
            partial(painter.ask, "GET", f"download/{id}/", Range=f"bytes={MEGABYTE // 2}-") for id in texts
        ],
    }
    taken = {name: [_ms(call) for call in islice(cycle(ones), CALLS)] for name, ones in calls.items()}
    taken["delete"] = [
        _ms(partial(person.ask, "DELETE", f"attachments/{id}/"))
        for person, ids in ((writer, texts), (painter, pictures))
        for id in ids
    ]
    figures: Figures = {f"{name}_p95_ms": quantiles(ones, n=20)[18] for name, ones in taken.items()}
    return {**figures, "worst_call_p95_ms": max(quantiles(ones, n=20)[18] for ones in taken.values())}


# --- messages meanwhile ---------------------------------------------------------------------------------------------


def _messages(server: Parley, talking: Sequence[Pair], people: Sequence[Person]) -> Figures:
    alone, _ = _latency(server, talking, [])
    beside, uploads = _latency(server, talking, people)
    return {
        **{f"alone_{name}_ms": alone[name] for name in ("p50", "p95", "p99")},
        **{f"beside_{name}_ms": beside[name] for name in ("p50", "p95", "p99")},
        "p95_ratio": beside["p95"] / alone["p95"],
        "uploads_per_s": uploads,
    }


def _latency(
    server: Parley, pairs: Sequence[Pair], uploading: Sequence[Person]
) -> tuple[dict[str, float], float]:
    """And how many photos were taken in a second meanwhile."""
    speaking = [*server.arriving(), *server.speaking(), f"loop open {RATE}"]
    senders = Crew("senders", speaking, [pair.sender for pair in pairs])
    hearers = Crew("hearers", [*server.arriving(), *server.hearing()], [pair.receiver for pair in pairs])
    plan = Plan([hearers, senders], seconds=SECONDS, warmup=4.0)
    with Load(plan, server.machine.directory) as load:
        load.wait_until_ready()
        with _always(uploading) as done:
            report = load.measure(server.costs)
            uploads = len(done) / (plan.warmup + report.wall)
    latency: dict[str, float] = report.crews["hearers"]["delivery_ms"]
    return latency, uploads


def _as_from_elsewhere() -> None:
    """Their machines are their own: what sending takes is not to be the server's to do without."""
    os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 10)


@contextmanager
def _always(people: Sequence[Person]) -> Iterator[list[str]]:
    """Each uploads one photo after the other; what they have done so far."""
    done: list[str] = []
    enough = threading.Event()

    def go_on(person: Person) -> None:
        while not enough.is_set():
            done.append(person.upload("photo.jpg", photo()))

    with ThreadPoolExecutor(max(1, len(people)), initializer=_as_from_elsewhere) as threads:
        going = [threads.submit(go_on, person) for person in people]
        try:
            yield done
        finally:
            enough.set()
    for one in going:
        one.result()


# --- memory ---------------------------------------------------------------------------------------------------------


def _memory(server: Parley, people: Sequence[Person]) -> Figures:
    before, after = (_after_uploads(server, people, count) for count in (UPLOADS_BEFORE, UPLOADS))
    return {"before_mib": before, "after_mib": after, "grown_mib": after - before}


def _after_uploads(server: Parley, people: Sequence[Person], count: int) -> float:
    kinds = (
        ("a.jpg", photo(640, 480)),
        ("a.txt", b"The heating is off.\n" * 500),
        ("b.jpg", photo(1600, 1200)),
    )

    def upload_each(mine: int) -> None:
        for number in range(mine, count, AT_ONCE):
            people[number % len(people)].upload(*kinds[number % len(kinds)])

    assert len(people) % AT_ONCE == 0, "nobody uploads for two at once"
    with ThreadPoolExecutor(AT_ONCE) as threads:
        list(threads.map(upload_each, range(AT_ONCE)))
    time.sleep(SETTLES_WITHIN)
    return server.memory_kib() / 1024
