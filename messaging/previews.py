"""The page that a message links to: which it is, and what it says of itself.

No page of a stranger makes this fail, and what is taken from it is text.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from html.parser import HTMLParser
from unicodedata import category
from urllib.parse import urlsplit

from common.fetching import FetchFailed, fetch
from messaging.models import Message, MessageKind
from messaging.models.previews import MAX_DESCRIPTION, MAX_LINK, MAX_SITE, MAX_TITLE

SECONDS = 5.0
PAGE_BYTES = 256 * 1024
REDIRECTS = 3
HTML = ("text/html", "application/xhtml+xml")
LINK = re.compile(r"""https?://[^\s\x00-\x1f<>"'`{}|\\^]+""", re.IGNORECASE)


def link_of(message: Message) -> str:
    """Its own, or the first in its text; empty where there is none."""
    if message.kind != MessageKind.TEXT or message.deleted_at:
        return ""
    return message.link_url or link_in(message.body)


def link_in(text: str) -> str:
    """Without what ends the sentence around it."""
    found = LINK.search(text)
    if not found:
        return ""
    link = found[0].rstrip(".,;:!?*_~…")
    if "(" not in link:
        link = link.rstrip(")].,;:!?")
    return link if len(link) <= MAX_LINK else ""


@dataclass(frozen=True, slots=True)
class Page:
    title: str
    description: str
    site: str


def look_at(url: str) -> Page | None:
    """None where there is nothing to show."""
    try:
        answer = fetch(
            url, seconds=SECONDS, limit=PAGE_BYTES, redirects=REDIRECTS, headers={"Accept": ", ".join(HTML)}
        )
    except FetchFailed:
        return None
    kind = answer.content_type.partition(";")[0].strip().lower()
    if answer.status != 200 or kind not in HTML:
        return None
    return read_page(answer.body, answer.content_type, host=urlsplit(url).hostname or "")


def read_page(html: bytes, content_type: str = "", *, host: str = "") -> Page | None:
    """By OpenGraph, or else by its title and description; None where it has neither."""
    head = _read_head(_decoded(html, content_type))
    title = _clean(head.said.get("og:title") or head.title, MAX_TITLE)
    description = _clean(head.said.get("og:description") or head.said.get("description", ""), MAX_DESCRIPTION)
    site = _clean(head.said.get("og:site_name", "") or host.removeprefix("www."), MAX_SITE)
    return Page(title, description, site) if title or description else None


# --- its head -------------------------------------------------------------------------------------------------------

TOLD = ("og:title", "og:description", "og:site_name", "description")
PIECE = 8 * 1024


class _Head(HTMLParser):
    """What is said first counts. Nothing is looked at after the head."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: dict[str, str] = {}
        self.is_over = False
        self._title: list[str] = []
        self._in_title = self._had_title = False

    @property
    def title(self) -> str:
        return "".join(self._title)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "meta":
            self._note({name: value or "" for name, value in attrs})
        elif tag == "title" and not self._had_title:
            self._in_title = self._had_title = True
        elif tag == "body":
            self.is_over = True

    def handle_endtag(self, tag: str) -> None:
        if tag == "title":
            self._in_title = False
        elif tag == "head":
            self.is_over = True

    def handle_data(self, data: str) -> None:
        if self._in_title and not self.is_over:
            self._title.append(data)

    def _note(self, meta: dict[str, str]) -> None:
        name = (meta.get("property") or meta.get("name") or "").strip().lower()
        if name in TOLD and not self.is_over:
            self.said.setdefault(name, meta.get("content", ""))


def _read_head(text: str) -> _Head:
    """Never `close`d: then it would look at what is left unfinished again and again."""
    head = _Head()
    for start in range(0, len(text), PIECE):
        try:
            head.feed(text[start : start + PIECE])
        except AssertionError:
            # So it answers what it cannot make sense of; what it read before stands.
            break
        if head.is_over:
            break
    return head


# --- its letters ----------------------------------------------------------------------------------------------------

CHARSET = re.compile(rb"""charset\s*=\s*["']?\s*([\w.:-]{1,40})""", re.IGNORECASE)
# Those of the web: Python has others, which unpack, or take their time.
ENCODINGS = re.compile(
    r"utf-8|utf-16(-[lb]e)?|ascii|iso8859-\d+|cp(125\d|874|866|932|949|950)|koi8-[ru]|mac-roman"
    r"|shift_jis|euc_(jp|kr)|iso2022_jp|gb(k|2312|18030)|big5(hkscs)?"
)
# They turn the letters around, or hide.
UNSEEN = frozenset("\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff")


def _decoded(html: bytes, content_type: str) -> str:
    said = CHARSET.search(content_type.encode(errors="replace")) or CHARSET.search(html[:2048])
    return html.decode(_encoding(said[1].decode(errors="replace")) if said else "utf-8", errors="replace")


def _encoding(name: str) -> str:
    try:
        found = codecs.lookup(name).name
    except (LookupError, ValueError):
        return "utf-8"
    return found if ENCODINGS.fullmatch(found) else "utf-8"


def _clean(text: str, longest: int) -> str:
    """One line of what can be seen, at most so long."""
    line = " ".join(text[: 20 * longest].split())
    seen = "".join(one for one in line if one not in UNSEEN and category(one) not in ("Cc", "Cs", "Co", "Cn"))
    return seen if len(seen) <= longest else seen[: longest - 1].rstrip() + "…"
