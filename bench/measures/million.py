"""(g) Reads in a town of a million messages (`bench.dataset`), in its largest tenant and in its smallest."""

from __future__ import annotations

import json

from bench.measures.measure import Figures
from bench.servers.parley import Parley
from bench.servers.server import Server

DATABASE = "town"
READ = """
import json, django
django.setup()
from bench.measures.reads import measure
print(json.dumps(measure()))
"""


def measure(server: Server) -> Figures:
    assert isinstance(server, Parley)
    postgres = server.machine.postgres
    postgres.create(DATABASE)
    server.stop()  # it would look for news in the meantime
    server.ask_python("-m", "bench.dataset", database=DATABASE)
    rows = json.loads(server.ask_python("-c", READ, database=DATABASE).splitlines()[-1])
    figures: Figures = {
        f"{name} ({conversations:,} conversations)": [p50, p95] for name, _, conversations, p50, p95 in rows
    }
    return {**figures, "worst_p95_ms": max(p95 for *_, p95 in rows)}
