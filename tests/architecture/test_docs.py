"""The walk of one message names what is there: every file and every function can be gone to."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
WALK = (ROOT / "docs" / "architecture.md").read_text()
ROOMS = "accounts|attachments|common|config|delivery|messaging|realtime|work"
NAMES = sorted(set(re.findall(rf"`((?:{ROOMS})(?:\.\w+)+)", WALK)))
FILES = sorted(set(re.findall(r"`((?:[\w.]+/)+[\w.]+\.(?:py|js))`", WALK)))


def is_there(name: str) -> bool:
    """A module, or something in one: the longest part that can be imported holds the rest."""
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        try:
            found: object = import_module(".".join(parts[:length]))
        except ModuleNotFoundError:
            continue
        for part in parts[length:]:
            if not hasattr(found, part):
                return False
            found = getattr(found, part)
        return True
    return False


def test_the_walk_names_something() -> None:
    assert len(NAMES) > 15
    assert len(FILES) > 8
    assert not is_there("messaging.actions.say_nothing")


# What a server loads claims the data for its process: a test may not import it.
@pytest.mark.parametrize("name", [name for name in NAMES if not name.startswith("config.asgi")])
def test_every_name_of_the_walk_is_there(name: str) -> None:
    assert is_there(name)


@pytest.mark.parametrize("file", FILES)
def test_every_file_of_the_walk_is_there(file: str) -> None:
    assert (ROOT / file).is_file()
