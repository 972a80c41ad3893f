"""The fake IMAP server shows what was published of the real ones; each test bears the number of the list in its name.

Spoken to by imaplib directly: these are promises of the fake, on which the other tests rely.
"""

from __future__ import annotations

import imaplib
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta

import pytest
from mailbox_office import form_mail
from netease import ALIYUN, EXCHANGE, NETEASE, QQ, FakeNetease

imaplib.Commands["ID"] = ("NONAUTH", "AUTH", "SELECTED")
ID = '("name" "test" "version" "1")'


@contextmanager
def client(server, *, identify=True, login=True, folder=None, readonly=False):
    box = imaplib.IMAP4(server.host, server.imap_port, timeout=10)
    try:
        if login:
            box.login(server.username, server.password)
        if identify:
            box.xatom("ID", ID)
        if folder:
            assert box.select(folder, readonly)[0] == "OK"
        yield box
    finally:
        with suppress(imaplib.IMAP4.error, OSError):
            box.logout()
        with suppress(OSError):
            box.shutdown()


@pytest.mark.parametrize(("readonly", "word"), [(False, "SELECT"), (True, "EXAMINE")])
def test_01_02_no_folder_opens_without_id(readonly, word):
    with FakeNetease() as server, client(server, identify=False) as box:
        assert box.list()[0] == "OK"
        expected = f"{word} Unsafe Login. Please contact kefu@188.com for help".encode()
        assert box.select("INBOX", readonly) == ("NO", [expected])


def test_03_id_counts_before_login_and_is_forgotten_on_reconnect():
    with FakeNetease() as server:
        with client(server, identify=False, login=False) as box:
            assert box.xatom("ID", ID)[0] == "OK"
            assert b"Coremail Imap" in box.response("ID")[1][0]
            box.login(server.username, server.password)
            assert box.select("INBOX")[0] == "OK"
        with client(server, identify=False) as box:
            assert box.select("INBOX")[0] == "NO"


def test_04_no_extensions():
    with FakeNetease() as server, client(server, folder="INBOX") as box:
        listed = box.capability()[1][0].decode().split()
        assert not set(listed) & {"IDLE", "MOVE", "UNSELECT", "CONDSTORE", "NAMESPACE"}
        for command in ("IDLE", "UNSELECT", "NAMESPACE", "SORT", "XYZZY"):
            with pytest.raises(imaplib.IMAP4.error, match="BAD"):
                box.xatom(command)
        with pytest.raises(imaplib.IMAP4.error, match="BAD"):
            box._simple_command("UID", "MOVE", "1", "INBOX")


def test_05_06_select_without_uidnext_and_without_free_keywords():
    with FakeNetease() as server:
        server.store.deliver(form_mail())
        with client(server, folder="INBOX") as box:
            assert box.response("UIDNEXT")[1] == [None]
            assert b"\\*" not in box.response("PERMANENTFLAGS")[1][0]
            assert box.store("1", "+FLAGS", "($Done)")[0] == "NO"
        server.moods.keywords = "forgotten"
        with client(server, folder="INBOX") as box:
            assert box.store("1", "+FLAGS", "($Done)")[0] == "OK"
            assert b"$Done" not in box.fetch("1", "(FLAGS)")[1][0]


def test_07_huge_uids_with_gaps():
    with FakeNetease() as server:
        uids = [server.store.deliver(form_mail(number)).uid for number in range(50)]
        assert uids[0] == 1_390_000_000
        assert uids == sorted(set(uids))
        assert uids[-1] - uids[0] > 100


@pytest.mark.parametrize("criterion", ['FROM "unit1"', 'TO "cipsa"', 'SUBJECT "form"', 'BODY "body"'])
def test_08_text_searches_find_nothing(criterion):
    with FakeNetease() as server:
        server.store.deliver(form_mail())
        with client(server, folder="INBOX") as box:
            assert box.uid("SEARCH", criterion) == ("OK", [b""])


