"""Who comes into a pod with whom: for every number of people from 2 to 60, and as they come and go."""

from itertools import combinations
from random import Random

import pytest

from bot.course.keys import LEAST_IN_POD
from bot.features.pods.grouping_rules import CRAMMED, TOO_SMALL, Clock, Settled, apart, formed, pairs, settled, sizes
from tests.effort import tries

NUMBERS = range(2, 61)
EAST, WEST = Clock(13 * 60, 9), Clock(-11 * 60, 9)
"""Apia and Pago Pago: a day apart by the calendar, and the same hour of the day."""


def people(number: int, seed: int = 0) -> dict[int, Clock]:
    """People all over the world, with an hour each."""
    random = Random(f"{number}/{seed}")
    return {n: Clock(60 * random.randint(-11, 13), random.randint(7, 21)) for n in range(1, number + 1)}


def spread(pods: list[frozenset[int]], clocks: dict[int, Clock]) -> float:
    return sum(apart(clocks[a], clocks[b]) for pod in pods for a, b in combinations(pod, 2))


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("size", [4, 5, 6])
def test_pods_have_four_to_six_people(number: int, size: int) -> None:
    found = sizes(number, size)
    assert sum(found) == number
    if number < 4:
        assert found == [number]
    elif number == 7:
        assert found == [4, 3]
    else:
        assert set(found) <= {4, 5, 6}
        assert max(found) - min(found) <= 1


@pytest.mark.parametrize("number", NUMBERS)
def test_everybody_is_in_one_pod_with_people_near_them(number: int) -> None:
    clocks = people(number)
    pods = formed(clocks, 5)
    assert sorted(p for pod in pods for p in pod) == sorted(clocks)
    assert sorted(map(len, pods)) == sorted(sizes(number, 5))
    assert pods == formed(dict(reversed(clocks.items())), 5)
    by_chance = list(clocks)
    Random(number).shuffle(by_chance)
    parts = [len(pod) for pod in pods]
    chance = [frozenset(by_chance[sum(parts[:n]) : sum(parts[: n + 1])]) for n in range(len(parts))]
    assert spread(pods, clocks) <= spread(chance, clocks)


def test_zones_lie_on_a_circle_across_the_date_line() -> None:
    assert apart(EAST, WEST) == 0
    assert apart(Clock(12 * 60, 9), Clock(-12 * 60, 9)) == 0
    clocks = {n: EAST if n % 2 else WEST for n in range(1, 5)} | {n: Clock(0, 9) for n in range(5, 9)}
    assert set(formed(clocks, 4)) == {frozenset({1, 2, 3, 4}), frozenset({5, 6, 7, 8})}


def test_in_one_zone_near_hours_are_together() -> None:
    clocks = {n: Clock(60, 8 if n % 2 else 20) for n in range(1, 9)}
    assert set(formed(clocks, 4)) == {frozenset({1, 3, 5, 7}), frozenset({2, 4, 6, 8})}


@pytest.mark.parametrize("number", [n for n in NUMBERS if n > 7])
def test_nobody_is_with_the_same_people_in_a_later_run(number: int) -> None:
    clocks = {n: Clock(60, 9) for n in range(1, number + 1)}
    first = formed(clocks, 5)
    known = pairs(first)
    second = formed(clocks, 5, known)
    third = formed(clocks, 5, known | pairs(second))
    for pods, met in ((second, known), (third, known)):
        assert sorted(p for pod in pods for p in pod) == sorted(clocks)
        for pod in pods:
            for person in pod:
                assert any(frozenset((person, other)) not in met for other in pod if other != person)


def test_a_near_zone_counts_more_than_a_new_face() -> None:
    clocks = {n: Clock(0, 9) for n in range(1, 6)} | {n: Clock(12 * 60, 9) for n in range(6, 11)}
    known = pairs([{1, 2}])
    assert set(formed(clocks, 5, known)) == {frozenset(range(1, 6)), frozenset(range(6, 11))}


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("seed", range(tries(3)))
def test_as_people_come_and_go_nobody_is_left_out(number: int, seed: int) -> None:
    """A run of thirty changes: some leave, of whom some return, and others come late."""
    random = Random(f"{number}/{seed}")
    clocks, size = people(number, seed), random.choice([4, 5, 6])
    pods: dict[int, frozenset[int]] = {}
    gone: dict[int, Clock] = {}
    for step in range(30):
        result = settled(clocks, pods, size)
        groups = [group for group in (*result.pods.values(), *result.formed) if group]
        inside = [p for group in groups for p in group]
        assert sorted([*inside, *result.waiting]) == sorted(clocks), step
        assert len(inside) == len(set(inside))
        assert not result.waiting or len(clocks) == 1
        if len(clocks) >= TOO_SMALL:
            assert all(TOO_SMALL <= len(group) <= CRAMMED for group in groups), step
        if len(clocks) not in (1, 2, 3, 7, 11):
            assert all(len(group) >= LEAST_IN_POD for group in result.formed), step
        kept = {id: group for id, group in result.pods.items() if group}
        pods = kept | {100 * step + n: group for n, group in enumerate(result.formed)}
        # Nobody moves who need not.
        assert settled(clocks, pods, size) == Settled(pods, (), result.waiting)
        for person in random.sample(sorted(clocks), random.randint(0, min(len(clocks), 4))):
            gone[person] = clocks.pop(person)
        for person in random.sample(sorted(gone), random.randint(0, min(len(gone), 3))):
            clocks[person] = gone.pop(person)
        if random.random() < 0.5:
            clocks[1000 + step] = Clock(60 * random.randint(-11, 13), random.randint(7, 21))


def test_eight_of_a_full_pod_and_a_small_one_are_two_of_four() -> None:
    clocks = {n: Clock(0, 9) for n in range(1, 9)}
    result = settled(clocks, {1: set(range(1, 7)), 2: {7, 8}}, 5)
    assert sorted(map(len, result.pods.values())) == [4, 4]
    assert result.waiting == frozenset()
    assert {7, 8} <= result.pods[2], "they keep their channel"


def test_nobody_is_put_with_somebody_who_has_left() -> None:
    clocks = people(10)
    pods = dict(enumerate(formed(clocks, 5)))
    gone = sorted(pods[0])[:3]
    left = {p: c for p, c in clocks.items() if p not in gone}
    result = settled(left, pods, 5)
    assert not any(p in group for p in gone for group in (*result.pods.values(), *result.formed))
    assert sorted(p for group in result.pods.values() for p in group) == sorted(left)


def test_whoever_waits_comes_into_a_small_pod_first() -> None:
    clocks = {n: Clock(0, 9) for n in range(1, 9)}
    result = settled(clocks, {1: {1, 2}, 2: {3, 4, 5, 6, 7}}, 5)
    assert len(result.pods[1]) in (0, 3)
    assert 8 in result.pods[1]
