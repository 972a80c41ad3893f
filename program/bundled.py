"""Where the files that come with the program lie: beside it in a checkout, inside it in a wheel.

Promises a path that can be read and copied from; writes nothing.
"""

from __future__ import annotations

from pathlib import Path

DEFAULT_CAMPAIGN = "cipoa-2016"


def templates() -> Path:
    """The folder of bundled templates: one folder a campaign, and `common`."""
    return _bundled("templates")


def example_configuration() -> Path:
    """The config.example.toml that names every setting."""
    return _bundled("config.example.toml")


def campaigns() -> dict[str, Path]:
    """The folders of the bundled campaigns by name."""
    return {path.parent.name: path.parent for path in sorted(templates().glob("*/campaign.toml"))}


def _bundled(name: str) -> Path:
    here = Path(__file__).resolve().parent
    packaged = here / "bundled" / name  # force-included by the wheel, see pyproject.toml
    return packaged if packaged.exists() else here.parent / name
