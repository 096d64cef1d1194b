"""The survey, as conversations: answers that nobody finds again, and what they draft for the next run."""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from adapters.sandbox.driver import Result, Speaker
from bot.app.cohorts import turn_in
from bot.core.actions import Action
from bot.core.events import ButtonPressed
from bot.core.people import Account, Actor, Cohort, Place
from bot.core.voice import Card
from bot.course.loader import load
from bot.features.live.listing import listed
from bot.features.survey import asking, rules
from bot.features.survey.store import Answer
from storage.tables.survey import SurveyAnswerRow, SurveyPersonRow
from tests.features.test_completion import files
from tests.features.test_erasure import copy, forget
from tests.features.test_erasure import everything as stored
from tests.features.test_live import HEAD, SUNDAY, course, tasting, use
from tests.features.test_live_verdict import come
from tests.features.test_wrapups import forge_in
from tests.kit import COURSE, World, new_world

CANARY = "lemur-and-marmalade"
LAST_WEEK = "2026-01-19T12:00:00Z"
CLOSED = "2026-01-25T23:30:00Z"


@pytest_asyncio.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    made = new_world(tmp_path, now=SUNDAY, course=course(tasting()))
    yield made
    made.app.storage.close()


async def learners(world: World, number: int) -> list[Speaker]:
    return [await world.learner(f"l{n}", f"Learner {n}") for n in range(number)]


async def say(who: Speaker, about: str = "Tasting", **values: str) -> Result:
    """One answer, from the learner's own page."""
    card = await who.press(await who.command(""), "Answer without my name")
    await who.press(card, about)
    given = {"came": "came", "worth": "yes"} if about == "Tasting" else {"worth": "yes"}
    return await who.submit({**given, **values})


async def result(world: World, who: str = "ines") -> str:
    """What somebody of the course team reads once the survey has closed."""
    if world.clock.now() < world.at(CLOSED):
        await world.until(CLOSED)
    return await forge_in(world, world.chat.person(who), "survey", "look", "")


async def archived(world: World) -> None:
    """The manager ends the cohort."""
    omar = world.chat.person("omar")
    asked = await omar.press(await omar.press(await omar.command("overview"), "End this cohort"), "End the cohort")
    assert "has ended" in asked.text


async def test_one_card_asks_after_the_last_session_and_becomes_its_receipt(world: World) -> None:
    mia = (await learners(world, 1))[0]
    await world.until("2026-01-14T12:00:00Z")
    await mia.say("questions", "Is the tea hot?")
    await world.until("2026-01-18T12:00:00Z")
    assert "Was it worth your time?" not in "\n".join(mia.inbox())
    await world.until(LAST_WEEK)
    (card,) = [text for text in mia.inbox() if "Was it worth your time?" in text]
    assert "[Tasting]" in card
    assert "[The course as a whole]" in card
    await mia.press(mia.find("Was it worth your time?"), "Tasting")
    assert mia.form is not None
    assert "nobody can find it again" in mia.form.intro
    assert "neither changed nor erased" in mia.form.intro
    thanked = await mia.submit({"came": "neither", "why": "time", "worth": "no"})
    assert "stored without your name" in thanked.text
    await world.settle()
    assert "Answered: Tasting." in mia.find("Was it worth your time?").text
    await mia.press(thanked, "The course as a whole")
    assert mia.form is not None
    assert [f.name for f in mia.form.fields] == ["worth", "words"]
    await mia.submit({"worth": "yes"})
    await world.settle()
    assert not [text for text in mia.inbox() if "Was it worth your time?" in text]
    assert "cannot" not in (await mia.command("")).text
    assert "Nobody can find your answer again" in await forge_in(world, mia, "survey", "answer", "")


async def test_a_course_without_sessions_asks_its_one_question_at_the_end(tmp_path: Path) -> None:
    world = new_world(tmp_path, now=SUNDAY, course=COURSE)
    mia = await world.learner("mia", "Mia")
    for day in ("2026-01-12", "2026-01-20"):
        await world.until(f"{day}T12:00:00Z")
        await mia.say("questions", "Is the tea hot?")
    await world.until("2026-01-25T12:00:00Z")
    assert "worth your time" not in "\n".join(mia.inbox())
    await world.until("2026-01-28T12:00:00Z")
    (card,) = [text for text in mia.inbox() if "Was it worth your time?" in text]
    assert "[The course as a whole]" in card
    world.app.storage.close()


