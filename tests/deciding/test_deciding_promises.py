"""What must hold for every mail, whatever it says and whatever is known."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from deciding_builders import (
    CAMPAIGN,
    IN_TIME,
    KEY,
    OTHER,
    ROSTER,
    SENDER,
    UNIT,
    at,
    decided,
    earlier,
    fault,
    form,
    reading,
    short,
    unit,
)
from hypothesis import given
from hypothesis import strategies as st

from intake.contents import Bounce, Reading
from intake.deciding import decide, decide_unread
from intake.deciding.consent import is_plain_yes
from intake.deciding.incoming import NO_LETTERS
from intake.deciding.rules import RULES
from intake.deciding.saying import letter_key
from intake.known import Known, LetterKnown, UnitKnown
from intake.outcome import Outcome
from intake.raw_mail import Arrival
from intake.verdict import Signs, Ties

SILENT = NO_LETTERS | {"courtesy", "unrelated"}

forms = st.lists(
    st.builds(
        form,
        st.sampled_from(["yes", "no", "blank", "unclear"]),
        st.sampled_from(["yes", "no", "blank", "unclear", "claim"]),
        unit=st.sampled_from([UNIT, "示例乙公司", ""]),
        contact=st.sampled_from(["", "示例"]),
        drawn=st.booleans(),
        campaign=st.sampled_from(["cipoa-2016", "cipoa-2016", "other-2017"]),
    ),
    max_size=3,
)
signs = st.builds(
    Signs,
    own=st.booleans(),
    bounce=st.booleans(),
    auto_reply=st.booleans(),
    mailing_list=st.booleans(),
    read_receipt=st.booleans(),
    recall=st.booleans(),
    blank_forms=st.integers(0, 1),
    form_like=st.booleans(),
    cloud_link=st.sampled_from(["", "QQ邮箱超大附件"]),
    words=st.sampled_from([(), ("意向书",)]),
    courtesy=st.booleans(),
    question=st.booleans(),
    sentence=st.sampled_from(["", "我单位同意加入", "我单位要求撤回"]),
)
quiet_signs = st.just(Signs()) | signs


@st.composite
def mails(draw: st.DrawFn) -> tuple[Reading, Known]:
    from dataclasses import replace

    found = draw(forms)
    mail = reading(
        *found,
        sender=draw(st.sampled_from([SENDER, OTHER, ROSTER, "noreply@unit.example.cn", ""])),
        reply_to=draw(st.sampled_from([(), ("b@unit.example.cn",), ("x@evil.example.net",), ("r@roster.example.cn",)])),
        signs=replace(draw(quiet_signs), forms=len(found)),
        faults=draw(st.sampled_from([(), (fault(),), (fault("no-ocr", "a.jpg"), fault("no-ocr", "b.jpg"))])),
        bounce=draw(st.sampled_from([None, Bounce("<x@y>")])),
    )
    knows = Known(
        ties=Ties(own=draw(st.booleans()), staff=draw(st.booleans()), known_sender=draw(st.booleans())),
        protected=draw(st.sampled_from([False, False, True])),
        copy=draw(st.sampled_from([False, False, True])),
        repeat=draw(st.booleans()),
        repeat_units=draw(st.sampled_from([(), (UNIT,)])),
        repeats_thanked_today=draw(st.integers(0, 1)),
        told_today=draw(st.integers(0, 1)),
        told_in_campaign=draw(st.integers(0, 3)),
        units=tuple(draw(units_known) for _ in found),
        earlier=tuple(draw(stands) for _ in found),
        letters=draw(st.sampled_from([(), (LetterKnown(1, "acknowledgement", SENDER, 1),)])),
        reply_to_on_roster=draw(st.sampled_from([(), ("r@roster.example.cn",)])),
        roster_loaded=draw(st.booleans()),
        backlog=draw(st.booleans()),
        folder_is_junk=draw(st.booleans()),
    )
    return mail, knows


units_known = st.sampled_from(
    [
        UnitKnown(),
        UnitKnown(near=("示例甲",)),
        unit(),
        unit(member=True, on_roster=True, roster_addresses=(ROSTER,)),
        unit(member=False, on_roster=True),
    ]
)
stands = st.none() | st.builds(
    earlier,
    st.sampled_from(["yes", "no", "blank", "unclear"]),
    sender=st.sampled_from([SENDER, OTHER]),
    received_at=st.sampled_from([at("11-20"), at("12-10")]),
    lateness=st.sampled_from(["in time", "late", "disputed"]),
    decided=st.sampled_from([frozenset(), frozenset({"join"})]),
    asked=st.sampled_from([frozenset(), frozenset({"join"}), frozenset({"contact"})]),
    asked_due=st.sampled_from([None, at("12-05")]),
    original_in_time=st.booleans(),
    same_mail=st.booleans(),
)
times = st.sampled_from([at("11-25"), at("12-02", "16:59:59"), at("12-02", "17:00:01"), at("12-04"), at("12-20")])


@given(mails(), times, st.none() | times)
def test_promises(mail: tuple[Reading, Known], arrived: datetime, top: datetime | None) -> None:
    said, knows = mail
    outcome = decided(said, knows, arrived=arrived, top=top)
    assert len(outcome.letters) <= 1
    _goes_to_the_sender(outcome, said, knows)
    _is_silent_where_it_must_be(outcome, said, knows)
    _points_into_itself(outcome)
    for draft in outcome.submissions:
        assert draft.standing or not draft.asked
        assert bool(draft.asked) is (draft.asked_due is not None)
        assert not draft.asked or outcome.letters


def _goes_to_the_sender(outcome: Outcome, said: Reading, knows: Known) -> None:
    allowed = {said.sender.email, "b@unit.example.cn" if said.sender.email.endswith("@unit.example.cn") else ""}
    allowed |= set(knows.reply_to_on_roster)
    for letter in outcome.letters:
        assert letter.recipient in allowed - {""}
        assert not letter.recipient.startswith("noreply")
        assert letter.key == letter_key("cipoa-2016", KEY, letter.kind)


def _is_silent_where_it_must_be(outcome: Outcome, said: Reading, knows: Known) -> None:
    kind = outcome.verdict.kind
    if kind in SILENT or knows.protected or knows.copy or (knows.folder_is_junk and kind != "form"):
        assert not outcome.letters
    if knows.copy or kind in ("own", "auto-reply", "list", "receipt"):
        assert not outcome.submissions
        assert not outcome.held or (kind in ("auto-reply", "list") and said.forms and not knows.copy)
    if knows.protected and kind not in NO_LETTERS and not knows.copy:
        assert outcome.held[-1].reason == "protected"


def _points_into_itself(outcome: Outcome) -> None:
    for item in outcome.held:
        assert item.submission is None or item.submission < len(outcome.submissions)
        assert item.sentence.endswith("。")
    for letter in outcome.letters:
        assert all(outcome.submissions[index].standing for index in letter.submissions)
        units: object = letter.facts.get("units", [])
        assert isinstance(units, list)
        names = [outcome.submissions[index].unit for index in letter.submissions]
        assert [each["unit"] for each in units][: len(names)] == names
        if letter.kind == "received":
            assert not units


@given(mails(), times)
def test_another_address_never_changes_or_sees_what_stands(mail: tuple[Reading, Known], arrived: datetime) -> None:
    said, knows = mail
    outcome = decided(said, knows, arrived=arrived)
    foreign = {
        known.submission_id
        for known, of in zip(knows.earlier, knows.units, strict=True)
        if known and said.sender.email not in (known.sender, *of.roster_addresses)
    }
    allowed = {
        known.submission_id
        for known, of in zip(knows.earlier, knows.units, strict=True)
        if known and said.sender.email in (known.sender, *of.roster_addresses)
    }
    if foreign and not allowed:
        assert not [draft for draft in outcome.submissions if draft.standing and draft.replaces in foreign]
        assert not [unit for letter in outcome.letters for unit in _units(letter.facts) if unit["receipt"]]


def _units(letter_facts: object) -> list[dict[str, object]]:
    assert isinstance(letter_facts, dict)
    found = letter_facts.get("units", [])
    assert isinstance(found, list)
    return found


def test_every_kind_has_a_rule() -> None:
    from typing import get_args

    from intake.kinds import Kind

    assert set(RULES) == set(get_args(Kind))


def test_naive_times_are_refused() -> None:
    with pytest.raises(ValueError, match="naive"):
        decide(
            reading(form()),
            Known(),
            CAMPAIGN,
            datetime(2016, 12, 1),  # noqa: DTZ001 - naive on purpose
            Arrival(KEY, IN_TIME),
        )


# ---- mails whose content was not read ---------------------------------------------------------


def unread(code: str, head: Reading, knows: Known | None = None, now: datetime = IN_TIME) -> Outcome:
    return decide_unread(
        code,
        head,
        knows or Known(),
        CAMPAIGN,
        now,
        Arrival(KEY, IN_TIME),
    )


@pytest.mark.parametrize(
    ("code", "head", "knows", "expected"),
    [
        ("oversized", reading(), Known(), " | unreadable | oversized"),
        ("timeout", reading(), Known(), " | unreadable | unreadable"),
        ("memory", reading(), Known(), " | unreadable | unreadable"),
        ("internal", reading(), Known(), " | unreadable | internal"),
        ("never heard of", reading(), Known(), " | unreadable | internal"),
        ("timeout", reading(sender=""), Known(), " |  | unreadable"),
        ("oversized", reading(), Known(told_today=1), " |  | oversized"),
        ("oversized", reading(), Known(folder_is_junk=True), " |  | oversized"),
        ("oversized", reading(), Known(ties=Ties(staff=True)), " |  | oversized"),
        ("oversized", reading(signs=Signs(auto_reply=True)), Known(), " |  | oversized"),
        ("oversized", reading(), Known(protected=True), " |  | protected"),
        ("oversized", reading(), Known(repeat=True, copy=True), " | unreadable | oversized"),
    ],
)
def test_unread(code: str, head: Reading, knows: Known, expected: str) -> None:
    assert short(unread(code, head, knows)) == expected


def test_an_oversized_mail_is_asked_for_in_a_smaller_file() -> None:
    (letter,) = unread("oversized", reading()).letters
    (file,) = letter.facts["files"]  # type: ignore[misc]
    assert file["code"] == "too-large"  # type: ignore[index]


def test_after_the_campaign_nothing_is_sent() -> None:
    outcome = unread("timeout", reading(), now=CAMPAIGN.letters_until + timedelta(days=1))
    assert short(outcome) == " |  | unreadable"


@pytest.mark.parametrize(
    ("sentence", "plain"),
    [
        ("我单位同意加入首都知识产权运营联盟。", True),
        ("我公司愿意参加联盟", True),
        ("本所自愿申请加入联盟", True),
        ("我单位决定成为联盟成员", True),
        ("我公司加入联盟", True),
        ("我单位 同意。", True),
        ("我单位同意章程草案", False),
        ("我单位不同意加入", False),
        ("我单位暂不加入", False),
        ("如果不收费，我单位愿意加入", False),
        ("是否愿意加入，请告知", False),
        ("同意加入，但需领导审批", False),
        ("我单位申请延期一周提交", False),
        ("要求撤回加入联盟的申请", False),
        ("你们同意加入吗？", False),
        ("", False),
    ],
)
def test_plain_yes(sentence: str, plain: bool) -> None:
    assert is_plain_yes(sentence) is plain
