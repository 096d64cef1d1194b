"""History comes in: what was asked and answered before, out of exports of both kinds."""

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from bot.app.cli import app
from bot.app.cohorts import create_cohort
from bot.app.importing import Read, choose_cohort, spool_files, store_threads
from bot.core.errors import Refused
from bot.core.people import Place
from storage.stores.spool import Spool
from storage.tables.faq import EntryRow
from storage.tables.outbox import OutboxRow
from storage.tables.people import PersonRow
from storage.tables.questions import MarkRow, QuestionRow, ReplyRow
from tests.exports import TICK, discord_json, discord_message, discord_tick, slack_message, slack_zip
from tests.kit import PLAN, World, new_world

HOW = "How do I install the tool on a Mac?"
SO = "Run `brew install tool`, <@U9>, and restart the shell."


def bring_in(world: World, *files: Path) -> tuple[Read, Counter[str]]:
    storage, registry = world.app.storage, world.app.registry
    with Spool() as spool:
        read = spool_files(spool, files)
        return read, store_threads(storage, registry, "demo", spool, read)


def export(folder: Path, *messages: dict[str, Any], channels: Any = None) -> Path:
    """An export of the sandbox's own workspace, as it were."""
    days = {"questions/2024-03-01.json": [m | {"team": "sandbox"} for m in messages]}
    users = [{"id": "ines", "team_id": "sandbox"}]
    return slack_zip(folder / "e.zip", days, channels or [{"id": "questions", "name": "questions"}], users)


def ticked(*users: str) -> list[dict[str, Any]]:
    return [{"name": TICK, "users": list(users), "count": len(users)}]


async def test_a_ticked_thread_becomes_a_draft_and_nobody_is_told(world: World, tmp_path: Path) -> None:
    ines = world.chat.person("ines")
    await world.settle()
    outbox = len(world.rows(OutboxRow))
    said = [
        slack_message("100", "mia", HOW),
        slack_message("101", "ben", "Which Mac?", "100"),
        slack_message("102", "ben", SO, "100", reactions=ticked("mia")),
    ]
    read, done = bring_in(world, export(tmp_path, *said))
    assert (read.messages, read.threads, dict(done)) == (3, 1, {"new": 1, "marked": 1})
    await world.settle()
    assert len(world.rows(OutboxRow)) == outbox
    assert len(world.rows(MarkRow)) == 1
    (question,) = world.rows(QuestionRow)
    assert (question.state, question.message, question.replies, question.guess) == ("solved", "100", 2, "")
    sitting = await ines.command("faq")
    assert HOW in sitting.text
    assert "brew install tool" in sitting.text
    assert "someone" not in sitting.text
    assert "U9" not in sitting.text
    # Whoever is unknown here stays nameless.
    assert {p.name for p in world.rows(PersonRow)} == {"Ines", "omar", "somebody"}


async def test_the_same_file_twice_adds_nothing(world: World, tmp_path: Path) -> None:
    file = export(
        tmp_path, slack_message("100", "mia", HOW), slack_message("101", "ben", SO, "100", reactions=ticked("mia"))
    )
    bring_in(world, file)
    counted = {table: len(world.rows(table)) for table in (QuestionRow, ReplyRow, MarkRow, EntryRow, PersonRow)}
    _, done = bring_in(world, file, file)
    assert dict(done) == {"known": 1}
    assert {table: len(world.rows(table)) for table in counted} == counted


async def test_a_tick_counts_from_the_asker_and_the_course_team_alone(world: World, tmp_path: Path) -> None:
    said = [
        slack_message("100", "mia", HOW),
        slack_message("101", "ben", "No idea, sorry, which one do you mean?", "100", reactions=ticked("ben", "zoe")),
        slack_message("200", "mia", "Is the tool free?"),
        slack_message("201", "ben", "It is.", "200"),
        slack_message("202", "zoe", "For a month.", "200", reactions=ticked("ines")),
    ]
    _, done = bring_in(world, export(tmp_path, *said))
    assert dict(done) == {"new": 2, "marked": 1, "open": 1}
    assert {q.message: q.state for q in world.rows(QuestionRow)} == {"100": "past", "200": "solved"}
    (entry,) = world.rows(EntryRow)
    assert entry.answer == "For a month."
    # Nobody waits for an answer to what was asked long ago.
    assert "waits" not in (await world.chat.person("ines").command("")).text


