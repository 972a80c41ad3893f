"""The words of FETCH: sets of UIDs to ask for, replies to read, literals to judge.

Promises: each literal is given to the UID that its own reply names, whatever else stands between
(flags of other clients, another order, a mail that is gone); reading a reply never raises.
No I/O: the replies come as imaplib hands them over.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from email.parser import BytesHeaderParser
from email.policy import compat32
from typing import TypeAlias

from intake.mailbox.polling import UNKNOWN_DATE, Envelope
from intake.raw_mail import FetchFault

SET_OCTETS = 900
"""RFC 2683, 3.2.1.5: a client keeps its command lines to about 1,000 octets."""
SET_UIDS = 2000

Item: TypeAlias = "bytes | tuple[bytes, bytes] | None"
Value: TypeAlias = "bytes | list[Value] | None"

_TOKEN = re.compile(rb'(\()|(\))|"((?:\\.|[^"\\])*)"|([^\s()"\[]+(?:\[[^\]]*\](?:<\d+>)?)?)', re.DOTALL)
_DATE = re.compile(r"^\s*(\d{1,2})-([A-Za-z]{3})-(\d{4}) (\d{2}):(\d{2}):(\d{2}) ([+-])(\d{2})(\d{2})\s*$")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Fetched:
    """All that the replies to one command said of one UID; what was not said is None."""

    uid: int
    internal_date: datetime | None = None
    size: int | None = None
    body: bytes | None = None


# ---- what to ask ------------------------------------------------------------------------------


def sets(uids: Iterable[int]) -> Iterator[tuple[int, ...]]:
    """Ascending runs of UIDs, each short enough for one command.

    Ascending because QQ answers `BAD UID parameters!` to a descending set.
    """
    chunk: list[int] = []
    octets = run = 0
    for uid in sorted(set(uids)):
        run = run + 1 if chunk and uid == chunk[-1] + 1 else 1
        cost = len(str(uid)) + 1 if run <= 2 else 0  # a run is written by its two ends
        if chunk and (octets + cost > SET_OCTETS or len(chunk) >= SET_UIDS):
            yield tuple(chunk)
            chunk, octets, run, cost = [], 0, 1, len(str(uid)) + 1
        chunk.append(uid)
        octets += cost
    if chunk:
        yield tuple(chunk)


def set_text(uids: Sequence[int]) -> str:
    """The set as IMAP writes it, neighbours joined: 4,7:9."""
    runs: list[list[int]] = []
    for uid in sorted(set(uids)):
        if runs and uid == runs[-1][1] + 1:
            runs[-1][1] = uid
        else:
            runs.append([uid, uid])
    return ",".join(str(first) if first == last else f"{first}:{last}" for first, last in runs)


def batches(
    envelopes: Sequence[Envelope], *, octets: int, mails: int, cap: int, first: int
) -> Iterator[tuple[Envelope, ...]]:
    """Runs of mails of at most `octets` together and `mails` in number; one larger mail goes alone.

    The first holds `first` mails at most, each further one twice as many: reading them begins soon.
    A mail over `cap` costs nothing here, since only its headers are asked for; one whose size the
    server did not say (0) goes alone.
    """
    batch: list[Envelope] = []
    total, most = 0, min(first, mails)
    for envelope in envelopes:
        cost = (envelope.size or octets) if envelope.size <= cap else 0
        if batch and (total + cost > octets or len(batch) >= most):
            yield tuple(batch)
            batch, total, most = [], 0, min(2 * most, mails)
        batch.append(envelope)
        total += cost
    if batch:
        yield tuple(batch)


# ---- what came --------------------------------------------------------------------------------


def parse_fetch(data: Iterable[Item]) -> dict[int, Fetched]:
    """What the server said of each UID, from the data of a FETCH command.

    Replies without a UID (flags changed by another client, RFC 9051, 7.5.2) are passed over; several
    replies to one UID are put together.
    """
    found: dict[int, Fetched] = {}
    for response in _responses(data):
        reply = _fetched(_attributes(response))
        if reply is not None:
            found[reply.uid] = _together(found.get(reply.uid), reply)
    return found


def envelope_of(reply: Fetched) -> Envelope:
    return Envelope(reply.uid, reply.internal_date or UNKNOWN_DATE, reply.size or 0)


def parse_internaldate(text: str) -> datetime | None:
    """`17-Nov-2016 09:05:00 +0800` (RFC 9051, date-time) to UTC; None if it is not that."""
    match = _DATE.match(text)
    if match is None:
        return None
    day, month, year, hour, minute, second, sign, zone_hours, zone_minutes = match.groups()
    offset = timedelta(hours=int(zone_hours), minutes=int(zone_minutes)) * (-1 if sign == "-" else 1)
    try:
        zone = timezone(offset)
        number = MONTHS.index(month.title()) + 1
        local = datetime(int(year), number, int(day), int(hour), int(minute), int(second), tzinfo=zone)
        return local.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def parse_uids(data: Iterable[bytes | None]) -> tuple[int, ...]:
    """The numbers of a SEARCH reply, which a server may send in several lines."""
    words = b" ".join(line for line in data if line).split()
    numbers = (_number(word) for word in words)
    return tuple(sorted({number for number in numbers if number is not None}))


def fault_of(body: bytes | None, size: int) -> FetchFault:
    """Whether a literal is the whole mail.

    Shorter than RFC822.SIZE is short, unless the mail shows its own end: some servers (Exchange)
    only estimate the size. Longer is whole: others count line ends otherwise.
    """
    if not body and (body is None or size > 0):
        return "missing"
    return "short" if len(body) < size and not shows_its_end(body) else ""


def shows_its_end(raw: bytes) -> bool:
    """Whether a multipart mail closes its outermost boundary (RFC 2046, 5.1.1)."""
    head, _, rest = raw.partition(b"\r\n\r\n")
    boundary = BytesHeaderParser(policy=compat32).parsebytes(head + b"\r\n\r\n").get_boundary()
    return bool(boundary) and b"\r\n--" + str(boundary).encode("utf-8", "replace") + b"--" in b"\r\n" + rest


def _responses(data: Iterable[Item]) -> Iterator[list[bytes | tuple[bytes, bytes]]]:
    """imaplib gives a reply as (text, literal) pairs and then the text after the last literal."""
    response: list[bytes | tuple[bytes, bytes]] = []
    for item in data:
        if item is None:
            continue
        response.append(item)
        if isinstance(item, bytes):
            yield response
            response = []
    if response:
        yield response


def _attributes(response: Iterable[bytes | tuple[bytes, bytes]]) -> dict[str, Value]:
    """The items of `n (NAME value NAME value ...)`; an unfinished reply gives what it holds."""
    stack: list[list[Value]] = [[]]
    for item in response:
        if isinstance(item, bytes):
            _read_tokens(item, stack)
        else:  # the text ends with the literal's size, {n} or ~{n}
            _read_tokens(item[0].rpartition(b"{")[0].removesuffix(b"~"), stack)
            stack[-1].append(item[1])
    items = next((value for value in stack[0] if isinstance(value, list)), [])
    return _pairs(items)


def _read_tokens(text: bytes, stack: list[list[Value]]) -> None:
    for opening, closing, string, atom in _TOKEN.findall(text):
        if atom:
            stack[-1].append(None if atom == b"NIL" else atom)
        elif opening:
            inner: list[Value] = []
            stack[-1].append(inner)
            stack.append(inner)
        elif closing:
            if len(stack) > 1:
                stack.pop()
        else:
            stack[-1].append(re.sub(rb"\\(.)", rb"\1", string) if b"\\" in string else string)


def _pairs(items: Sequence[Value]) -> dict[str, Value]:
    pairs: dict[str, Value] = {}
    for name, value in zip(items[::2], items[1::2], strict=False):
        if isinstance(name, bytes):
            pairs[name.decode("ascii", "replace").upper()] = value
    return pairs


def _fetched(attributes: Mapping[str, Value]) -> Fetched | None:
    uid = _number(attributes.get("UID"))
    if uid is None:
        return None
    date = attributes.get("INTERNALDATE")
    body = next((value for name, value in attributes.items() if name.startswith("BODY[")), None)
    return Fetched(
        uid,
        parse_internaldate(date.decode("ascii", "replace")) if isinstance(date, bytes) else None,
        _number(attributes.get("RFC822.SIZE")),
        body if isinstance(body, bytes) else None,
    )


def _number(value: Value) -> int | None:
    return int(value) if isinstance(value, bytes) and value.isdigit() and len(value) < 20 else None


def _together(first: Fetched | None, second: Fetched) -> Fetched:
    if first is None:
        return second
    return Fetched(
        second.uid,
        first.internal_date if second.internal_date is None else second.internal_date,
        first.size if second.size is None else second.size,
        first.body if second.body is None else second.body,
    )
