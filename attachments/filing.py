"""The names of bytes, made by the server: nothing of one comes from outside.

`<organisation>/<place>/<yyyy>/<mm>/<a random uuid>.<extension>` is a file as it was uploaded; what was made of it lies
beside it: `<uuid>.served.<extension>`, `<uuid>.150.<extension>`. Of a picture that was made smaller there is what is
served only, and that is its key.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

# What is made of files, and how it is served.
EXTENSIONS = {
    "image/webp": "webp",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "video/mp4": "mp4",
    "audio/mp4": "m4a",
}
MIMES = {extension: mime for mime, extension in EXTENSIONS.items()}


def new_key(organisation: UUID, place: UUID, at: datetime, extension: str) -> str:
    return f"{organisation}/{place}/{at:%Y/%m}/{uuid4()}.{extension}"


def beside(key: str, what: str, extension: str) -> str:
    return f"{stem_of(key)}.{what}.{extension}"


def stem_of(key: str) -> str:
    """No other part of a key has a dot."""
    return key.partition(".")[0]
