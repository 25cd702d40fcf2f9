"""Pictures: decoded whole, turned upright, and written anew without anything that is not picture.

The copy is what people get: no place and no camera in it, and no second file behind the first. Decoding needs the whole
picture for it, so JPEG's shortcut to a small one (draft) is of no use here.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from io import BytesIO
from typing import BinaryIO

from PIL import Image, ImageOps, ImageSequence, PngImagePlugin

from attachments.inspection.findings import Findings, refuse
from attachments.inspection.reasons import SMALL_ENOUGH, WORTH_IT, Reason

# A stereo or burst photo of a camera is MPO, whose first picture is the photo.
FORMATS = {
    "jpg": ["JPEG", "MPO"],
    "jpeg": ["JPEG", "MPO"],
    "png": ["PNG"],
    "gif": ["GIF"],
    "webp": ["WEBP"],
    "bmp": ["BMP"],
}
MAX_PIXELS = 40_000_000
# A PNG's words about itself go, however many they are.
MAX_WORDS_OF_PNG = 16 * 1024 * 1024
MAX_PIXELS_OF_FRAMES = 200_000_000
MAX_FRAMES = 1000
# Up to here a copy moves as the original does; of a longer film it is the first frame.
MAX_PIXELS_MOVING = 12_000_000
# What Pillow puts together piece by piece, with a copy of all before it for each. By chance, a large GIF has hundreds.
PIECES = {"JPEG": rb"(?s)\xff\xe1..Exif\0\0", "GIF": rb"\x21\xfe"}
MAX_PIECES = 500
MAX_EDGE_OF_WEBP = 16_383
QUALITY = 85
QUALITY_OF_THUMBNAILS = 78
EDGE_OF_SMALLER = 2560
QUALITY_OF_SMALLER = 82
COLOURS_OF_A_DRAWING = 4096

ORIENTATION, MAKER, MODEL, TAKEN, EXIF, PLACE = 0x0112, 0x010F, 0x0110, 0x9003, 0x8769, 0x8825


def read_image(
    file: BinaryIO, extension: str, findings: Findings, thumbnails: Sequence[int], *, smaller: bool = False
) -> None:
    content = file.read()
    pieces = PIECES.get(FORMATS[extension][0])
    if pieces and len(re.findall(pieces, content)) > MAX_PIECES:
        refuse(Reason.TOO_LARGE_INSIDE)
    # WebP is both.
    lossless = b"VP8L" in content[:4096]
    file.seek(0)
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    PngImagePlugin.MAX_TEXT_CHUNK = MAX_WORDS_OF_PNG
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        with Image.open(file, formats=FORMATS[extension]) as image:
            most = int(len(content) * WORTH_IT) if smaller and len(content) > SMALL_ENOUGH else 0
            _read(image, findings, thumbnails, lossless=lossless, most=most)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        refuse(Reason.TOO_LARGE_INSIDE)


def _read(
    image: Image.Image, findings: Findings, thumbnails: Sequence[int], *, lossless: bool, most: int
) -> None:
    """`most`: so many bytes may be kept instead of it."""
    frames = getattr(image, "n_frames", 1) if image.format != "MPO" else 1
    if frames > MAX_FRAMES or image.width * image.height * frames > MAX_PIXELS_OF_FRAMES:
        refuse(Reason.TOO_LARGE_INSIDE)
    image.seek(0)
    _tell_origin(image, findings)
    findings.frames = frames
    moves = frames > 1 and image.width * image.height * frames <= MAX_PIXELS_MOVING
    moves = moves and max(image.size) <= MAX_EDGE_OF_WEBP
    if moves:
        still = _write_moving(image, findings)
    else:
        still = _upright(image)
        small = _write_smaller(still, image.format or "", lossless, most, findings) if frames == 1 else None
        if small is None:
            _write_still(still, image.format or "", lossless, findings)
        still = small or still
    findings.width, findings.height = still.size
    draw_thumbnails(still, thumbnails, findings)


def draw_thumbnails(image: Image.Image, edges: Sequence[int], findings: Findings) -> None:
    """Never larger than the picture; each of the one before."""
    image = _for_webp(image)
    for edge in sorted(edges, reverse=True):
        image = image.copy() if max(image.size) <= edge else _smaller(image, edge)
        image.save(str(edge), "WEBP", quality=QUALITY_OF_THUMBNAILS, method=2)
        findings.files[str(edge)] = ("image/webp", *image.size)


def _smaller(image: Image.Image, edge: int) -> Image.Image:
    scale = edge / max(image.size)
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)


# --- the copy -------------------------------------------------------------------------------------------------------


def _upright(image: Image.Image) -> Image.Image:
    """Its picture and nothing else, in the colours that every screen takes it for."""
    image.load()
    profile = image.info.get("icc_profile")
    upright = ImageOps.exif_transpose(image)
    upright.info = {name: upright.info[name] for name in ("transparency",) if name in upright.info}
    if upright.mode.startswith("I") or upright.mode == "F":
        upright = upright.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    return _in_usual_colours(upright, profile) if profile else upright


def _in_usual_colours(image: Image.Image, profile: bytes) -> Image.Image:
    """The profile goes with the rest of the metadata: what it means for the colours must not."""
    from PIL import ImageCms

    if image.mode not in ("RGB", "RGBA", "CMYK"):
        return image
    with suppress(ImageCms.PyCMSError, OSError, ValueError):
        given = ImageCms.ImageCmsProfile(BytesIO(profile))
        if "sRGB" in ImageCms.getProfileDescription(given):
            return image
        usual = ImageCms.createProfile("sRGB")
        mode = "RGBA" if image.mode == "RGBA" else "RGB"
        changed = ImageCms.profileToProfile(image, given, usual, outputMode=mode)
        if changed is not None:
            changed.info = {}
            return changed
    return image


def _write_still(image: Image.Image, format_: str, lossless: bool, findings: Findings) -> None:
    match format_:
        case "JPEG" | "MPO":
            if image.mode not in ("L", "RGB"):
                image = image.convert("RGB")
            image.save("served", "JPEG", quality=QUALITY, progressive=False)
            mime = "image/jpeg"
        case "WEBP":
            image.save("served", "WEBP", quality=QUALITY, method=2, lossless=lossless)
            mime = "image/webp"
        case "GIF":
            image.save("served", "GIF", comment=b"")
            mime = "image/gif"
        case _:
            image.save("served", "PNG", compress_level=3)
            mime = "image/png"
    findings.files["served"] = (mime, *image.size)


def _write_smaller(
    image: Image.Image, format_: str, lossless: bool, most: int, findings: Findings
) -> Image.Image | None:
    """What nobody tells from the original on a screen; None where that is no photo, or not worth it."""
    if not most or not _is_photo(image, format_):
        return None
    small = _smaller(image, EDGE_OF_SMALLER) if max(image.size) > EDGE_OF_SMALLER else image
    out = BytesIO()
    match format_:
        case "WEBP":
            mime = "image/webp"
            small.save(out, "WEBP", quality=QUALITY_OF_SMALLER, method=4, lossless=lossless)
        case "PNG" if _is_transparent(image):
            mime = "image/png"
            small.save(out, "PNG")
        case _:
            mime = "image/jpeg"
            small = small if small.mode in ("L", "RGB") else small.convert("RGB")
            small.save(out, "JPEG", quality=QUALITY_OF_SMALLER, progressive=False)
    if out.tell() > most:
        return None
    with open("served", "wb") as served:
        served.write(out.getbuffer())
    findings.files["served"] = (mime, *small.size)
    findings.replaces = True
    return small


def _is_photo(image: Image.Image, format_: str) -> bool:
    """Not a drawing or a page of words, whose edges would blur: that has few colours."""
    if format_ in ("PNG", "BMP"):
        return image.mode in ("RGB", "RGBA") and image.getcolors(COLOURS_OF_A_DRAWING) is None
    return format_ in ("JPEG", "MPO", "WEBP")


def _write_moving(image: Image.Image, findings: Findings) -> Image.Image:
    """Its first frame. GIF's frames are quantised anew, and cost more than WebP's; every browser plays both."""
    durations: list[int] = []
    frames: list[Image.Image] = []
    for frame in ImageSequence.Iterator(image):
        frame.load()
        durations.append(max(20, min(60_000, int(frame.info.get("duration", 100) or 100))))
        bare = frame.convert("RGBA" if _is_transparent(frame) else "RGB")
        bare.info = {}
        frames.append(bare)
    loop = int(image.info.get("loop", 1))
    frames[0].save(
        "served",
        "WEBP",
        save_all=True,
        append_images=frames[1:],
        duration=durations,
        loop=loop,
        quality=75,
        method=0,
    )
    findings.files["served"] = ("image/webp", *frames[0].size)
    return frames[0]


def _is_transparent(image: Image.Image) -> bool:
    return image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info


def _for_webp(image: Image.Image) -> Image.Image:
    wanted = "RGBA" if _is_transparent(image) else "RGB"
    return image if image.mode == wanted else image.convert(wanted)


# --- what it says of itself -----------------------------------------------------------------------------------------


def _tell_origin(image: Image.Image, findings: Findings) -> None:
    """The camera and the day. Of the place, only that it was there: nobody has asked for it."""
    try:
        exif = image.getexif()
        maker, model = (str(exif.get(tag, "")).strip("\0 ") for tag in (MAKER, MODEL))
        findings.tell("camera", model if model.startswith(maker) else f"{maker} {model}")
        taken = exif.get_ifd(EXIF).get(TAKEN)
        if exif.get_ifd(PLACE):
            findings.metadata["had_place"] = True
    # What is wrong in the EXIF goes with it.
    except Exception:
        return
    with suppress(ValueError):
        # The time of wherever the camera was: it has no zone.
        moment = datetime.strptime(str(taken).strip("\0 "), "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007
        findings.tell("taken_at", moment.isoformat())
