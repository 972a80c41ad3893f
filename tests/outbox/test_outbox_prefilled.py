"""A pre-filled form: filled with plain text, read back as that unit's, and untouched as long as nothing is ticked."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from zipfile import ZipFile

import docx
import pytest
from outbox_office import campaign

from intake.answers import Form
from intake.errors import BrokenTemplate
from intake.form import find_forms
from intake.readers import read
from outbox import blank_form, prefilled
from outbox.prefilled import Template

SPEC = campaign().form
VALUES = {field.id: "" for field in SPEC.fields} | {"unit": "甲<&>示例公司", "contact": "示例联系人"}
MADE = Template("意向书.docx", blank_form.template(SPEC))


def forms(content: bytes) -> tuple[Form, ...]:
    (document,) = read(content, "意向书.docx")
    return find_forms(document, [SPEC], "意向书.docx").forms


def changed(content: bytes, row: int, column: int, text: str) -> bytes:
    """The form as a unit sends it back: the text of one cell replaced, everything else kept."""
    document = docx.Document(BytesIO(content))
    document.tables[0].rows[row].cells[column].paragraphs[0].text = text
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def test_ticked_and_sent_back_it_is_that_unit_s_form() -> None:
    (form,) = forms(changed(prefilled.fill(MADE, VALUES, "A7K2PQ"), 4, 2, "是 ☑    否 □"))
    assert (form.value("unit"), form.value("contact"), form.hint) == ("甲<&>示例公司", "示例联系人", "A7K2PQ")
    assert form.choices["join"].answer == "yes"


def test_the_visible_name_wins_over_the_hidden_key() -> None:
    ticked = changed(prefilled.fill(MADE, VALUES, "A7K2PQ"), 4, 2, "是 ☑    否 □")
    (form,) = forms(changed(ticked, 0, 1, "乙示例公司"))
    assert form.value("unit") == "乙示例公司"


def test_untouched_it_is_a_blank_form() -> None:
    (document,) = read(prefilled.fill(MADE, VALUES, "A7K2PQ"), "意向书.docx")
    found = find_forms(document, [SPEC], "意向书.docx")
    assert (found.forms, found.blank) == ((), 1)


def test_a_field_that_the_unit_filled_in_makes_it_a_form() -> None:
    assert len(forms(changed(prefilled.fill(MADE, VALUES, "A7K2PQ"), 2, 3, "13800000000"))) == 1


def test_the_same_form_is_the_same_bytes_and_another_unit_s_differs_only_in_its_values() -> None:
    first = prefilled.fill(MADE, VALUES, "A7K2PQ")
    assert first == prefilled.fill(MADE, VALUES, "A7K2PQ")
    other = prefilled.fill(MADE, VALUES | {"unit": "乙示例公司"}, "B8M3RS")
    assert "甲" not in docx.Document(BytesIO(other)).tables[0].rows[0].cells[1].text
    with ZipFile(BytesIO(first)) as one, ZipFile(BytesIO(other)) as two:
        names = one.namelist()
        differ = {name for name in names if one.read(name) != two.read(name)}
        assert one.testzip() is two.testzip() is None
    assert (names[0], len(set(names))) == ("[Content_Types].xml", len(names))
    assert differ == {"word/document.xml", "docProps/custom.xml"}


def test_logic_in_a_template_is_followed_and_properties_of_others_stay() -> None:
    document = docx.Document(BytesIO(MADE.content))
    document.tables[0].rows[0].cells[1].paragraphs[0].text = "{% if contact %}{{ unit }}（{{ contact }}）{% endif %}"
    blank_form.set_properties(document, {"KSOProductBuildVer": "2052-示例"})
    out = BytesIO()
    document.save(out)
    template = replace(MADE, content=out.getvalue())
    template.check(frozenset(VALUES))
    content = prefilled.fill(template, VALUES, "A7K2PQ")
    assert docx.Document(BytesIO(content)).tables[0].rows[0].cells[1].text == "甲<&>示例公司（示例联系人）"
    (read_back,) = read(content, "意向书.docx")
    assert read_back.prefilled == ("A7K2PQ", "contact", "unit")
    assert "WPS 2052-示例" in read_back.notes


@pytest.mark.parametrize(
    ("text", "word"), [("{{ telefone }}", "telefone"), ("{{ unit", "有误"), ("{% if unit %}x", "有误")]
)
def test_a_broken_template_is_one_sentence_that_names_the_file(text: str, word: str) -> None:
    template = replace(MADE, content=changed(MADE.content, 0, 1, text))
    with pytest.raises(BrokenTemplate) as raised:
        template.check(frozenset(VALUES))
    assert "意向书.docx" in raised.value.sentence
    assert word in raised.value.sentence


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x03\x04 broken"])
def test_what_is_no_word_document_is_one_sentence(content: bytes) -> None:
    with pytest.raises(BrokenTemplate) as raised:
        Template("意向书.docx", content).check(frozenset(VALUES))
    assert "另存为 .docx" in raised.value.sentence
