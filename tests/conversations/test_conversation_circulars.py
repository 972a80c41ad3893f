"""A notice goes out: in office hours, within its share, one mail an address, and what comes back is known."""

from __future__ import annotations

from collections import Counter
from io import BytesIO

import docx
import pytest
from conversations.office_in_memory import CAMPAIGN, Letter, MakeOffice, Office, at, roster_row, without_member

from program import circular_queue
from program.demo.mails import File
from program.demo.units import Unit
from program.settings import load_settings
from storage import circulars, claims, dead_addresses
from storage.audits import Person
from storage.rosters import RosterRow

A, B, C, D = without_member(4)
UNLIMITED = {"LIMITS__PER_QUARTER_HOUR": 0, "LIMITS__PER_HOUR": 0, "LIMITS__PER_DAY": 0, "LIMITS__GAP_SECONDS": 0}


def queue(office: Office) -> int:
    """Queue the notice for the roster as it stands."""
    variables = {f"INTAKE_{key}": value for key, value in office.environment.items()}
    settings = load_settings(None, variables, office.folder)
    desk = circular_queue.desk_of(settings, "notice", office.clock.now())
    return circular_queue.queue(office.works.register, desk, None, Person("liu", "shell"), lambda done, every: None)


def circular_letters(office: Office) -> list[Letter]:
    return [letter for letter in office.letters() if letter.kind == "circular"]


def states(office: Office) -> list[tuple[str, str]]:
    return [(row.state, row.reply or "") for row in office.letter_rows() if row.kind == "circular"]


def many(count: int) -> list[RosterRow]:
    return [
        RosterRow(0, f"示例第{number}公司", addresses=(f"u{number}@u{number}.example.com",)) for number in range(count)
    ]


def form_of(letter: Letter) -> bytes:
    for part in letter.message.iter_attachments():
        if "意向书" in (part.get_filename() or ""):
            content = part.get_content()
            assert isinstance(content, bytes)
            return content
    raise AssertionError(letter.files)


def ticked(form: bytes, **cells: str) -> File:
    """The form as a unit sends it back: the first question ticked, and whatever else it changed."""
    document = docx.Document(BytesIO(form))
    table = document.tables[0]
    table.rows[4].cells[2].paragraphs[0].text = "是 ☑    否 □"
    for place, text in cells.items():
        row, column = map(int, place.removeprefix("cell_").split("_"))
        table.rows[row].cells[column].paragraphs[0].text = text
    out = BytesIO()
    document.save(out)
    return File("入盟意向书.docx", out.getvalue())


# ---- when and how much ----------------------------------------------------------------------------


def test_it_leaves_in_office_hours_only(make_office: MakeOffice) -> None:
    office = make_office(now="11-18 17:31")  # a Friday, one minute after closing
    office.roster(A, B)
    assert queue(office) == 2
    for moment in ("11-18 17:31", "11-19 10:00", "11-20 10:00", "11-21 08:29"):
        office.until(moment)
        office.round()
        assert office.letters() == []
    office.until("11-21 08:30")
    office.round()
    assert [letter.recipient for letter in office.letters()] == [A.email, B.email]


def test_the_hours_are_the_campaign_s_and_answers_keep_none(make_office: MakeOffice) -> None:
    office = make_office(now="11-18 20:00")
    office.roster(A)
    queue(office)
    office.pasted(B, "11-18 20:10")
    office.round()
    assert office.kinds() == {B.email: ["acknowledgement"]}


def test_it_uses_seventy_percent_of_each_window_and_answers_go_first(make_office: MakeOffice) -> None:
    office = make_office(now="11-18 09:00", LIMITS__PER_DAY=10, LIMITS__GAP_SECONDS=0)
    office.roster(*many(12))
    assert queue(office) == 12
    office.round()
    assert len(circular_letters(office)) == 7
    office.pasted(A, "11-18 11:00")
    office.round()
    assert Counter(letter.kind for letter in office.letters()) == {"circular": 7, "acknowledgement": 1}
    office.until("11-21 09:30")
    office.round()
    assert len(circular_letters(office)) == 12
    assert len({letter.recipient for letter in circular_letters(office)}) == 12


