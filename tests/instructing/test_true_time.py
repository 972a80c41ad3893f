"""When something came, as people write it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.beijing import BEIJING
from intake.instructing import true_time

NOW = datetime(2016, 12, 2, 18, 0, tzinfo=BEIJING)
DAY_END = timedelta(days=1, seconds=-1)


def _at(day: str, time: str = "00:00") -> datetime:
    return datetime.fromisoformat(f"2016-{day}T{time}").replace(tzinfo=BEIJING)


@pytest.mark.parametrize(
    ("text", "begin", "end"),
    [
        ("微信 11月28日 15:20", _at("11-28", "15:20"), _at("11-28", "15:20")),
        ("2016年11月28日9时5分", _at("11-28", "09:05"), _at("11-28", "09:05")),
        ("2016-11-28 15:20:33", _at("11-28", "15:20"), _at("11-28", "15:20")),
        ("11/28 下午3点20分", _at("11-28", "15:20"), _at("11-28", "15:20")),
        ("昨天下午3点半", _at("12-01", "15:30"), _at("12-01", "15:30")),
        ("中午12点", _at("12-02", "12:00"), _at("12-02", "12:00")),
        ("15:20", _at("12-02", "15:20"), _at("12-02", "15:20")),
        ("传真 11-28", _at("11-28"), _at("11-28") + DAY_END),
        ("11月28号 3点", _at("11-28"), _at("11-28") + DAY_END),  # in the morning or in the afternoon
        ("2016.11.28", _at("11-28"), _at("11-28") + DAY_END),
        ("前天", _at("11-30"), _at("11-30") + DAY_END),
        ("今天", _at("12-02"), NOW),
        ("昨天凌晨2点", _at("12-01", "02:00"), _at("12-01", "02:00")),
        ("昨天凌晨12点半", _at("12-01", "00:30"), _at("12-01", "00:30")),
        ("昨天晚上8点", _at("12-01", "20:00"), _at("12-01", "20:00")),
        ("昨天晚上12点", _at("12-01"), _at("12-01") + DAY_END),  # midnight, of which day nobody can tell
        ("昨天晚上1点", _at("12-01"), _at("12-01") + DAY_END),
    ],
)
def test_a_time_is_read(text: str, begin: datetime, end: datetime) -> None:
    said = true_time.read(text)
    assert said is not None
    assert true_time.resolve(said, NOW) == (begin, end)


def test_a_leap_day_needs_no_other_leap_year() -> None:
    said = true_time.read("2月29日 10:00")
    assert said is not None
    assert true_time.resolve(said, _at("03-01")) == (_at("02-29", "10:00"), _at("02-29", "10:00"))


@pytest.mark.parametrize("text", ["", "微信", "010-51530191", "13800000001", "传真 2份", "第3页"])
def test_other_words_are_no_time(text: str) -> None:
    assert true_time.read(text) is None


@pytest.mark.parametrize("text", ["12月3日", "12月2日 19:00", "2月30日", "11月28日 25:00", "12月31日", "2017-01-01"])
def test_what_cannot_be_is_no_answer(text: str) -> None:
    said = true_time.read(text)
    assert said is not None
    assert true_time.resolve(said, NOW) is None


@given(st.text(st.sampled_from("0123456789年月日号点时:-/. 今昨前天上下午凌晨晚半"), max_size=30))
def test_never_after_the_present_and_never_an_exception(text: str) -> None:
    said = true_time.read(text)
    found = said and true_time.resolve(said, NOW)
    assert not found or found[0] <= found[1] <= NOW
