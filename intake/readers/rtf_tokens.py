r"""RTF bytes to a tree of groups, what nobody sees left out on the way.

A group is a list of its items: text as raw bytes (\'hh already turned into the byte it names),
control words as `Control`, groups inside it. Groups marked \* that no reader here knows, and groups
that are no text (style sheet, pictures for old programs, headers), are skipped without being kept.
Source: Rich Text Format Specification 1.9.1, "RTF Syntax" and "Conventions of an RTF Reader".
Raises Damaged, TooDeep or TooLarge only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

from intake.errors import Damaged, TooDeep, TooLarge
from intake.readers.ooxml_package import TOO_DEEP

MAX_DEPTH = 120
MAX_ITEMS = 3_000_000


class Control(NamedTuple):
    r"""A control word or symbol: \fs24 is ("fs", 24), \par ("par", None), \~ ("~", None).

    \bin is ("bin", None, the raw bytes after it).
    """

    word: str
    parameter: int | None = None
    raw: bytes = b""


Item: TypeAlias = "bytes | Control | Group"
Group: TypeAlias = "list[Item]"

_SYNTAX = (
    rb"((?:\\'[0-9a-fA-F]{2})+)"  # 1: bytes in hexadecimal figures
    rb"|\\(?:(?:cl|tr|)brdr[tlbrhv])(?:\\brdr[a-z]+[0-9]*)*(?=[\\\\{}\r\n ]) ?"  # lines round cells and paragraphs
    rb"|\\([a-zA-Z]{1,32})(-?[0-9]{1,15})? ?"  # 2, 3: a control word with its parameter
    rb"|\\([^a-zA-Z])"  # 4: a control symbol
    rb"|([{}])"  # 5
    rb"|(%s)"  # 6: text
)
_TOKEN = re.compile(_SYNTAX % rb"[^\\{}]+", re.S)
# Text that was written as raw two-byte characters: the second byte may look like a brace or a backslash.
_TOKEN_OF_WIDE_TEXT = re.compile(_SYNTAX % rb"(?:[^\\{}\x81-\xfe]|[\x81-\xfe][\x40-\x7e\x80-\xfe]?)+", re.S)
_WIDE_TEXT = re.compile(rb"\\ansicpg(?:936|950|932|949)\b")
# Words by the hundred that say nothing about marks.
_UNHEEDED_WORDS = b"""
    nowidctlpar widctlpar lang langfe alang langnp langfenp kerning hyphpar ltrpar sb sa noproof insrsid charrsid
    pararsid rtlpar aspalpha aspnum faauto adjustright lin rin wrapdefault cgrid fcs afs snext lisb clvertalc clvertalt
    trrh trpaddft trpaddt trpaddfl trpaddl trpaddfb trpaddb trpaddfr trpaddr clpadft clpadt clpadfl clpadl clpadfb
    clpadb clpadfr clpadr clftsWidth clwWidth cltxlrtb ltrrow trautofit tblind tblindtype tblrsid
"""
_UNHEEDED = frozenset(_UNHEEDED_WORDS.split())
_EDGE = re.compile(rb"[{}]|\\bin([0-9]{1,10}) ?|\\.", re.S)
_SYMBOLS_FOR_BYTES = {"\\": b"\\", "{": b"{", "}": b"}"}
_UNSEEN = bytes(code for code in range(32) if code != 9)  # new lines among them

# Destinations behind \* that hold something to read; all others are skipped.
_KNOWN_WORDS = """
    annotation do ffl fldinst footnote formfield generator listtext moMath nesttableprops nonesttables objclass
    objdata result shpgrp shpinst shppict shptxt ud userprops fonttbl colortbl
"""
_SKIPPED_WORDS = """
    stylesheet listtable listoverridetable info nonshppict nonesttables shprslt mmathPict header headerl headerr
    headerf footer footerl footerr footerf ftnsep ftnsepc ftncn aftnsep aftnsepc aftncn bkmkstart bkmkend xe tc
    rxe txe themedata colorschememapping datastore latentstyles pgdsctbl revtbl rsidtbl fldtype private
    template background falt panose filetbl
