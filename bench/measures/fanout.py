"""(c) Fan-out: four members of a group speak, each again when everybody has heard the last; the hearers count."""

from __future__ import annotations

from bench.load.driver import Crew, Plan
from bench.measures.measure import Figures, run_plan
from bench.servers.server import GROUPS, Server

SECONDS = 5.0


def measure(server: Server) -> Figures:
    figures: Figures = {}
    for size in GROUPS:
        figures.update(_measure(server, size))
    return figures


def _measure(server: Server, size: int) -> Figures:
    group = server.group(size)
    speaking = [*server.arriving_in_group(), *server.speaking_in_group(), f"loop closed {size}"]
    hearing = [*server.arriving_in_group(), *server.hearing_in_group()]
    plan = Plan(
        [Crew("hearers", hearing, group.hearers), Crew("senders", speaking, group.senders)], seconds=SECONDS
    )
    report = run_plan(server, plan)
    deliveries = max(1, report.crews["hearers"]["measured"]["delivered"])
    return {
        f"deliveries_per_s_{size}": report.rate("hearers", "delivered"),
        f"server_cpu_s_per_1000_{size}": 1000 * report.costs["server"] / deliveries,
        f"delivery_p50_ms_{size}": report.crews["hearers"]["delivery_ms"]["p50"],
        f"delivery_p99_ms_{size}": report.crews["hearers"]["delivery_ms"]["p99"],
        f"stalled_{size}": report.crews["senders"]["whole"]["stalled"],
        f"load_cpu_share_{size}": report.costs["load"] / report.wall,
    }
