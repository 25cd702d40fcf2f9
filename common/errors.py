"""One tree of errors, translated at two edges only: the API's exception handler and the socket consumer.

ParleyError
├── InvalidInput        400  the fields are named
├── NotAuthenticated    401
├── Forbidden           403  an insider who lacks a right (an outsider gets NotFound)
├── NotFound            404
├── Conflict            409  the state moved on
├── TooLarge            413
├── FileRefused         415  the code says why
├── FilesRefused             of several: the code and the status of the first
├── RateLimited         429  carries retry_after
├── Unavailable         503  temporary
└── NoSpace             507  the disk is full
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from itertools import islice
from typing import Any, ClassVar, NotRequired, TypedDict

# Whoever sends a thousand bad fields learns of the first ones: an error is not to outgrow what it answers.
FIELDS_NAMED = 20

Problems = Mapping[str, Sequence[str]]


class RefusedFile(TypedDict):
    name: str
    error: ErrorBody


class ErrorBody(TypedDict):
    code: str
    message: str
    files: NotRequired[list[RefusedFile]]
    fields: NotRequired[dict[str, list[str]]]
    current: NotRequired[Mapping[str, Any]]


class ParleyError(Exception):
    code: ClassVar[str] = "internal"
    status: ClassVar[HTTPStatus] = HTTPStatus.INTERNAL_SERVER_ERROR
    temporary: ClassVar[bool] = False
    default: ClassVar[str] = "Something went wrong on our side."

    def __init__(self, message: str = "", *, retry_after: float | None = None) -> None:
        self.message = message or self.default
        self.retry_after = retry_after
        super().__init__(self.message)

    def body(self) -> ErrorBody:
        return {"code": self.code, "message": self.message}


class InvalidInput(ParleyError):
    code = "invalid_input"
    status = HTTPStatus.BAD_REQUEST
    default = "Some fields are not right."

    def __init__(self, message: str = "", *, fields: Problems | None = None) -> None:
        super().__init__(message)
        named = islice((fields or {}).items(), FIELDS_NAMED)
        self.fields = {name[:100]: list(problems) for name, problems in named}

    def body(self) -> ErrorBody:
        return {**super().body(), "fields": self.fields} if self.fields else super().body()


class InvalidJson(InvalidInput):
    code = "invalid_json"
    default = "This is not valid JSON."


class UnknownType(InvalidInput):
    code = "unknown_type"
    default = "No command has this type."


class NotAuthenticated(ParleyError):
    code = "not_authenticated"
    status = HTTPStatus.UNAUTHORIZED
    default = "Sign in, or send a valid token."


class Forbidden(ParleyError):
    code = "forbidden"
    status = HTTPStatus.FORBIDDEN
    default = "You may see this, but not do that."


class NotFound(ParleyError):
    code = "not_found"
    status = HTTPStatus.NOT_FOUND
    default = "There is no such thing here."


class Conflict(ParleyError):
    """`current`: the state that it moved on to, as the wire has it."""

    code = "conflict"
    status = HTTPStatus.CONFLICT
    default = "Someone else was faster; look again."

    def __init__(self, message: str = "", *, current: Mapping[str, Any] | None = None) -> None:
        super().__init__(message)
        self.current = current

    def body(self) -> ErrorBody:
        return {**super().body(), "current": self.current} if self.current else super().body()


class TooLarge(ParleyError):
    code = "too_large"
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    default = "This is larger than allowed."


class FileRefused(ParleyError):
    """`code` is the reason, of those in docs/protocol.md."""

    status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE
    default = "This file is not taken here."

    def __init__(self, code: str, message: str = "") -> None:
        super().__init__(message)
        self.code = code  # type: ignore[misc]  # each class but this one has one code


class FilesRefused(ParleyError):
    """Those that were refused of several, by name: nothing was done with any of them."""

    def __init__(self, refused: Sequence[tuple[str, ParleyError]]) -> None:
        first = refused[0][1]
        super().__init__(first.message, retry_after=first.retry_after)
        self.code, self.status = first.code, first.status  # type: ignore[misc]  # as FileRefused
        self.refused = refused

    def body(self) -> ErrorBody:
        files: list[RefusedFile] = [{"name": name, "error": error.body()} for name, error in self.refused]
        return {**super().body(), "files": files}


class RateLimited(ParleyError):
    code = "rate_limited"
    status = HTTPStatus.TOO_MANY_REQUESTS
    temporary = True
    default = "Too fast. Wait a moment."


class Unavailable(ParleyError):
    code = "unavailable"
    status = HTTPStatus.SERVICE_UNAVAILABLE
    temporary = True
    default = "The server is busy. Try again in a moment."


class NoSpace(ParleyError):
    code = "no_space"
    status = HTTPStatus.INSUFFICIENT_STORAGE
    temporary = True
    default = "The server has no room for this now. Try again later."
