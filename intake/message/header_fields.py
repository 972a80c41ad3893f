"""Header sections to fields, and field values to text.

Promises: any bytes give some fields; a value comes back as one line without control characters, so
it can be put into a header of ours. Raw 8-bit bytes read as UTF-8, else GB18030 (mailparser#351);
adjacent encoded-words (RFC 2047) are joined as bytes before they are decoded, so that a character
cut across two of them survives (thunderbird-android#2499).
Never touches bodies.
"""

from __future__ import annotations

import binascii
import quopri
import re
from collections.abc import Iterable, Iterator

from intake.message import charsets

MAX_FIELDS = 2000
MAX_VALUE = 200_000
_NAME = re.compile(rb"^([!-9;-~]{1,100})[ \t]*:")
_END = re.compile(rb"\n[ \t]*\r?\n|\r[ \t]*\r(?!\n)")
_KNOWN = re.compile(
    rb"(?im)^(from|to|subject|date|received|return-path|message-id|mime-version|content-type|delivered-to|sender|"
    rb"reply-to|cc|x-[\w-]+)[ \t]*:"
)
# The closing ?= may be missing at the end or before the next word; Q text may hold spaces that RFC 2047 forbids.
_WORD = re.compile(
    r"=\?([\w.:-]{1,40})(?:\*[\w-]*)?\?([bBqQ])\?(.*?)(?:\?=|(?=\s*=\?[\w.:-]{1,40}\?[bBqQ]\?)|$)", re.DOTALL
)
_CONTROLS = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")


def split_section(raw: bytes) -> tuple[bytes, bytes]:
    """Header section and body. Junk before the first field is dropped: blank lines, `From ` lines, log lines.

    A blank line that is followed by known fields before any field was seen does not end the section.
    """
    raw = raw.lstrip(b"\r\n \t\x00\xef\xbb\xbf") if raw[:1] in b"\r\n \t\x00\xef" else raw
    found = _END.search(raw)
    if found is None:
        return (raw, b"") if _looks_like_fields(raw) else (b"", raw)
    head, body = raw[: found.start()].removesuffix(b"\r"), raw[found.end() :]
    if _looks_like_fields(head):
        return head, body
    if _KNOWN.match(body):
        return split_section(body)
    return b"", raw


def _looks_like_fields(head: bytes) -> bool:
    return bool(_NAME.match(head) or _KNOWN.search(head))


def split_fields(section: bytes) -> tuple[tuple[str, bytes], ...]:
    """(name in lower case, raw unfolded value) in order. A line that is no field goes on with the one before."""
    fields: list[tuple[str, list[bytes]]] = []
    for line in section.splitlines():
        match = _NAME.match(line)
        if match and len(fields) < MAX_FIELDS:
            name = match[1].decode("ascii").lower()
            fields.append((name, [line[match.end() :].strip(b" \t")]))
        elif fields and not match:
            fields[-1][1].append(line.strip(b" \t"))
    return tuple((name, b" ".join(filter(None, lines))[:MAX_VALUE]) for name, lines in fields)


def first(fields: Iterable[tuple[str, bytes]], name: str) -> bytes:
    """The first raw value under a name (lower case), or b""."""
    for key, value in fields:
        if key == name:
            return value
    return b""


def text_of(value: bytes) -> str:
    """A raw value as one line of text: 8-bit bytes and encoded-words decoded, controls made spaces.

    Half a character at its end, where a mailer cut it off, is left out.
    """
    return clean(decode_words(charsets.decode(value))).rstrip("\ufffd")


def clean(text: str) -> str:
    """One line without control characters."""
    return (text if text.isprintable() else _CONTROLS.sub(" ", text)).strip()


def decode_words(text: str) -> str:
    """Encoded-words of RFC 2047 decoded wherever they stand, inside quotes too."""
    if "=?" not in text:
        return text
    return "".join(_decoded_runs(text))


def _decoded_runs(text: str) -> Iterator[str]:
    run: list[re.Match[str]] = []
    end = 0
    for match in _WORD.finditer(text):
        between = text[end : match.start()]
        if run and (between.strip() or not _same_kind(run[-1], match)):
            yield _joined(run)
            run = []
            yield between if between.strip() else ""
        elif not run:
            yield between
        run.append(match)
        end = match.end()
    if run:
        yield _joined(run)
    yield text[end:]


def _same_kind(one: re.Match[str], other: re.Match[str]) -> bool:
    return charsets.codec(one[1]) == charsets.codec(other[1])


def _joined(run: list[re.Match[str]]) -> str:
    data = b"".join(_word_bytes(run))
    return charsets.decode(data, run[0][1])


def _word_bytes(run: list[re.Match[str]]) -> Iterator[bytes]:
    pending = ""  # base64 that was cut between words, not on a group of four
    for word in run:
        if word[2] in "qQ":
            yield from ((base64_bytes(pending),) if pending else ())
            pending = ""
            yield quopri.decodestring(word[3].encode("utf-8", "surrogateescape"), header=True)
            continue
        pending += "".join(word[3].split())
        if pending.endswith("=") or len(pending) % 4 == 0:
            yield base64_bytes(pending)
            pending = ""
    yield base64_bytes(pending)


def base64_bytes(text: str | bytes) -> bytes:
    """Base64 as far as it can be read: foreign characters skipped, padding wrong, missing or in the middle."""
    data = text.encode("ascii", "ignore") if isinstance(text, str) else text
    if b"=" not in data.rstrip(b"=\r\n \t"):
        return _base64_piece(data)
    return b"".join(map(_base64_piece, re.split(rb"=+", data)))


def _base64_piece(data: bytes) -> bytes:
    try:
        return binascii.a2b_base64(data)
    except binascii.Error:
        letters = re.sub(rb"[^A-Za-z0-9+/]", b"", data)
        letters = letters[: len(letters) - (len(letters) % 4 == 1)]
        return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))
