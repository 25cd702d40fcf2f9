"""By which means somebody is told of something: one pure function, and what it looks at."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from delivery.models import NoticeKind
from messaging.models import Notify


class Means(StrEnum):
    """PAGE: a notice that an open page of ours shows. It is chosen together with PUSH."""

    INBOX = "inbox"
    PAGE = "page"
    PUSH = "push"
    EMAIL = "email"


class Where(StrEnum):
    """Where somebody is who is to be told. READING: they look at the very conversation."""

    READING = "reading"
    ONLINE = "online"
    BUSY = "busy"
    AWAY = "away"
    OFFLINE = "offline"


@dataclass(frozen=True, slots=True)
class Preference:
    """What somebody wants of one kind of notice; of a conversation, with what they want of that (`notify`, muted)."""

    chosen: frozenset[Means]
    notify: Notify = Notify.ALL
    is_muted: bool = False
    is_quiet: bool = False


@dataclass(frozen=True, slots=True)
class Event:
    """`is_read`: they know already. `has_waited`: they have not looked for as long as an e-mail waits for them."""

    kind: NoticeKind
    is_read: bool = False
    has_waited: bool = False


# What is said in a conversation: what one wants of that conversation holds for these only.
SAID = frozenset({NoticeKind.MENTION, NoticeKind.NEW_MESSAGE})
NOTHING: frozenset[Means] = frozenset()


def decide(preference: Preference, where: Where, event: Event) -> frozenset[Means]:
    """A kind that one does not want in the inbox is told by nothing, but for new messages, which are never there.

    What is muted, or comes in quiet hours, or finds somebody busy, waits in the inbox; quiet hours do not hold back
    what is urgent.
    """
    wanted = preference.chosen if not _is_unwanted(preference, event) else NOTHING
    if event.kind != NoticeKind.NEW_MESSAGE and Means.INBOX not in wanted:
        return NOTHING
    inbox = wanted & {Means.INBOX}
    is_quiet = preference.is_quiet and event.kind != NoticeKind.URGENT
    is_muted = preference.is_muted and event.kind in SAID
    if event.is_read or is_muted or is_quiet or where in (Where.READING, Where.BUSY):
        return inbox
    if where == Where.ONLINE:
        return inbox | ({Means.PAGE} if Means.PUSH in wanted else NOTHING)
    return inbox | (wanted & {Means.PUSH}) | (wanted & {Means.EMAIL} if event.has_waited else NOTHING)


def _is_unwanted(preference: Preference, event: Event) -> bool:
    if event.kind not in SAID or preference.notify == Notify.ALL:
        return False
    return preference.notify == Notify.NOTHING or event.kind != NoticeKind.MENTION


# --- what one chooses from ------------------------------------------------------------------------------------------

EVERYWHERE = frozenset({Means.INBOX, Means.PUSH, Means.EMAIL})
# What there is to choose, by kind, and what holds for whoever has not chosen.
MEANS_OF: dict[NoticeKind, frozenset[Means]] = {
    **dict.fromkeys(NoticeKind, EVERYWHERE),
    NoticeKind.NEW_MESSAGE: frozenset({Means.PUSH, Means.EMAIL}),
}
BUILT_IN: dict[NoticeKind, frozenset[Means]] = {
    **MEANS_OF,
    NoticeKind.SLA_WARNING: frozenset({Means.INBOX, Means.PUSH}),
    NoticeKind.FILE_DECISION: frozenset({Means.INBOX, Means.EMAIL}),
    NoticeKind.STORAGE: frozenset({Means.INBOX, Means.EMAIL}),
}


@dataclass(frozen=True, slots=True)
class Quiet:
    """From one time of the day to another, past midnight where that is earlier. Both the same: the whole day."""

    start: time
    end: time
    timezone: str

    def holds_at(self, moment: datetime) -> bool:
        at = moment.astimezone(ZoneInfo(self.timezone)).time()
        if self.start < self.end:
            return self.start <= at < self.end
        return at >= self.start or at < self.end

    def ends_after(self, moment: datetime) -> datetime:
        local = moment.astimezone(ZoneInfo(self.timezone))
        end = local.replace(hour=self.end.hour, minute=self.end.minute, second=self.end.second, microsecond=0)
        return end if end > local else end + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Wishes:
    """All that one member wants, over what their organisation says, over what is built in."""

    kinds: dict[NoticeKind, frozenset[Means]] = field(default_factory=lambda: dict(BUILT_IN))
    quiet: Quiet | None = None

    def of(
        self,
        kind: NoticeKind,
        at: datetime,
        *,
        notify: Notify = Notify.ALL,
        muted_until: datetime | None = None,
    ) -> Preference:
        return Preference(
            self.kinds[kind],
            notify,
            is_muted=muted_until is not None and muted_until > at,
            is_quiet=self.quiet is not None and self.quiet.holds_at(at),
        )


def chosen_over(
    below: dict[NoticeKind, frozenset[Means]], said: dict[str, dict[str, bool]]
) -> dict[NoticeKind, frozenset[Means]]:
    """`said`: kind -> means -> whether. What it does not name, or nobody knows any more, stays as it is below."""
    return {
        kind: frozenset(one for one in MEANS_OF[kind] if said.get(kind, {}).get(one, one in means))
        for kind, means in below.items()
    }
