"""What is done at the desk."""

from desk.actions.assigning import assign, keep_record, release, release_all_of, resolve
from desk.actions.canned import change_canned_reply, create_canned_reply, remove_canned_reply
from desk.actions.queueing import tell_moved_queues, tell_queue
from desk.actions.rating import may_rate, rate

__all__ = [
    "assign",
    "change_canned_reply",
    "create_canned_reply",
    "keep_record",
    "may_rate",
    "rate",
    "release",
    "release_all_of",
    "remove_canned_reply",
    "resolve",
    "tell_moved_queues",
    "tell_queue",
]
