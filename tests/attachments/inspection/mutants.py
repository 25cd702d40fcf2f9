"""Files that were good once: cut, turned, repeated and lied in, mostly at the seams of their structure."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator
from io import BytesIO
from random import Random

from attachments.inspection.kinds import SNIFFED, Sniff, sniff
from tests.attachments.corpus import archive

# Where one part of a file ends and the next begins.
SEAMS = {
    Sniff.JPEG: rb"\xff[\xc0-\xfe]",
    Sniff.PNG: rb"IHDR|IDAT|IEND|PLTE|tRNS|[a-z][A-Za-z]{3}(?=[\x00-\xff]{8})",
    Sniff.GIF: rb"\x21[\xf9\xfe\xff]|\x2c",
    Sniff.WEBP: rb"VP8[ LX]|ANIM|ANMF|ALPH|EXIF|ICCP",
    Sniff.PDF: rb"\d+ \d+ obj|endobj|stream|endstream|xref|trailer|startxref|/\w+|<<|>>|\d+ \d+ R",
    Sniff.ZIP: rb"PK\x01\x02|PK\x03\x04|PK\x05\x06|PK\x07\x08",
    Sniff.MP3: rb"\xff[\xe2-\xff]|ID3|TAG|APETAGEX",
    Sniff.ISO_MEDIA: rb"ftyp|moov|mvhd|trak|mdia|hdlr|mdat|stbl|udta|meta|ilst|moof|free|stsd|edts|tkhd",
    Sniff.OGG: rb"OggS|vorbis|OpusHead|OpusTags",
    Sniff.EBML: rb"\x1a\x45\xdf\xa3|\x18\x53\x80\x67|\x15\x49\xa9\x66|\x16\x54\xae\x6b|\x1f\x43\xb6\x75|\xa3|\xae",
    Sniff.TEXT: rb"[\n,;\"]",
}
MOST_SEAMS = 4000
NUMBERS = (
    b"\0\0\0\0",
    b"\xff\xff\xff\xff",
    b"\x7f\xff\xff\xff",
    b"\xff\xff\xff\x7f",
    b"\0\0\0\1",
    b"\1\0\0\0",
)
LARGEST = 8 * 1024 * 1024


def mutants(content: bytes, count: int, seed: str) -> Iterator[tuple[str, bytes]]:
    """(what was done, the file), the same ones for the same seed."""
    random = Random(seed)
    for _ in range(count):
        if content.startswith(b"PK\x03\x04") and random.random() < 0.6:
            yield "in an entry", _in_an_entry(content, random)
        else:
            yield _mutated(content, random)


def _mutated(content: bytes, random: Random) -> tuple[str, bytes]:
    seams = _seams(content)
    done = []
    for _ in range(random.choice((1, 1, 1, 2, 4))):
        name = random.choice(list(WAYS))
        content = WAYS[name](content, seams, random)[:LARGEST]
        done.append(name)
    return " + ".join(done), content


def _seams(content: bytes) -> list[int]:
    found = sniff(content[:SNIFFED])
    if found == Sniff.OLE:
        return list(range(0, len(content), 512))[:MOST_SEAMS]
    pattern = SEAMS.get(found, rb"\n")
    seams = [
        match.start() for _, match in zip(range(MOST_SEAMS), re.finditer(pattern, content), strict=False)
    ]
    return seams or [0]


def _in_an_entry(content: bytes, random: Random) -> bytes:
    """The archive stays whole: what is wrong comes as far as the reader of the part."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as opened:
            entries = [(name, opened.read(name)) for name in opened.namelist()]
    except (zipfile.BadZipFile, NotImplementedError, OSError, RuntimeError, EOFError, ValueError):
        return _turned(content, _seams(content), random)
    at = random.randrange(len(entries))
    name, inside = entries[at]
    seams = [match.start() for match in re.finditer(rb"<", inside)] or [0]
    entries[at] = name, WAYS[random.choice(list(WAYS))](inside, seams, random)[:LARGEST]
    return archive(entries)


# --- ways -----------------------------------------------------------------------------------------------------------


def _turned(content: bytes, seams: list[int], random: Random) -> bytes:
    made = bytearray(content)
    for _ in range(random.choice((1, 3, 20))):
        at = (
            random.choice(seams) + random.randrange(32)
            if random.random() < 0.5
            else random.randrange(len(made) + 1)
        )
        if at < len(made):
            made[at] ^= 1 << random.randrange(8)
    return bytes(made)


def _cut(content: bytes, seams: list[int], random: Random) -> bytes:
    return content[: max(16, random.choice(seams) + random.choice((0, 0, 1, 4, 8)))]


def _lied(content: bytes, seams: list[int], random: Random) -> bytes:
    at = max(4, random.choice(seams) + random.choice((-8, -4, 2, 4, 8, 12, 16, 18, 22, 26, 28)))
    number = random.choice(NUMBERS)[: random.choice((2, 4, 4))]
    return content[:at] + number + content[at + len(number) :]


def _numbered(content: bytes, seams: list[int], random: Random) -> bytes:
    """Numbers that are written out: of a PDF, of XML."""
    numbers = list(re.finditer(rb"\d+", content[: 64 * 1024]))
    if not numbers:
        return _lied(content, seams, random)
    one = random.choice(numbers)
    return (
        content[: one.start()]
        + random.choice((b"0", b"-1", b"1", b"4294967295", b"99999999999999999999", b"2147483647"))
        + content[one.end() :]
    )


def _part(content: bytes, seams: list[int], random: Random) -> tuple[int, int]:
    at = random.randrange(len(seams))
    return seams[at], seams[at + 1] if at + 1 < len(seams) else len(content)


def _repeated(content: bytes, seams: list[int], random: Random) -> bytes:
    start, end = _part(content, seams, random)
    times = random.choice((1, 10, 1000, 100_000))
    times = min(times, LARGEST // max(1, end - start))
    return content[:end] + content[start:end] * times + content[end:]


def _dropped(content: bytes, seams: list[int], random: Random) -> bytes:
    start, end = _part(content, seams, random)
    return content[:start] + content[end:]


def _swapped(content: bytes, seams: list[int], random: Random) -> bytes:
    (a, b), (c, d) = sorted((_part(content, seams, random), _part(content, seams, random)))
    return content if b > c else content[:a] + content[c:d] + content[b:c] + content[a:b] + content[d:]


def _filled(content: bytes, seams: list[int], random: Random) -> bytes:
    start, end = _part(content, seams, random)
    return (
        content[: start + 4]
        + random.choice((b"\0", b"\xff", b"(", b"<")) * max(0, end - start - 4)
        + content[end:]
    )


def _nested(content: bytes, seams: list[int], random: Random) -> bytes:
    opening, closing = random.choice(
        ((b"[", b"]"), (b"<<", b">>"), (b"<a>", b"</a>"), (b"(", b")"), (b"q ", b"Q "))
    )
    at, deep = random.choice(seams), random.choice((100, 10_000, 500_000))
    return content[:at] + opening * deep + closing * deep + content[at:]


Way = Callable[[bytes, list[int], Random], bytes]
WAYS: dict[str, Way] = {
    "turned": _turned,
    "cut": _cut,
    "lied": _lied,
    "numbered": _numbered,
    "repeated": _repeated,
    "dropped": _dropped,
    "swapped": _swapped,
    "filled": _filled,
    "nested": _nested,
}
