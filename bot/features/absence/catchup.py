"""Coming back: the one card that says where to continue, after an absence or a missed essential milestone."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

from bot.core.asking import asked_of, extras_of
from bot.core.contributions import NEWS, Extra, Item
from bot.core.due import Due, Plan
from bot.core.facts import CameBack
from bot.core.items import line, over
from bot.core.message import Message
from bot.core.people import Cohort, Person, Role
from bot.core.planning import Planning
from bot.core.time import local_day, next_time
from bot.core.translation import N_
from bot.core.turn import Turn
from bot.core.voice import Card, Hush, Rank
from bot.course.calendar import week_line
from bot.course.loader import course_of
from bot.course.model import Milestone
from bot.features.absence import rules, views
from bot.features.absence.store import AbsenceStore, Standing, Step, Window, feature

Absences = Turn[AbsenceStore]

MISSED = "absence.missed"

USEFUL_FOR = timedelta(days=3)
"""How long a catch-up card waits when the message budget is used up. Cards that expire sooner are sent sooner."""

AGAIN, TRIES = "+", 6
"""A card about missed work for which the budget had no room is tried again on each of the next days, with '+1' and so
on in its name."""

JUST_BACK = timedelta(days=3)
"""A learner who was welcomed back within this time has read what they missed."""


def standings(turn: Absences, cohort: Cohort, people: Sequence[Person]) -> dict[int, Standing]:
    """Where each of these learners stands, queried once for all of them."""
    course = course_of(cohort.course_text)
    items: dict[int, list[Item]] = defaultdict(list)
    for who, item in asked_of(turn, cohort, people):
        items[who].append(item)
    windows: dict[int, list[Window]] = defaultdict(list)
    for w in turn.store.windows(cohort.id, {p.id for p in people}):
        windows[w.person].append(w)
    offers = _offers(turn, cohort, people)
    found = {}
    for person in people:
        mine = sorted(items[person.id], key=lambda i: i.due_at)
        ahead = [i for i in mine if i.is_ahead(turn.now)]
        ready = [*rules.overdue(mine, turn.now), *(i for i in ahead if i.opens_at <= turn.now)]
        ready += [i for i in mine if i.is_welcome(turn.now)]
        steps = [Step(i.name, line(i, turn.now), i.button) for i in ready]
        if not steps:
            steps = [Step(i.name, views.opening(i.to_do, i.opens_at), None) for i in ahead[:1]]
        lost = [over(i) for i in mine if i.is_lost(turn.now)]
        movable = rules.can_move(course, windows[person.id], mine, turn.now)
        week = week_line(cohort, person.zone, turn.now)
        found[person.id] = Standing(week, steps[: rules.SHOWN], movable, lost[: rules.SHOWN], offers[person.id])
    return found


def _offers(turn: Absences, cohort: Cohort, people: Sequence[Person]) -> dict[int, list[Extra]]:
    """What this week's card has that asks for an answer."""
    by_week: dict[int, list[Person]] = defaultdict(list)
    for person in people:
        by_week[max(1, cohort.week_on(local_day(turn.now, person.zone)))].append(person)
    found: dict[int, list[Extra]] = {}
    for week, some in by_week.items():
        extras = extras_of(turn, cohort, week, some)
        found |= {p.id: [e for e in extras[p.id] if e.stands] for p in some}
    return found


def page(turn: Absences) -> Message:
    """The catch-up card as an answer. It tells what changed meanwhile."""
    news = turn.collect(NEWS, turn.here, turn.me)
    turn.say(*(Hush(line.key) for line in news))
    standing = standings(turn, turn.here, [turn.me])[turn.me.id]
    return views.catch_up(turn.here.id, turn.me.greeted, standing, [line.text for line in news])


def _anchor(turn: Absences, person: int, name: str) -> str:
    return f"catchup/{turn.here.id}/{person}/{name}"


