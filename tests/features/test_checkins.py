"""Check-ins, as conversations. The first Monday is 5 January 2026."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from alembic import command

from adapters.sandbox.driver import Seen, Speaker
from bot.core.uptime import Uptime
from bot.course.loader import check, load
from bot.features.checkins.rules import rounds
from storage.sql.migrate import configuration, upgrade
from tests.features.test_completion import answer, files
from tests.features.test_erasure import forget
from tests.features.test_faq_privacy import use_course
from tests.features.test_wrapups import forge_in
from tests.kit import COURSE, World, new_world

CHECKINS = f"""\
{COURSE}
checkins:
  - id: page
    title: The shared page
    link: https://docs.example.org/page
    weekly: yes
    days: [Tue 09:00, Thu 09:00]
    minutes: 5
"""
MONDAY = "2026-01-05T08:30:00Z"
TUESDAY = "2026-01-06T08:10:00Z"
THURSDAY = "2026-01-08T08:10:00Z"
NEXT_MONDAY = "2026-01-12T08:30:00Z"
SECRET = "I do not dare to say that I never used a spreadsheet"


@pytest_asyncio.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    made = new_world(tmp_path, now="2026-01-04T08:00:00Z", course=CHECKINS)
    yield made
    made.app.storage.close()


async def learners(world: World, *names: str) -> list[Speaker]:
    return [await world.learner(name.lower(), name) for name in names]


def post(reader: Speaker, day: str = "Tue 6 Jan") -> Seen:
    """The post of a round, as somebody sees it in the channel."""
    title = f"The shared page ({day})\n"
    found = [m for m in reader.sees("general") if m.to is None and m.text.startswith(title)]
    assert len(found) == 1, [m.text[:60] for m in reader.sees("general")]
    return found[0]


async def check_in(learner: Speaker, **values: str) -> str:
    """By the button of the week card; the receipt's text."""
    await learner.press(learner.find("Week 1: "), "Check in")
    return (await learner.submit(values=values)).text


async def test_what_people_say_stands_in_one_post_in_the_thread_of_the_week(world: World) -> None:
    mia, ben = await learners(world, "Mia", "Ben")
    await world.until(MONDAY)
    assert "The shared page (Tue 6 Jan)" in mia.find("Week 1: ").text
    await world.until(TUESDAY)
    assert "The shared document" in post(mia).text
    assert post(mia).thread is not None
    assert "thank you, that is saved" in await check_in(mia, done="The outline", next="The figures")
    await check_in(ben, next="Read your outline")
    await world.until("2026-01-06T08:12:00Z")
    assert "Mia\nDone: The outline\nNext: The figures" in post(ben).text
    assert "Ben\nNext: Read your outline" in post(mia).text
    assert "2 have checked in." in post(mia).text
    assert "checked in" in mia.find("Week 1: ").text
    await world.until(THURSDAY)
    assert "The outline" not in post(mia, "Thu 8 Jan").text
    await mia.press(post(mia, "Thu 8 Jan"), "Check in")
    await mia.submit(done="The figures")
    await world.until("2026-01-08T08:12:00Z")
    assert "Mia\nDone: The figures" in post(ben, "Thu 8 Jan").text
    assert "The figures" not in post(ben).text.replace("Next: The figures", "")


async def test_where_somebody_is_stuck_is_seen_by_the_instructors_unless_they_show_it(world: World) -> None:
    mia, ben = await learners(world, "Mia", "Ben")
    await world.until(TUESDAY)
    receipt = await check_in(mia, done="Half a page", stuck=SECRET)
    assert "seen by the instructors alone" in receipt
    assert "the cohort and the instructors" in await check_in(ben, stuck="The legend is too long", shown="yes")
    await world.until("2026-01-06T08:12:00Z")
    assert SECRET not in post(ben).text
    assert "Ben\nStuck: The legend is too long" in post(mia).text
    ines, omar = world.chat.person("ines"), world.chat.person("omar")
    desk = (await ines.command("desk")).text
    assert SECRET in desk
    assert "Mia, The shared page (Tue 6 Jan)" in desk
    assert SECRET not in (await omar.command("desk")).text
    assert SECRET not in "".join(m.text for m in ben.sees("dm") + ben.sees("general"))
    await ines.press(await ines.command("desk"), "Reply (1)")
    await ines.submit(text="Ask Ben: his legend is too long as well.")
    await world.until("2026-01-07T09:00:00Z")
    assert "his legend is too long as well" in mia.find("your check-in").text


