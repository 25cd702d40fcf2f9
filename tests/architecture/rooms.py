"""The rooms of the house, from the top floor down. Calls and foreign keys go down only."""

from __future__ import annotations

FLOORS = (
    ("config",),
    ("desk", "portal"),
    ("delivery",),
    ("messaging",),
    ("attachments", "presence"),
    ("accounts",),
    ("realtime", "work"),
    ("common",),
)
ROOMS = tuple(room for floor in FLOORS for room in floor)


def floor_of(room: str) -> int:
    """Counted from the ground."""
    return next(height for height, floor in enumerate(reversed(FLOORS)) if room in floor)
