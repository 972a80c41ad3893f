"""HTML bodies: the text a person sees, and what of it is newly written.

Promises: any text gives a result; the new and the quoted HTML keep their tables whole, and every
visible line is on exactly one side. Which lines stand in quote elements says html_lines.py, for the
rest the lines decide (quoting.py). Scripts are never run and nothing is fetched.
"""

from __future__ import annotations

import bisect
import copy
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from intake.message import quoting
from intake.message.html_lines import SPACES, Line, Page, Slot, Span, read_page

if TYPE_CHECKING:
    from lxml.etree import _Element

MAX_HTML = 8 << 20  # characters; a longer body is cut, a form is a page
_SCRIPTS = re.compile(r"<(script|style|title)\b.*?(?:</\1>|$)|<!--.*?(?:-->|$)", re.I | re.S)
_TAGS = re.compile(r"<[^<>]*>")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class SplitHtml:
    """Both sides of a body, as text and as HTML; "" where a side is empty."""

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
    page = read_page(root)
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
    return quoting.tidy([SPACES.sub(" ", line).strip() for line in lines])


def _known(lines: Iterable[Line]) -> tuple[list[bool], list[bool]]:
    enclosed, rest = [], False
    lines = list(lines)
    for line in lines:
        rest = rest or line.opens_rest
        enclosed.append(rest or line.enclosed)
    return enclosed, [line.indented for line in lines]


def _quoted_spans(page: Page, marks: tuple[bool, ...]) -> list[Span]:
    """Disjoint spans of positions that are quoted as a whole: quote elements, and all below the last new line."""
    last_new = max((number for number, mark in enumerate(marks) if not mark), default=-1)
    if last_new + 1 == len(page.lines):
        return page.quote_spans
    rest = page.lines[last_new + 1].start + 1
    return [*(span for span in page.quote_spans if span[0] < rest), (rest, 1 << 62)]


def _cut(root: _Element, page: Page, marks: tuple[bool, ...]) -> tuple[str, str]:
    """The tree without what is quoted, and the tree without what is not."""
    pieces: dict[Slot, list[tuple[bool, str]]] = {}
    for line, mark in zip(page.lines, marks, strict=True):
        for slot, piece in line.nodes:
            pieces.setdefault(slot, []).append((mark, piece))
    spans = _quoted_spans(page, marks)
    singles = sorted(page.spans[place][0] for (place, _), found in pieces.items() if any(mark for mark, _ in found))
    inside = [place for place, span in enumerate(page.spans) if _within(span, spans)]
    outside = [place for place, span in enumerate(page.spans) if not _meets(span, spans, singles)]
    quoted = copy.deepcopy(root)
    return _one_side(root, pieces, inside, mark=False), _one_side(quoted, pieces, outside, mark=True)


def _within(span: Span, spans: list[Span]) -> bool:
    place = bisect.bisect_right(spans, (span[0], 1 << 62)) - 1
    return place >= 0 and span[1] <= spans[place][1]


def _meets(span: Span, spans: list[Span], singles: list[int]) -> bool:
    """Whether an element holds, touches or lies in a quoted span, or holds a quoted line of its own."""
    place = bisect.bisect_right(spans, (span[1], 1 << 62)) - 1
    if place >= 0 and spans[place][1] >= span[0]:
        return True
    return bisect.bisect_left(singles, span[0]) < bisect.bisect_right(singles, span[1])


def _one_side(root: _Element, pieces: dict[Slot, list[tuple[bool, str]]], away: list[int], *, mark: bool) -> str:
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
    """Take an element out and leave its tail where it was, apart from the text that stood before the element."""
    parent = element.getparent()
    if parent is None:
        return
    if element.tail:
        before = element.getprevious()
        if before is None:
            parent.text = "\n".join(filter(None, (parent.text, element.tail)))
        else:
            before.tail = "\n".join(filter(None, (before.tail, element.tail)))
        element.tail = None
    parent.remove(element)
