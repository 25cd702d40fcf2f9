"""Files on a disk of this machine, as good as the rows that name them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from django.core.files.storage import FileSystemStorage


class DiskStorage(FileSystemStorage):
    """What was kept is on the disk, and not on its way there: its row is, too, and outlives a power cut."""

    def _save(self, name: str, content: Any) -> str:
        kept: str = super()._save(name, content)  # type: ignore[misc]  # not in the stubs
        path = Path(self.path(kept))
        # The directories may be new, and then their names stand in those above.
        for one in (path, *path.parents[: len(Path(kept).parts)]):
            _reach_the_disk(one)
        return kept


def _reach_the_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
