"""(h) A quiet tenant's ten messages a second, alone and beside a tenant whose 200 sockets flood.

As the server comes it lets a tenant say so much and no more: the flood is 2,000 messages a second, most are refused.
Without that limit the 200 sockets send as fast as they are answered.
"""

from __future__ import annotations

from bench.load.driver import Crew, Plan
from bench.measures.measure import Figures, run_plan
from bench.servers.parley import Parley
from bench.servers.server import Server

QUIET_PAIRS = 5
RATE = 10
FLOOD = 2000
SECONDS = 15.0


def measure(server: Server) -> Figures:
    assert isinstance(server, Parley)
    unlimited = _quiet_latency(server, [_noisy(server, "loop closed 0")])
    with server.limiting_senders():
        alone = _quiet_latency(server, [])
        beside = _quiet_latency(server, [_noisy(server, f"loop open {FLOOD}")])
    names = ("p50", "p95", "p99")
    return {
        **{f"alone_{name}_ms": alone[name] for name in names},
        **{f"beside_{name}_ms": beside[name] for name in names},
        **{f"unlimited_{name}_ms": unlimited[name] for name in names},
        "p95_ratio": beside["p95"] / alone["p95"],
        "p95_ratio_unlimited": unlimited["p95"] / alone["p95"],
    }


def _noisy(server: Parley, loop: str) -> Crew:
    everybody = [member for pair in server.noisy_pairs() for member in (pair.sender, pair.receiver)]
    return Crew("noisy", [*server.arriving(), *server.speaking(), loop], everybody)


def _quiet_latency(server: Parley, others: list[Crew]) -> dict[str, float]:
    pairs = server.pairs(QUIET_PAIRS)
    speaking = [*server.arriving(), *server.speaking(), f"loop open {RATE}"]
    senders = Crew("quiet", speaking, [pair.sender for pair in pairs])
    hearers = Crew("hearers", [*server.arriving(), *server.hearing()], [pair.receiver for pair in pairs])
    # What a tenant may say at once is said before it counts.
    report = run_plan(server, Plan([hearers, senders, *others], warmup=4.0, seconds=SECONDS))
    latency: dict[str, float] = report.crews["hearers"]["delivery_ms"]
    return latency
