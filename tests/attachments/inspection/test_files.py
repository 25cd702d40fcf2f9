"""What comes in, what is held for somebody to look at, and what is refused: a file for each."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from attachments.inspection.inspector import inspect
from attachments.inspection.reasons import Outcome, Reason
from tests.attachments import corpus
from tests.attachments.corpus import (
    archive,
    content_types,
    doc,
    docx,
    docx_parts,
    docx_related,
    id3,
    laughs,
    many_frames,
    mp3,
    mp4,
    ogg,
    ole,
    paragraph,
    pdf,
    picture,
    png_of,
    record,
    relationships,
    webm,
    xls,
    xlsx,
)

ACCEPTED, HELD, REFUSED = Outcome.ACCEPTED, Outcome.HELD, Outcome.REFUSED
NONE, EMPTY, MISMATCH, BROKEN = Reason.NONE, Reason.EMPTY, Reason.TYPE_MISMATCH, Reason.BROKEN
TOO_LARGE, ARCHIVE, POLYGLOT = Reason.TOO_LARGE_INSIDE, Reason.UNSAFE_ARCHIVE, Reason.POLYGLOT
MACROS, ENCRYPTED, ACTIVE, EXTERNAL = (
    Reason.MACROS,
    Reason.ENCRYPTED,
    Reason.ACTIVE_CONTENT,
    Reason.EXTERNAL_CONTENT,
)


class File(NamedTuple):
    made: Callable[[], bytes]
    name: str
    outcome: Outcome
    reason: Reason = NONE


JAR = archive({"META-INF/MANIFEST.MF": b"Main-Class: Evil"})


WORD = b"\xec\xa5" + bytes(20)
THEME = archive(
    {"[Content_Types].xml": b"<a/>", "_rels/.rels": b"<a/>", "theme/theme/themeManager.xml": b"<a/>"}
)


def embedded(name: str, content: bytes) -> bytes:
    return docx(more={f"word/embeddings/{name}": content})


FILES = {
    # As they should be.
    "jpeg": File(picture, "a.JPG", ACCEPTED),
    "png": File(lambda: picture("PNG"), "a.png", ACCEPTED),
    "png with many words": File(
        lambda: picture("PNG", pnginfo=corpus.words_of_png(3_000_000)), "a.png", ACCEPTED
    ),
    "gif": File(lambda: picture("GIF"), "a.gif", ACCEPTED),
    "webp": File(lambda: picture("WEBP"), "a.webp", ACCEPTED),
    "bmp": File(lambda: picture("BMP"), "a.bmp", ACCEPTED),
    "pdf": File(pdf, "a.PDF", ACCEPTED),
    "docx": File(docx, "a.docx", ACCEPTED),
    "docx with a table": File(lambda: embedded("t.xlsx", xlsx()), "a.docx", ACCEPTED),
    "docx with a link": File(
        lambda: docx_related(("hyperlink", "https://a.test/", "External")), "a.docx", ACCEPTED
    ),
    "docx with a template of its writer's": File(
        lambda: docx_related(("attachedTemplate", "file:///C:\\Templates\\Normal.dotm", "External")),
        "a.docx",
        ACCEPTED,
    ),
    "docx with a drawing": File(lambda: docx(more={"word/media/image1.svg": b"<svg/>"}), "a.docx", ACCEPTED),
    "docx with a blank picture": File(
        lambda: docx(more={"word/media/a.emf": bytes(3_000_000)}), "a.docx", ACCEPTED
    ),
    "xlsx": File(xlsx, "a.Xlsx", ACCEPTED),
    "xlsx with sums of another": File(
        lambda: xlsx(
            more={
                "xl/externalLinks/_rels/a.xml.rels": relationships(
                    ("externalLinkPath", "../Sums%20of%20May.xlsx", "External")
                )
            }
        ),
        "a.xlsx",
        ACCEPTED,
    ),
    "doc": File(doc, "a.doc", ACCEPTED),
    "xls": File(xls, "a.xls", ACCEPTED),
    "doc with room for objects": File(lambda: doc(storages=["ObjectPool"]), "a.doc", ACCEPTED),
    "doc that says it may be an object": File(
        lambda: ole({"WordDocument": WORD, "\x01Ole": bytes(20)}), "a.doc", ACCEPTED
    ),
    "doc with a theme": File(lambda: ole({"WordDocument": WORD, "1Table": THEME}), "a.doc", ACCEPTED),
    "doc of Word 95": File(lambda: ole({"WordDocument": b"\xdc\xa5" + bytes(20)}), "a.doc", ACCEPTED),
    "txt": File(lambda: "grün\n".encode(), "a.txt", ACCEPTED),
    "csv": File(lambda: b"a;b\n-1;+49 30 1\n", "a.csv", ACCEPTED),
    "mp3": File(mp3, "a.mp3", ACCEPTED),
    "mp3 with tags": File(lambda: mp3(tag=id3(bytes(30))) + b"TAG".ljust(128, b" "), "a.mp3", ACCEPTED),
    "mp3 with two tags": File(lambda: id3(b"x") + mp3(tag=id3(b"y")), "a.mp3", ACCEPTED),
    "mp3 with a line's end": File(lambda: mp3() + b"\n", "a.mp3", ACCEPTED),
    "m4a": File(lambda: mp4(b"soun", brand=b"M4A "), "a.m4a", ACCEPTED),
    "mp4": File(lambda: mp4(b"vide", b"soun"), "a.mp4", ACCEPTED),
    "ogg": File(ogg, "a.ogg", ACCEPTED),
    "ogg with a skeleton": File(
        lambda: corpus.page(b"fishead\0" + bytes(56), granule=0, flags=2) + ogg(), "a.ogg", ACCEPTED
    ),
    "webm": File(lambda: webm(1, 2), "a.webm", ACCEPTED),
    "webm, live": File(lambda: webm(2, live=True), "a.webm", ACCEPTED),
    # Text about what would run is text.
    "html as text": File(lambda: b"<html><script>alert(1)</script>", "a.txt", ACCEPTED),
    "php as text": File(lambda: b"<?php system($_GET[0]);", "a.txt", ACCEPTED),
    "shell as text": File(lambda: b"#!/bin/sh\nrm -rf /\n", "a.txt", ACCEPTED),
    # Nothing.
    "empty": File(lambda: b"", "a.jpg", REFUSED, EMPTY),
    "empty text": File(lambda: b"", "a.TXT", REFUSED, EMPTY),
    # One thing under the name of another.
    "png as jpeg": File(lambda: picture("PNG"), "a.jpg", REFUSED, MISMATCH),
    "jpeg as pdf": File(picture, "a.pdf", REFUSED, MISMATCH),
    "pdf as text": File(pdf, "a.txt", REFUSED, MISMATCH),
    "html as png": File(lambda: b"<html>", "a.PNG", REFUSED, MISMATCH),
    "html as xls": File(lambda: b"<html><table>", "a.xls", REFUSED, MISMATCH),
    "svg as png": File(lambda: b"\xef\xbb\xbf  <svg onload=alert(1)>", "a.png", REFUSED, MISMATCH),
    "rtf as doc": File(lambda: b"{\\rtf1 x}", "a.doc", REFUSED, MISMATCH),
    "program as jpeg": File(lambda: b"MZ\x90\0", "a.jpg", REFUSED, MISMATCH),
    "program as text": File(lambda: b"\x7fELF\2\1\1\0", "a.txt", REFUSED, MISMATCH),
    "tiff as jpeg": File(lambda: picture("TIFF"), "a.jpg", REFUSED, MISMATCH),
    "postscript as jpeg": File(lambda: b"%!PS-Adobe-3.0 EPSF-3.0", "a.jpg", REFUSED, MISMATCH),
    "zip as docx": File(lambda: archive({"a.txt": b"a"}), "a.docx", REFUSED, MISMATCH),
    "docx as xlsx": File(docx, "a.xlsx", REFUSED, MISMATCH),
    "doc as xls": File(doc, "a.xls", REFUSED, MISMATCH),
    "ole as docx": File(doc, "a.docx", REFUSED, MISMATCH),
    "installer as doc": File(lambda: ole({"Property": b"msi"}), "a.doc", REFUSED, MISMATCH),
    "text with NUL late": File(lambda: b"a" * 2000 + b"\0", "a.txt", REFUSED, MISMATCH),
    "film as m4a": File(lambda: mp4(b"vide"), "a.m4a", REFUSED, MISMATCH),
    "heic as mp4": File(lambda: mp4(b"pict", brand=b"heic"), "a.mp4", REFUSED, MISMATCH),
    "matroska as webm": File(lambda: webm(1, kind=b"matroska"), "a.webm", REFUSED, MISMATCH),
    "film as ogg": File(lambda: ogg(b"\x80theora" + bytes(40)), "a.ogg", REFUSED, MISMATCH),
    # Cut off, or no more than a beginning.
    "jpeg, cut": File(lambda: picture(size=(400, 400), quality=95)[:-400], "a.jpg", REFUSED, BROKEN),
    "png, cut": File(lambda: picture("PNG")[:-30], "a.png", REFUSED, BROKEN),
    "gif, cut": File(lambda: picture("GIF")[:-40], "a.gif", REFUSED, BROKEN),
    "webp, cut": File(lambda: picture("WEBP")[:-20], "a.webp", REFUSED, BROKEN),
    "bmp, cut": File(lambda: picture("BMP")[:-200], "a.bmp", REFUSED, BROKEN),
    "jpeg, three bytes": File(lambda: b"\xff\xd8\xff", "a.jpg", REFUSED, BROKEN),
    "pdf, a beginning": File(lambda: b"%PDF-1.7\n%%EOF", "a.pdf", REFUSED, BROKEN),
    "docx, a head only": File(
        lambda: archive({name: part for name, part in docx_parts().items() if name != "word/document.xml"}),
        "a.docx",
        REFUSED,
        BROKEN,
    ),
    "docx, cut": File(lambda: docx()[:-60], "a.docx", REFUSED, BROKEN),
    "docx, a bit turned": File(
        lambda: archive(docx_parts(), 0).replace(b"Hello", b"Jello"), "a.docx", REFUSED, BROKEN
    ),
    "doc, cut": File(lambda: doc()[:700], "a.doc", REFUSED, BROKEN),
    "xls, cut": File(
        lambda: ole({"Workbook": record(0x0809, bytes(16)) + b"\x85\0\xff\xff"}), "a.xls", REFUSED, BROKEN
    ),
    "mp3, one frame": File(lambda: mp3(1), "a.mp3", REFUSED, BROKEN),
    "mp3, a tag only": File(lambda: id3(b"<script>alert(1)</script>"), "a.mp3", REFUSED, BROKEN),
    "mp4, cut": File(lambda: mp4(b"vide")[:-9], "a.mp4", REFUSED, BROKEN),
    "mp4, no tracks": File(mp4, "a.mp4", REFUSED, BROKEN),
    "ogg, cut": File(lambda: ogg()[:-9], "a.ogg", REFUSED, BROKEN),
    "webm, cut": File(lambda: webm(1)[:-9], "a.webm", REFUSED, BROKEN),
    # Small outside.
    "pixels, never there": File(lambda: png_of(50_000, 50_000), "a.png", REFUSED, TOO_LARGE),
    "pixels of frames": File(lambda: many_frames(200, (2000, 2000)), "a.gif", REFUSED, TOO_LARGE),
    "frames": File(lambda: many_frames(1200, (2, 2)), "a.gif", REFUSED, TOO_LARGE),
    "jpeg of a hundred thousand words": File(
        lambda: picture().replace(b"\xff\xdb", (b"\xff\xe1\0\x0aExif\0\0xx") * 100_000 + b"\xff\xdb", 1),
        "a.jpg",
        REFUSED,
        TOO_LARGE,
    ),
    "gif of a hundred thousand words": File(
        lambda: picture("GIF").replace(b"\x2c", b"\x21\xfe\x01x\0" * 100_000 + b"\x2c", 1),
        "a.gif",
        REFUSED,
        TOO_LARGE,
    ),
    "pdf, a page that keeps all": File(lambda: corpus.pdf_of_states(20_000_000), "a.pdf", REFUSED, TOO_LARGE),
    "zip of blanks": File(
        lambda: docx(more={"word/a.xml": b"<a>" + b" " * 17_000_000}), "a.docx", REFUSED, TOO_LARGE
    ),
    "zip of blanks, no xml": File(
        lambda: docx(more={"word/a.bin": bytes(17_000_000)}), "a.docx", REFUSED, TOO_LARGE
    ),
    "zip of names": File(
        lambda: docx(more={f"w/{at}": b"" for at in range(5001)}), "a.docx", REFUSED, TOO_LARGE
    ),
    "xml of laughs": File(lambda: docx(more={"word/a.xml": laughs()}), "a.docx", REFUSED, ARCHIVE),
    # Archives that different readers read differently.
    "zip, a name twice": File(
        lambda: archive([*docx_parts().items(), ("word/document.xml", b"<a/>")]), "a.docx", REFUSED, ARCHIVE
    ),
    "zip, a name in two cases": File(
        lambda: docx(more={"WORD/document.xml": b"<a/>"}), "a.docx", REFUSED, ARCHIVE
    ),
    "zip, climbing": File(lambda: docx(more={"word/../../a.xml": b"<a/>"}), "a.docx", REFUSED, ARCHIVE),
    "zip, absolute": File(lambda: docx(more={"/a.xml": b"<a/>"}), "a.docx", REFUSED, ARCHIVE),
    "zip, odd method": File(lambda: archive(docx_parts(), method=14), "a.docx", REFUSED, ARCHIVE),
    "zip, encrypted entries": File(corpus.encrypted_entries, "a.docx", REFUSED, ARCHIVE),
    "zip, shared bytes": File(corpus.shared_entries, "a.docx", REFUSED, ARCHIVE),
    "zip, an entry that the directory leaves out": File(corpus.hidden_entry, "a.docx", REFUSED, ARCHIVE),
    "zip, a program inside": File(lambda: docx(more={"word/a.exe": b"MZ"}), "a.docx", REFUSED, ARCHIVE),
    "zip, a program by its bytes": File(
        lambda: docx(more={"word/a.bin": b"MZ\x90"}), "a.docx", REFUSED, ARCHIVE
    ),
    "xml with a fetched entity": File(
        lambda: docx(
            more={"word/a.xml": b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'}
        ),
        "a.docx",
        REFUSED,
        ARCHIVE,
    ),
    "xml with a DTD in UTF-16": File(
        lambda: docx(
            more={"word/a.xml": '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE a><a/>'.encode("utf-16")}
        ),
        "a.docx",
        REFUSED,
        ARCHIVE,
    ),
    # Two files in one.
    "gifar": File(lambda: picture("GIF") + JAR, "a.gif", REFUSED, POLYGLOT),
    "jpeg and archive": File(lambda: picture() + JAR + b"\0" * 40, "a.jpg", REFUSED, POLYGLOT),
    "pdf and archive": File(lambda: pdf() + JAR, "a.pdf", REFUSED, POLYGLOT),
    "doc and archive": File(lambda: doc() + JAR, "a.doc", REFUSED, POLYGLOT),
    "doc and archive inside": File(
        lambda: ole({"WordDocument": WORD, "1Table": JAR}), "a.doc", REFUSED, POLYGLOT
    ),
    "doc and archive that has a theme too": File(
        lambda: ole({"WordDocument": WORD, "1Table": archive({"theme/theme/a.xml": b"", "A.class": b""})}),
        "a.doc",
        REFUSED,
        POLYGLOT,
    ),
    "mp3 and archive": File(lambda: mp3() + JAR, "a.mp3", REFUSED, POLYGLOT),
    "docx and pdf": File(
        lambda: archive([("a", b"%PDF-1.4"), *docx_parts().items()], 0), "a.docx", REFUSED, POLYGLOT
    ),
    "archive behind a head": File(lambda: b"PK\x03\x04" + docx(), "a.docx", REFUSED, ARCHIVE),
    "jpeg and php": File(lambda: picture() + b"<?php system($_GET[0]);", "a.jpg", ACCEPTED),
    "gif and script": File(lambda: picture("GIF", comment=b"*/=1;alert(1)//"), "a.gif", ACCEPTED),
    "mp4 and page": File(lambda: mp4(b"vide") + b"<html>", "a.mp4", REFUSED, BROKEN),
    "mp3 and page": File(lambda: mp3() + b"<html>", "a.mp3", REFUSED, BROKEN),
    # Macros.
    "docm as docx": File(
        lambda: archive(
            {
                **docx_parts(),
                "[Content_Types].xml": content_types(
                    "word/document.xml", "application/vnd.ms-word.document.macroEnabled.main+xml"
                ),
            }
        ),
        "a.docx",
        REFUSED,
        MACROS,
    ),
    "macros by relationship": File(
        lambda: docx_related(("vbaProject", "x.bin", "Internal")), "a.docx", REFUSED, MACROS
    ),
    "macros by type": File(
        lambda: docx(types='<Override PartName="/x" ContentType="application/vnd.ms-office.vbaProject"/>'),
        "a.docx",
        REFUSED,
        MACROS,
    ),
    "macros in a table inside": File(
        lambda: embedded("t.xlsx", xlsx(type_="application/vnd.ms-excel.sheet.macroEnabled.main+xml")),
        "a.docx",
        REFUSED,
        MACROS,
    ),
    "macros in doc": File(lambda: doc(storages=["Macros"]), "a.doc", HELD, MACROS),
    "macros in xls": File(
        lambda: xls(record(0x85, struct.pack("<IBB", 0, 0, 1) + b"\1\0A")), "a.xls", HELD, MACROS
    ),
    # What cannot be looked into.
    "docx with a password": File(lambda: ole({"EncryptedPackage": b"x"}), "a.docx", HELD, ENCRYPTED),
    "doc with a password": File(lambda: doc(flags=0x0100), "a.doc", HELD, ENCRYPTED),
    "xls with a password": File(lambda: xls(record(0x2F, bytes(6))), "a.xls", HELD, ENCRYPTED),
    "pdf with a password": File(lambda: pdf(password="secret"), "a.pdf", HELD, ENCRYPTED),
    "pdf that may not be printed": File(lambda: pdf(password=""), "a.pdf", HELD, ENCRYPTED),
    # What acts when it is opened.
    "pdf with a script": File(
        lambda: pdf({"OpenAction": "<< /S /JavaScript /JS (app.alert(1)) >>"}), "a.pdf", HELD, ACTIVE
    ),
    "pdf with a script, spelt oddly": File(
        lambda: pdf({"OpenAction": "<< /S /#4aavaScript /J#53 <00> >>"}), "a.pdf", HELD, ACTIVE
    ),
    "pdf that launches": File(
        lambda: pdf({"OpenAction": "<< /S /Launch /F (calc.exe) >>"}), "a.pdf", HELD, ACTIVE
    ),
    "pdf with a form": File(lambda: pdf({"AcroForm": "<< /XFA (x) /Fields [] >>"}), "a.pdf", HELD, ACTIVE),
    "pdf with a file": File(corpus.pdf_with_file, "a.pdf", HELD, ACTIVE),
    "pdf about scripts": File(lambda: pdf({"Lang": "(see /JS and /Launch here)"}), "a.pdf", ACCEPTED),
    "docx with an object": File(lambda: embedded("o.bin", b"\xd0\xcf\x11\xe0object"), "a.docx", HELD, ACTIVE),
    "docx with DDE, spelt in numbers": File(
        lambda: docx("<w:r><w:instrText>QUOTE 68 68 69 65</w:instrText></w:r>"), "a.docx", HELD, ACTIVE
    ),
    "docx with an archive": File(lambda: embedded("o.bin", JAR), "a.docx", HELD, ACTIVE),
    "docx with DDE": File(
        lambda: docx(
            "".join(f"<w:r><w:instrText>{part}</w:instrText></w:r>" for part in (" D", "DEAUTO c:\\x"))
        ),
        "a.docx",
        HELD,
        ACTIVE,
    ),
    "xlsx with DDE": File(
        lambda: xlsx(more={"xl/externalLinks/externalLink1.xml": b"<externalLink><ddeLink/></externalLink>"}),
        "a.xlsx",
        HELD,
        ACTIVE,
    ),
    "doc with an object": File(
        lambda: ole({"WordDocument": WORD, "\x01Ole10Native": b"MZ"}), "a.doc", HELD, ACTIVE
    ),
    "xls with an object": File(lambda: xls(storages=["MBD0002F3A1"]), "a.xls", HELD, ACTIVE),
    "csv with a command": File(lambda: b"a,=cmd|'/C calc'!A0\n", "a.csv", HELD, ACTIVE),
    "csv with a command late": File(
        lambda: b"a;b|c\n" * 9 + b"a;" + b"|" * 50 + b';"=' + b"x" * 200 + b"|y!z", "a.csv", HELD, ACTIVE
    ),
    "csv of nothing but commands": File(lambda: b"|!" * 200_000, "a.csv", HELD, ACTIVE),
    "csv of nothing but sums": File(lambda: b",=a" * 1_000_000, "a.csv", ACCEPTED),
    "csv of words about commands": File(
        lambda: b"a;Use EXEC(x), or |y|!\nb;=1+1\nc;EXEC(x)\n", "a.csv", ACCEPTED
    ),
    "csv with a link": File(lambda: b'a;"=HYPERLINK(""http://a.test"")"\n', "a.csv", HELD, ACTIVE),
    # What fetches when it is opened.
    "docx with a template": File(
        lambda: docx_related(("attachedTemplate", "https://a.test/t.dotm", "External")),
        "a.docx",
        HELD,
        EXTERNAL,
    ),
    "docx with a template on a share": File(
        lambda: docx_related(("attachedTemplate", "file:///\\\\a.test\\t.dotm", "External")),
        "a.docx",
        HELD,
        EXTERNAL,
    ),
    "docx with a template on a share, shortly": File(
        lambda: docx_related(("attachedTemplate", "//a.test/t.dotm", "External")), "a.docx", HELD, EXTERNAL
    ),
    "docx with a picture from elsewhere": File(
        lambda: docx_related(("image", "https://a.test/a.png", "External")), "a.docx", HELD, EXTERNAL
    ),
    "docx with a link to a share": File(
        lambda: docx_related(("hyperlink", "file:////a.test/x", "External")), "a.docx", HELD, EXTERNAL
    ),
}


@pytest.mark.parametrize("case", FILES)
def test_a_file(case: str, tmp_path: Path) -> None:
    file = FILES[case]
    (tmp_path / "upload").write_bytes(file.made())

    report = inspect(tmp_path / "upload", file.name, into=tmp_path, thumbnails=[20])

    assert (report.outcome, report.reason) == (file.outcome, file.reason)
    assert report.extension == file.name.rpartition(".")[2].lower()
    if report.outcome == REFUSED:
        assert report.files == ()


# --- what is told of them -------------------------------------------------------------------------------------------


def told(tmp_path: Path, name: str, content: bytes) -> dict[str, object]:
    (tmp_path / "upload").write_bytes(content)
    report = inspect(tmp_path / "upload", name, into=tmp_path, thumbnails=[])
    assert report.outcome == ACCEPTED
    fields = ("kind", "mime", "pages", "duration", "metadata", "text")
    return {field: getattr(report, field) for field in fields if getattr(report, field) not in (None, {}, "")}


def test_what_a_document_says(tmp_path: Path) -> None:
    said = told(tmp_path, "a.docx", docx(paragraph("Dear &lt;Carol&gt;,") + paragraph("all is well.")))

    assert said == {
        "kind": "document",
        "mime": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "text": "Dear <Carol>,\nall is well.",
    }


def test_what_a_table_says(tmp_path: Path) -> None:
    assert told(tmp_path, "a.xlsx", xlsx())["text"] == "Pears\t42\nSum"


def test_what_a_pdf_says(tmp_path: Path) -> None:
    assert told(tmp_path, "a.pdf", pdf(text="Invoice 17")) == {
        "kind": "pdf",
        "mime": "application/pdf",
        "pages": 1,
        "text": "Invoice 17",
    }


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_what_a_text_says(encoding: str, tmp_path: Path) -> None:
    said = told(tmp_path, "a.txt", "Grüße\r\n\x1b[2Jund €\r\n".encode(encoding))

    assert said == {
        "kind": "text",
        "mime": "text/plain",
        "metadata": {"encoding": encoding.removesuffix("-sig"), "lines": 2},
        "text": "Grüße\n[2Jund €",
    }


def test_no_more_of_a_text_than_a_preview(tmp_path: Path) -> None:
    assert len(str(told(tmp_path, "a.csv", b"one,two,three," * 10_000)["text"])) == 20_000


@pytest.mark.parametrize(
    ("name", "content", "kind", "mime", "duration"),
    [
        ("a.mp3", mp3(40, id3(b"x")), "audio", "audio/mpeg", 1.045),
        ("a.m4a", mp4(b"soun", brand=b"M4A "), "audio", "audio/mp4", 2.5),
        ("a.mp4", mp4(b"vide"), "video", "video/mp4", 2.5),
        ("a.mp4", mp4(b"soun"), "audio", "audio/mp4", 2.5),
        ("a.ogg", ogg(), "audio", "audio/ogg", 2.0),
        ("a.webm", webm(1), "video", "video/webm", 1.5),
        ("a.webm", webm(2), "audio", "audio/webm", 1.5),
    ],
    ids=["mp3", "m4a", "mp4", "mp4 of sound", "ogg", "webm", "webm of sound"],
)
def test_how_long_it_sounds(
    name: str, content: bytes, kind: str, mime: str, duration: float, tmp_path: Path
) -> None:
    assert told(tmp_path, name, content) == {"kind": kind, "mime": mime, "duration": duration}
