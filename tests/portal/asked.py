"""Requests as `create_request` leaves them, for what is not about that; and their files."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Space
from attachments.models import Attachment
from portal.models import HOLDER, ClientRequest, RequestKind
from tests.attachments.kept import uploaded
from tests.cast import Person
from tests.conftest import Api


def asked(person: Person, space: Space, title: str = "Paint", **fields: Any) -> ClientRequest:
    return ClientRequest.objects.create(
        organisation_id=person.member.organisation_id,
        space=space,
        created_by=person.member,
        client_id=uuid4(),
        title=title,
        **{"kind": RequestKind.MATERIAL, **fields},
    )


def enclosed(person: Person, request: ClientRequest, words: str, **fields: Any) -> str:
    """A file that holds these words, in the request."""
    where: dict[str, Any] = {
        "place_kind": HOLDER,
        "holder_kind": HOLDER,
        "holder": request.pk,
        "space_id": request.space_id,
    }
    return uploaded(person, request.pk, words, **where, **fields)


def ask(person: Person, where: Space, **said: Any) -> Any:
    """By REST."""
    wanted = {"kind": "material", "title": "Paint", "client_id": str(uuid4()), "space": str(where.pk)}
    return Api(person).post("client-requests/", {**wanted, **said})


def bring(person: Person, request: object, *files: tuple[str, bytes]) -> Any:
    """Files to a request, by REST."""
    return Api(person).client.post(
        "/api/v1/client-request-attachments/",
        {
            "request": str(request),
            "files": [SimpleUploadedFile(name, content) for name, content in files],
        },
    )


def file_with(id: str) -> Attachment:
    return Attachment.objects.get(pk=UUID(id))