async def test_a_check_in_shows_the_name_that_its_author_has_now(world: World) -> None:
    mia, ben = await learners(world, "Mia", "Ben")
    await world.until(TUESDAY)
    await check_in(mia, done="The outline")
    await world.wait(minutes=2)
    assert "Mia\nDone: The outline" in post(ben).text
    await world.chat.person("mia", "Maria").command("")
    await world.wait(minutes=1)
    assert "Maria\nDone: The outline" in post(ben).text


async def test_a_check_in_is_changed_and_taken_back(world: World) -> None:
    (mia,) = await learners(world, "Mia")
    await world.until(TUESDAY)
    await check_in(mia, done="The outline", stuck=SECRET)
    await mia.press(post(mia), "Check in")
    assert mia.form is not None
    assert {f.name: f.value for f in mia.form.fields}["done"] == "The outline"
    receipt = await mia.submit(done="The outline and the figures", stuck="")
    await world.until("2026-01-06T08:12:00Z")
    assert "Done: The outline and the figures" in post(mia).text
    assert SECRET not in (await world.chat.person("ines").command("desk")).text
    sure = await mia.press(receipt, "Take it back")
    taken = await mia.press(sure, "Take it back")
    assert "Nobody sees it any more" in taken.text
    assert "figures" not in post(mia).text
    assert "taken back already" in (await mia.press(sure, "Take it back")).text


async def test_nothing_said_comes_back_with_a_question(world: World) -> None:
    (mia,) = await learners(world, "Mia")
    await world.until(TUESDAY)
    await mia.press(post(mia), "Check in")
    result = await mia.submit(done="  ", shown="yes")
    assert "one of the three" in result.errors["done"]


async def test_a_check_in_before_its_day_says_when_it_opens_and_a_late_one_is_marked(world: World) -> None:
    mia, ben = await learners(world, "Mia", "Ben")
    await world.until(MONDAY)
    card = mia.find("Week 1: ")
    assert "The shared page (Tue 6 Jan) · 5 min · from Tue 6 Jan, 09:00" in card.text
    assert "Check in" not in card.buttons
    early = await forge_in(world, mia, "checkins", "answer", "page/1.0")
    assert "This check-in opens Tue 6 Jan, 08:00 UTC" in early
    await world.until(TUESDAY)
    assert "Check in" in mia.find("Week 1: ").buttons
    tuesday = post(ben)
    await world.until(THURSDAY)
    await ben.press(tuesday, "Check in")
    assert ben.form is not None
    assert "has closed" in ben.form.intro
    assert "It is marked late." in (await ben.submit(done="At last")).text
    await world.until("2026-01-08T08:12:00Z")
    assert "Ben, late\nDone: At last" in post(mia).text


async def test_a_check_in_that_somebody_missed_is_offered_for_a_week(world: World) -> None:
    (mia,) = await learners(world, "Mia")
    await world.until(TUESDAY)
    own = await mia.command("")
    assert "Check in: The shared page (Tue 6 Jan), due Thu 8 Jan" in own.text
    await world.until("2026-01-10T10:30:00Z")
    own = await mia.command("")
    assert "“The shared page (Thu 8 Jan)” has closed. A late check-in is welcome." in own.text
    assert "Tue 6 Jan" not in own.text, "of several the last one is enough"
    progress = await mia.press(own, "My progress")
    assert "- Check in: The shared page (Tue 6 Jan), closed Thu 8 Jan, 09:00; late is welcome" in progress.text
    await mia.press(progress, next(b for b in progress.buttons if "Tue 6 Jan" in b))
    assert "It is marked late." in (await mia.submit(done="The outline")).text
    await mia.press(await mia.command(""), "Check in")
    assert mia.form is not None
    assert "Thu 8 Jan" in mia.form.title
    await mia.submit(done="The figures")
    assert "is welcome" not in (await mia.command("")).text
    assert "“The shared page (Thu 8 Jan)”: checked in" in (await mia.press(own, "My progress")).text


