"""A person looks at what is kept about them."""

import io
import re
import sqlite3
import zipfile
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import pytest
from icalendar import Calendar
from typer.testing import CliRunner

from adapters.sandbox.driver import Speaker
from adapters.sandbox.platform import Platform
from adapters.web.attempts import EACH
from bot.app.cli import app
from bot.app.features import make_registry
from bot.core.forms import Form
from bot.core.people import Account
from bot.features.faq.rules import has_words_of
from storage.tables.faq import EntryRow, VersionRow
from tests.features.test_erasure import ANSWER, ASKED, CANARY, a_life, copy, everything, forget
from tests.features.test_faq import approve, pair, solve
from tests.features.test_wrapups import forge_in
from tests.kit import World, new_world
from tests.test_web import ADDRESS, browser, open_browser, served, sign_in

__all__ = ["browser", "served"]


def number_of(world: World, user: str) -> str:
    owner = world.app.storage.run_now(lambda unit: unit.people.owner(Account("sandbox", user)))
    assert owner
    return str(owner.id)


async def test_a_person_reads_what_is_kept_and_why(world: World) -> None:
    mia, _, ines = await a_life(world)
    settings = await mia.command("settings")
    assert "What is kept about you" in settings.text
    shown = await mia.press(settings, "What, why, and until when")
    for said in (
        "So that your questions are answered, and your answers are found",
        "A question of yours",
        "What you typed into a form; how long: 7 days",
        "So that your answers count, and others read what you share",
    ):
        assert said in shown.text
    assert "desk" not in shown.text
    assert "desk of yours" in (await ines.press(await ines.command("settings"), "What, why, and until when")).text


async def test_somebody_new_reads_that_they_are_known_and_no_more(world: World) -> None:
    eve = world.chat.person("eve", "Eve")
    shown = await eve.press(await eve.command("settings"), "What, why, and until when")
    assert "An account of yours on a platform" in shown.text
    assert "question" not in shown.text


def test_whatever_is_about_people_says_what_for_and_speaks_to_them() -> None:
    for kept in make_registry().kept:
        if kept.is_personal:
            assert kept.purpose.startswith("So that "), kept.table
            assert not re.search(r"\b(they|their|theirs)\b", f"{kept.what} {kept.why} {kept.until}"), kept.table


# A copy


async def way(speaker: Speaker) -> str:
    answer = await speaker.press(await speaker.command("settings"), "Get a copy")
    found = re.search(rf"{ADDRESS}(/in/\w+)", answer.text)
    assert found
    return found[1]


async def test_a_person_reads_their_copy_on_a_page_and_saves_it(served: World, browser: httpx.AsyncClient) -> None:
    mia, _, _ = await a_life(served)
    page = await sign_in(served, browser, await way(mia))
    assert CANARY in page.text
    assert "A question of yours" in page.text
    assert "Ben" not in page.text
    words, besides = page.text.split("What follows is stored besides")
    assert CANARY in words
    assert "An answer of yours to a prompt" in words
    assert "Something planned for you" in besides
    assert not [column for column in ("fingerprint", "anchor", "occurrence", "hash") if column in words]
    saved = await browser.get("/mine/person.json")
    assert saved.headers["content-disposition"] == 'attachment; filename="person.json"'
    assert saved.json()["tables"] == copy(served, "sandbox/mia")[0]["tables"]
    packed = zipfile.ZipFile(io.BytesIO((await browser.get("/mine/person.zip")).content))
    assert packed.namelist() == ["person.json"]


async def test_a_page_has_one_address(served: World, browser: httpx.AsyncClient) -> None:
    mia, _, _ = await a_life(served)
    await sign_in(served, browser, await way(mia))
    assert (await browser.get("/mine/anything")).status_code == 404
    assert (await browser.get("/progress/1")).status_code == 200
    for other in ("/progress/01", "/progress/1%00", "/mine/person.json%00"):
        assert (await browser.get(other)).status_code == 404, other


async def test_a_copy_says_who_else_has_what_was_asked_without_a_name(
    served: World, browser: httpx.AsyncClient
) -> None:
    mia, _, _ = await pair(served)
    await mia.command("ask", values={"text": f"Is a {CANARY} silly?", "anonymous": "yes"})
    page = await sign_in(served, browser, await way(mia))
    assert f"Is a {CANARY} silly?" in page.text
    assert "What you asked without your name is in your copy" in page.text


async def test_nobody_else_gets_to_it(served: World, browser: httpx.AsyncClient) -> None:
    mia, ben, _ = await a_life(served)
    for path in ("/mine/", "/mine/person.json", "/mine/person.zip"):
        refused = await browser.get(path)
        assert refused.status_code == 403
        assert "/cohort settings" in refused.text
    await sign_in(served, browser, await way(ben))
    for path in ("/mine/", "/mine/person.json"):
        assert CANARY not in (await browser.get(path)).text
    link = await way(mia)
    async with open_browser(served) as hers, open_browser(served) as anothers:
        await sign_in(served, hers, link)
        assert CANARY not in (await sign_in(served, anothers, link)).text


