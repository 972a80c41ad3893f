"""The [digest] section of a campaign.toml: at which hours the secretariat is written to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from typing import Any

from intake.errors import WrongConfiguration
from intake.slots import Hours

KEYS = ("hours", "worklist")


def parse_digest(data: Mapping[str, Any]) -> Hours:
    """Build the hours from a parsed [digest] section; a key left out has its default, an empty list means never.

    Raises WrongConfiguration naming the key.
    """
    if unknown := sorted(set(data) - set(KEYS)):
        raise WrongConfiguration(sentence=f"campaign.toml：[digest] 中有不认识的键{'、'.join(unknown)}，请更正。")
    default = Hours()
    return Hours(
        digest=_times("hours", data["hours"]) if "hours" in data else default.digest,
        worklist=_times("worklist", data["worklist"]) if "worklist" in data else default.worklist,
    )


def _times(key: str, value: Any) -> tuple[time, ...]:
    wrong = WrongConfiguration(
        sentence=f'campaign.toml：[digest] {key} 须为时刻的列表（北京时间），例如 {key} = ["08:30", "16:30"]。'
    )
    if not isinstance(value, list):
        raise wrong
    try:
        moments = [time.fromisoformat(each) if isinstance(each, str) else each for each in value]
    except ValueError:
        raise wrong from None
    if not all(isinstance(each, time) and each.tzinfo is None for each in moments):
        raise wrong
    return tuple(sorted(set(moments)))
