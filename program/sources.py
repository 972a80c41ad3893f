"""Where settings come from: a TOML file and the environment, as plain nested dictionaries.

Promises that a key that is no setting is refused by name and that relative paths are made absolute
(of the file: from its folder; of the environment: from the current folder). It knows no default
and contacts nothing.
"""

from __future__ import annotations

import difflib
import re
import shlex
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn, TypeAlias

from intake.errors import WrongConfiguration
from program import bundled

Tree: TypeAlias = dict[str, Any]
Key: TypeAlias = tuple[str, ...]

PREFIX = "INTAKE_"
SQLITE = re.compile(r"(sqlite(?:\+\w+)?:///)(?!/|:memory:|file:)(.+)")
SECRETS = ("password", "password_file", "password_command", "password_keyring")


@dataclass(frozen=True, slots=True)
class Source:
    """Settings of one origin; `name` is what a person knows it by (a file's path, 环境变量)."""

    name: str
    values: Tree

    def holds(self, key: Key) -> bool:
        """Whether this source states the key."""
        here: Any = self.values
        for part in key:
            if not isinstance(here, dict) or part not in here:
                return False
            here = here[part]
        return True

    def where(self, key: Key) -> str:
        """How a person finds this key again."""
        if self.name == ENVIRONMENT:
            return f"环境变量 {PREFIX}{'__'.join(key).upper()}"
        return f"{self.name} 中的 {'.'.join(key)}"


ENVIRONMENT = "环境变量"


def read_file(path: Path, known: Mapping[str, Any]) -> Source:
    """The settings of a TOML file. `known` is the tree of keys, leaves being None.

    Raises WrongConfiguration with one sentence where the file cannot be read or names an unknown key.
    """
    source = Source(str(path), _parse(path))
    for key in _unknown(source.values, known):
        _refuse(source, key, known, "")
    return Source(source.name, anchored(source.values, path.resolve().parent))


def read_environment(environment: Mapping[str, str], known: Mapping[str, Any], folder: Path) -> Source:
    """The settings of all variables that begin with INTAKE_; raises WrongConfiguration for an unknown one."""
    source = Source(ENVIRONMENT, {})
    for name, value in environment.items():
        if not name.startswith(PREFIX):
            continue
        key = tuple(name.removeprefix(PREFIX).lower().split("__"))
        if not _is_leaf(known, key) or name != name.upper():
            _refuse(source, key, known, name)
        section = source.values
        for part in key[:-1]:
            section = section.setdefault(part, {})
        section[key[-1]] = value
    return Source(ENVIRONMENT, anchored(source.values, folder))


def joined(file: Tree, environment: Tree) -> Tree:
    """The environment over the file, key by key; a secret named by the environment replaces every other kind of it."""
    result = dict(file)
    for key, value in environment.items():
        old = result.get(key)
        if isinstance(value, dict) and isinstance(old, dict):
            if any(name in value for name in SECRETS):
                old = {name: kept for name, kept in old.items() if name not in SECRETS}
            result[key] = joined(old, value)
        else:
            result[key] = value
    return result


def anchored(values: Tree, folder: Path) -> Tree:
    """The same settings with every relative path made absolute from `folder`."""
    result = {key: dict(value) if isinstance(value, dict) else value for key, value in values.items()}
    if isinstance(data := result.get("data"), str) and data:
        result["data"] = str(folder / data)
    if "campaign" in result:
        result["campaign"] = [_campaign(entry, folder) for entry in as_list(result["campaign"])]
    storage = result.get("storage")
    if isinstance(storage, dict) and (found := SQLITE.fullmatch(str(storage.get("url", "")))):
        storage["url"] = f"{found[1]}{folder / found[2]}"
    for section in ("mailbox", "smtp", "alert_smtp"):
        login = result.get(section)
        if isinstance(login, dict) and isinstance(path := login.get("password_file"), str) and path:
            login["password_file"] = str(folder / Path(path).expanduser())
    return result


def no_switch(value: object) -> object:
    """Refuse `true` where a number is wanted: Python, and so pydantic, takes it for 1."""
    if isinstance(value, bool):
        raise ValueError("应为整数，请改正")
    return value


def as_list(value: object) -> list[Any]:
    """A list as such, as JSON, or as one plain value; an empty string is an empty list."""
    if not isinstance(value, str):
        return list(value) if isinstance(value, list | tuple) else [value]
    if value.lstrip().startswith("["):
        import json

        try:
            found = json.loads(value)
        except ValueError:
            return [value]  # a plain value may begin with a bracket, as [Gmail]/All Mail does
        if isinstance(found, list):
            return found
    return [value] if value else []


def as_command(value: object) -> list[Any]:
    """A command as a list of words, as JSON, or as one line with a shell's quoting; no shell runs it."""
    words = as_list(value)
    return shlex.split(words[0]) if isinstance(value, str) and words == [value] else words


def _campaign(entry: object, folder: Path) -> object:
    """A folder from here, or the name of a bundled campaign where there is no such folder."""
    if not isinstance(entry, str):
        return entry
    path = folder / Path(entry).expanduser()
    return str(path if path.is_dir() else bundled.campaigns().get(entry, path))


def _parse(path: Path) -> Tree:
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except FileNotFoundError:
        sentence = f"找不到配置文件 {path}，请用 --config 指明，或先运行 intake init 生成。"
    except OSError as error:
        sentence = f"配置文件 {path} 无法读取（{error.strerror}），请检查文件及其权限。"
    except UnicodeDecodeError:
        sentence = f"配置文件 {path} 不是UTF-8编码，请另存为UTF-8。"
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"line (\d+), column (\d+)", str(error))
        spot = f"第{place[1]}行第{place[2]}列" if place else "末尾"
        sentence = f"配置文件 {path} {spot}不合TOML语法，请检查引号、方括号和等号。"
    raise WrongConfiguration(sentence=sentence)


def _unknown(values: Tree, known: Mapping[str, Any], above: Key = ()) -> Iterator[Key]:
    for key, value in values.items():
        inner = known.get(key, ...)
        if inner is ... or isinstance(inner, Mapping) != isinstance(value, dict):
            yield (*above, key)
        elif isinstance(inner, Mapping):
            yield from _unknown(value, inner, (*above, key))


def _is_leaf(known: Mapping[str, Any], key: Key) -> bool:
    here: Any = known
    for part in key:
        if not isinstance(here, Mapping) or part not in here:
            return False
        here = here[part]
    return here is None


def _leaves(known: Mapping[str, Any], above: Key = ()) -> Iterator[Key]:
    for key, inner in known.items():
        yield from _leaves(inner, (*above, key)) if isinstance(inner, Mapping) else [(*above, key)]


def _refuse(source: Source, key: Key, known: Mapping[str, Any], variable: str) -> NoReturn:
    """Say which key is no setting, and which one was probably meant."""
    where = f"环境变量 {variable}" if variable else source.where(key)
    spelled = {".".join(leaf): leaf for leaf in _leaves(known)}
    near = _nearest(".".join(key), spelled) or _nearest(key[-1], [name for name in spelled if "." not in name])
    hint = f"是否应为 {_spelling(spelled[near], variable)}？" if near else ""
    raise WrongConfiguration(sentence=f"{where} 不是可用的设置，请删除或改正；{hint}全部设置见 config.example.toml。")


def _nearest(word: str, words: Iterable[str]) -> str:
    return next(iter(difflib.get_close_matches(word, list(words), 1, 0.75)), "")


def _spelling(key: Key, variable: str) -> str:
    return PREFIX + "__".join(key).upper() if variable else ".".join(key)
