"""Everything that people are shown was looked up in the catalogue: conversations in a pseudo-locale."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from adapters.sandbox.driver import CannotSee, Result, Speaker
from adapters.sandbox.refusals import BadAct
from bot.app.cli.check import _problems
from bot.core import translation
from bot.core.advice import SAYS
from bot.course.gate.verdicts import UNASKED
from bot.course.grammar import ListOf, MapOf
from bot.course.keys import COURSE_FILE
from bot.course.loader import check
from bot.course.problems import Problem
from storage.tables.people import AuditRow
from tests import kit
from tests.borders_world import COURSE_OF_ALL, living_world
from tests.features.test_live import MONDAY, SUNDAY, course, tasting
from tests.features.test_live_proposed import SOUND, opened
from tests.features.test_live_ways_in import FAULTS, FILE
from tests.features.test_revisions import upload
from tests.kit import World, new_world
from tests.pseudo import Pseudo, PseudoChat, plain

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
    assert chat.bare(*course, *log, other.title, world.join_code) == []
    world.app.storage.close()


MENDED = {
    "nothing said": ({"kind": "", "objective": ""}, {"kind": "sensitive"}),
    "goes as well alone": ({"kind": "discussion"}, {"kind": "office_hours"}),
    "no objective": ({"objective": "Sing"}, {"objective": "none"}),
    "offered once": ({"slots": "[Wed 08:00]"}, {"slots": "Wed 08:00"}),
    "in another week": ({"slots": "[Wed 08:00, week 2 Wed 20:00]"}, {"slots": "Mon 08:00\nWed 20:00"}),
    "at once": ({"slots": "[Wed 08:00, Wed 08:10]"}, {"slots": "Wed 08:00\nWed 08:10"}),
    "near": ({"slots": "[Wed 08:00, Wed 10:00]"}, {"slots": "Wed 08:00\nWed 10:00"}),
    "by each clock": ({"slots": "[Wed 08:00 learner, Wed 20:00]"}, {"slots": "Wed 08:00 learner\nWed 20:00"}),
    "paid by nothing": ({"pays": "[{item: Nothing, minutes: 30}]"}, {"pays": "Nothing: 30"}),
    "paid twice": (
        {"pays": "[{item: Read it, minutes: 20}, {item: Watch it, minutes: 40}]"},
        {"pays": "Read it: 20\nWatch it: 40"},
    ),
    "more than it has": ({"pays": "[{item: Read it, minutes: 30}]"}, {"pays": "Read it: 30"}),
    "no questions": ({"reflection": ""}, {"reflection": ""}),
    "no such item": ({"alternative": "{item: pot}"}, {"alternative": "feedback"}),
    "recorded in private": ({"kind": "sensitive"}, {"kind": "sensitive"}),
    "tried without a figure": ({"trial": "yes", "recorded": "no", "metric": ""}, {"kind": ""}),
    "tried with two questions": ({"trial": "yes", "recorded": "no", "alternative": "none"}, {"alternative": "none"}),
    "by a policy, a talk": ({"optional": "no", "mandated": "Rule 4", "kind": "content"}, {"kind": "sensitive"}),
    "by a policy, with work": ({"mandated": "Rule 4", "alternative": "none"}, {"alternative": "none"}),
}
"""What the gate finds, in the file and in the form."""


@pytest.mark.parametrize("fault", [*FAULTS, *MENDED])
async def test_the_gate_speaks_the_readers_language_and_check_english(tmp_path: Path, fault: str) -> None:
    """In the refusal of a form, the preview of a file, on the desk and on the session's own page."""
    in_file, in_form = {**FAULTS, **MENDED}[fault]
    world = new_world(tmp_path, now=SUNDAY, course=FILE, chat=PseudoChat)
    chat = world.chat
    assert isinstance(chat, PseudoChat)
    await world.learner("mia", "Mia")
    ines, omar = chat.person("ines"), chat.person("omar")
    await world.until(MONDAY)
    form = (await opened(ines)).form
    assert form is not None
    fields = {field.name for field in form.fields}
    await ines.submit({**SOUND, **{name: value for name, value in in_form.items() if name in fields}})
    text = course(tasting(**in_file), head=FILE)
    await ines.press(await upload(world, text), "Use it")
    for who in (ines, omar):
        await follow_all(who, await who.command("desk", place="general"))
        await follow_all(who, await who.command("live", place="general"))
    await world.until("2026-01-06T12:00:00Z")
    chat.look()
    course_words = {*words_of(yaml.safe_load(text)), *file_words(COURSE_FILE), "yes", "no"}
    zones = ["Europe/Berlin"]
    found = [p for p in check(text, "", zones, world.cohort.timetable) if p.code not in GATE]
    others = {part.strip() for p in found for said in (p.message, p.fix) for part in (said, *said.split("`"))}
    assert chat.bare(*course_words, *others, world.join_code) == []
    said = check_in_english(tmp_path, text)
    assert said
    assert all(p.message.isascii() or plain(p.message) == p.message for p in said)
    assert [p.fix for p in said if plain(p.fix) != p.fix] == []
    world.app.storage.close()


async def follow_all(who: Speaker, seen: Result) -> None:
    """Opens each session of a page."""
    for label in seen.buttons:
        if "Tasting" in label or label == "Open":
            await who.press(seen, label)


GATE = {code for code in SAYS if code.startswith(("gate-", "live-"))} - {UNASKED}


def check_in_english(folder: Path, text: str) -> list[Problem]:
    """What `pacekeeper check` says of the gate."""
    file = folder / "course.yaml"
    file.write_text(text)
    return [p for p in _problems(file) if p.code in GATE]
