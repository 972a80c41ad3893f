"""Campaign folders as they are read once, and what their sections say about letters and rounds."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from intake.campaign import Campaign
from intake.campaign_file import parse_campaign
from intake.errors import WrongConfiguration
from program import bundled

if TYPE_CHECKING:
    from collections.abc import Mapping

    from intake.rounds import RoundRules
    from intake.slots import Hours
    from outbox.circular_section import CircularSection
    from outbox.compose import Letters
    from outbox.letters_section import CampaignLetters
    from program.settings import Settings


@dataclass(frozen=True, slots=True)
class LoadedCampaign:
    """A campaign folder as it was read once; each owner parses its own section of `data`."""

    folder: Path
    data: Mapping[str, Any]
    campaign: Campaign


def load_campaigns(folders: Sequence[str | Path] = ()) -> tuple[LoadedCampaign, ...]:
    """Read campaign folders, by default the bundled first campaign.

    Raises WrongConfiguration naming the file and what is wrong in it.
    """
    chosen = [Path(folder) for folder in folders] or [bundled.campaigns()[bundled.DEFAULT_CAMPAIGN]]
    loaded = tuple(map(_load_campaign, chosen))
    ids = [each.campaign.id for each in loaded]
    if doubled := {id_ for id_ in ids if ids.count(id_) > 1}:
        raise WrongConfiguration(sentence=f"campaign：多个活动文件夹用了同一个 id：{'、'.join(sorted(doubled))}。")
    return loaded


def chosen(settings: Settings, wanted: str = "") -> LoadedCampaign:
    """The campaign a command is about: the one with that id, else the first; raises UsageError where there is none."""
    import click

    loaded = load_campaigns(settings.campaign)
    for each in loaded:
        if wanted in ("", each.campaign.id):
            return each
    known = "、".join(each.campaign.id for each in loaded)
    raise click.UsageError(f"没有征集活动“{wanted}”，可用：{known}。")


def _load_campaign(folder: Path) -> LoadedCampaign:
    file = folder / "campaign.toml"
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
        return LoadedCampaign(folder, data, parse_campaign(data))
    except FileNotFoundError:
        raise WrongConfiguration(sentence=f"活动文件夹 {folder} 中没有 campaign.toml，请核对路径。") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise WrongConfiguration(str(error), sentence=f"{file} 不是有效的TOML文件（UTF-8）：{error}。") from error
    except WrongConfiguration as error:
        raise WrongConfiguration(error.detail, sentence=error.sentence.replace("campaign.toml", str(file), 1)) from None


def letters_of(settings: Settings, loaded: Sequence[LoadedCampaign]) -> Letters:
    from outbox.compose import Letters

    campaigns, forms = [campaign_letters(each) for each in loaded], settings.data / "forms"
    return Letters(campaigns, common=common_of(loaded), sender=settings.sender, forms=forms)


def campaign_letters(loaded: LoadedCampaign) -> CampaignLetters:
    from outbox.letters_section import CampaignLetters, parse_letters

    return CampaignLetters(
        loaded.campaign,
        parse_letters(loaded.data.get("letters", {})),
        loaded.folder,
        circular_of(loaded),
    )


def common_of(loaded: Sequence[LoadedCampaign]) -> Path:
    """The common letters: those beside the first campaign's folder where the operator keeps some, else the bundled."""
    beside = loaded[0].folder.resolve().parent / "common"
    return beside if (beside / "letters").is_dir() else bundled.templates() / "common"


def briefing_hours_of(loaded: LoadedCampaign) -> Hours:
    """When the secretariat is written to about the campaign; raises WrongConfiguration naming the file."""
    from scheduler.briefing_section import parse_digest

    try:
        return parse_digest(loaded.data.get("digest", {}))
    except WrongConfiguration as error:
        file = loaded.folder / "campaign.toml"
        raise WrongConfiguration(error.detail, sentence=error.sentence.replace("campaign.toml", str(file), 1)) from None


def titles_of(loaded: LoadedCampaign) -> dict[str, str]:
    """The titles of the lists to print; raises WrongConfiguration naming the file."""
    from outbox.letters_section import parse_letters
    from program.printing.name_list import titles

    body = parse_letters(loaded.data.get("letters", {})).alliance or loaded.campaign.title
    try:
        return titles(loaded.data.get("print", {}), body)
    except WrongConfiguration as error:
        file = loaded.folder / "campaign.toml"
        raise WrongConfiguration(error.detail, sentence=error.sentence.replace("campaign.toml", str(file), 1)) from None


def rounds_of(loaded: LoadedCampaign) -> RoundRules:
    from scheduler.rounds import parse_rounds

    return parse_rounds(loaded.data.get("rounds", {}))


def circular_of(loaded: LoadedCampaign) -> CircularSection:
    """What the campaign says of its circular."""
    from outbox.circular_section import parse_circular

    return parse_circular(loaded.data.get("circular", {}))
