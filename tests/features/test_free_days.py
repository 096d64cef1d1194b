"""What learners write of days away, of more time and of their work: what is offered is what they said, or it asks."""

from datetime import date
from pathlib import Path

import pytest

from bot.features.absence.wishes import days_of
from storage.tables.milestones import SubmissionRow
from tests.features.test_milestones import WITH_WORK
from tests.features.test_talk import said
from tests.features.test_wrapups import FRIDAY_BERLIN
from tests.kit import World, new_world

LINK = "https://example.org/zed/plan"
MONDAY = date(2026, 3, 2)

READ = """\
I'm travelling from the 12th to the 20th of March, no laptop | 2026-03-12/2026-03-20
Out of office 12 Mar - 20 Mar | 2026-03-12/2026-03-20
on vacation for two weeks starting Friday | 2026-03-06/2026-03-19
I'm away for ten days starting Wednesday | 2026-03-04/2026-03-13
I'm away starting Friday for two weeks | 2026-03-06/2026-03-19
will be off from Thursday next week until the Monday after | 2026-03-12/2026-03-16
i wont be around next wk, sister's wedding | 2026-03-09/2026-03-15
I'll be gone 12th-20th March | 2026-03-12/2026-03-20
holidays from the 10th of march to the 14th | 2026-03-10/2026-03-14
I'll be in Spain from the 10th through the 14th | 2026-03-10/2026-03-14
off sick today and tomorrow | 2026-03-02/2026-03-02,2026-03-03/2026-03-03
out sick today | 2026-03-02/2026-03-02
I'm offline till the 15th | /2026-03-15
away from March 12 through March 20 | 2026-03-12/2026-03-20
I'm in hospital on Wednesday and Thursday | 2026-03-04/2026-03-04,2026-03-05/2026-03-05
on leave 10-14 March | 2026-03-10/2026-03-14
I'm away from the 28th of March to the 3rd | 2026-03-28/2026-04-03
I'm away next week, and from the 20th to the 25th | 2026-03-09/2026-03-15,2026-03-20/2026-03-25
away Mon - Wed | 2026-03-02/2026-03-04
I'm away from tomorrow for a week | 2026-03-03/2026-03-09"""

ASKED = """\
I'm away from Monday, back on the 20th
Can I be away for a week in december?
I'm away on Monday, Tuesday and Friday
I'm away every Friday
I'm away except Monday
I'm away two weeks from now
I'm away until the end of March
I'm away the second week of March
I'm away from Friday evening to Sunday
I'm away next week until Wednesday"""


@pytest.mark.parametrize("line", READ.splitlines())
def test_days_away_are_read_whole(line: str) -> None:
    text, _, meant = line.partition(" | ")
    assert days_of(text, MONDAY) == [meant]


@pytest.mark.parametrize("text", ASKED.splitlines())
def test_a_part_of_what_was_said_is_never_taken_for_the_whole(text: str) -> None:
    assert days_of(text, MONDAY) == []


AWAY = [line.partition(" | ")[0] for line in READ.splitlines()]
TIME = """\
I need until the 15th because I moved house
my kid has a fever, gonna be late with this one
my laptop broke so the first draft will come on Tuesday
extend please
I won't make Sunday
can't make it by sunday
I have ADHD and need a bit longer for everything
sorry, can't make the first draft by tomorrow, need till Wednesday 21st, my mother is ill"""
WORK = f"""\
is it too late for the first draft? here it is {LINK}
is it still possible to hand in? {LINK}
I did it!!! {LINK} and I'd like feedback before Monday
here is the first draft, sorry it's late {LINK}
my submission for week 1 is at {LINK} and could you look at the second page?
first draft: {LINK}. Sorry for the delay, I was ill
here's my first draft, a bit late, sorry {LINK}
uploaded my draft: {LINK}"""
OTHER_LINKS = f"""\
What do you think of this article? {LINK}
the link {LINK} is broken
I finished reading {LINK} and it was good
Is {LINK} worth reading?"""


@pytest.fixture
async def world(tmp_path: Path) -> World:
    made = new_world(tmp_path, course=WITH_WORK)
    await made.until(FRIDAY_BERLIN)
    return made


async def test_days_away_and_more_time_are_the_first_buttons(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    for text in AWAY:
        assert (await said(mia, text)).buttons[0] == "I'm away", text
    assert (await said(mia, "I am out until further notice")).buttons[0] == "Pause"
    for text in TIME.splitlines():
        assert "Ask for more time" in (await said(mia, text)).buttons[:3], text


async def test_the_named_work_and_day_are_in_the_form(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    card = await said(mia, "sorry, can't make the first draft by tomorrow, need till Wednesday 21st, my mother is ill")
    assert "Ask for more time: for “The first draft”" in card.text
    await mia.press(card, "Ask for more time")
    assert not any("That is done" in t for t in mia.inbox())
    await mia.press(mia.find("Nothing is moved yet."), "Choose the day")
    assert mia.form is not None
    assert mia.form.title == "The first draft"
    chosen = next(f for f in mia.form.fields if f.name == "days")
    label = next(o.label for o in chosen.options if o.value == chosen.value)
    assert "21 Jan" in label


async def test_work_with_its_link_is_handed_in_first_whatever_else_is_said(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    for text in WORK.splitlines():
        assert (await said(mia, text)).buttons[0] == "Hand it in", text
    card = await said(mia, f"is it too late for the first draft? here it is {LINK}")
    assert "as “The first draft”" in card.text
    await mia.press(card, "Hand it in")
    (work,) = world.rows(SubmissionRow)
    assert (work.milestone, work.link) == ("draft", LINK)


async def test_any_other_link_can_be_handed_in_but_is_not_thought_to_be_work(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    for text in OTHER_LINKS.splitlines():
        buttons = (await said(mia, text)).buttons
        assert "Hand it in" in buttons[1:], text
    assert "Hand it in" not in (await said(mia, "What do you think of the first article?")).buttons
