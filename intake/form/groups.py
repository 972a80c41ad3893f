"""What the layout of a page is made of: labels with the cells that answer them, in groups that stand together."""

from __future__ import annotations

from dataclasses import dataclass, field

from intake.document import Piece
from intake.form.label_words import Label


@dataclass(frozen=True, slots=True)
class Hit:
    """A label and the cells (or line ends) that answer it.

    `columns` are set instead of `cells` where the options are headings of columns. `listed`: from a list
    with one unit a row. `section` is the text of a merged cell that stands before a block of rows.
    """

    label: Label
    place: str
    cells: tuple[tuple[Piece, ...], ...] = ()
    columns: tuple[tuple[str, tuple[Piece, ...]], ...] = ()
    listed: bool = False
    section: str = ""


@dataclass(slots=True)
class Group:
    """Hits that stand together. `headings` are the short lines before them; `gap` how many lines lie between
    them and the group before; `notes` what stands in 备注 and the like.
    """

    hits: list[Hit] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    gap: int = 0
    quoted: bool = False
    listed: bool = False

    @property
    def asked(self) -> set[str]:
        """The fields and questions that have a label here."""
        return {key for hit in self.hits for key in hit.label.keys}
