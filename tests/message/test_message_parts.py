"""Files at any depth: names, formats by content, nested mails and archives, limits."""

# ruff: noqa: E501 - the samples are what mailers write

from __future__ import annotations

import io
import zipfile

import mail_builders as build
import pytest

from intake.message import parse, unpacking
from intake.message.transfer import undo, uuencoded

FORM = build.docx("单位名称")
PICTURE = b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(64)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)
NAME = "首都知识产权运营联盟入盟意向书.docx"


def parts_of(*files: bytes, text: str = "请查收") -> list[tuple[str, str]]:
    message = parse(build.mail(build.multipart([build.text_part(text), *files])))
    assert message.new_text == text
    return [(part.name, part.format) for part in message.parts]


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        (build.file_part(build.word(NAME), FORM), (NAME, "docx")),  # Foxmail
        (build.file_part(NAME.encode("gbk"), FORM), (NAME, "docx")),  # raw GBK
        (build.file_part(b"form.doc", FORM), ("form.doc", "docx")),  # wrong extension
        (build.file_part(b"form.docx", b"%PDF-1.4 x", b"application/msword"), ("form.docx", "pdf")),
        (build.file_part(b"scan.jpg", PICTURE, b"image/jpeg"), ("scan.jpg", "jpg")),
        (build.file_part(b"form.wps", OLE), ("form.wps", "wps")),
        (build.file_part(b"form.html", b"<html><body>x</body></html>", b"text/html"), ("form.html", "html")),
        (build.file_part(b"form.txt", "单位名称：甲".encode("gbk"), b"text/plain"), ("form.txt", "txt")),
    ],
)
def test_file(part: bytes, expected: tuple[str, str]) -> None:
    assert parts_of(part) == [expected]


def test_an_attachment_without_a_name() -> None:
    part = b"Content-Type: application/octet-stream\r\nContent-Disposition: attachment\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    assert parts_of(part + build.b64(FORM)) == [("未命名附件1.docx", "docx")]


def test_inline_pictures_say_so() -> None:
    photo = build.file_part(b"image001.jpg", PICTURE, b"image/jpeg", b"Content-ID: <image001.jpg@01D2>\r\n")
    photo = photo.replace(b"attachment;", b"inline;")
    body = build.multipart([build.text_part('<img src="cid:image001.jpg@01D2">', "html"), photo], "related")
    (part,) = parse(build.mail(body)).parts
    assert (part.name, part.content_id, part.inline, part.content) == (
        "image001.jpg",
        "image001.jpg@01D2",
        True,
        PICTURE,
    )


def test_only_a_file() -> None:
    message = parse(build.mail(build.file_part(build.word(NAME), FORM)))
    assert (message.subject, message.new_text, message.new_html) == ("", "", "")
    assert [(part.name, part.content) for part in message.parts] == [(NAME, FORM)]


def test_a_forwarded_mail_is_opened() -> None:
    inner = build.mail(
        build.multipart([build.text_part("单位名称：甲"), build.file_part(b"a.docx", FORM)], boundary="inner")
    )
    part = b"Content-Type: message/rfc822\r\nContent-Disposition: attachment\r\n\r\n" + inner
    message = parse(build.mail(build.multipart([build.text_part("转给您"), part])))
    assert message.new_text == "转给您"
    assert "单位名称：甲" in message.quoted_text
    assert [(part.name, part.containers) for part in message.parts] == [
        ("a.docx", ("转发的邮件（zhang@unit-a.example.cn）",))
    ]


@pytest.mark.parametrize("media_type", [b"application/octet-stream", b"message/rfc822"])
def test_an_eml_file_is_opened(media_type: bytes) -> None:
    inner = build.mail(build.file_part(build.word(NAME), FORM), subject=build.word("入盟"))
    (part,) = parse(build.mail(build.multipart([build.file_part(b"mail.eml", inner, media_type)]))).parts
    assert (part.name, part.containers) == (NAME, ("mail.eml（zhang@unit-a.example.cn）",))


@pytest.mark.parametrize("pack", [build.gbk_zip, build.zip_of])
def test_a_zip_is_opened(pack: object) -> None:
    archive = pack({"甲公司.docx": FORM, "材料/扫描.jpg": PICTURE, "__MACOSX/._甲公司.docx": b"x", "Thumbs.db": b"x"})  # type: ignore[operator]
    message = parse(build.mail(build.multipart([build.file_part(build.word("材料.zip"), archive)])))
    assert [(part.name, part.format, part.containers) for part in message.parts] == [
        ("甲公司.docx", "docx", ("材料.zip",)),
        ("扫描.jpg", "jpg", ("材料.zip",)),
    ]
    assert message.faults == ()


def faults_of(name: bytes, content: bytes) -> tuple[str, ...]:
    return parse(build.mail(build.multipart([build.file_part(name, content)]))).faults


def test_zip_in_zip_in_mail() -> None:
    inner = build.zip_of({"a.docx": FORM})
    (part,) = parse(build.mail(build.file_part(b"out.zip", build.zip_of({"in.zip": inner})))).parts
    assert part.containers == ("out.zip", "in.zip")


def test_too_many_levels() -> None:
    content = FORM
    for number in range(unpacking.MAX_LEVELS + 1):
        content = build.zip_of({f"{number}.zip" if number else "a.docx": content})
    assert faults_of(b"z.zip", content) == ("too-deep: z.zip/5.zip/4.zip/3.zip/2.zip/1.zip",)


