"""Where a run can be stopped: every commit point and between. Each name installs a SIGKILL at that point.

A few names do not kill but take something away: room on the disk, or a child's good manners.
"""

from __future__ import annotations

import errno
import functools
import itertools
import os
import signal
import smtplib
import threading
import time
from collections.abc import Callable
from typing import Any, NoReturn

from outbox import settling, smtp
from scheduler import (
    alerting,
    approving,
    briefing,
    briefing_drafts,
    clock,
    deputising,
    following,
    handling,
    jobs,
    receiving,
    reminding,
    secretariat,
    stored,
)
from storage import (
    alerts,
    approvals,
    audits,
    briefed,
    chasing,
    circulars,
    claims,
    durable,
    entering,
    handwritten,
    held,
    letter_files,
    letters,
    mails,
    outages,
    rawmails,
    register,
    reminders,
    rosters,
    tokens,
    undoing,
)  # fmt: skip

Install = Callable[[int], None]


def die() -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


def before(owner: Any, name: str, when: Callable[..., bool] = lambda *args, **options: True) -> Install:
    return lambda nth: _wrap(owner, name, when, nth, first=True)


def after(owner: Any, name: str, when: Callable[..., bool] = lambda *args, **options: True) -> Install:
    return lambda nth: _wrap(owner, name, when, nth, first=False)


def _wrap(owner: Any, name: str, when: Callable[..., bool], nth: int, *, first: bool) -> None:
    original, passed = getattr(owner, name), itertools.count(1)

    @functools.wraps(original)
    def stopping(*args: Any, **options: Any) -> Any:
        last = when(*args, **options) and next(passed) == nth
        if last and first:
            die()
        result = original(*args, **options)
        if last:
            die()
        return result

    setattr(owner, name, stopping)


