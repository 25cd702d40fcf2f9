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
# A cell that a table program would do more with than add up, as soon as it opens the file: how it begins, and what is
# in it. Apart, as together they would take hours over some files.
FORMULA = re.compile(r"""(?:^|[,;\t\r\n])["' ]{0,20}(?:[=@]|[+\-](?![\d., ]))""")
COMMAND = re.compile(
    r"\|[^\n|!]{0,100}!|\b(?:DDE|HYPERLINK|WEBSERVICE|IMPORT[A-Z]{1,9}|CALL|EXEC|REGISTER)\(", re.IGNORECASE
)
WITHIN = 300
MAX_COMMANDS = 100_000


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
    if extension == "csv" and _has_command(text):
        findings.hold(Reason.ACTIVE_CONTENT, "formula")


def _has_command(text: str) -> bool:
    seen = 0
    for count, command in enumerate(COMMAND.finditer(text)):
        at = command.start()
        line = text.rfind("\n", max(0, at - WITHIN), at)
        # Of what was looked at for the one before, the end may begin a cell.
        if FORMULA.search(text, max(line, at - WITHIN, seen - 22, 0), at) or count > MAX_COMMANDS:
            return True
        seen = at
    return False


def _decoded(content: bytes) -> tuple[str, str]:
    """cp1252 comes last: it takes nearly everything."""
    candidates = ["utf-16"] if content.startswith(UTF_16) else ["utf-8", "cp1252"]
    for encoding in candidates:
        try:
            return encoding, content.decode("utf-8-sig" if encoding == "utf-8" else encoding)
        except UnicodeDecodeError:
            continue
    raise Refused(Reason.TYPE_MISMATCH)
