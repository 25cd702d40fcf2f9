"""Sound and film: the container is walked to its end, by its own rules. The tracks are the player's to decode.

Four small walks of our own: mutagen, the library for it, is under the GPL.
"""

from __future__ import annotations

import os
import shutil
import struct
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from attachments.inspection.findings import Findings, Refused, refuse
from attachments.inspection.kinds import TYPES
from attachments.inspection.reasons import Reason

MAX_PARTS = 200_000
# In nanoseconds: what WebM counts in unless it says otherwise.
MILLISECOND = 1_000_000


def read_media(file: BinaryIO, extension: str, findings: Findings) -> None:
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    {"mp3": _read_mp3, "ogg": _read_ogg, "webm": _read_webm, "m4a": _read_mp4, "mp4": _read_mp4}[extension](
        file, size, extension, findings
    )


def _exactly(file: BinaryIO, count: int) -> bytes:
    content = file.read(count)
    if len(content) != count:
        refuse(Reason.BROKEN)
    return content


def _number(content: bytes) -> int:
    return int.from_bytes(content, "big")


# --- MP4, M4A: boxes of a length and a name -------------------------------------------------------------------------

BRANDS = frozenset(
    brand.ljust(4)
    for brand in b"""
    isom iso2 iso3 iso4 iso5 iso6 iso7 iso8 iso9 isml mp41 mp42 MP42 mp71 mmp4 avc1 avc3 hvc1 dash cmfc
    M4A M4B M4V M4VH M4VP MSNV XAVC qt 3gp4 3gp5 3gp6 3gp7 3g2a 3g2b 3g2c f4v
    """.split()
)
# HEIC and AVIF are boxes as well, and pictures.
MAX_HEAD = 64 * 1024


# What people and phones write about a film, and what others add to it. Nobody needs it to play the film.
ABOUT = (b"udta", b"meta", b"uuid")
# Of a camera that writes down where it is as it goes.
TIMED_WORDS = (b"meta", b"camm")
PLACE = (b"\xa9xyz", b"loci", b".location.", b"camm", b"gpmd")


class _Box(NamedTuple):
    """`at` is where its head begins, `start` its content."""

    name: bytes
    at: int
    start: int
    end: int


def _boxes(file: BinaryIO, start: int, end: int) -> Iterator[_Box]:
    """They fill what they are in: whatever is left over is no box."""
    at = start
    for _ in range(MAX_PARTS):
        if at == end:
            return
        file.seek(at)
        length, name = _number(_exactly(file, 4)), _exactly(file, 4)
        head = 8
        if length == 1:
            length, head = _number(_exactly(file, 8)), 16
        elif length == 0:
            length = end - at
        if length < head or at + length > end:
            refuse(Reason.BROKEN)
        yield _Box(name, at, at + head, at + length)
        at += length
    refuse(Reason.TOO_LARGE_INSIDE)


def _read_mp4(file: BinaryIO, size: int, extension: str, findings: Findings) -> None:
    first = next(_boxes(file, 0, size))
    file.seek(first.start)
    brands = _exactly(file, min(first.end - first.start, MAX_HEAD))
    if brands[:4] not in BRANDS:
        refuse(Reason.TYPE_MISMATCH)
    outer = list(_boxes(file, 0, size))
    movies = [box for box in outer if box.name == b"moov"]
    if len(movies) != 1:
        refuse(Reason.BROKEN)
    tracks: list[bytes] = []
    scales: dict[int, int] = {}
    about = [box for box in outer if box.name in ABOUT]
    for box in _boxes(file, movies[0].start, movies[0].end):
        if box.name == b"mvhd":
            findings.duration = _movie_seconds(file, box)
        elif box.name == b"trak":
            tracks.append(_handler(file, box))
            scales |= _scale_of(file, box)
            inner = _boxes(file, box.start, box.end)
            about += [box] if tracks[-1] in TIMED_WORDS else [one for one in inner if one.name in ABOUT]
        elif box.name in ABOUT:
            about.append(box)
    _judge_tracks(b"vide" in tracks, b"soun" in tracks, extension, "audio/mp4", findings)
    if findings.duration is None:
        findings.duration = _seconds_of_fragments(file, [box for box in outer if box.name == b"moof"], scales)
    if about:
        _copy_without(file, about, findings.mime or TYPES[extension].mime, findings)


