"""Pure decisions about scenarios."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.core.fingerprints import fingerprint
from bot.core.small_groups import disclosable
from bot.course.model import Scenario, ScenarioChoice, ScenarioNode
from bot.features.scenarios.store import Way

KEPT_STEPS = 30
"""Choices of a run that are kept; in a story with a loop it may have any number."""


def story_print(scenario: Scenario) -> str:
    """Changes if what is told in it changes."""
    return fingerprint((scenario.title, scenario.start, scenario.nodes))


def choice_key(node: ScenarioNode, choice: ScenarioChoice) -> str:
    """Names a choice as long as it says the same and leads to the same node."""
    return fingerprint(f"{node.id}/{choice.label}/{choice.to}", 6)


# On the way


def begin(scenario: Scenario, person: int) -> Way:
    return Way(scenario.id, person, scenario.start, seen=story_print(scenario))


def begin_again(scenario: Scenario, way: Way) -> Way:
    return replace(way, node=scenario.start, steps=(), dropped=0, turn=way.turn + 1, seen=story_print(scenario))


def choose(scenario: Scenario, way: Way, key: str, now: datetime) -> Way | None:
    """The way after a choice; None if there is no such choice where the learner is."""
    node = scenario.node(way.node)
    choice = found(node, key) if node else None
    if choice is None:
        return None
    target = scenario.node(choice.to)
    ends = {choice.to} if target is not None and target.ending else set()
    step = f"{way.node}.{key}"
    steps = (*way.steps, step)
    return replace(
        way,
        node=choice.to,
        steps=steps[-KEPT_STEPS:],
        dropped=way.dropped + max(len(steps) - KEPT_STEPS, 0),
        turn=way.turn + 1,
        seen=story_print(scenario),
        chosen=way.chosen | {step},
        endings=way.endings | ends,
        ended_at=way.ended_at or (now if ends else None),
        at=now,
    )


def found(node: ScenarioNode, key: str) -> ScenarioChoice | None:
    return next((c for c in node.choices if choice_key(node, c) == key), None)


def present(scenario: Scenario, way: Way) -> Way:
    """The way in the story as it is now. Where the learner's node is gone, they are at the last one of their way that
    is still there, or at the start."""
    if way.seen == story_print(scenario):
        return way
    steps, node = way.steps, way.node
    while scenario.node(node) is None and steps:
        node, steps = steps[-1].partition(".")[0], steps[:-1]
    if scenario.node(node) is None:
        node = scenario.start
    moved = node != way.node
    return replace(way, node=node, steps=steps, turn=way.turn + moved, seen=story_print(scenario))


def taken(scenario: Scenario, way: Way) -> list[ScenarioChoice]:
    """The choices of this run that are still in the story."""
    pairs = ((scenario.node(id), key) for id, _dot, key in (step.partition(".") for step in way.steps))
    return [choice for node, key in pairs if node is not None and (choice := found(node, key)) is not None]


# In numbers


@dataclass(frozen=True, slots=True)
class Count:
    """How many learners began a scenario, reached each ending, and made each choice (node, choice, learners)."""

    scenario: Scenario
    began: int
    endings: Sequence[tuple[ScenarioNode, int]]
    choices: Sequence[tuple[ScenarioNode, ScenarioChoice, int]]


def count(scenario: Scenario, ways: Sequence[Way], learners: Collection[int], smallest: int) -> Count | None:
    """The numbers of these learners; None if fewer than `smallest` of them began."""
    theirs = [w for w in ways if w.scenario == scenario.id and w.person in learners]
    if len(theirs) < max(smallest, 1):
        return None
    ends = {n.id: sum(n.id in w.endings for w in theirs) for n in scenario.nodes if n.ending}
    shown = disclosable(ends, len(theirs), smallest)
    endings = [(n, shown[n.id]) for n in scenario.nodes if n.id in shown]
    choices: list[tuple[ScenarioNode, ScenarioChoice, int]] = []
    entrances = Counter(c.to for node in scenario.nodes for c in node.choices)
    came: dict[str, int] = {}
    for node in _from_the_start(scenario):
        keys = {choice_key(node, c): c for c in node.choices} if len(node.choices) > 1 else {}
        steps = {key: f"{node.id}.{key}" for key in keys}
        chose = sum(any(s in w.chosen for s in steps.values()) for w in theirs)
        numbers = {key: sum(step in w.chosen for w in theirs) for key, step in steps.items()}
        # Nobody can be found by subtracting from those who chose here, began, or were led here by the only way.
        for of in (chose, len(theirs), came.get(node.id, len(theirs))):
            numbers = disclosable(numbers, of, smallest)
        choices += [(node, keys[key], n) for key, n in numbers.items()]
        came |= {keys[key].to: n for key, n in numbers.items() if entrances[keys[key].to] == 1}
    choices.sort(key=lambda one: scenario.nodes.index(one[0]))
    return Count(scenario, len(theirs), endings, choices)


def _from_the_start(scenario: Scenario) -> Sequence[ScenarioNode]:
    """The nodes that can be reached, each after one that leads to it."""
    nodes, order = {n.id: n for n in scenario.nodes}, [scenario.start]
    for id in order:
        for choice in nodes[id].choices:
            if choice.to in nodes and choice.to not in order:
                order.append(choice.to)
    return [nodes[id] for id in order]
