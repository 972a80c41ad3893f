"""The circular held against the story: one to each unit, and one more only where an address was corrected;
each delivery failure tied to its letter, its unit and the mail that told of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, select

from program.demo.events import Returned
from program.demo.story import Story
from storage.tables import dead_addresses, letters, messages, units


def differences(tx: Connection, story: Story) -> Iterator[str]:
    sent = [row for row in rows(tx) if row.kind == "circular" and row.state in ("sent", "bounced")]
    yield from _of_circulars(sent, story)
    yield from _of_returned(tx, story)


def rows(tx: Connection) -> list[Any]:
    """Letters to units with their unit's name, oldest first."""
    columns = (*letters.c, units.c.name.label("unit"))
    return list(tx.execute(select(*columns).join_from(letters, units).order_by(letters.c.id)))


def _of_circulars(sent: list[Any], story: Story) -> Iterator[str]:
    expected = Counter((unit.name, unit.email) for unit in story.units)
    expected += Counter((one.unit, one.corrected) for one in story.returned if one.corrected)
    found = Counter((row.unit, row.recipient) for row in sent)
    for name, address in sorted(expected | found):
        if expected[name, address] != found[name, address]:
            yield f"{name}（{address}）：通知发了{found[name, address]}封，应为{expected[name, address]}封"


def _of_returned(tx: Connection, story: Story) -> Iterator[str]:
    by_address = {(row.recipient, row.kind): row for row in rows(tx)}
    for one in story.returned:
        letter = by_address.get((one.address, one.kind))
        if letter is None or letter.unit != one.unit:
            yield f"{one.unit}的退信没有对到信函"
        elif letter.state != ("bounced" if one.permanent else "sent") or not letter.reply:
            yield f"{one.unit}的信函登记为{letter.state}（{letter.reply}），退信为{'永久' if one.permanent else '暂时'}"
    yield from _of_addresses(tx, story)
    lost = {(row.unit, row.recipient) for row in by_address.values() if row.state == "bounced"}
    for name, address in sorted(lost - {(one.unit, one.address) for one in story.returned if one.permanent}):
        yield f"发给{name}（{address}）的信函并未被退回，却登记为退信"


def _of_addresses(tx: Connection, story: Story) -> Iterator[str]:
    """Only failures for good mark an address, each with its letter and the mail that told of it."""
    statement = (
        select(dead_addresses.c.address, letters.c.recipient, messages.c.kind, messages.c.received_at)
        .join_from(dead_addresses, letters)
        .join(messages, messages.c.id == dead_addresses.c.message_id)
    )
    found = {row.address: row for row in tx.execute(statement)}
    expected: dict[str, Returned] = {one.address: one for one in story.returned if one.permanent}
    for address in sorted(found.keys() ^ expected.keys()):
        yield f"{address}：{'误标为退信地址' if address in found else '未标为退信地址'}"
    for address in sorted(found.keys() & expected.keys()):
        row, told_at = found[address], expected[address].told_at
        if row.recipient != address or row.kind != "bounce" or row.received_at != told_at:
            yield f"{address}：退信地址的依据不是该封退信"
