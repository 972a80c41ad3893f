"""Wrong, broken and hostile files: each ends in a child of Unreadable, and nothing else."""

from __future__ import annotations

import io
import random
import struct
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reader_samples import (
    NAMESPACES,
    code,
    docx,
    drawing,
    field,
    p,
    part,
    picture,
    png,
    run,
    square,
    tbl,
    tc,
    text_box,
    xlsx,
    zipped,
)

from intake.document import PLAIN, Table
from intake.errors import Damaged, Encrypted, NoOcr, TooDeep, TooLarge, Unreadable, Unsupported
from intake.readers import ink, read
from intake.readers.controls import morph_data
from intake.readers.fields import equation
from intake.readers.html import read_html_bytes
from intake.readers.ole import MAGIC, CompoundFile
from intake.readers.sniff import sniff

FORM = docx(
    tbl(tc(p(run("单位名称"))) + tc(p(run("示例公司"))), tc(p(run("是否愿意"))) + tc(p(run("是√ 否□"))))
    + p(field(code("EQ \\o\\ac(□,√)")) + run(inner='<w:sym w:font="Wingdings" w:char="F0FE"/>'))
    + p(run(inner=drawing(picture())) + run(inner=drawing(text_box(p(run("√"))), anchor="90000"))),
    related={"rIdP": ("image", "media/image1.png")},
    parts={"word/media/image1.png": png(square())},
)  # fmt: skip
BOOK = xlsx('<row r="1"><c r="A1" t="inlineStr"><is><t>单位名称</t></is></c><c r="B1"><v>13800000000</v></c></row>')
PAGE = '<html><body><table><tr><td colspan="2">是 <span style="font-family:Wingdings">&#254;</span></td></tr></table>'.encode()  # noqa: E501


def compound(*names: str, content: bytes = b"") -> bytes:
    """A compound file with streams of these names; the content, if any, is that of the last one."""
    sectors = 8 if content else 0
    header = bytearray(512)
    header[:8] = MAGIC
    struct.pack_into("<HHHHH", header, 24, 0x3E, 3, 0xFFFE, 9, 6)
    struct.pack_into("<IIIIIIIII", header, 44, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0, 0)
    header[76:512] = struct.pack("<I", 0) + b"\xff" * 432
    chain = [0xFFFFFFFD, 0xFFFFFFFE, *range(3, 2 + sectors), *([0xFFFFFFFE] if sectors else [])]
    fat = struct.pack(f"<{len(chain)}I", *chain).ljust(512, b"\xff")
    directory = b""
    for kind, name in [(5, "Root Entry"), *((2, name) for name in names)]:
        raw = name.encode("utf-16-le") + b"\x00\x00"
        entry = raw.ljust(64, b"\x00") + struct.pack("<HBB", len(raw), kind, 1) + b"\xff" * 12
        start, size = (2, 4096) if content and name == names[-1] else (0xFFFFFFFE, 0)
        directory += entry.ljust(116, b"\x00") + struct.pack("<III", start, size, 0)
    return bytes(header) + fat + directory.ljust(512, b"\x00") + content.ljust(sectors * 512, b"\x00")


LOCKED_DOC = compound("WordDocument", content=b"\xec\xa5\xc1\x00" + b"\x00" * 7 + b"\x03" + b"\x00" * 50)
LOCKED_XLS = compound("Workbook", content=b"\x09\x08\x10\x00" + b"\x00" * 16 + b"\x2f\x00\x36\x00")
OPEN_XLS = compound("Workbook", content=b"\x09\x08\x10\x00" + b"\x00" * 16 + b"\xe1\x00\x02\x00")


def bomb() -> bytes:
    return docx(p(run("A" * 60_000_000)))


def many_members() -> bytes:
    return zipped({f"word/{number}.xml": "" for number in range(6000)} | {"word/document.xml": "<x/>"})


