"""Files as `upload` leaves them, without the look inside, for what is not about that."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.core.files.base import ContentFile

from attachments.filing import new_key
from attachments.inspection.kinds import Kind
from attachments.models import Attachment, FileState
from attachments.storage import bytes_of
from common.clock import now
from common.ids import digest_of
from messaging.actions import send_message
from tests.cast import Person


def shared(person: Person, conversation: UUID, words: str, **fields: Any) -> str:
    """A file that holds the words, said in a message."""
    id = uploaded(person, conversation, words, **fields)
    send_message(
        person.actor, conversation_id=conversation, client_id=uuid4(), body="", attachments=[UUID(id)]
    )
    return id


def uploaded(person: Person, place: UUID, words: str, name: str = "", **fields: Any) -> str:
    """The same, not said yet; as `upload` leaves it, without the look inside."""
    organisation = person.member.organisation_id
    key = new_key(organisation, place, now(), "txt")
    bytes_of().save(key, ContentFile(words.encode()))
    file = Attachment.objects.create(
        organisation_id=organisation,
        place=place,
        uploader=person.member,
        name=name or f"{digest_of(words)[:8]}.txt",
        mime="text/plain",
        size=len(words),
        text=words,
        sha256=digest_of(words),
        key=key,
        **{"place_kind": "conversation", "kind": Kind.TEXT, "state": FileState.APPROVED, **fields},
    )
    return str(file.pk)
