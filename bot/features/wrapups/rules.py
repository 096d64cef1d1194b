"""Pure decisions of wrap-ups."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.core.actions import read_number
from bot.core.errors import Refused
from bot.core.forms import Values
from bot.core.message import shorten
from bot.core.people import Cohort, Person
from bot.core.small_words import says_nothing
from bot.core.time import local_day
from bot.core.translation import _
from bot.core.typed import excerpt, trim, typed_link, unfit_link, visible
from bot.core.uptime import Uptime
from bot.course.calendar import week_opens
from bot.course.loader import course_of
from bot.course.model import Course, Question
from bot.features.wrapups.store import Answer, Report, Round, RoundPlan, Standing, Window

QUOTES = 5
"""Maximum quotes in a report."""

QUOTE_LENGTH = 280
ZONES_APART = timedelta(hours=26)
"""How far two clocks on Earth can be apart: a learner's own close may be this much later than the cohort's."""

LATE_FOR = timedelta(days=7)
"""How long an unanswered round is offered by itself; after that people must look for it."""

LATE = timedelta(hours=1)
"""A prompt this late waits for the learner's next message hour."""

OFFERED = 3
"""Maximum closed rounds that are offered by themselves."""

PAGE_TEXTS = 30
PAGE_LENGTH = 8000
"""Maximum texts, or characters of texts, in one message below the report."""

TYPED = ("text", "long", "link")
WORDS = ("text", "long")
_THANKS = re.compile(
    r"(many |ok(ay)?,? |great,? )?(thanks?( you)?( (so|very) much)?|thx|ty|cheers|ok(ay)?|great|perfect|cool|"
    r"got it|will do|hi|hello|hey|danke|merci|gracias)( (pacekeeper|bot|a lot|again))?"
)


# Windows


def plans(course: Course, cohort: Cohort) -> Iterator[RoundPlan]:
    """All rounds of a course, by the cohort's own clock. Prompts of one week have different titles."""
    named = Counter((week, prompt.name(week)) for prompt in course.prompts for week in prompt.weeks)
    for prompt in course.prompts:
        for week in prompt.weeks:
            title = prompt.name(week)
            if named[week, title] > 1:
                title = f"{title} ({prompt.id})"
            opens, closes = prompt.window(cohort.timetable, week, cohort.zone)
            yield RoundPlan(prompt.id, week, title, prompt.questions, opens, closes)


def sent_at(cohort: Cohort, person: Person, since: datetime, closes: datetime, now: datetime) -> datetime:
    """When a prompt that a learner may answer from `since` to `closes` is sent, if it is handed to the voice now."""
    messages, today = course_of(cohort.course_text).messages, local_day(now, person.zone)
    at = messages.waking(now, person.hour, person.zone)
    if now - since < LATE:
        card_at = week_opens(cohort.timetable, cohort.week_on(today), messages.hour(person.hour), person.zone)
        at = max(now, card_at)
        if local_day(at, person.zone) != today:
            return now
    return at if at < closes else now


def report_at(cohort: Cohort, closes: datetime) -> datetime:
    """When the cohort's report of a round that closes then is posted: within the hours of messages."""
    return course_of(cohort.course_text).messages.posting(closes, cohort.zone)


def window_for(
    round: Round,
    person: int,
    span: tuple[datetime, datetime],
    now: datetime,
    before: Window | None,
    asked: bool,
    moved: bool = False,
) -> Window | None:
    """A learner's window. `span` is when the prompt opens and closes by their clock, `before` their earlier window;
    `asked`: they were asked in it, or answered unasked; `moved`: the round itself has other dates now. None: the round
    is over for them.

    Learners who were asked follow a round that moves. If only their own clock changes, they keep the time that they
    were told, and get more if the new clock gives more. Nobody loses a window by moving across it. Learners who were
    skipped are asked when it comes again.
    """
    opens, closes = span
    if round.state == "closed" and closes > round.closes_at + ZONES_APART and (before is None or asked):
        # The cohort's dates moved after its report was posted: what has happened does not happen again.
        return before
    if round.by_hand_at is not None:
        opens = min(opens, round.by_hand_at)
    if before is None:
        return Window(round.id, person, opens, closes) if closes > now else None
    if closes <= now < before.closes_at:
        return before
    if asked:
        return replace(before, closes_at=closes if moved else max(before.closes_at, closes))
    return replace(before, opens_at=opens, closes_at=closes)


def open_again(round: Round, usual: datetime, closes: datetime, now: datetime, before: Window | None) -> Window | None:
    """The window of a learner who has days of their own in a round that has closed, and whose time is ahead with these:
    it `closes` then, and by the plan at the `usual` time. None: it is as it was."""
    planned = round.state == "closed" and usual <= round.closes_at + ZONES_APART
    if not planned or before is None or closes <= max(now, before.closes_at):
        return None
    return replace(before, closes_at=closes)


