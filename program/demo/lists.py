"""The lists to print at the end of the demonstration, and whether they name whom they should."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import get_args

from sqlalchemy import Connection

from program import campaign_folders
from program.demo.play import Played
from program.demo.story import END, Story
from program.printing import excel, name_list, word
from program.printing.columns import Which
from program.printing.name_list import NAMES, NameList, Wanted

SHOWN: dict[Which, str] = {"signin": "签到表.docx", "unanswered": "未回复单位名单.xlsx"}


def write_files(tx: Connection, played: Played, folder: Path) -> None:
    for which, name in SHOWN.items():
        writer = word.document if name.endswith(".docx") else excel.book
        (folder / name).write_bytes(writer(_made(tx, played, which), END))


def differences(tx: Connection, story: Story, played: Played) -> Iterator[str]:
    """Who said yes is asked to sign; who sent nothing is called; the same list is the same to the byte."""
    willing = sorted(name for name, stands in story.truth.items() if stands.join == "yes")
    signs, silent = (sorted(row[1] for row in _made(tx, played, which).rows) for which in SHOWN)
    if signs != willing:
        yield f"签到表应列{len(willing)}家，实列{len(signs)}家：{'、'.join({*signs} ^ {*willing})}"
    if wrong := {*silent} & story.truth.keys():
        yield f"未回复单位名单误列：{'、'.join(sorted(wrong))}"
    for which in get_args(Which):
        if word.document(_made(tx, played, which), END) != word.document(_made(tx, played, which), END):
            yield f"{NAMES[which]}两次生成的文件不同"


def _made(tx: Connection, played: Played, which: Which) -> NameList:
    loaded = campaign_folders.chosen(played.settings)
    titles = campaign_folders.titles_of(loaded)
    return name_list.make(tx, loaded.campaign, Wanted(which), titles, END)
