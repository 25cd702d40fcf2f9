"""The isolation matrix's judgement: what a call from outside may neither learn, nor change, nor let anybody hear."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.apps import apps
from django.db import transaction
from django.http import HttpResponse
from django.urls import URLResolver

from tests.architecture.matrix import Entry, Public, Route, Table, routes_of
from tests.architecture.worlds import CALLERS, STRANGERS, Caller, Stage, World
from tests.conftest import Published

Rows = dict[str, list[dict[str, Any]]]

# --- cases ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Case:
    """One caller from outside, in a world of their own but for the ids named in `foreign`."""

    route: str
    method: str
    entry: Entry
    foreign: tuple[str, ...]
    caller: str

    def __str__(self) -> str:
        label = f" {self.entry.label}" if self.entry.label else ""
        foreign = f" foreign {'+'.join(self.foreign)}" if self.foreign else ""
        return f"{self.method} {self.route}{label}{foreign} as {self.caller}"


def cases(table: Table) -> Iterator[Case]:
    for (route, method), entries in table.items():
        for entry in entries:
            if isinstance(entry, Entry):
                for foreign in swaps(entry):
                    for caller in CALLERS:
                        if foreign or caller not in STRANGERS:
                            yield Case(route, method, entry, foreign, caller)


def swaps(entry: Entry) -> list[tuple[str, ...]]:
    """Each id alone, then all of them; for a call that carries none, the call as it is."""
    ids = entry.ids(ANYWHERE)
    alone = [(name,) for name in ids]
    return [*alone, ids] if len(ids) != 1 else alone


ANYWHERE = World(**dict.fromkeys(World.__dataclass_fields__, "00000000-0000-7000-8000-000000000000"))

# --- asking ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    content: bytes

    @property
    def is_given(self) -> bool:
        return 200 <= self.status < 300

    @property
    def text(self) -> str:
        return self.content.decode()

    def without(self, ids: Collection[str]) -> Answer:
        """To compare the answers to two calls that differ in these ids only."""
        content = self.content
        for id in ids:
            content = content.replace(id.encode(), b"<id>")
        return Answer(self.status, content)

    def __str__(self) -> str:
        return f"{self.status} {self.text[:300]!r}"


def ask(route: Route, method: str, entry: Entry | Public, caller: Caller, world: World) -> Answer:
    url = route.url({parameter: getattr(world, name) for parameter, name in entry.path.items()})
    if entry.query:
        url += "?" + urlencode(entry.query(world))
    body = json.dumps(entry.body(world)) if entry.body else ""
    is_page = isinstance(entry, Public) or entry.is_page
    client = caller.page_client if is_page else caller.client
    response: HttpResponse = client.generic(method, url, body, content_type="application/json")  # type: ignore[assignment]
    return Answer(response.status_code, response.content)


def route_named(resolver: URLResolver, name: str) -> Route:
    return next(route for route in routes_of(resolver) if route.name == name)


# --- what there is --------------------------------------------------------------------------------------------------


def snapshot() -> Rows:
    models = apps.get_models(include_auto_created=True)
    return {model._meta.label: list(model._base_manager.order_by("pk").values()) for model in models}


def changed(before: Rows, after: Rows) -> list[str]:
    """The models whose rows differ."""
    return [label for label in before if before[label] != after[label]]


def of_organisation(id: str, rows: Rows) -> Rows:
    """The rows that point at the organisation, directly or by others; and its people's users."""
    ids: set[Any] = {UUID(id)}
    while True:
        own = {label: [row for row in found if not ids.isdisjoint(_uuids(row))] for label, found in rows.items()}
        more = {row["id"] for found in own.values() for row in found if isinstance(row.get("id"), UUID)}
        more |= {row["user_id"] for row in own["accounts.Member"]} - {None}
        if more <= ids:
            return own
        ids |= more


def _uuids(row: Mapping[str, Any]) -> set[UUID]:
    return {value for value in row.values() if isinstance(value, UUID)}


TELLING = frozenset({"name", "slug", "title", "body", "username", "key", "origin", "kid", "email", "external_id"})


def traces_of(rows: Rows) -> set[str]:
    """Whatever would tell that it came from one of these rows: ids, and what people wrote."""
    found = [row for of_model in rows.values() for row in of_model]
    ids = {str(row["id"]) for row in found if isinstance(row.get("id"), UUID)}
    return ids | {str(row[name]) for row in found for name in TELLING & row.keys() if row[name]}


