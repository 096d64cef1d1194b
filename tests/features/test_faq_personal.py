"""What is personal is left out of drafts, and published only by somebody who was asked once more."""

import re
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, update

from bot.app.cohorts import turn_in
from bot.app.importing import spool_files, store_threads
from bot.core.facts import CohortPlanned
from bot.features.faq import markdown, site
from bot.features.faq.book import collect
from bot.features.faq.drafting import cover, propose
from bot.features.faq.kinds import KINDS
from bot.features.faq.naming import Names
from bot.features.faq.personal import find, leave_out
from bot.features.faq.scoring import words
from bot.features.faq.wording import lacking
from storage.stores.spool import Spool
from storage.tables.faq import EntryRow, VersionRow
from tests.exports import discord_json, discord_message, discord_tick
from tests.features.test_faq import approve, pair, solve, states
from tests.hostile.cost import growth
from tests.kit import World
from tests.planted import CLEAN, PLANTED, ROSTER, Plant, planted

PHONE = "+49 170 5551234"
LIBRARY = "Ask Zarquon, it is a library, and Zarquon's page has examples."
ENOUGH = 0.95
"""The share of what was planted that must be left out."""

FALSE = 0.05
"""At most this share of ordinary technical texts may have a false mark."""


def missed(texts: list[Plant]) -> list[Plant]:
    """Those whose planted thing would still stand in a draft, asked or answered."""
    names = Names(ROSTER)
    left = []
    for one in texts:
        asked, answered = propose(one.text, "Ten.", names), propose("How long may it be?", one.text, names)
        if one.hidden.lower() in f"{asked.question}\n{answered.answer}".lower():
            left.append(one)
    return left


def test_what_is_planted_is_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    """Prints how much of each kind is found, of what was looked at meanwhile and of what was held out."""
    every = list(planted())
    left = missed(every)
    lines = [f"{'kind':26}{'seen':>10}{'held out':>10}"]
    for kind in PLANTED:
        counts = []
        for held_out in (False, True):
            whole = [one for one in every if (one.kind, one.held_out) == (kind, held_out)]
            counts.append(f"{len(whole) - sum(one in left for one in whole)}/{len(whole)}")
        lines.append(f"{kind:26}{counts[0]:>10}{counts[1]:>10}")
    with capsys.disabled():
        print("\n" + "\n".join(lines))
    assert len(every) >= 300
    assert len(PLANTED) >= 12
    for held_out in (False, True):
        whole = [one for one in every if one.held_out == held_out]
        found = 1 - len([one for one in left if one.held_out == held_out]) / len(whole)
        assert found >= ENOUGH, [one for one in left if one.held_out == held_out]


def test_ordinary_technical_text_is_hardly_marked() -> None:
    marked = {text: [text[f.start : f.end] for f in find(text, Names(ROSTER))] for text in CLEAN}
    false = {text: said for text, said in marked.items() if said}
    assert len(false) <= FALSE * len(CLEAN), false


@pytest.mark.parametrize(
    "text",
    [
        "It was built with OpenSSL 1.0.2k-fips  26 Jan 2017, and on April 3, 2019 once more.",
        "Set email to example1@gmail.com, or to your_name@gmail.com.",
        "The ranking: https://docs.google.com/spreadsheets/d/e/2PACX-1vQzLGpva63gb2rIilFnpZMRSb/pubhtml",
        "Deploying to Digital Ocean with the New York Yellow Taxi data.",
    ],
)
def test_dates_placeholders_and_published_documents_are_not_personal(text: str) -> None:
    assert find(text) == []


@pytest.mark.parametrize("text", ["Ask Jan on 3 March 2026.", "Write to jan.novak1@gmail.com"])
def test_a_person_with_the_name_of_a_month_is_left_out(text: str) -> None:
    assert find(text)


