"""When a site is open: what an admin writes down, and what follows from it for a moment. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
INTERVALS_A_DAY = 6
HOLIDAYS = 200
DAY = 24 * 60
# Whoever is closed for longer than this does not say when they open.
AHEAD = timedelta(days=400)
INTERVAL = re.compile(r"([01]\d|2[0-4]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)", re.ASCII)

Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Hours:
    """The next opening and the next closing: the earlier of them ends what is now, the later what comes then."""

    is_open: bool
    opens_at: datetime | None = None
    closes_at: datetime | None = None


def hours_at(moment: datetime, week: dict[str, list[str]], holidays: list[str], timezone: str) -> Hours:
    """Without a week it is always open."""
    if not week:
        return Hours(is_open=True)
    zone = ZoneInfo(timezone)
    spans = _joined(_spans(moment.astimezone(zone).date() - timedelta(days=1), week, set(holidays), zone))
    ahead = (span for span in spans if span[1] > moment)
    first, second = next(ahead, None), None
    if first is None or first[0] > moment:
        return Hours(False, *(first or (None, None)))
    second = next(ahead, None)
    ends_in_sight = first[1] < moment + AHEAD - timedelta(days=2)
    return Hours(True, second[0] if second else None, first[1] if ends_in_sight else None)


def _spans(first: date, week: dict[str, list[str]], holidays: set[str], zone: ZoneInfo) -> Iterator[Span]:
    for ahead in range(AHEAD.days):
        day = first + timedelta(days=ahead)
        if day.isoformat() not in holidays:
            for start, end in sorted(map(minutes_of, week.get(DAYS[day.weekday()], []))):
                yield _moment(day, start, zone, fold=0), _moment(day, end, zone, fold=1)


def _moment(day: date, minutes: int, zone: ZoneInfo, *, fold: int) -> datetime:
    """Of an hour that the clocks have twice, one begins with the first and ends with the second."""
    day, minutes = day + timedelta(days=minutes // DAY), minutes % DAY
    local = datetime.combine(day, time(minutes // 60, minutes % 60, fold=fold), zone)
    at = local.astimezone(UTC)
    if at.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None):
        return at
    # An hour that the clocks leave out is the moment at which they do.
    at = local.replace(fold=1).astimezone(UTC)
    while at.astimezone(zone).utcoffset() == local.replace(fold=0).utcoffset():
        at += timedelta(minutes=1)
    return at


def _joined(spans: Iterator[Span]) -> Iterator[Span]:
    """What ends at midnight may go on right after. Of an hour that the clocks leave out, nothing is left."""
    last: Span | None = None
    for start, end in spans:
        if start >= end:
            continue
        if last and start <= last[1]:
            last = last[0], max(end, last[1])
            continue
        if last:
            yield last
        last = start, end
    if last:
        yield last


def minutes_of(interval: str) -> tuple[int, int]:
    """ValueError for what is none."""
    found = INTERVAL.fullmatch(interval)
    if found is None:
        raise ValueError(interval)
    from_hour, from_minute, to_hour, to_minute = map(int, found.groups())
    start, end = from_hour * 60 + from_minute, to_hour * 60 + to_minute
    if not start < end <= DAY:
        raise ValueError(interval)
    return start, end


# --- what an admin writes -------------------------------------------------------------------------------------------


def check_week(week: object) -> None:
    """{"mon": ["09:00-14:00", "16:00-19:00"], …}; a day that is not named is closed."""
    if not isinstance(week, dict) or set(week) - set(DAYS):
        raise ValidationError(f"Write an object with any of the days {', '.join(DAYS)}.")
    for day, intervals in week.items():
        _check_day(day, intervals)


def _check_day(day: str, intervals: object) -> None:
    if not isinstance(intervals, list) or len(intervals) > INTERVALS_A_DAY:
        raise ValidationError(f"{day}: write a list of at most {INTERVALS_A_DAY} intervals.")
    read = sorted(_checked(day, one) for one in intervals)
    if any(later[0] < earlier[1] for earlier, later in pairwise(read)):
        raise ValidationError(f"{day}: two intervals overlap.")


def _checked(day: str, interval: Any) -> tuple[int, int]:
    try:
        return minutes_of(interval)
    except (ValueError, TypeError):
        raise ValidationError(
            f'{day}: write each interval as "09:00-14:00", the earlier time first; midnight at the end is 24:00.'
        ) from None


def check_holidays(holidays: object) -> None:
    """["2026-12-25", …]: days of the site's timezone on which it is closed."""
    if not isinstance(holidays, list) or len(holidays) > HOLIDAYS:
        raise ValidationError(f"Write a list of at most {HOLIDAYS} days.")
    for day in holidays:
        if not isinstance(day, str) or not _is_date(day):
            raise ValidationError('Write each day as "2026-12-25".')


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
