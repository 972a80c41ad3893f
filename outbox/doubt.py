"""Letters whose fate is unknown: what a stopped program was sending, and what was lost after the final dot.

Settled in order: our reference found in the sent folder means sent (a bounce or reply that names
the letter settles it when that mail is recorded); else answers and digests go once more with the
same bytes and Message-ID, circulars and reminders stay in doubt for a person. Not finding a copy
proves nothing. Each letter is looked for once: whatever is in doubt after that is before a person,
and what was settled since is taken away again. What was done stands in `reply`, for the digest.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from typing import TypeAlias

from intake.errors import IntakeError
from storage import claims, finding_letters
from storage.doubtful import end_settled, has_settled, hold, waiting
from storage.letter_row import LetterRow
from storage.register import Register

FindSent: TypeAlias = Callable[[Sequence[LetterRow]], Collection[int]]

AGAIN = "存疑后按原文重发一次"
LOOKED = "存疑，已查“已发送”，未找到"
FOUND = "在“已发送”中找到"
INTERRUPTED = "发送时程序中断"
TRIED_OUT_WITHIN = timedelta(minutes=10)
NEVER_AGAIN = frozenset({"circular", "reminder"})


def settle_doubts(register: Register, find_sent: FindSent | None, now: datetime) -> IntakeError | None:
    """Bring interrupted letters into doubt, and settle what can be settled.

    `find_sent` gives the ids of the letters found in the sent folder; without it nothing is found.
    An IntakeError of it (mailbox out of reach) is given back and leaves the doubt for the next time.
    """
    with register.reading() as tx:
        interrupted = [one for one in finding_letters.interrupted(tx) if not _is_under_way(one, now)]
        doubtful = finding_letters.in_doubt(tx)
        before_a_person, settled = waiting(tx), has_settled(tx)
    if settled:
        with register.writing() as tx:
            end_settled(tx, now)
    if interrupted:
        with register.writing() as tx:
            for letter in interrupted:
                claims.settle(tx, letter.id, "doubt", now, with_mark(letter, INTERRUPTED))
            doubtful = finding_letters.in_doubt(tx)
    open_cases = [letter for letter in doubtful if letter.id not in before_a_person]
    if not open_cases:
        return None
    try:
        found = set(find_sent(open_cases)) if find_sent else set()
    except IntakeError as error:
        return error
    with register.writing() as tx:
        for letter in open_cases:
            state, reply = verdict(letter, letter.id in found)
            claims.settle(tx, letter.id, state, now, reply, next_at=now if state == "deferred" else None)
            if state == "doubt":
                hold(tx, letter, now)
    return None


def _is_under_way(letter: LetterRow, now: datetime) -> bool:
    """Whether another program may be sending it right now: a person tries letters out beside the daemon."""
    return bool(letter.facts.get("test") and letter.claimed_at and now - letter.claimed_at < TRIED_OUT_WITHIN)


def verdict(letter: LetterRow, found: bool) -> tuple[str, str]:
    """The state and the remark that settle one letter in doubt; pure."""
    said = letter.reply or ""
    if found:
        return "sent", f"{FOUND}；{said}"
    if letter.kind in NEVER_AGAIN or AGAIN in said:
        return "doubt", f"{LOOKED}；{said}"
    return "deferred", f"{AGAIN}；{said}"


def with_mark(letter: LetterRow, reply: str) -> str:
    """A reply to write down, keeping the mark of a letter that was sent once more."""
    return f"{AGAIN}；{reply}" if AGAIN in (letter.reply or "") and AGAIN not in reply else reply
