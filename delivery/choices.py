"""What people want to be told, looked up for many at once."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q

from accounts.actor import Actor
from accounts.models import Member
from accounts.permissions import Permission
from delivery.deciding import BUILT_IN, Quiet, Wishes, chosen_over
from delivery.models import Preferences
from messaging.models import Conversation, Kind, Notify


def wishes_of(members: Iterable[UUID]) -> dict[UUID, Wishes]:
    """Two queries, however many they are."""
    people = Member.objects.filter(pk__in=set(members)).values_list(
        "pk", "organisation", "organisation__timezone"
    )
    rows = {member: (organisation, timezone) for member, organisation, timezone in people}
    organisations = {organisation for organisation, _ in rows.values()}
    said = Preferences.objects.filter(Q(member__in=rows) | Q(organisation__in=organisations))
    by_owner = {one.member_id or one.organisation_id: one for one in said}
    return {
        member: wishes(by_owner.get(organisation), by_owner.get(member), timezone)
        for member, (organisation, timezone) in rows.items()
    }


def get_defaults(actor: Actor) -> Wishes:
    """What holds for whoever has not chosen otherwise. Forbidden without MANAGE_ORGANISATION."""
    actor.must(Permission.MANAGE_ORGANISATION)
    said = Preferences.objects.filter(organisation=actor.organisation_id).first()
    return wishes(said, None, actor.member.organisation.timezone)


def wishes(defaults: Preferences | None, own: Preferences | None, timezone: str) -> Wishes:
    kinds, quiet = dict(BUILT_IN), None
    for said in (defaults, own):
        if said:
            kinds = chosen_over(kinds, said.kinds)
            quiet = quiet_of(said, timezone) or quiet
    return Wishes(kinds, quiet)


def quiet_of(said: Preferences, timezone: str) -> Quiet | None:
    if said.quiet_from is None or said.quiet_until is None:
        return None
    return Quiet(said.quiet_from, said.quiet_until, said.timezone or timezone)


def notify_of(conversation: Conversation, notify: str) -> Notify:
    """Whoever has not said it is told of everything, but in a channel, where many speak, of mentions only."""
    if notify:
        return Notify(notify)
    return Notify.MENTIONS if conversation.kind == Kind.CHANNEL else Notify.ALL