def _card(turn: Absences, person: Person, name: str, message: Message, rank: Rank) -> Card:
    anchor = _anchor(turn, person.id, name)
    return Card(person.id, turn.here.id, anchor, message, turn.now, turn.now + USEFUL_FOR, rank=rank)


# After an absence


@feature.due("back", within=timedelta(days=14), fold=True, after_end=True, title=N_("Cards that welcome back"))
def welcome_back(turn: Absences, batch: Sequence[Due]) -> None:
    """Sent once per absence; people who returned by command already got the card. No card comes to those who are away
    again, or paused meanwhile. After the end of the cohort the final card is the card of the return."""
    learners = {p.id: p for p in turn.people.members(turn.here.id, Role.LEARNER)}
    gone = turn.store.gone(turn.here.id)
    found = [turn.store.absence(int(due.occurrence)) for due in batch]
    over = {a.person: a for a in found if a and a.back_at is None and a.person in learners and a.is_over(turn.now)}
    absences = turn.store.absences(turn.here.id)
    standing = standings(turn, turn.here, [learners[p] for p in over if p not in gone])
    for absence in over.values():
        person = learners[absence.person]
        for each in absences.get(person.id, ()):
            if each.is_over(turn.now):
                turn.store.keep(replace(each, back_at=turn.now))
        if person.id in gone:
            continue
        turn.happened(CameBack(turn.here.id, person.id))
        if turn.here.ended_at is not None:
            continue
        message = views.catch_up(turn.here.id, person.greeted, standing[person.id])
        turn.say(_card(turn, person, str(absence.id), message, "first"))


# After a missed milestone


def plan_missed(turn: Absences, planning: Planning) -> Iterator[Plan]:
    """When learners are asked about missing essential work. After planning again, dates long past send nobody a
    card."""
    cohort, course = planning.cohort, course_of(planning.cohort.course_text)
    essential = {m.id: m for m in course.milestones if m.essential}
    by_id = {p.id: p for p in planning.people}
    if not essential or not by_id:
        return
    for w in turn.store.windows(cohort.id, by_id):
        if w.milestone not in essential or w.optional or w.handed_in:
            continue
        asked = rules.asked_at(w, essential[w.milestone], by_id[w.person], course.messages, turn.uptime)
        if (at := planning.when(asked, turn.now)) is not None:
            # Without `person`: the voice would reserve a place for a card that may not come.
            yield Plan(MISSED, f"{cohort.id}/{w.person}", w.milestone, at, cohort.id)


@feature.due("missed", within=timedelta(days=3), title=N_("Cards about missed work"))
def ask_who_missed(turn: Absences, batch: Sequence[Due]) -> None:
    """Asks once per milestone and person; several missed ones share one card. Other cards of the day and week come
    first, and it is tried again on the next days. After the last week there is nothing to catch up with: the final card
    says what is missing, and until when it counts."""
    cohort, course = turn.here, course_of(turn.here.course_text)
    meant = {(_person(due), due.occurrence.partition(AGAIN)[0]): due.occurrence for due in batch}
    members = turn.people.members(cohort.id, Role.LEARNER)
    last = len(course.weeks)
    learners = {p.id: p for p in members if cohort.week_on(local_day(turn.now, p.zone)) <= last}
    gone, returned = turn.store.gone(cohort.id), turn.store.returned(cohort.id)
    just_back = {p for p, at in returned.items() if turn.now - at < JUST_BACK}
    people = {p for p, _ in meant} & learners.keys() - gone - just_back
    found = _missing(turn, [learners[p] for p in people])
    missing = {p: [m for m in work if (p, m.id) in meant] for p, work in found.items()}
    for window in turn.store.windows(cohort.id, people):
        milestone, learner = course.milestone(window.milestone), learners[window.person]
        if milestone is None or (learner.id, milestone.id) not in meant or window.handed_in:
            continue
        later = rules.asked_at(window, milestone, learner, course.messages, turn.uptime)
        due = window.in_time_until(milestone.grace)
        if later > turn.now and turn.uptime.open_until(window.opens_at, due) != due:
            turn.plan(Plan(MISSED, another_try(cohort.id, learner.id), f"{milestone.id}{AGAIN}0", later, cohort.id))
    standing = standings(turn, cohort, [learners[p] for p in missing])
    for id, work in missing.items():
        if not work:
            continue
        first, learner = work[0].id, learners[id]
        _, again, tries = meant[id, first].partition(AGAIN)
        if again and turn.links.ref(_anchor(turn, id, first)) is not None:
            continue
        message = views.missed(cohort.id, learner.greeted, work, standing[id])
        turn.say(_card(turn, learner, first, message, "spare"))
        if int(tries or 0) < TRIES:
            at = next_time(turn.now, course.messages.hour(learner.hour), learner.zone)
            occurrence = f"{first}{AGAIN}{int(tries or 0) + 1}"
            turn.plan(Plan(MISSED, another_try(cohort.id, id), occurrence, at, cohort.id))


