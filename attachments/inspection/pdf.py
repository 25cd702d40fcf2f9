"""PDF: qpdf reads every object and says what is in it; PDFium, which runs no scripts here, draws the first page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import BinaryIO

import pikepdf
import pypdfium2

from attachments.inspection.findings import Findings, refuse
from attachments.inspection.images import draw_thumbnails
from attachments.inspection.reasons import MAX_TEXT, Reason

MAX_OBJECTS = 200_000
MAX_PAGES_OF_TEXT = 20

# As qpdf writes names: without escapes.
ACTIVE = {
    "javascript": rb"/(?:JS|JavaScript)",
    "launch": rb"/Launch",
    "embedded_file": rb"/(?:EmbeddedFiles?|EF|RichMedia|GoToE)",
    "xfa": rb"/XFA",
    "form_sends": rb"/(?:SubmitForm|ImportData)",
    "opens_file": rb"/GoToR",
    "movie": rb"/(?:Rendition|Movie)",
}
END_OF_NAME = rb"(?=[\s/<>\[\]()]|$)"
FOUND = {name: re.compile(names + END_OF_NAME) for name, names in ACTIVE.items()}
# In a string, it is only words.
STRINGS = re.compile(rb"\((?:[^\\()]|\\.)*\)", re.DOTALL)
# In what an older revision left in the file, or where another reader finds another file than qpdf did.
ANYWHERE = re.compile(rb"/(?:JavaScript|EmbeddedFile|RichMedia|SubmitForm|ImportData)" + END_OF_NAME)


def read_pdf(file: BinaryIO, extension: str, findings: Findings, thumbnails: Sequence[int]) -> None:
    content = file.read()
    try:
        with pikepdf.open(BytesIO(content)) as document:
            if document.is_encrypted:
                findings.hold(Reason.ENCRYPTED)
            findings.pages = len(document.pages)
            _look_for_actions(document, findings)
    except pikepdf.PasswordError:
        findings.hold(Reason.ENCRYPTED)
        return
    if not findings.pages:
        refuse(Reason.BROKEN)
    if ANYWHERE.search(content):
        findings.hold(Reason.ACTIVE_CONTENT, "active_revision")
    if Reason.ENCRYPTED not in findings.held:
        _draw(content, thumbnails, findings)


def _look_for_actions(document: pikepdf.Pdf, findings: Findings) -> None:
    for count, written in enumerate(_objects(document)):
        if count > MAX_OBJECTS:
            refuse(Reason.TOO_LARGE_INSIDE)
        bare = STRINGS.sub(b"", written)
        for found, names in FOUND.items():
            if names.search(bare):
                findings.hold(Reason.ACTIVE_CONTENT, found)


def _objects(document: pikepdf.Pdf) -> Iterator[bytes]:
    yield document.trailer.unparse()
    for thing in document.objects:
        if isinstance(thing, pikepdf.Stream):
            yield thing.stream_dict.unparse(resolved=True)
        elif isinstance(thing, pikepdf.Object):
            yield thing.unparse(resolved=True)


def _draw(content: bytes, thumbnails: Sequence[int], findings: Findings) -> None:
    """A page that PDFium cannot draw is no fault of the file's: it has no picture."""
    try:
        document = pypdfium2.PdfDocument(content)
        page = document[0]
        width, height = page.get_size()
        longest = max(thumbnails, default=0)
        if longest and width > 0 and height > 0:
            bitmap = page.render(scale=longest / max(width, height), may_draw_forms=False)
            draw_thumbnails(bitmap.to_pil(), thumbnails, findings)
        findings.read(_text(document))
    except pypdfium2.PdfiumError:
        return


def _text(document: pypdfium2.PdfDocument) -> str:
    text = ""
    for at in range(min(len(document), MAX_PAGES_OF_TEXT)):
        text += document[at].get_textpage().get_text_range() + "\n\n"
        if len(text) > MAX_TEXT:
            break
    return text
