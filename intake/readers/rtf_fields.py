r"""The form data of an RTF field, as the elements in which a docx would hold them.

Source: RTF 1.9.1, "Form Fields": \fftype 1 is a check box, 2 a drop-down list; the result 25 means
that none was stored, so that the default counts.
"""

from __future__ import annotations

from lxml import etree

from intake.readers.rtf_tokens import Group, every_group, first_group, parameters
from intake.readers.wordml import W

_NOT_STORED = 25
_MAX_ENTRIES = 500


def form_data(instruction: Group, codec: str) -> etree._Element | None:
    r"""A `w:ffData` for the \formfield in a field instruction; None where there is none."""
    form = first_group(instruction, "formfield")
    if not form:
        return None
    words = {word: number for part in (form, *_groups(form)) for word, number in parameters(part).items()}
    data = etree.Element(W + "ffData")
    result, default = words.get("ffres", _NOT_STORED), words.get("ffdefres", 0)
    if words.get("fftype") == 2:
        entries = [_entry(one, codec) for one in every_group(form, "ffl")][:_MAX_ENTRIES]
        choices = etree.SubElement(data, W + "ddList")
        _put(choices, "result", default if result == _NOT_STORED else result)
        for entry in entries:
            etree.SubElement(choices, W + "listEntry").set(W + "val", entry)
    elif words.get("fftype", 1) == 1:
        box = etree.SubElement(data, W + "checkBox")
        _put(box, "default", int(default != 0))
        if result != _NOT_STORED:
            _put(box, "checked", int(result != 0))
    return data


def _groups(form: Group) -> list[Group]:
    """Word puts all that it says about a form field into a group inside."""
    return [item for item in form if isinstance(item, list)]


def _put(parent: etree._Element, name: str, number: int) -> None:
    etree.SubElement(parent, W + name).set(W + "val", str(number))


def _entry(group: Group, codec: str) -> str:
    r"""An entry of a drop-down list: bytes in the code page of the document, and \u with one byte to skip."""
    shown, skip = "", 0
    for item in group:
        if isinstance(item, bytes):
            shown += item[skip:].decode(codec, "replace")
            skip = 0
        elif not isinstance(item, list) and item.word == "u":
            shown += chr((item.parameter or 0) & 0xFFFF)
            skip = 1
    return "".join(one for one in shown if one.isprintable())
