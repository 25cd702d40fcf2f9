"""The demo: two organisations with a member of every role, for a first look, for integrators and for tests.

Passwords and tokens are derived from a secret in DATA_DIR, so that a second run prints the same ones.
"""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid5

import jwt
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction

from accounts.actor import EVERY_SCOPE, Actor, Credential
from accounts.models import (
    Member,
    Organisation,
    Role,
    Site,
    SiteOrigin,
    SiteSecret,
    Space,
    SpaceAccess,
    SpaceRole,
    Token,
    TokenKind,
    User,
)
from accounts.sealing import seal
from common.clock import now
from common.ids import digest_of
from config.env import generated_secret
from portal.actions import approve_request, create_request
from portal.models import ClientRequest, RequestKind


@dataclass(frozen=True, slots=True)
class Wish:
    """What the client asks for."""

    kind: RequestKind
    title: str
    description: str


@dataclass(frozen=True, slots=True)
class Tenant:
    slug: str
    name: str
    kind: str
    host: str
    locale: str
    title: str
    greeting: str
    spaces: tuple[tuple[str, str, str], ...]
    people: tuple[tuple[Role, str], ...]
    pending: Wish
    approved: Wish
    agreed: str


TENANTS = (
    Tenant(
        slug="hotel-miramar",
        name="Hotel Miramar",
        kind="hotel",
        host="localhost",
        locale="en",
        title="Reception",
        greeting="How can we help with your stay?",
        spaces=(("room", "Room 101", "room-101"), ("room", "Room 102", "room-102")),
        people=(
            (Role.ADMIN, "Alice Moreau"),
            (Role.MANAGER, "Marta Ruiz"),
            (Role.AGENT, "Bob Keller"),
            (Role.CLIENT, "Carol Nguyen"),
            (Role.EXTERNAL_PM, "Pedro Lima"),
            (Role.VIEWER, "Vera Holm"),
            (Role.GUEST, "Dana"),
            (Role.BOT, "Robo"),
        ),
        pending=Wish(RequestKind.MATERIAL, "Two more pillows", "Firm ones, please."),
        approved=Wish(RequestKind.CHANGE_ORDER, "Check out later", "On Sunday, at four in the afternoon."),
        agreed="At two, once the next guests have moved.",
    ),
    Tenant(
        slug="acme-approvals",
        name="Acme Approvals",
        kind="approvals",
        host="portal.localhost",
        locale="es",
        title="Soporte",
        greeting="¿En qué podemos ayudarte?",
        spaces=(("project", "Torre Norte", "torre-norte"), ("project", "Casa Lago", "casa-lago")),
        people=(
            (Role.ADMIN, "Mallory Stone"),
            (Role.MANAGER, "Nuria Vidal"),
            (Role.AGENT, "Oscar Prieto"),
            (Role.CLIENT, "Paula Sanz"),
            (Role.EXTERNAL_PM, "Quim Costa"),
            (Role.VIEWER, "Rita Alves"),
            (Role.GUEST, "Sam"),
            (Role.BOT, "Echo"),
        ),
        pending=Wish(RequestKind.CHANGE_ORDER, "Mover la puerta de la cocina", "Medio metro a la izquierda."),
        approved=Wish(RequestKind.INFO, "Plano de la terraza", "El último, en PDF."),
        agreed="Va con el acta del lunes.",
    ),
)

WITHOUT_LOGIN = (Role.GUEST, Role.BOT)

# What the host calls its client: the same person signs in here and comes by the widget.
CLIENT_ID = "demo-client"


@transaction.atomic
def make_demo() -> list[dict[str, Any]]:
    """Makes what is missing and gives the organisations as `manage.py demo --json` prints them."""
    refuse_outside_demo_mode()
    return [_organisation(tenant) for tenant in TENANTS]


def refuse_outside_demo_mode() -> None:
    if not settings.DEMO:
        raise ImproperlyConfigured(
            "The demo has known passwords. Set DEMO=1 to allow it, never on a server that others reach."
        )


def client_of(organisation: dict[str, Any]) -> dict[str, Any]:
    return next(member for member in organisation["members"] if member["role"] == Role.CLIENT)


def sign_demo_identity(organisation: dict[str, Any]) -> str:
    """What a host's own server does for its signed-in person, here the organisation's client."""
    site, issued = organisation["site"], now()
    claims = {
        "sub": CLIENT_ID,
        "name": client_of(organisation)["name"],
        "aud": site["key"],
        "iat": issued,
        "exp": issued + timedelta(minutes=30),
    }
    return jwt.encode(claims, site["secret"], algorithm="HS256", headers={"kid": site["kid"]})


def derived(*parts: str) -> str:
    key = generated_secret(settings.DATA_DIR, "demo").encode()
    digest = hmac.digest(key, "/".join(parts).encode(), "sha256")
    return urlsafe_b64encode(digest).decode().rstrip("=").replace("-", "x").replace("_", "y")


