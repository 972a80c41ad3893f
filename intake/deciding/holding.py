"""What a person must look at, each said in one Chinese sentence that a secretary understands at once. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from intake.answers import BLANK, Choice, Value
from intake.beijing import day, midnight, moment
from intake.campaign import FormSpec
from intake.contents import FileFault
from intake.deciding.amending import OVERRULED
from intake.deciding.completing import concerned, fragment_of, group_of
from intake.deciding.incoming import Incoming
from intake.deciding.joining import Statement, in_words, is_definite, same_answer, same_text
from intake.deciding.saying import group_label, short_of
from intake.known import Earlier, UnitKnown
from intake.outcome import HeldDraft


def unclear(unit: str, key: str, choice: Choice, spec: FormSpec, *, asked: bool) -> HeldDraft:
    told = "已请该单位写明，以先答复者为准" if asked else "未向该单位询问"
    evidence = f"（{choice.evidence}）" if choice.evidence else ""
    sentence = f"“{unit}”的“{short_of(key, spec)}”一项无法确认{evidence}，{told}；请核对原件。"
    return HeldDraft("unclear", sentence, key=key)


def doubtful(unit: str, key: str, new: Choice, standing: Choice, spec: FormSpec) -> HeldDraft:
    evidence = f"（{new.evidence}）" if new.evidence else ""
    sentence = (
        f"“{unit}”新来的表格中“{short_of(key, spec)}”一项无法确认{evidence}，"
        f"仍按原登记的“{in_words(standing)}”；请核对该单位是否要更改。"
    )
    return HeldDraft("unclear", sentence, key=key)


def near_name(unit: str, near: Sequence[str]) -> HeldDraft:
    names = "、".join(f"“{name}”" for name in near)
    return HeldDraft("near-name", f"“{unit}”与已有的{names}名称相近，请确认是否同一单位；确认之前来件只作待定件保存。")


def other_sender(unit: str, sender: str, earlier: Earlier, statement: Statement, spec: FormSpec) -> HeldDraft:
    sentence = (
        f"“{unit}”已由 {earlier.sender} 登记，现另一地址 {sender} 又发来一份，"
        f"{differences(earlier, statement, spec) or '内容与现行登记一致'}；现行登记未改，请确认以哪份为准。"
    )
    return HeldDraft("other-sender", sentence)


def late_change(unit: str, mail: Incoming, earlier: Earlier, statement: Statement, spec: FormSpec) -> HeldDraft:
    sentence = (
        f"“{unit}”在截止时间之后（{moment(mail.received_at)}）来件更改，"
        f"{differences(earlier, statement, spec)}；现行登记未改，请决定是否接受。"
    )
    return HeldDraft("late-change", sentence)


def older_differs(unit: str, mail: Incoming, earlier: Earlier, statement: Statement, spec: FormSpec) -> HeldDraft:
    sentence = (
        f"“{unit}”在截止时间之前（{moment(mail.received_at)}）发出的一份表格现在才取到，与此后登记的逾期件不同，"
        f"{differences(earlier, statement, spec)}；请确认以哪份为准。"
    )
    return HeldDraft("late-change", sentence)


def resent_differs(unit: str, earlier: Earlier, statement: Statement, spec: FormSpec) -> HeldDraft:
    sentence = (
        f"“{unit}”再次发来与此前某封内容完全相同的邮件，但与现行登记不同，"
        f"{differences(earlier, statement, spec)}；现行登记未改，请确认以哪份为准。"
    )
    return HeldDraft("unclear", sentence)


def disputed(unit: str, mail: Incoming) -> HeldDraft:
    if mail.verdict.kind == "staff" and midnight(mail.internal_date):  # entered by a colleague who named the day only
        sentence = (
            f"“{unit}”的表格于{day(mail.internal_date)}收到，未写明钟点，不能确定是否在截止时间"
            f"（{moment(mail.campaign.deadline)}）之前；请决定是否按时。"
        )
        return HeldDraft("disputed", sentence)
    marked = moment(mail.top_received, seconds=True) if mail.top_received else "无"
    sentence = (
        f"“{unit}”的来件是否按时有争议：进入邮箱的时间为{moment(mail.internal_date, seconds=True)}，"
        f"服务商收信标记为{marked}，分别在截止时间（{moment(mail.campaign.deadline)}）前后；请决定是否按时。"
    )
    return HeldDraft("disputed", sentence)


def member_no(unit: str, key: str, spec: FormSpec) -> HeldDraft:
    sentence = f"“{unit}”在名册上已是会员，来件“{short_of(key, spec)}”一项却选了“否”；请先与其核实，此前未发登记回执。"
    return HeldDraft("member-no", sentence, key=key)


def member_claim(unit: str, key: str) -> HeldDraft:
    sentence = f"“{unit}”填写“已是会员”，名册上却未见其为会员；请核对名册，未向该单位追问。"
    return HeldDraft("member-claim", sentence, key=key)


def decided_differs(unit: str, key: str, new: str, *, replaced: bool, spec: FormSpec) -> HeldDraft:
    fate = "已按该单位后来的明确答复更新" if replaced else "来件并非原发件地址，人工决定未改"
    sentence = f"“{unit}”来件的“{short_of(key, spec)}”为“{new}”，{OVERRULED}；{fate}，请过目。"
    is_choice = any(choice.id == key for choice in spec.choices)
    return HeldDraft("decided-differs", sentence, key=key if is_choice else "")


def no_unit(source: str, mail: Incoming) -> HeldDraft:
    return HeldDraft("no-unit", f"{mail.sender} 发来的“{source}”没有填写单位名称，无法登记；请核对是哪个单位。")


def other_campaign(source: str) -> HeldDraft:
    return HeldDraft("internal", f"“{source}”属于另一次征集的表格，本次未登记；请人工处理。")


def strange_form(mail: Incoming) -> HeldDraft:
    sentence = (
        f"{_from(mail)}的来信{_subject(mail)}附有填好的表格，但不是现有任何一次活动的表格，未作登记；请人工查看。"
    )
    return HeldDraft("strange-form", sentence)


def statement(mail: Incoming) -> HeldDraft:
    return HeldDraft("statement", f"{_from(mail)}来信表示：“{_quote(mail)}”，未附表格，未作登记；请决定如何处理。")


def question(mail: Incoming) -> HeldDraft:
    """A question, or words that are not read with certainty; `details` name the follow-ups that they may answer."""
    verb = "来信询问" if mail.reading.signs.question else "来信说"
    about, ids = _named(mail), concerned(mail)
    sentence = f"{_from(mail)}{verb}：“{_quote(mail)}”；{about}请答复。"
    if not ids or mail.known.asked is None:
        return HeldDraft("question", sentence)
    return HeldDraft("question", sentence, unit_id=mail.known.asked.unit.unit_id, details={"followups": list(ids)})


def _named(mail: Incoming) -> str:
    """其中写有办公电话“010-…”，“示例公司”尚待补填“办公电话或手机号码”，未能确认，未作登记，"""
    fragment, asked = fragment_of(mail), mail.known.asked
    if fragment is None:
        return ""
    values = "、".join(f"{mail.spec.label_of(key)}“{value.text}”" for key, value in fragment.form.values.items())
    groups = dict.fromkeys(group_of(key, mail.spec) for key in (asked.open if asked else ()))
    owed = "、".join(f"“{group_label(group, mail.spec)}”" for group in groups)
    whose = f"，“{asked.unit.name}”尚欠{owed}" if asked else ""
    return f"其中写有{values}{whose}，因不能确定，未自动登记；"


def recall(mail: Incoming) -> HeldDraft:
    sentence = f"{_from(mail)}撤回了一封邮件{_subject(mail)}；撤回不影响已登记的内容，请核对该单位的意思。"
    return HeldDraft("recall", sentence)


def protected(mail: Incoming) -> HeldDraft:
    sentence = f"{_from(mail)}在不自动回信的名单内，来信{_subject(mail)}未作任何答复；请人工处理。"
    return HeldDraft("protected", sentence)


def of_machine(mail: Incoming) -> HeldDraft:
    """A filled form in a mail that no person seems to have sent: forwarded by a rule, sent by an office system."""
    sentence = (
        f"{_from(mail)}的来信{_subject(mail)}是自动发出或群发的，其中有填好的表格，未作登记，也未答复；"
        "请核对，属实的请转发至本邮箱，主题写“代录”。"
    )
    return HeldDraft("protected", sentence)


def unreadable(mail: Incoming, faults: Iterable[FileFault], *, told: bool) -> HeldDraft:
    files = "；".join(f"“{fault.source}”{fault.sentence.rstrip('。')}" for fault in faults)
    return HeldDraft("unreadable", f"{_from(mail)}的附件未能读取：{files}。{_told(told)}")


def unread(mail: Incoming, fault: FileFault, *, told: bool) -> HeldDraft:
    reason = "internal" if fault.code == "internal" else "unreadable"
    trouble = {
        "timeout": "读取超时，已中止",
        "memory": "读取时占用内存过多，已中止",
    }.get(fault.code, "读取时程序出错")
    sentence = f"{_from(mail)}的来信{_subject(mail)}{trouble}，原件已保存；请人工打开查看。{_told(told)}"
    return HeldDraft(reason, sentence)


def oversized(mail: Incoming, *, told: bool) -> HeldDraft:
    sentence = f"{_from(mail)}的来信{_subject(mail)}过大，只取了信头；请到邮箱中查看。{_told(told)}"
    return HeldDraft("oversized", sentence)


def attempts(mail: Incoming) -> HeldDraft:
    told = "已提示过，不再自动提示" if mail.known.told_in_campaign else "未自动答复"
    where = "在垃圾邮件文件夹中，未自动答复" if mail.known.folder_is_junk else told
    sentence = f"{_from(mail)}的来信{_subject(mail)}与征集有关，但没有读到填写好的表格；{where}，请与其联系。"
    return HeldDraft("attempts", sentence)


def data_change(unit: str, change: str, details: Mapping[str, object] | None = None) -> HeldDraft:
    """`change` are the differences in words, or the sentence of the mail where they could not be told."""
    return HeldDraft("data-change", f"成员单位“{unit}”告知资料变更：{change}；请核对后决定是否接受。", details=details)


def material(unit: str, file: str, label: str, key: str, unit_id: int) -> HeldDraft:
    sentence = f"“{unit}”来信附有“{file}”，似为所需的“{label}”；请核对，是则写“收到”，否则写“不是”。"
    return HeldDraft("material", sentence, key=key, unit_id=unit_id)


def some_material(unit: str, mail: Incoming, unit_id: int) -> HeldDraft:
    sentence = (
        f"“{unit}”来信{_subject(mail)}附有文件，未能判明是否所需的材料；"
        f"请核对，如是，请用 intake followup received 单位 材料 登记。"
    )
    return HeldDraft("material", sentence, unit_id=unit_id)


def differences(earlier: Earlier, statement: Statement, spec: FormSpec) -> str:
    """加入联盟：原为“是”，来件为“否”: where a statement says something else than what stands."""
    choices = [
        f"{short_of(key, spec)}：原为“{in_words(stood)}”，来件为“{in_words(answer)}”"
        for key, answer in statement.choices.items()
        if is_definite(answer) and not same_answer(stood := earlier.choices.get(key, Choice(key, BLANK)), answer)
    ]
    values = [
        f"{spec.label_of(key)}：原为“{old.text or '未填写'}”，来件为“{new.text}”"
        for key, new in statement.values.items()
        if new.text and key != spec.unit_field and not same_text(old := earlier.values.get(key, Value("")), new)
    ]
    return "；".join((*choices, *values))


def unit_name(unit: UnitKnown, written: str) -> str:
    """The unit as the register calls it, or as the form writes it where it is new."""
    return unit.name if unit.unit_id is not None and unit.name else written


def _from(mail: Incoming) -> str:
    sender = mail.reading.sender
    return f"{sender.name}（{sender.email}）" if sender.name else (sender.email or "未写明发件人的邮件")


def _subject(mail: Incoming) -> str:
    return f"（{mail.reading.subject.strip() or '无主题'}）"


def _quote(mail: Incoming) -> str:
    text = " ".join((mail.reading.signs.sentence or mail.reading.excerpt or mail.reading.subject).split()).rstrip("。.")
    return text if len(text) <= 120 else text[:119] + "…"


def _told(told: bool) -> str:
    return "已请发件人重新发送。" if told else "未自动答复。"
