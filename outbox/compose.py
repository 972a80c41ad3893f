"""Letters from rows and templates.

A letter is one file, templates/<campaign>/letters/<kind>.txt, or the same name under common/. Its
first lines are 主题：and 小标题：, the rest is written in the marks of `markup`; the text and the
HTML part both come from it (a <kind>.html beside it, if there is one, says the HTML part instead).
layout.txt and layout.html add greeting and close. Touches no clock, no database and no network; reads
only template files, and those again when `refresh` finds that one has changed.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from intake import beijing
from intake.errors import BrokenTemplate
from outbox import blank_form, extremes, kept_form, merging, mime, samples, wording
from outbox.facts import LetterFacts, read_facts
from outbox.letter_file import names, split_head, tidy
from outbox.letters_section import CampaignLetters
from outbox.markup import Block, as_html, as_text, blocks
from storage.letter_row import LetterRow

if TYPE_CHECKING:
    from outbox.rendering import Engine, Template

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
CIRCULAR = "circular"
UNASKED = (
    "circular",
    "reminder",
    "question",
    "digest",
    "worklist",
    "alert",
)  # answer no mail: auto-generated (RFC 3834, 5)
_REFERENCES = re.compile(r"\s*[\[［]#\w{4,12}[\]］]")


@dataclass(frozen=True, slots=True)
class Composed:
    """A finished mail: the subject as text, and the exact bytes to send."""

    subject: str
    raw: bytes


@dataclass(frozen=True, slots=True)
class _Source:
    """A letter's file, compiled: its two head lines and its body."""

    subject: Template
    heading: Template
    body: Template
    html: bool  # a file of its own says the HTML part


@dataclass(frozen=True, slots=True)
class _Said:
    subject: str
    heading: str
    blocks: tuple[Block, ...]
    html: str | None
    facts: LetterFacts


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
        self._desks = {entry.campaign.id: _Desk(entry, common, forms) for entry in campaigns}

    def __reduce__(self) -> tuple[Any, ...]:
        campaigns, common, forms = self._made_from
        return functools.partial(Letters, common=common, sender=self.sender, forms=forms), (campaigns,)

    def refresh(self) -> None:
        """Notice templates that were edited, added or removed since they were read."""
        for desk in self._desks.values():
            desk.refresh()

    def compose(self, letter: LetterRow, *, now: datetime, extra: Sequence[LetterRow] = ()) -> Composed:
        """Write the letter, and with it the letters `extra` to the same address (see `merging`).

        Raises BrokenTemplate, its sentence naming the file and the line.
        """
        desk = self._desk(letter.campaign)
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
        return Composed(subject, mime.build(envelope, text, html, files))

    def preview(
        self, kind: str, campaign: str, *, now: datetime, recipient: str, facts: Mapping[str, Any] | None = None
    ) -> Composed:
        """The letter with these facts (None: sample facts), as a secretary may look at it; raises BrokenTemplate."""
        spec = self._desk(campaign).entry.campaign.form
        letter = samples.letter(kind, spec, now=now, recipient=recipient)
        return self.compose(letter if facts is None else replace(letter, facts=facts), now=now)

    def require_templates(self) -> None:
        """Raise BrokenTemplate for a letter that has no file at all; what is wrong inside one, its letters will say."""
        for desk in self._desks.values():
            for kind in KINDS:
                desk.require(kind)

    def check_templates(self, now: datetime, *, whole: bool = True) -> list[str]:
        """Try every letter of every campaign with sample facts and extreme ones; a Chinese sentence for each fault.

        `whole`: make the mail with its files too, as it would leave.
        """
        faults: dict[str, None] = {}
        for campaign in self._desks:
            for kind in KINDS:
                try:
                    self._try(kind, campaign, now)
                    if whole:
                        self.preview(kind, campaign, now=now, recipient="sample@example.com")
                except BrokenTemplate as fault:
                    faults[fault.sentence] = None
        return list(faults)

    def _try(self, kind: str, campaign: str, now: datetime) -> None:
        desk = self._desk(campaign)
        form = desk.entry.campaign.form
        for facts in (samples.facts(kind, form, now), *extremes.facts_at_the_edges(kind, form, now)):
            desk.lay_out(desk.say(kind, facts, now), now)

    def _desk(self, campaign: str) -> _Desk:
        if campaign not in self._desks:
            raise BrokenTemplate(campaign, sentence=f"没有征集活动“{campaign}”的信函模板，请检查 campaign 设置。")
        return self._desks[campaign]


