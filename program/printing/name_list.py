"""A list ready for paper: its title, its lines above and below, and its rows in order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from intake import beijing
from intake.campaign import Campaign
from intake.collation import Order, key
from intake.errors import WrongConfiguration, WrongUsage
from program.printing.columns import Column, Which, columns_of

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from storage.name_lists import Named

NAMES: dict[Which, str] = {
    "signin": "签到表", "members": "成员单位名单", "unanswered": "未回复单位名单", "liaisons": "联络员名册",
}  # fmt: skip
MEETING = "时间：　　　　　　　　　　地点："  # to write in
FOOTER = "排名不分先后（按单位名称{order}排序）"


@dataclass(frozen=True, slots=True)
class NameList:
    """`left` and `right` stand above the table, `footer` beside the page's number; a row has a text a column.

    `row_mm` is the least height of a row; `landscape`: the page lies on its side.
    """

    title: str
    left: str
    right: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    footer: str
    row_mm: float = 9.0
    landscape: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person asked for. `choice`: of members, those who said yes to it; `without`: headings left out."""

    which: Which
    order: Order = "拼音"
    title: str = ""
    note: str = ""
    choice: str = ""
    without: frozenset[str] = frozenset()
    spare: int = 0


def titles(data: Any, body: str) -> dict[str, str]:
    """The titles of the lists from a parsed [print] section, else made of `body`, what the campaign is about.

    Raises WrongConfiguration naming the key.
    """
    given = data if isinstance(data, Mapping) else {"print": data}
    for name, text in given.items():
        if name not in NAMES or not isinstance(text, str) or not text.strip():
            usable = "、".join(NAMES)
            raise WrongConfiguration(sentence=f"campaign.toml：[print] 的 {name} 无效，可用 {usable}，各为一个标题。")
    return {which: given.get(which, f"{body}{name}").strip() for which, name in NAMES.items()}


def make(tx: Connection, campaign: Campaign, wanted: Wanted, named: Mapping[str, str], now: datetime) -> NameList:
    """The list as of now; `named` are the titles. Raises WrongUsage for a choice or a column that is not there."""
    found, title = _who(tx, campaign, wanted, named)
    sources = columns_of(campaign.form, wanted.which, wanted.choice)
    if unknown := sorted(wanted.without - {column.heading for column, _ in sources}):
        usable = "、".join(column.heading for column, _ in sources)
        raise WrongUsage(unknown[0], sentence=f"这份名单没有“{unknown[0]}”一栏，现有：{usable}。")
    kept = [(column, source) for column, source in sources if column.heading not in wanted.without]
    found.sort(key=lambda one: (key(one.unit, wanted.order), one.unit))
    rows = [tuple(source(one, str(at)) for _, source in kept) for at, one in enumerate(found, 1)]
    rows += [("",) * len(kept)] * wanted.spare
    return _framed(wanted, now, title, len(found), tuple(column for column, _ in kept), tuple(rows))


def _who(tx: Connection, campaign: Campaign, wanted: Wanted, named: Mapping[str, str]) -> tuple[list[Named], str]:
    from storage import name_lists

    title = wanted.title or named[wanted.which]
    if wanted.choice:
        short = {one.id: one.short for one in campaign.form.choices if one.yes_no}
        if wanted.choice not in short:
            usable = "、".join(f"{id_}（{name}）" for id_, name in short.items()) or "无"
            raise WrongUsage(wanted.choice, sentence=f"表格没有名为“{wanted.choice}”的是否选择，可用：{usable}。")
        return name_lists.chose(tx, campaign, wanted.choice), wanted.title or f"{short[wanted.choice]}的单位名单"
    if wanted.which == "unanswered":
        return name_lists.unanswered(tx, campaign), title
    if wanted.which == "members":
        found, is_draft = name_lists.members(tx, campaign)
        return found, title if wanted.title or not is_draft else f"{title}（拟）"
    return name_lists.coming(tx, campaign), title


def _framed(
    wanted: Wanted,
    now: datetime,
    title: str,
    units: int,
    columns: tuple[Column, ...],
    rows: tuple[tuple[str, ...], ...],
) -> NameList:
    signs, day = wanted.which == "signin", beijing.day(now).partition("（")[0]
    return NameList(
        title=title,
        left=wanted.note or (MEETING if signs else ""),
        right=f"共{units}家" if signs else f"共{units}家　{day}",
        columns=columns,
        rows=rows,
        footer=FOOTER.format(order=wanted.order),
        row_mm=13.0 if signs else 9.0,
        landscape=wanted.which == "liaisons",
    )
