"""What the secretariat tells the daemon in a mail is obeyed, refused with a reason, or answered.

Everything happens in the transaction that records the mail: an instruction is taken once, with its letter, whenever
the program is stopped. Promises: only a mail of the secretariat, found genuine, with the token of the very item,
decides anything; a stranger hears nothing, and the secretariat is told.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from typing import Any

from sqlalchemy import Connection

from intake.beijing import moment
from intake.contents import Reading
from intake.errors import WrongUsage
from intake.instructing import judging, words
from intake.instructing.judging import Order, Refusal, Told
from intake.instructing.model import Code, Instruction, Request
from intake.kinds import Kind
from intake.office_words import REASONS
from intake.outcome import HeldDraft, Outcome
from intake.slots import next_digest_slot
from scheduler import deciding, deciding_all, pausing
from scheduler.deciding import Decided, Desk
from scheduler.entered import Entering
from scheduler.secretariat import Secretariat
from storage import audits, entering, finding_letters, held, tokens
from storage.entering import Entry
from storage.mails import MailRow
from storage.plain_rows import HeldRow

AUTOMATIC: frozenset[Kind] = frozenset({"own", "bounce", "auto-reply", "list", "receipt", "recall"})
STRANGER = "instruction"  # the reason of the held item
Answering = Callable[[Connection, MailRow, Reading, Request, str, datetime], None]


@dataclass(frozen=True, slots=True)
class Instructed:
    """`hours` are those of the digest, by campaign; `answer_request` answers a staff mail that asks for something."""

    desk: Desk
    secretariat: Secretariat
    answer_request: Answering
    hours: Mapping[str, Sequence[time]]
    entering: Entering

    def shield(
        self, tx: Connection, mail: MailRow, reading: Reading, outcomes: tuple[Outcome, ...]
    ) -> tuple[Outcome, ...]:
        """The outcomes, where a stranger (or who says to be a colleague) instructs us: held, and not answered."""
        said, first = reading.instruction, outcomes[0]
        if not (said.codes or said.requests) or first.verdict.kind in AUTOMATIC or mail.backlog:
            return outcomes
        if first.verdict.kind == "staff":
            sentence = _forged(reading) if _is_doubtful(mail, said) else ""
        else:
            ours = next((code for code in said.codes if self._told(tx, code).state not in ("unknown", "another")), None)
            sentence = _stranger(reading, ours.reference) if ours else ""
        if not sentence:
            return outcomes
        silent = tuple(replace(outcome, letters=()) for outcome in outcomes)
        return (replace(silent[0], held=(*first.held, HeldDraft(STRANGER, sentence))), *silent[1:])

    def entry_of(self, tx: Connection, mail: MailRow, reading: Reading) -> Entry | None:
        """How the forms of a colleague's mail truly came, where it says so: 代录, or an entry from the shell."""
        said = reading.instruction
        if not reading.forms or reading.sender.email.lower() not in self.secretariat.addresses:
            return None
        if noted := entering.of_mail(tx, mail.id):
            return noted
        alone = len(said.requests) == 1 and said.requests[0].verb == "enter" and not said.codes
        if not alone or mail.backlog or _is_doubtful(mail, said):
            return None
        return self.entering.of_request(mail, reading, said.requests[0])

    def obey(
        self, tx: Connection, mail: MailRow, reading: Reading, outcome: Outcome, now: datetime, *, copy: bool,
        entry: Entry | None = None,
    ) -> None:  # fmt: skip
        """Do what a recorded staff mail says, and answer it; nothing where it says nothing to us."""
        said, sender = reading.instruction, reading.sender.email.lower()
        if outcome.verdict.kind != "staff" or copy or mail.backlog or _is_doubtful(mail, said):
            return
        if entry:
            self.entering.finish(tx, mail, reading, entry, now)
            if entry.through == "shell":
                return
        if mail.retried and finding_letters.has_answered(tx, mail.id, "confirmation"):
            return
        case = _Case(tx, mail, sender, outcome.campaign, now)
        known = {(code.reference, code.token): self._told(tx, code, now) for code in (*said.codes, *said.quoted)}
        references = [name for name in said.bare if _item(tx, name) is not None]
        order = judging.judge(said, known, references)
        if _ends_pause(said):
            self._resume(case, said, known, order)
        elif isinstance(order, Refusal):
            self._say_no(case, order.reference, {"why": order.why, "words": list(order.words), "sentence": ""})
        elif order is not None:
            self._execute(case, order)
        elif said.requests:
            request = said.requests[0] if len(said.requests) == 1 else Request("help", about="several")
            self.answer_request(tx, mail, reading, request, outcome.campaign, now)

    def _told(self, tx: Connection, code: Code, now: datetime | None = None) -> Told:
        """What the register knows of a code; without `now` a token that undoes is never expired."""
        if code.reference == pausing.REFERENCE:
            return pausing.told(tx, code)
        request_id, used = tokens.letter_of(tx, code.token)
        if request_id is not None:
            return deciding_all.told(tx, code, request_id, used)
        audit_id, state = tokens.undo_of(tx, code.token, now)
        if audit_id is not None:
            audit = audits.by_id(tx, audit_id)
            same = audit is not None and audit.reference == code.reference
            return Told(state if same else "another", (words.UNDO,))
        row = _item(tx, code.reference)
        if row is None:
            return Told("unknown")
        return Told(tokens.state_for(tx, code.token, row.id), self._words(tx, row))

    def _words(self, tx: Connection, row: HeldRow) -> tuple[str, ...]:
        return held.words_of(tx, row, deciding.options_of(self.desk.campaigns, row))

    # ---- orders -----------------------------------------------------------------------------

    def _execute(self, case: _Case, order: Order) -> None:
        """Decide or undo, all of it or nothing of it."""
        saved = case.tx.begin_nested()
        try:
            if order.word in words.ALL:
                self._decide_all(case, order)
            else:
                self._undo(case, order) if order.word == words.UNDO else self._decide(case, order)
        except WrongUsage as error:
            saved.rollback()
            self._say_no(case, order.reference, {"why": "impossible", "sentence": error.sentence})
            return
        saved.commit()

    def _decide(self, case: _Case, order: Order) -> None:
        done = deciding.decide(case.tx, self.desk, order.reference, order.word, **case.said)
        tokens.use(case.tx, order.token, case.now)
        facts = _facts(done.row) | {"by": case.sender, "at": moment(case.now)}
        self._answer(case, "desk-decided", facts | self._undoable(case, done), done.row.campaign)
        self._tell_others(case, "desk-told", facts, done.row.campaign)

    def _decide_all(self, case: _Case, order: Order) -> None:
        """The same word for every letter that a request for approval shows."""
        done, left = deciding_all.decide(case.tx, self.desk, order, **case.said)
        tokens.use(case.tx, order.token, case.now)
        facts = {"word": order.word, "done": done, "left": left, "by": case.sender, "at": moment(case.now)}
        self._answer(case, "desk-approved", facts | {"told": False}, case.campaign)
        self._tell_others(case, "desk-approved", facts | {"told": True}, case.campaign)

    def _undoable(self, case: _Case, done: Decided) -> dict[str, Any]:
        until = next_digest_slot(self.hours.get(done.row.campaign, ()), self.desk.calendar, case.now)
        token = tokens.issue_undo(case.tx, done.audit_id, case.now, until)
        (undo,) = self.secretariat.lines(tokens.Issued(done.row.reference, token), (words.UNDO,))
        return {"undo": undo, "until": moment(until)}

    def _undo(self, case: _Case, order: Order) -> None:
        audit_id, _ = tokens.undo_of(case.tx, order.token, case.now)
        assert audit_id is not None
        audit, left = deciding.undo(case.tx, audit_id, **case.said)
        tokens.use(case.tx, order.token, case.now)
        row = held.show(case.tx, order.reference)
        facts = _facts(row) | {"word": audit.word, "left": left, "by": case.sender, "at": moment(case.now)}
        lines = self.secretariat.lines(tokens.issue(case.tx, row.id, case.now), self._words(case.tx, row))
        self._answer(case, "desk-undone", facts | {"told": False, "lines": lines}, row.campaign)
        self._tell_others(case, "desk-undone", facts | {"told": True, "lines": []}, row.campaign)

    def _resume(
        self, case: _Case, said: Instruction, known: Mapping[tuple[str, str], Told], order: Order | Refusal | None
    ) -> None:
        """Let letters to units go again: a token of the pause must stand in the mail, be it in the quote."""
        wanted = said.requests == (_RESUME,) or isinstance(order, Order)
        codes = (code for code in (*said.codes, *said.quoted) if code.reference == pausing.REFERENCE)
        token = next((code.token for code in codes if known[code.reference, code.token].state == "valid"), "")
        if wanted and token:
            tokens.use(case.tx, token, case.now)
            facts = pausing.resume(case.tx, self.secretariat, campaign=case.campaign, **case.said)
        else:
            facts = pausing.unproven(case.tx, self.secretariat, by=case.sender, now=case.now)
        self._answer(case, "desk-gate", facts, case.campaign)

    def _say_no(self, case: _Case, reference: str, facts: Mapping[str, Any]) -> None:
        """One sentence on why nothing was changed."""
        row = _item(case.tx, reference) if reference else None
        about = _facts(row) if row else _NO_ITEM | {"reference": reference}
        self._answer(case, "desk-refused", about | {"words": []} | dict(facts), row.campaign if row else case.campaign)

    def _answer(self, case: _Case, template: str, facts: Mapping[str, Any], campaign: str) -> None:
        served = campaign if campaign in self.desk.campaigns else case.campaign
        self.secretariat.answer(case.tx, case.mail, case.sender, template, facts, case.now, campaign=served)

    def _tell_others(self, case: _Case, template: str, facts: Mapping[str, Any], campaign: str) -> None:
        served = campaign if campaign in self.desk.campaigns else case.campaign
        self.secretariat.tell_others(case.tx, case.mail, case.sender, template, facts, case.now, campaign=served)


