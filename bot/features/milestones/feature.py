"""Milestones: work with a date. Handed in with a receipt, late and marked, moved for one or for all.

Each learner has a window of their own for every milestone; what is open, due or late follows from it and the
present instant, so nothing has to happen at a due date for it to be right.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated

from bot.core.commands import Param
from bot.core.contributions import AGENDA, AGENDA_AFTER_END, Upcoming
from bot.core.facts import Left, PersonErased, WordsWithdrawn
from bot.core.feature import Press, Reply
from bot.core.forms import Kept
from bot.core.items import ask_privately_button, named_button, over
from bot.core.message import shorten
from bot.core.people import MEMBERS, STAFF, Cohort, Person, Role
from bot.core.planning import Planning
from bot.core.translation import N_, _
from bot.core.turn import Turn
from bot.course.loader import course_of
from bot.features.milestones import (
    accommodating,
    asking,
    contributing,
    dates,
    deciding,
    desk,
    handing,
    pages,
    podding,
    reporting,
    rules,
    time_views,
    views,
    wishes,
)
from bot.features.milestones.store import EVERY, MilestoneStore, feature

__all__ = ["accommodating", "deciding", "feature", "pages", "reporting", "wishes"]


# Planning


@feature.planned()
def plan(turn: Turn[MilestoneStore], planning: Planning) -> tuple[()]:
    """Plans no rows, since nothing happens at a date; updates the learners' windows."""
    dates.follow(turn, planning)
    return ()


@feature.on(PersonErased)
def erase(turn: Turn[MilestoneStore], fact: PersonErased) -> None:
    """Deletes their work before desks are shown without it, in all cohorts, because they may have left one."""
    for cohort in (*turn.people.cohorts(), *turn.people.cohorts(ended=True)):
        for work in turn.store.submissions(cohort.id, {fact.person}):
            turn.forget(*turn.store.wordings(work.id))
            turn.store.delete(work.id, turn.now)
            turn.happened(WordsWithdrawn(cohort.id))
        podding.unname(replace(turn, cohort=cohort), fact.person)
        for request in turn.store.requests(cohort.id, {fact.person}):
            turn.forget(request.reason, request.answer)
            turn.store.drop_request(request.id)
            turn.happened(WordsWithdrawn(cohort.id))


@feature.on(Left)
def forget_leaver(turn: Turn[MilestoneStore], fact: Left) -> None:
    turn.store.drop_windows(fact.cohort, person=fact.person)


# Handing in


@dataclass(frozen=True)
class Submit:
    """Hand in your work: a link, or text. You can change it until it is due."""

    work: Annotated[str, Param(N_("A link to your work, or your text"), long=True)] = ""
    file: Annotated[Kept | None, Param(N_("Or a file"))] = None


@feature.command(
    "submit", example="/cohort submit https://example.org/my-draft", roles=MEMBERS, lane="form", after_end=True
)
def submit(turn: Turn[MilestoneStore], typed: Submit) -> Reply:
    if Role.LEARNER not in turn.roles:
        if typed.file:
            turn.discard(typed.file.file)
        return views.wrong_command()
    return handing.submit(turn, typed.work.strip(), typed.file)


@feature.action("open", roles=MEMBERS, lane="form", after_end=True)
def open_form(turn: Turn[MilestoneStore], press: Press) -> Reply:
    if Role.LEARNER not in turn.roles:
        return views.wrong_command()
    return handing.open_form(turn, press.subject)


@feature.action("delete_now", roles=MEMBERS, lane="private", after_end=True, after_leaving=True)
def delete(turn: Turn[MilestoneStore], press: Press) -> Reply:
    return handing.delete(turn, press.subject)


# For the course team


@feature.action("look", roles=STAFF, lane="private", after_end=True)
def look(turn: Turn[MilestoneStore], press: Press) -> Reply:
    return desk.milestone(turn, press.subject)


@feature.action("missing", roles=STAFF, lane="private", after_end=True)
def missing(turn: Turn[MilestoneStore], press: Press) -> Reply:
    return desk.missing(turn, press.subject)


@feature.action("work", roles=STAFF, lane="private", after_end=True)
def work(turn: Turn[MilestoneStore], press: Press) -> Reply:
    return desk.work(turn, press.subject)


@feature.action("move", roles=STAFF, lane="private")
def move(turn: Turn[MilestoneStore], press: Press) -> Reply:
    return desk.move(turn, press.subject)


# What is open


@feature.contributes(AGENDA)
def upcoming(turn: Turn[MilestoneStore], person: Person, cohort: Cohort) -> Sequence[Upcoming]:
    if Role.LEARNER not in turn.roles:
        return ()
    mine = [item for _, item in contributing.items(turn, cohort, [person])]
    ask = ask_privately_button(cohort.id)
    lost = [Upcoming(over(i), None, ask, first=True) for i in mine if i.is_lost(turn.now)]
    now = sorted((i for i in mine if i.is_ahead(turn.now) and i.opens_at <= turn.now), key=lambda i: i.due_at)
    found = [Upcoming(i.to_do, i.due_at, named_button(i) if n else i.button) for n, i in enumerate(now)]
    asked = [time_views.asked_line(cohort.id, m, r) for r, m, _ in asking.waiting(turn, cohort, {person.id})]
    days = turn.store.moves(cohort.id).get((EVERY, person.id), 0)
    always = [Upcoming(time_views.always(days), first=True)] if days else []
    return [*always, *lost, *found, *asked, *_still_taken(turn, person, cohort)]


@feature.contributes(AGENDA_AFTER_END)
def still_taken(turn: Turn[MilestoneStore], person: Person, cohort: Cohort) -> Sequence[Upcoming]:
    """Work that was promised to be accepted is also accepted after the end of the cohort."""
    return _still_taken(turn, person, cohort, ahead=True) if Role.LEARNER in turn.roles else ()


def _still_taken(turn: Turn[MilestoneStore], person: Person, cohort: Cohort, ahead: bool = False) -> Sequence[Upcoming]:
    """What can be handed in although its date has passed, or it is optional; `ahead`: also what is due later."""
    found: list[Upcoming] = []
    course = course_of(cohort.course_text)
    done = turn.store.submissions(cohort.id, {person.id})
    windows = [rules.in_cohort(w, cohort, turn.uptime) for w in turn.store.windows(cohort.id, {person.id})]
    for window in rules.open_now(windows, done, turn.now):
        milestone = course.milestone(window.milestone)
        if milestone is None:
            continue
        button = views.hand_in_button(
            cohort.id, milestone.id, shorten(_("Hand in: {title}", title=milestone.title), 40)
        )
        if window.due_at > turn.now and not window.optional:
            if ahead:
                found.append(
                    Upcoming((_("Hand in “{title}”", title=shorten(milestone.title, 80)),), window.due_at, button)
                )
            continue
        forgiving = rules.forgiving(milestone, window, turn.uptime)
        found.append(Upcoming(views.optional_or_late_line(forgiving, window, turn.now), None, button, counts=True))
    return found
