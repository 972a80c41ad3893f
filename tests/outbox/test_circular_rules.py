"""Who gets a notice, when such letters may leave, and how long it takes: the pure rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

import pytest

from intake.beijing import BEIJING
from intake.errors import WrongConfiguration
from intake.office_hours import Hours, next_opening
from intake.rounds import RoundRules, rounds
from intake.workdays import Calendar
from outbox.circular import Chosen, choose, last_day, mails
from outbox.circular_plan import Plan, Task, plan
from outbox.circular_section import CircularSection, parse_circular
from outbox.limits import Limits
from storage.circulars import Listed

CALENDAR = Calendar.of()
UNIT = Listed(
    1, "甲示例公司", "示例联系人", "王处长", "auto", "010-00000000", "13800000000", "a@x.example.com", (), frozenset(),
    False, frozenset(), {},
)  # fmt: skip
DEADLINE = datetime(2016, 12, 2, 17, tzinfo=BEIJING)


def beijing(text: str) -> datetime:
    return datetime.fromisoformat(f"2016-{text}").replace(tzinfo=BEIJING)


def chosen(*units: Listed, **section: Any) -> Chosen:
    return choose(units, "c", CircularSection(**section), lambda address: address.endswith(".gov.cn"))


# ---- who ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"mode": "manual"}, "manual"),
        ({"mode": "none"}, "none"),
        ({"answered": True}, "answered"),
        ({"address": ""}, "no address"),
        ({"address": "a@x.gov.cn"}, "protected"),
        ({"dead": frozenset({"a@x.example.com"})}, "dead"),
        ({"had": frozenset({"a@x.example.com"})}, "had"),
        ({"mode": "none", "answered": True, "address": ""}, "none"),
    ],
)
def test_who_gets_no_letter(changes: dict[str, Any], reason: str) -> None:
    found = chosen(replace(UNIT, **changes))
    assert (found.letters, found.skipped) == ((), {reason: ("甲示例公司",)})


def test_one_letter_a_unit_with_what_the_form_is_filled_with() -> None:
    ((unit_id, draft),) = chosen(UNIT).letters
    assert (unit_id, draft.kind, draft.recipient) == (1, "circular", "a@x.example.com")
    assert draft.facts["salutation"] == "王处长"
    assert draft.facts["units"] == [
        {"unit": "甲示例公司", "contact": "示例联系人", "telephone": "010-00000000", "mobile": "13800000000",
         "email": "a@x.example.com"}
    ]  # fmt: skip


def test_copies_are_letters_of_their_own_after_all_others() -> None:
    copied = replace(UNIT, copies=("b@x.example.com", "c@y.gov.cn"))
    other = replace(UNIT, unit_id=2, name="乙示例公司", address="d@x.example.com")
    found = chosen(copied, other)
    assert [draft.recipient for _, draft in found.letters] == ["a@x.example.com", "d@x.example.com", "b@x.example.com"]
    assert (found.units, found.copies) == (2, 1)
    assert chosen(copied, other, copies=False).copies == 0


def test_a_corrected_address_is_offered_the_notice_again_under_another_key() -> None:
    ((_, first),) = chosen(UNIT).letters
    moved = replace(UNIT, address="new@x.example.com", had=frozenset({"a@x.example.com"}))
    found = chosen(moved)
    ((_, second),) = found.letters
    assert (found.again, second.recipient) == (("甲示例公司",), "new@x.example.com")
    assert first.key != second.key
    ((_, anew),) = chosen(replace(UNIT, tried={"a@x.example.com": 1})).letters
    assert anew.key not in (first.key, second.key)


def test_letters_to_one_address_are_one_mail_and_never_more_than_twenty() -> None:
    units = [replace(UNIT, unit_id=number, name=f"示例{number}公司") for number in range(45)]
    assert [len(mail) for mail in mails(chosen(*units).letters)] == [20, 20, 5]


# ---- when ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        ("11-17 08:29", "11-17 08:30"),
        ("11-17 08:30", None),
        ("11-17 17:29", None),
        ("11-17 17:30", "11-18 08:30"),
        ("11-18 18:00", "11-21 08:30"),
        ("11-19 10:00", "11-21 08:30"),
        ("09-30 18:00", "10-08 08:30"),  # after the National Day holiday a Saturday is worked
        ("10-08 09:00", None),
    ],
)
def test_when_the_office_opens(now: str, opens: str | None) -> None:
    assert next_opening(beijing(now), Hours(), CALENDAR) == (beijing(opens) if opens else None)


def test_the_last_day_is_the_set_one_or_that_of_the_deadline() -> None:
    assert last_day(CircularSection(), DEADLINE) == date(2016, 12, 2)
    assert last_day(CircularSection(finish_by=date(2016, 11, 25)), DEADLINE) == date(2016, 11, 25)


# ---- how long -----------------------------------------------------------------------------------


def planned(notices: int, limits: Limits, now: str = "11-17 08:30", **task: Any) -> Plan:
    given: dict[str, Any] = {
        "notices": notices, "units": notices, "deadline": DEADLINE, "answer_share": 0.0,
        "rounds": rounds(RoundRules(), DEADLINE, CALENDAR),
    } | task  # fmt: skip
    return plan(Task(**given), limits, Hours(), CALENDAR, beijing(now))


@pytest.mark.parametrize(
    ("notices", "per_day", "ends"),
    [
        (0, 100, date(2016, 11, 17)),
        (70, 100, date(2016, 11, 17)),
        (71, 100, date(2016, 11, 18)),
        (141, 100, date(2016, 11, 21)),  # a weekend lies between
        (600, 100, date(2016, 11, 29)),
        (600, 200, date(2016, 11, 23)),
        (600, 500, date(2016, 11, 18)),
        (5000, 0, date(2016, 11, 17)),
    ],
)
def test_seventy_of_a_hundred_leave_a_day(notices: int, per_day: int, ends: date) -> None:
    limits = Limits(per_quarter_hour=0, per_hour=0, per_day=per_day, gap_seconds=0)
    assert planned(notices, limits, rounds=()).ends == ends


def test_reminders_leave_before_a_notice_that_is_still_going_on() -> None:
    assert planned(600, Limits()).ends == date(2016, 12, 7)


def test_shorter_windows_and_the_gap_bound_a_day_too() -> None:
    slow = Limits(per_quarter_hour=0, per_hour=10, per_day=0, gap_seconds=0)
    assert planned(100, slow).days[0].notices == 63  # seven an hour, nine hours
    assert planned(100, slow, "11-17 15:30").days[0].notices == 14
    assert planned(5000, Limits(0, 0, 0, 0, 60, 0, 0)).days[0].notices == 540


def test_receipts_go_first_and_what_has_left_today_counts() -> None:
    assert planned(200, Limits(), sent_lately=50).days[0].notices == 20
    found = planned(100, Limits(), answer_share=1.0)
    first = found.days[1]
    assert first.receipts > 0
    assert first.room == 70 - first.receipts
    assert sum(day.receipts for day in found.days) == 100


def test_answers_are_not_expected_of_those_who_were_not_written_to() -> None:
    assert planned(100, Limits(), answer_share=1.0).days[0].receipts == 0


def test_rounds_that_fit_and_rounds_that_do_not() -> None:
    assert [(one.wanted, one.sent, one.fits) for one in planned(100, Limits()).rounds] == [(100, 100, True)] * 3
    tight = planned(600, Limits())
    assert [one.fits for one in tight.rounds] == [False, False, False]
    first = tight.rounds[0]
    assert first.sent < first.wanted
    assert first.too_soon > 0


def test_a_round_that_has_passed_is_not_planned() -> None:
    assert len(planned(10, Limits(), "11-28 09:00").rounds) == 2


def test_an_impossible_notice_never_ends() -> None:
    assert (
        planned(100, Limits(per_quarter_hour=0, per_hour=0, per_day=1, gap_seconds=0), answer_share=0).ends is not None
    )
    assert planned(100000, Limits()).ends is None


# ---- the section --------------------------------------------------------------------------------


def test_the_section_has_defaults() -> None:
    assert parse_circular({}) == CircularSection()
    given = parse_circular(
        {"files": ["a.pdf"], "hours": ["09:00", "16:00"], "finish_by": date(2016, 11, 25), "most_mb": 2}
    )
    assert (given.files, given.hours, given.finish_by) == (("a.pdf",), Hours(time(9), time(16)), date(2016, 11, 25))
    assert given.most_bytes == 2 << 20


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("files", "a.pdf"),
        ("files", ["a.pdf", "a.pdf"]),
        ("files", ["../secret.txt"]),
        ("files", ["/etc/passwd"]),
        ("form", 3),
        ("prefill", "yes"),
        ("hours", ["17:30", "08:30"]),
        ("hours", "08:30"),
        ("hours", ["8点", "17点"]),
        ("finish_by", "25日"),
        ("copies", 1),
        ("most_mb", 0),
        ("answer_share", 2),
        ("unknown", 1),
    ],
)
def test_a_mistake_names_its_key(key: str, value: object) -> None:
    with pytest.raises(WrongConfiguration) as wrong:
        parse_circular({key: value})
    assert key in wrong.value.sentence
