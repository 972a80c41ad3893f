"""What a roster would change is told before it is loaded, and loading does just that."""

from __future__ import annotations

from sqlalchemy import select
from storage_office import NOW

from storage import roster_changes, rosters, units
from storage.register import Register
from storage.roster_changes import AddressChange, Changes
from storage.rosters import RosterRow, Sheet
from storage.tables import unit_addresses
from storage.tables import units as units_table

A, B, C = "甲示例公司", "乙示例公司", "丙示例公司"


def row(name: str, *addresses: str, copies: tuple[str, ...] = (), line: int = 2) -> RosterRow:
    return RosterRow(line, name, addresses=addresses, copies=copies)


def compared(register: Register, *rows: RosterRow, unused: tuple[str, ...] = ()) -> Changes:
    with register.reading() as tx:
        return roster_changes.compare(tx, Sheet(rows, (), unused))


def loaded(register: Register, *rows: RosterRow, unused: tuple[str, ...] = ()) -> rosters.RosterReport:
    with register.writing() as tx:
        return rosters.load(tx, Sheet(rows, (), unused), NOW)


def roles(register: Register, name: str) -> dict[str, str]:
    with register.reading() as tx:
        found = units.find(tx, name)
        rows = tx.execute(select(unit_addresses).where(unit_addresses.c.unit_id == found))
        return {row.address: row.role for row in rows}


def listed(register: Register) -> set[str]:
    with register.reading() as tx:
        return set(tx.scalars(select(units_table.c.name).where(units.LISTED)))


def test_a_first_roster_is_all_new_and_asks_nobody(register: Register) -> None:
    changes = compared(register, row(A, "a@x.example.com"), row(B))
    assert (changes.before, changes.new, changes.many) == (0, (A, B), False)


def test_new_gone_moved_and_shared(register: Register) -> None:
    loaded(register, row(A, "a@x.example.com"), row(B, "b@x.example.com"), row(C, "c@x.example.com"))
    after = (row(A, "new@x.example.com"), row(C, "c@x.example.com"), row("丁示例公司", "c@x.example.com"))
    changes = compared(register, *after)
    assert changes == Changes(
        before=3,
        new=("丁示例公司",),
        gone=(B,),
        moved=(AddressChange(A, ("a@x.example.com",), ("new@x.example.com",)),),
        shared=(("c@x.example.com", (C, "丁示例公司")),),
    )
    assert (changes.count, changes.many) == (3, True)
    assert loaded(register, *after).left == 1
    assert listed(register) == {A, C, "丁示例公司"}
    assert compared(register, *after).count == 0


def test_a_tenth_is_not_yet_many(register: Register) -> None:
    rows = [row(f"示例{number}公司", f"u{number}@x.example.com") for number in range(10)]
    loaded(register, *rows)
    one, two = row("示例0公司", "n@x.example.com"), row("示例1公司", "m@x.example.com")
    assert not compared(register, one, *rows[1:]).many
    assert compared(register, one, two, *rows[2:]).many


def test_who_left_comes_back_as_the_same_unit(register: Register) -> None:
    loaded(register, row(A, "a@x.example.com"), row(B))
    loaded(register, row(B))
    assert listed(register) == {B}
    assert roles(register, A) == {"a@x.example.com": "main"}  # what is known of it stays
    assert compared(register, row(A, "a@x.example.com"), row(B)).new == (A,)
    assert loaded(register, row(A, "a@x.example.com"), row(B)).created == 0
    assert listed(register) == {A, B}


def test_a_row_that_cannot_be_used_does_not_send_its_unit_away(register: Register) -> None:
    loaded(register, row(A), row(B))
    assert compared(register, row(A), unused=(f"{B}（盖章）",)).gone == ()
    assert loaded(register, row(A), unused=(B,)).left == 0
    assert listed(register) == {A, B}


def test_a_renamed_unit_is_neither_new_nor_gone(register: Register) -> None:
    loaded(register, row(A, "a@x.example.com"))
    renamed = RosterRow(2, "新甲示例公司", former=(A,), addresses=("a@x.example.com",))
    assert compared(register, renamed).count == 0


def test_the_first_address_is_the_one_to_write_to(register: Register) -> None:
    loaded(register, row(A, "a@x.example.com", "b@x.example.com", copies=("c@x.example.com",)))
    assert roles(register, A) == {"a@x.example.com": "main", "b@x.example.com": "copy", "c@x.example.com": "copy"}
    swapped = row(A, "b@x.example.com", copies=("a@x.example.com",))
    assert compared(register, swapped).moved[0].after == ("b@x.example.com", "a@x.example.com")
    loaded(register, swapped)
    assert roles(register, A) == {"b@x.example.com": "main", "a@x.example.com": "copy"}
