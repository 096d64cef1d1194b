"""Rules of the house that no linter knows."""

import ast
import re
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

import adapters
import bot
import storage
from bot.app import features as mounted

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


def none(problems: Iterable[str]) -> None:
    """Fails with all problems, in full: pytest shortens what it compares."""
    said = "\n".join(problems)
    assert not said, said


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
each_feature = pytest.mark.parametrize("folder", FEATURES, ids=lambda folder: folder.name)

OTHER_ROLES = {"border", "states", "state", "figures", "models", "types", "values", "common", "helpers", "utils"}
OTHER_ROLES |= {"handlers", "commands", "events", "service", "services", "manager", "protocols", "ports", "texts"}
"""Names that say no role, or name a role that another module has."""


IN_FEATURE = 3
"""How many contributions feature.py may have."""


def modules_of(folder: Path) -> dict[str, str]:
    """The text of each module of a feature."""
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.py"))}


def imports_of_own(feature: str, text: str) -> set[str]:
    """The modules of its own folder that a module imports."""
    package, found = f"bot.features.{feature}", set[str]()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom) and node.module == package:
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith(f"{package}."):
            found.add(str(node.module).split(".")[3])
    return found


def misshapen(modules: dict[str, str]) -> Iterator[str]:
    """What is wrong with the shape of a feature folder, and what to do."""
    for needed in {"feature", "store"} - modules.keys():
        yield f"{needed}.py is missing."
    for name in sorted(OTHER_ROLES & modules.keys()):
        yield (
            f"{name}.py: the name says no role. Values and the Protocol belong to store.py, decisions to rules.py, "
            "words to views.py; an activity is named after what is done (asking.py)."
        )
    if len(ast.parse(modules["__init__"]).body) != 1 or len(modules["__init__"].splitlines()) != 1:
        yield "__init__.py: it holds one line, a docstring that says what the feature is."
    for name, text in modules.items():
        if name != "store" and re.search(r"\bProtocol\):", text):
            yield f"{name}.py: the Protocol belongs to store.py."
        if name != "store" and re.search(r"\bFeature\(", text):
            yield f"{name}.py: the `Feature` object is made in store.py, and imported from there."
        if re.search(r"\bawait\b|\basync\b", text):
            yield f"{name}.py: handlers are plain functions. Declare an effect; the runtime talks to the platform."
        if (name == "rules" or name.endswith("views")) and re.search(r"\bTurn\b", text):
            yield f"{name}.py: it gets values, never a `Turn`. Read in the handler, and pass on what was read."
    if modules.get("feature", "").count("@feature.contributes(") > IN_FEATURE:
        yield f"feature.py: with more than {IN_FEATURE} contributions, they go into contributing.py and reporting.py."
    store = modules.get("store", "")
    if not (re.search(r"\bProtocol\):", store) and re.search(r"\bFeature\(", store)):
        yield "store.py: it holds the Protocol of what the feature keeps, and `feature: Feature[TheProtocol]`."


def turned_round(feature: str, modules: dict[str, str]) -> Iterator[str]:
    """Imports against the direction: store, rules and views, activities, feature."""
    own = {name: imports_of_own(feature, text) for name, text in modules.items()}
    declaring = {name for name, text in modules.items() if "\n@feature." in text}
    for name in sorted(declaring - own.get("feature", set()) - {"feature"}):
        yield f"{name}.py declares something and is not imported by feature.py, so nobody would know of it: import it."
    later = {"rules": declaring | {"views"}, "views": declaring, "store": declaring | {"views", "rules"}}
    for name, imported in own.items():
        for wrong in sorted(imported & (later.get(name, set()) | {"feature"})):
            yield f"{name}.py imports {wrong}.py, which comes after it: move what both need into {name}.py or store.py."


@each_feature
def test_every_feature_folder_has_the_same_shape(folder: Path) -> None:
    none(misshapen(modules_of(folder)))


@each_feature
def test_modules_of_a_feature_import_in_one_direction(folder: Path) -> None:
    none(turned_round(folder.name, modules_of(folder)))


WELL_SHAPED = {
    "__init__": '"""A club."""\n',
    "store": "class ClubStore(Protocol):\n    pass\n\nfeature: Feature[ClubStore] = Feature('club')\n",
    "reading": "from bot.features.club.store import feature\n\n@feature.action('read')\ndef read(): ...\n",
    "feature": "from bot.features.club import reading\nfrom bot.features.club.store import feature\n",
}


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("store", "", "store.py: it holds the Protocol"),
        ("service", "", "service.py: the name says no role"),
        ("rules", "def decide(turn: Turn): ...", "rules.py: it gets values"),
        ("asking", "async def ask(): ...", "asking.py: handlers are plain functions"),
        ("feature", "", "reading.py declares something"),
        ("store", "from bot.features.club import reading", "store.py imports reading.py"),
    ],
)
def test_what_is_wrong_with_a_feature_is_said(name: str, text: str, said: str) -> None:
    def found(modules: dict[str, str]) -> list[str]:
        return [*misshapen(modules), *turned_round("club", modules)]

    assert found(WELL_SHAPED) == []
    assert any(line.startswith(said) for line in found(WELL_SHAPED | {name: text}))