async def test_a_group_of_four_is_not_shown(world: World) -> None:
    people = await learners(world, 4)
    await world.until(LAST_WEEK)
    for one in people:
        await say(one, words=CANARY)
    shown = await result(world)
    assert "Tasting: too few answers to say anything. 4 of 4 answered." in shown
    assert "Worth the time" not in shown
    assert CANARY not in shown
    assert CANARY not in stored(world)


async def test_five_with_one_who_left_are_four_or_stay_five(world: World) -> None:
    people = await learners(world, 5)
    await world.until(LAST_WEEK)
    await people[0].press(await people[0].command("leave"), "Leave")
    for one in people[1:]:
        await say(one)
    assert "too few answers" in await result(world)


async def test_an_answer_stays_when_its_author_leaves_because_nobody_can_find_it(world: World) -> None:
    people = await learners(world, 5)
    await world.until(LAST_WEEK)
    for one in people:
        await say(one)
    await people[0].press(await people[0].command("leave"), "Leave")
    await forget(world, "Learner 0")
    assert "Tasting: keep. 5 of 5 answered. Came: Yes 5 (of 5)." in await result(world)


@pytest.mark.parametrize("about", ["Tasting", "The course as a whole"])
async def test_three_people_are_no_group_of_five_however_often_they_are_erased(world: World, about: str) -> None:
    people = await learners(world, 3)
    await world.until(LAST_WEEK)
    for one in people:
        await say(one, about, words=f"{CANARY} {one.id}")
    for n in range(2):
        await forget(world, f"Learner {n}")
        await people[n].command("join", world.join_code)
        assert "Was it worth your time" not in (await people[n].command("")).text
        assert "asks those who joined before it opened" in await forge_in(world, people[n], "survey", "answer", "")
        assert "asks those who joined before it opened" in await forge_in(world, people[n], "survey", "card", "")
    assert len(world.rows(SurveyAnswerRow)) == 3
    shown = await result(world)
    assert f"{about}: too few answers to say anything. 3 of 3 answered." in shown
    assert CANARY not in shown


async def test_whoever_joins_after_it_opened_is_not_asked_and_not_counted(world: World) -> None:
    people = await learners(world, 5)
    await world.until(LAST_WEEK)
    late = await world.learner("late", "Late")
    await world.until("2026-01-20T12:00:00Z")
    assert "Was it worth your time" not in "\n".join([*late.inbox(), (await late.command("")).text])
    for one in people:
        await say(one)
    assert "Tasting: keep. 5 of 5 answered." in await result(world)


async def test_who_left_and_came_back_is_asked_about_what_they_came_to(world: World) -> None:
    mia, ben = await learners(world, 2)
    await come(world, [mia])
    await mia.press(await mia.command("leave"), "Leave")
    await ben.press(await ben.command("leave"), "Leave")
    await world.until("2026-01-16T12:00:00Z")
    await mia.command("join", world.join_code)
    await world.until(LAST_WEEK)
    await ben.command("join", world.join_code)
    for one in (mia, ben):
        assert "stored without your name" in (await say(one)).text
        assert "stored without your name" in (await say(one, "The course as a whole")).text
    await ben.press(await ben.command("leave"), "Leave")
    await ben.command("join", world.join_code)
    assert "Nobody can find your answer again" in await forge_in(world, ben, "survey", "answer", "")
    assert "Tasting: too few answers to say anything. 2 of 2 answered." in await result(world)


async def test_six_split_five_to_one_show_neither_group(world: World) -> None:
    people = await learners(world, 6)
    await world.until(LAST_WEEK)
    for one in people[:5]:
        await say(one)
    await say(people[5], came="neither", worth="no", words="Nobody asked me")
    shown = await result(world)
    assert "Tasting: nothing is proposed. 6 of 6 answered." in shown
    assert "Worth the time: the answers differ, and groups of fewer than 5 are not shown." in shown
    assert "Came:" not in shown
    assert "Yes 5" not in shown