def kept_open(round: Round, plan: RoundPlan, now: datetime) -> bool:
    """Whether an open round keeps its dates. By the new dates it would be over, and nobody's time is cut off."""
    return round.state == "open" and plan.closes_at <= now < round.closes_at


def is_asked(course: Course, round: Round) -> bool:
    """Whether the course still has the prompt of a round, in its week."""
    prompt = course.prompt(round.prompt)
    return prompt is not None and round.week in prompt.weeks


def is_weekly(course: Course, round: Round) -> bool:
    """Whether it is a round of a prompt of several weeks."""
    prompt = course.prompt(round.prompt)
    return prompt is not None and len(prompt.weeks) > 1


def ahead_again(rounds: Sequence[Round], plans: Sequence[RoundPlan], now: datetime) -> set[int]:
    """Rounds that closed without a report because they were skipped, and whose time is ahead by these plans."""
    ahead = {(p.prompt, p.week) for p in plans if p.closes_at > now}
    return {r.id for r in rounds if r.state == "closed" and not r.posted and (r.prompt, r.week) in ahead}


# Which round


def forgiving(window: Window, uptime: Uptime) -> Window:
    """The window with a day after a downtime in which it opened, or which left less than a day of it."""
    return replace(window, closes_at=uptime.open_until(window.opens_at, window.closes_at))


def is_delayed(round: Round, uptime: Uptime) -> bool:
    """Whether a downtime leaves a round open for longer."""
    return uptime.open_until(round.opens_at, round.closes_at) != round.closes_at


def open_for(standing: Standing, now: datetime) -> bool:
    """Whether it can be answered in time: from when the cohort's post says that it is open, too."""
    round, window = standing.round, standing.window
    opens = min(round.opens_at, window.opens_at) if round.posted else window.opens_at
    return was_asked(standing) and opens <= now < window.closes_at


def is_due(standing: Standing) -> bool:
    """Whether it is still to be handed in: not answered, or only begun."""
    return standing.answer is None or standing.answer.begun


def replied_to(standings: Sequence[Standing], now: datetime) -> Standing | None:
    """The one that a reply in the thread of all their posts answers: of those that are not closed, the soonest due
    without an answer to that question, else the newest; of closed ones the last, if it has no answer."""
    found = [s for s in standings if takes_text(s.round.questions) and now < s.window.closes_at]
    found.sort(key=lambda s: s.window.closes_at)
    if found:
        return next((s for s in found if not _replied(s)), max(found, key=lambda s: s.window.opens_at))
    last = last_closed(standings, now)
    return last if last is not None and last.answer is None else None


def _replied(standing: Standing) -> bool:
    question = takes_text(standing.round.questions)
    return bool(standing.answer and question and standing.answer.values.get(question.id))


def only_asks(text: str) -> bool:
    """Whether it is one question and nothing else."""
    return text.endswith("?") and not re.search(r"[.!?:]\s|\n", text)


def lacks_words(standing: Standing) -> bool:
    """Whether a question of it is still unanswered, also one that need not be."""
    return standing.answer is None or bool(empty(standing.round.questions, standing.answer.values))


def was_asked(standing: Standing) -> bool:
    """Whether the cohort or the learner was asked at all: what a pause or downtime skipped is not offered."""
    return standing.round.seen or standing.window.asked_at is not None or standing.answer is not None


def private_words(questions: Sequence[Question]) -> list[str]:
    """The ids of questions with free-text answers that only instructors see."""
    return [q.id for q in questions if q.audience == "instructors" and q.kind in WORDS]


def open_now(standings: Sequence[Standing], now: datetime) -> list[Standing]:
    """What a learner can answer in time, soonest due first."""
    return sorted((s for s in standings if open_for(s, now)), key=lambda s: s.window.closes_at)


def last_closed(standings: Sequence[Standing], now: datetime) -> Standing | None:
    closed = [s for s in standings if s.window.closes_at <= now and was_asked(s)]
    return max(closed, key=lambda s: s.window.closes_at, default=None)


def worth_sending(standings: Sequence[Standing], now: datetime, *, counts: bool) -> list[Standing]:
    """Closed rounds that are offered by themselves: the last one for a week, and what is begun for as long as it
    `counts` for the certificate, the newest first."""
    last = last_closed(standings, now)
    closed = [s for s in standings if s.window.closes_at <= now and was_asked(s) and is_due(s)]
    begun = [s for s in closed if s.answer is not None and (counts or now - s.window.closes_at < LATE_FOR)]
    recent = [s for s in closed if s is last and s.answer is None and now - s.window.closes_at < LATE_FOR]
    return sorted([*begun, *recent], key=lambda s: s.window.closes_at, reverse=True)[:OFFERED]


