"""What is attached to a circular: the campaign's own files, and each unit's pre-filled form.

The files are the operator's, in the campaign's documents/ folder; they are read again when one has
changed. A file that is missing or a template that is broken makes the letter wait, with a sentence
that names it. Never changes a file.
"""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from intake.campaign import FieldSpec, FormSpec
from intake.errors import BrokenTemplate
from outbox import blank_form, mime, prefilled
from outbox.circular_section import CircularSection
from outbox.facts import clean
from storage.letter_row import LetterRow

OTHER = "application/octet-stream"
SAMPLE = re.compile(r"样例|示例|sample", re.IGNORECASE)
_BY_KIND: dict[str, str] = {  # what the roster knows, by the kind of a form's field
    "unit": "unit",
    "person": "contact",
    "telephone": "telephone",
    "mobile": "mobile",
    "email": "email",
}
ROSTER = (*_BY_KIND.values(), "salutation")  # the names of a roster row's columns in templates
_TYPES = {".docx": mime.DOCX, ".pdf": "application/pdf", ".doc": "application/msword"}


def attachments(
    section: CircularSection, documents: Path, spec: FormSpec, letters: Sequence[LetterRow]
) -> list[mime.Attachment]:
    """All that goes with the letters, said as one mail: the files once, and a form for each unit.

    Raises BrokenTemplate, its sentence naming the file and the remedy.
    """
    files: list[mime.Attachment] = []
    for name in (*section.files, *(() if section.form in section.files else (section.form,))):
        if name != section.form:
            files.append(_file(documents, name))
        elif section.prefill:
            template = template_of(section, documents, spec)
            files += [_form(section, template, spec, letter) for letter in letters]
    return files


def check(section: CircularSection, documents: Path, spec: FormSpec) -> None:
    """Raise BrokenTemplate if a file is missing or the form's template cannot be filled."""
    for name in section.files:
        _content(documents, name)
    if section.prefill:
        template_of(section, documents, spec).check(names(spec))


def samples(section: CircularSection) -> list[str]:
    """Files that are stand-ins by their own names, not the operator's."""
    return [name for name in (*section.files, section.form) if SAMPLE.search(Path(name).stem)]


def template_of(section: CircularSection, documents: Path, spec: FormSpec) -> prefilled.Template:
    if not section.form:
        return prefilled.Template(f"{spec.title}.docx", blank_form.template(spec))
    return prefilled.Template(section.form, _content(documents, section.form))


def names(spec: FormSpec) -> frozenset[str]:
    """The names that a form's template may use."""
    return frozenset((*ROSTER, *(field.id for field in spec.fields)))


def values(spec: FormSpec, unit: Mapping[str, Any]) -> dict[str, str]:
    """What a form is filled with; `unit` are the facts of one unit. Only the first field of a kind is filled."""
    known = {name: clean(unit.get(name), 100) for name in ROSTER}
    first: dict[str, FieldSpec] = {}
    for field in spec.fields:
        first.setdefault(field.kind, field)
    of_fields = {
        field.id: known.get(_BY_KIND.get(field.kind, ""), "") if first[field.kind] is field else ""
        for field in spec.fields
    }
    return known | of_fields


def form_name(title: str, unit: str) -> str:
    """表格（甲公司）.docx, free of what Windows forbids in names."""
    of_unit = f"（{_plain(unit, 40)}）" if _plain(unit, 40) else ""
    return f"{_plain(title, 60) or '表格'}{of_unit}.docx"


def _form(section: CircularSection, template: prefilled.Template, spec: FormSpec, letter: LetterRow) -> mime.Attachment:
    unit = next(iter(_units(letter)), {})
    content = prefilled.fill(template, values(spec, unit), letter.reference)
    title = Path(section.form).stem or spec.title
    return mime.Attachment(form_name(title, clean(unit.get("unit"), 100)), content)


def _units(letter: LetterRow) -> Iterable[Mapping[str, Any]]:
    return (unit for unit in letter.facts.get("units") or () if isinstance(unit, Mapping))


def _plain(text: str, most: int) -> str:
    kept = "".join("_" if mark in '\\/:*?"<>|' or not mark.isprintable() else mark for mark in text)
    return kept.strip(" .")[:most].strip(" .")


def _file(documents: Path, name: str) -> mime.Attachment:
    shown = Path(name).name
    known = _TYPES.get(Path(name).suffix.lower()) or mimetypes.guess_type(shown)[0] or OTHER
    return mime.Attachment(shown, _content(documents, name), known)


def _content(documents: Path, name: str) -> bytes:
    path = documents / name
    try:
        stat = path.stat()
        return _read(path, stat.st_mtime_ns, stat.st_size)
    except OSError as error:
        raise BrokenTemplate(
            str(error),
            sentence=f"随通知发出的文件“{path}”找不到或无法读取，请放入该文件，或改正 campaign.toml 的 [circular]。",
        ) from error


@lru_cache(maxsize=32)
def _read(path: Path, changed: int, size: int) -> bytes:
    return path.read_bytes()
