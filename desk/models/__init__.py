"""Support work on conversations: what helps to answer them."""

from desk.models.canned import MAX_REPLY, MAX_SHORTCUT, SHORTCUT, CannedReply

__all__ = ["MAX_REPLY", "MAX_SHORTCUT", "SHORTCUT", "CannedReply"]
