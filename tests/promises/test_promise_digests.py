"""A digest stopped by SIGKILL anywhere and started again: one a slot and recipient, its bytes the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from conversations.office_in_memory import SECRETARY, at, roster_row
from netease import NETEASE, FakeNetease
from promises.nursery import Nursery, Running
from promises.post_office import A, B, C, D, PostOffice
from promises.stops import STOPS

from storage import rosters
from storage.register import Register

COLLEAGUE = "huang@example.com"
OF_DIGESTS = ["before the tokens", "tokens kept", "before the digest", "digest not committed", "digest committed"]
_NAMES = list(STOPS)
OF_LETTERS = _NAMES[_NAMES.index("before the letters") : _NAMES.index("no room for mails")]
MAY_GO_TWICE = {"after the final dot", "after the reply", "fate not committed"}  # with the same bytes and Message-ID


class Briefed(PostOffice):
    """An office with two colleagues just after 08:30."""

    def start(self, minute: int = 0, stop: str = "", nth: int = 1) -> Running:
        return self.nursery.start(
            "run", "--once", "--now", f"2016-11-18T08:{31 + minute:02d}:00+08:00",
            folder=self.folder, environment=self.environment, stop=stop, nth=nth,
        )  # fmt: skip


@pytest.fixture
def post(tmp_path: Path, blank_register: Path, nursery: Nursery) -> Iterator[Briefed]:
    with FakeNetease(NETEASE()) as server:
        made = Briefed(tmp_path, blank_register, server, nursery)
        made.environment |= {"DIGEST__SEND": "true", "DIGEST__TO": f'["{SECRETARY}", "{COLLEAGUE}"]'}
        register = Register.open(f"sqlite:///{made.place}", at("11-17 08:00"))
        with register.writing() as tx:
            rosters.load(tx, [roster_row(unit) for unit in (A, B, C, D)], at("11-17 08:00"))
        register.close()
        yield made


@pytest.mark.parametrize("point", [*OF_DIGESTS, *OF_LETTERS])
def test_a_digest_stopped_and_started_again_is_one(post: Briefed, point: str) -> None:
    assert post.once(-21).code == 0  # the register begins before the hour of the digest
    post.write(C, "咨询", "received", text="请问加入联盟是否需要缴纳会费？")
    ended = post.once(0, point)
    assert ended.killed, ended.err
    assert post.once(5).code == 0
    assert post.once(9).code == 0
    digests = [letter for letter in post.letters() if letter.kind == "digest"]
    reached = Counter(letter.recipient for letter in digests)
    assert reached.keys() == {SECRETARY, COLLEAGUE}
    assert max(reached.values()) <= (2 if point in MAY_GO_TWICE else 1)
    assert len({letter.raw for letter in digests}) == 2
    assert post.query("SELECT count(*), count(DISTINCT key) FROM letters WHERE kind = 'digest'") == [(2, 2)]
    assert post.query("SELECT DISTINCT state FROM letters WHERE kind = 'digest'") == [("sent",)]
