"""Each learner's dates: planned from the course file, moved for one or for all."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.core.asking import asked_of
from bot.core.calendar import dates_pass_at
from bot.core.contributions import Item
from bot.core.facts import DeskChanged, ItemMoved, ItemsChanged, MoreTimeGiven, WordsWithdrawn
from bot.core.message import Text
from bot.core.more_time import more_time
from bot.core.moving import Moved, away_of, items_of, moves
from bot.core.people import Cohort, Person, Role
from bot.core.planning import Planning
from bot.core.timetable import DAY, WEEK
from bot.core.turn import Turn
from bot.core.voice import Awaited
from bot.course.calendar import late_until
from bot.course.loader import course_of
from bot.course.model import Milestone
from bot.features.milestones import podding, rules, time_views
from bot.features.milestones.store import EVERY, Came, MilestoneStore, Request, Submission, Window, item_name, kept

Milestones = Turn[MilestoneStore]

A_FEW = 200

ANSWER_IS_NEWS = 2 * WEEK
"""How long after the date an answer still reaches somebody who was away."""


def learners(turn: Milestones, cohort: Cohort) -> dict[int, Person]:
    """The learners of a cohort by their ids, in the order of their names."""
    found = turn.people.members(cohort.id, Role.LEARNER)
    return {p.id: p for p in sorted(found, key=lambda p: p.name.lower())}


def over(turn: Milestones) -> datetime:
    """When the last week of the course is over, with the dates in it."""
    return dates_pass_at(turn, turn.here, len(course_of(turn.here.course_text).weeks))


def follow(turn: Milestones, planning: Planning) -> None:
    """Works out the dates of some learners again, drops those of milestones that the course has no more, and updates
    the receipts of work and of requests."""
    cohort = planning.cohort
    if planning.whole:
        turn.store.drop_windows(cohort.id, but={m.id for m in course_of(cohort.course_text).milestones})
    changed = plan(turn, cohort, planning.people, keep_longer=planning.by_another_clock)
    if planning.whole and (reviewed := {r.milestone for r in course_of(cohort.course_text).reviews}):
        # Who reads it may have changed.
        there = {(w.milestone, w.person) for w in changed}
        windows = [w for id in reviewed for w in turn.store.windows(cohort.id, None, id)]
        changed += [w for w in windows if (w.milestone, w.person) not in there]
    show_receipts(turn, cohort, changed)
    follow_requests(turn, cohort, planning.people, by_another_clock=planning.by_another_clock)


def plan(
    turn: Milestones, cohort: Cohort, people: Sequence[Person], only: str | None = None, keep_longer: bool = False
) -> list[Window]:
    """Works out the windows of some learners again, of all milestones or of one. Returns those that changed.

    A due date that has passed stays, and one that lies ahead never comes to lie in the past, unless it is the
    milestone named in `only`, whose date was moved: that gives more time, and never less. `keep_longer`: nobody loses
    time that they were given (their clock is another one now).
    """
    milestones = [m for m in course_of(cohort.course_text).milestones if only in (None, m.id)]
    # For more than a few people it is quicker to query everybody.
    some = {p.id for p in people} if len(people) < A_FEW else None
    joined = turn.people.joined(cohort.id, some)
    stored = turn.store.moves(cohort.id)
    before = {(w.milestone, w.person): w for w in turn.store.windows(cohort.id, some, only)}
    asked = rules.newest(turn.store.requests(cohort.id, some))
    # Most learners share a few zones and joined in time: what they share is worked out once.
    shared: dict[tuple[str, str, int], tuple[Window, tuple[datetime, datetime]]] = {}
    changed: list[Window] = []
    table = cohort.timetable
    for milestone in milestones:
        for_all = stored.get((milestone.id, 0), 0)
        for person in people:
            if person.id not in joined:
                continue
            old = before.get((milestone.id, person.id))
            if old is not None and only is None and old.due_at <= turn.now:
                continue
            own = rules.own_days(stored, milestone.id, person.id)
            key = (milestone.id, person.zone, own)
            if key not in shared:
                shared[key] = (
                    on_time(cohort, milestone, person.zone, for_all, own),
                    milestone.window(table, person.zone),
                )
            new, unmoved = shared[key]
            if rules.missed(*unmoved, joined[person.id]):
                new = rules.window_for(milestone, table, person.zone, for_all, own, joined[person.id])
            keeps = only is not None or (keep_longer and old is not None and old.opens_at <= turn.now)
            over = new.due_at <= turn.now
            if old is not None and (keeps or over) and new.due_at < old.due_at:
                if old.asked_until is None and (milestone.id, person.id) not in asked:
                    continue
                new = replace(old, closes_at=late_until(milestone, old.due_at), asked_until=None)
            new = rules.asked_for(milestone, replace(new, person=person.id), asked.get((milestone.id, person.id)))
            if new != old:
                changed.append(new)
    turn.store.put_windows(cohort.id, changed)
    return changed


def on_time(cohort: Cohort, milestone: Milestone, zone: str, for_all: int, own: int = 0) -> Window:
    """The window of a learner in a zone who joined before the start."""
    long_ago = cohort.timetable.at(-52, 0, rules.MIDNIGHT, "cohort", cohort.zone)
    return rules.window_for(milestone, cohort.timetable, zone, for_all, own, long_ago)


def show_receipts(turn: Milestones, cohort: Cohort, changed: Sequence[Window]) -> None:
    """Updates the receipts that say until when work can be changed."""
    if not changed:
        return
    turn = replace(turn, cohort=cohort)
    course = course_of(cohort.course_text)
    windows = {(w.milestone, w.person): w for w in changed}
    found = defaultdict[str, list[tuple[Window, Submission]]](list)
    for work in turn.store.submissions(cohort.id, {w.person for w in changed}):
        if (window := windows.get((work.milestone, work.person))) is not None:
            found[work.milestone].append((window, work))
    for milestone in course.milestones:
        works = found[milestone.id]
        for (_window, work), told in zip(works, podding.receipts(turn, milestone, works), strict=True):
            if not work.pod or turn.links.shown([told.anchor]):
                turn.show_to(told.person, told.anchor, told.message)


def follow_requests(
    turn: Milestones, cohort: Cohort, people: Sequence[Person], *, by_another_clock: bool = False
) -> None:
    """Shows the cards of these learners' requests again whose date is another one now, or (`by_another_clock`) all of
    them. A request that needs no answer, because the date is as late by now, is not settled by that: it waits again
    if the date moves back. One whose item is not in the course any more is deleted, unless it was answered."""
    found = turn.store.requests(cohort.id, {p.id for p in people} if len(people) < A_FEW else None)
    shown = turn.links.shown([name for r in found for name in (r.card, r.told)])
    found = [r for r in found if r.card in shown]
    if not found:
        return
    turn = replace(turn, cohort=cohort)
    course = course_of(cohort.course_text)
    windows = {(w.milestone, w.person): w for w in turn.store.windows(cohort.id, {r.person for r in found})}
    items = closing_asked(turn, cohort, found)
    windows |= {(name, who): window_of(item, who) for (name, who), item in items.items()}
    for request in found:
        key = (request.milestone, request.person)
        window = windows.get(key)
        milestone = rules.as_milestone(course, items[key]) if key in items else course.milestone(request.milestone)
        if milestone is None and request.state == "waiting":
            turn.forget(request.reason)
            turn.store.drop_request(request.id)
            turn.show_to(request.person, request.card, time_views.not_asked_any_more(kept=False))
            turn.happened(WordsWithdrawn(cohort.id))
        elif milestone is None and request.given is not None:
            turn.store.keep_request(cohort.id, replace(request, given=None))
            turn.show_to(request.person, request.card, time_views.not_asked_any_more(kept=True))
            continue
        elif milestone is not None and window is not None and (request.given != window.due_at or by_another_clock):
            request = turn.store.keep_request(cohort.id, replace(request, given=window.due_at))
            by = turn.people.person(request.answered_by).name if request.answered_by else ""
            came = how_it_came(turn, request, items.get(key))
            card = time_views.request_card(cohort.id, milestone, window, request, by, came, turn.now)
            turn.show_to(request.person, request.card, card)
            if request.state == "declined":
                told = answer(turn, request, window, time_views.declined(milestone, window, by, turn.now))
                if request.told in shown:
                    turn.show_to(request.person, request.told, told.message)
                elif turn.links.waiting([request.told]):
                    turn.say(told)
        else:
            continue
        if request.state == "waiting":
            turn.happened(DeskChanged(cohort.id, request.desk_name))


def how_it_came(turn: Milestones, request: Request, item: Item | None) -> Came:
    """Whether what a request is about was done. `item`: what closes; None: it is a milestone."""
    if item is not None:
        return "late" if item.late else "done" if item.done else ""
    done = turn.store.submission(turn.here.id, request.milestone, request.person) is not None
    return "done" if done else ""


def follow_work(turn: Milestones, person: int) -> None:
    """The cards of a learner's requests say that the work came in, or that it was taken back."""
    found = [r for r in turn.store.requests(turn.here.id, {person}) if r.state == "waiting"]
    if not found or not turn.links.shown([r.card for r in found]):
        return
    items = closing_asked(turn, turn.here, found)
    windows = {(w.milestone, w.person): w for w in turn.store.windows(turn.here.id, {person})}
    windows |= {(name, who): window_of(item, who) for (name, who), item in items.items()}
    course = course_of(turn.here.course_text)
    for request in found:
        key = (request.milestone, person)
        milestone = rules.as_milestone(course, items[key]) if key in items else course.milestone(request.milestone)
        if milestone is not None and key in windows:
            came = how_it_came(turn, request, items.get(key))
            card = time_views.request_card(turn.here.id, milestone, windows[key], request, "", came, turn.now)
            turn.show_to(person, request.card, card)
            turn.happened(DeskChanged(turn.here.id, request.desk_name, again=not came))


