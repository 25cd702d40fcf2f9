"""Finding who: only through what the actor, or what it showed, can reach."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db.models import Q, QuerySet
from django.utils.crypto import constant_time_compare

from accounts.actor import Actor, Credential
from accounts.models import Member, Site, SiteOrigin, Space, Token
from accounts.models.credentials import TokenQuerySet
from accounts.models.people import STAFF
from accounts.permissions import Permission, Scope
from common.clock import now
from common.errors import Forbidden, InvalidInput, NotAuthenticated, NotFound
from common.ids import digest_of

# --- actors ---------------------------------------------------------------------------------------------------------


def get_actor_by_token(raw: str, *, origin: str = "") -> Actor:
    """NotAuthenticated when the token is unknown, expired, revoked, or shown by a page that its site does not allow."""
    return _actor_of(Token.objects.filter(digest=digest_of(raw)), origin)


def get_actor_in_session(user_id: UUID, session_key: str, *, organisation: str = "") -> Actor:
    """The member a signed-in user is: `organisation` (a slug) chooses among several."""
    members = list(
        Member.objects.active().filter(user_id=user_id).select_related("organisation").order_by("created_at")
    )
    chosen = [member for member in members if organisation in ("", member.organisation.slug)]
    if not chosen:
        raise NotAuthenticated("You are not a member of this organisation.")
    if len(chosen) > 1:
        raise InvalidInput("You are in several organisations: choose one with the X-Organisation header.")
    return Actor(chosen[0], Credential(chosen[0].id, session_key=session_key))


def get_actor_again(credential: Credential) -> Actor:
    """The actor as it is now, or NotAuthenticated: logged out, revoked, deactivated, password changed."""
    if credential.token_id:
        return _actor_of(Token.objects.filter(pk=credential.token_id), credential.origin)
    member = (
        Member.objects.active().select_related("organisation", "user").filter(pk=credential.member_id).first()
    )
    if member is None or not _is_signed_in(member, credential.session_key):
        raise NotAuthenticated
    return Actor(member, credential)


def _actor_of(tokens: TokenQuerySet, origin: str) -> Actor:
    token = tokens.valid_at(now()).usable_at(origin).select_related("member__organisation").first()
    if token is None:
        raise NotAuthenticated
    scopes = frozenset(Scope(name) for name in token.scopes)
    if Scope.READ not in scopes:
        raise Forbidden("This token may not even read.")
    return Actor(token.member, Credential(token.member_id, token_id=token.id, origin=origin), scopes)


def _is_signed_in(member: Member, session_key: str) -> bool:
    return _opened_by(dict(SessionStore(session_key).load()), member)


def _opened_by(session: dict[str, Any], member: Member) -> bool:
    user = member.user
    return (
        user is not None
        and user.is_active
        and session.get(SESSION_KEY) == str(user.pk)
        and constant_time_compare(session.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash())
    )


def which_hold(actors: list[Actor]) -> list[bool]:
    """For each, whether its credential still holds: a few queries for all the sockets of a process."""
    shown = [actor.credential for actor in actors]
    holding = _valid([one for one in shown if one.token_id]) | _signed_in(
        [one for one in shown if not one.token_id]
    )
    return [one in holding for one in shown]


def _valid(credentials: list[Credential]) -> set[Credential]:
    """Those whose token holds, at a page that its site still lists."""
    tokens = Token.objects.valid_at(now()).in_bulk([credential.token_id for credential in credentials])
    sites = {token.site_id for token in tokens.values() if token.site_id}
    listed = set(SiteOrigin.objects.filter(site__in=sites).values_list("site", "origin"))
    return {
        one
        for one in credentials
        if (token := tokens.get(one.token_id))
        and (not one.origin or not token.site_id or (token.site_id, one.origin) in listed)
    }


def _signed_in(credentials: list[Credential]) -> set[Credential]:
    """Those whose session is alive, of a user whose password is the one it was opened with."""
    keys = [credential.session_key for credential in credentials]
    sessions = {one.pk: one for one in Session.objects.filter(pk__in=keys, expire_date__gt=now())}
    members = Member.objects.active().select_related("user").in_bulk([one.member_id for one in credentials])
    return {
        credential
        for credential in credentials
        if (session := sessions.get(credential.session_key))
        and (member := members.get(credential.member_id))
        and _opened_by(session.get_decoded(), member)
    }


# --- people and spaces ----------------------------------------------------------------------------------------------


def members_visible_to(actor: Actor) -> QuerySet[Member]:
    """Whom the actor may talk to: staff see everybody, clients see staff and those they share a space with."""
    members = Member.objects.active().filter(organisation_id=actor.organisation_id)
    if not actor.can(Permission.SEE_PEOPLE):
        return members.none()
    if actor.member.is_staff:
        return members
    shared = Q(space_access__space__access__member_id=actor.id)
    return members.filter(Q(role__in=STAFF) | shared).distinct()


def get_members(actor: Actor, ids: list[UUID], *, field: str) -> list[Member]:
    """Those of `ids` in order; InvalidInput naming `field` would tell too much, so one stranger makes it NotFound."""
    found = {member.id: member for member in members_visible_to(actor).filter(id__in=ids)}
    if set(ids) - set(found):
        raise NotFound(f"No such member in `{field}`.")
    return [found[id] for id in dict.fromkeys(ids)]


def spaces_visible_to(actor: Actor) -> QuerySet[Space]:
    spaces = Space.objects.filter(organisation_id=actor.organisation_id)
    if actor.member.is_staff:
        return spaces
    return spaces.filter(access__member_id=actor.id)


def get_space(actor: Actor, id: UUID) -> Space:
    space = spaces_visible_to(actor).filter(id=id).first()
    if space is None:
        raise NotFound("There is no such space here.")
    return space


# --- sites ----------------------------------------------------------------------------------------------------------


def get_site(key: str) -> Site:
    site = (
        Site.objects.select_related("organisation")
        .filter(key=key, is_active=True, organisation__is_active=True)
        .first()
    )
    if site is None:
        raise NotFound("There is no such site.")
    return site


def is_origin_of_a_site(origin: str) -> bool:
    return SiteOrigin.objects.filter(
        origin=origin, site__is_active=True, site__organisation__is_active=True
    ).exists()
