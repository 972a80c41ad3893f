"""Facts in, sentences out: a table of letters, each row what must and what must not be said."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from outbox_office import JOIN, NOW, campaign, due, flat, letters, parsed, row, say, texts, unit

from outbox.compose import KINDS
from outbox.desk import UNASKED

MEMBER_BLANK = "“成为协会会员”一项未填写，如有意向，回复本邮件告知即可"
FORM = "首都知识产权运营联盟入盟意向书"
THANKS = "感谢贵单位对首都知识产权运营联盟的支持"
LATE = "已按逾期件登记"
ASK = "请补充或确认以下内容"
AMEND = "以上内容如有误，请直接回复本邮件说明"

TABLE: list[tuple[str, str, dict[str, Any], list[str], list[str]]] = [
    ("a yes", "acknowledgement", {"units": [unit()]},
     ["示例科技有限公司：您好！", "意向已登记", "登记号为K7M4Q2", THANKS, AMEND, "手机号码：13800000000", JOIN + "：是",
      "办公电话：010-00000000转801"],
     [ASK, LATE, "加入成功", "另外", "盖章件", "家单位"]),
    ("a no is thanked", "acknowledgement", {"units": [unit(join="no", member="no")]},
     ["意向已登记", "不加入联盟的意向已如实记录，感谢贵单位的认真答复", JOIN + "：否"], [THANKS, ASK, "后续安排"]),
    ("an unclear first choice is asked", "acknowledgement",
     {"units": [unit(join="unclear", unclear=[JOIN], missing=["联系人姓名", "办公电话或手机号码"], due=due())]},
     ["已收到并登记", "尚有3项内容", ASK, "1.联系人姓名：来件未填写", "2.办公电话或手机号码：来件未填写",
      "3." + JOIN + "：来件中的选择无法确认，请写明“是”或“否”", "请于2016年11月30日（星期三）10:30前直接回复"],
     [THANKS, "意向已登记", "后续安排"]),
    ("a blank first choice is asked as blank", "acknowledgement",
     {"units": [unit(join="blank", missing=[JOIN], due=due())]},
     ["1." + JOIN + "：来件未作选择，请写明“是”或“否”"], ["无法确认"]),
    ("an unclear value is asked for again", "acknowledgement", {"units": [unit(unclear=["手机号码"])]},
     ["1.手机号码：来件所填内容无法确认，请重新写明", "请直接回复本邮件写明"], ["请于"]),
    ("a due date that has passed is left out", "acknowledgement",
     {"units": [unit(missing=["联系人姓名"], due=due(-1))]}, [ASK, "请直接回复本邮件写明"], ["请于"]),
    ("what is merely absent is mentioned once", "acknowledgement",
     {"units": [unit(member="blank", mention=[MEMBER_BLANK, MEMBER_BLANK])]}, ["另外，" + MEMBER_BLANK + "。"], [ASK]),
    ("a sealed copy is noted", "acknowledgement", {"units": [unit(sealed_copy=True)]}, ["所附盖章件已一并收存。"], []),
    ("already a member", "acknowledgement",
     {"units": [unit(member="blank") | {"choices": [
         {"id": "join", "label": JOIN, "short": "加入联盟", "answer": "yes", "text": "是", "already_member": False},
         {"id": "member", "label": "会员", "short": "会员", "answer": "blank", "text": "", "already_member": True}]}]},
     ["会员：已是会员"], ["会员：未填写"]),
    ("other options are repeated in their own words", "acknowledgement",
     {"units": [unit() | {"choices": [
         {"id": "vote", "label": "对章程的意见", "short": "意见", "answer": "同意;弃权", "text": ""}],
         "unclear": ["对章程的意见"]}]},
     ["对章程的意见：同意、弃权"], ["同意;弃权"]),
    ("late", "late", {"units": [unit(late=True)]},
     ["截止时间为2016年12月2日（星期五）17:00", LATE + "，登记号为K7M4Q2", "是否计入由秘书处另行告知", THANKS],
     ["意向已登记", "加入成功"]),
    ("late, though the facts forgot to say so", "late", {"units": [unit()]}, [LATE], []),
    ("disputed", "acknowledgement", {"units": [unit(disputed=True)]}, ["是否按时尚待核实，由秘书处另行告知"], [LATE]),
    ("a correction", "correction", {"units": [unit(changed=["手机号码", "联系人职务"])]},
     ["登记内容已更新，登记号不变，仍为K7M4Q2", "本次更新：手机号码、联系人职务。", "更新后的登记内容如下"],
     [LATE, ASK]),
    ("a correction that names nothing", "correction", {"units": [unit()]},
     ["贵单位再次发来的意向书已收到"], ["本次更新"]),
    ("a late correction", "correction", {"units": [unit(late=True, changed=["手机号码"])]}, [LATE], []),
    ("a repeat", "repeat", {"units": [unit()]},
     ["内容与此前的来件相同，登记不变，登记号为K7M4Q2，无需再次发送"], [LATE]),
    ("a repeat of which only the name is known", "repeat", {"units": [{"unit": "示例科技有限公司"}]},
     ["示例科技有限公司：您好！", "登记不变，无需再次发送"], ["登记号", "如下"]),
    ("a repeat that names no unit", "repeat", {"subject": "入盟意向书", "units": []},
     ["您好！您再次发来的邮件（主题：“入盟意向书”）已收到"], []),
    ("held for a person", "received", {"subject": "Re:回复：入盟意向书 [#ABCDEF]", "files": ["甲.pdf", "乙.jpg"]},
     ["您好！您的来信（主题：“入盟意向书”）已收到", "秘书处工作人员核对", "收到的附件：甲.pdf、乙.jpg。"],
     ["ABCDEF", "登记号", "其他单位", "贵单位"]),
    ("held, with nothing to name", "received", {}, ["您好！您的来信已收到"], ["主题：", "附件：", "（）"]),
    ("held, addressee known", "received", {"unit": "示例科技有限公司", "salutation": "示例主任"},
     ["示例科技有限公司示例主任：您好！"], []),
    ("no form", "no-form", {"subject": "意向书", "files": ["会议纪要.docx"], "why": "附件是空白的意向书"},
     ["未找到填好的意向书（收到的附件：会议纪要.docx）。附件是空白的意向书。",
      "请填写所附的《首都知识产权运营联盟入盟意向书》（Word文档）", "截止时间为2016年12月2日（星期五）17:00"], []),
    ("no form and no files", "no-form", {}, ["信中未找到填好的意向书。请填写所附的"], ["（收到的附件", "（）", "。。"]),
    ("unreadable", "unreadable",
     {"subject": "意向书", "files": [{"name": "甲.docx", "code": "encrypted", "sentence": "附件设有密码。"},
                                {"name": "乙.xyz", "code": "other", "sentence": "附件的格式无法识别"}]},
     ["1.“甲.docx”：设有密码，请取消密码后重新发送。", "2.“乙.xyz”：附件的格式无法识别。"], ["截止时间已过"]),
    ("unreadable, no file named", "unreadable", {"files": []}, ["信中的附件未能读取"], ["以下附件"]),
    ("a cloud link", "cloud-link", {"service": "QQ邮箱超大附件"},
     ["QQ邮箱超大附件的下载链接", "作为普通附件，直接回复本邮件发来"], []),
    ("a cloud link of an unknown service", "cloud-link", {}, ["网盘或超大附件的下载链接"], []),
    ("several units in one letter", "acknowledgement",
     {"units": [unit(), unit("示例律师事务所", join="no", late=True, receipt="P3X9WD"),
                unit("示例研究院", join="unclear", receipt="T8B2NM", unclear=[JOIN], due=due(),
                     mention=["电子邮箱有误"])]},
     ["您好！您转来的3家单位的意向书已收到并登记", "【1.示例科技有限公司】", "登记号：P3X9WD", "登记情况：按逾期件登记",
      "示例律师事务所的来件收到时已过截止时间", "1.示例研究院——" + JOIN, "1.示例研究院：电子邮箱有误。",
      "加入联盟：待确认"],
     ["以上来件"]),
    ("many units in one letter", "acknowledgement",
     {"units": [unit(), unit("示例|律师事务所", join="no", late=True, receipt="P3X9WD"), unit("", receipt=""),
                unit("示例研究院", join="unclear", receipt="T8B2NM", unclear=[JOIN], due=due())]},
     ["您好！您转来的4家单位的意向书已收到并登记", "序号单位名称登记号加入联盟成为协会会员1示例科技有限公司K7M4Q2是",
      "2示例｜律师事务所（逾期）P3X9WD否", "3（单位名称未填写）—是", "4示例研究院T8B2NM待确认",
      "请补充或确认以下内容：1.示例研究院——" + JOIN, "各单位登记的全部内容列在下面，请核对。【1.示例科技有限公司】",
      "手机号码：", "【4.示例研究院】"], []),
    ("several units, all late", "late", {"units": [unit(late=True), unit("示例研究院", late=True)]},
     ["以上来件收到时已过截止时间，已按逾期件登记"], []),
]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "facts", "said", "unsaid"), [case[1:] for case in TABLE], ids=[case[0] for case in TABLE]
)
def test_what_a_letter_says(kind: str, facts: dict[str, Any], said: list[str], unsaid: list[str]) -> None:
    text = say(kind, facts)
    assert [sentence for sentence in said if sentence not in text] == [], text
    assert [sentence for sentence in unsaid if sentence in text] == [], text


@pytest.mark.parametrize("kind", KINDS)
def test_every_letter_opens_and_closes_as_letters_do(kind: str) -> None:
    plain, html = map(flat, texts(letters().preview(kind, "cipoa-2016", now=NOW, recipient="unit@example.cn")))
    close = (
        "此致敬礼！首都知识产权服务业协会秘书处2016年11月25日（星期五）10:30"
        "联系人：刘妲（010-51530191）、黄立（010-51530062）本邮件由系统"
        f"{'自动发送' if kind in UNASKED else '根据来件自动生成'}，可直接回复"
    )
    for text in (plain, html):
        assert "您好！" in text
        assert close in text
        assert "加入成功" not in text


@pytest.mark.parametrize("kind", KINDS)
def test_text_and_html_say_the_same(kind: str) -> None:
    plain, html = texts(letters().preview(kind, "cipoa-2016", now=NOW, recipient="unit@example.cn"))
    unmarked = flat(plain).replace("：", "").replace("“", "").replace("”", "")
    assert unmarked == flat(html).replace("：", "").replace("“", "").replace("”", "")


def test_no_deadline_is_named_once_it_has_passed() -> None:
    after = campaign().deadline + timedelta(minutes=1)
    for kind in ("no-form", "unreadable", "cloud-link"):
        assert "截止时间" in say(kind, {})
        assert "截止时间" not in say(kind, {}, after)


@pytest.mark.parametrize(
    ("kind", "facts", "subject"),
    [
        ("acknowledgement", {"units": [unit()]}, FORM + "已收到，意向已登记：示例科技有限公司"),
        ("acknowledgement", {"units": [unit(missing=["联系人姓名"])]}, FORM + "已收到，请补充：示例科技有限公司"),
        ("acknowledgement", {"units": [unit(), unit("乙")]}, FORM + "已收到，意向已登记：示例科技有限公司等2家单位"),
        ("acknowledgement", {"units": [unit("")]}, FORM + "已收到，意向已登记"),
        ("late", {"units": [unit()]}, FORM + "已按逾期件登记：示例科技有限公司"),
        ("received", {}, "来信已收到，正在办理"),
        ("received", {"subject": "答复: Re:关于[#AAAAAA]入盟"}, "来信已收到，正在办理：关于入盟"),
        ("repeat", {}, "重复来件已收到，登记不变"),
    ],
)  # fmt: skip
def test_subject_ends_with_the_one_reference(kind: str, facts: dict[str, Any], subject: str) -> None:
    composed = letters().compose(row(kind, facts), now=NOW)
    assert composed.subject == f"{subject} [#K7M4Q2]"
    assert parsed(composed)["Subject"] == composed.subject


def test_the_blank_form_goes_along_where_the_row_says_so() -> None:
    with_form = parsed(letters().compose(row("no-form", {}, attach_form=True), now=NOW))
    names = [part.get_filename() for part in with_form.iter_attachments()]
    assert names == ["首都知识产权运营联盟入盟意向书（空白）.docx"]
    assert list(parsed(letters().compose(row("no-form", {}), now=NOW)).iter_attachments()) == []
