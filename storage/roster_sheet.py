"""A roster as an .xlsx file, read leniently into rows, and the blank one to fill in.

Promises: each row that cannot be used is named in one Chinese sentence, and the others are read.
Never touches the register.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from intake.errors import Permanent, WrongUsage

COLUMNS: dict[str, tuple[str, ...]] = {
    "name": (
        "单位名称", "单位全称", "单位", "名称", "企业名称", "公司名称", "机构名称", "全称", "会员名称", "会员单位名称",
        "企业全称", "机构全称",
    ),
    "former": (
        "曾用名/简称", "曾用名", "简称", "曾用名称", "原名", "别名", "曾用名或简称", "曾用名及简称", "曾用名简称",
        "简称/曾用名", "单位简称", "原名称",
    ),
    "contact": ("联系人", "联系人姓名", "姓名", "联络人", "联络员", "联络人姓名", "联络员姓名", "单位联系人"),
    "salutation": ("称谓", "称呼", "尊称", "联系人称谓", "联系人称呼"),
    "telephone": ("电话", "办公电话", "联系电话", "固定电话", "座机", "电话号码", "单位电话", "办公室电话", "tel"),
    "mobile": ("手机", "手机号", "手机号码", "移动电话", "联系手机", "手机电话", "mobile"),
    "address": (
        "电子邮箱", "邮箱", "电子邮件", "邮箱地址", "email", "e-mail", "电子信箱", "电子邮件地址", "电子邮箱地址",
        "联系邮箱", "收件邮箱", "主送", "主送邮箱", "mail",
    ),
    "copy": ("抄送", "抄送邮箱", "抄送地址", "其他邮箱", "抄送人", "抄送人邮箱", "备用邮箱", "cc"),
    "member": ("是否会员", "会员", "是否协会会员", "会员单位", "是否会员单位", "是否为会员", "是否是会员", "会员情况"),
    "owner": ("负责人", "跟进人", "责任人", "经办人", "对接人", "联系负责人", "秘书处负责人"),
    "mode": ("方式", "联系方式", "发信方式", "发送方式", "联络方式", "通知方式"),
    "note": ("备注", "说明", "附注", "备注说明"),
}  # fmt: skip
HEADINGS = tuple(names[0] for names in COLUMNS.values())
MEMBER = dict.fromkeys(("是", "会员", "已是会员", "√", "✓", "✔", "有", "y", "yes", "1", "true"), True) | dict.fromkeys(
    ("否", "非会员", "不是", "×", "✗", "无", "n", "no", "0", "false"), False
)
MODES = (
    dict.fromkeys(("", "自动", "自动发送", "auto", "邮件"), "auto")
    | dict.fromkeys(("仅人工", "人工", "手工", "人工联系", "电话", "manual"), "manual")
    | dict.fromkeys(("勿扰", "免打扰", "请勿打扰", "不发", "不联系", "免", "none"), "none")
)
HEADING_ROWS = 15  # the heading stands within the first rows, under a title
LONGEST_ADDRESS = 254  # RFC 5321, 4.5.3.1.3: a path has 256 octets, its brackets included
_ADDRESS = re.compile(r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]+@(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]{2,}")
_BETWEEN = re.compile(r"[\s,;/、，；|]+")
_WRAPPED = re.compile(r"[^<>,;、|\n]*<([^<>]+)>")  # 示例 <a@example.com>


@dataclass(frozen=True, slots=True)
class RosterRow:
    """A usable row. `line` is the sheet's row number; `others` are the columns kept as written, by heading.

    The first of `addresses` is written to; the others and the `copies` (抄送) get copies.
    """

    line: int
    name: str
    former: tuple[str, ...] = ()
    contact: str = ""
    salutation: str = ""
    addresses: tuple[str, ...] = ()
    member: bool | None = None
    mode: str = "auto"
    others: Mapping[str, str] = field(default_factory=dict)
    copies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """A roster as read. `troubles` has a sentence for each row that is not used, `unused` the names in those rows."""

    rows: tuple[RosterRow, ...]
    troubles: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()


def read(path: Path) -> Sheet:
    """The usable rows of the first sheet that has the headings, and a sentence for each other row.

    Raises WrongUsage with a sentence if the file cannot be opened or has no column 单位名称.
    """
    for table in _sheets(path):
        found = _headings(table)
        if found is not None:
            at, columns = found
            return parse(table[at + 1 :], columns, first_line=at + 2)
    raise WrongUsage(
        str(path), sentence=f"名册“{path.name}”中没有“单位名称”一栏，请用 intake roster new 生成空白名册后填写。"
    )


def parse(table: Sequence[Sequence[Any]], columns: Mapping[int, str], first_line: int = 2) -> Sheet:
    """Rows under the headings; `columns` says which column of ours stands where."""
    rows, troubles, unused = [], [], []
    for line, cells in enumerate(table, first_line):
        texts = {column: text_of(cells[at]) if at < len(cells) else "" for at, column in columns.items()}
        if not any(texts.values()):
            continue
        try:
            rows.append(_row(line, texts))
        except ValueError as trouble:
            troubles.append(f"第{line}行未载入：{trouble}。")
            unused.append(texts.get("name", ""))
    return Sheet(tuple(rows), tuple(troubles), tuple(filter(None, unused)))


def text_of(value: Any) -> str:
    """A cell as a person sees it: a telephone kept as a number has no decimal point."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, date):
        return f"{value:%Y-%m-%d}"
    return str(value).replace("\u3000", " ").strip()


