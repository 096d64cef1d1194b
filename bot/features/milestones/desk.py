"""What the course team does with milestones: progress, submissions, and more time for one learner or for all."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from bot.core.actions import read_number
from bot.core.asking import asked_of
from bot.core.contributions import REMEDIES
from bot.core.errors import FormRefused, NotFound, Refused
from bot.core.feature import Press, Reply, Submission
from bot.core.forms import Stored
from bot.core.message import Button, Instant, Text
from bot.core.moving import Moved, away_of, items_of, moves, tell
from bot.core.people import STAFF, Person, Role
from bot.core.time import local_day, say
from bot.core.translation import _
from bot.core.turn import Turn
from bot.course.loader import course_of
from bot.course.model import Milestone
from bot.features.milestones import closing, counting, dates, desk_views, rules
from bot.features.milestones.contributing import dated
from bot.features.milestones.handing import known
from bot.features.milestones.store import MilestoneStore, Window, feature

Milestones = Turn[MilestoneStore]

PAGE = 10
"""Pieces of work on one page."""


def _due(turn: Milestones, meant: Milestone, who: Person | None) -> datetime:
    """When a milestone is due including moves: for one learner, or (None) by the cohort's clock."""
    if rules.closes(meant.id):
        return closing.due(turn, meant.id, who)
    if who is None:
        return next(due for m, _, due in dated(turn, turn.here) if m.id == meant.id)
    windows = turn.store.windows(turn.here.id, {who.id}, meant.id)
    if not windows:
        raise NotFound
    return windows[0].due_at


def _moved(turn: Milestones, meant: Milestone, who: Person | None, days: int) -> tuple[datetime, dict[int, Moved]]:
    """The due date after a move by `days` more, and whose date moves so. It is tried out."""
    cohort = turn.here
    people = [who] if who else turn.people.members(cohort.id, Role.LEARNER)
    before, away = items_of(turn, cohort, people), away_of(turn, cohort)

    def look(own: Milestones) -> tuple[datetime, dict[int, Moved]]:
        found = moves(before, items_of(own, cohort, people), away, turn.now)
        return _due(own, meant, who), {person: mine[0] for person, mine in found.items()}

    return turn.features.try_out(turn, lambda own: closing.give(own, meant, who, days), look)


@feature.action("funnel", roles=STAFF, lane="private", after_end=True)
def funnel(turn: Milestones, press: Press) -> Reply:
    """Every milestone that has opened, and the next one: handed in, late, not yet."""
    found = dated(turn, turn.here)
    shown = [f for f in found if f[1] <= turn.now] + [f for f in found if f[1] > turn.now][:1]
    figures = counting.counted(turn, turn.here, shown)
    return desk_views.funnel(turn.here, [(m, due, counts) for m, _, due, counts in figures])


def milestone(turn: Milestones, subject: str) -> Reply:
    """One milestone in figures, with what can be done about it."""
    meant = known(turn, subject)
    shown = [found for found in dated(turn, turn.here) if found[0].id == meant.id]
    ((_meant, _opens, due, counts),) = counting.counted(turn, turn.here, shown)
    return desk_views.milestone(turn.here, meant, due, counts)


def missing(turn: Milestones, subject: str) -> Reply:
    """Learners who have not handed in, and who was late, with what can be done; shown only to the course team. Who has
    completed the course is not missing."""
    meant, learners = known(turn, subject), turn.people.members(turn.here.id, Role.LEARNER)
    completed = turn.completed(turn.here, learners)
    names = {p.id: p.name for p in learners if p.id not in completed}
    done, away = turn.store.handed_in(turn.here.id, names), turn.people.away(turn.here.id)
    ((__, opens, due),) = shown = [found for found in dated(turn, turn.here) if found[0].id == meant.id]
    counted = {w.person for w in counting.base(turn, turn.here, shown)[meant.id]}
    joined = turn.people.joined(turn.here.id)
    missing = [
        w
        for w in turn.store.windows(turn.here.id, milestone=meant.id)
        if w.person in names and (meant.id, w.person) not in done and not w.optional
    ]
    late = {w.person for w in missing if rules.missed(opens, due, joined[w.person])}
    missing.sort(key=lambda w: w.person not in counted)
    rows = [
        (names[w.person], w.due_at, desk_views.mark(w.person in away, w.person in counted, w.person in late))
        for w in missing
    ]
    everybody = {p.id: p.name for p in learners}
    behind = _behind(turn, meant, everybody)
    whom = [w.person for w in missing] or list(behind)
    acts = [] if turn.here.ended_at else _acts(turn, meant, bool(missing), {p: everybody[p] for p in whom})
    return desk_views.missing(meant, rows, [(everybody[p], by) for p, by in behind.items()], acts)