async def test_many_updates_and_long_ones_have_a_page(world: World) -> None:
    names = [f"Learner{n}" for n in range(15)]
    people = await learners(world, *names)
    await world.until(TUESDAY)
    long = "word " * 200
    for one in people:
        await check_in(one, done=f"{one.id} did {long}")
    await world.until("2026-01-06T08:12:00Z")
    shown = post(people[0])
    assert "15 have checked in." in shown.text
    assert "learner0 did" not in shown.text
    assert len(shown.text) < 6000
    first = await people[1].press(shown, "Read all")
    assert "learner0 did" in first.text
    assert "page 1 of 2" in first.text
    assert "learner14 did" in (await people[1].press(first, "More")).text


async def test_the_course_team_reads_and_does_not_check_in(world: World) -> None:
    (mia,) = await learners(world, "Mia")
    await world.until(TUESDAY)
    await check_in(mia, done="The outline", stuck=SECRET)
    omar = world.chat.person("omar")
    said = await omar.press(post(omar), "Check in")
    assert "Check-ins are for learners." in said.text
    read = (await omar.press(said, "Read all")).text
    assert "The outline" in read
    assert SECRET not in read


async def test_a_stranger_and_somebody_elses_buttons_are_refused(world: World) -> None:
    mia, ben = await learners(world, "Mia", "Ben")
    await world.until(TUESDAY)
    await check_in(mia, done="The outline")
    await forge_in(world, ben, "checkins", "delete_now", "1")
    eve = world.chat.person("eve", "Eve")
    assert "outline" not in await forge_in(world, eve, "checkins", "read", "page/1.0.1")
    assert "not in the course any more" in await forge_in(world, ben, "checkins", "read", "page/9.9.1")
    assert "outline" in await forge_in(world, ben, "checkins", "read", "page/1.0.1")


async def test_who_erased_themselves_stands_in_no_post(world: World) -> None:
    mia, _ = await learners(world, "Mia", "Ben")
    await world.until(TUESDAY)
    await check_in(mia, done="The outline", stuck=SECRET)
    await world.until("2026-01-06T08:12:00Z")
    assert "The outline" in post(world.chat.person("ben")).text
    await forget(world, "mia")
    assert "The outline" not in post(world.chat.person("ben")).text
    assert SECRET not in (await world.chat.person("ines").command("desk")).text


async def test_a_check_in_that_was_removed_is_taken_back_all_the_same(world: World) -> None:
    mia, ben = await learners(world, "Mia", "Ben")
    await world.until(TUESDAY)
    await mia.press(post(mia), "Check in")
    receipt = await mia.submit(done="The outline", stuck=SECRET)
    await ben.press(post(ben), "Check in")
    await ben.submit(done="The figures")
    await world.until("2026-01-06T08:12:00Z")
    await use_course(world, COURSE)
    await world.settle()
    gone = post(ben)
    assert "not in the course any more" in gone.text
    assert "Open until" not in gone.text
    assert "[Check in]" not in gone.text
    assert SECRET in (await world.chat.person("ines").command("desk")).text
    taken = await mia.press(await mia.press(receipt, "Take it back"), "Take it back")
    assert "Nobody sees it any more" in taken.text
    assert "[Check in]" not in taken.text
    assert "The outline" not in post(ben).text
    assert "The figures" in post(mia).text
    assert SECRET not in (await world.chat.person("ines").command("desk")).text
    await forget(world, "ben")
    assert not [m for m in mia.sees("general") if m.to is None and "The shared page" in m.text]
    await use_course(world, CHECKINS)
    await world.until("2026-01-06T08:20:00Z")
    assert "[Check in]" in post(mia).text


