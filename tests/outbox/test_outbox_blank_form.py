"""The blank form: what the unit opens in Word."""

from __future__ import annotations

import zipfile
from io import BytesIO

import docx
from outbox_office import campaign

from intake.campaign import ChoiceSpec, FieldSpec, FormSpec
from outbox import blank_form

SPEC = campaign().form


def grid(content: bytes) -> list[list[str]]:
    """The table's rows, a merged cell once."""
    table = docx.Document(BytesIO(content)).tables[0]
    rows = [{id(cell._tc): cell.text for cell in row.cells} for row in table.rows]
    return [list(row.values()) for row in rows]


def test_the_form_is_laid_out_like_the_annex() -> None:
    assert grid(blank_form.make(SPEC)) == [
        ["单位名称", ""],
        ["联系人姓名", "", "办公电话", ""],
        ["联系人职务", "", "手机号码", ""],
        ["电子邮箱", ""],
        ["是否愿意加入首都知识产权运营联盟", "是 □    否 □"],
        ["是否愿意成为首都知识产权服务业协会会员（如已是会员，无需填写）", "是 □    否 □"],
    ]


def test_title_fonts_paper_and_mark() -> None:
    content = blank_form.make(SPEC, heading="附件1")
    document = docx.Document(BytesIO(content))
    assert [paragraph.text for paragraph in document.paragraphs][:2] == ["附件1", "首都知识产权运营联盟入盟意向书"]
    assert (round(document.sections[0].page_width.mm), round(document.sections[0].page_height.mm)) == (210, 297)
    assert document.core_properties.title == SPEC.title
    assert document.core_properties.author == ""
    with zipfile.ZipFile(BytesIO(content)) as package:
        assert '<property fmtid="{D5CDD505-2E9C-101B-9397-08002B2CF9AE}" pid="2" name="cipsa-intake">' in package.read(
            "docProps/custom.xml"
        ).decode("utf-8")
        text = package.read("word/document.xml").decode("utf-8")
    assert 'w:eastAsia="黑体"' in text
    assert 'w:eastAsia="宋体"' in text


def test_another_form_with_options_and_an_even_number_of_fields() -> None:
    spec = FormSpec(
        "other",
        "参会回执/2017",
        (FieldSpec("unit", "单位", "unit", ("单位",)), *(FieldSpec(f"f{n}", f"项{n}", "text", ()) for n in range(4))),
        (ChoiceSpec("vote", "意见", "意见", ("同意", "不同意", "弃权"), ("意见",)),),
    )
    rows = grid(blank_form.make(spec))
    assert [len(row) for row in rows] == [2, 4, 4, 2]
    assert rows[-1] == ["意见", "同意 □    不同意 □\n弃权 □"]
    assert blank_form.file_name(spec) == "参会回执_2017（空白）.docx"