"""
_KNOWN = frozenset(_KNOWN_WORDS.split())
_SKIPPED = frozenset(_SKIPPED_WORDS.split())


def tokens(content: bytes) -> Group:
    r"""The outermost group, the one that begins with \rtf1.

    A file that ends before that group does is Damaged: what is missing may be the answer.
    """
    tree = _Tree()
    raw = b"\\'" not in content[:65536] and _WIDE_TEXT.search(content, 0, 4096)
    syntax = _TOKEN_OF_WIDE_TEXT if raw and not content.isascii() else _TOKEN
    position = content.find(b"{")
    while position >= 0:
        position = _run(tree, syntax, content, position)
    if not tree.done:
        raise Damaged("the file ends inside a group")
    return tree.root


def _run(tree: _Tree, syntax: re.Pattern[bytes], content: bytes, position: int) -> int:
    """Feed the tree up to a place from which the scan must start anew; -1 at the end."""
    for match in syntax.finditer(content, position):
        kind = match.lastindex
        if kind == 6:
            tree.text(match.group(6).translate(None, _UNSEEN))
        elif kind == 1:
            tree.text(bytes.fromhex(match.group(1).translate(None, b"\\'").decode("ascii")))
        elif kind == 5:
            if match.group(5) == b"{":
                tree.open()
            elif tree.close():
                return -1
        elif kind == 4:
            tree.symbol(match.group(4))
        elif kind and match.group(2) not in _UNHEEDED and (after := _word(tree, match, content)):
            return after
    return -1


def _word(tree: _Tree, match: re.Match[bytes], content: bytes) -> int:
    """Feed one control word; where the scan must start anew (-1: nowhere), or 0."""
    word = match.group(2).decode("ascii")
    if tree.to_skip(word):
        tree.drop()
        return _after_group(content, match.end())
    figure = match.group(3)
    if word == "bin":
        end = match.end() + max(0, int(figure or b"0"))
        tree.add(Control("bin", None, content[match.end() : end]))
        return end
    tree.add(Control(word, None if figure is None else int(figure)))
    return 0


def _after_group(content: bytes, position: int) -> int:
    """Where the group that was begun before `position` has ended; -1 where it does not."""
    depth = 1
    while (match := _EDGE.search(content, position)) is not None:
        position = match.end()
        edge = match.group()
        if edge == b"{":
            depth += 1
        elif edge == b"}":
            depth -= 1
            if not depth:
                return position
        elif match.group(1) is not None:
            position += int(match.group(1))
    return -1


class _Tree:
    """The groups as they are opened and closed."""

    def __init__(self) -> None:
        self.root: Group = []
        self.done = False
        self._open: list[Group] = []
        self._group: Group = self.root
        self._starred = False
        self._waiting = bytearray()
        self._count = 0

    def text(self, text: bytes) -> None:
        self._waiting += text

    def add(self, item: Control) -> None:
        self._flush()
        self._count += 1
        if self._count > MAX_ITEMS:
            raise TooLarge(f"more than {MAX_ITEMS} control words")
        self._group.append(item)
        self._starred = False

    def symbol(self, symbol: bytes) -> None:
        character = symbol.decode("latin-1")
        if character in _SYMBOLS_FOR_BYTES:
            self._waiting += symbol
        elif character == "*":
            self._starred = True
        elif character in "\r\n":
            self.add(Control("par"))
        else:
            self.add(Control(character))

    def open(self) -> None:
        self._flush()
        if len(self._open) >= MAX_DEPTH:
            raise TooDeep(f"groups {MAX_DEPTH} deep", sentence=TOO_DEEP)
        inner: Group = [] if self._open else self.root
        if self._open:
            self._count += 1
            self._group.append(inner)
        self._open.append(inner)
        self._group, self._starred = inner, False

    def close(self) -> bool:
        """Close the innermost group; true if that was the outermost."""
        self._flush()
        self._open.pop()
        self.done = not self._open
        if self._open:
            self._group = self._open[-1]
        return self.done

    def to_skip(self, word: str) -> bool:
        """Whether the group just begun is one to be skipped, told by its first word."""
        if self._group or self._waiting or len(self._open) < 2:
            return False
        return word in _SKIPPED or (self._starred and word not in _KNOWN)

    def drop(self) -> None:
        self._open.pop()
        self._group = self._open[-1]
        self._group.pop()
        self._starred = False

    def _flush(self) -> None:
        if self._waiting:
            self._group.append(bytes(self._waiting))
            self._waiting.clear()


def destination(group: Group) -> str:
    """The first control word of a group, or ""."""
    first = group[0] if group else None
    return first.word if isinstance(first, Control) else ""


def groups(group: Group, name: str) -> Iterator[Group]:
    """The groups of this name directly inside."""
    for item in group:
        if isinstance(item, list) and destination(item) == name:
            yield item


def first_group(group: Group, name: str) -> Group:
    """The first group of this name, however deep; an empty one where there is none."""
    return next(every_group(group, name), [])


def every_group(group: Group, name: str) -> Iterator[Group]:
    """The outermost groups of this name, however deep."""
    for item in group:
        if isinstance(item, list):
            if destination(item) == name:
                yield item
            else:
                yield from every_group(item, name)


def parameters(group: Group) -> dict[str, int]:
    """The control words directly inside with their parameters; a word without one counts as 1."""
    return {item.word: 1 if item.parameter is None else item.parameter for item in group if isinstance(item, Control)}


def raw_text(group: Group) -> bytes:
    r"""The bytes directly inside, those after \bin too."""
    return b"".join(item if isinstance(item, bytes) else item.raw for item in group if not isinstance(item, list))
