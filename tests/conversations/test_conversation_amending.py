"""A person corrects what stands of a unit, and then further mails come."""

from __future__ import annotations

from conversations.office_in_memory import Office, roster_row, without_member

from program.demo.units import Unit
from scheduler import amending
from storage import units

(A,) = without_member(1)


def correct(office: Office, unit: Unit, values: dict[str, str], answers: dict[str, str]) -> None:
    asked = amending.Amendment(values, answers, "来电告知", "刘", "shell")
    with office.works.register.writing() as tx:
        unit_id = units.find(tx, unit.name)
        assert unit_id is not None
        assert amending.amend(tx, office.works.campaigns[0], unit_id, asked, office.clock.now())


def test_a_corrected_value_stands_until_the_same_sender_says_otherwise(office: Office) -> None:
    office.form(A, "11-18 09:00")
    office.round()
    correct(office, A, {"contact": "李示例"}, {"join": "no"})
    office.form(A, "11-18 10:00", "no", title="主任")
    office.round()
    now = office.standing(A)
    assert now is not None
    assert (now.values["contact"], now.values["title"], now.join) == (A.contact, "主任", "no")
    assert office.held() == ["decided-differs"]
    (row,) = office.held_rows()
    assert "“联系人姓名”" in row.sentence
    assert "与人工决定不同" in row.sentence
    office.decide("已处理")
    office.round()
    assert office.held() == []


def test_a_corrected_value_withstands_another_sender_and_reading_again(office: Office) -> None:
    office.roster(roster_row(A, addresses=(A.email, "other@unit.example.net")))
    office.allow(A, "other@unit.example.net")
    office.form(A, "11-18 09:00")
    office.round()
    correct(office, A, {"contact": "李示例"}, {})
    office.form(A, "11-18 10:00", sender="other@unit.example.net", title="主任")
    office.round()
    assert office.standing(A).values["contact"] == "李示例"  # type: ignore[union-attr]
    assert office.held() == ["decided-differs"]
    office.retry(office.held_rows()[0].reference)
    office.round()
    assert office.standing(A).values["contact"] == "李示例"  # type: ignore[union-attr]
    office.form(A, "11-18 11:00", sender="other@unit.example.net", contact="李示例", title="处长")
    office.round()
    decided = """SELECT json_extract("values", '$.contact.decided_by') FROM submissions WHERE state = 'standing'"""
    assert office.query(decided) == [("刘",)]
