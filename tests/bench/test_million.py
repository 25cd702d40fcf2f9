"""What the reads of the town come to."""

from bench.measures.million import figures_of
from bench.measures.reads import Row


def test_the_figures_are_two_of_each_read_and_the_worst_of_all() -> None:
    rows = [Row("agent: list", "large", 900, 4.0, 9.5, 3.0), Row("agent: list", "small", 2, 1.0, 2.0, 0.5)]
    assert figures_of(rows) == {
        "agent: list (900 conversations)": [4.0, 9.5],
        "agent: list (2 conversations)": [1.0, 2.0],
        "worst_p95_ms": 9.5,
    }
