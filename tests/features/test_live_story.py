"""A course adds a weekly call in the middle of its run, and fewer come from week to week."""

from datetime import timedelta
from pathlib import Path

from adapters.sandbox.driver import Speaker
from bot.core.time import parse_instant, write_instant
from tests.features.test_live import everything
from tests.features.test_live_verdict import figures
from tests.kit import World, new_world

READ = "materials: [{title: Read case %d, minutes: 40}, {title: Watch talk %d, minutes: 40, captions: yes}]"
WEEKS = "\n".join(f"  - {{title: Market {n}, goal: Win one customer, {READ % (n, n)}}}" for n in range(1, 11))
MARKETING = f"""\
course: {{id: marketing, title: Marketing, weekly_minutes: 120}}
weeks:
{WEEKS}
prompts:
  - id: wrapup
    weekly: true
    opens: Fri 16:00
    closes: Sun 23:59
    questions:
      - {{id: done, kind: text, text: "What did you finish?", audience: cohort}}
faq: {{answer_within: 24 h}}
"""
SUNDAY = "2026-01-04T12:00:00Z"
TITLE = "Weekly Q&A"
CAME = (8, 6, 5, 3)
"""How many of ten come to the sessions of weeks 3 to 6: 40 % over the last two."""


def at(week: int, days: int, hours: int, minutes: int = 0) -> str:
    """An instant of a week, from its Monday on."""
    monday = parse_instant("2026-01-05T00:00:00Z") + timedelta(weeks=week - 1)
    return write_instant(monday + timedelta(days=days, hours=hours, minutes=minutes))


async def propose(ines: Speaker, week: int) -> None:
    page = await ines.press(await ines.command("live", place="general"), "Propose one")
    page = await ines.press(await ines.press(page, "Propose all the same"), "Week", f"Week {week}: Market {week}")
    said = {"title": TITLE, "goal": "Ask what the week left open.", "kind": "office_hours", "objective": ""}
    preview = await ines.submit({**said, "minutes": "30", "slots": "Wed 09:00\nThu 18:00"})
    assert f"Week {week}: “Read case {week}” takes 30 min less" in preview.text
    await ines.press(preview, "Use it")


async def wrap_up(people: list[Speaker], week: int) -> None:
    for one in people:
        await one.press(one.find(f"Week {week} wrap-up"), "Answer")
        assert one.form is not None
        await one.submit({one.form.fields[0].name: "I called two customers."})


async def record(ines: Speaker, week: int) -> None:
    page = await ines.press(await ines.command("live", place="general"), f"Week {week}: {TITLE}")
    await ines.press(page, "Code word and recording")
    await ines.submit({"url": f"https://video.example.org/{week}", "transcript": "captions"})


async def take_place(world: World, people: list[Speaker], week: int, came: int) -> None:
    """One week: some come, one watches, all hand in their wrap-up."""
    ines = world.chat.person("ines")
    await world.until(at(week, 0, 9))
    card = people[9].find(f"Week {week}: Market").text
    assert "About 1 h 15" in card, "the week takes no longer than it did"
    assert f"Read case {week} · 10 min" in card
    assert "It is optional. The recording with 2 short questions counts in full." in card
    await world.until(at(week, 2, 8, 5))
    for one in people[:came]:
        assert "is noted" in (await one.press(one.find(f"Week {week}: Market"), "I am here")).text
    await world.until(at(week, 3, 19))
    await record(ines, week)
    await world.settle()
    await people[8].press(people[8].find(f"Week {week}: Market"), "What I took from it")
    await people[8].submit({"q1": "How to ask for the price.", "q2": "Ask for it."})
    await world.until(at(week, 4, 16, 30))
    await wrap_up(people, week)


async def judged(world: World, week: int) -> str:
    """What instructor and manager read once the window for reflections has closed."""
    desk = (await world.chat.person("ines").command("desk", place="general")).text
    [line] = [line for line in desk.splitlines() if f"“{TITLE}”, week {week}:" in line]
    came = CAME[week - 3]
    assert f"{10 * came} % came ({came} of 10), 10 % by recording or instead" in line
    figure = f"Came to “{TITLE}”, week {week}: {came} of 10 ({10 * came} %), 10 % by recording or instead"
    assert figure in (await world.chat.person("omar").command("overview")).text
    return line


async def test_a_weekly_call_that_forty_percent_come_to_becomes_a_weekly_video(tmp_path: Path) -> None:
    world = new_world(tmp_path, now=SUNDAY, course=MARKETING)
    ines, omar = world.chat.person("ines"), world.chat.person("omar")
    people = [await world.learner(f"p{n}", f"Person{n}") for n in range(10)]
    await world.until(at(2, 2, 12))
    for week in (3, 4, 5, 6, 8):
        await propose(ines, week)
    await world.until(at(2, 4, 16, 30))
    await wrap_up(people, 2)
    said = []
    for week, came in enumerate(CAME, 3):
        await take_place(world, people, week, came)
        if week > 3:
            said.append(await judged(world, week - 1))
    await world.until(at(7, 3, 21))
    said.append(await judged(world, 6))
    assert "It is worth keeping." in said[0]
    assert "Over its last two, 70 % came. It is worth keeping." in said[1]
    assert "Over its last two, 55 % came. It is worth keeping." in said[2]
    assert "Over its last two, 40 % came. Consider replacing it." in said[3]
    assert [figures(world, n)["verdict"] for n in range(5)] == ["keep", "keep", "keep", "replace", None]
    assert "40 % over its last two" in (await omar.command("overview")).text
    # One press drafts what takes its place, and another one uses it.
    desk = await ines.command("desk", place="general")
    assert "Instead of the one in week 8: a question thread that is answered every day, and a" in desk.text
    drafted = await ines.press(desk, next(b for b in desk.buttons if b.startswith("Replace it")))
    assert "min again" not in drafted.text, "what replaces it takes the minutes over"
    await ines.press(drafted, "Use it")
    await world.until(at(7, 4, 16, 30))
    await wrap_up(people, 7)
    await world.until(at(8, 0, 9))
    card = people[0].find("Week 8: Market").text
    assert "Weekly Q&A · 30 min" in card
    assert "About 1 h 15" in card
    assert "Live" not in card
    for one in people:
        read = everything(one)
        assert "%" not in read, "what it says about a session is for the course team"
        assert "missed" not in read
    world.app.storage.close()
