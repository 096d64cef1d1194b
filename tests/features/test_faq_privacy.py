"""What nobody has reviewed yet stays where it was said: people of two workspaces, whose courses have the same id."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.app.cohorts import create_cohort, turn_in
from bot.core.actions import Action
from bot.core.events import ButtonPressed, CommandIssued, FormSubmitted
from bot.core.facts import CohortPlanned
from bot.core.forms import Form
from bot.core.message import Message
from bot.core.people import Account, Actor, Place, Role
from bot.core.plain import plain
from bot.features.faq import markdown, site
from bot.features.faq.book import collect
from storage.tables.faq import EntryRow
from storage.tables.people import change_cohort
from tests.features.test_faq import approve, pair, solve, states
from tests.kit import COURSE, PLAN, World, new_world

CANARY = "zanzibar"
ASKED = "How many pages may the final report have?"
ANSWER = f"At most ten pages, in {CANARY} format"
SHARING = COURSE + "faq: {unreviewed: course}\n"


@dataclass
class Elsewhere:
    """Somebody in another workspace, whose channel runs a course of the same id."""

    world: World
    user: str
    number: int = 0

    async def _act(self, kind: type[Any], **more: object) -> Message | Form | None:
        self.number += 1
        actor = Actor(Account("T2", self.user), self.user.capitalize())
        shape = {"actor": actor, "place": Place("T2", "C2"), "id": f"{self.user}-{self.number}"}
        event = kind(**shape, at=self.world.clock.now(), **more)
        answer = await self.world.app.runtime.receive(event)
        await self.world.settle()
        return answer.form or answer.message

    async def command(self, name: str, text: str = "") -> str:
        return said(await self._act(CommandIssued, name=name, text=text))

    async def press(self, action: str) -> str:
        return said(await self._act(ButtonPressed, action=action))

    async def submit(self, action: str, values: Mapping[str, str]) -> str:
        return said(await self._act(FormSubmitted, action=action, values=values))


def said(shown: Message | Form | None) -> str:
    """All that somebody can read of an answer, what they can choose among included."""
    if isinstance(shown, Form):
        options = [o.label for f in shown.fields for o in getattr(f, "options", ())]
        return "\n".join([shown.title, shown.intro, *(str(f.value) for f in shown.fields), *options])
    return plain(shown) if shown else ""


def act(name: str, subject: str = "") -> str:
    """The action of a button in the cohort of the other workspace."""
    feature, _, verb = name.partition(".")
    return Action(feature, verb, 2, subject).encode()


async def other_workspace(world: World, course: str = COURSE) -> tuple[Elsewhere, Elsewhere]:
    """A learner and an instructor of a cohort there."""
    plan = replace(
        PLAN,
        code="there",
        title="Demo, elsewhere",
        course_text=course,
        workspace="T2",
        channels={"main": "C2"},
        people=((Role.INSTRUCTOR, "tom"),),
    )
    _, join_code = create_cohort(world.app.storage, world.app.registry, plan)
    eve = Elsewhere(world, "eve")
    await eve.command("join", join_code)
    return eve, Elsewhere(world, "tom")


async def test_a_draft_is_found_in_its_own_cohort_alone(world: World) -> None:
    mia, ben, ines = await pair(world)
    eve, tom = await other_workspace(world)
    await solve(world, mia, ben, ASKED, ANSWER)
    assert CANARY in (await ben.command("find", "pages of the report")).text
    assert "Nothing in the FAQ" in await eve.command("find", "pages of the report")
    assert "Nothing in the FAQ" in await tom.command("find", f"{CANARY} pages report")
    before = await ben.command("ask", "How many pages may the final report have at most?")
    assert CANARY in before.text
    there = await eve.command("ask", "How many pages may the final report have at most?")
    assert CANARY not in there
    assert "None of these" not in there
    await approve(ines)
    assert CANARY in await eve.command("find", "pages of the report")


async def test_another_cohorts_team_sees_no_draft(world: World) -> None:
    mia, ben, ines = await pair(world)
    _, tom = await other_workspace(world)
    await solve(world, mia, ben, ASKED, ANSWER)
    await solve(world, mia, ben, f"Where is the {CANARY} template?", "In the handbook")
    reads = [await tom.command(name, text) for name, text in (("faq", ""), ("faq", "1"), ("desk", ""), ("", ""))]
    reads += [
        await tom.press(act("faq.review", "")),
        await tom.press(act("faq.merge", "1.x.1")),
        await tom.press(act("faq.approve", "1")),
    ]
    reads += [await tom.press(act("digests.faq", "")), await tom.press(act("faq.versions", "1"))]
    await tom.submit(act("faq.write", ""), {"question": "What is a report?", "answer": "A text."})
    reads += [await tom.press(act("faq.merge", "3.x.1")), await tom.submit(act("faq.merge", "3.x.1"), {"number": "1"})]
    assert [text for text in reads if CANARY in text or "report have" in text] == []
    assert "There is no FAQ 1" in reads[-1] or "no FAQ 1" in reads[-1]
    assert states(world)[:2] == [("draft", ""), ("draft", "")]
    assert CANARY in (await ines.command("faq")).text


async def test_what_a_source_says_since_is_read_by_its_own_team(world: World) -> None:
    mia, ben, ines = await pair(world)
    _, tom = await other_workspace(world)
    _, reply = await solve(world, mia, ben, ASKED, "At most ten pages")
    await approve(ines)
    await ben.edit(reply, ANSWER)
    assert CANARY in (await ines.command("faq")).text
    card = await tom.command("faq", "1")
    assert "At most ten pages" in card
    assert CANARY not in card
    await tom.press(act("faq.later", "1.x.1"))
    assert world.rows(EntryRow)[0].news_answer == ANSWER


async def test_nothing_unreviewed_is_written_into_files(world: World) -> None:
    mia, ben, _ = await pair(world)
    await other_workspace(world)
    await solve(world, mia, ben, ASKED, ANSWER)
    now = world.clock.now()
    for cohort in (None, 1, 2):
        book = world.app.storage.run_now(lambda unit, c=cohort: collect(unit.store("faq"), "demo", now, c))
        written = [markdown.page(book), *markdown.files(book).values(), *site.files(book).values()]
        assert [text for text in written if CANARY in text] == []


async def test_a_course_file_may_share_what_is_unreviewed(tmp_path: Any) -> None:
    world = new_world(tmp_path, course=SHARING)
    mia, ben, _ = await pair(world)
    eve, _ = await other_workspace(world)
    await solve(world, mia, ben, ASKED, ANSWER)
    assert CANARY in await eve.command("find", "pages of the report")


async def test_a_changed_course_file_opens_and_closes_what_is_there(world: World) -> None:
    mia, ben, ines = await pair(world)
    eve, _ = await other_workspace(world)
    await solve(world, mia, ben, ASKED, ANSWER)
    for course, found in ((SHARING, True), (COURSE, False)):
        await use_course(world, course)
        assert (CANARY in await eve.command("find", "pages of the report")) == found
    assert CANARY in (await ines.command("find", "pages of the report")).text


async def use_course(world: World, course: str) -> None:
    """The course file of the cohort 'demo' is another one now."""

    def change(turn: Any) -> None:
        change_cohort(turn.store._session, turn.here.id, course_text=course)
        turn.happened(CohortPlanned(turn.here.id))

    turn_in(world.app.storage, world.app.registry, "demo", "enrolment", change)
