"""A contact form: whoever sends it begins support, or goes on with what is open."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from uuid import UUID

from accounts.actions import introduce_oneself
from accounts.actor import Actor
from accounts.models import Role
from accounts.permissions import Permission
from common.ids import new_id
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
    files: Sequence[tuple[Path, str]] = (),
) -> Sent:
    """As `send_with_files`, in the actor's support conversation. What a site asks first is not asked here: the form
    has questions of its own. FilesRefused leaves the conversation there, for the next try."""
    actor.must(Permission.START_SUPPORT)
    introduce_oneself(actor, name=name, email=email, corrects=actor.member.role == Role.GUEST)
    started = start_conversation(actor, kind=Kind.SUPPORT)
    send = partial(send_with_files, actor, conversation_id=started.conversation.pk, body=body, files=files)
    sent = send(client_id=client_id)
    # A browser that went back to the form sends another text under the same id.
    return send(client_id=new_id()) if sent.duplicate and sent.message.body != body.strip() else sent
