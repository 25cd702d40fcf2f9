"""Bytes on their way out: a range of them, or none where the browser has them (RFC 9110, 13 and 14)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import quote

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header, parse_etags, quote_etag

from attachments import storage
from attachments.access import NO_FILE
from attachments.filing import MIMES, beside
from attachments.inspection.kinds import Kind
from attachments.models import Attachment
from common.errors import NotFound

PIECE = 256 * 1024
# One range, from its first byte to its last or to the end, or so many at the end. Of thousands of digits Python makes
# no number.
RANGE = re.compile(r"bytes=(?:(\d{1,18})-(\d{0,18})|-(\d{1,18}))$")
# What is shown in a page runs nothing, loads nothing, and is nobody's origin.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; media-src 'self'; img-src 'self'; sandbox"
# A browser's viewer of documents stands in a frame of our pages.
FRAMED = f"{POLICY}; frame-ancestors 'self' {settings.PUBLIC_URL}"
# Asked for again each time, since a right may have ended; but not sent again.
CACHE = "private, no-cache"
PLAYED = (Kind.AUDIO, Kind.VIDEO)
SHOWN = (*PLAYED, Kind.PDF)
PDF = "application/pdf"


@dataclass(frozen=True, slots=True)
class Copy:
    """What is given of a file, and as what."""

    key: str
    name: str
    mime: str
    inline: bool

    @property
    def is_framed(self) -> bool:
        return self.inline and self.mime == PDF

    @property
    def disposition(self) -> str:
        return content_disposition_header(not self.inline, self.name) or "attachment"


def copy_of(file: Attachment, size: int | None, *, inline: bool) -> Copy:
    """Of an image, what was made of it: upright, and without what its camera wrote. Nobody is given the original."""
    key, extension = _made_of(file, size)
    return Copy(
        key,
        name=_renamed(file.name, extension) if extension else file.name,
        mime=MIMES[extension] if extension else file.mime,
        inline=inline and bool(extension or file.kind in SHOWN),
    )


def _renamed(name: str, extension: str) -> str:
    """What a system drops at the end of a name is no part of it: photo.png. -> photo.jpg"""
    bare = name.rstrip(". ")
    return f"{bare.rpartition('.')[0] or bare}.{extension}"


def _made_of(file: Attachment, size: int | None) -> tuple[str, str]:
    """Its key, and the extension of what was made of it; none for the file as it is."""
    if size is None:
        made = "served", file.served_extension
    else:
        thumbnail = file.thumbnails.filter(size=size).first()
        if thumbnail is None:
            raise NotFound(NO_FILE)
        made = str(size), thumbnail.extension
    return (beside(file.key, *made), made[1]) if made[1] else (file.key, "")


def shown_copy_of(file: Attachment) -> Copy | None:
    """For whoever may look at it and not have it. None where there is nothing but its text to be shown."""
    if file.served_extension or file.kind in PLAYED:
        return copy_of(file, None, inline=True)
    largest = file.thumbnails.order_by("-size").first()
    return copy_of(file, largest.size, inline=True) if largest else None


def show_text(text: str) -> HttpResponse:
    """What was read out of a document."""
    response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = "inline"
    response["Content-Security-Policy"] = POLICY
    return response


def send(
    copy: Copy, headers: Mapping[str, str], *, method: str | None, cache: str = CACHE
) -> HttpResponseBase:
    """By an address elsewhere that holds for a while, where the storage has one; else its bytes."""
    elsewhere = storage.address_of(
        copy.key, method=method or "GET", mime=copy.mime, disposition=copy.disposition, cache=cache
    )
    return HttpResponseRedirect(elsewhere) if elsewhere else serve(copy, headers, method=method, cache=cache)


def serve(
    copy: Copy, headers: Mapping[str, str], *, method: str | None, cache: str = CACHE
) -> HttpResponseBase:
    """Its bytes, which never change. `headers`: those of the request. NotFound when they are gone."""
    etag = quote_etag(copy.key.rpartition("/")[2])
    if {etag, "*"} & set(parse_etags(headers.get("If-None-Match", ""))):
        response: HttpResponseBase = HttpResponse(status=HTTPStatus.NOT_MODIFIED)
    else:
        response = _whole_or_part(copy.key, etag, headers)
    response["ETag"] = etag
    response["Cache-Control"] = cache
    response["Content-Type"] = copy.mime
    response["Content-Disposition"] = copy.disposition
    response["Content-Security-Policy"] = POLICY
    if copy.is_framed:
        response["Content-Security-Policy"] = FRAMED
        # The older header knows no origin but our own.
        response.xframe_options_exempt = True  # type: ignore[attr-defined]
    return _head_of(response) if method == "HEAD" else response


def _head_of(response: HttpResponseBase) -> HttpResponse:
    """Daphne sends what is streamed after a HEAD, too: a browser would take it for its next answer."""
    return HttpResponse(status=response.status_code, headers=dict(response.items()))


def _whole_or_part(key: str, etag: str, headers: Mapping[str, str]) -> HttpResponseBase:
    try:
        size = storage.bytes_of().size(key)
    except FileNotFoundError:
        # Purged since its row was read.
        raise NotFound(NO_FILE) from None
    if settings.FILES_ACCEL:
        return HttpResponse(headers={"X-Accel-Redirect": settings.FILES_ACCEL + quote(key)})
    response = _bytes(key, size, headers.get("Range", "") if headers.get("If-Range", etag) == etag else "")
    response["Accept-Ranges"] = "bytes"
    return response


def _bytes(key: str, size: int, asked_for: str) -> HttpResponseBase:
    wanted = range_of(asked_for, size)
    if wanted is None:
        return _stream(key, range(size), HTTPStatus.OK)
    if not wanted:
        return HttpResponse(
            status=HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, headers={"Content-Range": f"bytes */{size}"}
        )
    response = _stream(key, wanted, HTTPStatus.PARTIAL_CONTENT)
    response["Content-Range"] = f"bytes {wanted.start}-{wanted.stop - 1}/{size}"
    return response


def range_of(asked_for: str, size: int) -> range | None:
    """Of a Range header; None for all there is, also where it is not understood; empty where nothing lies in it."""
    match = RANGE.match(asked_for.strip())
    if match is None:
        return None
    first, last, at_the_end = match.groups()
    if at_the_end:
        return range(max(0, size - int(at_the_end)), size)
    if last and int(last) < int(first):
        return None
    return range(int(first), min(int(last) + 1, size) if last else size)


def _stream(key: str, wanted: range, status: HTTPStatus) -> HttpResponseBase:
    response = StreamingHttpResponse(_pieces(key, wanted), status=status)
    response["Content-Length"] = str(len(wanted))
    return response


def _pieces(key: str, wanted: range) -> Iterator[bytes]:
    """Opened when the first is asked for: nobody asks after a HEAD."""
    with storage.bytes_of().open(key) as source:
        source.seek(wanted.start)
        left = len(wanted)
        while left and (piece := source.read(min(PIECE, left))):
            left -= len(piece)
            yield piece