def _copy_without(file: BinaryIO, about: list[_Box], mime: str, findings: Findings) -> None:
    """They become free space of the same length: what is said of where samples lie stays true."""
    file.seek(0)
    with open("served", "wb") as copy:
        shutil.copyfileobj(file, copy)
        for box in about:
            file.seek(box.at)
            content = file.read(box.end - box.at)
            if any(word in content for word in PLACE):
                findings.metadata["had_place"] = True
            copy.seek(box.at + 4)
            copy.write(b"free")
            copy.seek(box.start)
            copy.write(bytes(box.end - box.start))
    findings.files["served"] = (mime, 0, 0)


def _judge_tracks(film: bool, sound: bool, extension: str, mime_of_sound: str, findings: Findings) -> None:
    if not film and not sound:
        refuse(Reason.BROKEN)
    if extension == "m4a" and film:
        refuse(Reason.TYPE_MISMATCH)
    if extension in ("mp4", "webm") and not film:
        findings.mime = mime_of_sound


def _movie_seconds(file: BinaryIO, box: _Box) -> float | None:
    file.seek(box.start)
    version = _exactly(file, 4)[0]
    _exactly(file, 16 if version else 8)
    scale = _number(_exactly(file, 4))
    length = _number(_exactly(file, 8 if version else 4))
    # Nothing in a film of fragments, all ones where the writer did not know.
    unknown = length in (0, 0xFFFFFFFF, 0xFFFFFFFFFFFFFFFF)
    return None if not scale or unknown else length / scale


def _inside(file: BinaryIO, parent: _Box, *names: bytes) -> Iterator[_Box]:
    """The boxes at the end of a path of names."""
    for box in _boxes(file, parent.start, parent.end):
        if box.name == names[0]:
            yield from _inside(file, box, *names[1:]) if names[1:] else (box,)


def _read(file: BinaryIO, box: _Box, at: int, count: int) -> int:
    file.seek(box.start + at)
    return _number(_exactly(file, count))


def _scale_of(file: BinaryIO, track: _Box) -> dict[int, int]:
    """By the track's number, what a second is divided into."""
    for head in _inside(file, track, b"tkhd"):
        for times in _inside(file, track, b"mdia", b"mdhd"):
            number = _read(file, head, 20 if _read(file, head, 0, 1) else 12, 4)
            return {number: _read(file, times, 20 if _read(file, times, 0, 1) else 12, 4)}
    return {}


def _seconds_of_fragments(file: BinaryIO, fragments: list[_Box], scales: dict[int, int]) -> float | None:
    """As a browser records: when the last fragment begins, and how long its samples are."""
    ends = [
        _end_of_run(file, run) / scales[number]
        for fragment in fragments[-len(scales) :]
        for run in _inside(file, fragment, b"traf")
        for head in _inside(file, run, b"tfhd")
        if scales.get(number := _read(file, head, 4, 4))
    ]
    return max(ends, default=None) or None


# Of a fragment's head and of its samples: which fields there are, in this order, four bytes each (a place has eight).
FIELDS_OF_HEAD = ((0x01, 8), (0x02, 4))
LASTS_IN_HEAD, FIRST_FLAGS, OFFSET = 0x08, 0x04, 0x01
FIELDS_OF_SAMPLE = (0x100, 0x200, 0x400, 0x800)


