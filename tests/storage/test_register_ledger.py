"""The ledger and the figures say what the register holds, and nothing in them is dangerous."""

from __future__ import annotations

import ast
import errno
import io
import json
import os
import stat
import time
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from openpyxl import load_workbook
from storage_office import CAMPAIGN, FORM, NOW, UNIT, Desk, answers, draft, hours, letter, outcome, raw_mail

from intake.answers import Choice, Problem, Value
from intake.campaign import Campaign, ChoiceSpec, FieldSpec, FormSpec
from intake.errors import DiskFull, Permanent
from intake.office_words import AUDITED
from intake.outcome import HeldDraft
from intake.verdict import Verdict
from program.commands.status import words
from storage import audits, figures, followups, gates, ledger, liaisons, mails, recomputing, rosters, standings, units
from storage.register import Register
from storage.rosters import RosterRow

SPEC = FormSpec(
    CAMPAIGN,
    "示例意向书",
    (
        FieldSpec("unit", "单位名称", "unit", ("单位名称",)),
        FieldSpec("contact", "联系人姓名", "person", ("联系人姓名",)),
        FieldSpec("mobile", "手机号码", "mobile", ("手机号码",)),
    ),
    (
        ChoiceSpec("join", "是否愿意加入", "加入联盟", ("是", "否"), ("是否愿意加入",)),
        ChoiceSpec("member", "是否愿意成为会员", "成为会员", ("是", "否"), ("是否愿意成为会员",), may_be_member=True),
    ),
)
OPENS = datetime(2016, 11, 17, tzinfo=UTC)
SAMPLE = Campaign(
    CAMPAIGN, "示例征集", "示例〔2016〕1号", OPENS, OPENS + timedelta(days=15), OPENS + timedelta(days=60), SPEC
)


@pytest.fixture
def filled(register: Register, desk: Desk) -> Register:
    with register.writing() as tx:
        rosters.load(tx, [RosterRow(2, UNIT, member=True), RosterRow(3, "示例学会"), RosterRow(4, "示例医院")], NOW)
    values = {"unit": Value(UNIT), "contact": Value("=cmd|' /C calc'!A0"), "mobile": Value("013800000000")}
    problems = (Problem("suspicious", "mobile", "手机号码位数不对。"),)
    choices = answers(join="yes") | {"member": Choice("member", "blank", "", "第5行", already_member=True)}
    desk.record(outcome(draft(values=values, problems=problems, choices=choices, sealed_copy=True)))
    unclear = HeldDraft("unclear", "=危险", 0, "join")
    desk.record(
        outcome(draft("示例大学", join="unclear", lateness="late"), held=(unclear,), letters=(letter(),)),
        at=NOW + hours(1),
    )
    desk.record(outcome(verdict=Verdict("unrelated", ("nothing",))))
    desk.receive()
    return register


def write(register: Register, path: Path) -> Any:
    with register.reading() as tx:
        ledger.write(tx, path, SAMPLE, NOW)
    return load_workbook(path)


def table(page: Any) -> list[dict[str, Any]]:
    rows = [[cell.value for cell in row] for row in page.iter_rows()]
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


def test_each_unit_has_its_row_and_those_missing_too(filled: Register, tmp_path: Path) -> None:
    book = write(filled, tmp_path / "台账.xlsx")
    assert book.sheetnames == ["登记表", "状态变更", "统计", "待办", "未回复", "事项", "通知", "操作记录"]
    first, second, third, fourth = table(book["登记表"])
    assert (first["单位名称"], first["状态"], first["是否会员（名册）"]) == (UNIT, "已登记", "是")
    assert (first["加入联盟"], first["成为会员"], first["加入联盟：依据"]) == ("是", "已是会员", "第4行：☑")
    assert (first["收到时间（北京时间）"], first["是否按时"]) == ("2016-11-21 10:00:00", "按时")
    assert (first["盖章件"], first["问题"], first["来源"]) == ("有", "手机号码位数不对", "意向书.docx")
    assert (second["单位名称"], second["加入联盟"], second["是否按时"]) == ("示例大学", "待确认", "逾期")
    assert [(row["单位名称"], row["状态"], row["加入联盟"]) for row in (third, fourth)] == [
        ("示例学会", "尚未答复", None),
        ("示例医院", "尚未答复", None),
    ]


