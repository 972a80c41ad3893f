"""How long a decision may be undone, and when it goes to the deputy: a table of moments."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest

from intake.beijing import BEIJING
from intake.instructing.lasting import a_working_day_after, next_digest
from intake.workdays import Calendar


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2016-{text}").replace(tzinfo=BEIJING)


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("11-28T08:00", "11-28T08:30"),
        ("11-28T08:30", "11-28T16:30"),
        ("11-28T16:30", "11-29T08:30"),
        ("12-02T17:00", "12-05T08:30"),  # Friday
        ("09-30T17:00", "10-08T08:30"),  # the holidays of October, and a Saturday at work
    ],
)
def test_until_the_next_digest(now: str, until: str) -> None:
    assert next_digest(at(now), (time(8, 30), time(16, 30)), Calendar()) == at(until)


def test_without_hours_those_by_default_and_the_campaign_s_own_in_any_order() -> None:
    assert next_digest(at("11-28T09:00"), (), Calendar()) == at("11-28T16:30")
    assert next_digest(at("11-28T09:00"), (time(18), time(12)), Calendar()) == at("11-28T12:00")


def test_where_all_days_are_free_it_is_a_day() -> None:
    free = Calendar.of([date(2016, 11, day) for day in range(28, 31)] + [date(2016, 12, day) for day in range(1, 32)])
    assert next_digest(at("11-28T09:00"), (), free) == at("11-29T09:00")


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(ValueError, match="naive"):
        next_digest(datetime(2016, 11, 28), (), Calendar())  # noqa: DTZ001


@pytest.mark.parametrize(
    ("opened", "passed"),
    [("11-28T09:00", "11-29T09:00"), ("12-02T16:00", "12-05T16:00"), ("12-03T10:00", "12-05T10:00")],
)
def test_a_working_day_later(opened: str, passed: str) -> None:
    assert a_working_day_after(at(opened), Calendar()) == at(passed)
