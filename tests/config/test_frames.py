"""Plain texts are cut out of what a client sends; everything else the library hears, and as it was sent."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.frames import Frame, Opcode
from websockets.protocol import OPEN, SERVER, Protocol

from config.frames import MAX_MESSAGE, Frames, framed

MASK = b"\x01\x02\x03\x04"
SIZES = [0, 1, 125, 126, 65_535, 65_536]


class Wire:
    """What was cut out, and what the library made of the rest, in the order in which they came."""

    def __init__(self, *, takes: bool = True) -> None:
        self.takes = takes
        self.heard: list[Any] = []
        self.library = Protocol(SERVER, state=OPEN, max_size=MAX_MESSAGE)
        self.cut = Frames(self.take, self.others, most=MAX_MESSAGE)

    def take(self, text: str) -> bool:
        if self.takes:
            self.heard.append(text)
        return self.takes

    def others(self, data: bytes) -> None:
        self.library.receive_data(data)
        self.heard += self.library.events_received()


def sent(frame: Frame) -> bytes:
    """As a client sends it: masked."""
    return frame.serialize(mask=True)


def text(words: str, *, fin: bool = True) -> Frame:
    return Frame(Opcode.TEXT, words.encode(), fin=fin)


PING = Frame(Opcode.PING, b"still there?")
MORE, END = Frame(Opcode.CONT, b"lo, ", fin=False), Frame(Opcode.CONT, b"Bob")

a_text = st.text(max_size=300).map(text)
fragments = st.sampled_from([[text("Hel", fin=False), MORE, PING, END], [text("Hel", fin=False), END]])
others = st.sampled_from([PING, Frame(Opcode.PONG, b""), Frame(Opcode.BINARY, b"\x00" * 200)])
talks = st.lists(a_text.map(lambda one: [one]) | others.map(lambda one: [one]) | fragments, max_size=8)


@given(talks, st.lists(st.integers(1, 400), min_size=1, max_size=20))
def test_in_whatever_pieces_it_comes(talk: list[list[Frame]], pieces: list[int]) -> None:
    frames = [frame for some in talk for frame in some]
    data, wire = b"".join(map(sent, frames)), Wire()
    while data:
        piece, pieces = pieces[0], [*pieces[1:], pieces[0]]
        wire.cut.feed(data[:piece])
        data = data[piece:]
    whole = [
        bytes(frame.data).decode() if frame.opcode is Opcode.TEXT and frame.fin else frame for frame in frames
    ]
    assert wire.heard == whole
    assert wire.library.parser_exc is None


def test_what_is_not_taken_is_the_librarys() -> None:
    wire = Wire(takes=False)
    wire.cut.feed(sent(text("Hello?")) + sent(PING))
    assert wire.heard == [text("Hello?"), PING]


@pytest.mark.parametrize("size", SIZES)
def test_every_way_to_say_a_length(size: int) -> None:
    wire = Wire()
    wire.cut.feed(sent(text("x" * size)))
    assert wire.heard == ["x" * size]


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(text("Hello?").serialize(mask=False), id="not masked"),
        pytest.param(b"\xc1" + sent(text("Hello?"))[1:], id="a bit of an extension"),
        pytest.param(sent(text("Hel", fin=False)) + sent(text("Hello?")), id="a text within another"),
        pytest.param(sent(Frame(Opcode.CONT, b"lo?")), id="goes on with nothing"),
        pytest.param(b"\x89" + sent(text("x" * 126))[1:], id="a long ping"),
        pytest.param(b"\x81\xff" + (MAX_MESSAGE + 1).to_bytes(8) + MASK, id="announces too much"),
        pytest.param(b"\x81\xff" + (2**64 - 1).to_bytes(8) + MASK, id="announces all there is"),
        pytest.param(b"\x83\x80" + MASK, id="an unknown kind"),
    ],
)
def test_what_is_wrong_the_library_says(data: bytes) -> None:
    wire, alone = Wire(), Protocol(SERVER, state=OPEN, max_size=MAX_MESSAGE)
    wire.cut.feed(data)
    alone.receive_data(data)
    assert str(wire.library.parser_exc) == str(alone.parser_exc) != "None"


def test_half_a_letter_is_the_librarys() -> None:
    wire = Wire()
    frame = Frame(Opcode.TEXT, "é".encode()[:1])
    wire.cut.feed(sent(frame))
    assert wire.heard == [frame]


@pytest.mark.parametrize("size", SIZES)
def test_what_we_say_is_framed_as_the_library_does(size: int) -> None:
    words = json.dumps({"body": "ñ" * (size // 2) + "x" * (size % 2)}, ensure_ascii=False)
    assert framed(words) == text(words).serialize(mask=False)
