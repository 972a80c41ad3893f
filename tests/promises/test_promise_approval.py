"""Letters that wait for approval, stopped by SIGKILL anywhere and started again: asked about once, sent as shown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from conversations.office_in_memory import SECRETARY, Letter, at
from netease import NETEASE, FakeNetease
from promises.nursery import Nursery
from promises.post_office import A, B, PostOffice

from program.demo import mails

IN_DOUBT = ("after the final dot", "after the reply", "fate not committed")
OF_SHOWING = ("letter shown, not committed", "letters shown, nobody asked", "asked, not marked", "asked, not committed")
OF_LETTERS = ("before the claim", "claimed, not committed", "before the final dot", *IN_DOUBT, "fate committed")
OF_WORD = ("decided, not noted", "token used, nobody told", "recorded, not committed")


@pytest.fixture
def post(tmp_path: Path, blank_register: Path, nursery: Nursery) -> Iterator[PostOffice]:
    with FakeNetease(NETEASE()) as server:
        made = PostOffice(tmp_path, blank_register, server, nursery)
        made.environment |= {"LETTERS__APPROVE": "all"}
        made.form(A)
        made.form(B)
        yield made


def requests(post: PostOffice) -> dict[str, Letter]:
    found = [letter for letter in post.letters() if letter.subject.startswith("请批准发送")]
    return {letter.message_id: letter for letter in found}


def to_units(post: PostOffice) -> dict[str, Letter]:
    return {letter.message_id: letter for letter in post.letters() if letter.recipient in (A.email, B.email)}


def approve(post: PostOffice) -> None:
    (request,) = requests(post).values()
    part = request.message.get_body(("plain",))
    assert part is not None
    found = re.search(r"[2-9A-Z]{6}-[2-9A-Z]{12} 全部同意发送", part.get_content())
    assert found
    raw = mails.compose("outlook", ("示例人员", SECRETARY), at("11-18 10:10"), found[0], text="")
    post.server.store.deliver(raw, "INBOX", at("11-18 10:10"))


@pytest.mark.parametrize("point", [*OF_SHOWING, "asked", *OF_LETTERS])
def test_the_approver_is_asked_about_every_letter_once(post: PostOffice, point: str) -> None:
    ended = post.once(0, point)
    assert ended.killed, ended.err
    for minute in (5, 20):
        assert post.once(minute).code == 0
    assert to_units(post) == {}
    assert sum(letter.text.count("正文") for letter in requests(post).values()) == 2
    assert post.query("SELECT count(*) FROM held WHERE reason = 'approval'") == [(2,)]
    assert len(post.twice()) <= (1 if point in IN_DOUBT else 0)


@pytest.mark.parametrize("point", [*OF_WORD, *OF_LETTERS])
def test_what_was_approved_leaves_as_it_was_shown_and_once(post: PostOffice, point: str) -> None:
    assert post.once(0).code == 0
    approve(post)
    ended = post.once(11, point)
    assert ended.killed, ended.err
    for minute in (15, 20):
        assert post.once(minute).code == 0
    (request,) = requests(post).values()
    sent = to_units(post)
    assert sorted(letter.recipient for letter in sent.values()) == sorted([A.email, B.email])
    assert all(letter.raw in request.raw for letter in sent.values())
    assert post.query("SELECT count(*) FROM audits WHERE word = '同意发送'") == [(2,)]
    assert len(post.twice()) <= (1 if point in IN_DOUBT else 0)
