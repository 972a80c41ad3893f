"""What is fetched, what is noted only, and how far the mark may rise."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mailbox_office import OPENS, account_of, fetched, form_mail
from netease import NETEASE, QQ, FakeNetease

from intake import mailbox
from intake.errors import ServerUnreachable
from intake.mailbox import Envelope, FolderMark, polling
from intake.raw_mail import RawMail

BEFORE, AFTER = OPENS - timedelta(days=30), OPENS + timedelta(days=3)


def planned(server, state, *, folder="INBOX", **options):
    with mailbox.connect(account_of(server)) as session:
        return mailbox.plan(session, folder, state, OPENS, **options)


def test_a_folder_never_seen_notes_what_is_older_than_the_campaign():
    with FakeNetease() as server:
        old = [server.store.deliver(form_mail(number), internal_date=BEFORE) for number in range(3)]
        edge = server.store.deliver(form_mail(4), internal_date=OPENS)
        new = server.store.deliver(form_mail(5), internal_date=AFTER)
        plan = planned(server, None)
        assert plan.reason == "first"
        assert plan.note == tuple(mail.uid for mail in old)
        assert plan.fetch == (edge.uid, new.uid)
        assert (plan.uidvalidity, plan.mark) == (1, new.uid)


def test_an_empty_folder_is_remembered_with_mark_nought():
    with FakeNetease() as server:
        plan = planned(server, None)
        assert (plan.note, plan.fetch, plan.mark) == ((), (), 0)
        mail = server.store.deliver(form_mail(), internal_date=BEFORE)
        assert planned(server, FolderMark(plan.uidvalidity, plan.mark)).fetch == (mail.uid,)


def test_after_the_mark_everything_is_fetched_and_nothing_else_is_asked():
    with FakeNetease() as server:
        first = server.store.deliver(form_mail(1), internal_date=AFTER)
        state = FolderMark(1, first.uid)
        assert planned(server, state).fetch == ()
        assert planned(server, state).mark == first.uid
        second = server.store.deliver(form_mail(2), internal_date=AFTER)
        plan = planned(server, state)
        assert (plan.reason, plan.fetch, plan.mark) == ("new", (second.uid,), second.uid)
        assert "FETCH" not in server.names()


def test_a_changed_uidvalidity_means_all_since_the_campaign_opened():
    with FakeNetease() as server:
        for number, day in enumerate([BEFORE, AFTER, AFTER]):
            server.store.deliver(form_mail(number), internal_date=day)
        state = FolderMark(1, planned(server, None).mark)
        server.store.change_uidvalidity()
        plan = planned(server, state, known=dict.fromkeys([1, 2, 3]))
        assert (plan.reason, plan.uidvalidity, plan.note, plan.fetch) == ("changed", 2, (1,), (2, 3))
        assert plan.mark == 3 < state.mark


def test_the_daily_comparison_finds_what_has_no_row():
    """Also mails that a 30-day window hid when the folder was first read."""
    with FakeNetease(NETEASE(window_days=30)) as server:
        server.clock.set(OPENS + timedelta(days=60))
        ancient = server.store.deliver(form_mail(1), internal_date=BEFORE)
        hidden = server.store.deliver(form_mail(2), internal_date=AFTER)
        shown = server.store.deliver(form_mail(3), internal_date=OPENS + timedelta(days=59))
        first = planned(server, None)
        assert (first.note, first.fetch) == ((), (shown.uid,))
        state, known = FolderMark(1, first.mark), dict.fromkeys(first.fetch)
        server.moods.window_days = None
        assert planned(server, state).fetch == ()
        plan = planned(server, state, known=known, compare=True)
        assert (plan.reason, plan.note, plan.fetch) == ("compared", (ancient.uid,), (hidden.uid,))
        assert plan.mark == first.mark


def test_a_mail_that_is_gone_is_no_reason_for_anything():
    with FakeNetease() as server:
        mails = [server.store.deliver(form_mail(number), internal_date=AFTER) for number in range(3)]
        state, known = FolderMark(1, mails[2].uid), dict.fromkeys(mail.uid for mail in mails)
        server.store.remove(mails[2])
        plan = planned(server, state, known=known, compare=True)
        assert (plan.note, plan.fetch, plan.mark) == ((), (), mails[2].uid)


def test_uids_dealt_out_anew_are_seen_by_date_and_size():
    """QQ gave the same mails other UIDs in a later session; UIDVALIDITY stood still."""
    with FakeNetease(QQ()) as server:
        for number in range(4):
            server.store.deliver(form_mail(number, size=500 + number), internal_date=AFTER + timedelta(hours=number))
        with mailbox.connect(account_of(server)) as session:
            status = session.examine("INBOX")
            known = {each.uid: each for each in session.envelopes(session.uids())}
            before = {mail.raw for mail in fetched(session.fetch(session.uids())).values()}
        state = FolderMark(status.uidvalidity, 4)
        assert planned(server, state, known=known, compare=True).fetch == ()
        server.store.reshuffle()
        plan = planned(server, state, known=known, compare=True)
        assert plan.fetch == (1, 2, 3, 4)
        with mailbox.connect(account_of(server)) as session:
            session.examine("INBOX")
            assert {mail.raw for mail in fetched(session.fetch(plan.fetch)).values()} == before


@pytest.mark.parametrize("folder", ["垃圾邮件", "广告邮件", "订阅邮件", "已删除"])
def test_good_mail_in_other_folders_is_planned(folder):
    with FakeNetease() as server:
        mail = server.store.deliver(form_mail(), folder, AFTER)
        plan = planned(server, None, folder=folder)
        assert (plan.folder, plan.fetch) == (folder, (mail.uid,))
        assert plan.uidvalidity != 1


def test_a_mail_that_breaks_the_connection_is_not_in_the_way_of_those_behind_it():
    """Nor in a folder that was never read to its end before; a plain mapping is void there."""
    with FakeNetease() as server:
        mails = [server.store.deliver(form_mail(number), internal_date=AFTER) for number in range(5)]
        mails[2].trouble = "eof"
        rows: dict[int, dict[int, Envelope | None]] = {1: {}}

        def poll(known):
            seen: dict[int, RawMail] = {}
            with mailbox.connect(account_of(server)) as session:
                plan = mailbox.plan(session, "INBOX", None, OPENS, known=known)
                for batch in session.fetch(plan.fetch):
                    seen |= {mail.sighting.uid: mail for mail in batch}
                    rows[plan.uidvalidity] |= dict.fromkeys(seen)
            return seen

        with pytest.raises(ServerUnreachable):
            poll(lambda uidvalidity, after: rows[uidvalidity])
        assert set(rows[1]) == {mail.uid for mail in mails[:3]}
        assert list(poll(lambda uidvalidity, after: rows[uidvalidity])) == [mail.uid for mail in mails[3:]]
        with pytest.raises(ServerUnreachable):
            poll(dict.fromkeys(rows[1]))


# ---- the rule alone -------------------------------------------------------------------------------

MOMENTS = st.integers(-15, 15).map(lambda days: OPENS + timedelta(days=days))
MAILS = st.dictionaries(st.integers(1, 60), st.tuples(MOMENTS, st.integers(0, 900)), max_size=30)


@given(MAILS, st.sets(st.integers(1, 60)), st.integers(0, 60), st.sampled_from(["first", "new", "changed", "compared"]))
def test_every_mail_is_known_noted_or_fetched(mails, rows, mark, case):
    """The promise: no UID up to the plan's mark is without a row once the plan is done."""
    state = None if case == "first" else FolderMark(2 if case == "changed" else 1, mark)
    reason = polling.reason_for(state, 1, case == "compared")
    assert reason == case
    known = dict.fromkeys(rows | (set(range(1, mark + 1)) if case == "new" else set()))
    after = polling.asked_after(reason, state)
    uids = [uid for uid in mails if uid > after]
    envelopes = {uid: Envelope(uid, *mails[uid]) for uid in uids}
    wanted = polling.unknown(uids, known)
    plan = polling.settle("INBOX", 1, reason, state, uids=uids, wanted=wanted, envelopes=envelopes, opens=OPENS)
    settled_before = set(known)
    assert not set(plan.note) & set(plan.fetch)
    assert list(plan.fetch) == sorted(plan.fetch)
    assert not settled_before & (set(plan.note) | set(plan.fetch))
    settled = set(plan.note) | set(plan.fetch) | settled_before
    assert {uid for uid in mails if uid <= plan.mark} <= settled
    assert all(mails[uid][0] < OPENS for uid in plan.note)
    assert plan.mark >= (mark if case in ("new", "compared") else 0)


@pytest.mark.parametrize(
    ("date_differs", "size_differs", "other"),
    [(False, False, False), (True, False, False), (False, True, False), (True, True, True)],
)
def test_another_mail_differs_in_date_and_size(date_differs, size_differs, other):
    now = Envelope(7, AFTER, 100)
    then = Envelope(7, BEFORE if date_differs else AFTER, 200 if size_differs else 100)
    assert polling.reshuffled({7: now}, {7: then}) == ((7,) if other else ())


def test_a_mail_without_a_date_is_fetched_not_noted():
    envelopes = {7: Envelope(7, polling.UNKNOWN_DATE, 10)}
    plan = polling.settle("INBOX", 1, "first", None, uids=[7, 8], wanted=[7, 8], envelopes=envelopes, opens=OPENS)
    assert plan.fetch == (7, 8)
