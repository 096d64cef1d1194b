"""What wrap-ups contribute: to the week and the calendar, to completion, and to the end of a cohort."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time

from bot.core.contributions import (
    CARDS,
    CREDITS,
    DATES,
    EVIDENCE,
    FINDINGS,
    ITEMS,
    OPEN_ENDS,
    RUNS,
    TOGETHER_AT,
    TOOK_PART,
    CardAhead,
    Credit,
    CreditWords,
    Date,
    Finding,
    Item,
    OpenEnd,
    Promise,
)
from bot.core.items import shift_button
from bot.core.more_time import more_time
from bot.core.people import Cohort, Person
from bot.core.time import at_wall, local
from bot.core.timetable import WEEK
from bot.core.translation import _
from bot.core.turn import Turn
from bot.course.loader import course_of
from bot.course.model import Course
from bot.features.wrapups import counting, rounds, rules, views
from bot.features.wrapups.store import Round, RoundPlan, Window, WrapupStore, called, feature, item_name

Wrapups = Turn[WrapupStore]


@feature.contributes(ITEMS)
def items(turn: Wrapups, cohort: Cohort, people: Sequence[Person]) -> list[tuple[int, Item]]:
    """The rounds that these learners were asked, or will be; for a person without any, those of the course file."""
    rounds = {r.id: r for r in turn.store.rounds(cohort.id)}
    ids = {p.id for p in people}
    paused = turn.store.paused_at(cohort.id) is not None
    done, begun = turn.store.handed_in(rounds, ids), turn.store.answered(rounds, ids)
    windows = sorted(turn.store.windows(rounds, ids), key=lambda w: w.opens_at)
    movable = {p.id for p in course_of(cohort.course_text).prompts if p.extension.longest}
    by_learner = {p.id for p in course_of(cohort.course_text).prompts if p.closes.zone == "learner"}
    given = more_time(turn, cohort)
    made: dict[tuple[int, datetime, datetime, bool, bool, bool], Item] = {}
    found = []
    for window in (rules.forgiving(w, turn.uptime) for w in windows):
        round, key = rounds[window.round], (window.round, window.person)
        asked = round.seen or window.asked_at is not None or key in begun
        if asked or not (paused or window.opens_at <= turn.now):
            own = bool(given.own(item_name(round.id), window.person))
            dates = (round.id, window.opens_at, window.closes_at, key in done, key in begun, own)
            if dates not in made:
                item = _item(round, window, key in done, key in begun, round.prompt in by_learner)
                shift = shift_button(cohort.id) if round.prompt in movable else None
                made[dates] = replace(item, own_date=own, shift=shift)
            found.append((window.person, made[dates]))
    asked_something = {w.person for w in windows}
    planned = {zone: _planned(cohort, zone) for zone in {p.zone for p in people if p.id not in asked_something}}
    return found + [(p.id, item) for p in people if p.id not in asked_something for item in planned[p.zone]]


def _item(round: Round, window: Window, done: bool, begun: bool, own_clock: bool) -> Item:
    name, dates = item_name(round.id), (window.opens_at, window.closes_at)
    item = _bare(name, round.prompt, round.week, round.name, dates, own_clock)
    to_do, welcome = views.to_do(round.title, begun), window.closes_at + rules.LATE_FOR
    button = views.answer_button(round)
    return replace(item, to_do=to_do, done=done, begun=begun, welcome_until=welcome, button=button)


def _planned(cohort: Cohort, zone: str) -> list[Item]:
    """The rounds of the course file for a clock in this zone."""
    return [
        _bare(
            f"wrapup/{p.id}/{week}",
            p.id,
            week,
            called(p.name(week)),
            p.window(cohort.timetable, week, zone),
            p.closes.zone == "learner",
        )
        for p in course_of(cohort.course_text).prompts
        for week in p.weeks
    ]


def _bare(name: str, prompt: str, week: int, title: str, dates: tuple[datetime, datetime], own_clock: bool) -> Item:
    to_do, id = views.to_do(title, begun=False), f"{prompt}/{week}"
    return Item(name, id, week, title, to_do, *dates, closes=True, own_clock=own_clock, apart=_(views.APART))


@feature.contributes(RUNS)
def runs(turn: Wrapups) -> list[str]:
    return ["prompts"]


@feature.contributes(TOOK_PART)
def took_part(turn: Wrapups, cohort: Cohort) -> list[tuple[str, str, int]]:
    prompts = {r.id: r.prompt for r in turn.store.rounds(cohort.id)}
    return [("prompts", prompts[round], person) for round, person in turn.store.handed_in(prompts)]


@feature.contributes(CARDS)
def cards(turn: Wrapups, cohort: Cohort, person: Person) -> list[CardAhead]:
    found = []
    for i, prompt in enumerate(course_of(cohort.course_text).prompts):
        for week in prompt.weeks:
            opens, closes = prompt.window(cohort.timetable, week, person.zone)
            at = rules.sent_at(cohort, person, opens, closes, opens)
            found.append(CardAhead(f"prompts[{i}]", week, prompt.title, at, closes, "core", joins=True))
    return found


@feature.contributes(FINDINGS)
def nights(turn: Wrapups, cohort: Cohort) -> list[Finding]:
    """Prompts that open while no messages may come, by the clock of the cohort or of a learner in its zone. The post in
    the channel then waits as well."""
    course = course_of(cohort.course_text)
    hours, found = course.messages, []
    for i, prompt in enumerate(course.prompts):
        at = prompt.window(cohort.timetable, prompt.weeks[0], cohort.zone)[0] if prompt.weeks else None
        if at is None or hours.posting(at, cohort.zone) == at:
            continue
        span = f"{hours.start:%H:%M}-{hours.end:%H:%M}"
        if prompt.opens.zone == "learner":
            message = (
                f"“{prompt.title}” opens at {prompt.opens.time:%H:%M}, outside the hours of messages ({span}), so it "
                f"waits for each learner's next hour, and the channel's post for {hours.start:%H:%M}."
            )
            fix = f"Write a time between {hours.start:%H:%M} and {hours.end:%H:%M}."
        else:
            message = (
                f"“{prompt.title}” opens at {local(at, cohort.zone):%a %H:%M} by the cohort's clock ({cohort.zone}), "
                f"outside the hours of messages ({span}), so the channel's post waits for {hours.start:%H:%M}, and "
                "learners there get it at their next hour."
            )
            fix = "Write a time on each learner's own clock, or one that is by day for the cohort."
        found.append(Finding(f"prompts[{i}].opens", "night", message, fix))
    return found


@feature.contributes(DATES)
def reports(turn: Wrapups, cohort: Cohort, person: Person) -> list[Date]:
    """When the cohort's reports are posted: by the stored rounds, and without any by the course file."""
    found: Sequence[Round | RoundPlan] = turn.store.rounds(cohort.id)
    found = found or list(rules.plans(course_of(cohort.course_text), cohort))
    return [
        Date(rules.report_at(cohort, r.closes_at), "report", f"{r.prompt}/{r.week}", called(r.title)) for r in found
    ]