def answer(turn: Milestones, request: Request, window: Window, said: Text) -> Awaited:
    """What tells the learner that their request was answered in words."""
    until = max(window.due_at, turn.now) + ANSWER_IS_NEWS
    words = time_views.in_words(request.answer)
    return Awaited(request.person, turn.here.id, request.told, said, until, words)


def move(turn: Milestones, milestone: Milestone, person: Person | None, days: int) -> list[Window]:
    """Moves the date by `days` more, for one learner or (None) for all; returns the windows that changed."""
    cohort = turn.here
    who = person.id if person else None
    people = [person] if person else turn.people.members(cohort.id, Role.LEARNER)
    off = Counter(_off_plan(turn, cohort, milestone, people).values())
    most = min(off, key=lambda n: (-off[n], n), default=0)
    before = turn.store.moves(cohort.id).get((milestone.id, who or 0), 0) + most
    turn.store.move(cohort.id, milestone.id, who, before + days, turn.me.id, turn.now)
    return renew(turn, milestone, person)


def foreseen(turn: Milestones, person: Person, change: Callable[[Milestones], object]) -> list[Moved]:
    """Which dates of a learner would move with a change, and all that follows from it."""
    before, away = items_of(turn, turn.here, [person]), away_of(turn, turn.here)

    def look(own: Milestones) -> list[Moved]:
        return moves(before, items_of(own, turn.here, [person]), away, turn.now).get(person.id, [])

    return turn.features.try_out(turn, change, look)


