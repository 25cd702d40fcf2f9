"""Files, good and bad, made here: nothing is fetched, and none of them is anybody's."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping, Sequence

import pikepdf
from PIL import Image
from PIL.PngImagePlugin import PngInfo

# --- pictures -------------------------------------------------------------------------------------------------------


def picture(format_: str = "JPEG", size: tuple[int, int] = (64, 48), **options: object) -> bytes:
    """Red above, blue below: it shows which side is up."""
    image = Image.new("RGB", size, (200, 30, 30))
    image.paste((30, 30, 200), (0, size[1] // 2, size[0], size[1]))
    file = io.BytesIO()
    image.save(file, format_, **options)
    return file.getvalue()


def photo(size: tuple[int, int]) -> bytes:
    """As a phone held upright takes it: the picture lies on its side; the EXIF says so, and where it was."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F], exif[0x0110] = "Parley", "Parley One"
    exif.get_ifd(0x8769)[0x9003] = "2026:05:04 13:14:15"
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (48.0, 8.0, 15.5)
    return picture(
        "JPEG", size, exif=exif, comment=b"SECRET PLACE", xmp=b"<x:xmpmeta>SECRET PLACE</x:xmpmeta>"
    )


def words_of_png(length: int) -> PngInfo:
    words = PngInfo()
    words.add_text("history", "A" * length, zip=True)
    return words


def film(format_: str, frames: int, size: tuple[int, int] = (40, 30)) -> bytes:
    images = [Image.new("RGB", size, (index * 37 % 256, index * 91 % 256, 120)) for index in range(frames)]
    file = io.BytesIO()
    images[0].save(file, format_, save_all=True, append_images=images[1:], duration=80, loop=0)
    return file.getvalue()


def many_frames(frames: int, size: tuple[int, int]) -> bytes:
    """A GIF of frames that are a byte each: small on the disk, hours of pixels."""
    head = b"GIF89a" + struct.pack("<HHBBB", *size, 0x80, 0, 0) + b"\0\0\0\xff\xff\xff"
    frame = b"\x2c" + struct.pack("<HHHHB", 0, 0, 1, 1, 0) + b"\x02\x02\x44\x01\x00"
    return head + frame * frames + b"\x3b"


