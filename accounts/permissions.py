"""The one table of rights: what a role may do, and which scope a token needs for it."""

from __future__ import annotations

from enum import StrEnum

from accounts.models import Role


class Scope(StrEnum):
    """What a token was made for. A session, and a widget's token, have every scope."""

    READ = "read"
    WRITE = "write"
    MANAGE = "manage"


class Permission(StrEnum):
    SEE_EVERY_CONVERSATION = "see_every_conversation"
    SEE_QUEUE = "see_queue"
    SERVE = "serve"
    ASSIGN_OTHERS = "assign_others"
    SEE_EVERY_CHANNEL = "see_every_channel"
    SEE_PEOPLE = "see_people"
    MOVE_RECEIPTS = "move_receipts"
    CHANGE_SETTINGS = "change_settings"
    SEND = "send"
    START_DIRECT = "start_direct"
    START_SUPPORT = "start_support"
    MANAGE_CHANNELS = "manage_channels"
    DELETE_CHANNELS = "delete_channels"
    ADD_PEOPLE = "add_people"
    EDIT_ANY_TIME = "edit_any_time"
    DELETE_ANY_MESSAGE = "delete_any_message"
    ERASE_MESSAGES = "erase_messages"
    REVIEW_FILES = "review_files"
    REVIEW_OWN_FILES = "review_own_files"
    SHARE_FILES = "share_files"
    SEE_NOTES = "see_notes"
    USE_CANNED_REPLIES = "use_canned_replies"
    WRITE_CANNED_REPLIES = "write_canned_replies"
    CREATE_REQUESTS = "create_requests"
    DECIDE_REQUESTS = "decide_requests"
    AUDIT = "audit"
    MANAGE_ENTITIES = "manage_entities"
    MANAGE_ORGANISATION = "manage_organisation"


P = Permission
_EVERYBODY = frozenset({P.MOVE_RECEIPTS, P.CHANGE_SETTINGS})
_GUEST = _EVERYBODY | {P.SEND, P.START_SUPPORT}
_VIEWER = _EVERYBODY | {P.SEE_PEOPLE}
_CLIENT = _GUEST | _VIEWER | {P.START_DIRECT, P.ADD_PEOPLE, P.CREATE_REQUESTS}
_BOT = _EVERYBODY | {P.SEND, P.SEE_PEOPLE, P.START_DIRECT, P.MANAGE_ENTITIES}
_AGENT = _CLIENT | {
    P.SEE_QUEUE,
    P.SERVE,
    P.SEE_EVERY_CHANNEL,
    P.MANAGE_CHANNELS,
    P.REVIEW_FILES,
    P.SHARE_FILES,
    P.SEE_NOTES,
    P.USE_CANNED_REPLIES,
}
_MANAGER = _AGENT | {
    P.SEE_EVERY_CONVERSATION,
    P.ASSIGN_OTHERS,
    P.DELETE_CHANNELS,
    P.EDIT_ANY_TIME,
    P.DELETE_ANY_MESSAGE,
    P.ERASE_MESSAGES,
    P.REVIEW_OWN_FILES,
    P.AUDIT,
    P.MANAGE_ENTITIES,
    P.WRITE_CANNED_REPLIES,
    P.DECIDE_REQUESTS,
}
_ADMIN = _MANAGER | {P.MANAGE_ORGANISATION}

GRANTED: dict[Role, frozenset[Permission]] = {
    Role.GUEST: _GUEST,
    Role.VIEWER: _VIEWER,
    Role.CLIENT: _CLIENT,
    Role.EXTERNAL_PM: _CLIENT,
    Role.BOT: _BOT,
    Role.AGENT: _AGENT,
    Role.MANAGER: _MANAGER,
    Role.ADMIN: _ADMIN,
}

NEEDED_SCOPE: dict[Permission, Scope] = {
    P.SEE_EVERY_CONVERSATION: Scope.READ,
    P.SEE_QUEUE: Scope.READ,
    P.SERVE: Scope.WRITE,
    P.ASSIGN_OTHERS: Scope.WRITE,
    P.SEE_EVERY_CHANNEL: Scope.READ,
    P.SEE_PEOPLE: Scope.READ,
    P.MOVE_RECEIPTS: Scope.WRITE,
    P.CHANGE_SETTINGS: Scope.WRITE,
    P.SEND: Scope.WRITE,
    P.START_DIRECT: Scope.WRITE,
    P.START_SUPPORT: Scope.WRITE,
    P.MANAGE_CHANNELS: Scope.MANAGE,
    P.DELETE_CHANNELS: Scope.MANAGE,
    P.ADD_PEOPLE: Scope.WRITE,
    P.EDIT_ANY_TIME: Scope.WRITE,
    P.DELETE_ANY_MESSAGE: Scope.WRITE,
    P.ERASE_MESSAGES: Scope.MANAGE,
    P.REVIEW_FILES: Scope.WRITE,
    P.REVIEW_OWN_FILES: Scope.WRITE,
    P.SHARE_FILES: Scope.WRITE,
    P.SEE_NOTES: Scope.READ,
    P.USE_CANNED_REPLIES: Scope.READ,
    P.WRITE_CANNED_REPLIES: Scope.MANAGE,
    P.CREATE_REQUESTS: Scope.WRITE,
    P.DECIDE_REQUESTS: Scope.WRITE,
    P.AUDIT: Scope.MANAGE,
    P.MANAGE_ENTITIES: Scope.MANAGE,
    P.MANAGE_ORGANISATION: Scope.MANAGE,
}


def roles_with(permission: Permission) -> list[Role]:
    return [role for role, granted in GRANTED.items() if permission in granted]
