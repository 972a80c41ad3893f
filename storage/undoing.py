"""Undo a person's decision: what stood before it stands again, with all that followed from the decision alone.

Promises: rows are exactly as they were, whoever decided; where something newer has come (another mail of the
unit, another decision, a letter that has left by the decision), nothing is changed and a sentence says why.
Letters that have left cannot be called back: they are counted, and stay.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, delete, exists, insert, select, update

from intake.errors import WrongUsage
from storage import audits as noted
from storage import snapshots, units
from storage.plain_rows import Audit, HeldRow
from storage.snapshots import TABLES, Scope, Snapshot
from storage.tables import audits, held, letters, submissions, tokens

OF_ITEMS = ("held", "retry")  # whose reference is that of a held item
LEAVES_ALONE = ("undo", "extend")  # what changes no row that a snapshot holds


def scope_of(tx: Connection, row: HeldRow, words: str) -> Scope:
    """What a decision about a held item may touch."""
    unit_ids: set[int] = set() if row.unit_id is None else {row.unit_id}
    about = None
    if row.submission_id is not None:
        about = tx.execute(select(submissions).where(submissions.c.id == row.submission_id)).one()
        unit_ids.add(about.unit_id)
    if row.reason == "near-name" and about is not None:
        named = units.find(tx, words.replace("：", ":").partition(":")[2].strip())
        unit_ids |= {*units.near_ids(tx, about.unit_name), *({named} if named is not None else ())}
    letter_id = tx.scalar(select(held.c.letter_id).where(held.c.reference == row.reference))
    return Scope(row.campaign, row.reference, tuple(sorted(unit_ids)), row.message_id, letter_id)


def kept(scope: Scope, before: Snapshot, after: Snapshot) -> tuple[dict[str, Any], dict[str, Any]]:
    """`before` and `after` of the audit: all rows as they were, and those that are changed or new."""
    changed = {
        table: {key: row for key, row in rows.items() if before[table].get(key) != row} for table, rows in after.items()
    }
    lists = {"unit_ids": list(scope.unit_ids), "items": list(scope.items)}
    told = {"scope": asdict(scope) | lists, "rows": before}
    return told, {"rows": {table: rows for table, rows in changed.items() if rows}}


def undo(tx: Connection, audit: Audit) -> int:
    """Put back what an entry of the audit changed; gives how many letters it had let go that cannot be called back.

    Raises WrongUsage with a sentence where something newer has come, and changes nothing then.
    """
    if audit.undone_by is not None or not audit.before or "scope" not in audit.before:
        raise WrongUsage(audit.reference, sentence="该项决定已经撤销过，未再改动。")
    said = audit.before["scope"]
    scope = Scope(**{**said, "unit_ids": tuple(said["unit_ids"]), "items": tuple(said.get("items", ()))})
    was, now = audit.before["rows"], snapshots.take(tx, scope)
    if newer := _newer(tx, audit, scope, was, now):
        raise WrongUsage(audit.reference, sentence=newer)
    gone = {key for key in _new(was, now, "letters") if _has_left(now["letters"][key])}
    _put_back(tx, was, now)
    _take_away(tx, was, now, gone)
    units.forget_names(tx)
    return len(gone)


def _newer(tx: Connection, audit: Audit, scope: Scope, was: Snapshot, now: Snapshot) -> str:
    """Why the decision can be undone no more, "" where it can."""
    stood = {*was["submissions"], *_changed(audit, "submissions")}
    others = [row for key, row in now["submissions"].items() if key not in stood]
    if any(row["message_id"] is None or row["message_id"] != scope.message_id for row in others):
        return "该决定作出之后，该单位又有新的来件登记，不能自动撤销，未作改动。"
    if _decided_since(tx, audit, scope):
        return "该决定作出之后，又有人对同一单位或同一封来信作了新的决定，不能自动撤销，未作改动。"
    key = str(scope.letter_id)
    letter = {**was["letters"], **_changed(audit, "letters")}.get(key)
    if letter is not None and (now["letters"][key]["state"], now["letters"][key]["tries"]) != (
        letter["state"],
        letter["tries"],
    ):
        return "该决定作出之后，有关信函已经处理，不能自动撤销，未作改动。"
    return ""


def _changed(audit: Audit, table: str) -> Mapping[str, Any]:
    rows: Mapping[str, Any] = (audit.after or {}).get("rows", {}).get(table, {})
    return rows


def _decided_since(tx: Connection, audit: Audit, scope: Scope) -> bool:
    of_item = audits.c.what.in_(OF_ITEMS) & (audits.c.reference == scope.reference)
    of_mail = select(held.c.reference).where(held.c.message_id == scope.message_id, held.c.message_id.is_not(None))
    same = audits.c.unit_id.in_(scope.unit_ids) | of_item | audits.c.reference.in_(of_mail)
    later = (audits.c.id > audit.id, audits.c.undone_by.is_(None), audits.c.what.not_in(LEAVES_ALONE))
    if tx.scalar(select(exists().where(same, *later))):
        return True
    many = [row for row in noted.of_many(tx, audit.id) if row.what not in LEAVES_ALONE]
    return any(row.is_about(unit_id) for row in many for unit_id in scope.unit_ids)


def _put_back(tx: Connection, was: Snapshot, now: Snapshot) -> None:
    """Parents first; rows that are no more are written again."""
    for table in TABLES:
        for key, row in was[table.name].items():
            values = snapshots.values_of(table, row)
            if key not in now[table.name]:
                tx.execute(insert(table), values)
            elif now[table.name][key] != row:
                tx.execute(update(table).where(snapshots.key_of(table, key)).values(**values))


def _take_away(tx: Connection, was: Snapshot, now: Snapshot, gone: set[str]) -> None:
    """What came since by the decision; children first, the newest first. Letters that have left stay."""
    for table in reversed(TABLES):
        for key in sorted(_new(was, now, table.name), key=_number, reverse=True):
            if table is letters and key in gone:
                continue
            if table is held:
                tx.execute(delete(tokens).where(tokens.c.held_id == int(key)))
            tx.execute(delete(table).where(snapshots.key_of(table, key)))


def _has_left(letter: Mapping[str, Any]) -> bool:
    """Whether a letter was tried, or was said in another one."""
    return letter["state"] not in ("waiting", "withdrawn") or letter["merged_into_id"] is not None


def _new(was: Snapshot, now: Snapshot, table: str) -> set[str]:
    return set(now[table]) - set(was[table])


def _number(key: str) -> int:
    return int(key) if key.isdigit() else 0
