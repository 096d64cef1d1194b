"""Every view that lists something, with 0, 1, 2 and 1,000 of it: kind when there is nothing, right in number, and
bounded, with a way to the rest."""

import asyncio
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pytest

from adapters.discord.render import render
from adapters.discord.text import References
from adapters.sandbox.driver import Seen
from adapters.slack.render import PART_BLOCKS, PART_LENGTH, draw
from adapters.slack.text import Reader
from bot.core.facts import CohortPlanned
from bot.core.message import Message
from bot.core.people import Account, Actor, Role
from bot.core.time import parse_instant
from bot.core.turn import Turn
from bot.features.enrolment.store import EnrolmentStore
from bot.features.faq.store import Entry
from bot.features.questions.store import Question
from bot.runtime.turns import take_turn
from storage.unit import SqlUnit
from tests.discord.limits import violations
from tests.features.test_milestones import MILESTONES
from tests.kit import COURSE, World, new_world

MANY = 1_000
SIZES = (0, 1, 2, MANY)
LONGEST = 6_000
"""Characters of the longest answer to a command."""
PARTS = 4
"""Messages that an answer is split into at most, on Discord."""

THINGS = (
    "answer|change|cohort|date|draft|entry:entries|field|item|learner|milestone|person:people|prompt|question|reply:replies"
    "|search:searches|thing|week|wrap-up"
)
ONE_OF = {one: several or f"{one}s" for one, _, several in (word.partition(":") for word in THINGS.split("|"))}
PLURAL_OF_ONE = re.compile(rf"(?<![\d.,:–-])(?<!Week )(?<!FAQ )1 (?:\w+ )?({'|'.join(ONE_OF.values())})\b")
SINGULAR_OF_MORE = re.compile(rf"(?<!Week )\b(?:2|1,?000|0) (?:\w+ )?({'|'.join(ONE_OF)})\b(?! of)")


@dataclass(frozen=True)
class View:
    """`who` writes `command`, and with `press` presses that button of the answer. `rest`: what says how to see more
    than is shown; '' where all is counted."""

    who: str
    command: str
    press: str = ""
    rest: str = ""
    place: str = "dm"


VIEWS = {
    "desk": View("ines", "desk", rest="Questions: all 1,?000"),
    "queue": View("ines", "desk", "Questions: all", rest=r"\[\d+ more\]"),
    "faq drafts": View("ines", "faq", rest="1,?000 drafts|All on a page"),
    "search results": View("learner", "find report length"),
    "own page": View("learner", ""),
    "own questions": View("learner", "solved"),
    "who is missing": View("ines", "week missing", rest="and 940 more: see the file"),
    "answers": View("ines", "week answers"),
    "next week's card": View("ines", "week", "Next week's card"),
    "milestones": View("ines", "week milestones"),
    "whom to give more time": View("ines", "week extend"),
    "overview": View("omar", "overview"),
    "completion": View("omar", "overview", "Completion"),
    "people": View("omar", "setup", rest="Learners: 1,?000"),
    "what was done": View("omar", "setup", "What was done"),
    "versions": View("ines", "course", "Versions"),
    "items": View("ines", "course", "Edit an item"),
}


def fill(world: World, number: int) -> None:
    """So many learners, questions of each, and drafts of the FAQ; the first person has asked them all."""
    at = parse_instant("2026-01-05T07:00:00Z")

    def work(unit: SqlUnit) -> None:
        people = [
            unit.people.meet(Actor(Account("sandbox", f"l{n}"), f"Learner {n}", "Europe/Berlin")).id
            for n in range(number)
        ]
        for person in people:
            unit.store("enrolment").add_member(world.cohort.id, person, Role.LEARNER)
        for n in range(number):
            text = f"How long may the report number {n} be?"
            asked = Question(0, world.cohort.id, people[0], text, "questions", "open", False, False, None, at)
            unit.store("questions").add(asked)
            answer = f"Report {n} has ten pages."
            unit.store("faq").add(Entry(0, world.cohort.id, "demo", text, answer, "draft", None, "", at))
        take_turn(world.app.registry, unit, "enrolment", at, joined)

    def joined(turn: Turn[EnrolmentStore]) -> None:
        turn.happened(CohortPlanned(world.cohort.id))

    world.app.storage.run_now(work)


FRIDAY = "2026-01-09T16:30:00Z"
"""The first wrap-up has opened."""


@pytest.fixture(scope="module", params=SIZES)
def filled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, int]]:
    number: int = request.param
    world = new_world(tmp_path_factory.mktemp("lists"), course=COURSE + MILESTONES)
    fill(world, number)
    asyncio.run(world.until(FRIDAY))
    yield world, number
    world.app.storage.close()


async def shown(world: World, view: View, number: int) -> tuple[str, Sequence[Message]]:
    """What the person reads in answer, and its messages."""
    if view.who == "learner":
        who = world.chat.person("l0", "Learner 0", "Europe/Berlin") if number else await world.learner("new", "Nia")
    else:
        who = world.chat.person(view.who)
    word, _, rest = view.command.partition(" ")
    result = await who.command(word, rest)
    if view.press and result.reply is not None:
        label = next((b for b in result.reply.buttons if b.startswith(view.press)), None)
        if label is None:
            return result.text, [message_of(world, result.reply)]
        result = await who.press(result, label)
    if result.form is not None:
        return str(result.form), []
    assert result.reply is not None, f"{view} answers nothing: {result.errors}"
    return result.text, [message_of(world, result.reply)]


def message_of(world: World, seen: Seen) -> Message:
    found = world.chat.sandbox.platform.post(seen.id).message
    assert found is not None
    return found


@pytest.mark.parametrize("name", VIEWS)
async def test_a_list_of_any_length(filled: tuple[World, int], name: str) -> None:
    world, number = filled
    view = VIEWS[name]
    text, messages = await shown(world, view, number)
    lines = [line for line in text.splitlines() if line and not line.startswith("[")]
    assert any(line.endswith((".", "?")) or ": " in line for line in lines) or not messages, "an empty box"
    assert not (wrong := PLURAL_OF_ONE.search(text)), wrong
    assert not (wrong := SINGULAR_OF_MORE.search(text)), wrong
    assert len(text) < LONGEST, f"{len(text)} characters"
    if number == MANY and view.rest:
        assert re.search(view.rest, text), f"nothing leads to the rest:\n{text}"
    for message in messages:
        check_limits(message)


def check_limits(message: Message) -> None:
    for part in draw(message, Reader("Europe/Berlin")).parts:
        assert len(part.blocks) <= PART_BLOCKS
        assert sum(len(str(block)) for block in part.blocks) <= 5 * PART_LENGTH
    sent = render(message, References(), {})
    assert len(sent) <= PARTS, f"{len(sent)} messages on Discord"
    for one in sent:
        assert violations("POST", "/channels/1/messages", one.payload()) == []
