"""Working days, and when questions fall due."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from deciding_builders import SPEC, at, choices, values
from hypothesis import given
from hypothesis import strategies as st

from intake.followups import Owed, declined, due, owed, reminders, settled
from intake.workdays import Calendar

PLAIN = Calendar()


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2016, 12, 2), True),  # a Friday
        (date(2016, 12, 3), False),  # a Saturday
        (date(2016, 10, 3), False),  # a Monday of the National Day week
        (date(2016, 10, 8), True),  # a Saturday worked for it (调休)
        (date(2017, 1, 27), False),  # New Year's Eve, a Friday
        (date(2026, 2, 16), False),  # Spring Festival, a Monday
        (date(2031, 10, 1), True),  # not announced: a Wednesday
        (date(2031, 10, 4), False),  # not announced: a Saturday
        (date(1999, 10, 1), True),  # before the library's first year
    ],
)
def test_is_workday(day: date, works: bool) -> None:
    assert PLAIN.is_workday(day) is works


def test_extra_days_overrule_every_rule() -> None:
    calendar = Calendar.of([date(2031, 10, 1), date(2016, 12, 2)], [date(2031, 10, 4), date(2016, 12, 3)])
    assert [calendar.is_workday(date(2031, 10, day)) for day in (1, 4)] == [False, True]
    assert [calendar.is_workday(date(2016, 12, day)) for day in (2, 3)] == [False, True]


@pytest.mark.parametrize(("year", "covered"), [(2003, False), (2004, True), (2016, True), (2026, True), (2040, False)])
def test_covers(year: int, covered: bool) -> None:
    assert PLAIN.covers(year) is covered


@pytest.mark.parametrize(
    ("day", "workdays", "expected"),
    [
        (date(2016, 12, 2), 3, date(2016, 12, 7)),
        (date(2016, 12, 3), 1, date(2016, 12, 5)),
        (date(2016, 9, 30), 1, date(2016, 10, 8)),
        (date(2016, 12, 5), -1, date(2016, 12, 2)),
        (date(2016, 12, 3), 0, date(2016, 12, 3)),
    ],
)
def test_add(day: date, workdays: int, expected: date) -> None:
    assert PLAIN.add(day, workdays) == expected


@given(st.dates(date(2004, 1, 10), date(2026, 11, 30)), st.integers(1, 8))
def test_adding_counts_working_days_and_ends_on_one(day: date, workdays: int) -> None:
    found = PLAIN.add(day, workdays)
    between = (date.fromordinal(number) for number in range(day.toordinal() + 1, found.toordinal() + 1))
    assert sum(map(PLAIN.is_workday, between)) == workdays
    assert PLAIN.is_workday(found)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (at("11-25"), at("11-30", "17:00:00")),
        (at("11-26"), at("11-30", "17:00:00")),
        (at("12-02", "23:59:59"), at("12-07", "17:00:00")),
    ],
)
def test_due(asked: datetime, expected: datetime) -> None:
    assert due(asked, 3, PLAIN) == expected


def test_due_refuses_naive_times() -> None:
    with pytest.raises(ValueError, match="naive"):
        due(datetime(2016, 12, 2), 3, PLAIN)  # noqa: DTZ001 - naive on purpose


def test_reminders_stand_one_working_day_before_and_after() -> None:
    assert reminders(at("12-05", "17:00:00"), PLAIN) == (
        at("12-02", "10:00:00"),
        at("12-06", "10:00:00"),
        at("12-07", "10:00:00"),
    )


@pytest.mark.parametrize(
    ("join", "changed", "missing", "unclear"),
    [
        ("yes", {}, (), ()),
        ("yes", {"office_phone": ""}, (), ()),
        ("yes", {"office_phone": "", "mobile": ""}, (("office_phone", "mobile"),), ()),
        ("blank", {"contact": ""}, (("contact",), ("join",)), ()),
        ("unclear", {}, (), (("join",),)),
        ("no", {"contact": "", "office_phone": "", "mobile": ""}, (), ()),
        ("no", {"unit": ""}, (("unit",),), ()),
    ],
)
def test_owed(join: str, changed: dict[str, str], missing: tuple[object, ...], unclear: tuple[object, ...]) -> None:
    assert owed(values(**changed), choices(join), SPEC) == Owed(missing, unclear)  # type: ignore[arg-type]


def test_what_a_person_decided_is_not_owed() -> None:
    assert owed(values(), choices("blank"), SPEC, frozenset({"join"})) == Owed()


def test_settled_tells_answers_from_what_stays_open() -> None:
    left = owed(values(contact=""), choices(), SPEC)
    asked = frozenset({"contact", "office_phone", "title"})
    assert settled(asked, left, SPEC, values(contact="", title=""), choices()) == ("office_phone",)


def test_declined() -> None:
    assert (declined(choices("no"), SPEC), declined(choices("unclear"), SPEC), declined({}, SPEC)) == (
        True,
        False,
        False,
    )


@pytest.mark.parametrize(
    ("opened", "passed"),
    [("11-28 09:00", "11-29 09:00"), ("12-02 16:00", "12-05 16:00"), ("12-03 10:00", "12-05 10:00")],
)
def test_the_same_hour_a_working_day_later(opened: str, passed: str) -> None:
    assert PLAIN.later(at(*opened.split()), 1) == at(*passed.split())
