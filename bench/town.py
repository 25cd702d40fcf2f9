"""Who lives in the town, who talks to whom, and how much: drawn by lot, the same at every run."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count, cycle, islice, product
from random import Random

from bench.words import FAMILY_NAMES, FIRST_NAMES, WORDS

LARGEST = 0.2  # of everything, the first tenant has
KINDS = ("support", "direct", "group", "support", "direct", "group", "support", "direct", "group", "channel")
CLIENTS_SIDE = ("client", "client", "client", "external_pm", "viewer")


@dataclass(frozen=True, slots=True)
class Size:
    organisations: int = 100
    conversations: int = 10_000
    messages: int = 1_000_000
    longest: int = 50_000
    largest_group: int = 1_000

    def scaled(self, by: float) -> Size:
        """The least there can be are two organisations that have something of everything."""
        return Size(
            max(2, round(self.organisations * by)),
            max(60, round(self.conversations * by)),
            max(1_000, round(self.messages * by)),
            max(100, round(self.longest * by)),
            max(10, round(self.largest_group * by)),
        )


@dataclass(slots=True)
class Person:
    id: str
    name: str
    role: str
    spaces: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Talk:
    """A conversation of these people; `first` and `last` are the places of its messages among all of the town."""

    id: str
    kind: str
    people: list[Person]
    title: str = ""
    space: str | None = None
    client: Person | None = None
    is_open: bool = True
    is_waiting: bool = False
    length: int = 1
    first: int = -1
    last: int = -1


@dataclass(slots=True)
class Tenant:
    id: str
    number: int
    spaces: list[str]
    staff: list[Person]
    clients: list[Person]
    guests: list[Person]
    talks: list[Talk] = field(default_factory=list)

    @property
    def people(self) -> list[Person]:
        return [*self.staff, *self.clients, *self.guests]


class Town:
    """`said` is the order of speech: a message for each place, and the conversation that it is said in."""

    def __init__(self, size: Size, seed: int) -> None:
        self.size, self.lot = size, Random(seed)  # noqa: S311  (the same at every run is what is wanted)
        self._numbers = count(1)
        self.tenants = [self._tenant(number, talks) for number, talks in enumerate(self._shares())]
        self.talks = [talk for tenant in self.tenants for talk in tenant.talks]
        self._share_out_messages()
        self.said = [talk for talk in self.talks for _ in range(talk.length)]
        self.lot.shuffle(self.said)
        for place, talk in enumerate(self.said):
            talk.first, talk.last = place if talk.first < 0 else talk.first, place

    def new_id(self) -> str:
        """As a version 7: they sort as they were made."""
        return f"{next(self._numbers):012x}7000{2**63:016x}"

    # --- who --------------------------------------------------------------------------------------------------------

    def _shares(self) -> list[int]:
        """How many conversations each tenant has: the first a fifth, the others ever fewer."""
        weights = [number**-0.7 for number in range(1, self.size.organisations)]
        of_others = self.size.conversations * (1 - LARGEST) / sum(weights)
        shares = [max(10, round(weight * of_others)) for weight in weights]
        return [self.size.conversations - sum(shares), *shares]

    def _tenant(self, number: int, talks: int) -> Tenant:
        staff, clients = 4 + talks // 100, 4 + talks // 4
        if number == 0:
            clients = max(clients, self.size.largest_group)
        tenant = Tenant(
            id=self.new_id(),
            number=number,
            spaces=[self.new_id() for _ in range(2 + talks // 25)],
            staff=self._people(["admin", "manager", *["agent"] * (staff - 2)]),
            clients=self._people(list(islice(cycle(CLIENTS_SIDE), clients))),
            guests=self._people(["guest"] * (2 + talks // 4)),
        )
        for client in tenant.clients:
            client.spaces = self.lot.sample(tenant.spaces, k=self.lot.randint(1, 2))
        self._open_talks(tenant, talks)
        return tenant

    def _people(self, roles: list[str]) -> list[Person]:
        return [Person(self.new_id(), self._name(), role) for role in roles]

    def _name(self) -> str:
        return f"{self.lot.choice(FIRST_NAMES)} {self.lot.choice(FAMILY_NAMES)}"

    # --- with whom --------------------------------------------------------------------------------------------------

    def _open_talks(self, tenant: Tenant, talks: int) -> None:
        numbers = {kind: count() for kind in KINDS}
        pairs = self.lot.sample(list(product(tenant.staff, tenant.clients)), k=talks * 3 // 10 + 1)
        for kind in islice(cycle(KINDS), talks):
            number = next(numbers[kind])
            match kind:
                case "support":
                    talk = self._support(tenant, number)
                case "direct":
                    talk = Talk(self.new_id(), kind, list(pairs[number]))
                case "group":
                    talk = self._group(tenant, number)
                case _:
                    talk = self._channel(tenant, number)
            tenant.talks.append(talk)

    def _support(self, tenant: Tenant, number: int) -> Talk:
        """One open for each client; the former ones are closed. Every fifth open one waits for staff."""
        served = [*tenant.guests, *tenant.clients]
        client, is_open = served[number % len(served)], number < len(served)
        is_waiting = is_open and number % 5 == 0
        people = [client] if is_waiting else [client, self._busy_one(tenant)]
        return Talk(self.new_id(), "support", people, client=client, is_open=is_open, is_waiting=is_waiting)

    def _group(self, tenant: Tenant, number: int) -> Talk:
        """The very first is the large one."""
        everybody = [*tenant.staff, *tenant.clients]
        is_large = tenant.number == number == 0
        size = self.size.largest_group if is_large else self.lot.randint(3, min(12, len(everybody)))
        people = self._without_doubles([self._busy_one(tenant), *self.lot.sample(everybody, k=size)])
        return Talk(self.new_id(), "group", people[:size], title=self._title(number))

    def _channel(self, tenant: Tenant, number: int) -> Talk:
        """Every other one is a space's, with those who have access to it."""
        space = self.lot.choice(tenant.spaces) if number % 2 else None
        may = [one for one in tenant.clients if space is None or space in one.spaces]
        people = [self._busy_one(tenant), self._busy_one(tenant), *self.lot.sample(may, k=min(len(may), 30))]
        return Talk(
            self.new_id(), "channel", self._without_doubles(people), title=self._title(number), space=space
        )

    def _busy_one(self, tenant: Tenant) -> Person:
        """Some of the staff are in far more conversations than others."""
        return tenant.staff[int(len(tenant.staff) * self.lot.random() ** 2)]

    @staticmethod
    def _without_doubles(people: list[Person]) -> list[Person]:
        return list({one.id: one for one in people}.values())

    def _title(self, number: int) -> str:
        return f"{' '.join(self.lot.choices(WORDS, k=2))} {number}"

    # --- how much ---------------------------------------------------------------------------------------------------

    def _share_out_messages(self) -> None:
        """A few conversations are very long and most are short; the large group's is the longest."""
        longest = next(talk for talk in self.tenants[0].talks if talk.kind == "group")
        longest.length = self.size.longest
        others = [talk for talk in self.talks if talk is not longest]
        weights = [self.lot.paretovariate(1.2) - 1 for _ in others]
        of_one = (self.size.messages - self.size.longest) / sum(weights)
        for talk, weight in zip(others, weights, strict=True):
            talk.length = min(self.size.longest // 2, 1 + int(weight * of_one))
        self._even_out(others, self.size.messages - sum(talk.length for talk in self.talks))

    def _even_out(self, talks: list[Talk], missing: int) -> None:
        step = 1 if missing > 0 else -1
        changeable = [talk for talk in talks if talk.length > 1]
        for talk in islice(cycle(changeable), abs(missing)):
            talk.length += step
