"""How much may be sent, and when a letter over a limit may go; pure.

The limits guard the mailbox against the provider's own (NetEase publishes none for vip.126; its
refusals MI:SFQ, MI:DMC and MI:STC speak of 15 minutes, one connection and one day), and an address
against us. Windows slide. A capped letter is never dropped: it gets the moment its window has room.
In the day before a deadline a part of each window is kept for letters that ask something: the crowd
of the last afternoon would else use up the windows with thanks, and nobody could be asked in time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # who composes letters needs no database
    from storage.plain_rows import Counts

QUARTER_HOUR, HOUR, DAY = timedelta(minutes=15), timedelta(hours=1), timedelta(days=1)
SHARE_PERCENT = 70
LAST_DAY = timedelta(days=1)  # before a deadline: the longest window
LAST_SHARE_PERCENT, LAST_ANSWERS_PERCENT = 40, 60  # of SHARED, and of all others that ask nothing, in that day
SLOWER, SLOWEST_SECONDS = 3, 30.0  # times the gap, and at least so much
SHARED = frozenset({"circular", "reminder"})  # may use only SHARE_PERCENT of each window
TO_SECRETARIAT = frozenset({"digest", "worklist", "alert", "confirmation"})  # outside the caps of an address


@dataclass(frozen=True, slots=True)
class Limits:
    """0 means no limit."""

    per_connection: int = 10
    per_quarter_hour: int = 20
    per_hour: int = 60
    per_day: int = 100
    gap_seconds: float = 15
    per_address_per_hour: int = 2
    per_address_per_day: int = 5

    @property
    def counted(self) -> bool:
        """Whether any window is limited at all."""
        return any((self.per_quarter_hour, self.per_hour, self.per_day, *self.of_address))

    @property
    def of_address(self) -> tuple[int, int]:
        return self.per_address_per_hour, self.per_address_per_day


@dataclass(frozen=True, slots=True)
class Full:
    """A window with no room: `most` tries within `window`, of one address or of all."""

    window: timedelta
    most: int
    of_address: bool


@dataclass(frozen=True, slots=True)
class Wait:
    until: datetime
    of_address: bool


def decide(
    counts: Counts,
    limits: Limits,
    kind: str,
    now: datetime,
    nth_newest: Callable[[Full], datetime | None],
    *,
    asks: bool = False,
    deadline: datetime | None = None,
) -> Wait | None:
    """None if a letter of the kind may go now, else until when it must wait.

    `nth_newest(full)` gives the time of the `full.most`-th newest try in that window: when that one
    leaves the window, there is room (a try counts while it is younger than the window). `asks`: it asks
    something; `deadline` is that of its campaign.
    """
    last_day = deadline is not None and deadline - LAST_DAY <= now < deadline
    waits = [
        Wait(max((nth_newest(full) or now) + full.window, now + timedelta(seconds=1)), full.of_address)
        for full in _full(counts, limits, kind, kept=last_day and not asks)
    ]
    wait = max(waits, key=lambda wait: wait.until, default=None)
    if wait and last_day and deadline is not None and not any(_full(counts, limits, kind)):
        return replace(wait, until=min(wait.until, deadline))  # it waits for others, and they have their room till then
    return wait


def _full(counts: Counts, limits: Limits, kind: str, *, kept: bool = False) -> Iterator[Full]:
    windows = (
        (QUARTER_HOUR, counts.quarter_hour, limits.per_quarter_hour, False),
        (HOUR, counts.hour, limits.per_hour, False),
        (DAY, counts.day, limits.per_day, False),
        (HOUR, counts.address_hour, limits.per_address_per_hour, True),
        (DAY, counts.address_day, limits.per_address_per_day, True),
    )
    for window, used, cap, of_address in windows:
        most = allowed(cap, kind, kept=kept) if not of_address else cap
        if cap and used >= most and not (of_address and kind in TO_SECRETARIAT):
            yield Full(window, most, of_address)


def allowed(cap: int, kind: str, *, kept: bool = False) -> int:
    """The part of a window that a kind may use; at least one, so that nothing waits for ever.

    `kept`: a part is kept for letters that ask.
    """
    if kind in TO_SECRETARIAT or not (kept or kind in SHARED):
        return cap
    whole, last = (SHARE_PERCENT, LAST_SHARE_PERCENT) if kind in SHARED else (100, LAST_ANSWERS_PERCENT)
    return max(1, cap * (last if kept else whole) // 100)


def slower(limits: Limits) -> Limits:
    """The same limits with letters further apart, as a provider asked for that finds them too fast."""
    return replace(limits, gap_seconds=max(SLOWER * limits.gap_seconds, SLOWEST_SECONDS))


def gap(last_at: datetime | None, limits: Limits, now: datetime) -> float:
    """Seconds still to wait between two letters; 0 also where a clock set back makes the last one lie ahead."""
    if last_at is None or not limits.gap_seconds or last_at > now:
        return 0.0
    return max(0.0, limits.gap_seconds - (now - last_at).total_seconds())
