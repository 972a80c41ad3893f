"""A reply in a line: which values it names, what is left over, and what makes it doubtful."""

from __future__ import annotations

from email.message import EmailMessage

import pytest
from form_builders import SPEC
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.answers import Fragment
from intake.contents import Reading
from intake.form.fragments import LONGEST, find_fragment
from intake.form.names import is_name
from intake.reading import read_mail

PHONE, MOBILE = "010-80000109", "13800000109"
OURS = "<letter@office.example.org>"


def found(text: str) -> Fragment | None:
    return find_fragment(text, SPEC, "邮件正文")


def values(text: str) -> dict[str, str]:
    """The values of a text of which nothing is in doubt and nothing is left over."""
    fragment = found(text)
    if fragment is None or not fragment.clean or fragment.rest:
        return {}
    return {key: value.text for key, value in fragment.form.values.items()}


PLAIN = {
    f"办公电话：{PHONE}": {"office_phone": PHONE},
    f"您好，办公电话:{PHONE}。": {"office_phone": PHONE},
    f"尊敬的秘书处老师：\n　　您好！\n　　办公室电话　{PHONE}\n　　谢谢！": {"office_phone": PHONE},
    f"办公电话：\n{PHONE}": {"office_phone": PHONE},
    f"联系電話：{PHONE}": {"office_phone": PHONE},
    "办公电话：０１０－８００００１０９": {"office_phone": PHONE},
    "办公电话：010-80000109转8012": {"office_phone": "010-80000109转8012"},
    f"我单位的手机号码是{MOBILE}": {"mobile": MOBILE},
    f"现将联系电话补充如下：{PHONE}": {},
    f"联系电话补充如下：{PHONE}": {"office_phone": PHONE},
    f"信息补充如下：\n手机：{MOBILE}": {"mobile": MOBILE},
    f"电话{PHONE}": {"office_phone": PHONE},
    "手机：138 0000 0109": {"mobile": MOBILE},
    "邮箱：a@unit.example.com": {"email": "a@unit.example.com"},
    f"联系人：张示例，手机：{MOBILE}": {"contact": "张示例", "mobile": MOBILE},
    f"联系人：欧阳示例；办公电话：{PHONE}；邮箱：a@unit.example.com": {
        "contact": "欧阳示例", "office_phone": PHONE, "email": "a@unit.example.com"
    },
    PHONE: {"office_phone": PHONE},
    f"老师好，{MOBILE}，谢谢": {"mobile": MOBILE},
    f"{MOBILE}\n2016年11月22日": {"mobile": MOBILE},
    f"电话：{PHONE}\n此致\n敬礼": {"office_phone": PHONE},
    f"电话：{PHONE}\n----------\n张三\n手机：{MOBILE}": {"office_phone": PHONE},
    f"电话：{PHONE}\n电话：{PHONE}": {"office_phone": PHONE},
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), PLAIN.items())
def test_a_line_with_labels_is_read(text: str, expected: dict[str, str]) -> None:
    assert values(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        f"{PHONE}、{MOBILE}", f"{PHONE}\n{MOBILE}", f"电话：{PHONE}\n电话：010-80000110", f"电话：{PHONE}/010-80000110",
        f"电话请打{PHONE}，以前的作废", f"电话：{PHONE}\n--\n旧号作废", f"电话：{PHONE}，对吗？", f"电话：{PHONE}？",
        f"电话不是{PHONE}", f"电话：不是{PHONE}", f"联系人张示例的电话：{PHONE}", f"原电话停机，电话：{PHONE}",
        f"电话：{PHONE} 张示例", f"电话：{PHONE}或{MOBILE}", f"电话：{PHONE}（节假日{MOBILE}）",
        f"手机：{PHONE}", "电话：8000", "电话：01080", "电话：见附件", "电话：待定", "电话：13800000",
        "电话：010-8000010", "联系人：待定", "联系人：王老师", "联系人：同上", "联系人：办公室",
        "联系人：张示例、李示例", "联系人：稍后告知",
        "邮箱：a@unit", "邮箱：a@unit.example.com;b@unit.example.com", "邮箱：a@unit.example,com", "a@unit.example.com",
        "职务：主任", "20161122", "80000109", f"传真：{PHONE}", f"请转告 {PHONE}", f"不用打{PHONE}", "好的，谢谢！", "",
        f"办公电话（旧）：{PHONE}", f"手机（备用）：{MOBILE}", f"{PHONE}，王主任", f"电话：{PHONE}，王主任",
        f"电话：{PHONE}\n此致\n敬礼\n示例公司", f"电话：{PHONE}\n此致\n电话：010-80000110", f"微信：{MOBILE}",
        f"电话{PHONE}是旧的", f"财务 电话：{PHONE}", f"电话：{PHONE}（已停机）", f"王主任电话：{PHONE}",
        f"您好不要打这个您好\n电话：{PHONE}", f"感谢来信，号码变了\n电话：{PHONE}",
    ],
)  # fmt: skip
def test_whatever_could_mean_something_else_is_doubtful(text: str) -> None:
    assert values(text) == {}


def test_names_below_are_kept_for_comparing() -> None:
    fragment = found(f"电话：{PHONE}\n张示例\n示例公司")
    assert fragment is not None
    assert (fragment.rest, fragment.clean) == (("张示例", "示例公司"), True)


