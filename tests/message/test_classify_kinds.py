"""Mails in the manner of real senders, and the kind each of them is."""

# ruff: noqa: E501 - the samples are what mailers write

from __future__ import annotations

from dataclasses import replace

import mail_builders as build
import pytest
from hypothesis import given
from hypothesis import strategies as some

from intake.classify.mail_signs import MOST_REFERENCES, OWN_HEADER, REFERENCE, signs_of
from intake.classify.table import classify
from intake.kinds import Kind
from intake.message import parse
from intake.verdict import Signs, Ties, Verdict

WORDS = ("入盟意向书", "意向书", "知识产权运营联盟", "运营联盟", "CIPOA", "入盟")
KNOWN = Ties(known_sender=True)
FORM = build.docx("单位名称")


def verdict(raw: bytes, ties: Ties = Ties(), *, forms: int = 0, blank: int = 0) -> Verdict:  # noqa: B008
    message = parse(raw)
    form_like = any(part.format in ("docx", "doc", "xlsx", "pdf", "jpg", "rar") for part in message.parts)
    return classify(signs_of(message, WORDS, forms=forms, blank_forms=blank, form_like=form_like), ties)


def verdict_signs(text: str) -> Signs:
    return signs_of(parse(build.plain_mail(text)), WORDS, forms=0, blank_forms=0, form_like=False)


def with_file(text: str, name: str, *, subject: str = "", content: bytes = FORM) -> bytes:
    body = build.multipart([build.text_part(text), build.file_part(build.word(name), content)])
    return build.mail(body, subject=build.word(subject) if subject else b"")


QUOTED = "\n\n------------------ 原始邮件 ------------------\n发件人: 示例协会\n发送时间: 2016年11月18日\n主题: 入盟意向书\n\n单位名称\n是否愿意加入？请问 □"

AUTOMATIC: list[tuple[str, bytes, Kind]] = [
    ("qq holiday reply", build.html_mail("这是来自QQ邮箱的假期自动回复邮件。<br>您好，我最近正在休假中", subject="自动回复:入盟意向书", headers=b"X-QQ-HolidayReply: true\r\n"), "auto-reply"),
    ("qq auto reply, own words", build.html_mail("我出差了", subject="在吗", headers=b"X-QQ-AUTO-REPLY: true\r\n"), "auto-reply"),
    ("qq auto envelope", build.html_mail("我出差了", headers=b"Sender: <12345678+auto_=office=example.cn@qq.com>\r\n"), "auto-reply"),
    ("full-width colon", build.plain_mail("我在休假", subject="自动回复：入盟意向书"), "auto-reply"),
    ("traditional", build.plain_mail("外出", subject="自動回覆: 入盟"), "auto-reply"),
    ("exchange zh", build.plain_mail("外出", subject="自动答复: 入盟", headers=b"Auto-Submitted: auto-generated\r\n"), "auto-reply"),
    ("outlook", build.plain_mail("I am out", subject="Automatic reply: 入盟"), "auto-reply"),
    ("out of office", build.plain_mail("I am away", subject="Out of Office: 入盟"), "auto-reply"),
    ("notes", build.plain_mail("I am out", subject="AUTO: Zhang San is out of the office (returning 2016-12-05)"), "auto-reply"),
    ("notes zh", build.plain_mail("外出", subject="自动: 张三 不在办公室 (返回时间 2016-12-05)"), "auto-reply"),
    ("rfc 3834", build.plain_mail("休假", headers=b"Auto-Submitted: auto-replied (vacation)\r\n"), "auto-reply"),
    ("x-autoreply", build.plain_mail("休假", headers=b"X-Autoreply: yes\r\n"), "auto-reply"),
    ("precedence", build.plain_mail("休假", headers=b"Precedence: auto_reply\r\n"), "auto-reply"),
    ("null envelope", build.plain_mail("休假", headers=b"Return-Path: <>\r\n"), "auto-reply"),
    ("nobody", build.plain_mail("系统通知", sender=b"no-reply@example.cn"), "auto-reply"),
    ("auto-reply with our letter below", build.plain_mail("我在休假" + QUOTED, subject="自动回复：入盟"), "auto-reply"),
    ("exmail recall, raw GBK", build.mail(build.multipart([build.text_part("发信方已撤回")]), subject="发信方已撤回邮件：入盟意向书".encode("gbk"), headers=b"X-QQ-mid: bizmx1\r\n"), "recall"),
    ("exmail recall report", build.mail(build.text_part("撤回成功"), subject="[撤回邮件成功] 入盟意向书".encode("gbk")), "recall"),
    ("netease recall", build.plain_mail("您对以下邮件的撤回失败，无法送达", subject="通知：[撤回邮件失败]入盟意向书", sender=b"postmaster@163.com"), "recall"),
    ("outlook recall", build.plain_mail("张三 希望撤回邮件“入盟意向书”。", subject="撤回: 入盟意向书"), "recall"),
    ("disposition report", build.mail(build.multipart([build.text_part("已显示"), b"Content-Type: message/disposition-notification\r\n\r\nFinal-Recipient: rfc822;a@b\r\nDisposition: manual-action/MDN-sent-manually; displayed\r\n"], "report; report-type=disposition-notification"), headers=b"Auto-Submitted: auto-replied\r\n"), "receipt"),
    ("webmail receipt", build.html_mail("<p>这是邮件收条，您发给张三的邮件已被阅读。</p>", subject="已读:入盟意向书"), "receipt"),
    ("webmail receipt, full-width", build.plain_mail("对方已阅读", subject="已读：入盟意向书"), "receipt"),
    ("exchange receipt", build.plain_mail("Your message\n\nTo: 张三\nSubject: x\n\nwas read on Friday.", subject="Read: 入盟"), "receipt"),
    ("list", build.plain_mail("知识产权运营联盟动态", headers=b"List-Id: <news.example.cn>\r\n"), "list"),
    ("bulk list", build.plain_mail("动态？", headers=b"List-Unsubscribe: <mailto:u@example.cn>\r\nPrecedence: bulk\r\n"), "list"),
    ("marketing", build.plain_mail("知识产权运营联盟培训，欢迎咨询？", headers=b"List-Unsubscribe: <https://example.cn/u>\r\n"), "list"),
    ("own", build.plain_mail("回执", headers=b"X-CIPSA-Intake: acknowledgement\r\nAuto-Submitted: auto-replied\r\n"), "own"),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "kind"), [row[1:] for row in AUTOMATIC], ids=[row[0] for row in AUTOMATIC])
