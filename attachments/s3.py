"""Bytes in a bucket of S3, or of what speaks as it does. Its module is imported only where FILES_URL names one."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property
from http import HTTPStatus
from io import BufferedReader, RawIOBase
from typing import Any

from boto3.session import Session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files import File
from django.core.files.storage import Storage

from common.errors import NoSpace, Unavailable

logger = logging.getLogger(__name__)

BUFFER = 256 * 1024
NO_STORE = "The files cannot be reached now. Try again in a moment."
PRESIGNED = {"GET": "get_object", "HEAD": "head_object"}
# What is smaller is billed as if it were so large where keeping is cheap.
WORTH_COOLING = 128 * 1024


@contextmanager
def asking() -> Iterator[None]:
    """FileNotFoundError for what is not there; Unavailable while the bucket is not to be had, whatever the reason."""
    try:
        yield
    except ClientError as error:
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode")
        if status == HTTPStatus.NOT_FOUND and code_of(error) != "NoSuchBucket":
            raise FileNotFoundError from error
        logger.exception("the bucket refused")
        raise (NoSpace if status == HTTPStatus.INSUFFICIENT_STORAGE else Unavailable)(NO_STORE) from error
    except BotoCoreError as error:
        logger.exception("the bucket did not answer")
        raise Unavailable(NO_STORE) from error


def code_of(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


class S3Storage(Storage):
    """`credentials`: those of boto3's session; without them it looks where every program of AWS's does."""

    def __init__(
        self,
        *,
        bucket: str,
        prefix: str,
        endpoint_url: str,
        region_name: str,
        addressing_style: str,
        credentials: Mapping[str, str],
    ) -> None:
        self._bucket, self._prefix = bucket, f"{prefix}/" if prefix else ""
        self._session = {**credentials, "region_name": region_name or None}
        self._endpoint_url, self._addressing_style = endpoint_url, addressing_style

    @cached_property
    def _client(self) -> Any:
        """One for all threads."""
        config = Config(
            signature_version="s3v4",
            s3={"addressing_style": self._addressing_style},
            connect_timeout=3,
            read_timeout=10,
            retries={"mode": "standard", "total_max_attempts": 2},
            max_pool_connections=32,
            # Not every service knows the checksums that AWS's own asks for.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )
        return Session(**self._session).client("s3", endpoint_url=self._endpoint_url, config=config)

    def _at(self, name: str) -> dict[str, str]:
        return {"Bucket": self._bucket, "Key": self._prefix + name}

    # --- what Django asks of a storage ------------------------------------------------------------------------------

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """Nobody has thought of it before: see `attachments.filing`."""
        return name

    def _save(self, name: str, content: File[bytes]) -> str:
        with asking():
            self._client.put_object(**self._at(name), Body=content)
        return name

    def _open(self, name: str, mode: str = "rb") -> File[bytes]:
        return File(BufferedReader(_Object(self._client, self._at(name)), BUFFER), name)

    def delete(self, name: str) -> None:
        with asking():
            self._client.delete_object(**self._at(name))

    def exists(self, name: str) -> bool:
        try:
            return bool(self._head(name))
        except FileNotFoundError:
            return False

    def size(self, name: str) -> int:
        return int(self._head(name)["ContentLength"])

    def get_modified_time(self, name: str) -> datetime:
        moment: datetime = self._head(name)["LastModified"]
        return moment

    def _head(self, name: str) -> Any:
        with asking():
            return self._client.head_object(**self._at(name))

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        prefix = self._prefix + (f"{path}/" if path else "")
        below, files = [], []
        for page in self._pages(Prefix=prefix, Delimiter="/"):
            below += [one["Prefix"][len(prefix) : -1] for one in page.get("CommonPrefixes", ())]
            files += [one["Key"][len(prefix) :] for one in page.get("Contents", ())]
        return below, [one for one in files if one]

    def _pages(self, **options: str) -> Iterator[Any]:
        with asking():
            yield from self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, **options)

    # --- what a service can besides (`storage.Service`) -------------------------------------------------------------

    def presign(self, key: str, *, method: str, seconds: int, headers: Mapping[str, str]) -> str:
        parameters = {**self._at(key), **{f"Response{name}": value for name, value in headers.items()}}
        with asking():
            return str(self._client.generate_presigned_url(PRESIGNED[method], parameters, ExpiresIn=seconds))

    def cool(self, *, before: datetime, storage_class: str) -> int:
        old = (
            one
            for page in self._pages(Prefix=self._prefix)
            for one in page.get("Contents", ())
            if one.get("StorageClass", "STANDARD") == "STANDARD"
            and one["LastModified"] < before
            and one["Size"] >= WORTH_COOLING
        )
        return sum(self._move(one["Key"], storage_class) for one in old)

    def _move(self, key: str, storage_class: str) -> bool:
        """Onto itself. It may be deleted meanwhile."""
        where = {"Bucket": self._bucket, "Key": key}
        try:
            with asking():
                self._client.copy_object(**where, CopySource=where, StorageClass=storage_class)
        except FileNotFoundError:
            return False
        return True


class _Object(RawIOBase):
    """Its bytes from where one has sought to, in one answer."""

    def __init__(self, client: Any, where: Mapping[str, str]) -> None:
        self._client, self._where = client, where
        self._position = 0
        self._body: Any = None

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = 0) -> int:
        if whence == 1:
            offset += self._position
        elif whence == 2:
            with asking():
                offset += self._client.head_object(**self._where)["ContentLength"]
        self._let_go()
        self._position = offset
        return offset

    def readinto(self, buffer: Any) -> int:
        with asking():
            if self._body is None and not self._ask():
                return 0
            piece: bytes = self._body.read(len(buffer))
        buffer[: len(piece)] = piece
        self._position += len(piece)
        return len(piece)

    def _ask(self) -> bool:
        """False after its last byte."""
        try:
            answer = self._client.get_object(**self._where, Range=f"bytes={self._position}-")
        except ClientError as error:
            if code_of(error) == "InvalidRange":
                return False
            raise
        self._body = answer["Body"]
        return True

    def _let_go(self) -> None:
        if self._body is not None:
            self._body.close()
            self._body = None

    def close(self) -> None:
        self._let_go()
        super().close()
