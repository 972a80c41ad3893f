"""Every unit is counted once in each choice, and the sums agree."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from storage_office import Desk, answers, draft, outcome, reading
from test_register_ledger import SAMPLE

from intake.answers import Choice
from intake.outcome import HeldDraft, SubmissionDraft
from intake.verdict import Verdict
from storage import rosters, tallies
from storage.plain_rows import Tally
from storage.register import Register
from storage.rosters import RosterRow

ROSTER = tuple(f"示例第{number}研究院" for number in "一二三四")
DECISIVE = "join"


def of(unit: str, join: str = "yes", member: str = "blank", **more: Any) -> SubmissionDraft:
    return draft(unit, choices=answers(join=join, member=member), **more)


def _by_address(desk: Desk) -> None:
    """A mail that nobody could read, from the address of a unit of the roster."""
    held = HeldDraft("unreadable", "附件设有密码。")
    desk.record(outcome(held=(held,), verdict=Verdict("attempt", ("files",))), reading("u0@unit.example.com"))


CASES: list[tuple[str, Callable[[Desk], object], dict[str, int]]] = [
    ("nobody", lambda desk: None, {"total": 4, "silent": 4}),
    ("yes", lambda desk: desk.record(outcome(of(ROSTER[0]))), {"total": 4, "silent": 3, "answered": 1, "yes": 1}),
    ("no", lambda desk: desk.record(outcome(of(ROSTER[0], "no"))), {"total": 4, "silent": 3, "answered": 1, "no": 1}),
    ("unclear", lambda desk: desk.record(outcome(of(ROSTER[0], "unclear"))), {"total": 4, "silent": 3, "pending": 1}),
    ("blank", lambda desk: desk.record(outcome(of(ROSTER[0], "blank"))), {"total": 4, "silent": 3, "pending": 1}),
    (
        "late",
        lambda desk: desk.record(outcome(of(ROSTER[0], lateness="late"))),
        {"total": 4, "silent": 3, "answered": 1, "yes": 1, "late": 1},
    ),
    (
        "proposed",
        lambda desk: desk.record(outcome(of(ROSTER[0], standing=False))),
        {"total": 4, "silent": 3, "pending": 1},
    ),
    ("unread, from its address", _by_address, {"total": 4, "silent": 3, "pending": 1}),
    ("off the roster", lambda desk: desk.record(outcome(of("示例学会"))), {"total": 4, "silent": 4, "others": 1}),
]


@pytest.mark.parametrize(("events", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_every_unit_is_counted_once(
    register: Register, desk: Desk, events: Callable[[Desk], object], expected: dict[str, int]
) -> None:
    found = _tally(register, desk, events)
    group = found.roster
    seen = {name: getattr(group, name) for name in ("total", "answered", "pending", "silent", "bounced", "late")}
    seen |= {answer: group.of(DECISIVE, answer) for answer in ("yes", "no")} | {"others": found.others.total}
    assert {name: count for name, count in seen.items() if count} == expected
    _adds_up(found)


def test_a_member_that_says_so_is_told_apart_from_a_blank(register: Register, desk: Desk) -> None:
    both = answers(join="yes") | {"member": Choice("member", "blank", "", "第5行", already_member=True)}
    found = _tally(register, desk, lambda desk: desk.record(outcome(draft(ROSTER[0], choices=both))))
    assert found.roster.of("member", tallies.MEMBER) == 1
    assert found.roster.of("member", tallies.BLANK) == 0
    _adds_up(found)


def test_without_a_roster_those_who_answered_are_the_whole(register: Register, desk: Desk) -> None:
    desk.record(outcome(of("示例学会"), of("示例医院", "no")))
    with register.reading() as tx:
        found = tallies.tally(tx, SAMPLE)
    assert (found.main.total, found.willing, found.declined) == (2, 1, 1)
    _adds_up(found)


def _tally(register: Register, desk: Desk, events: Callable[[Desk], object]) -> Tally:
    rows = [RosterRow(at, name, addresses=(f"u{at}@unit.example.com",)) for at, name in enumerate(ROSTER)]
    with register.writing() as tx:
        rosters.load(tx, rows, desk.register.made_at)
    events(desk)
    with register.reading() as tx:
        return tallies.tally(tx, SAMPLE)


def _adds_up(found: Tally) -> None:
    for group in (found.roster, found.others):
        assert group.answered + group.pending + group.silent == group.total
        assert {choice.total for choice in group.choices} <= {group.total}
