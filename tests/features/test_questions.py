"""Questions, as conversations."""

from tests.kit import World


async def test_a_question_by_command_is_answered_in_its_thread(world: World) -> None:
    mia, ben, ines = await world.learner("mia", "Mia"), await world.learner("ben", "Ben"), world.chat.person("ines")
    receipt = await mia.command("ask", "How long may the report be?")
    assert "Asked in the question channel" in receipt.text
    root = ben.last("questions")
    assert "Mia asks" in root.text
    assert "How long may the report be?" in root.text
    reply = await ben.say("questions", "Ten pages.", thread=root.id)
    assert reply.message is not None
    assert "has 1 reply" in (await mia.command("")).text
    before = len(ben.sees("questions"))
    await mia.react(reply.message, "✅")
    root = ben.find("Mia asks", "questions")
    assert "Answered: see the answer" in root.text
    assert len(ben.sees("questions")) == before
    sitting = await ines.command("faq")
    assert "How long may the report be?" in sitting.text
    assert "Ten pages." in sitting.text
    approved = await ines.press(sitting, "Approve")
    assert "FAQ 1 approved" in approved.text
    assert "Ten pages." in (await ben.command("find", "report length long")).text
