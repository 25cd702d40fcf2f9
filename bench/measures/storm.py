"""(e) 2,000 clients at once: seconds until each has come in, been recognised and learned what it missed."""

from __future__ import annotations

from bench.load.driver import Crew, Plan
from bench.measures.measure import Figures, run_plan
from bench.servers.server import Server

CLIENTS = 2000


def measure(server: Server) -> Figures:
    crew = Crew("clients", server.arriving(), server.crowd(CLIENTS))
    report = run_plan(server, Plan([crew], opening=0, warmup=0, seconds=0.2, drain=0))
    return {
        "half_s": report.ready[49],
        "all_s": report.ready[99],
        "retries": report.retries,
        "curve_s": report.ready,
    }
