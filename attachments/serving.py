"""Bytes on their way out: a range of them, or none where the browser has them (RFC 9110, 13 and 14)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from http import HTTPStatus

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header, parse_etags, quote_etag

from attachments import storage

PIECE = 256 * 1024
# One range, from its first byte to its last or to the end, or so many at the end. Of thousands of digits Python makes
# no number.
RANGE = re.compile(r"bytes=(?:(\d{1,18})-(\d{0,18})|-(\d{1,18}))$")
# What is shown in a page runs nothing, loads nothing, and is nobody's origin.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; media-src 'self'; img-src 'self'; sandbox"
# Asked for again each time, since a right may have ended; but not sent again.
CACHE = "private, no-cache"


def serve(key: str, *, name: str, mime: str, inline: bool, headers: Mapping[str, str]) -> HttpResponseBase:
    """The bytes at `key`, which never change. `headers`: those of the request."""
    etag = quote_etag(key.rpartition("/")[2])
    if etag in parse_etags(headers.get("If-None-Match", "")):
        response: HttpResponseBase = HttpResponse(status=HTTPStatus.NOT_MODIFIED)
    else:
        asked_for = headers.get("Range", "") if headers.get("If-Range", etag) == etag else ""
        response = _bytes(key, asked_for)
    response["ETag"] = etag
    response["Cache-Control"] = CACHE
    response["Content-Type"] = mime
    response["Content-Disposition"] = content_disposition_header(not inline, name) or "attachment"
    response["Content-Security-Policy"] = POLICY
    response["Accept-Ranges"] = "bytes"
    return response


def _bytes(key: str, asked_for: str) -> HttpResponseBase:
    size = storage.bytes_of().size(key)
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
