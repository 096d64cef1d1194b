"""What learners write in their own words is offered as the act that they ask for, before anybody else may read it."""

import re
from pathlib import Path

import pytest

from bot.core.wishes import LONGEST, wishes
from bot.features.absence.wishes import AWAY, AWAY_ON, PAUSE
from bot.features.milestones.wishes import ANOTHER_DAY, HANDS_IN, MORE_TIME, WANTS_IN, content
from storage.tables.absence import AbsenceRow
from storage.tables.milestones import SubmissionRow
from storage.tables.questions import QuestionRow
from storage.tables.talk import SaidRow
from tests.features.test_milestones import WITH_WORK
from tests.features.test_talk import said
from tests.features.test_wrapups import FRIDAY_BERLIN, second_cohort, wrap_up
from tests.kit import World, new_world

LINK = "https://example.org/draft"

HANDED_IN = f"""\
here is my draft {LINK}
Here's my draft: {LINK}
{LINK}
My draft is at {LINK}
my draft: {LINK}
Draft: {LINK}
Hi, here is my first draft {LINK}
Hello! This is my submission: {LINK}
I finished my essay: {LINK}
Done! {LINK}
I'd like to hand in my report {LINK}
I am submitting my homework: {LINK}
Please find my work here: {LINK}
here it is: {LINK}
Here is the final version: {LINK}
My homework for week 1 is online at {LINK}
Here are our slides {LINK}
I've uploaded my project. {LINK} my project is ready
Can I submit my draft {LINK}
Here is my letter: {LINK}
Here's my short story {LINK}
Hier ist mein Brief: {LINK}
Aqui está a minha carta: {LINK}
Aquí está mi carta {LINK}
Voici ma lettre : {LINK}
Here is my draft: Once upon a time there was a pipeline."""

ANNOUNCED = """\
I want to hand in my draft
How do I hand in my homework?
Can I submit my essay here?
here is my draft
where can I turn in my work?"""

NOT_HANDED_IN = f"""\
my draft animal is a horse
My work: it is stressful at the moment
What do you think of this? {LINK}
Has anybody read {LINK}
Interesting article: {LINK}
Here is my question: {LINK}
Here is my calendar {LINK}
I read the report of the WHO {LINK}
The link in the reading is broken: {LINK}
Is my draft too long?
I finished the page
My draft is not done
here is my question about the draft
This is my first week
When do I get feedback on my draft?
I like the paper that Ines shared {LINK}
How long may the essay be?
Where is the draft of Ben?
I handed in my draft yesterday
submit buttons in forms confuse me
Her homework is at {LINK}
Here is a joke for you"""

PAUSED = """\
can I pause for a week
Can I pause for a week?
pause please
Please pause me
I'd like to pause
I need a break
I want to take a break from the course
May I take a break for two weeks?
could I pause until Monday
I have to pause because my father is ill
Hi, can I pause the course for a while?
Is it possible to pause for a month?
I would like to pause my participation
put me on hold
Can you pause me until 3 March?
How can I pause?
I need to pause for now
Sorry, I have to take a break this week.
I'm ill. Can I pause?
I was wondering if I could pause. can we pause next week"""

NOT_PAUSED = """\
Can I pause the video?
Can I pause the recording for a week
The pause button does not work
How long is the pause between sessions?
When is the break?
I need a break statement in my loop
Take a break, then read chapter two
After the break we go on
The pipeline paused and did not resume
What does pause do in docker?
I take breaks every hour
Let me pause and think about the second point
breaking changes are hard
Did the course pause last year?
Who can pause a cohort?
I paused the container
can we pause the stream
My break was good
It gave me pause
I need to pause the loader for a minute"""

