"""Who sees which request, and who may ask where. Every row of the portal is found through here."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.actor import Actor
from accounts.models import Member, SpaceAccess, SpaceRole
from accounts.models.people import CLIENTS_SIDE, STAFF
from accounts.permissions import Permission
from accounts.queries import ids_with
from common.errors import Forbidden, NotFound
from portal.models import HOLDER, ClientRequest

NO_REQUEST = "There is no such request here."
ASKING = (SpaceRole.CLIENT, SpaceRole.EXTERNAL_PM)
COMPLETE = ClientRequest.objects.select_related("space", "created_by", "decided_by")


def requests_visible_to(actor: Actor) -> QuerySet[ClientRequest]:
    """The staff sees all of its organisation, the clients' side those of the spaces it has access to."""
    requests = COMPLETE.filter(organisation=actor.organisation_id)
    if actor.member.is_staff:
        return requests
    if actor.member.role not in CLIENTS_SIDE:
        return requests.none()
    return requests.filter(space__in=SpaceAccess.objects.filter(member=actor.id).values("space"))


def get_request(actor: Actor, id: UUID) -> ClientRequest:
    request = requests_visible_to(actor).filter(pk=id).first()
    if request is None:
        raise NotFound(NO_REQUEST)
    return request


def may_see_request(actor: Actor, id: UUID) -> bool:
    return requests_visible_to(actor).filter(pk=id).exists()


def is_request_there(id: UUID) -> bool:
    return ClientRequest.objects.filter(pk=id).exists()


def files_seen_by(actor: Actor) -> Q:
    """Of files that requests hold: those that the actor may know of."""
    visible = requests_visible_to(actor).filter(pk=OuterRef("holder"))
    return Q(Exists(visible), holder_kind=HOLDER)


def who_sees(request: ClientRequest) -> frozenset[UUID]:
    """`requests_visible_to` from the other side."""
    granted = SpaceAccess.objects.filter(space=request.space_id, member=OuterRef("pk"))
    seeing = Q(role__in=STAFF) | (Q(role__in=CLIENTS_SIDE) & Exists(granted))
    people = Member.objects.active().filter(seeing, organisation=request.organisation_id)
    return frozenset(people.values_list("pk", flat=True))


def reviewers_of(request: ClientRequest) -> frozenset[UUID]:
    """Who may decide about its files: they are of the staff, which sees every request."""
    return ids_with(Permission.REVIEW_FILES, request.organisation_id)


# --- who may ask ----------------------------------------------------------------------------------------------------


def spaces_to_ask_in(actor: Actor, spaces: Iterable[UUID]) -> frozenset[UUID]:
    """Of these, which the actor sees, those where it may ask for something: the narrower of both roles wins."""
    if not actor.can(Permission.CREATE_REQUESTS):
        return frozenset()
    if actor.member.is_staff:
        return frozenset(spaces)
    asking = SpaceAccess.objects.filter(member=actor.id, space__in=list(spaces), role__in=ASKING)
    return frozenset(asking.values_list("space", flat=True))


def must_ask_in(actor: Actor, space: UUID) -> None:
    if space not in spaces_to_ask_in(actor, [space]):
        raise Forbidden("You may look here, not ask for anything.")


def must_be_own(actor: Actor, request: ClientRequest) -> None:
    must_ask_in(actor, request.space_id)
    if request.created_by_id != actor.id:
        raise Forbidden("Only whoever asked does that.")


def must_add_to(actor: Actor, request: ClientRequest) -> None:
    """Its creator, and the staff."""
    must_ask_in(actor, request.space_id)
    if not actor.member.is_staff:
        must_be_own(actor, request)
