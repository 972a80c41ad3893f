"""The forms that the pictures of docs/reading.md show, and what the program says of them.

The forms are built by tests/samples/make_forms.py, the campaign is the bundled one.
"""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "samples"), str(ROOT / "tests" / "readers")]

import make_forms as samples  # noqa: E402

from intake.campaign import FormSpec  # noqa: E402
from intake.campaign_file import parse_campaign  # noqa: E402
from intake.document import Document  # noqa: E402
from intake.form.groups import Hit  # noqa: E402
from intake.form.labels import index_of  # noqa: E402
from intake.form.layout import Page  # noqa: E402
from intake.reading import as_json, read_file  # noqa: E402

__all__ = ["SPEC", "Missing", "hits_of", "judged", "samples"]

CAMPAIGN = ROOT / "templates" / "cipoa-2016" / "campaign.toml"
SPEC: FormSpec = parse_campaign(tomllib.loads(CAMPAIGN.read_text("utf-8"))).form


class Missing(Exception):
    """A program or package without which a picture cannot be made."""


def judged(name: str, content: bytes) -> dict[str, dict[str, str]]:
    """The choices as `intake read --json` gives them."""
    (form,) = as_json(name, read_file(name, content, [SPEC]), [SPEC])["forms"]
    return form["choices"]


def hits_of(document: Document) -> list[Hit]:
    (group,) = Page(index_of(SPEC)).read(document.blocks)
    return group.hits
