"""Words about a review, a pod or a pair are for few first: the channel and the wrap-up of the cohort come last."""

from pathlib import Path

import pytest

from tests.features.test_pods import PODS
from tests.features.test_talk import said
from tests.features.test_wrapups import FRIDAY_BERLIN, wrap_up
from tests.kit import World, new_world

AMONG_FEW = """\
who reviewed me?
who wrote this?
I know who wrote this
i think i know the author of this one
I can guess whose draft it is
this review hurt me
I want to complain about review 1
the review that I got is unfair and I finished two pages for it
is my reviewer allowed to write that?
I finished my review
our pod is dead
is anybody in my pod awake?
my pod read my draft and laughed
why does nobody answer in our pod?
what can I do about our group?
my partner has not written a word, I finished both parts
can i leave the quiet room
wer hat das geschrieben?
das Review hat mich verletzt
Ich weiß, wer mein Begutachter ist
warum schreibt in meinem Pod niemand?
quem me revisou?
a revisão me ofendeu
¿quién me revisó?
la revisión fue ofensiva
qui a écrit ça ?
la relecture m'a blessée"""

TEAM = {"A note for the course team", "A private question to the course team"}
WIDE = {"Ask it in the question channel", "My wrap-up, for the cohort"}


@pytest.fixture
def world(tmp_path: Path) -> World:
    return new_world(tmp_path, course=PODS)


async def test_the_course_team_comes_before_the_cohort(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until(FRIDAY_BERLIN)
    for text in AMONG_FEW.splitlines():
        buttons = (await said(mia, text)).buttons
        first = min(buttons.index(label) for label in WIDE if label in buttons)
        assert all(buttons.index(label) < first for label in TEAM), (text, buttons)


@pytest.mark.parametrize("text", ["I know who wrote this, and I finished the page", "my reviewer was right"])
async def test_what_may_name_a_reviewer_is_no_answer_to_the_wrap_up_unasked(world: World, text: str) -> None:
    mia, ben = await world.learner("mia", "Mia"), await world.learner("ben", "Ben")
    await world.until(FRIDAY_BERLIN)
    await wrap_up(mia, "I finished the page")
    assert (await said(mia, text)).buttons[0] in TEAM
    assert not any(text in seen.text for seen in ben.sees("general"))
