"""Signs of life: what shows that a unit has heard of a campaign and does something about it.

A mail that a person wrote from its address or its own domain, an answer to a letter of ours to it, a
submission, a mail that names it, a name near to its own that waits for a person: any of them stops
reminders. Automatic mails are none: a holiday notice or a bounce is no person. Only reads, but for `note`.
Source: part 8, Reminders.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, exists, or_, select

from intake.providers import is_public_domain
from storage import units
from storage.names import name_key
from storage.sql import insert_new
from storage.tables import folders, held, letters, messages, sightings, signs, submissions

AUTOMATIC = ("bounce", "auto-reply", "list", "receipt", "own")
NAMING = ("form", "attempt", "statement", "question", "courtesy", "recall")  # mails that belong to the campaign
FILES_NAMED = ("no-form", "unreadable", "cloud-link", "received")  # letters whose facts hold the names of files
FEW = 20  # units that a statement may name
SHORTEST = 4  # characters of a name that is looked for inside a text
WROTE, ANSWERED, SUBMITTED = "该单位已来信", "该单位已回复此前的信函", "该单位的表格已收到"
PENDING, NAMED = "有来件的单位名称与该单位相近，待人工核对", "有来信提到该单位"


@dataclass(frozen=True, slots=True)
class Someone:
    """A unit to look for: the keys of all its names, and the addresses of its roster row in small letters."""

    unit_id: int
    names: tuple[str, ...]
    addresses: tuple[str, ...]

    @property
    def domains(self) -> frozenset[str]:
        """Its own domains: those where not anyone may have an address."""
        named = {address.rpartition("@")[2] for address in self.addresses}
        return frozenset(domain for domain in named if domain and not is_public_domain(domain))


def note(tx: Connection, campaign: str, unit_ids: Collection[int], message_id: int) -> None:
    """A mail answers letters of ours to these units."""
    rows = [{"campaign": campaign, "unit_id": unit_id, "message_id": message_id} for unit_id in sorted(set(unit_ids))]
    if rows:
        tx.execute(insert_new(tx, signs), rows)


def of_units(
    tx: Connection, campaign: str, people: Sequence[Someone], opens: datetime, since: datetime | None = None
) -> dict[int, str]:
    """Which of these units gave a sign of life since the campaign opened, with what it was, in a sentence.

    `since` spares reading the words of mails handled earlier, that were looked at before; who wrote
    them is looked at always.
    """
    ids = [one.unit_id for one in people]
    found = dict.fromkeys(_named(tx, campaign, people, opens, since), NAMED)
    found |= dict.fromkeys(_wrote(tx, people, opens), WROTE)
    found |= dict.fromkeys(_pending(tx, campaign, ids), PENDING)
    found |= dict.fromkeys(_ids(tx, signs.c.unit_id, ids, signs.c.campaign == campaign), ANSWERED)
    stands = (submissions.c.campaign == campaign, submissions.c.state != "dropped")
    return found | dict.fromkeys(_ids(tx, submissions.c.unit_id, ids, *stands), SUBMITTED)


def unread(tx: Connection, account: str, since: datetime) -> str:
    """Why nobody can be called silent at this moment, "" where every mail is fetched and read.

    Every folder of the account must have been fetched to its end since then, no mail in it be still to
    fetch, and none wait to be handled.
    """
    stand = (folders.c.account == account, folders.c.gone_at.is_(None))
    times = [row.complete_at for row in tx.execute(select(folders.c.complete_at).where(*stand))]
    if not times or any(moment is None or moment < since for moment in times):
        return "有文件夹未在规定时间内收取完整"
    to_fetch = exists().where(
        sightings.c.account == account, sightings.c.state == "to fetch",
        sightings.c.folder == folders.c.folder, sightings.c.uidvalidity == folders.c.uidvalidity,
    )  # fmt: skip
    if tx.scalar(select(folders.c.id).where(*stand, to_fetch).limit(1)) is not None:
        return "有来信尚未取回"
    if tx.scalar(select(messages.c.id).where(messages.c.state == "received").limit(1)) is not None:
        return "有来信尚未处理"
    return ""


def _ids(tx: Connection, column: Any, ids: Sequence[int], *where: Any) -> set[int]:
    if len(ids) <= FEW:
        where = (*where, column.in_(ids))
    return set(tx.scalars(select(column).where(*where).distinct())) & set(ids)


def _wrote(tx: Connection, people: Sequence[Someone], opens: datetime) -> Iterator[int]:
    by_person = or_(messages.c.kind.is_(None), messages.c.kind.not_in(AUTOMATIC))
    where = [by_person, messages.c.received_at >= opens, messages.c.sender.is_not(None)]
    if len(people) <= FEW:
        where.append(or_(*_written_by(people)))
    senders = set(tx.scalars(select(messages.c.sender).where(*where).distinct()))
    of_domains = {sender.rpartition("@")[2] for sender in senders}
    for one in people:
        if not senders.isdisjoint(one.addresses) or not of_domains.isdisjoint(one.domains):
            yield one.unit_id


def _written_by(people: Sequence[Someone]) -> Iterator[Any]:
    yield messages.c.sender.in_([address for one in people for address in one.addresses])
    for domain in {domain for one in people for domain in one.domains}:
        yield messages.c.sender.endswith(f"@{domain}", autoescape=True)


def _pending(tx: Connection, campaign: str, ids: Sequence[int]) -> set[int]:
    """Units one of whose names is near to a name that waits for a person."""
    rows = tx.execute(
        select(submissions.c.unit_name, submissions.c.unit_id)
        .join(held, held.c.submission_id == submissions.c.id)
        .where(held.c.reason == "near-name", held.c.state == "open", held.c.campaign == campaign)
    ).all()
    near = {unit_id for row in rows for unit_id in units.near_ids(tx, row.unit_name, but=row.unit_id)}
    return near & set(ids)


def _named(
    tx: Connection, campaign: str, people: Sequence[Someone], opens: datetime, since: datetime | None
) -> Iterator[int]:
    texts = [name_key(text) for text in _texts(tx, campaign, opens, since) if text]
    if not texts:
        return
    together = "\n".join(texts)
    for one in people:
        if any(len(name) >= SHORTEST and name in together for name in one.names):
            yield one.unit_id


def _texts(tx: Connection, campaign: str, opens: datetime, since: datetime | None) -> Iterator[str]:
    """Subjects of the campaign's mails, and the names of files that could not be read as a form."""
    where = [messages.c.campaign == campaign, messages.c.kind.in_(NAMING), messages.c.received_at >= opens]
    if since is not None:
        where.append(messages.c.handled_at >= since)
    yield from tx.scalars(select(messages.c.subject).where(*where, messages.c.subject.is_not(None)))
    told = [letters.c.campaign == campaign, letters.c.kind.in_(FILES_NAMED)]
    if since is not None:
        told.append(letters.c.created_at >= since)
    for facts in tx.scalars(select(letters.c.facts).where(*told)):
        for file in facts.get("files") or ():
            yield str(file.get("name") or "") if isinstance(file, dict) else str(file)
