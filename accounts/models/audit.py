"""The audit log: who did what, append-only."""

from __future__ import annotations

from typing import Any, Never

from django.db import models

from accounts.models.people import Member, Organisation
from common.ids import new_id


class AuditQuerySet(models.QuerySet["AuditEntry"]):
    def update(self, **kwargs: Any) -> Never:
        raise TypeError("the audit log is append-only")

    def delete(self) -> Never:
        raise TypeError("the audit log is append-only")


class AuditEntry(models.Model):
    """One deed. `verb` is namespaced (`token.revoked`), `object_id` says what it was done to, `data` how."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    actor = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="+")
    verb = models.CharField(max_length=60)
    object_type = models.CharField(max_length=40)
    object_id = models.CharField(max_length=40)
    data = models.JSONField(default=dict)
    at = models.DateTimeField(auto_now_add=True)

    objects = AuditQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "audit entries"
        indexes = [models.Index(fields=["organisation", "-at"], name="audit_newest")]

    def __str__(self) -> str:
        return f"{self.verb} {self.object_type} {self.object_id}"
