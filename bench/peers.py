"""Other readers over the same files: their text, and the simple pattern script that a user would write over it.

Each lives in a throw-away environment of its own under .cache/bench-peers, made with `python -m venv` and pip; one
that does not install is said so. The script knows the printed labels and the common ticks, nothing more: a value is
what follows its label up to the end of line or cell; an answer is a tick directly before or after 是 or 否 within
the text that follows the question; two ticks are unclear, none is blank.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import venv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from watch import Watch

from intake.campaign import FormSpec

CACHE = Path(__file__).resolve().parents[1] / ".cache" / "bench-peers"
INSTALL_SECONDS, READ_SECONDS = 1800, 1200
TICKS = "[☑√✓✔■●☒]"
RUNNER = """
import json, sys, time
{code}
for path in sys.argv[1:]:
    began, found, why = time.perf_counter(), None, ""
    try:
        found = text(path)
    except Exception as error:
        why = f"{{type(error).__name__}}: {{error}}"[:300]
    took = time.perf_counter() - began
    sys.__stdout__.write(json.dumps({{"file": path, "text": found, "seconds": took, "error": why}}) + "\\n")
    sys.__stdout__.flush()
"""


@dataclass(frozen=True, slots=True)
class Peer:
    """A reader: the pip requirement ("" for what this project's own environment has), and code that defines
    text(path); `formats` are those it reads as pip installs it."""

    name: str
    requirement: str
    formats: frozenset[str]
    code: str
    note: str = ""


PEERS = (
    Peer(
        "python-docx",
        "",
        frozenset({"docx"}),
        "import docx\n"
        "def text(path):\n"
        "    document = docx.Document(path)\n"
        "    lines = [paragraph.text for paragraph in document.paragraphs]\n"
        "    for table in document.tables:\n"
        "        lines += ['\\t'.join(cell.text for cell in row.cells) for row in table.rows]\n"
        "    return '\\n'.join(lines)\n",
        "the script of a user, for orientation",
    ),
    Peer(
        "docx2python",
        "docx2python",
        frozenset({"docx"}),
        "from docx2python import docx2python\n"
        "def text(path):\n"
        "    with docx2python(path) as document:\n"
        "        return document.text\n",
    ),
    Peer(
        "markitdown",
        "markitdown[docx,xlsx,xls,pdf]",
        frozenset({"docx", "xlsx", "xls", "et", "pdf", "html", "txt"}),
        "from markitdown import MarkItDown\n"
        "reader = MarkItDown(enable_plugins=False)\n"
        "def text(path):\n"
        "    return reader.convert(path).text_content\n",
    ),
    Peer(
        "docling",
        "docling",
        frozenset({"docx", "xlsx", "html"}),
        "from docling.document_converter import DocumentConverter\n"
        "reader = DocumentConverter()\n"
        "def text(path):\n"
        "    return reader.convert(path).document.export_to_markdown()\n",
        "pdf and pictures left out: its models are a download of their own",
    ),
)


@dataclass(slots=True)
class Heard:
    """What a reader made of the files: text by path (None where it failed), files a second, peak MB; or why not."""

    texts: dict[str, str | None] = field(default_factory=dict)
    rate: float = 0.0
    peak_mb: float = 0.0
    version: str = ""
    missing: str = ""


def hear(peer: Peer, paths: Sequence[Path]) -> Heard:
    """Install a reader where it is not yet, and let it read the files in one process."""
    python, missing = _python_of(peer)
    if missing:
        return Heard(missing=missing)
    heard = Heard(version=_version(python, peer.name))
    command = [str(python), "-c", RUNNER.format(code=peer.code), *map(str, paths)]
    environment = {**os.environ, "HF_HUB_OFFLINE": "1", "PYTHONWARNINGS": "ignore"}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment)
    with Watch(process.pid) as watch:
        try:
            said, _ = process.communicate(timeout=READ_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            said, _ = process.communicate()
    lines = [json.loads(line) for line in said.splitlines() if line.startswith(b"{")]
    heard.texts = {line["file"]: line["text"] for line in lines}
    later = lines[1:] or lines  # the first file pays for what is imported late
    heard.rate = len(later) / sum(line["seconds"] for line in later) if later else 0.0
    heard.peak_mb = watch.peak_mb
    return heard


def _python_of(peer: Peer) -> tuple[Path, str]:
    """The interpreter of a reader's environment, made now where it is not yet; or why there is none."""
    if not peer.requirement:
        return Path(sys.executable), ""
    folder = CACHE / peer.name
    python, done = folder / "bin" / "python", folder / ".installed"
    if done.exists():
        return python, ""
    venv.create(folder, with_pip=True, clear=True)
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", peer.requirement]
    try:
        made = subprocess.run(pip, capture_output=True, timeout=INSTALL_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return python, f"pip took over {INSTALL_SECONDS} s"
    if made.returncode:
        said = made.stderr.decode("utf-8", "replace").strip().splitlines() or ["pip failed"]
        return python, said[-1][:200]
    done.touch()
    return python, ""


def _version(python: Path, name: str) -> str:
    code = f"import importlib.metadata as m; print(m.version({name!r}))"
    return subprocess.run([str(python), "-c", code], capture_output=True, text=True, check=False).stdout.strip()


# ---- the pattern script -----------------------------------------------------------------------


def by_patterns(text: str | None, spec: FormSpec) -> list[dict[str, Mapping[str, Any]]]:
    """The one form that a simple script finds in a text; none where no label of it is there."""
    if not text or not any(field.label in text for field in spec.fields):
        return []
    answers = {one.id: _answer(text, one.label) for one in spec.choices}
    return [{"values": dict(_values(text, spec)), "choices": answers}]


def _values(text: str, spec: FormSpec) -> Iterator[tuple[str, str]]:
    asked = [*(one.label for one in spec.fields), *(one.label for one in spec.choices)]
    labels = "|".join(re.escape(label) for label in asked)
    for one in spec.fields:
        found = re.search(rf"{re.escape(one.label)}[\s:：|]*([^\n\t|]*)", text)
        value = found.group(1).strip() if found else ""
        yield one.id, "" if re.match(labels, value) else value


def _answer(text: str, label: str) -> str:
    question = label.split("（")[0]
    at = text.find(question)
    if at < 0:
        return "blank"
    after = text[at + len(label) if text.startswith(label, at) else at + len(question) :][:60].split("是否")[0]
    yes = re.search(rf"{TICKS}\s*是|是\s*[（(]?{TICKS}", after)
    no = re.search(rf"{TICKS}\s*否|否\s*[（(]?{TICKS}", after)
    if yes and no:
        return "unclear"
    return "yes" if yes else "no" if no else "blank"
