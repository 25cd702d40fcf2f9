"""An S3 of the tests' own: moto's server, in a process of its own, spoken to by HTTP."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

import httpx
from boto3.session import Session

from config.files import bucket_of
from tests.faults.services import Part

CREDENTIALS = {"aws_access_key_id": "parley", "aws_secret_access_key": "only for tests"}
REGION = "eu-west-1"
NAME = "parley-files"


class Moto(Part):
    def command(self) -> list[str]:
        return [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(self.port)]

    def environment(self) -> dict[str, str]:
        """It warns of what is none of ours."""
        return {**os.environ, "PYTHONWARNINGS": "ignore"}

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @cached_property
    def client(self) -> Any:
        """Not ours: what the owner of the bucket sees."""
        return Session(**CREDENTIALS, region_name=REGION).client("s3", endpoint_url=self.url)

    def refuse(self, *, after: int = 0) -> None:
        """From now on it looks at credentials, and knows none."""
        self._control("reset-auth", str(after))

    def forgive(self) -> None:
        self._control("reset-auth", "inf")

    def _control(self, path: str, body: str) -> None:
        httpx.post(f"{self.url}/moto-api/{path}", content=body).raise_for_status()


@contextmanager
def moto(directory: Path) -> Iterator[Moto]:
    server = Moto(directory)
    try:
        server.start()
        where = {"LocationConstraint": REGION}
        server.client.create_bucket(Bucket=NAME, CreateBucketConfiguration=where)
        yield server
    finally:
        server.kill()


def in_bucket(url: str, **credentials: str) -> dict[str, Any]:
    """STORAGES' `files`."""
    options = bucket_of(url).options(credentials or CREDENTIALS)
    return {"BACKEND": "attachments.s3.S3Storage", "OPTIONS": options}


def url_of(endpoint: str, *, bucket: str = NAME) -> str:
    return f"s3://{bucket}/in/here?endpoint_url={endpoint}&region_name={REGION}"