AWAY_SAID = """\
I'm away next week
I am away until Friday
I will be on vacation from 3 March to 10 March
I'll be travelling next week
I'm on holiday until Monday
I am on leave for two weeks
we are abroad this week
I'm out of office tomorrow
I go on vacation tomorrow
I'm going away for a few days
I can't be here on Friday
I won't be there next week
I am offline from 25.3. to 28.3.
Hi all, I'm away tomorrow
I cannot take part this week because of work
I'll be away
away until Friday
On vacation until 12.4.
Sorry, I will be unavailable on Thursday and Friday
I'm off on Monday
I have no time this week
I'm out tomorrow and on Monday
I'm busy until Friday
I can't on Monday
no internet until Friday
Ich bin vom 16. bis 20. März im Urlaub
Bin vom 28. bis 30. Mai weg
Ich fahre bis Mittwoch weg
am Montag kann ich nicht
Ich kann am Montag leider nicht
Nächste Woche bin ich verreist
Estarei fora de 28 a 30 de maio
não posso esta semana
No domingo não posso
El lunes no puedo
Estoy de vacaciones hasta el 5 de abril
Je serai absente du 3 au 5 avril
Lundi je ne peux pas
I won't have any time next week because of work"""

NOT_AWAY = """\
I'm out of ideas
I'm busy with the draft
I can't open the file
Ich kann das nicht öffnen
Ich bin nicht da, wo die anderen sind
não posso abrir o arquivo
No puedo abrir el archivo
I'm away from understanding this
How far away is the deadline?
Ines is away
Is Ben on vacation?
My holidays were nice
the data went away
I'm off by one in the loop
I am travelling through the chapter quickly
The server is offline
Who is away next week?
I leave the loop with break
I am on it
I'm on leave-one-out validation
Does the bot know holidays?
I can't be here without the tests passing
We go on with chapter two
an away game
The example uses a vacation data set
I'm not away
I have no time series data
What happens while I am away?"""

MORE_TIME_SAID = """\
I need more time
I need more time for my draft
Can I have more time please?
can I get an extension
May I have two more days?
Could I have a few more days to finish my draft?
I'd like an extension
I would need another week
I need a bit more time
I really need more time because work is crazy
Hi, I need some extra time to finish
more time please
Can I hand in my draft a few days later?
May I hand in late?
Is it possible to submit it later?
Can you extend my deadline?
Can I move my deadline to Friday?
I can't make the deadline
I won't finish my draft on time
Would it be possible to get an extension until Monday?
Can I have four more days for the letter?
I need more time for the letter
can I get another two days
Ich brauche zwei Tage mehr für den Brief
Ich bräuchte noch ein paar Tage mehr
Preciso de mais dois dias
Preciso de dois dias a mais para a carta
Necesito dos días más
J'ai besoin de deux jours de plus
Puis-je avoir plus de temps ?
Can I get 2 more days for the discussion?
May I have more time for the wrap-up?
Could I have a little longer for the check-in?
Can I post in the discussion on Friday instead?
Can I answer the wrap-up later?
Can I do the check-in two days later?
Can I have until Friday for the discussion?
Please give me an extension for the discussion
can I answer the wrap-up on Tuesday please?
may I fill in the wrap-up tomorrow?
Kann ich den Wrap-up am Dienstag beantworten?
Posso responder o wrap-up na terça?
¿Puedo contestar el wrap-up el martes?
I can only answer the wrap-up on Tuesday"""

NOT_MORE_TIME = """\
Preciso de ajuda mais tarde
Preciso de mais informações
Necesito más ejemplos
J'ai besoin de plus d'exemples
Ich brauche mehr Beispiele
How much more time does the video take?
We need more time zones in the table
Does the VS Code extension work?
I need an extension for my browser to read it
When is the deadline?
I spent more time on chapter two
Can I extend my draft with a chapter?
The job needs more time than before
I need time
Is late work accepted?
What is a time series?
Time flies
I had more time this week
the query takes another day of data
Can I move my file?
Can I answer the wrap-up today?
When can I answer the wrap-up?
Can I do the check-in at all?
Can we discuss it on Tuesday?
Can I answer the question on Tuesday?
Can you answer the wrap-up on Tuesday?
I need more timeouts in the client
Ben needs more time
Ask for more time
I can't make the container start
I would like more timely feedback"""


