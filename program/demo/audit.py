"""Holds what the daemon did against what the simulated units really said; every difference is a sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from email.parser import BytesHeaderParser

from sqlalchemy import Connection, select

from program.demo import audit_digests, audit_notice, audit_owed, audit_reminders, lists
from program.demo.events import Corrected, Entered, Errand, Standing, Ticked
from program.demo.play import Played
from program.demo.story import Story
from storage.tables import audits, choices, held, letters, messages, submissions

WENT_OUT = ("sent", "bounced")
OF_THEMSELVES = ("circular", "reminder", "question", "digest", "worklist")  # they answer no mail; others look at them

ACTS = {  # what each thing done by hand is called in the audit
    Entered: ("submission",), Corrected: ("amend",), Ticked: ("owed",), Errand: ("roster", "circular"),
}  # fmt: skip


def differences(story: Story, played: Played) -> list[str]:
    """All that differs; an empty list is a passed demonstration."""
    with played.works.register.reading() as tx:
        return [
            *_of_units(tx, story),
            *_of_letters(tx, story),
            *_of_held(tx, story),
            *_of_mails(tx, story),
            *_by_hand(tx, story),
            *audit_notice.differences(tx, story),
            *audit_reminders.differences(tx, story),
            *audit_owed.differences(tx, story),
            *audit_digests.differences(tx, story, played),
            *lists.differences(tx, story, played),
            *_of_the_wire(tx, played),
        ]


def standings(tx: Connection) -> dict[str, Standing]:
    """How each unit stands in the register, by name."""
    rows = tx.execute(select(submissions).where(submissions.c.state == "standing")).all()
    answers = {(row.submission_id, row.key): row.answer for row in tx.execute(select(choices))}
    return {
        row.unit_name: Standing(answers[row.id, "join"], answers[row.id, "member"], row.late)
        for row in sorted(rows, key=lambda row: row.unit_name)
    }


def _of_units(tx: Connection, story: Story) -> Iterator[str]:
    found = standings(tx)
    for name in sorted(found.keys() | story.truth.keys()):
        if found.get(name) != story.truth.get(name):
            yield f"{name}：登记为{found.get(name, '（无）')}，实际为{story.truth.get(name, '（无）')}"


def _of_letters(tx: Connection, story: Story) -> Iterator[str]:
    """The letters that answer a mail."""
    expected = Counter((event.sender, kind) for event in story.events for kind in event.letters)
    expected += Counter((one.receipt_to, "acknowledgement") for one in story.entered if one.receipt_to)
    answers = letters.c.state.in_(WENT_OUT) & letters.c.kind.not_in(OF_THEMSELVES)
    rows = tx.execute(select(letters.c.recipient, letters.c.kind).where(answers))
    found = Counter((row.recipient, row.kind) for row in rows)
    for key in sorted(expected | found):
        if expected[key] != found[key]:
            yield f"给{key[0]}的信（{key[1]}）：发了{found[key]}封，应为{expected[key]}封"


def _of_held(tx: Connection, story: Story) -> Iterator[str]:
    """What waits for a person because of a mail."""
    expected = Counter((event.sender, reason) for event in story.events for reason in event.held)
    rows = tx.execute(select(messages.c.sender, held.c.reason).join_from(held, messages))
    found = Counter((row.sender, row.reason) for row in rows)
    for key in sorted(expected | found):
        if expected[key] != found[key]:
            yield f"{key[0]}的待办（{key[1]}）：有{found[key]}件，应为{expected[key]}件"


def _of_mails(tx: Connection, story: Story) -> Iterator[str]:
    states = Counter(tx.scalars(select(messages.c.state)))
    came = len(story.events) + len(story.entered)
    if states.total() != came or states["received"]:
        yield f"来信和代录共{came}封，登记库中有{states.total()}封，其中{states['received']}封未处理"


def _by_hand(tx: Connection, story: Story) -> Iterator[str]:
    """What was entered stands with its channel and true time, and each act of the shell in the audit, once."""
    for one in story.entered:
        where = (submissions.c.unit_name == one.of.name, submissions.c.state == "standing")
        row = tx.execute(select(submissions).where(*where)).first()
        if row is None or (row.channel, row.received_at) != (one.channel, one.came):
            yield f"{one.of.name}的代录有误：{row and (row.channel, row.received_at)}"
    acts = Counter(what for errand in story.errands for what in ACTS[type(errand)])
    noted = Counter(tx.scalars(select(audits.c.what).where(audits.c.through == "shell")))
    if noted != acts:
        yield f"人工处理应记{dict(acts)}，记了{dict(noted)}"


def _of_the_wire(tx: Connection, played: Played) -> Iterator[str]:
    """What the server took is what the register says was sent, each letter once."""
    heads = (letter.raw.partition(b"\r\n\r\n")[0] for letter in played.servers.submitted)
    ids = Counter(str(BytesHeaderParser().parsebytes(head)["Message-ID"]) for head in heads)
    where = (letters.c.state.in_(WENT_OUT), letters.c.merged_into_id.is_(None))
    recorded = set(tx.scalars(select(letters.c.message_id).where(*where)))
    yield from (f"{id_} 发了{count}次" for id_, count in ids.items() if count > 1)
    if set(ids) != recorded:
        yield f"发出的信与登记不符：{sorted(set(ids) ^ recorded)}"
