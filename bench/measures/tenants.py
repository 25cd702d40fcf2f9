"""(h) A quiet tenant's ten messages a second, alone and beside a tenant whose 200 sockets send as fast as they can."""

from __future__ import annotations

from bench.load.driver import Crew, Plan
from bench.measures.measure import Figures, run_plan
from bench.servers.parley import Parley
from bench.servers.server import Server

QUIET_PAIRS = 5
RATE = 10
SECONDS = 15.0


def measure(server: Server) -> Figures:
    assert isinstance(server, Parley)
    alone = _quiet_latency(server, [])
    beside = _quiet_latency(server, [_noisy(server)])
    names = ("p50", "p95", "p99")
    return {
        **{f"alone_{name}_ms": alone[name] for name in names},
        **{f"beside_{name}_ms": beside[name] for name in names},
        "p95_ratio": beside["p95"] / alone["p95"],
    }


def _noisy(server: Parley) -> Crew:
    everybody = [member for pair in server.noisy_pairs() for member in (pair.sender, pair.receiver)]
    return Crew("noisy", [*server.arriving(), *server.speaking(), "loop closed 0"], everybody)


def _quiet_latency(server: Parley, others: list[Crew]) -> dict[str, float]:
    pairs = server.pairs(QUIET_PAIRS)
    speaking = [*server.arriving(), *server.speaking(), f"loop open {RATE}"]
    senders = Crew("quiet", speaking, [pair.sender for pair in pairs])
    hearers = Crew("hearers", [*server.arriving(), *server.hearing()], [pair.receiver for pair in pairs])
    report = run_plan(server, Plan([hearers, senders, *others], seconds=SECONDS))
    latency: dict[str, float] = report.crews["hearers"]["delivery_ms"]
    return latency
