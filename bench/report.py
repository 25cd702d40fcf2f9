"""What was measured, as medians: JSON for machines, and tables with the ratios first."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from bench.measures.measure import Figures

BASELINE = "socketio"
QUIET = 0.7  # load average before the first run


@dataclass
class Results:
    titles: dict[str, str]
    about: dict[str, Any] = field(default_factory=dict)
    runs: list[dict[str, Any]] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def add(self, measure: str, server: str, figures: Figures) -> None:
        self.runs.append({"measure": measure, "server": server, "figures": rounded(figures)})

    def of(self, measure: str, server: str, figure: str) -> list[Any]:
        """One for each run."""
        mine = (run for run in self.runs if run["measure"] == measure and run["server"] == server)
        return [run["figures"][figure] for run in mine if figure in run["figures"]]

    def median(self, measure: str, server: str, figure: str) -> float | None:
        values = self.of(measure, server, figure)
        return median(values) if values else None

    def ratio(self, measure: str, server: str, figure: str) -> float | None:
        """To the baseline, of the medians."""
        mine, theirs = (self.median(measure, who, figure) for who in (server, BASELINE))
        return mine / theirs if mine is not None and theirs else None

    def measured(self, measure: str) -> list[str]:
        return [server for server in self.titles if any(_is_of(run, measure, server) for run in self.runs)]


def _is_of(run: dict[str, Any], measure: str, server: str) -> bool:
    return bool(run["measure"] == measure and run["server"] == server)


def rounded(figures: Figures) -> Figures:
    def short(value: float) -> float:
        return float(f"{value:.5g}")

    return {
        name: [short(one) for one in value] if isinstance(value, list) else short(value)
        for name, value in figures.items()
    }


# --- tables ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    measure: str
    figure: str
    says: str


RATIOS = (
    Row("pairs", "acked_per_s", "(a) 100 pairs: acknowledged messages/s (more is better)"),
    Row("pairs", "server_cpu_s_per_1000", "(a) server CPU a message"),
    Row("pairs", "ack_p99_ms", "(a) p99 to the acknowledgement"),
    Row("latency", "delivery_p50_ms", "(b) 50 messages/s: p50 to delivery"),
    Row("latency", "delivery_p99_ms", "(b) 50 messages/s: p99 to delivery"),
    Row("fanout", "deliveries_per_s_100", "(c) group of 100: deliveries/s (more is better)"),
    Row("fanout", "deliveries_per_s_1000", "(c) group of 1,000: deliveries/s (more is better)"),
    Row("fanout", "server_cpu_s_per_1000_1000", "(c) group of 1,000: server CPU a delivery"),
    Row("idle", "kib_per_socket_5000", "(d) memory of an idle socket, 5,000 open"),
    Row("storm", "all_s", "(e) 2,000 at once: until all are in"),
)

FIGURES = (
    Row("pairs", "acked_per_s", "(a) acknowledged messages/s"),
    Row("pairs", "delivered_per_s", "(a) delivered messages/s"),
    Row("pairs", "persisted_share", "(a) rows in the database, of those acknowledged"),
    Row("pairs", "delivered_share", "(a) delivered in the end, of those acknowledged"),
    Row("pairs", "ack_p50_ms", "(a) p50 to the acknowledgement, ms"),
    Row("pairs", "ack_p99_ms", "(a) p99 to the acknowledgement, ms"),
    Row("pairs", "delivery_p50_ms", "(a) p50 to delivery, ms"),
    Row("pairs", "delivery_p99_ms", "(a) p99 to delivery, ms"),
    Row("pairs", "server_cpu_s_per_1000", "(a) server CPU, s per 1,000"),
    Row("pairs", "postgres_cpu_s_per_1000", "(a) PostgreSQL CPU, s per 1,000"),
    Row("pairs", "redis_cpu_s_per_1000", "(a) Redis CPU, s per 1,000"),
    Row("pairs", "load_cpu_share", "(a) load generator, share of one core"),
    Row("latency", "ack_p50_ms", "(b) p50 to the acknowledgement, ms"),
    Row("latency", "ack_p99_ms", "(b) p99 to the acknowledgement, ms"),
    Row("latency", "delivery_p50_ms", "(b) p50 to delivery, ms"),
    Row("latency", "delivery_p99_ms", "(b) p99 to delivery, ms"),
    Row("fanout", "deliveries_per_s_100", "(c) to 100: deliveries/s"),
    Row("fanout", "server_cpu_s_per_1000_100", "(c) to 100: server CPU, s per 1,000 deliveries"),
    Row("fanout", "delivery_p99_ms_100", "(c) to 100: p99 to delivery, ms"),
    Row("fanout", "deliveries_per_s_1000", "(c) to 1,000: deliveries/s"),
    Row("fanout", "server_cpu_s_per_1000_1000", "(c) to 1,000: server CPU, s per 1,000 deliveries"),
    Row("fanout", "delivery_p99_ms_1000", "(c) to 1,000: p99 to delivery, ms"),
    Row("fanout", "load_cpu_share_1000", "(c) to 1,000: load generator, share of one core"),
    Row("idle", "kib_per_socket_1000", "(d) KiB an idle socket, 1,000 open"),
    Row("idle", "kib_per_socket_5000", "(d) KiB an idle socket, 5,000 open"),
    Row("storm", "half_s", "(e) half of 2,000 are in after, s"),
    Row("storm", "all_s", "(e) all of 2,000 are in after, s"),
    Row("storm", "retries", "(e) connections tried again"),
    Row("sync", "ms_1", "(f) 1 % of 200 conversations changed, ms"),
    Row("sync", "ms_10", "(f) 10 % changed, ms"),
    Row("sync", "ms_100", "(f) 100 % changed, ms"),
    Row("sync", "kib_1", "(f) 1 % changed, KiB"),
    Row("sync", "kib_10", "(f) 10 % changed, KiB"),
    Row("sync", "kib_100", "(f) 100 % changed, KiB"),
    Row("tenants", "alone_p95_ms", "(h) quiet tenant alone, p95 ms"),
    Row("tenants", "beside_p95_ms", "(h) beside a noisy one, p95 ms"),
    Row("tenants", "p95_ratio", "(h) the second over the first"),
    Row("tenants", "p95_ratio_unlimited", "(h) the same when no tenant is limited"),
    Row("files", "alone_p95_ms", "(i) 50 messages/s: p95 to delivery, ms"),
    Row("files", "beside_p95_ms", "(i) while 50 people upload photos of 5 MB, p95 ms"),
    Row("files", "p95_ratio", "(i) the second over the first"),
    Row("files", "uploads_per_s", "(i) photos taken in a second meanwhile"),
    Row("files", "photo_ms", "(i) a photo of 12 megapixels alone, upload and thumbnails, ms"),
    Row("files", "worst_call_p95_ms", "(i) list, thumbnail, 1 MB, head, range, delete: the worst p95, ms"),
    Row("files", "before_mib", "(i) memory of the server, MiB"),
    Row("files", "grown_mib", "(i) what 500 uploads add to it, MiB"),
)


def table(results: Results) -> str:
    parts: list[str] = []
    if BASELINE in results.titles:
        parts += [f"Ratios ({results.titles[BASELINE]} = 1)\n", *_ratios(results)]
    return "\n".join([*parts, "\nFigures of this machine\n", *_figures(results), "", *_reads(results)])


def _ratios(results: Results) -> Iterable[str]:
    others = [server for server in results.titles if server != BASELINE]
    rows = (
        (row.says, [results.ratio(row.measure, server, row.figure) for server in others]) for row in RATIOS
    )
    return _markdown([results.titles[server] for server in others], rows, " x")


def _figures(results: Results) -> Iterable[str]:
    rows = (
        (row.says, [results.median(row.measure, server, row.figure) for server in results.titles])
        for row in FIGURES
    )
    return _markdown(list(results.titles.values()), rows, "")


def _reads(results: Results) -> Iterable[str]:
    """Of (g), whose rows are whatever was read: p50 and p95 of each."""
    rows = {
        name: figure
        for run in results.runs
        if run["measure"] == "reads"
        for name, figure in run["figures"].items()
        if isinstance(figure, list)
    }
    return _markdown(["p50, ms", "p95, ms"], rows.items(), "") if rows else []


def _markdown(
    heads: Sequence[str], rows: Iterable[tuple[str, Sequence[float | None]]], unit: str
) -> Iterable[str]:
    """A row of which nothing was measured is left out."""
    yield f"| | {' | '.join(heads)} |"
    yield f"|---|{'--:|' * len(heads)}"
    for says, values in rows:
        if any(value is not None for value in values):
            yield f"| {says} | {' | '.join(_number(value, unit) for value in values)} |"


def _number(value: float | None, unit: str) -> str:
    if value is None:
        return "–"
    if value >= 1000:
        return f"{value:,.0f}{unit}"
    digits = 0 if value >= 100 else 1 if value >= 10 else 2 if value >= 0.1 or not value else 3
    return f"{value:,.{digits}f}{unit}"


# --- files ----------------------------------------------------------------------------------------------------------


def write(results: Results, directory: Path) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    write_json(results, directory / "results.json")
    from bench.plots import draw

    pictures = draw(results, directory)
    (directory / "README.md").write_text(_readme(results, pictures))


def write_json(results: Results, path: Path) -> None:
    """A run a line, so that a difference can be read."""
    whole = asdict(results)
    runs = ",\n  ".join(json.dumps(run) for run in whole.pop("runs"))
    path.write_text(f'{json.dumps(whole, indent=1)[:-2]},\n "runs": [\n  {runs}\n ]\n}}\n')


def read(path: Path) -> Results:
    return Results(**json.loads(path.read_text()))


def _beside_the_baseline(results: Results) -> list[str]:
    """Nothing where that was not measured."""
    if BASELINE not in results.titles:
        return []
    return [f"## Ratios: {results.titles[BASELINE]} = 1", "\n".join(_ratios(results))]


def _readme(results: Results, pictures: Sequence[tuple[str, str]]) -> str:
    about = results.about
    versions = "; ".join(f"{results.titles[name]}: {version}" for name, version in about["servers"].items())
    parts = [
        "# What was measured",
        "Written by `make bench`. Trust the ratios: the servers were measured in turn, in one session on one machine,"
        f" and each figure is the median of {about['runs']} runs. bench/README.md says how, and what is fair about it.",
        f"{about['date']}; {about['processor']}; {about['system']}; PostgreSQL {about['postgres']}; {versions}.",
        *_beside_the_baseline(results),
        *(f"![{says}]({name})" for name, says in pictures),
        "## Absolute figures, of this machine only",
        "\n".join(_figures(results)),
    ]
    if reads := list(_reads(results)):
        parts += ["## (g) Reads among a million messages, of this machine only", "\n".join(reads)]
    if about["load"] > QUIET:
        parts.insert(
            2, f"**The machine was not quiet** (load average {about['load']:.1f} before): of little worth."
        )
    if results.failures:
        parts += ["## What failed", "\n".join(f"- {failure}" for failure in results.failures)]
    return "\n\n".join(parts) + "\n"
