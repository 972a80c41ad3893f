"""The nouns of the trip: frozen, made of plain data, safe to send to and from a child process.

Times are aware and in UTC unless a name says otherwise. Addresses are lower case.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, TypeAlias

from intake.instructing.model import NOTHING, Instruction
from intake.stages import Material

YES, NO, BLANK, UNCLEAR = "yes", "no", "blank", "unclear"
ANSWERS = {YES: "是", NO: "否", BLANK: "未填写", UNCLEAR: "待确认"}  # as the office writes them

Kind: TypeAlias = Literal[
    "form",
    "attempt",
    "question",
    "statement",
    "courtesy",
    "unrelated",
    "staff",
    "bounce",
    "auto-reply",
    "list",
    "receipt",
    "recall",
    "own",
]
LetterKind: TypeAlias = Literal[
    "acknowledgement",
    "received",
    "repeat",
    "correction",
    "late",
    "no-form",
    "unreadable",
    "cloud-link",
    "question",
    "reminder",
    "circular",
    "digest",
    "worklist",
    "alert",
    "confirmation",
]
Lateness: TypeAlias = Literal["in time", "late", "disputed"]
FetchFault: TypeAlias = Literal["", "missing", "short", "oversized"]


# ---- from the mailbox -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sighting:
    """Where a mail lies: unique in the mailbox (RFC 9051, 2.3.1.1)."""

    account: str
    folder: str
    uidvalidity: int
    uid: int


@dataclass(frozen=True, slots=True)
class RawMail:
    """One mail as the server gave it.

    `fault` is "" for a whole mail. `missing`: the server answered without a literal; `short`: the
    literal was shorter than RFC822.SIZE; both leave `raw` empty. `oversized`: over the size cap,
    `raw` holds the header section only.
    """

    sighting: Sighting
    internal_date: datetime
    size: int
    raw: bytes = field(repr=False)
    fault: FetchFault = ""


# ---- what a mail holds ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Address:
    email: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A file that came with a mail, at any depth.

    `format` is decided by content, never by name (docx, xlsx, doc, pdf, jpg, zip, eml ...; "" where
    unknown). `containers` names the mails and archives it was in, outermost first.
    """

    name: str
    content: bytes = field(repr=False)
    media_type: str = ""
    format: str = ""
    containers: tuple[str, ...] = ()
    content_id: str = ""
    inline: bool = False


@dataclass(frozen=True, slots=True)
class Message:
    """A decoded mail. Never raised over: whatever could not be decoded is named in `faults`.

    `new_text` is what the sender wrote in this mail, `quoted_text` what is quoted below or between
    it; the same for `new_html` and `quoted_html` (serialised HTML, "" where the mail has none).
    `headers` are all header fields in order, names in lower case, values decoded to text.
    `top_received` is the time of the topmost Received field (RFC 5321, 4.4), None where unusable.
    """

    message_id: str = ""
    sender: Address = Address("")
    reply_to: tuple[Address, ...] = ()
    recipients: tuple[Address, ...] = ()
    subject: str = ""
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    media_type: str = ""
    top_received: datetime | None = None
    new_text: str = field(default="", repr=False)
    quoted_text: str = field(default="", repr=False)
    new_html: str = field(default="", repr=False)
    quoted_html: str = field(default="", repr=False)
    parts: tuple[Part, ...] = field(default=(), repr=False)
    reports: tuple[bytes, ...] = field(default=(), repr=False)  # message/delivery-status and the like, raw
    faults: tuple[str, ...] = ()

    def header(self, name: str) -> str:
        """The first header field of that name (lower case), or ""."""
        return next((value for key, value in self.headers if key == name), "")


# ---- what a form says -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Value:
    """A field as read: normalised text, where it stood (第2行第2列), and what was mended, if anything."""

    text: str
    place: str = ""
    mended: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer. `answer` is yes, no, blank, unclear, or for other options their own words joined by ";".

    `cutout` is a small PNG of its place on the page where it was read from pixels.
    """

    key: str
    answer: str
    evidence: str = ""
    place: str = ""
    already_member: bool = False
    cutout: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something a person should know about a form; `code` is stable, `sentence` Chinese.

    Codes: missing, unclear, blank, suspicious (a value that looks wrong), mended, swapped, drawn (read from pixels).
    """

    code: str
    field: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Form:
    """One filled form. `campaign` is the id of the FormSpec it matched; `source` the file's name, or 邮件正文.

    `quoted`: the answers were typed into a quoted form (引文内填写). `drawn`: read from pixels. `hint`: the
    hidden key of a form that we had filled in for a unit; the name that it shows goes before.
    """

    campaign: str
    source: str
    values: Mapping[str, Value]
    choices: Mapping[str, Choice]
    problems: tuple[Problem, ...] = ()
    rows: tuple[Mapping[str, str], ...] = ()
    quoted: bool = False
    drawn: bool = False
    hint: str = ""

    def value(self, key: str) -> str:
        found = self.values.get(key)
        return found.text if found else ""


