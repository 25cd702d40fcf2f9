"""What one socket looks at besides its member's own news. It ends with the socket: nothing of it is stored."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID


@dataclass(slots=True)
class Attention:
    """Commands change it. `untold`: news of the people it watches, until the socket can take it."""

    opened_at: float = field(default_factory=time.time)
    is_away: bool = False
    people: frozenset[UUID] = frozenset()
    subjects: frozenset[str] = frozenset()
    untold: dict[str, Any] = field(default_factory=dict)
