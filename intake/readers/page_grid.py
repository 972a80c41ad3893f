"""Ruled lines to the cells they form.

Promises: segments of one line are joined, double lines count once, a missing outer line is taken as drawn at the
ends of the others, cells are merged where no line parts them, and a table within a cell of another is told apart.
Work is bounded by MAX_RULES.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from intake.readers.page_items import Rule

MAX_RULES = 1_200  # of each direction; a page with more is a drawing
_COVERED = 0.6  # share of a cell's edge that must be drawn


@dataclass(frozen=True, slots=True)
class Segment:
    """A line at `at` on one axis, from `start` to `end` on the other."""

    at: float
    start: float
    end: float


@dataclass(slots=True)
class Room:
    """A cell: grid rows and columns it covers (ends exclusive) and its place on the page."""

    row: int
    column: int
    row_end: int
    column_end: int
    left: float
    top: float
    right: float
    bottom: float


@dataclass(slots=True)
class Lattice:
    """The cells of one table; `xs` and `ys` are the grid lines."""

    xs: list[float]
    ys: list[float]
    rooms: list[Room] = field(default_factory=list)
    _owner: dict[tuple[int, int], Room] = field(default_factory=dict)

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        return self.xs[0], self.ys[0], self.xs[-1], self.ys[-1]

    def room_at(self, x: float, y: float) -> Room | None:
        """The cell under a point within the bounds."""
        column = min(bisect_right(self.xs, x), len(self.xs) - 1) - 1
        row = min(bisect_right(self.ys, y), len(self.ys) - 1) - 1
        return self._owner.get((row, column))

    def add(self, room: Room) -> None:
        self.rooms.append(room)
        for row in range(room.row, room.row_end):
            for column in range(room.column, room.column_end):
                self._owner[row, column] = room


def lattices(rules: Iterable[Rule], tolerance: float, smallest: float) -> list[Lattice]:
    """The tables that lines form, larger ones first.

    `tolerance`: how far apart lines that are one may lie; `smallest`: a frame smaller than this is no cell.
    """
    across, down = _segments(rules, tolerance)
    found = []
    for rows, columns in _connected(across, down, tolerance):
        lattice = _lattice(rows, columns, tolerance)
        if lattice is None:
            continue
        left, top, right, bottom = lattice.bounds
        if right - left >= smallest and bottom - top >= smallest:
            found.append(lattice)
    found.sort(key=lambda one: (one.xs[-1] - one.xs[0]) * (one.ys[-1] - one.ys[0]), reverse=True)
    return found


def _segments(rules: Iterable[Rule], tolerance: float) -> tuple[list[Segment], list[Segment]]:
    across, down = [], []
    for rule in rules:
        if rule.horizontal:
            across.append(Segment((rule.top + rule.bottom) / 2, rule.left, rule.right))
        else:
            down.append(Segment((rule.left + rule.right) / 2, rule.top, rule.bottom))
    return _joined(across, tolerance), _joined(down, tolerance)


def _joined(segments: list[Segment], tolerance: float) -> list[Segment]:
    """Segments of the same line as one; lines closer than the tolerance are one line."""
    joined: list[Segment] = []
    for line in _same_place(sorted(segments, key=lambda one: one.at), tolerance):
        at = sum(one.at for one in line) / len(line)
        line.sort(key=lambda one: one.start)
        start, end = line[0].start, line[0].end
        for one in line[1:]:
            if one.start > end + 2 * tolerance:
                joined.append(Segment(at, start, end))
                start, end = one.start, one.end
            end = max(end, one.end)
        joined.append(Segment(at, start, end))
    long = sorted((one for one in joined if one.end - one.start > tolerance), key=lambda one: one.start - one.end)
    return sorted(long[:MAX_RULES], key=lambda one: one.at)


def _same_place(segments: Sequence[Segment], tolerance: float) -> list[list[Segment]]:
    lines: list[list[Segment]] = []
    for one in segments:
        if lines and one.at - lines[-1][0].at <= tolerance:
            lines[-1].append(one)
        else:
            lines.append([one])
    return lines


def _connected(
    across: Sequence[Segment], down: Sequence[Segment], tolerance: float
) -> list[tuple[list[Segment], list[Segment]]]:
    """Groups of lines that touch one another."""
    parent = list(range(len(across) + len(down)))

    def root(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    for index, row in enumerate(across):
        for other, column in enumerate(down, len(across)):
            if (
                column.start - tolerance <= row.at <= column.end + tolerance
                and row.start - tolerance <= column.at <= row.end + tolerance
            ):
                parent[root(other)] = root(index)
    groups: dict[int, tuple[list[Segment], list[Segment]]] = {}
    for index, segment in enumerate((*across, *down)):
        groups.setdefault(root(index), ([], []))[index >= len(across)].append(segment)
    return [group for group in groups.values() if group[0] and group[1]]


def _lattice(across: list[Segment], down: list[Segment], tolerance: float) -> Lattice | None:
    xs = [one.at for one in down]
    ys = [one.at for one in across]
    xs += [min(one.start for one in across), max(one.end for one in across)]
    ys += [min(one.start for one in down), max(one.end for one in down)]
    lattice = Lattice(_distinct(xs, tolerance), _distinct(ys, tolerance))
    columns, rows = len(lattice.xs) - 1, len(lattice.ys) - 1
    if columns < 1 or rows < 1 or columns * rows > 200_000:
        return None
    below = _drawn(across, lattice.ys, lattice.xs, tolerance)
    right = _drawn(down, lattice.xs, lattice.ys, tolerance)
    taken: set[tuple[int, int]] = set()
    for row in range(rows):
        for column in range(columns):
            if (row, column) not in taken:
                _grow(lattice, row, column, below, right, taken)
    return lattice


def _distinct(places: list[float], tolerance: float) -> list[float]:
    kept: list[float] = []
    for place in sorted(places):
        if not kept or place - kept[-1] > tolerance:
            kept.append(place)
    return kept


def _drawn(
    segments: Sequence[Segment], lines: Sequence[float], stops: Sequence[float], tolerance: float
) -> set[tuple[int, int]]:
    """(line, interval between stops) pairs where a line is drawn."""
    found = set()
    for one in segments:
        line = min(range(len(lines)), key=lambda index: abs(lines[index] - one.at))
        for interval in range(max(0, bisect_right(stops, one.start) - 1), len(stops) - 1):
            start, end = stops[interval], stops[interval + 1]
            if start > one.end:
                break
            if min(end, one.end + tolerance) - max(start, one.start - tolerance) >= _COVERED * (end - start):
                found.add((line, interval))
    return found


def _grow(
    lattice: Lattice,
    row: int,
    column: int,
    below: set[tuple[int, int]],
    right: set[tuple[int, int]],
    taken: set[tuple[int, int]],
) -> None:
    """The largest rectangle from a corner that no line crosses becomes a cell."""
    columns, rows = len(lattice.xs) - 1, len(lattice.ys) - 1
    column_end = column + 1
    while column_end < columns and (column_end, row) not in right and (row, column_end) not in taken:
        column_end += 1
    row_end = row + 1
    while row_end < rows and all((row_end, one) not in below for one in range(column, column_end)):
        if not _same_walls(right, row_end, column, column_end, columns):
            break
        if any((row_end, one) in taken for one in range(column, column_end)):
            break
        row_end += 1
    for one in range(row, row_end):
        taken.update((one, other) for other in range(column, column_end))
    xs, ys = lattice.xs, lattice.ys
    lattice.add(Room(row, column, row_end, column_end, xs[column], ys[row], xs[column_end], ys[row_end]))


def _same_walls(right: set[tuple[int, int]], row: int, column: int, column_end: int, columns: int) -> bool:
    """Whether a row has the walls of a cell from `column` to `column_end`, and none within it."""
    if any((one, row) in right for one in range(column + 1, column_end)):
        return False
    return all(edge in (0, columns) or (edge, row) in right for edge in (column, column_end))