def _end_of_run(file: BinaryIO, run: _Box) -> int:
    """In the track's own time."""
    begins = lasts = default = 0
    for box in _boxes(file, run.start, run.end):
        flags = _read(file, box, 1, 3) if box.end - box.start >= 4 else 0
        if box.name == b"tfhd" and flags & LASTS_IN_HEAD:
            default = _read(file, box, 8 + sum(size for flag, size in FIELDS_OF_HEAD if flags & flag), 4)
        elif box.name == b"tfdt":
            begins = _read(file, box, 4, 8 if _read(file, box, 0, 1) else 4)
        elif box.name == b"trun":
            count, size = _read(file, box, 4, 4), 4 * sum(bool(flags & one) for one in FIELDS_OF_SAMPLE)
            at = 8 + 4 * bool(flags & OFFSET) + 4 * bool(flags & FIRST_FLAGS)
            if not flags & FIELDS_OF_SAMPLE[0]:
                lasts += count * default
            elif count < MAX_PARTS:
                lasts += sum(_read(file, box, at + size * place, 4) for place in range(count))
    return begins + lasts


def _handler(file: BinaryIO, track: _Box) -> bytes:
    for media in _boxes(file, track.start, track.end):
        if media.name == b"mdia":
            for box in _boxes(file, media.start, media.end):
                if box.name == b"hdlr":
                    file.seek(box.start + 8)
                    return _exactly(file, 4)
    raise Refused(Reason.BROKEN)


# --- WebM: elements of a number, a length and a content ---------------------------------------------------------------

EBML, DOC_TYPE, SEGMENT, INFO, TRACKS = 0x1A45DFA3, 0x4282, 0x18538067, 0x1549A966, 0x1654AE6B
SCALE, DURATION, TRACK, TRACK_TYPE = 0x2AD7B1, 0x4489, 0xAE, 0x83
CLUSTER, CUES, TAGS, SEEK_HEAD, CHAPTERS, VOID, CRC = (
    0x1F43B675, 0x1C53BB6B, 0x1254C367, 0x114D9B74, 0x1043A770, 0xEC, 0xBF,
)  # fmt: skip
IN_SEGMENT = (SEEK_HEAD, INFO, TRACKS, CLUSTER, CUES, TAGS, CHAPTERS, VOID, CRC)
IN_CLUSTER = (0xE7, 0xA3, 0xA0, 0xA7, 0xAB, 0x5854, VOID, CRC)
TIME, BLOCK, GROUP, BLOCK_IN_GROUP = 0xE7, 0xA3, 0xA0, 0xA1
FILM, SOUND = 1, 2


class _Element(NamedTuple):
    number: int
    start: int
    end: int | None


def _element(file: BinaryIO, at: int, end: int) -> _Element:
    """A live recording does not know how long its parts will be: None."""
    file.seek(at)
    number, length = _variable(file, keep_mark=True), _variable(file, keep_mark=False)
    start = file.tell()
    if length is None:
        return _Element(number or 0, start, None)
    if start + length > end:
        refuse(Reason.BROKEN)
    return _Element(number or 0, start, start + length)


def _variable(file: BinaryIO, *, keep_mark: bool) -> int | None:
    """The first bit that is set says how many bytes there are; all bits set, that nobody knows."""
    first = _exactly(file, 1)[0]
    count = 9 - first.bit_length()
    if count > (4 if keep_mark else 8):
        refuse(Reason.BROKEN)
    number = _number(bytes([first]) + _exactly(file, count - 1))
    if keep_mark:
        return number
    number &= (1 << 7 * count) - 1
    return None if number == (1 << 7 * count) - 1 else number


def _elements(file: BinaryIO, start: int, end: int) -> Iterator[_Element]:
    at = start
    for _ in range(MAX_PARTS):
        if at >= end:
            return
        element = _element(file, at, end)
        yield element
        # Of one without an end, the content comes next: what is in it stands beside it.
        at = element.start if element.end is None else element.end
    refuse(Reason.TOO_LARGE_INSIDE)


