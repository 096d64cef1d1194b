"""The FAQ, as conversations."""

from dataclasses import replace

import pytest

from adapters.sandbox.driver import Result, Speaker
from bot.app.cohorts import create_cohort
from bot.core.events import ButtonPressed
from bot.core.people import Account, Actor, Place
from bot.core.plain import plain
from bot.core.time import parse_instant
from bot.features.faq.store import Entry
from bot.features.faq.wording import answering, headed, tidy
from storage.stores.faq import SqlFaq
from storage.tables.faq import EntryRow, MissRow, VersionRow
from storage.tables.people import AuditRow
from tests.kit import PLAN, World


async def solve(world: World, asker: Speaker, answerer: Speaker, question: str, answer: str) -> tuple[int, int]:
    """A plain question with its marked answer; returns both messages."""
    root = (await asker.say("questions", question)).message
    reply = (await answerer.say("questions", answer, root)).message
    assert root is not None
    assert reply is not None
    await asker.react(reply, "✅")
    return root, reply


async def pair(world: World) -> tuple[Speaker, Speaker, Speaker]:
    return await world.learner("mia", "Mia"), await world.learner("ben", "Ben"), world.chat.person("ines")


def states(world: World) -> list[tuple[str, str]]:
    return [(e.state, e.flag) for e in world.rows(EntryRow)]


async def approve(ines: Speaker) -> Result:
    return await ines.press(await ines.command("faq"), "Approve")


async def test_nothing_waits_at_first(world: World) -> None:
    mia, _, ines = await pair(world)
    assert "Nothing waits" in (await ines.command("faq")).text
    assert "instructors and managers" in (await mia.command("faq")).text


async def test_five_a_sitting_flagged_first(world: World) -> None:
    mia, ben, ines = await pair(world)
    _, reply = await solve(world, mia, ben, "Question number 0?", "Answer 0")
    await approve(ines)
    await ben.edit(reply, "Answer zero")
    for number in range(1, 7):
        await solve(world, mia, ben, f"Question number {number}?", f"Answer {number}")
    card = await ines.command("faq")
    assert "1 to look at again, 6 drafts" in card.text
    assert "Question number 0" in card.text
    assert card.buttons == ["Still right", "Use the new wording", "Edit", "Merge", "Remove", "Later"]
    assert "FAQ: 1 to look at again, 6 drafts" in (await ines.command("")).text
    assert "drafts" not in (await mia.command("")).text
    card = await ines.press(card, "Still right")
    assert "FAQ 1 found still right. 6 drafts left." in card.text
    for number in range(1, 5):
        assert f"Question number {number}" in card.text
        assert card.buttons[-5:] == ["Approve", "Edit", "Merge", "Skip", "Later"]
        card = await ines.press(card, "Approve")
        assert f"FAQ {number + 1} approved. {6 - number} drafts left." in card.text
    assert "5 looked at: enough for one sitting." in card.text
    assert card.buttons == ["Go on", "Publish"]
    assert "Question number 5" in (await ines.press(card, "Go on")).text


async def test_skipping_can_be_undone(world: World) -> None:
    mia, ben, ines = await pair(world)
    await solve(world, mia, ben, "How long?", "Ten pages")
    skipped = await ines.press(await ines.command("faq"), "Skip")
    assert states(world) == [("skipped", "")]
    assert "Nothing waits" in (await ines.command("faq")).text
    again = await ines.press(skipped, "Undo")
    assert "How long?" in again.text
    assert states(world) == [("draft", "")]
    await ines.press(again, "Approve")
    assert states(world) == [("approved", "")]


