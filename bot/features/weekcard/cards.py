"""A week card: planned by each learner's clock, posted once, updated afterwards."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime

from bot.core.asking import asked_of, extras_of
from bot.core.calendar import usual_items
from bot.core.contributions import PAYS, Extra, Item
from bot.core.due import Plan
from bot.core.fingerprints import fingerprint
from bot.core.message import Message
from bot.core.people import Cohort, Person, Role
from bot.core.planning import Planning
from bot.core.time import ANYWHERE_ON_EARTH
from bot.core.turn import Turn
from bot.core.voice import Card, Hush
from bot.course.calendar import week_opens
from bot.course.loader import course_of
from bot.course.model import Week
from bot.features.weekcard import rules, views
from bot.features.weekcard.store import EVERYBODY, Own, WeekcardStore, card

OPEN = "weekcard.open"
TOGETHER = "weekcard.together"
BEGIN = "weekcard.begin"

MORNING = 9
"""The hour at which a week's post appears in the cohort's channel, by the cohort's clock."""

Weekcards = Turn[WeekcardStore]
Items = Mapping[int, Sequence[Item]]


# Planning


def plan(turn: Weekcards, planning: Planning) -> Iterator[Plan]:
    """Every week's post and everybody's cards; posted ones stay, and are updated."""
    cohort, learners = planning.cohort, planning.people
    if planning.whole:
        weeks = _lasting(cohort, turn.now)
        yield from _plan_posts(turn, cohort, weeks)
        begun = turn.store.weeks(cohort.id)
        items = items_of(turn, cohort, learners) if begun else {}
        # Cards of weeks that are over also quote dates, of work that was moved.
        for week in begun:
            if week in weeks:
                _take_back(turn, cohort, week, learners)
            refresh(turn, cohort, week, learners, items)
            refresh_opening(turn, cohort, week)
    yield from _plan_cards(turn, cohort, learners)
    yield from _plan_begins(turn, cohort, learners)
    if planning.by_another_clock:
        items = items_of(turn, cohort, learners)
        open_now = {i.week for mine in items.values() for i in mine if i.is_ahead(turn.now)}
        present = {rules.present(cohort, p.zone, turn.now) for p in learners}
        for week in sorted(open_now | present):
            refresh(turn, cohort, week, learners, items, by_another_clock=True)


def _plan_posts(turn: Weekcards, cohort: Cohort, weeks: Sequence[int]) -> Iterator[Plan]:
    posted = turn.store.had(cohort.id, weeks, {EVERYBODY})
    for week in weeks:
        at = rules.post_at(cohort, week, MORNING, turn.now)
        if at is not None and (week, EVERYBODY) not in posted:
            # Without a channel nothing is posted, so the minute is part of the name.
            yield Plan(TOGETHER, str(cohort.id), f"{week}/{at:%Y-%m-%dT%H:%M}", at, cohort.id)


def _lasting(cohort: Cohort, now: datetime) -> list[int]:
    """The weeks that are not over in every zone."""
    weeks = (w.number for w in course_of(cohort.course_text).weeks)
    return [week for week in weeks if rules.week_end(cohort.timetable, week, ANYWHERE_ON_EARTH) > now]


def _take_back(turn: Weekcards, cohort: Cohort, week: int, learners: Sequence[Person]) -> None:
    """Takes back the cards of a week that had begun and is ahead again by the new dates. Learners who missed the card
    (they were away, or the voice held it) get it when their week begins."""
    table, messages = cohort.timetable, course_of(cohort.course_text).messages
    clocks = {(p.zone, p.hour) for p in learners}
    ahead = {c for c in clocks if week_opens(table, week, messages.hour(c[1]), c[0]) > turn.now}
    if not ahead:
        return
    known = turn.store.prints(cohort.id, week)
    anchors = {card(cohort.id, week, p.id): p.id for p in learners if (p.zone, p.hour) in ahead and p.id in known}
    unsaid = anchors.keys() - turn.links.shown(anchors)
    turn.say(*(Hush(anchor) for anchor in sorted(unsaid)))
    turn.store.forget(cohort.id, week, {anchors[anchor] for anchor in unsaid})


def _plan_cards(turn: Weekcards, cohort: Cohort, learners: Sequence[Person]) -> Iterator[Plan]:
    """Each learner's cards by their own clock. A card that they had is not planned again."""
    course, table = course_of(cohort.course_text), cohort.timetable
    had = turn.store.had(cohort.id, _lasting(cohort, turn.now), _some(learners))
    known: dict[tuple[str, int], list[tuple[int, datetime]]] = {}
    for person in learners:
        clock = (person.zone, person.hour)
        if clock not in known:
            at = course.messages.hour(person.hour)
            found = ((w.number, rules.card_at(table, w.number, at, person.zone, turn.now)) for w in course.weeks)
            known[clock] = [(week, at) for week, at in found if at is not None]
        subject = f"{cohort.id}/{person.id}"
        for week, opens in known[clock]:
            if (week, person.id) not in had:
                yield Plan(OPEN, subject, _name(week, opens), opens, cohort.id, person.id)


