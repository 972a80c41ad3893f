"""When a mail counts as received."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from deciding_builders import CAMPAIGN, at, earlier

from intake.deciding.timing import answers_our_question, completed_lateness, lateness, letter_waits_until

DEADLINE = CAMPAIGN.deadline


@pytest.mark.parametrize(
    ("internal", "top", "expected", "received"),
    [
        ("16:59:59", None, "in time", "16:59:59"),
        ("17:00:00", None, "in time", "17:00:00"),
        ("17:00:01", None, "late", "17:00:01"),
        ("17:00:01", "17:00:00", "disputed", "17:00:00"),
        ("16:00:00", "18:00:00", "disputed", "16:00:00"),
        ("17:05:00", "17:04:00", "late", "17:04:00"),
        ("16:05:00", "16:04:00", "in time", "16:04:00"),
    ],
)
def test_lateness(internal: str, top: str | None, expected: str, received: str) -> None:
    found = lateness(at("12-02", internal), at("12-02", top) if top else None, DEADLINE)
    assert found == (expected, at("12-02", received))


def test_zones_do_not_matter() -> None:
    assert lateness(datetime(2016, 12, 2, 9, 0, tzinfo=UTC), None, DEADLINE)[0] == "in time"


@pytest.mark.parametrize(
    ("internal", "top", "deadline"),
    [
        (datetime(2016, 12, 2), None, DEADLINE),  # noqa: DTZ001 - naive on purpose
        (DEADLINE, datetime(2016, 12, 2), DEADLINE),  # noqa: DTZ001
        (DEADLINE, None, datetime(2016, 12, 2)),  # noqa: DTZ001
    ],
)
def test_naive_times_are_refused(internal: datetime, top: datetime | None, deadline: datetime) -> None:
    with pytest.raises(ValueError, match="naive"):
        lateness(internal, top, deadline)


@pytest.mark.parametrize(
    ("asked", "due", "received", "answers"),
    [
        ({"contact"}, at("12-05"), at("12-05"), True),
        ({"contact"}, at("12-05"), at("12-05", "10:00:01"), False),
        (set(), at("12-05"), at("12-01"), False),
        ({"contact"}, None, at("12-01"), False),
    ],
)
def test_answers_our_question(asked: set[str], due: datetime | None, received: datetime, answers: bool) -> None:
    assert answers_our_question(earlier(asked=frozenset(asked), asked_due=due), received) is answers


@pytest.mark.parametrize(
    ("standing", "original_in_time", "expected"),
    [("in time", True, "in time"), ("late", True, "in time"), ("late", False, "late"), ("disputed", False, "disputed")],
)
def test_completed_lateness(standing: str, original_in_time: bool, expected: str) -> None:
    assert completed_lateness(earlier(lateness=standing, original_in_time=original_in_time)) == expected


@pytest.mark.parametrize(("after", "waits"), [(0, False), (1, True), (30, True), (31, False)])
def test_the_late_letter_waits_out_the_grace_minutes(after: int, waits: bool) -> None:
    campaign = replace(CAMPAIGN, grace_minutes=30)
    found = letter_waits_until(campaign, DEADLINE + timedelta(minutes=after))
    assert found == (DEADLINE + timedelta(minutes=30) if waits else None)
