"""Writes the generated documents of the course file: `python -m bot.course [DIRECTORY]` (docs/ by default)."""

import sys
from pathlib import Path

from bot.course.reference import reference_text
from bot.course.schema import schema_text


def documents() -> dict[str, str]:
    """The generated documents: file name in docs/ -> text."""
    return {"course-file.md": reference_text(), "course.schema.json": schema_text()}


if __name__ == "__main__":
    target = Path(sys.argv[1] if len(sys.argv) > 1 else "docs")
    for name, text in documents().items():
        (target / name).write_text(text, encoding="utf-8")
