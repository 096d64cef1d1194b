"""The instructor's desk: one message a workday for all cohorts, which follows what is done."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta

from bot.core.actions import Action, read_number
from bot.core.contributions import (
    AGENDA,
    AGENDA_AFTER_END,
    DEALT_WITH,
    DESK,
    OPEN_ENDS,
    DeskItem,
    OpenEnd,
    Pile,
    Upcoming,
)
from bot.core.due import Due, Plan
from bot.core.facts import (
    CameBack,
    DatesMoved,
    DeskChanged,
    ItemDone,
    ItemMoved,
    LearnerWritten,
    Left,
    Missed,
    PresenceChanged,
    SeenOnDesk,
    WentAway,
    WordsWithdrawn,
    WorkHandedIn,
    WrapupAnswered,
)
from bot.core.feature import Press, Reply
from bot.core.message import Text
from bot.core.naming import named
from bot.core.people import STAFF, Cohort, Person, Role
from bot.core.planning import Planning
from bot.core.time import at_wall, local, local_day, next_hour, say_day
from bot.core.timetable import WEEK
from bot.core.translation import _
from bot.core.turn import Turn
from bot.core.voice import Card, Hush, Line
from bot.features.digests import desk_rules, desk_views
from bot.features.digests.collecting import cohorts_of, stage_of, whom_to_mind
from bot.features.digests.store import Desk, DigestStore, Key, Sheet, feature
from bot.features.digests.store import Line as Shown

Digests = Turn[DigestStore]

DESK_DUE = "digests.desk"

FOLLOW = "digests.follow"

KEPT_APART = timedelta(days=80)
"""How far back posted desks are looked for. Less than the store remembers which of them were replaced."""


# When it comes


@feature.planned(roles=STAFF, again=[Missed])
def plan(turn: Digests, planning: Planning) -> Iterator[Plan]:
    """Each desk plans the next one; a skipped one has planned none."""
    for person in planning.people:
        yield from _next_two(turn, person)


def _next_two(turn: Digests, person: Person) -> Iterator[Plan]:
    """The next two desks; each day has one, in any zone.

    Two, because the first may have happened already today: a new hour or zone then moves the second.
    """
    at = turn.now
    for __ in range(2 if any(m.role is Role.INSTRUCTOR for m in turn.people.memberships(person.id)) else 0):
        at = next_hour(at, person.hour, person.zone, workdays_only=True)
        yield Plan(DESK_DUE, str(person.id), local_day(at, person.zone).isoformat(), at, person=person.id)


@feature.due("desk", within=timedelta(hours=12), fold=True)
def lay_desks(turn: Digests, batch: Sequence[Due]) -> None:
    """One card a workday for each instructor, for all cohorts."""
    for due in batch:
        _lay(turn, turn.people.person(int(due.subject)))


def _lay(turn: Digests, person: Person) -> None:
    desks, shown, today = _desks(turn, person), _shown(turn, person), local_day(turn.now, person.zone)
    if desk_rules.comes(desks, shown, today):
        sheet = desk_rules.next_sheet(desks, shown)
        turn.store.show(person.id, desk_rules.lines_of(sheet, turn.now))
        card, until = (
            desk_views.desk(sheet, say_day(today, "weekday"), turn.now),
            next_hour(turn.now, person.hour, person.zone),
        )
        anchor, first = _anchor(person, today), desks[0].cohort.id
        turn.say(Card(person.id, first, anchor, card, turn.now, until, Role.INSTRUCTOR, "core"))
        _replace(turn, person, _posted(turn, person))
    turn.plan(*_next_two(turn, person))


def _anchor(person: Person, day: date) -> str:
    return f"desk/{person.id}/{day.isoformat()}"


# What waits


def _desks(turn: Digests, person: Person) -> list[Desk]:
    return [_desk(turn, cohort, person) for cohort in cohorts_of(turn, person, Role.INSTRUCTOR)]


def _desk(turn: Digests, cohort: Cohort, person: Person) -> Desk:
    there, seen = replace(turn, cohort=cohort), turn.store.seen(cohort.id)
    stage = stage_of(there, cohort)
    people = whom_to_mind(there, cohort, stage)
    piles = [*there.collect(DESK, cohort, person), *([desk_views.attention(cohort, people)] if people else [])]
    today = at_wall(local_day(turn.now, cohort.zone), time(0), cohort.zone)
    unseen = desk_rules.by_urgency([desk_rules.unseen(pile, seen, today) for pile in piles])
    return Desk(cohort, unseen, stage)


def _shown(turn: Digests, person: Person) -> dict[Key, Shown]:
    return {(line.cohort, line.name): line for line in turn.store.lines(person.id)}


# The posted desk follows what is done


def _posted(turn: Digests, person: Person) -> list[str]:
    """The anchors of a person's desks that still quote somebody, the newest first."""
    today = local_day(turn.now, person.zone)
    anchors = [_anchor(person, today - timedelta(days=n)) for n in range(KEPT_APART.days)]
    replaced = turn.store.seen(_home(turn, person))
    posted = turn.links.refs(anchors)
    return [a for a in anchors if a in posted and a not in replaced]


