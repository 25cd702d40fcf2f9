"""What follows from news of the rooms below, inside the transaction."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from attachments.models import Attachment
from attachments.signals import file_changed
from portal.actions import show_file_anew


@receiver(file_changed, dispatch_uid="show files of requests anew")
def show_files_anew(file: Attachment, **_: Any) -> None:
    show_file_anew(file)
