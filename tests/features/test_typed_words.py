"""Whoever sends a form that can no longer be taken gets back what they typed, whatever the form."""

from pathlib import Path

import pytest

from bot.app.features import make_registry
from bot.core.actions import Action
from bot.core.events import FormSubmitted
from bot.core.feature import Handler
from bot.core.forms import Form, TextField
from bot.core.people import ANYONE, MANAGERS, STAFF, Account, Actor, Place
from bot.core.plain import plain
from bot.core.ports import Answer
from storage.tables.questions import ReplyRow
from tests.features.test_after_the_end import end
from tests.features.test_milestones import WITH_WORK
from tests.kit import World, new_world

FORMS = {
    f"{f.name}.{name}": h
    for f in make_registry().features
    for (name, is_form), h in f.handlers.items()
    if is_form and h.kept
}
"""All forms but those of which nothing is stored, not even the answer (tests/contract/test_survey.py)."""
WORDS = "Three sentences that\ntook me a while. And a third."
FIELDS = ("text", "question", "answer", "link", "url", "q1", "number")
GONE = "987654"
NOTHING_TO_GO = ("absence.away", "enrolment.zone", "faq.write", "revisions.upload")
"""Forms about no object that could go."""


@pytest.fixture
def world(tmp_path: Path) -> World:
    return new_world(tmp_path, course=WITH_WORK)


async def send(world: World, user: str, name: str, subject: str, kept: bool) -> Answer:
    """Sends a form with words in its fields: one that is `kept`, or one of which nothing is stored any more."""
    feature, __, action = name.partition(".")
    form = Form(Action(feature, action, 1, subject).encode(), name, tuple(TextField(f, f, long=True) for f in FIELDS))
    draft = None
    if kept:
        storage, now = world.app.storage, world.clock.now()
        actor = Actor(Account("sandbox", user), user.capitalize())
        draft = storage.run_now(lambda unit: unit.inbox.open_draft(unit.people.meet(actor).id, form, now))
    return await world.app.runtime.receive(
        FormSubmitted(
            actor=Actor(Account("sandbox", user), user.capitalize()),
            place=Place("sandbox", f"dm-{user}", direct=True),
            id=f"{name}/{subject}/{kept}",
            at=world.clock.now(),
            action=form.action,
            values=dict.fromkeys(FIELDS, WORDS),
            draft=draft,
        )
    )


def gives_back(answer: Answer) -> bool:
    assert "Something went wrong" not in "".join(answer.problems.values())
    fields = [f.value for f in answer.form.fields] if answer.form else []
    said = plain(answer.message) if answer.message else ""
    return WORDS in fields or WORDS.replace("\n", "\n> ") in said


def who(handler: Handler[object]) -> str:
    """Somebody who may send the form."""
    if handler.roles == ANYONE or handler.roles <= MANAGERS:
        return "omar"
    return "ines" if handler.roles <= STAFF else "mia"


@pytest.mark.parametrize("kept", [True, False])
@pytest.mark.parametrize("name", [n for n in FORMS if n not in NOTHING_TO_GO])
async def test_what_a_form_is_about_is_gone(world: World, name: str, kept: bool) -> None:
    await world.learner("mia", "Mia")
    answer = await send(world, who(FORMS[name]), name, GONE, kept)
    assert gives_back(answer), answer


@pytest.mark.parametrize("kept", [True, False])
@pytest.mark.parametrize("name", [n for n, h in FORMS.items() if h.roles])
async def test_who_sends_it_has_no_role_any_more(world: World, name: str, kept: bool) -> None:
    await world.learner("mia", "Mia")
    answer = await send(world, "zoe", name, "1", kept)
    assert gives_back(answer), answer


@pytest.mark.parametrize("kept", [True, False])
@pytest.mark.parametrize("name", [n for n, h in FORMS.items() if h.roles and not h.after_end])
async def test_the_cohort_has_ended_meanwhile(world: World, name: str, kept: bool) -> None:
    await world.learner("mia", "Mia")
    await end(world)
    answer = await send(world, who(FORMS[name]), name, "1", kept)
    assert gives_back(answer), answer


@pytest.mark.parametrize("kept", [True, False])
@pytest.mark.parametrize("name", ["selfchecks.try", "wrapups.answer"])
async def test_who_sends_it_is_no_learner_any_more(world: World, name: str, kept: bool) -> None:
    await world.learner("mia", "Mia")
    answer = await send(world, "ines", name, "1", kept)
    assert gives_back(answer), answer


async def test_a_reply_to_a_question_that_was_taken_back_meanwhile(world: World) -> None:
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    await mia.command("ask", "Where is the first text?")
    await ines.press(await ines.command("desk"), "Reply")
    closed = await mia.press(mia.find("Where is the first"), "Not needed any more")
    await mia.press(closed, "Delete its text")
    refused = await ines.submit(text=WORDS)
    assert refused.errors == {"": "This question was taken back. `/cohort` shows what there is."}
    assert refused.form is not None
    assert [f.value for f in refused.form.fields] == [WORDS]
    assert not world.rows(ReplyRow)
