"""What is done from the shell stands in the audit, one entry a command: in ledger, digest and story."""

from __future__ import annotations

import json

import openpyxl
import pytest
from conversations.office_in_memory import at
from promises.post_office import A, B, C, D, PostOffice

from program.demo import forms, mails
from program.demo.forms import Answers

ROSTER = ("单位名称", "电子邮箱")
WHO = ("--by", "刘")
LATER = "2016年12月9日（星期五）17:00"


def _run(post: PostOffice, *words: str) -> str:
    ended = post.command(*words)
    assert ended.code == 0, ended
    return ended.out


def _roster(post: PostOffice, **addresses: str) -> str:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.append(ROSTER)
    for unit in (A, B, D):
        page.append((unit.name, addresses.get(f"of_{unit.number}", unit.email)))
    book.save(post.folder / "名册.xlsx")
    return "名册.xlsx"


def _noted(post: PostOffice) -> list[tuple[str, ...]]:
    """What was done, to which unit, in which words; by whom and through what in one."""
    statement = """SELECT what, coalesce(name, ''), word, by || ' ' || through
                   FROM audits LEFT JOIN units ON units.id = unit_id ORDER BY audits.id"""
    return post.query(statement)


def _kept(post: PostOffice, column: str) -> dict[str, object]:
    ((text,),) = post.query(f"SELECT {column} FROM audits ORDER BY id DESC LIMIT 1")
    told: dict[str, object] = json.loads(text)
    return told


@pytest.fixture
def busy(post: PostOffice) -> PostOffice:
    """A has answered, C has asked something, D's form came by fax after the deadline."""
    post.form(A)
    post.write(C, "咨询", "received", text="请问加入联盟是否需要缴纳会费？")
    post.once()
    file = post.folder / "意向书.docx"
    file.write_bytes(forms.docx(Answers(D.values, "yes", "no"), "☑"))
    _run(post, "enter", str(file), "--channel", "传真", "--at", "2016-12-05T10:00", *WHO)
    return post


def test_each_command_notes_what_it_changed(busy: PostOffice) -> None:
    ((reference,),) = busy.query("SELECT reference FROM held WHERE reason != 'disputed' ORDER BY id LIMIT 1")
    roster = _roster(busy)
    table: list[tuple[tuple[str, ...], str, str, str]] = [
        (("roster", "load", roster), "roster", "", "载入名册3家：新增1家"),
        (("circular", "send", "notice", "--to", roster, "--yes", "--now", "2016-11-18T11:00:00+08:00"), "circular", "",
         "排发通知1封（1家单位）"),
        (("extend", D.name, "2016-12-04", "--reason", "来电申请"), "extend", D.name,
         "截止时间延至2016年12月4日（星期日）17:00（来电申请）"),
        (("extend", "--all", "2016-12-04T18:00"), "extend", "", "全部单位的截止时间延至2016年12月4日（星期日）18:00"),
        (("accept-late", D.name, "--no-letter"), "late", D.name, "逾期件准予计入"),
        (("stage", "open", "筹备"), "stage", "", "开启阶段“筹备”，请2家单位提交材料"),
        (("followup", "received", A.name, "申请表"), "owed", A.name, "“入盟申请表”已收到，状态改为“已申请”"),
        (("followup", "waive", A.name, "capability", "--reason", "已有材料"), "owed", A.name, "（已有材料）"),
        (("followup", "received", A.name, "营业执照"), "owed", A.name, "已收到，状态改为“审核中”"),
        (("unit", "move", A.name, "成员单位", "--reason", "审核通过"), "status", A.name,
         "状态由“审核中”改为“成员单位”（审核通过）"),
        (("held", "retry", reference), "retry", "", "重新读取原邮件"),
    ]  # fmt: skip
    for words, what, unit, word in table:
        before = _noted(busy)
        _run(busy, *words, *WHO)
        new = [row for row in _noted(busy)[len(before) :] if row[0] == what]
        assert [row[:2] + row[3:] for row in new] == [(what, unit, "刘 shell")], words
        assert word in new[0][2]
    assert [row[0] for row in _noted(busy)].count("roster") == 2


def test_what_is_refused_or_changes_nothing_is_not_noted(busy: PostOffice) -> None:
    before = _noted(busy)
    for words in (
        ("extend", "--all", "2016-12-01"), ("unit", "move", A.name, "已除名", "--reason", "错"),
        ("stage", "open", "成立后"), ("followup", "waive", A.name, "公章"), ("held", "retry", "ZZZZZZ"),
    ):  # fmt: skip
        assert busy.command(*words).code == 2
    for words in (("accept-late", A.name), ("followup", "recompute", "--yes"), ("adopt", "--drop")):
        _run(busy, *words)
    assert _noted(busy) == before


def test_a_later_deadline_for_all_is_one_line_everywhere(busy: PostOffice) -> None:
    _run(busy, "extend", "--all", "2016-12-09", "--reason", "会议决定", *WHO)
    line = f"全部单位的截止时间延至{LATER}（会议决定）"
    assert line in _run(busy, "find", A.name)
    assert _run(busy, "digest", "preview").count(line) == 1
    _run(busy, "export", "台账.xlsx")
    page = openpyxl.load_workbook(busy.folder / "台账.xlsx")["操作记录"]
    rows = [[cell or "" for cell in row] for row in page.iter_rows(values_only=True)]
    assert [row[1:7] for row in rows if row[6] == line] == [["刘", "命令行", "延期", "", "", line]]


def test_a_changed_address_stands_in_the_story_of_its_unit_alone(post: PostOffice) -> None:
    _run(post, "roster", "load", _roster(post), *WHO)
    _run(post, "roster", "load", _roster(post, **{f"of_{B.number}": "new@unit.example.com"}), "--yes", *WHO)
    assert _kept(post, "before")["addresses"] == {B.name: [B.email]}
    assert _kept(post, "after")["addresses"] == {B.name: ["new@unit.example.com"]}
    assert "刘（命令行）  载入名册3家：邮箱有变1家" in _run(post, "find", B.name)
    assert "载入名册" not in _run(post, "find", A.name)


@pytest.mark.parametrize(("way", "word"), [("--drop", "丢弃"), ("--release", "放行")])
def test_the_first_days_letters_are_noted(post: PostOffice, way: str, word: str) -> None:
    post.environment["OUTBOX__BACKLOG"] = "hold"
    for hour, unit in enumerate((A, B), 6):
        when = at(f"11-17 {hour:02d}:00")
        text = forms.pasted(Answers(unit.values, "yes", "no"))
        post.server.store.deliver(
            mails.compose("outlook", (unit.contact, unit.email), when, "意向书", text=text), "INBOX", when
        )
    post.once()
    assert f"已{word} 2 封" in _run(post, "adopt", way, *WHO)
    assert _noted(post) == [("backlog", "", f"{word}启用前来信的答复2封", "刘 shell")]
    assert f"{word}启用前来信的答复2封" in _run(post, "find", A.name)
