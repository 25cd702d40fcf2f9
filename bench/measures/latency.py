"""(b) Latency at 50 messages a second, each counted from the moment it was due."""

from __future__ import annotations

from bench.load.driver import Crew, Plan
from bench.measures.measure import Figures, run_plan
from bench.servers.server import PAIRS, Server

RATE = 50
SECONDS = 10.0


def measure(server: Server) -> Figures:
    pairs = server.pairs(PAIRS)
    speaking = [*server.arriving(), *server.speaking(), f"loop open {RATE}"]
    senders = Crew("senders", speaking, [pair.sender for pair in pairs])
    hearers = Crew("hearers", [*server.arriving(), *server.hearing()], [pair.receiver for pair in pairs])
    report = run_plan(server, Plan([hearers, senders], seconds=SECONDS))
    acked, delivered = report.crews["senders"]["ack_ms"], report.crews["hearers"]["delivery_ms"]
    return {
        "acked_per_s": report.rate("senders", "acked"),
        "ack_p50_ms": acked["p50"],
        "ack_p99_ms": acked["p99"],
        "delivery_p50_ms": delivered["p50"],
        "delivery_p99_ms": delivered["p99"],
    }
