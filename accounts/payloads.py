"""The wire shapes of who."""

from __future__ import annotations

from datetime import datetime
from typing import TypedDict

from accounts.hours import hours_at
from accounts.models import Member, Organisation, Site
from accounts.prechat import Choice, Texts, key_of
from common.clock import iso, iso_or_none


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


class HoursPayload(TypedDict):
    """`now` is for whoever's own clock is wrong. `message`: what is said while it is closed, by language."""

    open: bool
    opens_at: str | None
    closes_at: str | None
    now: str
    message: dict[str, str]


def hours_payload(site: Site, moment: datetime) -> HoursPayload:
    hours = hours_at(moment, site.hours, site.holidays, site.timezone or site.organisation.timezone)
    return {
        "open": hours.is_open,
        "opens_at": iso_or_none(hours.opens_at),
        "closes_at": iso_or_none(hours.closes_at),
        "now": iso(moment),
        "message": site.away_message,
    }


class QuestionPayload(TypedDict):
    """Without a label in a language, the widget says what a name or an e-mail is."""

    key: str
    kind: str
    required: bool
    label: Texts
    choices: list[Choice]


def questions_payload(site: Site) -> list[QuestionPayload]:
    return [
        {
            "key": key_of(one),
            "kind": one["kind"],
            "required": one.get("required", False),
            "label": one.get("label", {}),
            "choices": one.get("choices", []),
        }
        for one in site.prechat
    ]
