"""What browsers record comes in as sound, with its length; what a recorder left out is counted. They were made with
Chromium 156 and Firefox 153; "live" are those that were handed over in parts, without a length."""

from __future__ import annotations

from pathlib import Path

import pytest

from attachments.inspection.inspector import inspect
from attachments.inspection.reasons import Outcome
from tests.attachments.corpus import element

RECORDINGS = Path(__file__).parent / "recordings"
LENGTHS = {
    "chromium.webm": ("audio/webm", 1.14),
    "chromium-live.webm": ("audio/webm", 1.32),
    "chromium.m4a": ("audio/mp4", 1.161),
    "chromium-live.m4a": ("audio/mp4", 1.341),
    "firefox.webm": ("audio/webm", 3.026),
    "firefox.ogg": ("audio/ogg", 3.007),
}


@pytest.mark.parametrize("name", LENGTHS)
def test_what_a_browser_records(name: str, tmp_path: Path) -> None:
    report = inspect(RECORDINGS / name, name, into=tmp_path)

    assert (report.outcome, report.kind) == (Outcome.ACCEPTED, "audio")
    assert (report.mime, report.duration) == LENGTHS[name]


def test_everything_is_looked_at() -> None:
    assert {one.name for one in RECORDINGS.iterdir()} == set(LENGTHS)


def test_a_sound_may_be_called_a_film(tmp_path: Path) -> None:
    """Where a policy takes .mp4, and not .m4a."""
    report = inspect(RECORDINGS / "chromium-live.m4a", "a.mp4", into=tmp_path)

    assert (report.kind, report.mime, report.duration) == ("audio", "audio/mp4", 1.341)


@pytest.mark.parametrize("is_live", [True, False], ids=["open cluster", "closed cluster"])
def test_blocks_in_groups_are_counted_too(is_live: bool, tmp_path: Path) -> None:
    def group(at: int) -> bytes:
        return element(0xA0, element(0xA1, b"\x81" + at.to_bytes(2, "big") + b"\0sound"))

    info = element(0x1549A966, element(0x2AD7B1, b"\x0f\x42\x40"))
    tracks = element(0x1654AE6B, element(0xAE, element(0x83, b"\x02")))
    cluster = element(0x1F43B675, element(0xE7, b"\x03\xe8"), *map(group, (0, 20, 40, 60)), unknown=is_live)
    head = element(0x1A45DFA3, element(0x4282, b"webm"))
    (tmp_path / "upload").write_bytes(head + element(0x18538067, info, tracks, cluster, unknown=True))

    assert inspect(tmp_path / "upload", "a.webm", into=tmp_path).duration == 1.08