async def test_what_was_typed_comes_back_whole_where_the_check_in_opens_later_now(world: World) -> None:
    (mia,) = await learners(world, "Mia")
    await world.until(TUESDAY)
    await mia.press(post(mia), "Check in")
    await use_course(world, CHECKINS.replace("Tue 09:00", "Tue 20:00"))
    text = (await mia.submit(done="x", next="o", stuck="is")).text
    assert "This check-in opens Tue 6 Jan, 20:00" in text
    assert [line.strip("> ") for line in text.splitlines()][-4:] == ["This is what you typed:", "x", "o", "is"], text


async def test_words_of_a_wrap_up_whose_prompt_was_removed_go_with_their_author(world: World) -> None:
    mia, ben = await learners(world, "Mia", "Ben")
    await world.until("2026-01-09T15:30:00Z")
    await answer(mia, 1, "A page of apricots", stuck="On an island of pears")
    await world.until("2026-01-12T15:30:00Z")
    assert "apricots" in "".join(m.text for m in ben.sees("general"))
    await use_course(world, COURSE.replace("id: wrapup", "id: another"))
    await world.settle()
    await forget(world, "Mia")
    await world.wait(hours=1)
    seen = "".join(m.text for m in (*ben.sees("general"), *ben.sees("dm"), *world.chat.person("ines").sees("dm")))
    assert not [word for word in ("Mia", "apricots", "pears") if word in seen]


async def test_a_post_that_nobody_wrote_in_goes_with_its_check_in(world: World) -> None:
    (mia,) = await learners(world, "Mia")
    await world.until(TUESDAY)
    assert "[Check in]" in post(mia).text
    await use_course(world, COURSE)
    await world.settle()
    assert not [m for m in mia.sees("general") if m.to is None and "The shared page" in m.text]


@pytest.mark.parametrize("days", ["[Mon 09:00, Tue 09:00, Thu 09:00]", "[Thu 09:00, Tue 09:30]", "[Tue 09:00]"])
async def test_what_people_said_stays_on_its_day_when_days_change(world: World, days: str) -> None:
    mia, ben = await learners(world, "Mia", "Ben")
    await world.until(TUESDAY)
    await check_in(mia, done="The outline")
    await world.until("2026-01-06T08:12:00Z")
    before = len(ben.sees("dm"))
    await use_course(world, CHECKINS.replace("[Tue 09:00, Thu 09:00]", days))
    assert "The outline" in post(ben).text
    await world.until("2026-01-07T12:00:00Z")
    told = [m.text for m in ben.sees("dm")[before:]]
    assert not [t for t in told if "moved" in t or "now" in t], told
    await mia.press(post(mia), "Check in")
    assert mia.form is not None
    assert {f.name: f.value for f in mia.form.fields}["done"] == "The outline"
    if "Thu" in days:
        await world.until("2026-01-08T08:40:00Z")
        assert "The outline" not in post(mia, "Thu 8 Jan").text


async def test_check_ins_from_before_rounds_were_stored_keep_their_words(world: World) -> None:
    (mia,) = await learners(world, "Mia")
    await world.until(TUESDAY)
    await check_in(mia, done="The outline")
    with world.app.storage.engine.begin() as connection:
        config = configuration()
        config.attributes["connection"] = connection
        command.downgrade(config, "0043")
    upgrade(world.app.storage.engine)
    await use_course(world, CHECKINS.replace("[Tue 09:00, Thu 09:00]", "[Mon 09:00, Tue 09:00, Thu 09:00]"))
    await world.until("2026-01-06T08:12:00Z")
    assert "The outline" in post(mia).text


async def test_a_check_in_of_one_week_that_comes_every_week_keeps_its_words(world: World) -> None:
    await use_course(world, CHECKINS.replace("weekly: yes", "week: 1"))
    (mia,) = await learners(world, "Mia")
    await world.until(TUESDAY)
    await check_in(mia, done="The outline")
    await use_course(world, CHECKINS)
    await world.until("2026-01-06T08:12:00Z")
    assert "The outline" in post(mia).text


