"""Where mails were seen: the ledger of UIDs, and how far each folder has been read.

A row is stored (its mail is ours), noted (known by its UID only), to fetch (the server gave it
incompletely), or lost (five tries failed; a person is told). Promises: the mark of a folder never
falls within one UIDVALIDITY. Never touches the mails themselves; those are in `mails`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, bindparam, insert, select, update

from intake.mailbox.polling import UNKNOWN_DATE, Envelope, FolderMark
from storage.references import new_reference
from storage.sql import insert_new, upsert
from storage.tables import folders, held, sightings

TRIES = 5  # a literal that failed so often is a person's concern (policy, Identity)


@dataclass(frozen=True, slots=True)
class FolderState:
    """A folder as the register knows it; the times are None where it never happened."""

    account: str
    folder: str
    uidvalidity: int
    mark: int
    compared_at: datetime | None
    complete_at: datetime | None
    gone_at: datetime | None  # when it was first missed among the folders that are read


_IN_FOLDER = and_(
    sightings.c.account == bindparam("of_account"),
    sightings.c.folder == bindparam("in_folder"),
    sightings.c.uidvalidity == bindparam("validity"),
)
_KNOWN = select(sightings.c.uid, sightings.c.internal_date, sightings.c.size).where(
    _IN_FOLDER, sightings.c.uid > bindparam("after")
)
_TO_FETCH = (
    select(sightings.c.uid).where(_IN_FOLDER, sightings.c.state == "to fetch").order_by(sightings.c.uid)
)  # fmt: skip


def folder_marks(tx: Connection, account: str) -> dict[str, FolderMark]:
    """How far each folder of the account has been read; a folder never seen is not in it."""
    return {state.folder: FolderMark(state.uidvalidity, state.mark) for state in folder_states(tx, account)}


def folder_states(tx: Connection, account: str | None = None) -> list[FolderState]:
    """All that is known of the folders of one account, or of all."""
    statement = select(*(folders.c[name] for name in FolderState.__slots__)).order_by(
        folders.c.account, folders.c.folder
    )
    if account is not None:
        statement = statement.where(folders.c.account == account)
    return [FolderState(**row._mapping) for row in tx.execute(statement)]


def fetched_at(states: Iterable[FolderState]) -> datetime | None:
    """When every folder that is read was last fetched to its end; None where one never was, or there is none."""
    times = [state.complete_at for state in states if state.gone_at is None]
    known = [time for time in times if time is not None]
    return min(known) if known and len(known) == len(times) else None


def raise_mark(tx: Connection, account: str, folder: str, uidvalidity: int, mark: int) -> None:
    """Every UID up to `mark` has a row. A new UIDVALIDITY starts anew; within one the mark never falls."""
    standing = tx.execute(
        select(folders.c.uidvalidity, folders.c.mark).where(folders.c.account == account, folders.c.folder == folder)
    ).first()
    if standing is not None and standing.uidvalidity == uidvalidity:
        mark = max(mark, standing.mark)
        if mark == standing.mark:
            return
    row = {"account": account, "folder": folder, "uidvalidity": uidvalidity, "mark": mark}
    tx.execute(upsert(tx, folders, ("account", "folder"), ("uidvalidity", "mark")), row)


def set_complete(tx: Connection, account: str, folder: str, now: datetime) -> None:
    """The folder was fetched to the end; it must have a mark already."""
    _set_time(tx, account, folder, "complete_at", now)


def set_compared(tx: Connection, account: str, folder: str, now: datetime) -> None:
    """All UIDs of the folder since `opens` were compared with the ledger; it must have a mark already."""
    _set_time(tx, account, folder, "compared_at", now)


def note_present(tx: Connection, account: str, present: Collection[str], now: datetime) -> None:
    """These folders are read now: one that was read before and is no more among them keeps nobody waiting."""
    mine = folders.c.account == account
    here = folders.c.folder.in_(list(present))
    tx.execute(update(folders).where(mine, ~here, folders.c.gone_at.is_(None)).values(gone_at=now))
    tx.execute(update(folders).where(mine, here, folders.c.gone_at.is_not(None)).values(gone_at=None))


def note(tx: Connection, account: str, folder: str, uidvalidity: int, uids: Iterable[int], now: datetime) -> None:
    """Known by UID only: mails from before the campaign. A UID that has a row keeps it."""
    common = {"account": account, "folder": folder, "uidvalidity": uidvalidity, "state": "noted", "seen_at": now}
    rows = [common | {"uid": uid} for uid in uids]
    if rows:
        tx.execute(insert_new(tx, sightings), rows)


def known(tx: Connection, account: str, folder: str, uidvalidity: int, after: int = 0) -> dict[int, Envelope | None]:
    """The UIDs above `after` that have a row, with date and size as the server gave them, None where noted only."""
    where = {"of_account": account, "in_folder": folder, "validity": uidvalidity, "after": after}
    return {
        row.uid: None if row.size is None else Envelope(row.uid, row.internal_date or UNKNOWN_DATE, row.size)
        for row in tx.execute(_KNOWN, where)
    }


def known_uids(tx: Connection, account: str, folder: str, uidvalidity: int, after: int = 0) -> set[int]:
    """The UIDs above `after` that have a row of any state."""
    return set(known(tx, account, folder, uidvalidity, after))


def to_fetch(tx: Connection, account: str, folder: str, uidvalidity: int) -> tuple[int, ...]:
    """UIDs whose mail the server gave incompletely, ascending; they are to be tried again."""
    where = {"of_account": account, "in_folder": folder, "validity": uidvalidity}
    return tuple(tx.scalars(_TO_FETCH, where))


def vanished(tx: Connection, account: str, folder: str, uidvalidity: int, uids: Collection[int]) -> None:
    """These were to fetch and are on the server no more (moved or deleted by a person): known by UID only."""
    where = {"of_account": account, "in_folder": folder, "validity": uidvalidity}
    chosen = sightings.c.uid.in_(list(uids))
    tx.execute(
        update(sightings).where(_IN_FOLDER, chosen, sightings.c.state == "to fetch").values(state="noted"), where
    )


def forget_others(tx: Connection, account: str, folder: str, uidvalidity: int) -> None:
    """UIDVALIDITY has changed: what was to be fetched under another one cannot be, and comes under its new UID."""
    tx.execute(
        update(sightings)
        .where(sightings.c.account == account, sightings.c.folder == folder)
        .where(sightings.c.uidvalidity != uidvalidity, sightings.c.state == "to fetch")
        .values(state="noted")
    )


def lost(tx: Connection, account: str, folder: str, *, campaign: str, now: datetime) -> int:
    """Give up mails of the folder after five tries: each is held for a person. Gives how many are new."""
    given_up = tx.execute(
        update(sightings)
        .where(sightings.c.account == account, sightings.c.folder == folder)
        .where(sightings.c.state == "to fetch", sightings.c.tries >= TRIES)
        .values(state="lost")
        .returning(sightings.c.id, sightings.c.uid)
    ).all()
    sentence = "文件夹“{}”中编号{}的邮件连续{}次未能完整取回，请在网页邮箱中查看，并核对是否与征集有关。"
    rows = [
        {"reference": new_reference(), "campaign": campaign, "sighting_id": row.id, "reason": "unfetched"}
        | {"sentence": sentence.format(folder, row.uid, TRIES), "state": "open", "opened_at": now}
        for row in given_up
    ]
    if rows:
        tx.execute(insert(held), rows)
    return len(rows)


def _set_time(tx: Connection, account: str, folder: str, name: str, now: datetime) -> None:
    where = (folders.c.account == account, folders.c.folder == folder)
    tx.execute(update(folders).where(*where).values({name: now}))
