"""The isolation matrix's judgement: what a call from outside may neither learn, nor change, nor let anybody hear."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from string import hexdigits
from typing import Any, TypeVar
from urllib.parse import urlencode
from uuid import UUID

from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import Field, ForeignKey, Model, UUIDField
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import URLResolver

from accounts.models import Member
from presence.models import LeaseRow, Presence
from tests.architecture.matrix import Entry, Public, Route, Same, Table, routes_of
from tests.architecture.worlds import CALLERS, CLAIMING, STRANGERS, Caller, Stage, World
from tests.conftest import Published

E = TypeVar("E", Entry, Public)
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


def cases(table: Table) -> list[Case]:
    return [
        Case(route, method, entry, foreign, caller)
        for route, method, entry in entries(table, Entry)
        for foreign in swaps(entry)
        for caller in callers_of(entry, foreign)
    ]


def entries(table: Table, kind: type[E]) -> list[tuple[str, str, E]]:
    return [
        (route, method, entry)
        for (route, method), entries in table.items()
        for entry in entries
        if isinstance(entry, kind)
    ]


def callers_of(entry: Entry, foreign: tuple[str, ...]) -> list[str]:
    """Strangers may ask for what is their own; a page reads no header."""
    absent = () if foreign else STRANGERS
    return [name for name in CALLERS if name not in absent and not (entry.is_page and name == CLAIMING)]


def swaps(entry: Entry) -> list[tuple[str, ...]]:
    """Each id alone, then all of them; for a call that carries none, the call as it is."""
    ids = entry.ids()
    alone: list[tuple[str, ...]] = [(name,) for name in ids]
    return [*alone, ids] if len(ids) != 1 else alone


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
        content = re.sub(rb'(?<=name="csrfmiddlewaretoken" value=")\w+', b"", self.content)
        for id in ids:
            content = content.replace(id.encode(), b"<id>")
        return Answer(self.status, content)

    def __str__(self) -> str:
        return f"{self.status} {self.text[:200]!r}"


def ask(route: Route, method: str, entry: Entry | Public, caller: Caller, world: World) -> Answer:
    filled = {name: value if isinstance(value, Same) else world[value] for name, value in entry.path.items()}
    url = route.url(filled)
    if entry.query:
        url += "?" + urlencode(entry.query(world))
    body, content_type = body_of(route, entry, world)
    response: Any = caller.client_for(page=entry.is_page).generic(
        method, url, body, content_type=content_type
    )
    return Answer(response.status_code, response.getvalue())


def body_of(route: Route, entry: Entry | Public, world: World) -> tuple[str | bytes, str]:
    """And its type."""
    fields = entry.body(world) if entry.body else {}
    if isinstance(entry, Entry) and entry.files:
        files = [SimpleUploadedFile(name, content) for name, content in entry.files.items()]
        return encode_multipart(BOUNDARY, {**fields, "files": files}), MULTIPART_CONTENT
    if route.path.startswith("/api/"):
        return json.dumps(fields), "application/json"
    return urlencode(fields), "application/x-www-form-urlencoded"


def route_named(resolver: URLResolver, name: str) -> Route:
    return next(route for route in routes_of(resolver) if route.name == name)


# --- what there is --------------------------------------------------------------------------------------------------


def snapshot() -> Rows:
    """Every row of every table, as the database has it: the ORM would take most of the matrix's time."""
    with connection.cursor() as cursor:
        return {
            model._meta.label: _rows(cursor, model) for model in apps.get_models(include_auto_created=True)
        }


def _rows(cursor: CursorWrapper, model: type[Model]) -> list[dict[str, Any]]:
    options = model._meta
    cursor.execute(f'SELECT * FROM "{options.db_table}" ORDER BY "{options.pk.column}"')  # noqa: S608  (our own names)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def changed(before: Rows, after: Rows) -> list[str]:
    """The models whose rows differ; but that somebody was here is noted, whatever they asked for."""
    noted = {LeaseRow._meta.label, Presence._meta.label}
    return [label for label in before if label not in noted and before[label] != after[label]]


