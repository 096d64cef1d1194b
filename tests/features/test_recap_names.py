"""Who is named in an instructor's recap, and how a person is taken out of it again."""

from adapters.sandbox.driver import Seen, Speaker
from tests.features.test_erasure import everything, forget
from tests.features.test_recaps import LINK, TOGETHER, answered, script, together
from tests.kit import World


async def leo_may_be_named(world: World) -> tuple[Speaker, Speaker, Speaker]:
    """Leo answered Mia's question, and agreed to be named."""
    ines, mia = world.chat.person("ines"), await world.learner("mia", "Mia")
    leo = await world.learner("leo", "Leonhard")
    await answered(mia, leo, "How long may the report be?", "Five pages.")
    await world.until(TOGETHER)
    await leo.press(leo.find("May I name you on Friday"), "You may name me")
    return ines, mia, leo


async def post(world: World, ines: Speaker) -> None:
    await ines.press(await ines.command("desk", place="general"), "Post as text")
    await world.wait(minutes=1)


def below(speaker: Speaker) -> str:
    return "\n".join(s.text for s in speaker.thread(together(speaker).id))


async def test_whoever_is_erased_before_it_is_posted_is_not_in_it(world: World) -> None:
    ines, mia, _leo = await leo_may_be_named(world)
    await ines.press(await script(ines), "Edit")
    await ines.submit(script="Hello. Leonhard helped somebody.")
    await forget(world, "Leonhard")
    assert "Hello. One of you helped somebody." in (await script(ines)).text
    await post(world, ines)
    assert "One of you helped somebody" in below(mia)


async def test_whoever_is_erased_after_it_was_posted_is_taken_out(world: World) -> None:
    ines, mia, _leo = await leo_may_be_named(world)
    await post(world, ines)
    assert "Leonhard answered" in below(mia)
    await forget(world, "Leonhard")
    assert "Leonhard" not in below(mia)
    assert "answered a question" not in below(mia)
    assert "Leonhard" not in everything(world)


async def test_a_question_or_an_answer_that_is_deleted_is_not_quoted_any_more(world: World) -> None:
    ines, mia, leo = await leo_may_be_named(world)
    await post(world, ines)
    assert "“Five pages.”" in below(mia)
    root = next(m for m in mia.sees("questions") if "How long may the report be?" in m.text)
    (answer,) = [m for m in leo.thread(root.id) if m.text == "Five pages."]
    await leo.delete(answer.id)
    assert "Five pages" not in below(mia)
    assert "Five pages" not in (await mia.press(together(mia), "Read the recap")).text


async def test_what_was_edited_is_quoted_as_it_reads_now(world: World) -> None:
    ines, mia, leo = await leo_may_be_named(world)
    await post(world, ines)
    assert "“Five pages.”" in below(mia)
    root = next(m for m in mia.sees("questions") if "How long may the report be?" in m.text)
    (answer,) = [m for m in leo.thread(root.id) if m.text == "Five pages."]
    await leo.edit(answer.id, "Six pages, with the appendix.")
    await world.wait(minutes=1)
    for text in (below(mia), (await mia.press(together(mia), "Read the recap")).text):
        assert "“Six pages, with the appendix.”" in text
        assert "Five pages" not in text
    # What the instructor reads before the next edit has it, too, and a later deletion finds it.
    await leo.edit(answer.id, "It depends.")
    await leo.delete(answer.id)
    await world.wait(minutes=1)
    assert "Six pages" not in below(mia)
    assert "It depends" not in below(mia)


async def test_whoever_left_the_cohort_and_is_erased_is_taken_out(world: World) -> None:
    ines, mia, leo = await leo_may_be_named(world)
    await post(world, ines)
    await leo.press(await leo.command("leave"), "Leave")
    assert "Leonhard answered" in below(mia), "they agreed, and leaving takes nothing back"
    await forget(world, "Leonhard")
    assert "Leonhard" not in below(mia)


async def test_whoever_has_another_name_by_now_is_still_taken_out(world: World) -> None:
    ines, mia, _leo = await leo_may_be_named(world)
    await post(world, ines)
    leo = world.chat.person("leo", "Leonie")
    await leo.command("")
    read = await mia.press(together(mia), "Read the recap")
    assert "Leonie answered" in read.text, "what is read now has the name of now"
    await leo.press(await leo.command(""), "Do not name me")
    assert "Leonhard" not in below(mia)
    assert "Leonie" not in below(mia)
    assert "answered a question" not in below(mia)