async def test_who_wrote_for_the_instructors_alone_is_not_counted_in_the_channel(world: World) -> None:
    mia, ben = await learners(world, "Mia", "Ben")
    await world.until(TUESDAY)
    assert "The cohort sees none of it." in await check_in(mia, stuck=SECRET)
    await world.until("2026-01-06T08:12:00Z")
    assert "checked in" not in post(ben).text
    await check_in(ben, done="The figures")
    await world.until("2026-01-06T08:14:00Z")
    assert "1 has checked in." in post(ben).text


async def test_who_joins_later_is_not_asked_for_what_had_closed(world: World) -> None:
    await learners(world, "Mia")
    await world.until("2026-01-08T10:00:00Z")
    (leo,) = await learners(world, "Leo")
    own = await leo.command("")
    assert "The shared page (Thu 8 Jan)" in own.text
    assert "Tue 6 Jan" not in own.text
    progress = (await leo.press(own, "My progress")).text
    assert "Tue 6 Jan" not in progress
    await world.until(NEXT_MONDAY)
    assert "Tue 6 Jan" not in "".join(m.text for m in leo.sees("dm"))


async def test_the_manager_reads_how_many_checked_in(world: World) -> None:
    mia, ben, eve = await learners(world, "Mia", "Ben", "Eve")
    omar = world.chat.person("omar")
    await eve.command("away", "pause")
    await world.until(TUESDAY)
    await check_in(mia, done="The outline")
    await check_in(ben, done="Nothing")
    await world.until(THURSDAY)
    await check_in(mia, done="The figures")
    await world.until(NEXT_MONDAY)
    assert "Checked in: The shared page (Thu 8 Jan): 1 of 2" in omar.find("Demo course").text
    await omar.press(await omar.press(await omar.command("overview"), "End this cohort"), "End the cohort")
    following = files(world, omar, "The archive of Demo course")["demo-next.yaml"]
    assert "3 of 4 checked in, over 2 check-ins" in following, "Eve was away"


async def test_a_post_that_a_downtime_missed_comes_while_the_check_in_is_open(world: World) -> None:
    (mia,) = await learners(world, "Mia")
    await world.until(MONDAY)
    await world.jump("2026-01-07T09:00:00Z")
    assert "Open until" in post(mia).text


async def test_a_check_in_that_opened_in_a_downtime_has_a_day_and_every_view_says_so(world: World) -> None:
    (mia,) = await learners(world, "Mia")
    await world.until(MONDAY)
    await world.jump("2026-01-08T05:00:00Z")
    await world.until("2026-01-08T07:30:00Z")
    until = "Fri 9 Jan, 06:00"
    assert f"Open until {until}" in post(mia).text
    assert f"1 is due {until}" in mia.find("Week 1: ").text
    assert f"Check in: The shared page (Tue 6 Jan), due {until}" in (await mia.command("")).text


async def test_a_check_in_that_closed_during_a_downtime_is_in_time_for_another_day(world: World) -> None:
    (mia,) = await learners(world, "Mia")
    await world.until(TUESDAY)
    await world.app.runtime.jump(world.at("2026-01-09T12:00:00Z"))
    page = await mia.command("")
    assert "Check in: The shared page (Tue 6 Jan), due Sat 10 Jan, 13:00" in page.text
    await mia.press(mia.find("Week 1: One"), "Check in")
    assert mia.form is not None
    assert "late" not in mia.form.intro
    assert "late" not in (await mia.submit(values={"done": "Two pages"})).text


async def test_moved_dates_move_the_check_ins(world: World) -> None:
    (mia,) = await learners(world, "Mia")
    ines = world.chat.person("ines")
    await world.until(TUESDAY)
    await ines.press(await ines.command("course", place="general"), "Change dates")
    await ines.press(await ines.submit(holidays="2026-01-08"), "Use it")
    await world.until("2026-01-09T08:10:00Z")
    assert "Open until" in post(mia, "Fri 9 Jan").text


