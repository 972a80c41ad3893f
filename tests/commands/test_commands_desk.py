"""The commands of the desk, as typed: what they print, what they do, their exit codes."""

from __future__ import annotations

import json
import os
import sqlite3
from pathlib import Path
from typing import Any

import docx
import openpyxl
from conversations.office_in_memory import at
from promises.nursery import Nursery
from promises.post_office import A, B, C, PostOffice

from program.commands import status
from program.demo import forms, mails
from program.demo.forms import Answers
from program.demo.mails import File


def _run(post: PostOffice, *words: str, code: int = 0) -> str:
    ended = post.command(*words)
    assert (ended.code, ended.err) == (code, ""), ended
    return ended.out


def test_run_once_prints_one_line_and_held_mails_leave_it_well(post: PostOffice) -> None:
    post.story()
    ended = post.once()
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == "收到新邮件 5 封，处理 5 封，登记 3 份，待人工 1 件，发信 4 封。\n"


def test_now_is_the_clock_of_every_stored_time(post: PostOffice) -> None:
    post.story()
    post.once()
    columns = {
        "messages": ("fetched_at", "handled_at"), "letters": ("created_at", "claimed_at", "settled_at", "next_at"),
        "sightings": ("seen_at",), "held": ("opened_at",), "followups": ("opened_at", "asked_at"),
        "units": ("created_at",), "sendings": ("at",), "folders": ("complete_at", "compared_at"),
    }  # fmt: skip
    for table, names in columns.items():
        for name in names:
            for (moment,) in post.query(f"SELECT DISTINCT {name} FROM {table} WHERE {name} IS NOT NULL"):
                assert str(moment).startswith("2016-11-18 02:0"), (table, name, moment)


def test_what_is_overdue_is_owed_too() -> None:
    assert status._owed({"open": 2, "settled": 5}) == "2 项"
    assert status._owed({"open": 2, "overdue": 1}) == "3 项，其中已逾期 1 项"


def test_status_in_words_and_as_json(post: PostOffice) -> None:
    post.story()
    post.once()
    words = _run(post, "status")
    assert "登记：3 家，其中逾期 0 家" in words
    assert "加入联盟：是 3" in words
    assert "待人工：1 件" in words
    found = json.loads(_run(post, "status", "--json"))
    assert list(found) == ["cipoa-2016"]
    assert found["cipoa-2016"]["submissions"] == {"standing": 3}


def test_held_list_show_decide_and_retry(post: PostOffice) -> None:
    filled = forms.pasted(Answers(A.values, "yes", "no"))
    both = filled.replace(f"{forms.JOIN}：是 ☑    否 □", f"{forms.JOIN}：是 ☑    否 ☑")
    post.write(A, "意向书", "acknowledgement", text=both)
    post.once()
    listed = _run(post, "held", "list")
    ((reference, raw_hash),) = post.query("SELECT reference, raw_hash FROM held, messages")
    assert reference in listed
    assert "勾选无法确认" in listed
    shown = _run(post, "held", "show", reference.lower())
    assert A.name in shown
    assert f"{raw_hash}.eml" in shown
    refused = post.command("held", "decide", reference, "也许")
    assert (refused.code, refused.err) == (2, "“也许”不是可用的答复，请写：是、否、空白。\n")
    assert "已记录“是”" in _run(post, "held", "decide", reference, "是", "--by", "liu")
    assert post.query("SELECT answer, decided_by FROM choices WHERE key = 'join'") == [("yes", "liu")]
    assert _run(post, "held", "list") == "没有待办。\n"
    assert post.query("SELECT by, through, word FROM audits") == [("liu", "shell", "是")]
    assert "已撤销“是”" in _run(post, "held", "undo", reference)
    assert reference in _run(post, "held", "list")
    assert post.command("held", "undo", reference).code == 2
    assert "已记录“是”" in _run(post, "held", "decide", reference, "是", "--by", "liu")
    assert "将在下一轮重新读取" in _run(post, "held", "retry", reference)
    post.once(20)
    standing = "SELECT answer FROM choices JOIN submissions s ON s.id = submission_id WHERE key = 'join'"
    assert post.query(f"{standing} AND state = 'standing'") == [("yes",)]
    assert len(post.server.sent) == 1