async def test_a_posted_recap_shows_the_name_that_people_have_now(world: World) -> None:
    ines, mia, _leo = await leo_may_be_named(world)
    await post(world, ines)
    assert "Leonhard answered" in below(mia)
    leo = world.chat.person("leo", "Leontine")
    await leo.command("")
    await world.wait(hours=1)
    assert "Leontine answered" in below(mia)
    assert "Leonhard" not in below(mia)


async def test_of_two_with_one_name_either_takes_it_out(world: World) -> None:
    ines, mia, leo = await leo_may_be_named(world)
    await world.learner("leo2", "Leonhard")
    await ines.press(await script(ines), "Add recording link")
    await ines.submit(url=LINK, script="Well done, Leonhard.", agreed="yes")
    await world.wait(minutes=1)
    assert "Well done, Leonhard." in below(mia)
    await leo.press(leo.find("You may be named"), "Do not name me")
    assert "Well done, one of you." in below(mia)


async def test_a_first_name_and_what_was_quoted_are_taken_out(world: World) -> None:
    ines, mia = world.chat.person("ines"), await world.learner("mia", "Mia")
    leo = await world.learner("leo", "Leonhard Berg")
    await answered(mia, leo, "How long may the report be?", "Five pages, without the appendix.")
    await world.until(TOGETHER)
    await leo.press(leo.find("May I name you on Friday"), "You may name me")
    shown = await script(ines)
    assert "Leonhard Berg answered a question of this week so: “Five pages, without the appendix.”" in shown.text
    await ines.press(shown, "Edit")
    own = "Leonhard is quick: Five pages, without the appendix. Thank you, leonhard!"
    await ines.submit(script=f"Hello.\n\n{own}")
    await post(world, ines)
    assert own in below(mia)
    await leo.press(leo.find("You may be named"), "Do not name me")
    assert "One of you is quick: … Thank you, one of you!" in below(mia)
    read = await mia.press(together(mia), "Read the recap")
    assert "Five pages" not in read.text
    assert "Leonhard" not in read.text


async def recorded(ines: Speaker, **values: str) -> None:
    await ines.press(await ines.command("desk", place="general"), "Add recording link")
    await ines.submit(url=LINK, **values)


async def test_a_recording_still_says_what_is_taken_back_and_both_sides_hear_it(world: World) -> None:
    ines, mia, leo = await leo_may_be_named(world)
    await recorded(ines)
    await world.wait(minutes=1)
    assert "Leonhard answered a question of this week so: “Five pages.”" in below(mia)
    await leo.press(leo.find("You may be named"), "Do not name me")
    assert "answered a question" not in below(mia), "nothing is left of it to say"
    assert "…" not in below(mia)
    desk = await ines.command("desk", place="general")
    said = "Leonhard took back what your recap of week 1 says of them. Its recording still says it."
    assert said in desk.text
    await world.until("2026-01-12T09:00:00Z")
    told = (
        "The words of the recap of week 1 say nothing of you any more. Its recording does until your instructor changes"
    )
    assert any(told in m.text for m in leo.sees("dm:leo"))
    assert not any(told in m.text for m in mia.sees("dm:mia"))
    await ines.press(await ines.command("desk", place="general"), "Change the link")
    await ines.submit(url=f"{LINK}-cut")
    assert said not in (await ines.command("desk", place="general")).text


async def test_an_answer_that_is_deleted_is_still_in_the_recording(world: World) -> None:
    ines, mia, leo = await leo_may_be_named(world)
    await recorded(ines)
    await world.wait(minutes=1)
    root = next(m for m in mia.sees("questions") if "How long may the report be?" in m.text)
    (answer,) = [m for m in leo.thread(root.id) if m.text == "Five pages."]
    await leo.delete(answer.id)
    await world.wait(minutes=1)
    desk = await ines.command("desk", place="general")
    assert "Leonhard took back what your recap of week 1 says of them" in desk.text
    await ines.press(desk, next(label for label in desk.buttons if label.startswith("Take it back")))
    assert "took back what" not in (await ines.command("desk", place="general")).text