def gone(turn: Milestones, moved: Mapping[int, Sequence[Moved]], *, asked_for: bool) -> set[int]:
    """Who of these people reads of it only once they are back. Learners who are silent still get what they asked for at
    their hour, unless the date is near."""
    away, silent = turn.people.away(turn.here.id), turn.people.gone(turn.here.id)
    waits = {p: asked_for and not any(one.is_urgent(turn.now) for one in mine) for p, mine in moved.items()}
    return {p for p in moved if p in (away if waits[p] else silent)}


def accommodate(turn: Milestones, person: Person, days: int, *, open_too: bool = False) -> None:
    """Gives a learner `days` more on all that closes, now and later. Where that is less than before, what
    has opened keeps what it had, since they count on it, unless the course team wants it for what is `open_too`. Set
    again, it replaces what was set, and adds nothing to it."""
    cohort, stored, milestones = turn.here, turn.store.moves(turn.here.id), course_of(turn.here.course_text).milestones
    before, given = others(turn, person, cohort), more_time(turn, cohort)
    off_plan = {m.id: _off_plan(turn, cohort, m, [person]).get(person.id, 0) for m in milestones}
    less = stored.get((EVERY, person.id), 0) - days
    turn.store.move(cohort.id, EVERY, person.id, days, turn.me.id, turn.now)
    changed: list[Window] = []
    if less > 0 or open_too:
        for window in turn.store.windows(cohort.id, {person.id}):
            if window.opens_at <= turn.now:
                had = 0 if open_too else rules.accommodation(stored, window.milestone, person.id)
                turn.store.move(cohort.id, kept(window.milestone), person.id, had, turn.me.id, turn.now)
        changed += plan(turn, cohort, [person])
    else:
        for milestone in milestones:
            if off := off_plan.get(milestone.id):
                own = stored.get((milestone.id, person.id), 0) + off
                turn.store.move(cohort.id, milestone.id, person.id, own, turn.me.id, turn.now)
            changed += plan(turn, cohort, [person], milestone.id)
    show_receipts(turn, cohort, changed)
    follow_requests(turn, cohort, [person])
    for window in changed:
        turn.happened(ItemMoved(cohort.id, item_name(window.milestone), person.id))
    turn.happened(MoreTimeGiven(cohort.id, person.id))
    for item in before:
        had = given.always(item.name, person.id)
        if less > 0 or open_too:
            over = item.due_at + (days - had) * DAY <= turn.now
            stays = had if over or not open_too else 0
            turn.store.move(cohort.id, kept(item.name), person.id, stays, turn.me.id, turn.now)
        turn.happened(ItemMoved(cohort.id, item.name, person.id))
    turn.happened(ItemsChanged(cohort.id, person.id))