def with_doctype(text: str) -> bytes:
    return zipped(
        {
            "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"/>',
            "word/document.xml": text,
        }
    )


LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    f"<w:document {NAMESPACES}><w:body><w:p><w:r><w:t>&b;</w:t></w:r></w:p></w:body></w:document>"
)
FILE_ENTITY = LAUGHS.replace('"ha"', 'SYSTEM "file:///etc/hostname"')


def nested_tables(levels: int) -> bytes:
    return docx("<w:tbl><w:tr><w:tc>" * levels + p(run("是")) + "</w:tc></w:tr></w:tbl>" * levels)


def encrypted_member() -> bytes:
    content = bytearray(FORM)
    for signature, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        at = -1
        while (at := content.find(signature, at + 1)) >= 0:
            content[at + offset] |= 1
    return bytes(content)


HOSTILE = [
    ("empty", b"", "a.docx", Damaged),
    ("empty zip", b"PK\x05\x06" + b"\x00" * 18, "a.docx", Damaged),
    ("truncated", FORM[:900], "a.docx", Damaged),
    ("truncated in its first name", FORM[:30], "a.docx", Damaged),
    ("truncated workbook", FORM[:30], "a.xlsx", Damaged),
    ("zip without a document", zipped({"word/other.xml": "<x/>"}), "a.docx", Damaged),
    ("document without a body", zipped({"word/document.xml": part("document", "")}), "a.docx", Damaged),
    ("document that is no XML", zipped({"word/document.xml": "是"}), "a.docx", Damaged),
    ("zip bomb", bomb(), "a.docx", TooLarge),
    ("many members", many_members(), "a.docx", TooLarge),
    ("entities", with_doctype(LAUGHS), "a.docx", Damaged),
    ("entity of a file", with_doctype(FILE_ENTITY), "a.docx", Damaged),
    ("entities in UTF-16", zipped({"word/document.xml": LAUGHS.encode("utf-16")}), "a.docx", Damaged),
    ("entities far down", with_doctype("<?xml version='1.0'?>" + " " * 9000 + LAUGHS[21:]), "a.docx", Damaged),
    ("tables 10,000 deep", nested_tables(10_000), "a.docx", TooDeep),
    ("password", compound("EncryptionInfo", "EncryptedPackage"), "a.docx", Encrypted),
    ("password, workbook", compound("EncryptedPackage"), "a.xlsx", Encrypted),
    ("encrypted members", encrypted_member(), "a.docx", Encrypted),
    ("old Word file named docx", compound("WordDocument"), "a.docx", Damaged),
    ("old Word file with a password", LOCKED_DOC, "a.doc", Encrypted),
    ("old workbook with a password", LOCKED_XLS, "a.xls", Encrypted),
    ("old workbook cut off", OPEN_XLS, "a.xls", Damaged),
    ("rtf named docx, broken off", b"{\\rtf1 x", "a.docx", Damaged),
    ("picture named docx", png(square(), 30), "a.docx", NoOcr),
    ("pdf", b"%PDF-1.4\n", "a.pdf", Damaged),
    ("zip", zipped({"a.txt": "x"}), "a.zip", Unsupported),
    ("random bytes", random.Random(1).randbytes(5000), "a.docx", Unsupported),
    ("workbook without sheets part", zipped({"xl/sharedStrings.xml": "<x/>"}), "a.xlsx", Damaged),
    ("cell off the sheet", xlsx('<row r="99999999"><c r="A99999999"><v>1</v></c></row>'), "a.xlsx", TooLarge),
]


@pytest.mark.parametrize(("content", "name", "error"), [row[1:] for row in HOSTILE], ids=[row[0] for row in HOSTILE])
def test_a_bad_file_is_refused_with_its_reason(content: bytes, name: str, error: type[Unreadable]) -> None:
    with pytest.raises(Unreadable) as caught:
        read(content, name)
    assert type(caught.value) is error
    assert caught.value.sentence.endswith("。")