async def test_editing_keeps_versions_and_is_logged(world: World) -> None:
    mia, ben, ines = await pair(world)
    await solve(world, mia, ben, "@Ines how long is the report?", "Ten pages, says @Leo")
    await ines.press(await ines.command("faq"), "Edit")
    assert ines.form is not None
    assert [f.value for f in ines.form.fields] == ["How long is the report?", "Ten pages, says [name]", ""]
    assert (await ines.submit(answer=" ")).errors["answer"]
    assert "edited and approved" in (await ines.submit(answer="At most ten pages.")).text
    entry = world.rows(EntryRow)[0]
    assert (entry.state, entry.answer, entry.verified_at) == ("approved", "At most ten pages.", world.clock.now())
    assert [(v.answer, v.act) for v in world.rows(VersionRow)] == [("At most ten pages.", "edited and approved")]
    assert "FAQ 1 edited and approved." in [a.act for a in world.rows(AuditRow)]


async def test_a_double_click_approves_once(world: World) -> None:
    mia, ben, ines = await pair(world)
    await solve(world, mia, ben, "How long?", "Ten")
    sitting = await ines.command("faq")
    await ines.press(sitting, "Approve", delivery="a")
    await ines.press(sitting, "Approve", delivery="a")
    assert "approved already" in (await ines.press(sitting, "Approve")).text
    assert len(world.rows(VersionRow)) == 1


async def test_nobody_approves_what_they_have_not_seen(world: World) -> None:
    mia, ben, ines = await pair(world)
    _, reply = await solve(world, mia, ben, "How long?", "Ten")
    sitting = await ines.command("faq")
    await ben.edit(reply, "Twenty")
    again = await ines.press(sitting, "Approve")
    assert "changed since you saw it" in again.text
    assert "Twenty" in again.text
    assert states(world) == [("draft", "")]
    await ines.press(again, "Approve")
    assert states(world) == [("approved", "")]


async def test_an_approved_entry_follows_its_source(world: World) -> None:
    mia, ben, ines = await pair(world)
    root, reply = await solve(world, mia, ben, "How long is it?", "Ten")
    await approve(ines)
    await mia.unreact(reply, "✅")
    assert states(world) == [("flagged", "reopened")]
    assert "Nothing in the FAQ" in (await ben.command("find", "how long is it, ten")).text
    await mia.react(reply, "✅")
    assert states(world) == [("approved", "")]
    await ben.edit(reply, "Twelve")
    assert states(world) == [("flagged", "changed")]
    sitting = await ines.command("faq")
    assert "There it says now: How long is it?\n> Twelve" in sitting.text
    await ines.press(sitting, "Still right")
    assert states(world) == [("approved", "")]
    assert world.rows(EntryRow)[0].answer == "Ten"
    await ben.delete(reply)
    assert states(world) == [("flagged", "withdrawn")]
    removed = await ines.press(await ines.command("faq"), "Remove")
    assert "FAQ 1 removed" in removed.text
    row = world.rows(EntryRow)[0]
    assert (row.state, row.question, row.answer) == ("removed", "", "")
    assert world.rows(VersionRow) == []
    assert root


async def test_a_draft_goes_with_its_source_and_comes_back_with_it(world: World) -> None:
    mia, ben, ines = await pair(world)
    _, reply = await solve(world, mia, ben, "How long?", "Ten")
    sitting = await ines.command("faq")
    await mia.unreact(reply, "✅")
    assert (world.rows(EntryRow)[0].state, world.rows(EntryRow)[0].answer) == ("dropped", "")
    assert "gone" in (await ines.press(sitting, "Approve")).text
    await mia.react(reply, "✅")
    assert (world.rows(EntryRow)[0].state, world.rows(EntryRow)[0].answer) == ("draft", "Ten")


async def test_what_is_not_found_can_be_asked(world: World) -> None:
    mia, ben, _ = await pair(world)
    nothing = await mia.command("find", "grading <!channel> rubric")
    assert "Nothing in the FAQ fits" in nothing.text
    await mia.press(nothing, "Ask it")
    assert mia.form is not None
    assert mia.form.fields[0].value == "grading <!channel> rubric"
    await mia.submit()
    assert "grading <!channel> rubric" in ben.find("Mia asks", "questions").text
    assert (await mia.command("find", "words " * 40)).buttons == ["Ask it"]
    assert (await mia.command("find")).form is not None


