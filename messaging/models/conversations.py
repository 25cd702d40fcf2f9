"""Where something is said, and who is there.

Two gapless counters live on the conversation and are given under its row lock, in one place (`next_version`,
`next_seq`): `seq`, a message's place in the timeline, and `version`, the number of any change. Times that are compared
with each other are the database's: the clocks of hosts differ.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import NamedTuple

from django.db import models
from django.db.models import F, OuterRef, Q
from django.db.models.functions import Now

from accounts.models import Member, Organisation, Space
from common.clock import now
from common.ids import new_id

# Muted until somebody says otherwise.
FOR_GOOD = datetime(9999, 1, 1, tzinfo=UTC)


class Kind(models.TextChoices):
    DIRECT = "direct"
    GROUP = "group"
    CHANNEL = "channel"
    SUPPORT = "support"


class Status(models.TextChoices):
    OPEN = "open"
    CLOSED = "closed"


class Conversation(models.Model):
    """`queue_open`: it waits, since `queued_at`, for whoever of the staff takes it; that is its `assignee` then, and
    stays so when it is closed. `client`: whom a support conversation serves.

    Its row is written with each message, and every index of it then too: there is none that another stands in for, and
    none of what is nearly always null.
    """

    present: list[Present]  # where `queries.bring_present` brought them
    # The viewer's own, of `queries.with_everything`.
    unread_count: int
    unread_mentions: int
    own: Own

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=8, choices=Kind)
    space = models.ForeignKey(
        Space, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    title = models.CharField(max_length=120, blank=True)
    is_default = models.BooleanField(default=False)
    direct_key = models.CharField(max_length=80, blank=True, editable=False)
    # The title as it is compared: databases do not agree on the case of letters beyond ASCII.
    channel_key = models.CharField(max_length=400, blank=True, editable=False)
    client = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    assignee = models.ForeignKey(
        Member, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    queue_open = models.BooleanField(default=False)
    queued_at = models.DateTimeField(db_default=Now())
    status = models.CharField(max_length=8, choices=Status, default=Status.OPEN)
    created_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", db_index=False)
    created_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    # What the host says of it, for the staff alone.
    attributes = models.JSONField(default=dict, db_default={}, blank=True)
    # A channel that is deleted is seen by nobody; what was said there stays for the audit.
    deleted_at = models.DateTimeField(null=True, blank=True)
    last_seq = models.BigIntegerField(default=0)
    version = models.BigIntegerField(default=0)
    receipt_version = models.BigIntegerField(default=0)
    # Checked by nobody: whoever gives the seq writes it, and a message goes with its conversation only.
    last_message = models.ForeignKey(
        "Message",
        on_delete=models.DO_NOTHING,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    active_at = models.DateTimeField(default=now)
    changed_at = models.DateTimeField(db_default=Now(), db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "direct_key"],
                condition=~Q(direct_key=""),
                name="direct_once_per_pair",
            ),
            models.UniqueConstraint(
                fields=["client"],
                condition=Q(kind="support", closed_at=None),
                name="one_open_support_per_client",
            ),
            models.UniqueConstraint(
                fields=["space", "channel_key"],
                condition=Q(kind="channel", space__isnull=False),
                name="channel_once_per_space",
            ),
            models.UniqueConstraint(
                fields=["organisation", "channel_key"],
                condition=Q(kind="channel", space=None),
                name="channel_once_outside_spaces",
            ),
            models.UniqueConstraint(
                fields=["space"],
                condition=Q(is_default=True),
                name="default_channel_once_per_space",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "-active_at", "-id"], name="conversation_newest"),
            models.Index(
                fields=["organisation", "kind", "-active_at", "-id"], name="conversation_newest_of_kind"
            ),
            models.Index(
                fields=["space", "-active_at", "-id"],
                condition=Q(space__isnull=False),
                name="conversation_newest_in_space",
            ),
            models.Index(
                fields=["organisation", "-active_at", "-id"],
                condition=Q(queue_open=True),
                name="conversation_newest_waiting",
            ),
            models.Index(
                fields=["organisation", "queued_at", "id"],
                condition=Q(queue_open=True),
                name="conversation_waiting_longest",
            ),
            models.Index(
                fields=["client"], condition=Q(client__isnull=False), name="conversation_of_a_client"
            ),
            models.Index(
                fields=["assignee"], condition=Q(assignee__isnull=False), name="conversation_of_an_assignee"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.title or self.id}"

    def next_version(self) -> int:
        """Call while holding the row lock, and write it in the same transaction."""
        self.version += 1
        return self.version

    def next_seq(self) -> int:
        """Call while holding the row lock, and write it in the same transaction."""
        self.last_seq += 1
        return self.last_seq

    def save_version(self, *also: str) -> None:
        """One UPDATE a transaction: a second one of the same row can deadlock with foreign-key checks at commit."""
        self.changed_at = Now()  # the database's clock: those of hosts differ
        self.save(update_fields=["version", "changed_at", *also])


class ParticipantRole(models.TextChoices):
    OWNER = "owner"
    MEMBER = "member"


class ParticipantQuerySet(models.QuerySet["Participant"]):
    def present(self) -> ParticipantQuerySet:
        return self.filter(left_at=None, member__deactivated_at=None)

    def archived(self, active_at: datetime | OuterRef) -> ParticipantQuerySet:
        """As `Own.is_archived`."""
        is_muted = Q(archived_at__isnull=False, muted_until__gte=FOR_GOOD)
        return self.filter(Q(archived_at__gte=active_at) | is_muted)


class Notify(models.TextChoices):
    """What of a conversation somebody wants to be told about; empty leaves it to their preferences."""

    UNSAID = ""
    ALL = "all"
    MENTIONS = "mentions"
    NOTHING = "nothing"


class Participant(models.Model):
    """A member in a conversation, with its two monotonic watermarks.

    `shown_read_seq` is `read_seq` as the others see it: it stands still while the member reads in private.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="participants")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="participations")
    role = models.CharField(max_length=6, choices=ParticipantRole, default=ParticipantRole.MEMBER)
    joined_at = models.DateTimeField(db_default=Now())
    left_at = models.DateTimeField(null=True, blank=True)
    delivered_seq = models.BigIntegerField(default=0)
    read_seq = models.BigIntegerField(default=0)
    shown_read_seq = models.BigIntegerField(default=0, db_default=0)
    archived_at = models.DateTimeField(null=True, blank=True)
    muted_until = models.DateTimeField(null=True, blank=True)
    notify = models.CharField(max_length=8, choices=Notify, blank=True, default="", db_default="")

    objects = ParticipantQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conversation", "member"], name="participant_once"),
            models.CheckConstraint(condition=Q(read_seq__lte=F("delivered_seq")), name="read_is_delivered"),
            models.CheckConstraint(condition=Q(shown_read_seq__lte=F("read_seq")), name="shown_is_read"),
        ]

    def __str__(self) -> str:
        return f"{self.member} in {self.conversation}"

    @property
    def own(self) -> Own:
        return Own(self.archived_at, self.muted_until, self.notify)


class Present(NamedTuple):
    """A participant as the wire tells of it: of a thousand, what is made of each row takes most of the time."""

    conversation: str
    member: str
    name: str
    member_role: str
    role: str
    joined_at: str
    delivered_seq: int
    read_seq: int
    shown_read_seq: int


class Own(NamedTuple):
    """How a participant wants to have the conversation."""

    archived_at: datetime | None = None
    muted_until: datetime | None = None
    notify: str = ""

    def is_archived(self, active_at: datetime) -> bool:
        """Until something is said there again; what is muted for good, even then. (`ParticipantQuerySet.archived`)"""
        if self.archived_at is None:
            return False
        # Nothing here hangs on what time it is: an open page would not hear of it.
        is_muted = self.muted_until is not None and self.muted_until >= FOR_GOOD
        return is_muted or self.archived_at >= active_at
