"""(d) Memory of a socket that is open and says nothing: what the server grew by, shared among them."""

from __future__ import annotations

import time

from bench.load.driver import Crew, Load, Plan
from bench.machine import resident_kib
from bench.measures.measure import Figures
from bench.servers.server import Server

SIZES = (1000, 5000)
SETTLES_WITHIN = 3.0
FIRST = 20


def measure(server: Server) -> Figures:
    figures: Figures = {}
    _grow(server, FIRST)  # what is loaded with the first client is no client's
    for size in SIZES:
        figures[f"kib_per_socket_{size}"] = _grow(server, size) / size
    return figures


def _grow(server: Server, size: int) -> float:
    before = resident_kib(server.pid)
    plan = Plan([Crew("idle", server.arriving(), server.crowd(size))], opening=50)
    with Load(plan, server.machine.directory) as load:
        load.wait_until_ready()
        time.sleep(SETTLES_WITHIN)
        grown = resident_kib(server.pid) - before
    time.sleep(SETTLES_WITHIN)
    return grown