@pytest.mark.parametrize(
    ("worth", "shown", "advice"),
    [
        ({"yes": 4}, {}, ""),
        ({"yes": 5}, {"yes": 5}, "keep"),
        ({"yes": 5, "no": 1}, {}, ""),
        ({"yes": 6, "partly": 5, "no": 2}, {"yes": 6, "less": 7}, "modify"),
        ({"yes": 4, "partly": 4, "no": 5}, {"some": 8, "no": 5}, "modify"),
        ({"yes": 4, "partly": 2, "no": 2}, {}, ""),
        ({"yes": 8, "partly": 4, "no": 2}, {"yes": 8, "less": 6}, "keep"),
        ({"yes": 2, "partly": 4, "no": 8}, {"some": 6, "no": 8}, "remove"),
        ({"yes": 5, "": 5}, {"yes": 5, "none": 5}, "keep"),
        ({"no": 7, "yes": 5}, {"no": 7, "yes": 5}, "remove"),
        ({"partly": 5, "yes": 5}, {"partly": 5, "yes": 5}, "modify"),
    ],
)
def test_the_proposal_follows_from_what_is_shown_alone(
    worth: dict[str, int], shown: dict[str, int], advice: str
) -> None:
    said = [Answer("tasting", "", "", value) for value, n in worth.items() for _ in range(n)]
    found = rules.figures(said, 5)
    assert found.get("worth", {}) == shown
    assert rules.advice(found, len(said)) == advice


async def test_the_instructor_reads_decides_and_the_next_run_has_it(world: World) -> None:
    people, ines, omar = await learners(world, 6), world.chat.person("ines"), world.chat.person("omar")
    await world.until(LAST_WEEK)
    for one in people:
        await say(one, worth="no", why="time", came="recording", words=CANARY)
        await say(one, "The course as a whole", words="More of it")
    assert "survey" not in (await ines.command("desk", place="general")).text
    shown = await result(world)
    line = "Tasting: remove. 6 of 6 answered. Came: No, I watched the recording 6 (of 6). Why: The time did not suit me"
    assert line in shown
    assert CANARY in shown
    assert CANARY not in await result(world, "omar")
    desk = await ines.command("desk", place="general")
    assert "Tasting: remove." in desk.text
    page = await ines.press(desk, "Look and decide (1)")
    assert "Noted for the next run: Tasting, modify." in (await ines.press(page, "Modify it")).text
    assert CANARY not in stored(world)
    assert "More of it" in stored(world)
    assert "Tasting: modify" in (await omar.command("overview")).text
    registry = world.app.registry
    found = turn_in(world.app.storage, registry, "demo", "live", lambda turn: listed(turn, turn.here))
    assert [one["survey"] for one in found] == ["modify"]
    await world.until("2026-01-27T12:00:00Z")
    await archived(world)
    archive = files(world, omar, "The archive of Demo course")
    assert "survey: modify it; Came: No, I watched the recording 6 (of 6)" in archive["demo-next.yaml"]
    assert "tasting,Tasting,modify,6,6,worth,no,6" in archive["survey.csv"]
    assert CANARY not in str(archive)


async def test_what_nobody_decides_stands_as_proposed_and_the_words_go(world: World) -> None:
    people = await learners(world, 5)
    await world.until(LAST_WEEK)
    for one in people:
        await say(one, words=CANARY)
    await world.until("2026-02-07T12:00:00Z")
    assert CANARY in stored(world)
    await world.until("2026-02-09T12:00:00Z")
    assert CANARY not in stored(world)
    assert "Tasting: keep" in await result(world)


async def test_a_copy_for_somebody_says_that_they_answered_and_nothing_else(world: World) -> None:
    mia = (await learners(world, 1))[0]
    await world.until(LAST_WEEK)
    await say(mia, words=CANARY)
    document, _files = copy(world, "Learner 0")
    assert "survey_people" in [table["table"] for table in document["tables"]]
    assert CANARY not in str(document)
    await forget(world, "Learner 0")
    assert world.rows(SurveyPersonRow) == []
    assert len(world.rows(SurveyAnswerRow)) == 1