def png_of(width: int, height: int) -> bytes:
    """Says that it is that large; has hardly anything."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 64))
        + chunk(b"IEND", b"")
    )


# --- PDF ------------------------------------------------------------------------------------------------------------


def pdf(root: Mapping[str, object] | None = None, *, text: str = "", password: str | None = None) -> bytes:
    document = pikepdf.new()
    document.add_blank_page(page_size=(200, 100))
    if text:
        font = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )
        document.pages[0].Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        document.pages[0].Contents = document.make_stream(f"BT /F1 12 Tf 10 50 Td ({text}) Tj ET".encode())
    for name, value in (root or {}).items():
        document.Root[f"/{name}"] = document.make_indirect(pikepdf.Object.parse(str(value).encode()))
    file = io.BytesIO()
    encryption = pikepdf.Encryption(owner="owner", user=password) if password is not None else False
    document.save(file, encryption=encryption, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return file.getvalue()


def pdf_of_states(count: int) -> bytes:
    """Each is kept until the page ends: small on the disk, much memory."""
    document = pikepdf.new()
    document.add_blank_page()
    document.pages[0].Contents = document.make_stream(b"")
    document.pages[0].Contents.write(zlib.compress(b"q " * count), filter=pikepdf.Name.FlateDecode)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def pdf_with_file() -> bytes:
    document = pikepdf.new()
    document.add_blank_page()
    document.attachments["invoice.exe"] = b"MZ"
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


# --- archives and the new Office --------------------------------------------------------------------------------------


def archive(
    entries: Mapping[str, bytes] | Sequence[tuple[str, bytes]], method: int = zipfile.ZIP_DEFLATED
) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as made:
        for name, content in entries.items() if isinstance(entries, Mapping) else entries:
            # Straight to the entry: writestr warns of a name that comes twice.
            entry = zipfile.ZipInfo(name)
            entry.compress_type = method
            made.NameToInfo.pop(name, None)
            made.writestr(entry, content)
    return file.getvalue()


OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPE = "application/vnd.openxmlformats-officedocument"
DOCX = f"{TYPE}.wordprocessingml.document.main+xml"
XLSX = f"{TYPE}.spreadsheetml.sheet.main+xml"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def content_types(main: str, type_: str, *, more: str = "") -> bytes:
    return (
        '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/{main}" ContentType="{type_}"/>{more}</Types>'
    ).encode()


def relationships(*ones: tuple[str, str, str]) -> bytes:
    """Each a type, a target, and where that is: Internal or External."""
    inner = "".join(
        f'<Relationship Id="r{at}" Type="{OFFICE}/{type_}" Target="{target}" TargetMode="{mode}"/>'
        for at, (type_, target, mode) in enumerate(ones)
    )
    namespace = "http://schemas.openxmlformats.org/package/2006/relationships"
    return f'<?xml version="1.0"?><Relationships xmlns="{namespace}">{inner}</Relationships>'.encode()


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def docx_parts(inner: str = paragraph("Hello"), *, type_: str = DOCX, types: str = "") -> dict[str, bytes]:
    return {
        "[Content_Types].xml": content_types("word/document.xml", type_, more=types),
        "_rels/.rels": relationships(("officeDocument", "word/document.xml", "Internal")),
        "word/document.xml": (
            f'<?xml version="1.0"?><w:document xmlns:w="{WORD}"><w:body>{inner}</w:body></w:document>'
        ).encode(),
    }


def docx(
    inner: str = paragraph("Hello"), *, more: Mapping[str, bytes] | None = None, types: str = ""
) -> bytes:
    return archive({**docx_parts(inner, types=types), **(more or {})})


def docx_related(*ones: tuple[str, str, str]) -> bytes:
    return docx(more={"word/_rels/document.xml.rels": relationships(*ones)})


def xlsx(*, more: Mapping[str, bytes] | None = None, type_: str = XLSX) -> bytes:
    cells = (
        '<row><c t="s"><v>0</v></c><c><v>42</v></c></row><row><c t="inlineStr"><is><t>Sum</t></is></c></row>'
    )
    return archive(
        {
            "[Content_Types].xml": content_types("xl/workbook.xml", type_),
            "_rels/.rels": relationships(("officeDocument", "xl/workbook.xml", "Internal")),
            "xl/workbook.xml": f'<workbook xmlns="{SHEET}"/>'.encode(),
            "xl/worksheets/sheet1.xml": (
                f'<worksheet xmlns="{SHEET}"><sheetData>{cells}</sheetData></worksheet>'
            ).encode(),
            "xl/sharedStrings.xml": f'<sst xmlns="{SHEET}"><si><t>Pears</t></si></sst>'.encode(),
            **(more or {}),
        }
    )


def laughs() -> bytes:
    entities = "".join(f'<!ENTITY a{at} "{f"&a{at - 1};" * 10 if at else "ha"}">' for at in range(10))
    return f"<?xml version='1.0'?><!DOCTYPE w [{entities}]><w>&a9;</w>".encode()


def shared_entries() -> bytes:
    """Two names for the same bytes, as a bomb has them by the thousand."""
    made = bytearray(archive({**docx_parts(), "word/a.xml": b"<a/>", "word/b.xml": b"<a/>"}))
    first, second = made.find(b"PK\x01\x02"), 0
    while first >= 0:
        name = bytes(made[first + 46 : first + 46 + made[first + 28]])
        if name == b"word/a.xml":
            second = int.from_bytes(made[first + 42 : first + 46], "little")
        if name == b"word/b.xml":
            made[first + 42 : first + 46] = second.to_bytes(4, "little")
        first = made.find(b"PK\x01\x02", first + 1)
    return bytes(made)


def hidden_entry() -> bytes:
    """For whoever reads a stream of entries, and none of the others."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        for name, content in [*docx_parts().items(), ("word/hidden.xml", b"<a/>")]:
            made.writestr(name, content)
        made.filelist.pop()
    return file.getvalue()


def encrypted_entries() -> bytes:
    made = bytearray(docx())
    at = made.find(b"PK\x01\x02")
    made[at + 8] |= 1
    return bytes(made)


# --- the old Office ---------------------------------------------------------------------------------------------------

