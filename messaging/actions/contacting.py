"""A contact form: whoever sends it begins support, or goes on with what is open."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from uuid import UUID

from accounts.actions import introduce_oneself
from accounts.actor import Actor
from messaging.actions.enclosing import send_with_files
from messaging.actions.starting import start_conversation
from messaging.models import Kind
from messaging.saying import Sent


def contact(
    actor: Actor,
    *,
    name: str,
    email: str,
    client_id: UUID,
    body: str,
    files: Iterable[tuple[Path, str]] = (),
) -> Sent:
    """As `send_with_files`, in the actor's support conversation. What a site asks first is not asked here: the form
    has questions of its own. FilesRefused leaves the conversation there, for the next try."""
    introduce_oneself(actor, name=name, email=email)
    started = start_conversation(actor, kind=Kind.SUPPORT)
    return send_with_files(
        actor, conversation_id=started.conversation.pk, client_id=client_id, body=body, files=files
    )
