"""When units are reminded: the days before a deadline, rest days, quiet days, missed rounds."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest

from intake.beijing import BEIJING
from intake.errors import WrongConfiguration
from intake.rounds import RoundRules, due_round, is_quiet, next_round, rounds
from intake.workdays import Calendar
from scheduler.rounds import parse_rounds

CALENDAR = Calendar()
RULES = RoundRules()


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BEIJING)


DEADLINE = at("2016-12-02T17:00")


@pytest.mark.parametrize(
    ("deadline", "days", "expected"),
    [
        # Friday: 7 and 1 days before are working days, 3 days before too.
        ("2016-12-02T17:00", (7, 3, 1), ["2016-11-25T10:00", "2016-11-29T10:00", "2016-12-01T10:00"]),
        # Tuesday: 3 days before is a Saturday, so Friday; 1 day before is Monday.
        ("2016-12-06T17:00", (7, 3, 1), ["2016-11-29T10:00", "2016-12-02T10:00", "2016-12-05T10:00"]),
        # Monday: 3 and 1 days before are Friday and Sunday; Sunday's falls on Friday too: one round.
        ("2016-12-05T17:00", (7, 3, 1), ["2016-11-28T10:00", "2016-12-02T10:00"]),
        # 1 to 7 October 2016 are a holiday, 8 and 9 October (Saturday, Sunday) are worked (调休).
        ("2016-10-10T17:00", (7, 3, 1), ["2016-09-30T10:00", "2016-10-09T10:00"]),
        ("2016-10-10T17:00", (2, 1), ["2016-10-08T10:00", "2016-10-09T10:00"]),
        # a year that nobody knows: Monday to Friday
        ("2050-01-04T17:00", (3, 1), ["2049-12-31T10:00", "2050-01-03T10:00"]),
        ("2016-12-02T17:00", (), []),
    ],
)
def test_rounds_fall_on_working_days(deadline: str, days: tuple[int, ...], expected: list[str]) -> None:
    planned = rounds(RoundRules(days), at(deadline), CALENDAR)
    assert [one.at for one in planned] == [at(text) for text in expected]


def test_of_two_rounds_on_one_day_the_nearer_stands() -> None:
    assert [one.name for one in rounds(RULES, at("2016-12-05T17:00"), CALENDAR)] == ["20161205-7", "20161205-1"]


def test_extra_days_of_the_configuration_count() -> None:
    calendar = Calendar.of([date(2016, 11, 25)])
    assert rounds(RULES, DEADLINE, calendar)[0].at == at("2016-11-24T10:00")


@pytest.mark.parametrize(
    ("now", "name"),
    [
        ("2016-11-25T09:59", None),
        ("2016-11-25T10:00", "20161202-7"),
        ("2016-11-29T09:59", "20161202-7"),
        ("2016-11-29T10:00", "20161202-3"),
        ("2016-12-02T17:00", "20161202-1"),
        ("2016-12-02T17:01", None),
    ],
)
def test_the_newest_round_is_due_and_none_after_the_deadline(now: str, name: str | None) -> None:
    found = due_round(rounds(RULES, DEADLINE, CALENDAR), DEADLINE, at(now))
    assert (found.name if found else None) == name


def test_the_next_round_is_the_first_to_come() -> None:
    planned = rounds(RULES, DEADLINE, CALENDAR)
    assert next_round(planned, at("2016-11-25T10:00")) == planned[1]
    assert next_round(planned, at("2016-12-01T10:00")) is None


@pytest.mark.parametrize(
    ("notice", "quiet"),
    [
        ("2016-11-17T09:00", False),
        ("2016-11-21T17:00", False),  # Monday: Tuesday, Wednesday, Thursday are quiet
        ("2016-11-22T08:31", True),  # its third working day is the Friday of the round
        ("2016-11-25T08:31", True),
        ("2016-11-19T12:00", False),  # Saturday: Monday to Wednesday
    ],
)
def test_no_reminder_within_three_working_days_of_the_notice(notice: str, quiet: bool) -> None:
    assert is_quiet(at(notice), at("2016-11-25T10:00"), RULES, CALENDAR) is quiet


def test_the_section_of_a_campaign() -> None:
    assert parse_rounds({}) == RoundRules()
    given = {"days_before": [14, 2], "at": "09:30", "quiet_workdays": 0}
    assert parse_rounds(given) == RoundRules((14, 2), time(9, 30), 0)
    assert parse_rounds({"at": time(11)}).at == time(11)


@pytest.mark.parametrize(
    ("section", "word"),
    [
        ({"days": [1]}, "days"),
        ({"days_before": 7}, "days_before"),
        ({"days_before": [0]}, "days_before"),
        ({"days_before": [True]}, "days_before"),
        ({"at": "25:00"}, "at"),
        ({"at": 10}, "at"),
        ({"quiet_workdays": -1}, "quiet_workdays"),
    ],
)
def test_a_mistake_in_the_section_is_named(section: dict[str, object], word: str) -> None:
    with pytest.raises(WrongConfiguration) as caught:
        parse_rounds(section)
    assert word in caught.value.sentence
