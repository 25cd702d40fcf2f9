"""What can be done for those who answer."""

from desk.actions.canned import change_canned_reply, create_canned_reply, remove_canned_reply

__all__ = ["change_canned_reply", "create_canned_reply", "remove_canned_reply"]
