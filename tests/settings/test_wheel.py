"""The built wheel carries everything that the program needs, and works away from the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from program import bundled

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel's contents, as pip would lay them down."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("cipsa_intake-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def run(installed: Path, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the program from the wheel alone: no current folder, no checkout on the path."""
    code = f"import sys; sys.path[:] = [{str(installed)!r}] + [p for p in sys.path if p and p != {str(ROOT)!r}]; "
    code += "import program; assert program.__file__.startswith(sys.path[0]); " + words[0]
    environment = {key: value for key, value in os.environ.items() if not key.startswith("INTAKE_")}
    return subprocess.run(
        [sys.executable, "-P", "-c", code, *words[1:]],
        cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip


def test_every_bundled_file_is_in_the_wheel(installed: Path) -> None:
    def files(folder: Path) -> set[str]:
        return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}

    assert files(installed / "program" / "bundled" / "templates") == files(bundled.templates())
    shipped = installed / "program" / "bundled" / "config.example.toml"
    assert shipped.read_bytes() == bundled.example_configuration().read_bytes()
    assert not [path for path in installed.iterdir() if path.name in ("tests", "templates", "bench", "setup")]


def test_settings_and_the_default_campaign_are_found_in_the_wheel(installed: Path, tmp_path: Path) -> None:
    done = run(installed, tmp_path, "from program.settings import load_settings; print(load_settings().campaign[0])")
    assert done.stdout.strip() == str(installed / "program" / "bundled" / "templates" / "cipoa-2016"), done.stderr


def test_the_command_runs_from_the_wheel(installed: Path, tmp_path: Path) -> None:
    main = "import sys; from program.cli import main; sys.argv[0] = 'intake'; main()"
    shown = run(installed, tmp_path, main, "--version")
    assert (shown.returncode, shown.stderr) == (0, "")
    (tmp_path / "空.txt").write_text("", "utf-8")
    read = run(installed, tmp_path, main, "read", "--json", "空.txt")
    assert (read.returncode, read.stderr) == (0, "")
    assert '"file": "空.txt"' in read.stdout
    made = run(installed, tmp_path, main, "init")
    assert made.returncode == 0, made.stderr
    assert (tmp_path / "config.toml").is_file()
