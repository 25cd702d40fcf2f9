"""What is said, where, and by whom."""

from messaging.models.conversations import (
    FOR_GOOD,
    Conversation,
    Kind,
    Notify,
    Own,
    Participant,
    ParticipantRole,
    Present,
    Status,
)
from messaging.models.entities import DEFAULT_TYPES, Entity, EntityType
from messaging.models.introductions import Introduction
from messaging.models.messages import (
    MAX_BODY,
    Mention,
    Message,
    MessageKind,
    MessageRevision,
    Reaction,
)
from messaging.models.previews import LinkPreview

__all__ = [
    "DEFAULT_TYPES",
    "FOR_GOOD",
    "MAX_BODY",
    "Conversation",
    "Entity",
    "EntityType",
    "Introduction",
    "Kind",
    "LinkPreview",
    "Mention",
    "Message",
    "MessageKind",
    "MessageRevision",
    "Notify",
    "Own",
    "Participant",
    "ParticipantRole",
    "Present",
    "Reaction",
    "Status",
]