@dataclass(frozen=True, slots=True)
class _Case:
    """A mail that is obeyed, in the transaction that records it."""

    tx: Connection
    mail: MailRow
    sender: str
    campaign: str
    now: datetime

    @property
    def said(self) -> dict[str, Any]:
        """Who says so, when and through what, as `deciding` wants it."""
        return {"by": self.sender, "through": "mail", "now": self.now, "message_id": self.mail.id}


_RESUME = Request("resume")
_NO_ITEM = {"reference": "", "reason": "", "about": "", "item": "", "word": "", "decided": ""}


def _ends_pause(said: Instruction) -> bool:
    """Whether a mail is about letters to units going again, and about nothing else."""
    if said.codes:
        return all(code.reference == pausing.REFERENCE for code in said.codes)
    return said.requests == (_RESUME,)


def _is_doubtful(mail: MailRow, said: Instruction) -> bool:
    return said.forged or mail.junk


def _item(tx: Connection, reference: str) -> HeldRow | None:
    try:
        return held.show(tx, reference)
    except WrongUsage:
        return None


def _facts(row: HeldRow) -> dict[str, Any]:
    """What a letter says of a held item."""
    decided = f"{moment(row.closed_at)}由{row.decided_by}处理" if row.closed_at and row.decided_by else ""
    return {
        "reference": row.reference,
        "reason": REASONS.get(row.reason, row.reason),
        "about": row.unit_name or row.sender,
        "item": row.sentence,
        "word": row.decision or "",
        "decided": decided,
    }


def _stranger(reading: Reading, reference: str) -> str:
    return (
        f"{reading.sender.email or '未写明发件人的来信'}不在秘书处名单内，来信却写有待办“{reference}”的编号和口令；"
        "未予执行，也未回信。如是同事所发，请改用名单内的邮箱；否则请核查口令由何处外泄。"
    )


def _forged(reading: Reading) -> str:
    return (
        f"一封署名为{reading.sender.email}的来信写有处理指令，但未通过邮箱服务商的发件人校验，或被归入垃圾邮件；"
        "未予执行，也未回信。请向本人核实，如确为其所发，请重发一次。"
    )