def _update(turn: Digests, person: Person) -> None:
    """Shows the newest desk as things stand, and replaces those before it."""
    for newest, *before in filter(None, [_posted(turn, person)]):
        _show_again(turn, person, newest, _desks(turn, person))
        _replace(turn, person, before)


def _show_again(turn: Digests, person: Person, anchor: str, desks: Sequence[Desk]) -> None:
    shown = _shown(turn, person)
    names = {by: turn.people.person(by).name for line in shown.values() if (by := line.done_by) is not None}
    day = date.fromisoformat(anchor.rpartition("/")[2])
    posted = desk_rules.posted_sheet(desks, shown, names, person.id, grows=day == local_day(turn.now, person.zone))
    sheet = posted or desk_rules.asked_sheet(desks, shown, turn.now)
    if joined := desk_rules.joined_lines(sheet, shown):
        turn.store.show(person.id, joined)
    if desks:
        turn = replace(turn, cohort=desks[0].cohort)
    turn.show_to(person.id, anchor, desk_views.desk(_recalled(turn, sheet), say_day(day, "weekday"), turn.now))


def _recalled(turn: Digests, sheet: Sheet) -> Sheet:
    """With what its lines that are done were about."""
    about: dict[Key, Text] = {}
    for cohort in (one.cohort for one in sheet.desks):
        names = [row.key[1] for row in sheet.rows if row.found is None and row.key[0] == cohort.id]
        found = turn.collect(DEALT_WITH, cohort, names) if names else ()
        about |= {(cohort.id, name): text for name, text in found}
    return replace(sheet, about=about)


@feature.contributes(DEALT_WITH)
def dealt_with(turn: Digests, cohort: Cohort, names: Collection[str]) -> Sequence[tuple[str, Text]]:
    learners = turn.people.members(cohort.id, Role.LEARNER)
    return [(name, (p.name,)) for p in learners if (name := desk_views.learner_item(p.id)) in names]


def _replace(turn: Digests, person: Person, anchors: Sequence[str]) -> None:
    """Desks before the newest one quote nobody."""
    for anchor in anchors:
        day = date.fromisoformat(anchor.rpartition("/")[2])
        turn.show_to(person.id, anchor, desk_views.earlier(say_day(day, "weekday")))
    turn.store.see(_home(turn, person), anchors)


def _home(turn: Digests, person: Person) -> int:
    """The cohort under which the store remembers which desks of a person were replaced: their first."""
    memberships = [*turn.people.memberships(person.id), *turn.people.memberships(person.id, ended=True)]
    return min(m.cohort for m in memberships)


@feature.on(WordsWithdrawn)
def clear_desks(turn: Digests, fact: WordsWithdrawn) -> None:
    """Only the newest desk of each instructor quotes anybody."""
    for person in turn.people.members(fact.cohort, Role.INSTRUCTOR):
        _update(turn, person)


