"""A form goes in, a letter comes out: acknowledgements, corrections, questions, several files, several units."""

from __future__ import annotations

import email
import email.policy
import io
import itertools
import json
from collections.abc import Callable

import pytest
from conversations.office_in_memory import FORM_FILE, SECRETARY, Office, at, roster_row, without_member

from program.demo import forms
from program.demo.forms import Answers
from program.demo.mails import File
from program.demo.units import UNITS, Unit
from storage.tables import followups as followup_rows

A, B, C, D = without_member(4)
MEMBER = next(unit for unit in UNITS if unit.member)
PDF = (  # a scanned page
    b"%PDF-1.4\n1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj\n2 0 obj <</Type/Pages/Kids[3 0 R]/Count 1>> endobj\n"
    b"3 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</XObject<</X 5 0 R>>>>>>"
    b"endobj\n4 0 obj <</Length 24>> stream\n595 0 0 842 0 0 cm /X Do\nendstream endobj\n"
    b"5 0 obj <</Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8/Length 1>>"
    b"stream\n\x80\nendstream endobj\ntrailer <</Root 1 0 R>>\n%%EOF\n"
)
PICTURE = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + b"\x00" * 64 + b"\xff\xd9"


# ---- the acknowledgement ----------------------------------------------------------------------


def test_an_acknowledgement_repeats_every_value_and_choice(office: Office) -> None:
    office.form(A, "11-18 09:00", "yes", "no")
    office.round()
    letter, standing = office.letter_to(A), office.standing(A)
    assert letter.kind == "acknowledgement"
    assert standing is not None
    assert dict(standing.values) == dict(A.values)
    for text in (letter.text, letter.html):
        for key, label in forms.LABELS.items():
            assert f"{label}{'：' if text is letter.text else ''}{A.values[key]}" in text
        assert "加入首都知识产权运营联盟" in text
        assert standing.receipt in text
    assert f"{forms.JOIN}：是" in letter.text
    assert f"{forms.MEMBER}：否" in letter.text


def test_an_acknowledgement_keeps_the_tone_of_the_office(office: Office) -> None:
    office.form(A, "11-18 09:00")
    office.round()
    letter = office.letter_to(A)
    assert letter.text.startswith(f"{A.name}：您好！")
    assert "意向已登记" in letter.text
    assert "加入成功" not in letter.text
    assert "此致敬礼！首都知识产权服务业协会秘书处2016年11月18日（星期五）09:00" in letter.text
    assert "刘妲（010-51530191）、黄立（010-51530062）" in letter.text
    assert letter.subject.endswith(f"[#{letter.reference}]")
    assert not set(",;!?:") & set(letter.text.split("2016年", 1)[0].replace("010-", ""))  # full-width punctuation


def test_the_headers_answer_the_mail_and_call_for_no_answer(office: Office) -> None:
    stored = office.form(A, "11-18 09:00")
    office.round()
    (sent,) = office.server.sent
    message = office.letter_to(A).message
    original = email.message_from_bytes(stored.raw, policy=email.policy.default)
    assert message["In-Reply-To"] == original["Message-ID"]
    assert message["References"] == original["Message-ID"]
    assert message["Auto-Submitted"] == "auto-replied"
    assert message["X-Auto-Response-Suppress"] == "All"
    assert sent.sender == office.server.username
    assert sent.recipients == (A.email,)
    assert message["From"].addresses[0].addr_spec == office.server.username


def test_a_no_is_thanked_and_asked_for_nothing(office: Office) -> None:
    office.form(A, "11-18 09:00", "no", "blank", contact="", office_phone="", mobile="", title="", email="")
    office.round()
    letter = office.letter_to(A)
    assert letter.kind == "acknowledgement"
    assert "感谢贵单位的认真答复" in letter.text
    assert "请补充" not in letter.text + letter.subject
    assert "未填写，如有意向" not in letter.text
    assert office.answers_of(A) == ("no", "blank")
    assert office.held() == []


