"""`read_file` and `read_mail` on files with files inside: every form in order, faults for each member."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path

import archive_builders as packed
import mail_builders as build
import outlook_builders as outlook
import pytest

from intake.campaign_file import parse_campaign
from intake.contents import Reading
from intake.readers import read
from intake.readers.sniff import sniff
from intake.reading import FileReading, as_json, read_file, read_mail

ROOT = Path(__file__).parents[2]
SPEC = parse_campaign(tomllib.loads((ROOT / "templates" / "cipoa-2016" / "campaign.toml").read_text("utf-8"))).form
GLYPH = (ROOT / "tests" / "samples" / "forms" / "01-glyph.docx").read_bytes()
PAGE = (ROOT / "tests" / "samples" / "forms" / "34-page.html").read_text("utf-8")
JOIN = "是否愿意加入首都知识产权运营联盟"
UNITS = 20


def form_of(number: int) -> bytes:
    """A filled page of one unit: odd ones join, even ones decline."""
    ticked = ("√", "□") if number % 2 else ("□", "√")
    rows = f"<tr><td>单位名称</td><td>示例第{number}有限公司</td></tr><tr><td>联系人姓名</td><td>张示例</td></tr>"
    rows += (
        f"<tr><td>办公电话</td><td>010-62000000</td></tr><tr><td>{JOIN}</td><td>是 {ticked[0]} 否 {ticked[1]}</td></tr>"
    )
    return f"<html><meta charset=utf-8><body><table>{rows}</table></body></html>".encode()


COLLECTED = {f"各单位/{number:02}示例.html": form_of(number) for number in range(1, UNITS + 1)}
PACKERS: dict[str, Callable[[dict[str, bytes]], bytes]] = {
    "zip": build.zip_of,
    "zip of Windows": build.gbk_zip,
    "rar 4": packed.rar4,
    "rar 5": packed.rar5,
    "7z": packed.seven_zip,
    "tar": packed.tar,
    "tar.gz": lambda files: packed.tar(files, mode="w:gz"),
    "tar.xz": lambda files: packed.tar(files, mode="w:xz"),
    "zip in a zip": lambda files: build.zip_of({"内.zip": build.zip_of(files)}),
    "winmail.dat": lambda files: outlook.winmail({}, *(outlook.tnef_file(n.encode("gbk"), files[n]) for n in files)),
    ".msg": lambda files: outlook.msg({}, *(outlook.attachment(name, content) for name, content in files.items())),
    "zip in a .msg": lambda files: outlook.msg({}, outlook.attachment("汇总.zip", build.zip_of(files))),
}  # fmt: skip


def answers(result: FileReading | Reading) -> list[tuple[str, str]]:
    return [(form.value("unit"), form.choices["join"].answer) for form in result.forms]


@pytest.mark.parametrize("way", PACKERS)
def test_a_collectors_file_gives_all_units_in_order(way: str) -> None:
    result = read_file("汇总表", PACKERS[way](COLLECTED), (SPEC,))
    expected = [(f"示例第{number}有限公司", "yes" if number % 2 else "no") for number in range(1, UNITS + 1)]
    assert answers(result) == expected
    assert result.faults == ()
    line = as_json("汇总表", result, (SPEC,))
    assert (line["kind"], line["error"], len(line["forms"])) == ("form", None, UNITS)


def test_faults_of_members_stand_beside_the_forms_of_the_others() -> None:
    locked = build.encrypted(build.zip_of({"a.docx": b"1"}))
    files = {
        "甲.docx": GLYPH,
        "坏.docx": GLYPH[:3000],
        "密.zip": locked,
        "说明.exe": b"MZ" + bytes(300) + packed.rar5({"a": b"1"}),
    }
    result = read_file("材料.zip", build.zip_of(files), (SPEC,))
    assert len(result.forms) == 1
    assert {(fault.source, fault.code) for fault in result.faults} == {
        ("材料.zip/坏.docx", "damaged"),
        ("材料.zip/密.zip", "encrypted"),
        ("材料.zip/说明.exe", "unsupported"),
    }
    assert all(fault.sentence.endswith("。") for fault in result.faults)
    nested = read_mail(build.mail(build.file_part(build.word("材料.zip"), build.zip_of(files))), (SPEC,))
    assert {(fault.source, fault.code) for fault in nested.faults} == {(f.source, f.code) for f in result.faults}


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("材料.zip", build.encrypted(build.zip_of({"a.docx": b"1"})), "encrypted"),
        ("材料.rar", packed.rar5({"a.docx": b"1"}, extra=packed.ENCRYPTION), "encrypted"),
        ("材料.7z", packed.seven_zip({"a.docx": b"1"}, password="1"), "encrypted"),
        ("材料.rar", packed.RAR5, "damaged"),
        ("材料.msg", outlook.compound({"__properties_version1.0": b"x"})[:700], "unsupported"),
        ("winmail.dat", b"\x78\x9f\x3e\x22\x01", "damaged"),
        ("材料.exe", b"MZ" + bytes(300) + packed.rar5({"a.docx": b"1"}), "unsupported"),
    ],
)
def test_a_closed_archive_is_an_attempt(name: str, content: bytes, code: str) -> None:
    line = as_json(name, read_file(name, content, (SPEC,)), (SPEC,))
    assert (line["kind"], line["forms"], line["error"]["code"]) == ("attempt", [], code)


def test_a_form_written_into_a_message_of_outlook() -> None:
    content = outlook.msg({outlook.SUBJECT: "回执", outlook.HTML: PAGE.encode(), outlook.BODY_PAGE: 65001})
    result = read_file("回执.msg", content, (SPEC,))
    assert isinstance(result, Reading)
    assert [(form.source, form.quoted) for form in result.forms] == [("邮件正文", False)]
    (form,) = read_mail(
        build.mail(build.file_part(b"winmail.dat", outlook.winmail({outlook.HTML: PAGE.encode()}))), (SPEC,)
    ).forms
    assert (form.source, form.quoted) == ("邮件正文", False)


def saved_page(page: bytes, head: str = 'Content-Type: multipart/related; boundary="b"') -> bytes:
    """As Word saves 单个文件网页."""
    part = b"Content-Location: file:///C:/x/a.htm\r\nContent-Transfer-Encoding: base64\r\nContent-Type: text/html"
    picture = b"Content-Location: file:///C:/x/a.png\r\nContent-Type: image/png\r\n\r\n"
    return f"MIME-Version: 1.0\r\n{head}\r\n\r\n".encode() + b"--b\r\n%s\r\n\r\n%s\r\n--b\r\n%s\r\n--b--\r\n" % (
        part, build.b64(page), picture
    )  # fmt: skip


@pytest.mark.parametrize("page", [PAGE.encode(), PAGE.replace("utf-8", "gb2312").encode("gb18030")])
@pytest.mark.parametrize("name", ["回执.mht", "回执.doc", "回执.eml"])
def test_a_page_saved_in_one_file(page: bytes, name: str) -> None:
    content = saved_page(page)
    assert sniff(content, name) == "mht"
    result = read_file(name, content, (SPEC,))
    assert isinstance(result, FileReading)
    assert [form.source for form in result.forms] == [name]
    for media_type in (b"application/octet-stream", b"message/rfc822"):
        (form,) = read_mail(build.mail(build.file_part(build.word(name), content, media_type)), (SPEC,)).forms
        assert (form.source, form.quoted) == (name, False)


def test_a_mail_with_pictures_is_no_page() -> None:
    mail = build.mail(build.multipart([build.text_part(PAGE, "html", "utf-8", "utf-8")], "related"))
    assert sniff(mail) == "eml"
    assert sniff(saved_page(b"x", 'To: a@b\r\nContent-Type: multipart/related; boundary="b"')) == "eml"


@pytest.mark.parametrize(
    ("content", "kind"), [(b"MZ" + bytes(600), ""), (b"MZ" + bytes(600) + b"7z\xbc\xaf\x27\x1c", "sfx")]
)
def test_programs(content: bytes, kind: str) -> None:
    assert sniff(content, "a.exe") == kind


def test_a_saved_page_without_a_page() -> None:
    from intake.errors import Damaged

    with pytest.raises(Damaged):
        read(saved_page(b"x").replace(b"text/html", b"text/other"), "a.mht")
