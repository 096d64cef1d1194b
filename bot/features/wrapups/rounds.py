"""The life of a round: planned, opened by each learner's clock, closed by the cohort's."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from bot.core.contributions import TOGETHER, Extra
from bot.core.due import Due, Plan
from bot.core.facts import TogetherPosted
from bot.core.fingerprints import fingerprint
from bot.core.message import Instant, Message, Text
from bot.core.more_time import MoreTime, more_time
from bot.core.people import Cohort, Person, Role
from bot.core.planning import Planning
from bot.core.time import say
from bot.core.translation import _
from bot.core.turn import Turn
from bot.core.voice import Card
from bot.course.loader import course_of
from bot.features.wrapups import counting, rules, views
from bot.features.wrapups.store import Answer, Report, Round, RoundPlan, Window, WrapupStore, item_name

OPEN = "wrapups.open"
POST = "wrapups.together"
CLOSE = "wrapups.close"
REPORT = "wrapups.report"
OVER = "wrapups.over"

AT_ONCE = 1000
"""Learners whose windows are planned in one go, which limits memory in a large cohort."""

Wrapups = Turn[WrapupStore]


# Planning


def plan(turn: Wrapups, planning: Planning) -> Iterator[Plan]:
    """All rounds of the cohort, and everybody's prompts."""
    moved = _move_rounds(turn, planning.cohort) if planning.whole else set()
    if planning.whole:
        course = course_of(planning.cohort.course_text)
        for round in turn.store.rounds(planning.cohort.id):
            if round.state != "closed":
                yield from _round_plans(round, turn.now)
            if round.posted and not rules.is_asked(course, round):
                show_together(turn, planning.cohort, round)
    for start in range(0, len(planning.people), AT_ONCE):
        some = planning.people[start : start + AT_ONCE]
        yield from _plan_prompts(turn, planning.cohort, some, planning.by_another_clock, moved)


def _move_rounds(turn: Wrapups, cohort: Cohort) -> set[int]:
    """Plans the rounds by the cohort's dates; returns those that have other dates now. An open round whose new close
    has passed keeps its dates, for the cohort and for everybody."""
    before = turn.store.rounds(cohort.id)
    by_name = {(r.prompt, r.week): r for r in before}
    plans = _plans(turn, cohort, more_time(turn, cohort))
    _reopen(turn, rules.ahead_again(before, plans, turn.now))
    for n, plan in enumerate(plans):
        round = by_name.get((plan.prompt, plan.week))
        if round is not None and rules.kept_open(round, plan, turn.now):
            plans[n] = replace(plan, opens_at=round.opens_at, closes_at=round.closes_at)
    turn.store.plan_rounds(cohort.id, plans)
    dates = {r.id: (r.opens_at, r.closes_at) for r in before}
    moved = [r for r in turn.store.rounds(cohort.id) if r.id in dates and (r.opens_at, r.closes_at) != dates[r.id]]
    for round in moved:
        if round.posted:
            show_together(turn, cohort, round)
    return {r.id for r in moved}


def _plans(turn: Wrapups, cohort: Cohort, given: MoreTime) -> list[RoundPlan]:
    """The rounds of the course file, with the days that the course team gave to everybody."""
    course, known = course_of(cohort.course_text), {(r.prompt, r.week): r for r in turn.store.rounds(cohort.id)}
    found = []
    for plan in rules.plans(course, cohort):
        round, prompt = known.get((plan.prompt, plan.week)), course.prompt(plan.prompt)
        if round is not None and prompt is not None:
            later, face = given.days(item_name(round.id)), prompt.closes.zone
            plan = replace(plan, closes_at=cohort.timetable.moved(plan.closes_at, later, face, cohort.zone))
        found.append(plan)
    return found


def _reopen(turn: Wrapups, rounds: Collection[int]) -> None:
    """Rounds that closed without being asked are planned again, unless somebody was asked or answered anyway."""
    if rounds:
        asked = {w.round for w in turn.store.windows(rounds) if w.asked_at is not None}
        answered = {round for round, _ in turn.store.answered(rounds)}
        for round in set(rounds) - asked - answered:
            turn.store.set_state(round, "planned")


