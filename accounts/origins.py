"""Of which page a request is."""

from __future__ import annotations

from urllib.parse import urlsplit


def foreign_origin(origin: str, host: str) -> str:
    """`""` for a page of our own, in which the widget may be framed, and for programs, which name none."""
    parts = urlsplit(origin)
    return "" if parts.scheme in ("http", "https") and parts.netloc == host else origin