def test_09_other_searches_are_right_and_the_last_uid_is_echoed():
    with FakeNetease() as server:
        early = server.store.deliver(
            form_mail(1), internal_date=datetime(2016, 11, 20, 15, 59, tzinfo=UTC), flags=["\\Seen"]
        )
        late = server.store.deliver(form_mail(2), internal_date=datetime(2016, 11, 20, 16, 1, tzinfo=UTC))
        with client(server, folder="INBOX") as box:
            both = f"{early.uid} {late.uid}".encode()
            second = str(late.uid).encode()
            for criterion, found in [
                ("ALL", both),
                ("UNSEEN", second),
                ("SINCE 21-Nov-2016", second),
                ("BEFORE 21-Nov-2016", str(early.uid).encode()),
                (f"UID {late.uid + 1}:*", second),
                (f"UID {early.uid}", str(early.uid).encode()),
            ]:
                assert box.uid("SEARCH", criterion) == ("OK", [found])


def test_10_the_eight_folders_in_modified_utf7():
    with FakeNetease() as server, client(server) as box:
        lines = [line.decode() for line in box.list()[1]]
        assert len(lines) == 8
        assert '(\\Sent) "/" "&XfJT0ZAB-"' in lines
        assert '() "/" "&dcVr0mWHTvZZOQ-"' in lines
        assert sum("\\" in line for line in lines) == 4


def test_11_mail_in_the_junk_folders():
    with FakeNetease() as server:
        server.store.deliver(form_mail(), "广告邮件")
        with client(server, folder='"&Xn9USpCuTvY-"') as box:
            assert box.uid("SEARCH", "ALL")[1] != [b""]


def test_12_login_refused():
    with (
        FakeNetease() as server,
        client(server, login=False, identify=False) as box,
        pytest.raises(imaplib.IMAP4.error, match="LOGIN Login error or password error"),
    ):
        box.login(server.username, "wrong")


def test_13_a_window_of_30_days_hides_older_mail():
    with FakeNetease(NETEASE(window_days=30)) as server:
        server.store.deliver(form_mail(1), internal_date=server.clock.now() - timedelta(days=31))
        server.store.deliver(form_mail(2), internal_date=server.clock.now() - timedelta(days=29))
        with client(server) as box:
            assert box.select("INBOX") == ("OK", [b"1"])


def test_14_uidvalidity_one_on_inbox_and_a_change_between_polls():
    with FakeNetease() as server:
        values = []
        for folder in ("INBOX", '"&i6KWBZCuTvY-"'):
            with client(server, folder=folder) as box:
                values.append(box.response("UIDVALIDITY")[1][0])
        server.store.change_uidvalidity()
        with client(server, folder="INBOX") as box:
            values.append(box.response("UIDVALIDITY")[1][0])
        assert values[0] == b"1" != values[1]
        assert values[2] == b"2"


def test_15_16_17_18_broken_fetches():
    """Their effect on the product is in test_mailbox_fetching.py; here only what goes over the wire."""
    with FakeNetease(NETEASE(slow_seconds=0.2)) as server:
        mails = {
            trouble: server.store.deliver(form_mail(), trouble=trouble)
            for trouble in ("no literal", "short", "slow", "eof")
        }
        with client(server, folder="INBOX") as box:
            assert box.fetch("1", "(BODY.PEEK[])")[1] == [b"1 ()"]
            literal = box.fetch("2", "(BODY.PEEK[])")[1][0][1]
            assert 0 < len(literal) < mails["short"].size
            assert box.fetch("3", "(BODY.PEEK[])")[1][0][1] == mails["slow"].raw
            with pytest.raises(imaplib.IMAP4.abort):
                box.fetch("4", "(BODY.PEEK[])")


def test_19_bare_items_are_bad_and_rfc822_sets_seen():
    with FakeNetease() as server:
        mail = server.store.deliver(form_mail())
        with client(server, folder="INBOX") as box:
            with pytest.raises(imaplib.IMAP4.error, match="BAD"):
                box.fetch("1", "BODY.PEEK[HEADER.FIELDS (SUBJECT)]")
            reply = box.fetch("1", "(BODY.PEEK[HEADER.FIELDS (SUBJECT)])")[1][0]
            assert reply[1] == b"Subject: form 1\r\n\r\n"
            assert mail.flags == set()
            box.fetch("1", "(RFC822)")
            assert mail.flags == {"\\Seen"}


