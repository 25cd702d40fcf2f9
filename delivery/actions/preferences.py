"""What people, and organisations for them, want to be told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction

from accounts.actor import Actor
from accounts.audit import record
from accounts.models import Member
from accounts.permissions import Permission
from delivery.choices import wishes_of
from delivery.deciding import MEANS_OF, Means, Wishes
from delivery.models import NoticeKind, Preferences

UNSAID: Any = object()


@dataclass(frozen=True, slots=True)
class Choice:
    """`kinds`: what is to be changed. `quiet`: None for no quiet hours of one's own; left out, they stay."""

    kinds: dict[str, dict[str, bool]]
    quiet: dict[str, Any] | None = UNSAID


def choose_preferences(actor: Actor, choice: Choice) -> Wishes:
    """The actor's own; what they do not name stays. Gives what holds then."""
    actor.must(Permission.CHANGE_SETTINGS)
    _choose(choice, member_id=actor.id)
    return wishes_of([actor.id])[actor.id]


@transaction.atomic
def choose_defaults(actor: Actor, choice: Choice) -> Preferences:
    """For all of the organisation who have not chosen otherwise. MANAGE_ORGANISATION, audited."""
    actor.must(Permission.MANAGE_ORGANISATION)
    chosen = _choose(choice, organisation_id=actor.organisation_id)
    record(actor, "preferences.chosen", chosen, kinds=chosen.kinds)
    return chosen


def stop_emails(member_id: UUID) -> bool:
    """What the link in an e-mail does: no more of any kind, until they choose otherwise. False: nobody is there."""
    if not Member.objects.active().filter(pk=member_id).exists():
        return False
    off = {str(kind): {"email": False} for kind, means in MEANS_OF.items() if Means.EMAIL in means}
    _choose(Choice(off), member_id=member_id)
    return True


@transaction.atomic
def _choose(choice: Choice, **owner: Any) -> Preferences:
    Preferences.objects.get_or_create(**owner)
    chosen = Preferences.objects.select_for_update().get(**owner)
    known = {one.value for one in NoticeKind}
    for kind in known & choice.kinds.keys():
        chosen.kinds[kind] = {**chosen.kinds.get(kind, {}), **choice.kinds[kind]}
    if choice.quiet is not UNSAID:
        quiet = choice.quiet or {"from": None, "until": None, "timezone": ""}
        chosen.quiet_from, chosen.quiet_until = quiet["from"], quiet["until"]
        chosen.timezone = quiet["timezone"]
    chosen.save()
    return chosen
