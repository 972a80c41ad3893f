"""Pictures beside electronic forms: which unit's sealed copy (盖章件) each one is. Pure.

Nothing is read from them here; a picture that no form of the mail accounts for is left to a person.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePosixPath

from intake.campaign import FormSpec
from intake.contents import FileFault, FileSeen
from intake.deciding.joining import Group, unit_key

PICTURES = frozenset({"pdf", "jpg", "png", "gif", "tiff", "heic", "bmp"})
_SAYS_SO = re.compile(r"盖章|公章|签章|签字|扫描|影印|复印|scan", re.IGNORECASE)


def sort_out(
    faults: Sequence[FileFault], files: Sequence[FileSeen], groups: Sequence[Group], spec: FormSpec
) -> tuple[tuple[tuple[str, ...], ...], tuple[FileFault, ...]]:
    """For each group the scans that go with its form, and the faults that are left over.

    With one unit in the mail, as many pictures as it has forms are its scans, and every one whose
    name says so; with several, a picture goes where its name names the unit or the form's file.
    """
    found: list[list[str]] = [[] for _ in groups]
    left: list[FileFault] = []
    for fault in faults:
        place = _place(fault, groups, found, spec) if _is_picture(fault, files) else None
        if place is None:
            left.append(fault)
        else:
            found[place].append(f"{fault.source}（盖章件，未识别）")
    return tuple(map(tuple, found)), tuple(left)


def _place(fault: FileFault, groups: Sequence[Group], found: Sequence[Sequence[str]], spec: FormSpec) -> int | None:
    if len(groups) == 1:
        room = len(found[0]) < len(groups[0].forms)
        return 0 if room or _says_so(fault.source, spec) else None
    named = [index for index, group in enumerate(groups) if _names(fault.source, group, spec)]
    return named[0] if len(named) == 1 else None


def _says_so(source: str, spec: FormSpec) -> bool:
    """A name that speaks of a seal or a scan, or uses the campaign's own words."""
    return bool(_SAYS_SO.search(source)) or any(word in source for word in (*spec.words, spec.title))


def _names(source: str, group: Group, spec: FormSpec) -> bool:
    stem = _stem(source)
    names = {unit_key(form.value(spec.unit_field)) for form in group.forms} | {unit_key(group.unit.name)}
    return any(name and name in unit_key(stem) for name in names) or any(
        stem == _stem(form.source) for form in group.forms
    )


def _is_picture(fault: FileFault, files: Sequence[FileSeen]) -> bool:
    """A scan this machine cannot read, whatever the reader calls the reason."""
    if fault.code == "no-ocr":
        return True
    format_ = next((file.format for file in files if file.name == fault.source), "")
    return fault.code == "unsupported" and (format_ in PICTURES or _suffix(fault.source) in PICTURES)


def _stem(name: str) -> str:
    return PurePosixPath(name).stem


def _suffix(name: str) -> str:
    return PurePosixPath(name).suffix.lstrip(".").lower()
