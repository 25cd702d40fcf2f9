"""Who is told how: every preference, wherever they are, whatever happens."""

from __future__ import annotations

from datetime import UTC, datetime, time

import pytest

from delivery.deciding import (
    BUILT_IN,
    MEANS_OF,
    Event,
    Means,
    Preference,
    Quiet,
    Where,
    Wishes,
    chosen_over,
    decide,
)
from delivery.models import NoticeKind
from messaging.models import Notify

I, P, U, M = Means.INBOX, Means.PAGE, Means.PUSH, Means.EMAIL  # noqa: E741  one letter each, or no table
EVERYTHING = frozenset({I, U, M})
READ, ONLINE, BUSY, AWAY, OFFLINE = Where
MENTION, NEW = NoticeKind.MENTION, NoticeKind.NEW_MESSAGE
URGENT, ASSIGNED = NoticeKind.URGENT, NoticeKind.ASSIGNMENT

# What one wants -> kind -> reading, online, busy, away, offline; then offline when they have not looked for long.
TABLE: dict[str, tuple[Preference, dict[NoticeKind, list[str]]]] = {
    "everything": (
        Preference(EVERYTHING),
        {
            MENTION: ["I", "IP", "I", "IU", "IU", "IUM"],
            NEW: ["I", "IP", "I", "IU", "IU", "IUM"],
            ASSIGNED: ["I", "IP", "I", "IU", "IU", "IUM"],
            URGENT: ["I", "IP", "I", "IU", "IU", "IUM"],
        },
    ),
    "no push": (
        Preference(frozenset({I, M})),
        {
            MENTION: ["I", "I", "I", "I", "I", "IM"],
            NEW: ["I", "I", "I", "I", "I", "IM"],
            ASSIGNED: ["I", "I", "I", "I", "I", "IM"],
            URGENT: ["I", "I", "I", "I", "I", "IM"],
        },
    ),
    "no mail": (
        Preference(frozenset({I, U})),
        {
            MENTION: ["I", "IP", "I", "IU", "IU", "IU"],
            NEW: ["I", "IP", "I", "IU", "IU", "IU"],
            ASSIGNED: ["I", "IP", "I", "IU", "IU", "IU"],
            URGENT: ["I", "IP", "I", "IU", "IU", "IU"],
        },
    ),
    "not in the inbox": (
        Preference(frozenset({U, M})),
        {
            MENTION: ["", "", "", "", "", ""],
            NEW: ["", "P", "", "U", "U", "UM"],
            ASSIGNED: ["", "", "", "", "", ""],
            URGENT: ["", "", "", "", "", ""],
        },
    ),
    "nothing at all": (
        Preference(frozenset()),
        {kind: [""] * 6 for kind in (MENTION, NEW, ASSIGNED, URGENT)},
    ),
    "of this conversation mentions only": (
        Preference(EVERYTHING, Notify.MENTIONS),
        {
            MENTION: ["I", "IP", "I", "IU", "IU", "IUM"],
            NEW: ["", "", "", "", "", ""],
            ASSIGNED: ["I", "IP", "I", "IU", "IU", "IUM"],
            URGENT: ["I", "IP", "I", "IU", "IU", "IUM"],
        },
    ),
    "of this conversation nothing": (
        Preference(EVERYTHING, Notify.NOTHING),
        {
            MENTION: ["", "", "", "", "", ""],
            NEW: ["", "", "", "", "", ""],
            ASSIGNED: ["I", "IP", "I", "IU", "IU", "IUM"],
            URGENT: ["I", "IP", "I", "IU", "IU", "IUM"],
        },
    ),
    "this conversation is muted": (
        Preference(EVERYTHING, is_muted=True),
        {
            MENTION: ["I"] * 6,
            NEW: ["I"] * 6,
            ASSIGNED: ["I", "IP", "I", "IU", "IU", "IUM"],
            URGENT: ["I", "IP", "I", "IU", "IU", "IUM"],
        },
    ),
    "in quiet hours": (
        Preference(EVERYTHING, is_quiet=True),
        {
            MENTION: ["I"] * 6,
            NEW: ["I"] * 6,
            ASSIGNED: ["I"] * 6,
            URGENT: ["I", "IP", "I", "IU", "IU", "IUM"],
        },
    ),
}
PLACES = [
    *((where, False) for where in (READ, ONLINE, BUSY, AWAY, OFFLINE)),
    (OFFLINE, True),
]
LETTERS = {"I": I, "P": P, "U": U, "M": M}
CASES = [
    pytest.param(
        preference, where, Event(kind, has_waited=waited), means, id=f"{name}-{kind}-{where}-{waited}"
    )
    for name, (preference, kinds) in TABLE.items()
    for kind, row in kinds.items()
    for (where, waited), means in zip(PLACES, row, strict=True)
]