def _round_plans(round: Round, now: datetime) -> list[Plan]:
    """Rounds already past their close are closed at once. The instant is part of each plan's name, so a moved
    round is planned again. The state column prevents posting or closing twice."""
    opens, closes = max(round.opens_at, now), max(round.closes_at, now)
    plans = [Plan(CLOSE, str(round.id), closes.isoformat(), closes, round.cohort)]
    if round.closes_at > now and not round.posted:
        plans.append(Plan(POST, str(round.id), opens.isoformat(), opens, round.cohort))
    return plans


def _plan_prompts(
    turn: Wrapups, cohort: Cohort, learners: Sequence[Person], by_another_clock: bool, moved: Collection[int]
) -> Iterator[Plan]:
    """Each learner's prompts by their own clock; nobody is asked twice. `by_another_clock`: their clock changed, so
    what they were shown by the old one is shown again. `moved`: the rounds that have other dates now."""
    course = course_of(cohort.course_text)
    rounds = turn.store.rounds(cohort.id)
    given = more_time(turn, cohort)
    plans = {(p.prompt, p.week): p for p in _plans(turn, cohort, given)}
    ids, people = {r.id for r in rounds}, {p.id for p in learners}
    before = {(w.round, w.person): w for w in turn.store.windows(ids, people)}
    answered = turn.store.answered(ids, people)
    changed: list[Window] = []
    stale: list[tuple[Round, Person, Window]] = []
    for round in rounds:
        prompt = course.prompt(round.prompt)
        plan = plans.get((round.prompt, round.week))
        if prompt is None:
            continue
        kept = plan is not None and rules.kept_open(round, plan, turn.now)
        # Most learners share a few zones.
        spans = {z: prompt.window(cohort.timetable, round.week, z) for z in {p.zone for p in learners}}
        for person in learners:
            later = given.days(item_name(round.id), person.id)
            opens, closes = spans[person.zone]
            span = opens, cohort.timetable.moved(closes, later, prompt.closes.zone, person.zone)
            old = before.get((round.id, person.id))
            done = (round.id, person.id) in answered
            asked = old is not None and (done or old.asked_at is not None)
            if kept and old is not None and not by_another_clock:
                span = (old.opens_at, old.closes_at)
            own = given.own(item_name(round.id), person.id) > 0
            again = rules.open_again(round, closes, span[1], turn.now, old) if own else None
            over = again is None and round.state == "closed" and old is not None and old.closes_at <= turn.now
            if over and not by_another_clock and (asked or span[1] <= turn.now):
                # Only a change of their own clock gives them more time; a learner who was skipped may still be asked.
                continue
            window = again or rules.window_for(round, person.id, span, turn.now, old, asked, round.id in moved)
            if window is None:
                continue
            if window != old:
                changed.append(window)
            if asked and (window != old or (by_another_clock and window.closes_at > turn.now)):
                stale.append((round, person, window))
            if window.asked_at is None and not done and window.closes_at > turn.now:
                yield _prompt_plan(round, window, turn.now)
    turn.store.put_windows(changed)
    for round, person, window in stale:
        show_again(turn, cohort, round, person, window)


def _prompt_plan(round: Round, window: Window, now: datetime) -> Plan:
    """The day is part of the plan's name: what was skipped on one day (by a pause, say) still happens on another.
    Nobody is asked twice, since the window stores who was."""
    subject = f"{round.cohort}/{window.person}/{round.prompt}"
    occurrence = f"{round.id}/{window.opens_at:%Y-%m-%d}"
    return Plan(OPEN, subject, occurrence, max(window.opens_at, now), round.cohort, window.person)


def show_again(turn: Wrapups, cohort: Cohort, round: Round, person: Person, window: Window) -> None:
    """Shows the new date on a card whose date moved."""
    turn.cohort = cohort
    answer = turn.store.answer(round.id, person.id)
    anchor = round.card(person.id)
    if answer is not None:
        turn.show_to(person.id, anchor, views.receipt(person.greeted, round, answer, window, turn.now))
        plan_over(turn, round, answer, window)
    elif window.closes_at > turn.now and turn.links.ref(anchor) is not None:
        turn.show_to(person.id, anchor, views.prompt(round, window.closes_at))
    elif window.closes_at > turn.now:
        turn.say(_card(turn, round, window, views.prompt(round, window.closes_at), _when(turn, cohort, window)))


