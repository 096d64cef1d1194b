"""Everything that people are shown was looked up in the catalogue: conversations in a pseudo-locale."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from adapters.sandbox.driver import CannotSee, Result, Speaker
from adapters.sandbox.refusals import BadAct
from bot.core import translation
from bot.course.gate.verdicts import verdicts
from bot.course.grammar import ListOf, MapOf
from bot.course.keys import COURSE_FILE
from bot.course.loader import load
from storage.tables.people import AuditRow
from tests import kit
from tests.borders_world import COURSE_OF_ALL, living_world
from tests.kit import World
from tests.pseudo import Pseudo, PseudoChat

DEEP = 2
"""How many buttons are pressed one after the other."""

MOST = 25
"""Presses of a person."""


@pytest.fixture(autouse=True)
def pseudo(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(translation, "catalogue", Pseudo())
    # Cohorts that other tests made have their welcome in English.
    kit._cohort_database.cache_clear()
    yield
    kit._cohort_database.cache_clear()


def words_of(value: object) -> Iterator[str]:
    """The texts of a course file."""
    match value:
        case str():
            yield value
        case dict():
            for inner in value.values():
                yield from words_of(inner)
        case list():
            for inner in value:
                yield from words_of(inner)


def file_words(value: object) -> Iterator[str]:
    """The words of the course file's own language: its keys, as labels of a form, and their defaults."""
    match value:
        case MapOf():
            for key in value.keys:
                yield key.name.replace("_", " ").capitalize()
                yield (key.default or "").strip("`")
                yield from file_words(key.value)
        case ListOf():
            yield from file_words(value.item)


async def look_around(world: World, who: Speaker) -> None:
    """A person issues every command, and presses what the answers offer."""
    pressed: set[str] = set()

    async def follow(seen: Result, deep: int) -> None:
        for control in seen.reply.controls if seen.reply else ():
            if control["action"] in pressed or len(pressed) >= MOST:
                continue
            pressed.add(control["action"])
            options = control.get("options") or [{"value": ""}]
            try:
                then = await who.press(seen, control["label"], options[0]["value"])
            except (BadAct, CannotSee):
                continue
            if deep > 1:
                await follow(then, deep - 1)

    for command in world.app.registry.commands:
        await follow(await who.command(command.name, place="general"), DEEP)


def diagnoses(course: str) -> set[str]:
    """What the gate says of a file's live sessions: diagnostics stay English."""
    said = [text for _, failed in verdicts(load(course)) for f in failed for text in (f.question, f.why, f.fix)]
    parts = {part.strip() for text in said for part in (text, *text.split("`"))}
    return parts | {part[:1].upper() + part[1:] for part in parts}


async def test_a_learner_an_instructor_and_a_manager_read_nothing_past_the_catalogue(tmp_path: Path) -> None:
    world, other = await living_world(tmp_path, PseudoChat)
    chat = world.chat
    assert isinstance(chat, PseudoChat)
    for id in ("mia", "ines", "omar"):
        await look_around(world, chat.person(id))
    await world.until("2026-01-27T09:00:00Z")
    chat.look()
    # The audit log is stored, and stays English.
    log = {text for row in world.rows(AuditRow) for text in (row.act, row.act[:1].upper() + row.act[1:])}
    course = {*words_of(yaml.safe_load(COURSE_OF_ALL)), *file_words(COURSE_FILE), "yes", "no", "weekly minutes"}
    assert chat.bare(*course, *diagnoses(COURSE_OF_ALL), *log, other.title, world.join_code) == []
    world.app.storage.close()