@feature.on(DeskChanged)
def follow(turn: Digests, fact: DeskChanged) -> None:
    if fact.again:
        turn.store.reopen(fact.cohort, [fact.name])
    _changed(turn, fact.cohort, [fact.name], done=fact.done)
    if fact.seen and (cohort := turn.people.cohort(fact.cohort)) is not None:
        piles = [p for p in _desk(turn, cohort, turn.me).piles if p.can_be_seen]
        _see(turn, cohort.id, [i for p in piles for i in p.items if i.name == fact.name])


@feature.on(ItemMoved)
def follow_move(turn: Digests, fact: ItemMoved) -> None:
    """Somebody of the course team gave a learner more time, or all of them. The learner's line is done unless it still
    has a reason: then it was another date."""
    if fact.person is not None:
        name = desk_views.learner_item(fact.person)
        _changed(turn, fact.cohort, [name], done=turn.is_staff and not _still_waits(turn, fact.cohort, name))
    else:
        _follow_learners(turn, fact.cohort, [p.id for p in turn.people.members(fact.cohort, Role.LEARNER)])


@feature.on(DatesMoved)
def follow_dates(turn: Digests, fact: DatesMoved) -> None:
    _follow_learners(turn, fact.cohort, fact.known)


def _still_waits(turn: Digests, cohort: int, name: str) -> bool:
    home = turn.people.cohort(cohort)
    desk = _desk(turn, home, turn.me) if home is not None else None
    return desk is not None and any(item.name == name for pile in desk.piles for item in pile.items)


def _follow_learners(turn: Digests, cohort: int, people: Collection[int]) -> None:
    """The desks that were posted with a line about one of them are shown again."""
    if people:
        showing = turn.store.shown_to(cohort, [desk_views.learner_item(id) for id in people])
        for person in turn.people.members(cohort, Role.INSTRUCTOR):
            if person.id in showing:
                _show_soon(turn, cohort, person)


def _show_soon(turn: Digests, cohort: int, person: Person) -> None:
    """What the course team does is on their desks at once. What others do comes a few minutes later, with all that they
    did meanwhile, so that their acts do not wait for a desk to be laid."""
    if turn.is_staff:
        _update(turn, person)
    else:
        _plan_look(turn, cohort, person)


def _plan_look(turn: Digests, cohort: int, person: Person) -> None:
    at = desk_rules.next_look(turn.now)
    turn.plan(Plan(FOLLOW, f"{cohort}/{person.id}", at.isoformat(), at, cohort))


@feature.on(ItemDone)
def follow_done(turn: Digests, fact: ItemDone) -> None:
    _follow_learners(turn, fact.cohort, [fact.person])


def follow_learner(turn: Digests, fact: WorkHandedIn | CameBack | WentAway | Left) -> None:
    _changed(turn, fact.cohort, [desk_views.learner_item(fact.person)], done=False)


feature.on(WorkHandedIn)(follow_learner)
feature.on(WentAway)(follow_learner)
feature.on(Left)(follow_learner)


@feature.on(PresenceChanged)
def follow_presence(turn: Digests, fact: PresenceChanged) -> None:
    for cohort in dict.fromkeys(m.cohort for m in turn.people.memberships(fact.person)):
        _changed(turn, cohort, [desk_views.learner_item(fact.person)], done=False)


@feature.on(CameBack)
def follow_return(turn: Digests, fact: CameBack) -> None:
    if not fact.unnoticed:
        follow_learner(turn, fact)


@feature.on(LearnerWritten)
def mark_handled(turn: Digests, fact: LearnerWritten) -> None:
    """What led to the message is off the desk of the course team."""
    cohort = turn.people.cohort(fact.cohort)
    if cohort is None:
        return
    act = desk_views.write_action(cohort.id, fact.subject)
    piles = [p for p in _desk(turn, cohort, turn.people.person(fact.by)).piles if p.can_be_seen]
    _see(turn, cohort.id, [i for p in piles for i in p.items if act in {b.action for b in i.buttons}])


def _see(turn: Digests, cohort: int, items: Sequence[DeskItem]) -> None:
    if items:
        turn.store.see(cohort, desk_rules.names(items))
        turn.happened(SeenOnDesk(cohort, tuple(i.name for i in items)))
        _changed(turn, cohort, [i.name for i in items], done=True)