async def test_without_pages_the_copy_is_a_file_in_the_private_answer(world: World) -> None:
    mia, _, _ = await a_life(world)
    answer = await mia.press(await mia.command("settings"), "Get a copy")
    assert answer.reply is not None
    (name,) = answer.reply.files
    assert name == "person.json"
    assert CANARY in str(answer.reply.files[name])


async def test_a_manager_sends_the_way_there_and_sees_nothing(world: World) -> None:
    mia, ben, _ = await a_life(world)
    omar = world.chat.person("omar")
    page = await omar.command("setup")
    await omar.press(page, "A copy for somebody")
    done = await omar.submit(person=number_of(world, "mia"))
    assert "you see none of it" in done.text
    assert CANARY not in done.text
    await world.wait(days=2)
    offer = mia.find("sends you the way to a copy")
    assert not [text for text in (*ben.inbox(), *omar.inbox()) if "sends you the way" in text]
    assert "It is for you alone" in (await mia.press(offer, "Get a copy")).text
    assert "sent Mia the way to their copy" in everything(world)


# Erasure


async def test_a_person_erases_what_is_theirs(world: World) -> None:
    mia, ben, _ = await a_life(world)
    asked = await mia.press(await mia.command("settings"), "Erase what is mine")
    for said in ("goes at once", "go at once"):
        if said in asked.text:
            break
    else:
        raise AssertionError(asked.text)
    assert "others answered it; its text goes" in asked.text
    assert CANARY in everything(world), "nothing happens before they say so"
    done = await mia.press(asked, "Erase it all")
    assert "It is erased" in done.text
    assert "A message of yours" in done.text
    await world.settle()
    left = everything(world)
    assert CANARY not in left
    assert "Mia" not in left
    assert "who asked for it" in left
    assert not any(CANARY in seen.text for seen in ben.sees("general"))
    assert asked.reply is not None
    (number,) = {c["action"].rpartition(":")[2] for c in asked.reply.controls if c["label"] == "Erase it all"}
    assert "erased already" in await forge_in(world, mia, "mine", "erase_now", number)


async def test_the_only_manager_reads_what_to_do_first(world: World) -> None:
    omar = world.chat.person("omar")
    refused = await omar.press(await omar.command("settings"), "Erase what is mine")
    assert "Name somebody" in refused.text
    assert "'omar'" in everything(world)


async def test_a_faq_entry_stays_only_in_the_course_teams_own_words(world: World) -> None:
    mia, ben, ines = await pair(world)
    await solve(world, mia, ben, f"{ASKED} It is about the {CANARY}.", ANSWER)
    await approve(ines)
    await forget(world, "sandbox/mia")
    left = everything(world)
    assert CANARY not in left
    assert not [row for row in world.rows(EntryRow) if row.question or row.answer]
    assert not world.rows(VersionRow)


def test_whose_words_a_text_has() -> None:
    said = ("How many pages may the final report have?", "Ten!")
    assert has_words_of("So, how many pages may it have", said)
    assert has_words_of("It is ten.", said)
    assert not has_words_of("The length of a report", said)
    assert not has_words_of("", said)


async def test_no_byte_of_the_files_has_it_afterwards(tmp_path: Path) -> None:
    world = new_world(tmp_path)
    mia, _, _ = await a_life(world)
    await mia.press(await mia.press(await mia.command("settings"), "Erase what is mine"), "Erase it all")
    await world.settle()
    world.app.storage.run_now(lambda unit: unit.outbox.counts())
    for file in tmp_path.iterdir():
        assert CANARY.encode() not in file.read_bytes(), file.name


# The calendar feed


async def feed_of(speaker: Speaker, button: str = "In my calendar") -> str:
    answer = await speaker.press(await speaker.command("settings"), "In my calendar")
    if button != "In my calendar":
        answer = await speaker.press(answer, button)
    found = re.search(rf"{ADDRESS}(/calendar/[\w-]+\.ics)", answer.text)
    assert found, answer.text
    return found[1]


