"""Header fields, file names, addresses and times as Chinese mailers write them."""

from __future__ import annotations

import base64
from datetime import UTC, datetime

import mail_builders as build
import pytest

from intake.message import charsets, parse
from intake.message.addresses import find_emails, message_ids, parse_addresses
from intake.message.header_fields import base64_bytes, decode_words, split_fields, split_section, text_of
from intake.message.parameters import file_name, parse_parameters, shown_name
from intake.message.received import received_time

TITLE = "首都知识产权运营联盟入盟意向书"
RARE = "朱镕基与陶喆"  # 镕 and 喆 are not in GB2312
CUT = base64.b64encode("意向书".encode("gbk")).decode()


def cut_word(text: bytes) -> bytes:
    return b"=?GB2312?B?" + base64.b64encode(text) + b"?="


SUBJECTS = [
    (build.word(TITLE), TITLE),
    (build.word(RARE, "gb2312"), RARE),
    (build.word(TITLE, "UTF-8", "utf-8"), TITLE),
    (build.word(TITLE, "utf-8", "utf-8", "Q"), TITLE),
    (build.word(TITLE, "x-gbk"), TITLE),
    (build.word("入盟", "cp936") + b"\r\n " + build.word("意向书", "gbk"), "入盟意向书"),
    (build.word("入盟") + build.word("意向书"), "入盟意向书"),  # Foxmail: no space between
    (b"Re: " + build.word("入盟") + b" 78", "Re: 入盟 78"),
    (b'"' + build.word("张三") + b'" text', '"张三" text'),
    (TITLE.encode("gbk"), TITLE),
    (TITLE.encode(), TITLE),
    ("意向书".encode("gbk") + b" =?GB2312?B?uL28/g==?=", "意向书 附件"),
    # one character cut across two words, in GBK and in UTF-8
    (cut_word("意向书".encode("gbk")[:3]) + b" " + cut_word("意向书".encode("gbk")[3:]), "意向书"),
    (b"=?utf-8?Q?=E5=85?= =?utf-8?Q?=A5=E7=9B=9F?=", "入盟"),
    # base64 cut between words, not on a group of four
    (f"=?gb2312?B?{CUT[:3]}?= =?gb2312?B?{CUT[3:]}?=".encode(), "意向书"),
    (f"=?gb2312?B?{CUT}".encode(), "意向书"),  # ?= cut off
    (f"=?gb2312?B?{CUT}=?=".encode(), "意向书"),  # one = too many
    (f"=?gb2312?B?{CUT[:4]} =?gb2312?B?{CUT[4:]}?=".encode(), "意向书"),  # ?= missing in the middle
    (b"=?utf-8*zh-cn?B?5YWl55uf?=", "入盟"),  # RFC 2231, 5: a language
    (f"=?unknown-8bit?B?{CUT}?=".encode(), "意向书"),
    (f"=?iso-8859-1?B?{CUT}?=".encode(), "意向书"),
    (b"=?utf-8?B?YQ0KQmNjOiB4?=", "a Bcc: x"),  # no line break may come out of a word
    (build.word("入盟意向书", "utf-8", "utf-8")[:-8] + b"?=", "入盟意"),  # cut in the middle of a character
    (b"=?utf-8?B??=", ""),
    (b"plain", "plain"),
    (b"=?=?=?", "=?=?=?"),
]


@pytest.mark.parametrize(("raw", "expected"), SUBJECTS)
def test_subject(raw: bytes, expected: str) -> None:
    assert text_of(raw) == expected
    assert parse(build.mail(b"\r\n\r\n", subject=raw)).subject == expected


