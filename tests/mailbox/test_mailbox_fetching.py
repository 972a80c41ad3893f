"""Searching and fetching against the traps that providers were seen to set."""

from __future__ import annotations

import tracemalloc
from datetime import UTC, date, datetime, timedelta
from time import monotonic, sleep

import pytest
from mailbox_office import account_of, fetched, form_mail, multipart_mail, read_into
from netease import ALIYUN, EXCHANGE, NETEASE, QQ, FakeNetease

from intake import mailbox
from intake.errors import ServerRefused, ServerUnreachable

NIGHT = datetime(2016, 12, 1, 16, 30, tzinfo=UTC)  # 2 December 00:30 in Beijing


def read_all(server, **options):
    return read_into({}, account_of(server, **options))


@pytest.mark.parametrize("moods", [NETEASE, QQ, ALIYUN, EXCHANGE])
def test_every_provider_gives_every_mail_byte_for_byte(moods):
    with FakeNetease(moods()) as server:
        stored = [server.store.deliver(form_mail(number), internal_date=NIGHT) for number in range(30)]
        found = read_all(server, batch_mails=7)
        assert [found[mail.uid].raw for mail in stored] == [mail.raw for mail in stored]
        assert {mail.internal_date for mail in found.values()} == {NIGHT}
        assert {mail.fault for mail in found.values()} == {""}
        assert server.changing_commands() == []


def test_sightings_say_where_each_mail_lies():
    with FakeNetease() as server:
        mail = server.store.deliver(form_mail(), "订阅邮件")
        with mailbox.connect(account_of(server)) as session:
            status = session.examine("订阅邮件")
            (found,) = fetched(session.fetch([mail.uid])).values()
        sighting = found.sighting
        assert (sighting.account, sighting.folder, sighting.uid) == ("cipsa@vip.126.com", "订阅邮件", mail.uid)
        assert sighting.uidvalidity == status.uidvalidity != 1
        assert found.size == len(mail.raw)


def test_nothing_is_marked_seen_and_a_persons_deleted_mail_survives():
    with FakeNetease() as server:
        mails = [
            server.store.deliver(form_mail(number), flags=flags) for number, flags in enumerate([[], ["\\Deleted"]])
        ]
        read_all(server)
        assert [mail.flags for mail in mails] == [set(), {"\\Deleted"}]
        assert len(server.store.folders["INBOX"].mails) == 2
        assert server.changing_commands() == []


def test_only_harmless_commands_are_ever_sent():
    with FakeNetease(NETEASE(stray_flags=True)) as server:
        server.store.deliver(form_mail(1), trouble="no literal")
        server.store.deliver(form_mail(2, size=5000))
        read_all(server, size_cap=1000)
        with mailbox.connect(account_of(server)) as session:
            session.find_sent("[#ABC234]", date(2016, 12, 1))
        allowed = {"CAPABILITY", "LOGIN", "ID", "LIST", "EXAMINE", "SEARCH", "FETCH", "LOGOUT"}
        assert set(server.names()) <= allowed
        fetches = [each.text for each in server.commands if each.name == "FETCH"]
        assert all("BODY[" not in text and "RFC822)" not in text for text in fetches)
        assert all(text.endswith(")") and "(" in text for text in fetches)


def test_search_is_bare_and_without_a_charset():
    with FakeNetease(QQ()) as server:
        for day in (1, 5, 9):
            server.store.deliver(form_mail(day), internal_date=datetime(2016, 12, day, 3, tzinfo=UTC))
        with mailbox.connect(account_of(server)) as session:
            session.examine("INBOX")
            assert session.uids() == (1, 2, 3)
            assert session.uids(since=date(2016, 12, 5)) == (2, 3)
            assert session.uids(after=1, since=date(2016, 12, 2)) == (2, 3)
            assert session.uids(after=2) == (3,)
        texts = [each.text for each in server.commands if each.name == "SEARCH"]
        assert all("(" not in text and "CHARSET" not in text for text in texts)
        assert "UID SEARCH SINCE 5-Dec-2016" in texts


def test_the_echo_of_the_last_uid_is_dropped():
    with FakeNetease() as server:
        mail = server.store.deliver(form_mail())
        with mailbox.connect(account_of(server)) as session:
            session.examine("INBOX")
            assert session.uids(after=mail.uid) == ()
            assert session.uids(after=mail.uid + 50) == ()
            assert session.uids(after=mail.uid - 1) == (mail.uid,)
            assert session.uids(after=2**32 - 1) == ()


def test_a_search_that_finds_nothing_in_a_full_folder_is_not_believed():
    with FakeNetease(NETEASE(blind_search=True)) as server:
        uids = tuple(server.store.deliver(form_mail(number)).uid for number in range(3))
        with mailbox.connect(account_of(server)) as session:
            session.examine("INBOX")
            assert session.uids() == uids
            assert session.uids(after=uids[1]) == uids[2:]
            assert session.uids(after=uids[2]) == ()


