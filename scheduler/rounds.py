"""The [rounds] section of a campaign.toml: when units that have not answered are reminded."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from typing import Any

from intake.errors import WrongConfiguration
from intake.rounds import RoundRules

KEYS = ("days_before", "at", "quiet_workdays")
MOST_DAYS = 366


def parse_rounds(data: Mapping[str, Any]) -> RoundRules:
    """Build the rules from a parsed [rounds] section; a key left out has its default.

    An empty `days_before` means that nobody is reminded. Raises WrongConfiguration naming the key.
    """
    if unknown := sorted(set(data) - set(KEYS)):
        raise WrongConfiguration(sentence=f"campaign.toml：[rounds] 中有不认识的键{'、'.join(unknown)}，请更正。")
    default = RoundRules()
    return RoundRules(
        days_before=_days(data.get("days_before", list(default.days_before))),
        at=_hour(data.get("at", default.at)),
        quiet_workdays=_count("quiet_workdays", data.get("quiet_workdays", default.quiet_workdays), 0),
    )


def _days(value: Any) -> tuple[int, ...]:
    if not isinstance(value, list):
        raise WrongConfiguration(
            sentence="campaign.toml：[rounds] days_before 须为天数的列表，例如 days_before = [7, 3, 1]。"
        )
    return tuple(_count("days_before", days, 1) for days in value)


def _count(key: str, value: Any, least: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= MOST_DAYS:
        raise WrongConfiguration(
            sentence=f"campaign.toml：[rounds] {key} 须为{least}至{MOST_DAYS}之间的整数，现为“{value}”。"
        )
    return value


def _hour(value: Any) -> time:
    try:
        moment = time.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        moment = None
    if not isinstance(moment, time) or moment.tzinfo is not None:
        raise WrongConfiguration(sentence='campaign.toml：[rounds] at 须为时刻（北京时间），例如 at = "10:00"。')
    return moment
