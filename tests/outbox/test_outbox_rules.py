"""The pure rules: windows, retry dates, fates of tries, doubt, and which letters are said together."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from outbox_office import NOW, row, unit

from outbox import doubt, fates, limits, merging, retry
from outbox.limits import DAY, HOUR, QUARTER_HOUR, Full, Limits
from outbox.outcomes import Doubt, Lost, Outcome, Refused, Sent
from storage.plain_rows import Counts

AT = datetime(2016, 11, 25, 2, 0, tzinfo=UTC)


def waits(counts: Counts, kind: str = "acknowledgement", **caps: int) -> limits.Wait | None:
    return limits.decide(counts, Limits(**caps), kind, NOW, lambda full: AT)


@pytest.mark.parametrize(
    ("counts", "kind", "window", "of_address"),
    [
        (Counts(), "acknowledgement", None, False),
        (Counts(quarter_hour=19, hour=59, day=99, address_hour=1, address_day=4), "late", None, False),
        (Counts(quarter_hour=20), "acknowledgement", QUARTER_HOUR, False),
        (Counts(hour=60), "acknowledgement", HOUR, False),
        (Counts(quarter_hour=20, hour=60, day=100), "acknowledgement", DAY, False),
        (Counts(address_hour=2), "acknowledgement", HOUR, True),
        (Counts(address_day=5), "no-form", DAY, True),
        (Counts(address_hour=2, address_day=5), "digest", None, False),
        (Counts(address_hour=9), "alert", None, False),
        (Counts(day=100), "alert", DAY, False),
        (Counts(quarter_hour=14), "circular", QUARTER_HOUR, False),
        (Counts(quarter_hour=13, hour=41, day=69), "reminder", None, False),
        (Counts(day=70), "reminder", DAY, False),
        (Counts(quarter_hour=14, hour=42, day=70), "acknowledgement", None, False),
        (Counts(address_hour=1), "circular", None, False),
    ],
)
def test_windows(counts: Counts, kind: str, window: timedelta | None, of_address: bool) -> None:
    wait = waits(counts, kind)
    assert ((wait and wait.of_address) or False) is of_address
    assert (wait.until if wait else None) == (max(AT + window, NOW + timedelta(seconds=1)) if window else None)


def test_zero_means_no_limit() -> None:
    free = dict.fromkeys(("per_quarter_hour", "per_hour", "per_day", "per_address_per_hour", "per_address_per_day"), 0)
    assert waits(Counts(10**6, 10**6, 10**6, 10**6, 10**6), **free) is None
    assert not Limits(**free).counted
    assert Limits().counted


def test_the_try_that_must_leave_a_full_window_is_asked_for() -> None:
    asked: list[Full] = []

    def note(full: Full) -> None:
        asked.append(full)

    limits.decide(Counts(quarter_hour=30, address_hour=3), Limits(), "reminder", NOW, note)
    assert asked == [Full(QUARTER_HOUR, 14, False), Full(HOUR, 2, True)]


def test_a_tiny_window_still_lets_a_circular_through() -> None:
    assert limits.allowed(1, "circular") == 1
    assert limits.allowed(10, "circular") == 7
    assert limits.allowed(10, "acknowledgement") == 10


@pytest.mark.parametrize(
    ("kind", "asks", "day", "goes"),
    [
        ("acknowledgement", True, 99, True),
        ("question", True, 60, True),
        ("digest", False, 99, True),
        ("acknowledgement", False, 59, True),
        ("acknowledgement", False, 60, False),
        ("repeat", False, 60, False),
        ("reminder", False, 39, True),
        ("reminder", False, 40, False),
    ],
)
def test_in_the_day_before_a_deadline_room_is_kept_for_letters_that_ask(
    kind: str, asks: bool, day: int, goes: bool
) -> None:
    def decided(deadline: datetime | None) -> limits.Wait | None:
        counts = Counts(day=day)
        return limits.decide(counts, Limits(), kind, NOW, lambda full: NOW, asks=asks, deadline=deadline)

    soon = NOW + timedelta(hours=3)
    assert (decided(soon) is None) is goes
    assert goes or decided(soon) == limits.Wait(soon, of_address=False)  # then the room is everybody's
    for other in (None, NOW, NOW - timedelta(hours=3), NOW + timedelta(hours=25)):
        assert decided(other) is None


@pytest.mark.parametrize(("ago", "seconds"), [(None, 0), (0, 15), (4, 11), (15, 0), (100, 0), (-30, 0)])
def test_gaps(ago: float | None, seconds: float) -> None:
    last = None if ago is None else NOW - timedelta(seconds=ago)
    assert limits.gap(last, Limits(), NOW) == seconds
    assert limits.gap(last, Limits(gap_seconds=0), NOW) == 0


@given(tries=st.integers(0, 30), wait=st.integers(0, 10**5))
def test_retries_get_rarer_and_end(tries: int, wait: int) -> None:
    date = retry.next_try(tries, wait, NOW)
    assert (date is None) == (tries >= retry.TRIES)
    if date is not None:
        assert date >= NOW + max(timedelta(minutes=2), timedelta(seconds=wait))
        later = retry.next_try(tries + 1, wait, NOW)
        assert later is None or later >= date


def test_retries_span_more_than_a_day() -> None:
    spent = timedelta()
    for tries in range(1, retry.TRIES):
        date = retry.next_try(tries, 0, NOW)
        assert date is not None
        spent += date - NOW
    assert timedelta(days=1) < spent < timedelta(days=3)


NEXT_DAY = datetime(2016, 11, 25, 16, 5, tzinfo=UTC)  # 00:05 of the 26th in Beijing
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("outcome", "tries", "state", "next_at", "shut", "until", "stop", "reconnect"),
    [
        (Sent("smtp11,x", "ok"), 0, "sent", None, "", None, False, False),
        (Doubt("lost"), 0, "doubt", None, "", None, False, True),
        (Lost("lost"), 0, "deferred", NOW + 2 * MINUTE, "", None, False, True),
        (Lost("lost"), 15, "refused", None, "", None, False, True),
        (Refused(451, "Requested action aborted"), 0, "deferred", NOW + 5 * MINUTE, "", None, False, False),
        (Refused(451, "DT:SPM smtp11"), 0, "deferred", NOW + 2 * MINUTE, "smtp", NOW + 2 * MINUTE, True, False),
        (Refused(554, "DT:SPM smtp11"), 0, "refused", None, "campaign:cipoa-2016", None, False, False),
        (Refused(451, "MI:SFQ"), 0, "deferred", NOW + 15 * MINUTE, "smtp", NOW + 15 * MINUTE, True, False),
        (Refused(554, "MI:SFQ"), 0, "deferred", NOW + 15 * MINUTE, "smtp", NOW + 15 * MINUTE, True, False),
        (Refused(451, "MI:DMC"), 0, "deferred", NOW, "", None, False, True),
        (Refused(451, "MI:DMC"), 2, "deferred", NOW + 15 * MINUTE, "", None, False, True),
        (Refused(554, "MI:STC"), 0, "deferred", NEXT_DAY, "smtp", NEXT_DAY, True, False),
        (Refused(550, "RP:TRC"), 0, "deferred", NEXT_DAY, "smtp", NEXT_DAY, True, False),
        (Refused(421, "HL:ICC"), 0, "deferred", NOW + 60 * MINUTE, "smtp", NOW + 60 * MINUTE, True, False),
        (Refused(554, "HL:IPB"), 0, "deferred", NOW + 360 * MINUTE, "smtp", NOW + 360 * MINUTE, True, False),
        (Refused(554, "DT:SUM"), 0, "deferred", NOW + 60 * MINUTE, "smtp", NOW + 60 * MINUTE, True, False),
        (Refused(554, "DT:SUM"), 3, "refused", None, "", None, False, False),
        (Refused(552, "exceeded mailsize limit"), 0, "refused", None, "", None, False, False),
        (Refused(550, "Invalid User"), 0, "refused", None, "", None, False, False),
        (Refused(550, "User has no permission"), 0, "deferred", NOW, "smtp sign-in", NOW + 360 * MINUTE, True, False),
        (Refused(421, ""), 0, "deferred", NOW + 5 * MINUTE, "", None, False, True),
    ],
)  # fmt: skip
def test_fates(
    outcome: Outcome, tries: int, state: str, next_at: datetime | None, shut: str, until: datetime | None,
    stop: bool, reconnect: bool,
) -> None:  # fmt: skip
    found = fates.fate(outcome, row("acknowledgement", {}, tries=tries), NOW, "smtp.vip.126.com")
    assert (found.state, found.next_at, found.stop, found.reconnect) == (state, next_at, stop, reconnect)
    assert (found.shut.name if found.shut else "", found.shut.until if found.shut else None) == (shut, until)


@pytest.mark.parametrize(
    ("kind", "reply", "found", "state"),
    [
        ("acknowledgement", None, False, "deferred"),
        ("late", "lost", False, "deferred"),
        ("digest", "lost", False, "deferred"),
        ("circular", "lost", False, "doubt"),
        ("reminder", "lost", False, "doubt"),
        ("circular", "lost", True, "sent"),
        ("acknowledgement", "lost", True, "sent"),
        ("acknowledgement", doubt.AGAIN + "；lost", False, "doubt"),
        ("acknowledgement", doubt.AGAIN + "；lost", True, "sent"),
    ],
)
def test_the_rule_of_doubt(kind: str, reply: str | None, found: bool, state: str) -> None:
    assert doubt.verdict(row(kind, {}, reply=reply), found)[0] == state


@pytest.mark.parametrize(
    ("refused", "slow"),
    [
        (Refused(451, "DT:SPM smtp11"), True),
        (Refused(550, "Mailbox unavailable or access denied"), True),
        (Refused(451, "MI:SFQ"), False),
        (Refused(554, "MI:STC"), False),
        (Refused(554, "DT:SPM smtp11"), False),
    ],
)
def test_a_provider_that_finds_us_too_fast_is_written_to_more_slowly_for_an_hour(refused: Refused, slow: bool) -> None:
    judged = fates.fate(refused, row("circular", {}), NOW, "smtp.vip.126.com")
    assert judged.slow_until == (judged.next_at + timedelta(hours=1) if slow and judged.next_at else None)
    assert limits.slower(Limits(gap_seconds=15)).gap_seconds == 45
    assert limits.slower(Limits(gap_seconds=0)).gap_seconds == 30


def test_the_mark_of_a_second_try_is_kept() -> None:
    marked = row("late", {}, reply=f"{doubt.AGAIN}；lost")
    assert doubt.AGAIN in doubt.with_mark(marked, "451 later")
    assert doubt.with_mark(row("late", {}, reply="lost"), "451 later") == "451 later"


def kinds_of(*rows: Any) -> list[tuple[str, list[str]]]:
    return [(part.kind, [one["unit"] for one in part.facts.get("units", ())]) for part in merging.parts(rows)]


def test_letters_about_units_become_one_list() -> None:
    first, second = row("acknowledgement", {"units": [unit("甲")]}, id=1), row("late", {"units": [unit("乙")]}, id=2)
    assert kinds_of(second, first) == [("acknowledgement", ["甲", "乙"])]
    assert kinds_of(second, row("late", {"units": [unit("丙")]}, id=3)) == [("late", ["乙", "丙"])]


def test_the_newest_word_on_a_unit_stands_but_a_repeat_hides_nothing() -> None:
    told = row("acknowledgement", {"units": [unit("甲（北京）")]}, id=1)
    mended = row("correction", {"units": [unit("甲(北京)", changed=["手机号码"])]}, id=2)
    again = row("repeat", {"units": [unit("甲（北京）")]}, id=3)
    assert kinds_of(told, mended, again) == [("correction", ["甲(北京)"])]
    assert kinds_of(again, told) == [("acknowledgement", ["甲（北京）"])]
    assert kinds_of(again, row("repeat", {"units": [unit("甲（北京）")]}, id=4)) == [("repeat", ["甲（北京）"])]


def test_other_kinds_keep_a_part_each_after_the_units() -> None:
    parts = merging.parts(
        [
            row("unreadable", {"subject": "一", "files": [{"name": "a"}]}, id=1),
            row("received", {"subject": "二", "files": ["b"]}, id=2),
            row("unreadable", {"subject": "三", "files": [{"name": "a"}, {"name": "c"}]}, id=3),
            row("acknowledgement", {"units": [unit()]}, id=4),
        ]
    )
    assert [part.kind for part in parts] == ["acknowledgement", "unreadable", "received"]
    assert parts[1].facts == {"subject": "", "files": [{"name": "a"}, {"name": "c"}]}


@pytest.mark.parametrize(
    ("kind", "raw", "joins"),
    [("received", None, True), ("late", None, True), ("late", b"x", False), ("digest", None, False),
     ("circular", None, True), ("question", None, True), ("reminder", None, True), ("reminder", b"x", False)],
)  # fmt: skip
def test_only_untried_answers_join(kind: str, raw: bytes | None, joins: bool) -> None:
    assert merging.may_join(row(kind, {}, raw=raw)) is joins


@pytest.mark.parametrize(
    ("one", "other", "joins"),
    [
        (("late", {}), ("received", {}), True),
        (("reminder", {"deadline": "a"}), ("reminder", {"deadline": "a"}), True),
        (("reminder", {"deadline": "a"}), ("reminder", {"deadline": "b"}), False),
        (("reminder", {}), ("acknowledgement", {}), False),
        (("reminder", {}), ("circular", {}), False),
    ],
)
def test_what_nobody_asked_for_joins_its_own_kind_alone(
    one: tuple[str, dict[str, Any]], other: tuple[str, dict[str, Any]], joins: bool
) -> None:
    assert merging.join(row(*one), row(*other)) is joins
    assert merging.join(row(*other), row(*one)) is joins


def test_the_header_is_the_one_that_the_classifier_knows() -> None:
    from outbox_office import letters, parsed

    from intake.classify.mail_signs import OWN_HEADER, REFERENCE

    mail = parsed(letters().compose(row("received", {}), now=NOW))
    assert mail[OWN_HEADER] == "received"
    found = REFERENCE.search(mail["Subject"])
    assert found is not None
    assert found[1] == "K7M4Q2"
