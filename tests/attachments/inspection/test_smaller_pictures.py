"""Photos that can do with much less: a copy that nobody tells from them on a screen replaces them."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from attachments.inspection.inspector import inspect
from attachments.inspection.reasons import SMALL_ENOUGH, Outcome
from attachments.inspection.report import Report
from tests.attachments.corpus import photo


def encoded(image: Image.Image, format_: str, **options: object) -> bytes:
    out = BytesIO()
    image.save(out, format_, **options)
    return out.getvalue()


def grainy(mode: str = "RGB", size: tuple[int, int] = (1200, 900)) -> Image.Image:
    """As a camera sees it."""
    channels = [Image.effect_noise(size, 30 + 10 * place) for place in range(len(mode))]
    return Image.merge(mode, channels)


def look_at(tmp_path: Path, name: str, content: bytes, *, smaller: bool = True) -> Report:
    (tmp_path / "upload").write_bytes(content)
    report = inspect(tmp_path / "upload", name, into=tmp_path, thumbnails=[150], smaller=smaller)
    assert report.outcome == Outcome.ACCEPTED
    return report


def test_a_photo_of_twelve_megapixels(tmp_path: Path) -> None:
    exif = Image.open(BytesIO(photo((64, 48)))).getexif()
    content = encoded(grainy(size=(4000, 3000)), "JPEG", quality=90, exif=exif)
    report = look_at(tmp_path, "IMG_0001.JPG", content)

    made = report.replacing
    assert made
    assert (made.mime, made.width, made.height) == ("image/jpeg", 1920, 2560), "upright"
    assert (report.mime, report.width, report.height) == ("image/jpeg", 1920, 2560)
    assert made.size == made.path.stat().st_size <= 0.9 * len(content)
    with Image.open(made.path) as image:
        assert (image.size, dict(image.getexif())) == ((1920, 2560), {})
    assert report.metadata["camera"] == "Parley One"
    assert [one.name for one in report.thumbnails] == ["150"]


@pytest.mark.parametrize(
    ("name", "content", "mime"),
    [
        ("a.jpg", encoded(grainy(), "JPEG", quality=98), "image/jpeg"),
        ("a.png", encoded(grainy(), "PNG"), "image/jpeg"),
        ("a.bmp", encoded(grainy(), "BMP"), "image/jpeg"),
        ("a.webp", encoded(grainy(), "WEBP", quality=100), "image/webp"),
        ("a.jpeg", encoded(grainy("CMYK"), "JPEG", quality=98), "image/jpeg"),
        ("large.png", encoded(grainy("RGBA", (3000, 800)), "PNG"), "image/png"),
    ],
)
def test_what_becomes_smaller(tmp_path: Path, name: str, content: bytes, mime: str) -> None:
    made = look_at(tmp_path, name, content).replacing
    assert made
    assert made.mime == mime
    assert made.size <= 0.9 * len(content)
    with Image.open(made.path) as image:
        assert Image.MIME[image.format or ""] == mime
        assert image.mode == ("RGBA" if name == "large.png" else "RGB")
    assert look_at(tmp_path, name, content, smaller=False).replacing is None, "nobody has asked for it"


def drawing() -> Image.Image:
    """Large as a file, and of few colours."""
    noise = Image.effect_noise((3000, 2000), 80).convert("P", palette=Image.Palette.ADAPTIVE, colors=200)
    return noise.convert("RGB")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("already.jpg", encoded(grainy(), "JPEG", quality=82)),
        ("few-colours.png", encoded(drawing(), "PNG")),
        ("transparent.png", encoded(grainy("RGBA"), "PNG")),
        (
            "moves.gif",
            encoded(grainy().quantize(), "GIF", save_all=True, append_images=[grainy().quantize()]),
        ),
        ("still.gif", encoded(grainy().quantize(), "GIF")),
        ("moves.webp", encoded(grainy(), "WEBP", quality=100, save_all=True, append_images=[grainy()])),
        ("moves.png", encoded(grainy(), "PNG", save_all=True, append_images=[grainy()])),
    ],
)
def test_what_stays_as_it_is(tmp_path: Path, name: str, content: bytes) -> None:
    """It cannot do with a tenth less, or would lose more than bytes."""
    assert len(content) > SMALL_ENOUGH
    report = look_at(tmp_path, name, content)
    assert report.replacing is None
    assert report.served, "and is served as ever"


def test_what_is_small_stays(tmp_path: Path) -> None:
    content = encoded(grainy(size=(300, 200)), "BMP")
    assert len(content) < SMALL_ENOUGH
    assert look_at(tmp_path, "a.bmp", content).replacing is None
