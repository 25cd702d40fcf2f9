"""What is said of the runs: medians, ratios to the baseline, and nothing where nothing was measured."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.report import Results, read, rounded, table, write_json


@pytest.fixture
def results() -> Results:
    """Parley runs three times beside Socket.IO; one of its runs is disturbed."""
    results = Results({"parley-daphne": "Parley", "socketio": "Socket.IO"})
    for rate in (600, 90, 620):
        results.add("pairs", "parley-daphne", {"acked_per_s": rate})
    for rate in (1000, 1010, 990):
        results.add("pairs", "socketio", {"acked_per_s": rate})
    results.add("sync", "parley-daphne", {"ms_100": 41.26})
    results.add("reads", "parley-daphne", {"manager: list, first page (2,000 conversations)": [9.1, 12.4]})
    return results


def test_one_disturbed_run_does_not_count(results: Results) -> None:
    assert results.median("pairs", "parley-daphne", "acked_per_s") == 600
    assert results.ratio("pairs", "parley-daphne", "acked_per_s") == 0.6


def test_what_a_peer_cannot_do_is_left_open(results: Results) -> None:
    assert results.median("sync", "socketio", "ms_100") is None
    assert results.ratio("sync", "parley-daphne", "ms_100") is None
    assert results.measured("sync") == ["parley-daphne"]


def test_the_table_has_the_ratios_first(results: Results) -> None:
    assert table(results).splitlines() == [
        "Ratios (Socket.IO = 1)",
        "",
        "| | Parley |",
        "|---|--:|",
        "| (a) 100 pairs: acknowledged messages/s (more is better) | 0.60 x |",
        "",
        "Figures of this machine",
        "",
        "| | Parley | Socket.IO |",
        "|---|--:|--:|",
        "| (a) acknowledged messages/s | 600 | 1,000 |",
        "| (f) 100 % changed, ms | 41.3 | – |",
        "",
        "| | p50, ms | p95, ms |",
        "|---|--:|--:|",
        "| manager: list, first page (2,000 conversations) | 9.10 | 12.4 |",
    ]


def test_the_file_gives_the_results_back(results: Results, tmp_path: Path) -> None:
    write_json(results, tmp_path / "results.json")

    assert read(tmp_path / "results.json") == results


def test_figures_are_kept_to_five_digits() -> None:
    assert rounded({"rate": 6512.3456, "curve": [0.123456]}) == {"rate": 6512.3, "curve": [0.12346]}
