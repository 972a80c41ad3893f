"""winmail.dat and .msg: as if the mail had carried their files and bodies itself."""

from __future__ import annotations

import mail_builders as build
import outlook_builders as outlook
import pytest
from archive_builders import flipped
from hypothesis import given, settings
from hypothesis import strategies as some

from intake.errors import Damaged, TooLarge
from intake.mail import Message
from intake.message import compressed_rtf, mail_of_msg, outlook_msg, parse
from intake.message.compressed_rtf import unpack, wrapped_html
from intake.readers.sniff import sniff

FORM = build.docx("单位名称")
NAME = "首都知识产权运营联盟入盟意向书.docx"
GBK = NAME.encode("gbk")
WRAPPED = (
    rb"{\rtf1\ansi\ansicpg936\fromhtml1 \deff0{\fonttbl{\f0\fswiss Arial;}}{\colortbl;}\uc1\pard\f0"
    rb"{\*\htmltag19 <html>}{\*\htmltag64 <p class=\'22a\'22>}\htmlrtf {\htmlrtf0 \'b5\'a5\'ce\'bb\u65306?a"
    rb"{\*\htmltag84 &lt;}b\htmlrtf \par}\htmlrtf0{\*\htmltag72 </p>}{\*\mhtmltag64 <p>}{\*\htmltag27 </html>}}"
)


def carrying(name: bytes, content: bytes, text: str = "请查收") -> Message:
    return parse(build.mail(build.multipart([build.text_part(text), build.file_part(name, content)])))


def shown(message: Message) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(part.name, part.format, part.containers) for part in message.parts]


# ---- winmail.dat --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "attached",
    [
        outlook.tnef_file(GBK, FORM),
        outlook.tnef_file(b"A4C3~1.DOC", FORM, {outlook.LONG_NAME: NAME}),
        outlook.tnef_file(b"A4C3~1.DOC", FORM, {outlook.LONG_NAME: GBK, outlook.METHOD: 1}),
        outlook.tnef_file(b"", FORM, {outlook.SHORT_NAME: GBK}),
        outlook.tnef_file(b"", b"", {outlook.LONG_NAME: NAME, outlook.DATA: FORM}),
    ],
)
@pytest.mark.parametrize("page", [936, 1252, 65001, 0])
def test_winmail_files(attached: bytes, page: int) -> None:
    message = carrying(b"winmail.dat", outlook.winmail({}, attached, page=page))
    assert shown(message) == [(NAME, "docx", ())]
    assert message.parts[0].content == FORM
    assert (message.new_text, message.faults) == ("请查收", ())


@pytest.mark.parametrize(
    ("content", "text", "html"),
    [
        (outlook.winmail({outlook.BODY: "单位：甲"}), "单位：甲", ""),
        (outlook.winmail({outlook.BODY: "单位：甲".encode("gbk")}), "单位：甲", ""),
        (outlook.winmail({}, body="单位：甲".encode("gbk")), "单位：甲", ""),
        (outlook.winmail({outlook.HTML: "<p>单位：甲</p>".encode("gbk"), outlook.BODY_PAGE: 936}),
         "单位：甲", "<p>单位：甲</p>"),
        (outlook.winmail({outlook.RTF: outlook.packed_rtf(WRAPPED)}), "单位：a<b", '<p class="a">单位：a&lt;b</p>'),
        (outlook.winmail({outlook.RTF: b"nonsense"}), "", ""),
    ],
)  # fmt: skip
def test_winmail_bodies(content: bytes, text: str, html: str) -> None:
    message = carrying(b"winmail.dat", content, " ")
    assert message.new_text.strip() == text
    assert html in message.new_html


def test_a_body_that_the_mail_has_is_not_doubled() -> None:
    message = carrying(b"winmail.dat", outlook.winmail({outlook.BODY: "请查收", outlook.HTML: b"<p>x</p>"}))
    assert message.new_text == "请查收"
    assert "<p>x</p>" in message.new_html


