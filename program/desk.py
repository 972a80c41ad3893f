"""What commands of the desk share: one transaction, a unit by its name, a thing owed by what people call it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING

from intake.errors import WrongUsage

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from program.settings import Settings
    from scheduler.duties import Duties
    from storage.followups import FollowUp


@contextmanager
def reading(settings: Settings) -> Iterator[Connection]:
    from program import parts

    with parts.open_register(settings, datetime.now(UTC)) as register, register.reading() as tx:
        yield tx


@contextmanager
def writing(settings: Settings) -> Iterator[Connection]:
    from program import parts

    with parts.open_register(settings, datetime.now(UTC)) as register, register.writing() as tx:
        yield tx


def unit_called(tx: Connection, name: str) -> int:
    """The unit of that name; raises WrongUsage, naming those that come near."""
    from storage import units

    found = units.find(tx, name)
    if found is not None:
        return found
    near = [unit.name for unit in (units.get(tx, each) for each in units.near_ids(tx, name)) if unit]
    hint = f"，是否为：{'、'.join(near[:5])}" if near else "，请核对全称"
    raise WrongUsage(name, sentence=f"没有名为“{name}”的单位{hint}。")


def unit_meant(tx: Connection, words: str) -> int:
    """The one unit of that name, receipt number or address; raises WrongUsage, naming those that may be meant."""
    from storage import finding_units, units

    found = finding_units.find(tx, words)
    if len(found.ids) == 1 and (units.find(tx, words) is not None or finding_units.is_sign(tx, words)):
        return found.ids[0]
    names = [unit.name for unit in (units.get(tx, each) for each in found.ids) if unit] or list(found.near)
    if not names:
        raise WrongUsage(words, sentence=f"没有名为“{words}”的单位，请核对全称。")
    raise WrongUsage(words, sentence=f"“{words}”不能确定是哪一家，请写全称：{'、'.join(names[:10])}。")


def true_time(text: str | None, now: datetime) -> tuple[datetime, datetime]:
    """When something came, as typed: its first and last possible moment; raises WrongUsage."""
    from intake.instructing import true_time as times

    if not text:
        return now, now
    if "T" in text:
        moment = beijing_date(text, time())
        found = (moment, moment) if moment <= now else None
    else:
        said = times.read(text)
        found = times.resolve(said, now) if said else None
    if found is None:
        raise WrongUsage(
            text, sentence=f"“{text}”不是可用的时间，或晚于现在；请写作“11月28日 15:20”或 2016-11-28T15:20。"
        )
    return found


def address(text: str) -> str:
    """An address as typed, in small letters, "" for none; raises WrongUsage."""
    from intake.form.plausible import plausible_email

    if text and not plausible_email(text.strip()):
        raise WrongUsage(text, sentence=f"“{text}”不是一个邮箱地址。")
    return text.strip().lower()


def owed_called(tx: Connection, duties: Duties, unit_id: int, what: str) -> FollowUp:
    """The one open thing of a unit that a person calls so; raises WrongUsage, naming what is open."""
    from intake import owing, stages
    from storage import followups

    rows = followups.all_open(tx, duties.campaign.id, unit_id)
    papers = {paper.id for paper in stages.meant(what, duties.materials)}
    labels = {row.id: owing.label_of(row.awaits, duties.campaign.form, duties.materials) for row in rows}
    words = {row.id: duties.rules[row.reason].words for row in rows}
    found = [row for row in rows if what in (row.awaits, labels[row.id], words[row.id]) or row.awaits in papers]
    if not found:
        found = [row for row in rows if what and what in labels[row.id]]
    if len(found) == 1:
        return found[0]
    known = "、".join(dict.fromkeys(labels[row.id] if row.awaits != row.reason else words[row.id] for row in rows))
    if found:
        raise WrongUsage(what, sentence=f"“{what}”不止一项，请写明是哪一项：{known}。")
    raise WrongUsage(what, sentence=f"该单位没有待办的“{what}”；现有：{known or '无'}。")


def beijing_date(text: str, default: time) -> datetime:
    """A date (at the hour `default`), or a date and time, in Beijing unless it has a zone; raises WrongUsage."""
    from intake.beijing import BEIJING

    try:
        parsed = datetime.fromisoformat(text.replace("/", "-"))
    except ValueError:
        raise WrongUsage(text, sentence=f"“{text}”不是日期，请写作 2016-12-09 或 2016-12-09T17:00。") from None
    if len(text) <= len("2016-12-09"):
        parsed = datetime.combine(parsed.date(), default)
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=BEIJING)
