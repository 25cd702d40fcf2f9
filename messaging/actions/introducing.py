"""Whoever begins a conversation answers what the site asks first."""

from __future__ import annotations

from collections.abc import Mapping

from accounts.actions import introduce_oneself
from accounts.actor import Actor
from accounts.prechat import read_answers
from accounts.queries import site_of
from messaging.models import Conversation, Introduction


def introduce(actor: Actor, conversation: Conversation, answers: Mapping[str, str]) -> None:
    """Call in the transaction that makes the conversation: what is missing makes none. InvalidInput."""
    site = site_of(actor)
    if site is None or not site.prechat:
        return
    told = read_answers(site.prechat, answers, known=actor.member.known, locale=site.organisation.locale)
    introduce_oneself(actor, name=told.name, email=told.email)
    if told.answers:
        Introduction.objects.create(conversation=conversation, answers=told.answers)
