"""When a mail counts as received, and what that means against a deadline. Pure: no clock.

Two times are believed, both written by our own provider: INTERNALDATE (RFC 9051, 2.3.3) and the
topmost Received field (RFC 5321, 4.4). The sender's Date is never looked at. Naive times are
refused with ValueError.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from intake.campaign import Campaign
from intake.kinds import Lateness
from intake.known import Earlier


def lateness(internal_date: datetime, top_received: datetime | None, deadline: datetime) -> tuple[Lateness, datetime]:
    """Whether a mail is in time, and when it was received: the earlier of both times.

    At the deadline is in time. Times on different sides of it are `disputed`: a person decides.
    """
    times = [aware(internal_date)] + ([aware(top_received)] if top_received else [])
    sides = {time > aware(deadline) for time in times}
    if len(sides) == 2:
        return "disputed", min(times)
    return ("late" if sides == {True} else "in time"), min(times)


def answers_our_question(earlier: Earlier, received_at: datetime) -> bool:
    """Whether a mail came while something was asked of the unit and its due date had not passed."""
    return bool(earlier.asked) and earlier.asked_due is not None and received_at <= earlier.asked_due


def completed_lateness(earlier: Earlier) -> Lateness:
    """The lateness of a correction that we asked for and that came by its due date.

    It is in time if the form it completes was, whatever the hour at which it arrived itself.
    """
    if earlier.original_in_time:
        return "in time"
    return "late" if earlier.lateness == "in time" else earlier.lateness


def letter_waits_until(campaign: Campaign, received_at: datetime) -> datetime | None:
    """When the late letter may go: not within `grace_minutes` of the deadline; None if at once."""
    end = campaign.deadline + timedelta(minutes=campaign.grace_minutes)
    return end if campaign.deadline < received_at <= end else None


def aware(time: datetime) -> datetime:
    """The time itself; raises ValueError for a naive one."""
    if time.tzinfo is None:
        raise ValueError("naive time refused")
    return time
