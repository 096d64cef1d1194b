"""The documentation is true: its links lead somewhere, its commands exist, its code is in the files that it names.

The tables between `<!-- generated: NAME -->` and `<!-- end -->` in the pages of docs/ are made here:
`.venv/bin/python tests/test_docs.py` writes them anew.
"""

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import httpx
import pytest
import typer
import yaml

from adapters.discord import failures as discord
from adapters.sandbox.adapter import Sandbox
from adapters.sandbox.app import app as sandbox_app
from adapters.sandbox.platform import Platform
from adapters.slack import errors as slack
from bot.app.cli import app
from bot.app.compose import compose
from bot.app.demo import seed
from bot.app.features import make_registry
from bot.app.settings import Settings
from bot.core import contributions
from bot.core.advice import SAYS, Code
from bot.core.causes import why_not_there
from bot.core.people import Role
from bot.core.time import WoundClock, parse_instant
from bot.course.keys import COURSE_FILE
from bot.course.loader import check
from bot.course.protocols import PROTOCOLS
from storage.sql.migrate import upgrade

ROOT = Path(__file__).parents[1]
INTERFACE = ROOT / "docs" / "INTERFACE.md"
WITH_TABLES = [INTERFACE, ROOT / "docs" / "privacy.md", ROOT / "docs" / "operating.md", ROOT / "docs" / "instructor.md"]
PAGES = sorted(
    [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *(ROOT / "deploy").glob("*")],
    key=lambda page: page.relative_to(ROOT).as_posix(),
)
GENERATED = {"docs/course-file.md"}
"""Pages that are made elsewhere, and tested there."""

OURS = [p for p in PAGES if p.relative_to(ROOT).as_posix() not in GENERATED and p.suffix != ".json"]
MARKDOWN = [p for p in OURS if p.suffix == ".md"]

