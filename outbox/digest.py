"""Writes digest, leaders' version, closing report and worklist: text, HTML, pictures and the ledger in one mail.

The files are templates/common/letters/digest*.txt and .html, leaders*, worklist*; a campaign's own go before.
The same facts give the same bytes. Touches no clock and no database.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal, TypeAlias, get_args

from intake.beijing import BEIJING
from outbox import answers_chart, mime
from outbox.compose import Composed, Letters
from outbox.digest_words import Frame, context, summary
from outbox.letter_file import tidy
from storage.briefing_facts import Briefing

Paper: TypeAlias = Literal["digest", "leaders", "worklist"]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PAPERS: tuple[Paper, ...] = get_args(Paper)
CHART = "chart@intake"
MOST_PICTURES, MOST_OCTETS = 24, 300_000  # of cut-outs in one mail


@dataclass(frozen=True, slots=True)
class Written:
    """A letter before it is addressed."""

    kind: Literal["digest", "worklist"]
    subject: str
    text: str
    html: str
    pictures: tuple[mime.Picture, ...] = ()
    files: tuple[mime.Attachment, ...] = ()


def write(
    letters: Letters, paper: Paper, facts: Briefing, frame: Frame, *, cutouts: Mapping[int, bytes] | None = None,
    ledger: bytes = b"",
) -> Written:  # fmt: skip
    """Fill in the templates. `cutouts` are pictures by the id of the held item; raises BrokenTemplate."""
    shown = _cutouts(cutouts or {}) if paper != "leaders" else {}
    frame = replace(frame, pictures={held_id: picture.id for held_id, picture in shown.items()})
    chart = () if paper == "worklist" else (_chart(facts),)
    subject, text, html = fill(letters, paper, facts, frame, ledger=bool(ledger))
    pictures = (*chart, *shown.values())
    return Written(kind_of(paper), subject, tidy(text), tidy(html), pictures, workbook(facts, ledger))


def kind_of(paper: Paper) -> Literal["digest", "worklist"]:
    """The kind of letter that a paper is."""
    return "worklist" if paper == "worklist" else "digest"


def workbook(facts: Briefing, ledger: bytes) -> tuple[mime.Attachment, ...]:
    """The ledger as a file of the letter; none where there is none."""
    return (mime.Attachment(_ledger_name(facts), ledger, XLSX),) if ledger else ()


def fill(letters: Letters, paper: Paper, facts: Briefing, frame: Frame, *, ledger: bool) -> tuple[str, str, str]:
    """Subject, text and HTML; `ledger`: whether the workbook goes with it. Raises BrokenTemplate."""
    words: dict[str, Any] = summary(facts, frame) if paper == "leaders" else context(facts, frame)
    words |= {"chart": CHART, "ledger": ledger, "subject": "", "now": facts.end}
    return letters.fill(paper, facts.campaign.id, words)


def address(
    letters: Letters, written: Written, campaign: str, *, recipient: str, message_id: str, reference: str, now: datetime
) -> Composed:
    """The exact bytes for one recipient."""
    subject = f"{written.subject} [#{reference}]"
    envelope = mime.Envelope(
        sender=letters.sender,
        sender_name=letters.sender_name(campaign),
        recipient=recipient,
        subject=subject,
        date=now.astimezone(BEIJING),
        message_id=message_id,
        kind=written.kind,
        auto_submitted="auto-generated",
    )
    return Composed(subject, mime.build(envelope, written.text, written.html, written.files, written.pictures))


def _cutouts(cutouts: Mapping[int, bytes]) -> dict[int, mime.Picture]:
    """As many as a mail may carry, the first ones."""
    shown: dict[int, mime.Picture] = {}
    left = MOST_OCTETS
    for held_id, png in cutouts.items():
        if png and len(png) <= left and len(shown) < MOST_PICTURES:
            left -= len(png)
            shown[held_id] = mime.Picture(f"held{held_id}@intake", png)
    return shown


def _chart(facts: Briefing) -> mime.Picture:
    opens, deadline, today = (
        moment.astimezone(BEIJING).date() for moment in (facts.campaign.opens, facts.deadline, facts.end)
    )
    shown = answers_chart.days_shown(facts.days, min([opens, *facts.days]), deadline, today)
    return mime.Picture(CHART, answers_chart.png(shown))


def _ledger_name(facts: Briefing) -> str:
    local = facts.end.astimezone(BEIJING)
    return f"{facts.campaign.title}登记表{local:%m%d%H%M}.xlsx"
