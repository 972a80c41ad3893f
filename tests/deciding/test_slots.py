"""At which moments a digest or worklist is due."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest

from intake.beijing import BEIJING
from intake.slots import Hours, digest_slot, next_digest_slot, slots_between, worklist_slot
from intake.workdays import Calendar

DEADLINE = datetime(2016, 12, 2, 17, tzinfo=BEIJING)


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2016-{text}").replace(tzinfo=BEIJING)


DIGESTS = [
    ("11-25 08:29", "11-24 16:30"),
    ("11-25 08:30", "11-25 08:30"),
    ("11-25 23:59", "11-25 16:30"),
    ("11-27 12:00", "11-25 16:30"),  # a Sunday
    ("10-09 00:10", "10-08 16:30"),  # the Saturday and Sunday after the National Day week were working days
    ("10-07 12:00", "09-30 16:30"),
]
WORKLISTS = [
    ("11-25 09:29", "11-24 14:30"),
    ("11-25 15:45", "11-25 14:30"),
    ("11-26 12:00", "11-25 14:30"),
    ("12-01 12:10", "12-01 12:00"),  # the last two days: each full hour
    ("12-01 09:40", "12-01 09:30"),
    ("12-02 16:59", "12-02 16:00"),
    ("12-01 03:00", "11-30 14:30"),
]


@pytest.mark.parametrize(("now", "slot"), DIGESTS)
def test_the_newest_moment_of_a_digest(now: str, slot: str) -> None:
    assert digest_slot(Hours(), Calendar(), at(now)) == at(slot)


@pytest.mark.parametrize(("now", "slot"), WORKLISTS)
def test_the_newest_moment_of_a_worklist(now: str, slot: str) -> None:
    assert worklist_slot(Hours(), Calendar(), DEADLINE, at(now)) == at(slot)


def test_no_hours_are_no_moments() -> None:
    none = Hours((), ())
    assert digest_slot(none, Calendar(), at("12-01 12:10")) is None
    assert worklist_slot(none, Calendar(), DEADLINE, at("12-01 12:10")) is None


def test_moments_between_two_are_counted() -> None:
    assert slots_between(Hours(), Calendar(), at("11-25 08:31"), at("11-29 10:00")) == 4


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
    assert next_digest_slot((time(8, 30), time(16, 30)), Calendar(), at(now)) == at(until)


def test_without_hours_those_by_default_and_the_campaign_s_own_in_any_order() -> None:
    assert next_digest_slot((), Calendar(), at("11-28T09:00")) == at("11-28T16:30")
    assert next_digest_slot((time(18), time(12)), Calendar(), at("11-28T09:00")) == at("11-28T12:00")


def test_where_all_days_are_free_it_is_a_day() -> None:
    free = Calendar.of([date(2016, 11, day) for day in range(28, 31)] + [date(2016, 12, day) for day in range(1, 32)])
    assert next_digest_slot((), free, at("11-28T09:00")) == at("11-29T09:00")


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(ValueError, match="naive"):
        next_digest_slot((), Calendar(), datetime(2016, 11, 28))  # noqa: DTZ001