def test_a_telephone_below_a_name_is_a_signature() -> None:
    fragment = found(f"收到，谢谢\n张示例\n电话：{PHONE}")
    assert fragment is not None
    assert not fragment.clean


def test_an_empty_value_is_none() -> None:
    assert found("电话：无") is None
    fragment = found(f"电话：无\n手机：{MOBILE}")
    assert fragment is not None
    assert (set(fragment.form.values), fragment.clean) == ({"mobile"}, False)


def test_what_a_person_may_want_is_named_though_it_is_doubtful() -> None:
    fragment = found(f"请打{PHONE}，以前的作废")
    assert fragment is not None
    assert (fragment.form.value("office_phone"), fragment.clean) == (PHONE, False)


def test_a_long_text_is_no_answer_in_a_line() -> None:
    assert found(f"电话：{PHONE}\n" + "示例" * LONGEST) is None
    assert values(f"电话：{PHONE}\n--\n" + "示例" * LONGEST) == {"office_phone": PHONE}


@pytest.mark.parametrize(("text", "expected"), [
    ("张示例", True), ("王江", True), ("欧阳示例", True), ("王老师", False), ("张", False), ("待定", False),
    ("高经理", False), ("张示例示例例", False), ("方便告知", False), ("Zhang", False), ("办公室", False), ("", False),
])  # fmt: skip
def test_a_name_is_what_nobody_takes_for_anything_else(text: str, expected: bool) -> None:
    assert is_name(text) is expected


# ---- the mail around it -------------------------------------------------------------------------


def reply(text: str, *, subject: str = "回复：请补充", answers: str = OURS, file: str = "", **headers: str) -> Reading:
    mail = EmailMessage()
    mail["From"] = "zhang@unit.example.com"
    mail["Subject"] = subject
    if answers:
        mail["In-Reply-To"] = answers
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    if file:
        mail.add_attachment(b"BEGIN:VCARD\n", maintype="application", subtype="octet-stream", filename=file)
    return read_mail(mail.as_bytes(), (SPEC,))


def test_only_a_reply_is_asked_for_fragments() -> None:
    text = f"办公电话：{PHONE}"
    assert reply(text).fragments
    assert reply(text).signs.forms == 0
    assert reply(text, subject="请补充").fragments
    assert reply(text, answers="").fragments
    assert not reply(text, subject="电话", answers="").fragments
    assert not reply(text, subject="转发：请补充").fragments
    assert not reply(text, file="名片.bin").fragments


def test_quoted_text_names_nothing() -> None:
    assert not reply(
        f"收到，谢谢！\n\n在 2016-11-22 09:00，秘书处 <a@example.org> 写道：\n> 办公电话：{PHONE}"
    ).fragments
    assert not reply(f"收到，谢谢！\n\n------ 原始邮件 ------\n办公电话：{PHONE}").fragments


@pytest.mark.parametrize("page", [
    f"<div>您好，</div><div>办公电话：{PHONE}</div><div><br></div><div>--</div><div>张三<br>电话：010-80000110</div>",
    f"<p><span>办公电话</span>：<b>{PHONE}</b></p><blockquote type='cite'>办公电话：010-80000110</blockquote>",
    f"<table><tr><td>办公电话</td><td>{PHONE}</td></tr></table>",
])  # fmt: skip
def test_a_page_is_read_by_its_lines(page: str) -> None:
    (fragment,) = html_reply(page).fragments
    assert (fragment.form.value("office_phone"), fragment.rest, fragment.clean) == (PHONE, (), True)


def html_reply(page: str) -> Reading:
    mail = EmailMessage()
    mail["From"], mail["Subject"], mail["In-Reply-To"] = "zhang@unit.example.com", "回复：请补充", OURS
    mail.set_content(page, subtype="html")
    return read_mail(mail.as_bytes(), (SPEC,))


# ---- properties ---------------------------------------------------------------------------------

_TEXT = st.text("电话手机办公联系人：:，。\n -010800013张示例谢您好不请的?？@.ab邮箱是", max_size=60)


@settings(max_examples=300, deadline=None)
@given(_TEXT)
def test_any_text_is_read_without_harm_and_each_value_stands_in_it(text: str) -> None:
    fragment = found(text)
    digits = "".join(char for char in text if char.isdigit())
    for value in fragment.form.values.values() if fragment else ():
        assert "".join(char for char in value.text if char.isdigit()) in digits
    if fragment and fragment.clean:
        assert "?" not in text
        assert "？" not in text


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(["您好，", "谢谢！\n", "", "收到。"]), _TEXT.filter(lambda text: any(c >= "\u4e00" for c in text))
)
def test_words_of_substance_never_vanish(before: str, words: str) -> None:
    """What is added to a clear answer leaves it clear only if it is courtesy, the same value, or another field's."""
    fragment = found(f"{before}办公电话：{PHONE}\n{words}")
    assert fragment is None or not fragment.clean or fragment.rest or "不" not in words


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 99999999), st.integers(0, 99999999))
def test_two_telephones_are_never_one_answer(one: int, other: int) -> None:
    first, second = f"010-8{one:07d}"[:12], f"010-8{other:07d}"[:12]
    assert (values(f"电话：{first}\n办公电话：{second}") == {}) is (first != second)
    assert values(f"{first}\n{second}") == {}