async def test_ones_own_dates_are_a_feed_for_ones_calendar(served: World, browser: httpx.AsyncClient) -> None:
    mia = await served.learner("mia", "Mia", "Asia/Tokyo")
    ben = await served.learner("ben", "Ben")
    assert "your own calendar" in mia.find("Welcome to").text
    hers, his = await feed_of(mia), await feed_of(ben)
    got = await browser.get(hers)
    assert got.headers["content-type"].startswith("text/calendar")
    events = list(Calendar.from_ical(got.text).walk("VEVENT"))
    closes = next(e for e in events if str(e["summary"]).endswith("wrap-up closes"))
    assert closes["dtstart"].dt.astimezone(ZoneInfo("Asia/Tokyo")).hour == 12
    assert closes["url"] == f"{ADDRESS}/progress/{served.cohort.id}"
    assert got.text != (await browser.get(his)).text
    assert "Ben" not in got.text
    again = await browser.get(hers, headers={"if-none-match": got.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    await mia.command("settings", "Europe/Lisbon")
    moved = await browser.get(hers, headers={"if-none-match": got.headers["etag"]})
    assert moved.status_code == 200


async def test_an_address_is_shown_once_renewed_and_taken_back(served: World, browser: httpx.AsyncClient) -> None:
    mia = await served.learner("mia", "Mia")
    first = await feed_of(mia)
    shown = await mia.press(await mia.command("settings"), "In my calendar")
    assert "/calendar/" not in shown.text
    assert first.removeprefix("/calendar/").removesuffix(".ics") not in everything(served)
    second = await feed_of(mia, "New address")
    assert (await browser.get(first)).status_code == 404
    assert (await browser.get(second)).status_code == 200
    await mia.press(await mia.press(await mia.command("settings"), "In my calendar"), "Switch it off")
    assert (await browser.get(second)).status_code == 404


async def test_secrets_of_feeds_cannot_be_guessed_in_a_row(served: World, browser: httpx.AsyncClient) -> None:
    for n in range(EACH):
        assert (await browser.get(f"/calendar/guess{n}.ics")).status_code == 404
    assert (await browser.get("/calendar/guess.ics")).status_code == 429


async def test_the_feed_goes_with_its_person(served: World, browser: httpx.AsyncClient) -> None:
    mia = await served.learner("mia", "Mia")
    address = await feed_of(mia)
    await mia.press(await mia.command("leave"), "Leave")
    assert "VEVENT" not in (await browser.get(address)).text
    await forget(served, "sandbox/mia")
    assert (await browser.get(address)).status_code == 404


async def test_a_restored_backup_erases_again_and_the_list_names_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = new_world(tmp_path)
    await a_life(world)
    old = tmp_path / "old.db"
    with closing(sqlite3.connect(tmp_path / "pacekeeper.db")) as db, closing(sqlite3.connect(old)) as to:
        db.backup(to)
    await forget(world, "sandbox/mia")
    monkeypatch.setenv("PACEKEEPER_DATA_DIR", str(tmp_path))
    listed = CliRunner().invoke(app, ["person", "erasures"], catch_exceptions=False).stdout
    assert len(listed.split()) == 2
    assert "mia" not in listed.lower()
    kept = tmp_path / "erasures.txt"
    kept.write_text(listed)
    monkeypatch.setenv("PACEKEEPER_DATABASE_URL", f"sqlite:///{old}")
    assert CANARY.encode() in old.read_bytes()
    for number in (1, 0):
        done = CliRunner().invoke(app, ["person", "erase-again", str(kept)], catch_exceptions=False)
        assert f"Erased again: {number}" in done.stdout
    assert CANARY.encode() not in old.read_bytes()


async def test_no_message_of_the_bot_shows_whoever_is_erased_any_more(world: World) -> None:
    """Answers to commands stay in the sandbox, and so do the bot's posts in somebody's own conversation."""
    mia, _, ines = await a_life(world)
    await mia.command("ask", f"Where does a {CANARY} sleep? instructors_only=yes")
    for command in ("desk", "faq", "stuck", "status"):
        await ines.command(command)
    asked = next(seen for seen in ines.sees("questions") if CANARY in seen.text)
    await ines.choose(asked.id, "Thank")
    await ines.press(await ines.command("desk"), "Reply (4)")
    assert ines.form is not None
    assert CANARY in ines.form.intro
    done = await mia.press(await mia.press(await mia.command("settings"), "Erase what is mine"), "Erase it all")
    await world.settle()
    assert "one person alone" in done.text
    assert any("It is erased" in seen.text for seen in mia.sees()), "the receipt stays"
    rows = world.chat.sandbox.platform._db.rows
    said = [*rows("SELECT * FROM messages WHERE author = 'bot'"), *rows("SELECT * FROM transcript")]
    of_the_bot = [str(tuple(row)) for row in said if '"kind": "said"' not in str(tuple(row))]
    assert not [one for one in of_the_bot if CANARY in one or "Mia" in one]
    for row in (*rows("SELECT * FROM deliveries"), *rows("SELECT * FROM forms")):
        assert CANARY not in str(tuple(row))
        assert "Mia" not in str(tuple(row))


async def test_the_log_of_a_sandbox_has_nothing_of_whoever_is_erased(tmp_path: Path) -> None:
    platform = Platform(tmp_path / "sandbox.db", lambda: datetime(2026, 1, 5, tzinfo=UTC))
    platform.add_person("mia", "Mia", "UTC")
    platform.open_form("mia", Form("toys.toy", f"The {CANARY}", ()), "dm:mia")
    log = tmp_path / "sandbox.db-wal"
    assert CANARY.encode() in log.read_bytes()
    platform.forget("mia")
    assert CANARY.encode() not in log.read_bytes() + (tmp_path / "sandbox.db").read_bytes()
    platform.close()
