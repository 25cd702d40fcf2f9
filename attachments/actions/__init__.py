"""What is done with files."""

from attachments.actions.claiming import claim, lock_claimable
from attachments.actions.deleting import (
    delete_files,
    delete_unclaimed,
    lock_held_by,
    purge_files,
    register_way_out,
    take_out,
)
from attachments.actions.moving import lock_version
from attachments.actions.reviewing import Decision, organise_file, review_file
from attachments.actions.scanning import scan_waiting
from attachments.actions.sharing import (
    forget_accesses,
    log_reading,
    revoke_link,
    share_file,
    use_link,
)
from attachments.actions.shrinking import make_old_ones_smaller
from attachments.actions.sweeping import sweep_orphans, sweep_uploads
from attachments.actions.uploading import Place, upload

__all__ = [
    "Decision",
    "Place",
    "claim",
    "delete_files",
    "delete_unclaimed",
    "forget_accesses",
    "lock_claimable",
    "lock_held_by",
    "lock_version",
    "log_reading",
    "make_old_ones_smaller",
    "organise_file",
    "purge_files",
    "register_way_out",
    "review_file",
    "revoke_link",
    "scan_waiting",
    "share_file",
    "sweep_orphans",
    "sweep_uploads",
    "take_out",
    "upload",
    "use_link",
]