def _plan_begins(turn: Weekcards, cohort: Cohort, learners: Sequence[Person]) -> Iterator[Plan]:
    """When items open for each learner: their buttons come onto the card then."""
    opens: dict[str, set[datetime]] = {}
    for zone in {p.zone for p in learners}:
        found = asked_of(turn, cohort, [Person(0, "", zone)])
        opens[zone] = {i.opens_at for _, i in found if i.button is not None and not i.apart and i.opens_at > turn.now}
    for person in learners:
        for at in sorted(opens[person.zone]):
            # Without `person`: the voice would reserve a place for a card that does not come.
            yield Plan(BEGIN, f"{cohort.id}/{person.id}", at.isoformat(), at, cohort.id)


def _name(week: int, at: datetime) -> str:
    """The name of a plan. A card that reached nobody on one day is still sent on another."""
    return f"{week}/{at:%Y-%m-%d}"


def week_of(occurrence: str) -> int:
    """The week in a plan's name."""
    return int(occurrence.partition("/")[0])


# What a card says


def items_of(turn: Weekcards, cohort: Cohort, people: Sequence[Person]) -> Items:
    """The items of each person. Each feature is asked once for all people."""
    found: dict[int, list[Item]] = {p.id: [] for p in people}
    for person, item in asked_of(turn, cohort, people):
        found[person].append(item)
    return found


def own(turn: Weekcards, cohort: Cohort, week: int, people: Sequence[Person], items: Items) -> dict[int, Own]:
    """The parts of a week's card that differ from learner to learner."""
    optional = _optional_before(turn, cohort, week, people)
    table = cohort.timetable
    last = week == len(course_of(cohort.course_text).weeks)
    return {p.id: rules.own(table, week, p.zone, items[p.id], turn.now, optional.get(p.id, 0), last) for p in people}


def _optional_before(turn: Weekcards, cohort: Cohort, week: int, people: Sequence[Person]) -> dict[int, int]:
    """person -> the last optional week, for late joiners whose first card this is."""
    if week == 1:
        return {}
    second = rules.week_end(cohort.timetable, 1, "Etc/GMT-14")
    joined = turn.people.joined(cohort.id, _some(people))
    after = [p for p in people if p.id in joined and joined[p.id] > second]
    late = {p.id: rules.first_week(cohort, p, joined[p.id]) - 1 for p in after}
    known = turn.store.had_one(cohort.id, week, late) if late else set()
    return {person: last for person, last in late.items() if last > 0 and person not in known}


def _some(people: Collection[Person]) -> set[int] | None:
    """The people to query; None if it is faster to query everybody."""
    return {p.id for p in people} if len(people) < 200 else None


def content_of(turn: Weekcards, cohort: Cohort, week: int) -> Week | None:
    """What there is to study in a week, without what gave up its minutes."""
    content = course_of(cohort.course_text).week(week)
    return content and rules.without(content, turn.collect(PAYS, cohort))


def messages(
    turn: Weekcards, cohort: Cohort, week: int, people: Sequence[Person], items: Items
) -> dict[int, tuple[Message, str]]:
    """Each person's card and its fingerprint. People with the same dates share a card, which is made once."""
    content = content_of(turn, cohort, week)
    if content is None or not people:
        return {}
    extras = extras_of(turn, cohort, week, people)
    made: dict[tuple[Own, Sequence[Extra]], tuple[Message, str]] = {}
    found: dict[int, tuple[Message, str]] = {}
    for person, theirs in own(turn, cohort, week, people, items).items():
        shown = theirs, extras[person]
        if shown not in made:
            message = views.card(cohort.id, content, theirs, turn.now, extras[person])
            made[shown] = (message, fingerprint(message))
        found[person] = made[shown]
    return found


# Handing out


def hand_out(turn: Weekcards, cohort: Cohort, week: int, people: Collection[int]) -> None:
    """Hands the cards of a week to the voice, for those of these people who had none and whose week is not over."""
    known = turn.store.prints(cohort.id, week, people)
    fresh = [
        p
        for p in turn.people.members(cohort.id, Role.LEARNER)
        if p.id in people and p.id not in known and rules.week_end(cohort.timetable, week, p.zone) > turn.now
    ]
    items = items_of(turn, cohort, fresh)
    made = messages(turn, cohort, week, fresh, items)
    turn.store.keep(cohort.id, week, {person: print for person, (_, print) in made.items()})
    turn.say(*(_card(turn, cohort, week, p, made[p.id][0], items[p.id]) for p in fresh if p.id in made))


