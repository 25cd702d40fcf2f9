"""The words that the child and the report share, without what takes long to import: each child waits for it."""

from __future__ import annotations

from enum import StrEnum

Data = dict[str, str | int | float | bool | list[str]]

MAX_TEXT = 20_000
# A picture that is no larger, in bytes, is not made smaller; and one that is may not be more than this part of it.
SMALL_ENOUGH = 256 * 1024
WORTH_IT = 0.9
# What asks the child for it.
SMALLER = "smaller"


class Outcome(StrEnum):
    ACCEPTED = "accepted"
    HELD = "held"
    REFUSED = "refused"


class Reason(StrEnum):
    """Why a file is not simply accepted. The same reason may refuse one file and hold another."""

    NONE = ""
    EMPTY = "empty"
    UNSAFE_NAME = "unsafe_name"
    TYPE_NOT_ALLOWED = "type_not_allowed"
    TYPE_MISMATCH = "type_mismatch"
    BROKEN = "broken"
    TOO_LARGE_INSIDE = "too_large_inside"
    UNSAFE_ARCHIVE = "unsafe_archive"
    # Two files in one: the other is seen by whoever reads from the end.
    POLYGLOT = "polyglot"
    # Refused under the name of a format that has none, held in one that may.
    MACROS = "macros"
    ENCRYPTED = "encrypted"
    # It acts, or holds what acts, when it is opened: scripts, launched programs, embedded objects, DDE.
    ACTIVE_CONTENT = "active_content"
    # It fetches something from elsewhere when it is opened.
    EXTERNAL_CONTENT = "external_content"
    # An extension that something may run stands before the last one.
    DOUBLE_EXTENSION = "double_extension"