def test_every_way_of_ticking_is_read(office: Office) -> None:
    marked = list(zip(UNITS, sorted(forms.MARKS), strict=False))
    for number, (unit, mark) in enumerate(marked):
        office.form(
            unit, f"11-18 09:{number:02d}", "yes" if number % 2 else "no", "no" if number % 2 else "yes", mark=mark
        )
    office.round()
    expected = [("yes", "no") if number % 2 else ("no", "yes") for number in range(len(forms.MARKS))]
    assert [office.answers_of(unit) for unit, _ in marked] == expected


def _workbook(office: Office, unit: Unit, when: str) -> None:
    book = File("意向书.xlsx", forms.xlsx(office.answers(unit)))
    office.write(unit, when, "意向书", text="见附件。", files=[book])


def _pasted(office: Office, unit: Unit, when: str) -> None:
    office.write(unit, when, "意向书", text=forms.pasted(office.answers(unit)))


def _table(office: Office, unit: Unit, when: str) -> None:
    office.write(unit, when, "意向书", html=forms.html_table(office.answers(unit)))


@pytest.mark.parametrize("send", [_workbook, _pasted, _table])
def test_a_form_may_come_as_a_workbook_as_text_or_as_a_table(
    office: Office, send: Callable[[Office, Unit, str], None]
) -> None:
    send(office, A, "11-18 09:00")
    office.round()
    standing = office.standing(A)
    assert standing is not None
    assert (standing.join, standing.member) == ("yes", "no")
    assert standing.values["mobile"] == A.mobile
    assert office.kinds_to(A) == ["acknowledgement"]


def test_every_answer_says_where_and_how_it_was_read(office: Office) -> None:
    office.form(A, "11-18 09:00", mark="Wingdings符号")
    office.round()
    rows = office.query("SELECT key, answer, evidence, place FROM choices ORDER BY key")
    assert [(key, answer) for key, answer, *_ in rows] == [("join", "yes"), ("member", "no")]
    assert all("符号字体" in evidence for _, _, evidence, _ in rows)
    assert [place for *_, place in rows] == ["第5行第2列", "第6行第2列"]
    assert [json.loads(sources) for (sources,) in office.query("SELECT sources FROM submissions")] == [
        [f"{A.name}{FORM_FILE}"]
    ]


def test_receipt_numbers_reveal_neither_order_nor_count(office: Office) -> None:
    for number, unit in enumerate(without_member(6)):
        office.form(unit, f"11-18 09:{number:02d}")
    office.round()
    numbers = [standing.receipt for unit in without_member(6) if (standing := office.standing(unit))]
    assert len(set(numbers)) == 6
    assert all(len(number) == 6 and number.isdigit() for number in numbers)
    assert numbers not in (sorted(numbers), sorted(numbers, reverse=True))  # one time in 360 by chance of the draw


# ---- what is missing or unclear -----------------------------------------------------------------


def test_exactly_what_is_missing_is_asked_with_a_date(office: Office) -> None:
    office.form(A, "11-21 10:05", office_phone="", mobile="")
    office.round()
    letter, standing = office.letter_to(A), office.standing(A)
    assert standing is not None
    assert standing.asked == {"office_phone"}
    assert "请补充" in letter.subject
    assert "1.办公电话或手机号码：来件未填写" in letter.text
    assert "请于2016年11月24日（星期四）17:00前直接回复本邮件写明" in letter.text
    assert "2." not in letter.text
    assert office.held() == []


def test_one_telephone_is_enough(office: Office) -> None:
    office.form(A, "11-21 10:05", office_phone="", email="", title="")
    office.round()
    assert "请补充" not in office.letter_to(A).subject
    standing = office.standing(A)
    assert standing is not None
    assert standing.asked == frozenset()


def test_the_answer_to_a_question_settles_it(office: Office) -> None:
    office.form(A, "11-21 10:05", office_phone="", mobile="")
    office.round()
    office.form(A, "11-22 15:20", office_phone="")
    office.round()
    standing = office.standing(A)
    assert standing is not None
    assert (standing.asked, standing.values["mobile"]) == (frozenset(), A.mobile)
    assert office.kinds_to(A) == ["acknowledgement", "correction"]
    assert "请补充" not in office.letters_to(A)[1].subject
    with office.works.register.reading() as tx:
        assert {row.state for row in tx.execute(followup_rows.select())} == {"settled"}


