"""Ordinary sentences that learners write to the bot alone: each leads to an act, or to a true and kind answer."""

import pytest

from adapters.sandbox.driver import Speaker
from bot.core.facts import CohortEnded
from tests.features.test_milestones import WITH_WORK
from tests.features.test_talk import said
from tests.features.test_wrapups import FRIDAY_BERLIN, happen
from tests.kit import World, new_world

TUESDAY = "2026-01-13T10:00:00Z"
"""A day after the first draft was due. It is taken late."""

SORRY = "I am sorry to hear that. Take the time that you need."
NOTE, PRIVATE = "A note for the course team", "A private question to the course team"
PAUSED, HERE = "You are paused until you say that you are back.", "Hand in your work: The first draft"

WISHES = {
    "I'm ill": ("Pause", PAUSED),
    "I'm sick today, sorry": ("Pause", PAUSED),
    "I'm in hospital": ("Pause", PAUSED),
    "my grandmother died": ("Pause", PAUSED),
    "I can't do this any more": ("Pause", PAUSED),
    "Ich bin krank": ("Pause", PAUSED),
    "Ich kann nicht mehr": ("Pause", PAUSED),
    "Estou doente": ("Pause", PAUSED),
    "Não aguento mais": ("Pause", PAUSED),
    "Ich brauche eine Pause": ("Pause", PAUSED),
    "Preciso de uma pausa": ("Pause", PAUSED),
    "I'm away from 3 to 5 March": ("I'm away", "from Tue 3 Mar until Thu 5 Mar"),
    "I'm away from 3. to 5. March, my sister gets married": ("I'm away", "from Tue 3 Mar until Thu 5 Mar"),
    "back on Monday": ("I'm away", "until Sun 18 Jan"),
    "Hi! I'll be back on 20 January.": ("I'm away", "until Mon 19 Jan"),
    "I won't make it this week": ("I'm away", "until Sun 18 Jan"),
    "I need a few days off": ("I'm away", "You are here."),
    "Ich bin vom 3. bis 5. März weg": ("I'm away", "from Tue 3 Mar until Thu 5 Mar"),
    "Ich bin vom 16. bis 20. März im Urlaub": ("I'm away", "from Mon 16 Mar until Fri 20 Mar"),
    "Bin vom 28. bis 30. Mai weg": ("I'm away", "from Thu 28 May until Sat 30 May"),
    "Ich fahre bis Mittwoch weg": ("I'm away", "until Wed 14 Jan"),
    "am Montag kann ich nicht": ("I'm away", "on Mon 19 Jan"),
    "Ich bin ab Montag weg": ("I'm away", "You are here."),
    "Estou de férias na próxima semana": ("I'm away", "from Mon 19 Jan until Sun 25 Jan"),
    "não posso esta semana": ("I'm away", "until Sun 18 Jan"),
    "Estarei fora de 28 a 30 de maio": ("I'm away", "from Thu 28 May until Sat 30 May"),
    "El lunes no puedo": ("I'm away", "on Mon 19 Jan"),
    "Je serai absente du 3 au 5 mars": ("I'm away", "from Tue 3 Mar until Thu 5 Mar"),
    "no internet until Friday": ("I'm away", "until Fri 16 Jan"),
    "I'm out tomorrow and on Monday": ("I'm away", "on Wed 14 Jan"),
    "I can't be here on Friday because my exam is on Monday": ("I'm away", "on Fri 16 Jan"),
    "Can I have four more days for the letter?": ("Ask for more time", "Which date shall move?"),
    "Can I have four more days for the story? I was ill.": ("Ask for more time", "Which date shall move?"),
    "Ich brauche zwei Tage mehr für den Brief": ("Ask for more time", "Which date shall move?"),
    "please give me 5 more days for homework 3, funeral": ("Ask for more time", "Which date shall move?"),
    "@tess I need more time for homework 1, my grandmother died": ("Ask for more time", "Which date shall move?"),
    "could you grant me another week for the draft please": ("Ask for more time", "Which date shall move?"),
    "hi @tess, can I get two extra days for my homework": ("Ask for more time", "Which date shall move?"),
    "homework 1: My matcha is from my grandfather. proof: he wrote the date on each tin": ("Hand it in", "handed in"),
    "My draft - a page about how tea came to our village and who brought it": ("Hand it in", "handed in"),
    "Draft for week 1:\nOnce a year the whole street smells of tea and wet stones": ("Hand it in", "handed in"),
    "Preciso de mais dois dias": ("Ask for more time", "Which date shall move?"),
    "stop writing to me": ("Pause", PAUSED),
    "need to take a break from the course for a while": ("Pause", PAUSED),
    "please pause everything until April": ("Pause", PAUSED),
    "ich muss mal pausieren": ("Pause", PAUSED),
    "je voudrais faire une pause": ("Pause", PAUSED),
    "please remove me from this cohort": ("Leave", "Leaving asks you once more."),
    "ich steige aus": ("Leave", "Leaving asks you once more."),
    "je quitte le cours": ("Leave", "Leaving asks you once more."),
    "I want to leave the course": ("Leave", "Leaving asks you once more."),
    "Quero sair do curso": ("Leave", "Leaving asks you once more."),
    "Here is my letter: https://example.org/letter": ("Hand it in", "handed in"),
    "I'm back": ("I'm back", "The first draft"),
    "Ich bin wieder da!": ("I'm back", "The first draft"),
    "Voltei": ("I'm back", "The first draft"),
    "what did I miss?": ("Catch up", "The first draft"),
    "sorry for being so quiet": ("Catch up", "The first draft"),
    "Was habe ich verpasst?": ("Catch up", "The first draft"),
    "O que eu perdi?": ("Catch up", "The first draft"),
    "sorry, my draft is late": ("Hand it in", "Nothing is handed in yet."),
    "Oh no, I missed the deadline": ("Hand it in", "Nothing is handed in yet."),
    "can I still hand in last week's draft?": ("Hand it in", "Nothing is handed in yet."),
    "Kann ich meinen Entwurf noch abgeben?": ("Hand it in", "Nothing is handed in yet."),
    "Posso entregar mais tarde?": ("Ask for more time", "Which date shall move?"),
}
"""A sentence -> the first button below it, and what its author reads after pressing it."""