@pytest.mark.parametrize(
    ("data", "label", "expected"),
    [
        (RARE.encode("gb18030"), "gb2312", RARE),
        (RARE.encode("gb18030"), "GB_2312-80", RARE),
        (RARE.encode("gb18030"), "", RARE),
        (RARE.encode(), "", RARE),
        (RARE.encode(), "gb2312", RARE),  # UTF-8 under a GB label
        (RARE.encode("gbk"), "utf-8", RARE),  # GBK under a UTF-8 label
        (RARE.encode("gbk"), "us-ascii", RARE),
        (RARE.encode("gbk"), "ISO-8859-1", RARE),
        (b"caf\xe9", "iso-8859-1", "café"),
        ("模糊".encode("gbk"), "", "模糊"),
        ("模".encode("gbk"), "", "模"),  # valid UTF-8 too: U+0123
        ("買買提艾山".encode("big5"), "big5", "買買提艾山"),
        ("意向".encode("utf-16"), "", "意向"),
        ("意向".encode("utf-8-sig"), "gb2312", "意向"),
        ("意向书".encode() + b"\xe5", "utf-8", "意向书\ufffd"),
        ("意向书".encode("gbk"), "base64", "意向书"),  # no codec of text
        ("意向书".encode("gbk"), "x-no-such", "意向书"),
        (b"+2AA-", "utf-7", "\ufffd"),  # half a surrogate pair
        (b"\xff\xff", "", "\ufffd\ufffd"),
        (b"", "gbk", ""),
        ("𠮷".encode("gb18030"), "gbk", "𠮷"),
    ],
)
def test_charset(data: bytes, label: str, expected: str) -> None:
    assert charsets.decode(data, label) == expected


@pytest.mark.parametrize(
    ("html", "label"),
    [
        ('<meta http-equiv="Content-Type" content="text/html; charset=gb2312">镕', ""),
        ('<meta charset="gbk">镕', ""),
        ('<meta charset="gbk">镕', "us-ascii"),
        ("镕", "gbk"),
        ('<meta charset="utf-8">镕', "gb2312"),  # the mail's own label counts
    ],
)
def test_html_charset(html: str, label: str) -> None:
    assert charsets.decode_html(html.encode("gb18030"), label).endswith("镕")


NAMES = [
    (b'attachment; filename="' + build.word("意向书.docx") + b'"', "意向书.docx"),
    (b'attachment; filename="' + build.word("意向书;盖章.docx", "UTF-8", "utf-8") + b'"', "意向书;盖章.docx"),
    (
        b'attachment;\r\n filename="' + build.word("首都知识产权") + b"\r\n " + build.word("意向书.docx") + b'"',
        "首都知识产权意向书.docx",
    ),
    (b"attachment; filename*=utf-8''%E6%84%8F%E5%90%91%E4%B9%A6.docx", "意向书.docx"),
    (b"attachment; filename*=GBK''%D2%E2%CF%F2%CA%E9.docx", "意向书.docx"),
    (b"attachment; filename*0*=gb2312''%D2%E2%CF; filename*1*=%F2%CA%E9; filename*2=.docx", "意向书.docx"),
    (b"attachment; filename*1=b.docx; filename*0=a", "ab.docx"),
    (b'attachment; filename="' + "意向书.docx".encode("gbk") + b'"', "意向书.docx"),
    (b'attachment; filename="' + "意向书.docx".encode() + b'"', "意向书.docx"),
    (b"attachment; filename=" + "意向书 (盖章).docx".encode("gbk"), "意向书 (盖章).docx"),
    (b'attachment; filename="' + build.word(RARE + ".docx", "gb2312") + b'"', RARE + ".docx"),
    (b'attachment; filename="%E6%84%8F%E5%90%91%E4%B9%A6.docx"', "意向书.docx"),
    (b'attachment; filename="C:\\Users\\zhang\\' + "意向书".encode("gbk") + b'.docx"', "意向书.docx"),
    (b'attachment; filename="../../etc/passwd"', "passwd"),
    (b'attachment; filename="a.docx', "a.docx"),
    (b'attachment; FileName = "a.docx" ; size=12', "a.docx"),
    (b'attachment; filename="a\\"b.docx"', 'a"b.docx'),
    (b'attachment; filename="invoice\xe2\x80\xaexcod.exe"', "invoicexcod.exe"),  # a right-to-left override
    (b"attachment", ""),
    (b"", ""),
]


@pytest.mark.parametrize(("raw", "expected"), NAMES)
def test_file_name(raw: bytes, expected: str) -> None:
    _, parameters = parse_parameters(raw.replace(b"\r\n", b""))
    assert file_name(parameters, {}) == expected


