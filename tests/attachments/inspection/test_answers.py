"""The parent reads whatever a child that was taken over may say, and is none the worse."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attachments.inspection.answers import read_answer
from attachments.inspection.reasons import Outcome
from tests.attachments.corpus import picture

FIELDS = ("refused", "mime", "held", "found", "metadata", "text", "files", "replaces")
NUMBERS = ("width", "height", "frames", "pages", "duration")
RIGHT: dict[str, object] = {
    **dict.fromkeys(NUMBERS),
    "mime": "",
    "held": [],
    "found": [],
    "metadata": {},
    "text": "",
    "files": {},
    "replaces": False,
}

SAID = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)
FILES = st.dictionaries(st.sampled_from(["served", "150", "../x"]), SAID | st.tuples(SAID, SAID, SAID))


@given(st.dictionaries(st.sampled_from(FIELDS + NUMBERS), SAID), FILES | SAID)
def test_whatever_is_said(said: dict[str, object], files: object) -> None:
    with TemporaryDirectory() as place:
        output = json.dumps({**RIGHT, "files": files, **said}).encode()

        report = read_answer(output, "jpg", made_in=Path(place), into=Path(place), thumbnails=[150])

        assert report.outcome in Outcome
        assert (report.kind, report.mime) == ("image", "image/jpeg")
        assert report.files == ()
        assert len(json.dumps(report.metadata)) < 60_000


@given(st.binary(max_size=200))
def test_whatever_bytes(output: bytes) -> None:
    report = read_answer(output, "jpg", made_in=Path("/"), into=Path("/"), thumbnails=[])

    assert report.outcome == Outcome.REFUSED


def test_what_is_right_is_believed(tmp_path: Path) -> None:
    (tmp_path / "served").write_bytes(picture())
    output = json.dumps({**RIGHT, "files": {"served": ["image/jpeg", 64, 48]}}).encode()

    report = read_answer(output, "jpg", made_in=tmp_path, into=tmp_path, thumbnails=[])

    assert report.outcome == Outcome.ACCEPTED
    assert [made.path.name for made in report.files] == ["served.jpg"]


@pytest.mark.parametrize(("smaller_than", "is_believed"), [(0, False), (1.05, False), (2, True)])
def test_a_copy_replaces_what_is_much_larger(
    tmp_path: Path, smaller_than: float, *, is_believed: bool
) -> None:
    """And only where that was asked for."""
    (tmp_path / "served").write_bytes(picture())
    said = {**RIGHT, "files": {"served": ["image/jpeg", 64, 48]}, "replaces": True}

    report = read_answer(
        json.dumps(said).encode(),
        "jpg",
        made_in=tmp_path,
        into=tmp_path,
        thumbnails=[],
        smaller_than=int(smaller_than * len(picture())),
    )

    assert (report.outcome == Outcome.ACCEPTED, report.replacing is not None) == (is_believed, is_believed)
