"""What letters say: the facts for the templates, JSON-safe, and the drafts that carry them. Pure.

Wording belongs to the templates; only what a rule knows (labels, what is asked, what is mentioned
once) is said here, in Chinese that a unit reads.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from intake.answers import BLANK, Choice, Value
from intake.beijing import BEIJING
from intake.campaign import ChoiceSpec, FormSpec
from intake.contents import FileFault
from intake.deciding.incoming import Incoming
from intake.deciding.joining import in_words
from intake.followups import NOTHING_OWED, Group, Owed, declined
from intake.kinds import Lateness, LetterKind
from intake.outcome import LetterDraft

Facts: TypeAlias = dict[str, object]

# What a unit is told where the reader's own sentence speaks to the secretariat.
_FOR_THE_UNIT = {
    "no-ocr": "附件是图片或扫描件，将由工作人员人工核读；如有可编辑的电子版（Word文件），请一并发来，以便尽快登记。",
    "internal": "附件未能读取，请另存为Word文档（.docx）后重新发送。",
}


@dataclass(frozen=True, slots=True)
class UnitSaid:
    """What a letter shall say of one unit."""

    unit: str
    values: Mapping[str, Value]
    choices: Mapping[str, Choice]
    lateness: Lateness = "in time"
    receipt: str = ""
    asks: Owed = NOTHING_OWED
    due: datetime | None = None
    mention: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    sealed_copy: bool = False
    deadline: datetime | None = None  # where it is not the notice's own


def unit_facts(said: UnitSaid, spec: FormSpec) -> Facts:
    """The facts of one unit, in the order of the form's definition."""
    return {
        "unit": said.unit,
        "receipt": said.receipt,
        "late": said.lateness == "late",
        "disputed": said.lateness == "disputed",
        "values": [_value_fact(field.id, field.label, said.values) for field in spec.fields],
        "choices": [_choice_fact(choice, said.choices) for choice in spec.choices],
        "missing": [group_label(group, spec) for group in said.asks.missing],
        "unclear": [group_label(group, spec) for group in said.asks.unclear],
        "mention": list(said.mention),
        "changed": [spec.label_of(key) for key in said.changed],
        "due": said.due.astimezone(BEIJING).isoformat() if said.due and said.asks.keys else None,
        "declined": declined(said.choices, spec),
        "sealed_copy": said.sealed_copy,
        **deadline_fact(said.deadline),
    }


def deadline_fact(deadline: datetime | None) -> Facts:
    """The deadline as a fact, where it is not the notice's own."""
    return {"deadline": deadline.astimezone(BEIJING).isoformat()} if deadline else {}


def group_label(group: Group, spec: FormSpec) -> str:
    """办公电话或手机号码: what satisfies a required group."""
    return "或".join(spec.label_of(key) for key in group)


def short_of(key: str, spec: FormSpec) -> str:
    """A choice's short name, or a field's label."""
    return next((choice.short for choice in spec.choices if choice.id == key), spec.label_of(key))


def mail_facts(mail: Incoming, **more: object) -> Facts:
    """The facts of a letter about the mail itself: its subject, the names of its files, and `more`."""
    later = deadline_fact(mail.campaign.deadline if mail.campaign.original_deadline else None)
    return {"subject": mail.reading.subject, "files": [file.name for file in mail.reading.files], **later, **more}


def fault_facts(faults: Iterable[FileFault]) -> list[Facts]:
    """Files that could not be read, with the sentence a unit may read."""
    return [
        {"name": fault.source, "code": fault.code, "sentence": _FOR_THE_UNIT.get(fault.code, fault.sentence)}
        for fault in faults
    ]


def why_no_form(mail: Incoming) -> str:
    """What was wrong with an attempt that holds no filled form."""
    title = f"《{mail.spec.title}》"
    if mail.reading.signs.blank_forms:
        return f"随信发来的{title}还是空白表，尚未填写"
    if mail.reading.files:
        return f"随信发来的附件中没有读到填写好的{title}"
    return f"来信没有附件，正文中也没有读到填写好的{title}"


def why_plain_yes(mail: Incoming) -> str:
    """What a unit is told that said yes in a sentence: thanks, and that the form is still needed."""
    return f"来信表示愿意加入，十分感谢；正式登记以填写好的《{mail.spec.title}》为准"


def letter(
    mail: Incoming,
    kind: LetterKind,
    facts: Mapping[str, object],
    *,
    submissions: Sequence[int] = (),
    attach_form: bool = False,
    not_before: datetime | None = None,
    round_: int = 1,
) -> tuple[LetterDraft, ...]:
    """One letter to the mail's sender, or none where the mail may not be answered."""
    if not mail.may_write:
        return ()
    return (
        LetterDraft(
            key=letter_key(mail.campaign.id, mail.message_key, kind, round_),
            kind=kind,
            campaign=mail.campaign.id,
            recipient=mail.recipient,
            facts=facts,
            submissions=tuple(submissions),
            attach_form=attach_form,
            not_before=not_before,
        ),
    )


def letter_key(campaign: str, about: str, kind: LetterKind, round_: int = 1) -> str:
    """The key that makes saying something twice impossible: campaign, unit or message, kind, round."""
    return f"{campaign}/{about}/{kind}/{round_}"


# ---- sentences mentioned once -----------------------------------------------------------------


def second_choice_left_blank(choice: ChoiceSpec) -> str:
    return f"“{choice.short}”一项未填写，如有意向，回复本邮件告知即可；不填写不影响本次登记"


def choice_not_readable(choice: ChoiceSpec) -> str:
    return f"“{choice.short}”一项的勾选无法确认，如方便，请回复本邮件说明"


def other_unit_pending(unit: str) -> str:
    whose = f"同一邮件中“{unit}”的表格已收到" if unit else "同一邮件中另有一份表格未写明单位名称"
    return f"{whose}，待秘书处核对后另行答复"


def file_not_read(fault: FileFault) -> str:
    return f"附件“{fault.source}”未能读取：{_FOR_THE_UNIT.get(fault.code, fault.sentence)}"


def late_change_pending(keys: Sequence[str], spec: FormSpec) -> str:
    names = "、".join(f"“{short_of(key, spec)}”" for key in keys)
    return f"对{names}的更改在截止时间之后收到，已转秘书处核定，目前仍按原登记"


def _value_fact(key: str, label: str, values: Mapping[str, Value]) -> Facts:
    value = values.get(key, Value(""))
    return {"id": key, "label": label, "text": value.text, "place": value.place}


def _choice_fact(choice: ChoiceSpec, choices: Mapping[str, Choice]) -> Facts:
    given = choices.get(choice.id, Choice(choice.id, BLANK))
    text = "待确认" if given.answer == "unclear" else in_words(given)
    return {
        "id": choice.id,
        "label": choice.label,
        "short": choice.short,
        "answer": given.answer,
        "text": text,
        "evidence": given.evidence,
        "already_member": given.already_member,
    }
