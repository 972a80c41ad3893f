"""What the letters of one campaign say: facts filled into its files, laid out as text and HTML, with their files."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from outbox import blank_form, kept_form, merging, mime, wording
from outbox.facts import LetterFacts, read_facts
from outbox.letter_file import names, tidy
from outbox.letter_sources import Sources
from outbox.letters_section import CampaignLetters
from outbox.limits import TO_SECRETARIAT
from outbox.markup import Block, as_html, as_text, blocks
from storage.letter_row import LetterRow

CIRCULAR = "circular"
UNASKED = (
    "circular",
    "reminder",
    "question",
    "digest",
    "worklist",
    "alert",
)  # answer no mail: auto-generated (RFC 3834, 5)
_TEMPLATE = re.compile(r"desk-[a-z-]{1,30}")  # letters of one kind to the secretariat say very different things
_REFERENCES = re.compile(r"\s*[\[［]#\w{4,12}[\]］]")


@dataclass(frozen=True, slots=True)
class Said:
    """One mail before its layout; `html` is said by a file of its own, None where it comes from the blocks."""

    subject: str
    heading: str
    blocks: tuple[Block, ...]
    html: str | None
    facts: LetterFacts


class Desk:
    """One campaign's letters; `forms` as in `compose.Letters`."""

    def __init__(self, entry: CampaignLetters, common: Path, forms: Path | None) -> None:
        self.entry, self.section, self._forms = entry, entry.section, forms
        self.sources = Sources((entry.folder / "letters", common / "letters"), _words(entry))

    def say_all(self, parts: Sequence[merging.Part], now: datetime) -> Said:
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
        return Said(joint.subject, joint.heading, (*joint.blocks, *below), None, joint.facts)

    def say(self, kind: str, facts: Mapping[str, Any], now: datetime, more: Mapping[str, Any] | None = None) -> Said:
        read = read_facts(kind, facts, now, self.entry.campaign.form.declines)
        words = self._context(read, now) | dict(more or {})
        name = template_of(kind, facts)
        source, engine = self.sources.of(name), self.sources.engine
        subject = wording.bare(_REFERENCES.sub("", wording.clean(engine.render(source.subject, words), 120)))
        heading = wording.clean(engine.render(source.heading, words), 60)
        html = engine.named(f"{name}.html", words) if source.html else None
        return Said(subject, heading, blocks(engine.render(source.body, words)), html, read)

    def lay_out(self, said: Said, now: datetime) -> tuple[str, str]:
        """The text and HTML parts, with greeting and close."""
        facts = said.facts
        opening = said.blocks[0].lines[0] if said.blocks and said.blocks[0].kind == "paragraph" else ""
        rest = said.blocks[1:] if opening else said.blocks
        words = self._context(facts, now) | {
            "greeting": wording.bare(facts.unit + facts.salutation) if facts.unit else "",
            "opening": opening,
            "subject": said.subject,
        }
        inside = facts.kind in TO_SECRETARIAT
        from outbox.rendering import Markup

        text = self.sources.engine.named("layout.txt", words | {"body": as_text(rest, links=inside)})
        if said.html is not None:
            words["opening"] = ""
        body = Markup(
            as_html(rest, links=inside) if said.html is None else said.html
        )  # escaped by markup, or by the environment
        html = self.sources.engine.named("layout.html", words | {"body": body})
        return tidy(text), tidy(html)

    def fill(self, name: str, words: Mapping[str, Any]) -> tuple[str, str, str]:
        """Subject, text and HTML of a letter that brings its own layout."""
        source, engine = self.sources.of(name), self.sources.engine
        subject = wording.bare(wording.clean(engine.render(source.subject, words), 120))
        words = {**words, "subject": subject}
        return subject, engine.render(source.body, words), engine.named(f"{name}.html", words)

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
            "inside": facts.kind in TO_SECRETARIAT,
            "again": any(owed.asked for unit in units for owed in unit.owes),
            "all_again": all(owed.asked for unit in units for owed in unit.owes),
            "papers": any(owed.how == "paper" for unit in units for owed in unit.owes),
            "blanks": any(owed.how != "paper" for unit in units for owed in unit.owes),
        }


def template_of(kind: str, facts: Mapping[str, Any]) -> str:
    """The file of a letter: that of its kind, or, to the secretariat, the one that its facts name."""
    named = facts.get("template")
    own = kind in TO_SECRETARIAT and isinstance(named, str) and _TEMPLATE.fullmatch(named)
    return str(named) if own else kind


def _words(entry: CampaignLetters) -> dict[str, Any]:
    """The campaign's own words, the same in every letter: known in imported files too."""
    campaign, section = entry.campaign, entry.section
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
