"""The epoch: which life of the database this is."""

from __future__ import annotations

from uuid import UUID

from django.db import models

from common.ids import new_id


class Epoch(models.Model):
    """The newest row counts. A restore from backup adds one, and every client forgets its cursors and syncs anew."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    started_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return str(self.id)


def current_epoch() -> UUID:
    newest = Epoch.objects.order_by("-started_at").values_list("id", flat=True).first()
    return newest or Epoch.objects.create().id
