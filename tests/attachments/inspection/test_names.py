"""What the name alone decides, and that no name is more than a name."""

from __future__ import annotations

from pathlib import Path

import pytest

from attachments.inspection.inspector import inspect
from attachments.inspection.kinds import extension_of, hides_runnable
from attachments.inspection.reasons import Outcome, Reason
from tests.attachments import corpus

REFUSED_BY_NAME = {
    # Kinds that do not come in, whatever is in them.
    "page.html": Reason.TYPE_NOT_ALLOWED,
    "logo.SVG": Reason.TYPE_NOT_ALLOWED,
    "logo.png.svg": Reason.TYPE_NOT_ALLOWED,
    "feed.xml": Reason.TYPE_NOT_ALLOWED,
    "app.js": Reason.TYPE_NOT_ALLOWED,
    "invoice.pdf.exe": Reason.TYPE_NOT_ALLOWED,
    "invoice.pdf.EXE ": Reason.TYPE_NOT_ALLOWED,
    "invoice.pdf.exe...": Reason.TYPE_NOT_ALLOWED,
    "run.sh": Reason.TYPE_NOT_ALLOWED,
    "all.zip": Reason.TYPE_NOT_ALLOWED,
    "all.rar": Reason.TYPE_NOT_ALLOWED,
    "letter.docm": Reason.TYPE_NOT_ALLOWED,
    "sums.XLSM": Reason.TYPE_NOT_ALLOWED,
    "photo.jpg::$DATA": Reason.TYPE_NOT_ALLOWED,
    "photo.jpg/x": Reason.TYPE_NOT_ALLOWED,
    "photo.jpg%00": Reason.TYPE_NOT_ALLOWED,
    "photo.j\u0440g": Reason.TYPE_NOT_ALLOWED,  # a Cyrillic letter that looks like p
    "photo.": Reason.TYPE_NOT_ALLOWED,
    "photo": Reason.TYPE_NOT_ALLOWED,
    "jpg": Reason.TYPE_NOT_ALLOWED,
    "..": Reason.TYPE_NOT_ALLOWED,
    ".": Reason.TYPE_NOT_ALLOWED,
    "": Reason.TYPE_NOT_ALLOWED,
    "CON": Reason.TYPE_NOT_ALLOWED,
    "x" * 300: Reason.TYPE_NOT_ALLOWED,
    # Names that show as another, or end where they do not seem to.
    "evil.php\0.jpg": Reason.UNSAFE_NAME,
    "a\nb.jpg": Reason.UNSAFE_NAME,
    "a\r\nContent-Type: text/html\r\n.jpg": Reason.UNSAFE_NAME,
    "a\x1b[2J.jpg": Reason.UNSAFE_NAME,
    "invoice\u202egpj.exe.jpg": Reason.UNSAFE_NAME,
    "a\u2066b\u2069.jpg": Reason.UNSAFE_NAME,
    "a\u2028.jpg": Reason.UNSAFE_NAME,
    "a\ud800.jpg": Reason.UNSAFE_NAME,
}


@pytest.mark.parametrize("name", REFUSED_BY_NAME, ids=ascii)
def test_a_name_that_is_refused(name: str, tmp_path: Path) -> None:
    (tmp_path / "upload").write_bytes(corpus.picture())

    report = inspect(tmp_path / "upload", name, into=tmp_path)

    assert (report.outcome, report.reason) == (Outcome.REFUSED, REFUSED_BY_NAME[name])
    assert report.files == ()
    assert report.extension.isascii()


# They never come near the disk: what is made lies under names of ours.
NAMES_OF_PICTURES = (
    "photo.jpg",
    "photo.JPEG",
    "../../etc/passwd.jpg",
    "C:\\Users\\carol\\photo.jpg",
    "/etc/cron.d/x.jpg",
    "CON.jpg",
    "x" * 300 + ".jpg",
    "👩‍👩‍👧 ünïcödé фото 写真.jpg",
    "صورة\u200f.jpg",
    "'; DROP TABLE attachments; --.jpg",
    "<img src=x onerror=alert(1)>.jpg",
    "$(touch x).jpg",
    "-rf.jpg",
    "photo.jpg. ",
    "example.com.jpg",
    "v1.2.final.jpg",
)


@pytest.mark.parametrize("name", NAMES_OF_PICTURES, ids=ascii)
def test_a_name_that_is_only_odd(name: str) -> None:
    assert extension_of(name) in ("jpg", "jpeg")
    assert not hides_runnable(name)


def test_an_odd_name_makes_no_odd_file(tmp_path: Path) -> None:
    (tmp_path / "upload").write_bytes(corpus.picture())
    into = tmp_path / "into"
    into.mkdir()

    report = inspect(tmp_path / "upload", "../../$(touch x)/x.jpg", into=into, thumbnails=[10])

    assert report.outcome == Outcome.ACCEPTED
    assert sorted(path.name for path in into.iterdir()) == ["10.webp", "served.jpg"]


@pytest.mark.parametrize(
    "name", ["a.php.jpg", "a.PHP .jpg", "a.php.b.jpg", "page.html.jpg", "x.exe.jpg", "x.svg.jpg"]
)
def test_two_extensions_of_which_one_may_run(name: str) -> None:
    assert hides_runnable(name)


def test_a_picture_that_is_called_a_program_too_is_held(tmp_path: Path) -> None:
    (tmp_path / "upload").write_bytes(corpus.picture())

    report = inspect(tmp_path / "upload", "shell.php.jpg", into=tmp_path, thumbnails=[])

    assert (report.outcome, report.reason) == (Outcome.HELD, Reason.DOUBLE_EXTENSION)
    assert report.metadata == {"found": ["double_extension"]}
    assert [made.name for made in report.files] == ["served"]
