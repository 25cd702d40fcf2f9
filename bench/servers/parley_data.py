"""The people of the bench, made in bulk with the models of the checkout that is measured: bench.servers.parley runs it.

Two tenants: one with pairs, groups, and a member who has 200 conversations to catch up with; and a noisy one.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path
from typing import Any

from django.db import transaction

from accounts.actor import EVERY_SCOPE
from accounts.models import Member, Organisation, Role, Token, TokenKind
from common.ids import digest_of, new_id, new_secret
from messaging.models import Conversation, Kind, Message, Participant

PAIRS = 2500
NOISY_PAIRS = 100
GROUPS = (100, 1000)
GROUP_SENDERS = 4
SYNC_CONVERSATIONS = 200
SYNC_MESSAGES = 50
AT_ONCE = 2000

numbers = count(1)


def make_organisation(slug: str) -> Organisation:
    return Organisation.objects.create(slug=slug, name=slug.title())


def make_members(organisation: Organisation, how_many: int) -> Iterator[tuple[Member, str]]:
    """Members with a token each. Every other one is of the staff, so that each pair has a client and an agent."""
    roles = (Role.CLIENT, Role.AGENT)
    members = [
        Member(organisation=organisation, role=roles[i % 2], name=f"Member {next(numbers)}")
        for i in range(how_many)
    ]
    secrets = [new_secret() for _ in members]
    Member.objects.bulk_create(members, AT_ONCE)
    tokens = (
        Token(member=member, kind=TokenKind.API, digest=digest_of(secret), scopes=sorted(EVERY_SCOPE))
        for member, secret in zip(members, secrets, strict=True)
    )
    Token.objects.bulk_create(tokens, AT_ONCE)
    return zip(members, secrets, strict=True)


def make_conversations(
    kind: Kind, casts: Sequence[Sequence[Member]], *, messages: int = 0
) -> list[Conversation]:
    conversations = [
        Conversation(
            id=new_id(),
            organisation=members[0].organisation,
            kind=kind,
            created_by=members[0],
            direct_key=":".join(sorted(one.id.hex for one in members)) if kind == Kind.DIRECT else "",
            last_seq=messages,
            version=messages,
        )
        for members in casts
    ]
    Conversation.objects.bulk_create(conversations, AT_ONCE)
    Participant.objects.bulk_create(
        (
            Participant(conversation=conversation, member=member, delivered_seq=messages)
            for conversation, members in zip(conversations, casts, strict=True)
            for member in members
        ),
        AT_ONCE,
    )
    return conversations


def make_pairs(organisation: Organisation, how_many: int) -> list[dict[str, Any]]:
    people = list(make_members(organisation, 2 * how_many))
    pairs = [people[i : i + 2] for i in range(0, len(people), 2)]
    conversations = make_conversations(Kind.DIRECT, [[member for member, _ in pair] for pair in pairs])
    return [
        {"id": str(conversation.id), "tokens": [secret for _, secret in pair]}
        for conversation, pair in zip(conversations, pairs, strict=True)
    ]


def make_group(organisation: Organisation, size: int) -> dict[str, Any]:
    people = list(make_members(organisation, GROUP_SENDERS + size))
    (conversation,) = make_conversations(Kind.GROUP, [[member for member, _ in people]])
    secrets = [secret for _, secret in people]
    return {
        "id": str(conversation.id),
        "senders": secrets[:GROUP_SENDERS],
        "hearers": secrets[GROUP_SENDERS:],
    }


def make_history(organisation: Organisation) -> dict[str, Any]:
    """Somebody with many conversations, of many messages each."""
    (reader, secret), *others = make_members(organisation, 1 + SYNC_CONVERSATIONS)
    casts = [[reader, other] for other, _ in others]
    conversations = make_conversations(Kind.DIRECT, casts, messages=SYNC_MESSAGES)
    messages = [
        Message(
            conversation=conversation,
            organisation_id=conversation.organisation_id,
            seq=seq,
            version=seq,
            sender=cast[seq % 2],
            client_id=new_id(),
            body=f"The heating in room {seq} is off, could somebody have a look before we come back tonight?",
        )
        for conversation, cast in zip(conversations, casts, strict=True)
        for seq in range(1, SYNC_MESSAGES + 1)
    ]
    Message.objects.bulk_create(messages, AT_ONCE)
    for conversation, last in zip(conversations, messages[SYNC_MESSAGES - 1 :: SYNC_MESSAGES], strict=True):
        conversation.last_message = last
    Conversation.objects.bulk_update(conversations, ["last_message"], AT_ONCE)
    return {"token": secret, "ids": [str(one.id) for one in conversations], "messages": SYNC_MESSAGES}


@transaction.atomic
def make_everything() -> dict[str, Any]:
    tenant, noisy = make_organisation("bench"), make_organisation("noisy")
    return {
        "pairs": make_pairs(tenant, PAIRS),
        "groups": {str(size): make_group(tenant, size) for size in GROUPS},
        "history": make_history(tenant),
        "noisy": make_pairs(noisy, NOISY_PAIRS),
    }


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(json.dumps(make_everything()))