async def test_another_cohorts_staff_does_not_review(world: World) -> None:
    mia, ben, ines = await pair(world)
    await solve(world, mia, ben, "How long?", "Ten")
    sitting = await ines.command("faq", place="general")
    assert sitting.reply is not None
    action = sitting.reply.controls[0]["action"]
    for who in ("ben", "eve"):
        world.chat.person(who, who.capitalize())
        answer = await press_raw(world, who, action)
        assert "instructors and managers" in answer
    assert states(world) == [("draft", "")]


async def press_raw(world: World, who: str, action: str) -> str:
    """Presses a button that the person never saw."""
    event = ButtonPressed(
        actor=Actor(Account("sandbox", who), who),
        place=Place("sandbox", "general"),
        id=f"raw-{who}-{action}",
        at=world.clock.now(),
        action=action,
    )
    answer = await world.app.runtime.receive(event)
    return plain(answer.message) if answer.message else ""


async def test_a_long_thread_fits_an_entry(world: World) -> None:
    mia, ben, ines = await pair(world)
    await solve(world, mia, ben, "Why? " * 2000, "Because. " * 2000)
    await ines.press(await ines.command("faq"), "Edit")
    assert ines.form is not None
    assert all(len(f.value) <= 3000 for f in ines.form.fields)
    assert "approved" in (await ines.submit()).text


def entry(number: int, question: str, answer: str) -> Entry:
    now = parse_instant("2026-01-12T09:00:00Z")
    return Entry(number, 1, "demo", question, answer, "approved", number, "", now, verified_at=now)


def test_names_are_left_out_and_code_is_not() -> None:
    said = tidy("Thanks @Leo and <@U123>, write to a@b.org:\n```\n@property\n``` or `@app.route`")
    assert said == "Thanks, write to a@b.org:\n```\n@property\n``` or `@app.route`"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("See <#C1> for it, @Inês:\na:\n  b:   1\n    c", "See for it, @Inês:\na:\n  b:   1\n    c"),
        ("@Inês this:\n    mv  my_a.py   b", "this:\n    mv  my_a.py   b"),
        ("It is in <#C1>.\n\tmake  x", "It is in.\n\tmake  x"),
        ("Do:\n    <#C1> x  y\n    z", "Do:\n    x  y\n    z"),
        ("Two.  Blanks <!here> <#C1> here.  Stay", "Two.  Blanks here.  Stay"),
        ("@Leo   text:\n  x", "  text:\n  x"),
    ],
)
def test_whoever_is_called_goes_with_one_blank_and_no_other(typed: str, kept: str) -> None:
    assert tidy(typed) == kept


@pytest.mark.parametrize("before", ["Hi all,\n", "Hello <@U1>!\n\n", ""])
@pytest.mark.parametrize("body", ["    services:\n      web:\n        image: nginx", "- the first\n- the second"])
def test_the_line_below_a_greeting_keeps_its_indentation(before: str, body: str) -> None:
    assert answering(f"{before}{body}") == answering(f"Mia,\n{body}") == body
    assert headed(f"How do I start both of them?\n{before}{body}").partition("\n\n")[2] == body


async def test_the_store_lists_what_stands(world: World) -> None:
    mia, ben, ines = await pair(world)
    await solve(world, mia, ben, "How long is it?", "Ten")
    await solve(world, mia, ben, "How wide is it?", "Two")
    await ines.press(await ines.command("faq", "2"), "Approve")

    def standing(unit: object) -> list[str]:
        store: SqlFaq = unit.store("faq")  # type: ignore[attr-defined]
        return [e.question for e in store.standing("demo")]

    assert world.app.storage.run_now(standing) == ["How wide is it?"]


