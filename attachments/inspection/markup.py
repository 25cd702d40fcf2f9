"""XML of a stranger's, read as it comes: no tree, no DTD, no entity, nothing fetched.

As defusedxml has it, but that one builds a tree, of which two hundred megabytes are too many.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NoReturn, Protocol
from xml.parsers import expat

from attachments.inspection.findings import refuse
from attachments.inspection.reasons import Reason


class Done(Exception):
    """A reader's: I have what I need."""


class Handler(Protocol):
    """Names come without their namespace, whose prefix is the writer's to choose."""

    def start(self, name: str, attributes: dict[str, str]) -> None: ...

    def end(self, name: str) -> None: ...

    def text(self, text: str) -> None: ...


def read_markup(pieces: Iterable[bytes], handler: Handler | None = None) -> None:
    """To the end of the pieces, as all that comes counts. Without a handler, up to the first element: no DTD comes
    later.
    """
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartDoctypeDeclHandler = _forbidden
    parser.EntityDeclHandler = _forbidden
    parser.UnparsedEntityDeclHandler = _forbidden
    parser.ExternalEntityRefHandler = _forbidden
    if handler:
        # A piece of text that is a whole one: some readers look at it.
        parser.buffer_text = True
        given = handler
        local = _Local()
        parser.StartElementHandler = lambda name, attributes: given.start(
            local[name], {local[key]: value for key, value in attributes.items()} if attributes else {}
        )
        parser.EndElementHandler = lambda name: given.end(local[name])
        parser.CharacterDataHandler = given.text
    else:
        parser.StartElementHandler = _stop
    reading = True
    for piece in pieces:
        if reading:
            try:
                parser.Parse(piece)
            except Done:
                reading = False
    if reading:
        parser.Parse(b"", True)


class _Local(dict[str, str]):
    """Names without their namespace: few, and each comes a thousand times."""

    def __missing__(self, name: str) -> str:
        local = self[name] = name.rpartition(" ")[2]
        return local


def _forbidden(*_: object) -> NoReturn:
    refuse(Reason.UNSAFE_ARCHIVE)


def _stop(*_: object) -> NoReturn:
    raise Done
