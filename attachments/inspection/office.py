"""The new Office: an archive of parts, which must be what the extension says, and do nothing when they are opened."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from itertools import chain
from posixpath import normpath
from typing import BinaryIO

from attachments.inspection.archives import Archive, Budget
from attachments.inspection.findings import Findings, refuse
from attachments.inspection.kinds import OFFICE, extension_of
from attachments.inspection.markup import Done, read_markup
from attachments.inspection.reasons import MAX_TEXT, Reason

MAIN = {
    "docx": f"{OFFICE}.wordprocessingml.document.main+xml",
    "xlsx": f"{OFFICE}.spreadsheetml.sheet.main+xml",
}
CONTENT_TYPES = "[Content_Types].xml"
ROOT_RELATIONSHIPS = "_rels/.rels"
SHARED_STRINGS = "xl/sharedStrings.xml"
MACROS = re.compile("macro|vba", re.IGNORECASE)
ACTIVE = re.compile("activex|oleobject", re.IGNORECASE)

# Relationships, by the end of their type.
MACRO_PARTS = ("vbaProject", "wordVbaData", "xlMacrosheet", "xlIntlMacrosheet")
ACTIVE_PARTS = ("oleObject", "control", "activeXControlBinary", "aFChunk", "subDocument")
# A link is followed by whoever clicks it; all else that is far away is fetched on opening.
LINK = "hyperlink"
USUAL_LINK = re.compile(r"(https?|mailto|tel|ftp):|#", re.IGNORECASE)
# Beside the document or on a drive of the reader's: their own template, and nobody hears of it.
NEAR = re.compile(r"(?!//)[^:\\]*$|\.\.[\\/][^:]*$|(file:/{3,4})?[a-z]:[\\/]", re.IGNORECASE)

# Spelt in numbers by QUOTE, too.
DDE = re.compile(r"\bDDE(AUTO)?\b|\bQUOTE\s+\"?\d+\s+\d", re.IGNORECASE)
FETCHING = re.compile(r"\b(INCLUDETEXT|INCLUDEPICTURE|IMPORT|LINK)\b", re.IGNORECASE)
MAX_NESTED = 32 * 1024 * 1024
MAX_STRINGS = 50_000


def read_office(file: BinaryIO, extension: str, findings: Findings) -> None:
    budget = Budget()
    _Package(Archive(file, budget), budget, extension, findings).read()


class _Package:
    """`nested` is what is in a document: a chart brings its table along. What is in that, in turn, is held."""

    def __init__(
        self, archive: Archive, budget: Budget, extension: str, findings: Findings, *, nested: bool = False
    ) -> None:
        self.archive = archive
        self.budget = budget
        self.extension = extension
        self.findings = findings
        self.nested = nested
        self.strings = _Strings()

    def read(self) -> None:
        if CONTENT_TYPES not in self.archive.names or ROOT_RELATIONSHIPS not in self.archive.names:
            refuse(Reason.TYPE_MISMATCH)
        types = _ContentTypes()
        read_markup(self.archive.read(CONTENT_TYPES), types)
        types.judge(self.findings)
        root = _Relationships(self.findings)
        read_markup(self.archive.read(ROOT_RELATIONSHIPS), root)
        mains = [normpath(target.lstrip("/")) for target in root.mains]
        if [types.of(main) for main in mains] != [MAIN[self.extension]]:
            refuse(Reason.TYPE_MISMATCH)
        if mains[0] not in self.archive.names:
            refuse(Reason.BROKEN)
        for name in sorted(self.archive.names, key=_order):
            if name not in (CONTENT_TYPES, ROOT_RELATIONSHIPS):
                self._read_part(name, types.of(name))

    def _read_part(self, name: str, type_: str) -> None:
        extension = extension_of(name)
        pieces = self.archive.read(name)
        if extension == "rels":
            read_markup(pieces, _Relationships(self.findings))
        elif extension in ("xml", "vml") or type_.endswith(("+xml", "/xml")):
            self._read_markup(name, type_, pieces)
        else:
            self._read_bytes(extension, pieces)

    def _read_markup(self, name: str, type_: str, pieces: Iterator[bytes]) -> None:
        """By their types, as the names of parts are the writer's to choose; fields may be in any part of Word's."""
        if self.extension == "docx":
            words = _Words()
            read_markup(pieces, words)
            words.judge(self.findings)
            if type_ == MAIN["docx"] and not self.nested:
                self.findings.read(words.written)
        elif type_.endswith(".sharedStrings+xml") or name == SHARED_STRINGS:
            read_markup(pieces, self.strings)
        elif (
            (type_.endswith(".worksheet+xml") or name.startswith("xl/worksheets/"))
            and not self.nested
            and len(self.findings.text) < MAX_TEXT
        ):
            cells = _Cells(self.strings.strings)
            read_markup(pieces, cells)
            self.findings.read(f"{self.findings.text}\n\n{cells.written}")
        elif "externallink" in f"{type_} {name}".lower():
            read_markup(pieces, _ExternalLink(self.findings))
        else:
            read_markup(pieces)

    def _read_bytes(self, extension: str, pieces: Iterator[bytes]) -> None:
        head = next(pieces, b"")
        if head.startswith((b"MZ", b"\x7fELF", b"#!")):
            refuse(Reason.UNSAFE_ARCHIVE)
        if head.startswith(b"\xd0\xcf\x11\xe0"):
            self.findings.hold(Reason.ACTIVE_CONTENT, "embedded_object")
        if head.startswith(b"PK\x03\x04"):
            self._read_nested(extension, chain([head], pieces))
        for _ in pieces:
            pass

    def _read_nested(self, extension: str, pieces: Iterator[bytes]) -> None:
        if extension not in MAIN or self.nested:
            self.findings.hold(Reason.ACTIVE_CONTENT, "embedded_archive")
            return
        file = BytesIO()
        for piece in pieces:
            if file.tell() > MAX_NESTED:
                refuse(Reason.TOO_LARGE_INSIDE)
            file.write(piece)
        archive = Archive(file, self.budget)
        _Package(archive, self.budget, extension, self.findings, nested=True).read()


def _order(name: str) -> tuple[bool, list[str | int]]:
    """The strings before the sheets that point to them; sheet2 before sheet10."""
    parts = [int(part) if part.isdigit() else part for part in re.split(r"([0-9]+)", name)]
    return name != SHARED_STRINGS, parts


# --- parts ----------------------------------------------------------------------------------------------------------


class _Quiet:
    def start(self, name: str, attributes: dict[str, str]) -> None:
        pass

    def end(self, name: str) -> None:
        pass

    def text(self, text: str) -> None:
        pass


class _ContentTypes(_Quiet):
    def __init__(self) -> None:
        self.defaults: dict[str, str] = {}
        self.overrides: dict[str, str] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        type_ = attributes.get("ContentType", "")
        if name == "Default":
            self.defaults[attributes.get("Extension", "").lower()] = type_
        elif name == "Override":
            self.overrides[attributes.get("PartName", "").lstrip("/").lower()] = type_

    def of(self, name: str) -> str:
        return self.overrides.get(name.lower()) or self.defaults.get(extension_of(name), "")

    def judge(self, findings: Findings) -> None:
        for type_ in chain(self.defaults.values(), self.overrides.values()):
            if MACROS.search(type_):
                refuse(Reason.MACROS)
            if ACTIVE.search(type_):
                findings.hold(Reason.ACTIVE_CONTENT, "embedded_object")


class _Relationships(_Quiet):
    def __init__(self, findings: Findings) -> None:
        self.findings = findings
        self.mains: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name != "Relationship":
            return
        type_ = attributes.get("Type", "").rpartition("/")[2]
        target = attributes.get("Target", "").strip()
        if type_ in MACRO_PARTS or target.lower().endswith("vbaproject.bin"):
            refuse(Reason.MACROS)
        if type_ in ACTIVE_PARTS:
            self.findings.hold(Reason.ACTIVE_CONTENT, "embedded_object")
        if type_ == "officeDocument":
            self.mains.append(target)
        outside = attributes.get("TargetMode", "").lower() == "external"
        if outside and not (NEAR.match(target) or (type_ == LINK and USUAL_LINK.match(target))):
            self.findings.hold(Reason.EXTERNAL_CONTENT, f"external_{type_}"[:60])


class _ExternalLink(_Quiet):
    def __init__(self, findings: Findings) -> None:
        self.findings = findings

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name in ("ddeLink", "oleLink"):
            self.findings.hold(Reason.ACTIVE_CONTENT, "dde")


class _Words(_Quiet):
    """The text of Word, and what its fields do. A field's words may be spread over many runs."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.length = 0
        self.instructions: list[str] = []
        self.inside = ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.inside = name
        if name == "fldSimple":
            self.instructions.append(attributes.get("instr", "") + "\n")
        elif name == "fldChar":
            self.instructions.append("\n")
        elif name in ("tab", "br", "cr"):
            self._write("\t" if name == "tab" else "\n")

    def end(self, name: str) -> None:
        self.inside = ""
        if name == "p":
            self._write("\n")

    def text(self, text: str) -> None:
        if self.inside in ("instrText", "delInstrText"):
            self.instructions.append(text)
        elif self.inside == "t":
            self._write(text)

    def _write(self, text: str) -> None:
        if self.length < MAX_TEXT:
            self.pieces.append(text)
            self.length += len(text)

    @property
    def written(self) -> str:
        return "".join(self.pieces)

    def judge(self, findings: Findings) -> None:
        instructions = "".join(self.instructions)
        if DDE.search(instructions):
            findings.hold(Reason.ACTIVE_CONTENT, "dde")
        if FETCHING.search(instructions):
            findings.hold(Reason.EXTERNAL_CONTENT, "external_field")


