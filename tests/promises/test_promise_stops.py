"""Stopped by SIGKILL at every commit point and between, and started again: nothing lost, nothing said twice."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from netease import NETEASE, FakeNetease
from promises.nursery import Nursery
from promises.post_office import PostOffice
from promises.stops import STOPS

IN_DOUBT = {"after the final dot", "after the reply", "fate not committed"}  # the server has it, the register not yet
ONCE = {"before reading", "before the letters", "before goodbye"}  # places that one round passes once
POINTS = list(STOPS)[: list(STOPS).index("no room for mails")]
OF_LETTERS = POINTS[POINTS.index("before the letters") :]


@pytest.fixture
def server() -> Iterator[FakeNetease]:
    with FakeNetease(NETEASE()) as made:
        yield made


@pytest.fixture
def post(tmp_path: Path, blank_register: Path, server: FakeNetease, nursery: Nursery) -> PostOffice:
    return PostOffice(tmp_path, blank_register, server, nursery)


@pytest.fixture(scope="module")
def handled(tmp_path_factory: pytest.TempPathFactory, blank_register: Path, nursery: Nursery) -> Path:
    """The folder of an office whose mails are handled and whose letters wait."""
    folder = tmp_path_factory.mktemp("handled")
    with FakeNetease(NETEASE()) as server:
        office = PostOffice(folder, blank_register, server, nursery)
        office.environment["OUTBOX__MODE"] = "hold"
        office.story()
        assert office.once(0).code == 0
    return folder


@pytest.mark.parametrize("point", POINTS)
def test_stopped_at_a_point_and_started_again(post: PostOffice, point: str, handled: Path) -> None:
    post.story()
    if point in OF_LETTERS:
        post.restore(handled)
    ended = post.once(0, point, 1 if point in ONCE else 2)
    assert ended.killed, ended.err
    again = post.once(5)
    assert (again.code, again.err) == (0, "")
    post.audit()
    assert len(post.twice()) == (1 if point in IN_DOUBT else 0)


@pytest.mark.parametrize("point", ["after MAIL FROM", "after RCPT TO"])
def test_stopped_where_each_command_waits_for_the_reply_to_the_one_before(
    post: PostOffice, point: str, handled: Path
) -> None:
    post.server.moods.pipelining = False
    post.story()
    post.restore(handled)
    assert post.once(0, point, 2).killed
    assert post.once(5).code == 0
    post.audit()
    assert post.twice() == []


def test_a_second_run_finds_nothing_to_do(post: PostOffice) -> None:
    post.with_file = True
    post.story()
    assert "收到新邮件 5 封，处理 5 封，登记 3 份，待人工 1 件，发信 4 封。" in post.once(0).out
    post.audit()
    again = post.once(10)
    assert (again.code, again.err) == (0, "")
    assert again.out == "收到新邮件 0 封，处理 0 封，登记 0 份，待人工 0 件，发信 0 封。\n"
    post.audit()


@pytest.mark.parametrize("point", sorted(IN_DOUBT))
def test_a_copy_among_what_was_sent_proves_it(post: PostOffice, point: str, handled: Path) -> None:
    post.server.moods.sent_copies = True
    post.story()
    post.restore(handled)
    assert post.once(0, point, 2).killed
    assert post.once(5).code == 0
    post.audit()
    assert post.twice() == []


def test_stopped_again_and_again_at_many_points_in_turn(post: PostOffice) -> None:
    """One story, one register, a kill at one point after the other: it still ends as it must."""
    post.story()
    for minute, point in enumerate(POINTS[::3]):
        if point not in IN_DOUBT:
            post.once(minute, point)
    assert post.once(50).code == 0
    assert post.once(55).code == 0
    post.audit(doubt=True)  # one letter met more than one of these points between its claim and its dot
    assert post.twice() == []


def test_killed_at_random_moments(post: PostOffice) -> None:
    """No point is chosen: the process dies somewhere, until it has come to its end between two kills."""
    chance = random.Random(2016)
    post.with_file = True
    post.story()
    killed = 0
    for minute in range(6):
        running = post.start(minute)
        time.sleep(chance.uniform(0.02, 0.35))
        running.kill()
        killed += running.wait().killed
    assert post.once(50).code == 0
    assert post.once(55).code == 0
    post.audit(doubt=True)
    assert killed
    assert len(post.twice()) <= killed


# ---- no room on the disk ------------------------------------------------------------------------


@pytest.mark.parametrize("nth", [1, 2, 5])
def test_a_full_disk_stops_the_poll_before_anything_is_answered_and_says_so(post: PostOffice, nth: int) -> None:
    post.story()
    full = post.once(0, "no room for mails", nth)
    assert full.code == 1
    assert "磁盘空间不足" in full.out + full.err
    assert "Traceback" not in full.err
    assert post.server.names("smtp") == []
    assert not list((post.folder / "data").rglob("*.part"))
    assert post.once(5).code == 0
    post.audit()
    assert post.twice() == []


@pytest.mark.parametrize("pages", [0, 6])
def test_a_register_that_cannot_grow_loses_nothing_and_says_so(post: PostOffice, pages: int) -> None:
    post.story()
    full = post.once(0, "no room in the register", pages)
    assert full.code == 1, full.out
    assert "磁盘空间不足" in full.out + full.err
    assert "Traceback" not in full.err
    assert post.once(5).code == 0
    assert post.once(10).code == 0
    post.audit()
