"""The roster and the notice from the command line: planned, tried, refused, asked about, queued once."""

from __future__ import annotations

import email
import email.policy
import shutil
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from conversations.office_in_memory import parsed
from promises.nursery import Ended
from promises.post_office import PostOffice

from program import bundled

NOW = ("--now", "2016-11-17T09:00:00+08:00")
HEADINGS = ("单位名称", "联系人", "称谓", "电话", "电子邮箱", "抄送", "方式")
FOUR = (
    ("甲示例公司", "示例甲", "王处长", "010-00000000", "a@a.example.com", "copy@a.example.com", ""),
    ("乙示例公司", "示例乙", "", "", "b@b.example.com", "", "自动"),
    ("丙示例公司", "", "", "", "c@c.example.com", "", "仅人工"),
    ("丁示例公司", "", "", "", "d@d.example.com", "", "勿扰"),
)


def roster(post: PostOffice, *rows: tuple[Any, ...], name: str = "名册.xlsx") -> str:
    book = openpyxl.Workbook()
    page: Any = book.active
    for row in (HEADINGS, *rows):
        page.append(row)
    book.save(post.folder / name)
    return name


def send(post: PostOffice, *more: str, file: str = "名册.xlsx") -> Ended:
    return post.command("circular", "send", "notice", "--to", file, *NOW, *more)


def letters(post: PostOffice) -> list[tuple[str, str]]:
    rows = post.query("SELECT recipient, state FROM letters WHERE kind = 'circular' ORDER BY id")
    return [(recipient, state) for recipient, state in rows]


@pytest.fixture
def own(post: PostOffice) -> Path:
    """A campaign folder of the operator's own."""
    folder = post.folder / "campaign"
    shutil.copytree(bundled.campaigns()[bundled.DEFAULT_CAMPAIGN], folder)
    shutil.copytree(bundled.templates() / "common", post.folder / "common")
    post.environment["CAMPAIGN"] = str(folder)
    return folder


def change(folder: Path, old: str, new: str) -> None:
    file = folder / "campaign.toml"
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")


# ---- the roster ---------------------------------------------------------------------------------


def test_a_roster_that_changes_much_is_asked_about(post: PostOffice) -> None:
    first = post.command("roster", "load", roster(post, *FOUR))
    assert (first.code, first.out.splitlines()[-1]) == (0, "已载入 4 家：新增 4 家，更新 0 家。")
    changed = (("甲示例公司", "", "", "", "new@a.example.com", "", ""), *FOUR[1:3])
    asked = post.command("roster", "load", roster(post, *changed))
    assert asked.code == 2
    assert "请加 --yes" in asked.err
    assert "甲示例公司（a@a.example.com、copy@a.example.com → new@a.example.com）" in asked.out
    assert "不再列入 1 家：\n  丁示例公司" in asked.out
    loaded = post.command("roster", "load", "名册.xlsx", "--yes")
    assert (loaded.code, loaded.out.splitlines()[-1]) == (0, "已载入 3 家：新增 0 家，更新 3 家。")
    assert post.query("SELECT count(*) FROM units") == [(4,)]


def test_bad_rows_are_said_and_the_others_loaded(post: PostOffice) -> None:
    rows = (*FOUR, ("", "", "", "", "x@x.example.com", "", ""), ("戊示例公司", "", "", "", "不是邮箱", "", ""))
    loaded = post.command("roster", "load", roster(post, *rows))
    assert loaded.code == 0
    assert loaded.err == "第6行未载入：没有填写单位名称。\n第7行未载入：“不是邮箱”不是电子邮箱。\n"
    assert "已载入 4 家" in loaded.out


# ---- plan ---------------------------------------------------------------------------------------


