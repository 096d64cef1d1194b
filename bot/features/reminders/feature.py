"""Reminders: one for everything that is pending, privately, few, and only for those who want them.

The other features say what is pending (`Features.pending`), and bot/course/reminding.py decides when to remind.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.core.asking import asked_of
from bot.core.contributions import CARDS, DATES, CardAhead, Date, Item
from bot.core.due import Due, Plan
from bot.core.facts import DatesMoved, ItemDone, ItemMoved, ItemsChanged, ItemTakenBack, ZoneChanged
from bot.core.feature import Press, Reply
from bot.core.people import ANYONE, Cohort, Person, Role
from bot.core.plain import plain_text
from bot.core.planning import Planning
from bot.core.time import local_day, monday_of
from bot.core.timetable import DAY
from bot.core.translation import N_, _
from bot.core.turn import Turn
from bot.core.voice import Card, Hush
from bot.course.loader import course_of
from bot.course.reminding import Ahead, Reminder, reminders
from bot.features.reminders import views
from bot.features.reminders.store import ReminderStore, feature

REMIND = "reminders.remind"
PLAN = "reminders.plan"
FOLLOW = "reminders.follow"
AT_ONCE = 500
"""Learners whose reminders are planned in one unit of work. Planning a large cohort takes seconds, and no answer should
wait for that."""

SOON = timedelta(hours=49)
"""A reminder is useful while something is due within this time: two days, and an hour for a clock change."""

AHEAD = timedelta(days=7)
"""How far ahead a reminder lists what is open."""

__all__ = ["feature"]


# Planning


@feature.planned("remind", again=[ItemMoved, ItemDone, ItemTakenBack, ItemsChanged])
def plan(turn: Turn[ReminderStore], planning: Planning) -> Iterator[Plan]:
    """Work that is done needs no reminder. The reminders of a whole cohort are planned by the next steps of the
    loop."""
    if planning.whole:
        why = turn.event.key if turn.event else turn.now.isoformat()
        return iter([_next(turn.here.id, why, 0, turn.now)])
    return _reminders(turn, planning.people)


def _next(cohort: int, why: str, after: int, now: datetime) -> Plan:
    return Plan(PLAN, str(cohort), f"{after}/{why}", now, cohort)


@feature.on(ItemDone)
def forget_done(turn: Turn[ReminderStore], fact: ItemDone) -> None:
    """A reminder that still waits for a card of today would mention what is done."""
    turn.say(Hush(_anchor(turn, fact.cohort, turn.people.person(fact.person))))
    follow_soon(turn, fact)


def follow_soon(turn: Turn[ReminderStore], fact: ItemDone | ItemTakenBack) -> None:
    """A sent reminder changes after the act and not by it, so that it stays where it is: see `bot/runtime/joined.py`.
    One below a prompt is a part of that."""
    if any(name == fact.name for _, _, name in turn.store.named([fact.person])):
        turn.plan(Plan(FOLLOW, f"{fact.cohort}/{fact.person}", turn.now.isoformat(), turn.now, fact.cohort))


feature.on(ItemTakenBack)(follow_soon)


@feature.due("follow", within=timedelta(days=1), fold=True)
def follow_done(turn: Turn[ReminderStore], batch: Sequence[Due]) -> None:
    """Sent reminders name only what is still open."""
    people = [int(due.subject.partition("/")[2]) for due in batch]
    named: dict[int, set[str]] = defaultdict(set)
    for person, _anchor, name in turn.store.named(people):
        named[person].add(name)
    _show_again(turn, named)


@feature.due("plan", within=timedelta(days=60))
def plan_some(turn: Turn[ReminderStore], batch: Sequence[Due]) -> None:
    """Plans the reminders of some learners, in the order of their ids, and then those of the next."""
    learners = sorted(turn.people.members(turn.here.id, Role.LEARNER), key=lambda p: p.id)
    for due in batch:
        after, _, why = due.occurrence.partition("/")
        left = [p for p in learners if p.id > int(after)]
        turn.plan(*_reminders(turn, left[:AT_ONCE]))
        if len(left) > AT_ONCE:
            turn.plan(_next(turn.here.id, why, left[AT_ONCE - 1].id, turn.now))


def _reminders(turn: Turn[ReminderStore], people: Sequence[Person]) -> Iterator[Plan]:
    """The reminders of learners. A week's reminder has one name, whatever it is for: it can move, and never comes
    twice."""
    cohort, messages = turn.here.id, course_of(turn.here.course_text).messages
    mine: dict[int, list[Ahead]] = defaultdict(list)
    for person, item in _wanted(turn, people):
        mine[person] += _dates(item)
    since = monday_of(turn.now.date()) - timedelta(days=7)
    had: dict[int, dict[date, int]] = defaultdict(dict)
    for (who, monday), number in turn.store.had(cohort, {p.id for p in people}, since).items():
        had[who][monday] = number
    for one in people:
        clock = messages.hour(one.hour)
        for reminder in reminders(mine[one.id], one.zone, clock, messages.reminders, turn.now, had[one.id]):
            # Without `person`: the voice would reserve a place for a card that may not come.
            yield Plan(REMIND, f"{cohort}/{one.id}", reminder.key, reminder.at, cohort)


def _wanted(turn: Turn[ReminderStore], people: Sequence[Person]) -> list[tuple[int, Item]]:
    """What these learners are reminded of: what is due later, essential work as long as it is accepted late, and what
    the completion rule needs until it is accepted no more."""
    found = turn.features.pending(turn, turn.here, people)

    def is_named(item: Item) -> bool:
        return item.is_ahead(turn.now) or item.essential or (item.required and item.late_until is not None)

    return [(who, item) for who, item in found if is_named(item)]


def _dates(item: Item) -> Iterator[Ahead]:
    """Before which dates somebody is reminded of an item: the due date, and the end of late work if it matters for the
    whole course."""
    yield _ahead(item)
    if item.matters and item.late_until is not None:
        yield Ahead(item.name, item.due_at, item.late_until, item.essential)


def _ahead(item: Item) -> Ahead:
    return Ahead(item.name, item.opens_at, item.due_at, item.essential)


@feature.contributes(DATES)
def dates(turn: Turn[ReminderStore], cohort: Cohort, person: Person) -> Sequence[Date]:
    # Named by what it is for first, since its date may change.
    found = _planned(turn, cohort, person)
    return [Date(r.at, "reminder", of[0].key, ", ".join(i.title for i in of)) for r, of in found]


@feature.contributes(CARDS)
def cards(turn: Turn[ReminderStore], cohort: Cohort, person: Person) -> Sequence[CardAhead]:
    course, found = course_of(cohort.course_text), []
    for reminder, (first, *__) in _planned(turn, cohort, person):
        id = first.id.partition("/")[0]
        prompt = course.prompt(id)
        title = prompt.title if prompt else first.title
        found.append(CardAhead(course.path(id), first.week, title, reminder.at, first.due_at, "spare", joins=True))
    return found


def _planned(turn: Turn[ReminderStore], cohort: Cohort, person: Person) -> Iterator[tuple[Reminder, Sequence[Item]]]:
    """The reminders of a learner who has done nothing yet, each with what it is for."""
    messages = course_of(cohort.course_text).messages
    items = {item.name: item for _, item in asked_of(turn, cohort, [person]) if not item.optional}
    ahead = [_ahead(i) for i in items.values()]
    for reminder in reminders(ahead, person.zone, messages.hour(person.hour), messages.reminders):
        yield reminder, [items[a.name] for a in reminder.of]


# Reminding


@feature.due("remind", within=timedelta(hours=12), fold=True, title=N_("Reminders"))
def remind(turn: Turn[ReminderStore], batch: Sequence[Due]) -> None:
    """A card for each learner with something open that is due soon."""
    people = [turn.people.person(int(due.subject.partition("/")[2])) for due in batch]
    unwanted = turn.store.unwanted({p.id for p in people})
    open_now: dict[int, list[Item]] = defaultdict(list)
    found = [(who, item) for who, item in _wanted(turn, people) if _is_open(item, turn.now)]
    coming = turn.links.waiting({_own_word(turn.here, item, who) for who, item in found})
    for who, item in found:
        if _own_word(turn.here, item, who) not in coming and not _is_fresh(item, turn.now):
            open_now[who].append(item)
    named: list[tuple[int, str, str]] = []
    for person in people:
        mine = open_now[person.id]
        at = _next_date(mine, turn.now)
        if at is not None and at - turn.now <= SOON and person.id not in unwanted:
            anchor = _anchor(turn, turn.here.id, person)
            turn.say(_card(turn, anchor, person.id, mine))
            named += [(person.id, anchor, item.name) for item in mine]
    turn.store.keep_named(named)


def _is_open(item: Item, now: datetime) -> bool:
    return item.opens_at <= now and item.due_at - now <= AHEAD


def _own_word(cohort: Cohort, item: Item, person: int) -> str:
    """The anchor of what its feature says of an item by itself. Where that still waits, it may share the reminder's
    message, which says it already."""
    return f"{item.name}/{person}" if item.apart else f"{item.name}/{cohort.id}/{person}"


def _is_fresh(item: Item, now: datetime) -> bool:
    """Whether the learner has only just been told of an item that is not due soon, such as by the card of this week."""
    return now - item.opens_at < DAY and item.due_at - now > SOON


def _card(
    turn: Turn[ReminderStore], anchor: str, person: int, found: Sequence[Item], past: Sequence[Item] = ()
) -> Card:
    """`past`: what nobody is reminded of any more, since its date has moved into the past, or passed."""
    found = _by_urgency(found, turn.now) + sorted(past, key=lambda i: (not i.is_welcome(turn.now), i.due_at))
    message = views.reminder(turn.here, found, turn.now)
    about = _("Reminder: {what}", what=plain_text(found[0].to_do))
    until = _next_date(found, turn.now) or turn.now + AHEAD
    return Card(person, turn.here.id, anchor, message, turn.now, until, rank="spare", joins=True, about=about)


def _next_date(found: Sequence[Item], now: datetime) -> datetime | None:
    """The next date of any of these items."""
    return min((at for item in found if (at := item.next_date(now)) is not None), default=None)


def _by_urgency(found: Sequence[Item], now: datetime) -> list[Item]:
    """What is essential and overdue, then what is essential, what is required, and the rest; each by its date. A
    reminder's button does the first."""

    def urgency(item: Item) -> tuple[bool, bool, bool, datetime]:
        return not item.essential, item.is_ahead(now), not item.required, item.next_date(now) or item.due_at

    return sorted(found, key=urgency)


