"""Rules of the house that no linter knows."""

import re
from collections.abc import Iterator
from pathlib import Path

import adapters
import bot
import storage

ROOT = Path(__file__).parents[1]
NEUTRAL = ("bot/core", "bot/course", "bot/features", "bot/runtime")


def lines(*folders: str) -> Iterator[tuple[str, str]]:
    """(file:line, text) of every line of Python below the folders."""
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            for number, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                yield f"{path.relative_to(ROOT)}:{number}", text


def found(pattern: str, *folders: str, but: tuple[str, ...] = ()) -> list[str]:
    wanted = re.compile(pattern)
    return [f"{at}: {text.strip()}" for at, text in lines(*folders) if wanted.search(text) and not at.startswith(but)]


def test_no_line_of_the_neutral_rooms_knows_a_platform() -> None:
    assert found(r"(?i)slack|discord|sandbox|telegram|mattermost", *NEUTRAL) == []


def test_calendars_and_zones_are_known_in_one_module() -> None:
    assert found(r"\bzoneinfo\b|\bZoneInfo\b", "bot", "adapters", "storage", but=("bot/core/time.py",)) == []


def test_nothing_reads_the_machines_clock_but_one_class() -> None:
    pattern = r"\.now\(UTC\)|\.utcnow\(|datetime\.now\(|date\.today\(|time\.time\("
    assert found(pattern, "bot", "adapters", "storage", but=("bot/core/time.py",)) == []


def test_adapters_are_imported_only_where_they_are_put_together() -> None:
    assert found(r"^\s*(from|import) adapters", "bot", "storage", but=("bot/app/",)) == []


def test_the_packages_are_ours() -> None:
    for package in (bot, adapters, storage):
        assert Path(str(package.__file__)).parents[1] == ROOT
