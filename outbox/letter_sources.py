"""The files of a campaign's letters: found in its own folder first and then in the common one, and compiled.

Read when a letter of the kind is first written, and again once `refresh` finds that a file has changed.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from intake.errors import BrokenTemplate
from outbox.letter_file import split_head

if TYPE_CHECKING:
    from outbox.rendering import Engine, Template


@dataclass(frozen=True, slots=True)
class Source:
    """A letter's file, compiled: its two head lines and its body."""

    subject: Template
    heading: Template
    body: Template
    html: bool  # a file of its own says the HTML part


class Sources:
    """The letters of some folders, the first folder's before the others', with words that all of them know."""

    def __init__(self, folders: Sequence[Path], words: Mapping[str, Any]) -> None:
        self._folders, self._words = folders, words
        self._seen: tuple[tuple[str, int, int], ...] | None = None
        self.refresh()

    def refresh(self) -> None:
        """Forget what was compiled if a file was edited, added or removed since."""
        seen = tuple(_stamps(self._folders))
        if seen != self._seen:
            self._seen = seen
            self._engine: Engine | None = None
            self._sources: dict[str, Source] = {}

    @property
    def engine(self) -> Engine:
        if self._engine is None:
            from outbox.rendering import Engine  # with its library, when the first letter is written

            self._engine = Engine(self._folders, self._words)
        return self._engine

    def of(self, kind: str) -> Source:
        """The letter's file, compiled; raises BrokenTemplate, its sentence naming the file and the line."""
        if kind not in self._sources:
            path = self.require(kind)
            self._sources[kind] = self._read(path, self._find(f"{kind}.html") is not None)
        return self._sources[kind]

    def require(self, kind: str) -> Path:
        """The file of a letter, the campaign's own first; raises BrokenTemplate where there is none."""
        path = self._find(f"{kind}.txt")
        if path is None:
            missing = self._folders[-1] / f"{kind}.txt"
            raise BrokenTemplate(kind, sentence=f"缺少信函模板{missing}，请从安装包中补回。")
        return path

    def _find(self, name: str) -> Path | None:
        return next((folder / name for folder in self._folders if (folder / name).is_file()), None)

    def _read(self, path: Path, html: bool) -> Source:
        try:
            lines = path.read_text("utf-8-sig").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise BrokenTemplate(str(error), sentence=f"信函模板{path}无法读取，请另存为UTF-8编码的文本。") from error
        heads, start = split_head(lines)
        if "subject" not in heads:
            raise BrokenTemplate(str(path), sentence=f"信函模板{path}第1行：缺少“主题：”一行。")
        compiled = {name: self.engine.compile(path, text, number) for name, (number, text) in heads.items()}
        body = self.engine.compile(path, "\n".join(lines[start:]), start)
        return Source(compiled["subject"], compiled.get("heading", compiled["subject"]), body, html)


def _stamps(folders: Sequence[Path]) -> Iterator[tuple[str, int, int]]:
    for folder in folders:
        for entry in sorted(os.scandir(folder), key=lambda entry: entry.name) if folder.is_dir() else ():
            stat = entry.stat()
            yield entry.path, stat.st_mtime_ns, stat.st_size
