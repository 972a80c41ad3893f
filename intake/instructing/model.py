"""The nouns of an instruction: plain data, safe to send from a child process."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from intake.instructing.true_time import Said

Verb: TypeAlias = Literal["find", "tally", "members", "unanswered", "pause", "resume", "enter", "help"]


@dataclass(frozen=True, slots=True)
class Code:
    """A reference with a token, in capitals, and what else stands on its line (or below it, where nothing does)."""

    reference: str
    token: str
    rest: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """A staff mail's wish: `about` is the name to find; the others are of a form entered for a unit.

    `channel` and `when` (as written) say how and when it came, `address` where its receipt goes.
    """

    verb: Verb
    about: str = ""
    channel: str = ""
    address: str = ""
    when: Said | None = None


@dataclass(frozen=True, slots=True)
class Instruction:
    """What a mail says to the daemon.

    `codes` are newly written, `quoted` stand in the quote only; `bare` are what could be references, written
    without a token; `lone` are decision words on lines with nothing else. `nods`: little more is written than a
    word of agreement, or nothing.
    `forged`: the provider's own checks say that somebody else sent it.
    """

    codes: tuple[Code, ...] = ()
    bare: tuple[str, ...] = ()
    quoted: tuple[Code, ...] = ()
    lone: tuple[str, ...] = ()
    requests: tuple[Request, ...] = ()
    nods: bool = False
    forged: bool = False


NOTHING = Instruction()
