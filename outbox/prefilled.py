"""A form pre-filled for one unit, from a Word template: the only importer of docxtpl.

The visible content is the template's, with {{ names }} filled in; a custom property carries a hidden
key, a hint at most: whoever reads the form back goes by what it shows. A template of plain names is
rendered once, with marks in their places, and then only the marks are replaced and only the parts
that hold them are packed: some hundreds of forms a second instead of ten. Touches no clock and no file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from io import BytesIO
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

from intake.errors import BrokenTemplate
from outbox import blank_form

if TYPE_CHECKING:
    from docxtpl import DocxTemplate

FILLED = "cipsa-intake-filled"  # custom property: the letter's reference, and which fields were filled in
_KEY = "cipsa_intake_key"
_MARK = re.compile("\ue000(\\w+)\ue001")  # private-use characters, which no template holds
_LOGIC = re.compile(r"\{%|\{\{\s*[^\s{}]*[^\w\s{}]|\{\{[rp]\s|\{#")
_WHEN = (1980, 1, 1, 0, 0, 0)  # the earliest date of a zip: the same form is always the same bytes
_OPENING = (BadZipFile, KeyError, ValueError, OSError)


@dataclass(frozen=True, slots=True)
class Template:
    """A Word template by its name and bytes."""

    name: str
    content: bytes

    def check(self, known: frozenset[str]) -> None:
        """Raise BrokenTemplate, naming the file, if it is no Word document or uses a name that is not `known`."""
        unknown = sorted(_names(self) - known)
        if unknown:
            raise BrokenTemplate(
                self.name,
                sentence=f"表格模板“{self.name}”用到了不存在的名称“{unknown[0]}”，可用："
                f"{'、'.join(sorted(known))}；请修改后再试。",
            )
        fill(self, dict.fromkeys(known, "示例"), "SAMPLE")


def fill(template: Template, values: Mapping[str, str], reference: str) -> bytes:
    """The form with these values. Raises BrokenTemplate naming the file.

    Every value is plain text; `reference` is the letter's. Equal arguments give equal bytes.
    """
    filled = sorted(name for name in _names(template) if values.get(name))
    key = f"{reference};{','.join(filled)}"
    marked = _marked(template, frozenset(values))
    if marked is None:
        return _written(_read(_render(template, {**values}, key)))
    marks = {**values, _KEY: key}

    def value_of(found: re.Match[str]) -> str:
        return escape(marks.get(found[1], ""), quote=False)

    return _written([(name, _MARK.sub(value_of, part)) for name, part in marked.parts], marked.package)


@dataclass(frozen=True, slots=True)
class _Marked:
    """A form with marks for the values: `parts` in which one stands, and a package of the others, packed once."""

    package: bytes
    parts: tuple[tuple[str, str], ...]


@lru_cache(maxsize=8)
def _marked(template: Template, names: frozenset[str]) -> _Marked | None:
    """The form with marks; None where logic decides."""
    if _has_logic(template):
        return None
    parts = _read(_render(template, {name: f"\ue000{name}\ue001" for name in names}, f"\ue000{_KEY}\ue001"))
    mark = "\ue000".encode()
    return _Marked(
        _written([(name, part) for name, part in parts if mark not in part]),
        tuple((name, part.decode()) for name, part in parts if mark in part),
    )


def _has_logic(template: Template) -> bool:
    """Whether anything but plain names is to be filled in: a value may then decide what else stands there."""
    document = _opened(template)
    texts = [document.patch_xml(document.get_xml())]
    for uri in (document.HEADER_URI, document.FOOTER_URI):
        for _, part in document.get_headers_footers(uri):
            texts.append(document.patch_xml(document.get_part_xml(part)))
    return any(_LOGIC.search(text) for text in texts)


@lru_cache(maxsize=8)
def _names(template: Template) -> frozenset[str]:
    from outbox.rendering import TemplateError, documents

    try:
        return frozenset(_opened(template).get_undeclared_template_variables(documents()))
    except TemplateError as error:
        raise _broken(template, error) from error


def _render(template: Template, values: Mapping[str, str], key: str) -> bytes:
    from outbox.rendering import TemplateError, documents

    document = _opened(template)
    try:
        document.render(dict(values), documents(), autoescape=True)
    except (TemplateError, TypeError, ValueError, LookupError) as error:
        raise _broken(template, error) from error
    blank_form.set_properties(document.docx, {blank_form.MARK: "form", FILLED: key})
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _opened(template: Template) -> DocxTemplate:
    from docx.opc.exceptions import PackageNotFoundError
    from docxtpl import DocxTemplate

    try:
        opened = DocxTemplate(BytesIO(template.content))
        opened.init_docx()
    except (*_OPENING, PackageNotFoundError) as error:
        raise BrokenTemplate(
            f"{template.name}: {error}",
            sentence=f"表格模板“{template.name}”无法打开，请用Word或WPS另存为 .docx 文件。",
        ) from error
    return opened


def _broken(template: Template, error: Exception) -> BrokenTemplate:
    from outbox.rendering import reason_of

    return BrokenTemplate(
        f"{template.name}: {error}", sentence=f"表格模板“{template.name}”有误：{reason_of(error)}请修改后再试。"
    )


def _read(content: bytes) -> list[tuple[str, bytes]]:
    with ZipFile(BytesIO(content)) as package:
        return [(info.filename, package.read(info)) for info in package.infolist()]


def _written(parts: Sequence[tuple[str, str | bytes]], package_before: bytes = b"") -> bytes:
    """A package with these parts after those of another one, which are not packed anew."""
    out = BytesIO(package_before)
    with ZipFile(out, "a", ZIP_DEFLATED, compresslevel=3) as package:
        for name, part in parts:
            info = ZipInfo(name, _WHEN)
            info.compress_type = ZIP_DEFLATED
            package.writestr(info, part)
    return out.getvalue()