def _behind(turn: Milestones, meant: Milestone, people: Collection[int]) -> dict[int, timedelta]:
    """Who handed it in late, and by how much, the latest first."""
    due = {w.person: w.due_at for w in turn.store.windows(turn.here.id, milestone=meant.id)}
    late = [s for s in turn.store.submissions(turn.here.id, people, meant.id) if s.late and s.person in due]
    by = {s.person: (s.first_at if s.first_at > due[s.person] else s.changed_at) - due[s.person] for s in late}
    return dict(sorted(by.items(), key=lambda one: -one[1]))


def _acts(turn: Milestones, meant: Milestone, some: bool, whom: Mapping[int, str]) -> list[Button]:
    """More time for what is missing, or for the next one if all of this one came in; a word; what makes it easier.
    `some`: somebody has not handed it in."""
    course = course_of(turn.here.course_text)
    ahead = [m for m, opens, __ in dated(turn, turn.here) if opens > turn.now]
    more = desk_views.more_time(turn.here, meant, ahead=False) if some else None
    if not some and ahead:
        more = desk_views.more_time(turn.here, ahead[0], ahead=True)
    path = next((f"milestones[{n}]" for n, m in enumerate(course.milestones) if m.id == meant.id), "")
    return [
        *([more] if more else []),
        *desk_views.words_to(turn.here, whom),
        *turn.collect(REMEDIES, turn.here, path),
    ]


