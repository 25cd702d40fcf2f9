"""What `make static` made of the browser's half: served in place of its sources, for as long as they are what it was
made of.
"""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

STAMP = "made-of.txt"
KINDS = {".js", ".css"}


def directories(sources: Path, made: Path) -> list[Path]:
    """Where static files are looked for, the first first."""
    return [made, sources] if is_made_of(sources, made) else [sources]


def is_made_of(sources: Path, made: Path) -> bool:
    try:
        stamp = (made / STAMP).read_text()
    except OSError:
        return False
    return stamp == digest(sources)


def digest(sources: Path) -> str:
    """As deploy/bundle.js counts it."""
    hash = sha256()
    found = (file for file in sources.rglob("*") if file.suffix in KINDS)
    for name in sorted(file.relative_to(sources).as_posix() for file in found):
        hash.update(f"{name}\n".encode())
        hash.update((sources / name).read_bytes())
    return hash.hexdigest()
