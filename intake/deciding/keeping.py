"""What a mail brings besides a form, once a later stage is open: papers asked for, a member's new data. Pure.

Both are proposed to a person and never guessed; the sender hears that its mail was received.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from intake import stages
from intake.campaign import FormSpec
from intake.contents import FileSeen
from intake.deciding import holding, saying
from intake.deciding.incoming import NO_LETTERS, Incoming
from intake.known import Writer
from intake.outcome import HeldDraft, Outcome

TRIED = frozenset({"attempts", "unreadable"})  # held because a mail with files holds no form
_CHANGES = re.compile(
    r"(?:联系人|联络人|联络员|电话|手机|邮箱|邮件地址|联系方式|资料|信息)[^。；\n]{0,30}?(?:变更|变动|更换|调整|更改|改为|换为|更新)|"
    r"(?:变更|更换|调整|更改|更新)[^。；\n]{0,12}?(?:联系人|联络人|联络员|电话|手机|邮箱|联系方式)"
)
_NEW = r"(?:由[^，。；\n]{2,12}?)?(?:变更|更换|调整|更改|改|换|更新)?(?:为|成|是|：|:)\s*"
_NAME = r"([\u4e00-\u9fff·]{2,8}?)(?=先生|女士|同志|[，,。；;、（(\s]|$)"
_PATTERNS = {
    "person": re.compile(rf"(?:联系人|联络人|联络员)(?:姓名)?{_NEW}{_NAME}"),
    "telephone": re.compile(r"(?<!\d)(0\d{2,3}-?\d{7,8}(?:-\d{1,6})?)(?!\d)"),
    "mobile": re.compile(r"(?<!\d)(1[3-9]\d{9})(?!\d)"),
    "email": re.compile(r"([A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,})"),
}  # fmt: skip


def keep(mail: Incoming, outcome: Outcome) -> Outcome:
    """The outcome with what the mail brings besides; the outcome itself where it brings nothing."""
    writer = mail.known.writer
    if writer is None or mail.verdict.kind in NO_LETTERS or mail.known.copy:
        return outcome
    found = tuple(_papers(mail, writer))
    if not found and writer.joined and not mail.reading.forms:
        found = _change(mail, writer)
    if not found:
        return outcome
    if mail.reading.forms:
        return replace(outcome, held=(*outcome.held, *found))
    rest = tuple(item for item in outcome.held if item.reason not in (*TRIED, *_answered_by(found)))
    letters = () if mail.known.repeat else saying.letter(mail, "received", saying.mail_facts(mail))
    return replace(outcome, held=(*rest, *found), letters=letters)


def _answered_by(found: Sequence[HeldDraft]) -> tuple[str, ...]:
    """A statement or question that is the very change of data is held once."""
    return ("statement", "question") if any(item.reason == "data-change" for item in found) else ()


def _papers(mail: Incoming, writer: Writer) -> Iterator[HeldDraft]:
    """One proposal a paper; where files come and none says what it is, one for the whole mail."""
    files = mail.reading.files
    named = {paper.id: (paper, file) for file in reversed(files) for paper in _says(file, writer)}
    for paper, file in named.values():
        yield holding.material(writer.name, file.name, paper.label, paper.id, writer.unit_id)
    if writer.owes and files and not named and not mail.reading.forms and mail.reading.signs.form_like:
        yield holding.some_material(writer.name, mail, writer.unit_id)


def _says(file: FileSeen, writer: Writer) -> tuple[stages.Material, ...]:
    return stages.named_in(file.name, writer.owes) or stages.named_in(file.opening, writer.owes)


def _change(mail: Incoming, writer: Writer) -> tuple[HeldDraft, ...]:
    text = mail.reading.excerpt
    said = _CHANGES.search(text)
    if not said:
        return ()
    changes = changes_in(text, writer, mail.spec)
    words = "；".join(
        f"{mail.spec.label_of(key)}：原为“{old or '未填写'}”，来信为“{new}”" for key, (old, new) in changes.items()
    )
    quoted = " ".join(text.split())[:120]
    held = holding.data_change(
        writer.name, words or f"来信称“{quoted}”", {"changes": changes, "thanks": _thanks(changes, writer, mail.spec)}
    )
    return (replace(held, unit_id=writer.unit_id),)


def changes_in(text: str, writer: Writer, spec: FormSpec) -> dict[str, list[str]]:
    """{field: [old, new]}: the one new value of each contact field that the text states; several are none."""
    found: dict[str, list[str]] = {}
    for field in spec.fields:
        pattern = _PATTERNS.get(field.kind)
        values = set(pattern.findall(text)) if pattern else set()
        new = values - {writer.liaison.get(field.id, "")}
        if len(new) == 1 and field.kind not in {
            spec_field.kind for spec_field in spec.fields if spec_field.id in found
        }:
            found[field.id] = [writer.liaison.get(field.id, ""), new.pop()]
    return found


def _thanks(changes: dict[str, list[str]], writer: Writer, spec: FormSpec) -> dict[str, object]:
    """The facts of the letter that thanks for the change once a person has confirmed it."""
    values = [{"id": key, "label": spec.label_of(key), "text": new} for key, (_, new) in changes.items()]
    unit = {"unit": writer.name, "receipt": writer.receipt, "values": values}
    return {"units": [{**unit, "changed": [spec.label_of(key) for key in changes]}]}