def seen(traces: Collection[str], content: str) -> list[str]:
    """As words of their own: a random token may well contain "Bob"."""
    if not traces:
        return []
    either = "|".join(map(re.escape, sorted(traces)))
    return sorted(set(re.findall(rf"(?<![\w-])(?:{either})(?![\w-])", content)))


@contextmanager
def rolled_back() -> Iterator[None]:
    """For what is done to prove that it can be done."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


# --- judging --------------------------------------------------------------------------------------------------------


def insider_complaints(resolver: URLResolver, stage: Stage, case: Case) -> list[str]:
    """A refusal proves nothing where nobody gets anything."""
    insider = stage.insider(case.entry.insider)
    with rolled_back():
        answer = ask(route_named(resolver, case.route), case.method, case.entry, insider, stage.hotel)
    if answer.status != case.entry.status:
        return [f"{insider.name}, who is an insider, got {answer}"]
    if case.entry.shows and case.entry.shows(stage.hotel) not in answer.text:
        return [f"{insider.name}, who is an insider, did not see what is there: {answer}"]
    return []


def complaints(resolver: URLResolver, stage: Stage, published: Published, case: Case) -> list[str]:
    """What is wrong with how the route treats the case's caller; nothing, if all is well."""
    route, caller = route_named(resolver, case.route), stage.callers[case.caller]

    def asked(world: World) -> Answer:
        return ask(route, case.method, case.entry, caller, world)

    with rolled_back():
        at_home = asked(caller.home)
    published()
    before = snapshot()
    answer = asked(caller.home.with_foreign(case.foreign, stage.hotel))
    after, heard = snapshot(), published()

    hotel = of_organisation(stage.hotel.organisation, before)
    found = _status_complaints(case, caller, answer, at_home)
    found += _telling_complaints(case, stage.hotel, answer, traces_for(caller, stage.hotel, hotel))
    if case.foreign or caller.is_nobody:
        found += [f"rows of {label} changed" for label in changed(before, after)]
        found += [f"{len(audience)} heard {event}" for event, audience in heard]
    else:
        # What is one's own may be changed and told.
        after = of_organisation(stage.hotel.organisation, after)
        found += [f"the hotel's rows of {label} changed" for label in changed(hotel, after)]
        people = {row["id"] for row in hotel["accounts.Member"]}
        found += [f"the hotel heard {event}" for event, audience in heard if audience & people]
    if case.foreign:
        nowhere = caller.home.with_unheard_of(case.foreign)
        found += _difference(answer, asked(nowhere), case.foreign, stage.hotel, nowhere)
    return [f"{case}: {one}" for one in found]


def _difference(
    answer: Answer, to_unheard_of: Answer, foreign: tuple[str, ...], hotel: World, nowhere: World
) -> list[str]:
    """Whoever gets another answer for what exists than for what never was has learned something."""
    same = answer.without(values(hotel, foreign)) == to_unheard_of.without(values(nowhere, foreign))
    return [] if same else [f"what never was is answered otherwise: {to_unheard_of}, not {answer}"]


def values(world: World, names: tuple[str, ...]) -> list[str]:
    return [getattr(world, name) for name in names]


def traces_for(caller: Caller, hotel: World, rows: Rows) -> set[str]:
    """A stranger knows the hotel, and must not learn of the conversation; all others must not learn of the hotel."""
    if caller.is_stranger:
        return {hotel.conversation, hotel.reply_to, hotel.title, hotel.words}
    return traces_of(rows)


def _status_complaints(case: Case, caller: Caller, answer: Answer, at_home: Answer) -> list[str]:
    expected = _expected(case, caller, at_home)
    if not expected:
        return [] if answer.status < 500 else [f"got {answer}"]
    return [] if answer.status in expected else [f"got {answer}, not one of {sorted(expected)}"]


def _expected(case: Case, caller: Caller, at_home: Answer) -> set[int]:
    if caller.is_nobody:
        return {302, 403} if case.entry.is_page else {401}
    if not case.foreign:
        return set()
    if case.entry.tells_gone:
        return {200}
    if at_home.is_given or set(case.foreign) & set(case.entry.path.values()):
        return {404}
    # Refused at home as well: for a right that is lacking, or for what the body says.
    return {403, 404} | ({at_home.status} if at_home.status == 400 else set())


def _telling_complaints(case: Case, hotel: World, answer: Answer, traces: set[str]) -> list[str]:
    content = answer.text
    if case.entry.tells_gone and answer.is_given:
        told = json.loads(content)
        gone = told.pop("gone")
        content = json.dumps(told, ensure_ascii=False)
        if gone != values(hotel, case.foreign):
            return [f"`gone` is {gone}"]
    return [f"the answer tells {one!r}" for one in seen(traces, content)]