def test_automatic_mail(raw: bytes, kind: Kind) -> None:
    assert verdict(raw).kind == kind


@pytest.mark.parametrize(("raw", "kind"), [row[1:] for row in AUTOMATIC if row[0].endswith("below")])
def test_a_quoted_form_makes_no_form_of_an_auto_reply(raw: bytes, kind: Kind) -> None:
    assert verdict(raw, forms=1).kind == kind


HUMAN: list[tuple[str, bytes, Kind]] = [
    ("thanks", build.plain_mail("收到，谢谢！", subject="回复：入盟意向书 [#K7M2QP]"), "courtesy"),
    ("thanks below a greeting", build.plain_mail("刘老师您好：\n\n  已收到，非常感谢！\n\n此致\n敬礼\n\n张三\n北京示例知识产权代理有限公司\n电话：010-00000000"), "courtesy"),
    ("all correct", build.plain_mail("信息无误，谢谢。\n\n发自我的iPhone"), "courtesy"),
    ("ok", build.plain_mail("好的，辛苦了！"), "courtesy"),
    ("thanks above our form", build.plain_mail("收到，谢谢。" + QUOTED, subject="回复：入盟意向书"), "courtesy"),
    ("thanks with emoji", build.plain_mail("收到👍谢谢🙏"), "courtesy"),
    ("received, in english", build.plain_mail("Received with thanks.\n\n--\nZhang San", subject="Re: form"), "courtesy"),
    ("agrees", build.plain_mail("您好，我单位同意加入首都知识产权运营联盟，谢谢。"), "statement"),
    ("agrees and thanks", build.plain_mail("收到。我所愿意加入。"), "statement"),
    ("declines", build.plain_mail("经研究，我公司暂不加入联盟，感谢邀请。", subject="回复：入盟"), "statement"),
    ("withdraws", build.plain_mail("因业务调整，我单位申请撤回入盟意向书。"), "statement"),
    ("withdraws in the subject", build.plain_mail("特此说明。", subject="撤回入盟意向书"), "statement"),
    ("asks for time", build.plain_mail("因领导出差，申请延期至12月5日提交意向书。"), "statement"),
    ("corrects", build.plain_mail("我单位意向书中联系人更正为李四，手机13800000000。"), "statement"),
    ("this one counts", build.plain_mail("前一份意向书填写有误，请以此为准。"), "statement"),
    ("asks", build.plain_mail("请问入盟意向书需要盖章吗？"), "question"),
    ("asks by asking", build.plain_mail("您好，想咨询一下会费标准，谢谢"), "question"),
    ("asks without a mark", build.plain_mail("能否发一份电子版表格给我们"), "question"),
    ("asks in reply", build.plain_mail("表格在哪里下载？" + QUOTED, subject="回复：入盟 [#K7M2QP]"), "question"),
    ("did you get it", build.plain_mail("老师，意向书收到了吗"), "question"),
    ("unclear reply", build.plain_mail("我们正在走流程，下周给您。", subject="回复：入盟 [#K7M2QP]"), "question"),
    ("hypothetical", build.plain_mail("如愿意加入运营联盟，是否需要缴费？"), "question"),
    ("file and words", with_file("附件为我单位入盟意向书，请查收。", "意向书.docx"), "attempt"),
    ("words in the file name only", with_file("", "入盟意向书.pdf", content=b"%PDF-1.4"), "attempt"),
    ("reply with a scan", with_file("请查收", "scan001.jpg", subject="回复：入盟意向书", content=b"\xff\xd8\xff\xe0" + bytes(20)), "attempt"),
    ("forgot the file", build.plain_mail("附件为我单位入盟意向书，请查收。"), "attempt"),
    ("qq large file", build.html_mail('从QQ邮箱发来的超大附件<a href="http://mail.qq.com/cgi-bin/ftnExs_download?k=1&t=exs_ftn_download&code=2">进入下载页面</a>'), "attempt"),
    ("netease large file", build.html_mail('<a href="https://mail.163.com/large-attachment-download/index.html?p=1">意向书.docx</a>'), "attempt"),
    ("net disk with words", build.plain_mail("入盟意向书见 https://pan.baidu.com/s/1abc"), "attempt"),
    ("net disk without", build.plain_mail("课程资料 https://pan.baidu.com/s/1abc 提取码1234"), "unrelated"),
    ("advertisement", build.plain_mail("专业代办公司注册，欢迎来电！" * 60 + "您还在犹豫吗？"), "unrelated"),
    ("a consultancy writes", build.plain_mail("发票已寄出。\n北京示例管理咨询有限公司"), "unrelated"),
    ("an invoice", with_file("发票见附件", "发票.pdf", content=b"%PDF-1.4"), "unrelated"),
    ("a training", build.plain_mail("我公司将派人参加培训会议，见附件日程安排。"), "unrelated"),
    ("empty", build.mail(b"\r\n"), "unrelated"),
    ("reply to nobody, quoting", build.plain_mail("转给领导看了。" + QUOTED, subject="回复：某事"), "unrelated"),
    ("about auto-replies", build.plain_mail("请问自动回复怎么设置？入盟材料已发。", subject="关于自动回复的问题"), "question"),
    ("about a bounce", build.plain_mail("上次邮件被退回，请问入盟意向书发到哪个邮箱？", subject="邮件被退回"), "question"),
    ("exchange suppress mark", build.plain_mail("请问如何入盟？", headers=b"X-Auto-Response-Suppress: All\r\nAuto-Submitted: no\r\n"), "question"),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "kind"), [row[1:] for row in HUMAN], ids=[row[0] for row in HUMAN])
