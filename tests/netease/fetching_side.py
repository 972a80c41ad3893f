"""How the fake server words a FETCH reply."""

from __future__ import annotations

import re

from netease.mailstore import StoredMail
from netease.searching import BEIJING, MONTHS

_ITEM = re.compile(r"[A-Za-z0-9.]+(?:\[[^\]]*\])?(?:<[\d.]+>)?")


def items_of(text: str) -> list[str]:
    """The items asked for, upper case: UID, FLAGS, INTERNALDATE, RFC822.SIZE, BODY.PEEK[...] ..."""
    return [item.upper() for item in _ITEM.findall(text)]


def reply_parts(
    number: int, mail: StoredMail, items: list[str], *, uid_first: bool, uid: bool
) -> tuple[bytes, bytes | None, bytes]:
    """The reply before its literal, the literal if there is one, and what follows it."""
    plain = [_plain(item, mail) for item in items]
    words = [word for word in plain if word]
    if uid and "UID" not in items:
        words.append(f"UID {mail.uid}")
    body = next((item for item in items if item.startswith(("BODY", "RFC822")) and item != "RFC822.SIZE"), None)
    if body is None or (mail.trouble == "no literal" and _is_whole(body)):
        return f"* {number} FETCH ({' '.join(words)})\r\n".encode(), None, b""
    literal = _literal(body, mail)
    name = body.replace("BODY.PEEK", "BODY")
    if uid_first:
        head = f"* {number} FETCH ({' '.join([*words, name])} {{{len(literal)}}}\r\n"
        return head.encode(), literal, b")\r\n"
    return f"* {number} FETCH ({name} {{{len(literal)}}}\r\n".encode(), literal, f" {' '.join(words)})\r\n".encode()


def _plain(item: str, mail: StoredMail) -> str:
    if item == "UID":
        return f"UID {mail.uid}"
    if item == "FLAGS":
        return f"FLAGS ({' '.join(sorted(mail.flags))})"
    if item == "RFC822.SIZE":
        return f"RFC822.SIZE {mail.size}"
    if item == "INTERNALDATE":
        at = mail.internal_date.astimezone(BEIJING)
        return f'INTERNALDATE "{at.day:2d}-{MONTHS[at.month - 1]}-{at:%Y %H:%M:%S} +0800"'
    return ""


def _is_whole(item: str) -> bool:
    return item in ("BODY[]", "BODY.PEEK[]", "RFC822")


def _literal(item: str, mail: StoredMail) -> bytes:
    if _is_whole(item):
        return mail.raw[: len(mail.raw) * 6 // 10] if mail.trouble == "short" else mail.raw
    head, separator, _ = mail.raw.partition(b"\r\n\r\n")
    if "HEADER.FIELDS" not in item:
        return head + separator
    names = re.findall(r"[\w-]+", item.partition("(")[2])
    fields = re.findall(rb"(?m)^[^\s:][^:\r\n]*:.*(?:\r\n[ \t].*)*", head)
    kept = [field for field in fields if field.partition(b":")[0].decode("latin-1").upper() in names]
    return b"".join(field.rstrip(b"\r\n") + b"\r\n" for field in kept) + b"\r\n"