def test_thousands_that_wait_are_put_off_at_once(make_office: MakeOffice) -> None:
    office = make_office(now="11-18 09:00", LIMITS__PER_DAY=10, LIMITS__GAP_SECONDS=0)
    office.roster(*many(100))
    queue(office)
    summary = office.round()
    assert (summary.letters["sent"], summary.letters["capped"]) == (7, 93)
    assert office.round().letters["capped"] == 0  # none of them is looked at again before there is room


# ---- to whom --------------------------------------------------------------------------------------


def test_units_that_share_an_address_have_one_mail_with_a_form_each(make_office: MakeOffice) -> None:
    office = make_office(now="11-18 09:00", **UNLIMITED)
    office.roster(A, roster_row(B, addresses=(A.email,)), C)
    assert queue(office) == 3
    office.round()
    first, second = circular_letters(office)
    assert (first.recipient, second.recipient) == (A.email, C.email)
    assert sum("意向书" in name for name in first.files) == 2
    assert A.name in first.text
    assert B.name in first.text
    assert "每家单位一份" in first.text
    with office.works.register.reading() as tx:
        assert circulars.standing(tx, CAMPAIGN).units == {"sent": 3}


def test_copies_follow_as_mails_of_their_own(make_office: MakeOffice) -> None:
    office = make_office(now="11-18 09:00", **UNLIMITED)
    office.roster(roster_row(A, copies=("copy@unit.example.com",)), B)
    queue(office)
    office.round()
    assert [letter.recipient for letter in circular_letters(office)] == [A.email, B.email, "copy@unit.example.com"]
    assert all(letter.message["Cc"] is None for letter in office.letters())
    assert "本邮件为抄送件" in circular_letters(office)[2].text
    assert "抄送件" not in circular_letters(office)[0].text


def test_what_each_letter_holds(make_office: MakeOffice) -> None:
    office = make_office(now="11-18 09:00", **UNLIMITED)
    office.roster(roster_row(A, salutation="王处长"))
    queue(office)
    office.round()
    (letter,) = circular_letters(office)
    assert f"{A.name}王处长：您好！" in letter.text
    assert "2016年12月2日（星期五）17:00" in letter.text
    assert letter.message["Auto-Submitted"] == "auto-generated"
    assert [name for name in letter.files if "样例" not in name] == [f"附件1 入盟意向书（{A.name}）.docx"]
    assert all(name in letter.text for name in (name.replace(" ", "") for name in letter.files))


# ---- looked at again when it is claimed -----------------------------------------------------------


@pytest.mark.parametrize("case", ["answered", "moved", "manual", "left", "dead", "late"])
def test_a_circular_that_is_not_wanted_any_more_is_taken_back(make_office: MakeOffice, case: str) -> None:
    office = make_office(now="11-18 18:00", **UNLIMITED)  # after hours: queued, and waiting for Monday
    office.roster(A, B)
    queue(office)
    reason = _happens(office, case)
    office.until("12-05 09:00" if case == "late" else "11-21 09:00")
    office.round()
    rows = {row.recipient: row for row in office.letter_rows() if row.kind == "circular"}
    assert (rows[A.email].state, rows[A.email].reply) == ("withdrawn", reason)
    assert rows[B.email].state == ("withdrawn" if case == "late" else "sent")


def _happens(office: Office, case: str) -> str:
    if case == "answered":
        office.pasted(A, "11-19 09:00")
        office.round()
        return "该单位的表格已收到"
    if case == "moved":
        office.roster(roster_row(A, addresses=("new@unit.example.com",)), B)
        return "名册中的电子邮箱已更改"
    if case == "manual":
        office.roster(roster_row(A, mode="manual"), B)
        return "方式为仅人工"
    if case == "left":
        office.roster(B)
        return "该单位已不在名册中"
    if case == "dead":
        office.write("postmaster@example.com", "11-19 09:00", "您好", text="无关邮件")
        office.round()
        with office.works.register.writing() as tx:
            dead_addresses.mark(tx, A.email, letter_id=1, message_id=1, said="550", now=office.clock.now())
        return "此前发往该邮箱的信函被退回，请更正名册"
    return "截止时间已过"