class _Desk:
    """One campaign's templates, read through its own folder first and then the common one."""

    def __init__(self, entry: CampaignLetters, common: Path, forms: Path | None) -> None:
        self.entry, self.section, self._forms = entry, entry.section, forms
        self._folders = (entry.folder / "letters", common / "letters")
        self._seen: tuple[tuple[str, int, int], ...] | None = None
        self.refresh()

    def refresh(self) -> None:
        seen = tuple(_stamps(self._folders))
        if seen != self._seen:
            self._seen = seen
            self._engine: Engine | None = None
            self._sources: dict[str, _Source] = {}

    @property
    def engine(self) -> Engine:
        if self._engine is None:
            from outbox.rendering import Engine  # with its library, when the first letter is written

            self._engine = Engine(self._folders, self._words())
        return self._engine

    def say_all(self, parts: Sequence[merging.Part], now: datetime) -> _Said:
        """One part as it is; several under headings, opened by joint.txt."""
        said = [self.say(part.kind, part.facts, now) for part in parts]
        if len(said) == 1:
            return said[0]
        named = next((one.facts for one in said if one.facts.unit), said[0].facts)
        headings = [one.heading for one in said]
        joint = self.say("joint", {"unit": named.unit, "salutation": named.salutation}, now, {"headings": headings})
        below = [
            block
            for number, one in enumerate(said, 1)
            for block in (Block("heading", (f"{wording.numeral(number)}、{one.heading}",)), *one.blocks)
        ]
        return _Said(joint.subject, joint.heading, (*joint.blocks, *below), None, joint.facts)

    def say(self, kind: str, facts: Mapping[str, Any], now: datetime, more: Mapping[str, Any] | None = None) -> _Said:
        read = read_facts(kind, facts, now, self.entry.campaign.form.declines)
        words = self._context(read, now) | dict(more or {})
        source = self._source(kind)
        subject = wording.bare(_REFERENCES.sub("", wording.clean(self.engine.render(source.subject, words), 120)))
        heading = wording.clean(self.engine.render(source.heading, words), 60)
        html = self.engine.named(f"{kind}.html", words) if source.html else None
        return _Said(subject, heading, blocks(self.engine.render(source.body, words)), html, read)

    def lay_out(self, said: _Said, now: datetime) -> tuple[str, str]:
        """The text and HTML parts, with greeting and close."""
        facts = said.facts
        opening = said.blocks[0].lines[0] if said.blocks and said.blocks[0].kind == "paragraph" else ""
        rest = said.blocks[1:] if opening else said.blocks
        words = self._context(facts, now) | {
            "greeting": wording.bare(facts.unit + facts.salutation) if facts.unit else "",
            "opening": opening,
            "subject": said.subject,
        }
        from outbox.rendering import Markup

        text = self.engine.named("layout.txt", words | {"body": as_text(rest)})
        if said.html is not None:
            words["opening"] = ""
        body = Markup(as_html(rest) if said.html is None else said.html)  # escaped by markup, or by the environment
        html = self.engine.named("layout.html", words | {"body": body})
        return tidy(text), tidy(html)

    def with_files(self, letters: Sequence[LetterRow]) -> tuple[tuple[LetterRow, ...], list[mime.Attachment]]:
        """What is attached to letters said as one mail, and the letters, a circular with the names of its files."""
        files = [self.blank_form()] if any(row.attach_form for row in letters) else []
        if not any(row.kind == CIRCULAR for row in letters):
            return tuple(letters), files
        from outbox import annexes  # with its reading of zip and XML, when a circular is written

        documents, spec = self.entry.folder / "documents", self.entry.campaign.form
        files = annexes.attachments(self.entry.circular, documents, spec, letters)
        named = {"files": [file.name for file in files]}
        return tuple(replace(row, facts=dict(row.facts) | named) for row in letters), files

    def blank_form(self) -> mime.Attachment:
        spec = self.entry.campaign.form
        return mime.Attachment(blank_form.file_name(spec), kept_form.blank(spec, self._forms))

    def _context(self, facts: LetterFacts, now: datetime) -> dict[str, Any]:
        """What differs from letter to letter; templates/common/letters/README.md lists every name."""
        units = facts.units
        return {
            "letter": facts,
            "units": units,
            "due": min((unit.due for unit in units if unit.due), default=None),
            "asks": any(unit.asks for unit in units),
            "stance": units[0].stance if len(units) == 1 else "",
            "names": names(facts),
            "file_names": [file.name for file in facts.files if file.name],
            "now": now,
            "deadline": facts.deadline or self.entry.campaign.deadline,
            "before_deadline": now < (facts.deadline or self.entry.campaign.deadline),
            "unasked": facts.kind in UNASKED,
            "again": any(owed.asked for unit in units for owed in unit.owes),
            "all_again": all(owed.asked for unit in units for owed in unit.owes),
        }

    def _words(self) -> dict[str, Any]:
        """The campaign's own words, the same in every letter: known in imported files too."""
        campaign, section = self.entry.campaign, self.section
        return {
            "deadline": campaign.deadline,
            "title": campaign.title,
            "notice": campaign.notice,
            "form_title": campaign.form.title,
            "form_noun": section.form_noun,
            "office": section.office,
            "sender_name": section.sender_name,
            "alliance": section.alliance,
            "notice_title": section.notice_title,
            "contacts": section.contacts,
            "contact_list": "、".join(f"{one.name}（{one.telephone}）" for one in section.contacts),
            "campaign_registered": section.registered,
            "campaign_thanks": section.thanks,
            "campaign_declined": section.declined,
            "campaign_next_step": section.next_step,
        }

    def _find(self, name: str) -> Path | None:
        return next((folder / name for folder in self._folders if (folder / name).is_file()), None)

    def require(self, kind: str) -> Path:
        """The file of a letter, the campaign's own first; raises BrokenTemplate where there is none."""
        path = self._find(f"{kind}.txt")
        if path is None:
            missing = self._folders[-1] / f"{kind}.txt"
            raise BrokenTemplate(kind, sentence=f"缺少信函模板{missing}，请从安装包中补回。")
        return path

    def _source(self, kind: str) -> _Source:
        if kind not in self._sources:
            path = self.require(kind)
            self._sources[kind] = self._read(path, self._find(f"{kind}.html") is not None)
        return self._sources[kind]

    def _read(self, path: Path, html: bool) -> _Source:
        try:
            lines = path.read_text("utf-8-sig").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise BrokenTemplate(str(error), sentence=f"信函模板{path}无法读取，请另存为UTF-8编码的文本。") from error
        heads, start = split_head(lines)
        if "subject" not in heads:
            raise BrokenTemplate(str(path), sentence=f"信函模板{path}第1行：缺少“主题：”一行。")
        compiled = {name: self.engine.compile(path, text, number) for name, (number, text) in heads.items()}
        body = self.engine.compile(path, "\n".join(lines[start:]), start)
        return _Source(compiled["subject"], compiled.get("heading", compiled["subject"]), body, html)


def _stamps(folders: Sequence[Path]) -> Iterator[tuple[str, int, int]]:
    for folder in folders:
        for path in sorted(folder.glob("*")):
            stat = path.stat()
            yield str(path), stat.st_mtime_ns, stat.st_size
