"""Questions from a message's own menu, as conversations."""

from tests.kit import World


async def test_ones_own_message_becomes_a_question(world: World) -> None:
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    said = await mia.say("questions", "Thanks all")
    assert said.message is not None
    followed = await mia.choose(said.message, "Ask as a question")
    assert "Your question is followed now" in followed.text
    assert "❓" in world.chat.sandbox.platform.reactions([said.message])[said.message]
    assert "Thanks all" in (await ines.command("desk")).text
    await mia.press(followed, "Not a question")
    assert "❓" not in world.chat.sandbox.platform.reactions([said.message]).get(said.message, {})
    assert "followed now" in (await mia.choose(said.message, "Ask as a question")).text
    assert "❓" in world.chat.sandbox.platform.reactions([said.message])[said.message]


async def test_the_course_team_makes_a_learners_message_a_question_and_another_learner_does_not(world: World) -> None:
    mia, leo, ines = await world.learner("mia", "Mia"), await world.learner("leo", "Leo"), world.chat.person("ines")
    said = await mia.say("general", "The page shows nothing after I save it.")
    assert said.message is not None
    assert "Only whoever wrote this" in (await leo.choose(said.message, "Ask as a question")).text
    assert "followed now" in (await ines.choose(said.message, "Ask as a question")).text
    await leo.say("general", "Save it as UTF-8.", thread=said.message)
    reply = leo.thread(said.message)[-1]
    assert "answer" in (await ines.choose(reply.id, "Mark as the answer")).text.lower()
    assert "✅" in world.chat.sandbox.platform.reactions([said.message])[said.message]


async def test_a_reply_within_a_thread_is_asked_anew(world: World) -> None:
    mia, leo = await world.learner("mia", "Mia"), await world.learner("leo", "Leo")
    root = await mia.say("questions", "How long may the page be?")
    reply = await leo.say("questions", "And may it have pictures?", thread=root.message)
    assert reply.message is not None
    form = (await leo.choose(reply.message, "Ask as a question")).form
    assert form is not None
    assert form.fields[0].value == "And may it have pictures?"


async def test_a_reply_is_marked_by_whoever_asked(world: World) -> None:
    mia, leo = await world.learner("mia", "Mia"), await world.learner("leo", "Leo")
    root = await mia.say("questions", "How long may the page be?")
    reply = await leo.say("questions", "Below 600 words.", thread=root.message)
    assert root.message is not None
    assert reply.message is not None
    assert "Only whoever asked" in (await leo.choose(reply.message, "Mark as the answer")).text
    await mia.choose(reply.message, "Mark as the answer")
    assert "✅" in world.chat.sandbox.platform.reactions([root.message])[root.message]
    assert "no reply to a question" in (await mia.choose(root.message, "Mark as the answer")).text


async def test_an_answer_that_the_bot_posted_can_be_marked_too(world: World) -> None:
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    await mia.command("ask", "How long may the page be? anonymous=yes")
    root = mia.find("How long may the page be?", "questions")
    page = await mia.command("")
    await ines.say("questions", "Below 600 words.", thread=root.id)
    reply = ines.thread(root.id)[-1]
    assert "answer" in (await ines.choose(reply.id, "Mark as the answer")).text.lower()
    assert page.text