# Opening


def ask(turn: Wrapups, cohort: Cohort, rounds: Sequence[Round], people: Collection[int] | None = None) -> int:
    """Hands the open prompts to the voice, for learners (of `people`) who neither got one nor answered yet; returns how
    many."""
    by_id = {r.id: r for r in rounds}
    learners = _learners(turn, cohort, people)
    unasked = _unasked(turn, rounds, people)
    due = [w for w in unasked if w.opens_at <= turn.now < w.closes_at and w.person in learners]
    turn.store.mark_asked(due, turn.now)
    due = [rules.forgiving(w, turn.uptime) for w in due]
    for id in {w.round for w in due}:
        open_round(turn, by_id[id])
    # Learners with the same close get the same message.
    words = {(id, at): views.prompt(by_id[id], at) for id, at in {(w.round, w.closes_at) for w in due}}
    turn.say(*(_card(turn, by_id[w.round], w, words[w.round, w.closes_at], _when(turn, cohort, w)) for w in due))
    return len(due)


def ask_planned(turn: Wrapups, batch: Sequence[Due]) -> None:
    """The planned prompts of many learners. One whose window closed during a downtime is left out; if the course team
    has it sent all the same, the round opens again."""
    by_id = {r.id: r for r in turn.store.rounds(turn.here.id)}
    rows = [(int(due.occurrence.partition("/")[0]), due) for due in batch]
    meant = [by_id[id] for id in {id for id, _ in rows} if id in by_id]
    people = {due.person for due in batch if due.person is not None}
    over = {(w.round, w.person): w for w in _unasked(turn, meant, people) if w.closes_at <= turn.now}
    lost = [(due, over[id, due.person]) for id, due in rows if due.person and (id, due.person) in over]
    # What the course team has sent is planned for the instant of their press, after the close.
    turn.features.leave_out(turn, [due for due, window in lost if due.at < window.closes_at])
    for id in {window.round for due, window in lost if due.at >= window.closes_at}:
        reopen(turn, by_id[id])
    ask(turn, turn.here, meant, people)


def reopen(turn: Wrapups, round: Round) -> None:
    """Gives everybody who was not asked in time as long as they would have had. If nobody was asked, or the report
    still waits, the whole round opens again, with its post and its report."""
    length = round.closes_at - round.opens_at
    missed = [w for w in _unasked(turn, [round]) if w.closes_at <= turn.now]
    turn.store.put_windows([replace(w, closes_at=turn.now + (w.closes_at - w.opens_at)) for w in missed])
    unseen = not round.seen and not turn.store.handed_in({round.id})
    if round.closes_at <= turn.now and (unseen or round.state != "closed"):
        turn.store.set_state(round.id, "open")
        turn.store.set_close(round.id, turn.now + length)
        turn.plan(*_round_plans(replace(round, state="open", closes_at=turn.now + length), turn.now))


def _unasked(turn: Wrapups, rounds: Sequence[Round], people: Collection[int] | None = None) -> list[Window]:
    """The windows of those (of `people`) who neither got the prompt nor answered."""
    ids = {r.id for r in rounds}
    answered = turn.store.answered(ids, people)
    found = turn.store.windows(ids, people)
    return [w for w in found if w.asked_at is None and (w.round, w.person) not in answered]


def _when(turn: Wrapups, cohort: Cohort, window: Window) -> datetime:
    """A prompt is sent when it opens, or with the week's card if that is sent later that day. A late
    prompt (after downtime) wakes nobody. A learner who has just joined is awake."""
    member = next((m for m in turn.people.memberships(window.person) if m.cohort == cohort.id), None)
    since = max(window.opens_at, member.joined_at) if member else window.opens_at
    return rules.sent_at(cohort, turn.people.person(window.person), since, window.closes_at, turn.now)


def _learners(turn: Wrapups, cohort: Cohort, people: Collection[int] | None) -> set[int]:
    """The cohort's learners (among `people`)."""
    if people is None:
        return {p.id for p in turn.people.members(cohort.id, Role.LEARNER)}
    turn.people.fetch(people)
    mine = ((p, m) for p in people for m in turn.people.memberships(p))
    return {p for p, m in mine if m.cohort == cohort.id and m.role is Role.LEARNER}


