"""Plain text. What it looks like inside is not asked: a .txt that begins with <html> or #! is a text about that.

It is only ever served as the text its name says, as an attachment and not to be sniffed; to hold it would hold every
log and every piece of source that is sent to support.
"""

from __future__ import annotations

import re
from typing import BinaryIO

from attachments.inspection.findings import Findings, Refused, refuse
from attachments.inspection.kinds import UTF_16
from attachments.inspection.reasons import Reason

MAX_BYTES = 64 * 1024 * 1024
# NUL and its like; tab, line feed, form feed, carriage return and escape are text.
BINARY = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")
# What a table program would do more with than add up, as soon as it opens the file.
FORMULA = re.compile(
    r"""
    (?:^|[,;\t\r\n]) ["'\ ]* (?: [=@] | [+\-](?![\d.,\ ]) )
    [^\n]{0,300}?
    (?: \|[^\n]{0,100}?! | \b(?:DDE|HYPERLINK|WEBSERVICE|IMPORT[A-Z]{1,9}|CALL|EXEC|REGISTER)\( )
    """,
    re.IGNORECASE | re.VERBOSE,
)


def read_text(file: BinaryIO, extension: str, findings: Findings) -> None:
    file.seek(0)
    content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        refuse(Reason.TOO_LARGE_INSIDE)
    encoding, text = _decoded(content)
    if BINARY.search(text):
        refuse(Reason.TYPE_MISMATCH)
    findings.metadata["encoding"] = encoding
    findings.metadata["lines"] = text.count("\n") + (not text.endswith("\n"))
    findings.read(text)
    if extension == "csv" and FORMULA.search(text):
        findings.hold(Reason.ACTIVE_CONTENT, "formula")


def _decoded(content: bytes) -> tuple[str, str]:
    """cp1252 comes last: it takes nearly everything."""
    candidates = ["utf-16"] if content.startswith(UTF_16) else ["utf-8", "cp1252"]
    for encoding in candidates:
        try:
            return encoding, content.decode("utf-8-sig" if encoding == "utf-8" else encoding)
        except UnicodeDecodeError:
            continue
    raise Refused(Reason.TYPE_MISMATCH)
