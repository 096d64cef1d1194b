"""What wrap-ups report to the course team: on the desk, and in the manager's week."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from bot.core.actions import Action
from bot.core.calendar import last_running
from bot.core.contributions import (
    ACTIVITY,
    DEALT_WITH,
    DESK,
    FIGURES,
    MEASURES,
    RECAP,
    SNAGS,
    Activity,
    DeskItem,
    Figure,
    Measure,
    Passage,
    Pile,
    Snag,
)
from bot.core.feature import Press, Reply
from bot.core.message import Text
from bot.core.people import STAFF, Cohort, Person, Role
from bot.core.translation import _
from bot.core.turn import Turn
from bot.course.loader import course_of
from bot.features.wrapups import counting, desk_views, rules
from bot.features.wrapups.store import WrapupStore, desk_name, feature

Wrapups = Turn[WrapupStore]

SHOWN_FOR = timedelta(days=28)
"""How long after a round's close its private answers are on the desk while the course runs. Those that are there on the
last day stay."""


@feature.contributes(ACTIVITY)
def activity(turn: Wrapups, cohort: Cohort, since: datetime, until: datetime) -> Sequence[Activity]:
    found = turn.store.last_answered(cohort.id, since, until)
    return [Activity(person, at, instructors_only=True) for person, at in found.items()]


# On the desk


@feature.contributes(DESK)
def on_the_desk(turn: Wrapups, cohort: Cohort, person: Person) -> Sequence[Pile]:
    """What learners told the instructors only."""
    pile = _private_answers(turn, cohort) if turn.teaches(person.id, cohort.id) else None
    return [] if pile is None else [pile]


def _private_answers(turn: Wrapups, cohort: Cohort) -> Pile | None:
    names = {p.id: p.name for p in turn.people.members(cohort.id, Role.LEARNER)}
    since = last_running(cohort, len(course_of(cohort.course_text).weeks), turn.now) - SHOWN_FOR
    items: list[DeskItem] = []
    for round in turn.store.rounds(cohort.id):
        if round.seen and round.closes_at > since:
            items += [
                desk_views.private_answer(round, answer, names[answer.person], told)
                for answer in turn.store.answers(round.id)
                if answer.person in names and (told := rules.told_privately(round, answer))
            ]
    return desk_views.private_answers(items) if items else None


@feature.contributes(DEALT_WITH)
def dealt_with(turn: Wrapups, cohort: Cohort, names: Collection[str]) -> Sequence[tuple[str, Text]]:
    if not any(name.startswith("wrapups/") for name in names):
        return []
    people = {p.id: p.name for p in turn.people.members(cohort.id, Role.LEARNER)}
    return [
        (name, (f"{people[answer.person]}, {round.name}",))
        for round in turn.store.rounds(cohort.id)
        if round.seen
        for answer in turn.store.answers(round.id)
        if answer.person in people and (name := desk_name(answer)) in names
    ]


@feature.action("recording", roles=STAFF, lane="form")
def ask_recording(turn: Wrapups, press: Press) -> Reply:
    """For desks that were posted earlier."""
    return Action("recaps", "record", turn.here.id, press.subject)


@feature.contributes(RECAP)
def in_the_recap(turn: Wrapups, cohort: Cohort, week: int, since: datetime, until: datetime) -> Sequence[Passage]:
    """How many answered the week's prompts, and how many told the instructors something. Nobody's words."""
    learners = {p.id for p in turn.people.members(cohort.id, Role.LEARNER)}
    rounds = [r for r in turn.store.rounds(cohort.id) if r.week == week and r.seen]
    stuck = {
        answer.person
        for round in rounds
        for answer in turn.store.answers(round.id)
        if answer.person in learners and rules.told_privately(round, answer)
    }
    found = [desk_views.came(round, *counting.counted(turn, cohort, round)) for round in rounds]
    if stuck:
        enough = len(stuck) >= course_of(cohort.course_text).privacy.smallest_group
        found.append(desk_views.stuck(len(stuck), enough))
    return [passage for passage in found if passage is not None]


@feature.contributes(SNAGS)
def where_people_get_stuck(turn: Wrapups, cohort: Cohort) -> list[Snag]:
    """What present learners told the instructors."""
    learners = {p.id for p in turn.people.members(cohort.id, Role.LEARNER)}
    found = []
    for round in turn.store.rounds(cohort.id):
        words = [
            (answer.person, said)
            for answer in (turn.store.answers(round.id) if round.seen else ())
            if answer.person in learners
            for _question, said in rules.told_privately(round, answer)
        ]
        if words:
            found.append(Snag("stuck", round.week, len({who for who, _ in words}), words=words))
    return found


# In the manager's week


@feature.contributes(FIGURES)
def in_the_week(turn: Wrapups, cohort: Cohort) -> Sequence[Figure]:
    """The newest round that was asked, compared with the one before it."""
    asked = [r for r in turn.store.rounds(cohort.id) if r.seen and r.opens_at <= turn.now][-2:]
    counted = [counting.counted(turn, cohort, r) for r in asked]
    if not asked:
        return []
    few = asked[-1].closes_at <= turn.now and course_of(cohort.course_text).manager.too_few(*counted[-1])
    return [desk_views.answered(asked[-1], counted[-1], counted[:-1], few)]


@feature.contributes(MEASURES)
def in_a_run(turn: Wrapups, cohort: Cohort) -> list[Measure]:
    """Over all rounds: a learner counts once in each."""
    over = [round for round in turn.store.rounds(cohort.id) if round.seen and round.closes_at <= turn.now]
    came = [counting.counted(turn, cohort, round) for round in over]
    given, expected = sum(one for one, _of in came), sum(of for _one, of in came)
    return [Measure("wrapups/answered", _("Wrap-ups answered"), given, expected)] if expected else []
