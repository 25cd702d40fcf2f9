"""Whom and what a text names: `@Ana`, `@task#45`."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable
from unicodedata import normalize
from uuid import UUID

from messaging.models.entities import KEY, REF

# What stands before it would make an address of it.
AT = r"(?<![\w@.+-])@"
ENTITY = re.compile(rf"{AT}({KEY})#({REF})(?!\w)", re.IGNORECASE)

Reference = tuple[str, str]


def members_named(
    body: str, people: Iterable[tuple[UUID, str]], meant: Collection[UUID] = ()
) -> dict[UUID, str]:
    """Member -> as the text names it first. The longest name wins; whatever its case.

    Of several who have one name all are named, or those who are `meant`.
    """
    by_name: defaultdict[str, list[UUID]] = defaultdict(list)
    for id, name in people:
        by_name[_folded(name)].append(id)
    named: dict[UUID, str] = {}
    if "@" in body and by_name:
        for found in _naming(by_name).finditer(body):
            those = by_name[_folded(found[1])]
            for id in [one for one in those if one in meant] or those:
                named.setdefault(id, found[0])
    return named


def entities_named(body: str) -> dict[Reference, str]:
    """(type, ref) -> as the text names it first."""
    named: dict[Reference, str] = {}
    for found in ENTITY.finditer(body):
        named.setdefault((found[1].lower(), found[2]), found[0])
    return named


def _naming(names: Iterable[str]) -> re.Pattern[str]:
    longest_first = sorted({*names, *(normalize("NFD", one) for one in names)}, key=len, reverse=True)
    return re.compile(rf"{AT}({'|'.join(map(re.escape, longest_first))})(?!\w)", re.IGNORECASE)


def _folded(name: str) -> str:
    return normalize("NFC", name).lower()