async def test_an_answer_is_read_out_of_what_was_said(world: World, tmp_path: Path) -> None:
    said = [
        slack_message("100", "mia", HOW),
        slack_message("101", "ben", "Which Mac do you have?", "100"),
        slack_message("102", "mia", "An old one.", "100"),
        slack_message("103", "ben", SO, "100"),
        slack_message("104", "mia", "Thank you, that worked!", "100"),
    ]
    _, done = bring_in(world, export(tmp_path, *said))
    assert dict(done) == {"new": 1, "read": 1}
    (entry,) = world.rows(EntryRow)
    assert "brew install tool" in entry.answer
    assert world.rows(QuestionRow)[0].guess == "stands"


async def test_thanks_by_reaction_are_thanks(world: World, tmp_path: Path) -> None:
    thanks = [{"name": "pray::skin-tone-3", "users": ["mia", "zoe"], "count": 2}]
    said = [
        slack_message("100", "mia", HOW),
        slack_message("101", "zoe", "Which Mac do you have?", "100"),
        slack_message("102", "ben", SO, "100", reactions=thanks),
        slack_message("103", "zoe", "Or look for it in the store of the Mac.", "100"),
        slack_message("200", "zoe", "Is there a tool for it?"),
        slack_message("201", "ben", "There are some tools for it, in the store.", "200", reactions=thanks[:0]),
    ]
    _, done = bring_in(world, export(tmp_path, *said))
    assert dict(done) == {"new": 2, "read": 1, "open": 1}
    (entry,) = world.rows(EntryRow)
    assert "brew install tool" in entry.answer


async def test_a_later_export_brings_the_answer(world: World, tmp_path: Path) -> None:
    early = [slack_message("100", "mia", HOW), slack_message("101", "ben", "I will look.", "100")]
    bring_in(world, export(tmp_path, *early))
    assert world.rows(EntryRow) == []
    late = [*early, slack_message("102", "ben", SO, "100", reactions=ticked("mia"))]
    _, done = bring_in(world, export(tmp_path, *late))
    assert dict(done) == {"marked": 1}
    assert len(world.rows(EntryRow)) == 1
    assert len(world.rows(ReplyRow)) == 2


async def test_what_was_followed_live_stays_as_it_is(world: World, tmp_path: Path) -> None:
    mia, ben = await world.learner("mia", "Mia"), await world.learner("ben", "Ben")
    asked, gone = (
        await mia.say("questions", "Why does it fail?"),
        await mia.say("questions", "Can you see this secret?"),
    )
    assert asked.message
    assert gone.message
    await ben.say("questions", "Restart it.", thread=asked.message)
    await mia.delete(gone.message)
    said = [
        slack_message(str(asked.message), "mia", "Why does it fail?"),
        slack_message("999", "ben", SO, str(asked.message), reactions=ticked("mia")),
        slack_message(str(gone.message), "mia", "Can you see this secret?"),
        slack_message("998", "ben", "Yes, the secret.", str(gone.message)),
    ]
    _, done = bring_in(world, export(tmp_path, *said))
    assert dict(done) == {"known": 2}
    assert {q.state for q in world.rows(QuestionRow)} == {"open", "withdrawn"}
    assert "secret" not in str([r.text for r in world.rows(ReplyRow)] + [q.text for q in world.rows(QuestionRow)])


async def test_a_thread_from_before_goes_on_live(world: World, tmp_path: Path) -> None:
    mia, ben = await world.learner("mia", "Mia"), await world.learner("ben", "Ben")
    root = (await mia.say("general", "Look what I made")).message
    assert root
    said = [
        slack_message(str(root), "mia", HOW),
        slack_message("5001", "ben", "No idea.", str(root)),
    ]
    bring_in(world, export(tmp_path, *said, channels=[{"id": "general", "name": "questions"}]))
    assert [q.state for q in world.rows(QuestionRow)] == ["past"]
    reply = await ben.say("general", "Ah, with brew.", thread=root)
    assert reply.message
    await mia.react(reply.message, "✅")
    assert [q.state for q in world.rows(QuestionRow)] == ["solved"]
    assert [e.answer for e in world.rows(EntryRow)] == ["Ah, with brew."]


async def test_talk_is_no_question(world: World, tmp_path: Path) -> None:
    said = [slack_message("100", "mia", "Happy birthday, Ben!"), slack_message("101", "ben", "Thank you all!", "100")]
    _, done = bring_in(world, export(tmp_path, *said))
    assert dict(done) == {"no question": 1}
    assert world.rows(QuestionRow) == []


