"""What a person does from the desk to the roster and to letters and mails as a whole: each act with its entry in the
audit, one line however many units it is about, in the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection

from storage import adoption, audits, circulars, held, roster_changes, rosters, submissions, units
from storage.adoption import BacklogLetter
from storage.audits import Person
from storage.plain_rows import HeldRow
from storage.roster_changes import Changes
from storage.rosters import RosterReport, Sheet


def load_roster(tx: Connection, sheet: Sheet, who: Person, now: datetime) -> RosterReport:
    """Load it; the entry keeps which units came and went, and the addresses that differ."""
    changes = roster_changes.compare(tx, sheet)
    report = rosters.load(tx, sheet, now)
    moved, was_there = changes.moved, changes.before > 0
    audits.note(
        tx, at=now, by=who.by, through=who.through, message_id=who.message_id, what="roster",
        word=_loaded(report, changes),
        before={"units": changes.before, "addresses": {one.unit: list(one.before) for one in moved}},
        after={
            "addresses": {one.unit: list(one.after) for one in moved},
            "new": list(changes.new) if was_there else len(changes.new),
            "gone": list(changes.gone),
            "units": _ids(tx, (*(one.unit for one in moved), *changes.gone)),
        },
    )  # fmt: skip
    return report


def queue_notice(tx: Connection, campaign: str, letters: int, units: int, who: Person, now: datetime) -> None:
    """Note that a notice shall go out, before the first of its letters is queued; one that was stopped goes on."""
    stopped = _stopped_notice(tx, campaign)
    word = f"排发通知{letters}封（{units}家单位）"
    if stopped:
        word = f"接着{word}；前次应排{stopped[0]}封，排到{stopped[1]}封时中断"
    audits.note(
        tx, at=now, by=who.by, through=who.through, message_id=who.message_id, what="circular", word=word,
        campaign=campaign, after={"letters": letters},
    )  # fmt: skip


def try_notice(tx: Connection, campaign: str, address: str, who: Person, now: datetime) -> None:
    """Note that one letter of a notice goes to an address of the office."""
    audits.note(
        tx, at=now, by=who.by, through=who.through, message_id=who.message_id, what="circular",
        word=f"试发通知1封至{address}", campaign=campaign, after={"test_to": address},
    )  # fmt: skip


def _stopped_notice(tx: Connection, campaign: str) -> tuple[int, int] | None:
    """How many letters the last word on the notice was about, and how many of them were queued, where fewer were."""
    said = [row for row in audits.of_campaign(tx, campaign, "circular") if "letters" in (row.after or {})]
    if not said:
        return None
    announced, written = int((said[-1].after or {})["letters"]), circulars.written_at(tx, campaign, said[-1].at)
    return (announced, written) if written < announced else None


def release_backlog(tx: Connection, chosen: Sequence[BacklogLetter], who: Person, now: datetime) -> int:
    """Let letters of the first day go; gives how many."""
    count = adoption.release(tx, [one.id for one in chosen])
    _note_backlog(tx, f"放行启用前来信的答复{count}封", chosen, count, "waiting", who, now)
    return count


def drop_backlog(tx: Connection, chosen: Sequence[BacklogLetter], who: Person, now: datetime) -> int:
    """Letters of the first day shall not go; gives how many."""
    count = adoption.drop(tx, [one.id for one in chosen], now)
    _note_backlog(tx, f"丢弃启用前来信的答复{count}封", chosen, count, "withdrawn", who, now)
    return count


def read_again(tx: Connection, reference: str, who: Person, now: datetime) -> HeldRow:
    """Let the mail of a held item be read again; raises WrongUsage where there is none."""
    stood = held.show(tx, reference)
    row = held.retry(tx, reference, now)
    unit_id = stood.unit_id
    if unit_id is None and stood.submission_id is not None:
        unit_id = submissions.unit_of(tx, stood.submission_id)
    audits.note(
        tx, at=now, by=who.by, through=who.through, message_id=who.message_id, what="retry", word="重新读取原邮件",
        reference=row.reference, unit_id=unit_id, campaign=row.campaign, before={"state": stood.state},
        after={"state": row.state},
    )  # fmt: skip
    return row


def _loaded(report: RosterReport, changes: Changes) -> str:
    parts = (
        ("新增{}家", report.created),
        ("不再列入{}家", report.left),
        ("邮箱有变{}家", len(changes.moved)),
        ("另有{}处待核对", len(report.troubles)),
    )
    said = "，".join(words.format(count) for words, count in parts if count)
    return f"载入名册{report.loaded}家" + (f"：{said}" if said else "")


def _ids(tx: Connection, names: Iterable[str]) -> list[int]:
    return sorted({found for name in names if (found := units.find(tx, name)) is not None})


def _note_backlog(
    tx: Connection, word: str, chosen: Sequence[BacklogLetter], count: int, state: str, who: Person, now: datetime
) -> None:
    if not count:
        return
    audits.note(
        tx, at=now, by=who.by, through=who.through, message_id=who.message_id, what="backlog", word=word,
        before={"state": "held back", "letters": [one.reference for one in chosen]},
        after={"state": state, "units": sorted({one.unit_id for one in chosen if one.unit_id is not None})},
    )  # fmt: skip
