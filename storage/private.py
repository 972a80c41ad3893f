"""Folders that only their owner may enter: what lies in them is other people's mail and answers."""

from __future__ import annotations

from pathlib import Path


def make_folder(path: Path) -> None:
    """Make a folder and what is missing above it, each 0700; Path.mkdir would give those above the default mode."""
    for folder in reversed([path, *path.parents]):
        if not folder.is_dir():
            folder.mkdir(mode=0o700, exist_ok=True)
