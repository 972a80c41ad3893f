"""The commands of what comes after the form, as typed: stages, follow-ups, units, later deadlines, previews."""

from __future__ import annotations

from pathlib import Path

from promises.post_office import A, B, PostOffice


def _run(post: PostOffice, *words: str) -> str:
    ended = post.command(*words)
    assert (ended.code, ended.err) == (0, ""), ended
    return ended.out


def _refused(post: PostOffice, *words: str) -> str:
    ended = post.command(*words)
    assert ended.code == 2, ended
    assert ended.err.count("\n") == 1, ended.err
    return ended.err


def test_from_a_form_to_a_member(post: PostOffice) -> None:
    post.form(A)
    post.once()
    assert "有意加入" in _run(post, "unit", "show", A.name)
    assert "筹备      未开启" in _run(post, "stage", "list")
    assert "请先开启前一阶段" in _refused(post, "stage", "open", "成立后")
    assert "没有名为“开幕”的阶段" in _refused(post, "stage", "open", "开幕")
    assert "将请 1 家单位提交材料" in _run(post, "stage", "open", "筹备", "--by", "liu")
    assert "已经开启" in _refused(post, "stage", "open", "筹备")
    listed = _run(post, "followup", "list")
    assert listed.count("待交材料") == 3
    assert "发信后起算" in listed
    assert "没有待办的“公章”" in _refused(post, "followup", "received", A.name, "公章")
    assert "该单位现为“已申请”" in _run(post, "followup", "received", A.name, "申请表", "--by", "liu")
    _run(post, "followup", "waive", A.name, "capability", "--by", "liu")
    assert "该单位现为“审核中”" in _run(post, "followup", "received", A.name, "营业执照")
    assert "待审核" in _run(post, "followup", "list", "--unit", A.name)
    assert "没有“贵宾”这种状态" in _refused(post, "unit", "move", A.name, "贵宾", "--reason", "错")
    assert "不能改为“已除名”" in _refused(post, "unit", "move", A.name, "已除名", "--reason", "错")
    assert "已改为“成员单位”" in _run(post, "unit", "move", A.name, "成员单位", "--reason", "审核通过")
    shown = _run(post, "unit", "show", A.name)
    for words in ("成员单位", "审核通过", "联络员", A.contact, "不再要求", "已办"):
        assert words in shown
    assert _run(post, "followup", "list") == "没有所欠的事项。\n"
    assert "所欠" not in _run(post, "followup", "list", "--all", "--unit", A.name)


def test_later_deadlines_late_forms_and_reckoning_anew(post: PostOffice) -> None:
    post.form(A)
    post.once()
    assert "须晚于现行的" in _refused(post, "extend", "--all", "2016-12-01")
    assert "晚于发信期" in _refused(post, "extend", "--all", "2037-01-01")
    assert "不是日期" in _refused(post, "extend", A.name, "下周五")
    assert "请写作 intake extend" in _refused(post, "extend", A.name)
    out = _run(post, "extend", A.name, "2016-12-09")
    assert "已延至2016年12月9日（星期五）17:00，原为2016年12月2日（星期五）17:00" in out
    assert "延至2016年12月9日" in _run(post, "unit", "show", A.name)
    assert _run(post, "followup", "recompute") == "没有差别，未作改动。\n"
    assert _run(post, "accept-late", "--all") == "没有逾期件，未作改动。\n"
    assert "请写明一家单位" in _refused(post, "accept-late")


def test_a_letter_is_looked_at_with_a_units_own_data(post: PostOffice, tmp_path: Path) -> None:
    post.form(B, office_phone="", mobile="")
    post.once()
    assert B.name in _run(post, "letter", "preview", "acknowledgement", "--unit", B.name)
    assert "办公电话或手机号码：请尽快写明" in _run(post, "letter", "preview", "question", "--unit", B.name)
    page = tmp_path / "letter.html"
    _run(post, "letter", "preview", "question", "--unit", B.name, "--to", str(page))
    assert B.name in page.read_text("utf-8")
    assert "目前没有可据以书写这种信函的内容" in _refused(post, "letter", "preview", "cloud-link", "--unit", B.name)
    assert "没有名为" in _refused(post, "letter", "preview", "question", "--unit", A.name)
    assert ".eml 或 .html 结尾" in _refused(post, "letter", "preview", "question", "--to", str(tmp_path / "a.doc"))
