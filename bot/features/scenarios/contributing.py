"""What scenarios contribute: to the week card, one's own page and completion."""

from collections.abc import Sequence

from bot.core.contributions import AGENDA, CREDITS, EXTRAS, RUNS, TOOK_PART, Credit, CreditWords, Extra, Upcoming
from bot.core.people import Cohort, Person, Role
from bot.core.time import local_day
from bot.core.turn import Turn
from bot.course.loader import course_of
from bot.course.model import Scenario
from bot.features.scenarios import views
from bot.features.scenarios.store import ScenarioStore, Way, feature, mine

Scenarios = Turn[ScenarioStore]


@feature.contributes(RUNS)
def runs(turn: Scenarios) -> list[str]:
    return ["scenarios"]


@feature.contributes(TOOK_PART)
def took_part(turn: Scenarios, cohort: Cohort) -> list[tuple[str, str, int]]:
    """Who made a choice: whoever only looked at the beginning loses nothing."""
    ways = turn.store.among(cohort.id, [s.id for s in course_of(cohort.course_text).scenarios])
    return [("scenarios", way.scenario, way.person) for way in ways if way.chosen]


@feature.contributes(EXTRAS)
def on_the_card(turn: Scenarios, cohort: Cohort, week: int) -> list[Extra]:
    return [views.extra(cohort.id, s) for s in course_of(cohort.course_text).scenarios if s.week == week]


@feature.contributes(AGENDA)
def on_my_page(turn: Scenarios, person: Person, cohort: Cohort) -> list[Upcoming]:
    """What one is in the middle of, and what this week has."""
    stories = course_of(cohort.course_text).scenarios
    if not stories or Role.LEARNER not in turn.roles:
        return []
    ways, week = mine(turn.store, cohort.id, person.id), cohort.week_on(local_day(turn.now, person.zone))
    found = []
    for scenario in stories:
        way = ways.get(scenario.id)
        is_open = scenario.opens.at(cohort.timetable, scenario.week, person.zone) <= turn.now
        if way is None and (scenario.week != week or not is_open):
            continue
        if way is None or not way.endings:
            text = views.agenda_line(scenario, begun=way is not None)
            found.append(Upcoming(text, button=views.begin_button(cohort.id, scenario, begun=way is not None)))
    return found


@feature.contributes(CREDITS)
def credits(turn: Scenarios, cohort: Cohort, people: Sequence[Person]) -> list[tuple[int, Credit]]:
    """What the completion rule asks of scenarios, if it does."""
    course = course_of(cohort.course_text)
    needed = course.completion.scenarios.of(len(course.scenarios))
    if not needed:
        return []
    ways: dict[int, dict[str, Way]] = {p.id: {} for p in people}
    for way in turn.store.of(cohort.id, list(ways)):
        ways[way.person][way.scenario] = way
    return [(id, _credit(cohort, course.scenarios, theirs, needed)) for id, theirs in ways.items()]


def _credit(cohort: Cohort, stories: Sequence[Scenario], ways: dict[str, Way], needed: int) -> Credit:
    done = [(s, ways[s.id]) for s in stories if s.id in ways and ways[s.id].ended_at is not None]
    left = [s for s in stories if s.id not in {d.id for d, _way in done}]
    times = sorted(way.ended_at for _story, way in done if way.ended_at is not None)
    return Credit(
        needs=views.needs(needed),
        column="scenarios",
        needed=needed,
        done=len(done),
        done_at=times[needed - 1] if len(times) >= needed else None,
        taken=len(left),
        words=lambda: CreditWords(
            did=tuple(views.did(s, {n.id: n for n in s.nodes}, way) for s, way in done),
            missing=tuple(views.missing(s) for s in left) if len(done) < needed else (),
            lacks=views.needs(max(needed - len(done), 0)),
            buttons=tuple(views.begin_button(cohort.id, s) for s in left[:1]) if len(done) < needed else (),
        ),
    )
