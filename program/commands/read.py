"""`intake read`: reads form files and mails, and says what they hold; needs no configuration and no database."""

from __future__ import annotations

import functools
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from intake.answers import ANSWERS
from intake.campaign import FormSpec

if TYPE_CHECKING:
    from intake.isolation import Failure

MOST_OCR = 4  # children that read pixels; each may hold a gigabyte
SIZE_CAP = 200 << 20  # bytes; a larger file is not a form


@dataclass(frozen=True, slots=True)
class Line:
    """The object of the contract for one file; `unread`: it holds pictures that were not read."""

    shown: dict[str, Any]
    unread: bool = False


@click.command(name="read", help="读取填好的表格或邮件（.eml），文件夹则逐级读取；不需要配置。")
@click.option("--json", "as_json", is_flag=True, help="每个文件输出一行JSON。")
@click.option("--campaign", metavar="FOLDER", multiple=True, help="活动文件夹，默认为自带的首个活动。")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
def command(paths: tuple[str, ...], as_json: bool, campaign: tuple[str, ...]) -> int:
    from program.campaign_folders import load_campaigns

    specs = tuple(loaded.campaign.form for loaded in load_campaigns(campaign))
    show = _line if as_json else functools.partial(_words, specs=specs)
    for result in _read_all(_files(paths), specs):
        click.echo(show(result))
    return 0


def read_one(name: str, specs: Sequence[FormSpec], *, ocr: bool = False) -> Line:
    """Read one file in a child, with `ocr` its pictures too."""
    from intake import reading
    from intake.unread import unread

    path = Path(name)
    try:
        if not path.is_file():
            return Line(failed(name, "internal", "不是可以读取的文件，请核对路径。"))
        if path.stat().st_size > SIZE_CAP:
            return Line(failed(name, "too-large", "文件过大，未读取。"))
        content = path.read_bytes()
    except OSError as error:
        return Line(failed(name, "internal", f"文件无法打开（{error.strerror}），请检查其权限。"))
    result = reading.read_file(path.name, content, specs, ocr=ocr)
    return Line(reading.as_json(name, result, specs), unread=unread(result))


def failed(name: str, code: str, sentence: str) -> dict[str, Any]:
    """The object of the contract for a file that gave nothing."""
    return {"file": name, "kind": "unrelated", "forms": [], "error": {"code": code, "message": sentence}}


def _files(paths: Sequence[str]) -> Iterator[str]:
    missing = [path for path in paths if not os.path.exists(path)]
    if missing:
        raise click.UsageError(f"找不到：{'、'.join(missing)}")
    for path in paths:
        if not os.path.isdir(path):
            yield path
            continue
        for folder, folders, names in os.walk(path):
            folders.sort()
            yield from (os.path.join(folder, name) for name in sorted(names))


def _read_all(names: Iterator[str], specs: Sequence[FormSpec]) -> Iterator[dict[str, Any]]:
    from intake.errors import UNREADABLE
    from intake.isolation import Children, Failure, Stages
    from program.children import ocr_children

    asked: list[str] = []

    def remembered() -> Iterator[str]:
        for name in names:
            asked.append(name)
            yield name

    task, workers = functools.partial(read_one, specs=specs), os.cpu_count() or 2
    with (
        Children(task, workers=workers) as ordinary,
        ocr_children(functools.partial(task, ocr=True), workers=min(workers, MOST_OCR)) as with_ocr,
    ):
        children = Stages(ordinary, with_ocr, _is_unread, _gave_up)
        for place, result in enumerate(children.map(remembered())):
            if isinstance(result, Failure):
                sentence = UNREADABLE.get(result.code, UNREADABLE["internal"]).__doc__ or ""
                yield failed(asked[place], result.code, sentence)
            else:
                yield result.shown


def _is_unread(line: Line) -> bool:
    return line.unread


def _gave_up(line: Line, failure: Failure) -> Line:
    """What was read without OCR, and why no more was; forms that were read stand."""
    from intake.errors import UNREADABLE

    if line.shown["forms"]:
        return line
    sentence = UNREADABLE.get(failure.code, UNREADABLE["internal"]).__doc__ or ""
    return replace(line, shown={**line.shown, "error": {"code": failure.code, "message": sentence}})


def _line(result: dict[str, Any]) -> str:
    line = json.dumps(result, ensure_ascii=False)
    try:
        line.encode()
    except UnicodeEncodeError:  # a file's name in another encoding, as a GBK archive leaves it: \udcXX gives it back
        return json.dumps(result)
    return line


def _words(result: dict[str, Any], specs: Sequence[FormSpec]) -> str:
    lines = [result["file"].encode("utf-8", "replace").decode()]
    labels = {key: label for spec in specs for key, label in spec.labels.items()}
    for form in result["forms"]:
        lines += [f"  {labels.get(key, key)}：{value or '（空）'}" for key, value in form["values"].items()]
        lines += [_choice_line(labels.get(key, key), choice) for key, choice in form["choices"].items()]
        lines += [f"  注意：{problem}" for problem in form["problems"]]
    if result["error"]:
        lines.append(f"  {result['error']['message']}")
    elif not result["forms"]:
        lines.append("  未发现已填写的表。")
    return "\n".join(lines)


def _choice_line(label: str, choice: dict[str, Any]) -> str:
    answer = ANSWERS.get(choice["answer"], choice["answer"].replace(";", "、"))
    return f"  {label}：{answer}（{choice['evidence']}）" if choice["evidence"] else f"  {label}：{answer}"
