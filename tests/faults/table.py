"""The table: a row a story, as text for the terminal and as Markdown."""

from __future__ import annotations

import statistics
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings

TITLE = f"nothing lost, nothing twice, nothing out of order, on {settings.SERVER}"
COLUMNS = (
    "fault", "setup", "acked", "changed", "delivered", "lost", "twice", "out of order",
    "p50", "p95", "p99", "worst heal", "verdict",
)  # fmt: skip
TEXTS = (0, 1, 12)
LEGEND = (
    "acked: messages that the server acknowledged; changed: edits, deletions and reactions that it did.",
    "delivered: messages at each tab of each recipient; a person has two.",
    "p50 to p99: seconds from the say to the moment a recipient's tab shows it; worst heal: the longest of all.",
    "*: nothing could be said for seconds, so times count from the acknowledgement.",
)


@dataclass(frozen=True)
class Row:
    fault: str
    setup: str
    acked: int
    changed: int
    delivered: int
    lost: int
    twice: int
    out_of_order: int
    latencies: list[float]
    problems: list[str]
    must_fail: bool = False

    def quantile(self, percent: int) -> float:
        if len(self.latencies) < 2:
            return max(self.latencies, default=0.0)
        return statistics.quantiles(self.latencies, n=100)[percent - 1]

    @property
    def verdict(self) -> str:
        if self.must_fail:
            return "fails, as it must" if self.problems else "HOLDS, AND MUST NOT"
        return "FAILED" if self.problems else "holds"

    @property
    def cells(self) -> list[str]:
        counts = (self.acked, self.changed, self.delivered, self.lost, self.twice, self.out_of_order)
        times = (*map(self.quantile, (50, 95, 99)), max(self.latencies, default=0.0))
        return [self.fault, self.setup, *map(str, counts), *(f"{time:.2f}" for time in times), self.verdict]

    @property
    def in_a_line(self) -> str:
        """Progress: the first problem stands for all."""
        named = ", ".join(
            f"{name} {cell}" for name, cell in list(zip(COLUMNS, self.cells, strict=True))[2:-1]
        )
        problems = f" ({len(self.problems)} problems: {self.problems[0]})" if self.problems else ""
        return f"{self.fault}, {self.setup}: {named}: {self.verdict}{problems}"


def as_text(rows: Iterable[Row]) -> list[str]:
    lines = [list(COLUMNS), *(row.cells for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return ["  ".join(map(_aligned, line, widths, range(len(widths)))).rstrip() for line in lines]


def _aligned(cell: str, width: int, column: int) -> str:
    return cell.ljust(width) if column in TEXTS else cell.rjust(width)


def as_markdown(rows: Iterable[Row]) -> str:
    rules = ["---" if column in TEXTS else "--:" for column in range(len(COLUMNS))]
    lines = [list(COLUMNS), rules, *(row.cells for row in rows)]
    table = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    return "\n\n".join((f"**{TITLE}**", table, *LEGEND)) + "\n"
