"""A Word 97-2003 file taken apart: its streams and the table of contents at its front, the FIB.

Kingsoft's .wps is the same format. Promises: what the FIB names outside its stream is empty, so every
later step works on bytes that are there. Source: [MS-DOC] 2.5 (FIB), 2.4.1 (retrieving text).
Raises Encrypted, Unsupported (Word 6 and 95) or Damaged.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise

from intake.errors import Damaged, Encrypted, Unsupported
from intake.readers.ole import CompoundFile

_WORD_97, _WORD_6 = 0xA5EC, 0xA5DC
_FIRST_NFIB = 0xC0  # Word 97 writes C1; betas and Kingsoft wrote C0 and C2
_PAIRS = 154  # where the pairs of offset and size begin: FibRgFcLcb97 of [MS-DOC] 2.5.6
_OLD_WORD = "附件是Word 6.0或Word 95的旧版Word文档，本系统无法自动读取，请另存为Word文档（.docx）后重新发送。"


class Pair(IntEnum):
    """The number of a pair in FibRgFcLcb97; each names a stretch of the table stream."""

    STYLES = 1
    FOOTNOTE_PLACES = 2
    FOOTNOTES = 3
    COMMENT_PLACES = 4
    COMMENTS = 5
    CHARACTER_PAGES = 12
    PARAGRAPH_PAGES = 13
    FONTS = 15
    PIECES = 33
    SHAPE_PLACES = 40
    ENDNOTE_PLACES = 46
    ENDNOTES = 47
    DRAWINGS = 50
    TEXT_BOXES = 56
    LISTS = 73
    LIST_OVERRIDES = 74


@dataclass(frozen=True, slots=True)
class Story:
    """A stretch of the document's characters: the body, the notes, the comments or the text boxes."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Stories:
    """The stories in the order in which they follow one another ([MS-DOC] 2.3)."""

    body: Story
    footnotes: Story
    comments: Story
    endnotes: Story
    text_boxes: Story


@dataclass(frozen=True, slots=True)
class WordFile:
    """`word`, `table` and `data` are the bytes of the streams in `content`, a compound file."""

    content: bytes
    compound: CompoundFile
    word: bytes
    table: bytes
    data: bytes
    stories: Stories

    def pair(self, number: Pair) -> bytes:
        """The stretch of the table stream that a pair of the FIB names; empty where there is none."""
        offset, size = self._place(number)
        return self.table[offset : offset + size] if size else b""

    def after(self, number: Pair) -> bytes:
        """The bytes behind the stretch of a pair."""
        offset, size = self._place(number)
        return self.table[offset + size :] if size else b""

    def _place(self, number: Pair) -> tuple[int, int]:
        at = _PAIRS + 8 * number
        if at + 8 > min(len(self.word), _pairs_end(self.word)):
            return 0, 0
        offset, size = struct.unpack_from("<II", self.word, at)
        return offset, size


def open_word(content: bytes) -> WordFile:
    """The streams of a Word file; Damaged where there is no WordDocument stream with a whole FIB."""
    compound = CompoundFile(content)
    word = compound.stream("worddocument") or b""
    if len(word) >= 32:
        check_head(word)
    if len(word) < _PAIRS + 8 * (Pair.PIECES + 1):
        raise Damaged("no WordDocument stream")
    table = compound.stream("1table" if word[11] & 0x02 else "0table")
    if table is None:
        table = compound.stream("0table" if word[11] & 0x02 else "1table") or b""
    return WordFile(content, compound, word, table, compound.stream("data") or b"", _stories(word))


def check_head(word: bytes) -> None:
    """Raises Encrypted or Unsupported by the fields at the front of the FIB ([MS-DOC] 2.5.2)."""
    magic, number = struct.unpack_from("<HH", word)
    if magic == _WORD_6 or (magic == _WORD_97 and number < _FIRST_NFIB):
        raise Unsupported(f"Word 6 or 95 (nFib {number})", sentence=_OLD_WORD)
    if magic != _WORD_97:
        raise Damaged(f"a WordDocument stream that begins with {magic:04X}")
    if word[11] & 0x01:
        raise Encrypted("Word 97-2003 with a password")


def _stories(word: bytes) -> Stories:
    """From the counts of characters in FibRgLw97 ([MS-DOC] 2.5.4)."""
    body, footnotes, headers, macros, comments, endnotes, boxes = struct.unpack_from("<7i", word, 76)
    counts = (body, footnotes, headers, macros, comments, endnotes, boxes)
    edges = [0]
    for count in counts:
        edges.append(edges[-1] + max(0, count))
    stories = [Story(start, end) for start, end in pairwise(edges)]
    return Stories(stories[0], stories[1], stories[4], stories[5], stories[6])


def _pairs_end(word: bytes) -> int:
    count = int.from_bytes(word[152:154], "little")
    return _PAIRS + 8 * count


def positions(raw: bytes, size: int) -> tuple[tuple[int, ...], list[bytes]]:
    """A PLC taken apart: its n+1 positions, and its n records of `size` bytes ([MS-DOC] PLC)."""
    count = max(0, (len(raw) - 4) // (4 + size))
    if not count:
        return (), []
    starts = struct.unpack_from(f"<{count + 1}I", raw)
    base = 4 * (count + 1)
    return starts, [raw[base + size * at : base + size * (at + 1)] for at in range(count)]


def ascending(edges: Sequence[int]) -> tuple[Sequence[int], Sequence[int]]:
    """The first and last positions of the stretches between edges, up to an edge that lies before its forerunner."""
    count = next((at for at in range(1, len(edges)) if edges[at] < edges[at - 1]), len(edges))
    return edges[: max(0, count - 1)], edges[1:count]