def test_a_check_in_keeps_its_name_when_its_week_moves(world: World) -> None:
    ids = CHECKINS.replace("{title: Two", "{id: two, title: Two").replace("{title: Three", "{id: three, title: Three")
    before = rounds(load(ids), world.cohort, "Europe/Berlin", Uptime(world.clock.now()))
    longer = ids.replace("  - {id: two", "  - {id: bridge, title: Bridge, goal: Cross, minutes: 60}\n  - {id: two")
    after = {r.key: r.week for r in rounds(load(longer), world.cohort, "Europe/Berlin", Uptime(world.clock.now()))}
    assert {r.week + (r.week > 1) for r in before if after[r.key] == r.week + (r.week > 1)} == {1, 3, 4}
    alone = load(CHECKINS.replace("docs.example.org/page\n    weekly: yes", "docs.example.org/page\n    week: 2"))
    assert [r.key for r in rounds(alone, world.cohort, "Europe/Berlin", Uptime(world.clock.now()))] == [
        "page/0",
        "page/1",
    ]


@pytest.mark.parametrize(
    ("written", "where", "said"),
    [
        ("weekly: yes, days: [Tue 09:00, Tue 09:00]", "checkins[0].days[1]", "among the days already"),
        ("weekly: yes, days: [week 3 Tue 09:00]", "checkins[0].days[0]", "names a week"),
        ("weekly: yes, days: week 3 Tue 09:00", "checkins[0].days[0]", "names a week"),
        ("days: [Tue 09:00]", "checkins[0]", "does not say in which week"),
        ("week: 1, weekly: yes, days: [Tue 09:00]", "checkins[0].weekly", "not both"),
        ("weekly: yes", "checkins[0]", "`days`"),
        ("weekly: yes, days: Tue 09:00", "", ""),
    ],
)
def test_a_course_file_with_a_wrong_check_in_names_its_line(written: str, where: str, said: str) -> None:
    found = check(f"{COURSE}checkins:\n  - {{id: page, {written}}}\n", "course.yaml")
    assert [(p.path, said in p.message) for p in found] == ([(where, True)] if where else [])


def test_a_check_in_closes_after_two_days_or_when_the_next_one_opens(world: World) -> None:
    course = load(CHECKINS.replace("[Tue 09:00, Thu 09:00]", "[Fri 09:00, Tue 09:00, Wed 09:00 learner]"))
    spans = [
        (f"{r.opens_at:%a %H:%M}", f"{r.closes_at:%a %H:%M}")
        for r in rounds(course, world.cohort, "Asia/Tokyo", Uptime(world.clock.now()))
        if r.week == 1
    ]
    assert spans == [("Tue 08:00", "Wed 00:00"), ("Wed 00:00", "Fri 00:00"), ("Fri 08:00", "Sun 08:00")]


async def test_the_post_of_a_closed_check_in_says_so(world: World) -> None:
    (mia,) = await learners(world, "Mia")
    await world.until(TUESDAY)
    assert "Open until Thu 8 Jan, 09:00" in post(mia).text
    await world.until(THURSDAY)
    assert "Closed Thu 8 Jan, 09:00; yours is welcome still, and is marked late." in post(mia).text
    assert "Open until" not in post(mia).text
    assert "Check in" in post(mia).buttons


async def test_what_is_written_as_a_list_keeps_its_lines(world: World) -> None:
    mia, ben = await learners(world, "Mia", "Ben")
    await world.until(TUESDAY)
    await check_in(mia, done="Two things:\n- the outline\n- the figures", next="Sleep")
    await world.until("2026-01-06T08:12:00Z")
    assert "Two things:\n" in post(ben).text
    assert "the outline\n" in post(ben).text
    assert "Two things: - the outline" not in post(ben).text
    assert "Next: Sleep" in post(ben).text


async def test_who_says_that_nothing_is_stuck_is_not_on_the_desk(world: World) -> None:
    mia, ben = await learners(world, "Mia", "Ben")
    await world.until(TUESDAY)
    await check_in(mia, done="The outline", stuck="nothing")
    await check_in(ben, done="The outline", stuck=SECRET)
    desk = (await world.chat.person("ines").command("desk")).text
    assert SECRET in desk
    assert "> nothing" not in desk
