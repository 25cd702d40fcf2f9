"""Starts PostgreSQL, Redis and one server after another, measures, and writes the results."""

from __future__ import annotations

import argparse
import os
import platform
import signal
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.load.driver import build
from bench.machine import CACHE, ROOT, Machine, processor
from bench.measures import MEASURES
from bench.measures.measure import Measure
from bench.report import QUIET, Results, read, table, write
from bench.servers.ejabberd import Ejabberd
from bench.servers.parley import Parley
from bench.servers.relay import Relay
from bench.servers.server import Server
from bench.servers.socketio import SocketIO

RESULTS = ROOT / "bench" / "results"
SERVERS = ("parley-daphne", "parley-uvicorn", "socketio", "socketio-group", "ejabberd", "relay")


def main() -> int:
    options = read_options()
    if options.redraw:
        write(read(options.results / "results.json"), options.results)
        return 0
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    load = others_load()
    build()
    # Not TMPDIR, which PostgreSQL's own user may not be able to enter.
    with (
        TemporaryDirectory(prefix="parley-bench-", dir="/tmp") as directory,
        on_a_machine(directory) as machine,
    ):
        servers = prepare(all_servers(machine, options.checkout), options.servers)
        results = Results(
            titles={server.name: server.title for server in servers},
            about={**describe(machine, servers), "runs": options.runs, "load": load},
        )
        run(servers, chosen(options.measures), results)
    print(table(results))
    if options.write:
        write(results, options.results)
        print(f"Written to {options.results}")
    return 0


def others_load() -> float:
    load = os.getloadavg()[0]
    if load > QUIET:
        print(
            f"Others are using this machine (load average {load:.1f}): the figures will be of little worth."
        )
    return load


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    names = [measure.name for measure in MEASURES]
    parser.add_argument("measures", nargs="*", metavar="MEASURE", help=f"of {' '.join(names)}; all of them")
    parser.add_argument("--runs", type=int, default=5, help="of each; medians are shown")
    parser.add_argument(
        "--servers", nargs="+", choices=SERVERS, default=SERVERS, metavar="SERVER", help=" ".join(SERVERS)
    )
    parser.add_argument("--checkout", type=Path, default=ROOT, help="the Parley to measure; this one")
    parser.add_argument(
        "--results",
        type=Path,
        help="where they are written: bench/results when everything was measured, else var/bench/results",
    )
    parser.add_argument("--no-write", dest="write", action="store_false", help="only print the table")
    parser.add_argument(
        "--redraw", action="store_true", help="write tables and plots of earlier results anew"
    )
    options = parser.parse_args()
    unknown = set(options.measures) - set(names)
    if unknown:
        parser.error(f"no such measure: {' '.join(sorted(unknown))}")
    options.checkout = options.checkout.resolve()
    is_everything = not options.measures and options.servers == SERVERS
    options.results = options.results or (RESULTS if is_everything else CACHE / "results")
    return options


def chosen(names: Sequence[str]) -> list[Measure]:
    return [measure for measure in MEASURES if not names or measure.name in names]


@contextmanager
def on_a_machine(directory: str) -> Iterator[Machine]:
    machine = Machine(Path(directory))
    try:
        yield machine
    finally:
        machine.end()


def all_servers(machine: Machine, checkout: Path) -> list[Server]:
    return [
        Parley(machine, checkout=checkout, asgi="daphne"),
        Parley(machine, checkout=checkout, asgi="uvicorn"),
        SocketIO(machine, group_commit=False),
        SocketIO(machine, group_commit=True),
        Ejabberd(machine),
        Relay(machine),
    ]


def prepare(servers: Iterable[Server], names: Sequence[str]) -> list[Server]:
    ready = []
    for server in servers:
        if server.name not in names:
            continue
        if reason := server.why_not():
            print(f"{server.title} is left out: {reason}")
            continue
        print(f"Preparing {server.title}")
        server.prepare()
        ready.append(server)
    return ready


def run(servers: Sequence[Server], measures: Sequence[Measure], results: Results) -> None:
    """Run 1 of every server, then run 2 of every server: what the machine does meanwhile happens to all."""
    runs = results.about["runs"]
    for number in range(1, runs + 1):
        for server in servers:
            try:
                run_one(server, measures, f"run {number} of {runs}", results)
            finally:
                server.stop()


def run_one(server: Server, measures: Sequence[Measure], which: str, results: Results) -> None:
    for measure in measures:
        if measure.name not in server.measures or (measure.is_once and results.measured(measure.name)):
            continue
        print(f"{which}  {server.name:15} {measure.name:8}", end=" ", flush=True)
        try:
            if measure.needs_fresh:
                server.stop()
            if server.process is None:
                server.start()
            figures = measure.run(server)
        except (RuntimeError, AssertionError, OSError) as error:
            print(f"FAILED: {error}")
            results.failures.append(f"{server.name}, {measure.name}: {error}")
            server.stop()
            continue
        figure, unit = measure.says
        print(f"{figures[figure]:12,.1f} {unit}", flush=True)
        results.add(measure.name, server.name, figures)


def describe(machine: Machine, servers: Sequence[Server]) -> dict[str, Any]:
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "processor": processor(),
        "system": f"{platform.system()} {platform.release()}, Python {platform.python_version()}",
        "postgres": machine.postgres.version(),
        "servers": {server.name: server.version() for server in servers},
    }


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit("\nStopped; what was started has ended.")