def test_human_mail(raw: bytes, kind: Kind) -> None:
    assert verdict(raw).kind == kind


TIED: list[tuple[str, bytes, Ties, int, int, Kind]] = [
    ("form", with_file("请查收", "意向书.docx"), Ties(), 1, 0, "form"),
    ("form with thanks", with_file("收到，谢谢！意向书见附件", "意向书.docx"), Ties(), 1, 0, "form"),
    ("form in a bulk mail", with_file("", "a.docx"), KNOWN, 1, 0, "form"),
    ("blank form sent back", with_file("请查收", "a.docx"), Ties(), 0, 1, "attempt"),
    ("our blank form in a null envelope", b"Return-Path: <>\r\n" + with_file("信件在此", "a.docx"), KNOWN, 0, 1, "auto-reply"),
    ("a form in a null envelope", b"Return-Path: <>\r\n" + with_file("请查收", "a.docx"), KNOWN, 1, 1, "form"),
    ("thanks above a quoted blank form", build.plain_mail("收到，谢谢" + QUOTED, subject="回复：入盟"), KNOWN, 0, 1, "courtesy"),
    ("file from someone known", with_file("", "扫描.pdf", content=b"%PDF-1.4"), KNOWN, 0, 0, "attempt"),
    ("mark from someone known", build.plain_mail("发票？" + "说明" * 400), KNOWN, 0, 0, "question"),
    ("reply from someone known", build.plain_mail("领导还在看。", subject="答复: 通知"), KNOWN, 0, 0, "question"),
    ("fresh mail from someone known", build.plain_mail("领导还在看。"), KNOWN, 0, 0, "unrelated"),
    ("staff", with_file("代转", "意向书.docx"), Ties(staff=True), 1, 0, "staff"),
    ("auto-reply of staff", build.plain_mail("休假", subject="自动回复：x"), Ties(staff=True), 0, 0, "auto-reply"),
    ("own by message-id", build.plain_mail("回执"), Ties(own=True), 0, 0, "own"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("raw", "ties", "forms", "blank", "kind"), [row[1:] for row in TIED], ids=[row[0] for row in TIED]
)
def test_with_ties(raw: bytes, ties: Ties, forms: int, blank: int, kind: Kind) -> None:
    assert verdict(raw, ties, forms=forms, blank=blank).kind == kind


def test_a_mail_names_no_more_letters_than_are_looked_up() -> None:
    marks = [f"[#{first}{second}AAAA]" for first in "ABCDEFGHJKLM" for second in "ABCDEFGHJKLM"]
    assert len(verdict_signs(" ".join(marks)).refs) == MOST_REFERENCES < len(marks)


def test_a_reply_to_our_letter_is_not_ours() -> None:
    letter = b"X-CIPSA-Intake: acknowledgement\r\nFrom: office@example.cn\r\nSubject: x [#K7M2QP]\r\n\r\nbody"
    body = build.multipart([build.text_part("请看附件" + QUOTED), b"Content-Type: message/rfc822\r\n\r\n" + letter])
    found = signs_of(
        parse(build.mail(body, subject=b"Re: x [#K7M2QP]")), WORDS, forms=0, blank_forms=0, form_like=False
    )
    assert found.own is False
    assert found.refs == ("K7M2QP",)
    assert OWN_HEADER == "X-CIPSA-Intake"


def test_the_statement_is_quoted() -> None:
    message = parse(build.plain_mail("您好！\n经研究，我单位同意加入联盟。表格随后寄出。"))
    found = signs_of(message, WORDS, forms=0, blank_forms=0, form_like=False)
    assert found.sentence == "经研究，我单位同意加入联盟。"
    assert "statement-joins" in found.hits


@pytest.mark.parametrize(
    "text",
    ["是否愿意加入首都知识产权运营联盟 是□ 否□", "如愿意加入，请联系我们。", "如有变更请通知。", "希望联盟越办越好。", "信息无误，无需更正。",
     "附件为我单位入盟意向书。", "我公司将参加下周的培训。", "请问我单位能否加入？"],
)  # fmt: skip
def test_no_statement(text: str) -> None:
    assert signs_of(parse(build.plain_mail(text)), WORDS, forms=0, blank_forms=0, form_like=False).sentence == ""


@pytest.mark.parametrize(
    ("subject", "found"),
    [("回执 [#K7M2QP]", ["K7M2QP"]), ("回执［#K7M2QP］", ["K7M2QP"]), ("[#k7m2qp]", []), ("[#K7M2Q]", []), ("[#K7M2Q0]", []), ("[#K7M2QI]", [])],
)  # fmt: skip
def test_reference(subject: str, found: list[str]) -> None:
    assert REFERENCE.findall(subject) == found


@given(some.builds(Signs), some.builds(Ties))
def test_every_mail_has_one_kind_and_says_why(found: Signs, ties: Ties) -> None:
    assert classify(found, ties).rules
    assert classify(replace(found, own=True), ties).kind == "own"
    assert (classify(found, ties).kind == "form") <= (found.forms > 0)