# Completion


@feature.contributes(CREDITS)
def credits(turn: Wrapups, cohort: Cohort, people: Sequence[Person]) -> list[tuple[int, Credit]]:
    """A round that nobody was asked (paused, or skipped by downtime) does not count."""
    ids = {p.id for p in people}
    rounds = {r.id: r for r in turn.store.rounds(cohort.id)}
    answered: dict[int, dict[int, datetime]] = {id: {} for id in ids}
    for (round, person), at in turn.store.handed_in(rounds, ids).items():
        answered[person][round] = at
    asked = {id: set(mine) for id, mine in answered.items()}
    begun: dict[int, set[int]] = {id: set() for id in ids}
    for round, person in turn.store.answered(rounds, ids):
        begun[person].add(round)
    for window in turn.store.windows(rounds, ids):
        if window.asked_at is not None or not rounds[window.round].passed_by:
            asked[window.person].add(window.round)
    in_order = sorted(rounds.values(), key=lambda r: (r.week, r.opens_at, r.id))
    course = course_of(cohort.course_text)
    return [
        (id, _credit(course, cohort, [r for r in in_order if r.id in asked[id]], answered[id], begun[id]))
        for id in (p.id for p in people)
    ]


def _credit(
    course: Course, cohort: Cohort, asked: Sequence[Round], answered: dict[int, datetime], begun: set[int]
) -> Credit:
    """`begun`: the rounds that they have answered, also in part."""
    needed = course.completion.wrapups.of(len(asked))
    times = sorted(answered.values())
    done = min(needed, len(times))
    missing = [r for r in asked if r.id not in answered] if done < needed else []
    taken = [] if cohort.cut_short else missing
    return Credit(
        needs=views.so_many(needed),
        column="wrap-ups",
        needed=needed,
        done=done,
        done_at=times[needed - 1] if needed and done == needed else None,
        taken=len(taken),
        words=lambda: CreditWords(
            did=views.answered_so_many(len(answered)),
            missing=views.still_missing(needed - done, taken),
            lacks=views.so_many_more(needed - done) if done < needed else "",
            buttons=tuple(views.late_button(r, r.id in begun, late=False) for r in _first(taken, begun, needed - done)),
            promises=(Promise((0, False, ""), views.promise()),) if taken else (),
        ),
    )