@dataclass(frozen=True, slots=True)
class Fragment:
    """Labelled values of a reply that holds no form: `form` has these values and nothing else.

    `rest` are the words below them (a name, or a sentence for a person); `clean` is False where a value is not
    valid of its kind, a field has two, or words stand before them, so that only a person can tell.
    """

    form: Form
    rest: tuple[str, ...] = ()
    clean: bool = True


@dataclass(frozen=True, slots=True)
class FileFault:
    """A file that could not be read: a code of the contract and one Chinese sentence with the remedy."""

    source: str
    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class FileSeen:
    """A file of a mail; `opening` are the first characters of a document that could be read."""

    name: str
    format: str
    size: int
    opening: str = ""


@dataclass(frozen=True, slots=True)
class Bounce:
    """What a delivery failure says (RFC 3464). `original_id` is the Message-ID of our letter, or "".

    `of_letter`: the letter itself was refused (taken for spam, too large, our server on a list), which
    says nothing against the address.
    """

    original_id: str = ""
    recipients: tuple[str, ...] = ()
    permanent: bool = False
    diagnostic: str = ""
    of_letter: bool = False


@dataclass(frozen=True, slots=True)
class Signs:
    """What a mail shows by itself, before anything is known of its sender; the classifier's whole input.

    `words` are the campaign's words found in new subject, new body or file names; `refs` our short
    references found in subject or text; `sentence` the sentence of a statement, quoted.
    """

    own: bool = False
    bounce: bool = False
    auto_reply: bool = False
    mailing_list: bool = False
    read_receipt: bool = False
    recall: bool = False
    forms: int = 0
    blank_forms: int = 0  # untouched copies of the blank form
    strangers: int = 0  # filled forms of a notice that is no campaign
    form_like: bool = False  # an attachment that could hold a form, readable or not
    cloud_link: str = ""  # the service's name in Chinese
    words: tuple[str, ...] = ()
    courtesy: bool = False
    question: bool = False
    sentence: str = ""
    refs: tuple[str, ...] = ()
    hits: tuple[str, ...] = ()  # names of the header and wording rules that matched


@dataclass(frozen=True, slots=True)
class Ties:
    """What the register knows of a mail's sender; nothing is known when a file is read alone."""

    own: bool = False  # our header or Message-ID
    staff: bool = False
    known_sender: bool = False  # roster, an earlier form, or a reply to our letter


@dataclass(frozen=True, slots=True)
class Verdict:
    """A kind, with the names of the rows of the table that decided it."""

    kind: Kind
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """All that one mail says: the result of the child process, and the input of deciding.

    `fingerprint` is a hex SHA-256 over sender, decoded body and attachments' contents: the same
    for a resend with another Message-ID.
    """

    message_id: str
    sender: Address
    reply_to: tuple[Address, ...]
    subject: str
    answers_to: tuple[str, ...]  # Message-IDs of In-Reply-To and References
    top_received: datetime | None
    fingerprint: str
    signs: Signs
    verdict: Verdict
    forms: tuple[Form, ...] = ()
    faults: tuple[FileFault, ...] = ()
    files: tuple[FileSeen, ...] = ()
    bounce: Bounce | None = None
    excerpt: str = ""  # the first 500 characters newly written, for a person
    fragments: tuple[Fragment, ...] = ()  # one a definition at most; only in a reply that holds no form
    instruction: Instruction = NOTHING  # what it would tell the daemon, if it came from the secretariat


# ---- what is known ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class UnitKnown:
    """What the register holds of the unit that a form names.

    `unit_id` is None for a name never seen; `near` are names so close that a person must say
    whether they are the same. `member` is None where no roster says.
    """

    unit_id: int | None = None
    name: str = ""
    near: tuple[str, ...] = ()
    on_roster: bool = False
    member: bool | None = None
    roster_addresses: tuple[str, ...] = ()
    deadline: datetime | None = None  # a later one than the campaign's own, where the unit was given one
    joined: bool = False  # its data change only with a person's word


@dataclass(frozen=True, slots=True)
class Earlier:
    """The standing submission of a unit in this campaign."""

    submission_id: int
    unit_id: int
    sender: str
    received_at: datetime
    lateness: Lateness
    receipt: str
    values: Mapping[str, Value]
    choices: Mapping[str, Choice]
    decided: frozenset[str] = frozenset()  # keys that a person decided
    asked: frozenset[str] = frozenset()  # keys asked of the unit and still open
    asked_due: datetime | None = None
    original_in_time: bool = True  # the first form of this chain came in time
    same_mail: bool = False  # it came from the very mail that is decided now, read again for a person


