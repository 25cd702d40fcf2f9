"""The wire shapes of who."""

from __future__ import annotations

from typing import TypedDict

from accounts.models import Member, Organisation


class MemberPayload(TypedDict):
    id: str
    name: str
    role: str


class OrganisationPayload(TypedDict):
    id: str
    slug: str
    name: str
    locale: str
    timezone: str


def member_payload(member: Member) -> MemberPayload:
    return {"id": str(member.id), "name": member.name, "role": member.role}


def organisation_payload(organisation: Organisation) -> OrganisationPayload:
    return {
        "id": str(organisation.id),
        "slug": organisation.slug,
        "name": organisation.name,
        "locale": organisation.locale,
        "timezone": organisation.timezone,
    }