def test_sets_are_sent_ascending_whatever_order_is_asked():
    with FakeNetease(QQ()) as server:
        mails = [server.store.deliver(form_mail(number)) for number in range(5)]
        with mailbox.connect(account_of(server)) as session:
            session.examine("INBOX")
            found = fetched(session.fetch([5, 1, 3, 1]))
        assert list(found) == [1, 3, 5]
        assert found[3].raw == mails[2].raw


@pytest.mark.parametrize(
    "moods",
    [{"stray_flags": True}, {"scrambled_replies": True}, {"uid_last": True}, {"stray_flags": True, "uid_last": True}],
)
def test_literals_keep_to_their_uids(moods):
    """Untagged FETCH FLAGS of another client, replies out of order, UID after the literal."""
    with FakeNetease(NETEASE(**moods)) as server:
        stored = [server.store.deliver(form_mail(number)) for number in range(9)]
        found = read_all(server)
        assert {mail.uid: mail.raw for mail in stored} == {uid: mail.raw for uid, mail in found.items()}


@pytest.mark.parametrize("trouble", ["no literal", "short", "no"])
def test_one_faulty_mail_costs_one_mail(trouble):
    with FakeNetease() as server:
        stored = [
            server.store.deliver(form_mail(number), trouble=trouble if number == 2 else "") for number in range(5)
        ]
        found = read_all(server)
        faults = [found[mail.uid].fault for mail in stored]
        assert faults == ["", "", "short" if trouble == "short" else "missing", "", ""]
        assert found[stored[2].uid].raw == b""
        assert [found[mail.uid].raw for mail in stored if not mail.trouble] == [m.raw for m in stored if not m.trouble]


def test_a_bad_for_one_mail_costs_one_mail():
    with FakeNetease() as server:
        stored = [server.store.deliver(form_mail(number), trouble="bad" if number == 0 else "") for number in range(3)]
        assert [mail.fault for mail in read_all(server).values()] == ["missing", "", ""]
        assert len(stored) == 3


def test_a_server_that_refuses_every_fetch_marks_no_mail():
    with FakeNetease() as server:
        for number in range(3):
            server.store.deliver(form_mail(number), trouble="no")
        with pytest.raises(ServerRefused, match="System busy"):
            read_all(server)


def test_a_mail_silent_to_fetch_but_found_by_search_is_missing():
    with FakeNetease() as server:
        mails = [
            server.store.deliver(form_mail(number), trouble=trouble) for number, trouble in enumerate(["", "silent"])
        ]
        found = read_all(server)
        assert [found[mail.uid].fault for mail in mails] == ["", "missing"]


def test_a_mail_removed_between_search_and_fetch_gives_nothing():
    with FakeNetease() as server:
        mails = [server.store.deliver(form_mail(number)) for number in range(3)]
        with mailbox.connect(account_of(server)) as session:
            session.examine("INBOX")
            uids = session.uids()
            server.store.remove(mails[1])
            assert list(fetched(session.fetch(uids))) == [mails[0].uid, mails[2].uid]


def test_a_literal_longer_than_the_announced_size_is_whole():
    with FakeNetease() as server:
        mail = server.store.deliver(form_mail(size=400), size_lie=300)
        assert read_all(server)[mail.uid].raw == mail.raw


def test_a_size_that_is_an_estimate_does_not_lose_a_closed_multipart():
    with FakeNetease(EXCHANGE()) as server:
        closed = server.store.deliver(multipart_mail(), size_lie=len(multipart_mail()) + 40)
        plain = server.store.deliver(form_mail(), size_lie=len(form_mail()) + 40)
        found = read_all(server)
        assert (found[closed.uid].fault, found[closed.uid].raw) == ("", closed.raw)
        assert found[plain.uid].fault == "short"


def test_an_oversized_mail_comes_with_its_headers_only():
    with FakeNetease() as server:
        big = server.store.deliver(form_mail(1, size=200_000))
        small = server.store.deliver(form_mail(2))
        found = read_all(server, size_cap=100_000)
        assert (found[big.uid].fault, found[big.uid].size) == ("oversized", 200_000)
        assert found[big.uid].raw.endswith(b"\r\n\r\n")
        assert b"Subject: form 1" in found[big.uid].raw
        assert b"xxx" not in found[big.uid].raw
        assert found[small.uid].raw == small.raw


def test_a_literal_far_over_its_announced_size_is_not_read_into_memory():
    with FakeNetease() as server:
        server.store.deliver(form_mail(1, size=40_000_000), size_lie=1000)
        seen = {}
        with pytest.raises(ServerUnreachable):
            read_into(seen, account_of(server))
        assert [mail.fault for mail in seen.values()] == ["missing"]


@pytest.mark.parametrize(
    ("octets", "mails", "batches"), [(10_000, 200, [10, 10, 4]), (1 << 20, 7, [7, 7, 7, 3]), (1 << 20, 200, [16, 8])]
)
def test_batches_are_bounded_by_octets_and_number(octets, mails, batches):
    with FakeNetease(QQ()) as server:
        for number in range(24):
            server.store.deliver(form_mail(number, size=1000))
        with mailbox.connect(account_of(server, batch_bytes=octets, batch_mails=mails)) as session:
            session.examine("INBOX")
            assert [len(batch) for batch in session.fetch(session.uids())] == batches