async def test_a_second_answer_from_another_tab_is_refused(world: World) -> None:
    mia = (await learners(world, 1))[0]
    await world.until(LAST_WEEK)
    card = await mia.press(await mia.command(""), "Answer without my name")
    await mia.press(card, "Tasting")
    await mia.submit({"came": "came", "worth": "yes"})
    again = await mia.press(card, "Tasting")
    assert "Nobody can find your answer again" in again.text
    assert len(world.rows(SurveyAnswerRow)) == 1
    assert "for learners" in await forge_in(world, world.chat.person("ines"), "survey", "answer", "")
    await world.until(CLOSED)
    assert "has closed" in await forge_in(world, mia, "survey", "answer", "")


async def test_the_card_goes_when_the_survey_closes(world: World) -> None:
    mia = (await learners(world, 1))[0]
    await world.until("2026-01-14T12:00:00Z")
    await mia.say("questions", "Is the tea hot?")
    await world.until(LAST_WEEK)
    assert "Was it worth your time?" in "\n".join(mia.inbox())
    await world.until(CLOSED)
    await world.settle()
    assert "Was it worth your time?" not in "\n".join(mia.inbox())


async def test_the_page_that_shows_words_is_stored_nowhere_and_made_again(world: World) -> None:
    people, ines = await learners(world, 6), world.chat.person("ines")
    await world.until(LAST_WEEK)
    for n, one in enumerate(people):
        await say(one, words=f"{CANARY} {n}, and much more to say: {'la ' * 200}")
    await world.until(CLOSED)
    action = Action("survey", "look", world.cohort.id).encode()
    actor, place = Actor(Account("sandbox", "ines"), "Ines"), Place("sandbox", "D", direct=True)
    press = ButtonPressed(actor=actor, place=place, id="look", at=world.clock.now(), action=action)
    first, again = [str((await world.app.runtime.receive(press)).message) for _ in range(2)]
    assert f"{CANARY} 3" in first
    assert again == first
    assert stored(world).count(f"{CANARY} 3") == 1
    page = await ines.press(await ines.command("desk", place="general"), "Look and decide (1)")
    assert stored(world).count(f"{CANARY} 3") == 1
    await ines.press(page, "Keep it")
    assert CANARY not in stored(world)
    assert CANARY not in str((await world.app.runtime.receive(press)).message)


def of_at_least(smallest: int) -> str:
    return course(tasting(), head=f"{HEAD}privacy: {{smallest_group: {smallest}}}\n")


async def promise(who: Speaker) -> str:
    """What the form says before anything is sent."""
    await who.press(await who.press(await who.command(""), "Answer without my name"), "Tasting")
    assert who.form is not None
    return who.form.intro


async def test_a_promised_group_size_holds_though_the_file_has_a_smaller_one(tmp_path: Path) -> None:
    world = new_world(tmp_path, now=SUNDAY, course=of_at_least(6))
    people = await learners(world, 7)
    await world.until(LAST_WEEK)
    assert "Numbers are shown from 6 answers on." in await promise(people[0])
    for one in people[:6]:
        await say(one, words=CANARY)
    await use(world, of_at_least(5))
    assert "Numbers are shown from 6 answers on." in await promise(people[6])
    await use(world, of_at_least(8))
    assert "Numbers are shown from 8 answers on." in await promise(people[6])
    await use(world, of_at_least(5))
    assert "Numbers are shown from 8 answers on." in await promise(people[6])
    shown = await result(world)
    assert "Tasting: too few answers to say anything. 6 of 7 answered. Figures are shown from 8 answers on." in shown
    assert CANARY not in shown
    assert CANARY not in stored(world)
    world.app.storage.close()


async def test_a_larger_group_size_hides_a_result_that_is_there(tmp_path: Path) -> None:
    world = new_world(tmp_path, now=SUNDAY, course=of_at_least(5))
    people = await learners(world, 6)
    await world.until("2026-01-14T12:00:00Z")
    await people[0].say("questions", "Is the tea hot?")
    await world.until(LAST_WEEK)
    for one in people:
        await say(one, words=CANARY)
    await world.until("2026-01-25T23:05:00Z")
    assert "Worth the time: Yes 6 (of 6)" in await result(world)
    await use(world, of_at_least(7))
    shown = await result(world)
    assert "Yes 6" not in shown
    assert CANARY not in shown
    world.app.storage.close()


