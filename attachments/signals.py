"""What the rooms above are told of, inside the transaction that does it."""

from __future__ import annotations

from django.dispatch import Signal

# file: its row, held until the transaction ends; what holds it shows it in another way now.
file_changed = Signal()
# use: StorageUse; percent: 80 or 95, of the quota, passed upwards just now.
storage_filling = Signal()
