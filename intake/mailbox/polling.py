"""Which mails of a folder to fetch, and which to note by UID only.

Promises: pure rules over numbers and dates. A mail is left unfetched only if the ledger has it, or if
it is older than the campaign in a folder (or a numbering of it) not seen before. No I/O, no clock.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, TypeAlias

Reason: TypeAlias = Literal["first", "new", "changed", "compared"]

UNKNOWN_DATE = datetime(1970, 1, 1, tzinfo=UTC)
"""Stands for an INTERNALDATE that the server did not give or that cannot be read."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """What a server says of a mail before it is fetched: INTERNALDATE in UTC, RFC822.SIZE in bytes."""

    uid: int
    internal_date: datetime
    size: int


@dataclass(frozen=True, slots=True)
class FolderMark:
    """How far a folder has been read: every UID up to `mark` under this UIDVALIDITY has a row."""

    uidvalidity: int
    mark: int


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do with one folder now. UIDs ascend; `note` and `fetch` are disjoint.

    `mark` may be stored once everything in `note` and `fetch` has a row and fetching ended without
    an error: a UID of `fetch` that gave nothing by then is no longer on the server.
    """

    folder: str
    uidvalidity: int
    reason: Reason
    note: tuple[int, ...]
    fetch: tuple[int, ...]
    mark: int


def reason_for(state: FolderMark | None, uidvalidity: int, compare: bool) -> Reason:
    """Why the folder is looked at, which decides how many UIDs are asked for.

    A change of UIDVALIDITY voids all known UIDs (RFC 9051, 2.3.1.1). NetEase gives 1 to every INBOX,
    so an unchanged value proves little: hence the daily comparison.
    """
    if state is None:
        return "first"
    if state.uidvalidity != uidvalidity:
        return "changed"
    return "compared" if compare else "new"


def asked_after(reason: Reason, state: FolderMark | None) -> int:
    """The UID after which to search: the mark where only new mail is wanted, else 0, all."""
    return state.mark if reason == "new" and state is not None else 0


def unknown(uids: Collection[int], known: Mapping[int, Envelope | None]) -> tuple[int, ...]:
    """The UIDs without a row, ascending.

    Rows above the mark exist after an interrupted poll: a mail that broke the connection has one, to
    be tried again on its own, and must not be in the way of those behind it.
    """
    return tuple(sorted(uid for uid in uids if uid not in known))


def reshuffled(envelopes: Mapping[int, Envelope], known: Mapping[int, Envelope | None]) -> tuple[int, ...]:
    """Known UIDs that now belong to another mail: date and size both differ from the ledger's.

    QQ was seen to number the same mails otherwise in a later session. One of the two alone is not
    enough: servers exist whose RFC822.SIZE is an estimate.
    """
    return tuple(sorted(uid for uid, now in envelopes.items() if _is_other(now, known.get(uid))))


def settle(
    folder: str,
    uidvalidity: int,
    reason: Reason,
    state: FolderMark | None,
    *,
    uids: Collection[int],
    wanted: Collection[int],
    envelopes: Mapping[int, Envelope],
    opens: datetime,
) -> Plan:
    """The plan: `wanted` UIDs split by `opens` unless they are new; the mark that all of it allows.

    A mail without a date, or without an envelope, is fetched: doubt never leaves a mail out.
    """
    old = set() if reason == "new" else {uid for uid in wanted if _before(envelopes.get(uid), opens)}
    note = tuple(sorted(old))
    fetch = tuple(sorted(set(wanted) - old))
    floor = state.mark if state is not None and state.uidvalidity == uidvalidity else 0
    return Plan(folder, uidvalidity, reason, note, fetch, max(floor, max(uids, default=0)))


def _before(envelope: Envelope | None, opens: datetime) -> bool:
    return envelope is not None and envelope.internal_date != UNKNOWN_DATE and envelope.internal_date < opens


def _is_other(now: Envelope, then: Envelope | None) -> bool:
    if then is None or UNKNOWN_DATE in (now.internal_date, then.internal_date):
        return False
    return now.internal_date != then.internal_date and now.size != then.size