def test_the_clock_of_a_question_starts_when_it_was_sent(office: Office) -> None:
    office.start(OUTBOX__MODE="hold")
    office.form(A, "11-21 10:05", office_phone="", mobile="")
    office.round()
    office.until("11-25 09:00")
    office.start(OUTBOX__MODE="send")
    office.round()
    with office.works.register.reading() as tx:
        (row,) = tx.execute(followup_rows.select()).all()
    assert row.asked_at is not None
    assert row.asked_at >= at("11-25 09:00")
    assert row.due_at == at("11-30 17:00")


def _both_ticked(office: Office, unit: Unit) -> str:
    text = forms.pasted(office.answers(unit))
    return text.replace(f"{forms.JOIN}：是 ☑    否 □", f"{forms.JOIN}：是 ☑    否 ☑")


def test_an_unclear_first_choice_is_asked_and_shown_and_whoever_answers_first_settles_it(office: Office) -> None:
    office.write(A, "11-23 10:15", "入盟意向书", text=_both_ticked(office, A))
    office.round()
    letter = office.letter_to(A)
    assert office.answers_of(A) == ("unclear", "no")
    assert (letter.kind, office.held()) == ("acknowledgement", ["unclear"])
    assert "来件中的选择无法确认，请写明“是”或“否”" in letter.text
    assert "意向已登记" not in letter.text
    office.form(A, "11-24 15:30", "yes", "no")
    office.round()
    assert office.answers_of(A) == ("yes", "no")
    assert office.held() == []
    assert office.kinds_to(A) == ["acknowledgement", "correction"]


def test_a_person_may_settle_it_first_and_a_later_unclear_form_changes_nothing(office: Office) -> None:
    office.write(A, "11-23 10:15", "入盟意向书", text=_both_ticked(office, A))
    office.round()
    office.decide("是")
    assert office.answers_of(A) == ("yes", "no")
    assert office.held() == []
    office.write(A, "11-24 10:15", "再发一次", text=_both_ticked(office, A))
    office.round()
    assert office.answers_of(A) == ("yes", "no")


def test_a_later_definite_answer_replaces_a_persons_and_says_so(office: Office) -> None:
    office.write(A, "11-23 10:15", "入盟意向书", text=_both_ticked(office, A))
    office.round()
    office.decide("是")
    office.form(A, "11-24 10:00", "no", "no")
    office.round()
    assert office.answers_of(A) == ("no", "no")
    assert office.held() == ["decided-differs"]
    ((evidence,),) = office.query(
        "SELECT evidence FROM choices JOIN submissions s ON s.id = submission_id"
        " WHERE s.state = 'standing' AND key = 'join'"
    )
    assert "与人工决定不同" in evidence


def test_reading_a_mail_again_never_changes_a_decided_value(office: Office) -> None:
    office.write(A, "11-23 10:15", "入盟意向书", text=_both_ticked(office, A))
    office.round()
    reference = office.held_rows()[0].reference
    office.decide("否")
    office.retry(reference)
    office.wait(hours=1)
    office.round()
    assert office.answers_of(A) == ("no", "no")
    assert office.held() == []
    assert office.kinds_to(A) == ["acknowledgement"]


# ---- corrections --------------------------------------------------------------------------------


def test_a_later_form_replaces_field_by_field_only_where_it_states_something(office: Office) -> None:
    office.form(A, "11-22 10:10", "yes", "yes")
    office.round()
    first = office.standing(A)
    assert first is not None
    office.form(A, "11-24 11:00", "no", "blank", contact="赵示例改", mobile="", email="", title="")
    office.round()
    second = office.standing(A)
    assert second is not None
    assert (second.join, second.member) == ("no", "yes")
    assert dict(second.values) == {**A.values, "contact": "赵示例改"}
    assert second.receipt == first.receipt
    letter = office.letters_to(A)[1]
    assert letter.kind == "correction"
    assert f"登记号不变，仍为{first.receipt}" in letter.text
    assert "本次更新：联系人姓名、" in letter.text


