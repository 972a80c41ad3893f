"""What people wrote from the mailbox, stopped by SIGKILL anywhere and started again: kept once, none lost."""

from __future__ import annotations

from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from conversations.office_in_memory import at
from netease import NETEASE, FakeNetease
from promises.nursery import Nursery
from promises.post_office import A, B, PostOffice

FOLDER = "已发送"
OF_SEEING = ("seen by hand, not committed", "seen by hand", "before relating", "related, not committed")
OF_MAIL = ("rows not committed", "read, not recorded", "recorded, not committed", "before the letters")


@pytest.fixture
def post(tmp_path: Path, blank_register: Path, nursery: Nursery) -> Iterator[PostOffice]:
    with FakeNetease(NETEASE()) as server:
        made = PostOffice(tmp_path, blank_register, server, nursery)
        made.form(A)
        made.form(B)
        for number, to in enumerate([A.email, "friend@example.org", B.email, A.email]):
            mail = EmailMessage()
            mail["To"], mail["Subject"], mail["Message-ID"] = to, f"第{number}封", f"<{number}@vip.126.com>"
            server.store.deliver(mail.as_bytes(), FOLDER, at(f"11-18 09:3{number}"))
        yield made


@pytest.mark.parametrize("point", [*OF_SEEING, *OF_MAIL])
def test_every_letter_by_hand_is_kept_once(post: PostOffice, point: str) -> None:
    ended = post.once(0, point)
    assert ended.killed, ended.err
    for minute in (5, 10):
        assert post.once(minute).code == 0
    kept = "SELECT subject, address FROM handwritten h JOIN handwritten_to t ON t.handwritten_id = h.id ORDER BY h.id"
    assert post.query(kept) == [("第0封", A.email), ("第2封", B.email), ("第3封", A.email)]
    assert post.query("SELECT count(*) FROM handwritten WHERE state = 'new'") == [(0,)]
    assert post.query(f"SELECT count(*) FROM sightings WHERE folder = '{FOLDER}' AND state = 'noted'") == [(4,)]
    assert post.server.changing_commands() == []
