"""Sharing a file, as a client does."""

from __future__ import annotations

from io import BytesIO
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from messaging.models import Conversation
from tests.cast import Person
from tests.conftest import Api


def picture(width: int = 640, height: int = 480) -> bytes:
    out = BytesIO()
    Image.effect_mandelbrot((width, height), (-2, -1.5, 1, 1.5), 50).convert("RGB").save(out, "JPEG")
    return out.getvalue()


def upload(person: Person, conversation: Conversation, *files: tuple[str, bytes]) -> Any:
    return Api(person).client.post(
        f"/api/v1/chat/upload/{conversation.id}/",
        {"files": [SimpleUploadedFile(name, content) for name, content in files]},
    )


def taken(person: Person, conversation: Conversation, name: str, content: bytes) -> Any:
    response = upload(person, conversation, (name, content))
    assert response.status_code == 201, response.content
    [file] = response.json()["results"]
    return file


def say_with(person: Person, conversation: Conversation, *ids: str, body: str = "") -> Any:
    path = f"chat/conversations/{conversation.id}/messages/"
    return Api(person).post(path, {"client_id": str(uuid4()), "body": body, "attachments": list(ids)})
