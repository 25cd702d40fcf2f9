"""The rows of files."""

from attachments.models.files import (
    CONVERSATION,
    KINDS,
    MAX_NAME,
    MAX_REASON,
    MAX_TAG,
    MAX_TAGS,
    OPEN,
    QUARANTINED,
    REQUEST,
    Attachment,
    Category,
    FileState,
    Scan,
    Thumbnail,
)
from attachments.models.policies import MEGABYTE, Approval, StorageUse, UploadPolicy
from attachments.models.reading import FileAccess, FileCount, Mode, ShareLink

__all__ = [
    "CONVERSATION",
    "KINDS",
    "MAX_NAME",
    "MAX_REASON",
    "MAX_TAG",
    "MAX_TAGS",
    "MEGABYTE",
    "OPEN",
    "QUARANTINED",
    "REQUEST",
    "Approval",
    "Attachment",
    "Category",
    "FileAccess",
    "FileCount",
    "FileState",
    "Mode",
    "Scan",
    "ShareLink",
    "StorageUse",
    "Thumbnail",
    "UploadPolicy",
]
