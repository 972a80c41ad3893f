"""Signs of life: what shows that a unit has heard of a campaign and does something about it.

A mail that a person wrote from its address or its own domain, an answer to a letter of ours to it, a
submission, a mail that names it, a name near to its own that waits for a person: any of them stops
reminders. Automatic mails are none, for a holiday notice or a bounce is no person, unless one is held. Only
reads, but for `note`.
Source: part 8, Reminders.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, bindparam, or_, select

from intake.providers import is_public_domain
from storage.names import Names, name_key
from storage.prepared import Prepared
from storage.sql import Keyed, insert_new, keyed
from storage.tables import folders, held, letters, messages, sightings, signs, submissions

AUTOMATIC = ("bounce", "auto-reply", "list", "receipt", "own")
NAMING = ("form", "attempt", "statement", "question", "courtesy", "recall")  # mails that belong to the campaign
FILES_NAMED = ("no-form", "unreadable", "cloud-link", "received")  # letters whose facts hold the names of files
FEW = 20  # units that a statement may name
SHORTEST = 4  # characters of a name that is looked for inside a text
WROTE, ANSWERED, SUBMITTED = "该单位已来信", "该单位已回复此前的信函", "该单位的表格已收到"
PENDING, NAMED = "有来件的单位名称与该单位相近，待人工核对", "有来信提到该单位"

_OPENS = bindparam("opens", type_=messages.c.received_at.type)
_BY_PERSON = (
    or_(messages.c.kind.is_(None), messages.c.kind.not_in(AUTOMATIC), messages.c.state == "held"),
    messages.c.received_at >= _OPENS,
    messages.c.sender.is_not(None),
)
_SENDERS = keyed(lambda among: select(messages.c.sender).where(among(messages.c.sender), *_BY_PERSON).distinct())
_DOMAINS = keyed(
    lambda among: select(messages.c.sender_domain).where(among(messages.c.sender_domain), *_BY_PERSON).distinct()
)
_ANSWERED = keyed(
    lambda among: (
        select(signs.c.unit_id).where(signs.c.campaign == bindparam("in_campaign"), among(signs.c.unit_id)).distinct()
    )
)
_SUBMITTED = keyed(
    lambda among: (
        select(submissions.c.unit_id)
        .where(submissions.c.campaign == bindparam("in_campaign"), among(submissions.c.unit_id))
        .where(submissions.c.state != "dropped")
        .distinct()
    )
)
_NEAR_NAMES = Prepared(
    select(submissions.c.unit_name, submissions.c.unit_id)
    .join(held, held.c.submission_id == submissions.c.id)
    .where(held.c.reason == "near-name", held.c.state == "open", held.c.campaign == bindparam("in_campaign"))
)
_SUBJECT_ROWS = select(messages.c.subject).where(
    messages.c.campaign == bindparam("in_campaign"),
    messages.c.kind.in_(NAMING),
    messages.c.received_at >= _OPENS,
    messages.c.subject.is_not(None),
)
_SINCE = bindparam("since", type_=messages.c.handled_at.type)
_SUBJECTS, _SUBJECTS_SINCE = Prepared(_SUBJECT_ROWS), Prepared(_SUBJECT_ROWS.where(messages.c.handled_at >= _SINCE))
_TOLD_ROWS = select(letters.c.facts).where(
    letters.c.campaign == bindparam("in_campaign"), letters.c.kind.in_(FILES_NAMED)
)
_TOLD, _TOLD_SINCE = Prepared(_TOLD_ROWS), Prepared(_TOLD_ROWS.where(letters.c.created_at >= _SINCE))
_STANDS = (folders.c.account == bindparam("of_account"), folders.c.gone_at.is_(None))
_COMPLETE = Prepared(select(folders.c.complete_at).where(*_STANDS))
_TO_FETCH = Prepared(
    select(folders.c.id)
    .join(
        sightings,
        and_(
            sightings.c.account == folders.c.account, sightings.c.state == "to fetch",
            sightings.c.folder == folders.c.folder, sightings.c.uidvalidity == folders.c.uidvalidity,
        ),
    )
    .where(*_STANDS)
    .limit(1)
)  # fmt: skip
_RECEIVED = Prepared(select(messages.c.id).where(messages.c.state == "received").limit(1))


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
    found = dict.fromkeys(_named(tx, campaign, people, opens, since), NAMED)
    found |= dict.fromkeys(_wrote(tx, people, opens), WROTE)
    found |= dict.fromkeys(_pending(tx, campaign, people), PENDING)
    found |= dict.fromkeys(_ids(tx, _ANSWERED, people, campaign), ANSWERED)
    return found | dict.fromkeys(_ids(tx, _SUBMITTED, people, campaign), SUBMITTED)


def unread(tx: Connection, account: str, since: datetime) -> str:
    """Why nobody can be called silent at this moment, "" where every mail is fetched and read.

    Every folder of the account must have been fetched to its end since then, no mail in it be still to
    fetch, and none wait to be handled.
    """
    of_account = {"of_account": account}
    times = _COMPLETE.scalars(tx, of_account)
    if not times or any(moment is None or moment < since for moment in times):
        return "有文件夹未在规定时间内收取完整"
    if _TO_FETCH.scalar(tx, of_account) is not None:
        return "有来信尚未取回"
    return "有来信尚未处理" if _RECEIVED.scalar(tx) is not None else ""


def _some(keys: Collection[Any]) -> list[Any] | None:
    """The keys to ask for; None where they are so many that all rows are read instead."""
    return list(keys) if len(keys) <= FEW else None


def _ids(tx: Connection, statement: Keyed, people: Sequence[Someone], campaign: str) -> set[int]:
    ids = {one.unit_id for one in people}
    return {row.unit_id for row in statement.run(tx, _some(ids), in_campaign=campaign)} & ids


def _wrote(tx: Connection, people: Sequence[Someone], opens: datetime) -> Iterator[int]:
    addresses = {address for one in people for address in one.addresses}
    domains = {domain for one in people for domain in one.domains}
    senders = {row.sender for row in _SENDERS.run(tx, _some(addresses), opens=opens)}
    of_domains = {row.sender_domain for row in _DOMAINS.run(tx, _some(domains), opens=opens)}
    for one in people:
        if not senders.isdisjoint(one.addresses) or not of_domains.isdisjoint(one.domains):
            yield one.unit_id


def _pending(tx: Connection, campaign: str, people: Sequence[Someone]) -> Iterator[int]:
    """Units one of whose names is near to a name that waits for a person, and is not its own unit's."""
    waiting = _NEAR_NAMES.all(tx, {"in_campaign": campaign})
    if not waiting:
        return
    names = Names(name for one in people for name in one.names)
    near: dict[str, set[int]] = {}
    for row in waiting:
        for key in names.near(name_key(row.unit_name)):
            near.setdefault(key, set()).add(row.unit_id)
    for one in people:
        if any(near.get(name, set()) - {one.unit_id} for name in one.names):
            yield one.unit_id


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
    where: dict[str, Any] = {"in_campaign": campaign} | ({} if since is None else {"since": since})
    subjects, told = (_SUBJECTS, _TOLD) if since is None else (_SUBJECTS_SINCE, _TOLD_SINCE)
    yield from subjects.scalars(tx, where | {"opens": opens})
    for facts in told.scalars(tx, where):
        for file in facts.get("files") or ():
            yield str(file.get("name") or "") if isinstance(file, dict) else str(file)
