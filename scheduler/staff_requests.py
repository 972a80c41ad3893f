"""Answers to what the secretariat asks by mail: 查, 进度, 名单, 未回复, 暂停发送, 恢复发送, 代录, 帮助.

Each writes its letter in the transaction that records the mail. Never changes a unit's answers: a form that a
colleague sends in is recorded by the ordinary rules, and only gets its channel here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from intake.answers import BLANK, Choice
from intake.beijing import moment
from intake.campaign import Campaign
from intake.contents import Reading
from intake.instructing.model import Request
from scheduler import pausing, staff_words
from scheduler.entered import brought, may_be_told, waits
from scheduler.secretariat import Secretariat
from storage import (
    briefing,
    entering,
    finding_units,
    gates,
    held,
    ledger,
    submissions,
    tallies,
    unit_story,
    units,
)  # fmt: skip
from storage.mails import MailRow

MOST_UNITS = 5  # told in full; more are named only
MOST_NAMES = 1000


@dataclass(frozen=True, slots=True)
class Requests:
    """`campaigns` by id; a request without a form is about the campaign that the mail was taken for."""

    campaigns: Mapping[str, Campaign]
    secretariat: Secretariat

    def answer(
        self, tx: Connection, mail: MailRow, reading: Reading, request: Request, campaign: str, now: datetime
    ) -> None:
        """Write the one letter that answers a request, and what goes with it."""
        ask = _Ask(tx, mail, reading, request, self.campaigns[campaign], now, reading.sender.email.lower())
        acts = {
            "find": self._find, "tally": self._tally, "members": self._members, "unanswered": self._unanswered,
            "pause": self._pause, "enter": self._enter, "help": self._help,
        }  # fmt: skip
        acts[request.verb](ask)

    def _say(self, ask: _Ask, template: str, facts: Mapping[str, object]) -> None:
        self.secretariat.answer(ask.tx, ask.mail, ask.sender, template, facts, ask.now, campaign=ask.campaign.id)

    # ---- questions --------------------------------------------------------------------------

    def _find(self, ask: _Ask) -> None:
        found = finding_units.find(ask.tx, ask.request.about)
        told = [unit_story.tell(ask.tx, ask.campaign.id, unit_id) for unit_id in found.ids[:MOST_UNITS]]
        facts = {
            "name": ask.request.about,
            "units": [staff_words.story(story, ask.campaign) for story in told],
            "more": [_name(ask.tx, unit_id) for unit_id in found.ids[MOST_UNITS:][:MOST_NAMES]],
            "near": list(found.near),
        }
        self._say(ask, "desk-find", facts)

    def _tally(self, ask: _Ask) -> None:
        counted = tallies.tally(ask.tx, ask.campaign)
        lines = list(staff_words.group(counted.roster, "应通知")) if counted.roster.total else []
        lines += (
            staff_words.group(counted.others, "名册以外" if lines else "已来件")
            if counted.others.total or not lines
            else []
        )
        lines.append(["待办", f"{len(held.list_open(ask.tx, ask.campaign.id))}件"])
        paused = gates.shut_now(ask.tx, gates.TO_UNITS, ask.now) is not None
        self._say(ask, "desk-tally", {"lines": lines, "at": moment(ask.now), "paused": paused})

    def _members(self, ask: _Ask) -> None:
        """The units whose answer to the deciding choice is yes; of a campaign without one, all that answered."""
        decisive = ask.campaign.form.declines
        standing = [line for line in ledger.answers(ask.tx, ask.campaign.id) if line.state == ledger.ANSWERED]
        chosen = [
            line for line in standing if not decisive or (line.choices or {}).get(decisive, _NONE).answer == "yes"
        ]
        rows = [[line.unit, line.receipt, line.lateness] for line in chosen[:MOST_NAMES]]
        short = next((choice.short for choice in ask.campaign.form.choices if choice.id == decisive), "")
        self._say(ask, "desk-members", {"rows": rows, "number": len(chosen), "choice": short, "at": moment(ask.now)})

    def _unanswered(self, ask: _Ask) -> None:
        silent = briefing.silent(ask.tx, tallies.tally(ask.tx, ask.campaign).silent)
        rows = [[one.unit, one.contact, staff_words.telephones(one), one.owner] for one in silent[:MOST_NAMES]]
        self._say(ask, "desk-unanswered", {"rows": rows, "number": len(silent), "at": moment(ask.now)})

    # ---- the gate ---------------------------------------------------------------------------

    def _pause(self, ask: _Ask) -> None:
        done = pausing.pause(ask.tx, self.secretariat, campaign=ask.campaign.id, **ask.said)
        self._say(ask, "desk-gate", {**done, "lines": pausing.lines(ask.tx, self.secretariat, ask.now)})

    # ---- forms that came another way -----------------------------------------------------------

    def _enter(self, ask: _Ask) -> None:
        """The forms were recorded with the mail, as they truly came; the colleague is shown them."""
        rows, again = brought(ask.tx, ask.mail.id, ask.reading, self.campaigns)
        entry = entering.of_mail(ask.tx, ask.mail.id)
        named = entry if entry and entry.receipt_to else None
        timed = bool(entry and ask.request.when and (entry.begin, entry.end) != (ask.mail.received_at,) * 2)
        facts = {
            "units": [self._entered(ask, row) for row in rows], "again": again,
            "channel": ask.request.channel, "address": ask.request.address,
            "withheld": any(named and not may_be_told(ask.tx, ask.mail.id, named, row) for row in rows),
            "at": staff_words.came(entry) if entry else "", "timed": timed,
            "refused": bool(ask.request.when) and not timed,
            "pending": waits(ask.tx, ask.mail.id, rows),
            "late": any(row.lateness != "in time" for row in rows),
            "files": [file.name for file in ask.reading.files],
            "faults": [{"name": fault.source, "sentence": fault.sentence} for fault in ask.reading.faults],
        }  # fmt: skip
        self._say(ask, "desk-entered", facts)

    def _entered(self, ask: _Ask, row: entering.Entered) -> dict[str, Any]:
        campaign = self.campaigns.get(row.campaign, ask.campaign)
        stands = submissions.earlier(ask.tx, row.campaign, row.unit_id) if row.state == "standing" else None
        state = staff_words.STATES[row.state] + staff_words.LATE.get(row.lateness, "")
        receipt = stands.receipt if stands else ""
        return {
            "unit": row.unit_name, "receipt": receipt, "state": state, "lines": staff_words.answers(stands, campaign)
        }  # fmt: skip

    def _help(self, ask: _Ask) -> None:
        self._say(ask, "desk-help", {"several": ask.request.about == "several"})


@dataclass(frozen=True, slots=True)
class _Ask:
    tx: Connection
    mail: MailRow
    reading: Reading
    request: Request
    campaign: Campaign
    now: datetime
    sender: str

    @property
    def said(self) -> dict[str, Any]:
        """Who says so, when and through what."""
        return {"by": self.sender, "through": "mail", "now": self.now, "message_id": self.mail.id}


_NONE = Choice("", BLANK)


def _name(tx: Connection, unit_id: int) -> str:
    unit = units.get(tx, unit_id)
    return unit.name if unit else ""
