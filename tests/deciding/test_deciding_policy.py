"""The policy, one row a sentence: a mail, what is known, and what shall be done about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from deciding_builders import (
    CAMPAIGN,
    IN_TIME,
    LATE,
    OTHER,
    ROSTER,
    SENDER,
    UNIT,
    at,
    choices,
    decided,
    earlier,
    facts,
    fault,
    form,
    reading,
    short,
    unit,
    values,
)

from intake.answers import Problem
from intake.contents import Bounce, FileSeen, Reading
from intake.known import Known, LetterKnown, UnitKnown
from intake.outcome import Outcome
from intake.verdict import Signs, Ties

NEW, MEMBER, NOT_MEMBER = UnitKnown(), unit(member=True, on_roster=True), unit(member=False, on_roster=True)
ASKED = {"asked": frozenset({"office_phone"}), "asked_due": at("12-05", "17:00:00")}
WITHOUT_PHONE = {"office_phone": "", "mobile": ""}


def known(*of: UnitKnown, stands: object = None, **more: object) -> Known:
    units = of or (NEW,)
    before = stands if isinstance(stands, tuple) else (stands,) * len(units)
    return Known(units=units, earlier=before, **more)  # type: ignore[arg-type]


def again(new: object, stands: object, sender: str = SENDER, of: UnitKnown | None = None, **more: object) -> Outcome:
    """A form of a unit that has a standing submission."""
    arrived = more.pop("arrived", IN_TIME)
    mail = reading(new, sender=sender)  # type: ignore[arg-type]
    return decided(mail, known(of or unit(), stands=stands, **more), arrived=arrived)  # type: ignore[arg-type]


def first(*forms: object, of: UnitKnown = NEW, **more: object) -> Outcome:
    arrived, top = more.pop("arrived", IN_TIME), more.pop("top", None)
    mail = reading(*forms)  # type: ignore[arg-type]
    return decided(mail, known(*((of,) * len(forms)), **more), arrived=arrived, top=top)  # type: ignore[arg-type]


WHEN_RECEIVED = [
    ("at the deadline is in time", lambda: first(form(), arrived=CAMPAIGN.deadline), "+yes/no | acknowledgement | "),
    (
        "a second later is late: recorded, flagged, answered by the late letter",
        lambda: first(form(), arrived=CAMPAIGN.deadline + timedelta(seconds=1)),
        "+yes/no late | late | ",
    ),
    (
        "the earlier of both times counts",
        lambda: first(form(), arrived=at("12-02", "16:59:00"), top=at("12-02", "16:00:00")),
        "+yes/no | acknowledgement | ",
    ),
    (
        "times on different sides of the deadline are disputed, a person decides",
        lambda: first(form(), arrived=at("12-02", "17:01:00"), top=at("12-02", "16:59:59")),
        "+yes/no disputed | received | disputed",
    ),
    (
        "a disputed form asks nothing before a person has decided",
        lambda: first(form(**WITHOUT_PHONE), arrived=at("12-02", "17:01:00"), top=at("12-02", "16:59:59")),
        "+yes/no disputed | received | disputed",
    ),
    (
        "a late form is asked for what is missing like any other",
        lambda: first(form(contact=""), arrived=LATE),
        "+yes/no late asks contact | late | ",
    ),
    (
        "a correction that we asked for is in time if it came by its due date",
        lambda: again(form(), earlier(values_=values(**WITHOUT_PHONE), **ASKED), arrived=at("12-05", "17:00:00")),
        "+yes/no | correction | ",
    ),
    (
        "after its due date it waits for a person",
        lambda: again(form(), earlier(values_=values(**WITHOUT_PHONE), **ASKED), arrived=at("12-05", "17:00:01")),
        "?yes/no late | received | late-change",
    ),
    (
        "a correction that we asked for of a late form is late",
        lambda: again(
            form(),
            earlier(values_=values(**WITHOUT_PHONE), lateness="late", original_in_time=False, **ASKED),
            arrived=LATE,
        ),
        "+yes/no late | correction | ",
    ),
    (
        "an unclear choice that we asked for may be settled after the deadline",
        lambda: again(
            form(),
            earlier("unclear", asked=frozenset({"join"}), asked_due=at("12-05")),
            arrived=LATE,
        ),
        "+yes/no | correction | ",
    ),
    (
        "a late change of mind is held",
        lambda: again(form("no"), earlier(), arrived=LATE),
        "?no/no late | received | late-change",
    ),
    (
        "a change that came by one clock in time and by the other late is held as disputed",
        lambda: decided(
            reading(form("no")),
            known(unit(), stands=earlier()),
            arrived=at("12-02", "17:01:00"),
            top=at("12-02", "16:59:59"),
        ),
        "?no/no disputed | received | disputed",
    ),
    (
        "an answer to our question stands even where a change of mind came with it, and that waits",
        lambda: again(form("no"), earlier(values_=values(**WITHOUT_PHONE), **ASKED), arrived=LATE),
        "+yes/no, ?no/no late | correction | late-change",
    ),
    (
        "the same form again after the deadline changes nothing",
        lambda: again(form(), earlier(), arrived=LATE),
        " | repeat | ",
    ),
    (
        "an older mail that comes to light later replaces nothing",
        lambda: again(form("no"), earlier(received_at=at("11-26"))),
        " | repeat | ",
    ),
    (
        "an older mail in time saves a unit whose same form was late",
        lambda: again(form(), earlier(received_at=LATE, lateness="late", original_in_time=False)),
        "+yes/no | acknowledgement | ",
    ),
    (
        "an older mail in time that differs from a late form is shown to a person",
        lambda: again(form("no"), earlier(received_at=LATE, lateness="late", original_in_time=False)),
        "?yes/no | received | late-change",
    ),
    (
        "a mail of before the register was made has its letter drafted as usual",
        lambda: first(form(), backlog=True),
        "+yes/no | acknowledgement | ",
    ),
]

IDENTITY = [
    ("a copy gets no letter and no row", lambda: first(form(), copy=True), " |  | "),
    (
        "a repeat is thanked and not recorded again",
        lambda: again(form(), earlier(), repeat=True, repeat_units=(UNIT,)),
        " | repeat | ",
    ),
    (
        "a repeat is thanked once a day at most",
        lambda: again(form(), earlier(), repeat=True, repeat_units=(UNIT,), repeats_thanked_today=1),
        " |  | ",
    ),
    (
        "the same answers in another mail are thanked once a day at most too",
        lambda: again(form(), earlier(), repeats_thanked_today=1),
        " |  | ",
    ),
    (
        "a repeat of what has been changed since is shown to a person",
        lambda: again(form("yes"), earlier("no"), repeat=True, repeat_units=(UNIT,)),
        "?yes/no | received | unclear",
    ),
    (
        "a repeat that waits for a person already is not answered again",
        lambda: again(form("no"), earlier(), sender=OTHER, repeat=True, repeat_units=(UNIT,)),
        " |  | ",
    ),
    (
        "a repeat of a mail of which nothing was recorded is read like a first",
        lambda: first(form(), repeat=True),
        "+yes/no | acknowledgement | ",
    ),
    (
        "a mail read again after a person's word sends its first letter",
        lambda: again(form(), earlier(same_mail=True, received_at=IN_TIME)),
        "+yes/no | acknowledgement | ",
    ),
    (
        "a mail read again never changes what a person decided",
        lambda: again(form("no"), earlier(same_mail=True, received_at=IN_TIME, decided=frozenset({"join"}))),
        "+yes/no | acknowledgement | ",
    ),
]

SEVERAL_FILES = [
    (
        "a Word file and its sealed scan are one submission",
        lambda: first(form(), form(source="盖章.pdf", drawn=True), of=unit()),
        "+yes/no | acknowledgement | ",
    ),
    (
        "where one states and the other is blank, the stated value counts",
        lambda: first(form("blank", "blank"), form(source="二.docx")),
        "+yes/no | acknowledgement | ",
    ),
    (
        "where two definite choices differ, unclear: asked and shown",
        lambda: first(form(), form("no", source="二.docx")),
        "+unclear/no asks join | acknowledgement | unclear",
    ),
    (
        "a scan that follows in another mail is noted",
        lambda: again(form(source="扫描.pdf", drawn=True), earlier()),
        "+yes/no | repeat | ",
    ),
    (
        "several units in one mail: a submission each, one letter",
        lambda: first(form(), form("no", unit="示例乙律师事务所", source="二.docx")),
        "+yes/no, +no/no | acknowledgement | ",
    ),
    (
        "answers typed inside a quoted form count",
        lambda: first(form(source="邮件正文", quoted=True)),
        "+yes/no | acknowledgement | ",
    ),
    (
        "a scan that cannot be read here is the sealed copy of the form beside it",
        lambda: decided(reading(form(), faults=(fault("no-ocr", "意向书.jpg"),)), known()),
        "+yes/no | acknowledgement | ",
    ),
    (
        "so is a pdf of a kind that has no reader yet",
        lambda: decided(reading(form(), faults=(fault("unsupported", "盖章件.pdf"),)), known()),
        "+yes/no | acknowledgement | ",
    ),
    (
        "any other file that cannot be read is shown to a person beside the form",
        lambda: decided(reading(form(), faults=(fault("encrypted", "二.docx"),)), known()),
        "+yes/no | acknowledgement | unreadable",
    ),
]

UNITS = [
    (
        "a near name is proposed, never merged alone",
        lambda: first(form(), of=UnitKnown(near=("示例甲科技公司",))),
        "?yes/no | received | near-name",
    ),
    (
        "a name that matches exactly needs no proposal, whatever else is near",
        lambda: first(form(), of=unit(near=("示例甲科技公司",))),
        "+yes/no | acknowledgement | ",
    ),
    ("a form without a unit cannot be attributed", lambda: first(form(unit="")), " | received | no-unit"),
    (
        "a form without a name beside the only unit's form goes with it",
        lambda: first(form(), form("blank", "blank", unit="", source="盖章.jpg", drawn=True)),
        "+yes/no | acknowledgement | ",
    ),
    (
        "unless it says something else",
        lambda: first(form(), form("no", unit="", source="二.docx")),
        "+yes/no | acknowledgement | no-unit",
    ),
    (
        "one unit of a mail may stand while another waits",
        lambda: decided(
            reading(form(), form(unit="示例乙公司", source="二.docx")), known(unit(), UnitKnown(near=("示例乙",)))
        ),
        "+yes/no, ?yes/no | acknowledgement | near-name",
    ),
    (
        "a form of another campaign that is not ours is shown to a person",
        lambda: first(form(campaign="other-2017")),
        " | received | internal",
    ),
]

WHO_MAY_CHANGE = [
    ("the same address replaces", lambda: again(form("no"), earlier()), "+no/no | correction | "),
    (
        "an address of another case of letters is the same address",
        lambda: again(form("no"), earlier(), sender="A@Unit.Example.cn"),
        "+no/no | correction | ",
    ),
    (
        "the unit's roster address replaces",
        lambda: again(form("no"), earlier(), sender=ROSTER, of=unit(roster_addresses=(ROSTER,))),
        "+no/no | correction | ",
    ),
    (
        "any other address replaces nothing: held with both versions",
        lambda: again(form("no"), earlier(), sender=OTHER),
        "?no/no | received | other-sender",
    ),
    (
        "even where it agrees",
        lambda: again(form(), earlier(), sender=OTHER),
        "?yes/no | received | other-sender",
    ),
    (
        "blank never replaces",
        lambda: again(form("blank", "blank", mobile="13800000001"), earlier()),
        "+yes/no | correction | ",
    ),
    (
        "unclear never replaces, and a person asks whether a change was meant",
        lambda: again(form("unclear", mobile="13800000001"), earlier()),
        "+yes/no | correction | unclear",
    ),
    (
        "only unclear: nothing changes but a person looks",
        lambda: again(form("unclear"), earlier()),
        "?yes/no | received | unclear",
    ),
    (
        "what a person decided is replaced by a later definite answer of the same sender, and shown",
        lambda: again(form("no"), earlier(decided=frozenset({"join"}))),
        "+no/no | correction | decided-differs",
    ),
    (
        "not by the roster address",
        lambda: again(
            form("no"), earlier(decided=frozenset({"join"})), sender=ROSTER, of=unit(roster_addresses=(ROSTER,))
        ),
        "?yes/no | received | decided-differs",
    ),
    (
        "not by a blank",
        lambda: again(form("blank"), earlier(decided=frozenset({"join"}))),
        " | repeat | ",
    ),
    (
        "before founding a unit that changes its mind is simply recorded so",
        lambda: again(form("yes"), earlier("no")),
        "+yes/no | correction | ",
    ),
]

SECOND_CHOICE = [
    (
        "blank is right for a member",
        lambda: first(form(member="blank"), of=MEMBER, roster_loaded=True),
        ("acknowledgement", 0),
    ),
    ("blank is not mentioned without a roster", lambda: first(form(member="blank")), ("acknowledgement", 0)),
    (
        "otherwise it is mentioned once",
        lambda: first(form(member="blank"), of=NOT_MEMBER, roster_loaded=True),
        ("acknowledgement", 1),
    ),
    (
        "also to a unit that the roster does not know",
        lambda: first(form(member="blank"), roster_loaded=True),
        ("acknowledgement", 1),
    ),
    (
        "but not in a correction",
        lambda: again(form("no", "blank"), earlier("yes", "blank"), of=NOT_MEMBER, roster_loaded=True),
        ("correction", 0),
    ),
    (
        "nor to a unit that declined",
        lambda: first(form("no", "blank"), of=NOT_MEMBER, roster_loaded=True),
        ("acknowledgement", 0),
    ),
    ("an unclear one is mentioned, not asked", lambda: first(form(member="unclear")), ("acknowledgement", 1)),
]

SECOND_CHOICE_HELD = [
    (
        "已是会员 against the roster goes to the secretariat, the unit is not asked",
        lambda: first(form(member="claim"), of=NOT_MEMBER, roster_loaded=True),
        "+yes/blank | acknowledgement | member-claim",
    ),
    (
        "已是会员 as the roster says",
        lambda: first(form(member="claim"), of=MEMBER, roster_loaded=True),
        "+yes/blank | acknowledgement | ",
    ),
    ("已是会员 without a roster", lambda: first(form(member="claim")), "+yes/blank | acknowledgement | "),
    (
        "a member that ticks 否 goes to the secretariat before any letter",
        lambda: first(form(member="no"), of=MEMBER, roster_loaded=True),
        "+yes/no | received | member-no",
    ),
    (
        "also in a correction",
        lambda: again(form(member="no"), earlier(member="blank"), of=MEMBER, roster_loaded=True),
        "+yes/no | received | member-no",
    ),
    (
        "but not again where it is known",
        lambda: again(form(member="no", mobile="13800000001"), earlier(member="no"), of=MEMBER),
        "+yes/no | correction | ",
    ),
    (
        "nor where a person has decided",
        lambda: again(
            form(member="no"), earlier(same_mail=True, received_at=IN_TIME, decided=frozenset({"member"})), of=MEMBER
        ),
        "+yes/no | acknowledgement | ",
    ),
    (
        "an unclear second choice goes to a person and is not chased",
        lambda: first(form(member="unclear")),
        "+yes/unclear | acknowledgement | unclear",
    ),
]

REQUIRED = [
    ("a contact", lambda: first(form(contact="")), "+yes/no asks contact | acknowledgement | "),
    ("one telephone", lambda: first(form(**WITHOUT_PHONE)), "+yes/no asks office_phone | acknowledgement | "),
    ("either telephone will do", lambda: first(form(office_phone="")), "+yes/no | acknowledgement | "),
    ("the first choice", lambda: first(form("blank")), "+blank/no asks join | acknowledgement | "),
    (
        "an unclear first choice is both asked and shown",
        lambda: first(form("unclear")),
        "+unclear/no asks join | acknowledgement | unclear",
    ),
    ("everything else is not asked", lambda: first(form(title="", email="")), "+yes/no | acknowledgement | "),
    (
        "a unit that declined is asked for nothing but its name",
        lambda: first(form("no", contact="", title="", email="", **WITHOUT_PHONE)),
        "+no/no | acknowledgement | ",
    ),
    (
        "what is still missing after a correction is asked on",
        lambda: again(form(contact=""), earlier(values_=values(contact="", **WITHOUT_PHONE))),
        "+yes/no asks contact | correction | ",
    ),
]

TO_WHOM = [
    (
        "protected addresses get no letter, their mail goes to the secretariat",
        lambda: first(form(), protected=True),
        "+yes/no |  | protected",
    ),
    (
        "a protected question goes to the secretariat",
        lambda: decided(
            reading(signs=Signs(question=True, words=("入盟",))), Known(protected=True, ties=Ties(known_sender=True))
        ),
        " |  | protected",
    ),
    (
        "nothing is asked where no letter goes",
        lambda: first(form(contact=""), protected=True),
        "+yes/no |  | protected",
    ),
    (
        "never to a machine",
        lambda: decided(reading(form(), sender="noreply@unit.example.cn"), known()),
        "+yes/no |  | ",
    ),
    (
        "after the campaign's letters_until no letter goes",
        lambda: decided(reading(form()), known(), arrived=IN_TIME, now=CAMPAIGN.letters_until + timedelta(seconds=1)),
        "+yes/no |  | ",
    ),
]

TRIED = Signs(form_like=True, words=("意向书",))
KINDS = [
    ("our own letter", lambda: decided(reading(signs=Signs(own=True))), " |  | "),
    ("an auto-reply", lambda: decided(reading(signs=Signs(auto_reply=True))), " |  | "),
    ("a list", lambda: decided(reading(signs=Signs(mailing_list=True))), " |  | "),
    ("a read receipt", lambda: decided(reading(signs=Signs(read_receipt=True))), " |  | "),
    ("courtesy", lambda: decided(reading(signs=Signs(courtesy=True))), " |  | "),
    ("unrelated", lambda: decided(reading(signs=Signs())), " |  | "),
    ("a bounce", lambda: decided(reading(signs=Signs(bounce=True), bounce=Bounce("<x>"))), " |  | "),
    ("a recall is shown to a person", lambda: decided(reading(signs=Signs(recall=True))), " |  | recall"),
    (
        "forms of the staff are recorded without a letter",
        lambda: first(form(), ties=Ties(staff=True)),
        "+yes/no |  | ",
    ),
    (
        "and are not asked about",
        lambda: first(form(contact=""), ties=Ties(staff=True)),
        "+yes/no |  | ",
    ),
    (
        "other mails of the staff are theirs",
        lambda: decided(reading(signs=TRIED), Known(ties=Ties(staff=True))),
        " |  | ",
    ),
    ("an attempt is told what was wrong", lambda: decided(reading(signs=TRIED)), " | no-form | "),
    ("a blank form too", lambda: decided(reading(signs=replace(TRIED, blank_forms=1))), " | no-form | "),
    (
        "an unreadable attachment: the unit is told, a person sees it",
        lambda: decided(reading(signs=TRIED, faults=(fault(),))),
        " | unreadable | unreadable",
    ),
    (
        "a cloud link is asked for as an ordinary attachment",
        lambda: decided(reading(signs=replace(TRIED, cloud_link="QQ邮箱超大附件"))),
        " | cloud-link | ",
    ),
    ("once a day", lambda: decided(reading(signs=TRIED), Known(told_today=1, told_in_campaign=1)), " |  | attempts"),
    (
        "twice a campaign, then a person",
        lambda: decided(reading(signs=TRIED), Known(told_in_campaign=2)),
        " |  | attempts",
    ),
    ("a second on another day", lambda: decided(reading(signs=TRIED), Known(told_in_campaign=1)), " | no-form | "),
    (
        "an unreadable attachment over the cap is still shown to a person",
        lambda: decided(reading(signs=TRIED, faults=(fault(),)), Known(told_in_campaign=2)),
        " |  | unreadable",
    ),
    (
        "in junk folders a recognised form is answered",
        lambda: first(form(), folder_is_junk=True),
        "+yes/no | acknowledgement | ",
    ),
    ("and nothing else", lambda: decided(reading(signs=TRIED), Known(folder_is_junk=True)), " |  | attempts"),
    (
        "not even a question",
        lambda: decided(
            reading(signs=Signs(question=True, words=("入盟",))),
            Known(folder_is_junk=True, ties=Ties(known_sender=True)),
        ),
        " |  | question",
    ),
    (
        "a question is shown to a person, its sender hears so",
        lambda: decided(reading(signs=Signs(question=True, words=("入盟",))), Known(ties=Ties(known_sender=True))),
        " | received | question",
    ),
    (
        "a statement is held as a proposal",
        lambda: decided(reading(signs=Signs(sentence="我单位申请延期一周提交", words=("入盟",)))),
        " | received | statement",
    ),
    (
        "a plain yes is thanked and sent the form",
        lambda: decided(reading(signs=Signs(sentence="我单位同意加入首都知识产权运营联盟。", words=("运营联盟",)))),
        " | no-form | statement",
    ),
    (
        "a plain yes over the cap hears that it was received",
        lambda: decided(
            reading(signs=Signs(sentence="我单位同意加入联盟", words=("入盟",))), Known(told_in_campaign=2)
        ),
        " | received | statement",
    ),
    (
        "a plain yes in answer to an acknowledgement is not sent the form",
        lambda: decided(
            reading(signs=Signs(sentence="我单位同意加入联盟", words=("入盟",))),
            Known(letters=(LetterKnown(1, "acknowledgement", SENDER, 1),), ties=Ties(known_sender=True)),
        ),
        " | received | statement",
    ),
    (
        "a question sent twice is shown once",
        lambda: decided(
            reading(signs=Signs(question=True, words=("入盟",))), Known(repeat=True, ties=Ties(known_sender=True))
        ),
        " |  | ",
    ),
]

TABLE = [
    *WHEN_RECEIVED,
    *IDENTITY,
    *SEVERAL_FILES,
    *UNITS,
    *WHO_MAY_CHANGE,
    *SECOND_CHOICE_HELD,
    *REQUIRED,
    *TO_WHOM,
    *KINDS,
]


@pytest.mark.parametrize(("make", "expected"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_policy(make: Callable[[], Outcome], expected: str) -> None:
    assert short(make()) == expected


@pytest.mark.parametrize(
    ("make", "expected"), [row[1:] for row in SECOND_CHOICE], ids=[row[0] for row in SECOND_CHOICE]
)
def test_what_is_mentioned(make: Callable[[], Outcome], expected: tuple[str, int]) -> None:
    outcome = make()
    said = facts(outcome)
    assert (outcome.letters[0].kind, len(said["mention"])) == expected
    assert not outcome.submissions[0].asked


# ---- details that the short form does not show ------------------------------------------------


def test_an_acknowledgement_repeats_every_value_and_choice() -> None:
    said = facts(first(form(member="claim")))
    assert [(value["id"], value["text"], value["place"]) for value in said["values"]][:2] == [
        ("unit", UNIT, "第1行"),
        ("contact", "示例", "第1行"),
    ]
    assert [(choice["short"], choice["answer"], choice["text"]) for choice in said["choices"]] == [
        ("加入联盟", "yes", "是"),
        ("成为协会会员", "blank", "已是会员"),
    ]
    assert said["choices"][1]["already_member"] is True


def test_what_is_asked_names_its_labels_and_a_due_date_three_working_days_away() -> None:
    outcome = first(form("unclear", **WITHOUT_PHONE))
    said = facts(outcome)
    assert said["missing"] == ["办公电话或手机号码"]
    assert said["unclear"] == ["是否愿意加入首都知识产权运营联盟"]
    assert said["due"] == "2016-11-30T17:00:00+08:00"  # Friday plus three working days
    assert outcome.submissions[0].asked == ("office_phone", "join")
    assert outcome.submissions[0].asked_due == at("11-30", "17:00:00")


def test_a_question_that_is_open_keeps_its_due_date() -> None:
    stands = earlier(
        values_=values(contact="", **WITHOUT_PHONE),
        asked=frozenset({"contact", "office_phone"}),
        asked_due=at("11-28", "17:00:00"),
    )
    (draft,) = again(form(contact=""), stands).submissions
    assert (draft.asked, draft.asked_due, draft.settled) == (("contact",), at("11-28", "17:00:00"), ("office_phone",))


def test_a_unit_that_now_declines_owes_nothing_more() -> None:
    stands = earlier(values_=values(contact=""), asked=frozenset({"contact"}), asked_due=at("11-28"))
    outcome = again(form("no", contact=""), stands)
    assert outcome.submissions[0].settled == ("contact",)
    assert facts(outcome)["declined"] is True


def test_a_correction_names_what_changed_and_keeps_its_number() -> None:
    outcome = again(form("no", mobile="13800000001"), earlier())
    said = facts(outcome)
    assert said["changed"] == ["手机号码", "是否愿意加入首都知识产权运营联盟"]
    assert said["receipt"] == "K7M2"
    assert outcome.submissions[0].replaces == 7
    assert outcome.letters[0].submissions == (0,)


def test_a_repeat_repeats_what_stands_and_what_is_still_asked() -> None:
    stands = earlier(values_=values(**WITHOUT_PHONE), asked=frozenset({"office_phone"}), asked_due=at("11-28"))
    said = facts(again(form(**WITHOUT_PHONE), stands))
    assert (said["missing"], said["receipt"]) == (["办公电话或手机号码"], "K7M2")


def test_an_answer_of_a_person_that_is_overruled_is_marked() -> None:
    (draft,) = again(form("no"), earlier(decided=frozenset({"join"}))).submissions
    assert draft.choices["join"].evidence == "与人工决定不同；√"


def test_the_late_letter_waits_for_the_grace_minutes_and_the_flag_does_not() -> None:
    campaign = replace(CAMPAIGN, grace_minutes=30)
    arrived = CAMPAIGN.deadline + timedelta(minutes=5)
    outcome = decided(reading(form()), known(), arrived=arrived, campaign=campaign)
    assert short(outcome) == "+yes/no late | late | "
    assert outcome.letters[0].not_before == CAMPAIGN.deadline + timedelta(minutes=30)
    after = decided(reading(form()), known(), arrived=CAMPAIGN.deadline + timedelta(minutes=31), campaign=campaign)
    assert after.letters[0].not_before is None


def test_one_letter_lists_all_units_in_the_order_of_their_submissions() -> None:
    mail = reading(form(source="一.docx"), form("no", unit="示例乙律师事务所", source="二.docx"))
    outcome = decided(mail, known(unit(), unit(2, name="示例乙律师事务所"), stands=(earlier(), None)))
    (letter,) = outcome.letters
    said = letter.facts["units"]
    assert [each["unit"] for each in said] == ["示例乙律师事务所", UNIT]  # type: ignore[union-attr]
    assert (letter.kind, letter.submissions) == ("acknowledgement", (0,))


def test_a_letter_mentions_the_unit_of_the_same_mail_that_waits() -> None:
    mail = reading(form(), form(unit="示例乙公司", source="二.docx"))
    outcome = decided(mail, known(unit(), UnitKnown(near=("示例乙",))))
    assert facts(outcome)["mention"] == ["同一邮件中“示例乙公司”的表格已收到，待秘书处核对后另行答复"]
    assert [item.submission for item in outcome.held] == [1]


def test_another_address_hears_nothing_of_what_stands() -> None:
    outcome = again(form("no"), earlier(), sender=OTHER)
    (letter,) = outcome.letters
    assert letter.recipient == OTHER
    assert letter.facts == {"subject": "意向书", "files": ["意向书.docx"]}
    (held,) = outcome.held
    assert "加入联盟：原为“是”，来件为“否”" in held.sentence
    assert SENDER in held.sentence


def test_odd_values_are_mentioned_once() -> None:
    odd = Problem("suspicious", "email", "电子邮箱“abc”似乎不完整。")
    assert facts(first(form(problems=(odd,))))["mention"] == [odd.sentence]
    assert facts(again(form("no", problems=(odd,)), earlier()))["mention"] == []


def test_the_sealed_copy_is_noted_among_the_sources() -> None:
    outcome = decided(reading(form(), faults=(fault("no-ocr", "盖章.jpg"),)), known())
    (draft,) = outcome.submissions
    assert draft.sealed_copy
    assert draft.sources == ("意向书.docx", "盖章.jpg（盖章件，未识别）")
    assert facts(outcome)["sealed_copy"] is True


def test_pictures_that_no_form_accounts_for_are_shown_to_a_person() -> None:
    pictures = (fault("no-ocr", "1.jpg"), fault("no-ocr", "2.jpg"))
    assert short(decided(reading(form(), faults=pictures), known())) == "+yes/no | acknowledgement | unreadable"


def test_scans_of_several_units_go_where_their_names_say() -> None:
    mail = reading(
        form(source="一.docx"),
        form(unit="示例乙公司", source="二.docx"),
        faults=(fault("no-ocr", f"{UNIT}扫描件.pdf"), fault("no-ocr", "二.pdf")),
    )
    outcome = decided(mail, known(NEW, NEW))
    assert [draft.sealed_copy for draft in outcome.submissions] == [True, True]
    assert not outcome.held


def test_what_an_unreadable_letter_says_of_a_picture_is_meant_for_the_unit() -> None:
    mail = reading(signs=TRIED, faults=(fault("no-ocr", "意向书.jpg"),), files=(FileSeen("意向书.jpg", "jpg", 9),))
    (letter,) = decided(mail).letters
    (file,) = letter.facts["files"]  # type: ignore[misc]
    assert "人工核读" in file["sentence"]  # type: ignore[index]
    assert letter.attach_form


@pytest.mark.parametrize(
    ("signs", "files", "why"),
    [
        (replace(TRIED, blank_forms=1), (FileSeen("a.docx", "docx", 1),), "还是空白表"),
        (TRIED, (FileSeen("a.docx", "docx", 1),), "附件中没有读到"),
        (Signs(words=("意向书",)), (), "没有附件"),
    ],
)
def test_a_no_form_letter_says_what_was_wrong(signs: Signs, files: tuple[FileSeen, ...], why: str) -> None:
    (letter,) = decided(reading(signs=signs, files=files), Known(ties=Ties(known_sender=True))).letters
    assert why in str(letter.facts["why"])


def test_a_bounce_is_handed_on() -> None:
    bounce = Bounce("<x@y>", ("a@unit.example.cn",), True)
    assert decided(reading(signs=Signs(bounce=True), bounce=bounce)).bounced == bounce


def test_choices_of_a_form_are_kept_with_their_evidence() -> None:
    (draft,) = first(form()).submissions
    assert draft.choices == choices()


@pytest.mark.parametrize(
    ("mail", "knows", "words"),
    [
        (reading(signs=TRIED), Known(told_in_campaign=2), "已提示过，不再自动提示"),
        (reading(signs=TRIED), Known(folder_is_junk=True), "垃圾邮件文件夹"),
        (reading(signs=TRIED, sender="noreply@unit.example.cn"), Known(), "未自动答复"),
        (reading(signs=TRIED, faults=(fault(),)), Known(), "已请发件人重新发送"),
        (reading(signs=TRIED, faults=(fault(),)), Known(told_in_campaign=2), "未自动答复"),
    ],
)
def test_a_person_is_told_whether_the_sender_was(mail: Reading, knows: Known, words: str) -> None:
    (held,) = decided(mail, knows).held
    assert words in held.sentence


def test_a_reply_that_asks_nothing_is_not_called_a_question() -> None:
    mail = reading(signs=Signs(refs=("ABCDEF",), hits=("says-something",)), excerpt="联系电话见下。")
    outcome = decided(mail)
    assert short(outcome) == " | received | question"
    assert "来信说：“联系电话见下”" in outcome.held[0].sentence