class _Strings(_Quiet):
    """As many as a preview may need."""

    def __init__(self) -> None:
        self.strings: list[str] = []
        self.current: list[str] = []
        self.inside = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.inside = name == "t"
        if name == "si":
            self.current = []

    def text(self, text: str) -> None:
        if self.inside:
            self.current.append(text)

    def end(self, name: str) -> None:
        self.inside = False
        if name == "si":
            self.strings.append("".join(self.current)[:MAX_TEXT])
            if len(self.strings) >= MAX_STRINGS:
                raise Done


class _Cells(_Quiet):
    """A sheet, cells apart by tabs."""

    def __init__(self, strings: list[str]) -> None:
        self.strings = strings
        self.rows: list[str] = []
        self.row: list[str] = []
        self.length = 0
        self.shared = False
        self.value: list[str] = []
        self.inside = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c":
            self.shared = attributes.get("t") == "s"
            self.value = []
        self.inside = name in ("v", "t")

    def text(self, text: str) -> None:
        if self.inside:
            self.value.append(text)

    def end(self, name: str) -> None:
        self.inside = False
        if name == "c":
            self.row.append(self._value())
        elif name == "row":
            row = "\t".join(self.row)
            self.rows.append(row)
            self.row = []
            self.length += len(row) + 1
            if self.length > MAX_TEXT:
                raise Done

    def _value(self) -> str:
        value = "".join(self.value)
        if not self.shared:
            return value
        at = int(value) if value.isdigit() else -1
        return self.strings[at] if 0 <= at < len(self.strings) else ""

    @property
    def written(self) -> str:
        return "\n".join(self.rows)
