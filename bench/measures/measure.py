"""What the measures share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bench.load.driver import Load, Plan, Report
from bench.servers.server import Server

Figures = dict[str, float | list[float]]


@dataclass(frozen=True)
class Measure:
    """`says`: the figure shown while it runs, and its unit. `needs_fresh`: the server is started anew for it.
    `is_once`: it takes its own medians, and which server runs makes no difference."""

    name: str
    run: Callable[[Server], Figures]
    says: tuple[str, str]
    needs_fresh: bool = False
    is_once: bool = False


def run_plan(server: Server, plan: Plan) -> Report:
    with Load(plan, server.machine.directory) as load:
        load.wait_until_ready()
        return load.measure(server.costs)