def _card(turn: Wrapups, round: Round, window: Window, message: Message, at: datetime) -> Card:
    anchor = round.card(window.person)
    return Card(window.person, round.cohort, anchor, message, at, window.closes_at, rank="core", joins=True)


def follow_downtime(turn: Wrapups, round: Round) -> None:
    """Cards of a prompt that a downtime leaves open for longer, and its post, say until when it is open now."""
    if rules.is_delayed(round, turn.uptime) and round.posted and round.state == "open":
        show_together(turn, turn.here, round)
    for window in turn.store.windows({round.id}):
        open_now = rules.forgiving(window, turn.uptime)
        moved = open_now.closes_at != window.closes_at and open_now.closes_at > turn.now
        if moved and window.asked_at is not None and turn.links.ref(round.card(window.person)) is not None:
            show_again(turn, turn.here, round, turn.people.person(window.person), open_now)


def open_early(turn: Wrapups, cohort: Cohort, round: Round) -> int:
    """Opens everybody's window of the round now, and sends their prompts; returns how many."""
    ahead = [w for w in turn.store.windows({round.id}) if w.opens_at > turn.now]
    turn.store.put_windows([replace(w, opens_at=turn.now) for w in ahead])
    return ask(turn, cohort, [round])


def open_round(turn: Wrapups, round: Round) -> None:
    if round.state == "planned":
        turn.store.set_state(round.id, "open")


def post_together(turn: Wrapups, cohort: Cohort, round: Round) -> None:
    """The week's one root post, when the round opens by the cohort's clock."""
    if turn.store.paused_at(cohort.id) is None and round.state != "closed" and round.closes_at > turn.now:
        open_round(turn, round)
        turn.store.set_posted(round.id)
        show_together(turn, cohort, round)
        turn.happened(TogetherPosted(cohort.id, round.week))


def follow_extras(turn: Wrapups, cohort: Cohort, week: int) -> None:
    """Shows the post again after another feature changed its part of it."""
    round = of_week(turn, cohort, week)
    if round is not None and round.posted:
        show_together(turn, cohort, round)


def of_week(turn: Wrapups, cohort: Cohort, week: int) -> Round | None:
    """The round whose post is 'the week together' of a week: of those that the cohort sees, the weekly one, else the
    last. None if none was posted or will be."""
    paused = turn.store.paused_at(cohort.id) is not None
    found = [r for r in turn.store.rounds(cohort.id) if r.week == week and r.is_shared and not r.passed_by]
    there = [r for r in found if r.posted or (not paused and r.closes_at > turn.now)]
    return max(there, key=lambda r: (rules.is_weekly(course_of(cohort.course_text), r), r.opens_at), default=None)


def _extras(turn: Wrapups, cohort: Cohort, round: Round) -> Sequence[Extra]:
    together = of_week(turn, cohort, round.week)
    return turn.collect(TOGETHER, cohort, round.week) if together is not None and together.id == round.id else ()


def show_together(turn: Wrapups, cohort: Cohort, round: Round) -> None:
    """The present root post: how to answer, and after the close the report."""
    turn.cohort = cohort
    if not round.is_shared:
        return
    if round.state == "closed":
        _show_report(turn, cohort, round)
    else:
        report_at = rules.report_at(cohort, turn.uptime.open_until(round.opens_at, round.closes_at))
        asked = rules.is_asked(course_of(cohort.course_text), round)
        shown = views.together(round, _until(turn, cohort, round), report_at, _extras(turn, cohort, round), asked=asked)
        turn.post("main", round.together, shown)


def _until(turn: Wrapups, cohort: Cohort, round: Round) -> Text:
    """When it closes, for every reader: a wall time if each one's own clock counts, otherwise an instant."""
    prompt = course_of(cohort.course_text).prompt(round.prompt)
    if rules.is_delayed(round, turn.uptime):
        return (Instant(turn.uptime.open_until(round.opens_at, round.closes_at)),)
    if prompt is not None and prompt.closes.zone == "learner":
        return (_("{say} by your own clock", say=say(round.closes_at, cohort.zone)),)
    return (Instant(round.closes_at),)


