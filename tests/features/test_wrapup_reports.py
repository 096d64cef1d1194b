"""What the cohort reads of a week's wrap-ups."""

from pathlib import Path

from adapters.sandbox.driver import Seen, Speaker
from tests.kit import COURSE, World, new_world

FRIDAY_BERLIN = "2026-01-09T15:00:00Z"
MONDAY_BERLIN = "2026-01-12T11:00:00Z"

INTRODUCTION = """\
prompts:
  - id: hello
    title: Introductions
    week: 1
    opens: Tue 09:00
    closes: Thu 12:00
    names: yes
    questions:
      - {id: home, kind: text, text: "Where do you live?", audience: cohort}
      - {id: hope, kind: long, text: "What do you hope for?", audience: cohort}
      - {id: worry, kind: long, text: "What worries you?", audience: instructors, required: false}
"""
FOR_INSTRUCTORS = """\
  - id: help
    title: Help wanted
    week: 1
    opens: Wed 09:00
    closes: Thu 18:00
    questions:
      - {id: stuck, kind: long, text: "Where are you stuck?", audience: instructors}
"""


def course(*prompts: str) -> str:
    """The demonstration course with prompts before its weekly one."""
    return COURSE.replace("prompts:\n", prompts[0] + "".join(prompts[1:])) if prompts else COURSE


def posts(speaker: Speaker) -> list[Seen]:
    return [m for m in speaker.sees("general") if m.by == "bot" and m.thread is None]


def headed(speaker: Speaker, title: str) -> list[Seen]:
    return [m for m in posts(speaker) if m.text.split("\n")[0] == title]


async def six(world: World) -> list[Speaker]:
    return [await world.learner(name, name.capitalize()) for name in ("ada", "ben", "cem", "dora", "eli", "fay")]


async def test_each_quote_stands_below_its_question(tmp_path: Path) -> None:
    free = 'text: "What did you finish?", audience: cohort'
    world = new_world(tmp_path, course=COURSE.replace(free, f"{free}, required: false"))
    ada, ben, cem, dora, eli, fay = await six(world)
    await world.until(FRIDAY_BERLIN)
    for person, answer in (
        (ada, {"done": "the survey", "next": "interviews", "quote": "yes"}),
        (ben, {"next": "reading", "quote": "yes"}),
        (cem, {"done": "the draft", "next": "a nap"}),
        (dora, {"done": "chapter 2", "quote": "yes"}),
        (eli, {"next": "slides", "stuck": "sampling"}),
        (fay, {"stuck": "everything"}),
    ):
        await person.command("wrapup")
        await person.submit(**answer)
    await world.until(MONDAY_BERLIN)
    (report,) = headed(fay, "Week 1: the week together")
    assert (
        "What did you finish?\n> the survey — Ada\n> chapter 2 — Dora\nWhat is next?\n> reading — Ben\n" in report.text
    )
    (rest,) = fay.thread(report.id)
    assert rest.text.endswith("What did you finish?\n> the draft\nWhat is next?\n> interviews — Ada\n> a nap\n> slides")
    assert "everything" not in report.text + rest.text


async def test_introductions_are_read_by_author_with_the_names_of_those_who_agreed(tmp_path: Path) -> None:
    world = new_world(tmp_path, course=course(INTRODUCTION))
    people = await six(world)
    await world.until("2026-01-06T09:00:00Z")
    for number, person in enumerate(people):
        await person.command("wrapup")
        assert person.form is not None
        consent = person.form.fields[-1]
        assert consent.label == "Show my name"
        assert (
            consent.hint == "The cohort then sees your name with these answers. Otherwise they appear without a name."
        )
        await person.submit(home=f"Town {number}", hope=f"Hope {number}", worry="Maths", quote="yes" if number else "")
    assert "The cohort may see your name with it." in people[1].find("Week 1: Introductions").text
    assert "your name" not in people[0].find("Week 1: Introductions").text
    await world.until("2026-01-09T08:00:00Z")
    (report,) = headed(people[0], "Week 1: Introductions")
    assert "6 of 6 answered." in report.text
    assert "Town" not in report.text
    (rest,) = people[5].thread(report.id)
    assert "Ben\n> Where do you live?\n> Town 1\n> What do you hope for?\n> Hope 1\n" in rest.text
    assert "Without a name\n> Where do you live?\n> Town 0\n" in rest.text
    assert "Ada" not in rest.text
    assert "Maths" not in rest.text
    omar = world.chat.person("omar")
    assert "Answered “Week 1: Introductions”: 6 of 6 (100 %)" in (await omar.command("overview")).text
    # The author withdraws the name again.
    await people[1].press(people[1].find("Week 1: Introductions"), "Edit")
    await people[1].submit(home="Town 1", hope="Hope 1", worry="Maths", quote="")
    await world.until("2026-01-09T08:01:00Z")
    assert "Ben" not in people[5].thread(report.id)[0].text


async def test_what_only_instructors_see_is_not_posted(tmp_path: Path) -> None:
    world = new_world(tmp_path, course=course(INTRODUCTION.replace("names: yes", "names: no"), FOR_INSTRUCTORS))
    ines = world.chat.person("ines")
    people = await six(world)
    await world.until("2026-01-07T08:00:00Z")
    for person in people[:2]:
        await person.press(person.find("Week 1: Help wanted"), "Answer")
        await person.submit(stuck="The first task")
    await world.until(MONDAY_BERLIN)
    await people[2].press(people[2].find("Week 1: Help wanted"), "Answer")
    assert "marked late" in (await people[2].submit(stuck="All of it")).text
    await world.until("2026-01-12T12:00:00Z")
    read = "\n".join(m.text for m in people[3].sees("general"))
    assert "Help wanted" not in read
    assert "The first task" not in read
    assert len(headed(people[3], "Week 1: Introductions")) == 1
    week = (await ines.command("week", "answers")).text
    assert "Week 1" in week


async def test_two_prompts_of_one_week_have_two_titles(tmp_path: Path) -> None:
    second = "  - id: mood\n    weekly: yes\n    opens: Thu 16:00\n    closes: Thu 23:00\n    questions:\n"
    second += '      - {id: mood, kind: text, text: "How are you?", audience: cohort}\n'
    world = new_world(tmp_path, course=COURSE + second)
    mia = await world.learner("mia", "Mia")
    await world.until(FRIDAY_BERLIN)
    titles = [m.text.split("\n")[0] for m in posts(mia) if "wrap-up" in m.text]
    assert titles == ["Week 1 wrap-up (mood)"]
    in_thread = [m.text.split("\n")[0] for m in mia.sees("general") if m.thread is not None and "wrap-up" in m.text]
    assert in_thread == ["Week 1 wrap-up (wrapup)"], "a week has one place in the channel for a feature"
