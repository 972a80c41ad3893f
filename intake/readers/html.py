"""HTML: mail bodies, pages saved by Word or Excel, and tables saved as .xls.

Promises: text in reading order as a browser shows it, tables with their spans, symbol fonts as
pictures, check boxes of forms as boxes. Hidden elements, comments, scripts and style are left out.
A page of ours is known by a `cipsa-intake` meta element, class, id or comment. Raises Damaged or
TooDeep only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from intake.document import Block, Box, Cell, Document, Paragraph, Table, Text
from intake.errors import Damaged, TooDeep, TooLarge
from intake.readers import ink, symbols
from intake.readers.html_style import Sheet, Style
from intake.readers.pieces import Line
from intake.readers.plain import decode

MAX_CHARACTERS = 8 << 20
_MAX_DEPTH = 250
_MAX_SPAN = 200
_MARK = "cipsa-intake"
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_CHARSET = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([\w-]+)""", re.I)
_XML_CHARSET = re.compile(rb"""^\s*<\?xml[^>]*encoding\s*=\s*["']([\w-]+)""", re.I)
_SPACES = re.compile(r"[ \t\r\n\f]+")
_WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "gb_2312-80": "gb18030", "x-gbk": "gb18030", "gb18030": "gb18030"}
_SKIPPED = frozenset(
    re.findall(
        r"\w+", "head script style title template noscript object iframe svg xml meta link colgroup col datalist"
    )
)
_BLOCKS = frozenset(
    re.findall(
        r"\w+",
        "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figure footer"
        " form h1 h2 h3 h4 h5 h6 header hr html legend li main menu nav p pre section summary ul option optgroup",
    )
)
_TYPED = frozenset({"text", "tel", "email", "number", "url", "search", "date", ""})


def read_html(html: str) -> Document:
    """A page as a document."""
    if len(html) > MAX_CHARACTERS:
        raise TooLarge(f"{len(html)} characters of HTML")
    root = _parse(_DECLARATION.sub("", html.replace("\x00", "").lstrip("\ufeff")))
    if root is None:
        return Document((), "html")
    marks = dict.fromkeys(_marks(root)) if _MARK in html.lower() else ()
    return Document(tuple(_Page(root).blocks()), "html", marks=tuple(marks))


def read_html_bytes(content: bytes) -> Document:
    """A page in a file: charset by byte order mark, then as declared (GB 2312 widened), then guessed."""
    return read_html(decode_html(content))


def decode_html(content: bytes) -> str:
    if not content.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        found = _XML_CHARSET.search(content[:1024]) or _CHARSET.search(content[:4096])
        charset = found.group(1).decode("ascii").lower() if found else ""
        charset = _WIDER.get(charset, charset)
        try:
            if charset and not charset.startswith("utf-16"):
                return content.decode(charset)
        except (LookupError, UnicodeDecodeError):
            return decode(content)
    return decode(content)


def _parse(text: str) -> etree._Element | None:
    if not text.strip():
        return None
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=False, remove_pis=True)
    try:
        return etree.fromstring(text.encode("utf-8", "replace"), parser)  # None: nothing but comments or white space
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Damaged(str(error)) from error


def _marks(root: etree._Element) -> Iterator[str]:
    for element in (*root.itersiblings(preceding=True), *root.iter()):
        if isinstance(element, etree._Comment):
            if _MARK in (element.text or ""):
                yield (element.text or "").partition(_MARK)[2].strip(" :=-") or "own"
        elif element.tag == "meta":
            if element.get("name", "").lower() == "x-" + _MARK:
                yield element.get("content", "") or "own"
        elif isinstance(element.tag, str):
            for word in (element.get("class", "") + " " + element.get("id", "")).split():
                if word.startswith(_MARK):
                    yield word[len(_MARK) :].strip("-_") or "own"


