"""A person asks for a copy of what is kept about them, and then to be forgotten."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import SQLModel

from adapters.sandbox.driver import Speaker
from bot.app.personal import copied, erase, find_person, messages_taken_away
from bot.core.errors import Refused
from bot.core.events import MessagePosted
from bot.core.message import message, paragraph
from bot.core.people import Account, Actor, Place
from bot.core.ports import Answer
from bot.runtime.delivery import whisper_key
from bot.runtime.ports import Unit
from storage.tables.inbox import InteractionRow
from storage.tables.people import AuditRow
from tests.features.test_faq import approve, pair, solve
from tests.features.test_milestones import MILESTONES
from tests.kit import COURSE, World, new_world

CANARY = "zebrafish"
ASKED = "How many pages may the final report have?"
ANSWER = "At most ten pages, in landscape format"


def everything(world: World) -> str:
    """All that the database holds, as one text."""
    with world.app.storage.engine.connect() as connection:
        rows = [row for table in SQLModel.metadata.sorted_tables for row in connection.execute(sa.select(table))]
    return "\n".join(" | ".join(map(repr, row)) for row in rows)


def copy(world: World, who: str) -> tuple[dict[str, Any], dict[str, bytes]]:
    """What `pacekeeper person export` writes."""
    storage, kept = world.app.storage, world.app.registry.kept
    registry = world.app.registry
    found = storage.run_now(lambda unit: copied(registry, unit, find_person(unit, who, kept), world.clock.now()))
    return json.loads(found.document), dict(found.files)


async def forget(world: World, who: str) -> None:
    """What `pacekeeper person erase --yes` does."""
    registry = world.app.registry
    world.app.storage.run_now(
        lambda unit: erase(registry, unit, find_person(unit, who, registry.kept), world.clock.now())
    )
    await world.settle()


async def a_life(world: World) -> tuple[Speaker, Speaker, Speaker]:
    """Mia asks, answers, thanks and searches; Ben replies to her."""
    mia, ben, ines = await pair(world)
    await solve(world, mia, ben, f"{ASKED} It is about the {CANARY}.", ANSWER)
    await world.until("2026-01-09T15:00:00Z")
    await mia.press(mia.find("wrap-up"), "Answer")
    await mia.submit(done=f"I drew the {CANARY}.", stuck=f"My {CANARY} hides.", quote="yes")
    await mia.command("find", "lemurs")
    await mia.command("find", f"a {CANARY} in the rain")
    await mia.command("settings", f"{CANARY}=1")
    await mia.command("ask", f"{CANARY} is_it_so=maybe instructors_only=perhaps")
    asked = (await ben.say("questions", "Which tank is best for the aquarium?")).message
    await mia.say("questions", f"The one of my {CANARY} is fine.", asked)
    await world.until("2026-01-12T12:00:00Z")
    return mia, ben, ines


async def test_being_thanked_is_in_the_copy_of_those_who_heard_it(world: World) -> None:
    mia, ben, _ = await pair(world)
    said = (await ben.say("general", "Here is how I did it.")).message
    assert said is not None
    await mia.choose(said, "Thank")
    tables = {who: {t["table"]: t["rows"] for t in copy(world, who)[0]["tables"]} for who in ("Mia", "Ben")}
    (given,), (heard,) = tables["Mia"]["thanks"], tables["Ben"]["thanks"]
    assert heard["message"] == given["message"] == str(said)
    assert heard["giver_name"] == "Mia"
    assert not {"giver", "receiver"} & heard.keys()
    assert "giver_name" not in given


async def test_nothing_of_an_erased_person_is_left(world: World) -> None:
    _, ben, ines = await a_life(world)
    assert CANARY in everything(world)
    assert any(CANARY in seen.text for seen in ben.sees("general"))
    await forget(world, "sandbox/mia")
    left = everything(world)
    assert CANARY not in left
    assert "Mia" not in left
    assert not any(CANARY in seen.text for seen in ben.sees("general"))
    assert ANSWER in left
    assert "Mia" not in (await ines.command("status")).text
    assert (await ben.command("")).text


async def test_an_erased_person_hears_nothing_and_comes_back_as_somebody_new(world: World) -> None:
    mia, _, _ = await a_life(world)
    await forget(world, "sandbox/mia")
    before = len(mia.sees())
    await world.until("2026-01-19T12:00:00Z")
    assert len(mia.sees()) == before
    await mia.command("join", world.join_code)
    document, _ = copy(world, "sandbox/mia")
    assert CANARY not in json.dumps(document)
    assert {table["table"] for table in document["tables"]} >= {"people", "accounts", "memberships"}


async def test_a_copy_holds_what_is_theirs_and_nobody_elses(world: World) -> None:
    _, ben, _ = await a_life(world)
    await ben.say("questions", "Is there a lamprey here, too?")
    document, _ = copy(world, "sandbox/mia")
    tables = {table["table"]: table["rows"] for table in document["tables"]}
    assert CANARY in tables["questions"][0]["text"]
    assert CANARY in tables["question_replies"][0]["text"]
    assert CANARY in str(tables["wrapup_answers"][0]["body"])
    assert tables["wrapup_answers"][0]["round_title"] == "Week 1 wrap-up"
    assert tables["questions"][0]["cohort_title"] == "Demo course"
    assert tables["faq_misses"][0]["words"] == "lemurs"
    told = json.dumps(document)
    assert not [other for other in ("Ben", "Ines", ANSWER, "lamprey") if other in told]


async def test_the_only_manager_stays_until_another_is_named(world: World) -> None:
    with pytest.raises(Refused, match="only manager of Demo"):
        await forget(world, "sandbox/omar")
    assert "'omar'" in everything(world)


async def test_a_name_that_two_people_have_does_not_do(world: World) -> None:
    await world.learner("mia", "Mia")
    await world.learner("mia2", "mia")
    with pytest.raises(Refused, match="can mean 2 people") as refused:
        await forget(world, "Mia")
    assert "sandbox/mia2" in str(refused.value)
    with pytest.raises(Refused, match="Nobody is known here as"):
        await forget(world, "Nobody")


async def test_a_name_that_looks_like_a_number_or_an_account_is_a_name(world: World) -> None:
    await world.learner("odd", "1")
    await world.learner("slash", "a/b")
    await world.learner("asa", "Åsa")
    for name in ("1", "a/b", "åSA"):
        await forget(world, name)
    assert not [name for name in ("Åsa", "a/b") if name in everything(world)]
    assert "'ines'" in everything(world)
    with pytest.raises(Refused, match="Nobody is known here as"):
        await forget(world, "1")


async def test_nobody_elses_forms_logs_and_failed_events_keep_an_erased_person(world: World) -> None:
    mia, _, ines = await a_life(world)
    await mia.command("ask", f"Where does a {CANARY} sleep? instructors_only=yes")
    desk = await ines.command("desk")
    await ines.press(desk, next(label for label in desk.buttons if label.startswith("Write") or "Reply" in label))
    await ines.command("week")
    storage = world.app.storage
    storage.run_now(lambda unit: unit.log(None, 1, "moved a date by 2 days for Mia"))
    actor, place = Actor(Account("sandbox", "mia"), "Mia"), Place("sandbox", "dm:mia")
    event = MessagePosted(actor=actor, place=place, id="77", at=world.clock.now(), text=f"My {CANARY}")
    storage.run_now(lambda unit: unit.inbox.add([event], world.clock.now()))
    with storage.engine.begin() as connection:
        connection.execute(sa.text("update inbox set state = 'aside' where key like '%/77'"))
    await forget(world, "sandbox/mia")
    left = everything(world)
    assert CANARY not in left
    assert "Mia" not in left
    assert "moved a date by 2 days for Somebody" in left


async def test_a_copy_for_an_instructor_quotes_no_learner(world: World) -> None:
    mia, _, ines = await a_life(world)
    await mia.command("ask", f"Where does a {CANARY} sleep? instructors_only=yes")
    desk = await ines.command("desk")
    await ines.press(desk, next(label for label in desk.buttons if "Reply" in label))
    document, _ = copy(world, "sandbox/ines")
    assert "drafts" in {table["table"] for table in document["tables"]}
    assert CANARY not in json.dumps(document)
    assert "Mia" not in json.dumps(document)


async def test_a_silent_learner_is_named_on_no_desk_once_erased(world: World) -> None:
    await world.learner("quietina", "Quietina")
    ines = world.chat.person("ines")
    await world.until("2026-01-21T09:00:00Z")
    assert any("Quietina" in text for text in ines.inbox())
    await forget(world, "sandbox/quietina")
    assert not [text for text in ines.inbox() if "Quietina" in text]


async def test_no_stored_reply_keeps_what_an_erased_person_typed_and_never_sent(tmp_path: Path) -> None:
    world = new_world(tmp_path, course=COURSE + MILESTONES)
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    await mia.command("submit", f"The {CANARY} is my work")
    assert mia.form is not None, "it asks of which milestone"
    await mia.command("submitt", f"The {CANARY}")
    storage, now = world.app.storage, world.clock.now()
    me, other = (storage.run_now(lambda unit, who=who: find_person(unit, who, ())).id for who in ("Mia", "Ines"))
    asked = Answer(message(paragraph(f"Shall this be your post? Claim: {CANARY} bags.")))
    storage.run_now(lambda unit: unit.inbox.keep_answer(whisper_key(me, "1"), asked, now))
    storage.run_now(lambda unit: unit.inbox.keep_answer(whisper_key(other, "2"), Answer(message()), now))
    assert CANARY in everything(world)
    await ines.command("desk")
    await forget(world, "sandbox/mia")
    assert CANARY not in everything(world)
    assert on_disk(tmp_path) == []
    kept = [row.key for row in world.rows(InteractionRow) if row.key.startswith("whisper/")]
    assert kept == [whisper_key(other, "2")]


async def test_replies_and_what_happened_are_kept_no_longer_than_the_docs_say_where_the_clock_is_wound(
    world: World,
) -> None:
    mia = await world.learner("mia", "Mia")
    await mia.command("ask", f"What is a {CANARY}?")
    assert CANARY in str(world.rows(InteractionRow))
    await world.until("2026-01-20T12:00:00Z")
    assert CANARY not in str(world.rows(InteractionRow))


def test_every_table_says_what_it_keeps_about_whom(world: World) -> None:
    kept = world.app.registry.kept
    assert sorted(k.table for k in kept) == sorted(SQLModel.metadata.tables)
    for k in kept:
        table = SQLModel.metadata.tables[k.table]
        declared = {k.of, *k.names, *k.part_of, *k.blank} - {""}
        assert declared <= set(table.c.keys()), f"{k.table} declares columns that it does not have"
        people = {c.name for c in table.c for key in c.foreign_keys if key.column.table.name == "people"}
        assert people <= {k.of, *k.names}, f"{k.table} names people in columns that it does not declare"


async def test_what_an_erased_instructor_did_stays_without_a_name(world: World) -> None:
    _, _, ines = await a_life(world)
    await approve(ines)
    await world.learner("tom", "Tom")
    await forget(world, "sandbox/ines")
    left = everything(world)
    assert "Ines" not in left
    assert ANSWER in left


async def test_a_follow_up_without_a_name_is_copied_and_erased_like_the_question(world: World) -> None:
    mia, ben, _ = await pair(world)
    await mia.command("ask", values={"text": f"Is a {CANARY} silly?", "anonymous": "yes"})
    await ben.say("questions", "Not at all, says Ben.", ben.find("Somebody asks", "questions").id)
    await mia.press(await mia.press(await mia.command(""), "Look"), "Reply")
    await mia.submit(text=f"And how big is a {CANARY}?")
    assert any(CANARY in seen.text and "The asker" in seen.text for seen in ben.sees("questions"))
    tables = {t["table"]: t["rows"] for t in copy(world, "sandbox/mia")[0]["tables"]}
    assert [row["text"] for row in tables["question_replies"]] == [f"And how big is a {CANARY}?"]
    others = json.dumps([copy(world, f"sandbox/{who}")[0] for who in ("ben", "ines")])
    assert CANARY not in others
    await forget(world, "sandbox/mia")
    assert CANARY not in everything(world)
    assert not any(CANARY in seen.text for seen in ben.sees("questions"))
    assert "Not at all, says Ben." in everything(world)


async def test_what_the_course_team_wrote_to_somebody_alone_is_copied_and_erased_with_them(world: World) -> None:
    mia, _, ines = await pair(world)
    await mia.command("ask", "I am lost. What now? instructors_only=yes")
    await ines.press(await ines.command("desk"), "Reply")
    await ines.submit(text="Of course, take three days.")
    tables = {t["table"]: t["rows"] for t in copy(world, "sandbox/mia")[0]["tables"]}
    (letter,) = tables["question_replies"]
    assert (letter["text"], letter["author_name"]) == ("Of course, take three days.", "Ines")
    assert "three days" not in json.dumps(copy(world, "sandbox/ben")[0])
    assert "three days" in json.dumps(copy(world, "sandbox/ines")[0])
    storage, kept = world.app.storage, world.app.registry.kept
    counts = storage.run_now(lambda u: u.personal(kept).counts(find_person(u, "sandbox/mia", kept).id))
    assert counts["question_replies"] == 1
    await forget(world, "sandbox/mia")
    assert "three days" not in json.dumps([copy(world, "sandbox/ines")[0]])
    with world.app.storage.engine.connect() as connection:
        replies = connection.execute(sa.select(SQLModel.metadata.tables["question_replies"].c.text)).scalars().all()
    assert replies == [""]


async def test_the_team_channel_keeps_nothing_that_was_written_to_an_erased_person(tmp_path: Path) -> None:
    world = new_world(tmp_path, channels={"main": "general", "questions": "questions", "staff": "staff"})
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    await mia.command("ask", "I am lost. What now? instructors_only=yes")
    card = ines.find("Mia asks the course team alone", "staff")
    await ines.press(card, "Reply")
    await ines.submit(text="Of course, take three days.")
    assert any("three days" in m.text for m in ines.thread(card.id))
    before, registry = everything(world), world.app.registry

    def preview(unit: Unit) -> int:
        return messages_taken_away(registry, unit, find_person(unit, "sandbox/mia", registry.kept), world.clock.now())

    said = {seen.id for seen in (*ines.sees("staff"), *ines.thread(card.id)) if seen.to is None}
    number = world.app.storage.run_now(preview)
    assert everything(world) == before, "the preview changes nothing"
    await forget(world, "sandbox/mia")
    gone = said - {seen.id for seen in (*ines.sees("staff"), *ines.thread(card.id))}
    assert number == 3, "one is taken away, another is edited, and Mia's own welcome goes"
    assert len(gone) == 1
    assert not any("three days" in m.text for m in ines.thread(card.id))
    assert not any("Mia" in m.text for m in ines.sees("staff"))


async def test_a_name_is_found_without_its_accents_and_parts_of_one_are_asked_about(world: World) -> None:
    await world.learner("ines2", "Inês Araújo")
    kept, storage = world.app.registry.kept, world.app.storage
    assert storage.run_now(lambda u: find_person(u, "ines ARAUJO", kept)).name == "Inês Araújo"
    with pytest.raises(Refused, match=r"(?s)Nobody is known here as .*araujo.*: Inês Araújo, sandbox/ines2"):
        storage.run_now(lambda u: find_person(u, "araujo", kept))


def on_disk(folder: Path) -> list[str]:
    """Which files of the database have the word in their bytes."""
    return [path.name for path in folder.glob("pacekeeper.db*") if CANARY.encode() in path.read_bytes()]


async def test_an_erased_person_is_in_no_log_beside_the_database(world: World, tmp_path: Path) -> None:
    await a_life(world)
    assert on_disk(tmp_path)
    await forget(world, "sandbox/mia")
    assert on_disk(tmp_path) == []


async def test_a_deleted_question_is_in_no_log_beside_the_database(world: World, tmp_path: Path) -> None:
    mia, _ben, _ines = await pair(world)
    asked = (await mia.say("questions", f"What does the {CANARY} eat?")).message
    assert asked is not None
    assert on_disk(tmp_path)
    await mia.delete(asked)
    assert on_disk(tmp_path) == []


async def test_somebody_who_reads_the_database_holds_no_erasure_up(world: World, tmp_path: Path) -> None:
    """A backup reads while Mia is erased: it is done once and at once, and the log is emptied after the next commit."""
    mia, _, _ = await a_life(world)
    file = tmp_path / "pacekeeper.db"
    with closing(sqlite3.connect(file)) as reader:
        reader.execute("BEGIN")
        assert reader.execute("SELECT count(*) FROM people").fetchone()
        await forget(world, "sandbox/mia")
        assert CANARY not in everything(world)
        assert sum(row.act.startswith("erased person") for row in world.rows(AuditRow)) == 1
        reader.execute("COMMIT")
    await mia.command("")
    for path in (file, file.with_name("pacekeeper.db-wal")):
        assert CANARY.encode() not in path.read_bytes(), path
