"""Finding who: only through what the actor, or what it showed, can reach."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.functions import Now
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from accounts.actor import Actor, Credential
from accounts.models import Member, Role, Site, SiteOrigin, Space, SpaceAccess, Token
from accounts.models.people import STAFF
from accounts.permissions import Permission, Scope, roles_with
from common.clock import now
from common.errors import Forbidden, InvalidInput, NotAuthenticated, NotFound
from common.ids import digest_of
from common.prepared import Prepared, as_model

# --- actors ---------------------------------------------------------------------------------------------------------


def get_actor_by_token(raw: str, *, origin: str = "") -> Actor:
    """NotAuthenticated when the token is unknown, expired, revoked, or shown by a page that its site does not allow."""
    [actor] = get_actors_by_tokens([(raw, origin)])
    if isinstance(actor, NotAuthenticated | Forbidden):
        raise actor
    return actor


def get_actors_by_tokens(shown: Sequence[tuple[str, str]]) -> list[Actor | NotAuthenticated | Forbidden]:
    """For each (token, origin): one query, and one of their sites, however many they are."""
    digests = [digest_of(raw) for raw, _ in shown]
    rows = list(_SHOWN([digest] for digest in set(digests)))
    ids, tokens = {digest: id for id, digest, *_ in rows}, {id: held for id, _, *held in rows}
    credentials = [
        Credential(tokens[ids[digest]][MEMBER_ID], token_id=ids[digest], origin=origin)
        if digest in ids
        else None
        for digest, (_, origin) in zip(digests, shown, strict=True)
    ]
    known = {one.credential: one for one in _at_their_pages({one for one in credentials if one}, tokens)}
    return [_who_may_read(known.get(one) if one else None) for one in credentials]


def _who_may_read(actor: Actor | None) -> Actor | NotAuthenticated | Forbidden:
    if actor is None:
        return NotAuthenticated()
    return actor if Scope.READ in actor.scopes else Forbidden("This token may not even read.")


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
    actor = get_actors_again([credential]).get(credential)
    if actor is None:
        raise NotAuthenticated
    return actor


def get_actors_again(credentials: Iterable[Credential]) -> dict[Credential, Actor]:
    """Those whose credential still holds, as they are now: a few queries, however many they are."""
    shown = set(credentials)
    by_token = _by_token([one for one in shown if one.token_id])
    return by_token | _signed_in([one for one in shown if not one.token_id])


@lru_cache(maxsize=256)
def as_scopes(names: tuple[str, ...]) -> frozenset[Scope]:
    """A name that this version does not know gives no right."""
    return frozenset(scope for scope in Scope if scope in names)


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
    holding = get_actors_again(actor.credential for actor in actors)
    return [actor.credential in holding for actor in actors]


def _by_token(credentials: list[Credential]) -> dict[Credential, Actor]:
    """Those whose token still holds."""
    tokens = {id: held for id, _, *held in _TOKENS([one.token_id] for one in credentials if one.token_id)}
    return {one.credential: one for one in _at_their_pages(credentials, tokens) if Scope.READ in one.scopes}


def _at_their_pages(
    credentials: Iterable[Credential], tokens: dict[UUID | None, list[Any]]
) -> Iterator[Actor]:
    """Those who show one of these tokens, at a page that its site lists. Native clients tell no origin, browsers do."""
    listed = set(_ORIGINS([id] for id in {site for site, *_ in tokens.values() if site}))
    for one in credentials:
        if one.token_id in tokens:
            site, scopes, *member = tokens[one.token_id]
            if not one.origin or not site or (site, one.origin) in listed:
                yield Actor(
                    as_model(Member, zip(MEMBER_FIELDS, member, strict=True)), one, as_scopes(tuple(scopes))
                )


def _valid(those: RawSQL) -> QuerySet[Any, Any]:
    member = (f"member__{name}" for name in MEMBER_FIELDS)
    tokens = Token.objects.valid_at(Now()).filter(pk__in=those)
    return tokens.values_list("pk", "digest", "site_id", "scopes", *member)


# What an actor is asked for; a timestamp takes as long as all the rest.
MEMBER_FIELDS = [
    one.attname for one in Member._meta.concrete_fields if one.attname not in ("created_at", "deactivated_at")
]
MEMBER_ID = 2 + MEMBER_FIELDS.index("id")
_SHOWN = Prepared(Token, ("digest",), _valid)
_TOKENS = Prepared(Token, ("id",), _valid)
_ORIGINS = Prepared(
    Site, ("id",), lambda those: SiteOrigin.objects.filter(site__in=those).values_list("site_id", "origin")
)


def _signed_in(credentials: list[Credential]) -> dict[Credential, Actor]:
    """Those whose session is alive, of a user whose password is the one it was opened with."""
    if not credentials:
        return {}
    keys = [credential.session_key for credential in credentials]
    sessions = {one.pk: one for one in Session.objects.filter(pk__in=keys, expire_date__gt=now())}
    active = Member.objects.active().select_related("user")
    members = active.in_bulk([one.member_id for one in credentials])
    return {
        credential: Actor(member, credential)
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
    staff = Member.objects.filter(organisation_id=actor.organisation_id, role__in=STAFF).values("pk")
    sharing = SpaceAccess.objects.filter(space__access__member_id=actor.id).values("member")
    return members.filter(pk__in=staff.union(sharing))


def ids_with(permission: Permission, organisation_id: UUID) -> frozenset[UUID]:
    """Who of an organisation has it by their role."""
    members = Member.objects.active().filter(organisation=organisation_id, role__in=roles_with(permission))
    return frozenset(members.values_list("pk", flat=True))


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
    sites = Site.objects.select_related("organisation").filter(is_active=True, organisation__is_active=True)
    # PostgreSQL knows no text with a NUL in it.
    site = sites.filter(key=key).first() if key.isprintable() else None
    if site is None:
        raise NotFound("There is no such site.")
    return site


def client_in_session(request: HttpRequest, site: Site) -> Actor | None:
    """The client's side of the site's organisation who is signed in on our own pages."""
    user: Any = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return None
    key, slug = request.session.session_key or "", site.organisation.slug
    try:
        actor = get_actor_in_session(user.pk, key, organisation=slug)
    except NotAuthenticated:
        return None
    return None if actor.member.is_staff else actor


def get_visitor(site: Site, id: UUID) -> Actor | None:
    """A guest of the site's organisation."""
    guests = Member.objects.active().filter(organisation_id=site.organisation_id, role=Role.GUEST)
    found = guests.filter(pk=id).first()
    return Actor(found, Credential(found.pk)) if found else None


def site_of(actor: Actor) -> Site | None:
    """Whose widget the actor came in by."""
    token = actor.credential.token_id
    if token is None:
        return None
    return Site.objects.select_related("organisation").filter(tokens=token).first()


def lists(key: str, origin: str) -> bool:
    """Whether pages of this origin may embed the site."""
    return SiteOrigin.objects.filter(
        origin=origin, site__key=key, site__is_active=True, site__organisation__is_active=True
    ).exists()


def is_origin_of_a_site(origin: str) -> bool:
    return SiteOrigin.objects.filter(
        origin=origin, site__is_active=True, site__organisation__is_active=True
    ).exists()