def test_many_tables_and_moderate_nesting_are_read() -> None:
    (document,) = read(nested_tables(40))
    assert document.text == "是"
    (document,) = read(docx(tbl(tc(p(run("是")))) * 2000))
    assert len(document.blocks) == 2000


def test_a_sparse_sheet_costs_little() -> None:
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'
    (document,) = read(xlsx(rows))
    assert [(table.first_row, len(table.rows)) for table in document.blocks if isinstance(table, Table)] == [
        (1, 1),
        (1_048_576, 1),
    ]
    assert document.blocks[-1].rows[-1][-1].text == "2"  # type: ignore[union-attr]


def test_a_broken_side_part_does_not_lose_the_form() -> None:
    content = docx(p(run("是")), related={"rIdP": ("image", "media/none.png"), "rIdX": ("control", "none.xml")})
    assert read(content)[0].text == "是"


def mutated(content: bytes, seed: int) -> bytes:
    """A few bytes changed, dropped or doubled."""
    chance = random.Random(seed)
    changed = bytearray(content)
    for _ in range(chance.randint(1, 12)):
        at = chance.randrange(len(changed)) if changed else 0
        match chance.randrange(3):
            case 0 if changed:
                changed[at] = chance.randrange(256)
            case 1:
                del changed[at : at + chance.randint(1, 40)]
            case _:
                changed[at:at] = changed[max(0, at - 30) : at]
    return bytes(changed)


