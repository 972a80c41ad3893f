"""Asking for what units owe, stopped by SIGKILL anywhere and started again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from netease import NETEASE, FakeNetease
from promises.nursery import Nursery, Running
from promises.post_office import B, C, PostOffice

OF_STEPS = ["step not committed", "step committed", "handed, not committed", "handed over"]
OF_LETTERS = [
    "before the letters",
    "claimed, not committed",
    "before the final dot",
    "after the reply",
    "fate committed",
]


class Owing(PostOffice):
    """An office in which two units owe a telephone, on a day of reminders or of handing over."""

    day = "2016-11-22"

    def start(self, minute: int = 0, stop: str = "", nth: int = 1) -> Running:
        return self.nursery.start(
            "run", "--once", "--now", f"{self.day}T10:{minute:02d}:00+08:00",
            folder=self.folder, environment=self.environment, stop=stop, nth=nth,
        )  # fmt: skip


@pytest.fixture
def post(tmp_path: Path, blank_register: Path, nursery: Nursery) -> Iterator[Owing]:
    """The forms came on Friday the 18th and were answered on the 22nd: due on Friday the 25th."""
    with FakeNetease(NETEASE()) as server:
        made = Owing(tmp_path, blank_register, server, nursery)
        for unit in (B, C):
            made.form(unit, office_phone="", mobile="")
        assert made.once().code == 0
        assert made.query("SELECT count(*) FROM followups WHERE asked_at IS NOT NULL") == [(2,)]
        made.day = "2016-11-24"
        yield made


@pytest.mark.parametrize("point", [*OF_STEPS[:2], *OF_LETTERS])
def test_a_reminder_stopped_and_started_again_reaches_each_unit_once(post: Owing, point: str) -> None:
    ended = post.once(0, point)
    assert ended.killed, ended.err
    for minute in (5, 9):
        assert post.once(minute).code == 0
    assert post.query("SELECT count(*) FROM letters WHERE kind = 'question'") == [(2,)]
    assert post.query("SELECT round, count(*) FROM chasings GROUP BY round") == [("before", 2)]
    reached = dict(post.query("SELECT message_id, recipient FROM letters WHERE kind = 'question'"))
    sent = [letter for letter in post.letters() if letter.message_id in reached]
    again = 1 if point == "after the reply" else 0  # in doubt: once more with the same bytes
    assert len(sent) in (2, 2 + again)
    assert {letter.recipient for letter in sent} == {B.email, C.email}


@pytest.mark.parametrize("point", OF_STEPS[2:])
def test_what_is_handed_over_is_one_item_a_unit(post: Owing, point: str) -> None:
    post.day = "2016-11-30"
    ended = post.once(0, point)
    assert ended.killed, ended.err
    for minute in (5, 9):
        assert post.once(minute).code == 0
    counted = post.query("SELECT reason, count(*), count(DISTINCT unit_id) FROM held GROUP BY reason")
    assert counted == [("overdue", 2, 2)]
