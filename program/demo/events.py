"""The nouns of the story, and how a sample unit mails.

An event says when a mail arrives, how it is made, which letters its sender must then get, and what
must be held for a person. The daemon sees only the mails.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.message import Message
from typing import Protocol, TypeAlias

from intake.beijing import BEIJING
from program.demo import forms, mails
from program.demo.forms import Answers
from program.demo.mails import MANNERS, File
from program.demo.units import UNITS, Unit

FORM_FILE = "入盟意向书.docx"


class Post(Protocol):
    """The letters that were sent so far."""

    def first(self, address: str) -> Message:
        """The first letter to an address: the circular."""

    def latest(self, address: str) -> Message:
        """The newest letter to an address."""


Make: TypeAlias = Callable[[Post], bytes]


@dataclass(frozen=True, slots=True)
class Event:
    """One mail: `make` gets the letters sent so far (to answer or bounce one) and gives raw bytes.

    `letters` are the kinds that its sender must then get, `held` the reasons for which it must wait for
    a person. `alive`: it shows that its sender has heard of the notice.
    """

    at: datetime
    what: str
    sender: str
    make: Make
    letters: tuple[str, ...] = ()
    held: tuple[str, ...] = ()
    folder: str = "INBOX"
    alive: bool = True


@dataclass(frozen=True, slots=True)
class Errand:
    """The secretariat loads a roster and sends the notice to whom it is due by it."""

    at: datetime
    what: str
    roster: tuple[Unit, ...]


@dataclass(frozen=True, slots=True)
class Ticked:
    """The secretariat notes that something owed has arrived: `intake followup received`."""

    at: datetime
    what: str
    unit: str
    awaits: str


@dataclass(frozen=True, slots=True)
class Entered:
    """The secretariat records a form that came another way: `intake enter`. `came` is when it truly did.

    `file` None: a telephone call. The receipt goes to `receipt_to`, "" for nowhere.
    """

    at: datetime
    what: str
    of: Unit
    filled: Answers
    channel: str
    came: datetime
    file: File | None = None
    receipt_to: str = ""


@dataclass(frozen=True, slots=True)
class Corrected:
    """The secretariat corrects what stands of a unit: `intake amend`, as typed."""

    at: datetime
    what: str
    unit: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """How a unit must stand at the end: both answers, and whether its form was late."""

    join: str
    member: str
    late: bool = False


@dataclass(frozen=True, slots=True)
class Returned:
    """A letter to a unit that came back: from where, for good or for now, and the address given instead."""

    unit: str
    address: str
    permanent: bool
    corrected: str = ""
    kind: str = "circular"
    told_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Owed:
    """What a unit owed and how that must end: how often it was reminded, and whether a person was told."""

    unit: str
    awaits: str
    state: str
    reminders: int = 0
    handed: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """What a part of the story adds: mails, and what must be true at the end."""

    events: tuple[Event, ...] = ()
    ticked: tuple[Ticked, ...] = ()
    truth: Mapping[str, Standing] = field(default_factory=dict)
    returned: tuple[Returned, ...] = ()
    owed: tuple[Owed, ...] = ()
    by_hand: tuple[Entered | Corrected, ...] = ()


Chapter: TypeAlias = Iterator[Told]


def at(day: str, time: str) -> datetime:
    """A Beijing moment of 2016, from `11-17` and `09:30` or `17:00:01`."""
    return datetime.fromisoformat(f"2016-{day}T{time}").replace(tzinfo=BEIJING)


def one(event: Event, name: str = "", standing: Standing | None = None) -> Told:
    """A mail, and how it leaves the unit of that name."""
    return Told((event,), truth={name: standing} if standing else {})


def unit(number: int) -> Unit:
    """The sample unit of a number, from 1."""
    return UNITS[number - 1]


def answers(of: Unit, join: str, member: str = "blank", **changed: str) -> Answers:
    return Answers({**of.values, **changed}, join, member)


def mail_of(of: Unit, when: datetime, subject: str, **mail: object) -> Make:
    """A new mail of a unit, in the manner of its mail program."""
    return lambda _: mails.compose(_manner(of), (of.contact, of.email), when, subject, **mail)  # type: ignore[arg-type]


def form_mail(of: Unit, when: datetime, filled: Answers, mark: str) -> Make:
    """A mail with the form as a Word file of the unit's own making."""
    file = File(f"{of.name}{FORM_FILE}", forms.docx(filled, mark))
    return mail_of(of, when, f"{of.name}入盟意向书", text="您好，意向书见附件，请查收。", files=[file])


def filled_circular(of: Unit, when: datetime, filled: Answers, mark: str) -> Make:
    """An answer to the circular with the very form that came with it, filled in."""

    def make(post: Post) -> bytes:
        letter = post.first(of.email)
        name, form = _form_in(letter)
        file = File(name, forms.complete(form, filled, mark))
        return _answer(of, when, letter, "您好，意向书已填好，见附件。", [file])

    return make


def reply(of: Unit, when: datetime, text: str) -> Make:
    """An answer to the newest letter."""
    return lambda post: _answer(of, when, post.latest(of.email), text)


def _answer(of: Unit, when: datetime, letter: Message, text: str, files: Iterable[File] = ()) -> bytes:
    who = (of.contact, of.email)
    return mails.compose(_manner(of), who, when, "Re: 入盟意向书", text=text, files=list(files), reply_to=letter)


def _manner(of: Unit) -> mails.Manner:
    return MANNERS[of.number % len(MANNERS)]


def _form_in(letter: Message) -> tuple[str, bytes]:
    for part in letter.walk():
        name = part.get_filename() or ""
        content = part.get_payload(decode=True)
        if "意向书" in name and isinstance(content, bytes):
            return name, content
    raise LookupError(f"no form in the letter to {letter['To']}")