def _read_webm(file: BinaryIO, size: int, extension: str, findings: Findings) -> None:
    head, *rest = _elements(file, 0, size)
    if head.number != EBML or head.end is None or _content(file, head, DOC_TYPE).rstrip(b"\0") != b"webm":
        refuse(Reason.TYPE_MISMATCH)
    if not rest or rest[0].number != SEGMENT:
        refuse(Reason.BROKEN)
    if rest[0].end not in (None, size):
        refuse(Reason.BROKEN)
    types: set[int] = set()
    clock = _Clock(file)
    scale, closed = MILLISECOND, None
    for element in _elements(file, rest[0].start, size):
        if element.number not in IN_SEGMENT and element.number not in IN_CLUSTER:
            refuse(Reason.BROKEN)
        if element.end is None and element.number != CLUSTER:
            refuse(Reason.BROKEN)
        clock.pass_by(element)
        if element.number == CLUSTER and element.end is not None:
            closed = element
        if element.number == INFO:
            scale = _number(_content(file, element, SCALE)) or MILLISECOND
            findings.duration = _segment_seconds(file, element, scale)
        elif element.number == TRACKS:
            types |= {
                _number(_content(file, track, TRACK_TYPE))
                for track in _elements(file, element.start, element.end or size)
                if track.number == TRACK
            }
    _judge_tracks(FILM in types, SOUND in types, extension, "audio/webm", findings)
    if not findings.duration:
        for element in _elements(file, closed.start, closed.end or size) if closed else ():
            clock.pass_by(element)
        findings.duration = _likely(clock.end * scale / 1e9)


def _segment_seconds(file: BinaryIO, info: _Element, scale: int) -> float | None:
    length = _content(file, info, DURATION)
    if len(length) not in (4, 8):
        return None
    return _likely(struct.unpack(">f" if len(length) == 4 else ">d", length)[0] * scale / 1e9)


def _likely(seconds: float) -> float | None:
    """A recorder that could not go back to the start of its file left nothing there, or nought."""
    return seconds if 0 < seconds < 1e6 else None