def test_unclear_never_replaces_a_definite_answer(office: Office) -> None:
    office.form(A, "11-22 10:10", "yes", "yes")
    office.round()
    office.write(A, "11-23 10:15", "入盟意向书", text=_both_ticked(office, A))
    office.round()
    assert office.answers_of(A) == ("yes", "no")  # the second choice was stated anew, and is
    assert office.held() == ["unclear"]
    assert office.letters_to(A)[1].kind == "correction"


def test_the_rosters_address_may_correct_too(office: Office) -> None:
    desk = "desk@unit-a.example.net"
    office.roster(roster_row(A, addresses=(A.email, desk)))
    office.form(A, "11-22 10:10", "yes", "yes")
    office.round()
    office.allow(A, desk)
    office.form(A, "11-23 10:10", "no", "yes", sender=desk)
    office.round()
    assert office.answers_of(A) == ("no", "yes")
    assert office.kinds_to(desk) == ["correction"]
    assert office.held() == []


# ---- the second choice --------------------------------------------------------------------------

MENTIONED = "“成为协会会员”一项未填写"


@pytest.mark.parametrize(
    ("roster", "unit", "mentioned"),
    [((), A, False), ((A,), A, True), ((MEMBER,), MEMBER, False), ((B,), A, True)],
    ids=["no roster", "no member", "a member", "not on the roster"],
)
def test_a_blank_second_choice_is_mentioned_once_where_it_matters(
    office: Office, roster: tuple[Unit, ...], unit: Unit, mentioned: bool
) -> None:
    if roster:
        office.roster(*roster)
    office.form(unit, "11-18 09:00", "yes", "blank")
    office.round()
    letter, standing = office.letter_to(unit), office.standing(unit)
    assert (MENTIONED in letter.text) is mentioned
    assert standing is not None
    assert standing.asked == frozenset()
    assert office.held() == []
    office.form(unit, "11-19 09:00", "yes", "blank", title="主任示例")
    office.round()
    assert MENTIONED not in office.letters_to(unit)[1].text


def test_a_member_that_says_no_goes_to_the_secretariat_before_any_letter(office: Office) -> None:
    office.roster(MEMBER)
    office.form(MEMBER, "11-18 09:00", "yes", "no")
    office.round()
    assert (office.kinds_to(MEMBER), office.held()) == (["received"], ["member-no"])
    assert office.answers_of(MEMBER) == ("yes", "no")
    assert "登记" not in office.letter_to(MEMBER).text


@pytest.mark.parametrize(
    ("roster", "held"), [((), []), ((A,), ["member-claim"]), ((roster_row(A, member=True),), [])],
    ids=["no roster", "against the roster", "with the roster"],
)  # fmt: skip
def test_who_says_to_be_a_member_already_is_not_asked(
    office: Office, roster: tuple[Unit, ...], held: list[str]
) -> None:
    if roster:
        office.roster(*roster)
    text = forms.pasted(office.answers(A)).replace(f"{forms.MEMBER}：是 □    否 ☑", f"{forms.MEMBER}：已是会员")
    office.write(A, "11-18 09:00", "入盟意向书", text=text)
    office.round()
    assert (office.answers_of(A), office.held(), office.kinds_to(A)) == (("yes", "blank"), held, ["acknowledgement"])
    assert MENTIONED not in office.letter_to(A).text


# ---- several files, several units ---------------------------------------------------------------


def test_a_word_file_and_its_sealed_scan_are_one_submission(office: Office) -> None:
    office.form(A, "11-18 09:00", more=[File("入盟意向书（盖章）.pdf", PDF)])
    office.round()
    letter = office.letter_to(A)
    assert office.answers_of(A) == ("yes", "no")
    assert letter.kind == "acknowledgement"
    assert "所附盖章件已一并收存" in letter.text
    assert office.held() == []
    assert office.query("SELECT count(*), sum(sealed_copy) FROM submissions") == [(1, 1)]