def of_organisation(id: str, rows: Rows) -> Rows:
    """The rows that point at the organisation, directly or by others; and its people's users."""
    ids = {as_stored(id)}
    pointing = {
        label: [(row, {row[column] for column in columns}) for row in found]
        for label, found in rows.items()
        for columns in [_columns_of_ids(label)]
    }
    while True:
        own = {
            label: [row for row, its in found if not ids.isdisjoint(its)] for label, found in pointing.items()
        }
        more = {row["id"] for label, found in own.items() if _has_id(label) for row in found}
        more |= {row["user_id"] for row in own[Member._meta.label]} - {None}
        if more <= ids:
            return own
        ids |= more


def as_stored(id: str) -> object:
    """SQLite keeps an id as 32 hexadecimal digits."""
    return UUID(id) if connection.features.has_native_uuid_field else UUID(id).hex


@cache
def _columns_of_ids(label: str) -> tuple[str, ...]:
    fields = apps.get_model(label)._meta.concrete_fields
    return tuple(field.column for field in fields if isinstance(_points_at(field), UUIDField))


def _has_id(label: str) -> bool:
    return "id" in _columns_of_ids(label)


def _points_at(field: Field[Any, Any]) -> Field[Any, Any]:
    return _points_at(field.target_field) if isinstance(field, ForeignKey) else field


def as_id(value: object) -> UUID | None:
    """SQLite keeps an id as 32 hexadecimal digits."""
    if isinstance(value, UUID):
        return value
    return UUID(value) if isinstance(value, str) and len(value) == 32 and not value.strip(hexdigits) else None


def ids_by_model(organisation: str) -> dict[str, str]:
    """One row of each model that has any: `{"accounts.Member": id}`."""
    return {
        label: str(as_id(rows[0]["id"]))
        for label, rows in of_organisation(organisation, snapshot()).items()
        if rows and as_id(rows[0].get("id"))
    }


TELLING = frozenset(
    {"name", "slug", "title", "body", "username", "key", "origin", "kid", "email", "external_id", "label"}
)


def _traces(part: Rows, rows: Rows) -> set[str]:
    """Whatever tells that it came from this part of the rows: ids, and what people wrote there and nowhere else."""
    elsewhere = {label: [row for row in found if row not in part[label]] for label, found in rows.items()}
    return _telling(part) - _telling(elsewhere)


def traces_of(world: World, rows: Rows | None = None) -> set[str]:
    """What would tell of the world's organisation."""
    rows = rows or snapshot()
    return _traces(of_organisation(world["organisation"], rows), rows)


def _telling(rows: Rows) -> set[str]:
    found = [row for of_model in rows.values() for row in of_model]
    ids = {str(id) for row in found if (id := as_id(row.get("id")))}
    return ids | {str(row[name]) for row in found for name in TELLING & row.keys() if row[name]}


def seen(traces: Collection[str], content: str) -> list[str]:
    """As words of their own: a random token may well contain "Bob"."""
    return sorted(
        one
        for one in traces
        if one in content and re.search(rf"(?<![\w-]){re.escape(one)}(?![\w-])", content)
    )


