"""What is done with files."""

from attachments.actions.claiming import claim, lock_claimable
from attachments.actions.deleting import delete_files, delete_unclaimed, purge_files
from attachments.actions.sweeping import sweep_orphans, sweep_uploads
from attachments.actions.uploading import Place, upload

__all__ = [
    "Place",
    "claim",
    "delete_files",
    "delete_unclaimed",
    "lock_claimable",
    "purge_files",
    "sweep_orphans",
    "sweep_uploads",
    "upload",
]