@pytest.mark.parametrize(("preference", "where", "event", "means"), CASES)
def test_preference_by_presence_by_event(
    preference: Preference, where: Where, event: Event, means: str
) -> None:
    assert decide(preference, where, event) == {LETTERS[one] for one in means}


@pytest.mark.parametrize("where", Where)
@pytest.mark.parametrize("kind", NoticeKind)
def test_what_is_read_goes_nowhere_else(kind: NoticeKind, where: Where) -> None:
    assert decide(Preference(EVERYTHING), where, Event(kind, is_read=True, has_waited=True)) == {I}


@pytest.mark.parametrize("kind", set(NoticeKind) - {MENTION, NEW, URGENT})
@pytest.mark.parametrize(("where", "waited"), PLACES)
def test_all_other_kinds_are_as_an_assignment(kind: NoticeKind, where: Where, waited: bool) -> None:
    for preference, _ in TABLE.values():
        there = decide(preference, where, Event(kind, has_waited=waited))
        assert there == decide(preference, where, Event(ASSIGNED, has_waited=waited))


# --- quiet hours ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "end", "at", "is_quiet", "ends"),
    [
        (22, 7, "2026-11-26T20:59", False, "2026-11-27T06:00"),
        (22, 7, "2026-11-26T21:30", True, "2026-11-27T06:00"),
        (22, 7, "2026-11-26T05:59", True, "2026-11-26T06:00"),
        (22, 7, "2026-11-26T06:00", False, "2026-11-27T06:00"),
        (13, 15, "2026-11-26T12:00", True, "2026-11-26T14:00"),
        (13, 15, "2026-11-26T11:59", False, "2026-11-26T14:00"),
        (13, 15, "2026-11-26T14:00", False, "2026-11-27T14:00"),
        (0, 0, "2026-11-26T14:00", True, "2026-11-26T23:00"),
        # The clocks go forward in the night: 22 to 7 by the clock is an hour less.
        (22, 7, "2026-03-28T22:00", True, "2026-03-29T05:00"),
    ],
)
def test_quiet_hours_in_madrid(start: int, end: int, at: str, is_quiet: bool, ends: str) -> None:
    quiet = Quiet(time(start), time(end), "Europe/Madrid")
    moment = datetime.fromisoformat(f"{at}+00:00")
    assert quiet.holds_at(moment) == is_quiet
    if is_quiet:
        assert quiet.ends_after(moment).astimezone(UTC) == datetime.fromisoformat(f"{ends}+00:00")


# --- whose word counts ----------------------------------------------------------------------------------------------


def test_ones_own_word_counts_over_the_organisations_over_ours() -> None:
    hotel = chosen_over(
        BUILT_IN, {"mention": {"push": False, "email": False}, "new_message": {"email": False}}
    )
    carol = chosen_over(hotel, {"mention": {"push": True}})
    assert (carol[MENTION], carol[NEW], carol[URGENT]) == (frozenset({I, U}), frozenset({U}), EVERYTHING)


def test_what_is_no_choice_is_never_chosen() -> None:
    said = {str(kind): {str(one): True for one in Means} for kind in NoticeKind}
    assert chosen_over(BUILT_IN, {**said, "nobody knows": {"push": True}}) == MEANS_OF


def test_muted_until_then() -> None:
    at = datetime(2026, 11, 26, 12, tzinfo=UTC)
    assert Wishes().of(NEW, at, muted_until=at.replace(hour=13)).is_muted
    assert not Wishes().of(NEW, at, muted_until=at).is_muted
