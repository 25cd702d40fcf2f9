"""What becomes of a file that was taken in: everybody's at once, or somebody looks at it first."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase

from attachments.inspection.kinds import TYPES, Kind, extension_of
from attachments.models import Approval, Attachment, FileState, Scan, UploadPolicy

# Why a person looks at it, where the inspection had no concern.
REVIEW, NOT_SCANNED, NOT_SCANNABLE = "review", "not_scanned", "not_scannable"


def state_of(
    policy: UploadPolicy, *, is_from_clients: bool, mime: str, concern: str = "", scan: str = Scan.NONE
) -> FileState:
    """What nobody has looked into for viruses is never approved, whatever the policy says."""
    if scan == Scan.INFECTED:
        return FileState.INFECTED
    if scan in (Scan.WAITING, Scan.UNSCANNABLE) or concern:
        return FileState.PENDING
    return FileState.PENDING if _needs_review(policy, mime, is_from_clients) else FileState.APPROVED


def _needs_review(policy: UploadPolicy, mime: str, is_from_clients: bool) -> bool:
    """Of two lists that both name it, the one that holds it; what neither names is held."""
    if policy.approval == Approval.OFF or (policy.approval == Approval.CLIENTS and not is_from_clients):
        return False
    return is_among(mime, policy.require_approval) or not is_among(mime, policy.auto_approve)


def mime_as_uploaded(file: Attachment) -> str:
    """Of a picture, by its name: what is kept of it may be of another type."""
    known = TYPES.get(extension_of(file.name))
    return known.mime if known and known.kind == file.kind == Kind.IMAGE else file.mime


def is_among(mime: str, types: Iterable[str]) -> bool:
    """`types`: as they are written in a policy, "image/png" or "video/*"."""
    return any(fnmatchcase(mime, one.strip().lower()) for one in types)


def held_for(file: Attachment) -> str:
    """Why it waits; empty for what does not."""
    if file.state != FileState.PENDING:
        return ""
    if file.scan == Scan.WAITING:
        return NOT_SCANNED
    return file.concern or (NOT_SCANNABLE if file.scan == Scan.UNSCANNABLE else REVIEW)