def test_the_plan_shows_days_end_and_rounds_and_changes_nothing(post: PostOffice) -> None:
    many = [(f"示例{number}公司", "", "", "", f"u{number}@u{number}.example.com", "", "") for number in range(200)]
    planned = post.command("circular", "plan", "notice", "--to", roster(post, *many), *NOW)
    assert (planned.code, planned.err) == (0, "")
    lines = planned.out.splitlines()
    assert lines[0] == "通知 200 家；共 200 封邮件。"
    assert lines[1].split() == ["日期", "通知", "提醒", "回执（预计）", "合计", "通知和提醒最多"]
    assert lines[2].split() == ["2016年11月17日（星期四）", "70", "0", "0", "70", "70"]
    assert "通知：2016年11月22日（星期二）发完。" in lines
    assert any(line.startswith("提醒：2016年11月25日（星期五）10:00") and "排不下" in line for line in lines)
    assert post.query("SELECT count(*) FROM units") == [(0,)]


def test_another_name_is_refused(post: PostOffice) -> None:
    wrong = post.command("circular", "plan", "invitation", *NOW)
    assert (wrong.code, wrong.err) == (2, "没有名为“invitation”的通知，可用：notice。\n")


# ---- send ---------------------------------------------------------------------------------------


def test_without_a_yes_nothing_is_queued(post: PostOffice) -> None:
    asked = send(post, file=roster(post, *FOUR))
    assert asked.code == 2
    assert "请加 --yes" in asked.err
    assert "通知 2 家，另有抄送件 1 封；共 3 封邮件。" in asked.out
    assert "不发 1 家（方式为仅人工）：丙示例公司。" in asked.out
    assert "不发 1 家（方式为勿扰）：丁示例公司。" in asked.out
    assert asked.out.count("样信") == 3
    assert "主题：关于征集首都知识产权运营联盟成员单位的通知：甲示例公司" in asked.out
    assert letters(post) == []


def test_one_letter_a_unit_and_never_a_second_one(post: PostOffice) -> None:
    done = send(post, "--yes", file=roster(post, *FOUR))
    assert done.code == 0
    assert "已排发 3 封" in done.out
    assert "样例" in done.err  # the bundled stand-ins are named
    expected = [("a@a.example.com", "waiting"), ("b@b.example.com", "waiting"), ("copy@a.example.com", "waiting")]
    assert letters(post) == expected
    again = send(post, "--yes")
    assert (again.code, again.out.splitlines()[-1]) == (0, "没有需要排发的通知。")
    assert letters(post) == expected


def test_after_a_corrected_address_the_notice_is_offered_again(post: PostOffice) -> None:
    send(post, "--yes", file=roster(post, *FOUR))
    moved = ("乙示例公司", "示例乙", "", "", "new@b.example.com", "", "")
    again = send(post, "--yes", file=roster(post, FOUR[0], moved, *FOUR[2:]))
    assert "已排发 1 封" in again.out
    assert letters(post)[1:] == [
        ("b@b.example.com", "withdrawn"), ("copy@a.example.com", "waiting"), ("new@b.example.com", "waiting")
    ]  # fmt: skip
    back = send(post, "--yes", file=roster(post, *FOUR))
    assert "已排发 1 封" in back.out
    assert letters(post)[-1] == ("b@b.example.com", "waiting")


def test_a_dry_run_writes_every_letter_and_queues_nothing(post: PostOffice) -> None:
    done = send(post, "--dry-run", "--out", "试写", file=roster(post, *FOUR))
    assert done.code == 0
    files = sorted((post.folder / "试写").glob("*.eml"))
    assert [file.name for file in files] == ["0001-甲示例公司.eml", "0002-乙示例公司.eml", "0003-甲示例公司.eml"]
    summary = (post.folder / "试写" / "汇总.txt").read_text("utf-8")
    assert "不发 1 家（方式为仅人工）：丙示例公司。" in summary
    assert "copy@a.example.com（抄送件）　甲示例公司" in summary
    letter = parsed(files[0].read_bytes(), "a@a.example.com")
    assert "甲示例公司王处长：" in letter.text
    assert letter.files[1] == "附件1 入盟意向书（甲示例公司）.docx"
    form = docx.Document(BytesIO(attachment(files[0], letter.files[1])))
    cells = {cell.text for row in form.tables[0].rows for cell in row.cells}
    assert {"甲示例公司", "示例甲", "010-00000000"} <= cells
    assert "抄送件" in parsed(files[2].read_bytes(), "copy@a.example.com").text
    assert (letters(post), post.query("SELECT count(*) FROM units")) == ([], [(0,)])
    assert send(post, "--dry-run", "--out", "试写").code == 2  # never among files that are there


