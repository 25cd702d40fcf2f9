"""Stories as each of their people hears them, written down: the frames of every step, and a fresh snapshot after it.

`tests/js/golden.test.js` plays them to the browser's store: snapshot + frames must equal the fresh snapshot. A change
of the wire shows as a changed file here; `UPDATE_GOLDEN=1` writes the files anew.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from delivery.queries import Cursors, sync
from tests.cast import Cast, Person
from tests.conftest import Published
from tests.protocol.stories import PAGE, STORIES, Stage, Story

GOLDEN = Path(__file__).parent / "golden"
HINT = "the wire has changed; if that is meant: UPDATE_GOLDEN=1 pytest tests/protocol/test_golden.py"
UUID_TEXT = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
TIME_TEXT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[\d.]*(?:Z|[+-]\d\d:\d\d)")


@pytest.mark.parametrize(
    ("name", "viewer"), [(name, who) for name in STORIES for who in STORIES[name].viewers]
)
def test_the_wire_is_as_written(cast: Cast, published: Published, name: str, viewer: str) -> None:
    played = written(play(STORIES[name], cast, viewer, published), lines=4) + "\n"
    golden = GOLDEN / f"{name}-{viewer}.json"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(played)
    assert golden.exists(), HINT
    assert golden.read_text() == played, HINT


def test_every_file_has_its_story() -> None:
    told = {f"{name}-{who}.json" for name, story in STORIES.items() for who in story.viewers}
    assert {path.name for path in GOLDEN.glob("*.json")} == told


def play(story: Story, cast: Cast, viewer: str, published: Published) -> Any:
    stage, stable = Stage(cast), Stable(cast)
    person: Person = getattr(cast, viewer)
    for _, act in story.before:
        act(stage)
    published()
    before = sync(person.actor, cursors={}, limit=PAGE)
    played = {
        "viewer": {"id": viewer, "role": person.member.role},
        "page": story.page,
        "start": stable(before),
    }
    steps = list(_steps(story, stage, person, stable, published, before))
    missed = sync(person.actor, cursors=_cursors(before), limit=story.page)
    return {**played, "steps": steps, "sync": stable(missed)}


def _steps(
    story: Story, stage: Stage, viewer: Person, stable: Stable, published: Published, before: Any
) -> Iterator[Any]:
    """`sync` answers the cursors of the step before: those of a client that heard nothing of this step."""
    for name, act in story.steps:
        act(stage)
        frames = [event.frame() for event, audience in published() if viewer.member.id in audience]
        missed = sync(viewer.actor, cursors=_cursors(before), limit=story.page)
        before = sync(viewer.actor, cursors={}, limit=story.page)
        told = [_heads(before)] if story.away else frames
        yield {"step": name, **stable({"frames": told, "sync": missed, "snapshot": before})}


def _cursors(answer: Any) -> Cursors:
    infos = [one["conversation"] for one in answer["conversations"]]
    return {UUID(info["id"]): (info["version"], info["receipt_version"]) for info in infos}


def _heads(answer: Any) -> Any:
    return {"type": "heads", "cursors": {str(id): cursor for id, cursor in _cursors(answer).items()}}


class Stable:
    """Makes what differs from run to run the same: people are called by name, ids by number, and all that is first
    seen at one step happened in the same minute."""

    def __init__(self, cast: Cast) -> None:
        people = (getattr(cast, name) for name in cast.__slots__)
        self.names = {one.id: one.member.name.lower() for one in people if isinstance(one, Person)}
        self.times: dict[str, str] = {}
        self.minute = -1

    def __call__(self, frames: Any) -> Any:
        self.minute += 1
        text = json.dumps(frames)
        text = UUID_TEXT.sub(lambda found: self.names.setdefault(found[0], f"id-{len(self.names)}"), text)
        now = f"2026-11-21T09:{self.minute:02}:00.000Z"
        text = TIME_TEXT.sub(lambda found: self.times.setdefault(found[0], now), text)
        return json.loads(text, object_hook=_people_in_order)


def _people_in_order(frame: dict[str, Any]) -> dict[str, Any]:
    """People who came at the same moment come in no order."""
    if "participants" in frame:
        frame["participants"].sort(key=lambda one: one["member"]["name"])
    if "watermarks" in frame:
        frame["watermarks"].sort()
    return frame


def written(value: Any, *, lines: int) -> str:
    """JSON with a line for each frame, so that a change is seen where it is."""
    if not lines or not isinstance(value, dict | list) or not value:
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, list):
        return "[\n" + ",\n".join(written(one, lines=lines - 1) for one in value) + "\n]"
    inside = (f"{json.dumps(name)}: {written(one, lines=lines - 1)}" for name, one in value.items())
    return "{\n" + ",\n".join(inside) + "\n}"
