"""A form that came another way, written down as a mail of its own: the files as they are, or what was said on the line.

Raises WrongUsage, and nothing is recorded then, where a file holds no filled form, or what is read is not what was
typed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from typing import TYPE_CHECKING

from intake.answers import BLANK, TYPED
from intake.campaign import ChoiceSpec
from intake.errors import WrongUsage

if TYPE_CHECKING:
    from intake.campaign import Campaign, FieldSpec, FormSpec
    from intake.contents import Reading
    from program.campaign_folders import LoadedCampaign
    from program.settings import Settings
    from scheduler.clock import Clock
    from scheduler.handling import Handling
    from storage.register import Register

CALL = "电话记录.txt"


@dataclass(frozen=True, slots=True)
class Typed:
    """Values by field, and answers by choice, as a person typed them for one campaign."""

    values: Mapping[str, str]
    answers: Mapping[str, str]


def typed(words: Sequence[str], spec: FormSpec) -> Typed:
    """`field=value` by the id or the label of a field or choice, or a part of one's; raises WrongUsage, naming all."""
    values: dict[str, str] = {}
    answers: dict[str, str] = {}
    for word in words:
        name, mark, text = word.replace("＝", "=", 1).partition("=")
        name, text = name.strip(), text.strip()
        asked = _asked(name, spec)
        if not mark or asked is None:
            known = "、".join((*(one.label for one in spec.fields), *(one.short for one in spec.choices)))
            raise WrongUsage(word, sentence=f"“{word}”应写作 项目=内容，项目可用：{known}。")
        if isinstance(asked, ChoiceSpec):
            answers[asked.id] = answer_of(asked, text)
        else:
            values[asked.id] = text
    return Typed(values, answers)


def _asked(name: str, spec: FormSpec) -> FieldSpec | ChoiceSpec | None:
    """The field or choice that is called so, else the one that has it in its name."""
    known: dict[FieldSpec | ChoiceSpec, tuple[str, ...]] = {}
    known |= {one: (one.label, one.id, *one.labels) for one in spec.fields}
    known |= {one: (one.short, one.id, one.label, *one.labels) for one in spec.choices}
    exact = [one for one, names in known.items() if name in names]
    held = [one for one, names in known.items() if len(name) > 1 and name in names[0]]
    return exact[0] if exact else held[0] if len(held) == 1 else None


def answer_of(choice: ChoiceSpec, text: str) -> str:
    """The answer that a person typed, as the register keeps it; raises WrongUsage."""
    said = TYPED.get(text.lower(), "") if text else BLANK
    if said == BLANK or (said and choice.yes_no):
        return said
    chosen = [part.strip() for part in text.replace("；", ";").replace("、", ";").split(";") if part.strip()]
    if choice.yes_no or not set(chosen) <= set(choice.options) or (len(chosen) > 1 and not choice.several):
        usable = "、".join((*choice.options, "空白"))
        raise WrongUsage(text, sentence=f"“{choice.short}”不能记为“{text}”，请写：{usable}。")
    return ";".join(option for option in choice.options if option in chosen)


def normal(spec: FormSpec, key: str, text: str) -> str:
    """A value as the reader of forms would write it."""
    from intake.form.values import normalise

    field = next(one for one in spec.fields if one.id == key)
    return normalise(field.kind, text).text


def doubts(spec: FormSpec, values: Mapping[str, str]) -> list[str]:
    """What looks wrong with values that a person typed, a sentence each."""
    from intake.answers import Form, Value
    from intake.form.checking import check

    form = Form(spec.campaign, "", {key: Value(text) for key, text in values.items()}, {})
    return [one.sentence for one in check(form, spec) if one.code == "suspicious" and one.field in values]


def call_sheet(spec: FormSpec, said: Typed) -> bytes:
    """What was said by telephone, as a form in plain text."""
    lines = [spec.title, ""]
    lines += [f"{field.label}：{said.values.get(field.id, '')}" for field in spec.fields]
    lines += [f"{choice.label}：{_boxes(choice, said.answers.get(choice.id, 'blank'))}" for choice in spec.choices]
    return "\n".join(lines).encode()


def as_mail(sender: str, channel: str, files: Sequence[tuple[str, bytes]], at: datetime) -> bytes:
    """The mail that holds what was entered; each has a Message-ID of its own."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Date"] = sender, sender, format_datetime(at)
    mail["Subject"] = f"人工登记：{channel}"
    mail["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2] or "localhost")
    mail.set_content("")
    for name, content in files:
        mail.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return mail.as_bytes()


def holds_a_form(reading: Reading) -> None:
    """What is entered must hold a form that was read."""
    if reading.forms:
        return
    files = "、".join(f"“{file.name}”" for file in reading.files)
    why = "".join(fault.sentence for fault in reading.faults) or "请核对文件，或改用 --unit 逐项登记。"
    raise WrongUsage(sentence=f"{files}中没有读到填好的表格，未作登记。{why}")


def says(campaign: Campaign, said: Typed) -> Callable[[Reading], None]:
    """What was typed must be read as typed."""
    spec = campaign.form

    def check(reading: Reading) -> None:
        form = reading.forms[0] if len(reading.forms) == 1 else None
        stated = any(text for key, text in said.values.items() if key != spec.unit_field)
        stated = stated or any(answer != "blank" for answer in said.answers.values())
        if form is None or form.campaign != campaign.id or not stated:
            raise WrongUsage(sentence="所填内容不足以成为一份登记，请至少写明一项答复，例如：加入联盟=是。")
        for key, answer in said.answers.items():
            if form.choices[key].answer != answer:
                raise WrongUsage(key, sentence=f"“{spec.label_of(key)}”所写内容无法确认，未作登记，请改正后再试。")
        for key, text in said.values.items():
            if text and not form.value(key):
                raise WrongUsage(key, sentence=f"“{spec.label_of(key)}”不能记为“{text}”，未作登记，请改正后再试。")

    return check


@contextmanager
def handling_of(
    settings: Settings, loaded: Sequence[LoadedCampaign], register: Register, clock: Clock
) -> Iterator[Handling]:
    """What reads and records, beside a daemon that may be at work."""
    from program import parts
    from program.children import nursery_of, reading_children
    from program.duties import with_materials
    from program.secretariat import instructed_of
    from scheduler.handling import Handling

    campaigns = tuple(each.campaign for each in loaded)
    with nursery_of(settings) as nursery, reading_children(settings, campaigns, nursery) as children:
        yield Handling(
            register, parts.open_rawmails(settings), with_materials(parts.rules_of(settings, campaigns), loaded), clock,
            children, instructed=instructed_of(settings, loaded), cutouts=parts.open_cutouts(settings, campaigns),
        )  # fmt: skip


def _boxes(choice: ChoiceSpec, answer: str) -> str:
    words = {"yes": "是", "no": "否"}
    chosen = {words.get(part, part) for part in answer.split(";")}
    return "    ".join(f"{option} {'☑' if option in chosen else '□'}" for option in choice.options)