def test_where_one_file_states_and_the_other_is_blank_the_stated_value_counts(office: Office) -> None:
    second = office.file(A, "blank", "yes", name="补充.docx", mobile="", email="")
    office.form(A, "11-18 09:00", "yes", "blank", office_phone="", more=[second])
    office.round()
    standing = office.standing(A)
    assert standing is not None
    assert (standing.join, standing.member) == ("yes", "yes")
    assert dict(standing.values) == dict(A.values)
    assert office.kinds_to(A) == ["acknowledgement"]


def test_where_two_definite_choices_differ_it_is_unclear(office: Office) -> None:
    office.form(A, "11-18 09:00", "yes", "no", more=[office.file(A, "no", "no", name="另一份.docx")])
    office.round()
    assert office.answers_of(A) == ("unclear", "no")
    assert (office.kinds_to(A), office.held()) == (["acknowledgement"], ["unclear"])
    assert "另一份.docx" in office.held_rows()[0].sentence


def test_a_collector_gets_one_letter_that_lists_all_units(office: Office) -> None:
    collector = "collector@park.example.net"
    files = [office.file(unit, "yes", "no", sender=collector) for unit in (A, B, C)]
    office.write(collector, "11-28 10:00", "转来三家意向书", text="三家单位的意向书见附件。", files=files)
    office.round()
    letter = office.letter_to(collector)
    assert letter.kind == "acknowledgement"
    for unit in (A, B, C):
        standing = office.standing(unit)
        assert standing is not None
        assert (standing.join, standing.sender) == ("yes", collector)
        assert unit.name in letter.text
        assert standing.receipt in letter.text
    assert office.kinds() == {collector: ["acknowledgement"]}


def test_a_collector_of_twenty_units_gets_one_letter_with_a_table_of_them(office: Office) -> None:
    collector = "collector@park.example.net"
    files = [office.file(unit, "yes", "no", sender=collector) for unit in UNITS[:20]]
    office.write(collector, "11-28 10:00", "转来20家单位意向书", text="各单位意向书见附件。", files=files)
    office.round()
    letter = office.letter_to(collector)
    assert "您转来的20家单位的意向书已收到并登记" in letter.text
    assert "序号单位名称登记号加入联盟成为协会会员1" in letter.text
    assert [unit.name for unit in UNITS[:20] if letter.text.count(unit.name) < 2] == []
    assert "等20家单位" in letter.subject


def test_a_collector_hears_which_of_its_units_waits(office: Office) -> None:
    office.form(A, "11-18 09:00")
    office.round()
    collector = "collector@park.example.net"
    files = [office.file(unit, "no", "no", sender=collector) for unit in (A, B)]
    office.write(collector, "11-28 10:00", "转来意向书", text="见附件。", files=files)
    office.round()
    letter = office.letter_to(collector)
    assert (office.answers_of(A), office.answers_of(B)) == (("yes", "no"), ("no", "no"))
    assert office.held() == ["other-sender"]
    assert f"“{A.name}”的表格已收到，待秘书处核对后另行答复" in letter.text


def test_a_form_without_a_unit_goes_to_a_person(office: Office) -> None:
    office.form(A, "11-18 09:00", unit="")
    office.round()
    assert (office.kinds_to(A), office.held()) == (["received"], ["no-unit"])


# ---- quoted forms ---------------------------------------------------------------------------------


def _quoting(text: str) -> str:
    return "\n\n------------------ 原始邮件 ------------------\n" + "\n".join(f"> {line}" for line in text.split("\n"))


def test_answers_typed_into_a_quoted_form_count(office: Office) -> None:
    text = "已填好，见下。" + _quoting(forms.pasted(office.answers(A)))
    office.write(A, "11-18 09:00", "回复: 入盟意向书", text=text)
    office.round()
    assert office.answers_of(A) == ("yes", "no")
    ((sources,),) = office.query("SELECT sources FROM submissions")
    assert "引文内填写" in json.loads(sources)[0]


def test_an_untouched_quoted_form_is_no_form(office: Office) -> None:
    text = "收到，谢谢！" + _quoting(forms.pasted(Answers({}, "blank", "blank")))
    office.write(A, "11-18 09:00", "回复: 入盟意向书", text=text)
    office.round()
    assert office.answers_of(A) is None
    assert office.kinds_to(A) == []
    assert office.held() == []


