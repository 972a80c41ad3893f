"""Letters from rows and templates.

A letter is one file, templates/<campaign>/letters/<kind>.txt, or the same name under common/. Its
first lines are 主题：and 小标题：, the rest is written in the marks of `markup`; the text and the
HTML part both come from it (a <kind>.html beside it, if there is one, says the HTML part instead).
layout.txt and layout.html add greeting and close. Touches no clock, no database and no network; reads
only template files, and those again when `refresh` finds that one has changed.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from intake import beijing
from intake.errors import BrokenTemplate
from outbox import desk_samples, merging, mime, samples
from outbox.desk import UNASKED, Desk
from outbox.letters_section import CampaignLetters
from storage.letter_row import LetterRow

KINDS = (
    "acknowledgement",
    "correction",
    "late",
    "repeat",
    "received",
    "no-form",
    "unreadable",
    "cloud-link",
    "reminder",
    "question",
    "circular",
)


@dataclass(frozen=True, slots=True)
class Composed:
    """A finished mail: the subject as text, and the exact bytes to send."""

    subject: str
    raw: bytes


class Letters:
    """Everything that letters of the given campaigns are made from.

    `common` is the folder templates/common; `sender` the exact address in From and MAIL FROM;
    `forms` the folder in which blank forms are kept, None to keep none.
    """

    def __init__(
        self, campaigns: Sequence[CampaignLetters], *, common: Path, sender: str, forms: Path | None = None
    ) -> None:
        self.sender = sender
        self._made_from = tuple(campaigns), common, forms
        self._desks = {entry.campaign.id: Desk(entry, common, forms) for entry in campaigns}

    def __reduce__(self) -> tuple[Any, ...]:
        campaigns, common, forms = self._made_from
        return functools.partial(Letters, common=common, sender=self.sender, forms=forms), (campaigns,)

    def refresh(self) -> None:
        """Notice templates that were edited, added or removed since they were read."""
        for desk in self._desks.values():
            desk.sources.refresh()

    def compose(
        self, letter: LetterRow, *, now: datetime, extra: Sequence[LetterRow] = (),
        attached: Sequence[mime.Attachment] = (),
    ) -> Composed:  # fmt: skip
        """Write the letter, and with it the letters `extra` to the same address (see `merging`).

        `attached` are files beside those that the letter itself calls for.
        Raises BrokenTemplate, its sentence naming the file and the line.
        """
        desk = self.desk(letter.campaign)
        together, files = desk.with_files((letter, *extra))
        said = desk.say_all(merging.parts(together), now)
        subject = f"{said.subject} [#{letter.reference}]"
        envelope = mime.Envelope(
            sender=self.sender,
            sender_name=desk.section.sender_name,
            recipient=letter.recipient,
            subject=subject,
            date=now.astimezone(beijing.BEIJING),
            message_id=letter.message_id,
            kind=letter.kind,
            answers=tuple(dict.fromkeys(row.answers_message_id for row in together if row.answers_message_id)),
            auto_submitted="auto-generated" if letter.kind in UNASKED else "auto-replied",
        )
        text, html = desk.lay_out(said, now)
        return Composed(subject, mime.build(envelope, text, html, (*files, *attached)))

    def preview(
        self, kind: str, campaign: str, *, now: datetime, recipient: str, facts: Mapping[str, Any] | None = None
    ) -> Composed:
        """The letter with these facts (None: sample facts), as a secretary may look at it; raises BrokenTemplate."""
        spec = self.desk(campaign).entry.campaign.form
        letter = samples.letter(kind, spec, now=now, recipient=recipient)
        return self.compose(letter if facts is None else replace(letter, facts=facts), now=now)

    def rehearse(self, now: datetime) -> None:
        """Compile the commonest templates and have the blank forms at hand; faults are left to the letters."""
        for campaign in self._desks:
            for kind in ("acknowledgement", "no-form"):
                with suppress(BrokenTemplate):
                    self.preview(kind, campaign, now=now, recipient="rehearsal@example.com")

    def fill(self, name: str, campaign: str, words: Mapping[str, Any]) -> tuple[str, str, str]:
        """Subject, text and HTML of a letter that brings its own layout; raises BrokenTemplate."""
        return self.desk(campaign).fill(name, words)

    def sender_name(self, campaign: str) -> str:
        """The name beside the sender's address."""
        return self.desk(campaign).section.sender_name

    def require_templates(self) -> None:
        """Raise BrokenTemplate for a letter that has no file at all; what is wrong inside one, its letters will say."""
        for desk in self._desks.values():
            for name in (*KINDS, *desk_samples.NAMES):
                desk.sources.require(name)

    @property
    def campaigns(self) -> tuple[str, ...]:
        """The ids of the campaigns."""
        return tuple(self._desks)

    def desk(self, campaign: str) -> Desk:
        """What the letters of a campaign say; raises BrokenTemplate for one that is not known."""
        if campaign not in self._desks:
            raise BrokenTemplate(campaign, sentence=f"没有征集活动“{campaign}”的信函模板，请检查 campaign 设置。")
        return self._desks[campaign]
