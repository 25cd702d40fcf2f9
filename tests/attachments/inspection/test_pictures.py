"""The copy and the thumbnails: upright, and nothing in them but the picture."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from attachments.inspection.inspector import inspect
from attachments.inspection.reasons import Outcome
from attachments.inspection.report import Report
from tests.attachments.corpus import film, many_frames, pdf, photo, picture


def look_at(tmp_path: Path, name: str, content: bytes, **options: object) -> Report:
    (tmp_path / "upload").write_bytes(content)
    report = inspect(tmp_path / "upload", name, into=tmp_path, **options)  # type: ignore[arg-type]
    assert report.outcome == Outcome.ACCEPTED
    return report


def test_a_photo_of_twelve_megapixels(tmp_path: Path) -> None:
    report = look_at(tmp_path, "IMG_0001.JPG", photo((4000, 3000)))

    assert (report.kind, report.mime, report.width, report.height) == ("image", "image/jpeg", 3000, 4000)
    assert report.metadata == {
        "camera": "Parley One",
        "taken_at": "2026-05-04T13:14:15",
        "had_place": True,
    }
    assert [(made.name, made.path.name, made.mime, made.width, made.height) for made in report.files] == [
        ("served", "served.jpg", "image/jpeg", 3000, 4000),
        ("800", "800.webp", "image/webp", 600, 800),
        ("300", "300.webp", "image/webp", 225, 300),
        ("150", "150.webp", "image/webp", 112, 150),
    ]
    for made in report.files:
        content = made.path.read_bytes()
        assert len(content) == made.size
        assert not any(word in content for word in (b"SECRET", b"Exif", b"Parley", b"xmpmeta", b"ICC"))
        with Image.open(made.path) as image:
            assert image.size == (made.width, made.height)
            assert not image.getexif()
            # Red was above in the picture that lay on its side: turned upright, it is right.
            left, right = (
                image.convert("RGB").getpixel((image.width * at // 4, image.height // 2)) for at in (1, 3)
            )
        assert left[2] > 150 > left[0]  # type: ignore[index]
        assert right[0] > 150 > right[2]  # type: ignore[index]


def test_a_small_picture_is_not_made_larger(tmp_path: Path) -> None:
    report = look_at(tmp_path, "a.png", picture("PNG", (60, 20)), thumbnails=[30, 100])

    assert [(made.name, made.width, made.height) for made in report.files] == [
        ("served", 60, 20),
        ("100", 60, 20),
        ("30", 30, 10),
    ]


def test_a_line_has_thumbnails_too(tmp_path: Path) -> None:
    report = look_at(tmp_path, "a.png", picture("PNG", (900, 1)), thumbnails=[30])

    assert [(made.width, made.height) for made in report.thumbnails] == [(30, 1)]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.jpg", picture() + b"<?php alert(1)"),
        ("a.jpg", picture(comment=b"<?php alert(1)")),
        ("a.gif", picture("GIF", comment=b"*/=1;alert(1)//")),
        ("a.bmp", picture("BMP") + b"<script>alert(1)"),
    ],
    ids=["behind a JPEG", "a JPEG's comment", "a GIF's comment", "behind a BMP"],
)
def test_what_is_not_picture_is_gone(name: str, content: bytes, tmp_path: Path) -> None:
    report = look_at(tmp_path, name, content, thumbnails=[])

    assert report.served
    assert b"alert" not in report.served.path.read_bytes()


@pytest.mark.parametrize("format_", ["GIF", "WEBP", "PNG"])
def test_a_small_film_still_moves(format_: str, tmp_path: Path) -> None:
    report = look_at(tmp_path, f"a.{format_.lower()}", film(format_, 4), thumbnails=[20])

    assert report.frames == 4
    with Image.open(report.files[0].path) as served, Image.open(report.files[1].path) as thumbnail:
        assert (served.n_frames, served.info["loop"]) == (4, 0)  # type: ignore[attr-defined]
        assert thumbnail.n_frames == 1  # type: ignore[attr-defined]


def test_a_long_film_stands_still(tmp_path: Path) -> None:
    report = look_at(tmp_path, "a.gif", many_frames(4, (2000, 2000)), thumbnails=[])

    assert report.frames == 4
    with Image.open(report.files[0].path) as served:
        assert served.n_frames == 1  # type: ignore[attr-defined]


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16", "CMYK"])
def test_every_way_to_keep_colours(mode: str, tmp_path: Path) -> None:
    image = Image.new("RGBA", (40, 30), (200, 30, 30, 80))
    if mode == "I;16":
        image = Image.new("I;16", (40, 30), 40_000)
    else:
        image = (image if "A" in mode else image.convert("RGB")).convert(mode)
    format_ = "JPEG" if mode == "CMYK" else "PNG"
    image.save(tmp_path / "made", format_)

    report = look_at(tmp_path, f"a.{format_.lower()}", (tmp_path / "made").read_bytes(), thumbnails=[20])

    with Image.open(report.files[0].path) as served, Image.open(report.files[1].path) as thumbnail:
        assert served.size == (40, 30)
        assert ("A" in thumbnail.mode) == (mode in ("LA", "RGBA"))


def test_the_first_page_of_a_pdf(tmp_path: Path) -> None:
    report = look_at(tmp_path, "a.pdf", pdf(text="Invoice"), thumbnails=[40, 100])

    assert report.served is None
    assert [(made.name, made.width, made.height) for made in report.thumbnails] == [
        ("100", 100, 50),
        ("40", 40, 20),
    ]