@dataclass(frozen=True, slots=True)
class LetterKnown:
    letter_id: int
    kind: LetterKind
    recipient: str
    unit_id: int | None


@dataclass(frozen=True, slots=True)
class Writer:
    """The one unit that the sender's address speaks for, in a campaign of which a later stage has been opened.

    `liaison` are the texts of its contact fields as they stand; `owes` the materials it was asked for.
    """

    unit_id: int
    name: str
    joined: bool = False
    receipt: str = ""
    liaison: Mapping[str, str] = field(default_factory=dict)
    owes: tuple[Material, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """The one unit that our letters to this very address were about, and what they asked that is still open.

    `open` gives the follow-up of each key; `alone`: the address speaks for no other unit.
    """

    unit: UnitKnown
    earlier: Earlier
    open: Mapping[str, int]
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """Everything deciding may know of the world besides the reading itself.

    `units` and `earlier` run parallel to `reading.forms`. `copy`: the same fingerprint and
    Message-ID were handled before; `repeat`: the same fingerprint under another Message-ID.
    """

    ties: Ties = Ties()
    protected: bool = False
    copy: bool = False
    repeat: bool = False
    repeat_units: tuple[str, ...] = ()  # names of the units the first copy recorded
    repeats_thanked_today: int = 0
    told_today: int = 0  # no-form, unreadable and cloud-link letters to this address
    told_in_campaign: int = 0
    units: tuple[UnitKnown, ...] = ()
    earlier: tuple[Earlier | None, ...] = ()
    letters: tuple[LetterKnown, ...] = ()  # our letters that this mail answers or names
    asked: Asked | None = None  # looked up only for a reply with fragments
    reply_to_on_roster: tuple[str, ...] = ()  # which Reply-To addresses stand on the sender unit's roster row
    writer: Writer | None = None
    roster_loaded: bool = False
    backlog: bool = False  # received before the register was made
    folder_is_junk: bool = False


# ---- what is decided --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SubmissionDraft:
    """A unit's answers as they shall stand after this mail: earlier and new already joined.

    `replaces` is the id of the standing submission it takes the place of; `standing` False means a
    proposal that a person must accept (kept, shown, counted as held). `asked` are the keys (fields
    and choices) asked of the unit now, due at `asked_due`; `settled` are earlier questions that
    this mail answers.
    """

    campaign: str
    unit: str
    unit_id: int | None
    values: Mapping[str, Value]
    choices: Mapping[str, Choice]
    problems: tuple[Problem, ...]
    sources: tuple[str, ...]
    lateness: Lateness
    replaces: int | None = None
    standing: bool = True
    changed: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    asked_due: datetime | None = None
    settled: tuple[str, ...] = ()
    already_member: bool = False
    sealed_copy: bool = False
    intent: Literal["intends", "declined", ""] = ""  # what the decisive choice says
    liaison: Mapping[str, str] = field(default_factory=dict)  # the contact fields that are filled


@dataclass(frozen=True, slots=True)
class LetterDraft:
    """A letter to write. `key` is unique in the register: (campaign, unit or message, kind, round).

    `facts` is JSON-safe data for the template; `submissions` are indexes into Outcome.submissions
    whose receipt numbers the letter names (the register fills `receipt` in the facts' unit of the
    same order). `attach_form` adds the campaign's blank form.
    """

    key: str
    kind: LetterKind
    campaign: str
    recipient: str
    facts: Mapping[str, object]
    submissions: tuple[int, ...] = ()
    attach_form: bool = False
    not_before: datetime | None = None  # the late letter waits until `grace_minutes` are over


@dataclass(frozen=True, slots=True)
class HeldDraft:
    """Something a person must look at: a stable `reason`, one Chinese `sentence`, the submission it is about.

    Reasons: unclear, near-name, other-sender, late-change, disputed, member-no, member-claim,
    statement, question, unreadable, oversized, unfetched, protected, recall, attempts, no-unit,
    decided-differs, internal, material (`key` is the material's id), data-change.

    `unit_id` and `details` serve those that are about no submission: `details` is what a decision will
    write, {"changes": {field: [old, new]}}, and the facts of the letter that will thank for it.
    """

    reason: str
    sentence: str
    submission: int | None = None
    key: str = ""
    unit_id: int | None = None
    details: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What shall be done about one mail: all of it in one transaction."""

    verdict: Verdict
    campaign: str
    received_at: datetime
    submissions: tuple[SubmissionDraft, ...] = ()
    letters: tuple[LetterDraft, ...] = ()
    held: tuple[HeldDraft, ...] = ()
    bounced: Bounce | None = None
    note: str = ""
