"""(a) 100 closed-loop pairs: each sender sends, waits for its own acknowledgement, and sends again."""

from __future__ import annotations

from bench.load.driver import Crew, Plan
from bench.measures.measure import Figures, run_plan
from bench.servers.server import PAIRS, Server

SECONDS = 5.0


def measure(server: Server) -> Figures:
    pairs = server.pairs(PAIRS)
    senders = Crew(
        "senders", [*server.arriving(), *server.speaking(), "loop closed 0"], [pair.sender for pair in pairs]
    )
    hearers = Crew("hearers", [*server.arriving(), *server.hearing()], [pair.receiver for pair in pairs])
    before = server.stored()
    report = run_plan(server, Plan([hearers, senders], seconds=SECONDS))
    rows = server.stored() - before
    acked = report.crews["senders"]["measured"]["acked"]
    whole = report.crews["senders"]["whole"]
    return {
        "acked_per_s": report.rate("senders", "acked"),
        "delivered_per_s": report.rate("hearers", "delivered"),
        "persisted_share": rows / max(1, whole["acked"]),
        "delivered_share": report.crews["hearers"]["whole"]["delivered"] / max(1, whole["acked"]),
        "refused": whole["refused"],
        "ack_p50_ms": report.crews["senders"]["ack_ms"]["p50"],
        "ack_p99_ms": report.crews["senders"]["ack_ms"]["p99"],
        "delivery_p50_ms": report.crews["hearers"]["delivery_ms"]["p50"],
        "delivery_p99_ms": report.crews["hearers"]["delivery_ms"]["p99"],
        **{f"{who}_cpu_s_per_1000": 1000 * spent / max(1, acked) for who, spent in report.costs.items()},
        "load_cpu_share": report.costs["load"] / report.wall,
    }
