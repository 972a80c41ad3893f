"""Measure the daemon on this machine and write bench/results.md: `make bench`.

Every part can be run alone, with options of its own: `python bench/mails.py`, `bench/simulation.py`,
`bench/crowd.py`, `bench/digest.py`.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

PARTS = ("mails.py", "simulation.py", "crowd.py", "digest.py")


def main() -> None:
    """Each part in a process of its own, so that no measurement sees what another has left in memory."""
    for part in PARTS:
        subprocess.run([sys.executable, str(Path(__file__).with_name(part))], check=True)


if __name__ == "__main__":
    main()