def attachment(file: Path, name: str) -> bytes:
    mail = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    content = next(part.get_content() for part in mail.iter_attachments() if part.get_filename() == name)
    assert isinstance(content, bytes)
    return content


def test_one_letter_can_be_sent_to_the_office_itself(post: PostOffice) -> None:
    done = send(post, "--test-to", "office@example.com", "--by", "刘", file=roster(post, *FOUR))
    assert (done.code, done.out.splitlines()[-1]) == (0, "已向 office@example.com 试发一封。")
    (letter,) = post.letters()
    assert letter.recipient == "office@example.com"
    assert "（试发）" in letter.subject
    assert letters(post) == [("office@example.com", "sent")]
    assert "尚未排发通知" in post.command("circular", "status", *NOW).out
    noted = post.query("SELECT by, through, word FROM audits WHERE what = 'circular'")
    assert noted == [("刘", "shell", "试发通知1封至office@example.com")]


def test_status_counts_and_says_the_end(post: PostOffice) -> None:
    send(post, "--yes", file=roster(post, *FOUR))
    said = post.command("circular", "status", *NOW)
    assert said.code == 0
    assert "通知 2 家，待发 2，已发 0，被拒 0，退信 0；已答复 0 家。" in said.out
    assert "抄送件 1 封，待发 1" in said.out
    assert "预计2016年11月17日（星期四）发完。" in said.out


# ---- refused before anything is queued ----------------------------------------------------------


def refused(post: PostOffice, *words: str) -> None:
    ended = send(post, "--yes", file=roster(post, *FOUR))
    assert ended.code == 2, ended
    assert len(ended.err.strip().splitlines()) <= 2
    for word in words:
        assert word in ended.err
    assert (letters(post), post.query("SELECT count(*) FROM units")) == ([], [(0,)])


def test_a_missing_file(post: PostOffice, own: Path) -> None:
    (own / "documents" / "附件2 倡议书（样例）.docx").unlink()
    refused(post, "附件2 倡议书（样例）.docx", "找不到")


def test_a_name_that_there_is_not_in_the_letter(post: PostOffice, own: Path) -> None:
    template = own / "letters" / "circular.txt"
    template.write_text(template.read_text("utf-8") + "\n{{ telefone }}\n", "utf-8")
    refused(post, "circular.txt", "行", "telefone")


def test_a_name_that_there_is_not_in_the_form(post: PostOffice, own: Path) -> None:
    place = own / "documents" / "附件1 入盟意向书.docx"
    form = docx.Document(str(place))
    form.add_paragraph("{{ telefone }}")
    form.save(str(place))
    refused(post, "附件1 入盟意向书.docx", "telefone")


def test_letters_that_are_too_large(post: PostOffice, own: Path) -> None:
    (own / "documents" / "通知（样例）.docx").write_bytes(b"x" * (8 << 20))
    refused(post, "超过上限10MB", "most_mb")


def test_a_notice_that_would_end_too_late(post: PostOffice, own: Path) -> None:
    change(own, "# finish_by = 2016-11-29 ", "finish_by = 2016-11-16 ")
    refused(post, "晚于2016年11月16日（星期三）")


def test_a_notice_after_the_deadline(post: PostOffice) -> None:
    late = post.command(
        "circular", "send", "notice", "--to", roster(post, *FOUR), "--yes", "--now", "2016-12-03T09:00:00+08:00"
    )
    assert (late.code, letters(post)) == (2, [])
    assert "已于2016年12月2日（星期五）17:00截止" in late.err


def test_a_key_that_there_is_not(post: PostOffice, own: Path) -> None:
    change(own, "prefill = true", "prefil = true")
    refused(post, "[circular]", "prefil")