def test_where_a_unit_stands_its_liaison_and_a_late_form_that_counts(filled: Register, tmp_path: Path) -> None:
    with filled.writing() as tx:
        unit_id, late = units.find(tx, UNIT), units.find(tx, "示例大学")
        assert unit_id is not None
        assert late is not None
        for day, (status, reason, by) in enumerate((("intends", "", None), ("applied", "已交材料", "liu"))):
            standings.write(tx, CAMPAIGN, unit_id, status, NOW + timedelta(days=day), reason=reason, by=by)
        standings.write(tx, CAMPAIGN, late, "intends", NOW + timedelta(days=2))
        liaisons.name(tx, CAMPAIGN, unit_id, {"mobile": "13800000000", "contact": "示例联络员"}, NOW)
        recomputing.accept_late(tx, CAMPAIGN, [late], "liu", NOW + timedelta(days=3))
    book = write(filled, tmp_path / "台账.xlsx")
    first, second, third, _ = table(book["登记表"])
    assert (first["单位现状"], first["现状起于"]) == ("已申请", "2016-11-22")
    assert first["联络员"] == "示例联络员，13800000000"
    assert (second["单位现状"], second["是否按时"], second["准予计入时间"]) == (
        "有意加入",
        "逾期，已准予计入",
        "2016-11-24",
    )
    assert (third["单位现状"], third["联络员"], third["准予计入时间"]) == (None, None, None)
    assert [tuple(row.values()) for row in table(book["状态变更"])] == [
        (UNIT, "有意加入", "2016-11-21", None, None),
        (UNIT, "已申请", "2016-11-22", "已交材料", "liu"),
        ("示例大学", "有意加入", "2016-11-23", None, None),
    ]
    counted = {(row["项目"], row["结果"]): row["数量"] for row in table(book["统计"])}
    assert (counted[("单位现状", "有意加入")], counted[("单位现状", "已申请")]) == (1, 1)
    assert (counted[("其中逾期", None)], counted[("逾期后准予计入", None)]) == (0, 1)
    with filled.reading() as tx:
        found = figures.status(tx, NOW, CAMPAIGN)
    said = words(SAMPLE, found)
    assert "现状：有意加入 1，已申请 1" in said
    assert "登记：2 家，其中逾期 0 家，逾期后准予计入 1 家" in said


def test_what_a_unit_wrote_is_text(filled: Register, tmp_path: Path) -> None:
    book = write(filled, tmp_path / "台账.xlsx")
    page = book["登记表"]
    by_heading = {cell.value: page.cell(2, cell.column) for cell in page[1]}
    for heading, text in (("联系人姓名", "=cmd|' /C calc'!A0"), ("手机号码", "013800000000")):
        cell = by_heading[heading]
        assert (cell.value, cell.data_type, cell.number_format) == (text, "s", "@")
    assert by_heading["联系人姓名"].quotePrefix
    assert all(cell.data_type != "f" for sheet in book for row in sheet.iter_rows() for cell in row)


@pytest.mark.parametrize("text", ["=1+1", "+86", "-1", "@SUM(A1)", "\t=1", "\x00\x0b\ud800", "长" * 40_000, "'quoted"])
def test_no_text_breaks_the_workbook(register: Register, desk: Desk, tmp_path: Path, text: str) -> None:
    desk.record(outcome(draft(values={"unit": Value(UNIT), "contact": Value(text)}, sources=(text,))))
    book = write(register, tmp_path / "台账.xlsx")
    assert all(cell.data_type != "f" for sheet in book for row in sheet.iter_rows() for cell in row)


def test_the_sheets_can_be_worked_with(filled: Register, tmp_path: Path) -> None:
    book = write(filled, tmp_path / "台账.xlsx")
    for page in book:
        assert page.auto_filter.ref == page.dimensions
        assert page.freeze_panes is not None
        assert all(8 <= size.width <= 60 for size in page.column_dimensions.values())
    marks = {mark.name: mark.value for mark in book.custom_doc_props.props}
    assert marks == {"cipsa-intake": "ledger"}