def cases(*tables: str) -> list[str]:
    return [line for table in tables for line in table.splitlines()]


def words(text: str) -> set[str]:
    return set(text.replace(":", " ").split())


@pytest.mark.parametrize("text", cases(HANDED_IN))
def test_work_is_heard_with_its_link_or_text(text: str) -> None:
    found = content(text)
    assert found is not None
    link, beside = found
    assert (link == LINK) == (LINK in text)
    assert words(text) <= words(f"{beside} {link}")


@pytest.mark.parametrize("text", cases(ANNOUNCED))
def test_work_that_is_only_announced_has_no_content(text: str) -> None:
    assert content(text) == ("", "")


@pytest.mark.parametrize("text", cases(NOT_HANDED_IN, PAUSED, AWAY_SAID, MORE_TIME_SAID))
def test_other_words_hand_in_nothing(text: str) -> None:
    assert content(text) is None


@pytest.mark.parametrize("text", cases(PAUSED))
def test_a_wish_to_pause_is_heard(text: str) -> None:
    assert wishes(text, PAUSE)


@pytest.mark.parametrize("text", cases(NOT_PAUSED, AWAY_SAID, MORE_TIME_SAID, HANDED_IN))
def test_other_words_are_no_wish_to_pause(text: str) -> None:
    assert not wishes(text, PAUSE)


@pytest.mark.parametrize("text", cases(AWAY_SAID))
def test_days_away_are_heard(text: str) -> None:
    assert wishes(text, AWAY, AWAY_ON)


@pytest.mark.parametrize("text", cases(NOT_AWAY, PAUSED, MORE_TIME_SAID, HANDED_IN))
def test_other_words_are_no_days_away(text: str) -> None:
    assert not wishes(text, AWAY, AWAY_ON)


@pytest.mark.parametrize("text", cases(MORE_TIME_SAID))
def test_a_wish_for_more_time_is_heard(text: str) -> None:
    assert wishes(text, MORE_TIME, ANOTHER_DAY)


@pytest.mark.parametrize("text", cases(NOT_MORE_TIME, PAUSED, AWAY_SAID, HANDED_IN))
def test_other_words_are_no_wish_for_more_time(text: str) -> None:
    assert not wishes(text, MORE_TIME, ANOTHER_DAY)


@pytest.mark.timeout(20)
@pytest.mark.parametrize("pattern", [PAUSE, AWAY, AWAY_ON, MORE_TIME, HANDS_IN, WANTS_IN])
@pytest.mark.parametrize("piece", ["a bit ", "1/", "may ", "final ", "please ", "now ", "for the ", "my draft ", "§ "])
@pytest.mark.parametrize("begins", ["", "can i pause ", "i am away ", "i need more time ", "here is my ", "submit it "])
def test_repeated_words_are_read_at_once(begins: str, piece: str, pattern: re.Pattern[str]) -> None:
    assert not wishes(f"{begins}{piece * 80} and so forth in many other words"[:LONGEST], pattern)


# In private


@pytest.fixture
def working(tmp_path: Path) -> World:
    return new_world(tmp_path, course=WITH_WORK)


async def test_a_draft_is_handed_in_by_the_press_alone(working: World) -> None:
    mia = await working.learner("mia", "Mia")
    await working.until("2026-01-08T10:00:00Z")
    card = await said(mia, f"here is my draft {LINK}")
    assert card.buttons[0] == "Hand it in"
    assert "Hand it in: as “The first draft”. Your instructors see it, and some others on the course" in card.text
    assert card.buttons.index("Ask it in the question channel") > card.buttons.index("A note for the course team")
    assert not working.rows(SubmissionRow)
    await mia.press(card, "Hand it in")
    assert "Your message is handed in as “The first draft”. Your instructors see it" in mia.find("handed in as").text
    receipt = mia.find("The first draft\nThank you, Mia.")
    assert f"> {LINK}" in receipt.text
    assert "> here is my draft" in receipt.text
    assert working.rows(SaidRow)[0].text == ""