@each_feature
def test_every_feature_has_tests_that_are_named_after_it(folder: Path) -> None:
    """`make quick` runs those."""
    wanted = f"test_{folder.name}*.py"
    assert list((ROOT / "tests/features").glob(wanted)), f"Name the feature's tests tests/features/{wanted}."


MAY_LEAD = {
    "first": {"absence/catchup.py", "absence/silence.py", "questions/writing.py"},
    "core": {
        "weekcard/cards.py",
        "wrapups/rounds.py",
        "completion/over.py",
        "completion/standing.py",
        "digests/desk.py",
        "digests/week.py",
    },
    "spare": {"absence/catchup.py", "reminders/feature.py"},
}
"""Which modules send cards that take a message of their own: each of these takes a place in a learner's week."""


@pytest.mark.parametrize("rank", MAY_LEAD)
def test_cards_of_other_features_ride_on_those_of_the_week(rank: str) -> None:
    paths = (ROOT / "bot/features").rglob("*.py")
    named = {p for p in paths if "voice import" in (text := p.read_text(encoding="utf-8")) and f'"{rank}"' in text}
    assert {f"{p.parent.name}/{p.name}" for p in named} == MAY_LEAD[rank]


PLACES_POSTS = {"questions"}
"""A question's posts stand where it was asked, and are not counted in the channel's budget."""


def test_posts_of_features_keep_to_the_channels_budget() -> None:
    placed = re.compile(r"\b(?:In|Below)\(")
    for folder in FEATURES:
        for path in folder.glob("*.py"):
            text = path.read_text(encoding="utf-8")
            if folder.name not in PLACES_POSTS and "bot.core.effects import" in text:
                assert not placed.search(text), f"{folder.name}/{path.name}: post with turn.post or turn.show_to."


OF_THE_HOUSE = {"people", "search", "outbox", "schedule", "voice"}
"""Tables that no feature owns, and every store may read."""

STILL_READ = {("absence", "milestones"), ("faq", "questions"), ("revisions", "milestones")}
"""(feature, whose tables its store reads besides its own); this becomes less, and never more."""


def test_a_store_reads_the_tables_of_its_own_feature() -> None:
    read = set()
    for folder in FEATURES:
        store = ROOT / f"storage/stores/{folder.name}.py"
        text = store.read_text(encoding="utf-8") if store.exists() else ""
        tables = set(re.findall(r"^from storage\.tables\.(\w+)", text, re.MULTILINE)) - OF_THE_HOUSE - {folder.name}
        read |= {(folder.name, table) for table in tables}
    none(
        f"storage/stores/{feature}.py reads the tables of {table}. What {table} knows, collect from its contributions "
        "(`turn.collect`), or follow its facts."
        for feature, table in sorted(read - STILL_READ)
    )
    none(f"take {pair} out of STILL_READ: it is not read any more" for pair in sorted(STILL_READ - read))


def test_every_migration_follows_the_one_before_it() -> None:
    """Two branches that both drafted a migration give both the same number."""
    before, wrong = "", []
    for path in sorted((ROOT / "storage/migrations/versions").glob("[0-9]*.py")):
        text = path.read_text(encoding="utf-8")
        revision = re.search(r'^revision\b.*?"(\w+)"', text, re.MULTILINE)
        down = re.search(r'^down_revision\b.*?"(\w+)"', text, re.MULTILINE)
        wanted = f"{int(before or 0) + 1:04}"
        if (path.name[:4], revision and revision[1], down[1] if down else "") != (wanted, wanted, before):
            wrong.append(
                f"{path.relative_to(ROOT)} should be number {wanted}. If it is yours and not on main yet, renumber it: "
                f'name the file {wanted}_{path.stem[5:]}.py, and write revision = "{wanted}" and '
                f'down_revision = "{before}" in it. (Otherwise renumber yours, which comes before it.)'
            )
        before = wanted
    none(wrong)


@pytest.mark.parametrize(
    ("feature", "named"),
    [
        ("feedback", {"test_desk.py", "test_digests.py"}),
        ("absence", {"test_desk.py", "test_free_words.py", "test_sentences.py"}),
        ("reminders", set[str]()),
    ],
)
def test_what_a_feature_may_break_elsewhere_is_named_after_its_own_tests(feature: str, named: set[str]) -> None:
    said = subprocess.run(
        ["make", "-n", "quick", f"FEATURE={feature}"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    last = said.stdout.partition("Still to run")[2]
    slower = set(re.findall(r"tests/features/(test_\w+\.py)", last))
    assert slower >= named
    assert bool(slower) == bool(named)
    assert all((ROOT / "tests/features" / name).exists() for name in slower)


@each_feature
def test_every_feature_folder_is_mounted(folder: Path) -> None:
    assert folder.name in {feature.name for feature in mounted.FEATURES}, (
        f"bot/features/{folder.name} is not mounted: add a line to FEATURES, bot/app/features.py"
    )