def _card(turn: Weekcards, cohort: Cohort, week: int, person: Person, message: Message, items: Sequence[Item]) -> Card:
    at = rules.said_at(cohort, week, person, items, turn.now)
    until = useful_until(cohort, week, person.zone, at)
    return Card(person.id, cohort.id, card(cohort.id, week, person.id), message, at, until, rank="core", lists_all=True)


def useful_until(cohort: Cohort, week: int, zone: str, at: datetime) -> datetime:
    """Until when a card planned for `at` is of use: while the week begins, so that it precedes a prompt of the same
    morning that lasts longer."""
    return min(at + rules.FRESH, rules.week_end(cohort.timetable, week, zone))


# Keeping it up to date


def refresh(
    turn: Weekcards,
    cohort: Cohort,
    week: int,
    people: Sequence[Person],
    items: Items,
    by_another_clock: bool = False,
) -> None:
    """Edits the cards of a week whose contents have changed. `by_another_clock`: all of them, since the same instants
    are other times for their readers."""
    turn.cohort = cohort
    known = turn.store.prints(cohort.id, week, _some(people))
    theirs = [p for p in people if p.id in known]
    made = messages(turn, cohort, week, theirs, items)
    changed = [p for p in theirs if p.id in made and (by_another_clock or made[p.id][1] != known[p.id])]
    if not changed:
        return
    turn.store.keep(cohort.id, week, {p.id: made[p.id][1] for p in changed})
    # A learner who was away or silent that day got no card and needs none now: the card about being back said how to
    # continue.
    turn.show_again([_card(turn, cohort, week, p, made[p.id][0], items[p.id]) for p in changed])


def _refresh_present(
    turn: Weekcards, cohort: Cohort, people: Sequence[Person], items: Items, by_another_clock: bool = False
) -> None:
    """The cards of each learner's current week."""
    by_week: dict[int, list[Person]] = {}
    for person in people:
        by_week.setdefault(rules.present(cohort, person.zone, turn.now), []).append(person)
    for week, some in by_week.items():
        refresh(turn, cohort, week, some, items, by_another_clock)


def follow_item(turn: Weekcards, cohort: Cohort, name: str, person: Person | None) -> None:
    """Edits the cards that mention an item, after it changed for a learner or (None) for everybody."""
    people = [person] if person else turn.people.members(cohort.id, Role.LEARNER)
    items = items_of(turn, cohort, people)
    changed = [i for mine in items.values() for i in mine if i.name == name]
    if all(i.apart for i in changed):
        return
    weeks = {i.week for i in changed}
    for week in sorted(weeks):
        refresh(turn, cohort, week, people, items)
        if person is None:
            refresh_opening(turn, cohort, week)
    elsewhere = [p for p in people if rules.present(cohort, p.zone, turn.now) not in weeks]
    _refresh_present(turn, cohort, elsewhere, items)


def follow_items(turn: Weekcards, cohort: Cohort, person: Person | None) -> None:
    """Edits the cards after a feature has other items for a learner or (None) for everybody."""
    people = [person] if person else turn.people.members(cohort.id, Role.LEARNER)
    items = items_of(turn, cohort, people)
    for week in turn.store.weeks(cohort.id):
        refresh(turn, cohort, week, people, items)
        if person is None:
            refresh_opening(turn, cohort, week)


def follow_begins(turn: Weekcards, cohort: Cohort, people: Collection[int]) -> None:
    """Edits the cards of these learners, for whom something has opened."""
    learners = [p for p in turn.people.members(cohort.id, Role.LEARNER) if p.id in people]
    _refresh_present(turn, cohort, learners, items_of(turn, cohort, learners))


# In the cohort's channel


def post_opening(turn: Weekcards, cohort: Cohort, week: int) -> None:
    """Posts the opening of a week that is not over."""
    if rules.week_end(cohort.timetable, week, cohort.zone) > turn.now:
        _show_opening(turn, cohort, week, "")


def refresh_opening(turn: Weekcards, cohort: Cohort, week: int) -> None:
    """Edits the post if its contents have changed."""
    before = turn.store.prints(cohort.id, week, {EVERYBODY}).get(EVERYBODY)
    if before is not None:
        _show_opening(turn, cohort, week, before)


def _show_opening(turn: Weekcards, cohort: Cohort, week: int, before: str) -> None:
    content = course_of(cohort.course_text).week(week)
    if content is None or not cohort.places("main"):
        return
    usual = usual_items(turn, cohort, cohort.zone)
    listed = [i for i in usual if i.week == week and not i.apart and not i.private]
    message = views.opening(cohort, content, listed, turn.now)
    print = fingerprint(message)
    if print != before:
        turn.cohort = cohort
        turn.store.keep(cohort.id, week, {EVERYBODY: print})
        turn.open_week(week, message)