async def test_an_entry_for_this_run_alone_is_found_in_no_other(world: World) -> None:
    mia, ben, ines = await pair(world)
    await solve(world, mia, ben, "When is the final call of the report?", "On the third of May")
    await solve(world, mia, ben, "How long may the report be?", "Ten pages")
    await ines.press(await ines.command("faq", "2"), "Approve")
    await ines.press(await ines.command("faq", "1"), "Edit")
    await ines.submit(run_only="yes")
    other = replace(PLAN, code="other", channels={"main": "staff"}, people=())
    _, join_code = create_cohort(world.app.storage, world.app.registry, other)
    eve = world.chat.person("eve", "Eve")
    await eve.command("join", join_code)
    assert "third of May" in (await mia.command("find", "final call report")).text
    assert "third of May" not in (await eve.command("find", "final call report")).text
    assert "Ten pages" in (await eve.command("find", "how long report")).text
    assert world.app.storage.run_now(lambda unit: len(unit.store("faq").standing("demo"))) == 1


async def test_what_two_cohorts_said_alike_is_found_once_and_checked(world: World) -> None:
    mia, ben, ines = await pair(world)
    for _ in range(2):
        await solve(world, mia, ben, "How long may the report be?", "Ten pages")
    assert (await mia.command("find", "how long report")).text.count("Ten pages") == 1
    await ines.press(await ines.command("faq", "2"), "Approve")
    found = (await mia.command("find", "how long report")).text
    assert found.count("Ten pages") == 1
    assert "from a thread" not in found


async def test_what_was_looked_up_in_vain_is_remembered(world: World) -> None:
    mia, ben, ines = await pair(world)
    await mia.command("find", "grading rubric")
    await mia.command("find", "grading rubric")
    await ben.command("find", "grading rubric")
    await ines.command("find", "holidays")
    assert [(m.words, m.wrong) for m in world.rows(MissRow)] == [("grading rubric", "")] * 2
    await solve(world, mia, ben, "How many pages may the final report have?", "Ten")
    shown = await ben.command("ask", "How many pages may the final report have at most?")
    assert "from a thread Mon 5 Jan" in shown.text
    assert "the thread" in shown.text
    await ben.press(shown, "None of these: ask")
    assert (world.rows(MissRow)[-1].words, world.rows(MissRow)[-1].wrong) == (
        "How many pages may the final report have at most?",
        "1",
    )


CODE = "Install it first:\n\n```bash\n  pip install my_pkg\n\n  my_pkg --check\n```\n1. restart\n2. look at https://example.org/a_b"


async def test_code_and_steps_are_whole_wherever_an_answer_is_seen(world: World) -> None:
    mia, ben, ines = await pair(world)
    await solve(world, mia, ben, "How do I install the package for the report?", CODE)
    quoted = "\n".join(f"> {line}" for line in CODE.split("\n"))
    assert quoted in (await ines.command("faq")).text
    await approve(ines)
    assert quoted in (await mia.command("find", "install the package")).text
    asked = await mia.command("ask", "How do I install the package for my report?")
    assert "Asked before?" in asked.text
    assert quoted in asked.text
    where = await ines.press(await ines.command("faq"), "Publish")
    await ines.press(where, "Post it in the channel, pinned")
    assert quoted in mia.find("Questions and answers", "questions").text
    assert quoted in (await ines.command("faq", "1")).text


async def test_a_question_keeps_its_indentation_from_form_to_receipt(world: World) -> None:
    mia, ben, _ = await pair(world)
    typed = "    if x:\n        y()\n\nWhy does this fail?"
    await mia.command("ask")
    receipt = await mia.submit(text=f"\n{typed}\n", instructors_only="")
    quoted = "\n".join(f"> {line}" for line in typed.split("\n"))
    assert quoted in receipt.text
    assert quoted in ben.find("Mia asks", "questions").text