def _changed(turn: Digests, cohort: int, names: Collection[str], done: bool) -> None:
    """Shows the newest desks that have a line for one of these items again. `done`: by the person who acts."""
    instructors = turn.people.members(cohort, Role.INSTRUCTOR)
    if done:
        by = turn.person.id if turn.person is not None and turn.is_staff else None
        turn.store.finish(cohort, names, [p.id for p in instructors], by)
    showing = turn.store.shown_to(cohort, names)
    for person in instructors:
        if person.id in showing:
            _show_soon(turn, cohort, person)
        elif turn.links.refs([_anchor(person, local_day(turn.now, person.zone))]):
            _plan_look(turn, cohort, person)


@feature.due("follow", within=timedelta(hours=12), fold=True, after_end=True)
def follow_what_came(turn: Digests, batch: Sequence[Due]) -> None:
    """The newest desk shows how things stand, silently; one that was posted today gets lines for what came in."""
    for person in dict.fromkeys(int(due.subject.partition("/")[2]) for due in batch):
        _update(turn, turn.people.person(person))


# Asked for


@dataclass(frozen=True)
class ShowDesk:
    """What waits for you, with its age: questions, work that came in, FAQ drafts, the script of your recap."""


@feature.command("desk", example="/cohort desk", roles=STAFF, needs_cohort=False, after_end=True)
def show_desk(turn: Digests, typed: ShowDesk) -> Reply:
    """The desk of the channel's cohort, elsewhere of all cohorts."""
    if turn.cohort is not None:
        return _asked(turn, [turn.cohort])
    running = cohorts_of(turn, turn.me, Role.INSTRUCTOR) or cohorts_of(turn, turn.me, Role.MANAGER)
    return _asked(turn, running or cohorts_of(turn, turn.me, *STAFF, ended=True))


@feature.action("desk", roles=STAFF, lane="private", after_end=True)
def press_desk(turn: Digests, press: Press) -> Reply:
    return _asked(turn, [turn.here])


def _asked(turn: Digests, cohorts: Sequence[Cohort]) -> Reply:
    """Whoever looks at all of their desk has the posted one brought up to date, too."""
    desks = [_desk(turn, cohort, turn.me) for cohort in cohorts]
    if cohorts == cohorts_of(turn, turn.me, Role.INSTRUCTOR):
        for newest in _posted(turn, turn.me)[:1]:
            _show_again(turn, turn.me, newest, desks)
    sheet = desk_rules.asked_sheet(desks, _shown(turn, turn.me), turn.now)
    shown = desk_views.desk(sheet, say_day(local(turn.now, turn.me.zone), "weekday"), turn.now)
    if turn.links.address and (ways := desk_views.on_pages([c for c in cohorts if c.ended_at is None])):
        shown = shown.with_blocks(ways)
    return named(turn.people, turn.me.id, cohorts[0] if cohorts else None, shown)


@feature.action("faq", roles=STAFF, lane="private", after_end=True)
def show_faq_week(turn: Digests, press: Press) -> Reply:
    """For desks that were posted earlier."""
    return Action("faq", "week", turn.here.id)


@feature.action("recording", roles=STAFF, lane="form")
def link_recording(turn: Digests, press: Press) -> Reply:
    """For desks that were posted earlier."""
    return Action("recaps", "record", turn.here.id, press.subject)


@feature.action("pile", roles=STAFF, lane="private", after_end=True)
def show_pile(turn: Digests, press: Press) -> Reply:
    """The whole pile, in pages. The subject: the pile's name, then '.' and the page from 1."""
    name, _, page = press.subject.rpartition(".")
    return _page(turn, name, read_number(page) or 1)


def _page(turn: Digests, name: str, page: int) -> Reply:
    found: Pile | None = next((p for p in _desk(turn, turn.here, turn.me).piles if p.name == name), None)
    return desk_views.pile(turn.here, found, page, turn.now)


