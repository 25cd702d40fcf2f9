"""FILES_URL: where the bytes of shared files are kept, in one line.

`s3://bucket/prefix?endpoint_url=https://s3.example&region_name=eu-west-1&addressing_style=path`; without `endpoint_url`
it is AWS's own of that region. Credentials never stand in it.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from urllib.parse import parse_qsl, urlsplit

from django.core.exceptions import ImproperlyConfigured

KNOWN = {"endpoint_url", "region_name", "addressing_style"}
PREFIX = re.compile(r"\w[\w.-]*(/\w[\w.-]*)*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Bucket:
    bucket: str
    prefix: str
    endpoint_url: str
    region_name: str
    addressing_style: str

    @property
    def origin(self) -> str:
        """Of the addresses that people are sent to."""
        parts = urlsplit(self.endpoint_url)
        host = f"{self.bucket}.{parts.netloc}" if self.addressing_style == "virtual" else parts.netloc
        return f"{parts.scheme}://{host}"

    def options(self, credentials: dict[str, str]) -> dict[str, object]:
        return {**asdict(self), "credentials": {name: value for name, value in credentials.items() if value}}


def bucket_of(url: str) -> Bucket:
    parts = urlsplit(url)
    if parts.scheme != "s3" or not parts.hostname or parts.netloc != parts.hostname:
        raise ImproperlyConfigured("FILES_URL must be s3://bucket/prefix?..., without credentials.")
    prefix = parts.path.strip("/")
    if prefix and not PREFIX.fullmatch(prefix):
        raise ImproperlyConfigured("FILES_URL has a prefix that is no plain path.")
    given = dict(parse_qsl(parts.query))
    if unknown := set(given) - KNOWN:
        raise ImproperlyConfigured(f"FILES_URL knows {sorted(KNOWN)}, not {sorted(unknown)}.")
    return _bucket(parts.hostname, prefix, given)


def _bucket(name: str, prefix: str, given: dict[str, str]) -> Bucket:
    endpoint, region = given.get("endpoint_url", ""), given.get("region_name", "")
    if endpoint and urlsplit(endpoint).scheme not in ("http", "https"):
        raise ImproperlyConfigured("FILES_URL has an endpoint_url that is not http:// or https://.")
    if not endpoint and not region:
        raise ImproperlyConfigured("FILES_URL needs an endpoint_url, or the region_name of AWS's own.")
    # Other services than AWS's know no names below their own.
    style = given.get("addressing_style", "path" if endpoint else "virtual")
    if style not in ("path", "virtual"):
        raise ImproperlyConfigured("FILES_URL has an addressing_style that is neither path nor virtual.")
    return Bucket(name, prefix, endpoint or f"https://s3.{region}.amazonaws.com", region, style)
