"""Who may read what people write in their own words: the smaller audience first, and never a name against a wish."""

from pathlib import Path

import pytest

from adapters.sandbox.driver import Speaker
from storage.tables.questions import QuestionRow
from tests.features.test_milestones import WITH_WORK
from tests.features.test_talk import said
from tests.features.test_wrapups import FRIDAY_BERLIN
from tests.kit import World, new_world

NAMELESS = """\
ask this without my name: why is Karin so slow to answer
ask anonymously: why is Karin so slow to answer
anonymous question: why is Karin so slow to answer
Can I ask this anonymously? why is Karin so slow to answer
can i ask anonymously why is Karin so slow to answer
please don't use my name - why is Karin so slow to answer
why is Karin so slow to answer (without my name, please)
Anonymously, please: why is Karin so slow to answer
I don't want my name on this: why is Karin so slow to answer
Ohne meinen Namen: why is Karin so slow to answer
sem o meu nome: why is Karin so slow to answer
sin mi nombre: why is Karin so slow to answer
Question without a name: why is Karin so slow to answer
Don't say who asked: why is Karin so slow to answer
keep me anonymous. why is Karin so slow to answer
Could you ask the group, without saying it's me: why is Karin so slow to answer"""

SPEAKS_OF_NAMES = """\
is the survey anonymous?
Should the interviewees be quoted anonymously?
Who can see my name in the review?"""

TEAM = {"A note for the course team", "A private question to the course team"}
NARROW = TEAM | {"Pause", "I'm away", "Ask for more time", "Hand it in", "My wrap-up, for the instructors alone"}

CAREFUL = """\
I'm deaf, are there captions for the video?
I am dyslexic, is there an audio version of the text?
what does 'hydration' mean? I feel stupid asking
Could Silas be okay? I haven't heard from him
could silas be okay
will be off from Thursday next week until the Monday after
I finished the plan yesterday, but my flour smells odd and I don't dare tell the others
I handed in the wrong file
I have ADHD and need a bit longer for everything
I uploaded the wrong document by mistake
I am autistic, do I have to speak in the group?
is it only me who is too slow? everyone else seems to get it
this is a silly question, but what is a persona?
I'm afraid to ask this, what is a persona?
my eyes are bad, can the slides be larger?
Ich bin schwerhörig, gibt es Untertitel?
Silas does not reply in our pair, what can I do?
is Silas's draft late, too?
I'll be gone from Monday on"""

OPEN = """\
How long may the report be?
Is the second chapter needed for the exercise?
what is the difference between a persona and a role?
Will the slides be uploaded?
where is the rubric explained?
can may be used as a modal here"""


@pytest.fixture
def world(tmp_path: Path) -> World:
    return new_world(tmp_path, course=WITH_WORK)


async def test_who_asks_for_it_is_asked_about_without_their_name_and_the_wish_is_not_posted(world: World) -> None:
    mia, ben, ines = await world.learner("mia", "Mia"), await world.learner("ben", "Ben"), world.chat.person("ines")
    await world.until(FRIDAY_BERLIN)
    for n, text in enumerate(NAMELESS.splitlines()):
        card = await said(mia, text.replace("slow", f"slow{n}x"))
        assert card.buttons[0] == "Ask it without my name", text
        assert "Ask it in the question channel" not in card.buttons, text
        await mia.press(card, "Ask it without my name")
        posted = [m.text for m in ben.sees("questions") if f"slow{n}x" in m.text]
        assert posted, text
        assert all("Mia" not in p and "name" not in p and "nonym" not in p and "ask this" not in p for p in posted), (
            posted
        )
    assert all(row.anonymous for row in world.rows(QuestionRow))
    assert "Mia" not in (await ines.command("desk")).text


async def test_an_edit_posts_no_wish_either_and_a_deletion_takes_it_back(world: World) -> None:
    mia, ben = await world.learner("mia", "Mia"), await world.learner("ben", "Ben")
    sent = await mia.say("dm", "ask without my name: why so slow?")
    assert sent.message is not None
    await mia.press(mia.last(), "Ask it without my name")
    await mia.edit(sent.message, "ask without my name: why so fast?")
    posted = next(m.text for m in ben.sees("questions") if "why so fast?" in m.text)
    assert "without my name" not in posted
    await mia.delete(sent.message)
    assert not any("so fast" in m.text for m in ben.sees("questions"))


NAMED = "Why does Finch's essay open so slowly?"


def in_channel(reader: Speaker) -> str:
    return "\n".join(m.text for m in reader.sees("questions"))


async def test_a_name_in_a_question_without_a_name_is_asked_about(world: World) -> None:
    mia, ben = await world.learner("mia", "Mia Finch"), await world.learner("ben", "Ben")
    refused = await mia.command("ask", values={"text": NAMED, "anonymous": "yes"})
    assert "Your name stands in it." in str(refused.errors)
    assert mia.form is not None
    assert mia.form.fields[0].value == NAMED
    assert NAMED not in in_channel(ben)
    assert not (await mia.submit()).errors
    assert NAMED in in_channel(ben), "once"
    await ben.say("questions", "Whose is it?", thread=ben.find(NAMED, "questions").id)
    await mia.press(await mia.press(await mia.command(""), "Look"), "Reply")
    assert "Your name stands in it." in str((await mia.submit(text="It is Mia's")).errors)
    assert not (await mia.submit(text="It is mine")).errors
    assert "It is mine" in in_channel(ben)


