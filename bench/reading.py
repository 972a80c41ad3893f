"""How well and how fast forms are read: `make bench-reading` writes bench/reading.md.

A folder of forms with their truth (`files/` and truth.jsonl) is read by `intake read --json` itself, children and
all, and compared as leniently as the samples' README says; then its speed and memory are measured by format, and
other programs read the same files in the same run. `--score` prints the accuracy alone; `-v` names each wrong form.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path[:0] = [str(HERE), str(ROOT), str(ROOT / "tests" / "form")]

from form_scoring import Tally, score, truth_of  # noqa: E402

from intake.readers.sniff import PICTURES, sniff  # noqa: E402

SHARED = ROOT.parent / "shared" / "forms"
OWN = ROOT / "tests" / "samples" / "forms"
READ = [sys.executable, "-m", "program.cli", "read", "--json"]
HEADINGS = ("forms", "every value exact", "unit exact", "choices right", "WRONG", "ASKED", "not read")
DRAWN_SIGNS = ("fx:", "ink:", "scanned", "fill:hand")
Sample = dict[str, Any]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folder", nargs="?", type=Path, default=SHARED if SHARED.exists() else OWN)
    options.add_argument("--score", action="store_true", help="print the accuracy only")
    options.add_argument("-v", "--verbose", action="store_true", help="name each form that was not read exactly")
    chosen = options.parse_args()
    samples = samples_of(chosen.folder.resolve())
    tallies = tallies_of(samples, read_all(samples))
    if chosen.score:
        say(as_text(samples, tallies, verbose=chosen.verbose))
        return
    import reading_report

    reading_report.measure_and_write(chosen.folder, samples, tallies)


def samples_of(folder: Path) -> list[Sample]:
    """The truth of a folder, each sample with its `path` and its `format` by content."""
    files = folder / "files" if (folder / "files").is_dir() else folder
    samples = truth_of(folder)
    for sample in samples:
        sample["path"] = files / sample["file"]
        sample["format"] = format_of(sample)
    return samples


def format_of(sample: Sample) -> str:
    """docx, doc ... by content; `picture`, and `scanned pdf` where the truth says that its page is a picture."""
    path: Path = sample["path"]
    kind = sniff(path.read_bytes(), path.name)
    if kind in PICTURES:
        return "picture"
    drawn = any(trait.startswith(DRAWN_SIGNS) for trait in sample.get("traits", ()))
    drawn = drawn or str(sample.get("mark", "")).startswith("hand_")
    return "scanned pdf" if kind == "pdf" and drawn else kind or "other"


def is_drawn(sample: Sample) -> bool:
    return sample["format"] in ("picture", "scanned pdf")


def read_all(samples: Sequence[Sample]) -> dict[str, Mapping[str, Any]]:
    """What `intake read --json` says of each file, by the sample's file name."""
    done = subprocess.run(
        [*READ, *(str(sample["path"]) for sample in samples)], cwd=ROOT, stdout=subprocess.PIPE, check=True
    )
    lines = done.stdout.decode("utf-8", "replace").splitlines()
    return {sample["file"]: json.loads(line) for sample, line in zip(samples, lines, strict=True)}


def tallies_of(samples: Sequence[Sample], found: Mapping[str, Mapping[str, Any]]) -> dict[str, Tally]:
    """A tally for each file; what could not be read says why."""
    tallies = {}
    for sample in samples:
        said = found.get(sample["file"], {})
        tally = score(sample["forms"], said.get("forms", ()))
        if said.get("error"):
            tally.faults.append(f"{said['error']['code']}: {said['error']['message']}")
        tallies[sample["file"]] = tally
    return tallies


def grouped(samples: Iterable[Sample], tallies: Mapping[str, Tally], key: Callable[[Sample], str]) -> dict[str, Tally]:
    """The tallies of the files added up by a key, most forms first."""
    found: dict[str, Tally] = {}
    for sample in samples:
        found.setdefault(key(sample), Tally()).add(tallies[sample["file"]])
    return dict(sorted(found.items(), key=lambda item: (-item[1].forms, item[0])))


def sums(samples: Iterable[Sample], tallies: Mapping[str, Tally]) -> dict[str, Tally]:
    return grouped(samples, tallies, lambda one: "scans and photographs" if is_drawn(one) else "electronic formats")


def table(first: str, tallies: Mapping[str, Tally]) -> str:
    """A Markdown table of tallies."""
    head = "".join(f"| {word} " for word in (first, *HEADINGS)) + "|\n" + "| --- " * (1 + len(HEADINGS)) + "|\n"
    return head + "".join(f"| {name} | {' | '.join(tally.row())} |\n" for name, tally in tallies.items())


def accuracy(samples: Sequence[Sample], tallies: Mapping[str, Tally]) -> str:
    """The two tables: by format with sums, and by kind of mark."""
    by_format = grouped(samples, tallies, lambda one: one["format"]) | sums(samples, tallies)
    by_mark = grouped(samples, tallies, lambda one: str(one.get("mark", "–")))
    return table("format", by_format) + "\n" + table("kind of mark", by_mark)


def as_text(samples: Sequence[Sample], tallies: Mapping[str, Tally], *, verbose: bool) -> str:
    said = [accuracy(samples, tallies)]
    for sample in samples:
        faults = tallies[sample["file"]].faults
        if verbose and faults:
            said.append(f"{sample['file']} [{sample.get('mark', '')}] {' '.join(sample.get('traits', ()))}")
            said += [f"    {fault}" for fault in faults]
    return "\n".join(said)


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