def test_a_name_that_an_address_repeats_is_left_out_whole() -> None:
    said = cover("How?", "Ask Temitope Adeyemi (t.adeyemi@uni-x.de, github.com/adeyemi), she knows.", Names())
    assert said.answer == "Ask [name] ([e-mail], [account]), she knows."


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("My matriculation 4711-88 is refused.", "My matriculation [number] is refused."),
        ("Ask Sabine from Siemens for it.", "Ask [name] from [employer] for it."),
        ("Send it to Flat 3b, 221 Baker Street, London NW1 6XE, please.", "Send it to [address], please."),
        ("I live in Flat 3b, London NW1 6XE.", "I live in [address], [address]."),
        ("It was Sandra's Django setup.", "It was [name]'s [name] setup."),
        ("My password is: hunter22x.", "My password is: [secret]."),
    ],
)
def test_what_is_left_out_is_whole_words(text: str, left: str) -> None:
    assert cover("How?", text, Names()).answer == left


@pytest.mark.parametrize("text", ["See my notes 2023-24.", "Soak pinto beans.", "Student numbers 20245 in all."])
def test_the_middle_of_a_word_is_nothing_personal(text: str) -> None:
    assert find(text) == []


def test_no_place_begins_or_ends_within_a_word() -> None:
    """Each planted text, also with letters or digits directly before or after each of its words."""
    for one in planted():
        glued = [one.text, re.sub(r"(\w+)", r"\1s", one.text), re.sub(r"(\w+)", r"x\1", one.text)]
        for text in (*glued, re.sub(r"(\w+)", r"\g<1>7", one.text)):
            for place in find(text, Names(ROSTER)):
                for at in (place.start, place.end):
                    around = text[max(0, at - 1) : at + 1]
                    assert not (at and re.fullmatch("[A-Za-z0-9]{2}", around)), (text, text[place.start : place.end])


def test_only_a_mention_is_not_offered_to_be_put_back() -> None:
    said, left = leave_out("Ask @ben.k, the password is @hunter2-Xy9, and call +49 170 5551234.")
    assert [one.kind for one in left] == ["name", "secret", "phone"], said
    assert [one.said for one in left] == ["", "@hunter2-Xy9", "+49 170 5551234"]


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_left_out_is_no_word_of_a_search(kind: str) -> None:
    assert words(f"Ask [{kind}] about deadlines") == words("Ask about deadlines")


def test_leaving_out_twice_changes_nothing() -> None:
    for one in planted():
        once = cover(one.text, one.text, Names(ROSTER))
        assert cover(once.question, once.answer, Names(ROSTER)).question == once.question


@pytest.mark.parametrize(
    "piece",
    [
        "a", "1 ", "@a ", "A ", "Aa ", "a.a@", "+1 ", "-----BEGIN PRIVATE KEY-----\n", "https://a?token=", "`", "<@",
        "my name is ", "password is ", "Calle A ", "eyJaaaaaaaa.", "user ", "work at Aa ", "[name]", "x at y dot ",
        "I am A ", "key ", "my fork ",
    ],
)  # fmt: skip
def test_hostile_text_takes_no_more_than_its_length(piece: str) -> None:
    assert growth(lambda length: find((piece * length)[:length]), 600) == ""


async def test_a_draft_shows_what_was_left_out(world: World) -> None:
    mia, ben, ines = await pair(world)
    await solve(
        world, mia, ben, "Hi Ben, why does my boss see the draft?", f"Ask Ines or call {PHONE}, it is a setting."
    )
    card = await ines.command("faq")
    assert "Why does [boss] see the draft?" in card.text
    assert "Ask [name] or call [phone], it is a setting." in card.text
    assert "Left out: [boss], [name], [phone]." in card.text
    assert "Whoever asked or answered is not named." in card.text
    assert PHONE not in (await ben.command("find", "boss draft setting")).text
    shown = await ben.command("ask", "Why does my boss see the draft of it?")
    assert "[phone]" in shown.text
    assert PHONE not in shown.text