async def test_of_several_pieces_of_work_the_author_picks_one(working: World) -> None:
    mia = await working.learner("mia", "Mia")
    card = await said(mia, LINK)
    assert "Hand it in: you choose which one next" in card.text
    await mia.press(card, "Hand it in")
    which = mia.find("Which one is it for?")
    assert not working.rows(SubmissionRow)
    await mia.press(which, "1. Your notes")
    (work,) = working.rows(SubmissionRow)
    assert work.milestone == "notes"


async def test_work_that_is_announced_is_not_handed_in(working: World) -> None:
    mia = await working.learner("mia", "Mia")
    await working.until("2026-01-08T10:00:00Z")
    await mia.press(await said(mia, "How do I hand in my draft?"), "Hand it in")
    await mia.press(mia.find("Nothing is handed in yet."), "Hand in")
    assert mia.form is not None
    assert mia.form.title == "The first draft"
    assert not working.rows(SubmissionRow)


async def test_who_asks_for_more_time_moves_the_date(working: World) -> None:
    mia = await working.learner("mia", "Mia")
    card = await said(mia, "Can I have more time please?")
    assert card.buttons[0] == "Ask for more time"
    await mia.press(card, "Ask for more time")
    await mia.press(mia.find("Which date shall move?"), "The first draft")
    assert mia.form is not None
    assert mia.form.title == "The first draft"
    assert not working.rows(QuestionRow)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("I need 2 more days for The first draft", "2"),
        ("Can I have four more days for the first draft?", "4"),
        ("can I get another week for the first draft", "7"),
        ("zwei Tage mehr für The first draft bitte", "2"),
        ("can I hand in The first draft on Thursday the 15th instead?", "3"),
    ],
)
async def test_the_days_that_somebody_asks_for_are_in_the_form(tmp_path: Path, text: str, days: str) -> None:
    world = new_world(
        tmp_path, course=WITH_WORK.replace("extension: 3 days", "extension: {self: 3 days, ask: 14 days}")
    )
    mia = await world.learner("mia", "Mia")
    card = await said(mia, text)
    assert card.buttons[0] == "Ask for more time"
    assert "for “The first draft”" in card.text
    await mia.press(card, "Ask for more time")
    await mia.press(mia.find("The first draft, due"), "Choose the day")
    assert mia.form is not None
    assert mia.form.fields[0].value == days


async def test_the_days_are_in_the_form_of_whichever_date_is_picked(working: World) -> None:
    mia = await working.learner("mia", "Mia")
    await mia.press(await said(mia, "I need two more days"), "Ask for more time")
    await mia.press(mia.find("Which date shall move?"), "The first draft")
    assert mia.form is not None
    assert mia.form.fields[0].value == "2"


@pytest.mark.parametrize(
    "text",
    [
        "can I get 2 more days for the discussion?",
        "may I have more time for the wrap-up?",
        "two days more for the check-in please",
    ],
)
async def test_the_course_team_is_asked_for_more_time_on_what_is_no_date_of_ones_own(working: World, text: str) -> None:
    """Nothing of this kind is open."""
    mia = await working.learner("mia", "Mia")
    card = await said(mia, text)
    assert card.buttons[0] == "A private question to the course team"
    assert "Ask for more time" not in card.buttons
    assert "your instructors move these dates" in card.text


async def test_the_course_team_alone_is_asked_for_dates_that_are_theirs_to_move(world: World) -> None:
    mia, ben = await world.learner("mia", "Mia"), await world.learner("ben", "Ben")
    card = await said(mia, "I need more time")
    assert card.buttons[0] == "A private question to the course team"
    assert "your instructors move these dates" in card.text
    await mia.press(card, card.buttons[0])
    (question,) = world.rows(QuestionRow)
    assert (question.kind, question.text) == ("private", "I need more time")
    assert not any("more time" in m.text for m in ben.sees("questions"))


