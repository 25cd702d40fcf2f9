"""(f) Catching up: 1 %, 10 % and 100 % of 200 conversations have five messages that the client has not."""

from __future__ import annotations

import json
import time
from http.client import HTTPConnection
from statistics import median

from bench.machine import LOCALHOST
from bench.measures.measure import Figures
from bench.servers.parley import Parley
from bench.servers.server import Server

SHARES = (1, 10, 100)
MISSED = 5
TIMES = 20


def measure(server: Server) -> Figures:
    assert isinstance(server, Parley)
    history = server.data["history"]
    figures: Figures = {}
    for share in SHARES:
        changed = len(history["ids"]) * share // 100
        cursors = {
            id: [history["messages"] - (MISSED if i < changed else 0), 0]
            for i, id in enumerate(history["ids"])
        }
        results = [_catch_up(server.port, history["token"], cursors) for _ in range(TIMES)]
        assert all(result.messages == changed * MISSED for result in results), "not all that was missed came"
        figures |= {
            f"ms_{share}": 1000 * median(result.seconds for result in results),
            f"kib_{share}": results[0].bytes / 1024,
            f"answers_{share}": float(results[0].answers),
        }
    return figures


class Result:
    def __init__(self) -> None:
        self.seconds, self.bytes, self.answers, self.messages = 0.0, 0, 0, 0


def _catch_up(port: int, token: str, cursors: dict[str, list[int]]) -> Result:
    """As a client does it: again with its new cursors while there is more."""
    connection = HTTPConnection(LOCALHOST, port)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    result, cursors, more = Result(), dict(cursors), True
    while more:
        began = time.perf_counter()
        connection.request("POST", "/api/v1/chat/sync/", json.dumps({"cursors": cursors}), headers)
        response = connection.getresponse()
        body = response.read()
        result.seconds += time.perf_counter() - began
        assert response.status == 200, body[:300]
        answer = json.loads(body)
        result.bytes += len(body)
        result.answers += 1
        for one in answer["conversations"]:
            result.messages += len(one["messages"])
            conversation = one["conversation"]
            cursors[conversation["id"]] = [conversation["version"], conversation["receipt_version"]]
        more = answer["more"]
    connection.close()
    return result
