"""What learners write in private about quiet rooms, in their own words. The first Monday is 5 January 2026."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from tests.features.test_after_the_end import end
from tests.features.test_rooms import MONDAY, ROOMS, learners, open_room, post
from tests.features.test_talk import said
from tests.kit import World, new_world

LEAVES = """\
can i leave the quiet room
I want to leave the room
how do i get out of the room?
leave the quiet room please
Ich möchte den ruhigen Raum verlassen
Wie verlasse ich den Raum?
quero sair da sala
quero sair da sala silenciosa
quiero salir de la sala
je voudrais quitter la salle"""

IS_DONE = """\
im done
I'm done!
I am done for today
done
finished
i have to go
what i got done
ich bin fertig
Fertig!
terminei
estou pronta
he terminado, terminé
estoy lista
j'ai fini"""

ASKS = """\
who is in the room?
who's in the quiet room
is anybody in the quiet room?
is there a quiet room?
where is the quiet room?
when is the quiet room open?
the quiet room
wer ist im Raum?
Ist jemand im ruhigen Raum?
gibt es einen stillen Raum?
quem está na sala?
¿quién está en la sala?
¿hay alguien en la sala silenciosa?
qui est dans la salle ?
i want to work with others
I'd like to work beside others
open a quiet room
can you open a quiet room?
can I join the quiet room?
I'd like a quiet room
mit anderen arbeiten
ich möchte neben anderen arbeiten
ich möchte in einen ruhigen Raum
quero trabalhar com outros
quero abrir uma sala silenciosa
quiero trabajar con otros
quiero entrar en la sala
je voudrais travailler avec d'autres
je voudrais ouvrir une salle silencieuse"""

MATTER = """\
How do I render a room in Blender?
The living room in the story is dark
who is the owner of the room in the case study?
is there room for another chapter?"""

ACTS = {"Leave the room", "What I got done", "The quiet room", "Open a quiet room"}
PUBLIC = "Ask it in the question channel"


@pytest_asyncio.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    made = new_world(tmp_path, now="2026-01-04T08:00:00Z", course=ROOMS)
    yield made
    made.app.storage.close()


async def test_each_act_of_rooms_is_offered_first_for_words_that_mean_it(world: World) -> None:
    mia, ben, eve = await learners(world, "Mia", "Ben", "Eve")
    await world.until(MONDAY)
    wrong = []
    for words in (LEAVES, ASKS):
        for text in words.splitlines():
            card = await said(eve, text)
            wrong += [] if card.buttons[0] == "Open a quiet room" else [("none open", text, card.buttons)]
    await open_room(mia, "my page")
    for words, inside, outside in (
        (LEAVES, "Leave the room", "The quiet room"),
        (IS_DONE, "What I got done", ""),
        (ASKS, "The quiet room", "The quiet room"),
    ):
        for text in words.splitlines():
            for who, label in ((mia, inside), (ben, outside)):
                card = await said(who, text)
                if not label:
                    wrong += [(who, text, card.buttons)] if ACTS & set(card.buttons) else []
                elif card.buttons[0] != label:
                    wrong.append((label, text, card.buttons))
    assert not wrong
    for text in MATTER.splitlines():
        assert not ACTS & set((await said(mia, text)).buttons), text


async def test_whoever_is_in_a_room_leaves_by_words_and_comes_back(world: World) -> None:
    mia, ben = await learners(world, "Mia", "Ben")
    await world.until(MONDAY)
    await mia.press(await said(mia, "open a quiet room"), "Open a quiet room")
    opens = mia.find("No quiet room is open at the moment.")
    await mia.press(opens, "Open a quiet room")
    await mia.submit(values={"about": "my secret page"})
    await ben.press(await said(ben, "who is in the room?"), "The quiet room")
    shown = ben.find("Quiet room is open until 10:20. One is there.")
    assert "Mia" not in shown.text, "the post says who, as long as they are there"
    await ben.press(shown, "I am here")
    await ben.submit(values={})
    await mia.press(await said(mia, "can i leave the quiet room"), "Leave the room")
    assert "Mia" not in post(ben).text
    assert "You left Quiet room. The post does not have you any more." in mia.inbox()[-1]
    assert not any("my secret page" in text for text in mia.inbox())
    await mia.press(mia.last(), "I am here")
    await mia.submit(values={"about": "the end"})
    assert "Mia: the end" in post(ben).text


async def test_whoever_is_done_says_what_they_got_done(world: World) -> None:
    (mia,) = await learners(world, "Mia")
    await world.until(MONDAY)
    await open_room(mia, "my page")
    card = await said(mia, "im done")
    assert card.buttons[:2] == ["What I got done", "Leave the room"]
    await mia.press(card, "What I got done")
    await mia.press(mia.find("You are in Quiet room, until 10:20.\n"), "What I got done")
    await mia.submit(values={"done": "Two pages"})
    assert "Mia: Two pages" in post(mia).text


async def test_a_card_about_what_has_changed_does_what_is_true_now(world: World) -> None:
    mia, ben = await learners(world, "Mia", "Ben")
    await world.until(MONDAY)
    await open_room(mia)
    leave, done, ask = await said(mia, "leave the room"), await said(mia, "im done"), await said(ben, "the quiet room")
    await world.until("2026-01-05T10:00:00Z")
    await mia.press(leave, "Leave the room")
    await mia.press(done, "What I got done")
    await ben.press(ask, "The quiet room")
    for who in (mia, ben):
        assert "Open a quiet room" in who.find("No quiet room is open at the moment.").buttons


async def test_where_the_course_has_no_rooms_only_a_quiet_room_is_one(tmp_path: Path) -> None:
    world = new_world(tmp_path, now="2026-01-04T08:00:00Z")
    (mia,) = await learners(world, "Mia")
    for text in ("who is in the room?", "I want to work with others", "can I leave the room?", "im done"):
        card = await said(mia, text)
        assert not ACTS & set(card.buttons), text
        assert card.buttons[0] != PUBLIC, text
    for text in ("open a quiet room", "who is in the quiet room?"):
        assert (await said(mia, text)).buttons[0] == "Open a quiet room", text
    world.app.storage.close()


async def test_after_the_end_no_room_is_offered(world: World) -> None:
    (mia,) = await learners(world, "Mia")
    await end(world)
    for text in ("open a quiet room", "who is in the quiet room?"):
        card = await said(mia, text)
        assert not ACTS & set(card.buttons), text
        assert card.buttons[0] != PUBLIC, text