async def test_approving_asks_once_more(world: World) -> None:
    mia, ben, ines = await pair(world)
    await solve(world, mia, ben, "Where is the form?", f"Call {PHONE} and ask for it.")
    asked = await approve(ines)
    assert "Look once more: the text has [phone]." in asked.text
    assert states(world) == [("draft", "")]
    assert world.rows(VersionRow) == []
    assert "approved" in (await ines.press(asked, "Approve as it is")).text
    (row,) = world.rows(EntryRow)
    assert (row.state, row.answer) == ("approved", "Call [phone] and ask for it.")
    assert PHONE not in (row.left_out or "")


async def test_something_harmless_is_put_back_with_one_press(world: World) -> None:
    mia, ben, ines = await pair(world)
    await solve(world, mia, ben, "How do I draw a tree?", LIBRARY)
    card = await ines.command("faq")
    assert "Ask [name], it is a library" in card.text
    back = await ines.press(card, "Keep “Zarquon”")
    assert LIBRARY in back.text
    assert "Left out" not in back.text
    assert "not named" not in back.text
    assert "approved" in (await ines.press(back, "Approve")).text
    assert world.rows(EntryRow)[0].state == "approved"


async def test_everything_that_was_left_out_can_be_told_apart_and_kept(world: World) -> None:
    mia, ben, ines = await pair(world)
    said = " ".join(f"password: word{n}x{n}." for n in range(6))
    await solve(world, mia, ben, "How do I sign in?", f"{said} Ask Zarquon.")
    card = await ines.command("faq")
    offered = [label for label in card.buttons if label.startswith("Keep")]
    assert len(offered) == len(set(offered)) == 5
    assert "2 more can be kept once one of these is. 'Edit' takes all of them" in card.text
    assert "[secret]. password: word2x2" in (await ines.press(card, "Keep the [secret] 3 of 6")).text


async def test_what_was_kept_stays_when_the_source_is_edited(world: World) -> None:
    mia, ben, ines = await pair(world)
    _, reply = await solve(world, mia, ben, "How do I draw a tree?", "Ask Zarquon for it.")
    await ines.press(await ines.command("faq"), "Keep “Zarquon”")
    await ben.edit(reply, f"Ask Zarquon for it, or {PHONE}.")
    assert "Ask Zarquon for it, or [phone]." in (await ines.command("faq")).text


async def test_a_form_asks_for_a_tick(world: World) -> None:
    mia, ben, ines = await pair(world)
    await solve(world, mia, ben, "Where is the form?", "On the page.")
    await ines.press(await ines.command("faq"), "Edit")
    again = await ines.submit(answer=f"Call {PHONE}.")
    assert again.form is not None
    assert f"Look once more: the text has “{PHONE}”." in again.form.intro
    assert states(world) == [("draft", "")]
    assert (await ines.submit(answer="Call the office.")).errors == {}
    assert states(world) == [("approved", "")]
    await ines.press(await ines.command("faq", "1"), "Edit")
    await ines.submit(question="Where is the form of Mia Berger?")
    assert "edited and approved" in (await ines.submit(as_is="yes")).text
    assert world.rows(EntryRow)[0].question == "Where is the form of Mia Berger?"


async def test_a_new_entry_and_an_earlier_wording_ask_as_well(world: World) -> None:
    _, _, ines = await pair(world)
    await ines.press(await ines.press(await ines.command("faq"), "Publish"), "Write an entry")
    await ines.submit(question="Who helps?", answer=f"Call {PHONE}.")
    assert world.rows(EntryRow) == []
    assert "written" in (await ines.submit(as_is="yes")).text
    await ines.press(await ines.command("faq", "1"), "Edit")
    await ines.submit(answer="Call the office.")
    versions = await ines.press(await ines.command("faq", "1"), "Versions (2)")
    asked = await ines.press(versions, "Use 2 again")
    assert "Look once more" in asked.text
    assert world.rows(EntryRow)[0].answer == "Call the office."
    assert "earlier wording" in (await ines.press(asked, "Use it as it is")).text


