"""The few marks a letter is written in, and its two forms: plain text and HTML.

A blank line ends a block. A block is a paragraph, or lines that begin with

    1.          an item of a list
    | a | b     a row of a table, label and value
    |# a        a heading row of a table
    || a | b    a row of a table with as many columns as it has; its first row is the heading
    # a         a heading of a part

In letters to the secretariat `[words](mailto:...)` is a link in HTML, and the words alone in text.

Both forms come from the same blocks, so that they always say the same. Nothing from outside can
start a block: facts are single lines, and templates place them after a mark or inside a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Literal, TypeAlias

BlockKind: TypeAlias = Literal["paragraph", "list", "table", "columns", "heading"]

INDENT = "　　"  # two characters, as in a printed letter
_LINK = re.compile(r"\[([^\[\]\n<>]{1,200})\]\((mailto:[A-Za-z0-9@.+_%?=&;-]{1,500})\)")
_ANCHOR = r'<a href="\2" style="color:#1a5fb4;">\1</a>'
_ITEM = re.compile(r"\d{1,3}\. ")
_PARAGRAPH = "margin:0 0 12px;text-indent:2em;"
_LIST = "margin:0 0 4px;padding-left:3.1em;text-indent:-1.1em;"
_HEADING = "margin:16px 0 8px;font-weight:bold;"
_TABLE = "width:100%;border-collapse:collapse;margin:4px 0 16px;font-size:14px;line-height:1.6;"
_CELL = "border:1px solid #c9cdd4;padding:6px 10px;text-align:left;vertical-align:top;word-break:break-word;"
_LABEL = f"{_CELL}width:36%;background:#f5f6f8;color:#4e5358;word-break:normal;"
_COLUMN = "border:1px solid #c9cdd4;padding:6px;text-align:left;vertical-align:top;overflow-wrap:break-word;"
_COLUMN_HEADING = f"{_COLUMN}background:#e8ecf2;color:#4e5358;font-weight:bold;white-space:nowrap;"
_ROW_HEADING = f"{_CELL}background:#e8ecf2;font-weight:bold;"


@dataclass(frozen=True, slots=True)
class Block:
    """`lines` are without their marks, except that a heading row keeps its `# ` and an item its number."""

    kind: BlockKind
    lines: tuple[str, ...]


def blocks(source: str) -> tuple[Block, ...]:
    """Split a rendered letter into blocks; lines of different kinds are kept apart even without a blank line."""
    found: list[Block] = []
    for chunk in re.split(r"\n[ \t\r]*\n", source.strip("\n")):
        lines = [line.strip() for line in chunk.split("\n") if line.strip()]
        found.extend(_grouped(lines))
    return tuple(found)


def as_text(letter: Iterable[Block], *, links: bool = False) -> str:
    """The plain text form: paragraphs indented, one blank line between blocks."""
    text = "\n\n".join(_text(block) for block in letter)
    return _LINK.sub(r"\1", text) if links else text


def as_html(letter: Iterable[Block], *, links: bool = False) -> str:
    """The HTML form, inline styles only; every character of the blocks is escaped."""
    page = "\n".join(_html(block) for block in letter)
    return _LINK.sub(_ANCHOR, page) if links else page


def _grouped(lines: Sequence[str]) -> Iterator[Block]:
    start, kinds = 0, [*map(_kind, lines)]
    for end in range(1, len(lines) + 1):
        if end == len(lines) or kinds[end] != kinds[start] or kinds[start] == "heading":
            yield _block(lines[start:end])
            start = end


def _kind(line: str) -> BlockKind:
    if line.startswith("||"):
        return "columns"
    if line.startswith("|"):
        return "table"
    if line.startswith("# "):
        return "heading"
    return "list" if _ITEM.match(line) else "paragraph"


def _block(lines: Sequence[str]) -> Block:
    kind = _kind(lines[0])
    if kind == "paragraph":
        return Block(kind, ("".join(lines),))
    if kind == "table":
        return Block(kind, tuple(line[1:].strip() for line in lines))
    if kind == "columns":
        return Block(kind, tuple(line[2:].strip() for line in lines))
    return Block(kind, tuple(line.removeprefix("# ") for line in lines) if kind == "heading" else tuple(lines))


def _cells(line: str) -> tuple[str, str]:
    label, _, value = line.partition("|")
    return label.strip(), value.strip()


def _columns(line: str) -> tuple[str, ...]:
    return tuple(map(str.strip, line.split("|")))


def _text(block: Block) -> str:
    if block.kind == "columns":
        return "\n".join(INDENT + INDENT.join(_columns(line)) for line in block.lines)
    if block.kind == "table":
        return "\n".join(map(_text_row, block.lines)).lstrip("\n")
    return "\n".join(line if block.kind == "heading" else INDENT + line for line in block.lines)


def _text_row(line: str) -> str:
    if line.startswith("# "):
        return f"\n{INDENT}【{line[2:]}】"
    label, value = _cells(line)
    return f"{INDENT}{label.rstrip('：:')}：{value}"


def _html(block: Block) -> str:
    if block.kind in ("table", "columns"):
        rows = "\n".join(map(_html_row, block.lines) if block.kind == "table" else _html_columns(block.lines))
        return f'<table class="cipsa-intake" role="presentation" cellspacing="0" style="{_TABLE}">\n{rows}\n</table>'
    style = {"paragraph": _PARAGRAPH, "list": _LIST, "heading": _HEADING}[block.kind]
    lines = "\n".join(f'<p style="{style}">{escape(line)}</p>' for line in block.lines)
    return f'<div style="margin:0 0 12px;">\n{lines}\n</div>' if block.kind == "list" else lines


def _html_row(line: str) -> str:
    if line.startswith("# "):
        return f'<tr><td colspan="2" style="{_ROW_HEADING}">{escape(line[2:])}</td></tr>'
    label, value = map(escape, _cells(line))
    return f'<tr><td style="{_LABEL}">{label}</td><td style="{_CELL}">{value}</td></tr>'


def _html_columns(lines: Sequence[str]) -> Iterator[str]:
    for number, line in enumerate(lines):
        style = _COLUMN if number else _COLUMN_HEADING
        yield "<tr>" + "".join(f'<td style="{style}">{escape(cell)}</td>' for cell in _columns(line)) + "</tr>"