SECTOR = 512
FREE, END, TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def ole(streams: Mapping[str, bytes], storages: Sequence[str] = ()) -> bytes:
    """A container with streams beside each other, each long enough to have sectors of its own."""
    table = [TABLE]
    entries: list[tuple[str, int, int, int]] = []
    body = b""
    for name, content in streams.items():
        content = content.ljust(max(4096, -(-len(content) // SECTOR) * SECTOR), b"\0")
        first, count = len(table), len(content) // SECTOR
        table += [*range(first + 1, first + count), END]
        entries.append((name, 2, first, len(content)))
        body += content
    entries += [(name, 1, 0, 0) for name in storages]
    directory = _directory(entries)
    first = len(table)
    count = len(directory) // SECTOR
    table += [*range(first + 1, first + count), END]
    assert len(table) <= SECTOR // 4
    head = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + bytes(16)
        + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
        + bytes(6)
    )
    head += struct.pack("<IIIIIIIII", 0, 1, first, 0, 4096, END, 0, END, 0) + struct.pack("<I", 0)
    head += struct.pack("<I", FREE) * 108
    packed = b"".join(struct.pack("<I", at) for at in table).ljust(SECTOR, b"\xff")
    return head + packed + body + directory


def _directory(entries: Sequence[tuple[str, int, int, int]]) -> bytes:
    """One after the other by their right neighbours: a tree that leans."""
    made = b""
    for at, (name, type_, first, size) in enumerate([("Root Entry", 5, END, 0), *entries]):
        encoded = name.encode("utf-16-le") + b"\0\0"
        right = at + 1 if 0 < at < len(entries) else FREE
        made += encoded.ljust(64, b"\0") + struct.pack(
            "<HBBIII", len(encoded), type_, 1, FREE, right, FREE if at else 1
        )
        made += bytes(16 + 4 + 16) + struct.pack("<IQ", first, size)
    return made.ljust(-(-len(made) // SECTOR) * SECTOR, b"\0")


def doc(*, flags: int = 0, **more: object) -> bytes:
    stream = struct.pack("<HHHHHH", 0xA5EC, 0xC1, 0, 0, 0, flags)
    return ole({"WordDocument": stream}, **more)  # type: ignore[arg-type]


def record(number: int, content: bytes = b"") -> bytes:
    return struct.pack("<HH", number, len(content)) + content


def xls(*records: bytes, storages: Sequence[str] = ()) -> bytes:
    return ole({"Workbook": record(0x0809, bytes(16)) + b"".join(records) + record(0x000A)}, storages)


# --- sound and film ---------------------------------------------------------------------------------------------------


def mp3(frames: int = 40, tag: bytes = b"") -> bytes:
    return tag + (b"\xff\xfb\x90\x00" + bytes(413)) * frames


def id3(content: bytes = b"") -> bytes:
    length = len(content)
    return b"ID3\x03\0\0" + bytes((length >> shift) & 0x7F for shift in (21, 14, 7, 0)) + content


def page(content: bytes, *, granule: int, flags: int) -> bytes:
    assert len(content) < 255
    head = b"OggS\0" + bytes([flags]) + struct.pack("<qIII", granule, 1, 0, 0)
    return head + b"\x01" + bytes([len(content)]) + content


def ogg(first: bytes = b"OpusHead\x01\x01\x38\x01\x80\xbb\0\0\0\0\0") -> bytes:
    return page(first, granule=0, flags=2) + page(bytes(40), granule=96_312, flags=4)


def box(name: bytes, *contents: bytes) -> bytes:
    content = b"".join(contents)
    return struct.pack(">I", len(content) + 8) + name + content


def mp4(
    *handlers: bytes, brand: bytes = b"isom", of_track: bytes = b"", of_film: bytes = b"", behind: bytes = b""
) -> bytes:
    """`of_track` stands in the last one."""
    head = box(b"mvhd", bytes(12), struct.pack(">II", 1000, 2500))
    medias = [box(b"mdia", box(b"hdlr", bytes(8) + handler + bytes(12))) for handler in handlers]
    medias[-1:] = [media + of_track for media in medias[-1:]]
    movie = box(b"moov", head, *(box(b"trak", media) for media in medias), of_film)
    return box(b"ftyp", brand + bytes(4)) + movie + box(b"mdat", bytes(64)) + behind


def element(number: int, *contents: bytes, unknown: bool = False) -> bytes:
    content = b"".join(contents)
    name = number.to_bytes((number.bit_length() + 7) // 8, "big")
    length = b"\x01" + b"\xff" * 7 if unknown else (len(content) | 1 << 56).to_bytes(8, "big")
    return name + length + content


def webm(*types: int, kind: bytes = b"webm", live: bool = False) -> bytes:
    info = element(0x1549A966, element(0x2AD7B1, b"\x0f\x42\x40"), element(0x4489, struct.pack(">d", 1500.0)))
    tracks = element(0x1654AE6B, *(element(0xAE, element(0x83, bytes([type_]))) for type_ in types))
    cluster = element(0x1F43B675, element(0xE7, b"\0"), element(0xA3, bytes(20)), unknown=live)
    return element(0x1A45DFA3, element(0x4282, kind)) + element(
        0x18538067, info, tracks, cluster, unknown=live
    )
