# ruff: noqa: E501 (a Chinese character counts two columns)
"""A whole mail: forms of files and body, quoted answers, faults, what is counted once, what is left alone."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from email.message import EmailMessage

import pytest
from form_builders import JOIN_LABEL, MEMBER_LABEL, ROOT, SPEC
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.contents import Reading
from intake.mail import Part
from intake.reading import FileReading, as_json, could_hold_form, read_file, read_mail

SAMPLES = ROOT / "tests" / "samples" / "forms"
GLYPH = (SAMPLES / "01-glyph.docx").read_bytes()
SYMBOL = (SAMPLES / "02-symbol.docx").read_bytes()
LINES = f"单位名称：示例公司\n联系人姓名：张示例\n办公电话：010-62000000\n{JOIN_LABEL}：是 √   否 □\n{MEMBER_LABEL}：是 □   否 □\n"
BLANK_LINES = f"单位名称：\n联系人姓名：\n办公电话：\n{JOIN_LABEL}：是 □   否 □\n{MEMBER_LABEL}：是 □   否 □\n"
PAGE = (SAMPLES / "34-page.html").read_text("utf-8")


def mail(
    body: str = "请查收。",
    *,
    html: str = "",
    files: Mapping[str, bytes] | None = None,
    subject: str = "入盟意向书",
    **headers: str,
) -> bytes:
    letter = EmailMessage()
    letter["From"] = "zhang@example.com"
    letter["To"] = "office@example.org"
    letter["Subject"] = subject
    letter["Message-ID"] = "<one@example.com>"
    for name, value in headers.items():
        letter[name.replace("_", "-")] = value
    letter.set_content(body)
    if html:
        letter.add_alternative(html, subtype="html")
    for name, content in (files or {}).items():
        letter.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return letter.as_bytes()


def reading(raw: bytes) -> Reading:
    return read_mail(raw, (SPEC,))


def quoted(text: str) -> str:
    return "见下。\n\n----- 原始邮件 -----\n发件人: 秘书处\n" + "".join(f"> {line}\n" for line in text.splitlines())


def test_a_form_in_a_file() -> None:
    result = reading(mail(files={"意向书.docx": GLYPH}))
    assert result.verdict.kind == "form"
    assert [(form.source, form.quoted, form.choices["join"].answer) for form in result.forms] == [
        ("意向书.docx", False, "yes")
    ]
    assert [(seen.name, seen.format, seen.size) for seen in result.files] == [("意向书.docx", "docx", len(GLYPH))]
    assert result.signs.form_like
    assert result.faults == ()


def test_the_same_file_twice_is_one_form() -> None:
    result = reading(mail(files={"一.docx": GLYPH, "二.docx": GLYPH}))
    assert len(result.forms) == 1
    assert len(result.files) == 2


def test_two_files_are_two_forms() -> None:
    assert len(reading(mail(files={"一.docx": GLYPH, "二.docx": SYMBOL})).forms) == 2


def test_a_form_in_the_text() -> None:
    (form,) = reading(mail(LINES)).forms
    assert (form.source, form.value("unit"), form.quoted) == ("邮件正文", "示例公司", False)


def test_a_form_in_text_and_html_is_read_once() -> None:
    (form,) = reading(mail("见表格", html=PAGE)).forms
    assert form.source == "邮件正文"
    assert len(reading(mail(LINES, html=f"<pre>{LINES}</pre>")).forms) == 1


def test_answers_typed_into_a_quoted_form() -> None:
    (form,) = reading(mail(quoted(LINES))).forms
    assert form.quoted
    assert form.choices["join"].answer == "yes"


def test_an_untouched_quoted_form_is_no_form() -> None:
    result = reading(mail(quoted(BLANK_LINES)))
    assert result.forms == ()
    assert result.signs.blank_forms == 0


def test_a_quoted_form_does_not_count_beside_a_new_one() -> None:
    (form,) = reading(mail(quoted(LINES), files={"意向书.docx": GLYPH})).forms
    assert form.source == "意向书.docx"


@pytest.mark.parametrize(
    "receipt",
    [
        "<div class='cipsa-intake'><table>{}</table></div>",
        "<html><head><meta name='x-cipsa-intake' content='receipt'></head><body><table>{}</table></body></html>",
    ],
)
def test_our_receipt_coming_back_is_no_form(receipt: str) -> None:
    rows = f"<tr><td>单位名称</td><td>示例公司</td></tr><tr><td>{JOIN_LABEL}</td><td>是</td></tr>"
    assert reading(mail("信息无误。", html=receipt.format(rows))).forms == ()
    quote = f"<p>信息无误。</p><blockquote>{receipt.format(rows)}</blockquote>"
    assert reading(mail("信息无误。", html=quote)).forms == ()


def test_the_text_of_our_receipt_quoted_is_no_form() -> None:
    receipt = f"您发来的意向书已登记，登记号为A7K2。\n单位名称：示例公司\n{JOIN_LABEL}：是\n{MEMBER_LABEL}：否\n本邮件由系统根据来件自动生成。"
    assert reading(mail(quoted(receipt))).forms == ()


def test_an_untouched_blank_in_a_file_is_counted() -> None:
    blank = f"<table><tr><td>单位名称</td><td></td></tr><tr><td>联系人</td><td></td></tr><tr><td>{JOIN_LABEL}</td><td>是 □ 否 □</td></tr></table>"
    result = reading(mail(files={"空表.html": blank.encode()}))
    assert (result.forms, result.signs.blank_forms) == ((), 1)


def test_faults_name_the_file_and_the_remedy() -> None:
    broken = reading(mail(files={"坏.docx": GLYPH[: len(GLYPH) // 2], "意向书.docx": SYMBOL}))
    assert [(fault.source, fault.code) for fault in broken.faults] == [("坏.docx", "damaged")]
    assert broken.faults[0].sentence.endswith("。")
    assert len(broken.forms) == 1


def test_a_zip_is_opened() -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("表/意向书.docx", GLYPH)
        archive.writestr("表/另一份.docx", SYMBOL)
    assert len(reading(mail(files={"意向书.zip": held.getvalue()})).forms) == 2
    result = read_file("意向书.zip", held.getvalue(), (SPEC,))
    assert isinstance(result, FileReading)
    assert (result.kind, len(result.forms)) == ("form", 2)


def test_a_mail_inside_a_mail() -> None:
    assert len(reading(mail(files={"转发.eml": mail(files={"意向书.docx": GLYPH})})).forms) == 1


def test_fingerprints_tell_a_resend_from_another_mail() -> None:
    first = reading(mail(files={"意向书.docx": GLYPH}))
    again = reading(mail(files={"意向书.docx": GLYPH}).replace(b"<one@", b"<two@"))
    other = reading(mail(files={"意向书.docx": SYMBOL}))
    assert first.fingerprint == again.fingerprint != other.fingerprint
    assert first.message_id != again.message_id


def test_a_single_answer_in_reply_to_us() -> None:
    result = reading(
        mail(f"{JOIN_LABEL}：是\n", subject="Re: 入盟意向书已登记，请补充", In_Reply_To="<ours@example.org>")
    )
    assert result.answers_to == ("<ours@example.org>",)
    assert [form.choices["join"].answer for form in result.forms] == ["yes"]


@pytest.mark.parametrize(
    ("part", "held"),
    [
        (Part("logo.png", b"x" * 900, "image/png", "png", inline=True, content_id="1"), False),
        (Part("photo.jpg", b"x" * 90_000, "image/jpeg", "jpg", inline=True, content_id="2"), True),
        (Part("扫描件.jpg", b"x" * 900, "image/jpeg", "jpg"), True),
        (Part("意向书.docx", b"", "", "docx"), True),
        (Part("意向书.doc", b"", "", "doc"), True),
        (Part("表.rar", b"", "", "rar"), True),
        (Part("音乐.mp3", b"", "audio/mpeg", ""), False),
    ],
)
def test_what_could_hold_a_form(part: Part, held: bool) -> None:
    assert could_hold_form(part) is held


def test_the_line_of_read_json() -> None:
    line = as_json("a/意向书.docx", read_file("意向书.docx", GLYPH, (SPEC,)), (SPEC,))
    assert json.loads(json.dumps(line)) == line
    assert list(line) == ["file", "kind", "forms", "error"]
    assert (line["file"], line["kind"], line["error"]) == ("a/意向书.docx", "form", None)
    (form,) = line["forms"]
    assert list(form["values"]) == ["unit", "contact", "office_phone", "title", "mobile", "email"]
    assert form["choices"]["join"]["answer"] == "yes"
    assert form["choices"]["join"]["where"] == "第5行第2列"
    assert form["problems"] == []


def test_read_json_says_already_a_member() -> None:
    (form,) = as_json("x", read_file("x.docx", (SAMPLES / "10-words.docx").read_bytes(), (SPEC,)), (SPEC,))["forms"]
    assert form["choices"]["member"] == {
        "answer": "blank",
        "evidence": "第6行第2列：写有“已是会员”，即已是会员、无需填写，按空白处理",
        "where": "第6行第2列",
        "already_member": True,
    }


@pytest.mark.parametrize(
    ("name", "content", "kind", "code"),
    [
        ("意向书.docx", b"PK\x03\x04broken", "attempt", None),
        ("意向书.bin", b"\x00\x01\x02", "attempt", "unsupported"),
        ("笔记.txt", "今天天气很好。".encode(), "unrelated", None),
        ("入盟意向书.txt", "尚未填写".encode(), "attempt", None),
    ],
)
def test_files_without_a_form(name: str, content: bytes, kind: str, code: str | None) -> None:
    line = as_json(name, read_file(name, content, (SPEC,)), (SPEC,))
    assert (line["kind"], line["forms"]) == (kind, [])
    assert code is None or line["error"]["code"] == code


@settings(max_examples=60)
@given(st.binary(max_size=400))
def test_any_bytes_are_survived(content: bytes) -> None:
    assert isinstance(read_file("意向书.docx", content, (SPEC,)), (FileReading, Reading))
    assert isinstance(reading(content), Reading)


@settings(max_examples=40)
@given(st.integers(0, len(GLYPH) - 1), st.integers(0, 255))
def test_a_damaged_file_is_a_fault_or_a_form(at: int, byte: int) -> None:
    result = read_file("意向书.docx", GLYPH[:at] + bytes([byte]) + GLYPH[at + 1 :], (SPEC,))
    assert isinstance(result, FileReading)
    assert result.kind in ("form", "attempt", "unrelated")