@feature.action("seen", roles=STAFF, lane="private", after_end=True)
def mark_seen(turn: Digests, press: Press) -> Reply:
    """Takes an item, or the items of a page, off the desk of the course team. What it was pressed on is shown again:
    the posted desk, the same page, or the desk that was asked for."""
    piles = _desk(turn, turn.here, turn.me).piles
    items = desk_rules.listed(piles, press.subject)
    name, *given = press.subject.split(".")
    if items is None:
        return _page(turn, name, 1)
    holding = next((p for p in piles if p.name == name or any(i in p.items for i in items)), None)
    page = desk_views.page_of(holding, items[0]) if holding is not None and items else 1
    _see(turn, turn.here.id, items)
    if turn.about is not None and turn.about.startswith(f"desk/{turn.me.id}/"):
        _show_again(turn, turn.me, turn.about, _desks(turn, turn.me))
        return None
    if holding is not None and (name == holding.name or given[1:] == [desk_rules.PAGE]):
        return _page(turn, holding.name, page)
    return _asked(turn, [turn.here])


# After the end


@feature.contributes(OPEN_ENDS)
def open_ends(turn: Digests, cohort: Cohort) -> list[OpenEnd]:
    """What learners sent in and nobody has looked at. It is counted on the desk of an instructor, who has all of it."""
    for person in (turn.people.members(cohort.id, Role.INSTRUCTOR) or turn.people.members(cohort.id, Role.MANAGER))[:1]:
        piles = [pile for pile in _desk(turn, cohort, person).piles if pile.can_be_seen]
        return [OpenEnd(desk_views.not_seen(pile)) for pile in piles]
    return []


def tell_what_came_late(turn: Digests, fact: WorkHandedIn | WrapupAnswered | DeskChanged) -> None:
    """After the end nobody looks by themselves, so the instructors (or managers) are told about late work, questions
    and notes, in one line."""
    cohort = turn.people.cohort(fact.cohort)
    if cohort is None or cohort.ended_at is None:
        return
    instructors = turn.people.members(cohort.id, Role.INSTRUCTOR)
    role = Role.INSTRUCTOR if instructors else Role.MANAGER
    for person in instructors or turn.people.members(cohort.id, role):
        line = desk_views.came_late(cohort)
        turn.say(Line(person.id, cohort.id, f"late/{cohort.id}", line, turn.now + 2 * WEEK, role))


feature.on(WorkHandedIn)(tell_what_came_late)
feature.on(WrapupAnswered)(tell_what_came_late)


@feature.on(DeskChanged)
def tell_what_was_asked_late(turn: Digests, fact: DeskChanged) -> None:
    if not fact.done and not turn.is_staff:
        tell_what_came_late(turn, fact)
    elif fact.done and turn.person is not None:
        _hush_what_came_late(turn, fact.cohort, turn.person)


def _hush_what_came_late(turn: Digests, id: int, person: Person) -> None:
    """Whoever has dealt with all that came in is not sent to it again."""
    cohort = turn.people.cohort(id)
    key = f"late/{id}"
    if cohort is None or cohort.ended_at is None or not turn.links.waiting([key]):
        return
    if all(item.replied for pile in _desk(turn, cohort, person).piles for item in pile.items):
        turn.say(Hush(key))


@feature.contributes(AGENDA)
def what_waits(turn: Digests, person: Person, cohort: Cohort) -> Sequence[Upcoming]:
    """For an instructor: how much is on their desk, so that no page says that nothing waits."""
    if Role.INSTRUCTOR not in turn.roles:
        return ()
    number = sum(len(pile.items) + pile.more for pile in _desk(turn, cohort, person).piles)
    return (Upcoming(desk_views.on_the_desk(number), None, desk_views.desk_button(cohort.id)),) if number else ()


@feature.contributes(AGENDA_AFTER_END)
def what_came_late(turn: Digests, person: Person, cohort: Cohort) -> Sequence[Upcoming]:
    """For the course team: where to read late work."""
    if not turn.roles & STAFF:
        return ()
    return (Upcoming((_("What comes in late is on your desk."),), None, desk_views.desk_button(cohort.id)),)
