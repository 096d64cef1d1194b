"""The course team answers requests for more time: yes, another day, or in words."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from bot.core.actions import read_number
from bot.core.contributions import DEALT_WITH, DESK, FIGURES, OPEN_ENDS, Figure, OpenEnd, Pile
from bot.core.errors import FormRefused, Refused, Spent
from bot.core.facts import DeskChanged
from bot.core.feature import Press, Reply, Submission
from bot.core.forms import Form, Stored
from bot.core.message import Text
from bot.core.moving import away_of, falls_away, tell, when_told
from bot.core.people import STAFF, Cohort, Person
from bot.core.time import say
from bot.core.timetable import DAY
from bot.core.translation import _
from bot.core.turn import Turn
from bot.core.typed import trim
from bot.course.model import Milestone
from bot.features.milestones import closing, dates, desk_views, rules, time_views
from bot.features.milestones.asking import waiting
from bot.features.milestones.store import MilestoneStore, Request, Window, feature

Milestones = Turn[MilestoneStore]

# On the desk, and in the manager's week


@feature.contributes(DESK)
def on_the_desk(turn: Milestones, cohort: Cohort, person: Person) -> Sequence[Pile]:
    """Requests that wait, each with what its learner asked for before. Nobody can give time after the end."""
    found = waiting(turn, cohort) if cohort.ended_at is None else []
    if not found:
        return []
    people = dates.learners(turn, cohort)
    before, away = turn.store.requests(cohort.id, {r.person for r, _, _ in found}), away_of(turn, cohort)
    meant = closing.meant_by(turn, cohort, before)
    items = []
    for request, milestone, window in found:
        if learner := people.get(request.person):
            earlier = [b for b in before if b.person == learner.id and b.id < request.id]
            titles = {b.milestone: time_views.title_of(meant.get(b.id), b.milestone) for b in earlier}
            days = away.get(learner.id, ())
            items.append(
                time_views.on_desk(cohort, milestone, window, request, learner.name, earlier, titles, days, turn.now)
            )
    return [time_views.pile(items)] if items else []


@feature.contributes(DEALT_WITH)
def dealt_with(turn: Milestones, cohort: Cohort, names: Collection[str]) -> Sequence[tuple[str, Text]]:
    if not any(name.startswith("milestones/asked/") for name in names):
        return []
    people = dates.learners(turn, cohort)
    found = [r for r in turn.store.requests(cohort.id) if r.desk_name in names and r.person in people]
    meant = closing.meant_by(turn, cohort, found)
    return [(r.desk_name, desk_views.whose(meant[r.id], people[r.person].name)) for r in found if r.id in meant]


@feature.contributes(FIGURES)
def in_the_week(turn: Milestones, cohort: Cohort) -> Sequence[Figure]:
    people = dates.learners(turn, cohort)
    number = sum(request.person in people for request, _, _ in waiting(turn, cohort))
    return [Figure("milestones/asked", _("Requests for more time that wait"), number)] if number else []


@feature.contributes(OPEN_ENDS)
def open_ends(turn: Milestones, cohort: Cohort) -> list[OpenEnd]:
    people = dates.learners(turn, cohort)
    number = sum(request.person in people for request, _, _ in waiting(turn, cohort))
    return [OpenEnd(time_views.unanswered(number), stays=False)] if number else []


# Answering


def _asked(turn: Milestones, subject: str) -> tuple[Request, Milestone, Window, Person]:
    """The request that waits, by its number."""
    number = read_number(subject)
    request = next((r for r in turn.store.requests(turn.here.id) if r.id == number), None)
    if request is None:
        raise Spent(_("This request was taken back."))
    person = dates.learners(turn, turn.here).get(request.person)
    if person is None:
        raise Spent(_("Whoever asked has left the cohort."))
    if request.state != "waiting" and request.answered_by is not None:
        by = turn.people.person(request.answered_by).name
        raise Spent(reply=time_views.answered_already(request, by, person.name))
    found = [(milestone, w) for r, milestone, w in waiting(turn, turn.here, {person.id}) if r.id == request.id]
    if not found:
        raise Spent(_("Nothing is left to decide: the work came in, or its date is as late by now."))
    return request, *found[0], person


@feature.action("grant", roles=STAFF, lane="private")
def grant(turn: Milestones, press: Press) -> Reply:
    """Yes. The subject contains the request and the day that its reader saw."""
    number, _dot, seen = press.subject.partition(".")
    request, milestone, window, person = _asked(turn, number)
    if desk_views.stamp(request.until) != seen:
        raise Refused(_("They asked for another day meanwhile. `/cohort desk` shows it."))
    if request.until <= turn.now:
        raise Refused(_("The day that they asked for has passed. Give them another day."))
    return _give(turn, request, milestone, window, person, round((request.until - window.due_at) / DAY), "")


@feature.action("other_day", roles=STAFF, lane="form")
def ask_day(turn: Milestones, press: Press) -> Reply:
    return _day_form(turn, press.subject)


def _day_form(turn: Milestones, subject: str) -> Form:
    request, milestone, window, person = _asked(turn, subject)
    over = dates.over(turn)
    given = rules.to_give(window, request.until, over, turn.now)
    days = {n: rules.later(milestone, window, n, turn.here.timetable, person.zone) for n in given}
    away = away_of(turn, turn.here).get(person.id, ())
    return time_views.day_form(turn.here.id, milestone, window, request, person.name, days, over, away, turn.me.zone)


def stored_request(turn: Milestones, filled: Submission) -> list[Stored]:
    """What an answer replaces: the request as the instructor saw it."""
    number = read_number(filled.subject)
    request = next((r for r in turn.store.requests(turn.here.id) if r.id == number), None)
    if request is None:
        return []
    said = _("they ask until {say} now", say=say(request.until, turn.me.zone))
    return [Stored({"until": request.until.isoformat(), "why": request.reason}, said)]


@feature.form("grant", roles=STAFF, replaces=stored_request)
def give(turn: Milestones, filled: Submission) -> Reply:
    """Another day, with a word if one is written."""
    request, milestone, window, person = _asked(turn, filled.subject)
    days = read_number(filled.values.get("days", ""))
    if days is None or days not in rules.to_give(window, request.until, dates.over(turn), turn.now):
        raise FormRefused({"days": _("Please pick one of the choices.")}, _day_form(turn, filled.subject))
    return _give(turn, request, milestone, window, person, days, trim(filled.values.get("text", "")))


def _give(
    turn: Milestones, request: Request, milestone: Milestone, window: Window, person: Person, days: int, note: str
) -> Reply:
    until = rules.later(milestone, window, days, turn.here.timetable, person.zone)
    answered = replace(request, state="granted", given=until, answer=note, answered_by=turn.me.id, answered_at=turn.now)

    def move(own: Milestones) -> list[Window]:
        own.store.keep_request(turn.here.id, answered)
        return closing.give(own, milestone, person, days)

    moved = dates.foreseen(turn, person, move)
    due = closing.given(milestone, move(turn), moved, until)
    as_asked = days == round((request.until - window.due_at) / DAY)
    lead = time_views.lead(as_asked, turn.me.name, note)
    asked = [one for one in moved if one.item.name == closing.name_of(milestone)]
    along = [one for one in moved if one not in asked]
    turn.say(*tell(turn.here.id, {person.id: asked}, turn.now, asked_for=True, lead=lead))
    turn.say(*tell(turn.here.id, {person.id: along}, turn.now, asked_for=True))
    turn.show_to(person.id, request.card, time_views.given(milestone, due, turn.me.name, note, turn.now))
    turn.happened(DeskChanged(turn.here.id, request.desk_name))
    turn.log(f"moved the date of {milestone.title!r} by {days} days for {person.name}, who asked")
    told = {person.id: moved}
    when = when_told(told, turn.now, dates.gone(turn, told, asked_for=True), asked_for=True)
    return time_views.gave(milestone, person.name, due, " ".join(filter(None, (falls_away({person.id: asked}), when))))


@feature.action("refuse", roles=STAFF, lane="form")
def ask_words(turn: Milestones, press: Press) -> Reply:
    request, milestone, window, person = _asked(turn, press.subject)
    return time_views.words_form(turn.here.id, milestone, window, request, person.name, turn.me.zone)


@feature.form("refuse", roles=STAFF, replaces=stored_request)
def write_back(turn: Milestones, filled: Submission) -> Reply:
    """The date stays, and the learner reads why."""
    request, milestone, window, person = _asked(turn, filled.subject)
    words = trim(filled.values.get("text", ""))
    if not words:
        raise FormRefused({"text": _("Please write a word: they read it.")})
    answered = replace(request, state="declined", answer=words, answered_by=turn.me.id, answered_at=turn.now)
    answered = turn.store.keep_request(turn.here.id, replace(answered, given=window.due_at))
    if not rules.closes(milestone.id):
        window = next(iter(dates.renew(turn, milestone, person)), window)
    said = time_views.declined(milestone, window, turn.me.name, turn.now)
    turn.say(dates.answer(turn, answered, window, said))
    turn.show_to(person.id, request.card, time_views.refused(said, words))
    turn.happened(DeskChanged(turn.here.id, request.desk_name))
    turn.log(f"refused more time for {milestone.title!r} to {person.name}, and wrote back")
    return time_views.wrote_back(milestone, person.name)