def _half_a_file(nth: int) -> None:
    write, passed = durable._write_whole, itertools.count(1)

    def half(handle: int, raw: bytes) -> None:
        if next(passed) == nth:
            os.write(handle, raw[: len(raw) // 2])
            die()
        write(handle, raw)

    durable._write_whole = half


def _half_a_letter(nth: int) -> None:
    write, passed = smtp.Session._write, itertools.count(1)

    def half(self: smtp.Session, octets: bytes) -> None:
        if len(octets) > 10 and next(passed) == nth:
            write(self, octets[: len(octets) // 2])
            die()
        write(self, octets)

    smtp.Session._write = half  # type: ignore[method-assign]


def _no_room_for_mails(nth: int) -> None:
    write, passed = durable._write_whole, itertools.count(1)

    def full(handle: int, raw: bytes) -> None:
        if next(passed) >= nth:
            os.write(handle, raw[:100])
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        write(handle, raw)

    durable._write_whole = full


def _no_room_in_the_register(nth: int) -> None:
    """SQLite itself says that the disk is full: it may have `nth` more pages and no other."""
    prepare = register._prepare

    def limited(connection: Any, record: Any) -> None:
        prepare(connection, record)
        ((pages,),) = connection.execute("PRAGMA page_count").fetchall()
        limited_to = pages_allowed.setdefault("most", pages + nth)
        connection.execute(f"PRAGMA max_page_count = {limited_to}").close()

    pages_allowed: dict[str, int] = {}
    register._prepare = limited


def _harm_in_children(nth: int) -> None:
    from conversations import hostile_reading

    stored.read_stored = hostile_reading.read_stored


def _little_patience(nth: int) -> None:
    """A stop waits a second for the job at work, instead of eight."""
    clock.STOP_SECONDS = 1.0


def _signals_go_elsewhere(nth: int) -> None:
    """The kernel may hand a process's signal to any of its threads; here it never hands it to the main one."""
    threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})


def _says(word: str) -> Callable[..., bool]:
    return lambda session, *steps: any(command.startswith(word) for command, _ in steps)


def _is_dot(session: smtp.Session, octets: bytes) -> bool:
    return octets == b".\r\n"


STOPS: dict[str, Install] = {
    # commit 1: raw bytes, then rows
    "before the raw files": before(rawmails.RawMails, "put_all"),
    "half a raw file": _half_a_file,
    "between raw files and rows": before(mails, "receive"),
    "rows not committed": after(mails, "receive"),
    "rows committed": after(receiving.Receiving, "_store"),
    "before the mark": before(receiving.Receiving, "_finish"),
    "after the mark": after(receiving.Receiving, "_finish"),
    # commit 2: what was decided
    "before reading": before(handling.Handling, "handle"),
    "read, not recorded": before(handling, "record"),
    "recorded, not committed": after(handling, "record"),
    "recorded and committed": before(handling.Handling, "_count"),
    # commit 3: the claim
    "before the letters": before(jobs.Jobs, "_deliver"),
    "before the claim": before(claims, "claim"),
    "claimed, not committed": after(claims, "claim"),
    "claimed, nothing said": before(smtp.Session, "send"),
    "after MAIL FROM": after(smtplib.SMTP, "send", lambda _, said: str(said).startswith("MAIL FROM")),
    "after RCPT TO": after(smtp.Session, "_refusal", _says("RCPT TO")),
    "after DATA": after(smtp.Session, "_refusal", _says("DATA")),
    "half a letter": _half_a_letter,
    "before the final dot": before(smtp.Session, "_write", _is_dot),
    # commit 4: its fate
    "after the final dot": before(smtp.Session, "_after_the_dot"),
    "after the reply": after(smtp.Session, "_after_the_dot"),
    "fate not committed": after(claims, "settle"),
    "fate committed": after(settling.Settling, "written", lambda settling_: True),
    "before goodbye": before(smtp.Session, "close"),
    # no room
    "no room for mails": _no_room_for_mails,
    "no room in the register": _no_room_in_the_register,
    # a round of reminders
    "before a round": before(reminding.Reminding, "_write"),
    "letters of a round written": after(reminders, "write"),
    "round not committed": after(reminders, "finish"),
    "round committed": after(reminding.Reminding, "_queue"),
    # follow-ups
    "step not committed": after(chasing, "write_letter"),
    "step committed": after(following.Following, "_follow_unit"),
    "handed, not committed": after(chasing, "hand_over"),
    "handed over": after(following.Following, "_follow_unit"),
    # a notice
    "before the roster": before(rosters, "load"),
    "roster not committed": after(rosters, "load"),
    "before some letters": before(circulars, "queue"),
    "letter of a notice written": after(letters, "write"),
    "some letters not committed": after(circulars, "queue"),
    # decisions by mail
    "decided, not noted": after(held, "decide"),
    "noted, no token used": after(audits, "note"),
    "undone, not noted": after(undoing, "undo"),
    "token used, nobody told": after(tokens, "use"),
    "told, not committed": after(secretariat.Secretariat, "tell_others"),
    "deputy told, not marked": before(deputising.notes, "write"),
    "deputy told, not committed": after(deputising.notes, "write"),
    # the sent folder
    "seen by hand, not committed": after(handwritten, "see"),
    "seen by hand": after(receiving.Receiving, "_read_history"),
    "before relating": before(receiving.Receiving, "relate"),
    "related, not committed": after(handwritten, "relate"),
    # approval
    "letter shown, not committed": after(approvals, "show"),
    "letters shown, nobody asked": before(approving.Approving, "_ask"),
    "asked, not marked": before(approvals, "asked"),
    "asked, not committed": after(approvals, "asked"),
    "asked": after(approving.Approving, "_ask"),
    # digests
    "before the tokens": before(briefing_drafts.Drafting, "_issue"),
    "tokens kept": after(briefing_drafts.Drafting, "_issue"),
    "before the digest": before(briefed, "write"),
    "digest not committed": after(briefed, "write"),
    "digest committed": after(briefing.Briefings, "_keep"),
    # bytes of letters moved
    "letters in files, rows full": after(letter_files.LetterFiles, "keep"),
    "rows emptied, not committed": after(letter_files, "empty"),
    # alerts
    "outage not committed": after(outages, "failed"),
    "outage committed": after(alerting.Alerting, "failed"),
    "alert claimed, not committed": after(alerts, "begin"),
    "alert letter written": after(secretariat.Secretariat, "write"),
    "alert claimed": before(alerting.Alerting, "_tell_by"),
    "told, not noted": before(alerts, "told", lambda tx, key, now: key[2] == "command"),
    "told and noted": after(alerting.Alerting, "_tell_by"),
    # by hand
    "between raw file and entry": before(mails, "enter"),
    "entry noted": after(entering, "note"),
    # others
    "harm in children": _harm_in_children,
    "little patience": _little_patience,
    "signals go elsewhere": _signals_go_elsewhere,
}


def install(names: str, nth: int) -> None:
    """Several names may be joined by a plus."""
    for name in names.split("+"):
        STOPS[name](nth)
