"""An alert, or a form entered by hand, stopped by SIGKILL anywhere and begun again: told once, recorded once."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from conversations.office_in_memory import SECRETARY
from netease import NETEASE, FakeNetease
from promises.nursery import Nursery
from promises.post_office import A, PostOffice

from program.demo import forms
from program.demo.forms import Answers

OF_LETTERS = ("claimed, not committed", "before the final dot", "fate committed")
BEFORE_TELLING = ("outage not committed", "outage committed", "alert claimed, not committed", "alert letter written")
SILENT = "alert claimed"  # between the claim and the command: nobody may be told twice, so nobody is
AFTER_TELLING = ("told, not noted", "told and noted")


@pytest.fixture
def post(tmp_path: Path, blank_register: Path, nursery: Nursery) -> Iterator[PostOffice]:
    with FakeNetease(NETEASE()) as server:
        made = PostOffice(tmp_path, blank_register, server, nursery)
        script = f"(cat; echo) >> {tmp_path / 'told.txt'}"
        made.environment["ALERTS__COMMAND"] = json.dumps(["/bin/sh", "-c", script])
        assert made.once().code == 0
        yield made


def told(post: PostOffice) -> list[str]:
    """The subjects of what the command was told."""
    path = post.folder / "told.txt"
    return [line for line in path.read_text("utf-8").splitlines() if line.startswith("【")] if path.exists() else []


def mailed(post: PostOffice) -> Counter[str]:
    alerts = {letter.message_id: letter for letter in post.letters() if letter.recipient == SECRETARY}
    return Counter(letter.subject.partition("，")[0] for letter in alerts.values())


@pytest.mark.parametrize("point", [*BEFORE_TELLING, SILENT, *AFTER_TELLING, *OF_LETTERS])
def test_that_fetching_fails_is_told_once(post: PostOffice, point: str) -> None:
    post.server.moods.drop_at = "LIST"
    assert post.once(5).code == 1
    ended = post.once(25, point)
    assert ended.killed, ended.err
    for minute in (30, 35):
        assert post.once(minute).code == 1
    assert told(post) == ([] if point == SILENT else ["【告警】收信中断，自11月18日10:05起"])
    in_doubt = point in OF_LETTERS and not mailed(post)  # the sent folder cannot be looked into before fetching works
    assert in_doubt or mailed(post) == {"【告警】收信中断": 1}
    post.server.moods.drop_at = ""
    for minute in (50, 55):
        assert post.once(minute).code == 0
    assert mailed(post) == {"【告警】收信中断": 1, "【恢复】收信已恢复": 1}
    assert told(post)[-1:] == ["【恢复】收信已恢复，曾中断45分钟"]


@pytest.mark.parametrize("point", ["between raw file and entry", "entry noted", "recorded, not committed"])
def test_a_form_entered_by_hand_is_recorded_once(post: PostOffice, point: str) -> None:
    path = post.folder / "意向书.docx"
    path.write_bytes(forms.docx(Answers(A.values, "yes", "no"), "☑"))
    words = ("enter", str(path), "--channel", "微信", "--at", "2016-11-18T10:00", "--receipt-to", A.email)
    settings = {"folder": post.folder, "environment": post.environment}
    assert post.nursery.start(*words, stop=point, **settings).wait().killed  # type: ignore[arg-type]
    assert post.query("SELECT count(*) FROM messages") == [(0,)]
    assert post.command(*words).code == 0
    assert post.once(5).code == 0
    assert post.query("SELECT channel, state FROM submissions") == [("微信", "standing")]
    assert post.query("SELECT word FROM audits") == [("代录 微信",)]
    assert post.query("SELECT kind, recipient FROM letters") == [("acknowledgement", A.email)]
