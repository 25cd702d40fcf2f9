"""What can be done about who: widget sessions, tokens, socket tickets, leaving."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now

from accounts.actor import EVERY_SCOPE, Actor, Credential, Holder
from accounts.audit import record
from accounts.embed import is_ours, read_identity, read_session
from accounts.models import (
    NAMELESS,
    Contact,
    Member,
    Organisation,
    Role,
    Site,
    SiteOrigin,
    SiteSecret,
    SocketTicket,
    Token,
    TokenKind,
    User,
    name_of_visitor,
)
from accounts.models.contacts import MAX_AGENT
from accounts.permissions import Permission, Scope
from accounts.queries import get_actor_by_token, get_actors_again, get_site
from accounts.sealing import seal
from accounts.signals import member_deactivated
from common import ratelimit
from common.bulk import insert_rows
from common.clock import ask_the_database, now
from common.errors import Forbidden, InvalidInput, NotAuthenticated, NotFound, RateLimited
from common.ids import digest_of, new_id, new_secret
from realtime.publishing import recheck_sockets

VISITOR_LIFETIME = timedelta(days=30)
IDENTITY_LIFETIME = timedelta(hours=12)
TICKET_LIFETIME = timedelta(seconds=30)
VISITORS_PER_ADDRESS = "20/minute"
CONTACTS_PER_MEMBER = "60/minute"
VISITORS_PER_SITE = "600/minute"
TICKETS_PER_MEMBER = "120/minute"


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """The only moment at which the secret itself is known."""

    secret: str
    token: Token


@dataclass(frozen=True, slots=True)
class IssuedTicket:
    secret: str
    expires_in: int


# --- widget sessions ------------------------------------------------------------------------------------------------


def open_widget_session(
    *, site_key: str, origin: str, address: str, identity: str = "", visitor_token: str = ""
) -> IssuedToken:
    """Exchanges a host-signed identity for a token of that member; a visitor without one becomes a new guest.

    A visitor_token that still works on this page gives the same guest a fresh token. A member is found by
    (organisation, external id), never by e-mail, and is never staff. Limited by address and site.
    """
    site = get_site(site_key)
    if origin and not site.origins.filter(origin=origin).exists():
        raise Forbidden("This site does not list the page's origin.")
    ratelimit.hit(VISITORS_PER_ADDRESS, "widget session", address)
    ratelimit.hit(VISITORS_PER_SITE, "widget session of site", site.id)
    with transaction.atomic():
        if identity:
            if is_ours(identity):
                actor = _on_our_page(site, identity)
                member, session_key = actor.member, actor.credential.session_key
            else:
                member, session_key = _identified_member(site, identity), ""
            _who_may_use_it(member)
            return _issue(member, site, lifetime=IDENTITY_LIFETIME, session_key=session_key)
        if site.identity_required:
            raise InvalidInput(fields={"identity": ["This site needs a signed identity."]})
        return _issue(_visitor(site, visitor_token, origin), site, lifetime=VISITOR_LIFETIME)


def _on_our_page(site: Site, identity: str) -> Actor:
    shown = read_session(site, identity)
    actor = get_actors_again([shown]).get(shown)
    if actor is None or actor.organisation_id != site.organisation_id:
        raise InvalidInput(fields={"identity": ["Its session has ended."]})
    return actor


def _identified_member(site: Site, token: str) -> Member:
    identity = read_identity(site, token)
    said = {"name": identity.name, "email": identity.email}
    known = {field: text for field, text in said.items() if text is not None}
    member, is_new = Member.objects.get_or_create(
        organisation_id=site.organisation_id,
        external_id=identity.external_id,
        defaults={"role": Role.CLIENT, "name": NAMELESS, **known},
    )
    _who_may_use_it(member)
    changed = {field: text for field, text in known.items() if getattr(member, field) != text}
    if changed and not is_new:
        Member.objects.filter(pk=member.pk).update(**changed)
        member.refresh_from_db(fields=list(changed))
    return member


def _who_may_use_it(member: Member) -> Member:
    if member.is_staff or member.deactivated_at:
        raise Forbidden("This person cannot use the widget.")
    return member


def meet_visitor(site: Site, *, id: UUID, address: str) -> Actor:
    """Somebody new who writes without a widget, and has nothing to come back with. Limited as widgets are. The id was
    made for them before: two tries at once are one person."""
    if site.identity_required:
        raise Forbidden("This site needs to know who it is.")
    ratelimit.hit(VISITORS_PER_ADDRESS, "widget session", address)
    ratelimit.hit(VISITORS_PER_SITE, "widget session of site", site.id)
    guest = {"organisation_id": site.organisation_id, "role": Role.GUEST, "name": name_of_visitor(id)}
    visitor, _ = Member.objects.get_or_create(pk=id, defaults=guest)
    if visitor.deactivated_at:
        raise NotAuthenticated
    return Actor(visitor, Credential(visitor.id))


def _visitor(site: Site, visitor_token: str, origin: str) -> Member:
    if visitor_token:
        actor = get_actor_by_token(visitor_token, origin=origin)
        if actor.member.role != Role.GUEST or actor.organisation_id != site.organisation_id:
            raise NotAuthenticated
        return actor.member
    visitor = Member(organisation_id=site.organisation_id, role=Role.GUEST)
    visitor.name = name_of_visitor(visitor.id)
    visitor.save()
    return visitor


def _issue(member: Member, site: Site, *, lifetime: timedelta, session_key: str = "") -> IssuedToken:
    ends = now() + lifetime
    return make_token(member, kind=TokenKind.WIDGET, site=site, expires_at=ends, session_key=session_key)


def close_widget_session(actor: Actor) -> None:
    """Logout of a widget: its token stops working, its sockets close."""
    own = actor.credential.token_id
    token = Token.objects.filter(pk=own, kind=TokenKind.WIDGET).first() if own else None
    if token is None:
        raise InvalidInput("This is no widget's session: sign out at the logout page, or revoke the token.")
    revoke_token(actor, token_id=token.pk)


# --- tokens ---------------------------------------------------------------------------------------------------------


def make_token(
    member: Member,
    *,
    kind: TokenKind,
    name: str = "",
    scopes: frozenset[Scope] = EVERY_SCOPE,
    site: Site | None = None,
    expires_at: datetime | None = None,
    secret: str = "",
    session_key: str = "",
) -> IssuedToken:
    secret = secret or new_secret()
    token = Token.objects.create(
        member=member,
        kind=kind,
        name=name,
        digest=digest_of(secret),
        scopes=sorted(scopes),
        site=site,
        expires_at=expires_at,
        session_key=session_key,
    )
    return IssuedToken(secret, token)


@transaction.atomic
def revoke_token(actor: Actor, *, token_id: UUID) -> None:
    """One's own token, or any of the organisation with MANAGE_ORGANISATION. Revoking twice changes nothing."""
    tokens = Token.objects.filter(pk=token_id, member__organisation_id=actor.organisation_id)
    if not actor.can(Permission.MANAGE_ORGANISATION):
        tokens = tokens.filter(member=actor.member)
    token = tokens.first()
    if token is None:
        raise NotFound
    if Token.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=now()):
        record(actor, "token.revoked", token)
        recheck_sockets([token.member_id])


