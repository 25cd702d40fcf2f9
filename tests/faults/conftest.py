"""Faults run apart: `make faults`. Each says a line as it ends; the table stands at the end."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.faults.stage import World, make_world
from tests.faults.table import LEGEND, TITLE, Row, as_markdown, as_text

ROWS = pytest.StashKey[list[Row]]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[ROWS] = []
    logging.getLogger("httpx").setLevel(logging.WARNING)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    ours = [item for item in items if Path(__file__).parent in item.path.parents]
    for item in ours:
        item.add_marker(pytest.mark.faults)
    chosen = os.environ.get("FAULTS", "").split()
    if chosen:
        left_out = [item for item in ours if takes_time(item) and name_of(item) not in chosen]
        items[:] = [item for item in items if item not in left_out]
        config.hook.pytest_deselected(items=left_out)


def takes_time(item: pytest.Item) -> bool:
    return "world" in getattr(item, "fixturenames", ())


def name_of(item: pytest.Item) -> str:
    """The fault's name, as FAULTS chooses it."""
    return item.name.partition("[")[2].rstrip("]") or item.name


@pytest.fixture(scope="session")
def world() -> Iterator[World]:
    with make_world() as world:
        yield world


@pytest.fixture
def keep(request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]) -> Callable[[Row], None]:
    """Says a story's row as it ends, and keeps it for the table."""

    def keep(row: Row) -> None:
        request.config.stash[ROWS].append(row)
        with capsys.disabled():
            print(f"\n{row.in_a_line} ", end="", flush=True)  # noqa: T201  long work shows that it goes on

    return keep


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    rows = config.stash[ROWS]
    if not rows:
        return
    terminalreporter.section(TITLE)
    for line in (*as_text(rows), "", *LEGEND):
        terminalreporter.write_line(line)
    report = os.environ.get("FAULT_REPORT")
    if report:
        Path(report).write_text(as_markdown(rows))
