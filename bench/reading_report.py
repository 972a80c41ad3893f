"""bench/reading.md: accuracy by format and by mark, speed and memory by format, and other readers beside them."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import peers
import reading_speed
from form_scoring import Tally, score
from reading import ROOT, Sample, accuracy, grouped, say, sums, table
from report import machine

from intake.campaign import FormSpec
from intake.campaign_file import parse_campaign

RESULT = Path(__file__).resolve().parent / "reading.md"
WANTED_RATES = {"docx": 400, "xlsx": 150, "doc": 40, "wps": 40, "pdf": 100, "scanned pdf": 1, "picture": 1}
PREAMBLE = """# Results of `make bench-reading`

Measured on {when} by `bench/reading.py`, on {machine}.

{files} files with {forms} forms whose truth is known{where} were read by `intake read --json`, each in a child
process under its limits of time and memory. Values are compared leniently (width, spaces, telephones as digits).
WRONG is an answer recorded that is not the truth, a blank where the truth is 是 or 否 included, and any answer of a
form that is none; ASKED is `unclear` where the truth is definite; a form not read records nothing and is held.

"""
SPEED = """
## Speed and memory

`intake read --json` over the files of each format again and again with {workers} workers, one a core, counted once
its children are warm; the median of {rounds} rounds. Memory is PSS at its peak: all processes together, and the
largest child alone.

| format | files/s | wanted | reached | files a round | all processes | largest child |
| --- | --- | --- | --- | --- | --- | --- |
"""
PEERS = """
## Other readers

They give text; the answers are found in it by a simple pattern script such as a user would write
(`bench/peers.py`: a value is what follows its printed label up to the end of line or cell; an answer is a tick
☑√✓✔■●☒ directly before or after 是 or 否 in the 60 characters after the question; two ticks are unclear, none is
blank). Below each stands this program on the same files. Speeds are those of one process, the first file left out.

"""


def measure_and_write(folder: Path, samples: Sequence[Sample], tallies: Mapping[str, Tally]) -> None:
    parts = [_preamble(folder, samples), _reached(samples, tallies), accuracy(samples, tallies)]
    for further in (_speeds, _peers):  # written after each: the other readers take the longest by far
        parts.append(further(samples, tallies))
        RESULT.write_text("".join(parts), "utf-8")
    say(f"written to {RESULT}")


def _preamble(folder: Path, samples: Sequence[Sample]) -> str:
    forms = sum(len(sample["forms"]) for sample in samples)
    own = folder.is_relative_to(ROOT)
    where = " (the project's own samples)" if own else " (the shared samples)"
    when = f"{datetime.now(UTC):%Y-%m-%d}"
    return PREAMBLE.format(when=when, machine=machine(servers=False), files=len(samples), forms=forms, where=where)


def _reached(samples: Sequence[Sample], tallies: Mapping[str, Tally]) -> str:
    """The sums against what is wanted."""
    lines = ["| figure | measured | wanted | reached |\n| --- | --- | --- | --- |\n"]
    for name, tally in sums(samples, tallies).items():
        drawn = name.startswith("scans")
        asked, unit = (15, 90) if drawn else (3, 99)
        lines += [
            _figure(f"WRONG, {name}", str(tally.wrong), "0", tally.wrong == 0),
            _figure(f"ASKED, {name}", _percent(tally.asked, tally.choices), f"at most {asked} %",
                    100 * tally.asked <= asked * tally.choices),
            _figure(f"unit name exact, {name}", _percent(tally.units, tally.forms), f"at least {unit} %",
                    100 * tally.units >= unit * tally.forms),
            _figure(f"forms not read, {name}", str(tally.unread), "0", tally.unread == 0),
        ]  # fmt: skip
    return "".join(lines) + "\n"


def _figure(name: str, measured: str, wanted: str, reached: bool) -> str:
    return f"| {name} | {measured} | {wanted} | {'yes' if reached else '**no**'} |\n"


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "–"


def _speeds(samples: Sequence[Sample], tallies: Mapping[str, Tally]) -> str:
    rows = [SPEED.format(workers=os.cpu_count(), rounds=reading_speed.ROUNDS)]
    for name, tally in grouped(samples, tallies, lambda one: one["format"]).items():
        if tally.unread == tally.forms:
            rows.append(f"| {name} | none read | | | | | |\n")
            continue
        speed = reading_speed.measure([sample["path"] for sample in samples if sample["format"] == name])
        wanted = WANTED_RATES.get(name)
        reached = "" if wanted is None else "yes" if speed.rate >= wanted else "**no**"
        rate = f"{speed.rate:.0f}" if speed.rate >= 10 else f"{speed.rate:.1f}"
        say(f"{name}: {rate} files/s, {speed.peak_mb:.0f} MB")
        aim = f"at least {wanted}" if wanted else ""
        rows.append(
            f"| {name} | {rate} | {aim} | {reached} | {speed.files} "
            f"| {speed.peak_mb:.0f} MB | {speed.child_mb:.0f} MB |\n"
        )
    return "".join(rows)


def _peers(samples: Sequence[Sample], tallies: Mapping[str, Tally]) -> str:
    spec = _first_campaign()
    found: dict[str, Tally] = {}
    notes: list[str] = []
    for peer in peers.PEERS:
        mine = [sample for sample in samples if sample["format"] in peer.formats]
        heard = peers.hear(peer, [sample["path"] for sample in mine]) if mine else peers.Heard(missing="no such files")
        note = f" ({peer.note})" if peer.note else ""
        if heard.missing:
            notes.append(f"- {peer.name}{note}: did not install here ({heard.missing})\n")
            continue
        kinds = ", ".join(sorted({sample["format"] for sample in mine}))
        found[f"{peer.name} {heard.version}: {kinds}"] = _heard_tally(mine, heard, spec)
        found[f"intake, the same {len(mine)} files ({peer.name})"] = _sum(mine, tallies)
        notes.append(f"- {peer.name}{note}: {heard.rate:.0f} files/s, {heard.peak_mb:.0f} MB at its peak\n")
        say(notes[-1].strip())
    return PEERS + table("reader and formats", found) + "\n" + "".join(notes)


def _heard_tally(samples: Sequence[Sample], heard: peers.Heard, spec: FormSpec) -> Tally:
    whole = Tally()
    for sample in samples:
        whole.add(score(sample["forms"], peers.by_patterns(heard.texts.get(str(sample["path"])), spec)))
    return whole


def _sum(samples: Sequence[Sample], tallies: Mapping[str, Tally]) -> Tally:
    whole = Tally()
    for sample in samples:
        whole.add(tallies[sample["file"]])
    return whole


def _first_campaign() -> FormSpec:
    path = ROOT / "templates" / "cipoa-2016" / "campaign.toml"
    return parse_campaign(tomllib.loads(path.read_text("utf-8"))).form