async def test_who_asks_to_pause_pauses_by_the_press(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    card = await said(mia, "can I pause for a week")
    assert card.buttons[:2] == ["Pause", "I'm away"]
    assert card.buttons.count("Pause") == 1
    await mia.press(card, "Pause")
    assert "You are paused until you say that you are back." in mia.find("You are paused").text
    assert not world.rows(QuestionRow)


@pytest.mark.parametrize(
    ("text", "button", "says"),
    [
        ("can I pause for a week", "Pause", "You are paused"),
        ("I'm away from 7 January to 9 January", "I'm away", "Wed 7 Jan until Fri 9 Jan"),
    ],
)
async def test_who_is_in_two_courses_is_away_in_both_by_one_press(
    world: World, text: str, button: str, says: str
) -> None:
    mia = await world.learner("mia", "Mia")
    await mia.command("join", second_cohort(world))
    await mia.press(await said(mia, text), button)
    which = mia.find("Which one is it for?")
    assert which.buttons == ["1. Demo course", "2. Other course", "Both", "Back", "Never mind"]
    await mia.press(which, "Both")
    assert {row.cohort for row in world.rows(AbsenceRow)} == {1, 2}
    (done,) = [m for m in mia.inbox() if "Demo course" in m and "Other course" in m and m.count(says) > 1]
    assert "Which one is it for?" not in done
    assert not any("Which one is it for?" in m for m in mia.inbox())
    assert world.rows(SaidRow)[0].text == ""


async def test_of_two_courses_one_is_enough(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await mia.command("join", second_cohort(world))
    await mia.press(await said(mia, "can I pause for a week"), "Pause")
    await mia.press(mia.find("Which one is it for?"), "2. Other course")
    assert [row.cohort for row in world.rows(AbsenceRow)] == [2]


@pytest.mark.parametrize(
    ("text", "button"),
    [
        ("can I pause, my mother is ill", "Pause"),
        ("I have to pause because my father is ill", "Pause"),
        ("I'm away next week. My brother gets married!", "I'm away"),
    ],
)
async def test_why_somebody_pauses_is_for_nobody_until_they_say_so(world: World, text: str, button: str) -> None:
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    await mia.press(await said(mia, text), button)
    assert mia.inbox()[-1].startswith("You are")
    card = mia.find("Nobody has read your words.")
    assert text in card.text
    assert card.buttons == ["A note for the course team", "A private question to the course team", "Never mind"]
    assert text not in (await ines.command("desk")).text
    await mia.press(card, "A note for the course team")
    assert text in (await ines.command("desk")).text
    assert not world.rows(SaidRow)[0].text


async def test_who_will_be_away_without_days_picks_them(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    card = await said(mia, "I'm away for a few days")
    assert card.buttons[0] == "I'm away"
    assert card.buttons.count("I'm away") == 1
    await mia.press(card, "I'm away")
    await mia.press(mia.find("You are here."), "I'm away")
    assert mia.form is not None
    assert mia.form.title == "I'm away"


async def test_a_wish_is_no_answer_to_a_question_of_the_wrap_up(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until(FRIDAY_BERLIN)
    await wrap_up(mia, "I finished the page")
    assert (await said(mia, "can I pause for a week")).buttons[0] == "Pause"


async def test_wishes_are_those_of_learners_in_a_course_of_any_language(tmp_path: Path) -> None:
    german = WITH_WORK.replace("weekly_minutes: 300", "weekly_minutes: 300, language: de")
    world = new_world(tmp_path, course=german)
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    wished = {"kann ich pausieren": "Pause", "I need more time": "Ask for more time", LINK: "Hand it in"}
    for text, button in wished.items():
        assert (await said(mia, text)).buttons[0] == button
        assert not set(wished.values()) & set((await said(ines, text)).buttons)