def test_the_readable_name_wins() -> None:
    assert file_name({"filename": "\ufffd.docx"}, {"name": "意向书.docx"}) == "意向书.docx"


def test_a_long_name_keeps_its_suffix() -> None:
    shown = shown_name("长" * 300 + ".docx")
    assert len(shown) <= 151
    assert shown.endswith(".docx")


ADDRESSES = [
    (b"=?GB2312?B?1cXI/Q==?= <Zhang@Unit-A.example.cn>", [("zhang@unit-a.example.cn", "张三")]),
    (b'"=?GB2312?B?1cXI/Q==?=" <zhang@a.example.cn>', [("zhang@a.example.cn", "张三")]),
    ("张三".encode("gbk") + b" <zhang@a.example.cn>", [("zhang@a.example.cn", "张三")]),
    ("张三<zhang@a.example.cn>".encode("gbk"), [("zhang@a.example.cn", "张三")]),
    (b"zhang@a.example.cn", [("zhang@a.example.cn", "")]),
    (b"zhang@a.example.cn (Zhang San)", [("zhang@a.example.cn", "Zhang San")]),
    (b'"boss@example.com" <evil@example.net>', [("evil@example.net", "boss@example.com")]),
    (b"boss@example.com <evil@example.net>", [("evil@example.net", "boss@example.com")]),
    (b"<zhang@a.example.cn", [("zhang@a.example.cn", "")]),
    (b"<<zhang@a.example.cn>>", [("zhang@a.example.cn", "")]),
    ("zhang＠a.example.cn".encode(), [("zhang@a.example.cn", "")]),
    (b"mailto:zhang@a.example.cn", [("zhang@a.example.cn", "")]),
    (b"Zhang, San <zhang@a.example.cn>", [("zhang@a.example.cn", "Zhang, San")]),
    (b"a@a.example.cn; b@b.example.cn", [("a@a.example.cn", ""), ("b@b.example.cn", "")]),
    (b'"A" <a@a.example.cn>, "B" <b@b.example.cn>', [("a@a.example.cn", "A"), ("b@b.example.cn", "B")]),
    (b'"open quote <a@a.example.cn>, b@b.example.cn', [("a@a.example.cn", "open quote"), ("b@b.example.cn", "")]),
    # the end of an address is somebody else's
    (b"x" * 200 + b"@a.example.cn", []),
    (b"zhang@" + b"a" * 70 + b".example.cn", []),
    ("<zhang三li@a.example.cn>".encode(), []),
    ("张三 <zhang@a.示例>".encode(), []),
    ("张三zhang@a.example.cn".encode(), [("zhang@a.example.cn", "张三")]),
    (b"undisclosed-recipients:;", []),
    (b"office: a@a.example.cn, b@b.example.cn;", [("a@a.example.cn", ""), ("b@b.example.cn", "")]),
    (b"MAILER-DAEMON", []),
    (b"", []),
]


@pytest.mark.parametrize(("raw", "expected"), ADDRESSES)
def test_addresses(raw: bytes, expected: list[tuple[str, str]]) -> None:
    assert [(address.email, address.name) for address in parse_addresses(raw)] == expected


def test_the_sender_field_stands_in_for_a_broken_from() -> None:
    message = parse(b"From: " + "张三".encode("gbk") + b"\r\nSender: <zhang@a.example.cn>\r\n\r\n")
    assert (message.sender.email, message.sender.name) == ("zhang@a.example.cn", "张三")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<tencent_5A3B@qq.com>", ("<tencent_5A3B@qq.com>",)),
        ("<a@x>   <b@x>", ("<a@x>", "<b@x>")),
        ("<a@x><b@x>", ("<a@x>", "<b@x>")),
        ("a@x", ("<a@x>",)),
        ("", ()),
        ("none", ()),
    ],
)
def test_message_ids(text: str, expected: tuple[str, ...]) -> None:
    assert message_ids(text) == expected


def test_emails_in_text() -> None:
    assert find_emails("收件人(Li.Si@Unit-B.example.cn)不存在，li.si@unit-b.example.cn。") == (
        "li.si@unit-b.example.cn",
    )


