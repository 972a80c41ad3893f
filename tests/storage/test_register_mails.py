"""Mails and where they were seen: known once, seen often, never lost."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from storage_office import CAMPAIGN, FORM, MADE_AT, NOW, Desk, digest, hours, outcome, raw_mail

from intake.mailbox.polling import UNKNOWN_DATE, FolderMark
from intake.outcome import HeldDraft
from intake.raw_mail import RawMail
from intake.verdict import Verdict
from storage import held, mails
from storage.register import Register
from storage.sightings import FolderState, fetched_at
from storage.tables import messages, sightings


def receive(register: Register, *batch: tuple[RawMail, str | None], junk: tuple[str, ...] = ()) -> int:
    with register.writing() as tx:
        return mails.receive(tx, batch, now=NOW, made_at=MADE_AT, junk_folders=junk)


def rows(register: Register) -> list[mails.MailRow]:
    with register.reading() as tx:
        return mails.unhandled(tx, 100)


def test_a_batch_is_received_once(register: Register) -> None:
    batch = [(raw_mail(uid), digest(str(uid))) for uid in range(1, 251)]
    assert receive(register, *batch) == 250
    assert receive(register, *batch) == 0
    with register.reading() as tx:
        assert tx.scalar(select(func.count()).select_from(messages)) == 250
        assert mails.known_uids(tx, "box", "INBOX", 1) == set(range(1, 251))
        assert mails.known_uids(tx, "box", "INBOX", 1, after=240) == set(range(241, 251))
        assert mails.known_uids(tx, "box", "INBOX", 2) == set()


def test_the_same_bytes_elsewhere_are_another_sighting_and_keep_the_first_time(register: Register) -> None:
    first, later = NOW - hours(2), NOW - hours(1)
    assert receive(register, (raw_mail(7, first), digest("x"))) == 1
    again = [(raw_mail(9, later), digest("x")), (raw_mail(1, later, folder="旧信"), digest("x"))]
    assert receive(register, *again) == 0
    (mail,) = rows(register)
    assert (mail.received_at, mail.internal_date, mail.folder) == (first, first, "INBOX")
    with register.reading() as tx:
        assert tx.scalar(select(func.count()).select_from(sightings)) == 3


def test_the_same_mail_twice_in_one_batch_is_one(register: Register) -> None:
    assert receive(register, (raw_mail(1), digest("x")), (raw_mail(2), digest("x"))) == 1
    assert len(rows(register)) == 1


def test_mails_wait_in_the_order_they_arrived(register: Register) -> None:
    times = [NOW - hours(number) for number in (1, 5, 3)]
    receive(register, *((raw_mail(uid, at), digest(str(uid))) for uid, at in enumerate(times, 1)))
    assert [mail.received_at for mail in rows(register)] == sorted(times)


def test_a_mail_from_before_the_register_is_backlog(register: Register) -> None:
    early = raw_mail(1, MADE_AT - timedelta(seconds=1))
    receive(register, (early, digest("early")), (raw_mail(2, MADE_AT), digest("on time")))
    assert [mail.backlog for mail in rows(register)] == [True, False]


def test_a_mail_without_a_date_was_received_now(register: Register) -> None:
    receive(register, (raw_mail(1, UNKNOWN_DATE), digest("x")))
    (mail,) = rows(register)
    assert (mail.received_at, mail.backlog) == (NOW, False)
    with register.reading() as tx:
        known = mails.known(tx, "box", "INBOX", 1)[1]
    assert known is not None
    assert known.internal_date == UNKNOWN_DATE


@pytest.mark.parametrize(
    ("folders", "junk"), [(("垃圾邮件",), True), (("垃圾邮件", "INBOX"), False), (("INBOX",), False)]
)
def test_junk_is_what_was_seen_in_junk_folders_only(register: Register, folders: tuple[str, ...], junk: bool) -> None:
    seen = [(raw_mail(1, folder=folder), digest("x")) for folder in folders]
    receive(register, *seen, junk=("垃圾邮件",))
    assert rows(register)[0].junk is junk


def test_a_broken_fetch_is_tried_again_and_given_up_after_five(register: Register) -> None:
    broken = raw_mail(5, fault="short")
    for _ in range(4):
        receive(register, (broken, None))
    with register.writing() as tx:
        assert mails.lost(tx, "box", "INBOX", campaign=CAMPAIGN, now=NOW) == 0
        assert mails.to_fetch(tx, "box", "INBOX", 1) == (5,)
        assert mails.unrecorded(tx) == 1
    receive(register, (broken, None))
    with register.writing() as tx:
        assert mails.lost(tx, "box", "INBOX", campaign=CAMPAIGN, now=NOW) == 1
        assert mails.lost(tx, "box", "INBOX", campaign=CAMPAIGN, now=NOW) == 0
        assert mails.to_fetch(tx, "box", "INBOX", 1) == ()
        (row,) = held.list_open(tx)
        assert (row.reason, row.message_id, mails.unrecorded(tx)) == ("unfetched", None, 1)
        held.retry(tx, row.reference, NOW)
        assert mails.to_fetch(tx, "box", "INBOX", 1) == (5,)
        assert held.list_open(tx) == []


def test_a_broken_fetch_that_succeeds_becomes_a_mail(register: Register) -> None:
    receive(register, (raw_mail(5, fault="missing"), None))
    assert receive(register, (raw_mail(5), digest("x"))) == 1
    with register.reading() as tx:
        assert (mails.to_fetch(tx, "box", "INBOX", 1), mails.unrecorded(tx)) == ((), 0)


def test_a_broken_fetch_never_unmakes_a_mail(register: Register) -> None:
    receive(register, (raw_mail(5), digest("x")))
    receive(register, (raw_mail(5, fault="short"), None))
    with register.reading() as tx:
        assert mails.to_fetch(tx, "box", "INBOX", 1) == ()


def test_a_vanished_mail_is_fetched_no_more(register: Register) -> None:
    receive(register, (raw_mail(5, fault="missing"), None), (raw_mail(6, fault="missing"), None))
    with register.writing() as tx:
        mails.vanished(tx, "box", "INBOX", 1, [5])
        assert mails.to_fetch(tx, "box", "INBOX", 1) == (6,)


def test_noted_uids_are_known_and_have_no_mail(register: Register) -> None:
    receive(register, (raw_mail(3), digest("x")))
    with register.writing() as tx:
        mails.note(tx, "box", "INBOX", 1, [1, 2, 3], NOW)
        mails.note(tx, "box", "INBOX", 1, [2], NOW)
        mails.note(tx, "box", "INBOX", 1, [], NOW)
        known = mails.known(tx, "box", "INBOX", 1)
    assert (known[1], known[2]) == (None, None)
    assert known[3] is not None
    assert len(rows(register)) == 1


def test_a_uid_that_became_another_mail_points_to_it(register: Register) -> None:
    receive(register, (raw_mail(3), digest("old")))
    receive(register, (raw_mail(3, NOW - hours(1)), digest("new")))
    with register.reading() as tx:
        envelope = mails.known(tx, "box", "INBOX", 1)[3]
    assert envelope is not None
    assert envelope.internal_date == NOW - hours(1)
    assert len(rows(register)) == 2


def test_the_mark_never_falls_within_one_numbering(register: Register) -> None:
    with register.writing() as tx:
        assert mails.folder_marks(tx, "box") == {}
        mails.raise_mark(tx, "box", "INBOX", 1, 1_400_000_000)
        mails.raise_mark(tx, "box", "INBOX", 1, 5)
        mails.raise_mark(tx, "other", "INBOX", 1, 5)
        assert mails.folder_marks(tx, "box") == {"INBOX": FolderMark(1, 1_400_000_000)}
        mails.raise_mark(tx, "box", "INBOX", 2, 3)
        assert mails.folder_marks(tx, "box") == {"INBOX": FolderMark(2, 3)}
        mails.set_complete(tx, "box", "INBOX", NOW)
        mails.set_compared(tx, "box", "INBOX", NOW - hours(1))
        mails.raise_mark(tx, "box", "INBOX", 2, 4)
        (state,) = mails.folder_states(tx, "box")
    assert (state.mark, state.complete_at, state.compared_at) == (4, NOW, NOW - hours(1))


@pytest.mark.parametrize(
    ("folders", "at"),
    [
        ([], None),
        ([(NOW, None)], NOW),
        ([(NOW, None), (NOW - hours(1), None)], NOW - hours(1)),
        ([(NOW, None), (None, None)], None),  # one was never fetched to its end
        ([(NOW, None), (None, NOW)], NOW),  # it is no longer there
    ],
)
def test_when_every_folder_was_fetched(
    folders: list[tuple[datetime | None, datetime | None]], at: datetime | None
) -> None:
    states = [FolderState("box", str(place), 1, 1, None, *times) for place, times in enumerate(folders)]
    assert fetched_at(states) == at


def test_the_newest_time_is_the_last_that_a_run_wrote(register: Register, desk: Desk) -> None:
    with register.reading() as tx:
        assert mails.newest_written(tx) is None
    desk.receive(NOW)
    with register.reading() as tx:
        assert mails.newest_written(tx) == NOW


def test_only_unrelated_content_may_be_removed(register: Register, desk: Desk) -> None:
    unrelated = desk.record(outcome(verdict=Verdict("unrelated", ("nothing",))))
    desk.record(outcome(verdict=FORM))
    looked_at = Verdict("unrelated", ("internal",))
    desk.record(outcome(verdict=looked_at, held=(HeldDraft("internal", "程序出错。"),)))
    with register.writing() as tx:
        (waits,) = held.list_open(tx)
        held.decide(tx, waits.reference, "已处理", "secretary@example.com", NOW)
        assert [row.id for row in mails.removable(tx, NOW + hours(1))] == [unrelated.id]
        assert mails.removable(tx, NOW - hours(1)) == []
        mails.set_removed(tx, [unrelated.id], NOW)
        assert mails.removable(tx, NOW + hours(1)) == []
