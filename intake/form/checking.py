"""What a person should know about a form, in plain Chinese.

Promises: a pure function of a form and its definition; problems are data, never exceptions. A unit that
declined is asked for nothing but what `required_if_declined` names.
"""

from __future__ import annotations

from collections.abc import Iterator

from intake.answers import BLANK, NO, UNCLEAR, Form, Problem
from intake.campaign import FieldSpec, FormSpec
from intake.form.plausible import is_mobile, numbers, plausible_email, plausible_telephone


def check(form: Form, spec: FormSpec) -> tuple[Problem, ...]:
    """The problems of a form, what is missing first. Codes as in `model.Problem`."""
    if declined(form, spec):
        return tuple(_missing(form, spec, spec.required_if_declined))
    return (
        *_missing(form, spec, spec.required),
        *_unclear(form, spec),
        *_swapped(form, spec),
        *_suspicious(form, spec),
        *_mended(form, spec),
        *_drawn(form),
    )


def declined(form: Form, spec: FormSpec) -> bool:
    """Whether the unit answered no to the question that declines everything."""
    choice = form.choices.get(spec.declines)
    return choice is not None and choice.answer == NO


def _missing(form: Form, spec: FormSpec, groups: tuple[tuple[str, ...], ...]) -> Iterator[Problem]:
    for group in groups:
        if any(_given(form, key) for key in group):
            continue
        key = group[0]
        labels = "或".join(f"“{spec.label_of(name)}”" for name in group)
        if key in form.choices:
            yield Problem("blank", key, f"{labels}未作选择。")
        else:
            yield Problem("missing", key, f"未填写{labels}。")


def _given(form: Form, key: str) -> bool:
    """A field with a value, or a choice that is not blank (an unclear one is a problem of its own)."""
    choice = form.choices.get(key)
    return choice.answer != BLANK if choice else bool(form.value(key))


def _unclear(form: Form, spec: FormSpec) -> Iterator[Problem]:
    for key, choice in form.choices.items():
        if choice.answer == UNCLEAR:
            yield Problem("unclear", key, f"“{spec.label_of(key)}”无法确定所选（{choice.evidence}）。")


def _swapped(form: Form, spec: FormSpec) -> Iterator[Problem]:
    """The mobile in the office field and the landline in the mobile's: said, not changed."""
    office = [field for field in spec.fields if field.kind == "telephone" and form.value(field.id)]
    mobiles = [field for field in spec.fields if field.kind == "mobile" and form.value(field.id)]
    for landline in office:
        for mobile in mobiles:
            if _all_mobile(form.value(landline.id), True) and _all_mobile(form.value(mobile.id), False):
                yield Problem("swapped", mobile.id, f"“{landline.label}”与“{mobile.label}”似乎填反了，已按原样登记。")


def _all_mobile(text: str, wanted: bool) -> bool:
    found = numbers(text)
    return bool(found) and all(is_mobile(digits) is wanted for digits in found)


def _suspicious(form: Form, spec: FormSpec) -> Iterator[Problem]:
    for field in spec.fields:
        text = form.value(field.id)
        reason = _doubt(field, text) if text else ""
        if reason:
            yield Problem("suspicious", field.id, f"“{field.label}”所填“{text}”{reason}，请核对。")


def _doubt(field: FieldSpec, text: str) -> str:
    if field.kind in ("telephone", "mobile"):
        return _doubt_of_numbers(text)
    if field.kind == "email":
        return "" if all(map(plausible_email, text.split(";"))) else "不像是完整的邮箱地址"
    if field.kind == "unit":
        return "过短" if len(text) < 3 else "不像是单位名称" if text.isdigit() or "@" in text else ""
    if field.kind == "person":
        return "含有数字或邮箱" if "@" in text or sum(char.isdigit() for char in text) > 3 else ""
    return ""


def _doubt_of_numbers(text: str) -> str:
    found = numbers(text)
    if not found:
        return "不是电话号码"
    wrong = [digits for digits in found if not plausible_telephone(digits)]
    return "位数或格式不像电话号码" if wrong else ""


def _mended(form: Form, spec: FormSpec) -> Iterator[Problem]:
    for key, value in form.values.items():
        if value.mended:
            yield Problem("mended", key, f"“{spec.label_of(key)}”{value.mended}。")


def _drawn(form: Form) -> Iterator[Problem]:
    if form.drawn:
        yield Problem("drawn", "", "各项内容由图片识别而来，请与原图核对，电话和邮箱尤须核对。")
