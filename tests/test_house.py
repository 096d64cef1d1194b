"""Rules of the house that no linter knows."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

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


FEATURES = sorted(path.parent for path in (ROOT / "bot/features").glob("*/__init__.py"))
OTHER_ROLES = {"border", "states", "state", "figures", "models", "types", "values", "common", "helpers", "utils"}
OTHER_ROLES |= {"handlers", "commands", "events", "service", "services", "manager", "protocols", "ports", "texts"}


def imports_of_own(module: Path) -> set[str]:
    """The modules of its own folder that a module imports."""
    package, found = f"bot.features.{module.parent.name}", set[str]()
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == package:
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith(f"{package}."):
            found.add(str(node.module).split(".")[3])
    return found


@pytest.mark.parametrize("folder", FEATURES, ids=lambda folder: folder.name)
def test_every_feature_folder_has_the_same_shape(folder: Path) -> None:
    modules = {path.stem: path for path in folder.glob("*.py")}
    text = {name: path.read_text(encoding="utf-8") for name, path in modules.items()}
    assert {"feature", "store"} <= modules.keys()
    assert not OTHER_ROLES & modules.keys()
    assert len(ast.parse(text["__init__"]).body) == 1
    assert len(text["__init__"].splitlines()) == 1
    assert [name for name in text if re.search(r"\bProtocol\):", text[name])] == ["store"]
    assert [name for name in text if re.search(r"\bFeature\(", text[name])] == ["store"]
    assert [name for name in text if re.search(r"\bawait\b|\basync\b", text[name])] == []
    pure = [name for name in text if name == "rules" or name.endswith("views")]
    assert [name for name in pure if re.search(r"\bTurn\b", text[name])] == []


@pytest.mark.parametrize("folder", FEATURES, ids=lambda folder: folder.name)
def test_modules_of_a_feature_import_in_one_direction(folder: Path) -> None:
    """The store first, then rules and views, then activities; `feature` knows all that declare, and none knows it."""
    own = {path.stem: imports_of_own(path) for path in folder.glob("*.py")}
    declaring = {path.stem for path in folder.glob("*.py") if "\n@feature." in path.read_text(encoding="utf-8")}
    assert declaring - own["feature"] <= {"feature"}
    assert [name for name, imported in own.items() if "feature" in imported] == []
    after_rules = declaring | {"views"}
    assert not own["store"] & (after_rules | {"rules"})
    assert not own.get("rules", set()) & after_rules
    assert not own.get("views", set()) & declaring


@pytest.mark.parametrize("folder", FEATURES, ids=lambda folder: folder.name)
def test_every_feature_has_tests_that_are_named_after_it(folder: Path) -> None:
    """`make quick` runs those."""
    assert list((ROOT / "tests/features").glob(f"test_{folder.name}*.py"))


OF_THE_HOUSE = {"people", "search", "outbox", "schedule", "voice"}
"""Tables that no feature owns."""

STILL_READ = {("absence", "milestones"), ("faq", "questions"), ("revisions", "milestones"), ("revisions", "wrapups")}
"""(feature, whose tables its store reads besides its own); this becomes less, and never more."""


def test_a_store_reads_the_tables_of_its_own_feature() -> None:
    """What others know, a feature collects from their contributions."""
    read = set()
    for folder in FEATURES:
        store = ROOT / f"storage/stores/{folder.name}.py"
        text = store.read_text(encoding="utf-8") if store.exists() else ""
        read |= {(folder.name, table) for table in re.findall(r"^from storage\.tables\.(\w+)", text, re.MULTILINE)}
    assert {pair for pair in read if pair[0] != pair[1] and pair[1] not in OF_THE_HOUSE} == STILL_READ
