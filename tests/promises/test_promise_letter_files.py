"""Moving the bytes of old letters out of the register, stopped by SIGKILL anywhere and started again."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from netease import NETEASE, FakeNetease
from promises.nursery import Ended, Nursery
from promises.post_office import PostOffice

POINTS = ["half a raw file", "letters in files, rows full", "rows emptied, not committed"]
LATER = "2016-12-{day:02d}T10:00:00+08:00"


@pytest.fixture
def post(tmp_path: Path, blank_register: Path, nursery: Nursery) -> Iterator[PostOffice]:
    with FakeNetease(NETEASE()) as server:
        made = PostOffice(tmp_path, blank_register, server, nursery)
        made.story()
        assert made.once().code == 0
        yield made


def once(post: PostOffice, day: int, stop: str = "") -> Ended:
    return post.nursery.start(
        "run", "--once", "--now", LATER.format(day=day),
        folder=post.folder, environment=post.environment, stop=stop,
    ).wait()  # fmt: skip


def kept(post: PostOffice) -> dict[str, bytes]:
    """What lies in files, by reference."""
    return {path.stem: path.read_bytes() for path in (post.folder / "data" / "letters").glob("??/*.eml")}


@pytest.mark.parametrize("point", POINTS)
def test_a_move_stopped_anywhere_loses_no_letter_s_bytes(post: PostOffice, point: str) -> None:
    rows = {reference: raw for reference, raw in post.query("SELECT reference, raw FROM letters") if raw}
    assert once(post, 17).code == 0
    assert kept(post) == {}
    ended = once(post, 19, point)
    assert ended.killed, ended.err
    now = dict(post.query("SELECT reference, raw FROM letters"))
    assert {reference: now[reference] or kept(post)[reference] for reference in rows} == rows
    assert once(post, 20).code == 0
    assert kept(post) == rows
    assert post.query("SELECT count(*) FROM letters WHERE raw IS NOT NULL") == [(0,)]
    for path in (post.folder / "data" / "letters").glob("??/*"):
        assert (path.suffix, stat.S_IMODE(path.stat().st_mode)) == (".eml", 0o600)
    for reference, raw in rows.items():
        assert post.command("letter", "show", reference, "--to", f"{post.folder}/{reference}.eml").code == 0
        assert (post.folder / f"{reference}.eml").read_bytes() == raw
    (post.folder / "data" / "letters" / reference[:2] / f"{reference}.eml").unlink()
    gone = post.command("letter", "show", reference)
    assert (gone.code, "请从备份恢复" in gone.err) == (1, True)
