"""Milestones: work with a date. Handed in with a receipt, late and marked, moved for one or for all.

Each learner has a window of their own for every milestone; what is open, due or late follows from it and the
present instant, so nothing has to happen at a due date for it to be right.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from bot.core.actions import read_number
from bot.core.commands import Param
from bot.core.contributions import AGENDA, AGENDA_AFTER_END, Upcoming
from bot.core.errors import FormRefused, Refused
from bot.core.facts import Left, PersonErased, WordsWithdrawn
from bot.core.feature import Press, Reply, Submission
from bot.core.forms import Kept
from bot.core.items import named_button, over
from bot.core.message import shorten
from bot.core.moving import moved_key
from bot.core.people import MEMBERS, STAFF, Cohort, Person, Role
from bot.core.planning import Planning
from bot.core.translation import N_, _
from bot.core.turn import Turn
from bot.core.voice import Hush
from bot.course.loader import course_of
from bot.features.milestones import contributing, dates, desk, handing, reporting, rules, views, wishes
from bot.features.milestones.store import MilestoneStore, feature

__all__ = ["feature", "reporting", "wishes"]


# Planning


@feature.planned()
def plan(turn: Turn[MilestoneStore], planning: Planning) -> tuple[()]:
    """Plans no rows, since nothing happens at a date; updates the learners' windows."""
    dates.follow(turn, planning)
    return ()


@feature.on(PersonErased)
def erase(turn: Turn[MilestoneStore], fact: PersonErased) -> None:
    """Deletes their work before desks are shown without it."""
    for membership in (*turn.people.memberships(fact.person), *turn.people.memberships(fact.person, ended=True)):
        for work in turn.store.submissions(membership.cohort, {fact.person}):
            turn.forget(*turn.store.wordings(work.id))
            turn.store.delete(work.id, turn.now)
            turn.happened(WordsWithdrawn(membership.cohort))


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


@feature.action("delete_now", roles=MEMBERS, lane="private", after_end=True)
def delete(turn: Turn[MilestoneStore], press: Press) -> Reply:
    return handing.delete(turn, press.subject)


# One's own dates


@feature.action("shift", roles=MEMBERS, lane="form")
def ask_shift(turn: Turn[MilestoneStore], press: Press) -> Reply:
    """The dates that learners may move by themselves: select one, then by how much."""
    movable = handing.movable(turn, turn.here, turn.me.id)
    found = [one for one in movable if press.subject in ("", one[0].id)]
    if not found:
        milestones = course_of(turn.here.course_text).milestones
        return views.nothing_to_move(turn.here.id, any(m.extension.by == "instructor" for m in milestones))
    if len(found) > 1:
        return views.which_to_move(turn.here.id, [(m, w) for m, w, _ in found])
    milestone, window, days = found[0]
    return views.shift_form(turn.here.id, milestone, window, days, turn.me.zone)


@feature.form("shift", roles=MEMBERS, replaces=handing.stored_date)
def shift(turn: Turn[MilestoneStore], filled: Submission) -> Reply:
    milestone, window = handing.mine(turn, filled.subject)
    moved = turn.store.moves(turn.here.id).get((milestone.id, turn.me.id), 0)
    days = read_number(filled.values.get("days", ""))
    allowed = rules.choices(milestone, moved, window, turn.now)
    if turn.store.submission(turn.here.id, milestone.id, turn.me.id) is not None:
        raise Refused(
            _("You have handed in “{title}” already, so its date does not matter any more.", title=milestone.title)
        )
    if days is None or days not in allowed:
        raise FormRefused(
            {"days": _("Please pick one of the choices.") if allowed else _("This date can move no further.")}
        )
    changed = dates.move(turn, milestone, turn.me, days)
    # They know the date now.
    turn.say(Hush(moved_key(turn.here.id, f"milestone/{milestone.id}", turn.me.id)))
    return views.shifted(milestone, changed[0] if changed else window, milestone.extension.longest.days - moved - days)


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
    ask = views.ask_privately_button(cohort.id)
    lost = [Upcoming(over(i), None, ask, first=True) for i in mine if i.is_lost(turn.now)]
    now = sorted((i for i in mine if i.is_ahead(turn.now) and i.opens_at <= turn.now), key=lambda i: i.due_at)
    found = [Upcoming(i.to_do, i.due_at, named_button(i) if n else i.button) for n, i in enumerate(now)]
    return [*lost, *found, *_still_taken(turn, person, cohort)]


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
        found.append(Upcoming(views.optional_or_late_line(forgiving, window, turn.now), None, button))
    return found
