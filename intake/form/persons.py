"""A contact's cell that holds more than the name: 张三（主任）13800000000.

Promises: parted only where every part is plain (a common name, one title, at most one mobile and one landline),
each has a field of its own, and that field is empty or says the same; said in `Value.mended`. Pure, never raises.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from intake.answers import Value
from intake.campaign import FieldSpec, FormSpec
from intake.form.folding import fold
from intake.form.names import is_name
from intake.form.plausible import is_mobile, numbers
from intake.form.values import NUMBER, normalise

_NAME = re.compile(r"[\u3400-\u9fff·]{2,8}")
_BETWEEN = re.compile(r"[\s,，、;；/／|｜()（）\[\]【】:：]+")
_SAYS_WHAT = re.compile(r"(?:联系|办公|固定|移动)?电话|手机号?码?|座机|职务|职位|tel|mobile|phone", re.I)
_TITLE = re.compile(
    r"[\u3400-\u9fff]{0,12}(?:主任|处长|科长|部长|所长|院长|会长|校长|局长|站长|组长|理事长|秘书长?|经理|总监|总裁|董事长?|主管|专员|助理"
    r"|教授|研究员|工程师|律师|专利代理[人师]|合伙人|书记|干事|主席|负责人|文员|科员|职员)(?:助理)?"
)


@dataclass(frozen=True, slots=True)
class _Parts:
    """What a contact's cell says: the name, and texts by the id of the field they belong to."""

    name: str
    others: Mapping[str, str]


def part_contact(values: dict[str, Value], spec: FormSpec) -> dict[str, Value]:
    """The values with what stands beside the contact's name brought to its own fields."""
    contact = _contact(spec)
    said = values[contact.id] if contact else None
    if contact is None or said is None or said.text.isalpha() or not said.text:
        return values
    parts = _parts(said.text, spec)
    if parts is None or not all(_fits(values[key].text, text) for key, text in parts.others.items()):
        return values
    moved = {key: normalise(_field(spec, key).kind, text, said.place) for key, text in parts.others.items()}
    told = "、".join(f"“{value.text}”按{_field(spec, key).label}" for key, value in moved.items())
    name = Value(parts.name, said.place, f"原写作“{said.text}”，姓名按“{parts.name}”，{told}登记")
    return values | {key: value for key, value in moved.items() if not values[key].text} | {contact.id: name}


def _contact(spec: FormSpec) -> FieldSpec | None:
    persons = [field for field in spec.fields if field.kind == "person"]
    return next((field for field in persons if field.id == "contact"), persons[0] if len(persons) == 1 else None)


def _field(spec: FormSpec, key: str) -> FieldSpec:
    return next(field for field in spec.fields if field.id == key)


def _parts(text: str, spec: FormSpec) -> _Parts | None:
    name = _NAME.match(text)
    if not name or not is_name(name.group()):
        return None
    rest = text[name.end() :]
    words = [word for word in _BETWEEN.split(NUMBER.sub(" ", rest)) if word and not _SAYS_WHAT.fullmatch(word)]
    others = _numbers_by_field([found.group().strip() for found in NUMBER.finditer(rest)], spec)
    titled = any(field.id == "title" for field in spec.fields)
    if others is None or len(words) > 1 or (words and not (titled and _TITLE.fullmatch(words[0]))):
        return None
    others |= {"title": words[0]} if words else {}
    return _Parts(name.group(), others) if others else None


def _numbers_by_field(found: list[str], spec: FormSpec) -> dict[str, str] | None:
    """A mobile and a landline by the only field for each; None for more, or without such a field."""
    by_field: dict[str, str] = {}
    for text in found:
        digits = numbers(text)
        kind = "mobile" if digits and is_mobile(digits[0]) else "telephone"
        fields = [field.id for field in spec.fields if field.kind == kind]
        if len(fields) != 1 or fields[0] in by_field:
            return None
        by_field[fields[0]] = text
    return by_field


def _fits(there: str, text: str) -> bool:
    """Whether a field is empty or says the same already."""
    return not there or fold(there) == fold(text) or (bool(numbers(text)) and numbers(there) == numbers(text))
