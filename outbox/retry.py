"""When a refused letter is tried again: a date, or never; pure."""

from __future__ import annotations

from datetime import datetime, timedelta

MINUTES = (2, 5, 15, 30, 60, 120, 240)  # NetEase's 451 DT:SPM asks for at least two minutes
TRIES = 16  # with the last step repeated, about a day and a half


def next_try(tries: int, wait_seconds: int, now: datetime) -> datetime | None:
    """The date of the next try after `tries` that failed for a passing reason; None when it is time to give up.

    `wait_seconds` is the least that the provider's refusal asks for, 0 where it asks for nothing.
    """
    if tries >= TRIES:
        return None
    step = timedelta(minutes=MINUTES[min(max(tries, 1), len(MINUTES)) - 1])
    return now + max(step, timedelta(seconds=wait_seconds))
