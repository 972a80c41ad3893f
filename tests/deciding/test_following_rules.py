"""The pure rules of what is owed: dates by reason, the next step, stages, statuses, and what reckoning anew changes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from conversations.office_in_memory import at
from deciding_builders import CAMPAIGN
from hypothesis import given
from hypothesis import strategies as st

from intake.chasing import Pending, horizon, next_step
from intake.errors import WrongConfiguration
from intake.followups import RULES, Rule, due_by, parse_rules
from intake.recomputing import Recorded, Times, due_now, lateness_now
from intake.stages import Material, Stage, materials, meant, named_in, parse_stages, reasons
from intake.standing import JOINED, NEEDS, STARTS, TRANSITIONS, WORDS, follows, refusal, status_of
from intake.workdays import Calendar
from scheduler import asking
from scheduler.duties import Duties
from storage.chasing import Open

PLAIN = Calendar()
ASKED, DUE = at("11-21 09:00"), at("11-24 17:00")


# ---- dates ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reason", "start", "due"),
    [
        ("missing", "11-21 09:00", "11-24 17:00"),
        ("unclear", "12-02 23:59:59", "12-07 17:00"),  # a weekend between
        ("material", "12-05 09:00", "12-19 17:00"),
        ("review", "12-05 09:00", "12-19 17:00"),
        ("withdrawal", "12-05 09:00", "2017-01-04 17:00"),  # calendar days
        ("warning", "12-05 09:00", "2017-02-03 17:00"),
        ("re-application", "12-05 09:00", "2018-12-05 17:00"),
        ("re-application", "2016-02-29 09:00", "2018-02-28 17:00"),
        ("missing", "2017-01-26 09:00", "2017-02-06 17:00"),  # over the Spring Festival, a Saturday worked
    ],
)
def test_every_reason_has_its_date(reason: str, start: str, due: str) -> None:
    assert due_by(RULES[reason], at(start), PLAIN) == at(due)


@pytest.mark.parametrize("rule", RULES.values())
def test_naive_times_are_refused(rule: Rule) -> None:
    with pytest.raises(ValueError, match="naive"):
        due_by(rule, datetime(2016, 12, 2), PLAIN)  # noqa: DTZ001 - naive on purpose


def test_a_campaign_may_change_the_table() -> None:
    rules = parse_rules({"workdays": 5, "material": {"days": 20}, "re-application": {"years": 1}})
    assert (rules["missing"].count, rules["unclear"].count) == (5, 5)
    assert (rules["material"].count, rules["material"].per) == (20, "days")
    assert rules["withdrawal"] == RULES["withdrawal"]


@pytest.mark.parametrize(
    ("data", "named"),
    [
        ({"workdays": 0}, "workdays"),
        ({"workdays": True}, "workdays"),
        ({"material": 10}, "material"),
        ({"material": {"weeks": 2}}, "material"),
        ({"material": {"days": 2, "years": 1}}, "material"),
        ({"material": {"days": "2"}}, "material"),
        ({"materials": {"days": 2}}, "materials"),
    ],
)
def test_a_wrong_rule_names_its_key(data: dict[str, Any], named: str) -> None:
    with pytest.raises(WrongConfiguration) as wrong:
        parse_rules(data)
    assert named in wrong.value.sentence


# ---- the next step ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "changes", "step"),
    [
        ("11-23 09:59", {}, ""),
        ("11-23 10:00", {}, "before"),
        ("11-23 10:00", {"done": {"before"}}, ""),
        ("11-24 16:59", {}, "before"),
        ("11-24 17:00", {}, ""),
        ("11-25 09:59", {"done": {"before"}}, ""),
        ("11-25 10:00", {"done": {"before"}}, "after"),
        ("11-25 10:00", {"done": {"before", "after"}}, ""),
        ("11-28 09:59", {"done": {"before", "after"}}, ""),
        ("11-28 10:00", {"done": {"before", "after"}}, "person"),
        ("11-28 10:00", {}, "person"),  # days that were missed are not made up for
        ("12-30 10:00", {"done": {"person"}}, ""),
        ("11-23 10:00", {"answering": True}, ""),
        ("12-30 10:00", {"answering": True}, ""),
        ("11-23 10:00", {"by_hand": True}, ""),  # a person has written: no reminders, but the end stays
        ("11-25 10:00", {"by_hand": True}, ""),
        ("11-28 10:00", {"by_hand": True}, "person"),
        ("11-23 10:00", {"reachable": False}, ""),
        ("11-24 17:00", {"reachable": False}, "person"),
        ("11-23 10:00", {"asked_at": at("11-23 11:00")}, ""),  # asked later than the reminder would have gone
    ],
)
def test_a_question_that_was_asked(now: str, changes: dict[str, Any], step: str) -> None:
    case = {"rule": RULES["missing"], "asked_at": ASKED, "due_at": DUE} | changes
    case["done"] = frozenset(case.get("done", ()))
    assert next_step(Pending(**case), at(now), PLAIN) == step


@pytest.mark.parametrize(
    ("changes", "step"),
    [
        ({"asking": False}, "ask"),
        ({"asking": True, "waits": True}, ""),
        ({"asking": False, "waits": True}, ""),  # another letter goes first
        ({"asking": False, "reachable": False}, "person"),
        ({"asking": True}, "person"),  # its letter came to nothing
        ({"asking": False, "done": frozenset({"ask"})}, "person"),
        ({"asking": False, "done": frozenset({"person"})}, ""),
    ],
)
def test_a_question_that_was_not_asked_yet(changes: dict[str, Any], step: str) -> None:
    assert next_step(Pending(RULES["material"], None, None, **changes), at("12-05 10:00"), PLAIN) == step


def test_a_term_is_only_told_to_the_secretariat() -> None:
    case = Pending(RULES["withdrawal"], ASKED, at("12-21 17:00"))
    assert [next_step(case, at(when), PLAIN) for when in ("12-20 10:00", "12-21 16:59", "12-21 17:00")] == [
        "",
        "",
        "person",
    ]


@given(st.integers(0, 40 * 24 * 60), st.sets(st.sampled_from(["before", "after"])))
def test_no_step_is_taken_twice_and_the_secretariat_hears_in_the_end(minutes: int, done: set[str]) -> None:
    now = ASKED + timedelta(minutes=minutes)
    step = next_step(Pending(RULES["missing"], ASKED, DUE, frozenset(done)), now, PLAIN)
    assert step not in done
    assert (step == "person") == (now >= at("11-28 10:00"))


@given(st.integers(0, 60 * 24 * 60), st.integers(0, 60 * 24 * 60), st.sets(st.sampled_from(["before", "after"])),
       st.booleans(), st.booleans(), st.booleans())  # fmt: skip
def test_what_is_due_after_the_horizon_has_no_step(
    minutes: int, later: int, done: set[str], reachable: bool, answering: bool, by_hand: bool
) -> None:
    """Over the new year and the Spring Festival, whatever else is known of it."""
    now = at("12-19 09:00") + timedelta(minutes=minutes)
    due_at = horizon(now, PLAIN) + timedelta(minutes=later + 1)
    case = Pending(
        RULES["missing"], ASKED, due_at, frozenset(done), reachable=reachable, answering=answering, by_hand=by_hand
    )
    assert next_step(case, now, PLAIN) == ""


@pytest.mark.parametrize(
    ("now", "due", "step"),
    [("11-23 10:00", "11-24 17:00", "before"), ("11-25 10:00", "11-28 17:00", "before")],  # over a weekend
)
def test_the_horizon_leaves_out_no_step(now: str, due: str, step: str) -> None:
    assert at(due) <= horizon(at(now), PLAIN)
    assert next_step(Pending(RULES["missing"], ASKED, at(due)), at(now), PLAIN) == step


# ---- stages -----------------------------------------------------------------------------------

FORM = Material("form", "入盟申请表", ("申请表", "申请书"))
LICENCE = Material("licence", "营业执照复印件", ("营业执照",))
STAGES = (Stage("一"), Stage("二", ("material", "review"), (FORM, LICENCE)), Stage("三", ("warning",)))


def test_only_what_is_open_asks() -> None:
    assert materials(STAGES, ["一"]) == ()
    assert materials(STAGES, ["一", "二"]) == (FORM, LICENCE)
    assert reasons(STAGES, ["二", "三"]) == {"material", "review", "warning"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("甲公司入盟申请表（盖章）.pdf", [FORM]),
        ("申 请 书.docx", [FORM]),
        ("营业执照和申请表.zip", [FORM, LICENCE]),
        ("扫描件001.pdf", []),
        ("", []),
    ],
)
def test_a_file_says_what_it_is_or_not(text: str, found: list[Material]) -> None:
    assert list(named_in(text, (FORM, LICENCE))) == found


@pytest.mark.parametrize(
    ("word", "found"), [("form", [FORM]), ("申请表", [FORM]), ("执照", [LICENCE]), ("章程", []), ("", [])]
)
def test_what_a_person_calls_it(word: str, found: list[Material]) -> None:
    assert list(meant(word, (FORM, LICENCE))) == found


@pytest.mark.parametrize(
    ("data", "named"),
    [
        ({}, "[[stages]]"),
        ([{"reasons": []}], "name"),
        ([{"name": "一", "asks": []}], "asks"),
        ([{"name": "一", "reasons": ["tea"]}], "tea"),
        ([{"name": "一", "reasons": "material"}], "reasons"),
        ([{"name": "一"}, {"name": "一"}], "阶段名称重复"),
        ([{"name": "一", "materials": [{"id": "a"}]}], "label"),
        ([{"name": "一", "materials": [{"id": "a", "label": "甲"}, {"id": "a", "label": "乙"}]}], "id 重复"),
        ([{"name": "一", "materials": {"id": "a"}}], "materials"),
        (["一"], "name"),
    ],
)
def test_a_wrong_stage_names_what_is_wrong(data: Any, named: str) -> None:
    with pytest.raises(WrongConfiguration) as wrong:
        parse_stages(data, RULES)
    assert named in wrong.value.sentence


# ---- what a letter says of it ---------------------------------------------------------------


@pytest.mark.parametrize(("now", "overdue"), [(DUE, False), (DUE + timedelta(seconds=1), True)])
def test_what_is_owed_is_not_overdue_at_the_very_moment_that_is_due(now: datetime, overdue: bool) -> None:
    owed = Open(
        id=1, campaign=CAMPAIGN.id, unit_id=1, unit_name="示例大学", mode="auto", salutation="", reason="missing",
        awaits="contact", state="open", asked_at=ASKED, due_at=DUE, letter_id=1, letter_state="sent",
        recipient="a@example.com", receipt="482913", done=frozenset(), answered_at=None, hears=False,
    )  # fmt: skip
    facts: Any = asking.facts(Duties(CAMPAIGN, RULES, ()), PLAIN, [owed], now)
    assert [one["overdue"] for one in facts["units"][0]["owes"]] == [overdue]


# ---- statuses ---------------------------------------------------------------------------------

EVERYTHING = frozenset(RULES)


@pytest.mark.parametrize("old", TRANSITIONS)
@pytest.mark.parametrize("new", WORDS)
def test_the_table_alone_says_what_follows_what(old: str, new: str) -> None:
    assert (refusal(old, new, EVERYTHING, None, ASKED) == "") is (new in TRANSITIONS[old])


@pytest.mark.parametrize("new", NEEDS)
def test_a_status_of_a_stage_waits_for_its_stage(new: str) -> None:
    old = next(old for old, allowed in TRANSITIONS.items() if new in allowed)
    assert "尚未开启" in refusal(old, new, frozenset(), None, ASKED)


def test_every_status_is_spoken_of_and_every_follow_up_of_one_has_a_rule() -> None:
    assert set(WORDS) == set(TRANSITIONS) - {""}
    assert set(NEEDS.values()) | set(STARTS.values()) <= set(RULES)
    assert {status_of(word) for word in WORDS.values()} == set(WORDS)
    assert (status_of("Member "), status_of("贵宾")) == ("member", "")


def test_a_removed_unit_waits_for_its_term() -> None:
    assert "2016年11月24日" in refusal("removed", "applied", EVERYTHING, DUE, ASKED)
    assert refusal("removed", "applied", EVERYTHING, DUE, DUE) == ""


@pytest.mark.parametrize("current", TRANSITIONS)
@pytest.mark.parametrize("intent", ["intends", "declined", ""])
def test_a_submission_moves_a_unit_only_before_it_applies(current: str, intent: str) -> None:
    status = follows(current, intent)
    assert status in ("", intent)
    if status:
        assert status in TRANSITIONS[current]
    if current in JOINED or current in ("applied", "under review", "withdrawn", "removed") or intent == "":
        assert status == ""


# ---- reckoning anew ---------------------------------------------------------------------------

DEADLINE, LATER = at("12-02 17:00"), at("12-06 17:00")


def times(when: str) -> Times:
    return Times(at(when), None)


@pytest.mark.parametrize(
    ("own", "first", "stands", "corrects", "by", "now"),
    [
        ("12-02 18:00", "12-02 18:00", "late", False, LATER, "in time"),
        ("12-07 18:00", "12-07 18:00", "late", False, LATER, "late"),
        ("12-02 16:00", "12-02 16:00", "in time", False, at("12-01 17:00"), "late"),
        ("12-05 09:00", "12-01 09:00", "in time", True, DEADLINE, "in time"),  # completed what we asked for
        ("12-05 09:00", "12-01 09:00", "late", True, DEADLINE, "late"),
        ("12-05 09:00", "12-03 09:00", "in time", True, DEADLINE, "late"),
    ],
)
def test_lateness_anew(own: str, first: str, stands: Any, corrects: bool, by: datetime, now: str) -> None:
    assert lateness_now(Recorded(times(own), times(first), stands, corrects), by) == now


def test_a_date_that_a_unit_was_told_is_never_brought_forward() -> None:
    longer, shorter = parse_rules({"workdays": 5}), parse_rules({"workdays": 1})
    assert due_now(longer["missing"], ASKED, DUE, PLAIN) == at("11-28 17:00")
    assert due_now(shorter["missing"], ASKED, DUE, PLAIN) == DUE
