"""What the desk keeps."""

from desk.models.assignments import Assignment, State
from desk.models.canned import MAX_REPLY, MAX_SHORTCUT, SHORTCUT, CannedReply
from desk.models.ratings import MAX_COMMENT, Rating

__all__ = [
    "MAX_COMMENT",
    "MAX_REPLY",
    "MAX_SHORTCUT",
    "SHORTCUT",
    "Assignment",
    "CannedReply",
    "Rating",
    "State",
]
