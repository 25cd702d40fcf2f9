"""What an actor may see, as a query that is said once for each kind of actor: its role and its scopes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Model, QuerySet
from django.db.models.expressions import RawSQL

from accounts.actor import Actor, Credential
from accounts.models import Member
from common.prepared import Prepared

WHO, WHERE = UUID(int=1), UUID(int=2)


class PreparedFor:
    """`build(actor, those)` as `Prepared` has it; it sees a stand-in, whose id, organisation, role and scopes alone are
    known. Without a `key` there are no ids to give.
    """

    def __init__(
        self,
        model: type[Model],
        key: Sequence[str],
        build: Callable[[Actor, RawSQL], QuerySet[Any, Any]],
    ) -> None:
        self._model, self._key, self._build = model, key, build
        self._by_kind: dict[object, Prepared] = {}

    def __call__(self, actor: Actor, ids: Iterable[Sequence[UUID]] = ()) -> Iterator[Any]:
        kind = actor.member.role, actor.scopes
        if kind not in self._by_kind:
            self._by_kind[kind] = Prepared(
                self._model, self._key, partial(self._build, _stand_in(actor)), stand_ins=(WHO, WHERE)
            )
        return self._by_kind[kind](ids, actor.id, actor.organisation_id)


def _stand_in(actor: Actor) -> Actor:
    """Whatever else is asked of it is looked for in the database, and not found there."""
    member = Member.from_db(
        DEFAULT_DB_ALIAS, ["id", "organisation_id", "role"], [WHO, WHERE, actor.member.role]
    )
    return Actor(member, Credential(WHO), actor.scopes)
