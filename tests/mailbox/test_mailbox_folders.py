"""Which folders are read, by every provider's names and flags."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mailbox_office import account_of, form_mail
from netease import EXCHANGE, NETEASE, QQ, FakeNetease
from netease.utf7 import encoded

from intake import mailbox
from intake.errors import ServerRefused
from intake.mailbox import folders


def listed(*lines: bytes) -> list[str]:
    return [each.name for each in folders.to_poll(folders.parse_list(lines))]


def test_netease_folders_as_published():
    """The eight names of the public log, flags on four of them only; drafts, sent and virus left out."""
    lines = (
        rb'() "/" "INBOX"',
        rb'(\Drafts) "/" "&g0l6P3ux-"',
        rb'(\Sent) "/" "&XfJT0ZAB-"',
        rb'(\Trash) "/" "&XfJSIJZk-"',
        rb'(\Junk) "/" "&V4NXPpCuTvY-"',
        rb'() "/" "&dcVr0mWHTvZZOQ-"',
        rb'() "/" "&Xn9USpCuTvY-"',
        rb'() "/" "&i6KWBZCuTvY-"',
    )
    assert listed(*lines) == ["INBOX", "已删除", "订阅邮件", "垃圾邮件", "广告邮件"]
    assert [each.name for each in folders.parse_list(lines) if each.junk] == ["垃圾邮件", "广告邮件"]


@pytest.mark.parametrize(
    ("moods", "polled", "junk", "sent"),
    [
        (NETEASE(), ["INBOX", "已删除", "订阅邮件", "垃圾邮件", "广告邮件"], ["垃圾邮件", "广告邮件"], "已发送"),
        (QQ(), ["INBOX", "Deleted Messages", "其他文件夹/盟约", "Junk"], ["Junk"], "Sent Messages"),
        (EXCHANGE(), ["INBOX", "已删除邮件", "垃圾邮件"], ["垃圾邮件"], "已发送邮件"),
    ],
)
def test_folders_of_each_provider(moods, polled, junk, sent):
    with FakeNetease(moods) as server, mailbox.connect(account_of(server)) as session:
        found = session.folders()
        assert [each.name for each in found] == polled
        assert [each.name for each in found if each.junk] == junk
        assert session.sent_folder() == sent


def test_every_polled_folder_opens_by_its_own_bytes():
    with FakeNetease() as server:
        server.store.create("意向书/2016年 & 以后")
        server.store.create('引"号\\夹')
        with mailbox.connect(account_of(server)) as session:
            names = [each.name for each in session.folders()]
            assert {"意向书/2016年 & 以后"} <= set(names)
            for name in names:
                session.examine(name)


def test_a_persons_own_folder_is_read_whatever_its_last_name():
    assert listed(rb'() "/" "INBOX"', rb'() "/" "&mHl27g-/Sent"', rb'() "/" "&mHl27g-/Drafts"') == [
        "INBOX",
        "项目/Sent",
        "项目/Drafts",
    ]


@pytest.mark.parametrize(
    "line",
    [
        rb'() "." "INBOX.Sent"',
        rb'() "/" "[Gmail]/Sent Mail"',
        rb'(\HasNoChildren \Drafts) "/" "Entw&APw-rfe"',
        rb'(\Noselect \HasChildren) "/" "Parent"',
        rb'(\NonExistent) "/" "Gone"',
        rb'(\sent) "/" x',
        rb'() NIL "SENT"',
    ],
)
def test_left_out(line):
    assert listed(line) == []


@pytest.mark.parametrize(
    ("line", "name"),
    [
        (rb"() NIL INBOX", "INBOX"),
        (rb'(\HasNoChildren) "/" "a \"b\" c"', 'a "b" c'),
        (b'() "/" "\xe6\x84\x8f\xe5\x90\x91"', "意向"),
        ('() "/" "意向"'.encode("gb18030"), "意向"),
        (rb'() "/" "&!!-broken"', "&!!-broken"),
        (rb'() "/" "R&-D"', "R&D"),
    ],
)
def test_names_however_written(line, name):
    assert listed(line) == [name]


def test_a_name_sent_as_a_literal():
    (folder,) = folders.parse_list([(rb'() "/" {6}', b'a"b\\cd'), b""])
    assert folder.name == 'a"b\\cd'


def test_folders_named_in_the_configuration():
    with FakeNetease() as server:
        server.store.deliver(form_mail(), "已发送")
        with mailbox.connect(account_of(server, folders=("inbox", "已发送"))) as session:
            assert [each.name for each in session.folders()] == ["INBOX", "已发送"]
            assert session.examine("已发送").exists == 1


def test_a_configured_folder_that_is_not_there_says_so():
    with FakeNetease() as server, mailbox.connect(account_of(server, folders=("意向书",))) as session:
        (folder,) = session.folders()
        with pytest.raises(ServerRefused, match="意向书"):
            session.examine(folder)
        assert session.examine("INBOX").exists == 0


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"])))
def test_any_name_survives_modified_utf7(name):
    assert folders.decode_name(folders.encode_name(name)) == name
    assert folders.encode_name(name).decode("ascii") == encoded(name)


@given(st.binary())
def test_no_list_line_raises(line):
    folders.to_poll(folders.parse_list([line, (line, line)]))
