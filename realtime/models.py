"""The epoch: which life of the database this is."""

from __future__ import annotations

from uuid import UUID

from django.db import models

from common.ids import new_id
from common.prepared import Prepared


class Epoch(models.Model):
    """The newest row counts. A restore from backup adds one, and every client forgets its cursors and syncs anew."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    started_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return str(self.id)


def current_epoch() -> UUID:
    newest: list[tuple[UUID]] = list(_NEWEST())
    return newest[0][0] if newest else Epoch.objects.create().id


_NEWEST = Prepared(Epoch, (), lambda _: Epoch.objects.order_by("-started_at").values_list("id")[:1])
