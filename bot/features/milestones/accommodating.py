"""More time for one learner in the whole run: the course team sets it once, and all their dates have it."""

from datetime import datetime

from bot.core.actions import read_number
from bot.core.contributions import MORE_TIME, Given
from bot.core.errors import FormRefused
from bot.core.feature import Press, Reply, Submission
from bot.core.forms import Stored
from bot.core.more_time import more_time
from bot.core.moving import tell
from bot.core.people import STAFF, Cohort, Person
from bot.core.timetable import WEEK
from bot.core.translation import _
from bot.core.turn import Turn
from bot.core.voice import Awaited
from bot.course.loader import course_of
from bot.features.milestones import dates, rules, time_views
from bot.features.milestones.store import EVERY, MilestoneStore, feature, item_name

Milestones = Turn[MilestoneStore]


@feature.contributes(MORE_TIME)
def given(turn: Milestones, cohort: Cohort) -> list[Given]:
    return [Given(item, person, days) for (item, person), days in turn.store.moves(cohort.id).items()]


def of(turn: Milestones) -> dict[int, int]:
    """person -> the days more that they have on everything."""
    moves = turn.store.moves(turn.here.id)
    return {person: days for (milestone, person), days in moves.items() if milestone == EVERY and person and days}


@feature.action("accommodations", roles=STAFF, lane="private")
def listed(turn: Milestones, press: Press) -> Reply:
    given, learners = of(turn), dates.learners(turn, turn.here)
    return time_views.accommodations(turn.here.id, [(p, given[id]) for id, p in learners.items() if id in given])


@feature.action("accommodate", roles=STAFF, lane="form")
def ask(turn: Milestones, press: Press) -> Reply:
    """The form; the subject is the learner, if known."""
    learners, number = dates.learners(turn, turn.here), read_number(press.subject)
    if not learners:
        return time_views.nobody_yet()
    known = press.subject if number in learners else ""
    return time_views.accommodation_form(turn.here.id, list(learners.values()), known, of(turn).get(number or 0))


def stored_days(turn: Milestones, filled: Submission) -> list[Stored]:
    given, who = of(turn), read_number(filled.values.get("person", ""))
    return [
        Stored({"more": str(given.get(p.id, ""))}, time_views.has_days(p.name, given.get(p.id, 0)), f"{p.id}/every")
        for p in dates.learners(turn, turn.here).values()
        if p.id == who or (who is None and p.id in given)
    ]


@feature.form("accommodate", roles=STAFF, replaces=stored_days)
def give(turn: Milestones, filled: Submission) -> Reply:
    days, number = read_number(filled.values.get("days", "").strip()), read_number(filled.values.get("person", ""))
    if days is None or days > rules.MOST_FOR_ALL:
        wrong = _("Please write a number of days from 0 to {most}; 0 ends it.", most=rules.MOST_FOR_ALL)
        raise FormRefused({"days": wrong})
    person = dates.learners(turn, turn.here).get(number or 0)
    if person is None:
        raise FormRefused({"person": _("Pick a learner of this cohort.")})
    before, open_too = of(turn).get(person.id, 0), filled.values.get("open") == "yes"
    longer = _longer(turn, person, days)
    if days == before and not (open_too and longer):
        return time_views.as_it_was(person.name, days)
    moved = dates.foreseen(turn, person, lambda own: dates.accommodate(own, person, days, open_too=open_too))
    dates.accommodate(turn, person, days, open_too=open_too)
    # What has not opened they were never told of, and the line about all their dates covers it.
    known = [one for one in moved if one.item.opens_at <= turn.now]
    turn.say(*tell(turn.here.id, {person.id: known}, turn.now, asked_for=True))
    key, over = f"more_time/always/{person.id}", turn.here.timetable.over(len(course_of(turn.here.course_text).weeks))
    said = time_views.always_from(days, turn.now, open_too=open_too)
    turn.say(Awaited(person.id, turn.here.id, key, said, max(over, turn.now + WEEK)))
    if open_too:
        turn.log(f"set the days more on everything, also the open ones, to {days} for {person.name}")
    else:
        turn.log(f"set the days more on everything to {days} for {person.name}")
    after = {item_name(w.milestone): w.due_at for w in turn.store.windows(turn.here.id, {person.id})}
    after |= {name: at for name, _title, at in longer if name not in after}
    after |= {one.item.name: one.item.due_at for one in moved if one.new is not None}
    keep = [(title, at) for id, title, at in longer if after.get(id) == at]
    shorter = [(title, after[id]) for id, title, at in longer if id in after and after[id] < at]
    return time_views.accommodated(person.name, days, keep, shorter)


def _longer(turn: Milestones, person: Person, days: int) -> list[tuple[str, str, datetime]]:
    """(name, title, due) of what is open with more days than these."""
    stored, course, given = turn.store.moves(turn.here.id), course_of(turn.here.course_text), more_time(turn, turn.here)
    open_now = [i for i in dates.others(turn, person, turn.here) if turn.now < i.due_at]
    other = [i for i in open_now if given.always(i.name, person.id) > days]
    return [
        (item_name(milestone.id), milestone.title, window.due_at)
        for window in turn.store.windows(turn.here.id, {person.id})
        if window.opens_at <= turn.now < window.due_at
        and rules.accommodation(stored, window.milestone, person.id) > days
        and (milestone := course.milestone(window.milestone)) is not None
    ] + [(item.name, item.title, item.due_at) for item in other]