class _Flow:
    """The blocks of a page, cell or list item under construction."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.line = Line()
        self.space = True  # a space that comes next would stand at the start of a line, or after another

    def end_line(self) -> None:
        self.space = True
        if self.line.empty:
            return
        pieces = _trimmed(self.line)
        if pieces.pieces:
            self.blocks.append(pieces)
        self.line = Line()

    def text(self, text: str, style: Style) -> None:
        if not style.preformatted:
            text = _SPACES.sub(" ", text)
            if self.space:
                text = text.lstrip(" ")
        if not text:
            return
        self.space = text.endswith((" ", "\n")) and not style.preformatted
        text = text.replace("\xa0", " ") if not style.font else text
        self.line.text(symbols.shown(text, style.font, style.font, style.font), style.looks)


def _trimmed(line: Line) -> Paragraph:
    pieces = list(line.pieces())
    while pieces and isinstance(last := pieces[-1], Text) and not last.text.strip(" \n"):
        pieces.pop()
    if pieces and isinstance(last := pieces[-1], Text):
        pieces[-1] = Text(last.text.rstrip(" \n"), last.looks)
    return Paragraph(tuple(pieces))


class _Page:
    """Walks one page."""

    def __init__(self, root: etree._Element) -> None:
        self._root = root
        self._sheet = Sheet(element.text or "" for element in root.iter("style"))

    def blocks(self) -> list[Block]:
        flow = _Flow()
        self._element(self._root, flow, Style(), 0)
        flow.end_line()
        return flow.blocks

    def _element(self, element: etree._Element, flow: _Flow, outer: Style, depth: int) -> None:
        tag = element.tag
        if not isinstance(tag, str) or tag in _SKIPPED:
            return
        if depth > _MAX_DEPTH:
            raise TooDeep("HTML nested too deeply", sentence="附件或邮件正文的内容嵌套层数过多，请直接发送填好的表格。")
        style = self._sheet.style(element, outer)
        if style.hidden:
            return
        special = _SPECIAL.get(tag)
        if special is not None:
            special(self, element, flow, style, depth)
            return
        block = tag in _BLOCKS
        if block:
            flow.end_line()
        self._content(element, flow, style, depth)
        if block:
            flow.end_line()

    def _content(self, element: etree._Element, flow: _Flow, style: Style, depth: int) -> None:
        if element.text:
            flow.text(element.text, style)
        for child in element:
            self._element(child, flow, style, depth + 1)
            if child.tail:
                flow.text(child.tail, style)

    # ---- elements with a meaning of their own -------------------------------------------------------

    def _break(self, element: etree._Element, flow: _Flow, style: Style, depth: int) -> None:
        flow.end_line()

    def _input(self, element: etree._Element, flow: _Flow, style: Style, depth: int) -> None:
        kind = element.get("type", "").lower()
        if kind in ("checkbox", "radio"):
            flow.line.add(Box("ticked" if "checked" in element.attrib else "empty", f"html {kind}", looks=style.looks))
            flow.space = False
        elif kind in _TYPED:
            flow.text(element.get("value", ""), style)

    def _select(self, element: etree._Element, flow: _Flow, style: Style, depth: int) -> None:
        options = list(element.iter("option"))
        chosen = [option for option in options if "selected" in option.attrib] or options[:1]
        flow.text("、".join("".join(map(str, option.itertext())).strip() for option in chosen), style)

    def _image(self, element: etree._Element, flow: _Flow, style: Style, depth: int) -> None:
        """A picture that stands for one sign (✅ as webmail writes it) is that sign; a little one put into the page
        itself is looked at; any other shows nothing that can be read."""
        source = element.get("src", "")
        sign = element.get("alt", "").strip().rstrip("\ufe0f")
        if len(sign) == 1 and symbols.state_of(sign) is not None:
            flow.text(sign, style)
            return
        if source.startswith("data:image/png;base64,") and len(source) < 200_000:
            state, glyph = ink.look(_base64(source.partition(",")[2]))
            if glyph:
                flow.line.add(Box(state, "picture", glyph, style.looks))
                flow.space = False

    def _list(self, element: etree._Element, flow: _Flow, style: Style, depth: int) -> None:
        flow.end_line()
        start = element.get("start", "1")
        count = int(start) if start.isdecimal() and len(start) < 7 else 1
        for child in element:
            if child.tag == "li":
                flow.text(f"{count}.\xa0", style)
                count += 1
            self._item(child, flow, style, depth + 1)
        flow.end_line()

    def _item(self, element: etree._Element, flow: _Flow, outer: Style, depth: int) -> None:
        """An element of a numbered list; its number stands before it in the line."""
        if element.tag != "li":
            self._element(element, flow, outer, depth)
            return
        style = self._sheet.style(element, outer)
        if not style.hidden:
            self._content(element, flow, style, depth)
        flow.end_line()

    # ---- tables -------------------------------------------------------------------------------------

    def _table(self, element: etree._Element, flow: _Flow, style: Style, depth: int) -> None:
        flow.end_line()
        rows: list[tuple[Cell, ...]] = []
        taken: dict[int, int] = {}  # column -> rows still covered by a cell above
        for row, row_style in self._rows(element, style):
            if row.tag == "caption":
                self._element(row, flow, style, depth + 1)
                continue
            cells, taken = self._row(row, row_style, taken, depth)
            rows.append(cells)
        if any(rows):
            flow.blocks.append(Table(tuple(rows)))

    def _rows(self, table: etree._Element, style: Style) -> Iterator[tuple[etree._Element, Style]]:
        for child in table:
            if not isinstance(child.tag, str):
                continue
            inner = self._sheet.style(child, style)
            if inner.hidden:
                continue
            if child.tag in ("tr", "caption"):
                yield child, inner
            elif child.tag in ("tbody", "thead", "tfoot", "form"):
                yield from self._rows(child, inner)

    def _row(
        self, row: etree._Element, style: Style, taken: dict[int, int], depth: int
    ) -> tuple[tuple[Cell, ...], dict[int, int]]:
        cells: list[Cell] = []
        spans: dict[int, int] = {column: left - 1 for column, left in taken.items() if left > 1}
        column = 0
        for element in row:
            if element.tag not in ("td", "th"):
                continue
            while column in taken:
                column += 1
            inner = self._sheet.style(element, style)
            wide, high = _span(element, "colspan"), _span(element, "rowspan")
            if not inner.hidden:
                flow = _Flow()
                self._content(element, flow, inner, depth + 3)
                flow.end_line()
                cells.append(Cell(tuple(flow.blocks), column, wide, high))
            if high > 1:
                spans.update(dict.fromkeys(range(column, column + wide), high - 1))
            column += wide
        return tuple(cells), spans


_SPECIAL = {
    "br": _Page._break,
    "input": _Page._input,
    "select": _Page._select,
    "img": _Page._image,
    "ol": _Page._list,
    "table": _Page._table,
}


def _span(element: etree._Element, name: str) -> int:
    text = element.get(name, "1").strip()
    return max(1, min(int(text), _MAX_SPAN)) if text.isdecimal() and len(text) < 9 else 1


def _base64(text: str) -> bytes:
    import base64
    import binascii

    try:
        return base64.b64decode(text)
    except (binascii.Error, ValueError):
        return b""