# --- members and sites ----------------------------------------------------------------------------------------------


@transaction.atomic
def add_organisation(*, slug: str, name: str, admin: User) -> Organisation:
    """A new tenant with its first admin. Only the command line calls this: nobody is in it yet to be asked."""
    organisation = Organisation.objects.create(slug=slug, name=name)
    member = Member.objects.create(
        organisation=organisation, user=admin, role=Role.ADMIN, name=admin.get_full_name() or admin.username
    )
    record(Actor(member, Credential(member.id)), "organisation.created", organisation)
    return organisation


@transaction.atomic
def add_member(
    actor: Actor, *, role: Role, name: str, email: str = "", username: str = "", password: str = ""
) -> Member:
    """A person of the organisation. With a username, one who signs in with it; it must be new."""
    actor.must(Permission.MANAGE_ORGANISATION)
    if username and User.objects.filter(username=username).exists():
        raise InvalidInput(fields={"username": ["Someone has this name already."]})
    user = User.objects.create_user(username, email, password) if username else None
    member = Member.objects.create(
        organisation_id=actor.organisation_id, role=role, name=name, email=email, user=user
    )
    record(actor, "member.added", member, role=role)
    return member


def change_settings(actor: Actor, *, read_private: bool | None = None, locale: str | None = None) -> Member:
    """The actor's own; None leaves it as it is. What others saw as read before stays so; from now on it stands still,
    or goes on. `locale`: "" for the organisation's."""
    actor.must(Permission.CHANGE_SETTINGS)
    said = {"read_private": read_private, "locale": locale}
    for name, value in said.items():
        if value is not None:
            Member.objects.filter(pk=actor.id).update(**{name: value})
            setattr(actor.member, name, value)
    return actor.member