async def test_news_of_a_source_are_covered_and_asked_about(world: World) -> None:
    mia, ben, ines = await pair(world)
    _, reply = await solve(world, mia, ben, "Where is the form?", "On the page.")
    await approve(ines)
    await ben.edit(reply, f"On the page, or call {PHONE}.")
    card = await ines.command("faq")
    assert "On the page, or call [phone]." in card.text
    asked = await ines.press(card, "Use the new wording")
    assert "Look once more" in asked.text
    assert world.rows(EntryRow)[0].answer == "On the page."
    await ines.press(asked, "Use it as it is")
    assert world.rows(EntryRow)[0].answer == "On the page, or call [phone]."


async def test_history_is_covered_and_never_published_as_it_was(world: World, tmp_path: Path) -> None:
    _, _, ines = await pair(world)
    asked = discord_message("1", "u1", "How do I reach the lab, Karolina Nowak never answers?")
    said = f"Write to lab@uni-x.de or call {PHONE}."
    answer = discord_message("2", "u2", said, "1", reactions=discord_tick("u1"))
    file = discord_json(tmp_path / "history.json", [asked, answer])
    with Spool() as spool:
        read = spool_files(spool, [file])
        store_threads(world.app.storage, world.app.registry, "demo", spool, read)
    (row,) = world.rows(EntryRow)
    for told in ("Karolina", "Nowak", "lab@uni-x.de", PHONE):
        assert told not in row.question + row.answer
    await ines.press(await approve(ines), "Approve as it is")
    book = world.app.storage.run_now(lambda unit: collect(unit.store("faq"), "demo", world.clock.now()))
    for text in (markdown.page(book), site.page(book), site.data(book), *markdown.files(book).values()):
        assert "[phone]" in text or "\\[phone\\]" in text or "README" in text or "faq-1" in text
        assert PHONE not in text


async def test_drafts_of_an_earlier_version_are_looked_through_once(world: World) -> None:
    mia, ben, _ = await pair(world)
    await solve(world, mia, ben, "Where is the form?", "On the page.")
    with Session(world.app.storage.engine) as session:
        session.exec(update(EntryRow).values(answer=f"Call {PHONE}.", left_out=None))
        session.commit()

    def plan(turn: Any) -> None:
        turn.happened(CohortPlanned(turn.here.id))

    turn_in(world.app.storage, world.app.registry, "demo", "enrolment", plan)
    assert world.rows(EntryRow)[0].answer == "Call [phone]."
    assert "[phone]" in (await ben.command("find", "where is the form")).text


@pytest.mark.parametrize(
    ("question", "answer", "lacks"),
    [
        ("How long is it?", "Ten pages", ""),
        ("Is there a template?", "Yes", ""),
        ("报告多长?", "十页", ""),
        ("How long is it?", ":tada: :tada:", "answer has no words"),
        ("How long is it?", "[a picture]", "answer has no words"),
        ("How long is it?", "screenshot 2026-01-05.png", "answer has no words"),
        ("How long is it?", "This message was deleted.", "answer has no words"),
        ("How long is it?", "[link]", "answer has no words"),
        ("How long is it?", "Thanks, it worked!", "answer only says"),
        ("Thanks, it worked", "You're welcome", "question only says"),
        ("🎉", "Ten pages", "question has no words"),
        ("How long is it?", "https://example.org/picture", "answer has no words"),
    ],
)
def test_an_entry_without_words_says_what_it_lacks(question: str, answer: str, lacks: str) -> None:
    said = lacking(question, answer)
    assert lacks in said
    assert bool(said) == bool(lacks)


async def test_an_entry_without_words_is_not_approved(world: World) -> None:
    mia, ben, ines = await pair(world)
    await solve(world, mia, ben, "Where is the template?", "Thanks, it worked!")
    card = await ines.command("faq")
    assert "Cannot be approved: The answer only says “Thanks, it worked!”" in card.text
    assert "Approve" not in card.buttons
    await ines.press(card, "Edit")
    assert "only says" in (await ines.submit()).errors["answer"]
    assert "approved" in (await ines.submit(answer="In the handbook.")).text