HARD = list(WISHES)[:9]

FOR_FEW = ("leave me alone", "I have a doctor's appointment tomorrow", "Meine Mutter ist gestorben", "minha avó morreu")
"""What the course team alone is offered first."""

WRAP_UP = "My wrap-up, for the cohort"

OF_WORK = """\
I finished the page
Done: the first two chapters
I wrote three paragraphs and read the guide
I read it twice
worked on my draft every evening
I learned how to outline before writing
made a list of topics
The draft is written, the title is missing
I watched the video and practised with a friend
Half of the outline
one page, two notes
I tried the method on an old text
built a small prototype
I fixed the opening
got through the reading, slowly
rewrote the ending
I managed to interview two people
Next week I start with the survey
I understood the difference between plot and story
ich habe das Kapitel gelesen
Entwurf fertig
Ich habe drei Seiten geschrieben
terminei o rascunho
li dois capítulos
terminé el borrador
leí el capítulo dos
j'ai écrit deux pages
j'ai fini le brouillon
The outline stands"""
"""What learners answer to a wrap-up, a line each."""

STUCK = """\
I am so stuck with the funnel sheet, the formulas break all the time and my laptop still is dead
I got stuck at the second exercise
finished the outline, but I'm stuck on the ending
I have no idea how to begin the second part
I do not understand the third chapter
the sheet doesn't work on my phone
the export keeps crashing
Ich komme bei der zweiten Aufgabe nicht weiter
Ich hänge bei der Gliederung fest
estou travada no segundo capítulo
no entiendo el segundo ejercicio
je suis bloquée au deuxième exercice"""
"""What whoever cannot go on writes, a line each."""

NO_WORK = """\
homework 1: I do not get what a promise is and who should believe it
homework 2: when is it due and how long may it be
draft: need more time because the whole family has come to visit us"""
"""What is about work, and is none, a line each."""

NOT_FOR_ALL = """\
mi padre ha muerto
estou muito triste e com vergonha
je suis malade
j'ai honte, je suis perdue
My kid has a fever, I can't do anything until Monday
please remove me from this cohort
je quitte le cours
ich steige aus
please pause everything until April
need to take a break from the course for a while
ich muss mal pausieren
je voudrais faire une pause
I feel totally lost and ashamed, everybody else is faster
I cried over the first chapter
I have finished, but please tell nobody
my house burned
we separated last month
I hate this group
the others laugh at me
Ben keeps writing to me at night
I am so sad that I have not read anything
I think this course isn't for me, I quit
Ich bin völlig überfordert und schäme mich
Mein Kind ist krank, ich komme diese Woche zu nichts
Meine Mutter ist verstorben
mein Mann hat mich verlassen
Ich fühle mich hier nicht wohl
mir geht es nicht gut
me siento muy perdido
estoy enferma
estoy sola con todo esto
no puedo dormir
mi hijo tiene fiebre
perdi o emprego
minha mãe faleceu ontem
estou sozinha e sem dinheiro
não durmo há dias
mon père est mort
je pleure tous les soirs
je suis enceinte, ne le dites à personne"""
"""What few or nobody may read, a line each."""

ANSWERED = {
    "thanks!": "You are welcome, Mia.",
    "ok thanks, see you": "You are welcome, Mia.",
    "Vielen Dank!": "You are welcome, Mia.",
    "Muito obrigada!": "You are welcome, Mia.",
    "Guten Morgen": "Hello Mia.",
    "Bom dia! Olá": "Hello Mia.",
    "?": "Write me as you would write to a person.",
    "Hilfe": "Write me as you would write to a person.",
    "Ajuda": "Write me as you would write to a person.",
}


@pytest.fixture
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return new_world(tmp_path_factory.mktemp("world"), course=WITH_WORK)


