"""Small builders for the tables of deciding: a mail, what is known, and an Outcome in short form."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from intake.answers import Choice, Form, Problem, Value
from intake.campaign import Campaign
from intake.campaign_file import parse_campaign
from intake.contents import FileFault, FileSeen, Reading
from intake.deciding import decide
from intake.known import Earlier, Known, UnitKnown
from intake.mail import Address
from intake.outcome import Outcome
from intake.raw_mail import Arrival
from intake.verdict import Signs, Verdict

BEIJING = ZoneInfo("Asia/Shanghai")
TEMPLATES = Path(__file__).parents[2] / "templates" / "cipoa-2016" / "campaign.toml"
CAMPAIGN: Campaign = parse_campaign(tomllib.loads(TEMPLATES.read_text(encoding="utf-8")))
SPEC = CAMPAIGN.form
SENDER = "a@unit.example.cn"
OTHER = "b@other.example.net"
ROSTER = "office@roster.example.cn"
UNIT = "示例甲科技有限公司"
KEY = "f" * 64
FULL = {
    "unit": UNIT,
    "contact": "示例",
    "office_phone": "010-00000000",
    "title": "主任",
    "mobile": "13800000000",
    "email": "a@unit.example.cn",
}


def at(day: str, time: str = "10:00:00") -> datetime:
    """A Beijing moment of 2016, from `12-02` and `17:00:01`."""
    return datetime.fromisoformat(f"2016-{day}T{time}").replace(tzinfo=BEIJING)


IN_TIME, LATE = at("11-25"), at("12-03")


def values(**changed: str) -> dict[str, Value]:
    return {key: Value(text, "第1行") for key, text in (FULL | changed).items()}


def choices(join: str = "yes", member: str = "no", **more: Any) -> dict[str, Choice]:
    """Two choices; `member` may also be `claim`, which is blank with the remark 已是会员."""
    claim = member == "claim"
    second = Choice("member", "blank" if claim else member, "已是会员" if claim else "√", "第6行", already_member=claim)
    return {"join": Choice("join", join, more.get("evidence", "√"), "第5行"), "member": second}


def form(
    join: str = "yes",
    member: str = "no",
    *,
    source: str = "意向书.docx",
    drawn: bool = False,
    quoted: bool = False,
    campaign: str = "cipoa-2016",
    problems: tuple[Problem, ...] = (),
    **changed: str,
) -> Form:
    return Form(campaign, source, values(**changed), choices(join, member), problems, (), quoted, drawn)


def earlier(
    join: str = "yes",
    member: str = "no",
    *,
    sender: str = SENDER,
    values_: Mapping[str, Value] | None = None,
    **more: Any,
) -> Earlier:
    standing = Earlier(
        submission_id=7,
        unit_id=1,
        sender=sender,
        received_at=at("11-20"),
        lateness="in time",
        receipt="K7M2",
        values=values_ or values(),
        choices=choices(join, member),
    )
    return replace(standing, **more)


def unit(unit_id: int | None = 1, *, name: str = UNIT, **more: Any) -> UnitKnown:
    return UnitKnown(unit_id=unit_id, name=name, **more)


def reading(*forms: Form, sender: str = SENDER, reply_to: tuple[str, ...] = (), **more: Any) -> Reading:
    """A mail with these forms; `signs` are made to match unless given."""
    signs = more.pop("signs", None) or Signs(forms=len(forms))
    files = more.pop("files", tuple(FileSeen(each.source, "docx", 1000) for each in forms))
    return Reading(
        message_id="<1@unit.example.cn>",
        sender=Address(sender),
        reply_to=tuple(map(Address, reply_to)),
        subject="意向书",
        answers_to=(),
        top_received=None,
        fingerprint="0" * 64,
        signs=signs,
        verdict=Verdict("unrelated"),
        forms=forms,
        files=files,
        **more,
    )


def fault(code: str = "damaged", source: str = "意向书.docx") -> FileFault:
    return FileFault(source, code, "附件已损坏或不完整，请重新保存后再次发送。")


def decided(
    mail: Reading,
    known: Known | None = None,
    *,
    arrived: datetime = IN_TIME,
    top: datetime | None = None,
    now: datetime | None = None,
    campaign: Campaign = CAMPAIGN,
) -> Outcome:
    """Decide a mail that arrived at `arrived`, an hour later unless `now` says otherwise."""
    return decide(
        mail,
        known or Known(units=tuple(UnitKnown() for _ in mail.forms), earlier=tuple(None for _ in mail.forms)),
        campaign,
        now or max(arrived, top or arrived),
        Arrival(KEY, arrived, top),
    )


def short(outcome: Outcome) -> str:
    """`+甲 yes/no late` for what stands, `?甲 …` for a proposal; then the letters, then what is held."""
    return " | ".join(
        (
            ", ".join(map(_draft, outcome.submissions)),
            ", ".join(letter.kind for letter in outcome.letters),
            ", ".join(item.reason for item in outcome.held),
        )
    )


def _draft(draft: Any) -> str:
    answers = "/".join(draft.choices[key].answer for key in ("join", "member"))
    asked = f" asks {'+'.join(draft.asked)}" if draft.asked else ""
    late = "" if draft.lateness == "in time" else f" {draft.lateness}"
    return f"{'+' if draft.standing else '?'}{answers}{late}{asked}"


def facts(outcome: Outcome, index: int = 0) -> dict[str, Any]:
    """What the outcome's only letter says of one unit."""
    (letter,) = outcome.letters
    units: Any = letter.facts["units"]
    found: dict[str, Any] = units[index]
    return found