def still_taken(standings: Sequence[Standing], cohort: Cohort) -> list[Standing]:
    """What a learner can still hand in after the end of the cohort, newest first."""
    found = [s for s in standings if is_due(s) and was_asked(s)]
    taken = [s for s in found if cohort.taken_until(s.window.opens_at, None) is None]
    return sorted(taken, key=lambda s: s.window.opens_at, reverse=True)


def lacks(course: Course, standings: Sequence[Standing]) -> bool:
    """Whether answers are missing for the certificate."""
    asked = [s for s in standings if was_asked(s)]
    return sum(not is_due(s) for s in asked) < course.completion.wrapups.of(len(asked))


def next_to_open(standings: Sequence[Standing], now: datetime) -> Standing | None:
    ahead = (s for s in standings if s.window.opens_at > now and not open_for(s, now))
    return min(ahead, key=lambda s: s.window.opens_at, default=None)


def current(rounds: Sequence[Round], now: datetime) -> Round | None:
    """The round that the course team sees: the open one, or the next."""
    ahead = [r for r in rounds if r.closes_at > now and r.state != "closed"]
    return min(ahead, key=lambda r: (r.state != "open", r.opens_at), default=None)


def last_asked(rounds: Sequence[Round]) -> Round | None:
    """The newest round that anybody was asked, open or closed."""
    return max((r for r in rounds if r.seen), key=lambda r: r.opens_at, default=None)


# Answers


def quote_field(questions: Sequence[Question]) -> str:
    """The name of the tick box 'You may quote me', which no question of the course uses."""
    name = "quote"
    while name in {q.id for q in questions}:
        name += "_me"
    return name


def takes_text(questions: Sequence[Question]) -> Question | None:
    """The question that a reply in the thread answers: the first free-text one that the cohort sees."""
    return next((q for q in questions if q.kind in WORDS and q.audience == "cohort"), None)


def next_empty(questions: Sequence[Question], values: Values, after: int) -> int | None:
    """The index of the question to ask after another."""
    return next((n for n, q in enumerate(questions) if n > after and not values.get(q.id)), None)


def empty(questions: Sequence[Question], values: Values) -> list[Question]:
    """Unanswered questions."""
    return [q for q in questions if not values.get(q.id)]


def is_begun(questions: Sequence[Question], values: Values) -> bool:
    """Whether a required question is still empty."""
    return any(q.required for q in empty(questions, values))


def read_answer(question: Question, text: str) -> str:
    """Parses a message as an answer to a question. Raises Refused with words for the person."""
    options = {"yes_no": ("yes", "no")}.get(question.kind, question.options)
    if question.kind in ("choice", "scale", "yes_no"):
        said = text.strip().rstrip(".!").casefold()
        chosen = next((o for o in options if o.casefold() == said), None)
        if chosen is None:
            raise Refused(
                _("“{text}” takes one of these: {listed}.", text=shorten(question.text, 120), listed=", ".join(options))
            )
        return chosen
    wrong = odd([question], {question.id: text}) if text else {question.id: _("Please write something.")}
    if wrong:
        raise Refused(wrong[question.id])
    return text.strip()


def odd(questions: Sequence[Question], values: Values) -> dict[str, str]:
    """Problems in the input beyond what the form itself checks, by field."""
    found: dict[str, str] = {}
    for q in questions:
        value = values.get(q.id, "").strip()
        if not value:
            continue
        if q.kind == "number" and not re.fullmatch(r"-?\d{1,9}([.,]\d{1,3})?", value):
            found[q.id] = _("Please write a number, such as 3 or 2.5.")
        elif q.kind == "link" and (wrong := unfit_link(typed_link(value))):
            found[q.id] = wrong
    if not found and questions and not any(values.get(q.id, "").strip() for q in questions):
        found[questions[0].id] = _("Please write something in at least one field.")
    return found


def kept(questions: Sequence[Question], values: Values) -> dict[str, str]:
    """The input to store: fields that are not empty."""
    stripped = {q.id: (typed_link if q.kind == "link" else trim)(values.get(q.id, "")) for q in questions}
    return {name: value for name, value in stripped.items() if value}


def added(before: str, text: str) -> str:
    return f"{before}\n{text}" if before else text