def _anchor(turn: Turn[ReminderStore], cohort: int, person: Person) -> str:
    """The anchor of today's reminder."""
    return f"{_anchors(cohort, person.id)}{local_day(turn.now, person.zone)}"


def _anchors(cohort: int, person: int) -> str:
    """What the anchors of a person's reminders begin with."""
    return f"reminder/{cohort}/{person}/"


# What a reminder quotes


@feature.on(ItemMoved)
def follow_move(turn: Turn[ReminderStore], fact: ItemMoved) -> None:
    people = turn.people.members(fact.cohort, Role.LEARNER)
    _show_again(turn, {p.id: {fact.name} for p in people if fact.person in (None, p.id)})


@feature.on(DatesMoved)
def follow_dates(turn: Turn[ReminderStore], fact: DatesMoved) -> None:
    _show_again(turn, {person: {item.name for item in mine} for person, mine in fact.known.items()})


@feature.on(ZoneChanged)
def follow_clock(turn: Turn[ReminderStore], fact: ZoneChanged) -> None:
    """The reminder says its dates by the new clock."""
    for membership in turn.people.memberships(fact.person):
        home = turn.people.cohort(membership.cohort)
        if home is not None and membership.role is Role.LEARNER:
            here = replace(turn, cohort=home)
            _show_again(here, {fact.person: {item for _, _, item in turn.store.named([fact.person])}})


