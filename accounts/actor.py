"""The Actor: a member, how it came in, and what it may do. Every action takes one first."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from accounts.models import Member
from accounts.permissions import GRANTED, NEEDED_SCOPE, Permission, Scope
from common.errors import Forbidden

EVERY_SCOPE = frozenset(Scope)


@dataclass(frozen=True, slots=True)
class Credential:
    """What a principal showed: a token's row or a session's key, and from a page of which origin ("": none was told).

    Enough to ask again later whether it still holds.
    """

    member_id: UUID
    token_id: UUID | None = None
    session_key: str = ""
    origin: str = ""

    def __hash__(self) -> int:
        """Looked for with each command: what tells nearly all of them apart is enough."""
        return hash(self.token_id or self.session_key)


@dataclass(frozen=True, slots=True)
class Holder:
    """Whoever was given a ticket. Whether what it showed for it still holds, and so who this is, is to be asked."""

    credential: Credential

    @property
    def id(self) -> UUID:
        return self.credential.member_id


@dataclass(frozen=True, slots=True)
class Actor:
    member: Member
    credential: Credential
    scopes: frozenset[Scope] = EVERY_SCOPE

    @property
    def id(self) -> UUID:
        return self.member.id

    @property
    def organisation_id(self) -> UUID:
        return self.member.organisation_id

    def can(self, permission: Permission) -> bool:
        granted = permission in GRANTED[self.member.role]  # type: ignore[index]  # the column holds a Role's value
        return granted and NEEDED_SCOPE[permission] in self.scopes

    def must(self, permission: Permission) -> None:
        if not self.can(permission):
            raise Forbidden

    def permissions(self) -> list[Permission]:
        return [permission for permission in Permission if self.can(permission)]