def test_nothing_in_the_package_makes_excel_or_wps_mend_it(filled: Register, tmp_path: Path) -> None:
    write(filled, tmp_path / "台账.xlsx")
    with zipfile.ZipFile(tmp_path / "台账.xlsx") as packed:
        names = packed.namelist()
        parts = {name: etree.fromstring(packed.read(name)) for name in names if name.endswith((".xml", ".rels"))}
    main = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    assert len(names) == len(set(names))
    sheets = [sheet.get("name") or "" for sheet in parts["xl/workbook.xml"].iter(f"{main}sheet")]
    assert all(0 < len(name) <= 31 and not set(name) & set("[]:*?/\\'") for name in sheets)
    defined = {
        (one.get("name"), one.get("localSheetId")): one.text
        for one in parts["xl/workbook.xml"].iter(f"{main}definedName")
    }
    for at, name in enumerate(sheets):
        assert (defined["_xlnm.Print_Titles", str(at)] or "").startswith(f"'{name}'!$1:$1")
        assert (defined["_xlnm._FilterDatabase", str(at)] or "").startswith(f"'{name}'!$A$1:")
    assert len(parts["xl/styles.xml"].findall(f"{main}cellXfs/{main}xf")) < 20
    cells = [cell for root in parts.values() for cell in root.iter(f"{main}c")]
    assert {cell.get("t") for cell in cells} == {"inlineStr", "n"}  # text and numbers, nothing by reference
    assert not [root.tag for root in parts.values() for _ in root.iter(f"{main}f")]
    targets = {one.get("PartName", "").lstrip("/") for one in parts["[Content_Types].xml"]} - {""}
    assert targets <= set(names)


def test_tallies_and_what_waits(filled: Register, tmp_path: Path) -> None:
    book = write(filled, tmp_path / "台账.xlsx")
    counted = {(row["项目"], row["结果"]): row["数量"] for row in table(book["统计"])}
    assert counted[("已登记单位", None)] == 2
    assert counted[("其中逾期", None)] == 1
    assert (counted[("名册单位", "已答复")], counted[("名册单位", "尚未答复")]) == (1, 2)
    assert (counted[("加入联盟", "是")], counted[("加入联盟", "否")], counted[("加入联盟", "待确认")]) == (1, 0, 1)
    (row,) = table(book["待办"])
    assert (row["事由"], row["单位"], row["说明"]) == ("勾选无法确认", "示例大学", "=危险")


def test_what_units_owe_what_became_of_the_notice_and_who_changed_what(
    filled: Register, desk: Desk, tmp_path: Path
) -> None:
    with filled.writing() as tx:
        ids = [units.find(tx, name) for name in (UNIT, "示例学会", "示例大学")]
        owing, told, unsure = (unit_id or 0 for unit_id in ids)
        for key, asked in (("mobile", NOW), ("paper", NOW + hours(1))):
            followups.begin(tx, CAMPAIGN, owing, "missing", key, NOW, asked_at=asked, due_at=NOW + timedelta(days=3))
        followups.end(tx, CAMPAIGN, owing, "paper", NOW + hours(2), by="liu")
        first = audits.note(tx, at=NOW, by="liu", through="shell", what="held", word="=是", reference="A7K2QX",
                            unit_id=unsure, campaign=CAMPAIGN)  # fmt: skip
        undone = audits.note(tx, at=NOW + hours(1), by="secretariat@example.com", through="mail", what="undo",
                             word="撤销", reference="A7K2QX", campaign=CAMPAIGN)  # fmt: skip
        audits.mark_undone(tx, first, undone)
        audits.note(tx, at=NOW, by="liu", through="shell", what="held", word="否", campaign="another-2017")
    gone, back = (desk.write(letter(name, "circular", f"{name}@example.com"), unit_id=told) for name in "ab")
    desk.send(gone.id)
    desk.send(back.id, state="refused", reply="550 User unknown")
    with filled.reading() as tx:
        ledger.write(tx, tmp_path / "台账.xlsx", SAMPLE, NOW, {"mobile": "手机号码", "paper": "申请表"}.__getitem__)
    book = load_workbook(tmp_path / "台账.xlsx")
    owed = [list(row.values()) for row in table(book["事项"])]
    assert owed[0][:6] == [UNIT, "待补填", "手机号码", "待办", "2016-11-21 10:00", "2016-11-24 10:00"]
    assert (owed[1][2:4], owed[1][9:]) == (["申请表", "已办"], ["2016-11-21 12:00", "liu"])
    notices = [list(row.values()) for row in table(book["通知"])]
    assert ["示例学会", "a@example.com", "主送", "已发", "2016-11-21 10:00:00", None, None] in notices
    assert ["示例学会", "b@example.com", "主送", "被拒", "2016-11-21 10:00:00", None, "550 User unknown"] in notices
    assert [UNIT, None, None, "未发", None, "已答复", None] in notices
    assert len(notices) == 4  # two letters, and two more units of the roster
    assert [list(row.values()) for row in table(book["操作记录"])] == [
        ["2016-11-21 10:00:00", "liu", "命令行", "待办决定", "A7K2QX", "示例大学", "=是", "已撤销"],
        ["2016-11-21 11:00:00", "secretariat@example.com", "邮件", "撤销", "A7K2QX", None, "撤销", None],
    ]


