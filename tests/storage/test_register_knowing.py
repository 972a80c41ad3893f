"""What deciding is told of a mail."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from storage_office import CAMPAIGN, NOW, UNIT, Desk, draft, hours, letter, office, outcome, reading

from intake.answers import Form, Fragment, Value
from intake.contents import Reading
from intake.known import UnitKnown
from intake.outcome import HeldDraft
from storage import chasing, followups, knowing, repeats, rosters, units
from storage.letter_row import LetterRow
from storage.register import Register
from storage.rosters import RosterRow
from storage.tables import letters

ROSTER = [
    RosterRow(2, UNIT, ("示例代理",), "示例联系人", "主任", ("roster@unit.example.com", "copy@unit.example.com"), True),
    RosterRow(3, "示例大学", ("示例",), member=False),
    RosterRow(4, "示例研究院", ("示例",)),
]


@pytest.fixture
def roster(register: Register) -> None:
    with register.writing() as tx:
        report = rosters.load(tx, ROSTER, NOW)
    assert (report.created, report.troubles) == (3, ())


def test_a_stranger_is_a_stranger(desk: Desk) -> None:
    known = desk.known(reading(units=(UNIT,)))
    assert known.units == (UnitKnown(name=UNIT),)
    assert known.earlier == (None,)
    assert not known.ties.known_sender
    assert not known.roster_loaded


def test_a_mail_that_came_a_hundred_times_costs_no_more(register: Register, desk: Desk) -> None:
    for number in range(repeats.MOST + 2):
        read = reading(message_id=f"<{number}>", text="same")
        desk.record(outcome(), read)
    with register.reading() as tx:
        assert len(repeats.of(tx, 0, reading(message_id="<new>", text="same"))) == repeats.MOST
    last = reading(message_id=f"<{repeats.MOST + 1}>", text="same")
    copy, repeat = desk.known(last), desk.known(replace(last, message_id="<new>"))
    assert (copy.copy, copy.repeat, repeat.copy, repeat.repeat) == (True, False, False, True)


@pytest.mark.usefixtures("roster")
def test_a_unit_is_known_by_each_of_its_names(desk: Desk) -> None:
    known = desk.known(reading(units=(f"{UNIT} ", "示例代理", "示例大学")))
    first, second, third = known.units
    assert first == second
    assert (first.name, first.member, first.on_roster) == (UNIT, True, True)
    assert first.roster_addresses == ("roster@unit.example.com", "copy@unit.example.com")
    assert (third.member, third.near) == (False, ())
    assert known.roster_loaded


@pytest.mark.usefixtures("roster")
def test_a_short_name_of_two_units_is_for_a_person(desk: Desk) -> None:
    (unit,) = desk.known(reading(units=("示例",))).units
    assert (unit.unit_id, set(unit.near)) == (None, {"示例大学", "示例研究院"})


@pytest.mark.usefixtures("roster")
def test_a_near_name_is_proposed_and_stays_proposed_until_decided(desk: Desk) -> None:
    name = "示例知识产权代理有限公司"
    (unit,) = desk.known(reading(units=(name,))).units
    assert (unit.unit_id, unit.name, unit.near) == (None, name, (UNIT,))
    held = HeldDraft("near-name", "名称相近。", 0)
    desk.record(outcome(draft(name, standing=False), held=(held,)), reading(units=(name,)))
    assert desk.known(reading(message_id="<2>", units=(name,))).units == (unit,)


@pytest.mark.usefixtures("roster")
def test_the_roster_address_makes_a_resembling_name_near(desk: Desk) -> None:
    slip = "北京示列知识产权代理有限公司"
    assert desk.known(reading("roster@unit.example.com", units=(slip,))).units[0].near == (UNIT,)
    assert desk.known(reading("other@unit.example.com", units=(slip,))).units[0].near == ()


def test_a_sender_is_known_by_roster_earlier_form_or_reply(desk: Desk, register: Register) -> None:
    with register.writing() as tx:
        rosters.load(tx, ROSTER, NOW)
    desk.record(outcome(draft("示例出版社")), reading("wrote@x.example.com"))
    ours = desk.send(desk.write(letter(to="told@x.example.com")).id)
    assert desk.known(reading("roster@unit.example.com")).ties.known_sender
    assert desk.known(reading("WROTE@x.example.com")).ties.known_sender
    assert desk.known(reading("x@x.example.com", answers_to=("<none>", ours.message_id))).ties.known_sender
    named = desk.known(reading("x@x.example.com", refs=(ours.reference,)))
    assert named.ties.known_sender
    assert [one.letter_id for one in named.letters] == [ours.id]
    assert not desk.known(reading("x@x.example.com", answers_to=("<none>",), refs=("ABCDEF",))).ties.known_sender


def test_the_mail_itself_does_not_make_its_sender_known(desk: Desk) -> None:
    read = reading(units=(UNIT,))
    mail = desk.record(outcome(draft()), read)
    assert not desk.known(read, mail).ties.known_sender
    assert desk.known(reading(message_id="<2>")).ties.known_sender


def test_our_own_letter_is_known_by_header_or_message_id(desk: Desk) -> None:
    ours = desk.write(letter())
    assert desk.known(reading("office@example.com", message_id=ours.message_id)).ties.own
    assert desk.known(reading("office@example.com", own=True)).ties.own
    by_sender_only = desk.known(reading("office@example.com"))
    assert (by_sender_only.ties.own, by_sender_only.ties.staff) == (False, True)


def test_which_campaigns_letters_a_mail_answers(desk: Desk, register: Register) -> None:
    ours = desk.write(letter())
    with register.reading() as tx:
        assert knowing.answered(tx, reading(answers_to=(ours.message_id,))) == (CAMPAIGN,)
        assert knowing.answered(tx, reading(message_id=ours.message_id)) == ()


@pytest.mark.parametrize(
    ("sender", "protected"),
    [
        ("leader@example.com", True),
        ("someone@gov.cn", True),
        ("someone@dept.example.gov.cn", True),
        ("someone@notgov.cn", False),
        ("gov.cn@example.com", False),
        ("", False),
    ],
)
def test_protected_addresses_and_domains(sender: str, protected: bool) -> None:
    here = office(protected_addresses=frozenset({"leader@example.com"}), protected_domains=frozenset({"gov.cn"}))
    assert here.is_protected(sender) is protected


def test_a_reply_to_may_be_protected_too(desk: Desk) -> None:
    read = reading(reply_to=("someone@gov.cn",))
    assert desk.known(read, protected_domains=frozenset({"gov.cn"})).protected
    assert desk.known(read, staff=frozenset({"a@unit.example.com"})).ties.staff


def test_copies_and_repeats(desk: Desk) -> None:
    desk.record(outcome(draft()), reading(text="same", message_id="<1>"))
    copy, repeat = (
        desk.known(reading(text="same", message_id="<1>")),
        desk.known(reading(text="same", message_id="<2>")),
    )
    other = desk.known(reading(text="other", message_id="<1>"))
    unnamed = desk.known(reading(text="same", message_id=""))
    assert [(one.copy, one.repeat) for one in (copy, repeat, other, unnamed)] == [
        (True, False),
        (False, True),
        (False, False),
        (False, True),
    ]
    assert repeat.repeat_units == (UNIT,)


def test_a_mail_is_no_copy_of_itself_nor_of_one_that_waits(desk: Desk) -> None:
    read = reading(text="same")
    mail = desk.record(outcome(draft()), read)
    assert not desk.known(read, mail).copy
    waiting = reading(text="not handled", message_id="<w>")
    desk.receive(text="waits")
    assert not desk.known(waiting).copy


def test_what_was_told_counts_by_the_day_of_beijing(desk: Desk) -> None:
    midnight = datetime(2016, 11, 21, 16, 0, tzinfo=UTC)  # 0:00 in Beijing
    for key, at, kind in [("a", -1, "no-form"), ("b", 1, "unreadable"), ("c", 2, "repeat"), ("d", 1, "received")]:
        desk.write(letter(key, kind=kind), now=midnight + hours(at))
    desk.write(letter("other", kind="no-form", to="other@x.example.com"), now=midnight + hours(1))
    known = desk.known(reading(), now=midnight + hours(3))
    assert (known.told_today, known.told_in_campaign, known.repeats_thanked_today) == (1, 2, 1)


def test_reading_a_mail_again_counts_none_of_its_own_letters(desk: Desk) -> None:
    mail = desk.record(outcome(letters=(letter(kind="no-form"),)))
    assert desk.known(reading(), mail).told_in_campaign == 0
    assert desk.known(reading()).told_in_campaign == 1


@pytest.mark.usefixtures("roster")
def test_a_reply_to_counts_if_it_stands_on_the_roster_row(desk: Desk) -> None:
    read = reading("someone@qq.com", units=(UNIT,), reply_to=("copy@unit.example.com", "stranger@x.example.com"))
    assert desk.known(read).reply_to_on_roster == ("copy@unit.example.com",)
    of_sender = reading("roster@unit.example.com", reply_to=("copy@unit.example.com",))
    assert desk.known(of_sender).reply_to_on_roster == ("copy@unit.example.com",)
    assert desk.known(reading("x@x.example.com", reply_to=("copy@unit.example.com",))).reply_to_on_roster == ()


def test_the_unit_may_stand_in_a_field_of_another_name(desk: Desk) -> None:
    known = desk.known(reading(units=(UNIT,)), unit_fields={CAMPAIGN: "company"})
    assert known.units == (UnitKnown(name=""),)


# ---- a reply that names what was asked for --------------------------------------------------------

OTHER = "示例出版社"


def reply(ours: LetterRow, sender: str = "a@unit.example.com") -> Reading:
    """A reply to that letter with a telephone in its words."""
    named = Form(CAMPAIGN, "邮件正文", {"office_phone": Value("010-80000109")}, {})
    read = reading(sender, message_id="<2@unit.example.com>", answers_to=(ours.message_id,))
    return replace(read, fragments=(Fragment(named),))


def asking(desk: Desk, *units: str, sender: str = "a@unit.example.com") -> LetterRow:
    """Submissions without a telephone, and the one letter that asks for it."""
    drafts = [draft(unit, asked=("office_phone",), asked_due=NOW + hours(72)) for unit in units or (UNIT,)]
    said = letter("-".join(units) or "k", to=sender, submissions=tuple(range(len(drafts))))
    desk.record(outcome(*drafts, letters=(said,)), reading(sender))
    with desk.register.reading() as tx:
        (id_,) = tx.scalars(select(letters.c.id).where(letters.c.key == said.key))
    return desk.letter(id_)


def test_a_reply_with_fragments_is_told_what_was_asked_there_and_is_open(desk: Desk) -> None:
    ours = asking(desk)
    known = desk.known(reply(ours))
    assert (known.asked.unit.name, set(known.asked.open), known.asked.alone) == (UNIT, {"office_phone"}, True)
    assert known.asked.earlier.asked == {"office_phone"}
    assert (known.units, known.earlier) == ((), ())
    assert desk.known(replace(reply(ours), fragments=())).asked is None


def test_nothing_was_asked_of_another_address_nor_by_a_letter_to_several_units(desk: Desk) -> None:
    ours = asking(desk)
    assert desk.known(reply(ours, "b@unit.example.com")).asked is None
    both = asking(desk, OTHER, "示例大学", sender="c@unit.example.com")
    assert desk.known(reply(both, "c@unit.example.com")).asked is None


def test_what_is_settled_is_asked_no_more(desk: Desk, register: Register) -> None:
    ours = asking(desk)
    with register.writing() as tx:
        unit_id = units.find(tx, UNIT)
        assert unit_id is not None
        followups.end(tx, CAMPAIGN, unit_id, "office_phone", NOW, by="liu")
    assert desk.known(reply(ours)).asked is None


def test_a_letter_that_asked_by_itself_counts_too(desk: Desk, register: Register) -> None:
    asking(desk)
    with register.writing() as tx:
        (row,) = followups.all_open(tx, CAMPAIGN)
        said = letter("reminder", "question", to="liaison@unit.example.com")
        assert chasing.write_letter(tx, said, row.unit_id, {row.id: "before"}, NOW, domain="office.example.com")
        (id_,) = tx.scalars(select(letters.c.id).where(letters.c.key == said.key))
    known = desk.known(reply(desk.letter(id_), "liaison@unit.example.com"))
    assert known.asked.open == {"office_phone": row.id}


def test_who_sent_for_another_unit_too_does_not_speak_for_one_alone(desk: Desk) -> None:
    ours = asking(desk)
    desk.record(outcome(draft(OTHER)), reading())
    assert not desk.known(reply(ours)).asked.alone


@pytest.mark.usefixtures("roster")
def test_who_stands_on_the_rows_of_several_units_does_not_speak_for_one_alone(desk: Desk, register: Register) -> None:
    with register.writing() as tx:
        rosters.load(tx, [*ROSTER, RosterRow(5, OTHER, (), "", "", ("roster@unit.example.com",))], NOW)
    ours = asking(desk, sender="roster@unit.example.com")
    assert not desk.known(reply(ours, "roster@unit.example.com")).asked.alone
