"""What comes besides forms: each kind with the letter it gets, or none, and what a person sees of it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from conversations.office_in_memory import SECRETARY, Letter, MakeOffice, Office, without_member

from program.demo import bounces, forms
from program.demo.forms import Answers
from program.demo.mails import File
from storage.rawmails import RawMails

A, B, C = without_member(3)
EMPTY = forms.docx(Answers({}, "blank", "blank"), "☑")
QQ_LINK = (
    '<div id="QQMailBigAttach">从QQ邮箱发来的超大附件<br>入盟意向书扫描件.pdf (38.2M) '
    '<a href="https://mail.qq.com/cgi-bin/ftnExs_download?k=sample&t=exs_ftn_download&code=sample">进入下载页面</a></div>'
)
NETEASE_LINK = (
    '<a href="https://mail.163.com/large-attachment-download/index.html?p=X-NETEASE-HUGE-ATTACHMENT&file=sample">'
    "意向书.zip</a> 云附件 2016年12月17日过期"
)
ALONE: dict[str, tuple[dict[str, Any], str, list[str], list[str]]] = {
    # name: (mail, its kind, letters, reasons held)
    "QQ auto-reply without Auto-Submitted": (
        {"subject": "自动回复:入盟意向书", "html": "您好，这是来自QQ邮箱的假期自动回复邮件。"}, "auto-reply", [], [],
    ),
    "QQ auto-reply by its header": (
        {"subject": "入盟意向书", "text": "我在休假。", "headers": [("X-QQ-AUTO-REPLY", "true")]}, "auto-reply", [], [],
    ),
    "auto-reply by RFC 3834": (
        {"subject": "外出", "text": "休假。", "headers": [("Auto-Submitted", "auto-replied")]}, "auto-reply", [], [],
    ),
    "read receipt": ({"subject": "已读:入盟意向书", "text": "这是邮件收条。"}, "receipt", [], []),
    "mailing list": (
        {"subject": "知识产权运营联盟通讯", "text": "本期内容", "headers": [("List-Id", "<news.example.org>")]},
        "list", [], [],
    ),
    "recall": ({"subject": "发信方已撤回邮件：入盟意向书", "text": "发信方已撤回邮件。"}, "recall", [], ["recall"]),
    "advertisement": ({"subject": "发票代开", "text": "专业财税服务，欢迎来电。"}, "unrelated", [], []),
    "question": (
        {"subject": "咨询入盟", "text": "您好，请问加入联盟是否需要缴纳会费？"}, "question", ["received"], ["question"],
    ),
    "plain yes": (
        {"subject": "关于入盟", "text": "我单位同意加入运营联盟。"}, "statement", ["no-form"], ["statement"],
    ),
    "refusal": (
        {"subject": "关于入盟", "text": "我单位暂不加入运营联盟。"}, "statement", ["received"], ["statement"],
    ),
    "asks for time": (
        {"subject": "意向书", "text": "我单位申请延期提交意向书。"}, "statement", ["received"], ["statement"],
    ),
    "withdrawal": (
        {"subject": "入盟事宜", "text": "我单位撤回入盟申请，请予办理。"}, "statement", ["received"], ["statement"],
    ),
    "campaign's words without a form": (
        {"subject": "入盟意向书", "text": "意向书见附件。"}, "attempt", ["no-form"], [],
    ),
    "blank form": (
        {"subject": "意向书", "text": "请查收。", "files": [File("意向书.docx", EMPTY)]}, "attempt", ["no-form"], [],
    ),
    "another document": (
        {"subject": "入盟意向书", "text": "见附件。", "files": [File("单位简介.docx", forms.brochure("示例单位"))]},
        "attempt", ["no-form"], [],
    ),
    "QQ's large attachment": ({"subject": "入盟意向书", "html": QQ_LINK}, "attempt", ["cloud-link"], []),
    "NetEase's cloud attachment": ({"subject": "入盟意向书", "html": NETEASE_LINK}, "attempt", ["cloud-link"], []),
    "damaged file": (
        {"subject": "入盟意向书", "text": "请查收。", "files": [File("意向书.docx", EMPTY[:9000])]},
        "attempt", ["unreadable"], ["unreadable"],
    ),
    "courtesy": ({"subject": "收到", "text": "收到，谢谢！"}, "courtesy", [], []),
}  # fmt: skip


@pytest.mark.parametrize("name", ALONE)
def test_a_mail_by_itself(office: Office, name: str) -> None:
    mail, kind, letters, held = ALONE[name]
    office.write(A, "11-24 10:00", **mail)
    office.round()
    assert (office.mail_kinds(), office.kinds_to(A), office.held()) == ([kind], letters, held)
    assert office.standing(A) is None
    assert set(office.kinds()) <= {A.email}


IN_JUNK = sorted(name for name, (_, kind, *_) in ALONE.items() if kind in ("attempt", "question", "statement"))


def test_in_junk_folders_only_a_recognised_form_is_answered(office: Office) -> None:
    for number, name in enumerate(IN_JUNK):
        office.write(f"u{number}@unit.example.net", f"11-24 10:{number:02d}", folder="垃圾邮件", **ALONE[name][0])
    office.form(A, "11-24 11:00", folder="垃圾邮件")
    office.round()
    assert office.kinds() == {A.email: ["acknowledgement"]}


# ---- what letters say ---------------------------------------------------------------------------


def test_a_question_is_quoted_to_a_person_and_its_sender_hears_that_it_came(office: Office) -> None:
    office.write(A, "11-24 10:30", "咨询入盟事宜", text="请问加入联盟是否需要缴纳会费？")
    office.round()
    assert "请问加入联盟是否需要缴纳会费？" in office.held_rows()[0].sentence
    assert "已收到" in office.letter_to(A).text
    assert "咨询入盟事宜" in office.letter_to(A).text


def test_a_plain_yes_is_thanked_and_sent_the_form(office: Office) -> None:
    office.write(A, "11-25 09:20", "关于入盟", text="我单位同意加入首都知识产权运营联盟。")
    office.round()
    letter = office.letter_to(A)
    assert "来信表示愿意加入，十分感谢" in letter.text
    assert len(letter.files) == 1
    assert "我单位同意加入" in office.held_rows()[0].sentence
    assert office.standing(A) is None


def test_no_form_says_what_was_wrong_twice_and_then_a_person_does(office: Office) -> None:
    wrong = [File("单位简介.docx", forms.brochure(A.name))]
    for day, kinds, held in ((23, 1, 0), (23, 1, 1), (24, 2, 1), (25, 2, 2)):
        when = f"11-{day} {9 + held + kinds}:30"
        office.write(A, when, f"入盟意向书 {when}", text="意向书见附件。", files=wrong)
        office.round()
        assert office.kinds_to(A) == ["no-form"] * kinds
        assert office.held() == ["attempts"] * held
    letter = office.letters_to(A)[0]
    assert "单位简介.docx" in letter.text
    assert len(letter.files) == 1
    assert letter.files[0].endswith(".docx")
    assert "截止时间为2016年12月2日（星期五）17:00" in letter.text


STRANGE = (
    "<html><body><h2>高级研修班报名表</h2><table><tr><td>单位名称</td><td>示例大学</td></tr>"
    "<tr><td>姓名</td><td>张三</td></tr><tr><td>手机号码</td><td>13800000000</td></tr></table></body></html>"
)


def test_a_form_of_no_campaign_goes_to_a_person_and_its_sender_hears_only_where_it_concerns_us(office: Office) -> None:
    files = [File("报名表.html", STRANGE.encode())]
    office.write(A, "11-24 09:50", "研修班报名", text="请查收附件。", files=files)
    office.write(B, "11-24 09:55", "入盟意向书", text="请查收附件。", files=files)
    office.round()
    assert office.held() == ["strange-form"] * 2
    assert "不是现有任何一次活动的表格" in office.held_rows()[0].sentence
    assert office.kinds_to(A) == []
    assert office.kinds_to(B) == ["received"]


def test_an_unreadable_file_is_named_with_the_remedy(office: Office) -> None:
    office.write(A, "11-24 09:45", "入盟意向书", text="请查收。", files=[File("我单位意向书.docx", EMPTY[:9000])])
    office.round()
    letter = office.letter_to(A)
    assert "我单位意向书.docx" in letter.text
    assert "文件已损坏或不完整，请重新保存后再次发送" in letter.text
    assert len(letter.files) == 1
    assert "我单位意向书.docx" in office.held_rows()[0].sentence


def test_a_cloud_link_is_asked_for_as_an_attachment_and_never_fetched(office: Office) -> None:
    office.write(A, "11-25 14:00", "入盟意向书", html=QQ_LINK)
    office.round()
    assert "普通附件" in office.letter_to(A).text
    assert "QQ邮箱" in office.letter_to(A).text
    assert "http" not in office.letter_to(A).text
    assert len(office.letter_to(A).files) == 1
    assert "所附的空白表" in office.letter_to(A).text


def test_an_oversized_mail_is_a_row_with_its_headers(make_office: MakeOffice) -> None:
    office = make_office(MAILBOX__SIZE_CAP_MB=1)
    office.form(A, "11-24 09:00", more=[File("扫描件.jpg", b"\xff\xd8\xff" + bytes(1_200_000))])
    office.form(B, "11-24 09:01")
    office.round()
    assert (office.kinds_to(A), office.kinds_to(B)) == (["unreadable"], ["acknowledgement"])
    assert office.held() == ["oversized"]
    assert "请只发送意向书" in office.letter_to(A).text
    assert office.query("SELECT fault FROM messages ORDER BY internal_date") == [("oversized",), ("",)]
    assert all(
        "BODY.PEEK[]" not in each.text for each in office.server.commands if str(office.flags[0][0].uid) in each.text
    )


def test_a_zip_with_a_form_is_opened(office: Office) -> None:
    box = io.BytesIO()
    with zipfile.ZipFile(box, "w") as archive:
        archive.writestr("意向书/盖章/入盟意向书.docx", office.file(A).content)
    office.write(A, "11-24 09:00", "入盟意向书", text="见附件。", files=[File("意向书.zip", box.getvalue())])
    office.round()
    assert office.answers_of(A) == ("yes", "no")


# ---- what answers our letters -------------------------------------------------------------------


def _with_letter(office: Office) -> Letter:
    office.form(A, "11-18 09:00")
    office.round()
    return office.letter_to(A)


@pytest.mark.parametrize("text", ["收到，谢谢！", "信息无误，辛苦了。", "好的", "谢谢老师！\n\n发自我的iPhone"])
def test_courtesies_get_no_letter(office: Office, text: str) -> None:
    office.write(A, "11-18 10:00", "Re: 入盟意向书", text=text, reply_to=_with_letter(office))
    office.round()
    assert (office.kinds_to(A), office.held()) == (["acknowledgement"], [])
    assert office.mail_kinds() == ["form", "courtesy"]


def test_a_correction_in_words_goes_to_a_person(office: Office) -> None:
    text = "联系人电话填错了，请改为13800008888。"
    office.write(A, "11-18 10:00", "Re: 入盟意向书", text=text, reply_to=_with_letter(office))
    office.round()
    assert office.held() == ["statement"]
    assert office.kinds_to(A) == ["acknowledgement", "received"]
    standing = office.standing(A)
    assert standing is not None
    assert standing.values["mobile"] == A.mobile


def test_a_bounce_is_tied_to_its_letter(office: Office) -> None:
    _with_letter(office)
    office.form(B, "11-18 09:30")
    office.round()
    (first, second) = office.server.sent
    assert first.recipients == (A.email,)
    office.server.bounce(first)
    office.wait(minutes=2)
    office.round()
    assert [row.state for row in office.letter_rows()] == ["bounced", "sent"]
    assert office.kinds() == {A.email: ["acknowledgement"], B.email: ["acknowledgement"]}
    assert second.recipients == (B.email,)


def test_a_bounce_without_our_message_id_is_tied_by_its_recipient(office: Office) -> None:
    letter = _with_letter(office)
    raw = bounces.netease(letter.message, office.clock.now())
    raw = raw.replace(letter.message_id.encode(), b"<unknown@163.com>")
    office.mail(raw, "11-18 12:00")
    office.round()
    assert office.letter_states() == [("acknowledgement", "bounced")]


def test_a_bounce_of_a_letter_of_somebody_else_marks_nothing(office: Office) -> None:
    letter = _with_letter(office)
    raw = bounces.netease(letter.message, office.clock.now()).replace(letter.message_id.encode(), b"<x@163.com>")
    office.mail(raw.replace(A.email.encode(), b"other@unknown.example.org"), "11-18 12:00")
    office.round()
    assert office.letter_states() == [("acknowledgement", "sent")]
    assert office.mail_kinds() == ["form", "bounce"]


def test_our_own_letters_coming_back_are_ours(office: Office) -> None:
    letter = _with_letter(office)
    office.mail(letter.raw, "11-18 09:10")
    office.mail(letter.raw.replace(b"X-CIPSA-Intake:", b"X-Lost-Header:"), "11-18 09:20", folder="订阅邮件")
    office.round()
    assert office.mail_kinds() == ["form", "own", "own"]
    assert office.kinds_to(A) == ["acknowledgement"]
    assert len(office.letters()) == 1


def test_a_mail_of_the_mailbox_itself_is_staff(office: Office) -> None:
    for number, sender in enumerate((office.server.username, SECRETARY)):
        office.write(sender, f"11-18 10:0{number}", "关于意向书", text="请问各单位何时回复？")
    office.round()
    assert office.mail_kinds() == ["staff", "staff"]
    assert office.letters() == []
    assert office.held() == []


def test_a_recall_removes_nothing(office: Office) -> None:
    _with_letter(office)
    office.write(A, "11-19 10:00", "发信方已撤回邮件：入盟意向书", text="发信方已撤回邮件。")
    office.round()
    assert office.answers_of(A) == ("yes", "no")
    assert office.held() == ["recall"]
    assert office.kinds_to(A) == ["acknowledgement"]


def test_two_daemons_that_answer_each_other_stop_at_once(office: Office) -> None:
    """Whatever we send, sent back to us as a reply of a machine, is never answered."""
    letter = _with_letter(office)
    make: Callable[[str], None] = lambda when: office.write(  # noqa: E731
        A, when, f"自动回复: {letter.subject}", text="您的来信我们已收到。", reply_to=letter,
        headers=[("Auto-Submitted", "auto-replied")],
    )  # fmt: skip
    for hour in range(10, 14):
        make(f"11-18 {hour}:00")
        office.round()
    assert office.kinds_to(A) == ["acknowledgement"]


def test_the_content_of_unrelated_mail_is_deleted_after_its_days(office: Office) -> None:
    office.write("seller@ads.example.net", "11-18 09:00", "发票代开", text="欢迎来电。")
    office.form(A, "11-18 09:10")
    office.round()
    kept = office.folder / "data" / "mails"
    assert len(list(kept.rglob("*.eml"))) == 2
    office.wait(days=29)
    office.works.jobs.tidy()
    assert len(list(kept.rglob("*.eml"))) == 2
    office.wait(days=2)
    office.works.jobs.tidy()
    assert len(list(kept.rglob("*.eml"))) == 1
    office.round()
    assert office.query("SELECT count(*) FROM messages") == [(2,)]


def test_a_stop_among_the_deletions_leaves_nothing_behind(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(3):
        office.write("seller@ads.example.net", f"11-18 09:0{number}", "发票代开", text=f"欢迎来电{number}。")
    office.round()
    kept = office.folder / "data" / "mails"
    office.wait(days=31)
    remove = RawMails.remove

    def stops(self: RawMails, raw_hash: str) -> None:
        if len(list(kept.rglob("*.eml"))) < 3:
            raise KeyboardInterrupt
        remove(self, raw_hash)

    monkeypatch.setattr(RawMails, "remove", stops)
    with pytest.raises(KeyboardInterrupt):
        office.works.jobs.tidy()
    assert len(list(kept.rglob("*.eml"))) == 2
    monkeypatch.undo()
    office.works.jobs.tidy()
    assert list(kept.rglob("*.eml")) == []
    assert office.query("SELECT count(*) FROM messages WHERE removed_at IS NOT NULL") == [(3,)]
