r"""The rich body of Outlook: RTF unpacked, and the HTML that it may wrap.

Sources: [MS-OXRTFCP] for the packing (LZFu, a window of 4096 bytes that begins filled), [MS-OXRTFEX] for
HTML inside RTF (`\fromhtml1`: the tags in groups `\*\htmltag`, what only RTF needs between `\htmlrtf` and
`\htmlrtf0`). Any bytes give text; work is bounded by MAX_PACKED.
"""

from __future__ import annotations

import html
import re
import struct
from dataclasses import dataclass, replace

from intake.errors import Damaged, TooLarge
from intake.message import charsets

MAX_PACKED = 2 << 20  # bytes; one unpacks to nine at most
MAX_WRAPPED = 4 << 20  # bytes of RTF around HTML
_PACKED, _PLAIN = 0x75465A4C, 0x414C454D
_WINDOW = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor MS Sans Serif"
    rb"SymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0"
    b"\r\n"
    rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)


def unpack(content: bytes) -> bytes:
    """The RTF of a property PidTagRtfCompressed. Raises Damaged for another form, TooLarge."""
    if len(content) < 16:
        raise Damaged("a packed RTF is shorter than its header")
    size, _, kind = struct.unpack_from("<III", content)
    if kind == _PLAIN:
        return content[16:]
    if kind != _PACKED:
        raise Damaged(f"RTF packed in another way: {kind:08x}")
    if len(content) > MAX_PACKED:
        raise TooLarge(f"{len(content)} bytes of packed RTF")
    return _unpacked(content[16 : min(size + 4, len(content))])


def _unpacked(packed: bytes) -> bytes:
    """Runs of eight tokens after a byte of flags: a literal byte, or 12 bits of place and 4 of length less 2."""
    found = bytearray(_WINDOW)
    place = 0
    while place < len(packed):
        flags = packed[place]
        place += 1
        if not flags:
            found += packed[place : place + 8]
            place += 8
            continue
        for bit in range(8):
            if not flags >> bit & 1:
                found += packed[place : place + 1]
                place += 1
                continue
            token = int.from_bytes(packed[place : place + 2], "big")
            distance = (len(found) - (token >> 4)) % 4096
            if place + 2 > len(packed) or not distance:
                return bytes(found[len(_WINDOW) :])
            place += 2
            found += _copied(found, distance, (token & 15) + 2)
    return bytes(found[len(_WINDOW) :])


def _copied(found: bytearray, distance: int, length: int) -> bytes:
    """A run out of the last 4096 bytes; it may reach into what it is just writing. Before the first byte is nothing."""
    start = len(found) - distance
    source = bytes(found[start : start + length]) if start >= 0 else bytes(min(length, -start))
    return source if len(source) == length else (source * (length // len(source) + 1))[:length]


# ---- HTML inside RTF ----------------------------------------------------------------------------

_TOKEN = re.compile(rb"\\([a-z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\(.)|([{}])|[\r\n]+|([^\\{}\r\n]+)", re.S)
_FROM_HTML = re.compile(rb"\\fromhtml1?\b")
_CODE_PAGE = re.compile(rb"\\ansicpg(\d{1,5})")
_HIDDEN = frozenset({"fonttbl", "colortbl", "stylesheet", "info", "pict", "generator", "mhtmltag", "object"})
_CHARACTERS = {
    "par": "\n", "line": "\n", "tab": "\t", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”",
    "bullet": "•", "endash": "–", "emdash": "—", "~": "\xa0", "_": "\xad",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _State:
    """What holds in a group: text unseen, text only for RTF, text that is markup, characters that stand for \\u."""

    hidden: bool = False
    only_rtf: bool = False
    markup: bool = False
    fallback: int = 1


def wrapped_html(rtf: bytes) -> str:
    """The HTML that an RTF was made of, "" where it was made of none."""
    if not _FROM_HTML.search(rtf[:4096]) or len(rtf) > MAX_WRAPPED:
        return ""
    page = _CODE_PAGE.search(rtf[:4096])
    return _Unwrapping(code_page(int(page[1])) if page else "").run(rtf)


def code_page(number: int) -> str:
    """The charset label of a Windows code page, "" where it says nothing."""
    known = {936: "gbk", 20936: "gbk", 54936: "gb18030", 52936: "hz-gb-2312", 950: "big5", 65001: "utf-8"}
    if number in known:
        return known[number]
    if 1250 <= number <= 1258:
        return f"windows-{number}"
    return f"iso-8859-{number - 28590}" if 28591 <= number <= 28606 else f"cp{number}" if 0 < number < 10_000 else ""


class _Unwrapping:
    """One walk over the tokens; bytes of text are decoded a run at a time, for a character may be two of them."""

    def __init__(self, charset: str) -> None:
        self._charset = charset
        self._found: list[str] = []
        self._bytes = bytearray()
        self._stack: list[_State] = []
        self._state = _State()
        self._skip = 0

    def run(self, rtf: bytes) -> str:
        for match in _TOKEN.finditer(rtf):
            word, number, code, symbol, brace, text = match.groups()
            if brace:
                self._brace(brace)
            elif word:
                self._word(word.decode(), int(number) if number else None)
            elif code:
                self._text(bytes.fromhex(code.decode()))
            elif symbol:
                self._symbol(symbol)
            elif text:
                self._text(text)
        self._flush()
        return "".join(self._found)

    def _brace(self, brace: bytes) -> None:
        self._flush()
        self._skip = 0
        if brace == b"{":
            self._stack.append(self._state)
        elif self._stack:
            self._state = self._stack.pop()

    def _word(self, word: str, number: int | None) -> None:
        if word == "u" and number is not None:
            self._flush()
            self._show(chr(number % 65536))
            self._skip = self._state.fallback
        elif word == "uc":
            self._change(fallback=min(max(number or 0, 0), 8))
        elif word == "htmlrtf":
            self._change(only_rtf=number != 0)
        elif word == "htmltag":
            self._change(markup=True, hidden=False)
        elif word in _HIDDEN:
            self._change(hidden=True)
        elif word in _CHARACTERS:
            self._flush()
            self._show(_CHARACTERS[word])

    def _symbol(self, symbol: bytes) -> None:
        if symbol in b"\\{}":
            self._text(symbol)
        elif symbol == b"*":
            self._change(hidden=True)  # unless the word that follows is htmltag
        elif (name := symbol.decode("latin-1")) in _CHARACTERS:
            self._flush()
            self._show(_CHARACTERS[name])

    def _change(self, **changes: bool | int) -> None:
        self._flush()
        self._state = replace(self._state, **changes)  # type: ignore[arg-type]

    def _text(self, text: bytes) -> None:
        dropped = min(self._skip, len(text))
        self._skip -= dropped
        self._bytes += text[dropped:]

    def _flush(self) -> None:
        if self._bytes:
            self._show(charsets.decode(bytes(self._bytes), self._charset))
            self._bytes.clear()

    def _show(self, text: str) -> None:
        state = self._state
        if not (state.hidden or state.only_rtf):
            self._found.append(text if state.markup else html.escape(text, quote=False))
