"""What `make static` made is served for as long as the sources are what it was made of."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.bundle import STAMP, digest, directories


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    sources = tmp_path / "static"
    (sources / "js").mkdir(parents=True)
    (sources / "js" / "a.js").write_text("export {}\n")
    (sources / "a.css").write_text("a {}\n")
    return sources


@pytest.fixture
def made(tmp_path: Path, sources: Path) -> Path:
    made = tmp_path / "made"
    made.mkdir()
    (made / STAMP).write_text(digest(sources))
    return made


def test_it_comes_first(sources: Path, made: Path) -> None:
    assert directories(sources, made) == [made, sources]


def test_nothing_was_made(sources: Path, tmp_path: Path) -> None:
    assert directories(sources, tmp_path / "nowhere") == [sources]


@pytest.mark.parametrize("change", ["js/a.js", "js/b.js", "a.css"])
def test_made_of_others(sources: Path, made: Path, change: str) -> None:
    (sources / change).write_text("changed")
    assert directories(sources, made) == [sources]


def test_one_that_is_gone(sources: Path, made: Path) -> None:
    (sources / "a.css").unlink()
    assert directories(sources, made) == [sources]


def test_a_picture_is_not_what_it_is_made_of(sources: Path, made: Path) -> None:
    (sources / "a.svg").write_text("<svg/>")
    assert directories(sources, made) == [made, sources]


def test_names_count_and_where_they_end(tmp_path: Path) -> None:
    """sha256 of "a.css\\nb {}a/b.js\\n1", which `sha256sum` says too."""
    (tmp_path / "a").mkdir()
    (tmp_path / "a.css").write_text("b {}")
    (tmp_path / "a" / "b.js").write_text("1")
    assert digest(tmp_path) == "49d56bbd69bb0a08563876a2f52e209dedd2083f528d2be918d9229a6e2a72ab"
