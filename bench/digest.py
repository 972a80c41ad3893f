"""How long a digest takes over 5,000 units and 20,000 mails, and how large it is: `python bench/digest.py`."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from report import Figure, write
from sqlalchemy import Connection, Table, insert

from outbox.digest import Paper
from program import parts
from program.campaign_folders import letters_of, load_campaigns
from program.settings import load_settings
from scheduler.clock import SetClock
from storage import ledger
from storage.register import Register
from storage.tables import choices, held, letters, messages, submissions, unit_addresses, units

UNITS, ANSWERED, MAILS, HELD, REFUSED = 5_000, 3_000, 20_000, 200, 400
OPENS = datetime(2016, 11, 17, 1, tzinfo=UTC)
NOW = datetime(2016, 12, 1, 0, 31, tzinfo=UTC)
CAMPAIGN = "cipoa-2016"
PAPERS: tuple[Paper, ...] = ("digest", "leaders", "worklist")


ABOUT = """
A register of {units:,} units that had the notice, {mails:,} mails, {answered:,} answers, {held} items that wait for a
person and {refused} refused letters, filled directly. The digest is composed whole, ledger and chart included, as it
would be sent at that moment. Times are processor time of this process, the best of three; sizes are those of the mail.
"""


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, _office(Path(folder)) as (briefings, register):
        papers = {paper: _measure(briefings, paper) for paper in PAPERS}
        with register.reading() as tx:
            sheet = len(ledger.content(tx, load_campaigns()[0].campaign, NOW)) * 4 / 3 / 1e6
    about = ABOUT.format(units=UNITS, mails=MAILS, answered=ANSWERED, held=HELD, refused=REFUSED)
    write("A digest", about, [*_figures(papers, sheet)])


def _measure(briefings: Any, paper: Paper) -> tuple[float, float]:
    """Seconds of processor and MB of the mail."""
    times, size = [], 0
    for _ in range(3):
        began = time.process_time()
        size = len(briefings.preview(paper, CAMPAIGN).raw)
        times.append(time.process_time() - began)
    return min(times), size / 1e6


def _figures(papers: Mapping[Paper, tuple[float, float]], sheet: float) -> Iterator[Figure]:
    took, size = papers["digest"]
    yield Figure("the digest, its ledger included", f"{took:.1f} s", "under 5", took < 5)
    yield Figure("the digest without the ledger", f"{size - sheet:.2f} MB", "under 1", size - sheet < 1)
    yield Figure("the ledger within it", f"{sheet:.2f} MB")
    yield Figure("the leaders' version", "{:.1f} s, {:.2f} MB".format(*papers["leaders"]))
    yield Figure("the worklist", "{:.1f} s, {:.2f} MB".format(*papers["worklist"]))


@contextmanager
def _office(folder: Path) -> Iterator[tuple[Any, Register]]:
    variables = {"INTAKE_DATA": str(folder), "INTAKE_STORAGE__URL": f"sqlite:///{folder}/register.sqlite"}
    variables |= {"INTAKE_SMTP__FROM": "cipsa@vip.126.com", "INTAKE_DIGEST__TO": "secretariat@example.com"}
    settings = load_settings(None, variables, folder)
    loaded = load_campaigns()
    register = Register.open(settings.storage.url, OPENS)
    with register.writing() as tx:
        _fill(tx)
    yield parts.briefings_of(settings, loaded, register, letters_of(settings, loaded), SetClock(NOW)), register
    register.close()


def _fill(tx: Connection) -> None:
    _add(tx, units, (_unit(number) for number in range(1, UNITS + 1)))
    _add(tx, unit_addresses, (_address(number) for number in range(1, UNITS + 1)))
    _add(tx, messages, (_mail(number) for number in range(1, MAILS + 1)))
    _add(tx, submissions, (_submission(number) for number in range(1, ANSWERED + 1)))
    for key in ("join", "member"):
        _add(tx, choices, (_choice(number, key) for number in range(1, ANSWERED + 1)))
    _add(tx, held, (_held(number) for number in range(1, HELD + 1)))
    _add(tx, letters, (_letter(number) for number in range(1, REFUSED + 1)))
    _add(tx, letters, (_notice(number) for number in range(1, UNITS + 1)))


def _add(tx: Connection, table: Table, rows: Iterator[Mapping[str, Any]]) -> None:
    tx.execute(insert(table), [dict(row) for row in rows])


def _at(number: int, every: int) -> datetime:
    return OPENS + timedelta(seconds=number * (NOW - OPENS).total_seconds() / (every + 1))


def _unit(number: int) -> Mapping[str, Any]:
    name = f"北京示例第{number}号知识产权代理有限公司"
    roster = {"电话": f"010-8{number:07d}", "手机": f"138{number:08d}", "负责人": f"示例{'甲乙丙丁'[number % 4]}"}
    return {
        "name": name, "name_key": name, "on_roster": True, "contact": "示例联系人", "mode": "auto", "roster": roster,
        "member": False, "created_at": OPENS,
    }  # fmt: skip


def _address(number: int) -> Mapping[str, Any]:
    return {"unit_id": number, "address": f"u{number}@unit{number}.example.com", "role": "main"}


def _mail(number: int) -> Mapping[str, Any]:
    at = _at(number, MAILS)
    return {
        "raw_hash": f"{number:064x}", "campaign": CAMPAIGN, "state": "handled", "size": 40_000, "backlog": False,
        "kind": "form" if number <= ANSWERED else ("unrelated", "question", "courtesy")[number % 3], "fault": "",
        "received_at": at, "internal_date": at, "fetched_at": at, "handled_at": at, "subject": "入盟意向书",
        "sender": f"u{number}@unit{number}.example.com",
    }  # fmt: skip


def _submission(number: int) -> Mapping[str, Any]:
    values = {
        key: {"text": f"示例{key}{number}", "place": "第2行第2列"} for key in ("unit", "contact", "mobile", "email")
    }
    return {
        "campaign": CAMPAIGN, "unit_id": number, "unit_name": f"北京示例第{number}号知识产权代理有限公司",
        "message_id": number, "sender": f"u{number}@unit{number}.example.com", "received_at": _at(number, MAILS),
        "late": False, "lateness": "in time", "state": "standing", "values": values, "problems": [],
        "sources": ["入盟意向书.docx"], "in_time_at_first": True, "already_member": False, "sealed_copy": False,
        "channel": "mail",
    }  # fmt: skip


def _choice(number: int, key: str) -> Mapping[str, Any]:
    answer = "unclear" if number <= HELD else ("yes", "yes", "no")[number % 3]
    return {"submission_id": number, "key": key, "answer": answer, "evidence": "☑", "place": "第5行第2列",
            "already_member": False}  # fmt: skip


def _held(number: int) -> Mapping[str, Any]:
    sentence = f"“北京示例第{number}号知识产权代理有限公司”的“加入联盟”一项无法确认（“是”“否”同时被勾选）；请核对原件。"
    return {
        "reference": f"{number:06d}", "campaign": CAMPAIGN, "message_id": number, "submission_id": number,
        "reason": "unclear", "sentence": sentence, "key": "join", "state": "open", "opened_at": _at(number, HELD),
    }  # fmt: skip


def _letter(number: int) -> Mapping[str, Any]:
    at = _at(number, REFUSED)
    return {
        "key": f"sample/{number}", "campaign": CAMPAIGN, "kind": "acknowledgement", "state": "refused",
        "recipient": f"u{number}@unit{number}.example.com", "unit_id": number, "facts": {}, "attach_form": False,
        "reference": f"S{number:05d}", "message_id": f"<{number}@vip.126.com>", "priority": 4, "held_back": "",
        "created_at": at, "next_at": at, "tries": 1, "settled_at": at, "reply": "550 mailbox unavailable",
    }  # fmt: skip


def _notice(number: int) -> Mapping[str, Any]:
    at = _at(number, UNITS)
    return {
        **_letter(number),
        "key": f"notice/{number}", "kind": "circular", "state": "sent", "reference": f"N{number:05d}", "reply": "",
        "message_id": f"<n{number}@vip.126.com>", "created_at": at, "next_at": at, "settled_at": at,
    }  # fmt: skip


if __name__ == "__main__":
    main()