def work(turn: Milestones, subject: str) -> Reply:
    """Submissions, a page at a time, newest first. `subject`: milestone, then '.' and the page from 1."""
    id, _dot, page = subject.rpartition(".")
    meant = known(turn, id or subject)
    number = (read_number(page) or 1) if id else 1
    found = sorted(turn.store.submissions(turn.here.id, milestone=meant.id), key=lambda w: w.changed_at, reverse=True)
    shown = found[(number - 1) * PAGE : number * PAGE]
    rows = [(turn.people.person(w.person).name, w) for w in shown]
    return desk_views.work(turn.here, meant, rows, number, -(-len(found) // PAGE))


# More time


@feature.action("extend", roles=STAFF, lane="form")
def ask_move(turn: Milestones, press: Press) -> Reply:
    """The form for more time; `subject` names the milestone, and after a '.' the learner, if known."""
    milestone, person = _meant(press.subject)
    choices = _choices(turn, milestone)
    if not choices:
        raise Refused(_("This course has no milestones, and nothing else is open, so there is no date to move."))
    near = min(choices, key=lambda f: abs(f[1] - turn.now))[0]
    number = read_number(person)
    learners = dates.learners(turn, turn.here)
    who = learners.get(number or 0)
    chosen = milestone or (_most_urgent(turn, who) if who else "") or near.id
    days = _days_from_today(turn, _due(turn, closing.known(turn, chosen), who))
    return desk_views.move_form(
        turn.here, press.subject, choices, chosen, days, list(learners.values()), person, turn.me.zone
    )


def _meant(subject: str) -> tuple[str, str]:
    """The name of the milestone, and the number of the learner; either may be empty."""
    milestone, __, person = subject.rpartition(".") if "." in subject else (subject, "", "")
    return milestone, person


def _choices(turn: Milestones, meant: str) -> list[tuple[Milestone, datetime]]:
    """What can be moved, as far as a list holds it: what is `meant`, milestones, and what else is open."""
    found = [(m, due) for m, _, due in dated(turn, turn.here)] + closing.open_for_all(turn)
    if rules.closes(meant) and meant not in {m.id for m, _due in found}:
        found = [(closing.known(turn, meant), closing.due(turn, meant, None)), *found]
    return found[: desk_views.LISTED]


def _most_urgent(turn: Milestones, who: Person) -> str:
    """The overdue milestone of a learner that matters most; '' if nothing is overdue."""
    course, done = course_of(turn.here.course_text), turn.store.handed_in(turn.here.id, {who.id})
    windows = turn.store.windows(turn.here.id, {who.id})
    missing = [(w, m) for w in windows if (m := course.milestone(w.milestone)) and (w.milestone, who.id) not in done]
    overdue = [(w, m) for w, m in missing if rules.is_overdue(m, w, turn.uptime)]
    return min(overdue, key=lambda found: rules.urgency(*found))[1].id if overdue else ""


def _days_from_today(turn: Milestones, due: datetime) -> int:
    """By how many days a date is moved usually: counted from today if it has passed."""
    return rules.USUALLY + max(0, (local_day(turn.now, turn.here.zone) - local_day(due, turn.here.zone)).days)


def stored_dates(turn: Milestones, filled: Submission) -> list[Stored]:
    """The dates that a form for more time may move: the cohort's, and those moved for single learners."""
    meant, person = filled.values.get("milestone", ""), read_number(filled.values.get("person", "")) or 0
    moves = turn.store.moves(turn.here.id)
    found = []
    for milestone, due in _choices(turn, _meant(filled.subject)[0]):
        if meant not in ("", milestone.id):
            continue
        said = desk_views.stands(milestone, due, turn.me.zone)
        found.append(Stored({"due": due.isoformat()}, said, f"{milestone.id}/0"))
        for who in (person,) if person else {p for m, p in moves if m == milestone.id} - {0}:
            days = rules.moved_for(moves, milestone.id, who)
            own = _("{name} has {days} days more for it", name=turn.people.person(who).name, days=days)
            found.append(Stored({"more": str(days or "")}, own, f"{milestone.id}/{who}"))
    return found


@feature.form("extend", roles=STAFF, replaces=stored_dates)
def propose_move(turn: Milestones, filled: Submission) -> Reply:
    """Shows what would move, and asks."""
    meant = closing.known(turn, filled.values.get("milestone", ""))
    days = read_number(filled.values.get("days", "").strip())
    if days is None or not 1 <= days <= rules.FARTHEST:
        raise FormRefused({"days": _("Please write a number of days from 1 to {FARTHEST}.", FARTHEST=rules.FARTHEST)})
    who = _learner(turn, filled.values.get("person", ""))
    windows = _windows(turn, meant, who)
    if who is not None and not windows:
        raise FormRefused({"person": _("They have done it, or it was never theirs. Pick a learner of this cohort.")})
    run = {item.id for _, item in asked_of(turn, turn.here, [turn.me])}
    reviews = course_of(turn.here.course_text).reviews if who is None else ()
    along = [r for r in reviews if r.milestone == meant.id and r.id in run]
    due, (then, moved) = _due(turn, meant, who), _moved(turn, meant, who, days)
    if then <= turn.now:
        raise FormRefused({"days": desk_views.past(then, _days_from_today(turn, due), turn.me.zone)})
    done = turn.store.handed_in(turn.here.id, {w.person for w in windows})
    waiting = [w for w in windows if (meant.id, w.person) not in done and not w.optional]
    after = {person: m.item.due_at for person, m in moved.items()}
    own = {w.person: after.get(w.person, w.due_at) for w in waiting}
    named = [] if who else _others(turn, meant, own, then)
    gone = dates.gone(turn, {person: [one] for person, one in moved.items()}, asked_for=who is not None)
    return desk_views.sure_to_move(turn.here, meant, who, (due, then), days, moved, named, along, gone, turn.now)


def _windows(turn: Milestones, meant: Milestone, who: Person | None) -> list[Window]:
    """Those of one learner, or of all."""
    if rules.closes(meant.id):
        return closing.windows(turn, meant.id, [who] if who else turn.people.members(turn.here.id, Role.LEARNER))
    return list(turn.store.windows(turn.here.id, {who.id} if who else None, meant.id))


def _others(turn: Milestones, meant: Milestone, own: Mapping[int, datetime], usual: datetime) -> list[tuple[str, Text]]:
    """The learners whose own date is another one than the usual, with these dates, the soonest first."""
    found: list[tuple[str, Text]] = []
    for person, at in sorted(own.items(), key=lambda one: one[1]):
        who = turn.people.person(person)
        if meant.due.zone != "learner" and at != usual:
            found.append((who.name, (Instant(at),)))
        elif meant.due.zone == "learner" and (said := say(at, who.zone)) != say(usual, turn.here.zone):
            found.append((who.name, (_("{at} by their own clock", at=said),)))
    return found


def _learner(turn: Milestones, value: str) -> Person | None:
    """The selected learner, or None: the new date is for everybody."""
    if not value:
        return None
    found = dates.learners(turn, turn.here).get(read_number(value) or 0)
    if found is None:
        raise FormRefused({"person": _("Pick a learner of this cohort, or nobody: then it is for all.")})
    return found


def move(turn: Milestones, subject: str) -> Reply:
    """Moves a date. The subject contains the milestone, the person (0 for all), the days, and the date that the person
    saw."""
    id, person, days, due = [*subject.rsplit(".", 3), "", "", ""][:4]
    meant, number, by = closing.known(turn, id), read_number(person), read_number(days)
    if number is None or by is None or not 1 <= by <= rules.FARTHEST:
        raise NotFound
    who = _learner(turn, person) if number else None
    before = _due(turn, meant, who)
    if desk_views.stamp(before) != due:
        raise Refused(_("This date was moved meanwhile. `/cohort week extend` shows how it stands."))
    then, moved = _moved(turn, meant, who, by)
    if then <= turn.now:
        raise Refused(desk_views.past(then, _days_from_today(turn, before), turn.me.zone))
    changed = closing.give(turn, meant, who, by)
    told = {person: [one] for person, one in moved.items()}
    turn.say(*tell(turn.here.id, told, turn.now, asked_for=who is not None))
    whom = who.name if who else "everybody"
    turn.log(f"moved the date of {meant.title!r} by {by} days for {whom}")
    theirs = {w.person: w.due_at for w in changed if not w.optional}
    if rules.closes(meant.id):
        # What follows from the move happens after this.
        theirs = {person: one.item.due_at for person, one in moved.items()}
    others = [] if who else _others(turn, meant, theirs, then)
    people = len(theirs) if rules.closes(meant.id) else len(changed)
    return desk_views.moved(turn.here, meant, who, then, people - len(others), others)
