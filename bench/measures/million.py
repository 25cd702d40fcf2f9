"""(g) Reads in a town of a million messages (`bench.dataset`), in its largest tenant and in its smallest."""

from __future__ import annotations

import json

from bench.measures.measure import Figures
from bench.measures.reads import Row
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
    return figures_of([Row(*row) for row in rows])


def figures_of(rows: list[Row]) -> Figures:
    named = {f"{row.name} ({row.conversations:,} conversations)": row for row in rows}
    figures: Figures = {name: [row.p50_ms, row.p95_ms] for name, row in named.items()}
    return {**figures, "worst_p95_ms": max(row.p95_ms for row in rows)}