async def test_once_closed_nothing_pairs_an_answer_with_who_gave_it(world: World) -> None:
    people = await learners(world, 7)
    await world.until(LAST_WEEK)
    for one in people[:6]:
        await say(one, words="Worth it")
    await say(people[6], "The course as a whole", words=CANARY)
    assert len(world.rows(SurveyPersonRow)) == 7
    await world.until(CLOSED)
    assert world.rows(SurveyPersonRow) == []
    left = [(row.element, row.came, row.why, row.worth, row.words) for row in world.rows(SurveyAnswerRow)]
    assert left == [("tasting", "", "", "", "Worth it")] * 6
    assert "Tasting: keep. 6 of 7 answered." in await result(world)


async def test_the_log_beside_the_database_pairs_nobody_and_loses_the_words_with_it(
    world: World, tmp_path: Path
) -> None:
    people, ines = await learners(world, 6), world.chat.person("ines")
    log = tmp_path / "pacekeeper.db-wal"
    await world.until(LAST_WEEK)
    for n, one in enumerate(people):
        await say(one, words=f"{CANARY} {n}")
        # Each answer writes all of them anew; a log with two such commits would tell which was new with whose.
        assert CANARY.encode() not in log.read_bytes()
    assert f"{CANARY} 3".encode() in (tmp_path / "pacekeeper.db").read_bytes()
    await world.until(CLOSED)
    page = await ines.press(await ines.command("desk", place="general"), "Look and decide (1)")
    await ines.press(page, "Keep it")
    assert [path.name for path in tmp_path.glob("pacekeeper.db*") if CANARY.encode() in path.read_bytes()] == []


async def test_eight_of_ten_who_differ_hear_why_and_it_can_be_decided(world: World) -> None:
    people, ines = await learners(world, 10), world.chat.person("ines")
    await world.until(LAST_WEEK)
    for one, worth in zip(people, ["yes"] * 4 + ["partly"] * 2 + ["no"] * 2, strict=False):
        await say(one, worth=worth, came="recording", words=CANARY)
    shown = await result(world)
    assert "Tasting: nothing is proposed. 8 of 10 answered. Came: No, I watched the recording 8 (of 8)." in shown
    assert "Worth the time: the answers differ, and" in shown
    assert CANARY in shown
    desk = await ines.command("desk", place="general")
    page = await ines.press(desk, "Look and decide (1)")
    assert "Noted for the next run: Tasting, modify." in (await ines.press(page, "Modify it")).text


async def test_choices_that_are_small_alone_are_counted_as_one(world: World) -> None:
    people = await learners(world, 14)
    await world.until(LAST_WEEK)
    for one, worth in zip(people, ["yes"] * 8 + ["partly"] * 4 + ["no"] * 2, strict=True):
        await say(one, worth=worth)
    shown = await result(world)
    assert "Tasting: keep. 14 of 14 answered." in shown
    assert "Worth the time: Yes 8, Partly or no 6 (of 14)" in shown


async def test_who_did_not_come_need_not_say_whether_it_was_worth_the_time(world: World) -> None:
    people = await learners(world, 10)
    await world.until(LAST_WEEK)
    refused = await say(people[0], worth="")
    assert "was it worth the time that you spent" in str(refused.errors)
    await people[0].submit({"came": "came", "worth": "yes"})
    for one in people[1:5]:
        await say(one)
    for one in people[5:]:
        assert "stored without your name" in (await say(one, came="neither", worth="")).text
    shown = await result(world)
    assert "Tasting: keep. 10 of 10 answered." in shown
    assert "Worth the time: Yes 5, No answer 5 (of 10)" in shown


async def test_where_nobody_says_whether_it_was_worth_the_time_that_is_what_stands(world: World) -> None:
    people = await learners(world, 6)
    await world.until(LAST_WEEK)
    for one in people:
        await say(one, came="neither", why="time", worth="")
    shown = await result(world)
    assert "Tasting: nothing is proposed. 6 of 6 answered. Came: No 6 (of 6)." in shown
    assert "Why: The time did not suit me 6 (of 6). Worth the time: nobody said." in shown
    assert "the answers differ" not in shown
    await world.until("2026-01-27T12:00:00Z")
    await archived(world)
    following = files(world, world.chat.person("omar"), "The archive of Demo course")["demo-next.yaml"]
    assert "survey: nothing is proposed, and nothing was decided; Came: No 6 (of 6)" in following