def _first(taken: Sequence[Round], begun: set[int], needed: int) -> list[Round]:
    """As many as are needed, those that are begun before others."""
    return sorted(taken, key=lambda r: r.id not in begun)[: min(needed, views.WITH_BUTTONS)]


@feature.contributes(OPEN_ENDS)
def open_ends(turn: Wrapups, cohort: Cohort) -> list[OpenEnd]:
    return [OpenEnd(views.open_at_the_end(r.name)) for r in turn.store.rounds(cohort.id) if r.state == "open"]


@feature.contributes(TOGETHER_AT)
def together_at(turn: Wrapups, cohort: Cohort, week: int) -> list[str]:
    round = rounds.of_week(turn, cohort, week)
    return [] if round is None else [round.together]


@feature.contributes(EVIDENCE)
def evidence(turn: Wrapups, cohort: Cohort, learners: frozenset[int]) -> list[tuple[str, str]]:
    """Who answered, of those who were expected."""
    course = course_of(cohort.course_text)
    found: list[tuple[str, str]] = []
    of_prompt: dict[str, list[str]] = {}
    asked = [r for r in turn.store.rounds(cohort.id) if r.state != "planned" and not r.passed_by]
    for week in course.weeks:
        at = f"weeks[{week.number - 1}]"
        rounds = [r for r in asked if r.week == week.number]
        for round in rounds:
            came, base = counting.counted(turn, cohort, round)
            answers = turn.store.answers(round.id)
            answered = counting.given(turn, round)
            of = _("{number} of {total}", number=came, total=base)
            share = _("{of} answered the wrap-up ({percent} %)", of=of, percent=_percent(came, base))
            found.append((at, share if base else _("nobody was there")))
            of_prompt.setdefault(round.prompt, []).append(_("week {number}: {of}", number=week.number, of=of))
            private = rules.private_words(round.questions)
            stuck = {a.person for a in answers if any(a.values.get(name, "").strip() for name in private)}
            number = _few(len(stuck & learners), len(answered & learners), course.privacy.smallest_group)
            if number:
                found.append(
                    (at, _("{number} told the instructors something, such as where they were stuck", number=number))
                )
        if not rounds:
            start = at_wall(cohort.timetable.monday(week.number), time(0), cohort.zone)
            there = set(turn.people.expected(cohort.id, start, start + WEEK))
            active = turn.active(cohort, start, start + WEEK) & there
            found.append((at, _("{number} of {total} active", number=len(active), total=len(there))))
    for n, prompt in enumerate(course.prompts):
        if told := of_prompt.get(prompt.id):
            found.append((f"prompts[{n}]", _("answered in {listed}", listed=", ".join(told))))
    return found


def _percent(part: int, whole: int) -> int:
    return round(100 * part / whole) if whole else 0


def _few(number: int, of: int, smallest: int) -> str:
    """Hides a figure about instructor-only answers if so few answered that it would identify somebody."""
    if not number or of < smallest:
        return ""
    return str(number) if number >= smallest else _("fewer than {smallest}", smallest=smallest)
