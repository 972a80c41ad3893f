"""What the outcome of one try means: for the letter, for the connection, and for what comes after; pure.

One table, read by the meaning that `providers.refusal` gives. A refusal that speaks of the account
or of this machine never costs a letter: the gate shuts and the letter waits. Only what speaks of
this letter or its recipient can be final.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Literal, TypeAlias

from intake.beijing import BEIJING
from intake.providers import Refusal, refusal
from outbox import retry
from outbox.outcomes import Doubt, Lost, Outcome, Refused, Sent
from storage import gates
from storage.letter_row import LetterRow

SMTP, SIGN_IN = "smtp", "smtp sign-in"
SLOWER = "smtp slower"  # a gate that does not stop letters, but widens the gap between them
SLOW_FOR = timedelta(hours=1)
QUARTER_HOUR, HOUR = timedelta(minutes=15), timedelta(hours=1)
SIGN_IN_HOURS, BLOCKED_HOURS = timedelta(hours=6), timedelta(hours=6)
SETUP_TRIES = 4  # a refusal of the set-up that follows one letter about is that letter's own after so many

FateState: TypeAlias = Literal["sent", "deferred", "refused", "doubt"]


@dataclass(frozen=True, slots=True)
class Shut:
    """A gate to shut; `until` None: until a person opens it."""

    name: str
    reason: str
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Fate:
    """How a try ended.

    `stop`: nothing more in this round; `reconnect`: on a new connection; `slow_until`: letters go
    further apart till then.
    """

    state: FateState
    reply: str = ""
    queue_id: str = ""
    next_at: datetime | None = None
    shut: Shut | None = None
    stop: bool = False
    reconnect: bool = False
    slow_until: datetime | None = None

    @property
    def plain(self) -> bool:
        """Nothing follows from it but the next letter."""
        return self.state == "sent" and not (self.stop or self.reconnect)


def fate(outcome: Outcome, letter: LetterRow, now: datetime, host: str) -> Fate:
    """Judge a try; `letter.tries` counts the tries before this one."""
    tries = letter.tries + 1
    if isinstance(outcome, Sent):
        return Fate("sent", outcome.text, outcome.queue_id)
    if isinstance(outcome, Doubt):
        return Fate("doubt", outcome.detail, reconnect=True)
    if isinstance(outcome, Lost):
        return _again(tries, 0, now, outcome.detail, reconnect=True)
    return _refused(outcome, refusal(outcome.code, outcome.text, host), letter, tries, now)


def _refused(outcome: Refused, meant: Refusal, letter: LetterRow, tries: int, now: datetime) -> Fate:
    reply = f"{outcome.code} {outcome.text}".strip()
    reason = f"{meant.remedy or '发信服务器拒绝发信'}（{reply}）"
    if meant.meaning == "campaign":
        shut = Shut(gates.of_campaign(letter.campaign), reason, None)
        return Fate("refused", reply, shut=shut, reconnect=outcome.code == 421)
    if meant.meaning == "setup" and (tries >= SETUP_TRIES or outcome.code == 552):  # 552: this letter is too large
        return Fate("refused", reply)
    if pause := _pause(meant, now):
        slow = pause + SLOW_FOR if meant.meaning == "slow" else None
        return Fate("deferred", reply, next_at=pause, shut=Shut(SMTP, reason, pause), stop=True, slow_until=slow)
    if meant.meaning == "signin":
        shut = Shut(SIGN_IN, reason, now + SIGN_IN_HOURS)
        return Fate("deferred", reply, next_at=now, shut=shut, stop=True)
    if meant.meaning == "reconnect" and outcome.code != 421 and tries < 3:  # MI:DMC: a new connection is enough
        return Fate("deferred", reply, next_at=now, reconnect=True)
    if meant.permanent:
        return Fate("refused", reply)
    return _again(tries, meant.wait_seconds, now, reply, reconnect=outcome.code == 421 or meant.meaning == "reconnect")


def _pause(meant: Refusal, now: datetime) -> datetime | None:
    """Until when nothing goes out at all; None where others may still go."""
    least = {"pause": QUARTER_HOUR, "slow": timedelta(minutes=2), "setup": HOUR, "blocked": BLOCKED_HOURS}
    if meant.meaning == "tomorrow":
        return next_day(now)
    if meant.meaning not in least:
        return None
    return now + max(least[meant.meaning], timedelta(seconds=meant.wait_seconds))


def next_day(now: datetime) -> datetime:
    """00:05 of the next day in Beijing, when daily caps have been counted anew."""
    tomorrow = now.astimezone(BEIJING).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time(0, 5), BEIJING)


def _again(tries: int, wait_seconds: int, now: datetime, reply: str, *, reconnect: bool) -> Fate:
    date = retry.next_try(tries, wait_seconds, now)
    if date is None:
        return Fate("refused", f"{reply}（已试{tries}次）", reconnect=reconnect)
    return Fate("deferred", reply, next_at=date, reconnect=reconnect)
