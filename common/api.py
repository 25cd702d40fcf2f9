"""API glue: input in, one error shape out, keyset pages."""

from __future__ import annotations

import errno
import json
import logging
import math
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from http import HTTPStatus
from typing import IO, Any, TypeVar

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, JsonResponse
from rest_framework import exceptions
from rest_framework.parsers import JSONParser
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.serializers import Field, Serializer, as_serializer_error

from common import strict_json
from common.errors import (
    Forbidden,
    InvalidInput,
    InvalidJson,
    NoSpace,
    NotAuthenticated,
    NotFound,
    ParleyError,
    Unavailable,
)
from common.reading import Reader

logger = logging.getLogger(__name__)

DISK_IS_FULL = (errno.ENOSPC, errno.EDQUOT)

T = TypeVar("T")
R = TypeVar("R")


def read_input(input_class: type[Serializer[Any]], data: object) -> dict[str, Any]:
    """The validated fields of one REST body, query or socket frame; InvalidInput names each field that is not right."""
    if not isinstance(data, Mapping):
        raise InvalidInput("Send a JSON object.")
    try:
        return _reader(input_class).read(data)
    except exceptions.ValidationError as error:
        raise InvalidInput(fields=_flat(as_serializer_error(error))) from None
    except RecursionError:
        raise InvalidInput("This is nested too deeply.") from None


def read_each(
    input_class: type[Serializer[Any]], given: Iterable[object]
) -> list[dict[str, Any] | ParleyError]:
    """The fields of each, or what is wrong with it: even a bug of ours that one of them finds is its own."""
    read: list[dict[str, Any] | ParleyError] = []
    for data in given:
        try:
            read.append(read_input(input_class, data))
        except InvalidInput as error:
            read.append(error)
        except Exception:
            logger.exception("an input could not be read")
            read.append(ParleyError())
    return read


def run_for_each(ones: Sequence[T | Exception], run: Callable[[list[T]], Sequence[R]]) -> list[R | Exception]:
    """What one `run` makes of all that are right, each in its place; what is wrong stays in its own."""
    made = iter(run([one for one in ones if not isinstance(one, Exception)]))
    return [one if isinstance(one, Exception) else next(made) for one in ones]


@cache
def _reader(input_class: type[Serializer[Any]]) -> Reader:
    return Reader(input_class())


def _flat(errors: Mapping[str, Any], prefix: str = "") -> dict[str, list[str]]:
    """DRF nests the problems of lists and dicts; the wire has one level of dotted names."""
    flat: dict[str, list[str]] = {}
    for name, problems in errors.items():
        if isinstance(problems, Mapping):
            flat |= _flat(problems, f"{prefix}{name}.")
        else:
            flat[f"{prefix}{name}"] = [str(problem) for problem in problems]
    return flat


class StrictJSONParser(JSONParser):
    """DRF's parser lets what is nested too deep, and half a surrogate pair, escape as a 500."""

    def parse(self, stream: IO[Any], *args: Any, **kwargs: Any) -> Any:
        try:
            return strict_json.loads(stream.read().decode())
        except UnicodeDecodeError:
            raise InvalidJson("JSON is UTF-8.") from None


class StrictJSONRenderer(JSONRenderer):
    """As frames are written: Python's own JSON takes twenty times as long, and longest for whoever reads most."""

    def render(self, data: Any, *args: Any, **kwargs: Any) -> bytes:
        return b"" if data is None else strict_json.dumps(data).encode()


# --- errors ---------------------------------------------------------------------------------------------------------

_FRAMEWORK_ERRORS: dict[type[Exception], type[ParleyError]] = {
    exceptions.NotAuthenticated: NotAuthenticated,
    exceptions.AuthenticationFailed: NotAuthenticated,
    exceptions.PermissionDenied: Forbidden,
    exceptions.ParseError: InvalidJson,
    # Too many files, or fields.
    SuspiciousOperation: InvalidInput,
    PermissionDenied: Forbidden,
    Http404: NotFound,
    exceptions.NotFound: NotFound,
    OperationalError: Unavailable,
    InterfaceError: Unavailable,
}


def handle_exception(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """DRF's EXCEPTION_HANDLER: everything we know becomes `{"error": {...}}`; None lets a bug be a logged 500."""
    if isinstance(error, ParleyError):
        return _response(error)
    for known, ours in _FRAMEWORK_ERRORS.items():
        if isinstance(error, known):
            if ours is Unavailable:
                logger.error("the database did not answer", exc_info=error)
            return _response(ours())
    if isinstance(error, OSError) and error.errno in DISK_IS_FULL:
        logger.error("the disk is full", exc_info=error)
        return _response(NoSpace())
    if isinstance(error, exceptions.APIException):
        code = str(error.default_code)
        return Response({"error": {"code": code, "message": str(error.detail)}}, status=error.status_code)
    return None


def _response(error: ParleyError) -> Response:
    headers = {}
    if isinstance(error, NotAuthenticated):
        headers["WWW-Authenticate"] = "Bearer"
    if error.retry_after:
        headers["Retry-After"] = str(math.ceil(error.retry_after))
    return Response({"error": error.body()}, status=error.status, headers=headers)


def not_found(request: HttpRequest, exception: Exception) -> JsonResponse:
    return JsonResponse({"error": NotFound().body()}, status=HTTPStatus.NOT_FOUND)


def server_error(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"error": ParleyError().body()}, status=HTTPStatus.INTERNAL_SERVER_ERROR)


# --- pages ----------------------------------------------------------------------------------------------------------


def pack_cursor(*position: object) -> str:
    return urlsafe_b64encode(json.dumps(position, default=str).encode()).decode().rstrip("=")


def unpack_cursor(cursor: str, *fields: type[Field[Any, Any, Any, Any]]) -> list[Any]:
    """The position that `pack_cursor` packed, each part read as its field; InvalidInput when it is not one of ours."""
    try:
        position = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not isinstance(position, list):
            raise ValueError(position)
        return [field().run_validation(part) for field, part in zip(fields, position, strict=True)]
    except (ValueError, RecursionError, OverflowError, exceptions.ValidationError):
        raise InvalidInput(fields={"cursor": ["This is not a cursor of this list."]}) from None


def cut(
    found: Sequence[T], limit: int, position: Callable[[T], Sequence[object]]
) -> tuple[Sequence[T], str | None]:
    """The page of what was `found`, for which one more was asked, and the cursor that goes on after it, if one does."""
    shown = found[:limit]
    return shown, pack_cursor(*position(shown[-1])) if len(found) > limit else None


def page(results: list[Any], *, next_cursor: str | None) -> Response:
    return Response({"results": results, "next": next_cursor})
