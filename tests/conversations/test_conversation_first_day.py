"""The first day: what came before the register was made is recorded, and its letters wait for a person."""

from __future__ import annotations

from pathlib import Path

from conversations.office_in_memory import MakeOffice, Office, at, without_member

from storage import adoption
from storage.register import Register

A, B, C = without_member(3)


def _before_and_after(office: Office) -> None:
    """Two mails of yesterday, one of today; the register was made at 08:00 today."""
    for unit, when in ((A, "11-20 09:00"), (B, "11-20 10:00"), (C, "11-21 09:00")):
        office.form(unit, when)
    office.round()


def test_letters_about_the_backlog_wait(make_office: MakeOffice) -> None:
    office = make_office(now="11-21 08:00")
    _before_and_after(office)
    assert all(office.answers_of(unit) == ("yes", "no") for unit in (A, B, C))
    assert office.kinds() == {C.email: ["acknowledgement"]}
    with office.works.register.reading() as tx:
        waiting = adoption.waiting(tx)
    assert [(one.kind, one.recipient, one.unit_name) for one in waiting] == [
        ("acknowledgement", A.email, A.name), ("acknowledgement", B.email, B.name),
    ]  # fmt: skip
    office.wait(days=3)
    office.round()
    assert office.kinds() == {C.email: ["acknowledgement"]}


def test_a_person_releases_one_and_drops_the_other(make_office: MakeOffice) -> None:
    office = make_office(now="11-21 08:00")
    _before_and_after(office)
    with office.works.register.writing() as tx:
        first, second = adoption.waiting(tx)
        assert adoption.release(tx, [first.id]) == 1
        assert adoption.drop(tx, [second.id], office.clock.now()) == 1
    office.round()
    assert office.kinds() == {C.email: ["acknowledgement"], A.email: ["acknowledgement"]}
    assert [state for _, state in office.letter_states()] == ["sent", "withdrawn", "sent"]


def test_a_backlog_may_be_answered_at_once(make_office: MakeOffice) -> None:
    office = make_office(now="11-21 08:00", OUTBOX__BACKLOG="send")
    _before_and_after(office)
    assert sorted(office.kinds()) == sorted(unit.email for unit in (A, B, C))


def test_mails_from_before_the_campaign_are_noted_by_uid_only(make_office: MakeOffice) -> None:
    office = make_office(now="11-21 08:00")
    office.form(A, "11-16 23:00")
    office.form(B, "11-20 10:00")
    office.round()
    assert office.query("SELECT count(*) FROM messages") == [(1,)]
    assert office.query("SELECT state, count(*) FROM sightings GROUP BY state ORDER BY state") == [
        ("noted", 1), ("stored", 1),
    ]  # fmt: skip
    assert office.standing(A) is None


def test_a_folder_made_later_is_a_folder_never_seen(office: Office) -> None:
    office.round()
    office.server.store.create("联盟来信")
    office.form(A, "11-16 23:00", folder="联盟来信")
    office.form(B, "11-18 10:00", folder="联盟来信")
    office.round()
    assert (office.standing(A), office.kinds_to(B)) == (None, ["acknowledgement"])


def test_on_hold_everything_is_recorded_and_nothing_sent(make_office: MakeOffice) -> None:
    office = make_office(OUTBOX__MODE="hold")
    office.form(A, "11-18 09:00")
    office.write(B, "11-18 09:10", "咨询入盟", text="请问需要交会费吗？")
    office.round()
    assert office.server.names("smtp") == []
    assert office.letter_states() == [("acknowledgement", "waiting"), ("received", "waiting")]
    assert office.answers_of(A) == ("yes", "no")
    office.start(OUTBOX__MODE="send")
    office.round()
    assert office.kinds() == {A.email: ["acknowledgement"], B.email: ["received"]}


def test_a_restart_remembers_when_the_register_was_made(make_office: MakeOffice) -> None:
    office = make_office(now="11-21 08:00")
    office.form(C, "11-21 09:00")
    office.round()
    office.until("11-25 08:00")
    office.start()
    office.form(A, "11-24 09:00")
    office.round()
    assert office.kinds_to(A) == ["acknowledgement"]


def test_the_first_run_is_the_first_day_whichever_command_made_the_register(tmp_path: Path) -> None:
    register = Register.open(f"sqlite:///{tmp_path}/register.sqlite", at("12-01 09:00"))
    register.begin(at("11-18 09:00"))
    register.begin(at("11-25 09:00"))
    assert register.made_at == at("11-18 09:00")
    register.close()
    again = Register.open(f"sqlite:///{tmp_path}/register.sqlite", at("12-02 09:00"))
    assert again.made_at == at("11-18 09:00")
    again.close()
