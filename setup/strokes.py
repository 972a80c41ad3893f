"""Makes intake/strokes.txt, the order of Chinese characters by strokes, from the text files of Unihan.zip.

    python setup/strokes.py FOLDER

FOLDER holds Unihan_*.txt (UAX #38). Run only when the table shall follow a newer Unicode.
"""

from __future__ import annotations

import sys
from bisect import bisect_right
from itertools import groupby, pairwise
from pathlib import Path

TARGET = Path(__file__).parents[1] / "intake" / "strokes.txt"
LEVELS = (0, 3500, 6500, 8105)  # the three tables of 通用规范汉字表 (2013), each in the order of strokes
OTHERS = range(0x4E00, 0xA000)  # CJK Unified Ideographs
HEAD = """\
# The order of Chinese characters by strokes: a line a number of strokes, its characters in order: those of
# 通用规范汉字表 as each of its three tables has them (横竖撇点折), then the others by code point.
# Made by setup/strokes.py from Unihan (kTotalStrokes, kTGH), Unicode {version}. © Unicode, Inc.; Unicode Licence.
"""


def main(folder: Path) -> None:
    counts = {code: int(value.split()[0]) for code, value in _property(folder, "kTotalStrokes").items()}
    places = {code: int(value.rpartition(":")[2]) for code, value in _property(folder, "kTGH").items()}
    listed = sorted(places, key=lambda code: places[code])
    ordered = [pair for begin, end in pairwise(LEVELS) for pair in _level(listed[begin:end], counts)]
    ordered += [(counts[code], code) for code in OTHERS if code in counts and code not in places]
    ordered.sort(key=lambda pair: pair[0])  # stable: the order within a number stays
    lines = (
        f"{count} {''.join(chr(code) for _, code in group)}" for count, group in groupby(ordered, lambda pair: pair[0])
    )
    TARGET.write_text(HEAD.format(version=_version(folder)) + "\n".join(lines) + "\n", "utf-8")


def _level(codes: list[int], counts: dict[int, int]) -> list[tuple[int, int]]:
    """A table is in the order of strokes, which shows where Unihan counts another region's shape of a character."""
    sound = _longest_rise([counts[code] for code in codes])
    found: list[tuple[int, int]] = []
    for at, code in enumerate(codes):
        found.append((counts[code] if at in sound else found[-1][0], code))
    return found


def _longest_rise(numbers: list[int]) -> set[int]:
    """The places of a longest subsequence that never falls."""
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for at, number in enumerate(numbers):
        slot = bisect_right(tails, number)
        tails[slot : slot + 1], ends[slot : slot + 1] = [number], [at]
        before.append(ends[slot - 1] if slot else -1)
    kept, at = set(), ends[-1]
    while at >= 0:
        kept.add(at)
        at = before[at]
    return kept


def _property(folder: Path, name: str) -> dict[int, str]:
    found = {}
    for path in sorted(folder.glob("Unihan_*.txt")):
        for line in path.read_text("utf-8").splitlines():
            if f"\t{name}\t" in line:
                code, _, value = line.split("\t")
                found[int(code[2:], 16)] = value
    return found


def _version(folder: Path) -> str:
    head = (folder / "Unihan_IRGSources.txt").read_text("utf-8")[:500]
    return next(line.rpartition(" ")[2] for line in head.splitlines() if "Unicode version" in line)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
