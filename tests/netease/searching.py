"""SEARCH as the fake server does it, wrong where the mood says so."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from email.header import decode_header, make_header
from email.parser import BytesParser

from netease.mailstore import StoredMail
from netease.moods import Moods

Test = Callable[[int, StoredMail], bool]
BEIJING = timezone(timedelta(hours=8))
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class BadSearch(Exception):
    """Answered by BAD or NO; the text is the whole answer after the tag."""


def search(arguments: list[str], mails: list[StoredMail], moods: Moods) -> list[int]:
    """The sequence numbers that the server of this mood returns for the words of a SEARCH command."""
    words = list(arguments)
    if words and words[0].upper() == "CHARSET":
        words = _after_charset(words, moods)
    if moods.blind_search:
        return []
    if "(" in words and moods.brackets == "ignored":
        return list(range(1, len(mails) + 1))
    top = mails[-1].uid if mails else 0
    tests = _Keys(words, moods, len(mails), top).all()
    return [number for number, mail in enumerate(mails, 1) if all(test(number, mail) for test in tests)]


class NumberSet:
    """`4,7:9,12:*`, where `*` is the last number, so that n:* always holds that one (RFC 9051, 9)."""

    def __init__(self, text: str, last: int) -> None:
        self._single: set[int] = set()
        self._ranges: list[tuple[int, int]] = []
        for piece in text.split(","):
            ends = [last if end == "*" else int(end) for end in piece.split(":")]
            if len(ends) == 1:
                self._single.add(ends[0])
            else:
                self._ranges.append((min(ends), max(ends)))

    def __contains__(self, number: int) -> bool:
        return number in self._single or any(first <= number <= last for first, last in self._ranges)


def descends(text: str) -> bool:
    return any(
        ":" in piece and "*" not in piece and int(piece.split(":")[0]) > int(piece.split(":")[1])
        for piece in text.split(",")
    )


def _after_charset(words: list[str], moods: Moods) -> list[str]:
    if moods.charset == "badcharset":
        raise BadSearch("NO [BADCHARSET (US-ASCII)] The specified charset is not supported.")
    if moods.charset == "bad":
        raise BadSearch("BAD UID SEARCH invalid argument")
    return words[2:]


class _Keys:
    def __init__(self, words: list[str], moods: Moods, count: int, top_uid: int) -> None:
        self.words = words
        self.moods = moods
        self.count = count
        self.top_uid = top_uid

    def all(self) -> list[Test]:
        tests = []
        while self.words:
            tests.append(self.key())
        return tests

    def key(self) -> Test:
        word = self.words.pop(0).upper()
        if word == "(":
            return self._group()
        if re.fullmatch(r"[\d:*,]+", word):
            numbers = NumberSet(word, self.count)
            return lambda number, mail: number in numbers
        if word == "UID":
            uids = NumberSet(self.words.pop(0), self.top_uid)
            return lambda number, mail: mail.uid in uids
        if word == "NOT":
            inner = self.key()
            return lambda number, mail: not inner(number, mail)
        if word in ("SINCE", "BEFORE", "ON"):
            return _dated(word, _date(self.words.pop(0)))
        if word in ("FROM", "TO", "SUBJECT", "BODY", "TEXT", "HEADER"):
            return self._text(word)
        return _flagged(word)

    def _group(self) -> Test:
        inner = []
        while self.words and self.words[0] != ")":
            inner.append(self.key())
        if self.words:
            self.words.pop(0)
        return lambda number, mail: all(test(number, mail) for test in inner)

    def _text(self, word: str) -> Test:
        name = self.words.pop(0) if word == "HEADER" else word
        wanted = self.words.pop(0) if self.words else ""
        if self.moods.text_search == "bad":
            raise BadSearch("BAD invalid command or parameters")
        if self.moods.text_search != "right":
            answer = self.moods.text_search == "all"
            return lambda number, mail: answer
        return lambda number, mail: wanted.lower() in _haystack(mail.raw, name).lower()


def _haystack(raw: bytes, name: str) -> str:
    if name in ("BODY", "TEXT"):
        return raw.decode("utf-8", "replace")
    value = BytesParser().parsebytes(raw, headersonly=True).get(name, "")
    return str(make_header(decode_header(value)))


def _dated(word: str, day: date) -> Test:
    def local(mail: StoredMail) -> date:
        return mail.internal_date.astimezone(BEIJING).date()

    if word == "SINCE":
        return lambda number, mail: local(mail) >= day
    if word == "BEFORE":
        return lambda number, mail: local(mail) < day
    return lambda number, mail: local(mail) == day


def _flagged(word: str) -> Test:
    flag = {"SEEN": "\\Seen", "DELETED": "\\Deleted", "ANSWERED": "\\Answered", "FLAGGED": "\\Flagged"}
    if word == "ALL":
        return lambda number, mail: True
    if word in ("NEW", "RECENT"):  # on NetEase these follow "unseen"
        return lambda number, mail: "\\Seen" not in mail.flags
    if word in flag:
        return lambda number, mail: flag[word] in mail.flags
    if word.startswith("UN") and word[2:] in flag:
        return lambda number, mail: flag[word[2:]] not in mail.flags
    raise BadSearch("BAD Parse command error")


def _date(text: str) -> date:
    day, month, year = text.split("-")
    return datetime(int(year), MONTHS.index(month.title()) + 1, int(day), tzinfo=BEIJING).date()