# Closing


def close_round(turn: Wrapups, round: Round, *, at_once: bool = False) -> None:
    """The root post becomes the report, by day. Unless it is `at_once`, it waits after a downtime for those who have
    more time. A round closes
    without a report if nobody was asked, or if the downtime kept its post away and nobody answered."""
    if round.state == "closed":
        return
    until = turn.uptime.open_until(round.opens_at, round.closes_at)
    if until > turn.now and not at_once:
        turn.plan(Plan(CLOSE, str(round.id), until.isoformat(), until, round.cohort))
        return
    turn.store.set_state(round.id, "closed")
    asked = round.posted or (round.seen and not rules.is_delayed(round, turn.uptime))
    if asked or turn.store.answered({round.id}):
        at = min(turn.now, round.closes_at)
        turn.plan(Plan(REPORT, str(round.id), f"close/{turn.now.isoformat()}", at, round.cohort))


def plan_over(turn: Wrapups, round: Round, answer: Answer, window: Window) -> None:
    """What is begun counts from its author's own close on, and its card says so."""
    if answer.begun and window.closes_at > turn.now:
        name, at = f"{round.id}/{answer.person}", window.closes_at
        turn.plan(Plan(OVER, name, at.isoformat(), at, round.cohort))


def close_begun(turn: Wrapups, round: Round, person: int) -> None:
    """What somebody has begun joins the report as it is; their card says that, and the next one offers to finish it."""
    answer, windows = turn.store.answer(round.id, person), turn.store.windows({round.id}, {person})
    if answer is None or not answer.begun or not windows or not _learners(turn, turn.here, {person}):
        return
    window = rules.forgiving(windows[0], turn.uptime)
    if window.closes_at > turn.now:
        plan_over(turn, round, answer, window)
        return
    who = turn.people.person(person)
    if turn.links.shown([round.card(person)]):
        turn.show_to(person, round.card(person), views.receipt(who.greeted, round, answer, window, turn.now))
    until = turn.now + rules.LATE_FOR
    turn.say(Card(person, round.cohort, round.finish(person), views.to_finish(round, answer), turn.now, until))
    if round.state == "closed":
        plan_report(turn, round, answer, "over")


def plan_report(turn: Wrapups, round: Round, answer: Answer, what: str) -> None:
    """Updates the report of a closed round in the next step of the loop: once for any number of answers, and nobody who
    answers waits until all of them are rendered."""
    occurrence = f"{turn.store.revision(answer.id)}/{what}"
    turn.plan(Plan(REPORT, str(round.id), occurrence, turn.now, round.cohort))


def post_report(turn: Wrapups, cohort: Cohort, round: Round) -> None:
    """Posts or updates the report of a closed round."""
    first = not round.posted
    if first:
        turn.store.set_posted(round.id)
    show_together(turn, cohort, round)
    if first:
        turn.happened(TogetherPosted(cohort.id, round.week))


def _show_report(turn: Wrapups, cohort: Cohort, round: Round) -> None:
    """Shows the report and the changed pages of its thread."""
    if not cohort.places("main"):
        return
    course = course_of(cohort.course_text)
    given = counting.given(turn, round)
    answers = [a for a in turn.store.answers(round.id) if a.person in given]
    prompt = course.prompt(round.prompt)
    names = {a.person: turn.people.person(a.person).name for a in answers if a.quote}
    report = Report(round, counting.tally(turn, cohort, round), answers, names, prompt is not None and prompt.names)
    extras, asked = _extras(turn, cohort, round), rules.is_asked(course, round)
    shown = views.report(report, course.privacy.smallest_group, extras, asked=asked)
    turn.post("main", round.together, shown)
    pages = [views.rest_page(report, page, n) for n, page in enumerate(rules.pages(report), 1)]
    prints = [fingerprint(p) for p in pages]
    before = (*round.pages, *[""] * len(pages))
    for number, page in enumerate(pages, 1):
        if prints[number - 1] != before[number - 1]:
            turn.post("main", round.rest(number), page, below=round.together)
    for number in range(len(pages) + 1, len(round.pages) + 1):
        turn.withdraw_post("main", round.rest(number))
    if tuple(prints) != round.pages:
        turn.store.set_pages(round.id, prints)