@contextmanager
def rolled_back() -> Iterator[None]:
    """For what is done to prove that it can be done."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


# --- judging --------------------------------------------------------------------------------------------------------


def insider_complaints(resolver: URLResolver, stage: Stage, case: Case) -> list[str]:
    """A refusal proves nothing where nobody gets anything."""
    if case.entry.status is None:
        return []
    insider = stage.insider(case.entry.insider)
    insider.client_for(page=case.entry.is_page)
    with rolled_back():
        answer = ask(route_named(resolver, case.route), case.method, case.entry, insider, stage.hotel)
    if answer.status != case.entry.status:
        return [f"{case}: {insider.name}, who is an insider, got {answer}"]
    if case.entry.shows and case.entry.shows(stage.hotel) not in answer.text:
        return [f"{case}: {insider.name}, who is an insider, did not see what is there: {answer}"]
    return []


def complaints(resolver: URLResolver, stage: Stage, published: Published, cases: list[Case]) -> list[str]:
    """What is wrong with how these callers are treated; nothing, if all is well.

    They share the stage, and each comes once; no case leaves a trace for another.
    """
    found = []
    for name in dict.fromkeys(case.caller for case in cases):
        own = [case for case in cases if case.caller == name]
        with rolled_back():
            caller = stage.caller(name)
            for case in own:
                # Signs in, which is not to be rolled back with what is asked.
                caller.client_for(page=case.entry.is_page)
            rows = snapshot()
            before = Before(rows, traces_of(stage.hotel, rows))
            for case in own:
                with rolled_back():
                    found += _complaints(resolver, stage, published, case, caller, before)
    return found


@dataclass(frozen=True, slots=True)
class Before:
    """A caller comes to this, whatever they ask: each case is undone. `at_home`: their own, of each call once."""

    rows: Rows
    traces: set[str]
    at_home: dict[tuple[str, str, str], Answer] = field(default_factory=dict)


def _complaints(
    resolver: URLResolver, stage: Stage, published: Published, case: Case, caller: Caller, before: Before
) -> list[str]:
    route = route_named(resolver, case.route)

    def asked(world: World) -> Answer:
        return ask(route, case.method, case.entry, caller, world)

    call = (case.route, case.method, case.entry.label)
    if call not in before.at_home:
        with rolled_back():
            before.at_home[call] = asked(caller.home)
    published()
    answer = asked(caller.home.with_foreign(case.foreign, stage.hotel))
    labels, heard = changed(before.rows, snapshot()), published()

    found = _status_complaints(case, caller, answer, before.at_home[call])
    found += _telling_complaints(case, stage.hotel, answer, traces_for(caller, stage.hotel, before.traces))
    if case.foreign or caller.is_nobody:
        found += [f"rows of {label} changed" for label in labels]
        found += [f"{len(audience)} heard {event}" for event, audience in heard]
    else:
        # What is one's own may be changed and told.
        found += [
            f"the hotel's rows of {label} changed" for label in _of_hotel(stage.hotel, labels, before.rows)
        ]
        people = _people_of(stage.hotel, before.rows)
        found += [f"the hotel heard {event}" for event, audience in heard if audience & people]
    if case.foreign:
        nowhere = caller.home.with_unheard_of(case.foreign)
        found += _difference(answer, asked(nowhere), case.foreign, stage.hotel, nowhere)
    return [f"{case}: {one}" for one in found]


def _of_hotel(hotel: World, labels: list[str], before: Rows) -> list[str]:
    """Of the models whose rows differ, those where the hotel's do."""
    if not labels:
        return []
    organisation = hotel["organisation"]
    return changed(of_organisation(organisation, before), of_organisation(organisation, snapshot()))


def _people_of(hotel: World, rows: Rows) -> set[UUID | None]:
    organisation = UUID(hotel["organisation"])
    members = rows[Member._meta.label]
    return {as_id(row["id"]) for row in members if as_id(row["organisation_id"]) == organisation}


def _difference(
    answer: Answer, to_unheard_of: Answer, foreign: tuple[str, ...], hotel: World, nowhere: World
) -> list[str]:
    """Whoever gets another answer for what exists than for what never was has learned something."""
    told = answer.without([hotel[name] for name in foreign])
    same = told == to_unheard_of.without([nowhere[name] for name in foreign])
    return [] if same else [f"what never was is answered otherwise: {to_unheard_of}, not {answer}"]


OF_THE_CONVERSATION = ("conversation", "works", "reply_to", "message", "entity", "attachment", "attachments")


def traces_for(caller: Caller, hotel: World, of_hotel: set[str]) -> set[str]:
    """A stranger knows the hotel, and must not learn of the conversation; all others must not learn of the hotel."""
    if caller.is_stranger:
        ids = {hotel[name] for name in OF_THE_CONVERSATION}
        return {*ids, hotel.title, hotel.words}
    return of_hotel


def _status_complaints(case: Case, caller: Caller, answer: Answer, at_home: Answer) -> list[str]:
    expected = _expected(case, caller, at_home)
    if not expected:
        return [] if answer.status < 500 else [f"got {answer}"]
    return [] if answer.status in expected else [f"got {answer}, not one of {sorted(expected)}"]


PAGE_REFUSED = {302, 403, 404}


def _expected(case: Case, caller: Caller, at_home: Answer) -> set[int]:
    if caller.is_nobody:
        return PAGE_REFUSED if case.entry.is_page else {401}
    if not case.foreign:
        return set()
    if case.entry.tells_gone or case.entry.leaves_out:
        return {200}
    if case.entry.is_page:
        return PAGE_REFUSED | case.entry.or_else
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
        if gone != [hotel[name] for name in case.foreign if name == "cursors"]:
            return [f"`gone` is {gone}"]
    return [f"the answer tells {one!r}" for one in seen(traces, content)]