def test_mails_in_mails_end() -> None:
    raw = build.plain_mail("x")
    for _ in range(30):
        raw = build.mail(b"Content-Type: message/rfc822\r\n\r\n" + raw)
    message = parse(raw)
    assert [fault.partition(":")[0] for fault in message.faults] == ["too-deep"]


def test_a_zip_with_a_password() -> None:
    assert faults_of(build.word("密.zip"), build.encrypted(build.zip_of({"a.docx": FORM}))) == ("encrypted: 密.zip",)


def test_a_broken_zip() -> None:
    archive = build.zip_of({"a.jpg": PICTURE * 100, "b.jpg": PICTURE})
    flipped = bytearray(archive)
    flipped[60:80] = b"\xff" * 20
    assert faults_of(b"a.zip", bytes(flipped)) == ("damaged: a.zip/a.jpg",)
    assert faults_of(b"a.zip", archive[:-30]) == ("damaged: a.zip",)


def test_a_zip_bomb() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb.bin", bytes(30 << 20))
        archive.writestr("a.docx", FORM)
    message = parse(build.mail(build.file_part(b"bomb.zip", target.getvalue())))
    assert message.faults == ("too-large: bomb.zip/bomb.bin",)
    assert [part.name for part in message.parts] == ["a.docx"]


def test_a_member_that_lies_about_its_size() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.jpg", PICTURE * 1000)
    size = len(PICTURE * 1000).to_bytes(4, "little")
    lying = target.getvalue().replace(size, (5).to_bytes(4, "little"))
    (part,) = parse(build.mail(build.file_part(b"a.zip", lying))).parts or [None]
    assert part is None or len(part.content) <= 5


def test_too_many_members() -> None:
    archive = build.zip_of({f"{number}.jpg": PICTURE for number in range(unpacking.MAX_FILES + 5)})
    message = parse(build.mail(build.file_part(b"many.zip", archive)))
    assert len(message.parts) == unpacking.MAX_FILES
    assert message.faults == ("too-large: many.zip",)


@pytest.mark.parametrize("path", ["../../evil.docx", "C:\\temp\\evil.docx", "/etc/evil.docx"])
def test_member_paths_are_never_paths(path: str) -> None:
    (part,) = parse(build.mail(build.file_part(b"a.zip", build.zip_of({path: FORM})))).parts
    assert part.name == "evil.docx"


def test_a_damaged_docx_stays_a_file() -> None:
    (part,) = parse(build.mail(build.file_part(b"a.docx", build.zip_of({"x.xml": b"x"})))).parts
    assert (part.name, part.format) == ("a.docx", "zip")


UU = b"begin 644 form.txt\r\n#0V%T\r\n`\r\nend\r\n"


def test_uuencode() -> None:
    assert undo(UU, "x-uuencode") == b"Cat"
    message = parse(build.mail(b"Content-Type: text/plain\r\n\r\nhello\r\n" + UU + b"bye\r\n"))
    assert [(part.name, part.content) for part in message.parts] == [("form.txt", b"Cat")]
    assert message.new_text == "hello\n\nbye"
    assert uuencoded(b"begin 644 form.txt\r\n`\r\nend\r\n") == ()


@pytest.mark.parametrize(
    ("body", "encoding", "expected"),
    [
        (b"=D2=E2=CF=F2", "quoted-printable", "意向".encode("gbk")),
        (b"=D2=E2=\r\n=CF=F2", "Quoted-Printable ", "意向".encode("gbk")),
        (b"0uLP8g", "base64", "意向".encode("gbk")),
        (b"abc", "8bit", b"abc"),
        (b"abc", "x-no-such", b"abc"),
    ],
)
def test_transfer_encodings(body: bytes, encoding: str, expected: bytes) -> None:
    assert undo(body, encoding) == expected


def test_binary_files_keep_their_line_ends() -> None:
    part = b"Content-Type: application/pdf; name=a.pdf\r\nContent-Transfer-Encoding: binary\r\n\r\n%PDF-1.4\r\n\n\r\x00\xff"
    (found,) = parse(build.mail(build.multipart([part]))).parts
    assert found.content == b"%PDF-1.4\r\n\n\r\x00\xff"


@pytest.mark.parametrize(
    "change",
    [
        lambda raw: raw.replace(b'boundary="----=_001_NextPart"', b""),  # no boundary said
        lambda raw: raw.replace(b'boundary="----=_001_NextPart"', b'boundary="other"'),  # a wrong one
        lambda raw: raw.rstrip().removesuffix(b"------=_001_NextPart--"),  # no end
        lambda raw: raw.replace(b"\r\n", b"\n"),
        lambda raw: raw.replace(b"multipart/mixed", b"MULTIPART/Mixed"),
    ],
)
def test_broken_multiparts(change: object) -> None:
    raw = build.mail(build.multipart([build.text_part("请查收"), build.file_part(b"a.docx", FORM)]))
    message = parse(change(raw))  # type: ignore[operator]
    assert message.new_text == "请查收"
    assert [(part.name, part.format) for part in message.parts] == [("a.docx", "docx")]


def test_text_between_files_stays_in_order() -> None:
    body = build.multipart([build.text_part("一"), build.file_part(b"a.docx", FORM), build.text_part("二")])
    assert parse(build.mail(body)).new_text == "一\n二"
