"""Templates compiled and filled in: the only importer of jinja2.

Templates run in a sandbox with strict undefined names; HTML is escaped. What is wrong in one is told
as BrokenTemplate, with its file and line.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, MutableMapping, Sequence
from pathlib import Path
from types import CodeType
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined, Template, TemplateError, TemplateSyntaxError, UndefinedError
from jinja2.environment import TemplateModule
from jinja2.runtime import Context, Macro
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup

from intake import beijing
from intake.errors import BrokenTemplate
from outbox import facts, wording

__all__ = ["Engine", "Markup", "Template", "TemplateError", "documents", "reason_of"]

_FACTS = (
    facts.LetterFacts, facts.UnitFacts, facts.FileFact,
    facts.ValueFact, facts.ChoiceFact, facts.AskFact, facts.OweFact,
)  # fmt: skip
_FIELDS: dict[type, frozenset[str]] = {kind: frozenset(kind.__slots__) for kind in _FACTS}
_NO_FIELDS: frozenset[str] = frozenset()
_FAULTS = (
    TemplateError, TypeError, ValueError, AttributeError, LookupError, ArithmeticError, OSError, RecursionError,
)  # fmt: skip


class _Sandbox(SandboxedEnvironment):
    """A sandbox that gives what is ours without looking at it again: the texts and dates of facts, macros."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        if attribute in _FIELDS.get(type(obj), _NO_FIELDS):
            return getattr(obj, attribute)
        if type(obj) is TemplateModule and attribute in obj.__dict__ and not attribute.startswith("_"):
            return obj.__dict__[attribute]
        return super().getattr(obj, attribute)

    def call(self, __context: Context, __obj: Any, *args: Any, **kwargs: Any) -> Any:
        if type(__obj) is Macro:
            return __context.call(__obj, *args, **kwargs)
        return super().call(__context, __obj, *args, **kwargs)

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """As they are now: a chain of dictionaries would be gone through at each import of each letter."""
        return {**self.globals, **(d or {})}


class Engine:
    """The templates of some folders, the first folder's before the others', with words that all of them know."""

    def __init__(self, folders: Sequence[Path], words: Mapping[str, Any]) -> None:
        self._folders = folders
        self._text = _environment(folders, words, escape=False)
        self._html = _environment(folders, words, escape=True)
        self._named: dict[str, Template] = {}

    def compile(self, path: Path, text: str, lines_before: int) -> Template:
        """Compile a piece of a text file so that errors name the line of the file."""
        try:
            code = self._text.compile("\n" * lines_before + text, path.name, str(path))
        except TemplateSyntaxError as error:
            raise _broken(error, path) from error
        assert isinstance(code, CodeType)
        return Template.from_code(self._text, code, dict(self._text.globals))

    def named(self, name: str, words: Mapping[str, Any]) -> str:
        """Fill in a file of the folders; one named .html is escaped."""
        if name not in self._named:
            self._named[name] = self._read(name)
        return self.render(self._named[name], words)

    def _read(self, name: str) -> Template:
        environment = self._html if name.endswith(".html") else self._text
        try:
            template = environment.get_template(name)
        except _FAULTS as error:
            found = (folder / name for folder in self._folders if (folder / name).is_file())
            raise _broken(error, next(found, self._folders[-1] / name)) from error
        return template

    def render(self, template: Template, words: Mapping[str, Any]) -> str:
        try:
            return template.render(words)
        except _FAULTS as error:
            raise _broken(error, Path(str(template.filename))) from error


def documents() -> SandboxedEnvironment:
    """For templates that are Word documents: unknown names are errors, what is filled in is escaped."""
    return SandboxedEnvironment(undefined=StrictUndefined, autoescape=True)


def reason_of(error: Exception) -> str:
    """What is wrong in a template, in Chinese where it is known."""
    return _reason(error)


def _environment(folders: Sequence[Path], words: Mapping[str, Any], *, escape: bool) -> SandboxedEnvironment:
    environment = _Sandbox(
        loader=FileSystemLoader([str(folder) for folder in folders], encoding="utf-8-sig"),
        undefined=StrictUndefined,
        autoescape=escape,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finalize,
    )
    environment.globals |= words
    environment.filters |= {
        "day": beijing.day,
        "moment": beijing.moment,
        "date": beijing.date,
        "bare": wording.bare,
        "sentence": wording.sentence,
        "sentences": wording.sentences,
        "series": wording.series,
        "quoted": wording.quoted,
    }
    return environment


def _finalize(value: Any) -> Any:
    """Blanks around what a macro or a fact gives would break a paragraph; None is nothing."""
    return "" if value is None else value.strip(" \t\r\n") if isinstance(value, str) else value


def _broken(error: Exception, path: Path) -> BrokenTemplate:
    """Name the file and the line: from the syntax error, or the innermost template frame of the traceback."""
    file, line = str(path), 0
    if isinstance(error, TemplateSyntaxError):
        file, line = error.filename or file, error.lineno
    frame = error.__traceback__
    while frame is not None:
        name = frame.tb_frame.f_code.co_filename
        if name.endswith((".txt", ".html")):
            file, line = name, frame.tb_lineno
        frame = frame.tb_next
    where = f"{file}第{line}行" if line else file
    return BrokenTemplate(f"{file}:{line}: {error}", sentence=f"信函模板{where}有误：{_reason(error)}请修改后再试。")


def _reason(error: Exception) -> str:
    said = str(getattr(error, "message", None) or error)
    if isinstance(error, UndefinedError):
        name = re.search(r"'([^']+)'(?= is undefined|$)", said)
        return f"用到了不存在的名称“{name[1]}”，" if name else f"{said}，"
    return f"{said}，"