async def test_nobody_is_asked_about_what_was_over_before_they_joined(world: World) -> None:
    people = await learners(world, 5)
    await world.until("2026-01-15T12:00:00Z")
    bo = await world.learner("bo", "Bo")
    await world.until(LAST_WEEK)
    card = await bo.press(await bo.command(""), "Answer without my name")
    assert card.buttons == ["The course as a whole"]
    for one in people:
        await say(one)
    forged = await forge_in(world, bo, "survey", "answer", rules.Element("tasting", "Tasting").mark)
    assert "Did you come" not in forged
    assert "Tasting: keep. 5 of 5 answered." in await result(world)


async def test_a_weekly_session_is_asked_about_once_as_a_series(tmp_path: Path) -> None:
    first = tasting(id="qa-1", title="Weekly Q&A")
    second = tasting(id="qa-2", title="Weekly Q&A", week="2", pays="[{item: Read more, minutes: 30}]")
    world = new_world(
        tmp_path, now=SUNDAY, course=course(first, second, head=f"{HEAD}live_rules: {{weeks_share: 100}}\n")
    )
    people, ines = await learners(world, 6), world.chat.person("ines")
    await world.until(LAST_WEEK)
    card = await people[0].press(await people[0].command(""), "Answer without my name")
    assert card.buttons == ["Weekly Q&A", "The course as a whole"]
    await people[0].press(card, "Weekly Q&A")
    assert people[0].form is not None
    assert "It took place 2 times: answer for all." in people[0].form.intro
    await people[0].submit({"came": "came", "worth": "no"})
    for one in people[1:]:
        await say(one, "Weekly Q&A", came="came", worth="no")
    assert "Weekly Q&A: remove. 6 of 6 answered." in await result(world)
    found = turn_in(world.app.storage, world.app.registry, "demo", "live", lambda turn: listed(turn, turn.here))
    assert [one["survey"] for one in found] == ["remove", "remove"]
    assert "Weekly Q&A: remove." in (await ines.command("desk", place="general")).text
    world.app.storage.close()


async def test_a_decision_can_be_changed_and_the_next_file_leaves_out_what_is_removed(world: World) -> None:
    people, ines, omar = await learners(world, 6), world.chat.person("ines"), world.chat.person("omar")
    await world.until(LAST_WEEK)
    for one in people:
        await say(one)
    await world.until(CLOSED)
    page = await ines.press(await ines.command("desk", place="general"), "Look and decide (1)")
    noted = await ines.press(page, "Keep it")
    assert "Tasting, keep." in noted.text
    noted = await ines.press(noted, "Remove it instead")
    assert "Noted for the next run: Tasting, remove." in noted.text
    assert noted.buttons == ["Keep it instead", "Modify it instead"]
    await world.until("2026-01-27T12:00:00Z")
    await archived(world)
    following = files(world, omar, "The archive of Demo course")["demo-next.yaml"]
    assert "survey: remove it" in following
    assert "# - id: tasting" in following
    assert load(following).live == ()


async def test_the_survey_has_its_line_and_button_on_a_full_page(tmp_path: Path) -> None:
    late = "".join(f"  - {{id: m{n}, title: Work {n}, week: 1, due: Thu 18:00}}\n" for n in range(1, 9))
    world = new_world(tmp_path, now=SUNDAY, course=f"{course(tasting())}milestones:\n{late}")
    mia = await world.learner("mia", "Mia")
    await world.until("2026-01-19T12:00:00Z")
    page = await mia.command("")
    assert "Was it worth your time? 2 short questions" in page.text
    assert "Answer without my name" in page.buttons
    assert "This week" in page.buttons
    assert "Hand in: Work 1" in str(page.buttons)
    world.app.storage.close()


async def test_who_was_quiet_gets_the_card_once_they_are_back(world: World) -> None:
    mia = (await learners(world, 1))[0]
    await world.until("2026-01-19T15:00:00Z")
    assert "Was it worth your time?" not in "\n".join(mia.inbox())
    await mia.say("questions", "Is the tea still hot?")
    await world.until("2026-01-24T12:00:00Z")
    (card,) = [text for text in mia.inbox() if "Was it worth your time?" in text]
    assert "[Tasting]" in card


