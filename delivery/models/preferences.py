"""What somebody wants to be told, and how."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from accounts.models import Member, Organisation
from accounts.models.people import check_timezone
from common.ids import new_id


class Preferences(models.Model):
    """An organisation's defaults, or a member's own: the row says whose by which of the two it names.

    `kinds`: kind -> channel -> whether, where it differs from what is below it. Quiet from one time to another, by
    `timezone`, or the organisation's where that is empty.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.OneToOneField(
        Organisation, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    member = models.OneToOneField(Member, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    kinds = models.JSONField(default=dict, blank=True)
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_until = models.TimeField(null=True, blank=True)
    timezone = models.CharField(max_length=60, blank=True, validators=[check_timezone])

    class Meta:
        verbose_name_plural = "preferences"
        constraints = [
            models.CheckConstraint(
                condition=Q(organisation=None, member__isnull=False)
                | Q(organisation__isnull=False, member=None),
                name="preferences_of_one",
            ),
            models.CheckConstraint(
                condition=Q(quiet_from=None, quiet_until=None)
                | Q(quiet_from__isnull=False, quiet_until__isnull=False),
                name="quiet_from_until",
            ),
        ]

    def __str__(self) -> str:
        return f"preferences of {self.member or self.organisation}"
