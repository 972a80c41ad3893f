"""HTML bodies: the text a person sees, and what of it is newly written.

Promises: any text gives a result; the new and the quoted HTML keep their tables whole, and every
visible line is on exactly one side. Quote elements are those that webmails and clients write
(NetEase isReplyContent, QQ ReferenceQuote, Gmail gmail_quote, Outlook divRplyFwdMsg ...); for the
rest the lines decide (quoting.py). QQ's <includetail> and NetEase's ntes_not_fresh_* classes also wrap
what a person pasted as new, so they decide nothing. A blockquote that only indents is no quote.
Scripts are never run and nothing is fetched.
"""

from __future__ import annotations

import bisect
import copy
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from intake import quoting

if TYPE_CHECKING:
    from lxml.etree import _Element

MAX_HTML = 8 << 20  # characters; a longer body is cut, a form is a page
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
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.I)
_SPACES = re.compile(r"[ \t\r\n\f\u00a0]+")
_SCRIPTS = re.compile(r"<(script|style|title)\b.*?(?:</\1>|$)|<!--.*?(?:-->|$)", re.I | re.S)
_TAGS = re.compile(r"<[^<>]*>")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


_Slot: TypeAlias = tuple[int, str]  # an element's number in document order, and "text" or "tail"
_Span: TypeAlias = tuple[int, int]


@dataclass(slots=True)
class _Line:
    """A visible line: where it starts (a position in document order), its text and the text nodes it is made of."""

    start: int
    text: list[str] = field(default_factory=list)
    nodes: list[tuple[_Slot, str]] = field(default_factory=list)
    enclosed: bool = False
    indented: bool = False
    opens_rest: bool = False

    @property
    def shown(self) -> str:
        return _SPACES.sub(" ", "".join(self.text)).strip()


@dataclass(slots=True)
class _Page:
    """The lines of a tree, and the span (start, end) of each element in the same count of positions."""

    lines: list[_Line]
    spans: list[_Span]
    quote_spans: list[_Span]


@dataclass(frozen=True, slots=True)
class SplitHtml:
    new_text: str = ""
    quoted_text: str = ""
    new_html: str = ""
    quoted_html: str = ""


def split_html(html: str) -> SplitHtml:
    """The two sides of an HTML body, as text and as HTML; `new_html` is the input itself if nothing is quoted."""
    html = html[:MAX_HTML]
    root = _tree(html)
    if root is None:
        return SplitHtml(new_text=_bare_text(html), new_html=html)
    page = _read(root)
    if not page.lines:
        return SplitHtml(new_text=_bare_text(html), new_html=html)
    texts = [line.shown for line in page.lines]
    marks = quoting.quoted_lines(texts, *_known(page.lines))
    if not any(marks):
        return SplitHtml(new_text=quoting.tidy(texts), new_html=html)
    sides = [
        quoting.tidy([text for text, mark in zip(texts, marks, strict=True) if mark is side]) for side in (False, True)
    ]
    if not sides[0]:
        return SplitHtml(quoted_text=sides[1], quoted_html=html)
    return SplitHtml(sides[0], sides[1], *_cut(root, page, marks))


def text_of_html(html: str) -> str:
    """The visible text of a page, a line for each block."""
    split = split_html(html)
    return "\n".join(filter(None, (split.new_text, split.quoted_text)))


def _tree(html: str) -> _Element | None:
    from lxml import etree

    data = _NOT_XML.sub("", html).encode("utf-8", "replace")
    try:
        root = etree.fromstring(data, etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=True))
    except (etree.LxmlError, ValueError):
        return None
    return root if root is not None else None


def _bare_text(html: str) -> str:
    """What is left without tags: for pages so deep or broken that the parser gives up on their text."""
    from html import unescape

    lines = unescape(_TAGS.sub(" ", _SCRIPTS.sub(" ", html))).splitlines()
    return quoting.tidy([_SPACES.sub(" ", line).strip() for line in lines])