def note_contact(
    actor: Actor,
    *,
    agent: str,
    page: str | None = None,
    locale: str | None = None,
    attributes: dict[str, Any] | None = None,
) -> Contact:
    """Where the actor writes from, for the staff to read; what is not said stays. Nobody of the staff is a contact."""
    actor.must(Permission.CHANGE_SETTINGS)
    if actor.member.is_staff:
        raise Forbidden("Staff have no contact of their own.")
    ratelimit.hit(CONTACTS_PER_MEMBER, "contact", actor.id)
    told = {"page": page, "locale": locale, "attributes": attributes}
    said = {field: value for field, value in told.items() if value is not None}
    said["agent"] = "".join(letter for letter in agent if letter.isprintable())[:MAX_AGENT]
    contact, _ = Contact.objects.update_or_create(
        member_id=actor.id, defaults={**said, "seen_at": Now()}, create_defaults=said
    )
    return contact


def introduce_oneself(actor: Actor, *, name: str, email: str, corrects: bool = False) -> None:
    """What somebody who is not of the staff says of themself; what is known already stays, unless they say it again."""
    said = {"name": name, "email": email}
    known = [] if corrects else actor.member.known
    new = {what: text for what, text in said.items() if text and what not in known}
    if new:
        Member.objects.filter(pk=actor.id).update(**new)
    for what, text in new.items():
        setattr(actor.member, what, text)


@transaction.atomic
def deactivate_member(actor: Actor, *, member_id: UUID) -> None:
    """The member can no longer come in; its open sockets close. Its messages stay; whom it serves others do."""
    actor.must(Permission.MANAGE_ORGANISATION)
    member = Member.objects.filter(pk=member_id, organisation_id=actor.organisation_id).first()
    if member is None:
        raise NotFound
    if Member.objects.filter(pk=member.pk, deactivated_at=None).update(deactivated_at=now()):
        record(actor, "member.deactivated", member)
        member_deactivated.send(sender=Member, member=member, actor=actor)
        recheck_sockets([member.id])


@transaction.atomic
def issue_site_secret(actor: Actor, *, site_id: UUID) -> tuple[SiteSecret, str]:
    """A new identity secret, told once. At most two are active: rotate by revoking the older one."""
    actor.must(Permission.MANAGE_ORGANISATION)
    site = Site.objects.select_for_update().filter(pk=site_id, organisation_id=actor.organisation_id).first()
    if site is None:
        raise NotFound
    if site.secrets.filter(revoked_at=None).count() >= 2:
        raise InvalidInput("Two secrets are active. Revoke the older one first.")
    secret = new_secret()
    row = SiteSecret.objects.create(site=site, sealed=seal(secret))
    record(actor, "site_secret.issued", row)
    return row, secret


@transaction.atomic
def revoke_site_secret(actor: Actor, *, secret_id: UUID) -> None:
    """Identities signed with it are refused from now on; tokens already exchanged live on."""
    actor.must(Permission.MANAGE_ORGANISATION)
    row = SiteSecret.objects.filter(pk=secret_id, site__organisation_id=actor.organisation_id).first()
    if row is None:
        raise NotFound
    if SiteSecret.objects.filter(pk=row.pk, revoked_at=None).update(revoked_at=now()):
        record(actor, "site_secret.revoked", row)