async def test_a_private_message_that_names_its_author_is_asked_about(world: World) -> None:
    mia, ben = await world.learner("mia", "Mia Finch"), await world.learner("ben", "Ben")
    card = await said(mia, f"Please ask without my name: {NAMED}")
    await mia.press(card, "Ask it without my name")
    asked = mia.find("Your name stands in it.")
    assert "It is not posted yet" in asked.text
    assert NAMED not in in_channel(ben)
    await mia.press(asked, "Change it")
    assert mia.form is not None
    assert mia.form.fields[0].value == NAMED
    await mia.press(asked, "Send it as it is")
    assert NAMED in in_channel(ben)


async def test_a_private_message_that_is_changed_before_it_is_sent_is_one_question(world: World) -> None:
    mia, ben = await world.learner("mia", "Mia Finch"), await world.learner("ben", "Ben")
    await mia.press(await said(mia, f"Please ask without my name: {NAMED}"), "Ask it without my name")
    asked = mia.find("Your name stands in it.")
    await mia.press(asked, "Change it")
    assert not (await mia.submit(text="Why is it so slow?", anonymous="yes")).errors
    assert "Why is it so slow?" in in_channel(ben)
    assert not any("Send it as it is" in seen.buttons for seen in mia.sees("dm")), "the receipt takes its place"
    assert NAMED not in in_channel(ben)
    assert in_channel(ben).count("Why is it so slow?") == 1


async def test_an_edit_that_names_its_author_waits_for_them(world: World) -> None:
    mia, ben = await world.learner("mia", "Mia Finch"), await world.learner("ben", "Ben")
    sent = await mia.say("dm", "Please ask without my name: why is it so slow?")
    assert sent.message is not None
    await mia.press(mia.last(), "Ask it without my name")
    await mia.edit(sent.message, f"Please ask without my name: {NAMED}")
    assert NAMED not in in_channel(ben)
    assert mia.find("Your name stands in it.")


async def test_the_wish_alone_opens_the_form_with_its_tick(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    card = await said(mia, "how can I ask a question without my name?")
    await mia.press(card, "Ask it without my name")
    await mia.press(mia.find("Nothing is posted yet"), "Ask without my name")
    assert mia.form is not None
    assert next(f for f in mia.form.fields if f.name == "anonymous").value
    assert not world.rows(QuestionRow)


async def test_the_typed_command_hears_the_wish_too(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await mia.command("ask", "without my name: why is Karin so slow")
    assert mia.form is not None
    values = {f.name: f.value for f in mia.form.fields}
    assert values["text"] == "why is Karin so slow"
    assert values["anonymous"]
    assert not world.rows(QuestionRow)


async def test_where_the_course_has_no_questions_without_a_name_the_course_team_comes_first(tmp_path: Path) -> None:
    world = new_world(tmp_path, course=WITH_WORK + "\nprivacy: {anonymous_questions: no}\n")
    mia = await world.learner("mia", "Mia")
    for text in NAMELESS.splitlines():
        card = await said(mia, text)
        assert card.buttons[0] in TEAM, text
        assert "Ask it without my name" not in card.buttons
        assert "Ask it in the question channel" not in card.buttons


async def test_words_about_names_offer_both_the_course_team_first(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    for text in SPEAKS_OF_NAMES.splitlines():
        assert (await said(mia, text)).buttons[0] in TEAM, text


async def test_health_shame_absence_and_named_people_go_to_the_smaller_audience_first(world: World) -> None:
    mia, _silas = await world.learner("mia", "Mia"), await world.learner("silas", "Silas")
    await world.until(FRIDAY_BERLIN)
    for text in CAREFUL.splitlines():
        assert (await said(mia, text)).buttons[0] in NARROW, text


async def test_other_questions_are_still_for_the_channel(world: World) -> None:
    mia, _may = await world.learner("mia", "Mia"), await world.learner("may", "May Will")
    for text in OPEN.splitlines():
        assert (await said(mia, text)).buttons[0] == "Ask it in the question channel", text
    assert (await said(mia, "is everything fine with May?")).buttons[0] in TEAM


@pytest.mark.parametrize(
    ("text", "button"),
    [
        ("how do I turn off these messages", "My settings"),
        ("too many notifications!!", "My settings"),
        ("please write me in the evening, not at 9", "My settings"),
        ("how far am I?", "My progress"),
        ("am i on track", "My progress"),
        ("can you remove my submission", "My work"),
        ("I handed in the wrong file", "My work"),
        ("where do I find the materials?", "This week"),
        ("where are the slides", "This week"),
    ],
)
async def test_what_has_a_button_is_offered_and_leads_there(world: World, text: str, button: str) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until(FRIDAY_BERLIN)
    before = mia.form
    card = await said(mia, text)
    assert button in card.buttons
    shown = await mia.press(card, button)
    assert shown.text or mia.form is not before


async def test_help_is_heard_in_its_other_words_and_thanks_are_one_press(world: World) -> None:
    mia, _zed = await world.learner("mia", "Mia"), await world.learner("zed", "Zed")
    for text in ("!help", "start", "/start", "help"):
        assert "Write me as you would write to a person." in (await said(mia, text)).text, text
    card = await said(mia, "thanks a lot to Zed, his tip about the oven saved me!")
    assert card.buttons[0] == "Thank Zed"
    assert "Ask it in the question channel" not in card.buttons[:3]


async def test_skip_where_nothing_was_asked_is_no_wish_to_leave(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    answer = await said(mia, "skip")
    assert "nothing to skip" in answer.text
    assert "Leave" not in answer.buttons