def test_adopt_shows_compares_and_releases(post: PostOffice) -> None:
    post.environment["OUTBOX__BACKLOG"] = "hold"
    with sqlite3.connect(post.place) as register:
        register.execute("UPDATE facts SET value = '2016-11-18T01:30:00+00:00' WHERE name = 'made_at'")
    for unit in (A, B):
        post.form(unit)
    post.once()
    assert post.server.sent == []
    answer = mails.compose("netease", ("秘书处", post.server.username), at("11-18 09:20"), "收悉", text="收悉，谢谢。")
    answer = answer.replace(f"To: {mails.MAILBOX}".encode(), f"To: {A.email}".encode())
    post.server.store.deliver(answer, "已发送", at("11-18 09:20"), flags=["\\Seen"])
    shown = _run(post, "adopt")
    assert "共 2 封，其中 1 封似已由人答复" in shown
    assert A.email in shown
    assert B.email in shown
    assert _run(post, "adopt", "--release") == "已放行 1 封。\n"
    assert _run(post, "adopt", "--drop") == "已丢弃 1 封。\n"
    assert _run(post, "adopt") == "没有待放行的答复。\n"
    post.once(30)
    # the release was made by the machine's own clock, which is ahead of the story's, and is due all the same
    assert post.query("SELECT recipient, state FROM letters ORDER BY id") == [(A.email, "withdrawn"), (B.email, "sent")]


def test_roster_new_fill_load_and_export(post: PostOffice, tmp_path: Path) -> None:
    roster, ledger = tmp_path / "roster.xlsx", tmp_path / "ledger.xlsx"
    _run(post, "roster", "new", str(roster))
    book = openpyxl.load_workbook(roster)
    sheet = book.worksheets[0]
    titles = [str(cell.value) for cell in sheet[1]]
    for unit in (A, C):
        sheet.append([unit.name if title == "单位名称" else None for title in titles])
    book.save(roster)
    assert "已载入 2 家" in _run(post, "roster", "load", str(roster))
    assert "新增 0 家，更新 2 家" in _run(post, "roster", "load", str(roster))
    post.form(A, contact="=1+1")
    post.once()
    _run(post, "export", str(ledger))
    (first, *_) = openpyxl.load_workbook(ledger).worksheets
    rows = [list(row) for row in first.iter_rows()]
    texts = {str(cell.value): cell for row in rows for cell in row if cell.value is not None}
    assert A.name in texts
    assert C.name in texts  # on the roster, not answered
    assert texts[A.mobile].data_type == "s"
    assert all(cell.data_type != "f" for row in rows for cell in row)
    assert first.freeze_panes
    assert first.auto_filter.ref


def test_print_and_export_are_the_same_for_the_same_time(post: PostOffice, tmp_path: Path) -> None:
    for unit in (A, B):
        post.form(unit)
    post.once()
    now = ("--now", "2016-12-05T10:00:00+08:00")
    for words in (("print", "signin"), ("print", "liaisons", "--order", "strokes"), ("export",)):
        files = [tmp_path / f"{words[-1]}{number}.xlsx" for number in (1, 2)]
        for file in files:
            position = 2 if words[0] == "print" else 1
            assert f"已写入 {file}" in _run(post, *words[:position], str(file), *words[position:], *now)
        assert files[0].read_bytes() == files[1].read_bytes()
    assert "签到表.docx：2 家。" in _run(post, "print", "signin", *now)
    (made,) = post.folder.glob("*签到表.docx")
    rows = [[cell.text for cell in row.cells] for row in docx.Document(str(made)).tables[0].rows]
    assert {row[1] for row in rows[1:]} == {A.name, B.name}
    for wrong in (("signin", "a.pdf"), ("nobody",), ("signin", "--choice", "member"), ("signin", "--without", "传真")):
        refused = post.command("print", *wrong)
        assert (refused.code, refused.out) == (2, "")


def test_init_check_and_preview(post: PostOffice, tmp_path: Path) -> None:
    folder = tmp_path / "new"
    folder.mkdir()
    made = post.nursery.run("init", folder=folder, environment={})
    assert (made.code, made.err) == (0, "")
    assert (folder / "config.toml").stat().st_mode & 0o777 == 0o600
    again = post.nursery.run("init", folder=folder, environment={})
    assert again.code == 2
    environment = {key: value for key, value in post.environment.items() if key not in ("DATA", "STORAGE__URL")}
    checked = post.nursery.run("check", folder=folder, environment=environment)
    assert "Traceback" not in checked.err
    assert "✓" in checked.out
    post.server.moods.login_refused = "LOGIN Login error or password error"
    refused = post.nursery.run("check", folder=folder, environment=environment)
    assert refused.code == 1
    assert "授权码" in refused.out
    shown = post.nursery.run("letter", "preview", "acknowledgement", folder=folder, environment=environment)
    assert (shown.code, shown.err) == (0, "")
    assert "您好" in shown.out
    assert post.server.sent == []


# ---- read ---------------------------------------------------------------------------------------