def without(value: str, text: str) -> str:
    """The value without one occurrence of a text (a whole paragraph, if it is one)."""
    text = trim(text)
    if not text:
        return value
    lines, wanted = f"\n{value}\n", f"\n{text}\n"
    start = lines.find(wanted)
    if start >= 0:
        return trim(lines[:start] + lines[start + len(text) + 1 :])
    return trim(value.replace(text, "", 1))


def swapped(value: str, old: str, new: str) -> str:
    """The value with an old text replaced by a new one; added if the old one is not in it any more."""
    return value.replace(old, new, 1) if old and old in value else added(value, new)


def is_courtesy(text: str) -> bool:
    """'Thanks!' and the like, which nobody means as an answer."""
    words = re.sub(r"[^\w\s]", "", text.lower()).strip()
    return not words or _THANKS.fullmatch(words) is not None


# The report


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A quote: whose, from which question, and whether it is everything they wrote there."""

    answer: Answer
    question: Question
    text: str
    whole: bool


def quotes(report: Report) -> list[Excerpt]:
    """At most five, by people who agreed, from questions that the cohort sees; none if answers stay together."""
    agreed = (_excerpt(report.round, a) for a in report.answers if a.quote and not report.by_author)
    return [e for e in agreed if e is not None][:QUOTES]


def _excerpt(round: Round, answer: Answer) -> Excerpt | None:
    for q in _seen_in_words(round):
        text = answer.values.get(q.id, "")
        # A dash is no quote.
        if re.search(r"\w", text):
            short = excerpt(text, QUOTE_LENGTH)
            return Excerpt(answer, q, short, short == visible(text))
    return None


def _seen_in_words(round: Round) -> list[Question]:
    return [q for q in round.questions if q.audience == "cohort" and q.kind in TYPED]


@dataclass(frozen=True, slots=True)
class Entry:
    """What the cohort sees of one answer below the report: (question, text) pairs."""

    answer: Answer
    said: tuple[tuple[Question, str], ...]


def pages(report: Report) -> list[list[Entry]]:
    """What the report does not quote in full, in pages of a readable size, in order of arrival: later answers are only
    appended."""
    quoted = {(e.answer.id, e.question.id) for e in quotes(report) if e.whole}
    questions = _seen_in_words(report.round)
    found: list[list[Entry]] = []
    texts, room = 0, 0
    for answer in report.answers:
        said = tuple(
            (q, text) for q in questions if (text := answer.values.get(q.id)) and (answer.id, q.id) not in quoted
        )
        if not said:
            continue
        length = sum(len(text) for _, text in said)
        if not found or len(said) > texts or length > room:
            found.append([])
            texts, room = PAGE_TEXTS, PAGE_LENGTH
        found[-1].append(Entry(answer, said))
        texts, room = texts - len(said), room - length
    return found


def counts(question: Question, answers: Sequence[Answer]) -> list[tuple[str, int]]:
    """How many chose each option."""
    options = ("yes", "no") if question.kind == "yes_no" else question.options
    given = [a.values.get(question.id, "") for a in answers]
    return [(o, given.count(o)) for o in options]


def mean(question: Question, answers: Sequence[Answer]) -> float | None:
    """The mean of a number, or of a scale whose steps are numbers."""
    texts = [v.replace(",", ".") for a in answers if (v := a.values.get(question.id, ""))]
    if not texts or not all(re.fullmatch(r"-?\d+(\.\d+)?", t) for t in texts):
        return None
    return sum(float(t) for t in texts) / len(texts)


def figure(question: Question, answers: Sequence[Answer], smallest_group: int) -> str:
    """A question's answers as figures: '4.2 on average of 14', 'yes 9, no 5'; empty if there is nothing to show.

    What only instructors see has no figure below the smallest group.
    """
    given = [a for a in answers if a.values.get(question.id)]
    if not given or question.kind in TYPED or (question.audience != "cohort" and len(given) < smallest_group):
        return ""
    average = mean(question, given) if question.kind in ("number", "scale") else None
    if average is not None:
        return _("{average:.1f} on average ({number} answered)", average=average, number=len(given))
    return ", ".join(f"{option} {n}" for option, n in counts(question, given) if n)


def parse_pair(subject: str) -> tuple[int, int] | None:
    """Two numbers of an action's subject: 'part.round', 'round.page'."""
    first, _, second = subject.partition(".")
    one, two = read_number(first), read_number(second)
    return (one, two) if one is not None and two is not None else None


# For the course team


def told_privately(round: Round, answer: Answer) -> list[tuple[str, str]]:
    """(question, words) of what an answer tells the instructors only, except for a mere 'nothing'."""
    private = [q for q in round.questions if q.audience == "instructors" and q.kind in WORDS]
    said = [(q.text, answer.values.get(q.id, "")) for q in private]
    return [(question, words) for question, words in said if not says_nothing(words)]