def _organisation(tenant: Tenant) -> dict[str, Any]:
    organisation, _ = Organisation.objects.get_or_create(
        slug=tenant.slug, defaults={"name": tenant.name, "locale": tenant.locale}
    )
    spaces = [
        Space.objects.get_or_create(
            organisation=organisation, slug=slug, defaults={"kind": kind, "name": name}
        )[0]
        for kind, name, slug in tenant.spaces
    ]
    site = _site(tenant, organisation, spaces[0])
    members = [
        _member(tenant, organisation, spaces[0], role, name, site_key=site["key"])
        for role, name in tenant.people
    ]
    _requests(tenant, spaces[0], {str(one["role"]): str(one["id"]) for one in members})
    return {
        "id": str(organisation.id),
        "slug": organisation.slug,
        "site": site,
        "spaces": [{"id": str(space.id), "slug": space.slug} for space in spaces],
        "members": members,
    }


def _site(tenant: Tenant, organisation: Organisation, space: Space) -> dict[str, str]:
    site, _ = Site.objects.update_or_create(
        key=f"site_{derived(tenant.slug, 'site')[:22]}",
        defaults={
            "organisation": organisation,
            "name": tenant.name,
            "default_space": space,
            "appearance": {"title": tenant.title, "greeting": tenant.greeting},
        },
    )
    # The port may be another one than last time; a server on the former one may still run.
    origin = f"http://{tenant.host}:{settings.PORT}"
    SiteOrigin.objects.get_or_create(site=site, origin=origin)
    kid, secret = f"kid_{derived(tenant.slug, 'kid')[:12]}", derived(tenant.slug, "identity")
    SiteSecret.objects.get_or_create(site=site, kid=kid, defaults={"sealed": seal(secret)})
    return {"key": site.key, "origin": origin, "kid": kid, "secret": secret}


def _member(
    tenant: Tenant, organisation: Organisation, space: Space, role: Role, name: str, *, site_key: str
) -> dict[str, str | None]:
    username = None if role in WITHOUT_LOGIN else f"{name.split()[0].lower()}@{tenant.slug}"
    password = derived(tenant.slug, role, "password")[:20] if username else None
    secret = derived(tenant.slug, role, "token")
    member = Member.objects.filter(tokens__digest=digest_of(secret)).first() or _join(
        organisation, role, name, _user(username, password) if username and password else None
    )
    if role in (Role.CLIENT, Role.EXTERNAL_PM, Role.VIEWER):
        SpaceAccess.objects.get_or_create(
            member=member, space=space, defaults={"role": SpaceRole(role), "can_comment": role != Role.VIEWER}
        )
    return {
        "id": str(member.id),
        "name": member.name,
        "role": member.role,
        "username": username,
        "password": password,
        "token": _token(member, secret, site_key),
    }


def _requests(tenant: Tenant, space: Space, ids: dict[str, str]) -> None:
    """One of the client's waits, one was decided. What has become of them since stays."""
    client, manager = (_actor(ids[role]) for role in (Role.CLIENT, Role.MANAGER))
    for wish in (tenant.approved, tenant.pending):
        client_id = uuid5(space.pk, wish.title)
        if ClientRequest.objects.filter(created_by=client.id, client_id=client_id).exists():
            continue
        made, _ = create_request(
            client,
            client_id=client_id,
            space=space.pk,
            kind=wish.kind,
            title=wish.title,
            description=wish.description,
        )
        if wish is tenant.approved:
            approve_request(manager, request_id=made.pk, reason=tenant.agreed)


def _actor(id: str) -> Actor:
    member = Member.objects.get(pk=id)
    return Actor(member, Credential(member.pk))


def _join(organisation: Organisation, role: Role, name: str, user: User | None) -> Member:
    """Whoever is there without this token is of a DATA_DIR that is gone, and its secrets with it."""
    client_id = CLIENT_ID if role == Role.CLIENT else ""
    member, _ = Member.objects.get_or_create(
        organisation=organisation, role=role, name=name, defaults={"user": user, "external_id": client_id}
    )
    return member


def _user(username: str, password: str) -> User:
    user, _ = User.objects.get_or_create(username=username)
    user.set_password(password)
    user.save(update_fields=["password"])
    return user


def _token(member: Member, secret: str, site_key: str) -> str:
    is_guest = member.role == Role.GUEST
    Token.objects.get_or_create(
        digest=digest_of(secret),
        defaults={
            "member": member,
            "name": "demo",
            "kind": TokenKind.WIDGET if is_guest else TokenKind.API,
            "site": Site.objects.get(key=site_key) if is_guest else None,
            "scopes": sorted(EVERY_SCOPE),
        },
    )
    return secret
