"""An HTML page as the lines a person sees, each with the text nodes it is made of.

Promises: a walk in document order without recursion; scripts, styles and hidden elements give no
line. Says of each line whether it stands in an element that webmails and clients use for quotes
(NetEase isReplyContent, QQ ReferenceQuote, Gmail gmail_quote, Outlook divRplyFwdMsg ...). QQ's
<includetail> and NetEase's ntes_not_fresh_* classes also wrap what a person pasted as new, so they
say nothing; a blockquote that only indents is no quote. Changes nothing in the tree.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from lxml.etree import _Element

_BLOCKS = frozenset(
    re.split(
        r"\s+",
        """address article aside blockquote body center dd details div dl dt fieldset figcaption figure footer form
        h1 h2 h3 h4 h5 h6 header hr html legend li main nav ol p pre section summary table tbody td
        tfoot th thead tr ul""",
    )
)
_SILENT = frozenset(("head", "style", "script", "title", "template", "noscript", "svg"))
_CONTENT = frozenset(("img", "input", "select", "textarea"))
_QUOTE_IDS = (
    "isreplycontent",
    "isforwardcontent",
    "origbody",
    "reply139content",
    "orimsghtmlseperator",
    "ntes-pcmail-quote",
    "mail-editor-reference-message-container",
)
_QUOTE_CLASSES = frozenset(
    (
        "gmail_quote",
        "gmail_quote_container",
        "yahoo_quoted",
        "protonmail_quote",
        "tutanota_quote",
        "zmail_extra",
        "referencequote",
        "iosymail",
        "moz-cite-prefix",
    )
)
_REST_IDS = frozenset(("divrplyfwdmsg", "appendonsend", "replysplit"))
_BORDER_LEFT = re.compile(r"border-left(?:-width)?\s*:(?!\s*(?:none|0))|border\s*:\s*(?!none|0)[^;]*solid", re.I)
_HIDDEN = re.compile(  # the last three hide the words of a preview
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all"
    r"|max-height\s*:\s*0(?![.\d])|(?<![-\w])opacity\s*:\s*0(?:\.0+)?\s*(?:;|$)|font-size\s*:\s*0(?![.\d])",
    re.I,
)
SPACES = re.compile(r"[ \t\r\n\f\u00a0]+")

Slot: TypeAlias = tuple[int, str]  # an element's number in document order, and "text" or "tail"
Span: TypeAlias = tuple[int, int]


@dataclass(slots=True)
class Line:
    """A visible line: where it starts (a position in document order), its text and the text nodes it is made of."""

    start: int
    text: list[str] = field(default_factory=list)
    nodes: list[tuple[Slot, str]] = field(default_factory=list)
    enclosed: bool = False
    indented: bool = False
    opens_rest: bool = False

    @property
    def shown(self) -> str:
        return SPACES.sub(" ", "".join(self.text)).strip()


@dataclass(slots=True)
class Page:
    """The lines of a tree, and the span (start, end) of each element in the same count of positions."""

    lines: list[Line]
    spans: list[Span]
    quote_spans: list[Span]


def read_page(root: _Element) -> Page:
    """The lines of a tree, and where each of its elements begins and ends."""
    return _Walk().over(root)


class _Walk:
    """The state of one pass over a tree: open quote elements, the line being written, positions."""

    def __init__(self) -> None:
        self.page = Page([], [], [])
        self.position = 0
        self.after_text = 0
        self.line: Line | None = None
        self.silent = self.quotes = self.indents = 0
        self.rest = False
        self.index: dict[_Element, int] = {}

    def over(self, root: _Element) -> Page:
        from lxml import etree

        for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
            self.position += 1
            if event == "start":
                self._start(element)
            elif event == "end":
                self._end(element)
            else:
                self.index[element] = len(self.page.spans)
                self.page.spans.append((self.position, self.position))
                self._text(element, "tail", element.tail)
        self._break()
        return self.page

    def _start(self, element: _Element) -> None:
        self.index[element] = len(self.page.spans)
        self.page.spans.append((self.position, self.position))
        if _is_silent(element):
            self.silent += 1
        if element.tag in _BLOCKS or element.tag == "br":
            self._break()
        if self.quotes or _is_quote(element):
            self.quotes += 1
        if self.indents or element.tag == "blockquote":
            self.indents += 1
        self.rest = self.rest or _opens_rest(element)
        if element.tag in _CONTENT:
            self._content()
        self._text(element, "text", element.text)

    def _end(self, element: _Element) -> None:
        place = self.index[element]
        self.page.spans[place] = (self.page.spans[place][0], self.position)
        if element.tag in _BLOCKS:
            self._break()
        if _is_silent(element):
            self.silent -= 1
        if self.quotes:
            self.quotes -= 1
            if not self.quotes:
                self.page.quote_spans.append(self.page.spans[place])
        self.indents -= bool(self.indents)
        self._text(element, "tail", element.tail)

    def _break(self) -> None:
        if self.line is not None:
            self.page.lines.append(self.line)
        self.line = None

    def _content(self) -> None:
        if self.line is None:
            self._open()
        self.after_text = self.position

    def _open(self) -> Line:
        self.line = Line(self.after_text)
        self.line.enclosed, self.line.indented = bool(self.quotes), bool(self.indents)
        self.line.opens_rest, self.rest = self.rest, False
        return self.line

    def _text(self, element: _Element, slot: str, text: str | None) -> None:
        if not text or self.silent:
            return
        if not text.strip(" \t\r\n\f"):
            if self.line is not None:
                self.line.text.append(" ")
            return
        pieces = text.splitlines() if _inside_pre(element, slot) else [text]
        for number, piece in enumerate(pieces):
            if number:
                self._break()
            line = self.line or self._open()
            line.text.append(piece)
            line.nodes.append(((self.index[element], slot), piece))
        self.after_text = self.position


def _inside_pre(element: _Element, slot: str) -> bool:
    parent = element if slot == "text" else element.getparent()
    while parent is not None:
        if parent.tag == "pre":
            return True
        parent = parent.getparent() if parent.tag not in _BLOCKS else None
    return False


def _is_silent(element: _Element) -> bool:
    return element.tag in _SILENT or bool(_HIDDEN.search(element.get("style", "")))


def _is_quote(element: _Element) -> bool:
    identifier = element.get("id", "").lower()
    if identifier and identifier.endswith(_QUOTE_IDS):
        return True
    classes = element.get("class", "").lower().split()
    if not _QUOTE_CLASSES.isdisjoint(classes):
        return True
    if element.tag != "blockquote":
        return False
    return element.get("type", "").lower() == "cite" or bool(_BORDER_LEFT.search(element.get("style", "")))


def _opens_rest(element: _Element) -> bool:
    identifier = element.get("id", "").lower()
    return bool(identifier) and (identifier in _REST_IDS or identifier.endswith("divrplyfwdmsg"))
