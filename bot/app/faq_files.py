"""Writes the FAQ into files, and deletes obsolete ones of an earlier export."""

import re
from collections.abc import Mapping
from pathlib import Path

_OURS = re.compile(r"faq-\d+\.md")


def write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8", newline="\n")


def write_all(folder: Path, files: Mapping[str, str]) -> None:
    """Leaves other files in the folder alone. Raises NotADirectoryError or FileExistsError if `folder` is not one."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        write(folder / name, text)
    for old in folder.iterdir():
        if _OURS.fullmatch(old.name) and old.name not in files:
            old.unlink()
