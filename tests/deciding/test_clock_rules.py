"""What servers say of the time, and what can be known of a clock from that."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from intake.server_time import told_in
from scheduler.clock_watch import fault, was_set_back
from storage.server_clock import Heard

NOW = datetime(2016, 11, 21, 2, 0, tzinfo=UTC)
EPOCH = int(NOW.timestamp())
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    "reply",
    [
        f"Mail OK queued as smtp5,D9GowAB3n6vFkV5ZQKMiAA--.1S3 {EPOCH}",
        f"250 Mail OK queued as smtp11,abc {EPOCH}",
        f"554 DT:SPM 163 smtp11,C8CowAB3 {EPOCH},http://mail.163.com/help/help_spam_16.htm?ip=127.0.0.1",
        f"550 MI:IMF 126 smtp2,AgAAK {EPOCH},http://mail.163.com/help",
        f"2.0.0 OK  {EPOCH} d9443c01a7336-2 - gsmtp",
        "mx.example.com Microsoft ESMTP MAIL Service ready at Mon, 21 Nov 2016 10:00:00 +0800",
        "mx.example.com ESMTP Exim 4.94.2 Mon, 21 Nov 2016 02:00:00 +0000",
        "mx.example.com ESMTP Sendmail 8.14.4/8.14.4; Mon, 21 Nov 2016 02:00:00 GMT",
    ],
)
def test_a_server_that_names_the_time(reply: str) -> None:
    assert told_in(reply) == NOW


@pytest.mark.parametrize(
    "reply",
    [
        "", "163.com Anti-spam GT for Coremail System (163com[20141201])", "Ok: queued as 1479693600",
        "queued as 4ABCDE0123", "OK queued as", "550 5.1.1 1479693600@example.com unknown", "OK 1479693600",
        "ready at Mon, 41 Nov 2016 10:00:00 +0800", "ready at Mon, 21 Nov 2016 99:00:00 +0800",
    ],
)  # fmt: skip
def test_a_server_that_does_not(reply: str) -> None:
    assert told_in(reply) is None


AHEAD, EVEN, BEHIND = Heard(NOW + 2 * HOUR, NOW), Heard(NOW, NOW), Heard(NOW - 2 * HOUR, NOW)


@pytest.mark.parametrize(
    ("now", "written", "marked", "heard", "word"),
    [
        (NOW, None, None, None, ""),
        (NOW, NOW + HOUR, None, None, "登记库"),
        (NOW, None, NOW + HOUR, None, "登记库"),
        (NOW, NOW + timedelta(minutes=5), None, None, ""),
        (NOW + 3 * HOUR, None, NOW, AHEAD, "快120分钟"),
        (NOW + HOUR, NOW + 2 * HOUR, NOW, AHEAD, ""),  # set back: what was written while it was ahead counts no more
        (NOW + HOUR, None, NOW + 2 * HOUR, AHEAD, "登记库"),
        (NOW - HOUR, None, None, AHEAD, "登记库"),  # set back too far
        (NOW + HOUR, NOW + 2 * HOUR, None, EVEN, ""),
        (NOW - HOUR, None, None, EVEN, "登记库"),
        (NOW - HOUR, NOW - HOUR, None, BEHIND, "登记库"),
        (NOW + HOUR, None, None, BEHIND, ""),
    ],
)
def test_what_is_known_of_the_clock(
    now: datetime, written: datetime | None, marked: datetime | None, heard: Heard | None, word: str
) -> None:
    said = fault(now, written, marked, heard)
    assert bool(said) == bool(word)
    assert word in said


@pytest.mark.parametrize(
    ("now", "heard", "back"),
    [(NOW + HOUR, AHEAD, True), (NOW + 2 * HOUR, AHEAD, False), (NOW - HOUR, AHEAD, False), (NOW, EVEN, False)],
)
def test_a_clock_set_back_is_known(now: datetime, heard: Heard, back: bool) -> None:
    assert was_set_back(heard, now) is back