def test_a_message_in_winmail_is_a_nested_mail() -> None:
    inner = outlook.winmail({outlook.SUBJECT: "入盟", outlook.BODY: "内文"}, outlook.tnef_file(GBK, FORM))
    message = carrying(b"winmail.dat", outlook.winmail({}, outlook.tnef_letter(inner)))
    assert shown(message) == [(NAME, "docx", ("入盟",))]
    assert "内文" in message.quoted_text


def test_an_rtf_body_with_a_table_is_a_file() -> None:
    rtf = rb"{\rtf1\ansi{\trowd\cellx100 \'b5\'a5\cell\row}}"
    message = carrying(b"winmail.dat", outlook.winmail({outlook.RTF: outlook.packed_rtf(rtf)}))
    assert [(part.name, part.format, part.inline) for part in message.parts] == [("邮件正文.rtf", "rtf", True)]
    assert carrying(b"winmail.dat", outlook.winmail({outlook.RTF: outlook.packed_rtf(rb"{\rtf1 x}")})).parts == ()


# ---- .msg ---------------------------------------------------------------------------------------

UNICODE = {
    outlook.SUBJECT: "入盟意向书",
    outlook.BODY: "请查收",
    outlook.SENDER: "张三",
    outlook.SENDER_EMAIL: "a@b.example.cn",
}
EIGHT_BIT = {number: value.encode("gbk") for number, value in UNICODE.items()}


@pytest.mark.parametrize(
    "values", [UNICODE, EIGHT_BIT, EIGHT_BIT | {outlook.TEXT_PAGE: 936}, EIGHT_BIT | {outlook.TEXT_PAGE: 1252}]
)
@pytest.mark.parametrize("name", [NAME, GBK])
def test_a_message_of_outlook(values: dict[int, int | str | bytes], name: str | bytes) -> None:
    content = outlook.msg(
        values, outlook.attachment(name, FORM), outlook.attachment("图.jpg", b"\xff\xd8\xff" + bytes(5000))
    )
    assert sniff(content) == "msg"
    message = parse(mail_of_msg(content))
    assert (message.subject, message.sender.email, message.sender.name) == ("入盟意向书", "a@b.example.cn", "张三")
    assert shown(message) == [(NAME, "docx", ()), ("图.jpg", "jpg", ())]
    assert (message.new_text, message.faults) == ("请查收", ())
    nested = carrying("转发.msg".encode("gbk"), content)
    assert shown(nested)[0] == (NAME, "docx", ("转发.msg（a@b.example.cn）",))
    assert "请查收" in nested.quoted_text


def test_the_fields_it_came_with_are_its_own() -> None:
    headers = (
        "Received: from mx.example.cn (unknown [192.0.2.1]) by mx1.example.com (Coremail);\r\n"
        "\tFri, 18 Nov 2016 10:00:00 +0800 (CST)\r\nFrom: <zhang@unit-a.example.cn>\r\nSubject: =?GBK?B?yOvDyw==?=\r\n"
        'Content-Type: multipart/mixed;\r\n\tboundary="x"\r\nMessage-ID: <1@unit-a.example.cn>\r\n'
        "Auto-Submitted: auto-replied\r\n\r\n"
    )
    message = parse(mail_of_msg(outlook.msg(UNICODE | {outlook.HEADERS: headers})))
    assert (message.sender.email, message.subject, message.message_id) == (
        "zhang@unit-a.example.cn",
        "入盟",
        "<1@unit-a.example.cn>",
    )
    assert message.header("auto-submitted") == "auto-replied"
    assert message.top_received is not None
    assert message.new_text == "请查收"


def test_messages_in_messages() -> None:
    inner = outlook.letter({outlook.SUBJECT: "内层"}, outlook.attachment(NAME, FORM), header=24)
    message = parse(mail_of_msg(outlook.msg(UNICODE, outlook.embedded(inner))))
    assert shown(message) == [(NAME, "docx", ("内层",))]
    for level in range(12):
        inner = outlook.letter({outlook.SUBJECT: str(level)}, outlook.embedded(inner), header=24)
    message = parse(mail_of_msg(outlook.msg(UNICODE, outlook.embedded(inner))))
    assert [fault.partition(": ")[0] for fault in message.faults] == ["too-deep"]