def repacked(content: bytes, seed: int) -> bytes:
    """The same, but inside the parts, so that the zip itself stays sound."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    victim = random.Random(seed).choice([name for name in parts if parts[name]])
    return zipped({**parts, victim: mutated(parts[victim], seed)})


def shuffled(content: bytes, seed: int) -> bytes:
    """Elements and attribute values swapped about: sound XML that no program wrote."""
    chance = random.Random(seed)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {
            name: archive.read(name).decode("utf-8", "replace") for name in archive.namelist() if name.endswith("xml")
        }
    for name, text in parts.items():
        pieces = text.split('"')
        values = list(range(1, len(pieces) - 1, 2))
        for _ in range(min(4, len(values))):
            at = chance.choice(values)
            if "://" not in pieces[at]:
                pieces[at] = chance.choice(
                    ["", "-1", "99999999999", "x", "0", "1e9", "\u0661", pieces[chance.choice(values)]]
                )
        parts[name] = '"'.join(pieces)
    return zipped(parts)


def outcome(content: bytes, name: str) -> str:
    try:
        return "read" if read(content, name) else "nothing"
    except Unreadable as error:
        return error.code


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(["docx", "xlsx", "html"]), st.sampled_from([mutated, repacked, shuffled]), st.integers(0, 2**32))
def test_mutated_files_raise_nothing_but_unreadable(kind: str, change: object, seed: int) -> None:
    content = {"docx": FORM, "xlsx": BOOK, "html": PAGE}[kind]
    change = mutated if kind == "html" else change
    code = outcome(change(content, seed), f"a.{kind}")  # type: ignore[operator]
    assert code in ("read", "damaged", "encrypted", "unsupported", "too-large", "too-deep", "memory", "no-ocr")


@given(st.binary(max_size=2000), st.text(max_size=10))
def test_any_bytes_have_a_kind(content: bytes, name: str) -> None:
    for head in (b"", MAGIC, b"PK\x03\x04", b"\x89PNG\r\n\x1a\n"):
        assert isinstance(sniff(head + content, name), str)


@given(st.binary(max_size=3000))
def test_helpers_of_binary_formats_never_raise(content: bytes) -> None:
    assert isinstance(CompoundFile(MAGIC + content).names, frozenset)
    assert morph_data("8BD21D40-EC42-11CE-9E0D-00AA006002F3", content).state in ("ticked", "empty", "unknown")
    assert ink.look(b"\x89PNG\r\n\x1a\n" + content)[0] in ("ticked", "empty", "unknown")


@given(st.text(alphabet="\\oacx(),;□√ 1是", max_size=40))
def test_any_equation_draws_something_or_nothing(text: str) -> None:
    assert all(piece for piece in equation(text, PLAIN))


@given(st.binary(max_size=500))
def test_any_bytes_as_html(content: bytes) -> None:
    assert read_html_bytes(b"<p>" + content).format == "html"


KINDS = [
    (FORM, "a.bin", "docx"),
    (FORM, "a.docm", "docm"),
    (FORM[:900], "x", "docx"),
    (BOOK, "a.xls", "xlsx"),
    (BOOK, "a.xlsm", "xlsm"),
    (zipped({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<x/>"}), "a.odt", "odt"),
    (zipped({"a.txt": "x"}), "a.docx", "zip"),
    (compound("WordDocument"), "a.doc", "doc"),
    (compound("WordDocument"), "a.wps", "wps"),
    (compound("Workbook"), "a.xls", "xls"),
    (compound("Workbook"), "a.et", "et"),
    (compound("Book"), "a.bin", "xls"),
    (compound("EncryptedPackage"), "a.xlsx", "xlsx"),
    (compound("Other"), "a.msg", "ole"),
    (b"{\\rtf1", "a.doc", "rtf"),
    (b"\n%PDF-1.7", "a", "pdf"),
    (b"\xff\xd8\xff\xe0", "a.png", "jpg"),
    (b"GIF89a", "a", "gif"),
    (b"II*\x00", "a", "tiff"),
    (b"\x00\x00\x00\x18ftypheic", "a", "heic"),
    (b"RIFF\x00\x00\x00\x00WEBP", "a", "webp"),
    (b"Rar!\x1a\x07\x01\x00", "a", "rar"),
    (b"7z\xbc\xaf\x27\x1c", "a", "7z"),
    (b"\x1f\x8b\x08\x00", "a", "gz"),
    (b"\x78\x9f\x3e\x22", "winmail.dat", "tnef"),
    (b"From: a@example.cn\r\nSubject: x\r\nDate: y\r\n\r\nbody", "a.eml", "eml"),
    (b"Received: a\r\n\tb\r\nReceived: c\r\nTo: d\r\n", "a", "eml"),
    (b"  <!DOCTYPE html><html>", "a.xls", "html"),
    (b"<!-- x --><table>", "a", "html"),
    (b"<!DOCTYPE html><p>\x01x</p>", "a.html", "html"),
    (b'<?xml version="1.0"?><html xmlns="x">', "a", "html"),
    (b'<?xml version="1.0"?><data/>', "a.xml", ""),
    ("单位：示例".encode("gb18030"), "a.txt", "txt"),
    ("单位：示例".encode(), "a", "txt"),
    ("单位：示例".encode("utf-16"), "a.txt", "txt"),
    (b"a,b", "a.csv", "csv"),
    (b"\x00\x01\x02\x03" * 9, "a.txt", ""),
    (b"", "a", ""),
    (b"", "a.txt", "txt"),
]


@pytest.mark.parametrize(("content", "name", "kind"), KINDS)
def test_the_kind_is_told_by_content(content: bytes, name: str, kind: str) -> None:
    assert sniff(content, name) == kind


@pytest.mark.parametrize(
    ("content", "name", "plain"), [(FORM, "a.docm", "a.docx"), (FORM, "a.dotx", "a.docx"), (BOOK, "a.xlsm", "a.xlsx")]
)
def test_templates_and_files_with_macros_are_read_alike(content: bytes, name: str, plain: str) -> None:
    assert sniff(content, name) == name.removeprefix("a.")
    assert read(content, name) == read(content, plain)


def test_an_old_format_is_named_to_the_sender() -> None:
    with pytest.raises(Unsupported) as caught:
        read(b"7z\xbc\xaf\x27\x1c", "a.docx")
    assert "压缩包（.7z）" in caught.value.sentence