def _known(lines: Iterable[_Line]) -> tuple[list[bool], list[bool]]:
    enclosed, rest = [], False
    lines = list(lines)
    for line in lines:
        rest = rest or line.opens_rest
        enclosed.append(rest or line.enclosed)
    return enclosed, [line.indented for line in lines]


def _read(root: _Element) -> _Page:
    """Walk a tree in document order without recursion."""
    return _Walk().over(root)


class _Walk:
    """The state of one pass over a tree: open quote elements, the line being written, positions."""

    def __init__(self) -> None:
        self.page = _Page([], [], [])
        self.position = 0
        self.after_text = 0
        self.line: _Line | None = None
        self.silent = self.quotes = self.indents = 0
        self.rest = False
        self.index: dict[_Element, int] = {}

    def over(self, root: _Element) -> _Page:
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

    def _open(self) -> _Line:
        self.line = _Line(self.after_text)
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


def _quoted_spans(page: _Page, marks: tuple[bool, ...]) -> list[_Span]:
    """Disjoint spans of positions that are quoted as a whole: quote elements, and all below the last new line."""
    last_new = max((number for number, mark in enumerate(marks) if not mark), default=-1)
    if last_new + 1 == len(page.lines):
        return page.quote_spans
    rest = page.lines[last_new + 1].start + 1
    return [*(span for span in page.quote_spans if span[0] < rest), (rest, 1 << 62)]


def _cut(root: _Element, page: _Page, marks: tuple[bool, ...]) -> tuple[str, str]:
    """The tree without what is quoted, and the tree without what is not."""
    pieces: dict[_Slot, list[tuple[bool, str]]] = {}
    for line, mark in zip(page.lines, marks, strict=True):
        for slot, piece in line.nodes:
            pieces.setdefault(slot, []).append((mark, piece))
    spans = _quoted_spans(page, marks)
    singles = sorted(page.spans[place][0] for (place, _), found in pieces.items() if any(mark for mark, _ in found))
    inside = [place for place, span in enumerate(page.spans) if _within(span, spans)]
    outside = [place for place, span in enumerate(page.spans) if not _meets(span, spans, singles)]
    quoted = copy.deepcopy(root)
    return _one_side(root, pieces, inside, mark=False), _one_side(quoted, pieces, outside, mark=True)


def _within(span: _Span, spans: list[_Span]) -> bool:
    place = bisect.bisect_right(spans, (span[0], 1 << 62)) - 1
    return place >= 0 and span[1] <= spans[place][1]


def _meets(span: _Span, spans: list[_Span], singles: list[int]) -> bool:
    """Whether an element holds, touches or lies in a quoted span, or holds a quoted line of its own."""
    place = bisect.bisect_right(spans, (span[1], 1 << 62)) - 1
    if place >= 0 and spans[place][1] >= span[0]:
        return True
    return bisect.bisect_left(singles, span[0]) < bisect.bisect_right(singles, span[1])


def _one_side(root: _Element, pieces: dict[_Slot, list[tuple[bool, str]]], away: list[int], *, mark: bool) -> str:
    """The tree with the lines of one side only and without the elements at `away`, as HTML."""
    from lxml import etree

    elements = list(root.iter())
    for (place, slot), found in pieces.items():
        kept = [piece for side, piece in found if side is mark]
        if len(kept) < len(found):
            setattr(elements[place], slot, "\n".join(kept) or None)
    for place in reversed(away):
        _remove(elements[place])
    return etree.tostring(root, encoding="unicode", method="html")


def _remove(element: _Element) -> None:
    """Take an element out and leave its tail where it was."""
    parent = element.getparent()
    if parent is None:
        return
    if element.tail:
        before = element.getprevious()
        if before is None:
            parent.text = (parent.text or "") + element.tail
        else:
            before.tail = (before.tail or "") + element.tail
        element.tail = None
    parent.remove(element)