class _Clock:
    """When the last block of a recording ends, as far as the blocks say: it lasts as long as the one before it."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._cluster = self._last = self._before = 0

    @property
    def end(self) -> int:
        return self._last + max(0, self._last - self._before)

    def pass_by(self, element: _Element) -> None:
        if element.end is None:
            return
        if element.number == TIME:
            self._file.seek(element.start)
            self._cluster = _number(_exactly(self._file, min(element.end - element.start, 8)))
        elif element.number == BLOCK:
            self._block(element)
        elif element.number == GROUP:
            for inner in _elements(self._file, element.start, element.end):
                if inner.number == BLOCK_IN_GROUP:
                    self._block(inner)

    def _block(self, block: _Element) -> None:
        """The number of its track, as long as its first bit says, then its time in the cluster. One without is not ours
        to refuse: all that it says is how long it sounds."""
        self._file.seek(block.start)
        head = self._file.read(10)
        start = 9 - head[0].bit_length() if head else 9
        if start > 8 or block.start + start + 2 > (block.end or 0):
            return
        at = self._cluster + int.from_bytes(head[start : start + 2], "big", signed=True)
        if at > self._last:
            self._before, self._last = self._last, at


def _content(file: BinaryIO, parent: _Element, number: int) -> bytes:
    """Of the child that has the number; nothing where there is none."""
    for element in _elements(file, parent.start, parent.end or parent.start):
        if element.number == number and element.end is not None:
            file.seek(element.start)
            return _exactly(file, min(element.end - element.start, MAX_HEAD))
    return b""


# --- Ogg: pages ------------------------------------------------------------------------------------------------------

PAGE = 27
OPUS_RATE = 48_000


def _read_ogg(file: BinaryIO, size: int, extension: str, findings: Findings) -> None:
    at = last = 0
    firsts: list[bytes] = []
    for _ in range(MAX_PARTS):
        if at == size:
            break
        file.seek(at)
        head = _exactly(file, PAGE)
        if head[:5] != b"OggS\0":
            refuse(Reason.BROKEN)
        length = sum(_exactly(file, head[26]))
        if head[5] & 0x02:
            firsts.append(file.read(min(length, 64)))
        granule = int.from_bytes(head[6:14], "little", signed=True)
        last = max(last, granule)
        at += PAGE + head[26] + length
        if at > size:
            refuse(Reason.BROKEN)
    else:
        refuse(Reason.TOO_LARGE_INSIDE)
    # One stream: a film has another beside the sound. A skeleton says what the others are.
    firsts = [first for first in firsts if not first.startswith(b"fishead\0")]
    if len(firsts) != 1:
        refuse(Reason.TYPE_MISMATCH)
    rate, skipped = _rate(firsts[0])
    findings.duration = max(0, last - skipped) / rate


def _rate(first: bytes) -> tuple[int, int]:
    if first.startswith(b"OpusHead") and len(first) >= 19:
        return OPUS_RATE, int.from_bytes(first[10:12], "little")
    if first.startswith(b"\x01vorbis") and len(first) >= 16:
        rate = int.from_bytes(first[12:16], "little")
    elif first.startswith(b"\x7fFLAC") and len(first) >= 30:
        rate = _number(first[27:30]) >> 4
    elif first.startswith(b"Speex   ") and len(first) >= 40:
        rate = int.from_bytes(first[36:40], "little")
    else:
        refuse(Reason.TYPE_MISMATCH)
    if not rate:
        refuse(Reason.BROKEN)
    return rate, 0


# --- MP3: frames -----------------------------------------------------------------------------------------------------

KBITS = {
    1: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    2: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
# The tags that players put behind the sound, and the silence of a writer that was cut off.
TAGS_BEHIND = (b"TAG", b"APETAGEX", b"LYRICSBEGIN", b"ID3", b"3DI")
FEWEST_FRAMES = 2


def _read_mp3(file: BinaryIO, size: int, extension: str, findings: Findings) -> None:
    content = file.read()
    at = _after_tag(content)
    frames = 0
    seconds = 0.0
    while at + 4 <= size:
        length, lasts = _frame(content, at)
        if not length or at + length > size:
            break
        frames, seconds, at = frames + 1, seconds + lasts, at + length
    if frames < FEWEST_FRAMES or not _is_usual_end(content[at:]):
        refuse(Reason.BROKEN)
    findings.duration = seconds


def _after_tag(content: bytes) -> int:
    """ID3's length has seven bits a byte; some writers fill up with zeros behind it, or write another before it."""
    at = 0
    while content.startswith(b"ID3", at):
        head = content[at : at + 10]
        if len(head) < 10 or any(byte & 0x80 for byte in head[6:]):
            refuse(Reason.BROKEN)
        length = 0
        for byte in head[6:]:
            length = length << 7 | byte
        at += 10 + length + (10 if head[5] & 0x10 else 0)
        while content[at : at + 1] == b"\0":
            at += 1
    return at


def _frame(content: bytes, at: int) -> tuple[int, float]:
    """How long it is, and how long it sounds; nothing where no frame begins."""
    head = _number(content[at : at + 4])
    version, layer = head >> 19 & 3, head >> 17 & 3
    bits, rate = head >> 12 & 15, head >> 10 & 3
    if head >> 21 != 0x7FF or version == 1 or layer != 1 or bits in (0, 15) or rate == 3:
        return 0, 0.0
    samples = 1152 if version == 3 else 576
    hertz = RATES[version][rate]
    kbits = KBITS[1 if version == 3 else 2][bits]
    return samples // 8 * kbits * 1000 // hertz + (head >> 9 & 1), samples / hertz


def _is_usual_end(rest: bytes) -> bool:
    """A last frame that was cut off is nothing to hear; what is no sound and no tag is something else."""
    return (
        len(rest) < 4
        or not rest.strip(b"\0")
        or rest.startswith(TAGS_BEHIND)
        or (len(rest) < 2048 and _frame(rest, 0)[0] > 0)
    )
