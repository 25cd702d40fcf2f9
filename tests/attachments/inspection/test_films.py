"""What a phone writes about a film goes: the copy plays as the film does, and says no place."""

from __future__ import annotations

from pathlib import Path

import pytest

from attachments.inspection.inspector import inspect
from attachments.inspection.reasons import Outcome
from attachments.inspection.report import Report
from tests.attachments.corpus import box, mp4

PLACE = b"+48.1374+011.5755/"
APPLE = b"com.apple.quicktime.location.ISO6709"


def look_at(tmp_path: Path, name: str, content: bytes) -> Report:
    (tmp_path / "upload").write_bytes(content)
    report = inspect(tmp_path / "upload", name, into=tmp_path, thumbnails=[])
    assert report.outcome == Outcome.ACCEPTED
    return report


FILMS = {
    "android": mp4(b"vide", b"soun", of_film=box(b"udta", box(b"\xa9xyz", b"\0\x12\x15\xc7", PLACE))),
    "3gp": mp4(b"vide", brand=b"3gp4", of_track=box(b"udta", box(b"loci", PLACE))),
    "apple": mp4(b"vide", of_film=box(b"meta", box(b"keys", APPLE), box(b"ilst", PLACE))),
    "track that tells the way": mp4(b"vide", b"camm", of_track=box(b"stsd", PLACE)),
}


@pytest.mark.parametrize("case", FILMS)
def test_the_place_of_a_film(case: str, tmp_path: Path) -> None:
    given = FILMS[case]
    report = look_at(tmp_path, "a.mp4", given)

    assert report.metadata == {"had_place": True}
    assert report.served
    assert (report.served.path.name, report.served.mime) == ("served.mp4", "video/mp4")
    served = report.served.path.read_bytes()
    assert PLACE not in served
    assert (len(served), served.find(b"mdat")) == (len(given), given.find(b"mdat"))


def test_what_others_wrote_behind_it(tmp_path: Path) -> None:
    report = look_at(tmp_path, "a.mp4", mp4(b"vide", behind=box(b"uuid", b"<x:xmpmeta>SECRET</x:xmpmeta>")))

    assert report.served
    assert b"SECRET" not in report.served.path.read_bytes()
    assert report.metadata == {}


def test_a_sound(tmp_path: Path) -> None:
    report = look_at(tmp_path, "a.m4a", mp4(b"soun", brand=b"M4A ", of_film=box(b"udta", b"SECRET")))

    assert report.served
    assert (report.served.path.name, report.served.mime) == ("served.m4a", "audio/mp4")
    assert b"SECRET" not in report.served.path.read_bytes()


def test_the_copy_is_looked_at_as_the_film_is(tmp_path: Path) -> None:
    first = look_at(tmp_path, "a.mp4", FILMS["android"])
    assert first.served

    again = look_at(tmp_path, "a.mp4", first.served.path.read_bytes())

    assert (again.mime, again.duration, again.served) == (first.mime, first.duration, None)


def test_a_film_that_says_nothing_is_served_as_it_is(tmp_path: Path) -> None:
    assert look_at(tmp_path, "a.mp4", mp4(b"vide", b"soun")).served is None