@pytest.mark.parametrize("html", ["<p>单位</p>", "<meta charset=gbk><p>单位</p>".encode("gbk"), "<p>单位</p>".encode()])
def test_html_bodies(html: str | bytes) -> None:
    assert "<p>单位</p>" in parse(mail_of_msg(outlook.msg({outlook.HTML: html}))).new_html


def test_pictures_of_the_body_keep_their_number() -> None:
    content = outlook.msg(UNICODE, outlook.attachment("a.jpg", b"\xff\xd8\xff" + bytes(60), x3712="a@01D2"))
    (part,) = parse(mail_of_msg(content)).parts
    assert part.content_id == "a@01D2"


def test_a_directory_that_claims_its_sectors_again_and_again() -> None:
    tree = outlook.letter({outlook.SUBJECT: "x"}, *(outlook.attachment(f"{n}.bin", b"x" * 5000) for n in range(60)))
    content = outlook.compound(tree)
    swollen = content.replace((5000).to_bytes(8, "little"), (1 << 26).to_bytes(8, "little"))
    with pytest.raises((TooLarge, Damaged)):
        outlook_msg.read_msg(swollen)
    assert next(fault.partition(": ")[0] for fault in carrying(b"a.msg", swollen).faults) in ("too-large", "damaged")


# ---- the packed RTF -----------------------------------------------------------------------------


def test_packed_rtf() -> None:
    """The example of [MS-OXRTFCP] 4.1.1."""
    packed = bytes.fromhex(
        "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0"
    )
    assert unpack(packed) == b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"


def test_a_run_that_reaches_into_itself() -> None:
    """The example of [MS-OXRTFCP] 4.1.2."""
    packed = bytes.fromhex("1a0000001c0000004c5a4675e2d44b51410004205758595a0d6e7d010eb0")
    assert unpack(packed) == b"{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}"


@given(some.binary(max_size=5000))
def test_any_rtf_comes_back(rtf: bytes) -> None:
    assert unpack(outlook.packed_rtf(rtf)) == rtf


def test_rtf_packed_otherwise() -> None:
    plain = b"{\\rtf1 x}"
    assert unpack(bytes(8) + b"MELA" + bytes(4) + plain) == plain
    for content, error in ((b"", Damaged), (bytes(16), Damaged), (b"\0" * 8 + b"LZFu" + bytes(5 << 20), TooLarge)):
        with pytest.raises(error):
            unpack(content)


def test_html_out_of_rtf() -> None:
    assert wrapped_html(WRAPPED) == '<html><p class="a">单位：a&lt;b</p></html>'
    assert wrapped_html(rb"{\rtf1 x}") == ""


@given(some.binary(max_size=500), some.integers(0, 600))
def test_html_out_of_any_rtf(rubbish: bytes, place: int) -> None:
    wrapped_html(WRAPPED[:place] + rubbish + WRAPPED[place:])
    assert compressed_rtf.code_page(len(rubbish)) is not None


# ---- damage -------------------------------------------------------------------------------------

BASES = [
    outlook.winmail(UNICODE, outlook.tnef_file(GBK, FORM, {outlook.LONG_NAME: NAME}), body=b"x"),
    outlook.winmail({}, outlook.tnef_letter(outlook.winmail(UNICODE))),
    outlook.msg(UNICODE | {outlook.RTF: outlook.packed_rtf(WRAPPED)}, outlook.attachment(NAME, FORM)),
    outlook.msg(EIGHT_BIT, outlook.embedded(outlook.letter(UNICODE, header=24))),
]


@given(some.data())
@settings(max_examples=300)
def test_any_damage_gives_files_or_faults(data: some.DataObject) -> None:
    content = data.draw(some.sampled_from(BASES))
    places = data.draw(some.lists(some.integers(0, len(content) - 1), max_size=6))
    end = data.draw(some.one_of(some.just(len(content)), some.integers(8, len(content))))
    message = carrying(b"a.msg", flipped(content, places)[:end])
    assert message.new_text.startswith("请查收")
    assert all(fault.partition(": ")[0] in ("damaged", "too-large", "too-deep") for fault in message.faults)