def test_read_json_has_the_shape_of_the_contract(nursery: Nursery, tmp_path: Path) -> None:
    inside = tmp_path / "来件" / "第一批"
    inside.mkdir(parents=True)
    answers = Answers(A.values, "yes", "blank")
    (inside / "a.docx").write_bytes(forms.docx(answers, "Wingdings符号"))
    (inside / "b.xlsx").write_bytes(forms.xlsx(answers))
    (inside / "c.docx").write_bytes(forms.docx(answers, "☑")[:5000])
    (inside / "d.docx").write_bytes(forms.docx(Answers({}, "blank", "blank"), "☑"))
    (inside / "e.txt").write_text("今天天气很好。", "utf-8")
    mail = mails.compose(
        "qq", (A.contact, A.email), at("11-18 09:00"), "意向书", text="见附件。",
        files=[File("意向书.docx", forms.docx(answers, "☑"))],
    )  # fmt: skip
    (tmp_path / "来件" / "mail.eml").write_bytes(mail)
    ended = nursery.run("read", "--json", "来件", folder=tmp_path, environment={})
    assert (ended.code, ended.err) == (0, "")
    found: list[dict[str, Any]] = [json.loads(line) for line in ended.out.splitlines()]
    assert [Path(each["file"]).name for each in found] == ["mail.eml", "a.docx", "b.xlsx", "c.docx", "d.docx", "e.txt"]
    assert found[1]["file"] == "来件/第一批/a.docx"
    assert all(set(each) == {"file", "kind", "forms", "error"} for each in found)
    assert [len(each["forms"]) for each in found] == [1, 1, 1, 0, 0, 0]
    for each in found[:3]:
        (form,) = each["forms"]
        assert {"values", "choices", "problems"} <= set(form)
        assert form["values"] == dict(A.values)
        assert {key: choice["answer"] for key, choice in form["choices"].items()} == {"join": "yes", "member": "blank"}
        assert all({"answer", "evidence", "where"} <= set(choice) for choice in form["choices"].values())
        assert each["error"] is None
        assert each["kind"] == "form"
    assert found[3]["error"]["code"] == "damaged"
    assert set(found[3]["error"]) == {"code", "message"}
    assert found[4]["error"] is None


def test_read_names_any_file_and_opens_only_what_is_one(nursery: Nursery, tmp_path: Path) -> None:
    inside = tmp_path / "in"
    inside.mkdir()
    odd = os.path.join(os.fsencode(inside), "意向书.docx".encode("gbk"))
    Path(os.fsdecode(odd)).write_bytes(forms.docx(Answers(A.values, "yes", "no"), "☑"))
    (inside / "gone.docx").symlink_to("nowhere.docx")
    os.mkfifo(inside / "pipe")
    ended = nursery.run("read", "--json", "in", folder=tmp_path, environment={})
    assert (ended.code, ended.err) == (0, "")
    found = {each["file"]: each for each in map(json.loads, ended.out.splitlines())}
    assert len(found) == 3
    assert found["in/gone.docx"]["error"]["code"] == found["in/pipe"]["error"]["code"] == "internal"
    assert found[os.path.join("in", os.path.basename(os.fsdecode(odd)))]["kind"] == "form"
    assert nursery.run("read", "in", folder=tmp_path, environment={}).code == 0


def test_read_gives_empty_values_and_problems_as_sentences(nursery: Nursery, tmp_path: Path) -> None:
    answers = Answers({**B.values, "mobile": "", "office_phone": ""}, "yes", "no")
    (tmp_path / "a.docx").write_bytes(forms.docx(answers, "☑"))
    ended = nursery.run("read", "--json", "a.docx", folder=tmp_path, environment={})
    ((form,),) = [json.loads(line)["forms"] for line in ended.out.splitlines()]
    assert (form["values"]["mobile"], form["values"]["office_phone"]) == ("", "")
    assert all(isinstance(problem, str | dict) for problem in form["problems"])
    assert form["problems"]


def test_read_in_words(nursery: Nursery, tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(forms.docx(Answers(A.values, "yes", "no"), "☑"))
    ended = nursery.run("read", "a.docx", folder=tmp_path, environment={})
    assert (ended.code, ended.err) == (0, "")
    assert f"单位名称：{A.name}" in ended.out
    assert "是否愿意加入首都知识产权运营联盟：是" in ended.out


def test_letters_that_wait_are_listed_saved_approved_and_refused(post: PostOffice) -> None:
    post.environment["LETTERS__APPROVE"] = "all"
    post.form(A)
    post.form(B)
    assert _run(post, "letter", "waiting") == "没有待批准的信函。\n"
    post.once()
    listed = _run(post, "letter", "waiting", "--to", "shown")
    assert "共 2 封" in listed
    first, second = (line.split()[0] for line in listed.splitlines()[1:3])
    shown = (post.folder / "shown" / f"{first}.eml").read_bytes()
    assert "不是" not in _run(post, "letter", "approve", first)
    assert "退回：已电话告知" in _run(post, "letter", "refuse", second, "--reason", "已电话告知")
    post.once(5)
    assert [letter.raw for letter in post.letters() if letter.kind == "acknowledgement"] == [shown]
    assert post.query("SELECT word, through FROM audits ORDER BY id") == [
        ("同意发送", "shell"), ("退回：已电话告知", "shell"),
    ]  # fmt: skip
    assert post.command("letter", "approve", first).code == 2
    assert post.command("letter", "approve").code == 2
