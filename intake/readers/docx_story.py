"""What the readers of one Word document share: its parts, opened only when asked for, and what is found on the way."""

from __future__ import annotations

from functools import cached_property, lru_cache

from lxml import etree

from intake.readers.docx_numbering import Numbering
from intake.readers.docx_styles import Styles
from intake.readers.ooxml_package import Package, Packed, parse
from intake.readers.wordml import W


class Story:
    """One document. `footnotes` are (kind of relation, id) in the order in which the text refers to them."""

    def __init__(self, package: Package, part: str) -> None:
        self.package = package
        self.part = part
        self.styles = _styles(*(package.packed(package.target(part, kind)) for kind in ("styles", "theme")))
        self.notes: dict[str, None] = {}
        self.footnotes: list[tuple[str, str]] = []

    @cached_property
    def numbering(self) -> Numbering:
        return Numbering(self.related("numbering"))

    @cached_property
    def comments(self) -> dict[str, str]:
        """The text of each comment by its id."""
        return _comment_texts(self.related("comments"))

    def related(self, kind: str) -> etree._Element | None:
        """The root of the part that the document is related to in this way."""
        target = self.package.target(self.part, kind)
        return self.package.root(target) if target else None

    def note(self, text: str) -> None:
        """Keep a fact for the log."""
        self.notes[text] = None


@lru_cache(maxsize=4)
def _styles(styles: Packed | None, theme: Packed | None) -> Styles:
    """Kept between documents: the units' copies of one form bring the same styles, by far its largest part."""

    def root(packed: Packed | None) -> etree._Element | None:
        return parse(packed.unpacked()) if packed is not None and packed.size else None

    return Styles(root(styles), lambda: root(theme))


def _comment_texts(root: etree._Element | None) -> dict[str, str]:
    found: dict[str, str] = {}
    for comment in () if root is None else root.iterfind(W + "comment"):
        lines = ("".join(text.text or "" for text in one.iter(W + "t")) for one in comment.iter(W + "p"))
        found[comment.get(W + "id", "")] = "\n".join(line for line in lines if line.strip())
    return found