def test_after_a_corrected_address_only_that_unit_gets_it_again(make_office: MakeOffice) -> None:
    office = make_office(now="11-18 09:00", **UNLIMITED)
    office.roster(A, B)
    queue(office)
    office.round()
    office.roster(roster_row(A, addresses=("new@unit.example.com",)), B)
    assert queue(office) == 1
    office.round()
    assert [letter.recipient for letter in circular_letters(office)] == [A.email, B.email, "new@unit.example.com"]
    assert queue(office) == 0


def test_an_address_given_anew_after_a_bounce_is_written_to_again(make_office: MakeOffice) -> None:
    office = make_office(now="11-18 09:00", **UNLIMITED)
    office.roster(A)
    queue(office)
    office.round()
    with office.works.register.writing() as tx:
        claims.mark_bounced(tx, 1, office.clock.now(), "550", True)
    assert queue(office) == 0
    office.wait(minutes=1)
    office.roster(roster_row(A, addresses=("other@unit.example.com",)))
    office.write("someone@example.com", "11-18 09:30", "您好", text="无关邮件")
    office.round()
    with office.works.register.writing() as tx:
        dead_addresses.mark(tx, A.email, letter_id=1, message_id=1, said="550", now=office.clock.now())
    office.wait(minutes=1)
    office.roster(A)
    assert queue(office) == 1


# ---- what comes back ------------------------------------------------------------------------------


def returned(office: Office, of: Unit) -> Letter:
    office.roster(of)
    queue(office)
    office.round()
    (letter,) = circular_letters(office)
    return letter


def test_the_filled_form_comes_back_and_is_that_unit_s(make_office: MakeOffice) -> None:
    office = make_office(now="11-18 09:00", **UNLIMITED)
    letter = returned(office, A)
    office.write(
        "colleague@other.example.com", "11-18 10:00", "意向书", text="见附件。", files=[ticked(form_of(letter))]
    )
    office.allow(A, "colleague@other.example.com")
    office.round()
    assert office.answers_of(A) == ("yes", "blank")


def test_the_visible_name_wins(make_office: MakeOffice) -> None:
    office = make_office(now="11-18 09:00", **UNLIMITED)
    file = ticked(form_of(returned(office, A)), cell_0_1=C.name)
    office.write(C, "11-18 10:00", "意向书", text="见附件。", files=[file])
    office.allow(A, C.email)
    office.round()
    assert (office.answers_of(A), office.answers_of(C)) == (None, ("yes", "blank"))


def test_a_name_that_was_deleted_is_known_by_the_hidden_key(make_office: MakeOffice) -> None:
    office = make_office(now="11-18 09:00", **UNLIMITED)
    file = ticked(form_of(returned(office, A)), cell_0_1="")
    office.write("colleague@other.example.com", "11-18 10:00", "意向书", text="见附件。", files=[file])
    office.allow(A, "colleague@other.example.com")
    office.round()
    assert office.answers_of(A) == ("yes", "blank")


def test_the_form_sent_back_untouched_is_no_answer(make_office: MakeOffice) -> None:
    office = make_office(now="11-18 09:00", **UNLIMITED)
    form = File("入盟意向书.docx", form_of(returned(office, A)))
    office.write(A, "11-18 10:00", "意向书", text="见附件。", files=[form])
    office.round()
    assert office.standing(A) is None
    assert office.kinds_to(A) == ["circular", "no-form"]


def test_the_status_counts_units_that_answered(make_office: MakeOffice) -> None:
    office = make_office(now="11-18 09:00", **UNLIMITED)
    office.roster(A, B)
    queue(office)
    office.round()
    office.pasted(A, "11-18 10:00")
    office.round()
    with office.works.register.reading() as tx:
        standing = circulars.standing(tx, CAMPAIGN)
    assert (standing.units, standing.answered, standing.waiting) == ({"sent": 2}, 1, 0)
    assert standing.sent_on == ((at("11-18 09:00").date(), 2),)