_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)|<(?:img|a)\b[^>]*?(?:src|href)=\"([^\"]+)\"")
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_CALL = re.compile(r"(?:\.venv/bin/)?\bpacekeeper ((?!pacekeeper)(?:[a-z]+\b|--)[^`\n]*)")
_PART = re.compile(r"(<!-- generated: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def anchors(page: Path) -> set[str]:
    """The headings of a page as the ends of its links."""
    titles = re.findall(r"^#+ (.+)$", _FENCE.sub("", page.read_text()), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", t.replace("`", "").lower()).strip().replace(" ", "-") for t in titles}


@pytest.mark.parametrize("page", MARKDOWN, ids=name)
def test_every_link_leads_somewhere(page: Path) -> None:
    for groups in _LINK.findall(_FENCE.sub("", page.read_text())):
        link = groups[0] or groups[1]
        if link.startswith(("http://", "https://", "mailto:")):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), f"{name(page)} links to {link}, which is not there"
        if anchor and target.suffix == ".md":
            assert anchor in anchors(target), f"{name(page)} links to {link}, and {target.name} has no such heading"


# Commands


def calls(page: Path) -> Iterator[list[str]]:
    """The `pacekeeper …` commands that a page quotes in code, split into words."""
    text = page.read_text().replace("\\\n", " ")
    if page.suffix == ".md":
        code = [body for language, body in _FENCE.findall(text) if language in ("", "sh")]
        quoted = [*code, *re.findall(r"`([^`\n]+)`", _FENCE.sub("", text))]
    else:
        quoted = [line for line in text.splitlines() if "ExecStart" in line]
    for piece in quoted:
        for call in _CALL.findall(piece):
            yield shlex.split(call.split(" > ")[0].split(" | ")[0], comments=True)


def check_call(words: list[str]) -> None:
    """Raises AssertionError where the command line would not understand the words."""
    command: Any = typer.main.get_command(app)
    said = " ".join(words)
    path = []
    while hasattr(command, "commands") and words and not words[0].startswith("-"):
        found = command.commands.get(words[0])
        assert found is not None, f"there is no `pacekeeper {said}`"
        path.append(words[0])
        command, words = found, words[1:]
    options = {flag for p in command.params if p.param_type_name == "option" for flag in p.opts} | {"--help"}
    for word in words:
        if word.startswith("--"):
            flag = word.partition("=")[0]
            assert flag in options, f"`pacekeeper {' '.join(path)}` has no {flag}"


@pytest.mark.parametrize("page", OURS, ids=name)
def test_every_command_line_is_understood(page: Path) -> None:
    for words in calls(page):
        check_call(words)


def test_a_wrong_command_line_would_be_noticed() -> None:
    check_call(["cohort", "list", "--json"])
    for wrong in (["cohorts"], ["cohort", "make"], ["run", "--fast"]):
        with pytest.raises(AssertionError):
            check_call(wrong)


@pytest.mark.parametrize("page", MARKDOWN, ids=name)
def test_every_chat_command_is_declared(page: Path) -> None:
    declared = {c.name for c in make_registry().commands}
    for said in re.findall(r"/cohort ([a-z_]+)", page.read_text()):
        assert said in declared, f"{name(page)} quotes `/cohort {said}`, which is not declared"


@pytest.mark.parametrize("page", MARKDOWN, ids=name)
def test_every_part_of_a_course_file_loads(page: Path) -> None:
    """An example is a part of a file: only what it refers to may be missing."""
    for language, text in _FENCE.findall(page.read_text()):
        if language != "yaml":
            continue
        keys = yaml.safe_load(text) or {}
        if isinstance(keys, dict) and keys.keys() <= {key.name for key in COURSE_FILE.keys}:
            wrong = [p for p in check(text) if p.severity == "error" and p.code not in ("missing", "reference")]
            assert wrong == [], f"{name(page)}: {text}"


# Settings


@pytest.mark.parametrize("page", OURS, ids=name)
def test_every_setting_exists(page: Path) -> None:
    known = {f"PACEKEEPER_{field.upper()}" for field in Settings.model_fields} | {"PACEKEEPER_CONFIG"}
    for said in set(re.findall(r"PACEKEEPER_[A-Z_]+[A-Z]", page.read_text())):
        assert said in known, f"{name(page)} speaks of {said}, which is no setting"


def test_every_setting_is_described() -> None:
    text = INTERFACE.read_text()
    for field, info in Settings.model_fields.items():
        row = re.search(rf"^\| `PACEKEEPER_{field.upper()}` \| (.*?) \|", text, re.MULTILINE)
        assert row is not None, f"PACEKEEPER_{field.upper()} is not described in docs/INTERFACE.md"
        # What is secret, or a list, has no default to be named.
        if info.default and isinstance(info.default, str | int | Path):
            assert f"`{info.default}`" in row[1], f"the default of PACEKEEPER_{field.upper()} is `{info.default}`"


# Code


def quoted_code() -> Iterator[tuple[str, str, str]]:
    """(page, path, code) of every block of code that begins with a path in a comment."""
    for page in MARKDOWN:
        for _, body in _FENCE.findall(page.read_text()):
            first, _, rest = body.partition("\n")
            match = re.fullmatch(r"# ((?:bot|storage|adapters|tests|courses)/[\w/.]+)", first)
            if match:
                yield name(page), match[1], rest


@pytest.mark.parametrize(("page", "path", "code"), list(quoted_code()))
def test_quoted_code_is_in_its_file(page: str, path: str, code: str) -> None:
    source = (ROOT / path).read_text()
    for piece in re.split(r"^ *# …\n", code, flags=re.MULTILINE):
        assert piece.strip("\n") in source, f"{page} quotes {path} with what is not in it:\n{piece}"


def test_every_kind_of_contribution_is_listed_with_an_example() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text()
    rows = dict(re.findall(r"^\| `([A-Z_]+)` \|.*\| `([\w/.]+)` \|$", text, re.MULTILINE))
    kinds = {name for name, value in vars(contributions).items() if isinstance(value, contributions.Contribution)}
    assert set(rows) == kinds, "the table of contributions in CONTRIBUTING.md lists others"
    for kind, path in rows.items():
        # The voice contributes like a feature.
        code = (ROOT / ("bot" if path.startswith("runtime/") else "bot/features") / path).read_text()
        assert f".contributes({kind})" in code, f"CONTRIBUTING.md: {path} is no example of {kind}"


# What was really run


def exchanges() -> list[tuple[str, str, Any, Any]]:
    """(method, path, body, answer) of each example of the JSON interface, in order."""
    found = []
    for language, body in _FENCE.findall(INTERFACE.read_text()):
        if language != "http":
            continue
        request, _, answer = body.partition("\n\n")
        line, _, sent = request.partition("\n")
        method, _, path = line.partition(" ")
        found.append((method, path, json.loads(sent) if sent else None, answer.strip()))
    return found


def covers(real: Any, shown: Any) -> bool:
    """Whether an answer holds what the example shows; '…' stands for anything, and objects may hold more."""
    if shown == "…":
        return True
    if isinstance(shown, dict):
        return isinstance(real, dict) and all(k in real and covers(real[k], v) for k, v in shown.items())
    if isinstance(shown, list):
        return isinstance(real, list) and len(real) == len(shown) and all(map(covers, real, shown))
    return bool(real == shown)


async def test_the_example_exchange_happens_as_it_is_written(tmp_path: Path) -> None:
    clock = WoundClock(start=parse_instant("2026-03-02T08:00:00Z"))
    platform = Platform(tmp_path / "sandbox.db", clock.now)
    sandbox = Sandbox(platform)
    app = compose(f"sqlite:///{tmp_path / 'pacekeeper.db'}", clock, [sandbox], address="http://127.0.0.1:8420")
    upgrade(app.storage.engine)
    seed(app, platform)
    await sandbox.start(app.runtime)
    await app.runtime.settle()
    assert exchanges()
    transport = httpx.ASGITransport(sandbox_app(sandbox, app.runtime))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8420") as web:
        for method, path, sent, answer in exchanges():
            got = await web.request(method, path, json=sent) if sent else await web.request(method, path)
            if path.startswith("/api/v1/transcript"):
                assert got.text.strip() == answer
            else:
                assert covers(got.json(), json.loads(answer)), f"{method} {path} answers\n{got.text}"
    await sandbox.stop()
    app.storage.close()
    platform.close()


# The generated parts


def chat_commands() -> str:
    """What can be written after `/cohort`."""
    rows = ["| Command | Who | What it does |", "| --- | --- | --- |"]
    for command in make_registry().commands:
        words = [f"/cohort {command.name}".strip()]
        words += [f"{p.name}" if p.required else f"[{p.name}]" for p in command.typed]
        who = "anyone" if not command.roles else ", ".join(r.value for r in Role if r in command.roles)
        rows.append(f"| `{' '.join(words)}` | {'members' if len(command.roles) == 3 else who} | {command.summary} |")
    return "\n".join(rows)


def command_line() -> str:
    """Every command of `pacekeeper`, with its options."""
    rows = ["| Command | What it does |", "| --- | --- |"]
    for path, command in _leaves(typer.main.get_command(app), ()):
        words = ["pacekeeper", *path]
        arguments = [p for p in command.params if p.param_type_name == "argument"]
        options = [p for p in command.params if p.param_type_name == "option" and p.opts != ["--help"]]
        words += [p.name.upper() if p.required else f"[{p.name.upper()}]" for p in arguments]
        flags = [(p, p.opts[0] if p.is_flag else f"{p.opts[0]} …") for p in options]
        words += [flag if p.required else f"[{flag}]" for p, flag in flags]
        about = (command.help or "").split("\n\n")[0].replace("\n", " ")
        rows.append(f"| `{' '.join(words)}` | {about} |")
    return "\n".join(rows)


def _leaves(command: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    if not hasattr(command, "commands"):
        yield path, command
        return
    for word, below in command.commands.items():
        yield from _leaves(below, (*path, word))


def actions() -> str:
    """What the controls and forms of each feature are called."""
    rows = ["| Feature | Buttons and menus | Forms |", "| --- | --- | --- |"]
    registry = make_registry()
    for feature in sorted(registry.features, key=lambda feature: feature.name):
        named = [registry.handler_names(feature.name, is_form) for is_form in (False, True)]
        if any(named):
            cells = [", ".join(f"`{feature.name}.{name}`" for name in names) for names in named]
            rows.append(f"| {feature.name} | {cells[0]} | {cells[1]} |")
    return "\n".join(rows)


def kept() -> str:
    """Every table, with what it keeps and what erasure does."""
    rows = ["| Table | What a row is | How long | On erasure |", "| --- | --- | --- | --- |"]
    for table in make_registry().kept:
        rows.append(
            f"| `{table.table}` | {table.what} | {table.until or 'as long as the bot runs'} | {table.on_erasure} |"
        )
    return "\n".join(rows)


def protocols() -> str:
    """The protocols of discussions that a course file can name."""
    rows = ["| Protocol | What a post holds |", "| --- | --- |"]
    rows += [f"| `{name}` | {', '.join(field.title for field in fields)} |" for name, fields in PROTOCOLS.items()]
    return "\n".join(rows)


def advice() -> str:
    """The codes of advice about a course file."""
    rows = [f"| `{code}` | {says} |" for code, says in SAYS.items()]
    return "\n".join(["| Code | What it says |", "| --- | --- |", *rows])


THEN = {
    "place gone": "a post waits for another channel; what belongs below one is given up",
    "person gone": "dropped, if it is for this person",
    "person shut": "dropped, if it is for this person, and the desk says so",
    "gone": "given up",
    "waits": "waits until that is changed",
    "paused": "its conversation waits for some minutes",
    "looked for": "looked for, and sent again if it is not there",
    "tried again": "tried again for three days",
}


def slack_errors() -> str:
    """Slack's error codes, by what they mean."""
    rows = ["| Slack's codes | About | The message | The managers of a channel hear |", "| --- | --- | --- | --- |"]
    meanings: dict[slack.Meaning, list[str]] = {}
    for code, meaning in slack.MEANINGS.items():
        meanings.setdefault(meaning, []).append(f"`{code}`")
    for meaning, codes in meanings.items():
        heard = lost(meaning) if meaning.about in ("channel", "app") or meaning.then == "paused" else ""
        rows.append(f"| {', '.join(codes)} | {meaning.about} | {THEN[meaning.then]} | {heard} |")
    return "\n".join(rows)


def discord_errors() -> str:
    """Discord's error codes, with what they mean."""
    rows = [
        "| Discord's code | What it means | The message | The managers of a channel hear |",
        "| --- | --- | --- | --- |",
    ]
    for code, meaning in sorted(discord.MEANINGS.items()):
        rows.append(f"| {code} | {meaning.said} | {THEN[meaning.then]} | {lost(meaning)} |")
    other = discord.CLOUDFLARE
    rows.append(f"| 403 without a code | {other.said} | {THEN[other.then]} | {lost(other)} |")
    return "\n".join(rows)


def lost(meaning: slack.Meaning | discord.Meaning) -> str:
    """What the managers hear when a post is refused for this reason."""
    if meaning.then == "paused":
        return f"after an hour: {why_not_there('limited', '')}"
    return why_not_there(meaning.why or "forbidden", meaning.needs) if meaning.then in ("place gone", "waits") else ""


PARTS = {
    "chat": chat_commands,
    "advice": advice,
    "protocols": protocols,
    "cli": command_line,
    "actions": actions,
    "kept": kept,
    "slack_errors": slack_errors,
    "discord_errors": discord_errors,
}


def generated(text: str) -> str:
    """The page with its tables as they are now."""
    return _PART.sub(lambda m: f"{m[1]}\n{PARTS[m[2]]()}\n\n{m[3]}", text)


def test_every_code_of_advice_is_explained() -> None:
    """`mypy` lets no other code be used."""
    assert list(SAYS) == list(get_args(Code))


def test_the_generated_parts_are_current() -> None:
    texts = [page.read_text() for page in WITH_TABLES]
    assert {m[1] for text in texts for m in _PART.findall(text)} == set(PARTS)
    assert texts == [generated(text) for text in texts], "write them again: .venv/bin/python tests/test_docs.py"


@pytest.mark.parametrize("picture", sorted((ROOT / "docs" / "images").glob("*.png")), ids=lambda p: str(p.name))
def test_pictures_are_small_and_shown(picture: Path) -> None:
    assert picture.stat().st_size < 300_000
    assert any(f"images/{picture.name}" in page.read_text() for page in MARKDOWN)


if __name__ == "__main__":
    for made in WITH_TABLES:
        made.write_text(generated(made.read_text()))
