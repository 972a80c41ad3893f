"""What kind of mail it is: one table over its signs and ties, read top to bottom.

Promises: the kind of the first row that holds, with the names of all rules that hit. Pure: the child process calls it
with nothing known, deciding again with what the register knows of the sender. Where the signs come from is in
`mail_signs`, which loads all that reads a mail.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from intake.kinds import Kind
from intake.providers import is_net_disk
from intake.verdict import Signs, Ties, Verdict


@dataclass(frozen=True, slots=True)
class _Row:
    name: str
    kind: Kind
    holds: Callable[[Signs, Ties], bool]


def _answers_us(signs: Signs, ties: Ties) -> bool:
    """A reply to a letter of ours, as far as the mail itself and the register can tell."""
    return bool(signs.refs) or (ties.known_sender and "reply-subject" in signs.hits)


def _concerns_us(signs: Signs, ties: Ties) -> bool:
    return bool(signs.words) or ties.known_sender or bool(signs.refs)


def _asks_us(signs: Signs, ties: Ties) -> bool:
    """A question mark counts from whom we know or with the campaign's words; a short polite question always."""
    if not signs.question:
        return False
    return _concerns_us(signs, ties) or ("question-asks" in signs.hits and "short" in signs.hits)


def _states(signs: Signs, ties: Ties) -> bool:
    return bool(signs.sentence) and (_concerns_us(signs, ties) or "short" in signs.hits)


def _shares_file(signs: Signs, ties: Ties) -> bool:
    """A large attachment of a mail service; a link to a net disk only in a mail that concerns us."""
    return bool(signs.cloud_link) and (not is_net_disk(signs.cloud_link) or _concerns_us(signs, ties))


_TABLE: tuple[_Row, ...] = (
    _Row("own", "own", lambda signs, ties: signs.own or ties.own),
    _Row("bounce", "bounce", lambda signs, ties: signs.bounce),
    # Receipts and recalls often say Auto-Submitted as well: the narrower kinds come first.
    _Row("read-receipt", "receipt", lambda signs, ties: signs.read_receipt),
    _Row("recall", "recall", lambda signs, ties: signs.recall),
    _Row("auto-reply", "auto-reply", lambda signs, ties: signs.auto_reply),
    _Row("mailing-list", "list", lambda signs, ties: signs.mailing_list),
    _Row("staff", "staff", lambda signs, ties: ties.staff),
    _Row("form", "form", lambda signs, ties: signs.forms > 0),
    _Row("strange-form", "attempt", lambda signs, ties: signs.strangers > 0),
    _Row("cloud-link", "attempt", _shares_file),
    _Row("file-from-known", "attempt", lambda signs, ties: signs.form_like and (ties.known_sender or bool(signs.refs))),
    _Row("file-with-words", "attempt", lambda signs, ties: signs.form_like and bool(signs.words or signs.blank_forms)),
    _Row("statement", "statement", _states),
    _Row("question", "question", _asks_us),
    _Row("courtesy", "courtesy", lambda signs, ties: signs.courtesy),
    _Row("answer-unclear", "question", lambda signs, ties: _answers_us(signs, ties) and "says-something" in signs.hits),
    _Row("words", "attempt", lambda signs, ties: bool(signs.words)),
    _Row("unrelated", "unrelated", lambda signs, ties: True),
)


_NOTHING_KNOWN = Ties()


def classify(signs: Signs, ties: Ties = _NOTHING_KNOWN) -> Verdict:
    """The kind of the first row that holds, with that row's name and the rules that hit."""
    row = next(row for row in _TABLE if row.holds(signs, ties))
    return Verdict(row.kind, (row.name, *signs.hits))