def test_a_ledger_without_a_notice_lists_none(filled: Register, tmp_path: Path) -> None:
    book = write(filled, tmp_path / "台账.xlsx")
    assert [table(book[name]) for name in ("事项", "通知", "操作记录")] == [[], [], []]
    with filled.reading() as tx:
        attached = load_workbook(io.BytesIO(ledger.content(tx, SAMPLE, NOW)))
    assert set(book.sheetnames) - set(attached.sheetnames) == {"通知"}


def test_the_same_register_and_time_give_the_same_bytes(
    filled: Register, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = tmp_path / "1.xlsx", tmp_path / "2.xlsx"
    write(filled, one)
    later = time.time() + 90_000
    monkeypatch.setattr(time, "time", lambda: later)
    write(filled, other)
    assert one.read_bytes() == other.read_bytes()
    with zipfile.ZipFile(one) as packed:
        assert {entry.date_time for entry in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert packed.read("docProps/core.xml").count(b"2016-11-21T02:00:00Z") == 2  # made, and changed


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_the_file_is_replaced_whole_and_private(
    filled: Register, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    path = tmp_path / "台账.xlsx"
    write(filled, path)
    before = path.read_bytes()
    if os.name != "nt":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600

    def full(old: object, new: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(DiskFull):
        write(filled, path)
    assert path.read_bytes() == before
    assert list(tmp_path.glob(".*")) == []


def test_a_folder_that_is_not_there_is_said(filled: Register, tmp_path: Path) -> None:
    with pytest.raises(Permanent) as raised:
        write(filled, tmp_path / "none" / "台账.xlsx")
    assert "无法写入" in raised.value.sentence


def test_a_person_s_answer_is_marked(filled: Register) -> None:
    spec = SPEC.choices[0]
    assert ledger.answer_text(Choice("join", "no"), spec, decided=True) == "否（人工确认）"
    assert ledger.answer_text(Choice("join", "同意;弃权"), spec) == "同意；弃权"
    assert ledger.answer_text(None, spec) == ""


def test_figures_count_what_is_there(filled: Register) -> None:
    with filled.writing() as tx:
        gates.shut(tx, "smtp", "550 MI:SFQ", NOW + hours(1), now=NOW)
        mails.receive(tx, [(raw_mail(99, fault="short"), None)], now=NOW, made_at=filled.made_at)
        mails.raise_mark(tx, "box", "INBOX", 1, 99)
        mails.set_complete(tx, "box", "INBOX", NOW)
    with filled.reading() as tx:
        found = figures.status(tx, NOW, CAMPAIGN)
        everything = figures.status(tx, NOW)
    assert found.messages == {"handled": 2, "held": 1, "received": 1} == everything.messages
    assert found.kinds == {"form": 2, "unrelated": 1}
    assert found.submissions == {"standing": 2}
    assert (found.late, found.disputed) == (1, 0)
    assert found.choices == {"join": {"unclear": 1, "yes": 1}, "member": {"blank": 2}}
    assert (found.held, found.letters) == ({"unclear": 1}, {"acknowledgement": {"waiting": 1}})
    assert (found.roster_units, found.roster_answered, found.without_row) == (3, 1, 1)
    assert [state.complete_at for state in found.folders] == [NOW]
    assert [gate.name for gate in found.gates] == ["smtp"]
    assert json.loads(json.dumps(found.as_dict()))["folders"][0]["complete_at"] == NOW.isoformat()


def test_another_campaign_counts_nothing_of_this_one(filled: Register) -> None:
    with filled.reading() as tx:
        found = figures.status(tx, NOW, "another-2017")
    assert (found.messages, found.submissions, found.choices, found.held) == ({"received": 1}, {}, {}, {})


def test_the_backlog_is_counted(register: Register, desk: Desk) -> None:
    desk.record(outcome(letters=(letter(),), verdict=FORM), at=register.made_at - hours(1))
    with register.reading() as tx:
        assert figures.status(tx, NOW).backlog == 1


def test_each_kind_of_audit_has_a_word_for_the_office() -> None:
    root = Path(audits.__file__).parents[1]
    noted = {
        word.value.value
        for package in ("storage", "outbox", "scheduler", "program")
        for path in (root / package).rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "audits.note"
        for word in call.keywords
        if word.arg == "what" and isinstance(word.value, ast.Constant)
    }
    assert len(noted) >= 5
    assert noted <= set(AUDITED)
