"""The files a secretary edits: overriding, refreshing, and what is said of a broken one."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from jinja2.defaults import DEFAULT_FILTERS
from outbox_office import NOW, TEMPLATES, flat, letters, parsed, row, texts, unit

from intake.errors import BrokenTemplate, WrongConfiguration
from outbox import trying
from outbox.desk import _words
from outbox.facts import read_facts
from outbox.letters_section import parse_letters

FACTS = {"units": [unit()]}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "letters").mkdir()
    return tmp_path


def write(folder: Path, name: str, text: str) -> None:
    (folder / "letters" / name).write_text(text, "utf-8")


def test_the_bundled_templates_are_whole() -> None:
    assert trying.faults(letters(), NOW) == []


def test_a_campaign_may_say_a_letter_in_its_own_words(folder: Path) -> None:
    write(folder, "acknowledgement.txt", "\ufeff主题: 收讫{{ names }}\n\n{{ units[0].unit }}的来件已收讫。\n")
    composed = letters(folder).compose(row("acknowledgement", FACTS), now=NOW)
    assert composed.subject == "收讫示例科技有限公司 [#K7M4Q2]"
    for text in map(flat, texts(composed)):
        assert "您好！示例科技有限公司的来件已收讫。此致敬礼！" in text


def test_an_html_file_beside_it_says_the_html_part(folder: Path) -> None:
    write(folder, "received.txt", "主题：收到\n\n文字。\n")
    write(folder, "received.html", "<p>网页：{{ letter.subject }}</p>\n")
    plain, html = texts(letters(folder).compose(row("received", {"subject": "<b>&"}), now=NOW))
    assert "您好！文字。" in flat(plain)
    assert "<p>网页：&lt;b&gt;&amp;</p>" in html
    assert "文字。" not in html


def test_an_edit_is_noticed_at_the_next_round(folder: Path) -> None:
    desk = letters(folder)
    assert "意向已登记" in texts(desk.compose(row("acknowledgement", FACTS), now=NOW))[0]
    write(folder, "acknowledgement.txt", "主题：新\n\n新的写法。\n")
    desk.refresh()
    assert "新的写法。" in texts(desk.compose(row("acknowledgement", FACTS), now=NOW))[0]


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("主题：甲\n\n第一段。\n\n{{ nobody }}\n", 5, "不存在的名称“nobody”"),
        ("主题：甲\n\n第一段。\n{% if %}\n", 4, ""),
        ("主题：甲{{ nobody }}\n\n第一段。\n", 1, "不存在的名称“nobody”"),
        ("主题：甲\n小标题：{{ 1 // 0 }}\n\n第一段。\n", 2, ""),
        ("主题：甲\n\n{{ units[0].__class__.__mro__ }}\n", 3, ""),
        ("主题：甲\n\n{{ units[0].nothing }}\n", 3, "nothing"),
        ("主题：甲\n\n{% import 'words.txt' as say %}\n{{ say.record() }}\n", 0, ""),
        ("没有主题\n", 1, "缺少“主题：”一行"),
    ],
)
def test_a_broken_template_names_file_and_line(folder: Path, text: str, line: int, reason: str) -> None:
    write(folder, "acknowledgement.txt", text)
    with pytest.raises(BrokenTemplate) as broken:
        letters(folder).compose(row("acknowledgement", FACTS), now=NOW)
    assert "信函模板" in broken.value.sentence
    assert (f"acknowledgement.txt第{line}行" if line else "words.txt第") in broken.value.sentence
    assert reason in broken.value.sentence


def test_every_broken_template_is_named_once(folder: Path) -> None:
    write(folder, "received.txt", "主题：甲\n\n{{ nobody }}\n")
    write(folder, "late.txt", "主题：甲\n\n{% for %}\n")
    found = trying.faults(letters(folder), NOW)
    assert len(found) == 2
    assert "late.txt第3行" in found[0]
    assert "received.txt第3行" in found[1]


@pytest.mark.parametrize(
    "name",
    ["joint.txt", "desk-deputy.txt", "desk-told.txt", "digest.txt", "digest.html", "digest-parts.html",
     "leaders.txt", "leaders.html", "worklist.txt", "worklist.html", "layout.html", "page.html"],
)  # fmt: skip
def test_every_letter_s_files_are_tried(folder: Path, name: str) -> None:
    whole = (TEMPLATES / "common" / "letters" / name).read_text("utf-8")
    spoilt = re.sub(r"(?m)^(\{% macro (?:heading|begin)\([^\n]*)$", r"\1{{ nobody }}", whole)
    write(folder, name, spoilt if spoilt != whole else f"{whole}\n{{{{ nobody }}}}\n")
    found = trying.faults(letters(folder), NOW, whole=False)
    assert found
    assert all(re.search(rf"{name}第\d+行有误：用到了不存在的名称“nobody”", sentence) for sentence in found)


def test_a_missing_template_is_one_sentence(tmp_path: Path) -> None:
    common = tmp_path / "common"
    shutil.copytree(TEMPLATES / "common", common)
    (common / "letters" / "repeat.txt").unlink()
    desk = letters()
    desk._desks["cipoa-2016"].sources._folders = (common / "letters",)
    desk.refresh()
    assert [sentence.startswith("缺少信函模板") for sentence in trying.faults(desk, NOW)] == [True]


def test_a_file_in_another_encoding_is_one_sentence(folder: Path) -> None:
    (folder / "letters" / "received.txt").write_bytes("主题：收到\n\n内容".encode("gb18030"))
    with pytest.raises(BrokenTemplate) as broken:
        letters(folder).compose(row("received", {}), now=NOW)
    assert "received.txt" in broken.value.sentence
    assert "UTF-8" in broken.value.sentence


def test_an_unknown_campaign_is_one_sentence() -> None:
    with pytest.raises(BrokenTemplate) as broken:
        letters().compose(row("received", {}, campaign="another"), now=NOW)
    assert "another" in broken.value.sentence


GOOD = {
    "office": "秘书处",
    "sender_name": "协会",
    "notice_title": "通知",
    "contacts": [{"name": "甲", "telephone": "1"}],
}


def test_the_section_has_neutral_words() -> None:
    section = parse_letters(GOOD)
    assert (section.office, section.form_noun, section.contacts[0].telephone) == ("秘书处", "表格", "1")


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"office": ""}, "office"),
        ({"sender_name": 3}, "sender_name"),
        ({"contacts": []}, "contacts"),
        ({"contacts": "刘"}, "contacts"),
        ({"contacts": [{"name": "甲"}]}, "telephone"),
        ({"thanks": ["谢谢"]}, "thanks"),
        ({"offices": "错字"}, "offices"),
    ],
)
def test_a_wrong_section_names_the_key(change: dict[str, object], named: str) -> None:
    with pytest.raises(WrongConfiguration) as wrong:
        parse_letters(GOOD | change)
    assert named in wrong.value.sentence


def test_the_readme_names_every_name_every_filter_and_every_file_and_no_other() -> None:
    folder = TEMPLATES / "common" / "letters"
    told = (folder / "README.md").read_text("utf-8")
    desk = letters()._desks["cipoa-2016"]
    names = set(_words(desk.entry)) | set(desk._context(read_facts("received", {}, NOW), NOW)) | {"headings"}
    section = told.partition("## 可用的名称")[2]
    assert set(re.findall(r"(?:^|[，：])`([a-z_]+)` ", section, re.MULTILINE)) - {"headings"} == names - {"headings"}
    ours = set(desk.sources.engine._text.filters) - set(DEFAULT_FILTERS)
    assert set(re.findall(r"`\|([a-z]+)`", section)) == ours
    files = {path.name for path in folder.iterdir()} - {"README.md"}
    assert set(re.findall(r"`([a-z-]+\.(?:txt|html))`", told.partition("## 写法")[0])) == files


def test_the_sender_is_the_exact_address_with_the_association_s_name() -> None:
    mail = parsed(letters().compose(row("received", {}), now=NOW))
    assert mail["From"].addresses[0].addr_spec == "cipsa@example.com"
    assert mail["From"].addresses[0].display_name == "首都知识产权服务业协会"