def _missing(turn: Absences, people: Sequence[Person]) -> dict[int, list[Milestone]]:
    """The essential milestones that each of these learners should have handed in by now, soonest due first."""
    course, ids = course_of(turn.here.course_text), {p.id for p in people}
    joined = turn.people.joined(turn.here.id, ids)
    missing: dict[int, list[Milestone]] = {}
    for window in turn.store.windows(turn.here.id, ids):
        milestone = course.milestone(window.milestone)
        if milestone is None or not milestone.essential:
            continue
        if rules.is_missed(window, milestone, joined.get(window.person, turn.now), turn.uptime):
            missing.setdefault(window.person, []).append(milestone)
    return missing


def another_try(cohort: int, person: int) -> str:
    """The subject of further tries, which is separate so that a change of the learner's clock does not take them
    back."""
    return f"{cohort}/{person}/{AGAIN}"


def _person(due: Due) -> int:
    return int(due.subject.split("/")[1])


# Following dates


def show_again(turn: Absences, people: Collection[int] | None) -> None:
    """Updates the cards of these people (None: of everybody): each welcome back, however old, and those about missed
    work."""
    cohort, course = turn.here, course_of(turn.here.course_text)
    ids = turn.people.joined(cohort.id, people).keys()
    turn.people.fetch(ids)
    learners = {id: turn.people.person(id) for id in sorted(ids)}
    welcomed = turn.store.welcomed(cohort.id, people)
    backs = {_anchor(turn, p, str(absence)): p for absence, p in welcomed.items() if p in learners}
    essential = {m.id: m for m in course.milestones if m.essential}
    asked = {_anchor(turn, p, milestone): p for p in learners for milestone in essential}
    found = [*backs, *asked]
    sent = turn.links.shown(found)
    present = sent | turn.links.waiting([anchor for anchor in found if anchor not in sent])
    whose = {anchor: (backs | asked)[anchor] for anchor in found if anchor in present}
    standing = standings(turn, cohort, [learners[p] for p in dict.fromkeys(whose.values())])
    missing = _missing(turn, [learners[p] for anchor, p in whose.items() if anchor in asked])
    windows: dict[int, list[Window]] = defaultdict(list)
    for w in turn.store.windows(cohort.id, {p for anchor, p in whose.items() if anchor in asked}):
        windows[w.person].append(w)
    cards: list[Card] = []
    for anchor, id in whose.items():
        person = learners[id]
        name = anchor.rpartition("/")[2]
        if anchor in backs:
            message = views.catch_up(cohort.id, person.greeted, standing[id])
            cards.append(_card(turn, person, name, message, "first"))
        else:
            # Work that has a card of its own is not on this one.
            work = [m for m in missing.get(id, ()) if m.id == name or _anchor(turn, id, m.id) not in whose]
            if not work and anchor not in sent:
                turn.say(Hush(anchor))
                continue
            came = any(w.milestone == name and w.handed_in for w in windows[id])
            message = views.missed(cohort.id, person.greeted, work, standing[id], essential[name], came=came)
            cards.append(_card(turn, person, name, message, "spare"))
    turn.show_again(cards)
