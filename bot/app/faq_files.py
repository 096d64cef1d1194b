"""Writes the FAQ into files, and takes away those of its files that an earlier writing left."""

import re
from collections.abc import Mapping
from pathlib import Path

_OURS = re.compile(r"faq-\d+\.md")


def write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8", newline="\n")


def write_all(folder: Path, files: Mapping[str, str]) -> None:
    """What is not ours in the folder stays. Raises NotADirectoryError, FileExistsError where it is none."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        write(folder / name, text)
    for old in folder.iterdir():
        if _OURS.fullmatch(old.name) and old.name not in files:
            old.unlink()
