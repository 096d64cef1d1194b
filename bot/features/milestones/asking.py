"""More time for oneself: taken where the course's policy allows it, else asked for."""

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.core.actions import read_number
from bot.core.days import read_day
from bot.core.errors import FormRefused, Refused, Spent
from bot.core.facts import DatesMoved, DeskChanged, ItemDone, ItemMoved, ItemsChanged, ItemTakenBack, WordsWithdrawn
from bot.core.feature import Press, Reply, Submission
from bot.core.forms import Form, Stored
from bot.core.moving import away_of, moved_key
from bot.core.people import MEMBERS, Cohort, Role
from bot.core.time import local_day, say
from bot.core.timetable import DAY
from bot.core.translation import _
from bot.core.turn import Turn
from bot.core.typed import trim
from bot.core.voice import Hush
from bot.course.loader import course_of
from bot.course.model import Milestone
from bot.features.milestones import closing, dates, handing, rules, time_views, views
from bot.features.milestones.store import MilestoneStore, Request, Window, feature, item_name

Milestones = Turn[MilestoneStore]

_DATED = re.compile(r"(?P<id>.+)\.(?P<day>\d{4}-\d\d-\d\d)")


def waiting(
    turn: Milestones, cohort: Cohort, people: set[int] | None = None
) -> list[tuple[Request, Milestone, Window]]:
    """The requests that wait for an answer, the oldest first; those of learners who have done it do not."""
    found = [r for r in turn.store.requests(cohort.id, people) if r.state == "waiting"]
    if not found:
        return []
    meant, windows = closing.meant_by(turn, cohort, found), closing.left(turn, cohort, found)
    return [
        (request, meant[request.id], window)
        for request in found
        if request.id in meant and (window := windows.get(request.id)) is not None and rules.is_open(request, window)
    ]


@feature.on(ItemMoved)
def follow_move(turn: Milestones, fact: ItemMoved) -> None:
    """What closes may close later for all."""
    if not fact.name.startswith(item_name("")):
        _follow(turn, fact.person)


@feature.on(ItemsChanged)
def follow_items(turn: Milestones, fact: ItemsChanged) -> None:
    _follow(turn, fact.person)
    if fact.person is not None:
        dates.follow_work(turn, fact.person)


@feature.on(DatesMoved)
def follow_dates(turn: Milestones, fact: DatesMoved) -> None:
    _follow(turn, None)


def follow_work(turn: Milestones, fact: ItemDone | ItemTakenBack) -> None:
    dates.follow_work(turn, fact.person)


feature.on(ItemDone)(follow_work)
feature.on(ItemTakenBack)(follow_work)


def _follow(turn: Milestones, person: int | None) -> None:
    """Requests of one learner or of all follow their dates."""
    people = turn.people.members(turn.here.id, Role.LEARNER) if person is None else [turn.people.person(person)]
    dates.follow_requests(turn, turn.here, people)


def _mine(turn: Milestones, milestone: str) -> Request | None:
    """The acting learner's request that waits."""
    found = waiting(turn, turn.here, {turn.me.id})
    return next((request for request, meant, _ in found if meant.id == milestone), None)


def _before(turn: Milestones, milestone: str) -> Request | None:
    """The same, or the one that needs no answer for as long as the date is as late as it is."""
    found = turn.store.requests(turn.here.id, {turn.me.id})
    return next((r for r in found if r.milestone == milestone and r.state == "waiting"), None)


@feature.action("more", roles=MEMBERS, lane="form")
def ask(turn: Milestones, press: Press) -> Reply:
    """The dates that a learner may move or ask to move: select one, then a day. The subject may name both."""
    if Role.LEARNER not in turn.roles:
        return time_views.for_learners()
    id, day = _wanted(press.subject)
    if id:
        closing.mine(turn, id)
    found = closing.movable(turn, turn.here, turn.me)
    meant = [one for one in found if id in ("", one[0].id)]
    if id and closing.is_done(turn, closing.mine(turn, id)[0]):
        raise Refused(time_views.done_already(closing.mine(turn, id)[0]))
    waits = [one for one in waiting(turn, turn.here, {turn.me.id}) if one[1].id == id]
    if not meant and waits:
        asked, milestone, window = waits[0]
        return time_views.asked(turn.here.id, milestone, window, asked, may_change=False)
    if not meant:
        return views.nothing_to_move(turn.here.id)
    if len(meant) > 1:
        return views.which_to_move(turn.here.id, [(m, w) for m, w, _ in meant])
    milestone, window, days = meant[0]
    form = _form(turn, milestone, window, days)
    wanted = read_day(day, local_day(turn.now, turn.me.zone)) if day else []
    later = (wanted[0] - local_day(window.due_at, turn.me.zone)).days if wanted else None
    return form.filled({"days": str(later)}) if later in days else form


def _form(turn: Milestones, milestone: Milestone, window: Window, days: Sequence[int]) -> Form:
    free = rules.free_days(milestone, _moved(turn, milestone))
    moved = dates.foreseen(turn, turn.me, lambda own: closing.give(own, milestone, turn.me, days[0]))
    along = [one.item.title for one in moved if one.item.name != closing.name_of(milestone)]
    request = _mine(turn, milestone.id)
    away = away_of(turn, turn.here).get(turn.me.id, ())
    over = dates.over(turn)
    choices = {n: rules.later(milestone, window, n, turn.here.timetable, turn.me.zone) for n in days}
    return time_views.more_form(
        turn.here.id, milestone, window, choices, free, request, along, over, away, turn.me.zone
    )