def test_20_flags_of_another_client_between_replies():
    with FakeNetease(NETEASE(stray_flags=True)) as server:
        server.store.deliver(form_mail())
        with client(server, folder="INBOX") as box:
            assert b"1 (FLAGS (\\Seen))" in box.fetch("1", "(BODY.PEEK[])")[1]


def test_21_expunge_destroys_what_a_person_marked():
    with FakeNetease() as server:
        server.store.deliver(form_mail(), flags=["\\Deleted"])
        with client(server, folder="INBOX", readonly=True) as box:
            box._simple_command("EXPUNGE")
        assert len(server.store.folders["INBOX"].mails) == 1
        with client(server, folder="INBOX") as box:
            box.expunge()
        assert server.store.folders["INBOX"].mails == []
        assert [each.name for each in server.changing_commands()] == ["EXPUNGE", "SELECT", "EXPUNGE"]


def test_22_recent_follows_unseen_and_the_other_greeting():
    with FakeNetease(NETEASE(greeting="IMAP4 ready")) as server:
        server.store.deliver(form_mail(1), flags=["\\Seen"])
        server.store.deliver(form_mail(2))
        with client(server, folder="INBOX") as box:
            assert box.welcome == b"* OK IMAP4 ready"
            assert box.response("RECENT")[1] == [b"1"]


def test_23_append_above_the_limit_is_refused():
    with FakeNetease(NETEASE(append_limit=1000)) as server, client(server) as box:
        assert box.append("INBOX", None, None, form_mail(size=2000))[0] == "NO"
        assert box.append("INBOX", None, None, form_mail(size=500))[0] == "OK"
        assert len(server.store.folders["INBOX"].mails) == 1


# ---- the other modes --------------------------------------------------------------------------------


def test_qq_ignores_brackets_refuses_descending_sets_and_hangs_up():
    with FakeNetease(QQ()) as server:
        for number in range(3):
            server.store.deliver(form_mail(number), internal_date=datetime(2016, 11, 20 + number, tzinfo=UTC))
        with client(server, identify=False, folder="INBOX") as box:
            assert box.uid("SEARCH", "(SINCE 22-Nov-2016)")[1] == [b"1 2 3"]
            assert box.uid("SEARCH", "SINCE 22-Nov-2016")[1] == [b"3"]
            assert box.uid("SEARCH", 'SUBJECT "nothing"')[1] == [b"1 2 3"]
            with pytest.raises(imaplib.IMAP4.error, match="UID SEARCH invalid argument"):
                box.uid("SEARCH", "CHARSET", "utf-8", 'TEXT "x"')
            with pytest.raises(imaplib.IMAP4.error, match="UID parameters!"):
                box.uid("FETCH", "3:1", "(UID)")
            assert "MOVE" in box.capability()[1][0].decode()
            with pytest.raises(imaplib.IMAP4.abort):
                box.xatom("XYZZY")


def test_qq_shows_move_only_after_login_and_deals_out_uids_anew():
    with FakeNetease(QQ(reshuffle=True)) as server:
        mails = [server.store.deliver(form_mail(number)) for number in range(3)]
        with client(server, login=False, identify=False) as box:
            assert "MOVE" not in box.capability()[1][0].decode()
            before = [mail.uid for mail in mails]
            box.login(server.username, server.password)
            assert sorted(mail.uid for mail in mails) == sorted(before)
            assert [mail.uid for mail in mails] != before


def test_aliyun_calls_a_subject_search_bad():
    with (
        FakeNetease(ALIYUN()) as server,
        client(server, folder="INBOX") as box,
        pytest.raises(imaplib.IMAP4.error, match="invalid command or parameters"),
    ):
        box.uid("SEARCH", '(SUBJECT "x")')


def test_exchange_refuses_any_charset():
    with FakeNetease(EXCHANGE()) as server, client(server, identify=False, folder="INBOX") as box:
        status, data = box.uid("SEARCH", "CHARSET", "UTF-8", "ALL")
        assert (status, data) == ("NO", [b"[BADCHARSET (US-ASCII)] The specified charset is not supported."])
