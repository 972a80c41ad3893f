"""`intake form learn`: from a blank form to the definition of a new campaign, for a person to check."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import click

from intake.campaign_file import LONGEST_CAMPAIGN
from intake.errors import UNREADABLE, WrongUsage
from intake.form.learning import Learnt

SIZE_CAP = 200 << 20  # bytes; a larger file is not a form


@click.group(name="form", help="表格：从空白表生成活动的表格定义。")
def command() -> None:
    """The group; each sub-command returns its exit code."""


@command.command(name="learn", help="读取空白表 BLANK，在活动文件夹 FOLDER 中写入 campaign.toml，供人核对。")
@click.argument("blank", metavar="BLANK", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--to", "folder", metavar="FOLDER", required=True, type=click.Path(file_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="覆盖已有的 campaign.toml。")
def learn(blank: Path, folder: Path, force: bool) -> int:
    target = folder / "campaign.toml"
    if target.exists() and not force:
        raise WrongUsage(sentence=f"{target} 已存在，未作改动；如要覆盖，请加 --force。")
    now = datetime.now(UTC)
    learnt = _learnt(blank, campaign_id(folder), now)
    from intake.form.learning_toml import as_toml

    folder.mkdir(parents=True, exist_ok=True)
    target.write_text(as_toml(learnt, blank.name, now), encoding="utf-8")
    click.echo(_summary(learnt, target))
    return 0


def learn_one(name: str, campaign: str, now: datetime) -> Learnt | str:
    """Read and learn one blank form in a child; a sentence where it cannot be read."""
    from intake import readers
    from intake.errors import Unreadable
    from intake.form.learning import learn as learn_document

    path = Path(name)
    try:
        documents = readers.read(path.read_bytes(), path.name)
    except Unreadable as error:
        return error.sentence
    learnt = [learn_document(document, campaign, now) for document in documents]
    return max(learnt, key=lambda one: len(one.spec.fields) + len(one.spec.choices) + len(one.spec.rows))


def campaign_id(folder: Path) -> str:
    """The folder's name as an id: letters, digits and dashes of any script."""
    return re.sub(r"[^\w\-]+", "-", folder.resolve().name)[:LONGEST_CAMPAIGN].strip("-") or "campaign"


def _learnt(blank: Path, campaign: str, now: datetime) -> Learnt:
    """The definition, read under the limits of a child. Raises WrongUsage with the reason there is none."""
    import functools

    from intake.isolation import Children, Failure

    if blank.stat().st_size > SIZE_CAP:
        raise WrongUsage(sentence=f"{blank} 过大，不像是空白表。")
    task = functools.partial(learn_one, campaign=campaign, now=now)
    with Children(task, workers=1) as children:
        (result,) = children.map([str(blank)])
    if isinstance(result, Failure):
        raise WrongUsage(sentence=f"{blank} 无法读取：{UNREADABLE.get(result.code, UNREADABLE['internal']).__doc__}")
    if isinstance(result, str):
        raise WrongUsage(sentence=f"{blank} 无法读取：{result}")
    if not (result.spec.fields or result.spec.choices or result.spec.rows):
        raise WrongUsage(sentence=f"{blank} 中未发现可填写的项目，请确认它是空白表。")
    return result


def _summary(learnt: Learnt, target: Path) -> str:
    spec = learnt.spec
    lines = [f"已写入 {target}：{spec.title}", f"  填写项 {len(spec.fields)} 个，选择题 {len(spec.choices)} 个"]
    lines += [f"  逐行登记的表格：{rows.label or '1个'}" for rows in spec.rows]
    lines += [f"  {field.id}  {field.label}" for field in spec.fields]
    lines += [f"  {choice.id}  {choice.label}：{'／'.join(choice.options)}" for choice in spec.choices]
    lines += [f"  注意：{doubt}" for doubt in learnt.doubts]
    lines.append(f"请核对其中标有【请核对】之处，再用 intake read --campaign {target.parent} 试读填好的表。")
    return "\n".join(lines)