async def on_tuesday(world: World) -> dict[str, Speaker]:
    """A learner for each wish, who has not handed in the draft."""
    learners = {text: await world.learner(f"mia{n}", f"Mia {n}") for n, text in enumerate(WISHES)}
    await world.until(TUESDAY)
    return learners


async def test_each_wish_is_done_by_the_first_press_and_read_by_nobody_before(world: World) -> None:
    ines = world.chat.person("ines")
    for text, mia in (await on_tuesday(world)).items():
        button, then = WISHES[text]
        card = await said(mia, text)
        assert card.buttons[0] == button, text
        assert card.buttons.index(NOTE) < card.buttons.index("Ask it in the question channel"), text
        assert (SORRY in card.text) == (text in HARD or "I was ill" in text or "mother died" in text), text
        assert not any(text in seen.text for place in ("general", "questions", "staff") for seen in ines.sees(place))
        await mia.press(card, button)
        assert any(then in seen for seen in mia.inbox()[-3:]), (text, mia.inbox()[-3:])


async def test_who_was_late_reads_until_when_work_is_taken(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until(TUESDAY)
    card = await said(mia, "can I still hand in last week's draft?")
    assert "Hand it in: opens “The first draft”, which is taken, marked late, until Mon 19 Jan, 12:59" in card.text


async def test_days_that_can_mean_two_are_both_offered(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await mia.press(await said(mia, "I'm away from 3/4 to 5/4"), "I'm away")
    which = mia.find("Which one is it for?")
    assert which.buttons[:2] == ["1. from Fri 3 Apr until Sun 5 Apr", "2. from Wed 4 Mar until Mon 4 May"]
    await mia.press(which, "1. from Fri 3 Apr until Sun 5 Apr")
    assert "You are here; away from Fri 3 Apr until Sun 5 Apr." in mia.inbox()[-1]


async def test_what_sounds_sad_is_first_for_few_and_what_asks_for_nothing_is_answered(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until(TUESDAY)
    for text in FOR_FEW:
        card = await said(mia, text)
        assert card.buttons[0] == NOTE, text
        assert "My wrap-up, for the cohort" not in card.buttons, text
    for text, answer in ANSWERED.items():
        card = await said(mia, text)
        assert card.text.startswith(answer), text
        assert card.buttons, text


async def test_an_answer_to_the_wrap_up_has_it_in_reach(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until(FRIDAY_BERLIN)
    for text in OF_WORK.splitlines():
        assert WRAP_UP in (await said(mia, text)).buttons[:2], text


async def test_who_is_stuck_is_offered_the_instructors_first(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until(TUESDAY)
    for text in STUCK.splitlines():
        card = await said(mia, text)
        assert card.buttons[0] == NOTE, (text, card.buttons)


async def test_who_is_stuck_while_a_wrap_up_asks_for_it_answers_that_for_the_instructors(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until(FRIDAY_BERLIN)
    for text in STUCK.splitlines():
        card = await said(mia, text)
        assert card.buttons[0] == "My wrap-up, for the instructors alone", (text, card.buttons)
        assert "Where are you stuck?" in card.text


async def test_a_public_choice_of_a_closed_week_is_never_first(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until(TUESDAY)
    for text in (*OF_WORK.splitlines(), *STUCK.splitlines(), *NO_WORK.splitlines()):
        card = await said(mia, text)
        assert card.buttons[0] != WRAP_UP, text


async def test_words_about_work_are_not_handed_in(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until(TUESDAY)
    for text in NO_WORK.splitlines():
        assert (await said(mia, text)).buttons[0] != "Hand it in", text


async def test_what_may_be_private_is_never_first_for_the_cohort(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until(FRIDAY_BERLIN)
    for text in NOT_FOR_ALL.splitlines():
        card = await said(mia, text)
        assert card.buttons[0] in ("Pause", "Leave", "I'm away", NOTE), (text, card.buttons)


async def test_who_is_paused_gets_the_same_acts(world: World) -> None:
    learners = await on_tuesday(world)
    for text, mia in learners.items():
        await mia.command("away", "pause")
        card = await said(mia, text)
        assert card.buttons[0] == WISHES[text][0], text
        count = len(mia.sees("dm"))
        result = await mia.press(card, card.buttons[0])
        assert result.text or mia.form or len(mia.sees("dm")) >= count, text
    assert not any("Pause: nothing is sent" in seen for mia in learners.values() for seen in mia.inbox())


async def test_after_the_end_the_course_team_comes_first_and_nothing_is_a_dead_end(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until(TUESDAY)
    happen(world, CohortEnded(world.cohort.id), end=True)
    for text in (*WISHES, *FOR_FEW):
        card = await said(mia, text)
        assert card.buttons[0] in (NOTE, PRIVATE, "Hand it in"), text
        assert "its course team still reads what you send them here" in card.text, text
    for text in ANSWERED:
        assert (await said(mia, text)).buttons, text
    assert (await said(mia, "", "image")).text.startswith("You sent a picture. I cannot pass that on")
