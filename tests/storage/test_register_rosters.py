"""A roster is read as the secretariat keeps it, and never doubles a unit."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from sqlalchemy import func, select
from storage_office import NOW, UNIT, Desk, draft, outcome

from intake.errors import Permanent
from storage import roster_sheet, rosters, units
from storage.register import Register
from storage.rosters import RosterReport, RosterRow
from storage.tables import units as units_table


def sheet(path: Path, *rows: tuple[Any, ...]) -> Path:
    book = Workbook()
    page: Any = book.active
    for row in rows:
        page.append(row)
    book.save(path)
    return path


def load(register: Register, source: Path | list[RosterRow]) -> RosterReport:
    with register.writing() as tx:
        return rosters.load(tx, source, NOW)


def unit(register: Register, name: str) -> units.Unit:
    with register.reading() as tx:
        found = units.find(tx, name)
        assert found is not None
        row = units.get(tx, found)
    assert row is not None
    return row


def count(register: Register) -> int:
    with register.reading() as tx:
        return tx.scalar(select(func.count()).select_from(units_table)) or 0


def test_a_roster_with_a_title_and_headings_of_its_own(register: Register, tmp_path: Path) -> None:
    path = sheet(
        tmp_path / "名册.xlsx",
        ("首都示例协会会员名册",),
        (),
        ("序号", "单位全称 *", "简称", "联系人姓名", "称谓", "办公电话", "手机号码", "电子邮件（多个用分号）",
         "抄送", "是否会员", "方式", "备注"),
        (1, f" {UNIT} ", "示例代理、示代", "示例联系人", "主任", "010-00000000", 13800000000.0,
         "A@Unit.example.com；b@unit.example.com", "c＠unit.example.com", "是", "人工", date(2016, 11, 1)),
        (2, "示例大学", None, None, None, None, None, None, None, "否", None, None),
        (3, "示例研究院", None, None, None, None, None, "示例 <d@inst.example.com>", None, None, "不发", None),
        (None,) * 12,
    )  # fmt: skip
    assert load(register, path) == RosterReport(3, 0)
    first = unit(register, "示代")
    assert (first.name, first.member, first.mode, first.salutation, first.contact) == (
        UNIT, True, "manual", "主任", "示例联系人",
    )  # fmt: skip
    assert first.addresses == ("a@unit.example.com", "b@unit.example.com", "c@unit.example.com")
    assert first.former == ("示例代理", "示代")
    assert (unit(register, "示例大学").member, unit(register, "示例研究院").member) == (False, None)
    assert unit(register, "示例研究院").addresses == ("d@inst.example.com",)
    with register.reading() as tx:
        kept = tx.scalar(select(units_table.c.roster).where(units_table.c.id == first.id))
    assert kept is not None
    assert (kept["手机"], kept["备注"]) == ("13800000000", "2016-11-01")


def test_each_bad_row_is_said_in_one_sentence_and_the_others_are_loaded(register: Register, tmp_path: Path) -> None:
    path = sheet(
        tmp_path / "名册.xlsx",
        ("单位名称", "电子邮箱", "是否会员", "方式"),
        ("示例大学", "a@x.example.com", "是", None),
        (None, "b@x.example.com", "是", None),
        ("示例研究院", "不是邮箱", "是", None),
        ("示例出版社", None, "可能", None),
        ("示例医院", None, None, "飞鸽"),
        (" 示例大学（盖章）", None, "否", None),
        ("示例学会", None, "否", None),
    )
    report = load(register, path)
    assert (report.created, report.updated, report.loaded) == (2, 0, 2)
    assert len(report.troubles) == 5
    for line, (word, sentence) in zip(
        (3, 4, 5, 6, 7),
        zip(("单位名称", "不是邮箱", "可能", "飞鸽", "第2行"), report.troubles, strict=True),
        strict=True,
    ):
        assert sentence.startswith(f"第{line}行")
        assert sentence.endswith("。")
        assert word in sentence
    assert unit(register, "示例大学").member is True


def test_loading_again_updates_and_never_doubles(register: Register) -> None:
    load(register, [RosterRow(2, UNIT, addresses=("a@x.example.com", "b@x.example.com"), member=False)])
    report = load(register, [RosterRow(2, f"{UNIT} ", addresses=("b@x.example.com", "c@x.example.com"), member=True)])
    assert (report.created, report.updated) == (0, 1)
    assert (count(register), unit(register, UNIT).member) == (1, True)
    assert unit(register, UNIT).addresses == ("b@x.example.com", "c@x.example.com")


def test_a_unit_that_answered_before_is_the_one_on_the_roster(register: Register, desk: Desk) -> None:
    desk.record(outcome(draft(UNIT)))
    load(register, [RosterRow(2, UNIT, member=True)])
    assert count(register) == 1
    assert unit(register, UNIT).on_roster


def test_a_renamed_unit_is_found_by_its_former_name(register: Register, desk: Desk) -> None:
    desk.record(outcome(draft("示例旧名称有限公司")))
    before = unit(register, "示例旧名称有限公司")
    load(register, [RosterRow(2, "示例新名称有限公司", ("示例旧名称有限公司",))])
    after = unit(register, "示例旧名称有限公司")
    assert (after.id, after.name, count(register)) == (before.id, "示例新名称有限公司", 1)
    assert unit(register, "示例新名称有限公司").id == before.id


def test_a_short_name_shared_by_two_rows_makes_two_units(register: Register) -> None:
    report = load(register, [RosterRow(2, "示例大学", ("示例",)), RosterRow(3, "示例研究院", ("示例",))])
    assert (report.created, report.troubles) == (2, ())


def test_a_former_name_that_is_another_unit_is_left_to_a_person(register: Register) -> None:
    report = load(register, [RosterRow(2, "示例大学"), RosterRow(3, "示例研究院")])
    report = load(register, [RosterRow(2, "示例大学", ("示例研究院",)), RosterRow(3, "示例研究院")])
    assert (report.loaded, count(register)) == (2, 2)
    assert "示例研究院" in report.troubles[0]


def test_the_blank_roster_can_be_filled_and_loaded(register: Register, tmp_path: Path) -> None:
    path = tmp_path / "名册.xlsx"
    rosters.write_blank(path)
    book = load_workbook(path)
    assert tuple(cell.value for cell in book.worksheets[0][1]) == roster_sheet.HEADINGS
    assert load(register, path) == RosterReport(0, 0)
    book.worksheets[0].append((UNIT, "示例代理", None, None, None, None, "a@x.example.com"))
    book.save(path)
    assert load(register, path) == RosterReport(1, 0)
    assert unit(register, "示例代理").addresses == ("a@x.example.com",)


@pytest.mark.parametrize("content", [None, b"no workbook", b"PK\x03\x04 broken"])
def test_what_is_no_roster_is_said_in_one_sentence(register: Register, tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "名册.xlsx"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(Permanent) as raised:
        load(register, path)
    assert "名册" in raised.value.sentence


def test_a_workbook_without_the_headings_is_refused(register: Register, tmp_path: Path) -> None:
    path = sheet(tmp_path / "x.xlsx", ("a", "b"), ("c", "d"))
    with pytest.raises(Permanent) as raised:
        load(register, path)
    assert "单位名称" in raised.value.sentence


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", ()),
        ("a@x.example.com", ("a@x.example.com",)),
        ("A@X.example.com, b@x.example.com", ("a@x.example.com", "b@x.example.com")),
        ("a@x.example.com\nb@x.example.com", ("a@x.example.com", "b@x.example.com")),
        ("a@x.example.com、a@x.example.com", ("a@x.example.com",)),
        ("ａ＠x。example。com", ("a@x.example.com",)),
    ],
)
def test_addresses_of_a_cell(text: str, found: tuple[str, ...]) -> None:
    assert roster_sheet.addresses_in(text) == found


TOO_LONG = f"{'a' * 250}@x.example.com"


@pytest.mark.parametrize("text", ["x", "a@", "@x.example.com", "a@x", "a@x..com", "a@@x.example.com", "无", TOO_LONG])
def test_what_is_no_address(text: str) -> None:
    with pytest.raises(ValueError, match="不是电子邮箱"):
        roster_sheet.addresses_in(text)