async def test_of_whoever_is_forgotten_the_desk_has_no_name(world: World) -> None:
    ines, _mia, _leo = await leo_may_be_named(world)
    await recorded(ines)
    await world.wait(minutes=1)
    await forget(world, "Leonhard")
    desk = (await ines.command("desk", place="general")).text
    assert "Somebody was taken out of your recap of week 1. Its recording still has them." in desk
    assert "Leonhard" not in desk


async def test_a_text_has_nothing_left_to_change(world: World) -> None:
    ines, _mia, leo = await leo_may_be_named(world)
    await post(world, ines)
    await leo.press(leo.find("You may be named"), "Do not name me")
    assert "Its recording" not in (await ines.command("desk", place="general")).text
    await world.until("2026-01-12T09:00:00Z")
    assert not any("Its recording" in m.text for m in leo.sees("dm:leo"))


async def test_its_author_finds_a_posted_recap_again(world: World) -> None:
    ines, mia, _leo = await leo_may_be_named(world)
    await post(world, ines)
    page = await ines.press(await ines.command("", place="general"), "Your recap")
    assert {"Edit", "Add recording link", "Take it back"} <= set(page.buttons)
    posted = next(s for s in ines.sees("general") if s.text.startswith("Week 1: the week together"))
    assert {"Edit", "Take it back"} <= set((await ines.press(posted, "Read the recap")).buttons)
    assert "Edit" not in (await mia.press(together(mia), "Read the recap")).buttons
    await ines.press(page, "Take it back")
    await ines.press(await script(ines), "None this week")
    again = await ines.press(await ines.command("", place="general"), "Your recap")
    assert "One after all" in again.buttons


# The thanks of the week


async def thanked(leo: Speaker, *others: Speaker) -> None:
    said = (await leo.say("general", "Here is how I did it.")).message
    assert said is not None
    for other in others:
        await other.choose(said, "Thank")


def naming(speaker: Speaker) -> Seen:
    return speaker.find("on Friday")


async def test_fridays_post_collects_the_thanks_of_those_who_agreed(world: World) -> None:
    mia, leo = await world.learner("mia", "Mia"), await world.learner("leo", "Leo")
    zoe = await world.learner("zoe", "Zoe")
    await thanked(leo, mia, zoe)
    await thanked(zoe, mia)
    await world.until(TOGETHER)
    assert "Thanks of the week" not in together(mia).text, "nobody has agreed yet"
    await zoe.press(naming(zoe), "You may name me")
    assert "Thanks of the week go to Zoe." in together(mia).text
    await leo.press(naming(leo), "You may name me")
    assert "Thanks of the week go to Leo and Zoe." in together(mia).text
    await zoe.press(naming(zoe), "Do not name me")
    assert "Thanks of the week go to Leo." in together(mia).text
    await leo.press(naming(leo), "Do not name me")
    assert "Thanks of the week" not in together(mia).text


async def test_fridays_post_forgets_whoever_is_erased(world: World) -> None:
    mia, leo = await world.learner("mia", "Mia"), await world.learner("leo", "Leonhard")
    await thanked(leo, mia)
    await world.until(TOGETHER)
    await leo.press(naming(leo), "You may name me")
    assert "Leonhard" in together(mia).text
    await forget(world, "Leonhard")
    assert "Leonhard" not in together(mia).text


async def test_fridays_post_shows_the_name_that_people_have_now(world: World) -> None:
    mia, leo = await world.learner("mia", "Mia"), await world.learner("leo", "Leonhard")
    await thanked(leo, mia)
    await world.until(TOGETHER)
    await leo.press(naming(leo), "You may name me")
    await world.chat.person("leo", "Leontine").command("")
    await world.wait(minutes=1)
    assert "Thanks of the week go to Leontine." in together(mia).text


async def test_thanks_of_another_week_are_not_in_this_ones_post(world: World) -> None:
    mia, leo = await world.learner("mia", "Mia"), await world.learner("leo", "Leo")
    await thanked(leo, mia)
    await world.until(TOGETHER)
    await leo.press(naming(leo), "You may name me")
    await world.until("2026-01-16T15:10:00Z")
    (second,) = [s for s in mia.sees("general") if s.thread is None and "Week 2: the week together" in s.text]
    assert "Thanks of the week" not in second.text
