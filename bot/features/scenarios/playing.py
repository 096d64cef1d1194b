"""Playing: a learner begins a story, chooses by buttons, goes on after days, and begins again.

The story stands on one card in their direct messages, which each choice edits. Each button names the moment that it
belongs to, so a press from an earlier one changes nothing.
"""

from dataclasses import replace

from bot.core.actions import read_number
from bot.core.errors import NotFound, Refused
from bot.core.facts import CohortPlanned, ItemDone
from bot.core.feature import Press, Reply
from bot.core.message import Instant
from bot.core.people import MEMBERS, Role
from bot.core.translation import _
from bot.core.turn import Turn
from bot.course.loader import course_of
from bot.course.model import Scenario
from bot.features.scenarios import rules, views
from bot.features.scenarios.store import GONE, ScenarioStore, Way, anchor, feature, item_name, mine

Scenarios = Turn[ScenarioStore]


@feature.action("begin", roles=MEMBERS, lane="private", after_end=True)
def begin(turn: Scenarios, press: Press) -> Reply:
    """Begins the story, or brings its card down to the end of the conversation."""
    scenario = _known(turn, press.subject)
    if Role.LEARNER not in turn.roles:
        return views.for_the_team(scenario)
    opens_at = scenario.opens.at(turn.here.timetable, scenario.week, turn.me.zone)
    way = mine(turn.store, turn.here.id, turn.me.id).get(scenario.id)
    if way is None and turn.now < opens_at:
        raise Refused(reply=views.opens(scenario, Instant(opens_at)))
    moved = False
    if way is None:
        way = replace(rules.begin(scenario, turn.me.id), at=turn.now)
    else:
        now = rules.present(scenario, way)
        moved = now.node != way.node
        turn.withdraw(anchor(turn.here.id, way))
        way = replace(now, sitting=way.sitting + 1, at=turn.now)
    _show(turn, scenario, way, moved)
    return None if turn.place is not None and turn.place.direct else views.in_direct_messages()


@feature.action("choose", roles=MEMBERS, lane="private", after_end=True)
def choose(turn: Scenarios, press: Press) -> Reply:
    id, _dot, rest = press.subject.partition(".")
    moment, _dot, key = rest.partition(".")
    scenario, way = _begun(turn, id)
    if read_number(moment) != way.turn:
        return _earlier(scenario, way, read_number(moment), key)
    now = rules.present(scenario, way)
    after = rules.choose(scenario, now, key, turn.now) if now.node == way.node else None
    if after is None:
        if now == way:
            return views.chosen_before("")
        # The course has changed since the card was shown.
        _show(turn, scenario, now, moved=True)
        return None
    _show(turn, scenario, after)
    if after.ended_at is not None and way.ended_at is None and _counts(turn):
        turn.happened(ItemDone(turn.here.id, item_name(scenario.id), turn.me.id))
    return None


@feature.action("again", roles=MEMBERS, lane="private", after_end=True)
def begin_again(turn: Scenarios, press: Press) -> Reply:
    id, _dot, moment = press.subject.partition(".")
    scenario, way = _begun(turn, id)
    if read_number(moment) != way.turn:
        return None if not way.steps else _earlier(scenario, way, None, "")
    _show(turn, scenario, replace(rules.begin_again(scenario, way), at=turn.now))
    return None


def _earlier(scenario: Scenario, way: Way, moment: int | None, key: str) -> Reply:
    """The answer to a press on a button of an earlier moment. The same press twice needs none."""
    last_node, _dot, last = way.steps[-1].partition(".") if way.steps else ("", "", "")
    if moment is not None and moment == way.turn - 1:
        if last == key:
            return None
        node = scenario.node(last_node)
        choice = rules.found(node, last) if node else None
        return views.chosen_before(choice.label if choice else "")
    return views.chosen_before("")


def _show(turn: Scenarios, scenario: Scenario, way: Way, moved: bool = False) -> None:
    cohort = turn.here
    turn.store.keep(cohort.id, way)
    smallest = course_of(cohort.course_text).privacy.smallest_group
    turn.show_to(way.person, anchor(cohort.id, way), views.card(cohort.id, scenario, way, smallest, moved))


def _counts(turn: Scenarios) -> bool:
    """Whether the completion rule asks for scenarios."""
    course = course_of(turn.here.course_text)
    return course.completion.scenarios.of(len(course.scenarios)) > 0


def _known(turn: Scenarios, id: str) -> Scenario:
    """Raises NotFound."""
    scenario = course_of(turn.here.course_text).scenario(id)
    if scenario is None:
        raise NotFound(_("This story is not in the course any more. `/cohort` shows what is."))
    return scenario


def _begun(turn: Scenarios, id: str) -> tuple[Scenario, Way]:
    """A story that the acting learner has begun. Raises Refused."""
    scenario = _known(turn, id)
    if Role.LEARNER not in turn.roles:
        raise Refused(reply=views.for_the_team(scenario))
    way = mine(turn.store, turn.here.id, turn.me.id).get(id)
    if way is None:
        raise Refused(reply=views.not_begun(turn.here.id, scenario))
    return scenario, way


@feature.on(CohortPlanned)
def follow_course(turn: Scenarios, fact: CohortPlanned) -> None:
    """Shows everybody the present story where it has changed, or that it is gone."""
    cohort = turn.here
    stories = {s.id: s for s in course_of(cohort.course_text).scenarios}
    prints = {id: rules.story_print(story) for id, story in stories.items()}
    changed = {id for id, seen in turn.store.seen(cohort.id) if prints.get(id, GONE) != seen}
    if not changed:
        return
    learners = {p.id for p in turn.people.members(cohort.id, Role.LEARNER)}
    for way in turn.store.among(cohort.id, changed):
        story = stories.get(way.scenario)
        now = rules.present(story, way) if story is not None else replace(way, seen=GONE)
        if way.person not in learners:
            turn.store.keep(cohort.id, now)
        elif story is not None:
            _show(turn, story, now, moved=now.node != way.node)
        else:
            turn.store.keep(cohort.id, now)
            turn.show_to(way.person, anchor(cohort.id, way), views.gone())