def addresses_in(text: str) -> tuple[str, ...]:
    """The addresses of a cell, in small letters; raises ValueError naming what is none."""
    cleaned = unicodedata.normalize("NFKC", text).replace("。", ".").lower()
    pieces = [piece for piece in _BETWEEN.split(_WRAPPED.sub(r" \1 ", cleaned.replace("mailto:", ""))) if piece]
    for piece in pieces:
        if not _ADDRESS.fullmatch(piece) or len(piece) > LONGEST_ADDRESS:
            raise ValueError(f"“{piece}”不是电子邮箱")
    return tuple(dict.fromkeys(pieces))


def write_blank(path: Path) -> None:
    """A blank roster with the headings and a sheet that says how to fill it; raises Permanent if it cannot write."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet = book.active
    if sheet is None:
        raise RuntimeError("a new workbook has a sheet")
    sheet.title = "名册"
    sheet.append(list(HEADINGS))
    for at in range(1, len(HEADINGS) + 1):
        cell = sheet.cell(1, at)
        cell.font = Font(bold=True)
        cell.alignment = Alignment(horizontal="center")
        sheet.column_dimensions[get_column_letter(at)].width = 32 if at in (1, 7) else 16
    sheet.freeze_panes = "B2"
    _explain(book)
    try:
        book.save(path)
    except OSError as error:
        raise Permanent(
            str(error), sentence=f"名册“{path.name}”无法写入，请检查文件夹权限，或先关闭已打开的同名文件。"
        ) from error


def _explain(book: Any) -> None:
    sheet = book.create_sheet("填写说明")
    for line in (
        "单位名称必填，其余可空；一行一家单位。",
        "曾用名/简称、电子邮箱、抄送可填多个，用顿号或分号隔开；通知主送第一个电子邮箱，其余另发抄送件。",
        "是否会员填“是”或“否”；不清楚的留空。",
        "方式填“自动”（默认）、“仅人工”（不自动发通知和催办，由人联系）或“勿扰”（不联系）。",
    ):
        sheet.append([line])
    sheet.column_dimensions["A"].width = 60


def _sheets(path: Path) -> Iterator[list[tuple[Any, ...]]]:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(path, data_only=True)
    except FileNotFoundError as error:
        raise WrongUsage(str(error), sentence=f"找不到名册“{path}”。") from error
    except (OSError, ValueError, KeyError, TypeError, SyntaxError, BadZipFile, InvalidFileException) as error:
        raise WrongUsage(str(error), sentence=f"名册“{path.name}”无法打开，请另存为 .xlsx 格式后再试。") from error
    for sheet in book.worksheets:
        yield [tuple(cell for cell in row) for row in sheet.iter_rows(values_only=True)]


def _headings(table: Sequence[Sequence[Any]]) -> tuple[int, dict[int, str]] | None:
    for at, cells in enumerate(table[:HEADING_ROWS]):
        columns: dict[int, str] = {}
        for place, cell in enumerate(cells):
            column = _column(text_of(cell))
            if column and column not in columns.values():
                columns[place] = column
        if "name" in columns.values() and len(columns) > 1:
            return at, columns
    return None


def _column(heading: str) -> str:
    plain = re.sub(r"\(.*?\)|\s|[*:：]", "", unicodedata.normalize("NFKC", heading)).lower()
    return next((column for column, names in COLUMNS.items() if plain in names), "")


def _row(line: int, texts: Mapping[str, str]) -> RosterRow:
    name = texts.get("name", "").replace("\n", "")
    if not name:
        raise ValueError("没有填写单位名称")
    member, mode = texts.get("member", ""), texts.get("mode", "")
    if member and member.lower() not in MEMBER:
        raise ValueError(f"是否会员填的是“{member}”，请填“是”或“否”")
    if mode.lower() not in MODES:
        raise ValueError(f"方式填的是“{mode}”，请填“自动”“仅人工”或“勿扰”")
    mains, copies = addresses_in(texts.get("address", "")), addresses_in(texts.get("copy", ""))
    former = (part.strip() for part in re.split(r"[、;；,，\n]+|(?<=\S)\s{2,}", texts.get("former", "")))
    return RosterRow(
        line=line,
        name=name,
        former=tuple(dict.fromkeys(filter(None, former))),
        contact=texts.get("contact", ""),
        salutation=texts.get("salutation", ""),
        addresses=mains or copies[:1],
        member=MEMBER[member.lower()] if member else None,
        mode=MODES[mode.lower()],
        others={COLUMNS[column][0]: text for column, text in texts.items() if text},
        copies=tuple(address for address in copies if address not in (mains or copies[:1])),
    )