def test_memory_holds_about_one_batch():
    with FakeNetease(QQ()) as server:
        for number in range(40):
            server.store.deliver(form_mail(number, size=500_000))
        with mailbox.connect(account_of(server, batch_bytes=1_000_000)) as session:
            session.examine("INBOX")
            uids = session.uids()
            tracemalloc.start()
            total = sum(len(mail.raw) for batch in session.fetch(uids) for mail in batch)
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
        assert total == 20_000_000
        assert peak < 8_000_000  # the fake server's own buffers are counted too


# ---- broken connections ------------------------------------------------------------------------


@pytest.mark.parametrize("trouble", ["eof", "bye", "slow", "drip"])
def test_a_connection_that_fails_in_a_mail_gives_those_before_it(trouble):
    """The mail it failed at is told, so that after some tries it does not hold up those behind it."""
    with FakeNetease(NETEASE(slow_seconds=20, drip_seconds=0.3)) as server:
        stored = [
            server.store.deliver(form_mail(number), trouble=trouble if number == 7 else "") for number in range(10)
        ]
        seen = {}
        start = monotonic()
        with pytest.raises(ServerUnreachable):
            read_into(seen, account_of(server, timeout_seconds=3, batch_mails=3))
        assert [seen[mail.uid].raw for mail in stored[:7]] == [mail.raw for mail in stored[:7]]
        assert [mail.uid for mail in stored[7:] if mail.uid in seen] == [stored[7].uid]
        assert seen[stored[7].uid].fault == "missing"
        assert monotonic() - start < 6


@pytest.mark.parametrize("command", ["LOGIN", "ID", "LIST", "EXAMINE", "SEARCH", "FETCH"])
@pytest.mark.parametrize("how", ["EOF", "BYE"])
def test_a_drop_at_any_command_is_unreachable(command, how):
    with FakeNetease(NETEASE(drop_at=command, drop_with=how)) as server:
        server.store.deliver(form_mail())
        with pytest.raises(ServerUnreachable):
            read_all(server)
        server.moods.drop_at = ""
        assert len(read_all(server)) == 1


def test_a_server_silent_for_too_long_is_unreachable():
    with FakeNetease() as server, mailbox.connect(account_of(server)) as session:
        session.examine("INBOX")
        server.hang_up()
        with pytest.raises(ServerUnreachable):
            session.uids()


def test_the_idle_limit_of_the_server_ends_the_connection():
    with FakeNetease(NETEASE(idle_seconds=2)) as server, mailbox.connect(account_of(server)) as session:
        session.examine("INBOX")
        assert all_closed(server)
        with pytest.raises(ServerUnreachable):
            session.uids()


def test_after_an_error_the_connection_is_closed():
    with FakeNetease(NETEASE(drop_at="SEARCH")) as server:
        with pytest.raises(ServerUnreachable):
            read_all(server)
        assert all_closed(server)


def all_closed(server):
    deadline = monotonic() + 5
    while monotonic() < deadline and server.open_connections("imap"):
        sleep(0.01)
    return server.open_connections("imap") == 0


# ---- the sent folder ------------------------------------------------------------------------------


@pytest.mark.parametrize("moods", [NETEASE, QQ])
@pytest.mark.parametrize(
    "subject",
    [
        "意向已登记 [#ABC234]",
        "=?utf-8?B?5oSP5ZCR5bey55m76K6wIFsjQUJDMjM0XQ==?=",
        "=?utf-8?B?5oSP5ZCR5bey55m76K6w?=\r\n =?utf-8?B?IFsjQUJDMjM0XQ==?=",
        "=?gb2312?B?0uLP8tLRtce8xw==?= [#ABC234]",
    ],
)
def test_our_reference_is_found_in_the_sent_folder(moods, subject):
    with FakeNetease(moods()) as server:
        folder = server.store.sent_folder()
        for number in range(250):
            server.store.deliver(form_mail(number), folder, internal_date=NIGHT)
        raw = f"From: cipsa@vip.126.com\r\nSubject: {subject}\r\n\r\nx\r\n".encode()
        server.store.deliver(raw, folder, internal_date=NIGHT - timedelta(minutes=1))
        with mailbox.connect(account_of(server)) as session:
            assert session.find_sent("ABC234", date(2016, 12, 2))
            assert not session.find_sent("XYZ789", date(2016, 12, 2))
            assert not session.find_sent("ABC234", date(2016, 12, 20))
        assert server.changing_commands() == []


def test_without_a_sent_folder_nothing_is_found():
    with FakeNetease(NETEASE(folders=(("INBOX", ""),))) as server, mailbox.connect(account_of(server)) as session:
        assert session.sent_folder() is None
        assert not session.find_sent("ABC234", date(2016, 12, 2))
