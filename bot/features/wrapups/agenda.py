"""What wrap-ups add to 'what is next'."""

from collections.abc import Sequence
from dataclasses import replace

from bot.core.actions import Action
from bot.core.contributions import AGENDA, AGENDA_AFTER_END, Upcoming
from bot.core.message import Button, Instant
from bot.core.people import STAFF, Cohort, Person, Role
from bot.core.time import say
from bot.core.translation import _, phrase
from bot.core.turn import Turn
from bot.course.loader import course_of
from bot.features.wrapups import answers, counting, rules, views
from bot.features.wrapups.store import Standing, WrapupStore, feature


@feature.contributes(AGENDA)
def upcoming(turn: Turn[WrapupStore], person: Person, cohort: Cohort) -> Sequence[Upcoming]:
    found: list[Upcoming] = []
    if Role.LEARNER in turn.roles:
        found += _for_learner(turn, cohort, answers.standings(turn, person.id, cohort))
    if turn.roles & STAFF:
        found += _for_staff(turn, cohort)
    return found


@feature.contributes(AGENDA_AFTER_END)
def still_taken(turn: Turn[WrapupStore], person: Person, cohort: Cohort) -> Sequence[Upcoming]:
    """Wrap-ups that are accepted late after the end of the cohort, in one line."""
    if Role.LEARNER not in turn.roles:
        return []
    return _late(cohort, rules.still_taken(answers.standings(turn, person.id, cohort), cohort))


def _late(cohort: Cohort, found: Sequence[Standing]) -> list[Upcoming]:
    if not found:
        return []
    if len(found) == 1:
        return [replace(_closed(found[0]), always=True)]
    button = Button(_("Late wrap-ups"), Action("command", "wrapup", cohort.id).encode())
    text = _("{number} wrap-ups can still be answered, marked late", number=len(found))
    return [Upcoming((text,), None, button, always=True, counts=True)]


def _closed(standing: Standing) -> Upcoming:
    """A round that has closed, and may be answered or finished."""
    begun = standing.answer is not None
    text = (
        _("{to_do}; it is marked late then", to_do=_to_do(standing))
        if begun
        else _("{name} can still be answered; it is marked late then", name=_first(standing))
    )
    return Upcoming((text,), None, views.late_button(standing.round, begun), counts=True)


def _for_learner(turn: Turn[WrapupStore], cohort: Cohort, mine: Sequence[Standing]) -> list[Upcoming]:
    waiting = [s for s in rules.open_now(mine, turn.now) if rules.is_due(s)]
    coming = rules.next_to_open(mine, turn.now)
    if not waiting and coming is None and rules.lacks(course_of(cohort.course_text), mine):
        return _late(cohort, rules.still_taken(mine, cohort))
    found = [Upcoming((_to_do(s),), s.window.closes_at, views.answer_button(s.round)) for s in waiting]
    counts = rules.lacks(course_of(cohort.course_text), mine)
    found += [_closed(s) for s in rules.worth_sending(mine, turn.now, counts=counts)]
    if coming and not waiting and turn.store.paused_at(coming.round.cohort) is None:
        text = phrase("{name} opens {opens_at}", name=_first(coming), opens_at=Instant(coming.window.opens_at))
        found.append(Upcoming(text, answers_later=True))
    return found


def _for_staff(turn: Turn[WrapupStore], cohort: Cohort) -> list[Upcoming]:
    round = rules.current(turn.store.rounds(cohort.id), turn.now)
    if round is None:
        return []
    week = Button(_("This week"), Action("command", "week", cohort.id).encode())
    if round.state == "open":
        tally = counting.tally(turn, cohort, round)
        return [
            Upcoming(
                (f"{round.name}: {views.tallied(tally)}",),
                None,
                week,
            )
        ]
    if turn.store.paused_at(cohort.id) is not None:
        return [Upcoming((_("Wrap-ups are paused until you resume them"),), None, week)]
    return [
        Upcoming(
            (
                _(
                    "{title} opens {at} by the cohort's clock, for each learner by their own",
                    title=round.name,
                    at=say(round.opens_at, cohort.zone),
                ),
            ),
            None,
            week,
        )
    ]


def _to_do(standing: Standing) -> str:
    """'Answer the week 1 wrap-up', or 'Finish the week 1 wrap-up: 1 of 3 answered'."""
    if standing.answer is None:
        return _("Answer {name}", name=_name(standing))
    questions = standing.round.questions
    done = len(questions) - len(rules.empty(questions, standing.answer.values))
    return _("Finish {name}: {done} of {number} answered", name=_name(standing), done=done, number=len(questions))


def _name(standing: Standing) -> str:
    return views.named(standing.round.title)


def _first(standing: Standing) -> str:
    """The same at the beginning of a sentence."""
    name = _name(standing)
    return name[0].upper() + name[1:]
