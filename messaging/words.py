"""How a text is taken apart into words, and which of them were looked for. Knows no database.

A word is what both databases take for one: a run of letters and digits. Accents and case make no difference. There is
no stemming: our three languages are said in the same conversations, and what is right for one is wrong for another.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from unicodedata import normalize

WORD = re.compile(r"[^\W_]+")
ACCENTS = re.compile("[\u0300-\u036f]")
# Letters that carry their accents beside them.
WRITTEN = re.compile("[^\\W_][^\\W_\u0300-\u036f]*(?:[\u0300-\u036f]+[^\\W_]*)*")

EXCERPT = 200
BEFORE = 60

Span = tuple[int, int]
# What is said, in parts: whether each is what was looked for.
Excerpt = list[tuple[str, bool]]


def fold(text: str) -> str:
    """As the function `messaging_words` of our PostgreSQL does it (migration 0009)."""
    return text.lower() if text.isascii() else ACCENTS.sub("", normalize("NFKD", text.lower())).lower()


def folded_words(text: str) -> tuple[str, ...]:
    return tuple(WORD.findall(fold(text)))


@dataclass(frozen=True, slots=True)
class Term:
    """Words that stand together in this order, as they were typed; the last may go on."""

    words: tuple[str, ...]
    goes_on: bool = False

    @property
    def folded(self) -> tuple[str, ...]:
        return folded_words(" ".join(self.words))


def terms_of(typed: str) -> list[Term]:
    """All of them are looked for. Of what is typed only its words matter, and "quotes"; nothing is an operator."""
    parts = normalize("NFC", typed).split('"')
    if len(parts) % 2 == 0:
        # A quote that is not closed yet.
        parts[-2:] = [" ".join(parts[-2:])]
    terms = [term for place, part in enumerate(parts) for term in _terms(part, is_phrase=place % 2 == 1)]
    if terms and WORD.search(parts[-1]):
        terms[-1] = Term(terms[-1].words, goes_on=True)
    return list(dict.fromkeys(terms))


def _terms(part: str, *, is_phrase: bool) -> Iterator[Term]:
    words = WORD.findall(part)
    if is_phrase and words:
        yield Term(tuple(words))
    elif not is_phrase:
        yield from (Term((word,)) for word in words)


# --- excerpts -------------------------------------------------------------------------------------------------------


def excerpt_of(body: str, terms: list[Term]) -> Excerpt:
    """Some 200 characters around the first match; all of them joined are what is shown."""
    matches = _matches(body, terms)
    begin, end = _window(body, matches[0][0] if matches else 0)
    parts: Excerpt = [("…", False)] if begin else []
    place = begin
    for first, last in _within(begin, end, matches):
        parts += [(body[place:first], False), (body[first:last], True)]
        place = last
    parts += [(body[place:end], False), ("…" if end < len(body) else "", False)]
    return _joined(parts)


def _window(body: str, first: int) -> Span:
    """Between words, where there are spaces."""
    begin = max(0, min(first - BEFORE, len(body) - EXCERPT))
    end = min(len(body), begin + EXCERPT)
    if begin:
        begin = max(begin, 1 + body.find(" ", begin, first))
    if end < len(body):
        space = body.rfind(" ", first, end)
        end = space if space > first else end
    return begin, end


def _within(begin: int, end: int, spans: list[Span]) -> Iterator[Span]:
    for first, last in spans:
        if first < end and last > begin:
            yield max(begin, first), min(end, last)


def _joined(parts: Excerpt) -> Excerpt:
    filled = [part for part in parts if part[0]]
    return [("".join(text for text, _ in same), marked) for marked, same in groupby(filled, itemgetter(1))]


def _matches(body: str, terms: list[Term]) -> list[Span]:
    """In order, and none within another."""
    spans, words = _folded_with_spans(body)
    found = {span for term in terms for span in _matches_of(term, spans, words)}
    apart: list[Span] = []
    for first, last in sorted(found):
        if apart and first < apart[-1][1]:
            apart[-1] = apart[-1][0], max(last, apart[-1][1])
        else:
            apart.append((first, last))
    return apart


def _folded_with_spans(body: str) -> tuple[list[Span], list[str]]:
    """A word that is several when it is folded (½) stands for each of them."""
    known: dict[str, tuple[str, ...]] = {}
    spans, words = [], []
    for match in WRITTEN.finditer(body):
        written = match[0]
        if written not in known:
            known[written] = folded_words(written)
        for word in known[written]:
            spans.append(match.span())
            words.append(word)
    return spans, words


def _matches_of(term: Term, spans: list[Span], words: list[str]) -> Iterator[Span]:
    wanted = term.folded
    if not wanted:
        return
    *all_but_last, last = wanted
    before = len(all_but_last)
    for place in range(before, len(words)):
        word = words[place]
        is_last = word.startswith(last) if term.goes_on else word == last
        if is_last and words[place - before : place] == all_but_last:
            yield spans[place - before][0], spans[place][1]
