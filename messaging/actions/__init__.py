"""What can be done with conversations and with what is said in them."""

from messaging.actions.auditing import read_revisions, texts_of
from messaging.actions.changing import (
    delete_attachment,
    delete_message,
    edit_message,
    erase_message,
    pin_message,
    put_preview,
    react,
    show_file_anew,
)
from messaging.actions.contacting import contact
from messaging.actions.describing import describe_conversation
from messaging.actions.enclosing import send_with_files
from messaging.actions.entities import Telling, forget_entity, tell_entities, tell_entity_type
from messaging.actions.files import (
    add_file,
    add_version,
    delete_files_of_deleted_messages,
    upload_file,
)
from messaging.actions.handing import hand_over, put_back, resolve
from messaging.actions.managing import (
    add_participant,
    close_channel,
    delete_channel,
    remove_participant,
    rename_conversation,
)
from messaging.actions.participation import archive_conversation, choose_notices, mute_conversation
from messaging.actions.sending import send_message, send_messages, tell_typing
from messaging.actions.starting import Started, start_conversation

__all__ = [
    "Started",
    "Telling",
    "add_file",
    "add_participant",
    "add_version",
    "archive_conversation",
    "choose_notices",
    "close_channel",
    "contact",
    "delete_attachment",
    "delete_channel",
    "delete_files_of_deleted_messages",
    "delete_message",
    "describe_conversation",
    "edit_message",
    "erase_message",
    "forget_entity",
    "hand_over",
    "mute_conversation",
    "pin_message",
    "put_back",
    "put_preview",
    "react",
    "read_revisions",
    "remove_participant",
    "rename_conversation",
    "resolve",
    "send_message",
    "send_messages",
    "send_with_files",
    "show_file_anew",
    "start_conversation",
    "tell_entities",
    "tell_entity_type",
    "tell_typing",
    "texts_of",
    "upload_file",
]