NOON = datetime(2016, 12, 2, 8, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("stamp", "expected"),
    [
        ("from a by b; Fri, 2 Dec 2016 16:59:59 +0800 (CST)", NOON),
        ("by b; Fri, 2 Dec 2016 16:59:59 CST", NOON),
        ("by b; Fri, 2 Dec 2016 16:59:59 (CST)", NOON),
        ("by b; Fri, 2 Dec 2016 16:59:59", NOON),
        ("by b; Fri, 2 Dec 2016 16:59:59 GMT+08:00", NOON),
        ("by b; Fri, 2 Dec 2016 16:59:59 (GMT+08:00)", NOON),
        ("by b; Fri, 2 Dec 2016 08:59:59 GMT", NOON),
        ("by b; Fri, 02 Dec 2016 03:59:59 -0500 (EST)", NOON),
        ("by b; 2016-12-02 16:59:59", NOON),
        ("by b; 2016-12-02T16:59:59+08:00", NOON),
        ("by b; 星期五, 2 Dec 2016 16:59:59 +0800", NOON),
        ("by b; Fri, 2 Dec 2016 16:59:59 XYZ", None),
        ("by b; Thu, 1 Jan 1900 00:00:00 +0000", None),
        ("by b; Fri, 32 Dec 2016 16:59:59 +0800", None),
        ("by b; Fri, 2 Dec 2016 16:59:59 +9999", None),
        ("by b", None),
        ("", None),
    ],
)
def test_received_time(stamp: str, expected: datetime | None) -> None:
    assert received_time(stamp) == expected


@pytest.mark.parametrize(
    "before",
    [
        b"",
        b"\r\n\r\n",
        b"From zhang Fri Nov 18 10:00:00 2016\r\n",
        b"+OK 1234 octets\r\n",
        b"0/X-Total-Score: 1\r\n",
        b"\xef\xbb\xbf",
        b"\x00\x00",
        b"X-Total-Score 0\r\n",
        b">From zhang\r\n\r\n",
    ],
)
def test_odd_lines_before_the_header(before: bytes) -> None:
    message = parse(before + build.plain_mail("您好", subject=TITLE))
    assert (message.subject, message.sender.email, message.new_text) == (TITLE, "zhang@unit-a.example.cn", "您好")


def test_a_line_that_lost_its_indent_ends_no_header() -> None:
    message = parse(b"Subject: a\r\nlost line\r\nFrom: zhang@a.example.cn\r\n\r\nbody")
    assert (message.subject, message.sender.email, message.new_text) == ("a lost line", "zhang@a.example.cn", "body")


def test_the_date_of_the_sender_is_not_read() -> None:
    message = parse(build.plain_mail("您好", headers=b"Date: Fri, 2 Dec 2011 09:00:00 CST\r\n"))
    assert message.top_received == datetime(2016, 11, 18, 2, 0, tzinfo=UTC)
    assert parse(b"Date: Fri, 2 Dec 2011 09:00:00 +0800\r\n\r\n").top_received is None


def test_no_header_at_all() -> None:
    message = parse("只有正文，没有邮件头。".encode("gbk"))
    assert (message.headers, message.new_text) == ((), "只有正文，没有邮件头。")


def test_fields_keep_their_order_and_folding() -> None:
    section, body = split_section(b"A: 1\r\n\t2\r\nB: 3\nA: 4\r\n\r\nbody\r\n")
    assert split_fields(section) == (("a", b"1 2"), ("b", b"3"), ("a", b"4"))
    assert body == b"body\r\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"0uLP8srp", "意向书"),
        (b"0uLP8srp====", "意向书"),
        (b"0uLP\r\n!8srp", "意向书"),
        (b"0uI=z/LK6Q==", "意向书"),
        (b"0", ""),
    ],
)
def test_base64(text: bytes, expected: str) -> None:
    assert base64_bytes(text).decode("gbk") == expected


def test_words_are_left_alone_where_there_are_none() -> None:
    assert decode_words("a =? b ?= c") == "a =? b ?= c"
