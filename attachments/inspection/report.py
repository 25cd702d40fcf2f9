"""What was found, in the words that the rest of the product uses."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from attachments.inspection.reasons import Data, Outcome, Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Produced:
    """A file that the inspection made: the copy to serve ("served"), or a thumbnail by its longer edge ("150").

    The copy of a film or a sound has no width and no height: 0.
    """

    name: str
    path: Path
    mime: str
    width: int
    height: int
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """`metadata` and `text` are a stranger's words: safe to store, to be shown as text only.

    `width` and `height` are the copy's, where it replaces the file; `mime` is always the file's. The metadata may say
    `found`, all that was found and not only the reason: a list of codes.
    """

    outcome: Outcome
    reason: Reason = Reason.NONE
    extension: str = ""
    kind: str = ""
    mime: str = ""
    width: int | None = None
    height: int | None = None
    frames: int | None = None
    pages: int | None = None
    duration: float | None = None
    metadata: Data = field(default_factory=dict)
    text: str = ""
    files: tuple[Produced, ...] = ()
    replaces: bool = False

    @property
    def served(self) -> Produced | None:
        """The copy that people get to see; None where the original is what is served."""
        return next((made for made in self.files if made.name == "served"), None)

    @property
    def replacing(self) -> Produced | None:
        """A copy that is as good and much smaller: kept instead of the file."""
        return self.served if self.replaces else None

    @property
    def thumbnails(self) -> tuple[Produced, ...]:
        return tuple(made for made in self.files if made.name != "served")