# The button on cards before learners could ask.
feature.action("shift", roles=MEMBERS, lane="form")(ask)


def _wanted(subject: str) -> tuple[str, str]:
    """What is meant, and the ISO date that its form has chosen already; '' without it."""
    found = _DATED.fullmatch(subject)
    return (found["id"], found["day"]) if found else (subject, "")


def _moved(turn: Milestones, milestone: Milestone) -> int:
    return rules.moved_for(turn.store.moves(turn.here.id), milestone.id, turn.me.id)


def stored_time(turn: Milestones, filled: Submission) -> list[Stored]:
    """What a form for more time replaces: the date, and a request that waits."""
    milestone, window = closing.mine(turn, filled.subject)
    request = _mine(turn, milestone.id)
    said = _("you asked until {say}", say=say(request.until, turn.me.zone)) if request else _("no request waits")
    asked = {"asked": request.until.isoformat(), "reason": request.reason} if request else {}
    return [handing.stored_date(turn, window), Stored(asked, said, f"{milestone.id}/request")]


@feature.form("more", roles=MEMBERS, replaces=stored_time)
def take(turn: Milestones, filled: Submission) -> Reply:
    if Role.LEARNER not in turn.roles:
        return time_views.for_learners()
    milestone, window = closing.mine(turn, filled.subject)
    if closing.is_done(turn, milestone):
        raise Refused(time_views.done_already(milestone))
    moved, days = _moved(turn, milestone), read_number(filled.values.get("days", ""))
    allowed = rules.choices(milestone, moved, window, turn.now)
    if not allowed:
        raise FormRefused({"days": _("This date can move no further.")})
    if days is None or days not in allowed:
        raise FormRefused({"days": _("Please pick one of the choices.")}, _form(turn, milestone, window, allowed))
    reason = trim(filled.values.get("reason", ""))
    before = _before(turn, milestone.id)
    if days > rules.free_days(milestone, moved):
        return _ask(turn, milestone, window, days, reason, before)
    if before is not None:
        _drop(turn, before)
    until = rules.later(milestone, window, days, turn.here.timetable, turn.me.zone)
    foreseen = dates.foreseen(turn, turn.me, lambda own: closing.give(own, milestone, turn.me, days))
    changed = closing.give(turn, milestone, turn.me, days)
    window = changed[0] if changed else replace(window, due_at=closing.given(milestone, changed, foreseen, until))
    # They know the date now.
    asked = (one.item for one in foreseen if one.item.name == closing.name_of(milestone))
    turn.say(*(Hush(moved_key(turn.here.id, item.key, turn.me.id)) for item in asked))
    if moved + days > milestone.extension.own // DAY:
        # Nobody reads a reason where nobody decides, so it is not stored.
        granted = Request(
            id=0,
            milestone=milestone.id,
            person=turn.me.id,
            until=until,
            days=days,
            reason="",
            asked_at=turn.now,
            changed_at=turn.now,
            state="granted",
            given=window.due_at,
            answered_at=turn.now,
        )
        turn.store.keep_request(turn.here.id, granted)
    left = rules.free_days(milestone, moved + days)
    return views.shifted(milestone, window, left, may_ask=milestone.extension.ask // DAY > moved + days)


def _ask(
    turn: Milestones, milestone: Milestone, window: Window, days: int, reason: str, before: Request | None
) -> Reply:
    """Stores a request, or changes the one that waits, and shows its receipt."""
    until = rules.later(milestone, window, days, turn.here.timetable, turn.me.zone)
    if before is not None and before.reason != reason:
        turn.forget(before.reason)
    new = before or Request(
        id=0,
        milestone=milestone.id,
        person=turn.me.id,
        until=until,
        days=days,
        reason=reason,
        asked_at=turn.acted_at,
        changed_at=turn.now,
    )
    new = replace(new, until=until, days=days, reason=reason, changed_at=turn.now, given=window.due_at)
    request = turn.store.keep_request(turn.here.id, new)
    if not rules.closes(milestone.id):
        window = next(iter(dates.renew(turn, milestone, turn.me)), window)
    turn.show_to(turn.me.id, request.card, time_views.asked(turn.here.id, milestone, window, request))
    turn.happened(DeskChanged(turn.here.id, request.desk_name, again=before is not None))
    return time_views.sent(milestone, request)


@feature.action("withdraw", roles=MEMBERS, lane="private")
def withdraw(turn: Milestones, press: Press) -> Reply:
    number = read_number(press.subject)
    found = [r for r in turn.store.requests(turn.here.id, {turn.me.id}) if r.id == number]
    if not found:
        raise Spent(_("This request was taken back already."))
    request = found[0]
    if request.state != "waiting":
        raise Spent(_("This request was answered already; your page shows the date."))
    title = _title(turn, request)
    _drop(turn, request)
    if milestone := course_of(turn.here.course_text).milestone(request.milestone):
        dates.renew(turn, milestone, turn.me)
    return time_views.withdrawn(title)


def _drop(turn: Milestones, request: Request) -> None:
    """Deletes a request that was not answered."""
    title = _title(turn, request)
    turn.forget(request.reason)
    turn.store.drop_request(request.id)
    turn.show_to(request.person, request.card, time_views.withdrawn(title))
    turn.happened(WordsWithdrawn(turn.here.id))


def _title(turn: Milestones, request: Request) -> str:
    return time_views.title_of(closing.meant_by(turn, turn.here, [request]).get(request.id), request.milestone)