def others(turn: Milestones, person: Person, cohort: Cohort) -> list[Item]:
    """What has opened for a learner besides milestones, and closes."""
    return [item for item in closing(turn, cohort, [person]).values() if item.opens_at <= turn.now]


def is_closing(item: Item) -> bool:
    """Whether it closes, or its date can be moved, and it is no milestone: a discussion, a check-in, a wrap-up, a
    review."""
    return (item.closes or item.shift is not None) and not item.name.startswith(item_name(""))


def closing(turn: Milestones, cohort: Cohort, people: Sequence[Person]) -> dict[tuple[str, int], Item]:
    """What closes for these people besides milestones, by its name and the person."""
    return {(item.name, who): item for who, item in asked_of(turn, cohort, people) if is_closing(item)}


def closing_asked(turn: Milestones, cohort: Cohort, requests: Sequence[Request]) -> dict[tuple[str, int], Item]:
    """The same, of what these requests are about."""
    about = {(r.milestone, r.person) for r in requests if rules.closes(r.milestone)}
    people = [turn.people.person(id) for id in sorted({id for _meant, id in about})]
    return {key: item for key, item in closing(turn, cohort, people).items() if key in about} if about else {}


def window_of(item: Item, person: int) -> Window:
    """What closes, as a window of this learner."""
    return Window(item.name, person, item.opens_at, item.due_at, optional=item.optional)


def renew(turn: Milestones, milestone: Milestone, person: Person | None) -> list[Window]:
    """Works out the date again for one learner or (None) for all, after what it follows from was changed."""
    people = [person] if person else turn.people.members(turn.here.id, Role.LEARNER)
    changed = plan(turn, turn.here, people, milestone.id)
    show_receipts(turn, turn.here, changed)
    follow_requests(turn, turn.here, people)
    turn.happened(ItemMoved(turn.here.id, item_name(milestone.id), person.id if person else None))
    return changed


def _off_plan(turn: Milestones, cohort: Cohort, milestone: Milestone, people: Sequence[Person]) -> dict[int, int]:
    """person -> by how many days their date is later than planned (or earlier, if negative), because they kept it when
    a start moved. More time counts from the date that they have."""
    by_id, stored = {p.id: p for p in people}, turn.store.moves(cohort.id)
    joined = turn.people.joined(cohort.id, by_id)
    found: dict[int, int] = {}
    for window in turn.store.windows(cohort.id, by_id, milestone.id):
        if window.person in joined and not window.optional:
            zone, own = by_id[window.person].zone, rules.own_days(stored, milestone.id, window.person)
            for_all, since = stored.get((milestone.id, 0), 0), joined[window.person]
            planned = rules.window_for(milestone, cohort.timetable, zone, for_all, own, since)
            found[window.person] = round((window.due_at - planned.due_at) / DAY)
    return found