async def test_the_first_to_wake_get_the_card_with_their_week(world: World) -> None:
    hana = await world.learner("hana", "Hana", zone="Pacific/Auckland")
    await world.until("2026-01-14T12:00:00Z")
    await hana.say("questions", "Is the tea hot?")
    await world.until("2026-01-18T20:30:00Z")
    assert [text for text in hana.inbox() if "Was it worth your time?" in text and "Week 3" in text]


async def test_a_survey_that_should_have_opened_in_a_downtime_comes_after_it_and_says_until_when(world: World) -> None:
    """The bot was off from before the last session until weeks after the course."""
    mia = (await learners(world, 1))[0]
    await world.until("2026-01-06T12:00:00Z")
    await mia.say("questions", "Is the tea hot?")
    await world.jump("2026-02-10T09:30:00Z")
    await world.wait(days=1)
    (card,) = [text for text in mia.inbox() if "Was it worth your time?" in text]
    assert "Open until Tue 17 Feb, 10:30" in card
    await mia.press(mia.find("Was it worth your time?"), "Tasting")
    await mia.submit({"came": "came", "worth": "yes"})
    await world.until("2026-02-17T10:00:00Z")
    assert "1 of 1 answered" in await result(world)
    assert "has closed" in await forge_in(world, mia, "survey", "answer", "")


async def test_a_survey_that_opens_in_a_downtime_within_the_course_has_its_seven_days(world: World) -> None:
    mia = (await learners(world, 1))[0]
    await world.until("2026-01-14T12:00:00Z")
    await mia.say("questions", "Is the tea hot?")
    await world.jump("2026-01-24T09:30:00Z")
    await world.wait(days=1)
    (card,) = [text for text in mia.inbox() if "Was it worth your time?" in text]
    assert "Open until Sat 31 Jan, 10:30" in card


async def test_a_survey_that_should_have_closed_in_a_downtime_stays_open_for_a_day(world: World) -> None:
    mia, ben = await learners(world, 2)
    await world.until("2026-01-14T12:00:00Z")
    await mia.say("questions", "Is the tea hot?")
    await world.until(LAST_WEEK)
    assert "Open until Sun 25 Jan, 23:59" in mia.find("Was it worth your time?").text
    await world.jump("2026-01-28T09:30:00Z")
    await world.settle()
    assert "Open until Thu 29 Jan, 10:30" in mia.find("Was it worth your time?").text
    assert "stored without your name" in (await say(ben)).text
    await world.until("2026-01-29T09:31:00Z")
    assert "too few answers" in await result(world)


async def test_nobody_is_asked_months_after_a_course(world: World) -> None:
    mia = (await learners(world, 1))[0]
    await world.until("2026-01-06T12:00:00Z")
    await world.jump("2026-06-10T09:30:00Z")
    await world.wait(days=10)
    assert "Was it worth your time?" not in "\n".join(mia.inbox())
    assert "worth your time" not in (await mia.command("")).text


async def test_the_course_as_a_whole_has_no_figures_about_coming(world: World) -> None:
    people = await learners(world, 5)
    await world.until(LAST_WEEK)
    for one in people:
        await say(one)
        await say(one, "The course as a whole")
    shown = await result(world)
    assert "The course as a whole: keep. 5 of 5 answered. Worth the time: Yes 5 (of 5)." in shown
    about = shown.partition("The course as a whole")[2].partition("Tasting")[0]
    assert "Came" not in about
    assert "Why" not in about
    await archived(world)
    omar = world.chat.person("omar")
    kept = files(world, omar, "The archive of Demo course")
    course_rows = [row for row in kept["survey.csv"].splitlines() if row.startswith("course,")]
    assert {row.split(",")[5] for row in course_rows} == {"worth"}
    (comment,) = [line for line in kept["demo-next.yaml"].splitlines() if "survey: keep it; Worth the time" in line]
    assert "Came" not in comment