def test_our_own_receipt_coming_back_is_no_form(office: Office) -> None:
    office.form(A, "11-18 09:00")
    office.round()
    office.write(A, "11-19 09:00", "Re: 入盟意向书", text="信息无误，谢谢！", reply_to=office.letter_to(A))
    office.round()
    assert office.query("SELECT count(*) FROM submissions") == [(1,)]
    assert office.kinds_to(A) == ["acknowledgement"]
    assert office.mail_kinds() == ["form", "courtesy"]


def test_our_own_blank_form_coming_back_filled_is_a_form(office: Office) -> None:
    office.write(A, "11-18 09:00", "关于入盟", text="我单位同意加入首都知识产权运营联盟。")
    office.round()
    letter = office.letter_to(A)
    (name,) = letter.files
    assert name.endswith(".docx")
    (part,) = letter.message.iter_attachments()
    office.write(
        A, "11-18 10:00", "入盟意向书", text="见附件。", files=[File(name, filled_blank(part.get_content(), A))]
    )
    office.round()
    assert office.answers_of(A) == ("yes", "blank")
    assert office.kinds_to(A) == ["no-form", "acknowledgement"]


def filled_blank(content: bytes, unit: Unit) -> bytes:
    """Our blank form as a unit fills it: each value in the cell beside its label, √ for the first box."""
    from docx import Document

    document = Document(io.BytesIO(content))
    wanted = {forms.LABELS[key]: value for key, value in unit.values.items()}
    for table in document.tables:
        for row in table.rows:
            cells = row.cells
            for cell, beside in itertools.pairwise(cells):
                if beside.text == "" and cell.text.strip() in wanted:
                    beside.text = wanted[cell.text.strip()]
                if "是否愿意加入" in cell.text and "□" in beside.text:
                    beside.text = beside.text.replace("□", "☑", 1)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_the_secretariats_own_mails_are_recorded_without_a_letter(office: Office) -> None:
    office.form(A, "11-18 09:00", sender=SECRETARY, text="电话登记，请录入。")
    office.round()
    assert office.answers_of(A) == ("yes", "no")
    assert office.letters() == []
    assert office.mail_kinds() == ["staff"]


# ---- answers in the words of a reply ------------------------------------------------------------


def test_a_reply_that_only_answers_the_question_is_of_the_unit_that_was_asked(office: Office) -> None:
    office.pasted(A, "11-21 10:05", "blank", "no")
    office.round()
    question = office.letter_to(A)
    assert "请于2016年11月24日（星期四）17:00前" in question.text
    answer = f"{forms.JOIN}：是"
    office.write(A, "11-22 09:00", "回复：", text=answer, reply_to=question)
    office.round()
    assert office.answers_of(A) == ("yes", "no")
    assert office.kinds_to(A) == ["acknowledgement", "correction"]
    assert office.held() == []


def test_the_same_words_from_another_address_change_nothing(office: Office) -> None:
    office.pasted(A, "11-21 10:05", "blank", "no")
    office.round()
    question = office.letter_to(A)
    office.write(B, "11-22 09:00", "回复：", text=f"{forms.JOIN}：是", reply_to=question)
    office.round()
    assert office.answers_of(A) == ("blank", "no")
    assert office.held() == ["no-unit"]


@pytest.mark.parametrize(
    "words", ["办公电话：010-80001234", "是", "我单位选择：是", "您好，联系电话补充如下：010-80001234"]
)
def test_a_reply_too_short_to_be_read_with_certainty_goes_to_a_person(office: Office, words: str) -> None:
    office.pasted(A, "11-21 10:05", "blank", "no")
    office.round()
    office.write(A, "11-22 09:00", "回复：入盟意向书", text=words, reply_to=office.letter_to(A))
    office.round()
    assert office.answers_of(A) == ("blank", "no")
    assert office.held() == ["question"]
    assert office.kinds_to(A) == ["acknowledgement", "received"]