def recheck_what_stands_on_sessions(user_id: str) -> None:
    """A session ended or the password changed: widgets that our own pages let in by it, and sockets, end with it."""
    tokens = Token.objects.filter(member__user_id=user_id, revoked_at=None).exclude(session_key="")
    shown = {one.pk: Credential(one.member_id, session_key=one.session_key) for one in tokens}
    holding = get_actors_again(shown.values())
    ended = [id for id, credential in shown.items() if credential not in holding]
    Token.objects.filter(pk__in=ended).update(revoked_at=now())
    recheck_sockets(list(Member.objects.filter(user_id=user_id).values_list("id", flat=True)))


def recheck_sockets_of(place: Member | Organisation | Site | SiteOrigin) -> None:
    """A member goes, an organisation or a site is switched off, or lost an origin: their sockets may have to close."""
    recheck_sockets(Member.objects.filter(_reached_by(place)).values_list("id", flat=True))


def _reached_by(place: Member | Organisation | Site | SiteOrigin) -> Q:
    match place:
        case Member():
            return Q(pk=place.pk)
        case Organisation():
            return Q(organisation=place)
        case Site():
            return Q(tokens__site=place)
        case SiteOrigin():
            return Q(tokens__site=place.site_id)


# --- sockets --------------------------------------------------------------------------------------------------------


def issue_socket_ticket(actor: Actor) -> IssuedTicket:
    """Single use, 30 seconds, bound to the member and the credential that asked. Limited by member."""
    [issued] = issue_socket_tickets([actor])
    if isinstance(issued, RateLimited):
        raise issued
    return issued


def issue_socket_tickets(actors: Sequence[Actor]) -> list[IssuedTicket | RateLimited]:
    """One for each, or what is wrong. One round trip to Redis and one INSERT, however many they are."""
    problems = ratelimit.hit_each(TICKETS_PER_MEMBER, [("socket ticket", actor.id) for actor in actors])
    issued = [one or IssuedTicket(new_secret(), int(TICKET_LIFETIME.total_seconds())) for one in problems]
    expires_at = ask_the_database()() + TICKET_LIFETIME
    insert_rows(
        SocketTicket,
        fields=("id", "digest", "member", "token", "session_key", "expires_at"),
        rows=(
            (new_id(), digest_of(one.secret), shown.member_id, shown.token_id, shown.session_key, expires_at)
            for shown, one in zip((actor.credential for actor in actors), issued, strict=True)
            if isinstance(one, IssuedTicket)
        ),
    )
    return issued


def forget_old_tickets() -> None:
    SocketTicket.objects.filter(expires_at__lt=Now()).delete()


def redeem_socket_tickets(shown: Sequence[tuple[str, str]]) -> list[Holder | NotAuthenticated]:
    """For each (ticket, origin), who was given it, once: whoever deletes the row has it. One statement for all."""
    digests = [digest_of(secret) for secret, _ in shown]
    taken = {one.digest: one for one in _take_tickets(digests)}
    holders: list[Holder | NotAuthenticated] = []
    for digest, (_, origin) in zip(digests, shown, strict=True):
        one = taken.pop(digest, None)
        holders.append(Holder(_shown_for(one, origin)) if one else NotAuthenticated(NO_SUCH_TICKET))
    return holders


NO_SUCH_TICKET = "This ticket is unknown, used or too old. Ask for a new one."


def _take_tickets(digests: list[str]) -> Iterable[SocketTicket]:
    """The ORM can say which, but not that it wants them back when they are gone."""
    holding = SocketTicket.objects.filter(digest__in=digests, expires_at__gt=Now()).values("pk")
    which, params = holding.query.sql_with_params()
    return SocketTicket.objects.raw(
        f"DELETE FROM accounts_socketticket WHERE id IN ({which}) RETURNING *",  # noqa: S608
        params,
    )


def _shown_for(ticket: SocketTicket, origin: str) -> Credential:
    return Credential(
        ticket.member_id, token_id=ticket.token_id, session_key=ticket.session_key, origin=origin
    )