async def test_an_answer_that_was_interrupted_is_whole_when_it_is_sent_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    mia, *_others = await learners(world, 5)
    await world.until(LAST_WEEK)
    card = await mia.press(await mia.command(""), "Answer without my name")
    await mia.press(card, "Tasting")

    class Killed(Exception):
        pass

    async def killed(event: object) -> None:
        raise Killed

    said = {"came": "came", "worth": "yes", "words": CANARY}
    with monkeypatch.context() as patched:
        patched.setattr(world.chat.sandbox.bot, "receive", killed)
        with pytest.raises(Killed):
            await mia.submit(said, delivery="same")
    assert CANARY not in str([world.chat.sandbox.platform.deliveries.find("same")])
    assert not (await mia.submit(said, delivery="same")).errors
    rows = world.rows(SurveyAnswerRow)
    assert [row.words for row in rows] == [CANARY]
    assert CANARY not in str([world.chat.sandbox.platform.deliveries.find("same")])


async def test_a_large_cohort_is_asked_in_slices_each_learner_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bot fails in the middle; what was asked before it stays, and the rest follows."""
    monkeypatch.setattr(asking, "AT_ONCE", 2)
    whole, sizes = asking._cards, list[int]()

    def failing(turn: asking.Surveys, cohort: Cohort, people: Sequence[int]) -> list[Card]:
        sizes.append(len(people))
        if len(sizes) == 2:
            raise RuntimeError("killed")
        return whole(turn, cohort, people)

    monkeypatch.setattr(asking, "_cards", failing)
    people = await busy(world)
    await world.until("2026-01-24T12:00:00Z")
    assert max(sizes) == 2
    for one in people:
        cards = [text for text in one.inbox() if "Was it worth your time?" in text]
        assert len(cards) == 1, cards
    assert sizes[:4] == [2, 2, 2, 1], "the second once more"


async def test_the_cards_of_a_large_cohort_follow_a_date_in_slices(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    people, sizes = await busy(world), slices(monkeypatch)
    await world.until("2026-01-24T12:00:00Z")
    await world.jump("2026-01-26T12:00:00Z")
    await world.settle()
    assert max(sizes) <= 2
    for one in people:
        assert "Open until Tue 27 Jan" in one.find("Was it worth your time?").text


async def test_the_survey_of_a_large_cohort_closes_in_slices(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is asked any more, receipts stay, and all answers are counted."""
    people, sizes = await busy(world), slices(monkeypatch)
    await world.until("2026-01-24T12:00:00Z")
    mia, *others = people
    for one in people:
        await one.press(one.find("Was it worth your time?"), "Tasting")
        await one.submit(came="came", worth="yes", words="It helped me")
    await mia.press(mia.find("Was it worth your time?"), "The course as a whole")
    await mia.submit(worth="yes")
    await world.until(CLOSED)
    assert max(sizes) <= 2
    assert "What comes of them changes the next run" in mia.find("Thank you for your answers").text
    for one in others:
        assert not any("Was it worth your time?" in text for text in one.inbox())
    assert not world.rows(SurveyPersonRow)
    assert "It helped me" in await result(world)


async def test_the_survey_of_a_large_cohort_that_is_ended_closes_in_slices(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    people, sizes = await busy(world), slices(monkeypatch)
    await world.until("2026-01-24T12:00:00Z")
    for one in people:
        await one.press(one.find("Was it worth your time?"), "Tasting")
        await one.submit(came="came", worth="yes", words="It helped me")
    await archived(world)
    await world.settle()
    assert max(sizes) <= 2
    assert not world.rows(SurveyPersonRow)
    assert "It helped me" in await forge_in(world, world.chat.person("ines"), "survey", "look", "")


async def busy(world: World) -> list[Speaker]:
    """Five who are not silent, so that they get a card."""
    people = await learners(world, 5)
    await world.until("2026-01-14T12:00:00Z")
    for one in people:
        await one.say("questions", "Is the tea hot?")
    return people


def slices(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many learners each unit of work looks at from now on: at most two."""
    found = list[int]()
    for name in ("_cards", "take_away"):
        whole = getattr(asking, name)

        def counted(turn: asking.Surveys, cohort: Cohort, people: Sequence[int], whole: Any = whole) -> Any:
            found.append(len(people))
            return whole(turn, cohort, people)

        monkeypatch.setattr(asking, name, counted)
    monkeypatch.setattr(asking, "AT_ONCE", 2)
    return found