def _show_again(turn: Turn[ReminderStore], moved: Mapping[int, Collection[str]]) -> None:
    """Shows every reminder again that named one of these items, with what of it is not done: its date may be past."""
    cohort = turn.here.id
    named: dict[tuple[int, str], set[str]] = defaultdict(set)
    for person, anchor, name in turn.store.named(moved):
        if anchor.startswith(_anchors(cohort, person)):
            named[person, anchor].add(name)
    stale = {key: names for key, names in named.items() if not names.isdisjoint(moved[key[0]])}
    people = [turn.people.person(p) for p in {person for person, _anchor in stale}]
    found = asked_of(turn, turn.here, people) if people else ()
    done = {(person, item.name) for person, item in found if item.done}
    open_still = _wanted(turn, people) if people else ()
    wanted = {(person, item.name) for person, item in open_still}
    cards = []
    for (person, anchor), names in stale.items():
        mine = [item for who, item in open_still if who == person and item.name in names]
        others = [item for who, item in found if who == person and item.name in names and item.is_asked]
        past = [item for item in others if (person, item.name) not in wanted]
        if mine or (past and turn.links.shown([anchor])):
            cards.append(_card(turn, anchor, person, mine, past))
        elif past:
            # It waits for its hour, and reminds of nothing any more.
            turn.say(Hush(anchor))
        elif turn.links.shown([anchor]):
            all_done = done.issuperset((person, name) for name in names)
            turn.show_to(person, anchor, views.all_done() if all_done else views.nothing_left())
    turn.show_again(cards)


# Wanting none


@feature.action("show", roles=ANYONE, lane="private")
def show(turn: Turn[ReminderStore], press: Press) -> Reply:
    return views.setting(turn.me.id not in turn.store.unwanted({turn.me.id}))


@feature.action("off", roles=ANYONE, lane="private")
def switch_off(turn: Turn[ReminderStore], press: Press) -> Reply:
    turn.store.set_wanted(turn.me.id, False)
    return views.setting(False)


@feature.action("on", roles=ANYONE, lane="private")
def switch_on(turn: Turn[ReminderStore], press: Press) -> Reply:
    turn.store.set_wanted(turn.me.id, True)
    return views.setting(True)
