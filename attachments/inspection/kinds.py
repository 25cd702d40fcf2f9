"""The files we know: by the end of the name, by the first bytes; and the names that no file may have."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import NamedTuple


class Kind(StrEnum):
    IMAGE = "image"
    PDF = "pdf"
    DOCUMENT = "document"
    SPREADSHEET = "spreadsheet"
    TEXT = "text"
    AUDIO = "audio"
    VIDEO = "video"


class Sniff(StrEnum):
    """What the first bytes say."""

    JPEG = "jpeg"
    PNG = "png"
    GIF = "gif"
    WEBP = "webp"
    BMP = "bmp"
    PDF = "pdf"
    ZIP = "zip"
    OLE = "ole"
    MP3 = "mp3"
    ISO_MEDIA = "iso media"
    OGG = "ogg"
    EBML = "ebml"
    TEXT = "text"
    UNKNOWN = "unknown"


class Type(NamedTuple):
    kind: Kind
    mime: str
    sniffs: tuple[Sniff, ...]
    # The kinds and types that the structure may turn out to have instead: a .webm of sound only is audio.
    or_else: tuple[tuple[Kind, str], ...] = ()


OFFICE = "application/vnd.openxmlformats-officedocument"

# A file of the new Office that has a password is an OLE container: it is known for what it is, and held.
TYPES: dict[str, Type] = {
    "jpg": Type(Kind.IMAGE, "image/jpeg", (Sniff.JPEG,)),
    "jpeg": Type(Kind.IMAGE, "image/jpeg", (Sniff.JPEG,)),
    "png": Type(Kind.IMAGE, "image/png", (Sniff.PNG,)),
    "gif": Type(Kind.IMAGE, "image/gif", (Sniff.GIF,)),
    "webp": Type(Kind.IMAGE, "image/webp", (Sniff.WEBP,)),
    "bmp": Type(Kind.IMAGE, "image/bmp", (Sniff.BMP,)),
    "pdf": Type(Kind.PDF, "application/pdf", (Sniff.PDF,)),
    "doc": Type(Kind.DOCUMENT, "application/msword", (Sniff.OLE,)),
    "docx": Type(Kind.DOCUMENT, f"{OFFICE}.wordprocessingml.document", (Sniff.ZIP, Sniff.OLE)),
    "xls": Type(Kind.SPREADSHEET, "application/vnd.ms-excel", (Sniff.OLE,)),
    "xlsx": Type(Kind.SPREADSHEET, f"{OFFICE}.spreadsheetml.sheet", (Sniff.ZIP, Sniff.OLE)),
    "txt": Type(Kind.TEXT, "text/plain", (Sniff.TEXT,)),
    "csv": Type(Kind.TEXT, "text/csv", (Sniff.TEXT,)),
    "mp3": Type(Kind.AUDIO, "audio/mpeg", (Sniff.MP3,)),
    "m4a": Type(Kind.AUDIO, "audio/mp4", (Sniff.ISO_MEDIA,)),
    "ogg": Type(Kind.AUDIO, "audio/ogg", (Sniff.OGG,)),
    "webm": Type(Kind.VIDEO, "video/webm", (Sniff.EBML,), ((Kind.AUDIO, "audio/webm"),)),
    "mp4": Type(Kind.VIDEO, "video/mp4", (Sniff.ISO_MEDIA,), ((Kind.AUDIO, "audio/mp4"),)),
}

# --- names ----------------------------------------------------------------------------------------------------------

# Control characters end a name early or break a header; the overrides of direction show "gpj.exe" as "exe.jpg".
UNSAFE_IN_NAMES = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")

# A server or a system may run these where the name goes on after them: photo.php.jpg. Without those that end the name
# of a site (.com, .pl, .py, .sh), which people do write before .pdf; what ends in one of them is refused anyhow.
RUNNABLE = frozenset(
    """
    apk asa asax ashx asp aspx bat cer cgi chm cmd cpl dll dmg docm dotm exe hta htaccess htm html
    htx inf ins jar js jse jsp jspx lnk mht mhtml msc msi msp mst phar php php3 php4 php5 php7 php8
    phps pht phtml pif pptm ps1 psm1 reg scf scr sct settingcontent shtm shtml svg svgz swf url vb
    vbe vbs vhd wsc wsf wsh xbap xht xhtml xlam xll xlsm xltm
    """.split()  # noqa: SIM905
)


def is_unsafe(name: str) -> bool:
    return bool(UNSAFE_IN_NAMES.search(name))


def extension_of(name: str) -> str:
    """The last one, in small letters, as the system sees it that drops dots and blanks at the end; "" without one."""
    _, dot, extension = _base(name).rpartition(".")
    return extension if dot else ""


def hides_runnable(name: str) -> bool:
    """Whether an extension that something may run stands before the last one: photo.php.jpg."""
    return any(part.strip() in RUNNABLE for part in _base(name).split(".")[1:-1])


def _base(name: str) -> str:
    return re.split(r"[/\\]", name)[-1].lower().rstrip(". ")


# --- first bytes ----------------------------------------------------------------------------------------------------

SNIFFED = 512

BYTES_AT_START: tuple[tuple[bytes, Sniff], ...] = (
    (b"\xff\xd8\xff", Sniff.JPEG),
    (b"\x89PNG\r\n\x1a\n", Sniff.PNG),
    (b"GIF87a", Sniff.GIF),
    (b"GIF89a", Sniff.GIF),
    (b"%PDF-", Sniff.PDF),
    (b"PK\x03\x04", Sniff.ZIP),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Sniff.OLE),
    (b"ID3", Sniff.MP3),
    (b"OggS", Sniff.OGG),
    (b"\x1a\x45\xdf\xa3", Sniff.EBML),
)
# "BM" and the two bytes of an MP3 frame begin texts too: what follows them must fit.
BMP_HEADERS = (12, 40, 52, 56, 64, 108, 124)
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
# Texts have no such bytes (but in UTF-16, which says so first).
BINARY = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def sniff(head: bytes) -> Sniff:
    for start, found in BYTES_AT_START:
        if head.startswith(start):
            return found
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return Sniff.WEBP
    if head[:2] == b"BM" and int.from_bytes(head[14:18], "little") in BMP_HEADERS:
        return Sniff.BMP
    if head[4:8] == b"ftyp":
        return Sniff.ISO_MEDIA
    if head.startswith(UTF_16):
        return Sniff.TEXT
    if head[:1] == b"\xff" and len(head) > 2 and head[1] & 0xE6 == 0xE2:
        return Sniff.MP3
    return Sniff.UNKNOWN if BINARY.search(head) else Sniff.TEXT