async def test_what_was_answered_on_the_other_platform_is_found(world: World, tmp_path: Path) -> None:
    said = [discord_message("1", "7", HOW), discord_message("2", "8", "Run brew.", "1", reactions=discord_tick("7"))]
    bring_in(world, discord_json(tmp_path / "e.json", said))
    ines, mia = world.chat.person("ines"), await world.learner("mia", "Mia")
    await ines.press(await ines.command("faq"), "Approve")
    assert "Run brew." in (await mia.command("find", "install on a mac")).text
    (question,) = world.rows(QuestionRow)
    assert (question.workspace, question.channel, question.message) == ("100", "200", "1")


async def test_unknown_authors_are_nobodys_asker(world: World, tmp_path: Path) -> None:
    first = slack_message("100", "mia", HOW)
    second = slack_message("101", "ben", "Thanks, that worked", "100")
    del first["user"], second["user"]
    bring_in(world, export(tmp_path, first, second))
    assert [r.own for r in world.rows(ReplyRow)] == [False]


async def test_cut_off_and_begun_again_it_goes_on(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.app.importing.BATCH", 4)
    said = []
    for n in range(10):
        said += [
            slack_message(f"{n + 1}00", f"m{n}", f"{HOW} {n}?"),
            slack_message(f"{n + 1}01", "ben", f"So: {n}", f"{n + 1}00", reactions=ticked(f"m{n}")),
        ]
    file = export(tmp_path, *said)

    class Killed(Exception):
        pass

    def die(what: str, done: int, whole: int) -> None:
        if what == "Storing" and done >= 8:
            raise Killed

    with Spool() as spool:
        read = spool_files(spool, [file])
        with pytest.raises(Killed):
            store_threads(world.app.storage, world.app.registry, "demo", spool, read, die)
    assert len(world.rows(QuestionRow)) == 8
    _, done = bring_in(world, file)
    assert dict(done) == {"known": 8, "new": 2, "marked": 2}
    assert len(world.rows(QuestionRow)) == len(world.rows(EntryRow)) == 10


def test_whose_history_it_is(tmp_path: Path) -> None:
    world = new_world(tmp_path)

    def chosen(code: str, course: str) -> str:
        return world.app.storage.run_now(lambda unit: choose_cohort(unit, code, course))

    assert chosen("", "") == chosen("demo", "") == chosen("", "demo") == "demo"
    create_cohort(
        world.app.storage, world.app.registry, replace(PLAN, code="other", channels={"main": "staff"}, people=())
    )
    with pytest.raises(Refused, match="one of: demo, other"):
        chosen("", "")
    staff = [Place("elsewhere", "general"), Place("sandbox", "staff")]
    assert world.app.storage.run_now(lambda unit: choose_cohort(unit, "", "", staff)) == "other"
    for code, course, said in (("x", "", "no cohort 'x'"), ("", "x", "No cohort of the course 'x' runs")):
        with pytest.raises(Refused, match=said):
            chosen(code, course)
    world.app.storage.close()


# At the command line


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("PACEKEEPER_DATA_DIR", str(tmp_path / "data"))
    world = new_world(tmp_path)
    world.app.storage.close()
    monkeypatch.setenv("PACEKEEPER_DATABASE_URL", f"sqlite:///{tmp_path}/pacekeeper.db")

    def run(*words: str) -> Result:
        return CliRunner().invoke(app, ["faq", "import", *words])

    return run


def test_the_command_reports_what_came_in(command: Any, tmp_path: Path) -> None:
    said = [discord_message("1", "7", HOW), discord_message("2", "8", "Run brew.", "1", reactions=discord_tick("7"))]
    file = discord_json(tmp_path / "e.json", said)
    first = command(str(file))
    assert first.exit_code == 0
    assert "New in demo: 1 question; 1 answer found, 1 of them marked in the chat." in first.stdout
    assert json.loads(command(str(file), "--json").stdout)["known"] == 1


def test_the_command_says_what_it_could_not_read(command: Any, tmp_path: Path) -> None:
    said = [discord_message("1", "7", HOW), discord_message("2", "8", "Run brew.", "1", reactions=discord_tick("7"))]
    file = discord_json(tmp_path / "e.json", said)
    file.write_bytes(file.read_bytes()[:-60])
    done = command(str(file))
    assert done.exit_code == 3
    assert "Could not be read: 1 part." in done.stdout
    assert "e.json: it ends in the middle" in done.stdout


def test_the_command_refuses_what_is_no_export(command: Any, tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_text("hello")
    assert "no JSON file of DiscordChatExporter" in str(command(str(tmp_path / "x.txt")).exception)
    assert "cannot be read" in str(command(str(tmp_path / "none.zip")).exception)
