"""No group of few is found in what a survey shows: not in a question, and not between two."""

from collections.abc import Iterator
from itertools import combinations_with_replacement
from pathlib import Path

import pytest

from bot.features.survey import rules
from bot.features.survey.store import Answer, Figures, Result
from tests.features.test_live import SUNDAY, course, tasting
from tests.features.test_survey import CLOSED, LAST_WEEK, learners, result, say
from tests.kit import new_world

SMALLEST = 3
MOST = 7
"""From twice the smallest group and one on, differences tell. The rules know no other number than the smallest, so
what holds for three holds for five."""

SAID = [
    ("came", "yes"),
    ("came", "no"),
    ("recording", "yes"),
    ("recording", "no"),
    ("neither", ""),
    ("neither", "no"),
    ("neither", "yes"),
]
"""What somebody can answer: only who did not come may leave out whether it was worth the time."""

GROUPS = {
    f"{'/'.join(came)} with {'/'.join(worth)}": [n for n, one in enumerate(SAID) if one[0] in came and one[1] in worth]
    for came in (["came"], ["recording"], ["neither"], ["recording", "neither"], ["came", "recording", "neither"])
    for worth in (["yes"], ["no"], [""], ["yes", "no"], ["yes", "no", ""])
}
HOLDS = {"stayed": ("recording", "neither"), "less": ("partly", "no"), "some": ("yes", "partly"), "none": ("",)}
"""What groups of several choices hold, and those who left a question out."""

Counts = tuple[int, ...]
"""How many gave each of these answers."""


def shown(counts: Counts) -> Figures:
    said = [Answer("tasting", SAID[n][0], "", SAID[n][1]) for n, many in enumerate(counts) for _ in range(many)]
    return {q: groups for q, groups in rules.figures(said, SMALLEST).items() if q != "why"}


def agrees(figures: Figures, counts: Counts) -> bool:
    """Whether a cohort that answered like this has the figures."""
    for question, groups in figures.items():
        at = ("came", "worth").index(question)
        for group, many in groups.items():
            if many != sum(n for one, n in zip(SAID, counts, strict=True) if one[at] in HOLDS.get(group, (group,))):
                return False
    return True


def cohorts(size: int) -> Iterator[Counts]:
    """All that so many people can answer."""
    for chosen in combinations_with_replacement(range(len(SAID)), size):
        yield tuple(chosen.count(n) for n in range(len(SAID)))


@pytest.mark.timeout(120)
def test_whoever_reads_the_figures_finds_no_group_that_is_too_small() -> None:
    """A reader thinks of every cohort that has the figures: a group of the same few people in all of them is found."""
    for size in range(SMALLEST, MOST + 1):
        every = list(cohorts(size))
        for figures in {
            repr(sorted((q, sorted(g.items())) for q, g in f.items())): f for f in map(shown, every)
        }.values():
            known = [counts for counts in every if agrees(figures, counts)]
            for name, kinds in GROUPS.items():
                sizes = {sum(counts[n] for n in kinds) for counts in known}
                few = len(sizes) == 1 and 0 < min(sizes) < SMALLEST
                assert not few, f"of {size} people {sizes} are {name} by {figures}"


def test_a_larger_smallest_group_hides_differences_in_what_was_drafted_before() -> None:
    drafted = {"came": {"came": 15, "neither": 15}, "worth": {"yes": 21, "none": 9}}
    kept = Result("tasting", "Tasting", 30, 30, "keep", drafted)
    assert rules.narrowed(kept, 6).figures == drafted
    assert "came" not in rules.narrowed(kept, 7).figures
    assert "worth" in rules.narrowed(kept, 7).figures


async def test_the_one_who_did_not_come_and_says_no_is_found_by_nobody(tmp_path: Path) -> None:
    """Five came and say no; of six who did not, five leave it out."""
    world = new_world(tmp_path, now=SUNDAY, course=course(tasting()))
    people = await learners(world, 11)
    await world.until(LAST_WEEK)
    for n, one in enumerate(people):
        if n < 5:
            await say(one, came="came", why="time", worth="no")
        else:
            await say(one, came="neither", why="time", worth="no" if n == 5 else "")
    await world.until(CLOSED)
    text = await result(world)
    assert "No 6" in text
    assert "No answer 5" in text
    assert "Came:" not in text
    world.app.storage.close()
