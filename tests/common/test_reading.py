"""The short way of reading an input comes to what the serializer would have said, for whatever is sent."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rest_framework.exceptions import ValidationError
from rest_framework.serializers import Serializer

from common.reading import Reader
from delivery.serializers import MarkInput, MoveReceiptFrame, SyncInput
from messaging.serializers import (
    RenameConversationInput,
    SendMessageFrame,
    SetTypingInput,
    StartConversationInput,
    SwitchFrame,
    TimelineQuery,
)

INPUTS: list[type[Serializer[Any]]] = [
    SendMessageFrame,
    MoveReceiptFrame,
    MarkInput,
    SwitchFrame,
    SetTypingInput,
    RenameConversationInput,
    StartConversationInput,
    SyncInput,
    TimelineQuery,
]
NAMES = sorted({name for one in INPUTS for name in map(str, one().fields)})

ids = st.uuids().map(str)
odd_ids = ids.map(str.upper) | ids.map(lambda id: id.replace("-", "")) | ids.map(lambda id: f"{{{id}}}")
numbers = st.integers() | st.sampled_from([-1, 0, 2**63 - 1, 2**63]) | st.floats()
texts = st.text(max_size=6) | st.sampled_from(
    ["", " ", " x ", "\0", "x" * 121, "x" * 5001, "true", "7", "a.b"]
)
values: st.SearchStrategy[Any] = (
    ids | odd_ids | texts | numbers | st.booleans() | st.none() | st.just([]) | st.just({}) | st.lists(ids)
)


@pytest.mark.parametrize("input_class", INPUTS)
@given(given=st.dictionaries(st.sampled_from(NAMES), values))
def test_it_says_what_the_serializer_says(input_class: type[Serializer[Any]], given: dict[str, Any]) -> None:
    assert said(Reader(input_class()).read, given) == said(input_class().run_validation, given)


@given(st.fixed_dictionaries({"conversation": ids, "client_id": ids, "body": st.text()}))
def test_of_what_is_nearly_always_sent_too(given: dict[str, Any]) -> None:
    assert said(Reader(SendMessageFrame()).read, given) == said(SendMessageFrame().run_validation, given)


def test_the_serializer_is_not_asked_about_what_is_plainly_right(monkeypatch: pytest.MonkeyPatch) -> None:
    reader = Reader(SendMessageFrame())
    monkeypatch.setattr(SendMessageFrame, "run_validation", None)
    sent = {"conversation": str(uuid4()), "client_id": str(uuid4()), "body": "¿Hola?", "attachments": []}
    assert reader.read(sent)["body"] == "¿Hola?"


def said(read: Any, given: dict[str, Any]) -> Any:
    """What was read, each value with its type; or what was wrong."""
    try:
        return {name: (type(value), value) for name, value in read(given).items()}
    except ValidationError as error:
        return error.detail
