"""A round of reminders stopped by SIGKILL anywhere and started again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from conversations.office_in_memory import at, roster_row
from netease import NETEASE, FakeNetease
from promises.nursery import Nursery, Running
from promises.post_office import A, B, C, D, PostOffice
from promises.stops import STOPS

from storage import rosters
from storage.register import Register

OF_ROUNDS = ["before a round", "letters of a round written", "round not committed", "round committed"]
_NAMES = list(STOPS)
OF_LETTERS = _NAMES[_NAMES.index("before the letters") : _NAMES.index("no room for mails")]
IN_DOUBT = set(OF_LETTERS) - {"before the letters", "before the claim", "claimed, not committed", "before goodbye"}


class Reminded(PostOffice):
    """An office on the morning of the first round."""

    def start(self, minute: int = 0, stop: str = "", nth: int = 1) -> Running:
        return self.nursery.start(
            "run", "--once", "--now", f"2016-11-25T10:{minute:02d}:00+08:00",
            folder=self.folder, environment=self.environment, stop=stop, nth=nth,
        )  # fmt: skip


@pytest.fixture
def post(tmp_path: Path, blank_register: Path, nursery: Nursery) -> Iterator[Reminded]:
    with FakeNetease(NETEASE()) as server:
        made = Reminded(tmp_path, blank_register, server, nursery)
        register = Register.open(f"sqlite:///{made.place}", at("11-17 08:00"))
        with register.writing() as tx:
            rosters.load(tx, [roster_row(unit) for unit in (A, B, C, D)], at("11-17 08:00"))
        register.close()
        yield made


@pytest.mark.parametrize("point", [*OF_ROUNDS, *OF_LETTERS])
def test_a_round_stopped_and_started_again_reminds_nobody_twice(post: Reminded, point: str) -> None:
    """A reminder of which nobody knows whether it went is left to a person, and goes no more; all others go once."""
    ended = post.once(0, point)
    assert ended.killed, ended.err
    assert post.once(5).code == 0
    assert post.once(9).code == 0
    reached = Counter(letter.recipient for letter in post.letters())
    doubtful = {to for (to,) in post.query("SELECT recipient FROM letters WHERE state = 'doubt'")}
    assert set(reached.values()) == {1}
    assert reached.keys() | doubtful == {unit.email for unit in (A, B, C, D)}
    assert len(doubtful) == (1 if point in IN_DOUBT else 0)
    assert post.query("SELECT count(*) FROM letters WHERE kind = 'reminder'") == [(4,)]
    assert post.query("SELECT name, letters FROM rounds") == [("20161202-7", 4)]
