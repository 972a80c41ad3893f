"""A notice stopped by SIGKILL at every point, while it is queued and while it leaves: each unit gets it once."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from netease import NETEASE, FakeNetease
from promises.nursery import Ended, Nursery, Running
from promises.post_office import PostOffice
from promises.stops import STOPS

UNITS = 120  # three transactions of letters
FEW = 5
QUEUEING = list(STOPS)[list(STOPS).index("before the roster") : list(STOPS).index("decided, not noted")]
_DELIVERY = list(STOPS)[: list(STOPS).index("no room for mails")]
SENDING = _DELIVERY[_DELIVERY.index("before the letters") :]
UNTRIED = {"before the letters", "before the claim", "claimed, not committed", "fate committed", "before goodbye"}
IN_DOUBT = set(SENDING) - UNTRIED  # claimed, and nobody knows whether it went: left to a person, never sent again
ONCE = {"before the letters", "before goodbye", "before the roster", "roster not committed"}
LATER = {"letter of a notice written": 75}  # in the middle of the second transaction


@pytest.fixture
def post(tmp_path: Path, blank_register: Path, nursery: Nursery) -> Iterator[PostOffice]:
    with FakeNetease(NETEASE()) as server:
        office = PostOffice(tmp_path, blank_register, server, nursery)
        no_limit = ("PER_CONNECTION", "PER_QUARTER_HOUR", "PER_HOUR", "PER_DAY")
        office.environment |= {f"LIMITS__{name}": "0" for name in no_limit}
        yield office


def roster(post: PostOffice, count: int) -> None:
    book = openpyxl.Workbook()
    page: Any = book.active
    page.append(("单位名称", "联系人", "电子邮箱"))
    for number in range(count):
        page.append((f"示例第{number}公司", f"示例{number}", _address(number)))
    book.save(post.folder / "名册.xlsx")


def start(post: PostOffice, stop: str = "", nth: int = 1) -> Running:
    return post.nursery.start(
        "circular", "send", "notice", "--to", "名册.xlsx", "--yes", "--now", "2016-11-18T09:00:00+08:00",
        folder=post.folder, environment=post.environment, stop=stop, nth=nth,
    )  # fmt: skip


def send(post: PostOffice, stop: str = "", nth: int = 1) -> Ended:
    return start(post, stop, nth).wait()


def _address(number: int) -> str:
    return f"u{number}@u{number}.example.com"


def queued(post: PostOffice) -> list[str]:
    return [row[0] for row in post.query("SELECT recipient FROM letters WHERE kind = 'circular' ORDER BY recipient")]


def audit_queue(post: PostOffice, count: int) -> None:
    assert queued(post) == sorted(map(_address, range(count)))
    assert post.query("SELECT count(*), count(DISTINCT name_key) FROM units") == [(count, count)]
    assert post.query("SELECT count(*) FROM letters WHERE unit_id IS NULL") == [(0,)]


@pytest.mark.parametrize("point", QUEUEING)
def test_stopped_while_it_is_queued(post: PostOffice, point: str) -> None:
    roster(post, UNITS)
    trial = point in ("before the roster", "roster not committed")  # passed once while it is only proposed
    ended = send(post, point, 2 if trial else LATER.get(point, 2))
    assert ended.killed, ended
    assert len(queued(post)) < UNITS
    again = send(post)
    assert again.code == 0, again
    audit_queue(post, UNITS)
    assert send(post).out.endswith("没有需要排发的通知。\n")
    audit_queue(post, UNITS)


def test_what_goes_on_after_a_stop_is_noted_as_such(post: PostOffice) -> None:
    roster(post, UNITS)
    assert send(post, "letter of a notice written", LATER["letter of a notice written"]).killed
    assert len(queued(post)) == 50
    assert send(post).code == 0
    assert send(post).out.endswith("没有需要排发的通知。\n")
    assert post.query("SELECT word FROM audits WHERE what = 'circular' ORDER BY id") == [
        ("排发通知120封（120家单位）",),
        ("接着排发通知70封（70家单位）；前次应排120封，排到50封时中断",),
    ]


def test_killed_at_random_moments_while_it_is_queued(post: PostOffice) -> None:
    chance = random.Random(2016)
    roster(post, UNITS)
    for _ in range(4):
        running = start(post)
        time.sleep(chance.uniform(0.05, 0.8))
        running.kill()
        running.wait()
    assert send(post).code == 0
    audit_queue(post, UNITS)


@pytest.mark.parametrize("point", SENDING)
def test_stopped_while_it_leaves(post: PostOffice, point: str) -> None:
    roster(post, FEW)
    assert send(post).code == 0
    ended = post.once(0, point, 1 if point in ONCE else 2)
    assert ended.killed, ended.err
    again = post.once(5)
    assert again.code == 0, again
    assert post.once(10).code == 0
    taken = Counter(letter.recipient for letter in post.letters())
    doubtful = {row[0] for row in post.query("SELECT recipient FROM letters WHERE state = 'doubt'")}
    assert set(taken.values()) == {1}
    assert taken.keys() | doubtful == {_address(number) for number in range(FEW)}
    assert len(doubtful) == (1 if point in IN_DOUBT else 0)
    assert post.query("SELECT count(*) FROM letters WHERE state = 'sent'") == [(FEW - len(doubtful),)]
    audit_queue(post, FEW)


def test_what_was_killed_is_never_queued_again_by_a_new_send(post: PostOffice) -> None:
    """A letter in doubt has its key: only a person lets it go."""
    roster(post, FEW)
    send(post)
    assert post.once(0, "after the final dot", 2).killed
    assert post.once(5).code == 0
    assert "没有需要排发的通知" in send(post).out
    audit_queue(post, FEW)


@pytest.mark.parametrize(("word", "taken", "state"), [("重发", 2, "sent"), ("已发", 1, "sent"), ("不发", 1, "refused")])
def test_a_person_decides_what_becomes_of_a_letter_in_doubt(
    post: PostOffice, word: str, taken: int, state: str
) -> None:
    roster(post, FEW)
    send(post)
    assert post.once(0, "after the final dot", 2).killed
    assert post.once(5).code == 0
    ((reference, recipient),) = post.query(
        "SELECT held.reference, recipient FROM held JOIN letters ON letter_id = letters.id WHERE reason = 'doubt'"
    )
    assert "不能确定是否发出" in post.command("held", "list").out
    assert post.command("held", "decide", reference, word).code == 0
    assert post.once(10).code == 0
    got = [letter.message_id for letter in post.letters() if letter.recipient == recipient]
    assert (len(got), len(set(got))) == (taken, 1)
    assert post.query(f"SELECT state FROM letters WHERE recipient = '{recipient}'") == [(state,)]
