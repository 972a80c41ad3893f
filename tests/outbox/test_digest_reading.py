"""How a digest reads: numbered without gaps, a period, what is said once."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from outbox_office import NOW, letters

from intake.beijing import BEIJING, period
from outbox import digest, digest_samples
from outbox.answers_chart import MOST_DAYS, days_shown
from outbox.digest_words import Frame, context
from storage.briefing_facts import Briefing
from storage.plain_rows import Outage

NUMERALS = "一二三四五六七八"
_HEADING = re.compile(rf"(?:^|>)([{NUMERALS}])、", re.MULTILINE)


def _sample() -> tuple[Briefing, Frame]:
    campaign = letters().desk("cipoa-2016").entry.campaign
    _, full = digest_samples.usual(campaign, NOW)
    return full


@pytest.mark.parametrize("empty", [some for n in range(4) for some in itertools.combinations(range(3), n)])
def test_sections_are_numbered_without_gaps(empty: tuple[int, ...]) -> None:
    facts, frame = _sample()
    groups: tuple[tuple[str, ...], ...] = (("owed",), ("bounced", "troubles"), ("audits",))
    nothing = {name: () for number in empty for name in groups[number]}
    said = digest.fill(letters(), "digest", replace(facts, **nothing), frame, ledger=True)  # type: ignore[arg-type]
    for text in said[1:]:
        assert "".join(_HEADING.findall(text)) == NUMERALS[: 8 - len(empty)]


def test_the_person_in_charge_has_a_column_only_where_one_is_named() -> None:
    facts, frame = _sample()
    _, _, html = digest.fill(letters(), "digest", facts, frame, ledger=True)
    nobody = tuple(replace(one, owner="") for one in facts.silent)
    _, _, without = digest.fill(letters(), "digest", replace(facts, silent=nobody), frame, ledger=True)
    assert ("负责人</td>" in html, "负责人</td>" in without) == (True, False)


def test_a_period_of_one_day_names_it_once() -> None:
    assert period(NOW, NOW + timedelta(minutes=1)).count("（星期") == 1
    assert period(NOW, NOW + timedelta(days=1)).count("（星期") == 2


def test_late_within_the_minute_of_the_deadline_is_told_by_seconds() -> None:
    facts, frame = _sample()
    (one,) = facts.entries
    for after, word in ((1, "17:00:01"), (70, "17:01")):
        late = replace(one, late=True, received_at=facts.deadline + timedelta(seconds=after))
        (shown,) = context(replace(facts, entries=(late,)), frame)["entries"]["shown"]
        assert shown["at"].endswith(word)


def test_evidence_that_the_sentence_tells_is_not_told_again() -> None:
    facts, frame = _sample()
    (one,) = facts.waiting
    for sentence, evidence in (("请核对原件。", "第2行：“是”后为√"), ("（第2行：“是”后为√）请核对原件。", "")):
        item = replace(one, row=replace(one.row, sentence=sentence), place="第2行", evidence="“是”后为√")
        (shown,) = context(replace(facts, waiting=(item,)), frame)["waiting"]["shown"]
        assert shown["evidence"] == evidence


OPENS, DEADLINE = date(2016, 11, 17), date(2016, 12, 2)


@pytest.mark.parametrize(
    ("last_answer", "opens", "today", "first", "last"),
    [
        (date(2016, 11, 20), OPENS, date(2016, 11, 21), OPENS, DEADLINE),
        (date(2016, 12, 5), OPENS, date(2016, 12, 6), OPENS, date(2016, 12, 5)),
        (date(2016, 12, 1), OPENS, date(2017, 6, 1), OPENS, DEADLINE),  # months later it still shows the answers
        (date(2016, 10, 3), date(2016, 9, 1), date(2016, 10, 3), date(2016, 9, 3), date(2016, 10, 17)),
    ],
)
def test_the_chart_shows_the_days_of_the_campaign(
    last_answer: date, opens: date, today: date, first: date, last: date
) -> None:
    shown = days_shown({last_answer: 3}, opens, DEADLINE, today)
    assert (shown.days[0][0], shown.days[-1][0]) == (first, last)
    assert len(shown.days) <= MOST_DAYS
    assert (last_answer, 3) in shown.days


@pytest.mark.parametrize(
    ("ended", "words"), [(None, "本机时钟为八点，请校准本机时钟。"), (NOW, "本机时钟自11月25日10:00起有误，现已恢复。")]
)
def test_a_wrong_clock_is_told_in_a_sentence(ended: datetime | None, words: str) -> None:
    facts, frame = _sample()
    wrong = Outage(1, "clock", datetime(2016, 11, 25, 10, tzinfo=BEIJING), NOW, ended, "本机时钟为八点", 0)
    assert words in context(replace(facts, health=replace(facts.health, outages=(wrong,))), frame)["health"]
